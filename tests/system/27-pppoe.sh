#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# PPPoE access with other people's clients, Debian's pppd and rp-pppoe, and scapy for what
# they cannot say: an MRU of 1500 (RFC 4638), limits of MAC address, VLAN and port, a client
# that comes twice, a range of QinQ, and another concentrator that is quicker.
#
#	client c0 ... c5 ---- acc0 ... acc5 bng
#	                 c6 ---- segment ---- acc6 bng
#	                                 ---- x0 other (rp-pppoe's pppoe-server)

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# counted NAME: it is not zero.
counted() {
	tool bng -j system show | grep -q "\"$1\": *[1-9]"
}

# up UNIT DEVICE USER OPTION...
up() {
	local unit=$1 dev=$2 user=$3

	shift 3
	start_pppoe client "$dev" "$user" p nodefaultroute unit "$unit" "$@"
	wait_for 60 "the address of $user" has_address client "ppp$unit"
}

down() {
	kill "$(pid_of "pppd-$1")"
	wait_for 30 "pppd's end" ended_pid "$(pid_of "pppd-$1")"
}

# says DEVICE OPTION...: what rp-pppoe is told, within four seconds.
says() {
	local dev=$1

	shift
	on client timeout 4 pppoe -I "$dev" -U -t 1 "$@" 2>&1 || true
}

mac_of() {
	on "$1" cat "/sys/class/net/$2/address"
}

# admitted DEVICE: PADS has a session; it stays until PPP gives it up.
admitted() {
	says "$1" -d | grep -q '^[1-9][0-9]*:' || fail "$1: no session"
}

# refused DEVICE TEXT COUNTER
refused() {
	says "$1" -d >"$WORK/said.log"
	grep -q "PADS: System-Error: $2" "$WORK/said.log" ||
		fail "$1 was not told: $(cat "$WORK/said.log")"
	counted "$3" || fail "$3 is 0"
}

# whole NAME ADDRESS SIZE: an answer, and nobody may cut it.
whole() {
	on "$1" ping -M 'do' -c 2 -i 0.3 -w 20 -s $(($3 - 28)) "$2" >/dev/null ||
		fail "$1: no answer to $3 bytes from $2"
}

# vlan DEVICE PARENT ID [PROTOCOL]
vlan() {
	on client ip link add link "$2" name "$1" type vlan proto "${4:-802.1q}" id "$3"
	on client ip link set "$1" up
}

lib_begin
load_module
ns_add client bng segment other
for i in 0 1 2 3 4 5; do
	cable client "c$i" bng "acc$i"
done
cable client c6 segment s0
cable bng acc6 segment s1
cable other x0 segment s2
on segment ip link add b0 type bridge
for dev in s0 s1 s2; do
	on segment ip link set "$dev" master b0
done
on segment ip link set b0 up
# Room for RFC 4638 on the first alone.
on client ip link set c0 mtu 1508
on bng ip link set acc0 mtu 1508
for i in 1 2; do
	on client ip link add link c2 name "m$i" type macvlan
	on client ip link set "m$i" up
done
vlan v5 c2 5
on client ip link set v5 address 02:00:00:00:00:05
vlan o250 c5 250 802.1ad
vlan o300 c5 300 802.1ad
vlan in c5 250
vlan q250 o250 7
vlan wrong o250 8
vlan q300 o300 7
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { prefix = "100.65.0.0/24" }
		ppp-profile "access" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.0.1"
		}
		ppp-profile "qinq" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.0.1"
			mru = 1400
		}
		access-port "acc0" { ppp-profile = "access" mru = 1500 }
		access-port "acc1" { ppp-profile = "access" mru = 1500 }
		access-port "acc2" { ppp-profile = "access" max-sessions = 3
			max-sessions-per-vlan = 2 max-sessions-per-mac = 1 }
		access-port "acc3" { ppp-profile = "access"
			duplicate-session = replace }
		access-port "acc4" { ppp-profile = "access"
			duplicate-session = deny }
		access-port "acc5" { ppp-profile = "access" other-vlans = ignore
			vlans "200-299.7" { ppp-profile = "qinq" } }
		access-port "acc6" { ppp-profile = "access" ac-name = "ours"
			pado-delay = { "1500", "1:drop" } }
	CONF
	for i in 0 1 2 3 4 5 6 7; do
		echo "user \"u$i\" { password = \"p\" }"
	done
} >"$WORK/bng.conf"
start_aditd bng

