#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""The way to a peer, remembered by its tunnel: followed as soon as the routes, the
addresses or the peer's port change, and no hold on a device that goes."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (Genl, endpoint_id, ifindex, ip, load_module, nest, run, u8, u16, u32,
                  unshare_net)
from wire import Dropped, Tap

DEVICES = {"e": ("192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:1::2"),
           "f": ("198.51.100.1", "198.51.100.2", "2001:db8:2::1", "2001:db8:2::2")}
# Tunnel: the endpoint's address, the peer, the subscriber.
TUNNELS = {17: ("0.0.0.0", "203.0.113.9", "10.0.0.17"),
           27: ("::", "2001:db8:9::9", "10.0.0.27")}
UDP_AT = {17: 14 + 20, 27: 14 + 40}


def add_device(d):
    us, peer, us6, peer6 = DEVICES[d]
    run("ip link add %s0 type veth peer name %s1" % (d, d))
    for dev in d + "0", d + "1":
        run("ip link set %s up" % dev)
    run("ip addr add %s/24 dev %s0" % (us, d))
    run("ip addr add %s/64 dev %s0 nodad" % (us6, d))
    for p in peer, peer6:
        run("ip neigh add %s lladdr 02:00:00:00:00:02 dev %s0" % (p, d))
    taps[d] = Tap(d + "1", only_udp=True)


def lead(d):
    """Both peers behind that device."""
    for _, peer, _ in TUNNELS.values():
        run("ip route replace %s via %s" % (peer, DEVICES[d][3 if ":" in peer else 1]))


def make_tunnel(ident):
    local, peer, sub = TUNNELS[ident]
    ids = u16("TUNNEL_ID", ident) + u16("SESSION_ID", 1)
    gen.must("ENDPOINT_NEW", ip("LOCAL", local))
    gen.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(gen)) +
             u16("TUNNEL_ID", ident) + u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", peer) +
             u16("REMOTE_PORT", 1701))
    gen.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", 1))
    gen.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", ifindex("term0")) +
             nest("ADDRS", nest("ADDR", ip("PREFIX", sub) + u8("PREFIX_LEN", 32))))
    run("ip route add %s dev term0" % sub)


def way(ident):
    """(device, source, port) of a packet for the tunnel's subscriber."""
    for tap in taps.values():
        tap.frames(None)
    sender.sendto(b"x", (TUNNELS[ident][2], 9))
    at = UDP_AT[ident]
    for d, tap in taps.items():
        for f in tap.frames(None, wait=0.5):
            v6 = ident == 27
            src = socket.inet_ntop(socket.AF_INET6 if v6 else socket.AF_INET,
                                   f[22:38] if v6 else f[26:30])
            return d, src, int.from_bytes(f[at + 2:at + 4], "big")
    return None


def both(what, d, port=1701):
    for ident in TUNNELS:
        got = way(ident)
        assert got == (d, DEVICES[d][2 if ident == 27 else 0], port), (what, got)
    print("ok: " + what)


load_module()
unshare_net()
taps = {}
run("ip link set lo up")
run("ip link add term0 type adit")
run("ip link set term0 up")
for name in DEVICES:
    add_device(name)
gen = Genl()
for number in TUNNELS:
    make_tunnel(number)
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

lead("e")
both("by the route that is there", "e")
both("and again", "e")
lead("f")
both("by the one that took its place", "f")
for number in TUNNELS:
    gen.must("TUNNEL_SET", u16("TUNNEL_ID", number) + u16("REMOTE_PORT", 4000))
both("to another port", "f", 4000)
for number in TUNNELS:
    gen.must("TUNNEL_SET", u16("TUNNEL_ID", number) + u16("REMOTE_PORT", 1701))
both("and back", "f")

for number in TUNNELS:
    run("ip route del " + TUNNELS[number][1])
    with Dropped(gen, tx_route=2):
        assert way(number) is None and way(number) is None
print("ok: no route, no packet")
lead("e")
both("a route again", "e")

# Held by a route that a tunnel remembers, it would not go.
taps.pop("e").sock.close()
run("timeout 20 ip link del e0")
for number in TUNNELS:
    with Dropped(gen, tx_route=1):
        assert way(number) is None
add_device("e")
lead("e")
both("the device came back", "e")
print("ok")
