#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# The tool alone: two namespaces, static tunnels between them, no daemon. What is
# shown in text and JSON, events, refusals and their exit statuses.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin

# Without the module: one line that says what to do.
if [ -d /sys/module/adit ]; then
	rmmod adit
fi
out=$(adit tunnel show 2>&1) && fail "no module, and no error"
[ "$out" = "adit: module adit is not loaded (modprobe adit)" ] ||
	fail "without the module: $out"

load_module
ns_add a b
cable a e0 b e0
on a ip addr add 192.0.2.1/24 dev e0
on b ip addr add 192.0.2.2/24 dev e0

# expect STATUS TEXT COMMAND...: its exit status, its only line.
expect() {
	local status=$1 text=$2 got rc=0

	shift 2
	got=$("$@" 2>&1) || rc=$?
	[ "$rc" = "$status" ] || fail "$*: status $rc: $got"
	[ "$(echo "$got" | wc -l)" = 1 ] || fail "$*: more than a line: $got"
	# shellcheck disable=SC2254
	case $got in
	$text) ;;
	*) fail "$*: $got" ;;
	esac
}

# json FILTER TEXT COMMAND...: what a filter says of the output.
json() {
	local filter=$1 text=$2 got

	shift 2
	got=$("$@" | python3 -c '
import json, sys
x = json.load(sys.stdin)
assert isinstance(x, list)
print(eval(sys.argv[1], {"x": x, "len": len}))' "$filter")
	[ "$got" = "$text" ] || fail "$*: $filter is $got, not $text"
}

A() {
	adit -n "${PREFIX}a" "$@"
}

B() {
	adit -n "${PREFIX}b" "$@"
}

for ns in A B; do
	for object in endpoint tunnel session port pppoe; do
		[ "$("$ns" -j $object show)" = "[]" ] || fail "$object: not empty"
	done
done
echo "ok: nothing is there at first"

start a events adit -j monitor all
sleep 1
expect 0 "endpoint 1 local 192.0.2.1:1701" A endpoint add local 192.0.2.1
json 'x[0]["local_port"]' 1701 B -j endpoint add local 192.0.2.2
ea=$(A -j endpoint show | grep -o '"endpoint_id":[0-9]*' | grep -o '[0-9]*$')
eb=$(B -j endpoint show | grep -o '"endpoint_id":[0-9]*' | grep -o '[0-9]*$')
A tunnel add id 17 peer-id 18 endpoint "$ea" remote 192.0.2.2 name lns-2
B tunnel add id 18 peer-id 17 endpoint "$eb" remote 192.0.2.1 name lac-1
A session add tunnel 17 id 4242 peer-id 9 user alice@isp.example
B session add 18/9 peer-id 4242 user "$(printf 'bob\033[2J')"
expect 0 "tunnel 17 peer 18 lns-2 remote 192.0.2.2:1701 endpoint $ea sessions 1" \
	A tunnel show
expect 0 "session 17/4242 peer 9 user alice@isp.example unbound" \
	A session show 17/4242
expect 0 "session 18/9 peer 4242 user bob?\\[2J unbound" B session show
json 'x[0]["tunnel_id"], x[0]["peer_tunnel_id"], x[0]["sessions"]' \
	"(17, 18, 1)" A -j tunnel show 17
json 'x[0]["session_id"], x[0]["peer_session_id"], x[0]["bound"]["kind"]' \
	"(4242, 9, 'none')" A -j session show
json 'x[0]["stats"]["rx_packets"]' 0 A -j -s session show tunnel 17
json 'len(x)' 0 A -j session show user nobody
json 'x[0]["sessions"]' 1 A -j session show count
json 'x[0]["module"]["tunnels"], x[0]["module"]["sessions"]' "(1, 1)" \
	A -j system show
echo "ok: endpoints, tunnels, sessions"

# Packets: the session ends in a device on either side.
for ns in a b; do
	on $ns ip link add adit-ppp type adit
	on $ns ip link set adit-ppp up
done
on a ip addr add 10.0.0.1/32 dev adit-ppp
on b ip addr add 10.0.0.2/32 dev adit-ppp
on a ip route add 10.0.0.2 dev adit-ppp
on b ip route add 10.0.0.1 dev adit-ppp
A session bind 17/4242 dev adit-ppp addr 10.0.0.2 mtu 1400
B session bind 18/9 dev adit-ppp addr 10.0.0.1/32 mtu 1400
expect 0 "*bound device adit-ppp addr 10.0.0.2/32" A session show 17/4242
json 'x[0]["bound"]["addresses"]' "['10.0.0.2/32']" A -j session show
on a ping -c 3 -i 0.2 -w 10 10.0.0.2 >/dev/null
json 'x[0]["stats"]["rx_packets"] >= 3 and x[0]["stats"]["tx_packets"] >= 3' \
	True A -j -s session show
echo "ok: a static session carries packets"

# Links bound to each other are shown by both.
A session add 17/5 peer-id 6
A session bind 17/4242 session 17/5
expect 0 "*bound session 17/4242" A session show 17/5
expect 0 "*bound session 17/5" A session show 17/4242
A session bind 17/5 none
expect 0 "*unbound" A session show 17/4242
on a ip link add acc0 type veth peer name acc1
on a ip link set acc0 up
A port add acc0
expect 0 "port acc0*" A port show
A pppoe add acc0/7 mac 02:00:00:00:00:01 user carol
A pppoe bind acc0/7 session 17/5
expect 0 "pppoe acc0/7 mac 02:00:00:00:00:01 user carol bound session 17/5" \
	A pppoe show
expect 0 "*bound pppoe acc0/7" A session show 17/5
A pppoe set acc0/7 mark 42
A pppoe police acc0/7 rx rate 10mbit burst 64k
A pppoe pace acc0/7 rate 64kbit horizon 1s
json '[x[0][k] for k in ("mark", "pace")]' "[42, {'rate': 64000, 'horizon': 1000}]" \
	A -j -d pppoe show
A pppoe pace acc0/7 off
A session police 17/5 rx tx rate 1mbit burst 10k peakrate 2mbit peakburst 20k
json '[x[0][k]["peak_rate"] for k in ("police_rx", "police_tx")]' \
	"[2000000, 2000000]" A -j -d session show 17/5
A session police 17/5 tx off
json '[k for k in x[0] if "police" in k]' "['police_rx']" A -j -d session show 17/5
json '[k for k in x[0] if k in ("pace", "police_rx", "mark")]' \
	"['mark', 'police_rx']" A -j -d pppoe show
expect 1 "adit: police: *" A session police 17/5 rate 1mbit burst 10k
expect 1 "adit: pace: *" A session pace 17/5 horizon 1s
expect 2 "Error: policer's rate or burst is missing*" A session police 17/5 rx rate 1mbit
A pppoe del acc0/7
expect 0 "*unbound" A session show 17/5
A port del acc0
expect 0 "" A underlay add e0
expect 0 "underlay e0*" A underlay show
expect 2 "*express receive is on already*" A underlay add e0
json 'x[0]["stats"]["rx_packets"]' 0 A -j -s underlay show
expect 0 "" A underlay del e0
expect 0 "" A system set frag-timeout 60
json 'x[0]["module"]["reassembly"]["timeout"]' 60 A -j system show
echo "ok: bindings, ports"

# Refusals: a line of the kernel's, status 2; mistakes: status 1.
expect 2 "Error: *." A tunnel del 17
expect 2 "Error: *." A tunnel add id 17 peer-id 1 endpoint "$ea" remote 192.0.2.3
expect 2 "Error: *." A tunnel add id 19 peer-id 1 endpoint 999 remote 192.0.2.3
expect 2 "*" A tunnel del 999
expect 2 "*" A session del 17/999
expect 2 "Error: *." A endpoint del "$ea"
expect 1 "adit: unknown object \"tunel\", did you mean \"tunnel\"?*" A tunel
expect 1 "adit: \"s\" is ambiguous: *" A s show
expect 1 "adit: unknown option *" A -jsn tunnel show
expect 1 "adit: network namespace \"none\": *" adit -n none tunnel show
expect 1 "adit: no daemon at $WORK/ctl *" A -S "$WORK/ctl" subscriber show
expect 2 "adit: not permitted: *" on a setpriv --bounding-set=-all \
	--inh-caps=-all adit tunnel show
printf 'session add 17/%d peer-id 1\n' 101 102 103 >"$WORK/batch"
A -b "$WORK/batch"
printf '# a comment\nse show\n' >"$WORK/bad"
expect 1 "$WORK/bad:2: adit: unknown object \"se\"*" A -b "$WORK/bad"
echo "ok: refusals, batches"

A tunnel del 17 force
B session del 18/9
B tunnel del 18
A endpoint del "$ea"
B endpoint del "$eb"
[ "$(A -j session show)$(A -j tunnel show)$(B -j endpoint show)" = "[][][]" ] ||
	fail "something is left"
sleep 1
python3 - "$WORK/events.log" <<'PY'
import json, sys

seen = [json.loads(line) for line in open(sys.argv[1])]
said = [(e["event"], e["object"]) for e in seen]
for want in [("new", "endpoint"), ("new", "tunnel"), ("new", "session"),
             ("set", "session"), ("new", "port"), ("new", "pppoe"),
             ("del", "pppoe"), ("del", "port"), ("del", "session"),
             ("del", "tunnel"), ("del", "endpoint")]:
    assert want in said, want
first = next(e for e in seen if e["object"] == "session")
assert first["session_id"] == 4242 and first["user"] == "alice@isp.example"
PY
echo "ok: events, and nothing is left"
