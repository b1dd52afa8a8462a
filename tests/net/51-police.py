#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""Policers of a link: how much of a burst passes to the packet, at what rate the
rest does, which colour becomes which DSCP and mark; control frames, super-packets;
both directions, sessions and pppoes. Each packet is counted once."""

import errno
import fcntl
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Box, Genl, attr, enum, ip, load_module, mac, nest, parse,
                  run, u8, u16, u32, unshare_net)
from traffic import End, data, links, ppp, udp4, udp6
from wire import REASONS, csum, number, offloads

FAR, SUB = "198.51.100.1", "10.0.0.2"
FAR6, SUB6 = "2001:db8:f::1", "2001:db8:5::2"
TERM = u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)
SWITCHED = u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)
P = {n.replace("POLICE_", ""): i for n, i in enum("adit_police_attr").items()}

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
PPPOE = u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7)
links("""
link add c0 type veth peer name c1
link set c0 up
link set c1 up
addr add 203.0.113.1/24 dev c0
addr add 2001:db8:c::1/64 dev c0 nodad
neigh add 203.0.113.2 lladdr 02:00:00:00:00:03 dev c0
neigh add 2001:db8:c::2 lladdr 02:00:00:00:00:03 dev c0
route add default via 203.0.113.2
route add default via 2001:db8:c::2
route add 2001:db8:5::/48 dev term0
""")
run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
g.must("BIND", nest("LINK", TERM) + u32("TO_IFINDEX", box.term0) + u16("MTU", 1500) +
       nest("ADDRS", b"".join(
           nest("ADDR", ip("PREFIX", a) + u8("PREFIX_LEN", 128 if ":" in a else 32))
           for a in (SUB, SUB6))))
offloads("e0", False)
peer, core = End("e1", "e0"), End("c1", "c0")
client = End("acc1", "acc0", mac("acc1"))


def police(rate=0, burst=0, peak=0, peak_burst=0, **more):
    """The nest's content."""
    if not rate:
        return b""
    data_ = attr(P["RATE"], ("Q", rate)) + attr(P["BURST"], ("I", burst))
    if peak:
        data_ += attr(P["PEAK_RATE"], ("Q", peak))
        data_ += attr(P["PEAK_BURST"], ("I", peak_burst))
    for name, value in more.items():
        data_ += attr(P[name.upper()], ("I" if "mark" in name else "B", value))
    return data_


def set_(way, link=TERM, cmd="SESSION_SET", **more):
    g.must(cmd, link + nest("POLICE_" + way, police(**more)))


def sums(way, link=TERM, cmd="SESSION_GET"):
    """[packets of green, yellow, red], [bytes of each]; None: no policer"""
    a = g.must(cmd, link)[0]
    if A["POLICE_" + way] not in a:
        return None
    n = {k: number(v) for k, v in parse(a[A["POLICE_" + way]]).items()}
    return [[n[P[c + "_" + what]] for c in ("GREEN", "YELLOW", "RED")]
            for what in ("PACKETS", "BYTES")]


def drops():
    d = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
    return {r: number(d[i + 1]) for i, r in enumerate(REASONS) if "police" in r}


def sent():
    """(packets, bytes) to the subscriber"""
    s = parse(g.must("SESSION_GET", TERM)[0][A["STATS"]])
    return [number(s[enum("adit_stat")["TX_" + w]]) for w in ("PACKETS", "BYTES")]


def wait(there):
    """Until it is so; who asks looks once more."""
    end = time.monotonic() + 5
    while not there() and time.monotonic() < end:
        time.sleep(0.01)


def refused(link, content, text):
    err, got, _ = g.ask("SESSION_SET", link + nest("POLICE_RX", content))
    assert err in (errno.EINVAL, errno.ERANGE) and text in got, (err, got)


# What cannot be is refused, and nothing has changed.
refused(TERM, police(rate=10**6, burst=1000)[:12], "burst is missing")
refused(TERM, police(rate=10**6, burst=1000, peak=10**5, peak_burst=9), "below")
refused(TERM, police(rate=10**6, burst=1000, peak=10**7, peak_burst=9)[:-8],
        "together")
refused(TERM, police(rate=10**6, burst=1000, yellow_dscp=3), "yellow")
refused(TERM, police(rate=10**6, burst=1000, green_dscp=64), "")
refused(TERM, police(rate=999, burst=1000), "")
refused(TERM, police(rate=10**6, burst=1 << 30), "")
assert sums("RX") is None
print("ok: refusals")

