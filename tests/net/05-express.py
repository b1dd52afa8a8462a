#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Express receive: what the hook takes, and what it must leave to the stack. Each
packet ends where it should: in the session, under one reason, or in a count of the
kernel's own."""

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, endpoint_id, ifindex, ip, load_module, mac, nest,
                  parse, run, u8, u16, u32)
from wire import REASONS, Net, addr, csum, ips, make_nets, number, offloads

US4, PEER4, US6, PEER6 = "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"


def udp(payload, us=US4, peer=PEER4, port=1701, to_port=1701, sum_=None):
    d = struct.pack("!HHHH", port, to_port, 8 + len(payload), 0) + payload
    if sum_ is None:
        sum_ = csum(addr(peer) + addr(us) +
                    struct.pack("!II", len(d), 17) + d) or 0xffff
    return d[:6] + struct.pack("!H", sum_) + d[8:]


def ip4(body, us=US4, peer=PEER4, options=b"", frag=0, bad=0, length=0):
    h = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0,
                    length or 20 + len(options) + len(body), 7, frag, 64, 17, 0) + \
        addr(peer) + addr(us) + options
    return (b"\x08\0" + h[:10] + struct.pack("!H", csum(h) ^ bad) + h[12:] + body)


def ip6(body, us=US6, peer=PEER6):
    return (b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(body), 17, 64) +
            addr(peer) + addr(us) + body)


def l2tp(session=1, tunnel=17, flags=2, size=20, to="192.0.2.9", sum_=None):
    """A subscriber's UDP packet in a data message."""
    inner = udp(b"x" * size, us=to, peer="10.0.0.1", to_port=9, sum_=sum_)
    h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(inner), 0, 0, 64, 17, 0,
                    addr("10.0.0.1"), addr(to))
    inner = h[:10] + struct.pack("!H", csum(h)) + h[12:] + inner
    pad = struct.pack("!H", 3) + bytes(3) if flags & 0x200 else b""
    body = struct.pack("!HH", tunnel, session) + pad + b"\xff\x03\0\x21" + inner
    length = struct.pack("!H", 4 + len(body)) if flags & 0x4000 else b""
    return struct.pack("!H", flags) + length + body


load_module()
make_nets("far")
run("ip link add e0 type veth peer name e1")
run("ip link add term0 type adit")
for dev in "e0", "e1", "term0":
    run("ip link set %s up" % dev)
run("ip addr add 192.0.2.1/24 dev e0")
run("ip addr add 2001:db8::1/64 dev e0 nodad")
for peer in PEER4, PEER6, "192.0.2.3", "192.0.2.9":
    run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("e1", 0))
FOR_US = mac("e0") + bytes.fromhex("020000000002")
g = Genl()
for tunnel, us, peer in (17, US4, PEER4), (18, US6, PEER6):
    g.must("ENDPOINT_NEW", ip("LOCAL", us))
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
           u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", 9) +
           ip("REMOTE", peer) + u16("REMOTE_PORT", 1701))
    ids = u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", 1)
    g.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", 1))
    g.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", ifindex("term0")) +
           nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.%d" % (tunnel - 16)) +
                              u8("PREFIX_LEN", 32))))
    if tunnel == 18:    # both send from the same inner address: this one is spoofed
        break
UNDERLAY = u32("IFINDEX", ifindex("e0"))


def stack():
    """Packets that the kernel itself threw away, by its own names."""
    found = {}
    with open("/proc/net/snmp", encoding="ascii") as f:
        lines = f.read().splitlines()
    for names, values in zip(lines[::2], lines[1::2]):
        if names.startswith(("Ip:", "Udp:")):
            found.update(zip(names.split()[1:], map(int, values.split()[1:])))
    return {n: found[n] for n in ("InHdrErrors", "InCsumErrors", "NoPorts")}


