#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# The load generator against itself: all comes up over a bad network, what must
# fail fails for the right reason, and it says so.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

# pair NAME STATUS LAC-OPTIONS...: both ends; LNS holds what the LNS gets more.
pair() {
	local name=$1 want=$2 status=0 lns

	shift 2
	# shellcheck disable=SC2086
	start_load "$name-lns" lns --local 127.0.0.2 --secret s $LNS
	lns=$PID
	sleep 0.2
	load lac --peer 127.0.0.2 --local 127.0.1.1-127.0.1.4 --secret s \
		--json "$@" >"$WORK/$name.json" || status=$?
	[ "$status" = "$want" ] || fail "$name: status $status"
	stop "$lns" || true
	echo "ok: $name"
}

LNS="--password password --auth pap"
pair good 0 --tunnels 20 --sessions 10 --hide --auth pap --hello 1 --hold 1.5
holds good 'r["ppp"]["up"] == r["ppp"]["ended"] == 200 and not r["failures"]'
holds good 'r["hello"]["latency_us"]["count"] >= 20'
holds good 'r["packets"]["made_lost"] == 0'
holds good-lns 'r["tunnels"]["ended"] == 20 and r["calls"]["lost"] == 0'

LNS="--loss 5 --duplicate 5 --reorder 10"
pair lossy 0 --tunnels 20 --sessions 5 --loss 5 --limit 120 --hold 2
holds lossy 'r["ppp"]["up"] == 100 and r["packets"]["made_lost"] > 20'
holds lossy 'r["packets"]["retransmitted"] > 10'
holds lossy 'r["ppp"]["lost"] == r["tunnels"]["lost"] == 0'

LNS=--no-ppp
pair rate 0 --tunnels 10 --sessions 10 --call-rate 50 --no-ppp
holds rate '45 <= r["calls"]["rate"] <= 60 and r["ppp"]["wanted"] == 0'

LNS=
pair secret 1 --tunnels 1 --secret other
holds secret '[f["reason"] for f in r["failures"]] == ["tunnel: wrong challenge response"]'

pair twisted 0 --tunnels 2 --sessions 0 --twist wrong-secret
holds twisted 'r["failures"] == [{"reason": "twisted tunnel lost: StopCCN 4/0 wrong challenge response", "count": 2}]'

LNS="--password right"
pair password 1 --tunnels 1 --password wrong
holds password 'r["failures"][0]["reason"].startswith("subscriber: ")'
holds password 'r["calls"]["up"] == 1 and r["ppp"]["failed"] == 1'

LNS="--sessions 3"
pair limit 1 --tunnels 1 --sessions 4
holds limit 'r["failures"] == [{"reason": "call: CDN 4/0 limit reached", "count": 1}]'

LNS=
pair no-proxy 1 --tunnels 1 --no-proxy
holds no-proxy-lns 'r["failures"][0]["reason"] == "subscriber: no proxy LCP came"'

LNS="--twist no-sccrp"
pair silence 1 --tunnels 1 --limit 3
holds silence 'r["tunnels"]["up"] == 0 and r["packets"]["tx"] < 10'

# Each misbehaviour, from either side: it ends in time and does not crash.
for twist in $(load lac --help | sed '1,/^twists:/d' | awk '{ print $1 }'); do
	start_load t-lns lns --local 127.0.0.2 --secret s --twist "$twist" \
		--leave
	lns=$PID
	sleep 0.1
	status=0
	timeout 20 build/l2tpload lac --peer 127.0.0.2 --secret s --tunnels 5 \
		--sessions 4 --twist "$twist" --limit 2 --leave \
		>"$WORK/t.json" || status=$?
	[ "$status" -le 1 ] || fail "$twist: status $status"
	status=0
	stop "$lns" || status=$?
	[ "$status" -le 1 ] || fail "$twist: status $status of the LNS"
done
echo "ok: every twist"
