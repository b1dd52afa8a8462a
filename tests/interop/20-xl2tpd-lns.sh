#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Our LAC tunnels a PPPoE client (pppd) to Debian's xl2tpd with pppd as LNS,
# which takes no proxy LCP and negotiates anew with the client.
#
#	client c0 ---- acc0 lac 192.0.2.1 ---- 192.0.2.2 peer (xl2tpd, pppd)

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

xl2tpd_lns peer tunnel-secret alice@isp.example wonderland
start_pppoe client c0 alice@isp.example wonderland
wait_for 40 "an address from xl2tpd" has_address client ppp0
on client ping -c 3 -i 0.3 -w 20 100.64.0.1
tool lac -j session show | grep -q 'alice@isp.example' || fail "no session"
echo "ok: call up, ping through"

kill "$(pid_of pppd-alice@isp.example)"
wait_for 30 "the end of the call" no_sessions lac
echo "ok: hang-up by the client"

start_pppoe client c0 alice@isp.example wonderland
wait_for 40 "a second call" has_address client ppp0
on peer pkill -TERM -f "$WORK/xl2tpd-peer/options"
wait_for 30 "the end of the call" no_sessions lac
wait_for 30 "the client's end" no_device client ppp0
echo "ok: hang-up by the LNS"

xl2tpd_stop peer
xl2tpd_lns peer tunnel-secret alice@hidden.example wonderland yes
capture_l2tp lac core0 "$WORK/hidden.pcap"
start_pppoe client c0 alice@hidden.example wonderland
wait_for 40 "an address with hidden AVPs" has_address client ppp0
on client ping -c 3 -i 0.3 -w 20 100.64.0.1
kill_capture
echo "xl2tpd hid in $(count_hidden "$WORK/hidden.pcap" 192.0.2.2) messages"
# ICRQ, ICCN
[ "$(count_hidden "$WORK/hidden.pcap" 192.0.2.1)" -ge 2 ] || fail "we hid too little"
all_read lac
echo "ok: hidden AVPs"
