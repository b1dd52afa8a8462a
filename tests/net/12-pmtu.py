#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""A router of small MTU on the way to the peer: by the tunnel's DF, data is cut
outside, or the path's MTU is learned and the server behind us hears of it, for both
families inside and outside. An invented ICMP is not believed.

	srv s0 -- s1 us e0 -- e1 r f0 -- f1 peer
"""

import errno
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import A, Genl, endpoint_id, ifindex, ip, load_module, nest, run, u8, u16, u32
from wire import (Dropped, Net, Outer, Tap, csum, drops, ips, make_nets, number,
                  packet, udp)

OFF, ON, INHERIT = range(3)
DONT, DO = 0, 2    # IP_MTU_DISCOVER

load_module()
make_nets("srv", "r", "peer")
ips("""
link add e0 type veth peer name e1 netns r
link add s1 type veth peer name s0 netns srv
link add term0 type adit
link set e0 up
link set s1 up
link set term0 up
addr add 192.0.2.1/24 dev e0
addr add 192.0.2.5/24 dev e0
addr add 203.0.113.1/24 dev s1
addr add 2001:db8:1::1/64 dev e0 nodad
addr add 2001:db8:3::1/64 dev s1 nodad
""")
for name in "r", "peer", "srv":
    run("ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 "
        "net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 "
        "net.ipv6.icmp.ratelimit=0" % name)
run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 "
    "net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0")
ips("""
link add f0 type veth peer name f1 netns peer
link set e1 up
link set f0 up mtu 1400
addr add 192.0.2.254/24 dev e1
addr add 198.51.100.254/24 dev f0
addr add 2001:db8:1::fe/64 dev e1 nodad
addr add 2001:db8:2::fe/64 dev f0 nodad
""", "r")
ips("""
link set f1 up mtu 1400
addr add 198.51.100.2/24 dev f1
addr add 2001:db8:2::2/64 dev f1 nodad
route add default via 198.51.100.254
route add default via 2001:db8:2::fe
""", "peer")
ips("""
link set s0 up
addr add 203.0.113.2/24 dev s0
addr add 2001:db8:3::2/64 dev s0 nodad
route add default via 203.0.113.1
route add default via 2001:db8:3::1
""", "srv")
ips("""
route add 198.51.100.0/24 via 192.0.2.254
route add 2001:db8:2::/64 via 2001:db8:1::fe
""")
UNDERLAY = """
route del 198.51.100.0/24
route del 2001:db8:2::/64
route add 198.51.100.0/24 via 192.0.2.254
route add 2001:db8:2::/64 via 2001:db8:1::fe
"""
with Net("peer"):
    wire = Tap("f1")
g = Genl()


def server(sub, discover):
    """A socket of the server's."""
    with Net("srv"):
        v6 = ":" in sub
        s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(*((socket.IPPROTO_IPV6, 23) if v6 else (socket.IPPROTO_IP, 10)),
                     discover)
        s.connect((sub, 4000))
        return s


def path(s):
    """What the server thinks of its path."""
    if s.family == socket.AF_INET6:
        return s.getsockopt(socket.IPPROTO_IPV6, 24)
    return s.getsockopt(socket.IPPROTO_IP, 14)


