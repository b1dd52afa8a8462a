#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""The route that an endpoint remembers of its data: it spares the look-up, and is
not given where the operator wants each source looked up (strict reverse path)."""

import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, endpoint_id, ifindex, ip, load_module, mac, nest, parse, run,
                  u8, u16, u32, unshare_net)
from wire import ethertype, number, packet, udp

NETS = {"e": ("192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:1::2"),
        "f": ("198.51.100.1", "198.51.100.2", "2001:db8:2::1", "2001:db8:2::2")}
FAR = bytes.fromhex("020000000002")


def knob(path, value):
    with open("/proc/sys/net/" + path, "w", encoding="ascii") as f:
        f.write(str(value))


def build():
    for d, (us, peer, us6, peer6) in NETS.items():
        run("ip link add %s0 type veth peer name %s1" % (d, d))
        for dev in d + "0", d + "1":
            run("ip link set %s up" % dev)
        run("ip addr add %s/24 dev %s0" % (us, d))
        run("ip addr add %s/64 dev %s0 nodad" % (us6, d))
        for p in peer, peer6:
            run("ip neigh add %s lladdr 02:00:00:00:00:02 dev %s0" % (p, d))
    run("ip link add term0 type adit")
    run("ip link set term0 up")


def tunnels(g):
    """17 and 18 over IPv4, 27 and 28 over IPv6: the first of each behind e0, the
    second behind f0, all of one endpoint a family."""
    for base, at in (17, 0), (27, 2):
        g.must("ENDPOINT_NEW", ip("LOCAL", NETS["e"][at]))
        for i, d in enumerate("ef"):
            ids = u16("TUNNEL_ID", base + i) + u16("SESSION_ID", 1)
            g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
                   u16("TUNNEL_ID", base + i) + u16("PEER_TUNNEL_ID", 9) +
                   ip("REMOTE", NETS[d][at + 1]) + u16("REMOTE_PORT", 1701))
            g.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", 1))
            g.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", ifindex("term0")) +
                   nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.%d" % (base + i)) +
                                      u8("PREFIX_LEN", 32))))


def send(dev, tunnel):
    """A packet of the tunnel's subscriber, from its peer, in by that device."""
    d, at = "ef"[(tunnel - 17) % 10], 0 if tunnel < 20 else 2
    inner = packet("10.0.0.%d" % tunnel, "192.0.2.9",
                   udp("10.0.0.%d" % tunnel, "192.0.2.9", b"x"))
    data = b"\0\2" + tunnel.to_bytes(2, "big") + b"\0\1\xff\x03\0\x21" + inner
    outer = packet(NETS[d][at + 1], NETS["e"][at],
                   udp(NETS[d][at + 1], NETS["e"][at], data))
    raw[dev].send(mac(dev[0] + "0") + FAR + ethertype(outer) + outer)


def arrives(dev, tunnel):
    def count():
        s = gen.must("SESSION_GET", u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", 1))[0]
        return number(parse(s[A["STATS"]])[2])

    before = count()
    send(dev, tunnel)
    for _ in range(20):  # the receive softirq may have been left to its thread
        if count() == before + 1:
            return True
        time.sleep(0.01)
    return False


def check(what, truth):
    assert truth, what
    print("ok: " + what)


load_module()
unshare_net()
build()
gen = Genl()
tunnels(gen)
raw = {}
for name in "e1", "f1":
    raw[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw[name].bind((name, 0))
for conf in "all", "e0", "f0":
    knob("ipv4/conf/%s/rp_filter" % conf, 0)

# What would be looked up for each packet is refused by a rule of its source, before
# the table of local addresses is asked.
for base, family, source in (17, "-4", NETS["f"][1]), (27, "-6", NETS["f"][3]):
    run("ip %s rule add pref 10 lookup local" % family)
    run("ip %s rule del pref 0" % family)
    run("ip %s rule add pref 5 from %s prohibit" % (family, source))
    check("%s: no route is remembered yet" % family, not arrives("e1", base + 1))
    check("%s: another source's is learned" % family, arrives("e1", base))
    check("%s: and serves all data of the device" % family, arrives("e1", base + 1))
    check("%s: not that of another device" % family, not arrives("f1", base + 1))
    run("ip %s rule del pref 5" % family)
    check("%s: without the rule" % family, arrives("f1", base + 1))

# A peer's data, forged, in by a device that does not lead to it.
check("loosely", arrives("e1", 17) and arrives("e1", 18))
knob("ipv4/conf/e0/rp_filter", 1)
check("strictly: its own", arrives("e1", 17))
check("strictly: forged", not arrives("e1", 18))
check("strictly: from where it belongs", arrives("f1", 18))
knob("ipv4/conf/e0/rp_filter", 2)
check("loosely again", arrives("e1", 17) and arrives("e1", 18))

# What is remembered ends with the address, and holds no device.
run("ip link del e0")
check("without the address", not arrives("f1", 18))
run("ip addr add 192.0.2.1/24 dev f0")
check("the address on another device", arrives("f1", 18))
print("ok")
