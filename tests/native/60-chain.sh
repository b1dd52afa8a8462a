#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 900
#
# PPPoE clients, aditd as a LAC, aditd as an LNS, over plain sockets: hundreds come
# up and go over a good network and over a bad one, by PAP and by CHAP, tunnelled and
# terminated; every misbehaviour that the generator knows leaves those beside it
# alone. Each time nothing is left of them, in either daemon.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

access_cable
chain_confs
# Who leaves without a word is missed after 20 s, not after two minutes.
sed -i '/^ppp-profile "/a\	echo-interval = 5' "$WORK/lns.conf" "$WORK/lac.conf"
start_aditd lns
start_aditd lac

# dial NAME N ARG...
dial() {
	local name=$1 n=$2

	shift 2
	load pppoe --device c0 --sessions "$n" --limit 100 --json "$@" \
		>"$WORK/$name.json"
}

# none: nobody is left, soon.
none() {
	local until=$((SECONDS + 60))

	while [ "$SECONDS" -lt "$until" ]; do
		says lac
		says lns
		grep -q '"subscribers":0,.*"sessions":0,' "$WORK/lac-show.json" &&
			grep -q '"subscribers":0,.*"sessions":0,' \
				"$WORK/lns-show.json" && return
		sleep 0.2
	done
	fail "somebody is left: $(cut -c1-200 "$WORK"/l*-show.json)"
}

# good NAME N ARG...: all of them come up, stay and go.
good() {
	dial "$@" --user user@isp || fail "$1: $(cat "$WORK/$1.json")"
	holds "$1" "r['ppp']['up'] == r['ppp']['ended'] == $2"
	holds "$1" 'r["calls"]["lost"] == 0 and not r["failures"]'
	none
	echo "ok: $1"
}

# up N: so many came up at the LNS so far.
up() {
	holds lns-show "r[0]['daemon']['box_subscribers_up'] == $1"
}

good chap 300 --circuit "eth 0/%u"
good pap 100 --auth pap
good twice 100 --twist twice
good slow 50 --twist slow
up 550

dial here 100 --user here || fail "here: $(cat "$WORK/here.json")"
holds here 'r["ppp"]["up"] == r["ppp"]["ended"] == 100'
none
up 550
echo "ok: terminated at the LAC"

good lossy 150 --loss 4 --duplicate 4 --reorder 8
holds lossy 'r["packets"]["made_lost"] > 50'
holds lns-show 'r[0]["daemon"]["ppp_auth_failed"] == 0'

! dial wrong 5 --user user@isp --password other || fail "a wrong password"
holds wrong 'r["ppp"]["up"] == 0 and r["calls"]["up"] == 5'
holds wrong 'r["failures"][0]["reason"] == "subscriber: authentication failed"'
none

# Those that behave, for as long as the others do not.
start_load stay pppoe --device c0 --sessions 50 --first 100001 \
	--user user@isp --hold 600 --limit 700
stay=$PID
for _ in $(seq 100); do
	says lns
	grep -q '"subscribers":50,' "$WORK/lns-show.json" && break
	sleep 0.1
done
holds lns-show 'r[0]["daemon"]["subscribers"] == 50'
for twist in $(load --help | sed '1,/^twists of pppoe:/d; /^$/,$d' |
	awk '{ print $1 }'); do
	dial "$twist" 100 --twist "$twist" --user user@isp \
		--hold 2 --limit 6 || true
	echo "$twist: $(tr , '\n' <"$WORK/$twist.json" | grep -c reason) reasons"
done
holds padt-storm 'r["ppp"]["up"] == r["ppp"]["ended"] == 100'
holds padt-storm 'r["packets"]["tx"] > 1500'
holds silent 'r["calls"]["wanted"] == 0 and r["packets"]["rx"] >= 200'
says lac
holds lac-show 'r[0]["daemon"]["pppoe_rx_padi"] >= 1200'
stop "$stay" || fail "those that behave were hurt"
holds stay 'r["ppp"]["up"] == r["ppp"]["ended"] == 50'
none
echo "ok: twists"