class Tunnel:
    def __init__(self, us, peer, ident, come=None):
        self.us, self.peer, self.id, self.v6 = us, peer, ident, ":" in us
        self.head = 58 if self.v6 else 38
        self.af = socket.AF_INET6 if self.v6 else socket.AF_INET
        g.must("ENDPOINT_NEW", ip("LOCAL", us))
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + self.key() +
               u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", peer) +
               u16("REMOTE_PORT", 1701) + (ip("FROM", come) if come else b""))
        g.must("SESSION_NEW", self.key() + u16("SESSION_ID", 1) +
               u16("PEER_SESSION_ID", 1))
        self.n = 0

    def key(self):
        return u16("TUNNEL_ID", self.id)

    def begin(self, df, keep=False):
        """New addresses, so that the server remembers nothing of them; nor does
        the way to the peer, unless it is to be kept."""
        self.n += 1
        self.sub4 = "10.%d.0.%d" % (self.n, self.id)
        self.sub6 = "fd00:%x::%d" % (self.n, self.id)
        g.must("BIND", nest("LINK", self.key() + u16("SESSION_ID", 1)) +
               u32("TO_IFINDEX", ifindex("term0")) + nest("ADDRS", b"".join(
                   nest("ADDR", ip("PREFIX", a) + u8("PREFIX_LEN", n))
                   for a, n in ((self.sub4, 32), (self.sub6, 128)))))
        ips("route add %s dev term0\nroute add %s dev term0\n%s" % (
            self.sub4, self.sub6, "" if keep else UNDERLAY))
        g.must("TUNNEL_SET", self.key() + u8("DF", df))
        assert self.get()[A["DF"]] == bytes([df])

    def get(self):
        return g.must("TUNNEL_GET", self.key())[0]

    def path_mtu(self):
        return number(self.get().get(A["PATH_MTU"], b""))

    def arrived(self, want=1):
        """[IP packets] that came to the peer."""
        kind = b"\x86\xdd" if self.v6 else b"\x08\0"
        found = [Outer(f[14:]) for f in wire.frames(kind, 3 if want else 0, want)]
        return [o for o in found if o.proto in (17, 44)]

    def one(self, s, size, df, want=1):
        """An IP packet of this size from the server comes to the peer as so many
        packets, with DF or without."""
        s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)    # forget the last
        s.send(bytes(size - (48 if s.family == socket.AF_INET6 else 28)))
        got = self.arrived(want)
        assert len(got) == want, (len(got), want, size)
        assert all(o.df == (df and not self.v6) for o in got), (df, size)
        return got


def refused(s, size):
    """The server hears that this is too big, from us or by now from its own."""
    s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    try:
        s.send(bytes(size - (48 if s.family == socket.AF_INET6 else 28)))
        time.sleep(0.01)
    except OSError as e:
        assert e.errno == errno.EMSGSIZE


def uncut(t, df):
    """DF: a path of 1500, then of 1400, then of 1300."""
    t.begin(df)
    first = 1500 - t.head
    for sub in t.sub4, t.sub6:
        s = server(sub, DO)
        with Dropped(g, tx_mtu=1):
            refused(s, 1500)
        known = path(s)
        if sub == t.sub4:
            assert known == first, (known, first)
            time.sleep(0.15)
            with Dropped(g):
                t.one(s, first, 1, 0)       # lost at the router
            assert t.path_mtu() == 1400
            with Dropped(g, tx_mtu=1):
                refused(s, first)
        assert path(s) == 1400 - t.head, (path(s), sub)
        o, = t.one(s, 1400 - t.head, True)
        assert o.length == 1400
        s.close()
    t.begin(df, True)
    s = server(t.sub4, DONT)
    if df == ON:
        got = t.one(s, 1500, True, 2)       # cut inside
        assert got[0].length <= 1400 and not got[0].frag & 0x3fff
    else:
        got = t.one(s, 1500, False, 2)      # cut outside
        assert t.v6 or got[0].frag & 0x2000
    s.close()
    print("ok: df %s, IPv%d" % ("off on inherit".split()[df], 6 if t.v6 else 4))


def least(t):
    """IPv6 inside counts on 1280 bytes, whatever the path."""
    ips("link set f0 mtu 1280\n", "r")
    t.begin(ON)
    time.sleep(0.15)
    s = server(t.sub6, DO)
    t.one(s, 1400, True, 0)                 # lost, and learned
    assert t.path_mtu() == 1280
    with Dropped(g, tx_mtu=1):
        refused(s, 1400)
    assert path(s) == 1280
    t.one(s, 1280, False, 2)
    s.close()
    s = server(t.sub4, DO)
    with Dropped(g, tx_mtu=1):
        refused(s, 1280)
    assert path(s) == 1280 - t.head
    s.close()
    ips("link set f0 mtu 1400\n", "r")
    print("ok: 1280 bytes of IPv6, IPv%d" % (6 if t.v6 else 4))


