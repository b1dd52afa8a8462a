#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# The four levels with the tool: three tunnels of two sessions each to one
# destination, one tunnel to another. An order to a level acts on all below it and on
# nothing else; what is refused, what is shown, in text and JSON, before and after a
# restart.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

D1=198.51.100.2
D2=203.0.113.1

lib_begin
load_module
chain_build
chain_configure
for i in 2 3 4; do
	remote=$D1
	[ "$i" != 4 ] || remote=$D2
	cat <<-CONF
		tunnel "isp$i" {
			endpoint = "core"  remote = "$remote"
			local-name = "lac1"  remote-name = "lns1"
			secret = "tunnel-secret"  hello = 2
		}
		domain "isp$i.example" { tunnel = "isp$i" }
	CONF
done >>"$WORK/lac.conf"
for i in 2 3 4; do
	echo "user \"user@isp$i.example\" { password = \"secret\" }"
done >>"$WORK/lns.conf"
echo "endpoint \"two\" { address = \"$D2\" }" >>"$WORK/lns.conf"
start_aditd lns
start_aditd lac
start router tcpdump-core tcpdump -i r0 -U -w "$WORK/core.pcap" udp port 1701
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-core.log"

# says NAME FILTER TEXT ARG...: what a filter says of the tool's JSON.
says() {
	local name=$1 filter=$2 text=$3 got

	shift 3
	got=$(tool "$name" -j "$@" | python3 -c '
import json, sys
x = json.load(sys.stdin)
print(eval(sys.argv[1], {"x": x, "len": len, "sorted": sorted}))' "$filter")
	[ "$got" = "$text" ] || fail "$name $*: $filter is $got, not $text"
}

# refused NAME ARG...: the tool says one line and ends with 2.
refused() {
	local rc=0 name=$1 out

	shift
	out=$(tool "$name" "$@" 2>&1) || rc=$?
	[ "$rc" = 2 ] || fail "$*: status $rc: $out"
	[ "$(echo "$out" | wc -l)" = 1 ] || fail "$*: more than a line: $out"
}

unit=0
dial() {
	unit=$((unit + 1))
	start_pppoe client c0 "user@isp$1.example" secret nodefaultroute \
		unit "$unit"
	wait_for 60 "address $unit" has_address client "ppp$unit"
}

dial_in_vain() {
	start_pppoe client c0 "user@isp$1.example" secret nodefaultroute \
		unit 99
	wait_for 60 "pppd's end" ended_pid "$(pid_of "pppd-user@isp$1.example")"
	no_device client ppp99 || fail "a refused client has a device"
}

for i in "" "" 2 2 3 3 4 4; do
	dial "$i"
done

says lac 'len(x)' 4 tunnel show
says lac 'len(x)' 8 session show
says lac 'sorted((d["remote"], d["state"], d["tunnels"]["active"],
	d["sessions"]["active"]) for d in x)' \
	"[('$D1', 'up', 3, 6), ('$D2', 'up', 1, 2)]" destination show
levels='x[0]["daemon"]["levels"]'
says lac "[(${levels}[k]['total'], ${levels}[k]['active'], ${levels}[k]['failed'])
	for k in ('destinations', 'tunnels', 'sessions')]" \
	"[(2, 2, 0), (4, 4, 0), (8, 8, 0)]" system show
# Each session has one tunnel and one destination.
says lac 'sorted((s["destination"], s["definition"]) for s in x)' \
	"[('$D1', 'isp'), ('$D1', 'isp'), ('$D1', 'isp2'), ('$D1', 'isp2'), ('$D1', 'isp3'), ('$D1', 'isp3'), ('$D2', 'isp4'), ('$D2', 'isp4')]" \
	session show
# A call is a PPP connection, on both sides.
says lac 'len(x)' 8 subscriber show
says lac 'len(x)' 8 pppoe show
says lns 'len(x)' 8 session show
says lns 'len(x)' 8 subscriber show
# A tunnel is one LAC's and one LNS's, and each knows the other.
ends() {
	tool "$1" -j -d tunnel show | python3 -c '
import json, sys
me, peer = sys.argv[1:]
print(sorted((t[me], t[peer], t["local"] if me == "tunnel_id" else t["remote"],
              t["remote"] if me == "tunnel_id" else t["local"])
             for t in json.load(sys.stdin)))' "$2" "$3"
}
[ "$(ends lac tunnel_id peer_tunnel_id)" = "$(ends lns peer_tunnel_id tunnel_id)" ] ||
	fail "$(ends lac tunnel_id peer_tunnel_id), $(ends lns peer_tunnel_id tunnel_id)"
