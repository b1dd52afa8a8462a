#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# Debian's xl2tpd with pppd as LAC dials our LNS.
#
#	peer (xl2tpd, pppd) 192.0.2.1 ---- 192.0.2.2 lns (aditd) 203.0.113.1
#
# A call with CHAP, ping through it, hang-up from either end, hidden AVPs, a
# wrong secret, a wrong password, a stranger. Each end challenges the other.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/interop/peers.sh
. "$(dirname "$(readlink -f "$0")")/peers.sh"

lib_begin
load_module
ns_add peer lns stranger
cable peer p0 lns core0
on peer ip addr add 192.0.2.1/24 dev p0
on lns ip addr add 192.0.2.2/24 dev core0
on lns ip addr add 203.0.113.1/32 dev lo
{
	conf_system lns
	cat <<-'CONF'
		endpoint "core" { address = "192.0.2.2" }
		pool "home" { prefix = "100.64.0.0/24" }
		ppp-profile "home" {
			auth = { "chap", "pap" }
			pool = "home"
			local-address = "100.64.0.1"
			dns = { "203.0.113.1" }
		}
		destination-profile "xl2tpd" {
			address = "192.0.2.1"
			remote-host "peer" {
				secret = "tunnel-secret"
				local-name = "lns"
				ppp-profile = "home"
			}
			remote-host "hider" {
				secret = "tunnel-secret"
				hide-avps = true
				disconnect-cause = true
				ppp-profile = "home"
			}
		}
		user "alice" { password = "wonderland" }
	CONF
} >"$WORK/lns.conf"
start_aditd lns

xl2tpd_lac peer 192.0.2.2 tunnel-secret alice wonderland
xl2tpd_dial peer
wait_for 30 "an address over xl2tpd" has_address peer ppp0
on peer ip route add 203.0.113.1/32 dev ppp0
on peer ping -c 3 -i 0.3 -w 20 203.0.113.1
on peer ping -c 3 -i 0.3 -w 20 -s 1400 203.0.113.1
tool lns -j session show | grep -q '"alice"' || fail "no session of alice"
grep -q '100.64.0' <(address_of peer ppp0) || fail "not an address of the pool"
echo "ok: call up, ping through"

xl2tpd_hangup peer
wait_for 30 "the end of the call" no_sessions lns
wait_for 30 "the end of pppd" no_device peer ppp0
echo "ok: hang-up by the LAC"

xl2tpd_dial peer
wait_for 30 "a second call" has_address peer ppp0
id=$(tool lns -j session show | json_field session_id)
tid=$(tool lns -j session show | json_field tunnel_id)
tool lns session del "$tid/$id"
wait_for 30 "the peer's end of the call" no_device peer ppp0
no_sessions lns || fail "something is left of the call"
echo "ok: hang-up by the LNS"
xl2tpd_stop peer

capture_l2tp lns core0 "$WORK/hidden.pcap"
xl2tpd_lac peer 192.0.2.2 tunnel-secret alice wonderland "" yes hider yes
xl2tpd_dial peer
wait_for 30 "an address with hidden AVPs" has_address peer ppp0
on peer ip route add 203.0.113.1/32 dev ppp0
on peer ping -c 3 -i 0.3 -w 20 203.0.113.1
id=$(tool lns -j session show | json_field session_id)
tid=$(tool lns -j session show | json_field tunnel_id)
tool lns session del "$tid/$id"
wait_for 30 "the peer's end of the call" no_device peer ppp0
xl2tpd_stop peer
kill_capture
echo "xl2tpd hid in $(count_hidden "$WORK/hidden.pcap" 192.0.2.1) messages"
# ICRP, CDN
[ "$(count_hidden "$WORK/hidden.pcap" 192.0.2.2)" -ge 2 ] || fail "we hid too little"
all_read lns
echo "ok: hidden AVPs"

# xl2tpd would challenge and end it by itself; here our challenge is the one.
xl2tpd_lac peer 192.0.2.2 wrong-secret alice wonderland "" no
xl2tpd_dial peer
wait_for 30 "the refusal to be counted" counted lns l2tp_auth_errors
[ "$(tool lns -j session show)" = "[]" ] || fail "a session with a wrong secret"
echo "ok: wrong secret refused"
xl2tpd_stop peer

xl2tpd_lac peer 192.0.2.2 tunnel-secret alice wrong
xl2tpd_dial peer
wait_for 30 "the failed authentication" counted lns box_auth_failed
wait_for 30 "no session" no_sessions lns
echo "ok: wrong password refused"
xl2tpd_stop peer

on peer ip addr add 192.0.2.77/24 dev p0
xl2tpd_lac peer 192.0.2.2 tunnel-secret alice wonderland 192.0.2.77
xl2tpd_dial peer
wait_for 30 "the stranger to be counted" counted lns l2tp_refused_strangers
echo "ok: a stranger is refused"
