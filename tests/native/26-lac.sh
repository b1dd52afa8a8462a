#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# aditd as an LNS, over plain sockets, against a LAC and its subscribers' PPP in
# Python and scapy, written from the RFCs apart from ours.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

{
	cat <<-CONF
		system {
			hostname = "lns1"
			log-level = "info"
			state-file = "$WORK/state"
			control-socket = "$WORK/ctl"
		}
	CONF
	/usr/bin/python3 tests/interop/lac_cases.py conf 127.0.0.1 127.0.1.0/24
} >"$WORK/lns.conf"
start_aditd lns
/usr/bin/python3 tests/interop/lac_cases.py run 127.0.0.1 127.0.1.1
tool -j subscriber show >"$WORK/subscriber.json"
holds subscriber 'not r'
grep -E -q 'wonderland|tunnel-secret' "$WORK/lns.log" && fail "a secret in the log"
grep -q $'\x1b' "$WORK/lns.log" && fail "a name is logged as it is"
echo "ok: nothing is left, no secret in the log"
