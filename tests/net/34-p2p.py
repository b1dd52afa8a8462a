#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""A point-to-point device: made and shown by rtnetlink, one link and no other, no
table of addresses but as a check of sources, IPv6 with all that is local to a wire;
deleted under traffic, and with its namespace."""

import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest,
                  run, u8, u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (P4, P6, Links, Wire, csum, drops, ether, ip, l2tp, ppp, pseudo, udp)

PEER_MAC = bytes.fromhex("020000000002")
SUBSCRIBER_LL = "fe80::2"
load_module()


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


class Rig:
    def __init__(self):
        unshare_net()
        self.g = Genl()
        run("ip link add e0 type veth peer name e1")
        run("ip addr add 192.0.2.1/24 dev e0")
        for dev in "e0", "e1":
            run("ip link set %s up" % dev)
        run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
        self.wire, self.mac = Wire("e1"), mac("e0")
        self.links = Links()
        self.g.must("ENDPOINT_NEW", ip_attr("LOCAL", "192.0.2.1"))
        self.g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(self.g)) +
                    u16("TUNNEL_ID", 17) + u16("PEER_TUNNEL_ID", 9) +
                    ip_attr("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
        for s in 1, 2:
            self.g.must("SESSION_NEW", ids(s) + u16("PEER_SESSION_ID", s))

    def device(self, name="ppp7"):
        assert self.links.add(name, u8(1, 1)) == (0, "")
        run("ip link set %s up" % name)
        return ifindex(name)

    def bind(self, s, dev, *addrs):
        """(errno, text)"""
        a = b"".join(nest("ADDR", ip_attr("PREFIX", p.split("/")[0]) +
                          u8("PREFIX_LEN", int(p.split("/")[1]))) for p in addrs)
        return self.g.ask("BIND", nest("LINK", ids(s)) + u32("TO_IFINDEX", dev) +
                          (nest("ADDRS", a) if a else b""))[:2]

    def up(self, packet, s=1):
        proto = P6 if packet[0] >> 4 == 6 else P4
        self.wire.send(ether(self.mac, PEER_MAC, 0x800, udp(
            "192.0.2.2", "192.0.2.1", l2tp(17, s, b"\xff\3" + ppp(proto, packet)))))

    def down(self, match, limit=2):
        """The first packet to the peer that matches: (session, packet)."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            for f in self.wire.frames():
                m = f[42:]
                if len(m) > 10 and match(m[10:]):
                    return struct.unpack_from("!H", m, 4)[0], m[10:]
            time.sleep(0.003)
        return None


def made():
    """Modes, good and bad."""
    r.device()
    assert r.links.mode("ppp7") == 1
    run("ip link add term0 type adit")
    assert r.links.mode("term0") == 0
    assert r.links.add("term1", u8(1, 0)) == (0, "")
    assert r.links.mode("term1") == 0
    for bad in u8(1, 2), u8(1, 255), attr(1, b""):
        err, text = r.links.add("bad0", bad)
        assert err and text, (bad, err, text)
    assert not os.path.exists("/sys/class/net/bad0")
    with open("/sys/class/net/ppp7/flags", encoding="ascii") as f:
        flags = int(f.read(), 16)
    assert flags & 0x10 and flags & 0x80 and flags & 0x1000, hex(flags)
    print("ok: modes")


def one_link():
    dev = ifindex("ppp7")
    assert r.bind(1, dev) == (0, "")
    err, text = r.bind(2, dev)
    assert err == 16 and "point-to-point" in text, (err, text)
    # Its own link may be bound anew.
    assert r.bind(1, dev, "10.0.0.2/32") == (0, "")
    err, text = r.bind(2, dev)
    assert err == 16, err
    run("ip addr add 10.9.0.1 peer 10.9.0.2 dev ppp7")
    run("ip route add 203.0.113.0/24 dev ppp7")
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(2)
    for where in "10.9.0.2", "203.0.113.77", "203.0.113.255":
        s.sendto(b"x" * 20, (where, 9))
        got = r.down(lambda p, w=where: p[16:20] == socket.inet_aton(w))
        assert got and got[0] == 1, where
    # Sources by the addresses, where there are some; else any.
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.settimeout(2)
    here.bind(("10.9.0.1", 4000))
    spoofed = drops(r.g)["rx_spoof"]
    r.up(udp("10.0.0.3", "10.9.0.1", b"no", 1, 4000))
    r.up(udp("10.0.0.2", "10.9.0.1", b"yes", 1, 4000))
    assert here.recv(99) == b"yes"
    assert drops(r.g)["rx_spoof"] == spoofed + 1
    assert r.bind(1, dev) == (0, "")
    r.up(udp("203.0.113.3", "10.9.0.1", b"any", 1, 4000))
    assert here.recv(99) == b"any"
    assert drops(r.g)["rx_spoof"] == spoofed + 1
    # Without its link nothing passes; then another may have it.
    r.g.must("BIND", nest("LINK", ids(1)))
    gone = drops(r.g)["tx_no_link"]
    s.sendto(b"x", ("10.9.0.2", 9))
    time.sleep(0.01)
    assert drops(r.g)["tx_no_link"] > gone
    assert r.bind(2, dev) == (0, "")
    s.sendto(b"x", ("10.9.0.2", 9))
    assert r.down(lambda p: p[16:20] == socket.inet_aton("10.9.0.2"))[0] == 2
    # Moved to another device, it leaves this one.
    assert r.bind(2, ifindex("term0")) == (0, "")
    assert r.bind(1, dev) == (0, "")
    s.close(), here.close()
    print("ok: one link")