# A burst to the packet: 1 kbit/s gives nothing that matters meanwhile. 10 packets
# of 200 bytes are 10 frames of 202 octets.
sent4 = [data(17, 1, ppp(udp4(SUB, FAR, 200, sport=i))) for i in range(30)]
set_("RX", rate=1000, burst=10 * 202)
for packet in sent4:
    peer.send(packet)
assert core.count(socket.inet_aton(FAR)) == 10
assert sums("RX") == [[10, 0, 20], [2020, 0, 4040]], sums("RX")
assert drops() == {"rx_police": 20, "tx_police": 0}, drops()
# Another rate: full again, the counters go on.
set_("RX", rate=2000, burst=5 * 202)
for packet in sent4:
    peer.send(packet)
assert core.count(socket.inet_aton(FAR)) == 5
assert sums("RX")[0] == [15, 0, 45], sums("RX")
set_("RX")
assert sums("RX") is None
for packet in sent4:
    peer.send(packet)
assert core.count(socket.inet_aton(FAR)) == 30 and drops()["rx_police"] == 45
set_("TX", rate=1000, burst=7 * 202)
for i in range(30):
    core.send(udp4(FAR, SUB, 200, sport=i))
assert peer.count(socket.inet_aton(SUB)) == 7
assert sums("TX") == [[7, 0, 23], [7 * 202, 0, 23 * 202]]
assert drops() == {"rx_police": 45, "tx_police": 23}
set_("TX")
print("ok: a burst to the packet, each way, changed, taken away")

# Two rates: the first 5 are green, 8 more yellow, as RFC 2698 has it, and look so.
set_("RX", rate=1000, burst=5 * 202, peak=1000, peak_burst=13 * 202,
     green_dscp=10, yellow_dscp=12, yellow_mark=5)
for i in range(20):
    peer.send(data(17, 1, ppp(udp4(SUB, FAR, 200, tos=0x03, sport=i))))
got = [f[14:] for f in core.frames() if socket.inet_aton(FAR) in f]
assert [p[1] for p in got] == [10 << 2 | 3] * 5 + [12 << 2 | 3] * 8, got
assert all(csum(p[:20]) == 0 for p in got), "IPv4 header's sum"
assert sums("RX")[0] == [5, 8, 7]
g.must("SESSION_SET", TERM + nest("POLICE_RX", b"") + nest("POLICE_TX", police(
    rate=1000, burst=5 * 242, peak=10**6, peak_burst=13 * 242, green_dscp=46,
    yellow_dscp=0)))
for i in range(20):
    core.send(udp6(FAR6, SUB6, 240, tos=0xb8 + 1), b"\x86\xdd")
got = [f for f in peer.frames() if socket.inet_pton(socket.AF_INET6, SUB6) in f]
tos = []
for f in got:
    at = f.index(socket.inet_pton(socket.AF_INET6, FAR6)) - 8
    tos.append(struct.unpack_from("!I", f, at)[0] >> 20 & 255)
    # The outer UDP sum is right as well: it is of what was written.
    udp = f[34:]
    pseudo = f[26:34] + struct.pack("!HH", 17, len(udp))
    assert csum(pseudo + udp + bytes(len(udp) % 2)) == 0, "outer UDP sum"
assert tos[:5] == [46 << 2 | 1] * 5 and set(tos[5:]) == {1}, tos
assert len(tos) >= 13
set_("TX")
print("ok: two rates, DSCP of IPv4 and IPv6")

# Control passes when data has used up everything, for one burst.
set_("RX", link=SWITCHED, rate=1000, burst=1010)
frame = ppp(udp4("10.9.9.9", FAR, 200))
echo = b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 100, 8) + bytes(92)
for _ in range(10):
    peer.send(data(17, 2, frame))
for _ in range(20):
    peer.send(data(17, 2, echo))
