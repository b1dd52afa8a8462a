#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""The MSS of TCP connections: clamped where IP is terminated, by a word of the
binding where it is switched; both ways, both families, SYNs only. Whatever the
options are like, nothing else of a packet changes and a right sum stays right."""

import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest, run,
                  u8, u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (P4, P6, Wire, csum, ether, ip, l2tp, number, ppp, pppoe, pseudo, tcp,
                  udp)

SYN, ACK, RST = 2, 16, 4
MTU = 1400
PEER_MAC = bytes.fromhex("020000000002")
random.seed(6)
load_module()
unshare_net()
g = Genl()
for pair in "e0 type veth peer name e1", "acc0 type veth peer name acc1", \
        "term0 type adit":
    run("ip link add " + pair)
run("ip addr add 192.0.2.1/24 dev e0")
for dev in "e0", "e1", "acc0", "acc1", "term0":
    run("ip link set %s up" % dev)
run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
core, access, term = Wire("e1"), Wire("acc1"), Wire("term0")
E0, ACC0, ACC1 = mac("e0"), mac("acc0"), mac("acc1")
g.must("ENDPOINT_NEW", ip_attr("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 9) + ip_attr("REMOTE", "192.0.2.2") +
       u16("REMOTE_PORT", 1701))
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))
PPPOE = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", 7)
g.must("PPPOE_NEW", PPPOE + attr("MAC", ACC1))
# Subscriber and the other side, by family.
HERE, THERE = {4: "10.0.0.2", 6: "2001:db8:1::2"}, {4: "198.51.100.1", 6: "2001:db8:9::1"}


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


for s in 1, 2:
    g.must("SESSION_NEW", ids(s) + u16("PEER_SESSION_ID", s))


def clamped():
    return number(g.must("SYSTEM_GET")[0][A["MSS_CLAMPED"]])


def bind_term(more=b""):
    addrs = b"".join(nest("ADDR", ip_attr("PREFIX", a) + u8("PREFIX_LEN", n))
                     for a, n in ((HERE[4], 32), (HERE[6], 128)))
    g.must("BIND", nest("LINK", ids(1)) + u32("TO_IFINDEX", ifindex("term0")) +
           nest("ADDRS", addrs) + u16("MTU", MTU) + more)


def bind_link(more=b""):
    g.must("BIND", nest("LINK", PPPOE) + nest("TO_LINK", ids(2)) + more)


def proto_of(packet):
    return P6 if packet[0] >> 4 == 6 else P4


def framed(packet, session):
    """A subscriber's packet in L2TP."""
    return ether(E0, PEER_MAC, 0x800, udp("192.0.2.2", "192.0.2.1", l2tp(
        17, session, b"\xff\3" + ppp(proto_of(packet), packet))))


def up(packet):
    core.send(framed(packet, 1))
    return term, lambda f: f


def down(packet):
    # A packet socket on the device sends into it as the stack does.
    term.sock.sendto(packet, ("term0", 0x86dd if packet[0] >> 4 == 6 else 0x800))
    return core, lambda f: f[14 + 28 + 10:]


def lac_up(packet):
    access.send(ether(ACC0, ACC1, 0x8864, pppoe(7, ppp(proto_of(packet), packet))))
    return core, lambda f: f[14 + 28 + 10:]


def lac_down(packet):
    core.send(framed(packet, 2))
    return access, lambda f: f[14 + 8:]


def through(way, packet):
    for w in core, access, term:
        w.frames()
    wire, strip = way(packet)
    for _ in range(200):
        got = wire.frames()
        if got:
            return strip(got[0])
        time.sleep(0.005)
    raise AssertionError("lost: %s %s" % (way.__name__, packet.hex()))


def value_at(packet, at):
    """Where in the TCP header at `at` the MSS stands, by RFC 9293 3.1; or None."""
    end = min(at + (packet[at + 12] >> 4) * 4, len(packet))
    i = at + 20
    if not packet[at + 13] & SYN:
        return None
    while i < end and packet[i]:
        if packet[i] == 1:
            i += 1
            continue
        if i + 2 > end or packet[i + 1] < 2 or i + packet[i + 1] > end:
            return None
        if packet[i] == 2:
            return i + 2 if packet[i + 1] == 4 else None
        i += packet[i + 1]
    return None


def sum_ok(packet, v6):
    body = packet[40 if v6 else 20:]
    src, dst = (HERE[6], THERE[6]) if v6 else (HERE[4], THERE[4])
    return csum(pseudo(src, dst, 6, len(body)) + body) == 0


def check(way, v6, packet, mss):
    """mss: IPv4's clamp, 0: none."""
    at = value_at(packet, 40 if v6 else 20)
    want, limit = packet, mss - 20 if v6 else mss
    if mss and at and struct.unpack_from("!H", packet, at)[0] > limit:
        want = packet[:at] + struct.pack("!H", limit) + packet[at + 2:]
    n = clamped()
    got = through(way, packet)
    sums = 16 + (40 if v6 else 20)
    assert got[:sums] + got[sums + 2:] == want[:sums] + want[sums + 2:], \
        (way.__name__, packet.hex(), got.hex())
    assert clamped() - n == (want != packet)
    if want == packet:
        assert got == packet, (way.__name__, packet.hex(), got.hex())
    else:
        assert sum_ok(got, v6) or not sum_ok(packet, v6), (packet.hex(), got.hex())
    return want != packet


def addresses(way, v6):
    """The subscriber's first, upstream."""
    f = 6 if v6 else 4
    pair = HERE[f], THERE[f]
    return pair if way in (up, lac_up) else pair[::-1]


def mss(value):
    return struct.pack("!BBH", 2, 4, value)


