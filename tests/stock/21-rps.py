#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Receive packet steering where IP is terminated: with CPUs in the device's rps_cpus
the flows of one tunnel are spread by their own addresses and ports, not the tunnel's,
whichever queue of the NIC they came in by."""

import fcntl
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (Genl, endpoint_id, ifindex, ip, load_module, mac, nest, run, u8, u16,
                  u32, unshare_net)
from frame import ether, l2tp, ppp, stats, udp

FLOWS = 200
TAP_MULTI_QUEUE, NO_INFO = 0x0102, 0x1000
PEER_MAC = bytes.fromhex("020000000002")


def queue():
    """One more queue of n0; a frame written to it comes in by it."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"n0", TAP_MULTI_QUEUE | NO_INFO))
    return fd


def handled():
    """Packets of the backlog, of each CPU."""
    with open("/proc/net/softnet_stat", encoding="ascii") as f:
        return [int(line.split()[0], 16) for line in f]


def steer(dev, cpus, n=0):
    with open("/sys/class/net/%s/queues/rx-%d/rps_cpus" % (dev, n), "w",
              encoding="ascii") as f:
        f.write(cpus)


def share(q):
    """What part of the packets that came in by a queue the other CPU handled."""
    before = handled()
    rx = stats(g, "SESSION_GET", IDS)["RX_PACKETS"]
    for port in range(FLOWS):
        inner = udp("10.0.0.2", "10.9.9.9", b"up", 2000 + port, 9)
        os.write(queues[q], ether(mac("n0"), PEER_MAC, 0x800, udp(
            "192.0.2.2", "192.0.2.1",
            l2tp(17, 1, b"\xff\3" + ppp(0x21, inner)))))
        sink.recv(100)
    assert stats(g, "SESSION_GET", IDS)["RX_PACKETS"] - rx == FLOWS
    more = [b - a for a, b in zip(before, handled())]
    print("queue %d: %s packets by each CPU" % (q, more))
    return more[1] / FLOWS


IDS = u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)
assert len(handled()) > 1, "one CPU"
os.sched_setaffinity(0, [0])    # a packet comes in on the CPU that sent it
load_module()
run("modprobe -q tun")
unshare_net()
g = Genl()
queues = queue(), queue()
run("ip link add term0 type adit")
for dev in "n0", "term0":
    run("ip link set %s up" % dev)
run("ip addr add 192.0.2.1/24 dev n0")
run("ip addr add 10.9.9.9/32 dev lo")
run("ip route add 10.0.0.2 dev term0")
run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev n0")
sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sink.bind(("10.9.9.9", 9))
sink.settimeout(10)
g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 17) + ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
g.must("SESSION_NEW", IDS + u16("PEER_SESSION_ID", 1))
g.must("BIND", nest("LINK", IDS) + u32("TO_IFINDEX", ifindex("term0")) + nest(
    "ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.2") + u8("PREFIX_LEN", 32))))
# The outer flow's hash is made, and all of it stays here.
for n in 0, 1:
    steer("n0", "1", n)
assert share(0) < 0.1
steer("term0", "3")
for n in 0, 1:
    assert 0.25 < share(n) < 0.75, "queue %d" % n
print("ok")
