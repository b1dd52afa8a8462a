#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --time-travel
# limit: 900
#
# Timers at their real values, where sleeping costs no time: a client that
# vanishes is found by LCP echoes, a peer that vanishes by HELLO and its
# retransmissions. Nothing ends before its time, nothing stays.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

lib_begin
load_module
chain_build
chain_configure
sed -i 's/hello = 2/hello = 60/' "$WORK/lac.conf" "$WORK/lns.conf"
start_aditd lns
start_aditd lac

now() {
	cut -d . -f 1 /proc/uptime
}

# ends_within FROM TO NAME...: the boxes are empty, and not before FROM seconds.
# Sleeping is free here, asking is not.
ends_within() {
	local from=$1 to=$2 start took name

	shift 2
	start=$(now)
	for name; do
		until no_sessions "$name"; do
			[ $(($(now) - start)) -lt "$to" ] ||
				fail "no end at $name after $to s"
			sleep 5
		done
	done
	took=$(($(now) - start))
	[ "$took" -ge "$from" ] || fail "after $took s already"
	echo "ended after $took s"
}

start_pppoe client c0 user@isp.example secret
wait_for 60 "an address" has_address client ppp0
sleep 300
has_address client ppp0 || fail "an idle subscriber did not stay"
on client ping -c 2 -w 20 203.0.113.10 >/dev/null
echo "ok: idle for 300 s, still there"

# The client is cut off: echo-interval 30 s, echo-failures 3.
on client ip link set c0 down
ends_within 60 160 lns lac
tool lac -j tunnel show | grep -q tunnel_id || fail "the tunnel went as well"
echo "ok: a client that vanished was found by LCP echoes"
kill "$(pid_of pppd-user@isp.example)" 2>/dev/null || true
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-user@isp.example)"

# The path is cut: HELLO after 60 s of silence, then 1 2 4 8 8 s and the end.
on client ip link set c0 up
start_pppoe client c0 user@isp.example secret
wait_for 60 "an address again" has_address client ppp0
on router ip link set r1 down
ends_within 25 120 lac lns
for name in lac lns; do
	[ "$(tool "$name" -j tunnel show)" = "[]" ] || fail "a tunnel is left"
done
wait_for 30 "the client's end" no_device client ppp0
echo "ok: a peer that vanished was found by HELLO"
