#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""Floods of what goes up to the daemon: from invented MACs, on invented VLANs, from
invented addresses, of one tunnel's peer, of one session's control frames, of one
subscriber's neighbour discovery. The others' control works on all the same, and
each frame is counted once: it went up, or it was dropped for one reason. LCP echo
is answered in the module, and rationed by nobody."""

import os
import random
import select
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, enum, ifindex, ip,
                  load_module, mac, nest, parse, run, u8, u16, u32, unshare_net)
from wire import REASONS, csum, number

CLASS = {n.replace("PUNT_", ""): i for n, i in enum("adit_punt").items()}
RATION = {n.replace("RATION_", ""): i for n, i in enum("adit_ration").items()}
STAT = {n.replace("STAT_", ""): i for n, i in enum("adit_punt_stat").items()}
CLASSES = ["L2TP", "PPPOE", "PPP", "IP6"]
MAGIC = 0x01020304

load_module()
unshare_net()
g = Genl()
for pair in ("e0", "e1"), ("acc0", "acc1"), ("bcc0", "bcc1"):
    run("ip link add %s type veth peer name %s" % pair)
run("ip link add term0 type adit")
for dev in "e0", "e1", "acc0", "acc1", "bcc0", "bcc1", "term0":
    run("ip link set %s up" % dev)
run("ip addr add 192.0.2.1/24 dev e0")
run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
random.seed(9)


def opened(dev):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((dev, 0))
    s.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)    # RCVBUFFORCE
    return s


wire = {dev: opened(dev) for dev in ("e1", "acc1", "bcc1")}
ETH = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
ACC0, BCC0, ACC1 = mac("acc0"), mac("bcc0"), mac("acc1")


g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
       u16("PEER_TUNNEL_ID", 18) + ip("REMOTE", "192.0.2.2") +
       u16("REMOTE_PORT", 1701))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 27) +
       u16("PEER_TUNNEL_ID", 28) + ip("REMOTE", "192.0.2.3") +
       u16("REMOTE_PORT", 1701))
for i in range(1, 5):
    ids = u16("TUNNEL_ID", 17) + u16("SESSION_ID", i)
    g.must("SESSION_NEW", ids + u16("PEER_SESSION_ID", 100 + i))
    if i < 3:    # 1 and 2 are terminated
        g.must("BIND", nest("LINK", ids) + u32("TO_IFINDEX", ifindex("term0")) +
               nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.%d" % i) +
                                  u8("PREFIX_LEN", 32))) + u32("MAGIC", MAGIC))
for dev in "acc0", "bcc0":
    g.must("PORT_NEW", u32("IFINDEX", ifindex(dev)))
g.must("PPPOE_NEW", u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", 7) +
       attr("MAC", ACC1))

ear = {}
for name in CLASSES:
    ear[name] = Genl()
    ear[name].sock.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)    # RCVBUFFORCE
    ear[name].must("LISTEN", u32("CLASSES", 1 << CLASS[name]))
    ear[name].sock.setblocking(False)


# ------------------------------------------------------------------ frames

def datagram(payload, source="192.0.2.2", port=1701):
    udp = struct.pack("!HHHH", port, 1701, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       socket.inet_aton(source), socket.inet_aton("192.0.2.1"))
    s = sum(struct.unpack("!10H", head))
    s = (s & 0xffff) + (s >> 16)
    return ETH + head[:10] + struct.pack("!H", ~s & 0xffff) + head[12:] + udp


def control(source="192.0.2.2", tunnel=0):
    return "e1", datagram(struct.pack("!HHHHHH", 0xc802, 12, tunnel, 0, 0, 0), source)


def unreachable(peer):
    """A router's word, or anybody's, that our control message to this address did not
    get there."""
    ours = datagram(struct.pack("!HHHHHH", 0xc802, 12, 0, 0, 0, 0))[14:]
    swap = ours[:10] + b"\0\0" + socket.inet_aton("192.0.2.1") + socket.inet_aton(peer)
    data = bytes((3, 3)) + bytes(6) + swap + ours[20:]
    data = data[:2] + struct.pack("!H", csum(data)) + data[4:]
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, 1, 0,
                       socket.inet_aton("203.0.113.66"), socket.inet_aton("192.0.2.1"))
    return "e1", ETH + head[:10] + struct.pack("!H", csum(head)) + head[12:] + data


def ppp(session, frame):
    return "e1", datagram(struct.pack("!HHH", 2, 17, session) + b"\xff\x03" + frame)


def lcp(code=5, ident=1, data=b""):
    return b"\xc0\x21" + struct.pack("!BBH", code, ident, 4 + len(data)) + data


def neighbour():
    """A neighbour solicitation for a router of no name."""
    return b"\0\x57" + struct.pack("!IHBB", 6 << 28, 24, 58, 255) + \
        socket.inet_pton(socket.AF_INET6, "fe80::1") + \
        socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:%x" % random.randrange(65536)) + \
        struct.pack("!BBHI", 135, 0, 0, 0) + bytes(16)


def invented():
    return b"\x02" + random.randbytes(5)


def padi(source, vlan=None, port="acc1", code=9, sid=0):
    tag = b"" if vlan is None else struct.pack("!HH", 0x8100, vlan)
    to = b"\xff" * 6 if code == 9 else ACC0
    return port, to + source + tag + b"\x88\x63" + \
        struct.pack("!BBHH", 0x11, code, sid, 4) + b"\1\1\0\0" + bytes(40)


# ---------------------------------------------------------------- counting

def counters():
    """({class: {stat: n}}, {reason: n}), but for what the stack itself sends."""
    got = {}
    for a in g.dump("CLASS_GET"):
        stats = parse(a[A["PUNT_STATS"]])
        got[CLASSES[number(a[A["CLASS"]])]] = {
            n: number(stats[i]) for n, i in STAT.items() if i in stats and i > 1}
    drops = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
    return got, {REASONS[i - 1]: number(v) for i, v in drops.items()
                 if i and i <= len(REASONS) and REASONS[i - 1] != "tx_multicast"}


def hear(name):
    """Messages that wait: (how many, how many it says were dropped before them)."""
    n = missed = 0
    while True:
        try:
            data = ear[name].sock.recv(1 << 17)
        except BlockingIOError:
            return n, missed
        a = parse(data[20:])
        assert number(a[A["CLASS"]]) == CLASS[name], name
        assert A["FRAME"] in a or A["ERROR"] in a
        n += 1
        missed += number(a.get(A["MISSED"], b"\0"))


def send(frames):
    for dev, f in frames:
        wire[dev].send(f)


owed = dict.fromkeys(CLASSES, 0)    # dropped, and not told yet


def check(what, name, frames, least, most, loose=False, **reasons):
    """All of the frames are of this class: so many go up, the others are dropped for
    these reasons, each counted once, here and there; the listener hears of it."""
    before, drops0 = counters()
    send(frames)
    after, drops = counters()
    delta = {n: after[name][n] - before[name][n] for n in after[name]}
    assert sum(delta.values()) == len(frames), (what, delta)
    assert least <= delta["PASSED"] <= most, (what, delta)
    named = {n: v for n, v in delta.items() if v and n != "PASSED"}
    assert loose or (set(named) == set(reasons) and all(
        named[r] >= reasons[r] for r in reasons)), (what, named)
    for n, v in delta.items():
        if n != "PASSED":
            assert drops["punt_" + n.lower()] - drops0["punt_" + n.lower()] == v, n
    fell = sum(drops[r] - drops0[r] for r in drops if r.startswith(("rx_", "punt_")))
    assert fell == sum(named.values()), \
        (what, {r: drops[r] - drops0[r] for r in drops if drops[r] != drops0[r]})
    for other in CLASSES:
        assert other == name or after[other] == before[other], (what, other)
    heard, missed = hear(name)
    assert heard == delta["PASSED"], (what, heard, delta)
    owed[name] += sum(named.values()) - missed
    assert owed[name] >= 0, (what, missed)
    print("ok: %s: %d of %d" % (what, delta["PASSED"], len(frames)))
    return delta


def passes(what, name, *frames):
    check(what, name, frames, len(frames), len(frames))
    assert owed[name] == 0, "drops that the listener was not told of"


def ration(name, rate, burst):
    g.must("RATION_SET", u8("RATION", RATION[name]) + u32("RATION_RATE", rate) +
           u32("RATION_BURST", burst))


def rations():
    return {number(a[A["RATION"]]): (number(a[A["RATION_RATE"]]),
                                     number(a[A["RATION_BURST"]]))
            for a in g.dump("RATION_GET")}


defaults = rations()
assert set(defaults) == set(range(RATION["MAX"])), defaults
assert all(r and b for r, b in defaults.values()), defaults


def reset():
    for i, (rate, burst) in defaults.items():
        g.must("RATION_SET", u8("RATION", i) + u32("RATION_RATE", 1000000) +
               u32("RATION_BURST", burst))
    time.sleep(0.05)
    # A bucket fills when it is used, at the rate of then.
    send([padi(invented()), control("203.0.113.200"), control(tunnel=17)])
    for name in "PPPOE", "L2TP":
        owed[name] -= hear(name)[1]
    for i, (rate, burst) in defaults.items():
        g.must("RATION_SET", u8("RATION", i) + u32("RATION_RATE", rate) +
               u32("RATION_BURST", burst))


def others(skip=()):
    """Everybody's control but that of who is flooded."""
    if "L2TP" not in skip:
        passes("tunnel's control", "L2TP", control(tunnel=17))
        passes("another tunnel's control", "L2TP", control("192.0.2.3", 27))
    if "PEER" not in skip:
        passes("a configured peer's set-up", "L2TP", control("198.51.100.77"))
    if "PPPOE" not in skip:
        passes("a client's PADT", "PPPOE", padi(ACC1, code=0xa7, sid=7))
    if "PADI" not in skip:
        passes("a client's PADI elsewhere", "PPPOE", padi(invented(), 77, "bcc1"))
    if "PPP" not in skip:
        passes("sessions' LCP", "PPP", ppp(1, lcp()), ppp(2, lcp()), ppp(4, lcp()))
    if "IP6" not in skip:
        passes("a subscriber's ND", "IP6", ppp(2, neighbour()))