def cut(t):
    t.begin(OFF)
    for sub in t.sub4, t.sub6:
        s = server(sub, DO)
        if not t.v6:
            got = t.one(s, 1500, False, 3)  # we cut it, and then the router
            assert got[0].frag & 0x2000
        elif sub == t.sub4:
            t.one(s, 1500, False, 1)        # the router cuts nothing, and says so
            assert t.path_mtu() == 1400
        if t.v6:
            t.one(s, 1500, False, 2)
        s.close()
    print("ok: df off, IPv%d" % (6 if t.v6 else 4))


def too_soon(send):
    """Of many at once few are believed: one in 100 ms."""
    n, start = drops(g)["rx_path_mtu"], time.monotonic()
    for i in range(20):
        send(1380 - i)
    time.sleep(0.01)
    n = drops(g)["rx_path_mtu"] - n
    believed = 1 + int((time.monotonic() - start) / 0.09)    # with jiffies of 10
    assert n >= 20 - believed, (n, believed)


def forged(t):
    """Of what the tunnel did not send, or that cannot be."""
    t.begin(ON)
    with Net("r"):
        raw = socket.socket(t.af, socket.SOCK_RAW, 58 if t.v6 else 1)
    before = t.path_mtu()
    least_mtu = 1280 if t.v6 else 576

    def send(mtu, tunnel=9, df=1, size=1400, port=1701, cut_at=2000, peer=None,
             sport=1701):
        l2tp = struct.pack("!HHHH", 2, tunnel, 1, 0xff03) + bytes(size)
        quote = packet(t.us, peer or t.peer, udp(t.us, t.peer, l2tp, sport, port),
                       df=df)[:cut_at]
        if t.v6:
            m = struct.pack("!BBHI", 2, 0, 0, mtu) + quote
        else:
            m = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + quote
            m = m[:2] + struct.pack("!H", csum(m)) + m[4:]
        raw.sendto(m, (t.us, 0))

    def icmp(mtu, believed=False, **kw):
        time.sleep(0.11)
        with Dropped(g, **({} if believed else {"rx_path_mtu": 1})):
            send(mtu, **kw)
            time.sleep(0.01)
        assert t.path_mtu() == (mtu if believed else before), (mtu, kw)

    head = 40 if t.v6 else 20
    for kw in ({"tunnel": 10}, {"tunnel": 0}, {"port": 1702}, {"cut_at": head + 8},
               {"size": 1200}, {"peer": t.us[:-1] + "9"}):
        icmp(1390, **kw)
    icmp(least_mtu - 1)
    icmp(0)
    if not t.v6:
        icmp(1390, df=0)
    with Dropped(g):                        # not of this endpoint
        send(1390, sport=4000)
        time.sleep(0.01)
    assert t.path_mtu() == before
    icmp(1390, True)
    time.sleep(0.11)
    send(1389, tunnel=10)                   # takes nobody's turn
    send(1389)
    time.sleep(0.01)
    assert t.path_mtu() == 1389
    too_soon(send)
    icmp(least_mtu, True)
    if not t.v6:
        before = least_mtu
        g.must("TUNNEL_SET", t.key() + u8("DF", OFF))
        icmp(580)
    raw.close()
    print("ok: forged, IPv%d" % (6 if t.v6 else 4))


for tunnel in (Tunnel("192.0.2.1", "198.51.100.2", 17),
               Tunnel("2001:db8:1::1", "2001:db8:2::2", 18),
               Tunnel("192.0.2.5", "198.51.100.2", 19, "198.51.100.77")):
    cut(tunnel)
    uncut(tunnel, ON)
    uncut(tunnel, INHERIT)
    least(tunnel)
    forged(tunnel)
