#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --time-travel
# limit: 600
#
# Timers at their real values, where sleeping costs no time: our LNS negotiates anew, and
# the LAC's subscriber, written apart from ours, does not do its part. It comes up late,
# or is cleared within the timers, and LAC and log hear why.
#
#	peer (lac_timers.py) 192.0.2.1 ---- 192.0.2.2 lns (aditd)

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

LAC=$(dirname "$(readlink -f "$0")")/lac_timers.py

lib_begin
load_module
ns_add peer lns
cable peer p0 lns core0
on peer ip addr add 192.0.2.1/24 dev p0
on lns ip addr add 192.0.2.2/24 dev core0
{
	conf_system lns
	/usr/bin/python3 "$LAC" conf 192.0.2.2 192.0.2.0/24
} >"$WORK/lns.conf"
start_aditd lns
on peer /usr/bin/python3 "$LAC" run 192.0.2.2

# reason N TEXT: so many ended with it.
reason() {
	[ "$(grep -c "ended ($2)" "$WORK/aditd-lns.log")" = "$1" ] ||
		fail "not $1 times \"$2\": $(grep ended "$WORK/aditd-lns.log")"
}

reason 4 'peer speaks no LCP'
reason 2 'LCP did not converge in time'
reason 1 'no agreement'
reason 1 'peer does not authenticate itself'
reason 1 'network protocol did not converge in time'
wait_for 10 "nothing to be left" no_sessions lns
echo "ok: the log says why, and nothing is left"
