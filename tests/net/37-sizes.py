#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""What an MRU of 1442 promises over a link of 1500 bytes: 1500 less 20 of IPv4, 8 of
UDP and 30 of L2TP's longest header with 16 bytes of pad. Nothing of ours is cut, on
either side, sequenced or not. The sum leaves out PPP's address, control and protocol:
so of a peer's datagrams those with up to 12 bytes of pad fit whole; what has more
comes in two fragments and is joined. At 1438 none is."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, enum, ifindex, ip, load_module, mac, nest,
                  parse, run, u8, u16, u32, unshare_net)
from traffic import End, links, udp4
from wire import Outer, csum, number, packet, udp

MRU, LINK = 1442, 1500
L, S, O = 0x4000, 0x0800, 0x0200
JOINED = enum("adit_frag_stat")["STAT_DATAGRAMS"]
HOST, CLIENT = "198.51.100.9", "10.0.0.%d"


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


def header(session, length, flags, pad=0, ns=0):
    """RFC 2661 3.1: with L, S and O as flags say, and a pad."""
    h = struct.pack("!H", flags | 2)
    size = 6 + (2 if flags & L else 0) + (4 if flags & S else 0) + \
        (2 + pad if flags & O else 0)
    if flags & L:
        h += struct.pack("!H", size + length)
    h += struct.pack("!HH", 17, session)
    if flags & S:
        h += struct.pack("!HH", ns, 0)
    if flags & O:
        h += struct.pack("!H", pad) + bytes(pad)
    assert len(h) == size
    return h


def joined():
    return number(parse(g.must("SYSTEM_GET")[0][A["FRAG_STATS"]])[JOINED])


def up(session, size, flags, pad, ns):
    """A client's packet from the peer, cut if it must be: (sizes on the link)."""
    frame = b"\xff\x03\0\x21" + udp4(CLIENT % session, HOST, size)
    d = udp("192.0.2.2", "192.0.2.1", header(session, len(frame), flags, pad, ns) + frame)
    whole = packet("192.0.2.2", "192.0.2.1", d)
    if len(whole) <= LINK:
        core.send(whole)
        return [len(whole)]
    cut = (LINK - 20) & ~7
    pieces = []
    for at, part in (0, d[:cut]), (cut, d[cut:]):
        raw = bytearray(packet("192.0.2.2", "192.0.2.1", part))
        struct.pack_into("!HHBBH", raw, 4, session << 8 | ns, (0 if at else 0x2000) | at // 8,
                         64, 17, 0)
        struct.pack_into("!H", raw, 10, csum(bytes(raw[:20])))
        core.send(bytes(raw))
        pieces.append(len(raw))
    return pieces


load_module()
unshare_net()
links("""link add e0 type veth peer name e1
link add c0 type veth peer name c1
link add acc0 type veth peer name acc1
link add term0 type adit
addr add 192.0.2.1/24 dev e0
addr add 198.51.100.1/24 dev c0
neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0
neigh add 198.51.100.9 lladdr 02:00:00:00:00:03 dev c0
""" + "".join("link set %s up\n" % d for d in ("e0", "e1", "c0", "c1", "acc0", "acc1",
                                               "term0")) +
      "route add 10.0.0.0/24 dev term0\n")
run("sysctl -qw net.ipv4.ip_forward=1")
g = Genl()
g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
for n, seq in (1, 0), (2, 1), (3, 0), (4, 1):
    g.must("SESSION_NEW", ids(n) + u16("PEER_SESSION_ID", n) + u8("SEQ", seq))
for n in 1, 2:
    g.must("BIND", nest("LINK", ids(n)) + u32("TO_IFINDEX", ifindex("term0")) +
           u16("MTU", MRU) + u16("MRU", MRU) +
           nest("ADDRS", nest("ADDR", ip("PREFIX", CLIENT % n) + u8("PREFIX_LEN", 32))))
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))
for n in 3, 4:
    client = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", n)
    g.must("PPPOE_NEW", client + attr("MAC", mac("acc1")))
    g.must("BIND", nest("LINK", ids(n)) + nest("TO_LINK", client))
core = End("e1", "e0", b"\2\0\0\0\0\2")
host = End("c1", "c0", b"\2\0\0\0\0\3")
access = End("acc1", "acc0", mac("acc1"))


def outgoing(session, size):
    """Of the L2TP datagrams that came out to the peer: their one length."""
    frames = [f[14:] for f in core.frames() if f[12:14] == b"\x08\0" and f[23] == 17]
    assert len(frames) == 1, frames
    o = Outer(frames[0])
    assert not o.frag & 0x3fff and o.length <= LINK, (session, o.length)
    return o.length


# Ours: LNS down, then LAC up.
core.frames()
for n in 1, 2:
    host.send(udp4(HOST, CLIENT % n, MRU))
    assert outgoing(n, MRU) == 20 + 8 + (6, 10)[n - 1] + 4 + MRU
for n in 3, 4:
    frame = b"\0\x21" + udp4(CLIENT % n, HOST, MRU)
    access.send(struct.pack("!BBHH", 0x11, 0, n, len(frame)) + frame, b"\x88\x64")
    assert outgoing(n, MRU) == 20 + 8 + (6, 10)[n - 3] + 4 + MRU
print("ok: nothing of ours is cut, as LNS and as LAC, sequenced or not")

# The peer's: the longest header is 14 bytes and the pad.
assert len(header(1, 0, L | S | O, 0)) == 14 and len(header(1, 0, L | S | O, 16)) == 30
for size in MRU, 1438:
    fits = []
    for pad in range(17):
        ns = pad if size == MRU else 17 + pad
        for n, where in (2, host), (4, access):
            before = joined()
            whole = len(up(n, size, L | S | O, pad, ns)) == 1
            assert where.count(udp4(CLIENT % n, HOST, size)[28:60]) == 1, (n, size, pad)
            assert joined() == before + (not whole)
        fits.append(whole)
    assert fits == [pad <= 12 or size == 1438 for pad in range(17)], fits
print("ok: 1442 fits with up to 12 bytes of pad, 1438 with up to 16, the rest is joined")
