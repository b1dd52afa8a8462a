#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# The access side by itself, with Debian's pppd: local termination with PAP and
# CHAP, name servers by IPCP, wrong passwords, a domain that nobody serves.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin
load_module
ns_add client bng
cable client c0 bng acc0
cable client c1 bng acc1
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { prefix = "100.65.0.0/24" }
		ppp-profile "chap" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.0.1"
			dns = { "203.0.113.10", "203.0.113.11" }
		}
		ppp-profile "pap" {
			auth = { "pap" }
			pool = "local"
			local-address = "100.65.0.1"
		}
		access-port "acc0" { ppp-profile = "chap" }
		access-port "acc1" { ppp-profile = "pap" }
		user "bob" { password = "builder" }
		user "carol@home.example" { password = "lewis" }
	CONF
} >"$WORK/bng.conf"
start_aditd bng

counted() {
	tool bng -j system show | grep -q "\"$1\": *$2\b"
}

start_pppoe client c0 bob builder usepeerdns
wait_for 60 "bob's address" has_address client ppp0
grep -q 'ms-dns1 203.0.113.10' "$WORK/pppd-bob.log" || fail "no name server"
grep -q 'ms-dns2 203.0.113.11' "$WORK/pppd-bob.log" || fail "no second one"
on client ping -c 2 -i 0.3 -w 20 100.65.0.1 >/dev/null || true
tool bng -j subscriber show | grep -q '"user": *"bob"' || fail "no bob"
kill "$(pid_of pppd-bob)"
wait_for 30 "the end of bob" no_sessions bng
echo "ok: CHAP, name servers"

start_pppoe client c1 carol@home.example lewis
wait_for 60 "carol's address" has_address client ppp0
grep -q 'PAP AuthAck' "$WORK/pppd-carol@home.example.log" || fail "no PAP"
kill "$(pid_of pppd-carol@home.example)"
wait_for 30 "the end of carol" no_sessions bng
echo "ok: PAP, a domain without tunnel"

start_pppoe client c0 bob wrong
wait_for 30 "the refusal" grep -q 'CHAP Failure' "$WORK/pppd-bob.log"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-bob)"
wait_for 30 "the end of the session" no_sessions bng
start_pppoe client c1 bob wrong
wait_for 30 "the refusal" grep -q 'PAP AuthNak' "$WORK/pppd-bob.log"
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-bob)"
start_pppoe client c1 nobody builder
wait_for 30 "the refusal" grep -q 'PAP AuthNak' "$WORK/pppd-nobody.log"
wait_for 30 "the end of the sessions" no_sessions bng
counted box_auth_failed 3 || fail "not 3 failures counted"
grep -q 'builder\|lewis\|wrong' "$WORK/aditd-bng.log" && fail "a password in the log"
echo "ok: wrong passwords and strangers are refused, and counted"
