#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# What L2TP is, seen from outside. Two boxes, each the LAC of the clients beside it and
# the LNS of the other's clients, at the same time: client's PPP crosses the core as it
# is, in UDP alone, a session for each; the LAC has nothing of IP of them and is no hop.
#
#	client c0 ---- acc0 lac ==== router ==== lns acc1 ---- c1 guest

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

lib_begin
load_module
chain_build
ns_add guest
cable guest c1 lns acc1
chain_configure
cat >>"$WORK/lac.conf" <<-'CONF'
	ppp-profile "guests" {
		auth = { "chap" }
		pool = "local"
		local-address = "100.65.0.1"
	}
	destination-profile "lns" {
		address = "198.51.100.2/32"
		remote-host "lns-as-lac" {
			secret = "other-secret"
			dscp = inherit
			ppp-profile = "guests"
		}
	}
	user "guest@back.example" { password = "secret" }
CONF
cat >>"$WORK/lns.conf" <<-'CONF'
	access-port "acc1" { ppp-profile = "home" }
	tunnel "back" {
		endpoint = "core"
		remote = "192.0.2.1"
		local-name = "lns-as-lac"
		secret = "other-secret"
		dscp = 46
	}
	domain "back.example" { tunnel = "back" }
	user "other@isp.example" { password = "secret" }
CONF
start_aditd lns
start_aditd lac
start router tcpdump-core tcpdump --immediate-mode -i r0 -U -w "$WORK/core.pcap" ip
start client tcpdump-access tcpdump --immediate-mode -i c0 -U -w "$WORK/access.pcap"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-core.log"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-access.log"

start_pppoe client c0 user@isp.example secret +ipv6
wait_for 60 "an address" has_address client ppp0
start_pppoe client c0 other@isp.example secret nodefaultroute
wait_for 60 "an address of the other" has_address client ppp1
start_pppoe guest c1 guest@back.example secret
wait_for 60 "an address of the guest" has_address guest ppp0

# says NAME EXPRESSION ARG...: of what the tool shows, as x.
says() {
	local name=$1 what=$2

	shift 2
	tool "$name" -j "$@" >"$WORK/says.json"
	python3 -c 'import json, sys
x = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$WORK/says.json" "$what" ||
		fail "$name: not $what: $(cat "$WORK/says.json")"
}

# Both roles, a tunnel each way, and two sessions of one tunnel.
for name in lac lns; do
	says "$name" 'sorted(t["role"] for t in x) == ["lac", "lns"]' \
		-d tunnel show
done
says lac 'sorted(t["sessions"] for t in x) == [1, 2]' tunnel show
says lac 'len({(s["tunnel_id"], s["session_id"]) for s in x}) == 3' session show
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
on client ping -I ppp1 -c 2 -i 0.3 -w 20 100.64.0.1 >/dev/null
on guest ping -Q 0x28 -c 2 -i 0.3 -w 20 192.0.2.1 >/dev/null
echo "ok: both roles at once"

# The LAC forwards at layer 2.
address=$(address_of client ppp0)
on lns ip route get "$address" | grep -q 'dev adit' || fail "no route at the LNS"
on lac ip -o addr show | grep -q 'inet 100\.64\.' && fail "an address at the LAC"
on lac ip route show table all | grep -q '100\.64\.' && fail "a route at the LAC"
hop=$(on client ping -c 1 -t 1 -w 20 203.0.113.10 |
	sed -n 's/^From \([0-9.]*\).*exceeded.*/\1/p')
on lns ip -o addr show | grep -q "inet ${hop}[/ ]" ||
	fail "the first hop is '$hop', and no address of the LNS"
echo "ok: the LNS is the first hop, the LAC none"

# A protocol that nobody knows, and a session that there is not.
/usr/bin/python3 - "$(on lac cat /sys/class/net/acc0/address)" \
	"$(on client cat /sys/class/net/c0/address)" \
	"$(sed -n 's/^PPP session is //p' "$WORK/pppd-user@isp.example.log")" \
	"$(tool lns -j tunnel show | python3 -c 'import json, sys
print(next(t["tunnel_id"] for t in json.load(sys.stdin) if t["sessions"] == 2))')" \
	>"$WORK/frames" <<'PY'
import struct
import sys