says lac 'sorted((t["peer"], t["remote"], t["destination"]) for t in x)' \
	"[('lns1', '$D1', '$D1'), ('lns1', '$D1', '$D1'), ('lns1', '$D1', '$D1'), ('lns1', '$D2', '$D2')]" \
	tunnel show
says lns '{(t["peer"], t["remote"]) for t in x}' "{('lac1', '192.0.2.1')}" \
	tunnel show
# The LAC forwards to and from each side.
for i in 1 3 5 7; do
	on client ping -I "ppp$i" -c 5 -i 0.2 -w 20 203.0.113.1 >/dev/null ||
		fail "no way for client $i"
done
for what in session pppoe; do
	says lac 'len([1 for s in x if s["stats"]["rx_packets"] >= 5 and
		s["stats"]["tx_packets"] >= 5]) >= 4' True -s "$what" show
done
# Each has been measured, over veth, and nothing was lost there.
says lac 'sorted((t["control"]["srtt"] < 1000, t["control"]["rto"],
	t["control"]["retransmits"], t["control"]["window"] >= 4) for t in x)' \
	"[(True, 1000, 0, True), (True, 1000, 0, True), (True, 1000, 0, True), (True, 1000, 0, True)]" \
	-s tunnel show
tool lac tunnel show | grep -q ' established destination ' ||
	fail "the state is not shown: $(tool lac tunnel show)"
tool lac system show | grep -q 'tunnels *total 4 active 4 failed 0 auth-errors 0' ||
	fail "no table: $(tool lac system show)"
echo "ok: 2 destinations, 4 tunnels, 8 sessions, and where they belong"

# Session: one CDN, and its neighbour stays.
name=$(tool lac -o session show user user@isp3.example | head -n 1 |
	sed 's/^session \([^ ]*\) .*/\1/')
tool lac session shutdown "$name"
says lac 'len(x)' 7 session show
says lac 'x[0]["state"], x[0]["user"], x[0]["reason"]' \
	"('ended', 'user@isp3.example', '3/0 shut down by the operator')" \
	session show ended
refused lac session shutdown "$name"

# Tunnel: drained by its name; what is there stays, a client is turned away.
tool lac tunnel drain isp2
says lac '[(t["admin"], t["effective"]) for t in x if t["definition"] == "isp2"]' \
	"[('drain', 'drain')]" tunnel show
dial_in_vain 2
says lac 'len(x)' 7 session show
counted() {
	tool lac -j system show | python3 -c '
import json, sys
print(json.load(sys.stdin)[0]["daemon"]["levels"])'
	tool lac -j destination show | python3 -c '
import json, sys
for d in sorted(json.load(sys.stdin), key=lambda d: d["remote"]):
    print(d["remote"], d["tunnels"], d["sessions"])'
}
before=$(counted)
kill -9 "$(pid_of aditd-lac)"
start_aditd lac
[ "$before" = "$(counted)" ] || fail "not $before, but $(counted)"
says lac '[(t["admin"], t["effective"]) for t in x if t["definition"] == "isp2"]' \
	"[('drain', 'drain')]" tunnel show
says lac 'len([s for s in x if s["user"] == "user@isp3.example"])' 1 \
	session show ended
says lac '[(s["user"], s["reached"], s["reason"]) for s in x]' \
	"[('user@isp3.example', 'tunnelled', 'shut down by the operator')]" \
	subscriber show ended user user@isp3.example
dial_in_vain 2
tool lac tunnel enable isp2
dial 2
says lac 'len(x)' 8 session show
refused lac tunnel drain nobody
echo "ok: a session shut down, a tunnel drained, over a restart"

start lac monitor adit -S "$WORK/lac.ctl" -j monitor all
sleep 1

