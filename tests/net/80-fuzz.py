#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Packets by chance, the same ones each time: L2TP over IPv4 and IPv6, whole and in
fragments, and PPPoE, good ones and good ones spoilt, for links of every binding. The
books must balance to the packet, after every thousand: what came in is what went to
the device, to a listener, out of a link, on to the stack, or is in one counter of
drops. How many came in, the kernel says as well: by nft's counters and by SNMP's.

usage: 80-fuzz.py [PACKETS [SEED]]
"""

import ctypes
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, TOP, Genl, attr, endpoint_id, ifindex, ip, load_module, mac,
                  nest, parse, run, u8, u16, u32, unshare_net)

PACKETS = int(sys.argv[1]) if len(sys.argv) > 1 else 15000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
ROUND = 1000

NFT = """
table inet books {
	chain first {
		type filter hook prerouting priority -450;
		iifname "e0" counter comment "came"
		iifname "term0" counter drop comment "entered"
	}
	chain behind_reassembly {
		type filter hook prerouting priority -350;
		iifname "e0" counter comment "whole"
	}
	chain own {
		type filter hook output priority 0;
		oifname "term0" drop
	}
	chain last {
		type filter hook input priority 1000;
		meta nfproto ipv4 meta l4proto udp counter comment "ours"
		meta nfproto ipv6 exthdr frag missing meta l4proto udp counter comment "ours"
	}
}
table netdev books {
	chain before_pppoe {
		type filter hook ingress device "acc0" priority -500;
		counter comment "reached"
	}
	chain behind_pppoe {
		type filter hook ingress device "acc0" priority 500;
		counter comment "passed"
	}
}
"""

with open(TOP + "/include/adit/drop_list.h", encoding="ascii") as f:
    REASONS = re.findall(r"^ADIT_DROP\((\w+),", f.read(), re.M)
random.seed(SEED)


# --- the box, and the other ends of its wires in a namespace of their own

def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def enter(fd):
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")


def quiet():
    """No IPv6 of the kernel's own on devices to come."""
    for n in "all", "default":
        write("/proc/sys/net/ipv6/conf/%s/disable_ipv6" % n, "1")


def wires():
    """{device: raw socket on its other end}"""
    unshare_net()
    quiet()
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    unshare_net()
    quiet()
    inside = os.open("/proc/self/ns/net", os.O_RDONLY)
    found = {}
    for dev, end in ("e0", "e1"), ("acc0", "acc1"):
        run("ip link add %s type veth peer name %s address 02:00:00:00:00:02" %
            (dev, end))
        run("ip link set %s netns /proc/%d/fd/%d" % (end, os.getpid(), outside))
        run("ip link set %s up" % dev)
        enter(outside)
        run("ip link set %s up" % end)
        found[dev] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        found[dev].bind((end, 0))
        enter(inside)
    return found


def link(tunnel, session):
    return nest("LINK", u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", session))


def pppoe(sid):
    outer, inner = VLANS[sid]
    return u32("IFINDEX", ACC0) + u16("VLAN_OUTER", outer) + \
        u16("VLAN_INNER", inner) + u16("SESSION_ID", sid)


def to_device(tunnel, session):
    """Its subscriber's addresses are 10.TUNNEL.SESSION.0/24, 2001:db8:T:S::/64."""
    prefixes = (("10.%d.%d.0" % (tunnel, session), 24),
                ("2001:db8:%x:%x::" % (tunnel, session), 64))
    return u32("TO_IFINDEX", ifindex("term0")) + u16("MTU", 1400) + \
        u32("MAGIC", 5) + nest("ADDRS", b"".join(
            nest("ADDR", ip("PREFIX", a) + u8("PREFIX_LEN", n))
            for a, n in prefixes))


def box():
    run("ip link add term0 type adit")
    write("/proc/sys/net/ipv6/conf/e0/disable_ipv6", "0")
    write("/proc/sys/net/ipv6/conf/term0/disable_ipv6", "0")
    run("ip link set term0 up")
    run("ip addr add 192.0.2.1/24 dev e0")
    run("ip addr add 2001:db8::1/64 dev e0 nodad")
    for peer in "192.0.2.2", "2001:db8::2":
        run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
    subprocess.run(["nft", "-f", "-"], input=NFT.encode(), check=True)
    for tunnel, us, peer in (17, "192.0.2.1", "192.0.2.2"), \
            (18, "2001:db8::1", "2001:db8::2"):
        g.must("ENDPOINT_NEW", ip("LOCAL", us))
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
               u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", 9) +
               ip("REMOTE", peer) + u16("REMOTE_PORT", 1701))
        for s in range(1, 8):
            g.must("SESSION_NEW", u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", s) +
                   u16("PEER_SESSION_ID", s if s != 7 else 0) +
                   u8("SEQ", s == 5))
    g.must("PORT_NEW", u32("IFINDEX", ACC0))
    for sid in VLANS:
        g.must("PPPOE_NEW", pppoe(sid) + attr("MAC", CLIENT))
    # 1 is bound to nothing, 7 has no peer's id.
    for t in 17, 18:
        for s in 2, 5:
            g.must("BIND", link(t, s) + to_device(t, s))
        g.must("BIND", link(t, 3) + nest("TO_LINK", pppoe(t)))
        g.must("BIND", link(t, 6) + nest("TO_LINK", link(t, 7)[4:]))
    g.must("BIND", link(17, 4) + nest("TO_LINK", link(18, 4)[4:]))
    g.must("BIND", nest("LINK", pppoe(5)) + to_device(0, 5))


