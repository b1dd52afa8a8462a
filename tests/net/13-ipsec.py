#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""IPsec in transport mode, by the kernel's policies on UDP port 1701: nothing is seen
in clear, control or data, super-packets included, from the moment that the policies
are there. A tunnel that requires IPsec takes and sends nothing without."""

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import A, Genl, attr, ip, load_module, parse, u8, u16, u32
from wire import Dropped, End, Net, Tap, bulk, ips, make_nets, number

MEGABYTE = 1 << 20
KEY = "0x" + "0123456789abcdef" * 2 + "00000001"

load_module()
make_nets("a", "b")
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
    for net, us, peer in ("a", a.us, b.us), ("b", b.us, a.us):
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


def inject(a, b):
    """A control message of the tunnel's."""
    message = struct.pack("!HHHHHH", 0xc802, 12, b.id, 0, 0, 0)
    a.g.must("INJECT", u32("ENDPOINT_ID", a.endpoint) + ip("REMOTE", b.us) +
             u16("REMOTE_PORT", 1701) + attr("FRAME", message))
    return message


def control(a, b):
    """What b hears of a's message: did it come protected?"""
    message = inject(a, b)
    punt = parse(ears.sock.recv(8192)[20:])
    assert punt[A["FRAME"]] == message
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
    for end in a, b:
        require(end, 1)
    bulk(*a.tcp(b), MEGABYTE // 4)
    assert not clear()
    # Without policies there.
    policy("a", "del", a.us, b.us, "out")
    with Dropped(a.g, tx_ipsec=1):
        one(a, b)
    assert not clear(), "in clear, and the tunnel wants IPsec"
    require(a, 0)
    policy("b", "del", a.us, b.us, "in")
    with Dropped(b.g, rx_ipsec=1):
        one(a, b)
    with Dropped(b.g, rx_ipsec=1):
        inject(a, b)
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


for n, (us, peer) in enumerate((("192.0.2.1", "192.0.2.2"),
                                ("2001:db8::1", "2001:db8::2"))):
    left = End("a", us, peer, 17 + n, "10.%d.0.1" % n, "10.%d.0.2" % n)
    right = End("b", peer, us, 17 + n, "10.%d.0.2" % n, "10.%d.0.1" % n)
    check(left, right)
    left.close()
    right.close()
