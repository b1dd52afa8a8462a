#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
"""rmmod with everything in place and packets of every kind on their way: L2TP data,
control and fragments, PPPoE, routed packets for a subscriber; datagrams that are not
whole wait when it happens, and the last references may be anybody's. Then the same
with the namespace's death and rmmod at the same moment."""

import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from frame import STAT
from genl import A, Box, Genl, datagram, load_module, mac, parse, run, u32, unshare_net

TIMES = 6


def fragment(ident, at, more, size):
    """A piece of a datagram of the peer's, that nobody will see whole."""
    h = datagram(bytes(size - 8))
    h, data = h[:20], h[20:]
    h = h[:4] + struct.pack("!HHBBH", ident, at // 8 | more << 13, 64, 17, 0) + h[12:]
    s = sum(struct.unpack("!10H", h))
    s = (s & 0xffff) + (s >> 16)
    return h[:10] + struct.pack("!H", ~s & 0xffff) + h[12:] + data


def frames():
    echo = b"\xff\x03\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
    eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
    data = [datagram(struct.pack("!HHH", 2, 17, s) + echo) for s in (1, 2, 3)]
    return [eth + f for f in data +
            [datagram(struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0))] +
            [fragment(random.randrange(65536), at, more, 256)
             for _ in range(40) for at, more in ((0, 1), (512, 0), (256, 1))]]


def pppoe_frames():
    echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
    return [mac("acc0") + mac("acc1") + b"\x88\x64" +
            struct.pack("!BBHH", 0x11, 0, sid, len(echo)) + echo for sid in (7, 8)] + \
        [b"\xff" * 6 + mac("acc1") + b"\x88\x63" + struct.pack("!BBHH", 0x11, 9, 0, 0)]


def sender(dev, packets):
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind((dev, 0))
    while True:
        for _ in range(20):
            raw.send(random.choice(packets))
        time.sleep(0.005)


def downstream():
    """Packets that are routed to the subscriber, while there is a way."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        for _ in range(20):
            try:
                s.sendto(bytes(1200), ("10.0.0.2", 9))
            except OSError:
                pass
        time.sleep(0.005)


def spawn(fn, *args):
    pid = os.fork()
    if pid:
        return pid
    try:
        fn(*args)
    except BaseException as e:
        print("%s: %r" % (fn.__name__, e), flush=True)
    os._exit(1)


def traffic():
    return [spawn(sender, "e1", frames()), spawn(sender, "acc1", pppoe_frames()),
            spawn(downstream)]


def end(pids):
    for pid in pids:
        assert os.waitpid(pid, os.WNOHANG) == (0, 0), "a sender has stumbled"
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def seen(g):
    """Taken and held fragments, frames of links."""
    frags = parse(g.must("SYSTEM_GET")[0][A["FRAG_STATS"]])
    rx = sum(int.from_bytes(parse(o[A["STATS"]])[STAT[n]], sys.byteorder)
             for o in g.dump("SESSION_GET") + g.dump("PPPOE_GET")
             for n in ("RX_PACKETS", "RX_CONTROL"))
    return (int.from_bytes(frags[2], sys.byteorder),
            int.from_bytes(frags[5], sys.byteorder), rx)


def unload():
    # Whoever has a netlink message of ours in hand holds the module for a moment.
    for _ in range(50):
        if not subprocess.run(["rmmod", "adit"], check=False,
                              stderr=subprocess.DEVNULL).returncode:
            return
        time.sleep(0.05)
    sys.exit("the module does not go")


unshare_net()
waited = 0
for i in range(TIMES):
    load_module()
    if i:
        for dev in "e0", "acc0":
            run("ip link del %s" % dev)
    box = Box()
    g = Genl()
    box.make(g)
    if i % 2:
        box.crowd(g)
    g.must("SYSTEM_SET", u32("FRAG_TIMEOUT", 2000))
    pids = traffic()
    until = time.monotonic() + 10
    while True:
        time.sleep(random.random() / 10)
        taken, held, rx = seen(g)
        if taken and rx:
            break
        assert time.monotonic() < until, (taken, rx)
    waited += held
    g.sock.close()
    unload()
    assert not os.path.exists("/sys/class/net/adit0")
    assert not os.path.exists("/sys/class/net/term0")
    end(pids)
assert waited, "no datagram was waiting"
print("ok: %d times under traffic, %d fragments were waiting" % (TIMES, waited))

for i in range(3):
    load_module()
    pid = os.fork()
    if not pid:
        unshare_net()
        g = Genl()
        Box().make(g).crowd(g)
        pids = traffic()
        time.sleep(0.3)
        for p in pids:
            os.kill(p, signal.SIGKILL)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    unload()
print("ok: 3 times while a namespace dies")
