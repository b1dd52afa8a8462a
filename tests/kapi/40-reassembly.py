#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Fragmented L2TP, over IPv4 and IPv6: every order, every way to be wrong. Each
fragment ends in a whole datagram or under exactly one reason, and memory is given
back. What is not of a tunnel's addresses stays the kernel's business."""

import errno
import os
import random
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, endpoint_id, enum, ip, load_module, mac, nest,
                  parse, run, u8, u16, u32, unshare_net, write)
from wire import REASONS, csum, number

STAT = {n.replace("STAT_", ""): i for n, i in enum("adit_frag_stat").items()}

load_module()
unshare_net()
g = Genl()
run("ip link add e0 type veth peer name e1")
run("ip link add term0 type adit")
run("ip addr add 192.0.2.1/24 dev e0")
run("ip addr add 2001:db8::1/64 dev e0 nodad")
for dev in "e0", "e1", "term0":
    run("ip link set %s up" % dev)
for peer in "192.0.2.2", "192.0.2.3", "2001:db8::2", "2001:db8::3":
    run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("e1", 0))
ETH = mac("e0") + bytes.fromhex("020000000002")
random.seed(4)
next_id = 1


def system():
    """(reasons with a count, statistics)"""
    a = g.must("SYSTEM_GET")[0]
    drops, stats = parse(a[A["DROPS"]]), parse(a[A["FRAG_STATS"]])
    return ({REASONS[i - 1]: number(v) for i, v in drops.items()
             if i and i <= len(REASONS)},
            {n: number(stats[i]) for n, i in STAT.items() if i in stats})


class Family:
    def __init__(self, us, peer, stranger, tunnel):
        self.us, self.peer, self.stranger, self.tunnel = us, peer, stranger, tunnel
        self.v6 = ":" in us
        self.af = socket.AF_INET6 if self.v6 else socket.AF_INET
        g.must("ENDPOINT_NEW", ip("LOCAL", us))
        self.endpoint = endpoint_id(g)
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", self.endpoint) +
               u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", 9) +
               ip("REMOTE", peer) + u16("REMOTE_PORT", 1701))
        g.must("SESSION_NEW", u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", 1) +
               u16("PEER_SESSION_ID", 1))
        self.subscriber = "10.0.0.%d" % tunnel
        g.must("BIND", nest("LINK", u16("TUNNEL_ID", tunnel) +
                            u16("SESSION_ID", 1)) +
               u32("TO_IFINDEX", number_of("term0")) +
               nest("ADDRS", nest("ADDR", ip("PREFIX", self.subscriber) +
                                  u8("PREFIX_LEN", 32))))
        run("ip route add %s dev term0" % self.subscriber)

    def addr(self, text):
        return socket.inet_pton(self.af, text)

    def udp(self, payload, source=None, port=1701, length=None):
        """A datagram with its right sum."""
        d = struct.pack("!HHHH", 1701, port, length or 8 + len(payload), 0) + payload
        pseudo = self.addr(source or self.peer) + self.addr(self.us) + \
            struct.pack("!II", len(d), 17)
        return d[:6] + struct.pack("!H", csum(pseudo + d) or 0xffff) + d[8:]

    def l2tp(self, ping):
        """A subscriber's packet."""
        return self.udp(struct.pack("!HHHHH", 2, self.tunnel, 1, 0xff03, 0x21) + ping)

    def ping(self, size=1400, seq=1):
        icmp = struct.pack("!BBHHH", 8, 0, 0, 7, seq) + bytes(size - 28)
        icmp = icmp[:2] + struct.pack("!H", csum(icmp)) + icmp[4:]
        h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 1, 0,
                        socket.inet_aton(self.subscriber),
                        socket.inet_aton("192.0.2.1"))
        return h[:10] + struct.pack("!H", csum(h)) + h[12:] + icmp

    def frag(self, data, offset, more, ident, source=None, ecn=0):
        source = source or self.peer
        if self.v6:
            return (ETH + b"\x86\xdd" +
                    struct.pack("!IHBB", 6 << 28 | ecn << 20, 8 + len(data), 44, 64) +
                    self.addr(source) + self.addr(self.us) +
                    struct.pack("!BBHI", 17, 0, offset | more, ident) + data)
        h = struct.pack("!BBHHHBBH4s4s", 0x45, ecn, 20 + len(data), ident & 0xffff,
                        offset // 8 | more << 13, 64, 17, 0, self.addr(source),
                        self.addr(self.us))
        return ETH + b"\x08\0" + h[:10] + struct.pack("!H", csum(h)) + h[12:] + data

    def cut(self, datagram, size=512, source=None, ident=None):
        global next_id
        next_id += 1
        ident = ident or next_id
        return [self.frag(datagram[at:at + size], at, at + size < len(datagram),
                          ident, source) for at in range(0, len(datagram), size)]

    def rx(self):
        s = g.must("SESSION_GET", u16("TUNNEL_ID", self.tunnel) +
                   u16("SESSION_ID", 1))[0]
        return number(parse(s[A["STATS"]])[2])


