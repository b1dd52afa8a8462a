#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Sizes where IP is terminated, of L2TP and of PPPoE: what is bigger than a
subscriber's MTU is cut or comes back as "fragmentation needed" or "packet too big", or
is dropped, where there is no room to cut it for; how
often somebody is told of what is for nobody is for the stack to say; what is bigger than
our MRU is dropped, control frames apart."""

import os
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest, parse, run, u8,
                  u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (LCP, P4, P6, STAT, Wire, drops, ether, ip, l2tp, number, ppp, udp)

PEER_MAC = bytes.fromhex("020000000002")
HOST_MAC = bytes.fromhex("020000000003")
load_module()
unshare_net()
g = Genl()
for pair in ("e0 type veth peer name e1", "c0 type veth peer name c1",
             "a0 type veth peer name a1", "term0 type adit"):
    run("ip link add " + pair)
run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
run("ip addr add 192.0.2.1/24 dev e0")
run("ip addr add 198.51.100.1/24 dev c0")
run("ip addr add 2001:db8:9::1/64 dev c0 nodad")
for dev in "e0", "e1", "c0", "c1", "a0", "a1", "term0":
    run("ip link set %s up" % dev)
for dev in "e0", "e1":
    run("ip link set %s mtu 1700" % dev)
run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
for host in "198.51.100.9", "2001:db8:9::9":
    run("ip neigh add %s lladdr 02:00:00:00:00:03 dev c0" % host)
run("ip route add 10.0.0.0/24 dev term0")
run("ip route add 2001:db8:1::/48 dev term0")
core, host, access = Wire("e1"), Wire("c1"), Wire("a1")
E0, C0 = mac("e0"), mac("c0")
g.must("ENDPOINT_NEW", ip_attr("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 9) + ip_attr("REMOTE", "192.0.2.2") +
       u16("REMOTE_PORT", 1701))
HERE = {s: ("10.0.0.%d" % s, "2001:db8:1::%d" % s) for s in (1, 2, 3)}
NOBODY = "10.0.0.77", "2001:db8:1::77"
THERE = "198.51.100.9", "2001:db8:9::9"


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


def bind(s, more, link=None):
    addrs = b"".join(nest("ADDR", ip_attr("PREFIX", a) + u8(
        "PREFIX_LEN", 128 if ":" in a else 32)) for a in HERE[s])
    g.must("BIND", nest("LINK", link or ids(s)) + u32("TO_IFINDEX", ifindex("term0")) +
           nest("ADDRS", addrs) + more)


for n in 1, 2:
    g.must("SESSION_NEW", ids(n) + u16("PEER_SESSION_ID", n))
bind(1, u16("MTU", 1400) + u16("MRU", 1400))
bind(2, u16("MTU", 1492))
PPPOE = u32("IFINDEX", ifindex("a0")) + u16("SESSION_ID", 7)
g.must("PORT_NEW", u32("IFINDEX", ifindex("a0")))
g.must("PPPOE_NEW", PPPOE + attr("MAC", mac("a1")))
bind(3, b"", PPPOE)


def down(s, v6, size, df=1):
    """From the host to a subscriber: a packet of that size."""
    head = 48 if v6 else 28
    p = udp(THERE[v6], HERE[s][v6], os.urandom(size - head), df=df)
    assert len(p) == size
    host.send(ether(C0, HOST_MAC, 0x86dd if v6 else 0x800, p))
    return p


def arrived(want):
    """IP packets in L2TP, and what the host got; until so many came."""
    subscriber, back = [], []
    end = time.monotonic() + 2
    while len(subscriber) + len(back) < want and time.monotonic() < end:
        subscriber += [f[14 + 28 + 10:] for f in core.frames() if len(f) > 60]
        subscriber += [f[22:] for f in access.frames() if f[12:14] == b"\x88\x64"]
        back += [f[14:] for f in host.frames() if f[:6] == HOST_MAC]
        time.sleep(0.003)
    return subscriber, back


def sizes(*mtus):
    """Each subscriber's own MTU."""
    for s, mtu in mtus:
        for v6 in 0, 1:
            sent = down(s, v6, mtu)
            got, back = arrived(1)
            # The hop limit is one less, and IPv4's header sum another.
            assert len(got) == 1 and not back, (s, v6, got, back)
            assert got[0][20:] == sent[20:] and len(got[0]) == mtu
            d = drops(g)["tx_mtu"]
            sent = down(s, v6, mtu + 1)
            got, back = arrived(1)
            assert not got and len(back) == 1, (s, v6, len(got), len(back))
            assert drops(g)["tx_mtu"] == d + 1
            error(v6, back[0], sent, mtu)
    print("ok: too big, %s" % (mtus,))


def error(v6, p, sent, mtu):
    if v6:
        kind, code, told = struct.unpack_from("!BBxxI", p, 40)
        assert (p[6], kind, code, told) == (58, 2, 0, mtu), p.hex()
        # As much of what came as fits, behind the hop limit.
        assert p[48 + 8:48 + 100] == sent[8:100]
    else:
        kind, code, told = struct.unpack_from("!BBxxxxH", p, 20)
        assert (p[9], kind, code, told) == (1, 3, 4, mtu), p.hex()
        assert p[28 + 12:28 + 28] == sent[12:28]


