#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What aditd says when all goes well, when it refuses, and when it is told
# nonsense: tshark takes each of its messages apart without a complaint.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

lns_conf | sed 's/ppp-profile = "home"$/&\n\t\t\t\thello = 1\n\t\t\t\thide-avps = true\n\t\t\t\tdisconnect-cause = true/' \
	>"$WORK/lns.conf"
start_aditd lns
start dumpcap dumpcap -q -P -i lo -f "udp port 1701" -w "$WORK/cap"
capture=$PID
for _ in $(seq 50); do
	[ -s "$WORK/cap" ] && break
	sleep 0.1
done

run() {
	load lac --peer 127.0.0.1 --local 127.0.1.1-127.0.1.4 \
		--secret tunnel-secret --tunnels 4 --sessions 3 --json "$@" \
		>"$WORK/run.json" || true
}

run --hide --hold 2.5
run --no-proxy --auth pap
run --password wrong
run --no-proxy --password wrong
run --name stranger --limit 1
run --secret another
for twist in no-scccn teardown mutate vendor-avps sli never-acks; do
	run --twist "$twist" --limit 2
done
sleep 0.5
kill "$capture"
wait "$capture" || true

ours='ip.src == 127.0.0.1 && udp.srcport == 1701'
types() {
	tshark -r "$WORK/cap" -Y "$ours && l2tp.type == 1" -T fields \
		-e l2tp.avp.message_type 2>/dev/null | sort | uniq -c
}
types
# SCCRP, StopCCN, HELLO, ICRP, CDN
for type in 2 4 6 11 14; do
	types | grep -qw "$type" || fail "no message of type $type"
done
# complaints FILTER: how many messages tshark calls malformed, or warns of.
complaints() {
	tshark -r "$WORK/cap" \
		-Y "$1 && (_ws.malformed || _ws.expert.severity >= 0x600000)" \
		2>"$WORK/tshark.log" >"$WORK/complaints.log" ||
		fail "tshark failed"
	wc -l <"$WORK/complaints.log"
}

# The mutated ones are there to show that it would.
[ "$(complaints "!($ours)")" -gt 0 ] || fail "tshark never complains"
[ "$(complaints "$ours")" = 0 ] || fail "tshark complains"
echo "ok"
