#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# 60,000 subscribers in 8,000 tunnels of an LNS over plain sockets: all come up,
# stay and are answered, the next of either is refused with its reason, and when
# their LACs have gone nothing is left. What it took is printed.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

lns_conf >"$WORK/lns.conf"
start_aditd lns

# lac NAME ADDRESSES TUNNELS SESSIONS ARG...
lac() {
	local name=$1

	start_load "$name" lac --peer 127.0.0.1 --local "$2" \
		--secret tunnel-secret --tunnels "$3" --sessions "$4" \
		--limit 500 --hold 500 "${@:5}"
	eval "$name=\$PID"
}

# up N: until the daemon has so many.
up() {
	for _ in $(seq 400); do
		daemon_says
		grep -q "\"subscribers\":$1," "$WORK/show.json" && return
		sleep 0.5
	done
	fail "not $1 subscribers: $(cut -c1-100 "$WORK/show.json")"
}

# 4,000 times 8 and 4,000 times 7, after each other: their users are as many.
lac one 127.0.1.1-127.0.1.50 4000 8
up 32000
lac two 127.0.1.101-127.0.1.150 4000 7 --hello 30
up 60000
holds show 'r[0]["daemon"]["tunnels"] == 8000'
echo "memory: $(awk '/^VmRSS:/ { print $2 }' "/proc/$ADITD/status") kB"
echo "processor: $(awk '{ print $14 + $15 }' "/proc/$ADITD/stat") ticks"

load lac --peer 127.0.0.1 --local 127.0.1.200 --secret tunnel-secret \
	--json >"$WORK/more.json" && fail "one tunnel more"
holds more 'r["failures"][0]["reason"].startswith("tunnel: StopCCN 2/4")'
sleep 5
# shellcheck disable=SC2154 # of lac
for pid in "$one" "$two"; do
	stop "$pid" || fail "not all stayed"
done
holds one 'r["ppp"]["up"] == r["ppp"]["ended"] == 32000'
holds two 'r["ppp"]["up"] == r["ppp"]["ended"] == 28000'
for name in one two; do
	python3 -c 'import json, sys
for k, v in json.load(open(sys.argv[1])).items():
    if k in ("tunnels", "calls", "ppp", "hello"):
        print(k, v)' "$WORK/$name.json"
done
up 0