def state():
    sessions = {}
    for s in g.dump("SESSION_GET"):
        st = parse(s[A["STATS"]])
        sessions["rx%d" % number(s[A["TUNNEL_ID"]])] = number(st[2])
    a = g.must("SYSTEM_GET")[0]
    drops = {REASONS[i - 1]: number(v) for i, v in parse(a[A["DROPS"]]).items()
             if 0 < i <= len(REASONS)}
    frags = {"frag_taken": number(parse(a[A["FRAG_STATS"]])[2])}
    taken = sum(number(parse(u[A["STATS"]])[2]) for u in g.dump("UNDERLAY_GET"))
    return {"taken": taken, **sessions, **drops, **frags, **stack()}


def check(what, frame, head=FOR_US, **want):
    """One packet, and every count that it changes."""
    before = state()
    raw.send(head + frame)
    after = state()
    got = {k: after[k] - before.get(k, 0) for k in after
           if after[k] != before.get(k, 0) and not k.startswith("tx_")}
    assert got == want, (what, got, want)
    print("ok: " + what)


def both(on):
    n = 1 if on else 0
    yes = {"taken": n} if on else {}
    check("data", ip4(udp(l2tp())), **yes, rx17=1)
    check("data with Length and pad", ip4(udp(l2tp(flags=0x4302))), **yes, rx17=1)
    check("data behind Ethernet's pad", ip4(udp(l2tp())) + bytes(20), **yes, rx17=1)
    check("data without UDP's sum", ip4(udp(l2tp(), sum_=0)), **yes, rx17=1)
    check("data over IPv6", ip6(udp(l2tp(tunnel=18), US6, PEER6)), **yes,
          rx_spoof=1)


def others():
    """Never taken: the stack decides, and its ways count."""
    check("control", ip4(udp(struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0))),
          punt_no_listener=1)
    check("another peer", ip4(udp(l2tp(), peer="192.0.2.3"), peer="192.0.2.3"),
          rx_peer_mismatch=1)
    check("another port of the peer's", ip4(udp(l2tp(), port=1702)),
          rx_peer_mismatch=1)
    check("another port of ours", ip4(udp(l2tp(), to_port=1702)), NoPorts=1)
    check("a fragment", ip4(udp(l2tp()), frag=0x2000), frag_taken=1, frag_length=1)
    check("no session", ip4(udp(l2tp(session=2))), rx_no_session=1)
    check("no tunnel", ip4(udp(l2tp(tunnel=19))), rx_no_tunnel=1)
    check("another version", ip4(udp(l2tp(flags=3))), rx_version=1)
    check("a pad too big", ip4(udp(struct.pack("!HHHH", 0x202, 17, 1, 17) +
                                   bytes(40))), rx_offset_too_big=1)
    check("an IP option", ip4(udp(l2tp()), options=b"\1\1\1\0"), rx17=1)
    check("a wrong IP sum", ip4(udp(l2tp()), bad=1), InHdrErrors=1)
    check("a wrong UDP sum", ip4(udp(l2tp(), sum_=1)), InCsumErrors=1)
    check("IP says more than came", ip4(udp(l2tp()), length=500))
    check("a tag", b"\x81\0\0\5" + ip4(udp(l2tp())))
    check("for another host", ip4(udp(l2tp())),
          head=bytes.fromhex("020000000077020000000002"))
    check("IPv6 without UDP's sum", ip6(udp(l2tp(tunnel=18), US6, PEER6, sum_=0)))