# While there is no subscriber.
on other pppoe-server -I x0 -C theirs -X "$WORK/server.pid" -N 4
wait_for 10 "pppoe-server" test -s "$WORK/server.pid"
note_pid "$(cat "$WORK/server.pid")"
says c6 -d | grep -q ":$(mac_of other x0)" || fail "ours was quicker"
counted pppoe_pado_delayed || fail "no PADO was delayed"
says c6 -d -C ours | grep -q ":$(mac_of bng acc6)" || fail "ours did not come at all"
echo "ok: PADO comes later than another's"

up 0 c0 u0 mru 1500 mtu 1500
on client ip link show dev ppp0 | grep -q 'mtu 1500 ' || fail "no MTU of 1500"
grep -q 'rcvd \[LCP ConfReq.*<mru 14' "$WORK/pppd-u0.log" && fail "no MRU of 1500"
start client frames tcpdump -n -e -l -i c0 'greater 1522'
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/frames.log"
whole client 100.65.0.1 1500
whole bng "$(address_of client ppp0)" 1500
sleep 1
# one_frame FROM TO
one_frame() {
	grep -q "$1 > $2, .*length 1522" "$WORK/frames.log" ||
		fail "not in one frame: $(cat "$WORK/frames.log")"
}
one_frame "$(mac_of client c0)" "$(mac_of bng acc0)"
one_frame "$(mac_of bng acc0)" "$(mac_of client c0)"
echo "ok: 1500 bytes in one frame, either way"

says c6 -A >"$WORK/names.log"
grep -q 'Access-Concentrator: theirs' "$WORK/names.log" || fail "the other is silent"
grep -q 'Access-Concentrator: ours' "$WORK/names.log" && fail "ours is not"
counted pppoe_pado_withheld || fail "no PADO was withheld"
echo "ok: PADO is withheld by load"

up 1 c1 u1 mru 1500 mtu 1500
on client ip link show dev ppp1 | grep -q 'mtu 1492 ' || fail "no MTU of 1492"
grep -q 'rcvd \[LCP ConfReq.*<mru 1492>' "$WORK/pppd-u1.log" || fail "no MRU of 1492"
down u1
echo "ok: a port without the room for it"

up 2 c2 u2
refused c2 'session limit of the MAC address reached' box_refused_mac
admitted m1
refused m2 'session limit of the VLAN reached' box_refused_vlan
admitted v5
on client ip link set v5 address 02:00:00:00:00:06
refused v5 'session limit of the port reached' box_refused_port
# Those that only discovery knows go, for they speak no LCP; then the port has room.
one_left() {
	[ "$(tool bng -j pppoe show | grep -o '"dev": *"acc2"' | wc -l)" = 1 ]
}
wait_for 60 "the end of the silent ones" one_left
start_pppoe client c2 u3 p nodefaultroute
wait_for 30 "the word of it" grep -q \
	'PADS: System-Error: session limit of the MAC address reached' \
	"$WORK/pppd-u3.log"
has_address client ppp2 || fail "who was up is down"
echo "ok: limits of MAC address, VLAN and port"

up 3 c3 u4
old=$(pid_of pppd-u4)
up 4 c3 u5
wait_for 30 "the end of the first" ended_pid "$old"
grep -q 'ended (replaced by a new session' "$WORK/aditd-bng.log" || fail "no reason"
counted box_replaced || fail "nobody was replaced"
ping_up() {
	on client ping -I "ppp$1" -c 2 -i 0.3 -w 20 100.65.0.1 >/dev/null ||
		fail "ppp$1: no ping"
}
ping_up 4
up 5 c4 u6
refused c4 'there is a session of this client' box_refused_duplicate
ping_up 5
echo "ok: the old session is replaced, or the new one denied"

