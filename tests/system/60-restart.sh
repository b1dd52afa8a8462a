#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# kill -9 and start again: of both daemons under traffic, of each in turn, and at
# random moments of a set-up. Nobody who was up is lost; what was not up is gone
# without a trace and can be had anew.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

lib_begin
load_module
chain_build
chain_configure
start_aditd lns
start_aditd lac

kill_and_start() {
	local name

	for name; do
		kill -9 "$(pid_of "aditd-$name")"
	done
	for name; do
		start_aditd "$name"
	done
}

lcp_packets() {
	grep -c 'LCP' "$WORK/pppd-user@isp.example.log"
}

start_pppoe client c0 user@isp.example secret
wait_for 60 "an address" has_address client ppp0
start_pppoe client c0 bob builder nodefaultroute
wait_for 60 "bob's address" has_address client ppp1
sleep 1
address=$(address_of client ppp0)
bob=$(address_of client ppp1)
lcp=$(lcp_packets)
on client ip route add 203.0.113.1/32 dev ppp1

# No echo may be lost: the module forwards on its own.
start client ping-all ping -i 0.1 -c 150 -w 60 203.0.113.10
for boxes in "lac" "lns" "lac lns" "lns lac"; do
	# shellcheck disable=SC2086
	kill_and_start $boxes
	sleep 1
done
wait_for 60 "the end of ping" grep -q 'packets transmitted' \
	"$WORK/ping-all.log"
grep -q ' 0% packet loss' "$WORK/ping-all.log" || fail "packets were lost"
[ "$address" = "$(address_of client ppp0)" ] || fail "the address changed"
[ "$bob" = "$(address_of client ppp1)" ] || fail "bob's address changed"
[ "$lcp" = "$(lcp_packets)" ] || fail "LCP packets after a restart"
on client ping -c 2 -i 0.3 -w 20 -I ppp1 203.0.113.1 >/dev/null
for name in lac lns; do
	n=$(grep -c 'restart: kept 1 tunnels, 1 sessions' "$WORK/aditd-$name.log")
	[ "$n" -ge 3 ] || fail "$name did not find its tunnel again"
done
echo "ok: nothing was lost"

# Control goes on: HELLOs are answered, a new call goes through the old tunnel.
sleep 8
tool lac -j tunnel show | grep -q '"tunnel_id"' || fail "the tunnel died"
start_pppoe client c0 user@isp.example secret nodefaultroute
wait_for 60 "a second session in the old tunnel" has_address client ppp2
[ "$(tool lac -j tunnel show | grep -o '"tunnel_id"' | wc -l)" = 1 ] ||
	fail "a second tunnel was made"
echo "ok: the control connection goes on"

kill "$(pid_of pppd-bob)"
on client pkill -f "user@isp.example" || true
wait_for 30 "the LAC to be empty" no_sessions lac
wait_for 30 "the LNS to be empty" no_sessions lns

# Random moments of a set-up.
for i in 1 2 3 4 5 6; do
	start_pppoe client c0 user@isp.example secret
	sleep "0.$((i * 15 % 100))"
	kill_and_start lac lns
	kill "$(pid_of pppd-user@isp.example)" 2>/dev/null || true
	wait_for 40 "the client's end" ended_pid \
		"$(pid_of pppd-user@isp.example)"
	wait_for 60 "the LAC to be empty" no_sessions lac
	wait_for 60 "the LNS to be empty" no_sessions lns
done
start_pppoe client c0 user@isp.example secret
wait_for 60 "an address after all that" has_address client ppp0
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
echo "ok: killed during set-up, still in service"
