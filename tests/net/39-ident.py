#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Identifications of what we cut: a peer's datagrams do not meet those of before because
other peers have had many meanwhile (RFC 4963, RFC 6864 4.3)."""

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (Box, Genl, endpoint_id, ip, load_module, nest, run, u8, u16, u32,
                  unshare_net)
from frame import Wire

MANY = 33000    # more than half of all ids

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
ids = u16("TUNNEL_ID", 27) + u16("SESSION_ID", 5)
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 27) +
       u16("PEER_TUNNEL_ID", 28) + ip("REMOTE", "192.0.2.3") + u16("REMOTE_PORT", 1701))
g.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", 5))
g.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", box.term0) + u16("MTU", 1500) +
       nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.5") + u8("PREFIX_LEN", 32))))
run("ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev e0")
run("ip route add 10.0.0.5 dev term0")
core = Wire("e1")
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.IPPROTO_IP, 10, 0)    # IP_MTU_DISCOVER: without DF


def cut():
    """The id of a datagram to 192.0.2.3 that is too big for the link."""
    core.frames()
    sock.sendto(bytes(1472), ("10.0.0.5", 9))
    got = [f for f in core.frames(1) if f[30:34] == socket.inet_aton("192.0.2.3")]
    assert len(got) == 2 and got[0][18:20] == got[1][18:20], got
    return struct.unpack_from("!H", got[0], 18)[0]


def others():
    sock.setsockopt(17, 103, 40)    # UDP_SEGMENT
    for _ in range(MANY // 64 + 1):
        sock.sendto(bytes(64 * 40), ("10.0.0.2", 9))
    sock.setsockopt(17, 103, 0)


first = cut()
others()
# The kernel leaves gaps between them by the time that has passed.
gone = (cut() - first) & 0xffff
assert gone < 10000, gone
print("ok: %d ids further, after %d packets to another peer" % (gone, MANY))
