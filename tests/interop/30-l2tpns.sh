#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# Our LAC tunnels a PPPoE client (pppd) to Debian's l2tpns as LNS, which asks
# FreeRADIUS. It reads our proxy AVPs, and says so; whatever these are it begins LCP and
# CHAP anew, so that nothing is shown of what an LNS does with them.
#
#	client c0 ---- acc0 lac 192.0.2.1 ---- 192.0.2.2 peer (l2tpns, freeradius)

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/interop/peers.sh
. "$(dirname "$(readlink -f "$0")")/peers.sh"

lib_begin
load_module
ns_add client lac peer
cable client c0 lac acc0
cable lac core0 peer p0
on lac ip addr add 192.0.2.1/24 dev core0
on peer ip addr add 192.0.2.2/24 dev p0
lac_to_peer lac 192.0.2.1 192.0.2.2 tunnel-secret
start_aditd lac

radius_server peer DEFAULT wonderland
l2tpns_lns peer 192.0.2.2 tunnel-secret
start_pppoe client c0 alice@isp.example wonderland
wait_for 60 "an address from l2tpns" has_address client ppp0
on client ping -c 3 -i 0.3 -w 20 192.0.2.2
echo "ok: call up, ping through"

# proxied NAME...: what l2tpns has read of it; or how that begins.
proxied() {
	for what in 'Type 2 (' "Name ($1" Challenge 'ID (' Response; do
		grep -qF "Proxy Auth $what" "$WORK/l2tpns.log" ||
			fail "no proxy authentication: $what"
	done
}
proxied 'alice@isp.example)'
echo "ok: proxy authentication is read"

# l2tpns answers LCP's Terminate-Request and leaves the call up; what ends it is
# the client's PADT.
kill "$(pid_of pppd-alice@isp.example)"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-alice@isp.example)"
send_padt client c0 alice@isp.example
wait_for 30 "the end of the call" no_sessions lac
echo "ok: hang-up by the client"

capture_l2tp lac core0 "$WORK/hidden.pcap"
start_pppoe client c0 alice@hidden.example wonderland
wait_for 60 "an address with hidden AVPs" has_address client ppp0
on client ping -c 3 -i 0.3 -w 20 192.0.2.2
kill_capture
# ICRQ, ICCN; l2tpns never hides.
[ "$(count_hidden "$WORK/hidden.pcap" 192.0.2.1)" -ge 2 ] || fail "we hid too little"
all_read lac
# Of what is hidden it reads the first 16 bytes alone, the length among them.
proxied alice@hidden.e
kill "$(pid_of pppd-alice@hidden.example)"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-alice@hidden.example)"
send_padt client c0 alice@hidden.example
wait_for 30 "the end of the call" no_sessions lac
echo "ok: hidden AVPs"

start_pppoe client c0 alice@isp.example wonderland
wait_for 60 "a second call" has_address client ppp0
kill "$(pid_of l2tpns-peer)"
wait_for 60 "the end of the call" no_sessions lac
echo "ok: hang-up by the LNS"
