#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
#
# FreeRADIUS and PostgreSQL with the configuration of adit-scale-out(7), asked as a LAC
# and three LNSs ask it, whose messages radclient makes: a pool of two addresses.

set -eu

# Not by native.sh, which would have root alone: PostgreSQL is somebody else.
[ -n "${NATIVE_INSIDE-}" ] || NATIVE_INSIDE=1 exec unshare -n "$0"

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"
# shellcheck source=tests/postgres.sh
. tests/postgres.sh

SECRET="change me: operator"

until_true() {
	for _ in $(seq 200); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	fail "waited in vain: $*"
}

ip addr add 192.0.2.30/32 dev lo
ip addr add 192.0.2.11/32 dev lo
postgres_init
start postgres "${POSTGRES[@]}"
until_true postgres_ready
postgres_fill
sql "DELETE FROM radippool WHERE framedipaddress > '100.64.0.3'"
shared_radius "$WORK/radius"
start radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
until_true grep -q 'Ready to process' "$WORK/radius.json"
printf '%s' "$SECRET" >"$WORK/secret"

# message LNS HOME SESSION ATTRIBUTE...
message() {
	printf '%s\n' "NAS-IP-Address = 192.0.2.2$1" "User-Name = home$2@isp.example" \
		"Calling-Station-Id = 02:00:00:00:00:0$2" "Acct-Session-Id = $3" "${@:4}"
}

# dials LNS HOME SESSION: says the address, or none.
dials() {
	message "$@" "User-Password = \"change me: home$2\"" 'Message-Authenticator = 0x00' |
		radclient -x -S "$WORK/secret" 192.0.2.30 auth >"$WORK/answer"
	sed -n 's/.*Framed-IP-Address = //p' "$WORK/answer"
}

# tells LNS HOME SESSION TYPE ADDRESS
tells() {
	message "$1" "$2" "$3" "Acct-Status-Type = $4" "Framed-IP-Address = $5" |
		radclient -S "$WORK/secret" 192.0.2.30 acct >/dev/null ||
		fail "no answer to $*"
}

# has WHAT EXPECTED WHAT-IT-IS
has() {
	[ "$3" = "$2" ] || fail "$1: '$3', not '$2'"
	echo "ok: $1"
}

lent() {
	sql "SELECT count(*) FROM radippool WHERE expiry_time > now()"
}

has "the first address" 100.64.0.2 "$(dials 1 1 one)"
tells 1 1 one Start 100.64.0.2
has "another's is another" 100.64.0.3 "$(dials 2 2 two)"
tells 2 2 two Start 100.64.0.3
has "the pool is empty: let in, without an address" "" "$(dials 3 3 three)"
grep -q Access-Accept "$WORK/answer" || fail "$(cat "$WORK/answer")"

has "again from elsewhere: the same address" 100.64.0.2 "$(dials 3 1 four)"
tells 3 1 four Start 100.64.0.2
tells 1 1 one Stop 100.64.0.2
has "a Stop that is late takes it from nobody" 2 "$(lent)"
has "again at the same LNS" 100.64.0.2 "$(dials 3 1 five)"
tells 3 1 four Stop 100.64.0.2
has "nor does one of that LNS" 2 "$(lent)"
tells 3 1 five Start 100.64.0.2

open_of() {
	sql "SELECT count(*) FROM radacct WHERE acctstoptime IS NULL AND username = 'home$1@isp.example'"
}

RADIUS_SECRET=$SECRET "$SCALE/dead-lns" 192.0.2.21 >/dev/null
has "an LNS is dead that has nobody" "2 1 1" "$(lent) $(open_of 1) $(open_of 2)"
"$SCALE/dead-lns" 192.0.2.22 >/dev/null
has "an LNS is dead: its sessions are closed, its addresses free" "1 1 0" \
	"$(lent) $(open_of 1) $(open_of 2)"
has "another takes one" 100.64.0.3 "$(dials 3 3 six)"
tells 3 3 six Start 100.64.0.3
tells 3 3 six Stop 100.64.0.3
tells 3 1 five Stop 100.64.0.2
has "all have hung up" "0 0" "$(lent) $(sql 'SELECT count(*) FROM radacct WHERE acctstoptime IS NULL')"

printf '%s' 'change me: lac' >"$WORK/lac-secret"

# steered: the LNSs of a domain, as a LAC hears them.
steered() {
	printf '%s\n' 'User-Name = isp.example' 'Message-Authenticator = 0x00' \
		'User-Password = "change me: domain"' \
		'Packet-Src-IP-Address = 192.0.2.11' |
		radclient -x -S "$WORK/lac-secret" 192.0.2.30 auth |
		sed -n 's/.*Tunnel-Server-Endpoint:[0-9] = "\(.*\)"/\1/p' | xargs
}

has "a LAC hears three LNSs" "192.0.2.21 192.0.2.22 192.0.2.23" "$(steered)"
# FreeRADIUS passes over a HUP that comes within two seconds of its start.
sleep 3
sed -i '/^\t\tTunnel-.*:2 /d' "$WORK/radius/steering"
kill -HUP "$(tail -n 1 "$WORK/pids")"
two_are_left() {
	[ "$(steered)" = "192.0.2.21 192.0.2.23" ]
}
until_true two_are_left
echo "ok: one of them is taken out"