g.must("PEERS_SET", nest("ADDRS", nest("ADDR", ip("PREFIX", "198.51.100.0") +
                                       u8("PREFIX_LEN", 24))))
others()

# Discovery. A refused frame takes nothing of what it shares with others.
N = 700
ration("LINE", 1, 300)
check("PADI from invented MACs", "PPPOE", [padi(invented()) for _ in range(N)],
      300, 320, RATE_PORT=N - 320)
others()
passes("PADI on another VLAN", "PPPOE", padi(invented(), 5))
reset()
ration("PORT", 1, 300)
check("PADI on invented VLANs", "PPPOE",
      [padi(invented(), random.randrange(1, 4095)) for _ in range(N)],
      300, 320, RATE_PORT=N - 320)
others()
reset()
ration("SOURCE", 1, 50)
ration("LINE", 1, 400)
one = invented()
check("PADI from one MAC", "PPPOE", [padi(one)] * N, 50, 60, RATE_SOURCE=N - 60)
# One or two share its bucket.
delta = check("its neighbours", "PPPOE", [padi(invented()) for _ in range(300)], 295,
              300, loose=True)
assert not delta["RATE_PORT"], "a refused MAC took its line's"
others()
reset()
ration("PPPOE_SETUP", 1, 300)
check("PADI on two ports", "PPPOE",
      [padi(invented(), random.randrange(1, 4095), random.choice(["acc1", "bcc1"]))
       for _ in range(N)], 300, 320, RATE_CLASS=N - 320)
