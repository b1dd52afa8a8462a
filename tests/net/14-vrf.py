#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Endpoints in two VRFs with the same addresses, ours and the peers': each is its own,
for data and control, fragments and ICMP, both ways."""

import errno
import fcntl
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import A, Genl, attr, ifindex, ip, load_module, nest, parse, u8, u16, u32
from wire import Dropped, Net, Tap, csum, ethertype, ips, make_nets, number, packet, udp

HOST = "203.0.113.1"
CONTROL = bytes.fromhex("c802000c0000000000000000")

load_module()
make_nets("red", "blue")
ips("link add term0 type adit\nlink set term0 up\naddr add %s/32 dev lo\n" % HOST)
for n, name in enumerate(("red", "blue")):
    ips("""
link add {0} type vrf table {1}
link set {0} up
link add {0}0 type veth peer name p0 netns {0}
link set {0}0 master {0}
link set {0}0 up
addr add 192.0.2.1/24 dev {0}0
addr add 2001:db8::1/64 dev {0}0 nodad
""".format(name, 10 + n))
    ips("""
link set p0 up
addr add 192.0.2.2/24 dev p0
addr add 2001:db8::2/64 dev p0 nodad
""", name)
g, ears = Genl(), Genl()
ears.must("LISTEN", u32("CLASSES", 1))
ears.sock.settimeout(1)


class Leg:
    """The tunnel in one VRF."""

    def __init__(self, vrf, us, peer, ident):
        self.vrf, self.us, self.peer, self.id = vrf, us, peer, ident
        self.v6 = ":" in us
        new = ip("LOCAL", us) + u32("IFINDEX", ifindex(vrf))
        reply = g.must("ENDPOINT_NEW", new)[0]
        self.endpoint = number(reply[A["ENDPOINT_ID"]])
        assert number(reply[A["IFINDEX"]]) == ifindex(vrf)
        assert g.ask("ENDPOINT_NEW", new)[0] == errno.EEXIST
        tunnel = u16("TUNNEL_ID", ident)
        session = tunnel + u16("SESSION_ID", 1)
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", self.endpoint) + tunnel +
               u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", peer) +
               u16("REMOTE_PORT", 1701) + u8("DF", 2))
        g.must("SESSION_NEW", session + u16("PEER_SESSION_ID", 1))
        self.sub = "10.0.0.%d" % ident
        g.must("BIND", nest("LINK", session) + u32("TO_IFINDEX", ifindex("term0")) +
               nest("ADDRS", nest("ADDR", ip("PREFIX", self.sub) +
                                  u8("PREFIX_LEN", 32))))
        ips("route add %s dev term0 src %s\n" % (self.sub, HOST))
        with Net(vrf):
            self.wire = Tap("p0")
            theirs = mac_of("p0")
        self.eth = mac_of(vrf + "0") + theirs
        self.head = 58 if self.v6 else 38

    def frame(self, tunnel, inner):
        l2tp = struct.pack("!HHHHH", 2, tunnel, 1, 0xff03, 0x21) + inner
        outer = packet(self.peer, self.us, udp(self.peer, self.us, l2tp))
        return self.eth + ethertype(outer) + outer

    def up(self, size=40):
        return packet(self.sub, HOST, udp(self.sub, HOST, bytes(size), 5000, 5000))

    def sent(self, wait=2.0):
        return [o.body[8:] for o in self.wire.l2tp(self.v6, wait)]

    def path_mtu(self):
        t = g.must("TUNNEL_GET", u16("TUNNEL_ID", self.id))[0]
        return number(t.get(A["PATH_MTU"], b""))


def mac_of(dev):
    """Of this namespace's, whatever /sys is of."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return fcntl.ioctl(s, 0x8927, struct.pack("40s", dev.encode()))[18:24]


