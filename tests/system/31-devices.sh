#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# Devices of access ports come and go: who needs one waits, the others are served, also
# after kill -9, and subscribers end with the true reason.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin
load_module
ns_add client bng
cable client c0 bng acc0
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { prefix = "100.65.0.0/24" }
		ppp-profile "home" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.0.1"
		}
		endpoint "old" { address = "192.0.2.1" }
		access-port "acc0" { ppp-profile = "home" }
		access-port "acc1" { ppp-profile = "home" }
		user "bob" { password = "builder" }
		user "eve" { password = "apple" }
	CONF
} >"$WORK/bng.conf"
on bng ip addr add 192.0.2.1/32 dev lo
on bng ip addr add 192.0.2.2/32 dev lo
sed 's/"acc0"/"acc2"/; /endpoint/d' "$WORK/bng.conf" >"$WORK/none.conf"
on bng timeout 20 aditd -c "$WORK/none.conf" >"$WORK/none.log" 2>&1 &&
	fail "it runs without a single port"
grep -q 'access-port acc[12]: no such device' "$WORK/none.log" || fail "no reason"
[ "$(wc -l <"$WORK/none.log")" = 1 ] || fail "more than a line"

logged() {
	grep -q "$1" "$WORK/aditd-bng.log"
}

came_twice() {
	[ "$(grep -c 'access-port acc1: the device is there' \
		"$WORK/aditd-bng.log")" = 2 ]
}

bob() {
	start_pppoe client c0 bob builder
	wait_for 60 "bob's address" has_address client ppp0
}

# One address is the only one, under whatever name pppd gives the device.
eve() {
	start_pppoe client c1 eve apple unit 7
	wait_for 60 "eve's address" has_address client ppp7
}

start_aditd bng
logged 'access-port acc1: no such device' || fail "no warning"
bob
cable client c1 bng acc1
wait_for 10 "acc1" logged 'access-port acc1: the device is there'
eve
echo "ok: a port that was missing at the start"

on bng ip link del acc1
wait_for 10 "eve's end" logged "user eve: up -> ended (the access port's device is gone)"
wait_for 10 "the port's end" logged 'access-port acc1: the device is gone'
kill -9 "$(pid_of aditd-bng)"
wait_for 10 "the end of the daemon" ended_pid "$(pid_of aditd-bng)"
start_aditd bng
logged 'kept 0 tunnels, 0 sessions, 1 subscribers; closed 0' ||
	fail "bob is lost"
tool bng -j subscriber show | grep -q '"user": *"bob"' || fail "no bob"
kill "$(pid_of pppd-eve)" 2>/dev/null || true
wait_for 30 "pppd's end" ended_pid "$(pid_of pppd-eve)"
cable client c1 bng acc1
wait_for 10 "acc1" came_twice
eve
echo "ok: a port whose device went away and was made anew, and kill -9 between them"

tool bng port del acc1
wait_for 10 "eve's end" logged "user eve: up -> ended (removed by the operator)"
wait_for 10 "the port's end" logged 'access-port acc1: removed by the operator'
echo "ok: a port that the operator removes"

# What it has opened itself, and no longer has in its configuration, is closed.
tool bng port add acc1
tool bng endpoint add local 192.0.2.2
kill -9 "$(pid_of aditd-bng)"
wait_for 10 "the end of the daemon" ended_pid "$(pid_of aditd-bng)"
sed -i '/"acc1"/d; /endpoint/d' "$WORK/bng.conf"
start_aditd bng
logged 'kept 0 tunnels, 0 sessions, 1 subscribers; closed 0' ||
	fail "bob is lost"
tool bng endpoint show >"$WORK/endpoints"
! grep -q '192\.0\.2\.1\b' "$WORK/endpoints" ||
	fail "the endpoint is open: $(cat "$WORK/endpoints")"
grep -q '192\.0\.2\.2\b' "$WORK/endpoints" ||
	fail "the operator's endpoint is gone: $(cat "$WORK/endpoints")"
tool bng port show >"$WORK/ports"
! grep -q acc1 "$WORK/ports" || fail "the port is open: $(cat "$WORK/ports")"
grep -q acc0 "$WORK/ports" || fail "the other port is gone: $(cat "$WORK/ports")"
echo "ok: an endpoint and a port that are no longer configured"
