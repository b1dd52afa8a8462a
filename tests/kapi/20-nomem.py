#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
"""Every allocation of every command fails once: the first, the second, until the
command needs no more. A command that was refused has changed nothing; one that
went through all the same has done its work. Then packets, with every fifth
allocation of the module's failing."""

import errno
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, F_DUMP, NO_RATES, Box, Genl, attr, datagram, endpoint_id,
                  ip, load_module, mac, nest, rates, u8, u16, u32, unshare_net)

FAULTS = "/sys/kernel/debug/%s/%s"

load_module()
unshare_net()
if not os.path.isdir("/sys/kernel/debug/failslab"):
    os.system("mount -t debugfs none /sys/kernel/debug")


def setting(name, value):
    for what in "failslab", "fail_page_alloc":
        path = FAULTS % (what, name)
        if os.path.exists(path):
            with open(path, "w", encoding="ascii") as f:
                f.write(str(value))


# Opening it would be an allocation as well.
nth = os.open("/proc/self/fail-nth", os.O_RDWR)


def fail_nth(n):
    os.pwrite(nth, b"%d" % n, 0)


def consumed():
    """The nth allocation came, and failed; disarms."""
    left = int(os.pread(nth, 16, 0))
    fail_nth(0)
    return not left


# Pages of user space are spared: they are "highmem".
setting("ignore-gfp-wait", "N")
setting("min-order", 0)
setting("verbose", 0)
g = Genl()
box = Box()


def attempt(n, cmd, attrs, flags):
    """(refused, the fault came); refused is None if the answer itself had no
    memory."""
    fail_nth(n)
    try:
        seq = g.send(cmd, attrs, flags)
    except OSError:
        return True, consumed()
    came = consumed()
    try:
        return bool(g.receive(seq)[0]), came
    except OSError as e:
        assert e.errno == errno.ENOBUFS and came, e
        return None, came


def count(get):
    return len(g.dump(get))


total = 0
undo = []
for name, attrs, un, un_attrs in box.steps():
    if name == "TUNNEL_NEW":
        attrs += u32("ENDPOINT_ID", endpoint_id(g))
    if name == "SESSION_NEW":
        attrs += u32("REORDER_TIMEOUT", 20)
    get = name.replace("_NEW", "_GET") if name.endswith("_NEW") else None
    n = 1
    while True:
        before = count(get) if get else 0
        refused, came = attempt(n, CMD[name], attrs, 4)
        if get:
            made = count(get) - before
            assert refused in (None, not made), (name, n, refused, made)
            refused = not made
        total += came
        if not came:
            assert not refused, name
            break
        if not refused:
            g.must(un, un_attrs or u32("ENDPOINT_ID", endpoint_id(g)))
        n += 1
        assert n < 500, name
    print("%s: %d allocations" % (name, n - 1))
    undo.append((un, un_attrs))

link = attr("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1), True)
first = {"TAP_NEW": "TAP_DEL", "TAP_DEL": "TAP_NEW"}
ping = attr("FRAME", b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7))
for name, attrs, flags in [
        ("SYSTEM_GET", b"", 4), ("TUNNEL_GET", u16("TUNNEL_ID", 17), 4),
        ("SESSION_GET", b"", F_DUMP), ("PPPOE_GET", b"", F_DUMP),
        ("PORT_GET", b"", F_DUMP), ("TUNNEL_GET", b"", F_DUMP),
        ("ENDPOINT_GET", b"", F_DUMP),
        ("TUNNEL_SET", u16("TUNNEL_ID", 17) + attr("LABEL", b"x\0"), 4),
        ("PEERS_SET", nest("ADDRS", nest("ADDR", ip("PREFIX", "192.0.2.2") +
                                         u8("PREFIX_LEN", 32))), 4),
        ("TAP_NEW", link, 4), ("TAP_GET", b"", F_DUMP), ("TAP_DEL", link, 4),
        ("CLASS_GET", b"", F_DUMP), ("RATION_GET", b"", F_DUMP),
        ("PEERS_GET", b"", F_DUMP),
        ("INJECT", link + ping, 4),
        ("INJECT", u32("ENDPOINT_ID", endpoint_id(g)) + ip("REMOTE", "192.0.2.2") +
         u16("REMOTE_PORT", 1701) + ping, 4),
        ("INJECT", u32("IFINDEX", box.acc0) + attr("MAC", mac("acc1")) + ping, 4)]:
    n = 1
    while True:
        if name in first:    # or undone
            g.ask(first[name], link)
        refused, came = attempt(n, CMD[name], attrs, flags)
        total += came
        if not came:
            assert not refused, name
            break
        n += 1
        assert n < 500, name
# Marks and rates: all or none.
for name, attrs in (("SESSION", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)),
                    ("PPPOE", u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7))):
    n = 1
    while True:
        refused, came = attempt(n, CMD[name + "_SET"], attrs + rates(), 4)
        have = {A[k] in g.must(name + "_GET", attrs)[0]
                for k in ("POLICE_RX", "POLICE_TX", "PACE")}
        assert have == {not refused} or refused is None and len(have) == 1, have
        total += came
        if not came:
            break
        g.must(name + "_SET", attrs + NO_RATES)
        n += 1
    assert n > 1, "nothing was allocated"
print("ok: %d allocations of commands failed" % total)

# Packets: allocations below the module's own functions.
with open("/sys/module/adit/sections/.text", encoding="ascii") as f:
    start = int(f.read(), 16)
with open("/proc/modules", encoding="ascii") as f:
    size = next(int(l.split()[1]) for l in f if l.startswith("adit "))
setting("require-start", hex(start))
setting("require-end", hex(start + size))
setting("stacktrace-depth", 32)
setting("interval", 1)
setting("times", -1)
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("e1", 0))
eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"


echo = b"\xff\x03\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
packets = [datagram(struct.pack("!HHH", 2, 17, 1) + echo),
           datagram(struct.pack("!HHH", 2, 17, 2) + echo),
           datagram(struct.pack("!HHHHHH", 0xc802, 12, 0, 0, 0, 0)),
           datagram(struct.pack("!HHH", 2, 17, 1) + b"\xc2\x23" + bytes(40))]
raw2 = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw2.bind(("acc1", 0))
session = (mac("acc0") + mac("acc1") + b"\x88\x64" +
           struct.pack("!BBHH", 0x11, 0, 7, 10) + echo[2:])
listener = Genl()
listener.must("LISTEN", u32("CLASSES", 15))
listener.must("TAP_NEW", link)
setting("probability", 20)
run_until = time.monotonic() + 8
sent = 0
while time.monotonic() < run_until:
    for p in packets:
        raw.send(eth + p)
        sent += 1
    raw2.send(session)
    g.ask("SESSION_SET", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1) +
          attr("LABEL", b"y\0"))
setting("probability", 0)
print("ok: %d packets with failing allocations" % sent)

for un, attrs in reversed(undo):
    g.must(un, attrs or u32("ENDPOINT_ID", endpoint_id(g)))
