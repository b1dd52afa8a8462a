#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ways to a peer that lead back here: through our own device, to the endpoint's own
port, and, which no look-up can tell, through somebody else's tunnel to a subscriber of
that peer's, with few sessions and with many. Each packet ends there, counted, and the
next that has a way gets out."""

import errno
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, crowd, ifindex, ip, load_module, nest, u8, u16, u32,
                  unshare_net)
from wire import Dropped, Tap, ips, number

load_module()
unshare_net()
g = Genl()
ips("""
link add e0 type veth peer name e1
link add term0 type adit
link set e0 up
link set e1 up
link set term0 up
addr add 192.0.2.1/24 dev e0
addr add 192.0.2.9/24 dev e0
addr add 2001:db8::1/64 dev e0 nodad
addr add 2001:db8::9/64 dev e0 nodad
neigh add 198.51.100.2 lladdr 02:00:00:00:00:02 dev e0
neigh add 2001:db8:2::2 lladdr 02:00:00:00:00:02 dev e0
""")
wire = Tap("e1")


class Tunnel:
    def __init__(self, us, port, peer, ident):
        self.v6, self.peer, self.port = ":" in us, peer, port
        reply = g.must("ENDPOINT_NEW", ip("LOCAL", us) + u16("LOCAL_PORT", port))[0]
        self.endpoint = u32("ENDPOINT_ID", number(reply[A["ENDPOINT_ID"]]))
        self.tunnel = u16("TUNNEL_ID", ident)
        session = self.tunnel + u16("SESSION_ID", 1)
        g.must("TUNNEL_NEW", self.endpoint + self.tunnel +
               u16("PEER_TUNNEL_ID", ident) + ip("REMOTE", peer) +
               u16("REMOTE_PORT", port))
        g.must("SESSION_NEW", session + u16("PEER_SESSION_ID", 1))
        self.sub = "10.0.0.%d" % ident
        g.must("BIND", nest("LINK", session) + u32("TO_IFINDEX", ifindex("term0")) +
               nest("ADDRS", nest("ADDR", ip("PREFIX", self.sub) +
                                  u8("PREFIX_LEN", 32))))
        ips("route add %s dev term0\n" % self.sub)

    def down(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"x", (self.sub, 9))

    def control(self):
        return g.ask("INJECT", self.endpoint + ip("REMOTE", self.peer) +
                     u16("REMOTE_PORT", self.port) + attr("FRAME", bytes(12)))[0]

    def loops(self):
        for _ in range(3):
            with Dropped(g, tx_loop=1):
                self.down()
        with Dropped(g, tx_loop=1):
            assert self.control() == errno.ELOOP


def own_device(t, way_in, way_out):
    ips(way_in % "add")
    t.loops()
    ips(way_in % "del" + way_out)
    with Dropped(g):
        t.down()
        assert not t.control()
    assert len(wire.l2tp(t.v6, want=2)) == 2, "it has a way now"
    ips(way_out.replace("add", "del") + way_in % "add")
    t.loops()
    print("ok: through our own device, to %s" % t.peer)


own_device(Tunnel("192.0.2.1", 1701, "198.51.100.2", 1),
           "route %s 198.51.100.2 dev term0\n", "route add 198.51.100.2 dev e0\n")
own_device(Tunnel("2001:db8::1", 1701, "2001:db8:2::2", 2),
           "route %s 2001:db8:2::2 dev term0\n", "route add 2001:db8:2::2 dev e0\n")
for n, us, peer in ((3, "192.0.2.9", "192.0.2.9"), (4, "2001:db8::9", "2001:db8::9"),
                    (5, "0.0.0.0", "192.0.2.1"), (6, "::", "2001:db8::1")):
    Tunnel(us, 1701 + n, peer, n).loops()
    print("ok: ourselves, %s at %s" % (peer, us))

# The circle is closed by a device of another kind.
t = Tunnel("192.0.2.1", 1720, "198.51.100.7", 7)
ips("""
link add ipip7 type ipip local 192.0.2.1 remote 10.0.0.7 nopmtudisc
link set ipip7 up
route add 198.51.100.7 dev ipip7
""")
for what in "few sessions", "many sessions":
    for _ in range(3):
        with Dropped(g, tx_recursion=1):
            t.down()
    print("ok: through another tunnel, " + what)
    if what == "few sessions":
        crowd(g)
