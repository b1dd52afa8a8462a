#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 360
"""Everybody at once: objects are made, bound, dumped and removed by several
processes while packets arrive for them; devices come and go; and in the end the
namespace dies under its traffic, several times."""

import os
import random
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (CMD, NO_RATES, Box, Genl, datagram, endpoint_id, ifindex, ip,
                  load_module, mac, nest, rates, run, u8, u16, u32, unshare_net)

SECONDS = 8
DEATHS = 12


def sender(dev, frames):
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind((dev, 0))
    while True:
        for _ in range(30):
            try:
                raw.send(random.choice(frames))
            except OSError:
                time.sleep(0.05)    # the device is away
        time.sleep(0.001)


def pieces(whole):
    """Two fragments of it, the second cut out of nothing: its sum is not asked."""
    head = whole[:20]
    for at, more, data in (0, 1, whole[20:]), (256, 0, bytes(256)):
        h = head[:2] + struct.pack("!HHHBBH", 20 + len(data), random.randrange(64),
                                   at // 8 | more << 13, 64, 17, 0) + head[12:]
        s = sum(struct.unpack("!10H", h))
        s = (s & 0xffff) + (s >> 16)
        yield h[:10] + struct.pack("!H", ~s & 0xffff) + h[12:] + data


def frames():
    echo = b"\xff\x03\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
    eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
    return [eth + datagram(struct.pack("!HHH", 2, t, s) + echo)
            for t in (17, 18) for s in (1, 2, 3, 4)] + \
           [eth + datagram(struct.pack("!HHHHH", 0x0802, 17, s, ns, 0) + echo)
            for s in (1, 2, 3, 4) for ns in range(0, 1 << 16, 1 << 13)] + \
           [eth + datagram(struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0))] + \
           [eth + f for _ in range(8) for f in pieces(datagram(bytes(248)))]


def pppoe_frames():
    echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
    return [mac("acc0") + mac("acc1") + b"\x88\x64" +
            struct.pack("!BBHH", 0x11, 0, sid, len(echo)) + echo
            for sid in (7, 8)]


def listener():
    """Nobody reads what it gets; none of its answers either."""
    s = Genl()
    s.sock.setsockopt(270, 5, 1)    # NETLINK_NO_ENOBUFS
    s.send(CMD["LISTEN"], u32("CLASSES", 15))
    return s


def link():
    if random.random() < 0.6:
        return nest("LINK", u16("TUNNEL_ID", random.choice([17, 18])) +
                    u16("SESSION_ID", random.randint(1, 4)))
    return nest("LINK", u32("IFINDEX", box.acc0) +
                u16("SESSION_ID", random.choice([7, 8])))