# --- the books

def number(data):
    return int.from_bytes(data, sys.byteorder)


def listener():
    s = Genl()
    s.sock.setsockopt(270, 5, 1)                # NETLINK_NO_ENOBUFS
    s.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)    # SO_RCVBUFFORCE
    s.must("LISTEN", u32("CLASSES", 7))
    s.sock.setblocking(False)
    return s


def hear():
    """Takes what was punted."""
    while True:
        try:
            data = ears.sock.recv(1 << 16)
        except BlockingIOError:
            return
        assert data[16] == CMD["PUNT"], data
        a = parse(data[20:])
        heard["errors" if A["ERROR"] in a else "punted"] += 1


def snmp(protocol, name, family=0):
    """Of IPv4 and IPv6 together, or of IPv6."""
    lines = []
    for path in "/proc/net/snmp", "/proc/net/netstat":
        with open(path, encoding="ascii") as f:
            lines += [l.split() for l in f if l.startswith(protocol + ":")]
    with open("/proc/net/snmp6", encoding="ascii") as f:
        six = dict(l.split() for l in f)
    return int(family != 6 and lines[1][lines[0].index(name)]) + \
        int(six.get(protocol.replace("Ext", "") + "6" + name, 0))


def device(dev, name):
    with open("/sys/class/net/%s/statistics/%s" % (dev, name), encoding="ascii") as f:
        return int(f.read())


def read():
    hear()
    a = g.must("SYSTEM_GET")[0]
    drops, frags = parse(a[A["DROPS"]]), parse(a[A["FRAG_STATS"]])
    now = Counter({r: number(drops[i + 1]) for i, r in enumerate(REASONS)})
    now.update(taken=number(frags[2]), joined=number(frags[3]),
               datagrams=number(frags[4]), held=number(frags[5]))
    links = g.dump("SESSION_GET") + g.dump("PPPOE_GET")
    tunnels = g.dump("TUNNEL_GET")
    for i, n in enumerate(("rx", "rx_bytes", "rx_drops", "tx", "tx_bytes",
                           "tx_drops")):
        def total(objects, i=i):
            return sum(number(parse(o[A["STATS"]])[2 + i]) for o in objects)
        now["links " + n] = total(links)
        now["sessions " + n] = total(o for o in links if A["TUNNEL_ID"] in o)
        now["tunnels " + n] = total(tunnels)
    now.update(heard)
    rules = subprocess.run(["nft", "list", "ruleset"], check=True,
                           stdout=subprocess.PIPE).stdout.decode()
    for n, name in re.findall(r'counter packets (\d+) .*comment "(\w+)"', rules):
        now[name] += int(n)
    now.update({"delivered": device("term0", "rx_packets"),
                "e0": device("e0", "rx_packets"),
                "acc0": device("acc0", "rx_packets"),
                "acc0 bad": device("acc0", "rx_dropped"),
                "bad IP": snmp("Ip", "InHdrErrors") + snmp("Ip", "InDiscards") +
                snmp("IpExt", "InTruncatedPkts"),
                "joined IPv6": snmp("Ip", "ReasmOKs", 6),
                "bad UDP": sum(snmp("Udp", n) for n in
                               ("InErrors", "NoPorts", "IgnoredMulti")),
                "UDP": snmp("Udp", "InDatagrams")})
    return now


def settle():
    """Until no fragment waits."""
    until = time.monotonic() + 5
    while number(parse(g.must("SYSTEM_GET")[0][A["FRAG_STATS"]])[5]):
        assert time.monotonic() < until, "fragments are held for ever"
        time.sleep(0.02)