def number_of(dev):
    with open("/sys/class/net/%s/ifindex" % dev, encoding="ascii") as f:
        return int(f.read())


def reached(there):
    """(drops, stats), once it is so: the receive softirq may be left to its thread."""
    for _ in range(75):
        drops, stats = system()
        if there(drops, stats):
            break
        time.sleep(0.02)
    return drops, stats


def settle():
    """Until nothing is held: the time that it took."""
    start = time.monotonic()
    while True:
        s = system()[1]
        if not s["HELD"] and not s["BYTES"]:
            return time.monotonic() - start
        assert time.monotonic() - start < 5, s
        time.sleep(0.005)


def check(what, frames, datagrams=0, rx=None, **reasons):
    """Sends; so many become whole, the others are dropped for these reasons."""
    drops0, stats0 = system()
    rx0 = fam.rx()
    for f in frames:
        raw.send(f)
    reached(lambda _, now: now["TAKEN"] - stats0["TAKEN"] >= len(frames))
    settle()
    drops, stats = system()
    got = {r: drops[r] - drops0[r] for r in drops
           if drops[r] != drops0[r] and not r.startswith("tx_")}
    delta = {n: stats[n] - stats0[n] for n in stats}
    frag = sum(n for r, n in got.items() if r.startswith("frag_"))
    assert delta["TAKEN"] == len(frames), (what, delta, len(frames), got)
    assert delta["TAKEN"] == delta["JOINED"] + frag, (what, delta, got)
    if datagrams is not None:
        assert delta["DATAGRAMS"] == datagrams, (what, delta, got)
        assert fam.rx() - rx0 == (datagrams if rx is None else rx), \
            (what, fam.rx() - rx0, got)
        assert got == reasons, (what, got)
    print("ok: %s, IPv%d" % (what, 6 if fam.v6 else 4))
    return got, delta


def settings(timeout, budget, peer):
    g.must("SYSTEM_SET", u32("FRAG_TIMEOUT", timeout) + u32("FRAG_BUDGET", budget) +
           u32("FRAG_PEER_BUDGET", peer))


def one():
    """A subscriber's ping in fragments."""
    return fam.cut(fam.l2tp(fam.ping()))


def orders():
    check("in order", one(), 1)
    check("reversed", one()[::-1], 1)
    a, b, c = one(), one(), one()
    check("interleaved", [x for t in zip(a, b[::-1], c) for x in t], 3)
    for _ in range(20):
        a = one() + one() + one()
        random.shuffle(a)
        for f in a:
            raw.send(f)
    settle()
    for i in range(3):
        a = one()
        check("a duplicate of %d" % i, a[:2] + a[:2][i % 2:i % 2 + 1] + a[2:], 1,
              frag_duplicate=1)
    # As by two routers, of which the second carries less.
    d, n = fam.l2tp(fam.ping()), 60000 + fam.tunnel * 100
    for middle in 8, 120, 248:
        end, n = 512 + middle, n + 1
        again = [fam.frag(d[:512], 0, 1, n), fam.frag(d[512:end], 512, 1, n),
                 fam.frag(d[end:], end, 0, n)]
        check("cut again, %d in between" % middle, again, 1)
        n += 1
        again = [fam.frag(d[:512], 0, 1, n), fam.frag(d[512:end], 512, 1, n),
                 fam.frag(d[end:], end, 0, n)]
        check("the same, reversed", again[::-1], 1)
    two = fam.cut(fam.l2tp(fam.ping()), 1024)
    check("two fragments", two, 1)
    check("two, reversed", two[::-1], 1)


