#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Addresses and prefixes of subscribers, also framed routes and delegated prefixes
that overlap: the longest that matches says whose a packet is, downstream, and who
may send from an address, upstream, as Python's ipaddress finds it. IPv6 that is
local to a wire goes to the daemon with its session."""

import ipaddress
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, Genl, attr, endpoint_id, ifindex, load_module, mac, nest,
                  parse, run, u8, u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (P4, P6, Wire, csum, drops, ether, ip, l2tp, number, ppp, pseudo, udp)

PEER_MAC = bytes.fromhex("020000000002")
random.seed(8)
load_module()
unshare_net()
g = Genl()
run("ip link add e0 type veth peer name e1")
for dev in "term0", "term1":
    run("ip link add %s type adit" % dev)
    run("ip link set %s up" % dev)
run("ip addr add 192.0.2.1/24 dev e0")
for dev in "e0", "e1":
    run("ip link set %s up" % dev)
run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
core, term = Wire("e1"), Wire("term0")
E0 = mac("e0")
g.must("ENDPOINT_NEW", ip_attr("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 9) + ip_attr("REMOTE", "192.0.2.2") +
       u16("REMOTE_PORT", 1701))
SESSIONS = 1, 2, 3
owned = {s: [] for s in SESSIONS}
aside = {}    # on the other device


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


def bind(s, prefixes, dev="term0"):
    """(errno, text)"""
    nets = [ipaddress.ip_network(p) for p in prefixes]
    a = b"".join(nest("ADDR", attr("PREFIX", n.network_address.packed) +
                      u8("PREFIX_LEN", n.prefixlen)) for n in nets)
    err, text, _ = g.ask("BIND", nest("LINK", ids(s)) +
                         u32("TO_IFINDEX", ifindex(dev)) + nest("ADDRS", a))
    if not err:
        owned[s] = nets
    return err, text


def owner(a):
    a = ipaddress.ip_address(a)
    best = max(((n.prefixlen, s) for s in SESSIONS for n in owned[s]
                if n.version == a.version and a in n), default=(0, None))
    return best[1]


def outside(v6):
    return "2001:db8:ffff::1" if v6 else "198.51.100.1"


def frame(s, packet):
    proto = P6 if packet[0] >> 4 == 6 else P4
    return ether(E0, PEER_MAC, 0x800, udp("192.0.2.2", "192.0.2.1", l2tp(
        17, s, b"\xff\3" + ppp(proto, packet))))


def collect(wire, want, found):
    got, end = [], time.monotonic() + 2
    while len(got) < want and time.monotonic() < end:
        got += [x for x in map(found, wire.frames()) if x is not None]
    time.sleep(0.003)
    return got + [x for x in map(found, wire.frames()) if x is not None]


def check(what, addresses):
    """Each address down, and up from each session."""
    addresses = [str(a) for a in addresses]
    core.frames()
    before = drops(g)
    for i, a in enumerate(addresses):
        p = udp(outside(":" in a), a, struct.pack("!H", i))
        term.sock.sendto(p, ("term0", 0x86dd if ":" in a else 0x800))
    want = [(i, owner(a)) for i, a in enumerate(addresses) if owner(a)]

    def down(f):
        m = f[42:]
        if len(m) < 40 or m[:4] != b"\0\2\0\x09":
            return None
        return struct.unpack("!H", m[-2:])[0], struct.unpack_from("!H", m, 4)[0]

    got = collect(core, len(want), down)
    assert got == want, (what, [x for x in zip(got, want) if x[0] != x[1]][:5])
    after = drops(g)
    assert after["tx_no_link"] - before["tx_no_link"] == len(addresses) - len(want)
    # Up.
    term.frames()
    spoofs = 0
    want = []
    for i, a in enumerate(addresses):
        for s in SESSIONS:
            core.send(frame(s, udp(a, outside(":" in a), struct.pack("!HH", i, s))))
            if owner(a) == s:
                want.append((i, s))
            elif not any(ipaddress.ip_address(a) in n for n in aside.get(s, ())):
                spoofs += 1

    def up(f):
        return struct.unpack("!HH", f[-4:]) if len(f) in (32, 52) else None

    got = collect(term, len(want), up)
    assert got == want, (what, got[:5], want[:5])
    assert drops(g)["rx_spoof"] - after["rx_spoof"] == spoofs, what
    print("ok: %s: %d addresses, %d spoofed" % (what, len(addresses), spoofs))


for n in SESSIONS:
    g.must("SESSION_NEW", ids(n) + u16("PEER_SESSION_ID", n) +
           attr("COOKIE", struct.pack("=Q", 1000 + n)))
run("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_ratemask=0")


def overlaps():
    """A host in another's network in another's network, and back."""
    assert bind(1, ["10.0.0.0/8", "10.1.2.3/32", "2001:db8::/32"]) == (0, "")
    assert bind(2, ["10.1.0.0/16", "10.0.0.7/32", "2001:db8:1::/48",
                    "2001:db8:1:2::/64"]) == (0, "")
    assert bind(3, ["10.1.2.0/24", "10.1.2.128/25", "2001:db8:1:2::3/128",
                    "2001:db8:1:2:3::/80"]) == (0, "")
    hosts = ["10.0.0.1", "10.0.0.7", "10.0.0.8", "10.1.0.0", "10.1.2.2", "10.1.2.3",
             "10.1.2.4", "10.1.2.127", "10.1.2.128", "10.1.2.255", "10.1.3.0",
             "10.2.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0",
             "2001:db8::1", "2001:db8:1::1", "2001:db8:1:2::1", "2001:db8:1:2::3",
             "2001:db8:1:2::4", "2001:db8:1:2:3::9", "2001:db8:1:3::1",
             "2001:db8:ffff:ffff::1", "2001:db9::1", "2001:db7:ffff::1"]
    check("overlaps", hosts)
    err, text = bind(3, ["10.1.2.0/24", "10.1.0.0/16"])
    assert err == 17 and "another" in text, (err, text)
    check("a refusal changes nothing", hosts)
    # What is gone uncovers what is below.
    assert bind(3, ["10.1.2.128/25"]) == (0, "")
    check("fewer", hosts)
    g.must("BIND", nest("LINK", ids(2)))
    owned[2] = []
    assert bind(3, ["10.1.0.0/16", "2001:db8:1::/48"]) == (0, "")
    assert bind(2, ["10.1.2.128/25"]) == (0, "")
    check("others have them", hosts)
    # Another device is another table.
    assert bind(3, ["10.1.2.128/25", "10.1.2.3/32"], "term1") == (0, "")
    aside[3], owned[3] = owned[3], []
    check("another device", hosts)
    aside.clear()
    for bad in ("10.0.0.1/8", "2001:db8::1/64"):
        n = ipaddress.ip_interface(bad)
        err, text, _ = g.ask("BIND", nest("LINK", ids(1)) + u32(
            "TO_IFINDEX", ifindex("term0")) + nest("ADDRS", nest(
                "ADDR", attr("PREFIX", n.packed) +
                u8("PREFIX_LEN", n.network.prefixlen))))
        assert err == 22 and "behind" in text, (err, text)
    err, text, _ = g.ask("BIND", nest("LINK", ids(1)) + u32(
        "TO_IFINDEX", ifindex("term0")) + nest("ADDRS", nest(
            "ADDR", ip_attr("PREFIX", "0.0.0.0") + u8("PREFIX_LEN", 33))))
    assert err == 22 and "long" in text, (err, text)


def everything():
    """A default of one, and holes in it of others."""
    assert bind(3, []) == (0, "")
    assert bind(1, ["0.0.0.0/0", "::/0"]) == (0, "")
    assert bind(2, ["128.0.0.0/1", "2000::/3"]) == (0, "")
    check("defaults", ["1.2.3.4", "127.1.2.3", "128.0.0.1", "203.0.113.5",
                       "2001:db8::1", "1000::1", "4000::1", "3fff:ffff::1"])


def chance():
    """Prefixes by chance, of all lengths."""
    for v6 in False, True:
        bits = 128 if v6 else 32
        base = int(ipaddress.ip_address("2001:db8:a::" if v6 else "10.64.0.0"))
        free = 80 if v6 else 16

        def one():
            return base | random.getrandbits(free)

        seen, nets = set(), {s: [] for s in SESSIONS}
        points = [one() for _ in range(12)]
        while len(seen) < 90:
            n = random.randrange(bits - free, bits + 1)
            a = random.choice(points) >> (bits - n) << (bits - n)
            if (a, n) not in seen:
                seen.add((a, n))
                kind = ipaddress.IPv6Network if v6 else ipaddress.IPv4Network
                nets[random.choice(SESSIONS)].append(str(kind((a, n))))
        for s in SESSIONS:
            assert bind(s, []) == (0, "")
        for s in SESSIONS:
            assert bind(s, nets[s][:64]) == (0, "")
        tried = [p ^ (1 << random.randrange(free)) for p in points for _ in range(6)]
        check("by chance", [ipaddress.ip_address(a) for a in points + tried])


def punts():
    """What is local to a wire, to the daemon with its session."""
    daemon = Genl()
    daemon.must("LISTEN", u32("CLASSES", 8))
    daemon.sock.settimeout(2)
    before = drops(g)

    def icmp6(src, dst, kind):
        m = struct.pack("!BBHI", kind, 0, 0, 7)
        s = csum(pseudo(src, dst, 58, len(m)) + m)
        return ip(src, dst, 58, m[:2] + struct.pack("!H", s) + m[4:])

    sent = []
    for s, src, dst, kind in ((1, "fe80::1", "ff02::2", 133), (2, "fe80::2", "fe80::1", 135),
                              (1, "::", "ff02::1:ff00:1", 135), (2, "::", "ff02::16", 143),
                              (3, "fe80::3", "2001:db8::9", 128),
                              (1, "2001:db8:a::1", "ff05::1:3", 128)):
        p = icmp6(src, dst, kind)
        sent.append((s, struct.pack("!H", P6) + p))
        core.send(frame(s, p))
    term.frames()
    for s, want in sent:
        data = daemon.sock.recv(1 << 16)
        length, kind = struct.unpack_from("=IH", data)
        a = parse(data[20:length])
        assert kind == daemon.family and data[16] == CMD["PUNT"]
        assert a[A["FRAME"]] == want, (a[A["FRAME"]].hex(), want.hex())
        link = parse(a[A["LINK"]])
        assert number(link[A["SESSION_ID"]]) == s and \
            number(link[A["TUNNEL_ID"]]) == 17
        assert number(a[A["COOKIE"]]) == 1000 + s
    time.sleep(0.01)
    assert not term.frames()
    # Not into the device either, from above.
    for dst in "ff02::1", "fe80::2":
        term.sock.sendto(icmp6("fe80::1", dst, 128), ("term0", 0x86dd))
    time.sleep(0.01)
    after = drops(g)
    assert after["tx_multicast"] - before["tx_multicast"] == 2
    assert after["rx_spoof"] == before["rx_spoof"]
    daemon.sock.close()
    print("ok: punts: %d" % len(sent))


overlaps()
everything()
chance()
punts()
