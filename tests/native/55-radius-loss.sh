#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 400
#
# RADIUS that misbehaves, and aditd as an LNS before it, with a server that shares no
# code with it: answers that are forged, cut, replayed, late, doubled or another's
# harm nobody; of thousands of subscribers while 40 per cent of all RADIUS packets
# are lost each way, each is let in or not, the Stop of each arrives, and nothing is
# left of any: no memory either.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

SUBSCRIBERS=${SUBSCRIBERS-2000}
RADIUS='radius-group = "aaa" accounting-group = "aaa"'

{
	lns_conf | sed "/^user /d; s|pool = \"home\"|& $RADIUS|
		s|log-level.*|& accounting-spool = \"$WORK/spool\"|"
	cat <<-CONF
		radius-server "one" {
			address = "127.0.0.2"
			secret = "radius-secret"
			message-authenticator = require
			timeout = 1  tries = 10  dead-time = 1
		}
		radius-group "aaa" { servers = { "one" } }
	CONF
} >"$WORK/lns.conf"
start_aditd lns

# server NAME ARG...: its pid is $SERVER.
server() {
	local name=$1

	shift
	start_load "$name" radius --local 127.0.0.2 --secret radius-secret \
		--password password "$@"
	SERVER=$PID
	sleep 0.2
}

# run NAME ARG...
run() {
	local name=$1

	shift
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.9 --limit 200 \
		--secret tunnel-secret --user "user%u" --json "$@" \
		>"$WORK/$name.json"
}

# none: nobody is left, soon.
none() {
	for _ in $(seq 300); do
		daemon_says
		grep -q '"subscribers":0,.*"sessions":0,' "$WORK/show.json" &&
			return
		sleep 0.2
	done
	fail "somebody is left: $(cut -c1-200 "$WORK/show.json")"
}

# grown EXPRESSION: of how much RADIUS's counters have, since was.json, as d.
grown() {
	daemon_says
	python3 -c '
import json, sys
was, now = [json.load(open(f))[0]["daemon"] for f in sys.argv[1:3]]
d = {k[7:]: now[k] - was[k] for k in now if k.startswith("radius_")}
sys.exit(0 if eval(sys.argv[3]) else f"not so: {sys.argv[3]}: {d}")
' "$WORK/was.json" "$WORK/show.json" "$1" || fail "$twist"
}

for twist in none forged truncated replayed foreign twice slow; do
	daemon_says
	cp "$WORK/show.json" "$WORK/was.json"
	server "server-$twist" --twist "$twist"
	run "$twist" --tunnels 2 --sessions 50 || fail "$twist: not all came up"
	none
	stop "$SERVER" || true
	holds "server-$twist" \
		'r["radius"]["accepts"] >= 100 and r["radius"]["bad_signature"] == r["radius"]["bad_password"] == 0'
	case $twist in
	forged) grown 'd["rx_bad_authenticator"] >= 100' ;;
	truncated) grown 'd["rx_malformed"] >= 100' ;;
	# The first answer has none before it; the last one may have been accounting's.
	replayed) grown 'd["rx_unexpected"] + d["rx_bad_authenticator"] + d["rx_bad_code"] >= 99' ;;
	twice) grown 'd["rx_unexpected"] >= 100' ;;
	# It came before the true one, which had been nobody's if it had been taken.
	foreign) grown 'd["rx_unexpected"] <= d["tx_retransmits"]' ;;
	# After it had been asked for again.
	slow) grown 'd["tx_retransmits"] >= 100' ;;
	esac
	echo "ok: $twist"
done

for twist in plain reject; do
	server "server-$twist" --twist "$twist"
	! run "$twist" --tunnels 1 --sessions 5 || fail "$twist: let in"
	none
	holds "$twist" 'r["ppp"]["up"] == 0 and r["ppp"]["failed"] == 5'
	stop "$SERVER" || true
	echo "ok: $twist"
done
holds show 'r[0]["daemon"]["radius_rx_no_message_authenticator"] >= 5'
sleep 1.1 # dead-time

# told: accounting has nothing to say any more.
told() {
	for _ in $(seq 600); do
		daemon_says
		grep -q '"accounting_waiting":0,' "$WORK/show.json" && return
		sleep 0.2
	done
	fail "accounting waits: $(cut -c1-600 "$WORK/show.json")"
}

kilobytes() {
	awk '/^RssAnon:/ { print $2 }' "/proc/$ADITD/status"
}

# What the daemon keeps for all times it has made with the first.
for name in first second; do
	server "server-$name" --loss 40
	[ "$name" = first ] || before=$(kilobytes)
	run "$name" --tunnels 20 --sessions $((SUBSCRIBERS / 20)) --calls-at-once 2000 ||
		true
	none
	told
	stop "$SERVER" || true
	holds "$name" "r['ppp']['up'] + r['ppp']['failed'] == r['ppp']['wanted'] == $SUBSCRIBERS"
	holds "$name" "r['ppp']['up'] > 0.9 * $SUBSCRIBERS"
	holds "$name" 'r["ppp"]["lost"] == 0 and r["tunnels"]["lost"] == 0'
	holds "server-$name" "r['packets']['made_lost'] > $SUBSCRIBERS"
	holds "server-$name" "r['radius']['open'] == 0 and r['radius']['ended'] > 0.9 * $SUBSCRIBERS"
	echo "ok: $name: $(kilobytes) kB"
done
holds show 'r[0]["daemon"]["radius_servers_dead"] <= 4'
# Less than 250 bytes of each: a question or an event is more.
after=$(kilobytes)
[ $((after - before)) -lt $((SUBSCRIBERS / 4)) ] ||
	fail "$SUBSCRIBERS subscribers left $((after - before)) kB"
