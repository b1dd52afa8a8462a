#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 60
"""An access port whose device filters VLANs hears the PADI of any: it is made
promiscuous, and what it is made of. What is for others is not taken for all that."""

import array
import fcntl
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, Genl, attr, ifindex, load_module, mac, nest, parse, run, u16,
                  u32, unshare_net)
from frame import Links, Wire, drops, ether, number, pppoe

BROADCAST = b"\xff" * 6
CLIENT = bytes.fromhex("020000000005")
load_module()
unshare_net()
g, links = Genl(), Links()
run("ip link add n0 type veth peer name n1")
run("ip link add bond7 type bond")
run("ip link set n0 master bond7")
run("ip link add plain0 type veth peer name plain1")
for dev in "n0", "n1", "bond7", "plain0", "plain1":
    run("ip link set %s up" % dev)
wire = Wire("n1")
daemon = Genl()
daemon.must("LISTEN", u32("CLASSES", 2))


def ethtool(dev, words):
    """What the kernel made of a request."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sP", dev.encode(), words.buffer_info()[0])
        fcntl.ioctl(s, 0x8946, request + bytes(16))    # SIOCETHTOOL
    return words


def vlan_filter(dev, on):
    """ethtool -K dev rx-vlan-filter on rx-vlan-stag-filter on, or off."""
    names = ethtool(dev, array.array("I", [0x1b, 4, 0] + [0] * 1024))    # GSTRINGS
    names = [names[3 + 8 * i:11 + 8 * i].tobytes().rstrip(b"\0")
             for i in range(names[2])]
    mask = sum(1 << names.index(n) for n in (b"rx-vlan-filter", b"rx-vlan-stag-filter"))
    words = [0x3b, (len(names) + 31) // 32]    # SFEATURES
    for i in range(words[1]):
        words += [mask >> 32 * i & 0xffffffff] + [mask * on >> 32 * i & 0xffffffff]
    ethtool(dev, array.array("I", words))


def promiscuity(dev):
    a = links.ask(18, struct.pack("=BxHiII", 0, 0, ifindex(dev), 0, 0))[2][0]
    return number(a[30])


def punts(want):
    """[(outer, inner, source)] of discovery frames."""
    found = []
    daemon.sock.settimeout(2 if want else 0.05)
    try:
        while len(found) < max(want, 1):
            data = daemon.sock.recv(1 << 16)
            length = struct.unpack_from("=I", data)[0]
            if data[16] == CMD["PUNT"]:
                a = parse(data[20:length])
                found.append((number(a[A["VLAN_OUTER"]]), number(a[A["VLAN_INNER"]]),
                              a[A["MAC"]]))
    except TimeoutError:
        pass
    return found


def port(cmd, dev):
    g.must(cmd, u32("IFINDEX", ifindex(dev)))


assert not promiscuity("bond7") and not promiscuity("n0")
port("PORT_NEW", "bond7")
port("PORT_NEW", "plain0")
assert [promiscuity(d) for d in ("bond7", "n0")] == [1, 1], \
    [promiscuity(d) for d in ("bond7", "n0")]
assert promiscuity("plain0") == 0
print("ok: promiscuous where VLANs are filtered")

padi = pppoe(0, b"\1\1\0\0", code=9)
VLANS = (), ((0x8100, 5),), ((0x8100, 4094),), ((0x88a8, 100), (0x8100, 7)), \
    ((0x8100, 100), (0x8100, 8))
for tags in VLANS:
    wire.send(ether(BROADCAST, CLIENT, 0x8863, padi, tags))
assert punts(len(VLANS)) == [
    ((tags + ((0, 0),) * 2)[0][1], (tags + ((0, 0),) * 2)[1][1], CLIENT)
    for tags in VLANS]
print("ok: PADI in any VLAN")

# Others' frames: discovery and session, of our ids too.
us, other = mac("bond7"), bytes.fromhex("020000000077")
PPPOE = u32("IFINDEX", ifindex("bond7")) + u16("SESSION_ID", 7)
g.must("PPPOE_NEW", PPPOE + attr("MAC", CLIENT))
before = drops(g)
for f in (ether(other, CLIENT, 0x8863, padi),
          ether(other, CLIENT, 0x8864, pppoe(7, b"\xc0\x21\1\1\0\4")),
          ether(b"\x33\x33" + bytes(4), CLIENT, 0x8863, padi),
          ether(b"\1\0\x5e\0\0\1", CLIENT, 0x8864, pppoe(7, b"\xc0\x21\1\1\0\4"))):
    wire.send(f)
assert punts(0) == []
assert drops(g) == before
wire.send(ether(us, CLIENT, 0x8863, padi))
wire.send(ether(us, CLIENT, 0x8864, pppoe(7, b"\xc0\x21\1\1\0\4")))
assert punts(1) == [(0, 0, CLIENT)]
time.sleep(0.01)
assert drops(g)["punt_no_listener"] == before["punt_no_listener"] + 1
print("ok: others' frames are theirs")

port("PORT_DEL", "bond7")
assert promiscuity("bond7") == 0 and promiscuity("n0") == 0
vlan_filter("bond7", 0)
port("PORT_NEW", "bond7")
assert promiscuity("bond7") == 0
vlan_filter("bond7", 1)
assert [promiscuity(d) for d in ("bond7", "n0")] == [1, 1]
vlan_filter("bond7", 0)
vlan_filter("bond7", 1)
assert promiscuity("bond7") == 1
port("PORT_DEL", "bond7")
assert promiscuity("bond7") == 0
print("ok: filters switched on later")
port("PORT_NEW", "bond7")
assert promiscuity("bond7") == 1
run("ip link del bond7")
assert promiscuity("n0") == 0
port("PORT_DEL", "plain0")
print("ok: given back")