def same(what, left, right, d):
    if left != right:
        for k, v in sorted(d.items()):
            print("  %-28s %d" % (k, v))
        sys.exit("%s: %d is not %d" % (what, left, right))


def balance(d, sent, on):
    """d: what changed in a round, all of it sent to one device."""
    drops = {r: d[r] for r in REASONS if d[r]}
    lost = sum(n for r, n in drops.items() if r.startswith("frag_"))
    dropped = sum(drops.values()) - lost
    same("sent, and received by " + on, sent, d[on], d)
    # The way to us, by the kernel's word and by ours.
    early = d["e0"] + d["delivered"] - d["came"] - d["entered"]
    assert 0 <= early <= d["bad IP"], (early, d)
    same("fragments taken", d["taken"], d["joined"] + lost + d["held"], d)
    same("behind reassembly", d["whole"], d["came"] - d["taken"] + d["datagrams"], d)
    # Strangers' fragments of IPv6 meet the INPUT chain first, then the kernel.
    same("for our socket, less bad UDP", d["ours"] + d["joined IPv6"] - d["bad UDP"],
         d["UDP"], d)
    # A tag that is cut off does not come as far.
    assert d["reached"] <= d["acc0"] <= d["reached"] + d["acc0 bad"], d
    # All that we were given.
    passed = d["passed"]
    if on == "acc0":
        # Passed on and counted: once is enough.
        assert drops.get("rx_no_session", 0) <= passed, d
        passed -= drops.get("rx_no_session", 0)
    same("what became of all", d["UDP"] + d["reached"],
         passed + d["delivered"] + d["punted"] + d["links tx"] + dropped, d)
    # Two tellings of one thing.
    for n in "rx", "rx_bytes", "tx", "tx_bytes", "tx_drops":
        same("tunnels and their sessions: " + n, d["tunnels " + n],
             d["sessions " + n], d)
    same("tunnels and their sessions: rx_drops", d["tunnels rx_drops"],
         d["sessions rx_drops"] + (on == "e0") * d["rx_peer_mismatch"], d)
    assert not d["errors"], d


# --- good packets

def csum(data):
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data[:len(data) & ~1]))
    s += data[-1] << 8 if len(data) % 2 else 0
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def ip4(source, to, payload, proto=17, ident=0, frag=0, tos=0):
    h = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), ident, frag, 64,
                    proto, 0, source, to)
    return h[:10] + struct.pack("!H", csum(h)) + h[12:] + payload


def ip6(source, to, payload, nexthdr=17):
    return struct.pack("!IHBB", 6 << 28, len(payload), nexthdr, 64) + source + to + \
        payload


def inner(tunnel, session):
    """A PPP frame without FF 03."""
    four, six = (socket.inet_aton("10.%d.%d.9" % (tunnel, session)),
                 socket.inet_pton(socket.AF_INET6,
                                  "2001:db8:%x:%x::9" % (tunnel, session)))
    dst4, dst6 = socket.inet_aton("198.51.100.1"), \
        socket.inet_pton(socket.AF_INET6, "2001:db8:ffff::1")
    data = bytes(random.choice((0, 8, 40, 120, 1000, 1372, 1460)))
    lcp = struct.pack("!BBHI", random.choice((1, 5, 9, 9, 10)), 1, 8 + len(data),
                      random.choice((5, 7))) + data
    return random.choice((
        lambda: b"\x00\x21" + ip4(four, dst4, data, 99),
        lambda: b"\x00\x21" + ip4(four, dst4, data, 99),
        lambda: b"\x21" + ip4(four, dst4, data, 99),
        lambda: b"\x00\x21" + ip4(dst4, four, data, 99),
        lambda: b"\x00\x57" + ip6(six, dst6, data, 59),
        lambda: b"\x57" + ip6(six, dst6, data, 59),
        lambda: b"\x00\x57" + ip6(dst6, six, data, 59),
        lambda: b"\x00\x57" + ip6(b"\xfe\x80" + six[2:], b"\xff\x02" + bytes(14),
                                  data, 59),
        lambda: b"\xc0\x21" + lcp,
        lambda: b"\xc0\x21" + lcp,
        lambda: b"\x80\x21" + lcp,
        lambda: struct.pack("!H", random.choice((0x8057, 0xc223, 0x80fd, 0x0031,
                                                 0x4021, 0xff03))) + lcp,
        lambda: random.choice((b"", b"\0", b"\xff", b"\xff\x03", b"\xff\x03\0",
                               b"\x21", b"\0\x21", b"\0\x57\x60")),
    ))()


