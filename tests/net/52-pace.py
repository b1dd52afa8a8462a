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
from frame import stats
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


def times(end, what, n, limit=20):
    """[(when, frame)] of n that arrive with these bytes in them, and what has come
    besides. When is what the kernel says: we may look late."""
    found = []
    until = time.monotonic() + limit
    while True:
        end.sock.settimeout(max(0, until - time.monotonic()) if len(found) < n else 0)
        try:
            frame, more, _, where = end.sock.recvmsg(65536, 64)
        except (TimeoutError, BlockingIOError):
            return found
        if where[2] != socket.PACKET_OUTGOING and what in frame:
            sec, nsec = struct.unpack("qq", more[0][2])
            found.append((sec + nsec / 1e9, frame))


def handled(link, before, n, cmd="SESSION_GET"):
    """Until n more have been sent or dropped: so many were sent."""
    end = time.monotonic() + 20
    while True:
        s = stats(g, cmd, link)
        ways = [s[k] - before[k] for k in ("TX_PACKETS", "TX_CONTROL", "TX_DROPS")]
        if sum(ways) == n or time.monotonic() > end:
            assert sum(ways) == n, ways
            return ways[0] + ways[1]
        time.sleep(0.005)


assert g.ask("SESSION_SET", ids(1) + nest("PACE", attr(P["HORIZON"], ("I", 5))))[1]
assert g.ask("SESSION_SET", ids(1) + nest("PACE", attr(P["RATE"], ("Q", 5))))[0]
assert sums(ids(1)) is None

for end in peer, client:
    end.sock.setsockopt(socket.SOL_SOCKET, 35, 1)    # TIMESTAMPNS
GAP = 0.1002    # of 1,002 octets at 80 kbit/s

# At 80 kbit/s and at 160 one is in 100.2 ms, one in 50.1. Given at once, they come out
# one by one; the first at once.
a, b = session(10), session(11)
A10 = socket.inet_aton(a)
pace(ids(10), 80000, 5000)
pace(ids(11), 160000, 5000)
sent = {a: [], b: []}    # not before, not after
for _ in range(20):
    for address in a, b:
        begin = time.time()
        core.send(udp4(FAR, address, 1000))
        sent[address].append((begin, time.time()))
got = times(peer, NET + b"\1", 40)
line = ""
for address, gap in (a, GAP), (b, GAP / 2):
    when = [t for t, f in got if socket.inet_aton(address) in f]
    assert len(when) == 20, (address, len(when))
    # fq's timer is late now and then, never early, and what comes next does not wait
    # for it: one of the last five is punctual.
    early, late, least, most = [], [], 0, 0
    for t, (begin, end) in zip(when, sent[address]):
        least, most = max(begin, least + gap), max(end, most + gap)
        early.append(t - least)
        late.append(t - most)
    assert min(early) > -0.002, early
    assert min(late[15:]) < 0.08 * 19 * gap, late
    line += " %.3f" % (19 * gap / (when[-1] - when[0]))
assert sums(ids(10)) == [20, 20040, 0, 0]
print("ok: of two rates in one tunnel came out" + line)


def at_once(link, n, send, horizon, cmd="SESSION"):
    """Sends n, until it has not taken us so long that the line has room for one more:
    of how many frames of data it had room for."""
    for _ in range(10):
        pace(link, 80000, round(horizon * 1000), cmd + "_SET")
        time.sleep(2 * GAP)    # behind the last, the line is free
        base, before = sums(link, cmd + "_GET"), stats(g, cmd + "_GET", link)
        lost, start = dropped(), time.monotonic()
        send()
        passed = handled(link, before, n, cmd + "_GET")
        took = time.monotonic() - start
        least, most = (int((horizon + t) / GAP) + 1 for t in (0, took))
        more = [x - y for x, y in zip(sums(link, cmd + "_GET"), base)]
        assert more[0] == passed and more[2] == n - passed == dropped() - lost, more
        yield passed, more, least, most
        if least == most:
            return
    print("always too late")


# The horizon: 250 ms are 3 packets (at 0, 100.2 and 200.4 ms), for control twice that.
for passed, more, least, most in at_once(
        ids(10), 10, lambda: [core.send(udp4(FAR, a, 1000)) for _ in range(10)], 0.25):
    assert least <= passed <= most, (least, passed, most)
    assert more[1::2] == [1002 * passed, 1002 * (10 - passed)], more
    assert len(times(peer, A10, passed)) == passed
# Changed: the counters go on, and the line is free soon.
time.sleep(2 * GAP)
base = sums(ids(10))
pace(ids(10), 8000000)
for _ in range(10):
    core.send(udp4(FAR, a, 1000))
assert len(times(peer, A10, 10)) == 10
assert sums(ids(10))[0] == base[0] + 10
pace(ids(10))
assert sums(ids(10)) is None
print("ok: the horizon; another rate; none")

# A pppoe with a control frame behind its data, in order.
pppoe = u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7)
echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 8)


def data_and_echo():
    for _ in range(5):
        peer.send(data(17, 2, ppp(udp4(FAR, "10.9.9.9", 1000))))
    peer.send(data(17, 2, echo))


for passed, _, least, most in at_once(pppoe, 6, data_and_echo, 0.15, "PPPOE"):
    assert least <= passed - 1 <= most, (least, passed, most)
    what = ["echo" if echo in f else "data"
            for _, f in times(client, b"\x88\x64", passed)]
    assert what == ["data"] * (passed - 1) + ["echo"], what
pace(pppoe, cmd="PPPOE_SET")
print("ok: control frames in line, a pppoe")

# What fq refuses takes no time of the line's: what comes next goes when those that wait
# have, not after all 200, in 4 seconds.
run("tc qdisc replace dev e0 root fq flow_limit 10")
pace(ids(10), 400000, 5000)
before, start = stats(g, "SESSION_GET", ids(10)), time.monotonic()
for _ in range(200):
    core.send(udp4(FAR, a, 1000))
passed = handled(ids(10), before, 200)
took = time.monotonic() - start
assert 10 <= passed <= 12 + took / 0.02004, (passed, took)
got = times(peer, A10, passed)
last = max(time.time(), got[-1][0])
before = stats(g, "SESSION_GET", ids(10))
for _ in range(5):
    core.send(udp4(FAR, a, 1000))
assert handled(ids(10), before, 5) == 5
got += times(peer, A10, 5)
assert len(got) == passed + 5 == sums(ids(10))[0], (len(got), sums(ids(10)))
assert got[-5][0] - last < 2, (got[-5][0] - last, took)
pace(ids(10))
print("ok: what fq refuses")

# A device that has no fq sends at once.
run("tc qdisc replace dev e0 root pfifo")
pace(ids(10), 80000, 5000)
start = time.time()
for _ in range(10):
    core.send(udp4(FAR, a, 1000))
end = time.time()
when = [t for t, _ in times(peer, A10, 10)]
assert len(when) == 10 and when[9] - when[0] < end - start + 0.5, when
print("ok: without fq")
