#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Pacing of a link: what fq makes of our departure times. The rate that comes out,
two links beside each other in one tunnel, the horizon, control frames in line, a
super-packet taken apart; a device without fq, and the link without pace again."""

import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Box, Genl, attr, enum, ip, load_module, mac, nest, parse,
                  run, u8, u16, u32, unshare_net)
from traffic import End, data, links, ppp, udp4
from wire import REASONS, number

FAR = "198.51.100.1"
P = {n.replace("PACE_", ""): i for n, i in enum("adit_pace_attr").items()}
NET = socket.inet_aton("10.0.0.0")[:2]

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
links("""
link add c0 type veth peer name c1
link set c0 up
link set c1 up
addr add 203.0.113.1/24 dev c0
route add 10.0.1.0/24 dev term0
""")
run("sysctl -qw net.ipv4.ip_forward=1")
run("tc qdisc replace dev e0 root fq")
run("tc qdisc replace dev acc0 root fq")
peer, core = End("e1", "e0"), End("c1", "c0")
client = End("acc1", "acc0", mac("acc1"))


def ids(n):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", n)


def session(n):
    g.must("SESSION_NEW", ids(n) + u16("PEER_SESSION_ID", n))
    address = "10.0.1.%d" % n
    g.must("BIND", nest("LINK", ids(n)) + u32("TO_IFINDEX", box.term0) + nest(
        "ADDRS", nest("ADDR", ip("PREFIX", address) + u8("PREFIX_LEN", 32))))
    return address


def pace(link, rate=0, horizon=0, cmd="SESSION_SET"):
    n = attr(P["RATE"], ("Q", rate)) if rate else b""
    n += attr(P["HORIZON"], ("I", horizon)) if horizon else b""
    g.must(cmd, link + nest("PACE", n))


def sums(link, cmd="SESSION_GET"):
    a = g.must(cmd, link)[0]
    if A["PACE"] not in a:
        return None
    n = {k: number(v) for k, v in parse(a[A["PACE"]]).items()}
    return [n[P[k]] for k in ("PACKETS", "BYTES", "DROP_PACKETS", "DROP_BYTES")]


def dropped():
    d = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
    return number(d[REASONS.index("tx_pace") + 1])


def times(end, seconds):
    """[(when, frame)] of what arrives in that time."""
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        end.sock.settimeout(max(0.001, until - time.monotonic()))
        try:
            frame, where = end.sock.recvfrom(65536)
        except TimeoutError:
            break
        if where[2] != socket.PACKET_OUTGOING:
            found.append((time.monotonic(), frame))
    return found


assert g.ask("SESSION_SET", ids(1) + nest("PACE", attr(P["HORIZON"], ("I", 5))))[1]
assert g.ask("SESSION_SET", ids(1) + nest("PACE", attr(P["RATE"], ("Q", 5))))[0]
assert sums(ids(1)) is None

# 1,002 octets at 80 kbit/s and at 160: one in 100.2 ms, one in 50.1. Given at once,
# they come out one by one; the first at once.
a, b = session(10), session(11)
pace(ids(10), 80000, 5000)
pace(ids(11), 160000, 5000)
for _ in range(20):
    for address in a, b:
        core.send(udp4(FAR, address, 1000))
got = times(peer, 2.6)
line = ""
for address, gap in (a, 0.1002), (b, 0.0501):
    when = [t for t, f in got if socket.inet_aton(address) in f]
    assert len(when) == 20, (address, len(when))
    spread = (when[-1] - when[0]) / (19 * gap)
    # fq's timer is late now and then, never early; one packet's lateness counts.
    assert 0.9 < spread < 1.15, spread
    line += " %.3f" % (1 / spread)
assert sums(ids(10)) == [20, 20040, 0, 0]
print("ok: of two rates in one tunnel came out" + line)

# The horizon: 250 ms are 3 packets (at 0, 100.2 and 200.4 ms), for control twice that.
pace(ids(10), 80000, 250)
time.sleep(0.2)
base, lost = sums(ids(10)), dropped()
for _ in range(10):
    core.send(udp4(FAR, a, 1000))
got = times(peer, 0.7)
assert sum(socket.inet_aton(a) in f for _, f in got) == 3, len(got)
assert [x - y for x, y in zip(sums(ids(10)), base)] == [3, 3006, 7, 7014]
assert dropped() - lost == 7
# Changed: the counters go on, the line is free.
pace(ids(10), 8000000)
for _ in range(10):
    core.send(udp4(FAR, a, 1000))
assert peer.count(socket.inet_aton(a)) == 10
assert sums(ids(10))[0] == base[0] + 13
pace(ids(10))
assert sums(ids(10)) is None
print("ok: the horizon; another rate; none")

# A pppoe with a control frame behind its data, in order.
pppoe = u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7)
pace(pppoe, 80000, 150, "PPPOE_SET")
echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 8)
for _ in range(5):
    peer.send(data(17, 2, ppp(udp4(FAR, "10.9.9.9", 1000))))
peer.send(data(17, 2, echo))
got = [f for _, f in times(client, 0.6)]
what = ["echo" if echo in f else "data" for f in got if f[12:14] == b"\x88\x64"]
assert what == ["data", "data", "echo"], what
pace(pppoe, cmd="PPPOE_SET")
print("ok: control frames in line, a pppoe")

# A device that has no fq sends at once.
run("tc qdisc replace dev e0 root pfifo")
pace(ids(10), 80000, 5000)
for _ in range(10):
    core.send(udp4(FAR, a, 1000))
assert peer.count(socket.inet_aton(a)) == 10
print("ok: without fq")
