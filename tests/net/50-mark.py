#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Mark and priority of a link, as nftables, routing rules and tc see them: a
filter for one subscriber, another next hop for one, a class of HTB's for one; in
both directions, sessions and pppoes, and gone when they are taken away."""

import json
import os
import re
import socket
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Box, Genl, ip, load_module, mac, nest, run, u8, u16, u32,
                  unshare_net)
from traffic import End, data, links, ppp, udp4
from wire import number

FAR = "198.51.100.1"
RULES = """
table inet t {
	chain forward {
		type filter hook forward priority 0;
		meta mark 42 counter drop comment "filtered"
	}
	chain output {
		type filter hook output priority 0;
		udp sport 1701 meta mark 7 counter comment "downstream"
	}
}
table netdev t {
	chain out {
		type filter hook egress device acc0 priority 0;
		meta mark 9 counter comment "pppoe"
	}
}
"""

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
links("".join("""
link add {0}0 type veth peer name {0}1
link set {0}0 up
link set {0}1 up
addr add 203.0.{1}.1/24 dev {0}0
neigh add 203.0.{1}.2 lladdr 02:00:00:00:00:03 dev {0}0
""".format(*x) for x in (("c", 113), ("d", 114))) + """
route add default via 203.0.113.2
route add default via 203.0.114.2 table 100
route add 10.0.1.0/24 dev term0
rule add fwmark 7 lookup 100
""")
run("sysctl -qw net.ipv4.ip_forward=1")
subprocess.run(["tc", "-batch", "-"], check=True, input=b"""
qdisc add dev e0 root handle 1: htb default 1
class add dev e0 parent 1: classid 1:1 htb rate 100mbit
class add dev e0 parent 1: classid 1:14 htb rate 100mbit
""")
subprocess.run(["nft", "-f", "-"], input=RULES.encode(), check=True)


def session(number_, mark=0, priority=0):
    """17/number of 10.0.1.number."""
    ids = u16("TUNNEL_ID", 17) + u16("SESSION_ID", number_)
    marks = u32("MARK", mark) if mark else b""
    marks += u32("PRIORITY", priority) if priority else b""
    g.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", number_) + marks)
    address = "10.0.1.%d" % number_
    g.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", box.term0) + nest(
        "ADDRS", nest("ADDR", ip("PREFIX", address) + u8("PREFIX_LEN", 32))))
    return address


def counter(name):
    out = subprocess.run("nft -j list ruleset".split(), check=True,
                         capture_output=True).stdout
    rule = next(x["rule"] for x in json.loads(out)["nftables"]
                if x.get("rule", {}).get("comment") == name)
    return next(e["counter"]["packets"] for e in rule["expr"] if "counter" in e)


def in_class(minor):
    out = subprocess.run("tc -s class show dev e0".split(), check=True,
                         capture_output=True, text=True).stdout
    return int(re.search(r"class htb 1:%s .*?(\d+) pkt" % minor, out, re.S).group(1))


def shown(cmd, attrs):
    a = g.must(cmd, attrs)[0]
    return [number(a[A[k]]) if A[k] in a else None for k in ("MARK", "PRIORITY")]


peer = End("e1", "e0")
core, other = End("c1", "c0"), End("d1", "d0")
client = End("acc1", "acc0", mac("acc1"))
plain = session(10)
filtered = session(11, mark=42)
routed = session(12, mark=7, priority=0x10014)
assert shown("SESSION_GET", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 12)) == \
    [7, 0x10014]


def upstream(number_, address):
    """(came out by the default route, by the other one) of three."""
    for _ in range(3):
        peer.send(data(17, number_, ppp(udp4(address, FAR, 100))))
    what = socket.inet_aton(address) + socket.inet_aton(FAR)
    return core.count(what), other.count(what)


assert upstream(10, plain) == (3, 0)
assert upstream(11, filtered) == (0, 0) and counter("filtered") == 3
assert upstream(12, routed) == (0, 3) and counter("filtered") == 3
print("ok: a filter and a next hop by a session's mark")

before = in_class("14")
for address in plain, filtered, routed, routed:
    core.send(udp4(FAR, address, 100))
assert peer.count(socket.inet_aton(FAR)) == 4
assert counter("downstream") == 2, counter("downstream")
assert in_class("14") - before == 2, in_class("14")
print("ok: downstream, an nft counter and a class of tc's")

# A frame is switched from session 17/2 to the pppoe, whose mark is the last word.
pppoe = u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7)
switched = u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)
g.must("SESSION_SET", switched + u32("MARK", 42))
g.must("PPPOE_SET", pppoe + u32("MARK", 9))
assert shown("PPPOE_GET", pppoe) == [9, None]
peer.send(data(17, 2, ppp(udp4(FAR, "10.9.9.9", 100))))
assert client.count(socket.inet_aton("10.9.9.9")) == 1
assert counter("pppoe") == 1
# Upstream it is the pppoe's on the way in, the session's on the way out.
g.must("SESSION_SET", switched + u32("MARK", 7))
frame = ppp(udp4("10.9.9.9", FAR, 100))
client.send(struct.pack("!BBHH", 0x11, 0, 7, len(frame)) + frame, b"\x88\x64")
assert peer.count(socket.inet_aton("10.9.9.9")) == 1
assert counter("downstream") == 3
print("ok: pppoe, switched")

# Taken away again.
for cmd, get, attrs in (("SESSION_SET", "SESSION_GET", u16("TUNNEL_ID", 17) +
                         u16("SESSION_ID", 12)),
                        ("PPPOE_SET", "PPPOE_GET", pppoe)):
    g.must(cmd, attrs + u32("MARK", 0))
    g.must(cmd, attrs + u32("PRIORITY", 0))
    assert shown(get, attrs) == [None, None]
assert upstream(12, routed) == (3, 0)
before = in_class("14")
core.send(udp4(FAR, routed, 100))
assert peer.count(socket.inet_aton(routed)) == 1
assert counter("downstream") == 3 and in_class("14") == before
print("ok: and gone")
