#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# A RADIUS server that is configured by name, with a DNS server that is not there, knows
# the name, says another address, says nothing, does not know the name any more; nobody
# waits for it. Then one that is reached by a device which comes, goes and comes.

set -eu

# /etc/resolv.conf is to be the test's: a mount namespace as well.
if [ -z "${NATIVE_INSIDE-}" ]; then
	export NATIVE_INSIDE=1
	exec unshare -rnm "$0" "$@"
fi
# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

echo "nameserver 127.0.0.53" >"$WORK/resolv.conf"
mount --bind "$WORK/resolv.conf" /etc/resolv.conf

# conf ADDRESS OPTIONS: lns.conf with that server.
conf() {
	lns_conf | sed '/^user /d; s/pool = "home"/& radius-group = "aaa"/'
	cat <<-CONF
		radius-server "one" {
			address = "$1"  secret = "radius-secret"
			timeout = 3  tries = 2  dead-time = 1  $2
		}
		radius-group "aaa" { servers = { "one" } }
	CONF
}

# server NAME ADDRESS [COMMAND...]
server() {
	local name=$1 address=$2

	shift 2
	start "$name" "$@" build/l2tpload radius --local "$address" \
		--secret radius-secret --password password --json
	sleep 0.2
}

# run NAME ARG...
run() {
	local name=$1

	shift
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.9 --limit 60 \
		--secret tunnel-secret --tunnels 1 --sessions 10 --json "$@" \
		>"$WORK/$name.json"
}

radius() {
	tool -j radius show server one >"$WORK/radius.json"
}

# until SECONDS EXPRESSION: it holds of the server.
until_so() {
	for _ in $(seq $(($1 * 5))); do
		radius
		python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))[0]
sys.exit(not eval(sys.argv[2]))' "$WORK/radius.json" "$2" && return
		sleep 0.2
	done
	fail "not so: $2: $(cat "$WORK/radius.json")"
}

# zone LINE...: what DNS says from now on.
zone() {
	printf '%s\n' "$@" >"$WORK/zone.new"
	mv "$WORK/zone.new" "$WORK/zone"
}

conf radius.isp.example "" >"$WORK/lns.conf"
start_aditd lns
until_so 5 'r["state"] == "unresolved" and "DNS" in r["reason"]'
! run nobody || fail "somebody was let in"
holds nobody 'r["ppp"]["up"] == 0'
daemon_says
holds show 'r[0]["daemon"]["box_auth_unavailable"] >= 1'
holds show 'r[0]["daemon"]["radius_tx_requests"] == 0'
grep -q 'radius-server one: no address for radius.isp.example: .*; it is not asked' \
	"$WORK/lns.log" || fail "it is not logged"
echo "ok: no DNS, no address"

zone "radius.isp.example 127.0.0.2 1"
start dns python3 tests/dns.py 127.0.0.53 "$WORK/zone"
dns=$PID
server first 127.0.0.2
until_so 12 'r["state"] == "up" and r["address"] == "127.0.0.2"'
radius
holds radius '"reason" not in r[0] and r[0]["host"] == "radius.isp.example"'
run found || fail "$(cat "$WORK/found.json")"
radius
holds radius 'r[0]["traffic"]["accepts"] == 10 and r[0]["response_time"] < 500'
echo "ok: found"

server third 127.0.0.3
server fourth 127.0.0.4
zone "radius.isp.example 127.0.0.3 1" "radius.isp.example 127.0.0.4 1"
until_so 12 'r["address"] in ("127.0.0.3", "127.0.0.4")'
run moved || fail "$(cat "$WORK/moved.json")"
echo "ok: another address"

# The loop does not wait: calls come up while DNS is asked in vain, in less than a timeout
# of RADIUS, let alone of DNS.
zone silent
for _ in 1 2 3 4 5 6; do
	run silent || fail "$(cat "$WORK/silent.json")"
	holds silent 'r["ppp"]["up"] == 10 and r["ppp"]["latency_us"]["max"] < 2700000'
	sleep 1
done
until_so 15 '"imeout" in r.get("reason", "")'
radius
holds radius 'r[0]["state"] == "up" and r[0]["address"] in ("127.0.0.3", "127.0.0.4")'
echo "ok: DNS says nothing"

zone "other.example 127.0.0.9 1"
until_so 15 '"not found" in r.get("reason", "")'
run unknown || fail "$(cat "$WORK/unknown.json")"
stop "$dns" || true
until_so 15 '"contact" in r.get("reason", "")'
run gone || fail "$(cat "$WORK/gone.json")"
[ "$(grep -c 'it stays 127.0.0' "$WORK/lns.log")" -ge 3 ] || fail "it is not logged"
echo "ok: no such name, no DNS: it stays where it was"
stop "$ADITD" || true

# On another machine, by a device.
start far unshare -n sleep 1000
far=$PID
sleep 0.2
cable() {
	ip link add red0 type veth peer name far0 netns "$far"
	ip address add 192.0.2.1/24 dev red0
	ip link set red0 up
	nsenter -t "$far" -n sh -c \
		'ip address add 192.0.2.2/24 dev far0 && ip link set far0 up'
}
conf 192.0.2.2 'vrf = "red0"  source = "192.0.2.1"' >"$WORK/lns.conf"
rm -f "$WORK/ctl" "$WORK/state"
start_aditd lns
! run nodevice || fail "somebody was let in"
radius
holds radius 'r[0]["traffic"]["send_failed"] >= 2 and r[0]["vrf"] == "red0"'
[ "$(grep -c 'no socket for 192.0.2.2:1812 in VRF red0: No such device' "$WORK/lns.log")" = 1 ] ||
	fail "it is not logged once"
cable
server far 192.0.2.2 nsenter -t "$far" -n
sleep 1.1 # dead-time
run device || fail "$(cat "$WORK/device.json")"
ip link del red0
! run nodevice || fail "somebody was let in"
cable
sleep 1.1
run device || fail "$(cat "$WORK/device.json")"
echo "ok: a device that comes, goes, and comes"