def icmp6(src, dst, kind, body):
    m = struct.pack("!BBH", kind, 0, 0) + body
    s = csum(pseudo(src, dst, 58, len(m)) + m)
    p = ip(src, dst, 58, m[:2] + struct.pack("!H", s) + m[4:])
    return p[:7] + b"\xff" + p[8:]


def link_local():
    """What is local to a wire passes, both ways."""
    ours = "fe80::1"
    run("ip addr add fe80::1/64 dev ppp7 nodad")
    run("ip addr add 2001:db8:7::1/64 dev ppp7 nodad")
    before = drops(r.g)
    for addrs in (), ("2001:db8:7::/64",):
        assert r.bind(1, ifindex("ppp7"), *addrs) == (0, "")
        for dst in ours, "ff02::1":
            r.up(icmp6(SUBSCRIBER_LL, dst, 128, b"\0\1\0\2ping" + dst.encode()))
            got = r.down(lambda p, d=dst: p[0] >> 4 == 6 and p[40] == 129 and
                         p[48:] == b"ping" + d.encode())
            assert got and got[0] == 1, (addrs, dst)
        r.up(icmp6("2001:db8:7::5", "2001:db8:7::1", 128, b"\0\1\0\2global"))
        assert r.down(lambda p: p[40:41] == b"\x81" and p[48:] == b"global")
    r.up(icmp6("2001:db8:8::5", "2001:db8:7::1", 128, b"\0\1\0\2spoof"))
    # Solicitations, also of a host that has no address yet, reach the device.
    seen = Wire("ppp7")
    for src in SUBSCRIBER_LL, "::":
        r.up(icmp6(src, "ff02::2", 133, bytes(4)))
    end = time.monotonic() + 2
    got = []
    while len(got) < 2 and time.monotonic() < end:
        got += [p for p in seen.frames() if p[40:41] == b"\x85"]
        time.sleep(0.003)
    assert len(got) == 2, got
    after = drops(r.g)
    assert after["rx_spoof"] == before["rx_spoof"] + 1
    assert after["punt_no_listener"] == before["punt_no_listener"]
    assert after["tx_multicast"] == before["tx_multicast"]
    # A multipoint device punts the same.
    assert r.bind(2, ifindex("term0"), "2001:db8:5::/64") == (0, "")
    r.up(icmp6(SUBSCRIBER_LL, "ff02::2", 133, bytes(4)), 2)
    time.sleep(0.01)
    assert drops(r.g)["punt_no_listener"] == before["punt_no_listener"] + 1
    print("ok: link-local and multicast")


def traffic(rig, dev, n):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for i in range(n):
        rig.up(udp("203.0.113.3", "10.9.0.1", b"up", 1, 4000))
        try:
            s.sendto(b"down", ("203.0.113.1", 9))
        except OSError:
            pass
        if i == n // 2 and dev:
            run("ip link del " + dev)
    s.close()


def deaths():
    for i in range(5):
        name = "ppp%d" % (20 + i)
        dev = r.device(name)
        run("ip route replace 203.0.113.0/24 dev " + name)
        assert r.bind(1, dev) == (0, "")
        traffic(r, name, 20)
        a = r.g.must("SESSION_GET", ids(1))[0]
        assert A["TO_IFINDEX"] not in a
    for _ in range(3):
        child = os.fork()
        if not child:
            other = Rig()
            dev = other.device()
            run("ip route add 203.0.113.0/24 dev ppp7")
            assert other.bind(1, dev) == (0, "")
            traffic(other, None, 20)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    print("ok: deaths")


r = Rig()
made()
one_link()
link_local()
deaths()
