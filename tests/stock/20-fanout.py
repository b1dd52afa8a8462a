#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
"""One fat tunnel: all of its data has one outer 5-tuple, and comes in by one CPU. With
CPUs in the anchor's rps_cpus both carry it, by socket and by express receive; nothing is
lost, and no packet overtakes another of its session."""

import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, datagram, endpoint_id, ifindex, ip, load_module, mac, nest,
                  parse, run, u16, u32, unshare_net)
from wire import drops, number

SESSIONS = 64
ROUNDS = 40
ANCHOR = "/sys/class/net/adit0/"


def ids(tunnel, i):
    return u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", i)


def build(g):
    """Tunnel 17's sessions are switched into tunnel 18's."""
    run("ip link add e0 type veth peer name e1")
    for dev in "e0", "e1":
        run("ip link set %s up" % dev)
    run("ip addr add 192.0.2.1/24 dev e0")
    g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
    for tunnel, peer in (17, "192.0.2.2"), (18, "192.0.2.3"):
        run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
               u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", tunnel) +
               ip("REMOTE", peer) + u16("REMOTE_PORT", 1701))
        for i in range(1, SESSIONS + 1):
            g.must("SESSION_NEW", ids(tunnel, i) + u16("PEER_SESSION_ID", i))
    for i in range(1, SESSIONS + 1):
        g.must("BIND", nest("LINK", ids(17, i)) + nest("TO_LINK", ids(18, i)))


def handled():
    """Packets of the backlog, of each CPU."""
    with open("/proc/net/softnet_stat", encoding="ascii") as f:
        return [int(line.split()[0], 16) for line in f]


def received(sock):
    """{session: numbers, in order}, of what left for the other peer."""
    got = {}
    while True:
        try:
            data, where = sock.recvfrom(2000)
        except TimeoutError:
            return got
        if where[2] == 4 or data[30:34] != socket.inet_aton("192.0.2.3"):
            continue
        i, seq = struct.unpack_from("!II", data, len(data) - 8)
        got.setdefault(i, []).append(seq)


def share(g, what):
    """What part of the packets the other CPU handled."""
    head = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
    sent, before, lost = {}, handled(), drops(g)
    for seq in range(ROUNDS):
        for i in range(1, SESSIONS + 1):
            e1.send(head + datagram(struct.pack("!HHH", 2, 17, i) +
                                    b"\xff\x03\0\x2f" + struct.pack("!II", i, seq)))
            sent.setdefault(i, []).append(seq)
        time.sleep(0.005)
    got = received(e1)
    assert got == sent, (what, sum(map(len, got.values())), drops(g), lost)
    assert drops(g) == lost, (what, drops(g), lost)
    more = [b - a for a, b in zip(before, handled())]
    print("%s: %s packets by each CPU" % (what, more))
    return more[1] / 2 / (ROUNDS * SESSIONS)    # from the anchor, and out of e0


def steer(cpus):
    with open(ANCHOR + "queues/rx-0/rps_cpus", "w", encoding="ascii") as f:
        f.write(cpus)


assert len(handled()) > 1, "one CPU"
os.sched_setaffinity(0, [0])    # a packet comes in on the CPU that sent it
load_module()
unshare_net()
gen = Genl()
build(gen)
e1 = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
e1.bind(("e1", 0x0800))
e1.setsockopt(socket.SOL_SOCKET, 33, 32 << 20)    # SO_RCVBUFFORCE
e1.settimeout(1)

assert share(gen, "without") < 0.1
steer("3")
assert share(gen, "steered, but the anchor is down") < 0.1
run("ip link set adit0 up")
by_socket = share(gen, "by socket")
gen.must("UNDERLAY_NEW", u32("IFINDEX", ifindex("e0")))
by_hook = share(gen, "by express receive")
taken = sum(number(parse(u[A["STATS"]])[2]) for u in gen.dump("UNDERLAY_GET"))
assert taken == ROUNDS * SESSIONS, taken
steer("0")
assert share(gen, "without again") < 0.1
for part in by_socket, by_hook:
    assert 0.25 < part < 0.75, part
run("ip link set adit0 down")
print("ok")