others(["PADI"])
reset()

# Set-up of tunnels.
ration("L2TP_STRANGERS", 1, 200)
check("SCCRQ from invented addresses", "L2TP",
      [control("203.0.%d.%d" % (random.randrange(256), random.randrange(1, 255)))
       for _ in range(N)], 200, 220, RATE_CLASS=N - 220)
check("control with an established tunnel's id", "L2TP",
      [control("203.0.113.9", 17)] * 20, 0, 1, RATE_CLASS=19)
others()
# Who sends an error chooses whose it is: it costs configured peers nothing.
ration("L2TP_STRANGERS", 1, 100)
ration("L2TP_PEERS", 1, 20)
check("errors of messages to configured peers", "L2TP",
      [unreachable("198.51.100.%d" % (i % 250)) for i in range(N)], 0, 120,
      RATE_CLASS=N - 120)
others()
reset()
ration("PEER", 1, 100)
check("SCCRQ from one configured peer", "L2TP", [control("198.51.100.9")] * 500, 100,
      110, RATE_SOURCE=390)
others()
reset()
ration("TUNNEL", 1, 100)
check("control of one tunnel", "L2TP", [control(tunnel=17)] * 500, 100, 110,
      RATE_TUNNEL=390)
passes("another tunnel", "L2TP", control("192.0.2.3", 27))
others(["L2TP"])
reset()

