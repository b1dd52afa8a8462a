#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# Debian's pppd through LAC and LNS with MS-CHAPv2, for which L2TP has no proxy
# type: the LNS asks anew, LCP stays; IPv6CP beside IPCP. Then an LNS that takes no
# proxy LCP, and one whose MRU is smaller than what the LAC has promised.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

LOG_OF=pppd-user@isp.example

# configure LNS-OPTION...: of the LNS's profile, beside what both have.
configure() {
	chain_configure
	sed -i 's/auth = .*/auth = { "mschapv2" }/' "$WORK/lac.conf" \
		"$WORK/lns.conf"
	sed -i "s/auth = .*/&\n$*/" "$WORK/lns.conf"
}

# seen TEXT: so often in pppd's log.
seen() {
	grep -c -- "$1" "$WORK/$LOG_OF.log" || true
}

# distinct TEXT: how many that differ in more than their identifier, which one that is
# sent again may have changed: our timers fire where the guest is slow.
distinct() {
	grep -- "$1" "$WORK/$LOG_OF.log" | sed 's/ id=0x[0-9a-f]*//' | sort -u | wc -l
}

link_local() {
	on client ip -6 -o addr show dev ppp0 | grep -q 'inet6 fe80:'
}

dial() {
	rm -f "$WORK/$LOG_OF.log"
	start_pppoe client c0 user@isp.example secret +ipv6
	wait_for 60 "an address" has_address client ppp0
	wait_for 20 "a link-local address" link_local
	on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
}

# counted BOX OBJECT: what it has counted of its only one, from and to the client.
counted() {
	tool "$1" -j -s "$2" show | python3 -c '
import json, sys
s, = json.load(sys.stdin)
s = s["stats"]
assert s["rx_control"] and s["tx_control"], s
print(s["rx_packets"] + s["rx_drops"], s["tx_packets"], s["tx_bytes"])'
}

# LAC and LNS have counted the same, though each has PPP frames of its own.
agree() {
	[ "$(counted lac pppoe)" = "$(counted lns session)" ]
}

hang_up() {
	kill "$(pid_of "$LOG_OF")"
	wait_for 30 "the end of the call" no_sessions lns
	wait_for 30 "the end of the session" no_sessions lac
	wait_for 30 "pppd's end" ended_pid "$(pid_of "$LOG_OF")"
}

start_lns() {
	kill -9 "$(pid_of aditd-lns)"
	start_aditd lns
}

lib_begin
load_module
chain_build
configure 'network = { "ipv4", "ipv6" }'
start_aditd lns
start_aditd lac

dial
[ "$(distinct 'rcvd \[CHAP Challenge')" = 2 ] || fail "not two Challenges"
[ "$(distinct 'rcvd \[LCP ConfReq')" = 1 ] || fail "LCP was negotiated again"
[ "$(distinct 'rcvd \[CHAP Success')" = 1 ] || fail "not one Success"
lcp=$(seen 'rcvd \[LCP ConfReq')
ipv6cp=$(seen 'rcvd \[IPV6CP ConfReq')
start_lns
sleep 1
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
link_local || fail "IPv6 is down"
[ "$(seen 'rcvd \[LCP ConfReq')" = "$lcp" ] || fail "LCP after a restart"
[ "$(seen 'rcvd \[IPV6CP ConfReq')" = "$ipv6cp" ] || fail "IPv6CP after a restart"
wait_for 10 "one count of both: $(counted lac pppoe), $(counted lns session)" agree
hang_up
echo "ok: MS-CHAPv2 is asked anew, LCP stays, also over a restart"

configure 'network = { "ipv4", "ipv6" } proxy-lcp = ignore'
start_lns
dial
[ "$(distinct 'rcvd \[LCP ConfReq')" = 2 ] || fail "LCP was not negotiated again"
hang_up
echo "ok: proxy LCP is ignored"

configure 'network = { "ipv4", "ipv6" } mru = 1400'
start_lns
dial
[ "$(distinct 'rcvd \[LCP ConfReq.*<mru 1400>')" = 1 ] || fail "no LCP anew"
grep -q 'not taken: proxy LCP: MRU is too large' "$WORK/aditd-lns.log" ||
	fail "no reason"
hang_up
echo "ok: proxy LCP is not acceptable"

configure 'network = { "ipv4", "ipv6" } mru = 1400 proxy-lcp = require'
start_lns
start_pppoe client c0 user@isp.example secret +ipv6
wait_for 30 "pppd's end" ended_pid "$(pid_of "$LOG_OF")"
grep -q 'ended (no proxy LCP that is acceptable)' "$WORK/aditd-lns.log" ||
	fail "no reason"
wait_for 30 "the end of the session" no_sessions lac
echo "ok: proxy LCP is required"