def l2tp(tunnel, session):
    """A data message."""
    flags = 2 | random.choice((0, 0, 0, 0x100)) | \
        random.choice((0, 0, 0, 0x4000, 0x0800, 0x0200, 0x4a00))
    body = random.choice((b"\xff\x03", b"\xff\x03", b"")) + inner(tunnel, session)
    head = struct.pack("!HH", tunnel, session)
    if flags & 0x800:
        seqs[session] = seqs[session] + random.choice((1, 1, 1, 2, 0, -3)) & 0xffff
        head += struct.pack("!HH", seqs[session], 0)
    if flags & 0x200:
        pad = random.choice((0, 1, 2, 15, 16, 17, 40))
        head += struct.pack("!H", pad) + bytes(pad)
    if flags & 0x4000:
        length = len(head) + 4 + len(body)
        head = struct.pack("!H", length) + head
        body += bytes(random.choice((0, 0, 1, 20)))
    return struct.pack("!H", flags) + head + body


def control(tunnel):
    return struct.pack("!HHHHHH", 0xc802, 20, tunnel, random.randrange(3), 0, 0) + \
        struct.pack("!HHHH", 0x8008, 0, 0, random.randrange(20))


# --- good packets spoilt

def spoil(data, near=24):
    """One or two things about its first bytes, or its end."""
    b = bytearray(data)
    for _ in range(random.choice((1, 1, 2))):
        if not b:
            break
        at = random.randrange(min(len(b), near))
        kind = random.randrange(6)
        if kind == 0:
            b[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            b[at] = random.choice((0, 1, 0x7f, 0x80, 0xff))
        elif kind == 2:
            b[at & ~1:(at & ~1) + 2] = struct.pack("!H", random.choice(
                (0, 1, 6, 17, len(b), len(b) + 1, 0x7fff, 0xffff)))
        elif kind == 3:
            del b[at:]
        elif kind == 4:
            del b[random.randrange(len(b)):]
        else:
            b += bytes(random.randrange(40))
    return bytes(b)


def choose(tunnel):
    """An L2TP message for one of ours, or nearly."""
    session = random.choice((1, 2, 2, 3, 3, 4, 4, 5, 6))
    if random.random() < 0.04:
        return control(random.choice((tunnel, 0, 35 - tunnel, 99)))
    if random.random() < 0.06:
        session = random.choice((0, 7, 8, 77))
    if random.random() < 0.04:
        tunnel = random.choice((0, 35 - tunnel, 99))
    return l2tp(tunnel, session)


def udp(payload, source, to):
    port = 1701 if random.random() < 0.97 else 1702
    d = struct.pack("!HHHH", port, 1701, 8 + len(payload), 0) + payload
    s = csum(source + to + struct.pack("!II", len(d), 17) + d) or 0xffff
    s = random.choice((s,) * 20 + (0, s ^ 1))
    return d[:6] + struct.pack("!H", s) + d[8:]


def pieces(data):
    """[(offset, more, data)], some of them wrong."""
    size = random.choice((256, 264, 512, 1024, 1208))
    got = [(at, at + size < len(data), data[at:at + size])
           for at in range(0, len(data), size)]
    kind = random.randrange(12)
    n = random.randrange(len(got))
    if kind == 0:
        got.append(got[n])
    elif kind == 1:
        del got[n]
    elif kind == 2:
        got.append((got[n][0] + 8, True, got[n][2]))
    elif kind == 3:
        got[n] = (got[n][0], not got[n][1], got[n][2])
    elif kind == 4:
        got[n] = (got[n][0], got[n][1], got[n][2][:-3])
    elif kind == 5:
        got[n] = (65528, got[n][1], got[n][2])
    elif kind == 6:
        got += [(at, True, b[:8]) for at, _, b in got]
    if random.random() < 0.5:
        random.shuffle(got)
    return got


def underlay():
    """Frames for e0."""
    global ident
    six = random.random() < 0.5
    af = socket.AF_INET6 if six else socket.AF_INET
    us, peer, stranger = (socket.inet_pton(af, a) for a in (
        ("2001:db8::1", "2001:db8::2", "2001:db8::3") if six else
        ("192.0.2.1", "192.0.2.2", "192.0.2.3")))
    source = peer if random.random() < 0.96 else stranger
    m = choose(18 if six else 17)
    if random.random() < 0.5:
        m = spoil(m)
    d = udp(m, source, us)
    ident += 1
    if random.random() < 0.75 and len(d) < 1400:
        packets = [ip6(source, us, d) if six else ip4(source, us, d, 17, ident & 0xffff)]
    elif six:
        packets = [ip6(source, us, struct.pack("!BBHI", 17, 0, at & 0xffff | more,
                                               ident) + b, 44)
                   for at, more, b in pieces(d)]
    else:
        packets = [ip4(source, us, b, 17, ident & 0xffff, at // 8 | more << 13)
                   for at, more, b in pieces(d)]
    for p in packets:
        if random.random() < 0.06:
            p = spoil(p, 48 if six else 28)
            if not six and len(p) >= 20 and random.random() < 0.8:
                p = p[:10] + b"\0\0" + p[12:]
                p = p[:10] + struct.pack("!H", csum(p[:20])) + p[12:]
        yield HEAD["e0"] + (b"\x86\xdd" if six else b"\x08\0") + p


def access():
    """A frame for acc0."""
    sid = random.choice(tuple(VLANS) * 3 + (0, 99))
    outer, inner_tag = VLANS.get(sid, (0, 0))
    if random.random() < 0.1:
        outer = random.choice((0, 100, 7))
    tags = b""
    if outer:
        tags += random.choice((b"\x81\0", b"\x88\xa8")) + struct.pack("!H", outer)
    if inner_tag or random.random() < 0.03:
        tags += b"\x81\0" + struct.pack("!H", inner_tag)
    if random.random() < 0.03:
        tags += b"\x81\0\0\x05"
    if random.random() < 0.85:
        kind, code = b"\x88\x64", 0
        body = inner(0, 5)
    else:
        kind, code = b"\x88\x63", random.choice((9, 0x19, 0xa7, 7, 0x65))
        body = struct.pack("!HH", 0x0101, 0) + bytes(random.randrange(20))
        sid = random.choice((0, sid))
    if random.random() < 0.03:
        kind = random.choice((b"\x08\0", b"\x86\xdd", b"\x88\x65", b"\x12\x34"))
    p = struct.pack("!BBHH", 0x11, code, sid, len(body)) + body
    p += bytes(max(0, random.choice((0, 46)) - len(p)))
    if random.random() < 0.4:
        p = spoil(p, 12)
    source = CLIENT if random.random() < 0.95 else b"\x02\0\0\0\0\x77"
    to = random.choice((HEAD["acc0"][:6],) * 8 + (b"\xff" * 6, b"\x02\0\0\0\0\x66"))
    f = to + source + tags + kind + p
    yield spoil(f, 30) if random.random() < 0.03 else f


load_module()
raw = wires()
g = Genl()
ACC0 = ifindex("acc0")
CLIENT = bytes.fromhex("020000000002")
HEAD = {dev: mac(dev) + CLIENT for dev in raw}
# sid: outer and inner VLAN; 17 and 18 are switched to these tunnels' sessions
VLANS = {17: (0, 0), 18: (100, 0), 5: (200, 300), 6: (0, 0)}
seqs, ident, heard = Counter(), 0, Counter()
box()
ears = listener()

first = then = read()
total, rounds, began = 0, 0, time.monotonic()
while total < PACKETS:
    on, make = (("e0", underlay), ("acc0", access))[rounds % 3 == 2]
    sent = 0
    while sent < ROUND:
        for frame in make():
            if len(frame) < 14:
                continue
            raw[on].send(frame[:1514])
            sent += 1
        # Sometimes the daemon does not keep up.
        if rounds % 5 or sent > ROUND - 50:
            hear()
    settle()
    now = read()
    change = now.copy()
    change.subtract(then)
    balance(change, sent, on)
    total, rounds, then = total + sent, rounds + 1, now

now.subtract(first)
for reason in REASONS:
    with open("/sys/class/net/adit0/adit/" + reason, encoding="ascii") as f:
        assert int(f.read()) == now[reason] + first[reason], reason
print("%d packets in %.1f s, seed %d" % (total, time.monotonic() - began, SEED))
for text, n in (
        ("IP header refused by the stack", now["e0"] - now["came"]),
        ("joined to others by reassembly", now["joined"] - now["datagrams"]),
        ("kept by the stack: not UDP", now["whole"] - now["UDP"] - now["bad UDP"]),
        ("refused by UDP, or another port", now["bad UDP"]),
        ("VLAN tag refused by the stack", now["acc0"] - now["reached"]),
        ("passed on by the access port", now["passed"]),
        ("to the device", now["delivered"]),
        ("to the listener", now["punted"]),
        ("out of a link", now["links tx"])):
    print("  %-40s %6d" % (text, n))
for reason in REASONS:
    if now[reason]:
        print("  %-40s %6d" % ("dropped: " + reason, now[reason]))
print("ok: every packet is in one place")
