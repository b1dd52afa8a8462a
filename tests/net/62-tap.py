#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""A tapped link's frames, both ways, are told to who asked, and to nobody else; the
tool writes them as a capture that tcpdump and tshark read. A tap is bounded in rate
and length, and ends with its socket and with its link."""

import errno
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, TOP, Box, Genl, attr, datagram, load_module, mac, nest,
                  parse, u16, u32, unshare_net)

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("e1", 0))
access = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
access.bind(("acc1", 0))
ETH = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
LINK = nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2))
PPPOE = nest("LINK", u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7))


def number(data):
    return int.from_bytes(data, sys.byteorder)


def frame(n, size=50):
    return struct.pack("!HI", 0x4025, n) + bytes(size - 6)


def down(f, session=2):
    wire.send(ETH + datagram(struct.pack("!HHH", 2, 17, session) + b"\xff\x03" + f))


def up(f):
    access.send(mac("acc0") + mac("acc1") + b"\x88\x64" +
                struct.pack("!BBHH", 0x11, 0, 7, len(f)) + f)


def tap(link=LINK, attrs=b""):
    s = Genl()
    s.must("TAP_NEW", link + attrs)
    s.sock.setblocking(False)
    return s


def heard(s):
    got = []
    while True:
        try:
            data = s.sock.recv(1 << 17)
        except BlockingIOError:
            return got
        assert data[16] == CMD["TAP"]
        got.append(parse(data[20:]))


def brief(s):
    return [(number(a[A["DIRECTION"]]), a[A["FRAME"]]) for a in heard(s)]


# Both ways; the session's and the client's see the same, the other way round.
one, two = tap(), tap(PPPOE)
before = time.time_ns()
down(frame(1))
up(frame(2))
down(frame(3), 1)    # not tapped
got = heard(one)
assert [(number(a[A["DIRECTION"]]), a[A["FRAME"]]) for a in got] == \
    [(0, frame(1)), (1, frame(2))], got
for a in got:
    assert number(a[A["LENGTH"]]) == 50
    assert before <= number(a[A["TIME"]]) <= time.time_ns()
    assert parse(a[A["LINK"]])[A["SESSION_ID"]] == b"\2\0"
assert brief(two) == [(1, frame(1)), (0, frame(2))]
g.must("INJECT", LINK + attr("FRAME", frame(4)))
assert brief(one) == [(1, frame(4))] and not heard(two)
print("ok: both ways")

# Refusals, the dump, and ends.
assert g.ask("TAP_NEW", LINK)[:2] == (errno.EEXIST, "link is tapped already")
assert g.ask("TAP_NEW", LINK + u16("SNAP", 1))[0] == errno.ERANGE
assert g.ask("TAP_DEL", nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)))[:2] \
    == (errno.ENOENT, "link is not tapped")
a, b = g.dump("TAP_GET")
assert number(a[A["PASSED"]]) == 3 and number(a[A["DROPPED"]]) == 0, a
assert number(b[A["PASSED"]]) == 2 and number(b[A["SNAP"]]) == 4096, b
g.must("TAP_DEL", PPPOE)
assert A["FRAME"] not in heard(two)[0], "the end is not told"
two.sock.close()
one.sock.close()
assert g.dump("TAP_GET") == []
down(frame(5))

# Bounds.
s = tap(LINK, u16("SNAP", 16) + u32("RATION_RATE", 1) + u32("RATION_BURST", 10))
for i in range(30):
    down(frame(i, 300))
got = heard(s)
assert len(got) in (10, 11), len(got)
assert all(a[A["FRAME"]] == frame(i, 300)[:16] and number(a[A["LENGTH"]]) == 300
           for i, a in enumerate(got[:10]))
a = g.must("TAP_GET", LINK)[0]
assert number(a[A["PASSED"]]) + number(a[A["DROPPED"]]) == 30
time.sleep(1.2)
down(frame(40))
assert number(heard(s)[0][A["MISSED"]]) == 30 - len(got)
g.must("SESSION_DEL", LINK[4:])
assert A["FRAME"] not in heard(s)[0]
assert g.dump("TAP_GET") == []
s.sock.close()
for i in range(100, 117):
    ids = u16("TUNNEL_ID", 17) + u16("SESSION_ID", i)
    g.must("SESSION_NEW", ids)
    err = g.ask("TAP_NEW", nest("LINK", ids))[:2]
    assert err == ((0, "") if i < 116 else (errno.ENOSPC, "limit of taps is reached"))
for i in range(100, 117):
    g.must("SESSION_DEL", u16("TUNNEL_ID", 17) + u16("SESSION_ID", i))
g = Genl()
print("ok: bounds and ends")

# The tool, and those who know captures.
g.must("SESSION_NEW", LINK[4:] + u16("PEER_SESSION_ID", 2))
g.must("BIND", LINK + nest("TO_LINK", PPPOE[4:]))
path = "/tmp/tap.pcap"
echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 77, 8, 0x01020304)
with subprocess.Popen([TOP + "/build/adit", "session", "tap", "17/2", "write", path,
                       "count", "4"]) as tool:
    for _ in range(100):
        if g.dump("TAP_GET"):
            break
        time.sleep(0.05)
    down(echo)
    up(echo[:2] + b"\x0a" + echo[3:])
    down(frame(7))
    up(frame(8))
    assert tool.wait(20) == 0
with open(path, "rb") as f:
    data = f.read()
assert data[:12] == struct.pack("=III", 0x0a0d0d0a, 28, 0x1a2b3c4d)


def says(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


text = says("tcpdump", "-n", "-r", path)
assert "Echo-Request" in text and "Echo-Reply" in text, text
assert text.count("(0x4025)") == 2, text
text = says("tshark", "-r", path, "-T", "fields", "-e", "frame.packet_flags_direction",
            "-e", "ppp.protocol", "-e", "frame.len", "-e", "_ws.col.Info")
lines = [line.split("\t") for line in text.splitlines()]
assert [[int(x, 0) for x in line[:3]] for line in lines] == \
    [[1, 0xc021, 10], [2, 0xc021, 10], [1, 0x4025, 50], [2, 0x4025, 50]], text
assert [line[3] for line in lines[:2]] == ["Echo Request", "Echo Reply"], text
# It ends with the session.
with subprocess.Popen([TOP + "/build/adit", "session", "tap", "17/2", "write", path]) as tool:
    for _ in range(100):
        if g.dump("TAP_GET"):
            break
        time.sleep(0.05)
    g.must("SESSION_DEL", LINK[4:])
    assert tool.wait(20) == 0
print("ok: the tool, tcpdump, tshark")
