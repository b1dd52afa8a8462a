#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 900
#
# Two LNSs, of which the better one is dead: pppd comes up in one attempt, whoever
# dials after it does not wait, kill -9 or not. Then it comes back, the tool finds that
# out, and calls go there; it dies, and they go to the other again.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

USER=user@isp.example
DEAD=198.51.100.6

lib_begin
load_module
chain_build
ns_add lns2
cable router r2 lns2 core0
on router ip addr add 198.51.100.5/30 dev r2
chain_configure
sed -i '/^ *domain "isp.example"/d' "$WORK/lac.conf"
cat >>"$WORK/lac.conf" <<-CONF
	tunnel "better" {
		endpoint = "core"  remote = "$DEAD"  local-name = "lac1"
		secret = "tunnel-secret"  hello = 2  retries = 2  idle-timeout = 1
	}
	tunnel-group "both" { tunnels = { "isp", "better" } }
	domain "isp.example" { tunnel-group = "both" }
CONF
sed -i 's/tunnel "isp" {/& preference = 1/' "$WORK/lac.conf"
sed "s/198.51.100.2/$DEAD/; s|$WORK/lns|$WORK/lns2|; s/lns1/lns2/" \
	"$WORK/lns.conf" >"$WORK/lns2.conf"
start_aditd lns
start_aditd lac

# through PEER: all subscribers of the LAC.
through() {
	tool lac -j subscriber show | python3 -c '
import json, sys
x = json.load(sys.stdin)
sys.exit(not x or any(s["definition"] != sys.argv[1] for s in x))' "$1"
}

locked() {
	tool lac -j destination show "$DEAD" | grep -q '"lockout":"locked"'
}

counted() {
	tool lac -j system show | grep -q "\"box_$1\": *$2\b"
}

# dial N: pppd as it is, one attempt; $SECONDS of it in $took.
dial() {
	local began=$SECONDS

	start_pppoe client c0 "$USER" secret unit "$1"
	wait_for 60 "an address" has_address client "ppp$1"
	took=$((SECONDS - began))
}

hang_up() {
	kill "$(pid_of "pppd-$USER")"
	wait_for 30 "the LAC to be empty" no_sessions lac
}

dial 0
through isp || fail "not through the LNS that lives"
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
locked || fail "the dead LNS is not locked out: $(tool lac destination show)"
counted tunnel_next 1 || fail "$(tool lac system show)"
echo "ok: up in one attempt, after $took seconds"

hang_up
kill -9 "$(pid_of aditd-lac)"
start_aditd lac
locked || fail "kill -9 forgets the lockout"
dial 1
through isp || fail "not through the LNS that lives"
counted tunnel_next 0 || fail "it was tried again: $(tool lac system show)"
echo "ok: remembered over kill -9, $took seconds"

# It comes back.
if tool lac destination unlock 198.51.100.2 2>"$WORK/err"; then
	fail "one that is not locked out is unlocked"
fi
grep -q 'not locked out' "$WORK/err" || fail "$(cat "$WORK/err")"
on lns2 ip addr add "$DEAD/30" dev core0
on lns2 ip route add default via 198.51.100.5
start_aditd lns2
tool lac destination test-lockout "$DEAD"
not_locked() { ! locked; }
wait_for 30 "the test" not_locked
hang_up
dial 2
through better || fail "not through the better LNS: $(tool lac subscriber show)"
echo "ok: tested, and in use again"

# It dies with a tunnel that is established: no one waits for it.
on router ip link set r2 down
wait_for 60 "the lockout" locked
wait_for 60 "the end of pppd" ended_pid "$(pid_of "pppd-$USER")"
dial 3
through isp || fail "not through the LNS that lives"
tool lac destination unlock "$DEAD"
not_locked || fail "it is still locked out"
echo "ok: an established tunnel that falls silent"
