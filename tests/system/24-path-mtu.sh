#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 900
#
# Nothing falls into a hole, whatever the path between LAC and LNS carries: 1500, 1492,
# 1400, 1280 bytes a packet, in a link of the one's or of the other's, where the far end
# learns nothing of it. Packets as large as the MRU, which nobody may cut, and TCP, either
# way, of both families. At 1500 and 1492, with the MRU of 1442, none of the tunnel's is cut.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

USER=user@isp.example
MRU=1442
KB=256

# whole FROM TO SIZE: a packet of that size that nobody may cut.
whole() {
	on "$1" ping -M 'do' -c 1 -w 20 -s "$3" "$2" >"$WORK/ping.log" 2>&1 ||
		fail "$1: no answer to $3 bytes from $2: $(cat "$WORK/ping.log")"
}

listens() {
	on "$1" ss -ltn | grep -q ":$2 "
}

# bulk FROM TO ADDRESS PORT: TCP, all of it, and its checksum.
bulk() {
	local log="sink-$4"

	rm -f "$WORK/$log.log"
	start "$2" "$log" sh -c "nc -l $(family "$3") -p $4 | sha256sum"
	wait_for 10 "the listener" listens "$2" "$4"
	on "$1" timeout 60 nc -N "$3" "$4" <"$WORK/data" || fail "$1 to $3: TCP hangs"
	wait_for 30 "the end of the transfer" grep -q . "$WORK/$log.log"
	[ "$(cat "$WORK/$log.log")" = "$(sha256sum <"$WORK/data")" ] ||
		fail "$1 to $3: the data arrived changed"
}

family() {
	case $1 in
	*:*) echo -6 ;;
	*) echo -4 ;;
	esac
}

# packets PORT: either way, both families.
packets() {
	whole client 203.0.113.10 $((MRU - 28))
	whole client 2001:db8:f::10 $((MRU - 48))
	whole internet "$v4" $((MRU - 28))
	whole internet "$v6" $((MRU - 48))
	bulk client internet 203.0.113.10 $(($1))
	bulk client internet 2001:db8:f::10 $(($1 + 1))
	bulk internet client "$v4" $(($1 + 2))
	bulk internet client "$v6" $(($1 + 3))
}

# fragments NAME: of the tunnel's that were seen on that side of the router.
fragments() {
	grep -c 'IP' "$WORK/pieces-$1.log" || true
}

# link SIDE MTU: both ends of a cable, or of both.
link() {
	case $1 in
	lac) on lac ip link set core0 mtu "$2" && on router ip link set r0 mtu "$2" ;;
	lns) on lns ip link set core0 mtu "$2" && on router ip link set r1 mtu "$2" ;;
	both) link lac "$2" && link lns "$2" ;;
	esac
}

global6() {
	has6 ppp0 2001:db8:1
}

lib_begin
load_module
chain_build
chain_configure
chain_ipv6
head -c "${KB}k" /dev/urandom >"$WORK/data"
for side in r0 r1; do
	start router "pieces-$side" tcpdump -n -l -i $side \
		'ip[6:2] & 0x3fff != 0 and ip proto 17'
	wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/pieces-$side.log"
	# No more of it than packets.
	: >"$WORK/pieces-$side.log"
done
start_aditd lns
start_aditd lac
# This machine may stop for longer than fragments wait by default.
for name in lac lns; do
	tool $name system set frag-timeout 2000
done
start_pppoe client c0 $USER secret +ipv6
wait_for 60 "an address" has_address client ppp0
wait_for 60 "an IPv6 address" global6
v4=$(address_of client ppp0)
v6=$(on client ip -6 -o addr show dev ppp0 scope global |
	sed -n 's,.*inet6 \(2001:db8:1[^/]*\)/.*,\1,p' | head -n 1)
on client ip link show dev ppp0 | grep -q "mtu $MRU " || fail "not an MRU of $MRU"

at=5000
# steps SIDE:MTU...: each beside what there was before.
steps() {
	local step

	for step; do
		at=$((at + 10))
		link "${step%:*}" "${step#*:}"
		packets $at
		echo "ok: ${step#*:} at ${step%:*}"
	done
	sleep 1
}

steps both:1500 both:1492
[ "$(fragments r0)$(fragments r1)" = 00 ] || fail "fragments: $(cat "$WORK"/pieces-*.log)"
echo "ok: nothing of the tunnel is cut"
steps lns:1400 lac:1280 lns:1280
for side in r0 r1; do
	[ "$(fragments $side)" -gt 0 ] || fail "nothing was cut at $side"
done
for name in lac lns; do
	tool $name -j system show | python3 -c '
import json, sys
module = next(s["module"] for s in json.load(sys.stdin) if "module" in s)
cut = {k: v for k, v in module.get("drops", {}).items() if k.startswith("frag")}
assert module["reassembly"]["datagrams"] and not module["reassembly"]["held"], module
assert not any(cut.values()), cut' || fail "$name: what was cut was not joined"
done
echo "ok: what was cut was joined, all of it"
