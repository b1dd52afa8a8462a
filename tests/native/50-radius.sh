#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# aditd as an LNS, over plain sockets, whose subscribers FreeRADIUS lets in, or not:
# PAP and CHAP, a right and a wrong password, an address and a time limit of its
# own. The first server of the group is dead: that costs one timeout, not one each. Then the
# other dies too, and comes back: after its dead time, and, as configured then, when it has
# answered a probe. Two share the work by weight.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"
# shellcheck source=tests/radius.sh
. tests/radius.sh

SECRET=radius-secret

# FreeRADIUS on 127.0.0.1:1812; $RADIUS is its pid.
start_radius() {
	start radius freeradius -f -l stdout -d "$WORK" -n radiusd
	RADIUS=$PID
	for _ in $(seq 200); do
		grep -q 'Ready to process' "$WORK/radius.json" && return
		sleep 0.1
	done
	cat "$WORK/radius.json"
	fail "FreeRADIUS does not start"
}

# Its reply items begin with a blank.
printf '%s\n' 'user Cleartext-Password := "password"' \
	' Service-Type = Framed-User, Framed-Protocol = PPP' \
	'fixed Cleartext-Password := "password"' \
	' Framed-IP-Address = 203.0.113.7, Session-Timeout = 3,' \
	' ERX-Pppoe-Url = "http://portal.isp.example"' >"$WORK/users"
radius_conf "$WORK" "$SECRET"
{
	lns_conf | sed '/^user /d; s/"warning"/"debug"/; s/pool = "home"/& radius-group = "aaa"/'
	cat <<-CONF
		radius-server "dead" {
			address = "127.0.0.9"  port = 9  secret = "$SECRET"
			timeout = 3  tries = 2
		}
		radius-server "free" {
			address = "127.0.0.1"  source = "127.0.0.1"
			secret = "$SECRET"  message-authenticator = require
			timeout = 3  tries = 2  dead-time = 1
		}
		radius-group "aaa" { servers = { "dead", "free" } }
	CONF
} >"$WORK/lns.conf"

# run NAME ARG...
run() {
	local name=$1

	shift
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.9 --limit 60 \
		--secret tunnel-secret --json "$@" >"$WORK/$name.json"
}

start_radius
start_aditd lns
run chap --tunnels 10 --sessions 20 || fail "$(cat "$WORK/chap.json")"
holds chap 'r["ppp"]["up"] == 200 and not r["failures"]'
daemon_says
holds show 'r[0]["daemon"]["radius_servers_dead"] == 1'
holds show 'r[0]["daemon"]["radius_timeouts"] == 1'
holds show 'r[0]["daemon"]["radius_rx_accepts"] == 200'
echo "ok: chap, the first server dead"

run pap --tunnels 10 --sessions 20 --auth pap || fail "$(cat "$WORK/pap.json")"
# Less than a timeout, of which the dead one would take two.
holds pap 'r["ppp"]["up"] == 200 and r["ppp"]["latency_us"]["max"] < 2700000'
daemon_says
holds show 'r[0]["daemon"]["radius_timeouts"] == 1'
echo "ok: pap, without another timeout"

! run wrong --tunnels 1 --sessions 5 --password wrong || fail "a wrong password"
! run nobody --tunnels 1 --sessions 5 --user nobody || fail "an unknown user"
daemon_says
holds show 'r[0]["daemon"]["radius_rx_rejects"] == 10'
holds show 'r[0]["daemon"]["box_auth_failed"] == 10'
holds show 'r[0]["daemon"]["box_auth_unavailable"] == 0'
echo "ok: rejected"

# Its address, once; its time.
start_load fixed lac --peer 127.0.0.1 --local 127.0.1.1 --secret tunnel-secret \
	--user fixed --tunnels 1 --sessions 2 --hold 30 --limit 40
fixed=$PID
for _ in $(seq 100); do
	tool -j subscriber show >"$WORK/subscriber.json"
	grep -q 203.0.113.7 "$WORK/subscriber.json" && break
	sleep 0.1
done
holds subscriber 'len([s for s in r if s.get("address") == "203.0.113.7"]) == 1'
# Long before they hang up.
for _ in $(seq 150); do
	tool -j subscriber show >"$WORK/subscriber.json"
	grep -q user "$WORK/subscriber.json" || break
	sleep 0.1
