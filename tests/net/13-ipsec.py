#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""IPsec in transport mode, by the kernel's policies on UDP port 1701: nothing is seen
in clear, control or data, super-packets included, from the moment that the policies
are there; nor of what comes by another tunnel. A tunnel that requires IPsec takes and
sends nothing without."""

import os
import socket
import struct
import sys
from types import SimpleNamespace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, crowd, endpoint_id, ip, load_module, nest, parse, u8,
                  u16, u32)
from wire import Dropped, End, Net, Tap, bulk, ips, make_nets, number

MEGABYTE = 1 << 20
KEY = "0x" + "0123456789abcdef" * 2 + "00000001"

load_module()
make_nets("a", "b", "m")
ips("""
link add a0 type veth peer name b0 netns b
link set a0 up
addr add 192.0.2.1/24 dev a0
addr add 2001:db8::1/64 dev a0 nodad
""", "a")
ips("""
link set b0 up
addr add 192.0.2.2/24 dev b0
addr add 2001:db8::2/64 dev b0 nodad
""", "b")
with Net("a"):
    taps = [Tap("a0", only_udp=True)]
with Net("b"):
    taps.append(Tap("b0", only_udp=True))
    ears = Genl()
    ears.must("LISTEN", u32("CLASSES", 1))
    ears.sock.settimeout(1)


def xfrm(a, b, verb="add"):
    """States and policies of both directions, for both ends."""
    for net, us, peer in (a.net, a.us, b.us), (b.net, b.us, a.us):
        lines = ""
        for src, dst, way in (us, peer, "out"), (peer, us, "in"):
            ids = "src %s dst %s proto esp" % (src, dst)
            sel = "src %s dst %s proto udp sport 1701 dport 1701 dir %s" % (
                src, dst, way)
            spi = "0x10%d" % (1 + (src == a.us))
            if verb == "add":
                lines += ("xfrm state add %s spi %s reqid 1 mode transport aead "
                          "rfc4106(gcm(aes)) %s 128\n" % (ids, spi, KEY))
                lines += "xfrm policy add %s tmpl %s reqid 1 mode transport\n" % (
                    sel, ids)
            else:
                lines += "xfrm policy del %s\n" % sel
                lines += "xfrm state del %s spi %s\n" % (ids, spi)
        ips(lines, net)


def clear():
    """How many UDP datagrams on port 1701 both ends saw since the last time."""
    return sum(len(t.frames(None)) for t in taps)


def policy(net, verb, src, dst, way):
    tmpl = " tmpl src %s dst %s proto esp reqid 1 mode transport" % (src, dst)
    ips("xfrm policy %s src %s dst %s proto udp sport 1701 dport 1701 dir %s%s\n" % (
        verb, src, dst, way, tmpl if verb == "add" else ""), net)


def message(b):
    return struct.pack("!HHHHHH", 0xc802, 12, b.id, 0, 0, 0)


def inject(a, b, more=None):
    """A control message of the tunnel's, or of what is said of it."""
    return a.g.ask("INJECT", u32("ENDPOINT_ID", a.endpoint) + ip("REMOTE", b.us) +
                   u16("REMOTE_PORT", 1701) + attr("FRAME", message(b)) +
                   (a.key if more is None else more))[:2]


def control(a, b):
    """What b hears of a's message: did it come protected?"""
    assert not inject(a, b)[0]
    punt = parse(ears.sock.recv(8192)[20:])
    assert punt[A["FRAME"]] == message(b)
    return A["PROTECTED"] in punt


def one(a, b):
    """A datagram of a subscriber's from a to b."""
    with Net("a"):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"x", (b.inner, 9))
        s.close()


def require(end, on):
    end.g.must("TUNNEL_SET", end.key + u8("IPSEC", on))
    assert number(end.g.must("TUNNEL_GET", end.key)[0][A["IPSEC"]]) == on


def to_port(a, b, port):
    """Whether a datagram to that port of the peer's is seen in clear."""
    a.g.must("TUNNEL_SET", a.key + u16("REMOTE_PORT", port))
    clear()
    one(a, b)
    return clear() > 0