# Sessions.
check("one session's control", "PPP", [ppp(3, lcp(1, i & 255)) for i in range(N)],
      100, 300, RATE_LINK=N - 300)
others()
check("one subscriber's ND", "IP6", [ppp(1, neighbour()) for _ in range(N)], 50, 150,
      RATE_LINK=N - 150)
passes("his own LCP", "PPP", ppp(1, lcp()))
others()
ear["IP6"].sock.close()
before = counters()
send([ppp(2, neighbour())] * 10)
after = counters()
assert after[0]["IP6"]["NO_LISTENER"] - before[0]["IP6"]["NO_LISTENER"] == 10
assert after[1]["punt_no_listener"] - before[1]["punt_no_listener"] == 10
others(["IP6"])

# A bucket fills again, and not beyond its burst.
ration("LINK_PPP", 1000, 20)
time.sleep(0.05)
check("one link's", "PPP", [ppp(3, lcp())] * 400, 20, 400, loose=True)
time.sleep(0.2)
check("the same later", "PPP", [ppp(3, lcp())] * 21, 20, 21, loose=True)
reset()

# A listener that does not read loses frames, and hears how many, though what tells
# of them may be lost as well.
queue = ear["PPP"].sock
room = queue.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
queue.setsockopt(270, 5, 1)    # NETLINK_NO_ENOBUFS
queue.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
ration("LINK_PPP", 1000000, 300)
check("sessions' control, unread", "PPP", [ppp(1, lcp())] * 100, 1, 90, QUEUE_FULL=10)
queue.setsockopt(socket.SOL_SOCKET, 33, room)
passes("their next", "PPP", ppp(1, lcp()))
reset()

# Settings.
for attrs in (b"", u8("RATION", 0), u8("RATION", 0) + u32("RATION_RATE", 0),
              u8("RATION", 0) + u32("RATION_BURST", 1000001),
              u8("RATION", RATION["MAX"]) + u32("RATION_RATE", 5)):
    err, text, _ = g.ask("RATION_SET", attrs)
    assert err and text, attrs
assert rations() == defaults, rations()
ration("LINE", 7, 9)
assert rations()[RATION["LINE"]] == (7, 9)


def peers(*prefixes):
    return g.ask("PEERS_SET", nest("ADDRS", b"".join(
        nest("ADDR", ip("PREFIX", p) + u8("PREFIX_LEN", n)) for p, n in prefixes)))


def shown():
    return sorted((socket.inet_ntop(socket.AF_INET if len(a[A["PREFIX"]]) == 4 else
                                    socket.AF_INET6, a[A["PREFIX"]]),
                   number(a[A["PREFIX_LEN"]])) for a in g.dump("PEERS_GET"))