done
holds subscriber 'not r'
stop "$fixed" || true
daemon_says
holds show 'r[0]["daemon"]["box_no_address"] == 1'
grep -q "radius: ERX-Pppoe-Url: passed over: there is no use" "$WORK/lns.log" ||
	fail "what is passed over is not named"
echo "ok: Framed-IP-Address, Session-Timeout, and a name of what has no effect"

stop "$RADIUS" || true
! run silent --tunnels 1 --sessions 5 || fail "without a server"
daemon_says
holds show 'r[0]["daemon"]["box_auth_unavailable"] == 5'
start_radius
sleep 1.1 # dead-time
run back --tunnels 1 --sessions 20 || fail "$(cat "$WORK/back.json")"
holds back 'r["ppp"]["up"] == 20'
daemon_says
for bad in malformed unexpected bad_authenticator bad_message_authenticator \
	no_message_authenticator bad_code bad_attribute; do
	holds show "r[0]['daemon']['radius_rx_$bad'] == 0"
done
echo "ok: all servers dead, and one is back"

tool -j radius show >"$WORK/radius.json"
holds radius '[(x["radius"], x["use"]) for x in r] == [("dead", "authentication"), ("free", "authentication")]'
holds radius 'r[0]["state"] == "dead" and r[0]["traffic"]["accepts"] == 0'
holds radius 'r[1]["state"] == "up" and r[1]["address"] == "127.0.0.1" and r[1]["port"] == 1812'
holds radius 'r[1]["traffic"]["rejects"] == 10 and r[1]["traffic"]["accepts"] >= 400'
holds radius 'r[1]["in_flight"] == r[1]["queue"] == 0 and not any(r[1]["bad"].values())'
tool -s radius show server free >"$WORK/text.json"
grep -q '^radius free authentication address 127.0.0.1 port 1812 up since' "$WORK/text.json" ||
	fail "$(cat "$WORK/text.json")"
rc=0
tool radius show server nobody >"$WORK/text.json" 2>&1 || rc=$?
[ "$rc $(cat "$WORK/text.json")" = '2 Error: no such RADIUS server.' ] ||
	fail "radius show server nobody: $rc $(cat "$WORK/text.json")"
echo "ok: radius show"

# Probed: no request finds out that it is dead or back.
stop "$ADITD" || true
sed -i 's/dead-time = 1$/dead-time = 1 status-server = yes probe-interval = 1/
	s/{ "dead", "free" }/{ "free" }/' "$WORK/lns.conf"
start_aditd lns
state() {
	for _ in $(seq 100); do
		tool -j radius show server free >"$WORK/radius.json"
		grep -q "\"state\":\"$1\"" "$WORK/radius.json" && return
		sleep 0.1
	done
	fail "not $1: $(cat "$WORK/radius.json")"
}
run probed --tunnels 1 --sessions 20 || fail "$(cat "$WORK/probed.json")"
stop "$RADIUS" || true
! run silent --tunnels 1 --sessions 5 || fail "without a server"
state probing
sent=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))[0]["traffic"]["sent"])' "$WORK/radius.json")
! run silent --tunnels 1 --sessions 5 || fail "without a server"
for _ in $(seq 100); do
	state probing
	grep -q '"probes":[01],' "$WORK/radius.json" || break
	sleep 0.1
done
holds radius "r[0]['traffic']['sent'] == $sent and r[0]['traffic']['probes'] >= 2"
start_radius
state up
holds radius "r[0]['traffic']['sent'] == $sent and r[0]['traffic']['probes_answered'] == 1"
run back --tunnels 1 --sessions 20 || fail "$(cat "$WORK/back.json")"
echo "ok: probed, and back"

stop "$ADITD" || true
sed -i 's/address = "127.0.0.9"  port = 9/address = "127.0.0.8" weight = 3/
	s/{ "free" }/{ "dead", "free" } load-balancing = weight/' "$WORK/lns.conf"
start_aditd lns
run weights --tunnels 10 --sessions 20 || fail "$(cat "$WORK/weights.json")"
tool -j radius show >"$WORK/radius.json"
holds radius '[x["traffic"]["accepts"] for x in r] == [150, 50]'
echo "ok: by weight"