up 6 q250 u7
grep -q 'rcvd \[LCP ConfReq.*<mru 1400>' "$WORK/pppd-u7.log" || fail "not the range's MRU"
tool bng pppoe show | grep -q 'pppoe acc5\.250\.7' || fail "no pppoe acc5.250.7"
ping_up 6
pids=
for dev in c5 in o250 wrong q300; do
	says $dev -A >"$WORK/said-$dev.log" &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # several words
wait $pids
grep -q Concentrator "$WORK"/said-*.log && fail "others are served"
says q250 -A | grep -q Concentrator || fail "who is to be is not served"
counted pppoe_rx_no_port || fail "they were not counted"
echo "ok: a range of QinQ, and nothing beside it"

# What rp-pppoe cannot say.
on client /usr/bin/python3 - c1 "$(mac_of bng acc1)" <<'PY'
import socket
import struct
import sys
import time

from scapy.layers.l2 import Ether
from scapy.layers.ppp import PPPoED, PPPoED_Tags, PPPoETag

dev, bng = sys.argv[1:]
PADI, PADO, PADR, PADS, PADT = 0x09, 0x07, 0x19, 0x65, 0xa7
SERVICE, AC_NAME, UNIQ, COOKIE, RELAY, PAYLOAD = 0x101, 0x102, 0x103, 0x104, 0x110, 0x120
OURS, OTHERS = "02:00:00:00:00:11", "02:00:00:00:00:12"
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.bind((dev, 0))
# All frames, whoever they are for: SOL_PACKET, PACKET_ADD_MEMBERSHIP.
s.setsockopt(263, 1, struct.pack("IHH8s", socket.if_nametoindex(dev), 1, 0, b""))


def send(code, to, tags, sid=0, src=OURS):
    s.send(bytes(Ether(dst=to, src=src, type=0x8863) / PPPoED(code=code, sessionid=sid) /
                 PPPoED_Tags(tag_list=[PPPoETag(tag_type=t, tag_value=v)
                                       for t, v in tags])))


def answer(code, seconds=20.0):
    """{tag: value} of the next of that kind to us, and its session, or None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        s.settimeout(max(end - time.monotonic(), 0.01))
        try:
            frame = Ether(s.recv(2000))
        except TimeoutError:
            break
        if frame.dst == OURS and PPPoED in frame and frame[PPPoED].code == code:
            return ({t.tag_type: t.tag_value for t in frame[PPPoED_Tags].tag_list}
                    if PPPoED_Tags in frame else {}), frame[PPPoED].sessionid
    return None


ask = [(SERVICE, b""), (UNIQ, b"who\0am\xffI"), (RELAY, b"relay 7"),
       (PAYLOAD, (9000).to_bytes(2, "big"))]
send(PADI, "ff:ff:ff:ff:ff:ff", ask + [(AC_NAME, b"somebody else")])
assert not answer(PADO, 1), "it answered for another"
send(PADI, "ff:ff:ff:ff:ff:ff", ask)
tags, sid = answer(PADO)
assert tags[UNIQ] == ask[1][1] and tags[RELAY] == ask[2][1], tags
assert PAYLOAD not in tags and not sid, "1492 is the port's"
cookie = tags[COOKIE]
for wrong in b"", cookie[:-1], cookie[:-1] + bytes([cookie[-1] ^ 1]):
    send(PADR, bng, ask + [(COOKIE, wrong)])
assert not answer(PADS, 1), "a session for a forged cookie"
send(PADR, bng, ask + [(COOKIE, cookie)])
tags, sid = answer(PADS)
assert sid and tags[UNIQ] == ask[1][1] and tags[RELAY] == ask[2][1], (sid, tags)
send(PADT, bng, [], sid, OTHERS)
send(PADR, bng, ask + [(COOKIE, cookie)])
assert answer(PADS)[1] == sid, "another's PADT ended it"
send(PADT, bng, [], sid)
PY
counted pppoe_rx_bad_cookie || fail "the forged cookies were not counted"
counted pppoe_rx_other_ac || fail "the other's PADI was not counted"
counted pppoe_rx_unknown_session || fail "the other's PADT was not counted"
wait_for 20 "no session at acc1" sh -c "! ip netns exec ${PREFIX}bng adit pppoe show | grep -q acc1"
echo "ok: cookies, names and tags, and only its own PADT ends a session"