assert shown() == [("198.51.100.0", 24)]
assert not peers(("198.51.100.0", 25), ("198.51.100.0", 24), ("198.51.100.200", 32),
                 ("192.0.2.9", 32), ("2001:db8::", 32), ("2001:db8:1::1", 128))[0]
assert shown() == [("192.0.2.9", 32), ("198.51.100.0", 24), ("2001:db8::", 32)], shown()
assert peers(("198.51.100.1", 24))[:2] == (22, "prefix has bits behind its length")
assert peers(("198.51.100.1", 33))[0] == 22
assert peers(*[("10.0.%d.%d" % (i >> 8, i & 255), 32) for i in range(1025)])[0] == 7
assert len(shown()) == 3
many = ["10.%d.%d.%d" % (i * 7 % 256, i >> 8, i & 255) for i in range(1024)]
assert not peers(*[(p, 32) for p in many])[0]
assert len(shown()) == 1024
ration("L2TP_STRANGERS", 1, 1)
check("a stranger", "L2TP", [control("203.0.113.9")] * 3, 1, 1, RATE_CLASS=2)
passes("many configured peers", "L2TP", *[control(p) for p in random.sample(many, 50)])
check("an address between them", "L2TP", [control("10.1.0.0")] * 3, 0, 1,
      RATE_CLASS=2)
assert not peers(("::", 0), ("10.0.0.0", 8), ("10.1.0.0", 16))[0]
assert shown() == [("10.0.0.0", 8), ("::", 0)], shown()
passes("IPv4 beside all of IPv6", "L2TP", *[control(many[i]) for i in range(20)])
check("all of IPv6 has no IPv4", "L2TP", [control("203.0.113.9")] * 3, 0, 1,
      RATE_CLASS=2)
assert not g.ask("PEERS_SET")[0] and not shown()
check("no peer any more", "L2TP", [control(many[3])] * 3, 0, 1, RATE_CLASS=2)
reset()
print("ok: settings")


# ------------------------------------------------- LCP echo in the module

def answers():
    """PPP frames that came out of the tunnel's side."""
    got = []
    while select.select([wire["e1"]], [], [], 0)[0]:
        f, at = wire["e1"].recvfrom(4096)
        if at[2] != socket.PACKET_OUTGOING and f[12:14] == b"\x08\0" and f[23] == 17:
            assert f[42:44] == b"\0\2" and f[44:46] == b"\0\x12", f.hex()
            got.append((struct.unpack_from("!H", f, 46)[0], f[48:]))
    return got


def echo(magic, data=b"", ident=7, length=None, code=9):
    body = struct.pack("!I", magic) + data
    return b"\xc0\x21" + struct.pack("!BBH", code, ident,
                                     length or 4 + len(body)) + body


answers()
before = counters()
send([ppp(1, echo(0xaabbccdd, b"hello"))])
assert answers() == [(101, b"\xff\x03" + echo(MAGIC, b"hello", code=10))]
send([ppp(1, echo(0)), ppp(2, echo(0, bytes(range(256)) * 5, 9))])
assert answers() == [(101, b"\xff\x03" + echo(MAGIC, code=10)),
                     (102, b"\xff\x03" + echo(MAGIC, bytes(range(256)) * 5, 9,
                                              code=10))]
# At a rate that would never go up.
send([ppp(1, echo(5, ident=i & 255)) for i in range(500)])
assert [f[5] for _, f in answers()] == [i & 255 for i in range(500)]
after = counters()
assert after == before, ("an answered echo was counted as a punt", before, after)
# What is not for the module goes up: a loop, a length that cannot be, a session
# without our magic number, a reply.
passes("echoes that go up", "PPP", ppp(1, echo(MAGIC)), ppp(1, echo(5, length=100)),
       ppp(1, echo(5, length=7)), ppp(3, echo(5)), ppp(1, echo(5, code=10)),
       ppp(1, lcp(9)))
assert not answers()
print("ok: LCP echo")
