#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "adit tunnel test": aditd as a LAC without a subscriber, against the load
# generator as an LNS. It works; nobody answers; the secret is another; the LNS
# refuses; its name is another; the client goes away. Text, JSON, exit status.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

{
	cat <<-CONF
		system {
			hostname = "lac1"
			state-file = "$WORK/state"
			control-socket = "$WORK/ctl"
		}
		endpoint "core" { address = "127.0.0.1" }
	CONF
	for n in 2 3 4 5 6; do
		cat <<-CONF
			tunnel "lns$n" {
				endpoint = "core"
				remote = "127.0.0.$n"
				local-name = "lac1"
				remote-name = "lns"
				secret = "s"
			}
		CONF
	done
} >"$WORK/lac.conf"
start_aditd lac

# lns ADDRESS ARG...
lns() {
	local at=$1

	shift
	start_load "lns$at" lns --local "127.0.0.$at" --secret s "$@"
}

# try STATUS ARG...: output in $WORK/test.json and $WORK/error.log
try() {
	local want=$1 status=0

	shift
	tool "$@" >"$WORK/test.json" 2>"$WORK/error.log" || status=$?
	[ "$status" = "$want" ] || fail "$*: status $status"
}

said() {
	grep -q "$1" "$WORK/error.log" || fail "not said: $1"
}

lns 2
good=$PID
lns 3 --twist wrong-name
lns 4 --twist wrong-secret
lns 5 --secret ""
sleep 0.3

try 0 -j tunnel test lns2
holds test 'r[0]["tunnel"] == "lns2" and r[0]["remote"] == "127.0.0.2:1701"'
holds test 'r[0]["peer"] == "lns" and "failed" not in r[0]'
holds test '0 <= r[0]["sccrq_sent"] <= r[0]["sccrp_received"] <= r[0]["authenticated"] <= r[0]["established"] <= r[0]["stopccn_acknowledged"] < 5000'

try 0 tunnel test 127.0.0.2
for line in "^tunnel lns2 remote 127.0.0.2:1701" "SCCRQ sent [0-9]* ms" \
	"SCCRP received [0-9]* ms from lns" "authenticated [0-9]* ms" \
	"established [0-9]* ms" "StopCCN acknowledged [0-9]* ms"; do
	grep -q "$line" "$WORK/test.json" || fail "no line: $line"
done
stop "$good"
holds lns2 'r["tunnels"]["up"] == r["tunnels"]["ended"] == 2'
echo "ok: works"

try 2 -j tunnel test lns3
holds test 'r[0]["peer"] == "stranger" and "established" not in r[0]'
holds test '"sccrp_received" in r[0] and "stopccn_acknowledged" in r[0]'
said "ended by us: unknown host name"
try 2 -j tunnel test lns4
holds test 'r[0]["failed"] >= r[0]["sccrp_received"]'
holds test 'r[0]["reason"].startswith("ended by us: ")'
said "challenge"
try 2 tunnel test lns5
said "challenge"
try 2 tunnel test lns9
said "no tunnel of that name"
try 1 tunnel test
echo "ok: refused"

# Nobody is there: the client gives up first, and the daemon goes on.
build/adit -S "$WORK/ctl" tunnel test lns6 >"$WORK/gone.log" 2>&1 &
client=$!
sleep 1
tool tunnel test lns6 >"$WORK/silent.json" 2>"$WORK/silent.log" &
silent=$!
kill "$client"
sleep 0.5
grep -q "SCCRQ sent" "$WORK/gone.log" || fail "no step before the end"
daemon_says
holds show 'r[0]["daemon"]["l2tp_tunnels_opened"] == 2'
holds show 'r[0]["daemon"]["l2tp_tunnels_failed"] == 4'
grep -q "peer lns6: wait-reply -> closing (1/0 test abandoned)" \
	"$WORK/lac.log" || fail "the daemon waits for nobody"
holds show 'r[0]["daemon"]["subscribers"] == 0'
status=0
wait "$silent" || status=$?
[ "$status" = 2 ] || fail "silence: status $status"
grep -q "no answer after 3 tries" "$WORK/silent.log" ||
	fail "silence: $(cat "$WORK/silent.log")"
echo "ok: no answer"