def check(a, b):
    clear()
    bulk(*a.tcp(b), MEGABYTE // 4)
    assert not control(a, b)
    assert clear() > 4                          # it would be seen
    xfrm(a, b)
    for way in (a, b), (b, a):
        bulk(*way[0].tcp(way[1]), MEGABYTE // 2)
    assert control(a, b)
    assert not clear(), "in clear, with policies"
    # They name ports: the way to another one is another way.
    assert to_port(a, b, 4000) and not to_port(a, b, 1701)
    for end in a, b:
        require(end, 1)
    bulk(*a.tcp(b), MEGABYTE // 4)
    assert not clear()
    # Without policies there.
    policy("a", "del", a.us, b.us, "out")
    with Dropped(a.g, tx_ipsec=1):
        one(a, b)
    assert not clear(), "in clear, and the tunnel wants IPsec"
    # Control too: of this tunnel, and of one that is not there yet.
    for more in a.key, u16("TUNNEL_ID", 999) + u8("IPSEC", 1), u8("IPSEC", 1):
        with Dropped(a.g, tx_ipsec=1):
            err, text = inject(a, b, more)
        assert err and text, "refused without a word"
        assert not clear(), "control in clear, and the tunnel wants IPsec"
    require(a, 0)
    policy("b", "del", a.us, b.us, "in")
    with Dropped(b.g, rx_ipsec=1):
        one(a, b)
    for more in a.key, b"", u8("IPSEC", 0):
        clear()
        with Dropped(b.g, rx_ipsec=1):
            assert not inject(a, b, more)[0]
        assert clear(), "one that is seen, in clear"
    require(b, 0)
    with Dropped(b.g):
        one(a, b)
    policy("a", "add", a.us, b.us, "out")
    policy("b", "add", a.us, b.us, "in")
    clear()
    bulk(*a.tcp(b), MEGABYTE // 4)
    assert not clear()
    xfrm(a, b, "del")
    print("ok: IPsec, %s" % a.us)


def switched():
    """From tunnel to tunnel, looked up in batches: a super-packet that came whole is
    taken apart for IPsec."""
    ips("link add a1 type veth peer name m0 netns m\nlink set a1 up\n"
        "addr add 198.51.100.1/24 dev a1\n", "a")
    ips("link set m0 up\naddr add 198.51.100.2/24 dev m0\n"
        "link add m1 type veth peer name b1 netns b\nlink set m1 up\n"
        "addr add 203.0.113.1/24 dev m1\n", "m")
    ips("link set b1 up\naddr add 203.0.113.2/24 dev b1\n", "b")
    a = End("a", "198.51.100.1", "198.51.100.2", 40, "10.40.0.1", "10.40.0.2")
    b = End("b", "203.0.113.2", "203.0.113.1", 41, "10.40.0.2", "10.40.0.1")
    with Net("m"):
        g = Genl()
        for end, us in (a, "198.51.100.2"), (b, "203.0.113.1"):
            g.must("ENDPOINT_NEW", ip("LOCAL", us))
            g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + end.key +
                   u16("PEER_TUNNEL_ID", end.id) + ip("REMOTE", end.us) +
                   u16("REMOTE_PORT", 1701))
            g.must("SESSION_NEW", end.key + u16("SESSION_ID", 1) +
                   u16("PEER_SESSION_ID", 1))
        g.must("BIND", nest("LINK", a.key + u16("SESSION_ID", 1)) +
               nest("TO_LINK", b.key + u16("SESSION_ID", 1)))
        crowd(g)
    bulk(*a.tcp(b), MEGABYTE // 4)
    xfrm(SimpleNamespace(net="m", us="203.0.113.1"), b)
    for way in (a, b), (b, a):
        bulk(*way[0].tcp(way[1]), MEGABYTE)
    print("ok: IPsec behind a switched tunnel")


for n, (us, peer) in enumerate((("192.0.2.1", "192.0.2.2"),
                                ("2001:db8::1", "2001:db8::2"))):
    left = End("a", us, peer, 17 + n, "10.%d.0.1" % n, "10.%d.0.2" % n)
    right = End("b", peer, us, 17 + n, "10.%d.0.2" % n, "10.%d.0.1" % n)
    check(left, right)
    left.close()
    right.close()
switched()
