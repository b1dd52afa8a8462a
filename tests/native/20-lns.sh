#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# aditd as an LNS, over plain sockets, against a peer written apart from it: 200
# tunnels with 10 subscribers each, well-behaved; then tunnels that are up, beside
# others that misbehave in every way that the generator knows. Those that are up
# stay and are answered, and the daemon's memory stays in bounds.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

MORE=40000 # kB that all misbehaviour may cost, with what it leaves up

memory() {
	awk '/^VmRSS:/ { print $2 }' "/proc/$ADITD/status"
}

lns_conf >"$WORK/lns.conf"
start_aditd lns

# run NAME ARG...
run() {
	local name=$1

	shift
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.9 \
		--secret tunnel-secret --limit 100 --json "$@" \
		>"$WORK/$name.json" || fail "$name: $(cat "$WORK/$name.json")"
	echo "ok: $name"
}

run chap --tunnels 200 --sessions 10 --hello 1 --hold 1.5
holds chap 'r["ppp"]["up"] == r["ppp"]["ended"] == 2000 and not r["failures"]'
run lcp --tunnels 20 --sessions 10 --no-proxy --auth pap
run hidden --tunnels 20 --sessions 10 --auth pap --hide
daemon_says
holds show 'r[0]["daemon"]["subscribers"] == 0'
holds show 'r[0]["daemon"]["box_subscribers_up"] == 2400'
# tunnels and sessions that have ended: their number alone.
[ "$(tool tunnel show ended count)" = 240 ] ||
	fail "tunnel show ended count: $(tool tunnel show ended count | head -n 3)"
tool -j session show ended count >"$WORK/ended.json"
holds ended 'r == [{"sessions": '"$(tool -br session show ended | wc -l)"'}] and r[0]["sessions"] > 1000'
echo "ok: how many have ended"
run lossy --tunnels 20 --sessions 5 --loss 4 --duplicate 4 --reorder 8 --hold 2

# Those that behave, for as long as the others do not.
start_load good lac --peer 127.0.0.1 --local 127.0.1.100-127.0.1.103 \
	--secret tunnel-secret --tunnels 20 --sessions 20 --hello 1 --hold 600 \
	--limit 700
good=$PID
for _ in $(seq 100); do
	sleep 0.1
	daemon_says
	grep -q '"subscribers":400' "$WORK/show.json" && break
done
holds show 'r[0]["daemon"]["subscribers"] == 400'
before=$(memory)
for twist in $(load lac --help | sed '1,/^twists:/d' | awk '{ print $1 }'); do
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.9 \
		--secret tunnel-secret --tunnels 100 --sessions 10 \
		--tunnels-at-once 50 --twist "$twist" --limit 4 --leave --json \
		>"$WORK/$twist.json" || true
	[ "$(memory)" -le $((before + MORE)) ] ||
		fail "$twist: from $before to $(memory) kB"
	echo "$twist: $(memory) kB"
done
# More than one address may begin and not finish.
load lac --peer 127.0.0.1 --local 127.0.1.1 --secret tunnel-secret --tunnels 300 \
	--tunnels-at-once 300 --twist flood --limit 2 --leave --json \
	>"$WORK/flood.json" || true
stop "$good" || fail "those that behave were hurt"
holds good 'r["tunnels"]["ended"] == 20 and r["ppp"]["ended"] == 400'
holds good 'r["hello"]["latency_us"]["count"] > 200'
holds good 'r["hello"]["latency_us"]["p99"] < 2000000'
holds wrong-name 'r["failures"][0]["reason"] == "twisted tunnel: StopCCN 4/0 not authorised"'
holds wrong-secret 'any(f["reason"].startswith("twisted tunnel lost: StopCCN 4/0 ") for f in r["failures"])'
holds flood 'r["packets"]["tx"] >= 300'
daemon_says
holds show 'r[0]["daemon"]["l2tp_refused_half_open"] >= 300 - 128'
echo "ok: from $before to $(memory) kB"