def wrong():
    d = fam.l2tp(fam.ping())
    n = 70000 + fam.tunnel * 100
    f = fam.frag
    check("an overlap", [f(d[:512], 0, 1, n), f(d[504:1016], 504, 1, n),
                         f(d[1016:], 1016, 0, n)], frag_overlap=3)
    n += 1
    check("an overlap before", [f(d[512:1024], 512, 1, n), f(d[:520], 0, 1, n),
                                f(d[1024:], 1024, 0, n)], frag_overlap=3)
    start = time.monotonic()
    check("a missing one", one()[:2], frag_timeout=2)
    took = time.monotonic() - start
    assert 0.03 < took < 0.4, took
    check("the last only", one()[2:], frag_timeout=1)
    check("tiny pieces", fam.cut(d, 248), frag_tiny=6)
    long = fam.udp(bytes(17 * 256))
    check("too many pieces", fam.cut(long, 256), frag_too_many=18)
    check("no multiple of 8", fam.cut(d, 516)[:1], frag_length=1)
    n += 1
    check("two ends", [f(d[512:1024], 512, 0, n), f(d[1024:], 1024, 0, n),
                       f(d[:512], 0, 1, n)], frag_length=3)
    n += 1
    check("more behind the end", [f(d[512:1024], 512, 0, n),
                                  f(d[1024:1280], 1024, 1, n)], frag_length=2)
    check("beyond 65535", [f(bytes(512), 65528 - 256, 1, n + 1)], frag_length=1)
    check("UDP says more", fam.cut(fam.udp(bytes(1200), length=1300)),
          frag_udp_length=3)
    check("UDP says less", fam.cut(fam.udp(bytes(1200), length=1000)),
          frag_udp_length=3)
    n += 2
    check("ECN that cannot be", [f(d[:512], 0, 1, n, ecn=0), f(
        d[512:1024], 512, 1, n, ecn=3), f(d[1024:], 1024, 0, n)], frag_ecn=3)
    bad = bytearray(d)
    bad[200] ^= 1
    check("a wrong sum", fam.cut(bytes(bad)), 1, rx=0)
    short = struct.pack("!HHHHHH", 0x4002, 1500, fam.tunnel, 1, 0xff03, 0x21)
    check("L2TP says more", fam.cut(fam.udp(short + bytes(1000))), 1, rx=0,
          rx_length=1)
    if fam.v6:
        check("a fragment that is all", [f(fam.l2tp(fam.ping(600)), 0, 0, n)], 1)


def budgets():
    settings(2000, 1 << 20, 65536)
    halves = [fam.cut(fam.l2tp(fam.ping()), 1024)[0] for _ in range(200)]
    drops0 = system()[0]
    for h in halves:
        raw.send(h)
    drops, stats = reached(lambda d, s: d["frag_budget"] - drops0["frag_budget"] +
                           s["HELD"] == 200)
    assert stats["BYTES"] <= 65536 + 4096 and stats["HELD"] > 5, stats
    gone = drops["frag_budget"] - drops0["frag_budget"]
    assert gone + stats["HELD"] == 200, (gone, stats)
    # The newest are still there: drop-oldest.
    whole0 = stats["DATAGRAMS"]
    last = fam.cut(fam.l2tp(fam.ping()), 1024, ident=next_id)[1]
    raw.send(last)
    stats = reached(lambda d, s: s["DATAGRAMS"] > whole0)[1]
    assert stats["DATAGRAMS"] == whole0 + 1, stats
    settings(5, 1 << 20, 65536)
    settle()
    settings(50, 16 << 20, 256 << 10)
    print("ok: budget of a peer")