def chance(g):
    """One command, which may well be refused."""
    tunnel = u16("TUNNEL_ID", random.choice([17, 18]))
    session = tunnel + u16("SESSION_ID", random.randint(1, 4))
    pppoe = u32("IFINDEX", box.acc0) + u16("SESSION_ID", random.choice([7, 8]))
    to = link()
    cmd, attrs = random.choice([
        ("SESSION_NEW", session + u16("PEER_SESSION_ID", 5)),
        ("SESSION_NEW", session + u16("PEER_SESSION_ID", 5) + u8("SEQ", 1)),
        ("SESSION_DEL", session), ("SESSION_SET", session + u8("SEQ", 0)),
        ("SESSION_SET", session + u8("SEQ", 1) +
         u32("REORDER_TIMEOUT", random.choice([0, 5, 50]))),
        ("SESSION_SET", session + rates(random.choice([1000, 10**9]))),
        ("SESSION_SET", session + NO_RATES),
        ("PPPOE_SET", pppoe + rates(random.choice([1000, 10**9]))),
        ("PPPOE_SET", pppoe + NO_RATES),
        ("TUNNEL_NEW", tunnel + u16("PEER_TUNNEL_ID", 9) +
         ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701) +
         u32("ENDPOINT_ID", 1)),
        ("TUNNEL_DEL", tunnel + nest("FORCE", b"")),
        ("PORT_NEW", u32("IFINDEX", box.acc0)), ("PORT_DEL", u32("IFINDEX", box.acc0)),
        ("UNDERLAY_NEW", u32("IFINDEX", ifindex("e0"))),
        ("UNDERLAY_DEL", u32("IFINDEX", ifindex("e0"))),
        ("PPPOE_NEW", pppoe + nest("MAC", mac("acc1"))), ("PPPOE_DEL", pppoe),
        ("PEERS_SET", nest("ADDRS", nest("ADDR", ip("PREFIX", "192.0.2.2") +
                                         u8("PREFIX_LEN", 32)))),
        ("PEERS_SET", b""), ("TAP_NEW", link()), ("TAP_DEL", link()),
        ("BIND", link() + nest("TO_LINK", to[4:]) + nest("HOLD", b"")),
        ("RATION_SET", u8("RATION", 2) + u32("RATION_RATE", random.randint(1, 9999))),
        ("BIND", link()),
        ("BIND", link() + nest("TO_LINK", to[4:])),
        ("BIND", link() + nest("TO_LINK", to[4:]) + nest("HOLD", b"")),
        ("BIND", link() + u32("TO_IFINDEX", box.term0) + nest("ADDRS", nest(
            "ADDR", ip("PREFIX", "10.0.0.%d" % random.randint(2, 5)) +
            u8("PREFIX_LEN", 32)))),
    ])
    if cmd == "TAP_NEW":
        deaf.send(CMD[cmd], attrs)
    else:
        g.ask(cmd, attrs)


def changer(seed):
    global deaf
    random.seed(seed)
    g, deaf = Genl(), Genl()
    while True:
        chance(g)
        if random.random() < 0.01:
            deaf = listener()    # its taps end; what is punted is lost


def reader():
    g = Genl()
    while True:
        for cmd in ("SESSION_GET", "TUNNEL_GET", "PPPOE_GET", "PORT_GET", "PEERS_GET",
                    "CLASS_GET", "TAP_GET"):
            g.dump(cmd)
        for root, _, files in os.walk("/sys/class/net/adit0/tunnels/"):
            for f in files:
                try:
                    with open(os.path.join(root, f), "rb") as h:
                        h.read()
                except OSError:
                    pass


def spawn(fn, *args):
    pid = os.fork()
    if pid:
        return pid
    try:
        fn(*args)
    except BaseException as e:
        print("%s: %r" % (fn.__name__, e), flush=True)
        os._exit(1)
    os._exit(0)


def end(pids):
    """All of them are still at work: none has stumbled."""
    for pid in pids:
        assert os.waitpid(pid, os.WNOHANG) == (0, 0), "one has stumbled"
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def races(many):
    global box
    unshare_net()
    g = Genl()
    box = Box().make(g)
    assert endpoint_id(g) == 1
    if many:
        box.crowd(g)
    pids = [spawn(sender, "e1", frames()), spawn(sender, "acc1", pppoe_frames()),
            spawn(reader)] + [spawn(changer, i) for i in range(3)]
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(1)
        run("ip link del term0")
        run("ip link add term0 index %d type adit" % box.term0)
        run("ip link set term0 up")
    end(pids)
    print("ok: %d s of races, %s sessions" % (SECONDS, "many" if many else "few"),
          flush=True)


def death(i):
    """A namespace with traffic; with many sessions, every second time."""
    global box
    unshare_net()
    g = Genl()
    box = Box().make(g)
    if i % 2:
        box.crowd(g)
    pids = [spawn(sender, "e1", frames()), spawn(changer, i),
            spawn(sender, "acc1", pppoe_frames())]
    time.sleep(0.3)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


load_module()
races(False)
races(True)
for n in range(DEATHS):
    child = os.fork()
    if not child:
        death(n)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
print("ok: %d namespaces died under traffic" % DEATHS)