got = client.frames()
assert sum(frame in f for f in got) == 5
# 202 octets of IP and 102 of LCP: 5 and then 9 of the 9.9 that a burst has.
assert sum(echo in f for f in got) == 9, sum(echo in f for f in got)
set_("RX", link=SWITCHED)
# The pppoe's policer, as it comes in and as it goes out.
for way, end, frames in (
        ("RX", peer, lambda f: client.send(
            struct.pack("!BBHH", 0x11, 0, 7, len(f)) + f, b"\x88\x64")),
        ("TX", client, lambda f: peer.send(data(17, 2, f)))):
    set_(way, link=PPPOE, cmd="PPPOE_SET", rate=1000, burst=606)
    for _ in range(10):
        frames(frame)
    assert end.count(frame) == 3
    assert sums(way, PPPOE, "PPPOE_GET") == [[3, 0, 7], [606, 0, 7 * 202]]
    set_(way, link=PPPOE, cmd="PPPOE_SET")
print("ok: control frames, pppoes")


def until_red(packet):
    """Sends until the bucket is empty: (when it was, at the earliest and at the latest,
    octets that have passed)."""
    end = time.monotonic() + 60
    red, n = sums("RX")[0][2], sum(sums("RX")[0])
    while True:
        before = time.monotonic()
        assert before < end, "this machine cannot send as fast"
        for _ in range(10):
            peer.send(packet)
        n += 10
        now = sums("RX")
        while sum(now[0]) != n and time.monotonic() < end:
            time.sleep(0.002)
            now = sums("RX")
        if now[0][2] > red:
            return before, time.monotonic(), now[1][0]


def at_rate(rate, size, seconds):
    """What passes from one moment when the bucket is empty to another. In between it is
    never full: two seconds would do that."""
    set_("RX", rate=rate, burst=rate // 4)
    packet = data(17, 1, ppp(udp4(SUB, FAR, size)))
    first = last = until_red(packet)
    stalled = 0
    while last[0] - first[0] < seconds:
        time.sleep(0.1)
        now = until_red(packet)
        stalled += max(0, now[1] - last[0] - 2)
        last = now
    one = (size + 2) * 8 / rate
    least = last[0] - first[1] - one - stalled
    most = last[1] - first[0] + one
    passed = (last[2] - first[2]) * 8 / rate
    assert least * 0.999 <= passed <= most * 1.001, (rate, least, passed, most)
    set_("RX")
    return passed / (last[0] - first[0])


print("ok: %.3f of 64 kbit/s, %.3f of 400 kbit/s" % (
    at_rate(64000, 200, 4), at_rate(400000, 1000, 3)))

# A super-packet costs what its packets cost. A tun device takes it with its header,
# the stack keeps it whole up to here.
TUNSETIFF, IFF_TAP, NO_PI, VNET = 0x400454ca, 2, 0x1000, 0x4000
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"tap0", IFF_TAP | NO_PI | VNET))
run("ip link set tap0 up")
payload, mss = 10 * 1000, 1000
total = 40 + payload
tcp = struct.pack("!HHIIBBHHH", 80, 4000, 1, 1, 5 << 4, 0x10, 1000, 0, 0)
head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 6, 0,
                   socket.inet_aton(FAR), socket.inet_aton(SUB))
head = head[:10] + struct.pack("!H", csum(head)) + head[12:]
pseudo = head[12:20] + struct.pack("!HH", 6, total - 20)
tcp = tcp[:16] + struct.pack("!H", ~csum(pseudo) & 0xffff) + tcp[18:]
vnet = struct.pack("=BBHHHH", 1, 1, 54, mss, 34, 16)    # NEEDS_CSUM, TCPV4
super_ = vnet + mac("tap0") + b"\2\0\0\0\0\4" + b"\x08\0" + head + tcp + bytes(payload)
set_("TX", rate=1000, burst=30000)
base = sent()
for _ in range(4):
    os.write(tap, super_)
wait(lambda: sum(sums("TX")[0]) == 40 and sent()[0] - base[0] == 20)
# 10,420 octets each: 2.9 times in the burst.
assert sums("TX") == [[20, 0, 20], [2 * 10420, 0, 2 * 10420]], sums("TX")
assert [x - y for x, y in zip(sent(), base)] == [20, 2 * 10420], sent()
# More than the burst at once: passes when the bucket is full, into debt.
set_("TX", rate=1000, burst=5000)
for _ in range(3):
    os.write(tap, super_)
wait(lambda: sum(sums("TX")[0]) == 70)
assert sums("TX")[0] == [30, 0, 40], sums("TX")
set_("TX")
print("ok: super-packets")