def namespace_budget():
    """Many peers hold all of it; one who comes gets his packet through."""
    settings(2000, 65536, 65536)
    for i in range(30):
        peer = "192.0.2.%d" % (100 + i)
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", fam.endpoint) +
               u16("TUNNEL_ID", 100 + i) + u16("PEER_TUNNEL_ID", 9) +
               ip("REMOTE", peer) + u16("REMOTE_PORT", 1701))
        for _ in range(10):
            raw.send(fam.cut(fam.udp(bytes(1200), peer), 1024, peer)[0])
    stats = system()[1]
    assert stats["BYTES"] <= 65536 + 8192 and stats["HELD"], stats
    rx = fam.rx()
    for f in one():
        raw.send(f)
    reached(lambda d, s: fam.rx() > rx)
    assert fam.rx() == rx + 1
    drops0, stats = system()
    for i in range(30):
        g.must("TUNNEL_DEL", u16("TUNNEL_ID", 100 + i))
    drops = system()[0]
    assert drops["frag_flushed"] - drops0["frag_flushed"] == stats["HELD"]
    assert settle() < 1
    settings(50, 16 << 20, 256 << 10)
    print("ok: budget of the namespace; removed tunnels")


def strangers():
    s = socket.socket(fam.af, socket.SOCK_DGRAM)
    s.bind((fam.us, 4000))
    s.settimeout(2)
    before = system()
    d = fam.udp(bytes(range(250)) * 5, fam.stranger, 4000)
    for f in fam.cut(d, 512, fam.stranger):
        raw.send(f)
    assert s.recv(4096) == d[8:]
    assert system() == before, "a stranger's fragments were taken"
    # A tunnel's peer, another port: whole, and to its socket.
    d = fam.udp(bytes(range(250)) * 5, port=4000)
    check("another port", fam.cut(d), 1, rx=0)
    assert s.recv(4096) == d[8:]
    s.close()
    print("ok: strangers, IPv%d" % (6 if fam.v6 else 4))


def flood():
    """Fragments by chance."""
    d = fam.udp(bytes(4000))
    frames = []
    for _ in range(3000):
        at, size = random.randrange(0, 4000, 8), random.choice([264, 512, 8, 1024, 100])
        frames.append(fam.frag(d[at:at + size], at, not at or random.randrange(2),
                               90000 + random.randrange(300)))
    frames += one() * 3
    random.shuffle(frames)
    check("a flood", frames, None)
    check("after the flood", fam.cut(fam.l2tp(fam.ping()), ident=60000), 1)


for fam in (Family("192.0.2.1", "192.0.2.2", "192.0.2.3", 17),
            Family("2001:db8::1", "2001:db8::2", "2001:db8::3", 18)):
    orders()
    wrong()
    budgets()
    if not fam.v6:
        namespace_budget()
    strangers()
    flood()

with open("/sys/class/net/adit0/adit/reassembly_timeout", encoding="ascii") as f:
    assert f.read() == "50\n"
for n in "TIMEOUT", "BUDGET", "PEER_BUDGET":
    assert g.ask("SYSTEM_SET", u32("FRAG_" + n, 1))[0], n
a = g.must("SYSTEM_GET")[0]
assert [number(a[A["FRAG_" + n]]) for n in ("TIMEOUT", "BUDGET", "PEER_BUDGET")] == \
    [50, 16 << 20, 256 << 10]
with open("/sys/class/net/adit0/adit/reassembly_bytes", encoding="ascii") as f:
    assert f.read() == "0\n"
print("ok: settings")


LIMIT = "/sys/class/net/adit0/adit/reassembly_"

# The files of the limits may be written, within netlink's bounds.
for name, least, most in (("timeout", 5, 2000), ("budget", 65536, 1 << 30),
                          ("peer_budget", 65536, 1 << 30)):
    for value in least, most:
        assert write(LIMIT + name, "%d\n" % value) == 0, (name, value)
        a = g.must("SYSTEM_GET")[0]
        assert number(a[A["FRAG_" + name.upper()]]) == value, (name, value)
    for bad in least - 1, most + 1, 1 << 32:
        assert write(LIMIT + name, str(bad)) == errno.ERANGE, (name, bad)
    for bad in "many", "-1", "5 6":
        assert write(LIMIT + name, bad) == errno.EINVAL, (name, bad)
    assert number(g.must("SYSTEM_GET")[0][A["FRAG_" + name.upper()]]) == most, name
assert write(LIMIT + "bytes", "0"), "a count was written"
settings(50, 16 << 20, 256 << 10)
print("ok: settings by their files")
