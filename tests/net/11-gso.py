#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP through a tunnel over IPv4, with the UDP checksum and without, and over IPv6:
super-packets are segmented right behind us, on a device that can do nothing itself.
tcpdump agrees with each header; then whole ones are received as well."""

import os
import re
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import load_module, u8
from wire import End, Net, Outer, Tap, addr, bulk, csum, ips, make_nets, offloads

SIZE = 400000
PCAP = "/tmp/gso.pcap"

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


def check_inner(frame, ident):
    """L2TP and TCP of one datagram; how much of the stream it has."""
    assert frame[:10] == struct.pack("!HHHHH", 2, ident, 1, 0xff03, 0x21), frame[:10]
    p = Outer(frame[10:])
    assert p.proto == 6 and len(frame) == 10 + p.length
    assert not csum(p.src + p.dst + struct.pack("!II", len(p.body), 6) + p.body), "TCP"
    return len(p.body) - (p.body[12] >> 4) * 4


def tcpdump(frames, no_sum):
    with open(PCAP, "wb") as f:
        f.write(struct.pack("=IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for frame in frames:
            f.write(struct.pack("=IIII", 0, 0, len(frame), len(frame)) + frame)
    text = subprocess.run(["tcpdump", "-nvvr", PCAP], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout.decode()
    assert not re.search(r"\bbad\b|incorrect|trunc", text), text
    assert text.count("[no cksum]" if no_sum else "[udp sum ok]") == len(frames), text
    assert text.count("(correct)") == len(frames), text[:2000]


def check(a, b, no_sum):
    for end in a, b:
        end.g.must("TUNNEL_SET", end.key + u8("UDP_CSUM", not no_sum))
    with Net("a"):
        offloads("a0", False)
    with Net("b"):
        tap = Tap("b0")
    bulk(*a.tcp(b), SIZE)
    frames = tap.frames(b"\x86\xdd" if a.v6 else b"\x08\0")
    ids, stream, data = set(), 0, []
    for f in frames:
        o = Outer(f[14:])
        if o.proto != 17:
            continue
        payload = o.payload()
        assert bool(o.check) == (not no_sum)
        assert (o.src, o.dst, o.sport, o.dport) == (addr(a.us), addr(b.us), 1701, 1701)
        assert (o.tos, o.ttl, o.df) == (0, 64, 0)
        assert o.length <= 1500 and len(f) == 14 + o.length
        assert a.v6 or o.ident not in ids, "an id twice"
        ids.add(o.ident)
        stream += check_inner(payload, b.id)
        data.append(f)
    assert stream >= SIZE, stream
    tcpdump(data[:200], no_sum)
    with Net("a"):
        offloads("a0", True)
    tap.frames(b"")
    bulk(*a.tcp(b), 4 * SIZE)
    long = max(len(f) for f in tap.frames(b"\x86\xdd" if a.v6 else b"\x08\0"))
    assert long > 3000, "no super-packet came: %d" % long
    bulk(*b.tcp(a), SIZE)
    print("ok: %s%s, %d datagrams" % (a.us, ", no UDP checksum" * no_sum, len(data)))


for n, (us, peer) in enumerate((("192.0.2.1", "192.0.2.2"),
                                ("2001:db8::1", "2001:db8::2"))):
    left = End("a", us, peer, 17 + n, "10.%d.0.1" % n, "10.%d.0.2" % n)
    right = End("b", peer, us, 17 + n, "10.%d.0.2" % n, "10.%d.0.1" % n)
    check(left, right, False)
    if not left.v6:
        check(left, right, True)
    left.close()
    right.close()