NOP, END, SACK, TS = b"\1", b"\0", b"\4\2", b"\x08\x0a" + bytes(8)
GOOD = [mss(1460), NOP + mss(1460), NOP * 2 + mss(9000), NOP * 3 + mss(1461), mss(65535),
        SACK + TS + mss(1460), NOP + SACK + mss(1460), SACK + NOP + TS + mss(1500),
        TS * 3 + mss(1460), mss(1460) + mss(1461), NOP * 36 + mss(1460), mss(1361)]
SAME = [b"", mss(1000), mss(0), mss(1), END + mss(1460), b"\2\3\5" + NOP, b"\2\5\5\xb4\0",
        b"\2", b"\2\4", b"\2\4\1", b"\5\0" + mss(1460), b"\5\1" + mss(1460),
        b"\5\xff" + mss(1460), b"\2\0\2\0\2\0", NOP * 40, b"\xff\xff" * 20,
        b"\2\x28" + bytes(38), b"\5\x29" + bytes(37)]


def options(way, limit):
    changed = 0
    for v6 in False, True:
        src, dst = addresses(way, v6)
        for flags in SYN, SYN | ACK:
            for o in GOOD:
                assert check(way, v6, tcp(src, dst, flags, o), limit), o
            for o in SAME:
                assert not check(way, v6, tcp(src, dst, flags, o), limit), o
        for flags in 0, ACK, RST, 0xfd:
            assert not check(way, v6, tcp(src, dst, flags, mss(1460)), limit)
        for off in range(16):
            check(way, v6, tcp(src, dst, SYN, SACK + NOP + mss(1460), off=off), limit)
        # Data that looks like an option is none.
        assert not check(way, v6, tcp(src, dst, SYN, b"", mss(1460)), limit)
        # A header that is cut off, and what is not TCP.
        head = 40 if v6 else 20
        whole = tcp(src, dst, SYN, mss(1460))
        for n in range(0, len(whole) - head, 3):
            p = ip(src, dst, 6, whole[head:head + n])
            assert through(way, p) == p
        p = ip(src, dst, 17, whole[head:])
        assert through(way, p) == p
        for _ in range(60):
            o = b"".join(random.choice(
                [NOP, SACK, TS, END, mss(random.randrange(65536)),
                 os.urandom(1), b"\2", bytes([random.randrange(256),
                                              random.randrange(6)])])
                for _ in range(random.randrange(8)))[:40]
            changed += check(way, v6, tcp(src, dst, SYN, o), limit)
    assert changed > 5, changed
    print("ok: %s, clamped to %d" % (way.__name__, limit))


def fragments():
    """Only the first has the header."""
    src, dst = addresses(lac_up, False)
    whole = tcp(src, dst, SYN, mss(1460))
    for bits, same in ((0x2000, False), (0x2001, True), (1, True), (0x1fff, True)):
        p = whole[:6] + struct.pack("!H", bits) + b"\x40\6\0\0" + whole[12:]
        p = p[:10] + struct.pack("!H", csum(p[:20])) + p[12:]
        assert (through(lac_up, p) == p) == same, hex(bits)
    # IPv4 options before TCP.
    p = whole[20:]
    p = struct.pack("!BBHHHBBH", 0x47, 0, 28 + len(p), 1, 0, 64, 6, 0) + whole[12:20] + \
        NOP * 8 + p
    p = p[:10] + struct.pack("!H", csum(p[:28])) + p[12:]
    got = through(lac_up, p)
    assert got[50:52] == struct.pack("!H", 1200) and got[:44] == p[:44], got.hex()
    # An IPv6 extension header: not looked behind.
    src, dst = addresses(lac_up, True)
    p = ip(src, dst, 0, b"\6\0\1\4\0\0\0\0" + tcp(src, dst, SYN, mss(1460))[40:])
    assert through(lac_up, p) == p
    print("ok: fragments, extension headers")


def settings():
    src, dst = addresses(up, False)
    p = tcp(src, dst, SYN, mss(1460))
    shown = lambda: number(g.must("SESSION_GET", ids(1))[0].get(A["MSS"], b""))
    bind_term()
    assert shown() == MTU - 40
    bind_term(u16("MSS", 0))
    assert shown() == 0 and through(up, p) == p
    bind_term(u16("MSS", 64))
    assert shown() == 64 and through(up, p)[42:44] == b"\0\x40"
    err, text, _ = g.ask("BIND", nest("LINK", ids(1)) + u16("MSS", 63) +
                         u32("TO_IFINDEX", ifindex("term0")))
    assert err == 22 and "mss" in text, text
    assert shown() == 64
    g.must("BIND", nest("LINK", ids(1)))
    assert shown() == 0
    bind_link()
    p = tcp(*addresses(lac_up, False), SYN, mss(1460))
    assert through(lac_up, p) == p
    bind_link(u16("MSS", 1200))
    assert through(lac_up, p) != p
    # The partner's new binding is without it.
    g.must("BIND", nest("LINK", ids(2)))
    bind_link()
    assert through(lac_up, p) == p
    # So is whoever had it until now, when another one takes his partner.
    bind_link(u16("MSS", 1200))
    g.must("BIND", nest("LINK", ids(2)) + nest("TO_LINK", ids(1)))
    assert A["MSS"] not in g.must("PPPOE_GET", PPPOE)[0]
    g.must("BIND", nest("LINK", ids(2)))
    with open("/sys/class/net/adit0/adit/mss_clamped", encoding="ascii") as f:
        assert int(f.read()) == clamped()
    print("ok: settings")


bind_term()
options(up, MTU - 40)
options(down, MTU - 40)
bind_link(u16("MSS", 1200))
options(lac_up, 1200)
options(lac_down, 1200)
fragments()
settings()