def down(leg, other):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"down", (leg.sub, 4000))
    got, = leg.sent()
    assert got[:6] == struct.pack("!HHH", 2, 9, 1) and got.endswith(b"down")
    g.must("INJECT", u32("ENDPOINT_ID", leg.endpoint) + ip("REMOTE", leg.peer) +
           u16("REMOTE_PORT", 1701) + attr("FRAME", CONTROL))
    assert leg.sent() == [CONTROL]
    assert not other.sent(0), "in the other VRF"
    punt = parse(ears.sock.recv(8192)[20:])
    assert number(punt[A["ENDPOINT_ID"]]) == leg.endpoint
    assert number(punt[A["ERROR"]]) == errno.ECONNREFUSED


def up(leg, other, s):
    with Dropped(g):
        leg.wire.send(leg.frame(leg.id, leg.up()))
    assert s.recvfrom(100)[1] == (leg.sub, 5000)
    with Dropped(g, rx_peer_mismatch=1):
        leg.wire.send(leg.frame(other.id, other.up()))
    message = CONTROL[:4] + struct.pack("!H", leg.id) + CONTROL[6:]
    outer = packet(leg.peer, leg.us, udp(leg.peer, leg.us, message))
    leg.wire.send(leg.eth + ethertype(outer) + outer)
    punt = parse(ears.sock.recv(8192)[20:])
    assert number(punt[A["ENDPOINT_ID"]]) == leg.endpoint
    assert punt[A["FRAME"]] == message


def fragments(legs, s):
    """Of both VRFs, under the same id, one after the other."""
    halves = []
    for leg in legs:
        p = leg.frame(leg.id, leg.up(1000))[14:]
        at = 40 if leg.v6 else 20
        body, cut = p[at:], 520
        for offset, more, part in (0, 1, body[:cut]), (cut, 0, body[cut:]):
            if leg.v6:
                h = p[:4] + struct.pack("!HBB", 8 + len(part), 44, 64) + p[8:40]
                h += struct.pack("!BBHI", 17, 0, offset | more, 77)
            else:
                h = p[:2] + struct.pack("!HHH", 20 + len(part), 77,
                                        offset // 8 | more << 13) + p[8:10]
                h += b"\0\0" + p[12:20]
                h = h[:10] + struct.pack("!H", csum(h)) + h[12:]
            halves.append((offset, leg, leg.eth + ethertype(p) + h + part))
    with Dropped(g):
        for _, leg, frame in sorted(halves, key=lambda h: h[0]):
            leg.wire.send(frame)
    assert sorted(s.recvfrom(2000)[1][0] for _ in legs) == [x.sub for x in legs]


def path_mtu(leg, other):
    """An ICMP in one VRF is of the path in it."""
    l2tp = struct.pack("!HHHH", 2, 9, 1, 0xff03) + bytes(1400)
    quote = packet(leg.us, leg.peer, udp(leg.us, leg.peer, l2tp), df=1)[:1000]
    with Net(leg.vrf):
        raw = socket.socket(socket.AF_INET6 if leg.v6 else socket.AF_INET,
                            socket.SOCK_RAW, 58 if leg.v6 else 1)
    m = struct.pack("!BBHI", 2, 0, 0, 1390) if leg.v6 else \
        struct.pack("!BBHHH", 3, 4, 0, 0, 1390)
    m += quote
    if not leg.v6:
        m = m[:2] + struct.pack("!H", csum(m)) + m[4:]
    with Dropped(g):
        raw.sendto(m, (leg.us, 0))
        time.sleep(0.01)
    raw.close()
    assert (leg.path_mtu(), other.path_mtu()) == (1390, 0)
    for x, want in (leg, 1390 - leg.head), (other, 1500 - other.head):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.IPPROTO_IP, 10, 2)
            s.connect((x.sub, 4000))
            with Dropped(g, tx_mtu=1):
                s.send(bytes(1472))
            assert s.getsockopt(socket.IPPROTO_IP, 14) == want, (x.vrf, want)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
    sink.bind((HOST, 5000))
    sink.settimeout(2)
    for pair in (("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")):
        first = 17 + 2 * (":" in pair[0])
        red, blue = Leg("red", *pair, first), Leg("blue", *pair, first + 1)
        for a, b in (red, blue), (blue, red):
            down(a, b)
            up(a, b, sink)
        fragments((red, blue), sink)
        path_mtu(red, blue)
        print("ok: two VRFs, %s" % pair[0])
