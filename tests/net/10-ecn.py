#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Outer DSCP and ECN, over IPv4 and IPv6: what a tunnel's data says outside, by the
tunnel and by the packet inside, terminated and switched; and what outer ECN does to
the packet inside (RFC 6040)."""

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, ip, load_module, mac, nest,
                  run, u8, u16, u32, unshare_net)
from wire import Dropped, Tap, ethertype, number, offloads, packet, udp

INHERIT = 64
CS6 = 0xc0
NOT_ECT, ECT1, ECT0, CE = range(4)
US4, US6 = "192.0.2.1", "2001:db8::1"

load_module()
unshare_net()
g = Genl()
for a, b in ("e0", "e1"), ("acc0", "acc1"):
    run("ip link add %s type veth peer name %s" % (a, b))
run("ip link add term0 type adit")
run("ip addr add %s/24 dev e0" % US4)
run("ip addr add %s/64 dev e0 nodad" % US6)
for dev in "e0", "e1", "acc0", "acc1", "term0":
    run("ip link set %s up" % dev)
offloads("e0", False)
wire, access = Tap("e1"), Tap("acc1")
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))


class Tunnel:
    """Session 1 of it is terminated, session 2 switched to a PPPoE client."""

    def __init__(self, us, peer, ident):
        self.us, self.peer, self.id, self.v6 = us, peer, ident, ":" in us
        run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
        g.must("ENDPOINT_NEW", ip("LOCAL", us))
        self.endpoint = endpoint_id(g)
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", self.endpoint) + self.key() +
               u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", peer) +
               u16("REMOTE_PORT", 1701))
        for i in 1, 2:
            g.must("SESSION_NEW", self.key() + u16("SESSION_ID", i) +
                   u16("PEER_SESSION_ID", i))
        self.sub4, self.sub6 = "10.0.0.%d" % ident, "fd00::%d" % ident
        addrs = b"".join(nest("ADDR", ip("PREFIX", a) + u8("PREFIX_LEN", n))
                         for a, n in ((self.sub4, 32), (self.sub6, 128)))
        g.must("BIND", self.link(1) + u32("TO_IFINDEX", ifindex("term0")) +
               nest("ADDRS", addrs))
        pppoe = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", ident)
        g.must("PPPOE_NEW", pppoe + attr("MAC", mac("acc1")))
        g.must("BIND", self.link(2) + nest("TO_LINK", pppoe))
        for a in self.sub4, self.sub6:
            run("ip route add %s dev term0 src %s" % (a, US6 if ":" in a else US4))

    def key(self):
        return u16("TUNNEL_ID", self.id)

    def link(self, session):
        return nest("LINK", self.key() + u16("SESSION_ID", session))

    def set(self, dscp, ecn):
        g.must("TUNNEL_SET", self.key() + u8("DSCP", dscp) + u8("ECN", ecn))
        t = g.must("TUNNEL_GET", self.key())[0]
        assert (t[A["DSCP"]], t[A["ECN"]]) == (bytes([dscp]), bytes([ecn]))

    def out(self):
        """(TOS outside, PPP frame) of the one datagram that was sent."""
        o, = wire.l2tp(self.v6)
        return o.tos, o.payload()[6:]

    def down(self, tos, v6):
        """A packet for the subscriber; what it has outside."""
        s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
        if v6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
        else:
            s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
        s.sendto(b"down", (self.sub6 if v6 else self.sub4, 4000))
        s.close()
        outside, frame = self.out()
        inner = (frame[4] & 15) << 4 | frame[5] >> 4 if v6 else frame[5]
        assert inner == tos, "the packet inside was changed"
        return outside

    def client(self, frame):
        """A frame of the PPPoE client; what it has outside."""
        access.send(mac("acc0") + mac("acc1") + b"\x88\x64" + struct.pack(
            "!BBHH", 0x11, 0, self.id, len(frame)) + frame)
        outside, sent = self.out()
        assert sent == b"\xff\x03" + frame
        return outside

    def up(self, session, frame, tos):
        """From the peer."""
        l2tp = struct.pack("!HHH", 2, self.id, session) + frame
        outer = packet(self.peer, self.us, udp(self.peer, self.us, l2tp), tos)
        wire.send(mac("e0") + bytes.fromhex("020000000002") + ethertype(outer) + outer)


def ppp(inner):
    return (b"\0\x57" if inner[0] >> 4 == 6 else b"\0\x21") + inner


def outside(t):
    """DSCP and ECN on the way out."""
    lcp = bytes.fromhex("0905000800000000")
    for dscp, ecn, tos, want in (
            (0, 0, 0xba, 0), (46, 0, 0x03, 0xb8), (46, 1, 0x02, 0xba),
            (46, 1, 0xb8, 0xb8), (INHERIT, 0, 0xbb, 0xb8), (INHERIT, 1, 0xbb, 0xbb),
            (INHERIT, 1, 0, 0), (0, 1, 0xfd, 0x01)):
        t.set(dscp, ecn)
        for v6 in False, True:
            assert t.down(tos, v6) == want, (dscp, ecn, tos, v6)
            src, dst = (t.sub6, US6) if v6 else (t.sub4, US4)
            got = t.client(ppp(packet(src, dst, udp(src, dst, b"up"), tos)))
            assert got == want, (dscp, ecn, tos, v6, got)
        for proto in b"\xc0\x21", b"\xc2\x23", b"\x80\x21":
            assert t.client(proto + lcp) == CS6, (dscp, ecn, proto)
        # A network's that is not IP: as the tunnel says.
        assert t.client(b"\0\x2f" + bytes(8)) == (CS6 if dscp == INHERIT else dscp << 2)
        assert t.client(b"\0\x21") == dscp % INHERIT << 2, "a frame without a packet"
        g.must("INJECT", u32("ENDPOINT_ID", t.endpoint) + ip("REMOTE", t.peer) +
               u16("REMOTE_PORT", 1701) +
               attr("FRAME", bytes.fromhex("c802000c0009000000000000")))
        assert wire.l2tp(t.v6)[0].tos == CS6, "control"
    print("ok: on its way out, IPv%d" % (6 if t.v6 else 4))


# Inner, and what it is for each outer one; None: dropped.
RFC6040 = {
    NOT_ECT: {NOT_ECT: NOT_ECT, ECT0: NOT_ECT, ECT1: NOT_ECT, CE: None},
    ECT0: {NOT_ECT: ECT0, ECT0: ECT0, ECT1: ECT1, CE: CE},
    ECT1: {NOT_ECT: ECT1, ECT0: ECT1, ECT1: ECT1, CE: CE},
    CE: {NOT_ECT: CE, ECT0: CE, ECT1: CE, CE: CE},
}


def receive(s):
    """(payload, TOS), or None."""
    try:
        data, extra, _, _ = s.recvmsg(100, 100, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    return data, number(extra[0][2])


def listener(v6):
    s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((US6 if v6 else US4, 5000))
    if v6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    return s


def inside(t):
    """ECN on the way in; each frame in each form."""
    for v6 in False, True:
        s = listener(v6)
        src, dst = (t.sub6, US6) if v6 else (t.sub4, US4)
        for inner, row in RFC6040.items():
            inner |= 0x28
            p = packet(src, dst, udp(src, dst, b"up", 5000, 5000), inner)
            forms = b"\xff\x03" + ppp(p), ppp(p), ppp(p)[1:]
            for outer, want in row.items():
                for form in forms:
                    with Dropped(g, **({"rx_ecn": 1} if want is None else {})):
                        t.up(1, form, 0xb8 | outer)
                    got = receive(s)
                    assert got == (None if want is None else (b"up", 0x28 | want)), \
                        (inner, outer, want, got)
        s.close()
        p = ppp(packet(src, dst, b"x", ECT0))
        access.frames(b"\x88\x64")
        t.up(2, b"\xff\x03" + p, CE)
        frame, = access.frames(b"\x88\x64", 2)
        assert frame[20:20 + len(p)] == p, "a switched frame was opened"
        with Dropped(g, rx_malformed_ip=1):
            t.up(1, ppp(p[2:16]), CE)
    print("ok: on its way in, IPv%d" % (6 if t.v6 else 4))


for tunnel in Tunnel(US4, "192.0.2.2", 17), Tunnel(US6, "2001:db8::2", 18):
    outside(tunnel)
    inside(tunnel)
for name, value in ("DSCP", 65), ("ECN", 2):
    assert g.ask("TUNNEL_SET", u16("TUNNEL_ID", 17) + u8(name, value))[0] == 34, name
