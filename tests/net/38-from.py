#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A peer that sends from one address and port and is sent to at another (RFC 2661
8.1): packets and fragments are taken from there and from nowhere else, ours go to
the other; where it is one place, a changed port is one for both."""

import errno
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest, run, u16,
                  u32, unshare_net)
from genl import ip as ip_attr
from frame import P4, Wire, drops, ether, l2tp, number, ppp, pppoe, udp

PEER_MAC = bytes.fromhex("020000000002")
HEAD = b"\xff\x03"
load_module()
unshare_net()
g = Genl()
for pair in "e0 type veth peer name e1", "acc0 type veth peer name acc1":
    run("ip link add " + pair)
run("ip addr add 192.0.2.1/24 dev e0")
run("ip addr add 2001:db8::1/64 dev e0 nodad")
for dev in "e0", "e1", "acc0", "acc1":
    run("ip link set %s up" % dev)
for place in "192.0.2.2", "192.0.2.3", "2001:db8::2", "2001:db8::3":
    run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % place)
core, access = Wire("e1"), Wire("acc1")
E0, ACC0, ACC1 = mac("e0"), mac("acc0"), mac("acc1")
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))


def link(tunnel):
    """Its session 1, bound to a client of the tunnel's number."""
    session = u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", 1)
    client = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", tunnel)
    g.must("SESSION_NEW", session + u16("PEER_SESSION_ID", 1))
    g.must("PPPOE_NEW", client + attr("MAC", ACC1))
    g.must("BIND", nest("LINK", session) + nest("TO_LINK", client))


def frame(packet):
    return ether(E0, PEER_MAC, 0x86dd if packet[0] >> 4 == 6 else 0x800, packet)


def reaches(tunnel, us, source, port):
    """Whether a packet from there gets to the client."""
    data = ppp(P4, os.urandom(40))
    before = drops(g)["rx_peer_mismatch"]
    access.frames()
    core.send(frame(udp(source, us, l2tp(tunnel, 1, HEAD + data), port)))
    got = access.frames(0.3)
    missed = drops(g)["rx_peer_mismatch"] - before
    assert len(got) + missed == 1, (source, port, got, missed)
    if got:
        assert got == [ether(ACC1, ACC0, 0x8864, pppoe(tunnel, data))]
    return bool(got)


def goes_to(tunnel, v6):
    """Address and port that a client's packet leaves for."""
    core.frames()
    access.send(ether(ACC0, ACC1, 0x8864, pppoe(tunnel, ppp(P4, bytes(40)))))
    got = core.frames(2)
    assert len(got) == 1, got
    packet = got[0][14:]
    if v6:
        return (socket.inet_ntop(socket.AF_INET6, packet[24:40]),
                struct.unpack("!H", packet[42:44])[0])
    return (socket.inet_ntop(socket.AF_INET, packet[16:20]),
            struct.unpack("!H", packet[22:24])[0])


def pieces(source, us, payload, port):
    """An IPv4 datagram in two fragments."""
    whole = udp(source, us, payload, port)
    cut = 256
    for start, end, more in (20, 20 + cut, 0x2000), (20 + cut, len(whole), cut // 8):
        h = bytearray(whole[:20])
        struct.pack_into("!HHH", h, 2, 20 + end - start, 77, more)
        h[10:12] = b"\0\0"
        s = sum(struct.unpack("!10H", h))
        while s >> 16:
            s = (s & 0xffff) + (s >> 16)
        struct.pack_into("!H", h, 10, ~s & 0xffff)
        yield frame(bytes(h) + whole[start:end])


for tunnel, us, to, come in ((1, "192.0.2.1", "192.0.2.2", "192.0.2.3"),
                             (2, "2001:db8::1", "2001:db8::2", "2001:db8::3")):
    v6 = ":" in us
    g.must("ENDPOINT_NEW", ip_attr("LOCAL", us))
    place = u32("ENDPOINT_ID", endpoint_id(g)) + u16("PEER_TUNNEL_ID", 9) + \
        ip_attr("REMOTE", to) + u16("REMOTE_PORT", 1701)
    g.must("TUNNEL_NEW", place + u16("TUNNEL_ID", tunnel) + ip_attr("FROM", come) +
           u16("FROM_PORT", 5000))
    link(tunnel)
    assert reaches(tunnel, us, come, 5000)
    for source, port in (to, 1701), (to, 5000), (come, 1701):
        assert not reaches(tunnel, us, source, port), (source, port)
    assert goes_to(tunnel, v6) == (to, 1701)
    print("ok: IPv%d, from one place to another" % (6 if v6 else 4))

    found = g.must("TUNNEL_GET", u16("TUNNEL_ID", tunnel))[0]
    assert found[A["FROM"]] == ip_attr("FROM", come)[4:4 + len(found[A["FROM"]])]
    assert number(found[A["FROM_PORT"]]) == 5000
    # One that moves its port is heard where it was.
    g.must("TUNNEL_SET", u16("TUNNEL_ID", tunnel) + u16("REMOTE_PORT", 1800))
    assert goes_to(tunnel, v6) == (to, 1800)
    assert reaches(tunnel, us, come, 5000)
    for change in ip_attr("FROM", to), u16("FROM_PORT", 1):
        err, text, _ = g.ask("TUNNEL_SET", u16("TUNNEL_ID", tunnel) + change)
        assert err == errno.EOPNOTSUPP and "cannot be changed" in text, (err, text)
    for wrong in ("::1", "10.0.0.1") if not v6 else ("10.0.0.1", "ff02::1"):
        err, text, _ = g.ask("TUNNEL_NEW", place + u16("TUNNEL_ID", 40) +
                             ip_attr("FROM", wrong))
        if wrong == "10.0.0.1" and not v6:
            assert not err, text
            g.must("TUNNEL_DEL", u16("TUNNEL_ID", 40))
        else:
            assert err == errno.EINVAL, (wrong, err, text)
    # Without FROM it is one place, and stays one.
    g.must("TUNNEL_NEW", place + u16("TUNNEL_ID", tunnel + 10))
    link(tunnel + 10)
    assert reaches(tunnel + 10, us, to, 1701)
    g.must("TUNNEL_SET", u16("TUNNEL_ID", tunnel + 10) + u16("REMOTE_PORT", 1800))
    assert reaches(tunnel + 10, us, to, 1800)
    assert not reaches(tunnel + 10, us, to, 1701)
    assert A["FROM"] not in g.must("TUNNEL_GET", u16("TUNNEL_ID", tunnel + 10))[0]
    print("ok: IPv%d, changes and refusals" % (6 if v6 else 4))

# Fragments are joined for a pair of addresses: that which they come from.
payload = ppp(P4, os.urandom(400))
access.frames()
for piece in pieces("192.0.2.3", "192.0.2.1", l2tp(1, 1, HEAD + payload), 5000):
    core.send(piece)
assert access.frames(2) == [ether(ACC1, ACC0, 0x8864, pppoe(1, payload))]
print("ok: fragments")
