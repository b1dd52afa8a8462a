# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP by iperf3 from a PPPoE client through a LAC and an LNS of ours to a server,
and through the same four namespaces by plain routing.

  c  ppp0, acc0 -- acc1  lac  wan0 -- wan1  lns  core0 -- core1  srv
"""

import json
import struct
import subprocess
import time

from box import batch, inside, namespace

from genl import Genl, attr, endpoint_id, ip, nest, u8, u16, u32
import rival
import socket

HOPS = (("c", "acc0", "lac", "acc1", 1), ("lac", "wan0", "lns", "wan1", 2),
        ("lns", "core0", "srv", "core1", 3))
MTU = 1452    # of the subscriber: no fragment on a path of 1500
SECONDS = 1.5
SERVER, CLIENT = "172.20.3.2", "10.0.0.2"


def make_chain():
    for n in "c", "lac", "lns", "srv":
        namespace(n)
        batch(["link set lo up"], n)
    for a, dev_a, b, dev_b, net in HOPS:
        batch(["link add %s netns %s type veth peer name %s netns %s" %
               (dev_a, a, dev_b, b)])
        for ns, dev, host in (a, dev_a, 1), (b, dev_b, 2):
            batch(["addr add 172.20.%d.%d/24 dev %s" % (net, host, dev),
                   "link set %s up" % dev], ns)
    batch(["route add default via 172.20.1.2"], "c")
    batch(["route add 172.20.3.0/24 via 172.20.2.2"], "lac")
    batch(["route add 172.20.1.0/24 via 172.20.2.1", "link add term0 type adit",
           "link set term0 up mtu %d" % MTU, "route add 10.0.0.0/24 dev term0"],
          "lns")
    batch(["route add default via 172.20.3.1"], "srv")


def mac_in(ns, dev):
    with inside(ns), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((dev, 0))
        return s.getsockname()[4]


def tunnel(g, local, remote, mine, theirs):
    g.must("ENDPOINT_NEW", ip("LOCAL", local))
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
           u16("TUNNEL_ID", mine) + u16("PEER_TUNNEL_ID", theirs) +
           ip("REMOTE", remote) + u16("REMOTE_PORT", 1701))
    g.must("SESSION_NEW", u16("TUNNEL_ID", mine) + u16("SESSION_ID", 1) +
           u16("PEER_SESSION_ID", 1))
    return nest("LINK", u16("TUNNEL_ID", mine) + u16("SESSION_ID", 1))


def make_tunnel():
    """The sockets of adit that must stay open."""
    with inside("lac"):
        lac, acc = Genl(), socket.if_nametoindex("acc1")
    with inside("lns"):
        lns, term = Genl(), socket.if_nametoindex("term0")
    link = tunnel(lac, "172.20.2.1", "172.20.2.2", 1, 2)
    pppoe = u32("IFINDEX", acc) + u16("SESSION_ID", 7)
    lac.must("PORT_NEW", u32("IFINDEX", acc))
    lac.must("PPPOE_NEW", pppoe + attr("MAC", mac_in("c", "acc0")))
    lac.must("BIND", link + nest("TO_LINK", pppoe))
    link = tunnel(lns, "172.20.2.2", "172.20.2.1", 2, 1)
    lns.must("BIND", link + u32("TO_IFINDEX", term) + u16("MTU", MTU) +
             nest("ADDRS", nest("ADDR", ip("PREFIX", CLIENT) +
                                u8("PREFIX_LEN", 32))))
    with inside("c"):
        n = rival.unit(rival.pppoe_socket("acc0", mac_in("lac", "acc1"), 7))
    batch(["addr add %s/32 dev ppp%d" % (CLIENT, n),
           "link set ppp%d up mtu %d" % (n, MTU)], "c")
    return n


def transfer(source, down):
    """ns per KiB that arrived"""
    command = ["ip", "netns", "exec", "c", "iperf3", "-J", "-t", str(SECONDS), "-c",
               SERVER, "-B", source] + (["-R"] if down else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          timeout=60)
    got = json.loads(done.stdout)
    if "error" in got:
        raise RuntimeError("iperf3: " + got["error"])
    return 8192e9 / got["end"]["sum_received"]["bits_per_second"]


def measure(repetitions):
    make_chain()
    unit = make_tunnel()
    got = {"tcp/" + n: [] for n in ("plain.down", "down", "plain.up", "up")}
    server = subprocess.Popen(["ip", "netns", "exec", "srv", "iperf3", "-s"],
                              stdout=subprocess.DEVNULL)
    time.sleep(1)
    # The way out depends on the source address.
    batch(["rule add from %s lookup 7" % CLIENT,
           "route add default dev ppp%d table 7" % unit], "c")
    try:
        for i in range(1 + repetitions):
            for down in True, False:
                for source, name in ("172.20.1.1", "plain."), (CLIENT, ""):
                    ns = transfer(source, down)
                    if i:
                        got["tcp/" + name + ("down" if down else "up")].append(ns)
    finally:
        server.terminate()
        server.wait()
    return got