def sniffed():
    """A packet that somebody looks at is taken as well."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as s:
        s.bind(("e0", 0))
        check("data that is sniffed", ip4(udp(l2tp())), taken=1, rx17=1)
        s.settimeout(5)
        while l2tp() not in s.recv(2000):
            pass


def paged():
    """What is longer than a page has no byte of IP in its linear part."""
    for dev in "e0", "e1":
        run("ip link set %s mtu 9000" % dev)
    check("data in pages", ip4(udp(l2tp(size=5000))), taken=1, rx17=1)
    check("data in pages, IPv6", ip6(udp(l2tp(tunnel=18, size=5000), US6, PEER6)),
          taken=1, rx_spoof=1)
    check("in pages, a wrong UDP sum", ip4(udp(l2tp(size=5000), sum_=1)), InCsumErrors=1)


def verified():
    """Who vouches for the outer sum, as GRO does here, has not seen the inner one."""
    offloads("e1", False)
    offloads("e0", True)
    for size in 20, 21:
        check("to us", ip4(udp(l2tp(to=US4, size=size))), taken=1, rx17=1, NoPorts=1)
        check("to us, a wrong inner sum", ip4(udp(l2tp(to=US4, size=size, sum_=1))),
              taken=1, rx17=1, InCsumErrors=1)
    check("the same, no outer sum", ip4(udp(l2tp(to=US4, sum_=1), sum_=0)), taken=1,
          rx17=1, InCsumErrors=1)
    check("the same over IPv6", ip6(udp(l2tp(tunnel=18), US6, PEER6)), taken=1,
          rx_spoof=1)
    offloads("e0", False)
    check("verified by nobody", ip4(udp(l2tp(to=US4, sum_=1))), taken=1, rx17=1,
          InCsumErrors=1)
    for dev in "e0", "e1":
        offloads(dev, True)


def ipsec_only():
    """Not taken of a tunnel that requires IPsec: there the stack's way drops it."""
    key = u16("TUNNEL_ID", 17)
    g.must("TUNNEL_SET", key + u8("IPSEC", 1))
    check("data in clear, and the tunnel wants IPsec", ip4(udp(l2tp())), rx_ipsec=1)
    check("control in clear", ip4(udp(struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0))),
          rx_ipsec=1)
    g.must("TUNNEL_SET", key + u8("IPSEC", 0))


def at_once():
    """A super-packet of UDP is many messages, and UDP's to take apart."""
    ips("link add f0 type veth peer name f1 netns far\nlink set f0 up\n"
        "addr add 198.51.100.1/24 dev f0\n")
    ips("link set f1 up\naddr add 198.51.100.2/24 dev f1\n", "far")
    g.must("ENDPOINT_NEW", ip("LOCAL", "198.51.100.1"))
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 20) +
           u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "198.51.100.2") +
           u16("REMOTE_PORT", 1701))
    g.must("SESSION_NEW", u16("TUNNEL_ID", 20) + u16("SESSION_ID", 1) +
           u16("PEER_SESSION_ID", 1))
    far = u32("IFINDEX", ifindex("f0"))
    g.must("UNDERLAY_NEW", far)
    with Net("far"):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("198.51.100.2", 1701))
    one = l2tp(tunnel=20)
    s.setsockopt(socket.IPPROTO_UDP, 103, len(one))    # UDP_SEGMENT
    before = state()
    s.sendto(one * 8, ("198.51.100.1", 1701))
    after = state()
    assert after["rx20"] - before["rx20"] == 8, (before, after)
    assert after["taken"] == before["taken"]
    s.setsockopt(socket.IPPROTO_UDP, 103, 0)
    s.sendto(one, ("198.51.100.1", 1701))
    assert state()["rx20"] - after["rx20"] == 1
    assert state()["taken"] - after["taken"] == 1
    s.close()
    g.must("UNDERLAY_DEL", far)
    print("ok: many at once")


both(False)
others()
g.must("UNDERLAY_NEW", UNDERLAY)
err, text, _ = g.ask("UNDERLAY_NEW", UNDERLAY)
assert err == 17 and text, (err, text)
both(True)
others()
ipsec_only()
both(True)
verified()
sniffed()
paged()
at_once()
g.must("UNDERLAY_DEL", UNDERLAY)
both(False)
err, text, _ = g.ask("UNDERLAY_DEL", UNDERLAY)
assert err == 2 and text, (err, text)
err, text, _ = g.ask("UNDERLAY_NEW", u32("IFINDEX", ifindex("term0")))
assert err == 22 and text, (err, text)
g.must("UNDERLAY_NEW", UNDERLAY)
run("ip link del e0")
assert not g.dump("UNDERLAY_GET")
print("ok")