# Destination: closed with all it has, one StopCCN a tunnel; the other goes on.
tool lac destination shutdown $D1
says lac '[(s["destination"], s["definition"]) for s in x]' \
	"[('$D2', 'isp4'), ('$D2', 'isp4')]" session show
wait_for 60 "the clients' end" no_device client ppp1
wait_for 20 "the LNS's end" sh -c "[ \"\$(ip netns exec ${PREFIX}lns \
	adit -j -S $WORK/lns.ctl session show | grep -o '\"session_id\"' |
	wc -l)\" = 2 ]"
for i in 1 2 3 4 5 6 9; do
	wait_for 60 "the end of client $i" no_device client "ppp$i"
done
on client ping -I ppp7 -c 2 -w 20 203.0.113.1 >/dev/null ||
	fail "the other destination's subscriber has no way"
dial_in_vain ""
says lac '[(d["admin"], d["effective"], d["tunnels"]["active"]) for d in x
	if d["remote"] == "'$D1'"]' "[('shutdown', 'shutdown', 0)]" \
	destination show
dial 4
kill "$(pid_of monitor)" "$(pid_of tcpdump-core)"
python3 - "$WORK/monitor.log" $D1 <<'PY'
import json, sys

told = [(e["event"], e["object"], e) for e in map(json.loads, open(sys.argv[1]))]
of = [e for e in told if e[2].get("destination") == sys.argv[2]]
assert of[0][:2] == ("shutdown", "destination"), of
assert of[0][2]["effective"] == "shutdown" and of[0][2]["remote"] == sys.argv[2], of
down = [e[2] for e in of if e[:2] == ("down", "tunnel")]
assert len(down) == 3, of
assert {d["reason"] for d in down} == {"6/0 shut down by the operator"}, down
assert {d["definition"] for d in down} == {"isp", "isp2", "isp3"}, down
assert [e[:2] for e in of].count(("down", "destination")) == 1, of
assert ("del", "session") in [e[:2] for e in told], told
PY
tshark -n -r "$WORK/core.pcap" -Y 'l2tp.type == 1' -T fields -e ip.src \
	-e ip.dst -e l2tp.tunnel -e l2tp.Ns -e l2tp.avp.message_type \
	>"$WORK/core.tsv" 2>/dev/null
python3 - "$WORK/core.tsv" $D1 <<'PY'
import sys

stop, cdn = set(), set()
for line in open(sys.argv[1]):
    src, dst, tunnel, ns, kind = (line.rstrip("\n").split("\t") + [""])[:5]
    if kind == "4":
        stop.add((src, dst, tunnel, ns))
    if kind == "14":
        cdn.add((src, dst, tunnel, ns))
assert len(stop) == 3, stop
assert {s[:2] for s in stop} == {("192.0.2.1", sys.argv[2])}, stop
assert len({s[2] for s in stop}) == 3, stop
assert len(cdn) == 1, cdn
PY
echo "ok: a destination shut down: three StopCCNs, no CDN, the other goes on"

tool lac destination enable $D1
dial ""
says lac 'len(x)' 4 session show

# The LNS is drained: no new call, no new tunnel; then it is shut down.
tool lns system drain
says lns 'x[0]["daemon"]["admin"]' drain system show
failed() {
	tool lac -j system show | python3 -c '
import json, sys
print(json.load(sys.stdin)[0]["daemon"]["levels"]["sessions"]["failed"])'
}
before=$(failed)
dial_in_vain 4
dial_in_vain 3
[ "$(failed)" -ge $((before + 2)) ] || fail "calls refused are not counted"
says lac 'len(x)' 4 session show
tool lns system shutdown
wait_for 60 "the end at the LNS" no_sessions lns
wait_for 60 "the end at the LAC" no_sessions lac
says lns 'len(x)' 0 session show
kill -9 "$(pid_of aditd-lns)"
start_aditd lns
says lns 'x[0]["daemon"]["effective"]' shutdown system show
dial_in_vain 4
tool lns system enable
dial 4
says lns 'len(x)' 1 session show
says lns 'x[0]["state"]' established session show
echo "ok: the LNS drained, shut down, started anew and enabled"