def cut(s, mtu):
    """IPv4 that may be cut is."""
    for size, pieces in ((mtu + 1, 2), (1500, 2)):
        sent = down(s, 0, size, df=0)
        got, back = arrived(pieces)
        assert len(got) == pieces and not back, (size, len(got), len(back))
        assert all(len(p) <= mtu for p in got)
        assert b"".join(p[20:] for p in got) == sent[20:]
    print("ok: cut")


def narrow():
    """A path that nobody can be cut to: header and a few bytes of data do not fit."""
    g.must("TUNNEL_SET", u16("TUNNEL_ID", 17) + u8("DF", 1))
    g.must("SESSION_SET", ids(2) + u8("SEQ", 1))
    # Outer IP and UDP, L2TP with numbers, PPP: 42.
    for mtu, pieces in ((42 + 68, 3), (42 + 67, 0), (68, 0)):
        run("ip link set e0 mtu %d" % mtu)
        d = drops(g)["tx_mtu"]
        sent = down(2, 0, 150, df=0)
        if pieces:
            got = arrived(pieces)[0]
            assert len(got) == pieces and drops(g)["tx_mtu"] == d, (mtu, len(got))
            assert b"".join(p[24:] for p in got) == sent[20:], mtu
        else:
            until = time.monotonic() + 2
            while drops(g)["tx_mtu"] == d:
                assert time.monotonic() < until, mtu
                time.sleep(0.003)
            assert drops(g)["tx_mtu"] == d + 1 and not core.frames(), mtu
            host.frames()
    run("ip link set e0 mtu 1700")
    g.must("TUNNEL_SET", u16("TUNNEL_ID", 17) + u8("DF", 0))
    g.must("SESSION_SET", ids(2) + u8("SEQ", 0))
    print("ok: a path too narrow to cut for")


def rates():
    """The stack tells of every packet that is too big, for senders need to know, and
    of few that are for nobody; each is counted."""
    for v6 in 0, 1:
        for where, reason, least, most in ((HERE[1], "tx_mtu", 50, 50),
                                           (NOBODY, "tx_no_link", 1, 20)):
            time.sleep(1.1)
            core.frames(), host.frames()
            d = drops(g)[reason]
            for _ in range(50):
                p = udp(THERE[v6], where[v6], bytes(1450 - (48 if v6 else 28)), df=1)
                host.send(ether(C0, HOST_MAC, 0x86dd if v6 else 0x800, p))
            time.sleep(0.05)
            assert drops(g)[reason] - d == 50, reason
            back = [f for f in host.frames() if f[:6] == HOST_MAC]
            assert least <= len(back) <= most, (v6, reason, len(back))
            kinds = {f[14 + 40] if v6 else f[14 + 20] for f in back}
            assert kinds == ({3} if not v6 else {2} if least > 1 else {1}), kinds
            assert not core.frames()
            print("ok: %s: %d of 50 told of, IPv%d" % (
                reason, len(back), 6 if v6 else 4))


def received(s):
    a = g.must("SESSION_GET", ids(s))[0]
    stats = parse(a[A["STATS"]])
    return number(stats[STAT["RX_PACKETS"]]) + number(stats[STAT["RX_CONTROL"]])


def mru():
    def up(s, p, proto):
        core.send(ether(E0, PEER_MAC, 0x800, udp(
            "192.0.2.2", "192.0.2.1", l2tp(17, s, b"\xff\3" + ppp(proto, p)))))

    for v6 in 0, 1:
        for s, size, ok in ((1, 1400, 1), (1, 1401, 0), (1, 1440, 0), (2, 1440, 1)):
            p = udp(HERE[s][v6], THERE[v6], bytes(size - (48 if v6 else 28)))
            n, d = received(s), drops(g)["rx_mru"]
            core.frames(), host.frames()
            up(s, p, P6 if v6 else P4)
            if ok:
                back = arrived(1)[1]
                assert len(back) == 1 and len(back[0]) == size, (v6, s, size)
            time.sleep(0.005)
            assert received(s) - n == ok, (v6, s, size)
            assert drops(g)["rx_mru"] - d == 1 - ok, (v6, s, size)
    # RFC 1661 6.1: what is no IP is taken at any size.
    d = drops(g)
    up(1, bytes(1440), LCP)
    time.sleep(0.01)
    assert drops(g)["punt_no_listener"] == d["punt_no_listener"] + 1
    assert drops(g)["rx_mru"] == d["rx_mru"]
    shown = [g.must("SESSION_GET", ids(s))[0].get(A["MRU"]) for s in (1, 2)]
    assert shown == [struct.pack("=H", 1400), None], shown
    print("ok: MRU")


arrived(0)
sizes((1, 1400), (2, 1492))
cut(1, 1400)
# The port's MTU, without the PPPoE header and PPP's protocol, as it is now.
sizes((3, 1492))
cut(3, 1492)
run("ip link set a0 mtu 1400")
sizes((3, 1392))
cut(3, 1392)
narrow()
rates()
mru()
