#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Reasons to drop that no other test names, one row each: so many packets are sent as
must end there, and exactly that counter rises by exactly that number; where the link is
known, what was not sent is not counted as sent.

Not here: punt_no_memory, frag_no_memory, tx_headroom, tx_gso and rx_gso want an
allocation to fail (kapi/20-nomem); what makes a super-packet is the kernel's own receive
offload, which leaves nothing that could not be taken apart otherwise. rx_no_memory wants
that of a packet which somebody else holds as well, and who listens to devices takes a
copy: no test makes one.
rx_reorder_full wants another CPU that delivers meanwhile (unit/kmod/sequence_test),
queue_full of the anchor's as well. frag_distance wants 16,384 datagrams of one peer's in
two seconds, the longest that a fragment waits: more than the debug kernel takes
(unit/kmod/queue_test). tx_recursion and tx_loop are in 16-loop."""

import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (Box, Genl, attr, datagram, endpoint_id, ifindex, ip, load_module, mac,
                  nest, run, u8, u16, u32, unshare_net)
from frame import P4, Wire, ether, ppp, pppoe, stats, tcp, udp
from wire import Dropped, offloads

N = 5
LCP = b"\xc0\x21\x09\x01\x00\x08\x00\x00\x00\x07"
load_module()
unshare_net()
g = Genl()
box = Box().make(g)
term, switched, pppoe7 = box.links()
S1, S2, S3 = (u16("TUNNEL_ID", 17) + u16("SESSION_ID", i) for i in (1, 2, 3))
g.must("SESSION_NEW", S3)
g.must("BIND", nest("LINK", S3) + u32("TO_IFINDEX", box.term0) + nest("ADDRS", nest(
    "ADDR", ip("PREFIX", "10.0.0.3") + u8("PREFIX_LEN", 32))))
run("ip route add 10.0.0.3 dev term0")
for dev in "e0", "e1":
    run("ip link set %s mtu 9000" % dev)
core, access = Wire("e1"), Wire("acc1")
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
deaf = Genl()


def down(to="10.0.0.2"):
    sock.sendto(b"down", (to, 9))


def client(frame=LCP):
    """From the PPPoE client."""
    access.send(ether(mac("acc0"), mac("acc1"), 0x8864, pppoe(7, frame)))


def up(frame):
    core.send(ether(mac("e0"), bytes.fromhex("020000000002"), 0x800, datagram(frame)))


def carrier(far, near, on):
    """The far end goes down; the near one has heard of it, and its queue too."""
    run("ip link set %s %s" % (far, "up" if on else "down"))
    end = time.monotonic() + 5
    while True:
        with open("/sys/class/net/%s/operstate" % near, encoding="ascii") as f:
            if (f.read() == "up\n") == on:
                return
        assert time.monotonic() < end, near
        time.sleep(0.01)


def sent(cmd, attrs):
    s = stats(g, cmd, attrs)
    return s["TX_PACKETS"], s["TX_BYTES"], s["TX_DROPS"]


def row(reason, what, link=None, n=N):
    """Each what() is one packet, of this link."""
    before = sent(*link) if link else None
    with Dropped(g, **{reason: n}):
        for _ in range(n):
            what()
    if link:
        packets, octets, lost = before
        assert sent(*link) == (packets, octets, lost + n), (reason, before, sent(*link))
    print("ok: " + reason)


def refused():
    """Control of ours, on the same way."""
    for attrs in TO_PEER, TO_CLIENT:
        err, text, _ = g.ask("INJECT", attrs + attr("FRAME", b"\xc8\2" + bytes(10)))
        assert err and text, (err, text)


TO_PEER = u32("ENDPOINT_ID", endpoint_id(g)) + ip("REMOTE", "192.0.2.2") + \
    u16("REMOTE_PORT", 1701)
TO_CLIENT = u32("IFINDEX", box.acc0) + attr("MAC", mac("acc1"))
SESSION1, SESSION2, SESSION3 = (("SESSION_GET", s) for s in (S1, S2, S3))
PPPOE7 = "PPPOE_GET", pppoe7

row("tx_unbound", lambda: down("10.0.0.3"), SESSION3)


def received():
    s = stats(g, *SESSION1)
    return s["RX_PACKETS"], s["RX_BYTES"], s["RX_DROPS"]


# A subscriber's device that is down.
run("ip link set term0 down")
before = received()
row("rx_device", lambda: up(struct.pack("!HHH", 2, 17, 1) + b"\xff\3" + ppp(
    P4, udp("10.0.0.2", "192.0.2.1", b"up"))))
assert [a - b for a, b in zip(received(), before)] == [0, 0, N]
run("ip link set term0 up")
run("ip route add 10.0.0.2 dev term0")
run("ip route add 10.0.0.3 dev term0")

# Too big for its subscriber, or it would have to be cut and must not be.
sock.setsockopt(socket.IPPROTO_IP, 10, 3)    # IP_MTU_DISCOVER: PROBE
g.must("BIND", nest("LINK", S3) + u32("TO_IFINDEX", box.term0) + u16("MTU", 1400) +
       nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.3") + u8("PREFIX_LEN", 32))))
row("tx_mtu", lambda: sock.sendto(bytes(1401 - 28), ("10.0.0.3", 9)), SESSION3)
sock.setsockopt(socket.IPPROTO_IP, 10, 1)
run("ip route add unreachable 192.0.2.2")
row("tx_route", down, SESSION1)
run("ip route del unreachable 192.0.2.2")

# Without a carrier.
for far, near in ("e1", "e0"), ("acc1", "acc0"):
    carrier(far, near, False)
row("tx_output", down, SESSION1)
row("tx_output", lambda: g.must("INJECT", nest("LINK", pppoe7) +
                                attr("FRAME", b"\0\x21" + bytes(40))), PPPOE7)
with Dropped(g, tx_output=2):
    refused()
for far, near in ("e1", "e0"), ("acc1", "acc0"):
    carrier(far, near, True)
core, access = Wire("e1"), Wire("acc1")    # theirs have heard of it
before = sent(*SESSION1), sent(*PPPOE7)
with Dropped(g):
    down()
    g.must("INJECT", nest("LINK", pppoe7) + attr("FRAME", b"\0\x21" + bytes(40)))
assert [a[0] - b[0] for a, b in zip((sent(*SESSION1), sent(*PPPOE7)), before)] == [1, 1]

raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
row("tx_protocol", lambda: raw.sendto(bytes(60), ("term0", 0x1234)))

# To a daemon that does not read.
for ration in range(15):
    g.must("RATION_SET", u8("RATION", ration) + u32("RATION_RATE", 1000000) +
           u32("RATION_BURST", 1000000))
deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
deaf.must("LISTEN", u32("CLASSES", 15))
control = struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0)
row("punt_too_long", lambda: up(control + bytes(4096)))
for _ in range(20):
    up(control)
row("punt_queue_full", lambda: up(control))
row("punt_queue_full", lambda: access.send(ether(
    b"\xff" * 6, mac("acc1"), 0x8863, b"\x11\x09" + bytes(4))))

SEGMENTS, MSS = 1100, 40
raw.setsockopt(263, 15, 1)    # PACKET_VNET_HDR
VNET = struct.pack("=BBHHHH", 1, 1, 40, MSS, 20, 16)    # NEEDS_CSUM, TCPv4


def big(to):
    raw.sendto(VNET + tcp("192.0.2.1", to, 0x10, payload=bytes(SEGMENTS * MSS)),
               ("term0", 0x800))


# Of a super-packet each packet counts.
before = sent(*SESSION3)[2]
with Dropped(g, tx_unbound=SEGMENTS):
    big("10.0.0.3")
assert sent(*SESSION3)[2] - before == SEGMENTS
print("ok: a super-packet")

# More packets in one go than a batch has room for: what a super-packet is made of,
# where the stack takes it apart before the device.
for i in range(10, 10 + 1024):
    g.must("SESSION_NEW", u16("TUNNEL_ID", 17) + u16("SESSION_ID", i) +
           u16("PEER_SESSION_ID", i))
offloads("term0", False)
with Dropped(g, queue_full=SEGMENTS - 1024):
    big("10.0.0.2")
print("ok: queue_full")
