#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 400
#
# PPP with Debian's pppd: MS-CHAPv2, asked again while the session is up; IPv6CP
# beside IPCP, and a client that knows none; a session that has its time, and one
# that is idle.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin
load_module
ns_add client bng
cable client c0 bng acc0
cable client c1 bng acc1
cable client c2 bng acc2
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { prefix = "100.65.0.0/24" }
		ppp-profile "both" {
			auth = { "mschapv2" }
			network = { "ipv4", "ipv6" }
			reauth-interval = 3
			pool = "local"
			local-address = "100.65.0.1"
			nbns = { "203.0.113.12" }
		}
		ppp-profile "short" {
			auth = { "mschapv2", "chap", "pap" }
			session-timeout = 20
			pool = "local"
			local-address = "100.65.0.1"
		}
		ppp-profile "idle" {
			idle-timeout = 20
			echo-interval = 1
			pool = "local"
			local-address = "100.65.0.1"
		}
		access-port "acc2" { ppp-profile = "idle" }
		access-port "acc0" { ppp-profile = "both" }
		access-port "acc1" { ppp-profile = "short" }
		user "bob" { password = "builder" }
		user "carol@home.example" { password = "lewis" }
	CONF
} >"$WORK/bng.conf"
start_aditd bng

# seen TEXT: so often in pppd's log of bob.
seen() {
	grep -c -- "$1" "$WORK/pppd-bob.log" || true
}

# log_has TEXT NUMBER: so often at least.
log_has() {
	[ "$(seen "$1")" -ge "$2" ]
}

link_local() {
	on client ip -6 -o addr show dev ppp0 | grep -q 'inet6 fe80:'
}

start_pppoe client c0 bob builder +ipv6
wait_for 60 "bob's address" has_address client ppp0
wait_for 20 "bob's link-local address" link_local
log_has 'CHAP Success id=.* "S=[0-9A-F]\{40\}' 1 || fail "no proof"
log_has 'rcvd \[IPV6CP ConfAck' 1 || fail "its IPv6CP is not acknowledged"
on client ping -c 2 -i 0.3 -w 20 100.65.0.1 >/dev/null
echo "ok: MS-CHAPv2, IPv4 and IPv6"
ipcp=$(seen 'rcvd \[IPCP ConfReq') # more than one, if it had to be sent again
wait_for 20 "two more Challenges" log_has 'rcvd \[CHAP Success' 3
[ "$(seen 'rcvd \[IPCP ConfReq')" = "$ipcp" ] || fail "IPCP began anew"
has_address client ppp0 || fail "it is down"
kill "$(pid_of pppd-bob)"
wait_for 30 "the end of bob" no_sessions bng
echo "ok: asked again while it is up"

start_pppoe client c0 bob builder
wait_for 60 "bob's address" has_address client ppp0
kill "$(pid_of pppd-bob)"
wait_for 30 "the end of bob" no_sessions bng
grep -q 'rcvd \[LCP ProtRej' "$WORK/pppd-bob.log" && fail "we rejected"
grep -q 'sent \[LCP ProtRej.* 80 57' "$WORK/pppd-bob.log" ||
	fail "pppd knows IPv6CP"
echo "ok: a client without IPv6"

start_pppoe client c0 bob wrong
wait_for 30 "the refusal" log_has 'CHAP Failure id=.* "E=691 R=0' 1
wait_for 30 "the end of the session" no_sessions bng
echo "ok: a wrong password"

start_pppoe client c1 carol@home.example lewis refuse-mschap-v2 refuse-chap
wait_for 60 "carol's address" has_address client ppp0
grep -q 'PAP AuthAck' "$WORK/pppd-carol@home.example.log" || fail "no PAP"
wait_for 60 "the end of carol" no_sessions bng
grep -q 'rcvd \[LCP TimeRem .*seconds=20' \
	"$WORK/pppd-carol@home.example.log" || fail "it was not told"
grep -q 'ended (session timeout)' "$WORK/aditd-bng.log" || fail "no reason"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-carol@home.example)"
echo "ok: PAP at last, the session's time"

# Echoes are no data; pppd says them with "debug" given twice.
rm "$WORK/pppd-bob.log"
start_pppoe client c2 bob builder lcp-echo-interval 1 debug
wait_for 60 "bob's address" has_address client ppp0
on client ping -c 25 -i 1 -w 90 100.65.0.1 >/dev/null || fail "no ping"
has_address client ppp0 || fail "it ended while it was used"
wait_for 60 "the end of bob" no_sessions bng
grep -q 'ended (idle timeout)' "$WORK/aditd-bng.log" || fail "no reason"
log_has 'rcvd \[LCP EchoRep' 5 || fail "no answers to its echoes"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-bob)"
echo "ok: an idle one"

grep -q 'builder\|lewis\|wrong' "$WORK/aditd-bng.log" && fail "a password in the log"
echo "ok: no password in the log"