to, source = (bytes.fromhex(a.replace(":", "")) for a in sys.argv[1:3])
session, tunnel = int(sys.argv[3]), int(sys.argv[4])
mplscp = bytes.fromhex("8281" "01010004")
print((to + source + struct.pack("!HBBHH", 0x8864, 0x11, 0, session, len(mplscp)) +
       mplscp).hex())
print(struct.pack("!HHH", 2, tunnel, 0xffff).hex() + "ff030021" + "45" * 40)
PY
on client python3 -c 'import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("c0", 0))
s.send(bytes.fromhex(sys.argv[1]))' "$(sed -n 1p "$WORK/frames")"
wait_for 20 "a Protocol-Reject of the LNS" \
	grep -q 'rcvd \[LCP ProtRej.* 82 81 ' "$WORK/pppd-user@isp.example.log"
no_session() {
	on lns cat /sys/class/net/adit0/adit/rx_no_session
}
before=$(no_session)
on lac /usr/bin/python3 -c 'import sys
from scapy.all import IP, UDP, Raw, send
send(IP(src="192.0.2.1", dst="198.51.100.2") / UDP(sport=1701, dport=1701) /
     Raw(bytes.fromhex(sys.argv[1])), verbose=False)' "$(sed -n 2p "$WORK/frames")"
counted() {
	[ "$(no_session)" -eq $((before + 1)) ]
}
wait_for 10 "a session that there is not to be counted" counted
echo "ok: an unknown protocol is the LNS's matter, an unknown session nobody's"

sleep 1 # what is on its way to them
kill "$(pid_of tcpdump-core)" "$(pid_of tcpdump-access)"
/usr/bin/python3 - "$WORK" "$(on client cat /sys/class/net/c0/address)" <<'PY'
import struct
import sys
from collections import Counter

work, mac = sys.argv[1:]
mac = bytes.fromhex(mac.replace(":", ""))
LAC, LNS = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2])


def frames(name):
    with open("%s/%s.pcap" % (work, name), "rb") as f:
        data, at = f.read(), 24
    while at + 16 <= len(data):
        size, = struct.unpack("<I", data[at + 8:at + 12])
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def is_ncp(ppp):
    return ppp[:1] == b"\x80" or ppp[:2] == b"\x82\x81"


access, core, sessions, tos = Counter(), Counter(), Counter(), {}
for f in frames("access"):
    length, = struct.unpack("!H", f[18:20])
    ppp = f[20:20 + length]
    if f[12:14] == b"\x88\x64" and is_ncp(ppp):
        access[f[6:12] == mac, ppp] += 1
for f in frames("core"):
    ip = f[14:]
    ends = ip[12:16], ip[16:20]
    assert set(ends) == {LAC, LNS} and ip[9] == 17, f.hex()
    udp = ip[20:]
    assert struct.unpack("!HH", udp[:4]) == (1701, 1701), f.hex()
    flags, = struct.unpack("!H", udp[8:10])
    if flags & 0x8000:
        continue
    assert flags == 2, f.hex()
    ids = struct.unpack("!HH", udp[10:14])
    ppp = udp[14:]
    assert ppp[:2] == b"\xff\3", f.hex()
    sessions[ends[0], ids[0], ids[1]] += 1
    tos.setdefault((ends[0], ids[0]), set()).add(ip[1])
    if is_ncp(ppp[2:]):
        core[ends[0] == LAC, ppp[2:]] += 1
assert access and any(len(p) == 6 and p[:2] == b"\x82\x81" for _, p in access), access
assert any(p[:2] == b"\x80\x57" for _, p in access), "no IPv6CP"
# Those of the guest are in the tunnel too.
missing = access - core
assert not missing, missing
# Of the clients' tunnel there are three, one of them made up.
tunnels = Counter((source, tunnel) for source, tunnel, _ in sessions)
assert sorted(tunnels.values()) == [1, 1, 2, 3], sessions
# PPP's own frames are CS6; else one end of the guest's tunnel says EF, the other what
# is inside.
assert {0xb8, 0xc0} in tos.values(), tos
assert sorted(sorted(t - {0, 0xc0}) for t in tos.values()) == [[], [], [0x28], [0xb8]], tos
print("ok: NCPs cross as they are, UDP port 1701 is all that is in the core")
PY
