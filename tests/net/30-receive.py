#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""What comes in (RFC 2661 3.1, RFC 2516 4): every combination of flags, pad and
length over IPv4 and IPv6, with and without UDP's checksum; ids, versions, peers,
PPP's framing; access ports without, with one and with two VLAN tags. What is
delivered is compared at the far side; each packet is counted exactly once."""

import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest,
                  parse, run, u8, u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (LCP, L, O, P, P4, S, STAT, Wire, drops, ether, l2tp, number, ppp,
                  pppoe, udp)

CLIENTS = {1: (), 2: (), 3: ((0x8100, 100),), 4: ((0x88a8, 200), (0x8100, 7)),
           5: ((0x8100, 300), (0x8100, 9))}
HEAD = b"\xff\x03"

load_module()
unshare_net()
g = Genl()
for pair in "e0 type veth peer name e1", "acc0 type veth peer name acc1", \
        "term0 type adit":
    run("ip link add " + pair)
run("ip addr add 192.0.2.1/24 dev e0")
run("ip addr add 2001:db8::1/64 dev e0 nodad")
for dev in "e0", "e1", "acc0", "acc1", "term0":
    run("ip link set %s up" % dev)
for peer in "192.0.2.2", "192.0.2.3", "2001:db8::2", "2001:db8::3":
    run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % peer)
core, access = Wire("e1"), Wire("acc1")
E0, ACC0, ACC1 = mac("e0"), mac("acc0"), mac("acc1")
PEER_MAC = bytes.fromhex("020000000002")
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))


class Peer:
    """A tunnel: sessions 1, 3, 4, 5 to clients on the port, 2 to the device."""

    def __init__(self, us, him, stranger, tunnel):
        self.us, self.him, self.stranger, self.tunnel = us, him, stranger, tunnel
        self.v6 = ":" in us
        g.must("ENDPOINT_NEW", ip_attr("LOCAL", us))
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
               u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", 9) +
               ip_attr("REMOTE", him) + u16("REMOTE_PORT", 1701))
        for s in range(1, 7):
            g.must("SESSION_NEW", self.id(s) + u16("PEER_SESSION_ID", s))
            if s in CLIENTS and s != 2:
                g.must("PPPOE_NEW", self.client(s) + attr("MAC", ACC1))
                g.must("BIND", nest("LINK", self.id(s)) +
                       nest("TO_LINK", self.client(s, name=True)))
        self.subscriber = "10.0.0.%d" % tunnel
        g.must("BIND", nest("LINK", self.id(2)) +
               u32("TO_IFINDEX", ifindex("term0")) +
               nest("ADDRS", nest("ADDR", ip_attr("PREFIX", self.subscriber) +
                                  u8("PREFIX_LEN", 32))))
        run("ip route add %s dev term0" % self.subscriber)

    def id(self, s):
        return u16("TUNNEL_ID", self.tunnel) + u16("SESSION_ID", s)

    def client(self, s, name=False):
        vlans = CLIENTS[s]
        a = u32("IFINDEX", ifindex("acc0")) + \
            u16("SESSION_ID", self.tunnel * 100 + s)
        if vlans:
            a += u16("VLAN_OUTER", vlans[0][1])
            if not name:
                a += u16("VLAN_PROTO", vlans[0][0])
        return a + (u16("VLAN_INNER", vlans[1][1]) if len(vlans) > 1 else b"")

    def frame(self, payload, source=None, port=1701, sums=True):
        return ether(E0, PEER_MAC, 0x86dd if self.v6 else 0x800,
                     udp(source or self.him, self.us, payload, port, sums=sums))

    def at_client(self, s, data):
        """As the client is to get it."""
        return ether(ACC1, ACC0, 0x8864, pppoe(self.tunnel * 100 + s, data),
                     CLIENTS[s])

    def from_client(self, s, data, **header):
        return ether(ACC0, ACC1, 0x8864,
                     pppoe(self.tunnel * 100 + s, data, **header), CLIENTS[s])

    def at_peer(self, s, data):
        """The payload of UDP as the peer is to get it."""
        return struct.pack("!HHHH", 2, 9, s, 0xff03) + data


def balance():
    """What counts what came in: reasons to drop, and packets of links taken."""
    d = {r: n for r, n in drops(g).items() if r.startswith(("rx_", "punt_"))}
    for t in g.dump("TUNNEL_GET"):
        d["tunnel %d" % number(t[A["TUNNEL_ID"]])] = taken_by(t)
    d["clients"] = sum(taken_by(p) for p in g.dump("PPPOE_GET"))
    return d


def counted(before):
    after = balance()
    return {k: after[k] - before[k] for k in after if after[k] != before[k]}


def check(what, wire, frames, **want):
    """Sends all; each is counted once, and so."""
    before = balance()
    for f in frames:
        wire.send(f)
    got = counted(before)
    end = time.monotonic() + 2
    while sum(got.values()) < len(frames) and time.monotonic() < end:
        time.sleep(0.01)
        got = counted(before)
    assert got == want, (what, got, want)
    assert sum(got.values()) == len(frames), (what, got, len(frames))


def taken_by(a):
    stats = parse(a[A["STATS"]])
    return number(stats[STAT["RX_PACKETS"]]) + number(stats[STAT["RX_CONTROL"]])


def taken(n):
    return {"tunnel %d" % peer.tunnel: n}


def told(what, n):
    print("ok: %s, IPv%d: %d packets" % (what, 6 if peer.v6 else 4, n))


def combinations():
    return [L * (i & 1) | S * (i >> 1 & 1) | O * (i >> 2 & 1) | P * (i >> 3)
            for i in range(16)]


def need(flags):
    return 6 + 2 * bool(flags & L) + 4 * bool(flags & S) + 2 * bool(flags & O)


def switched():
    """All flags and pads, to a client: his frame has what was put in."""
    sent, want = [], []
    for flags in combinations():
        for pad in range(17 if flags & O else 1):
            for sums in (True,) if peer.v6 else (True, False):
                data = ppp(P4, os.urandom(40 + pad))
                sent.append(peer.frame(l2tp(peer.tunnel, 1, HEAD + data, flags,
                                            pad=pad), sums=sums))
                want.append(peer.at_client(1, data))
    access.frames()
    check("flags and pads", core, sent, **taken(len(sent)))
    assert access.frames() == want
    told("flags and pads, switched", len(sent))


def terminated():
    """The same to the stack, which checks the inner sum behind every pad."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, 33, 4 << 20)
    s.bind(("192.0.2.1", 4000))
    s.settimeout(2)
    sent, want = [], []
    for flags in combinations():
        for pad in range(17 if flags & O else 1):
            data = os.urandom(33 + pad)
            inner = udp(peer.subscriber, "192.0.2.1", data, 5000, 4000)
            head = (HEAD, b"", HEAD, b"")[pad % 4]
            proto = (b"\0\x21", b"\0\x21", b"\x21", b"\x21")[pad % 4]
            sent.append(peer.frame(l2tp(peer.tunnel, 2, head + proto + inner,
                                        flags, pad=pad)))
            want.append(data)
    check("terminated", core, sent, **taken(len(sent)))
    for data in want:
        assert s.recv(2000) == data
    s.close()
    told("flags and pads, terminated", len(sent))


def short():
    """Every length that is less than the flags need."""
    n = 0
    for flags in combinations():
        whole = l2tp(peer.tunnel, 1, b"", flags)
        assert len(whole) == need(flags)
        cut = [peer.frame(whole[:i]) for i in range(len(whole))]
        check("short", core, cut, rx_short=len(cut))
        # A header and nothing behind it: no PPP frame.
        check("empty", core, [peer.frame(whole)], rx_ppp=1)
        n += len(cut) + 1
    told("short headers", n)


def pads():
    """A pad over 16, and one that is not there."""
    n = 0
    for flags in combinations():
        if not flags & O:
            continue
        big = [peer.frame(l2tp(peer.tunnel, 1, HEAD + ppp(P4, bytes(80)), flags,
                               pad=min(pad, 64), size=pad))
               for pad in (17, 18, 32, 255, 256, 4096, 65535)]
        check("pad too big", core, big, rx_offset_too_big=len(big))
        gone = []
        for pad in range(1, 17):
            m = l2tp(peer.tunnel, 1, b"", flags, pad=pad)
            m = m[:need(flags) + pad - 1]
            if flags & L:
                m = m[:2] + struct.pack("!H", len(m)) + m[4:]
            gone.append(peer.frame(m))
        check("pad cut off", core, gone, rx_short=len(gone))
        n += len(big) + len(gone)
    told("wrong pads", n)


def lengths():
    """Length less than the datagram trims, more drops, less than the header is
    short."""
    n = 0
    data = ppp(P4, os.urandom(60))
    for flags in combinations():
        if not flags & L:
            continue
        pad = 5 if flags & O else 0
        plain = l2tp(peer.tunnel, 1, HEAD + data, flags, pad=pad)
        sent = [peer.frame(plain + b"\xee" * i) for i in (1, 2, 3, 46, 500)]
        access.frames()
        check("trimmed", core, sent, **taken(len(sent)))
        assert access.frames() == [peer.at_client(1, data)] * len(sent)
        more = [peer.frame(plain[:2] + struct.pack("!H", len(plain) + i) +
                           plain[4:]) for i in (1, 2, 100, 60000)]
        check("longer", core, more, rx_length=len(more))
        less = [peer.frame(plain[:2] + struct.pack("!H", i) + plain[4:])
                for i in range(need(flags) + pad)]
        check("less than the header", core, less, rx_short=len(less))
        n += len(sent) + len(more) + len(less)
    told("Length", n)


def names():
    """Versions, ids, reserved bits, peers."""
    t, frame = peer.tunnel, peer.frame
    data = HEAD + ppp(P4, bytes(50))
    bad = [frame(l2tp(t, 1, data, version=v)) for v in range(16) if v != 2]
    check("versions", core, bad, rx_version=len(bad))
    zero = [frame(l2tp(*ids, data, flags)) for ids in ((0, 1), (t, 0), (0, 0))
            for flags in combinations()]
    check("id 0", core, zero, rx_zero_id=len(zero))
    check("no tunnel", core, [frame(l2tp(999, 1, data))], rx_no_tunnel=1)
    check("no session", core, [frame(l2tp(t, 99, data))], rx_no_session=1)
    # RFC 2661 3.1: reserved bits are ignored.
    odd = [frame(l2tp(t, 1, data, bit)) for bit in
           (0x2000, 0x1000, 0x0400, 0x0080, 0x0040, 0x0020, 0x0010)]
    access.frames()
    check("reserved bits", core, odd, **taken(len(odd)))
    assert len(access.frames()) == len(odd)
    wrong = [frame(l2tp(t, 1, data), source=peer.stranger),
             frame(l2tp(t, 1, data), port=1702),
             frame(l2tp(t, 1, data), port=1)]
    check("another peer", core, wrong, rx_peer_mismatch=3)
    # The other family's peer cannot use this tunnel either.
    other = peers[peer is peers[0]]
    check("another endpoint", core, [other.frame(l2tp(t, 1, data))],
          rx_peer_mismatch=1)
    check("control", core, [frame(b"\xc8\2" + bytes(10))], punt_no_listener=1)
    told("versions, ids, peers", len(bad) + len(zero) + len(odd) + 7)


def framing():
    """PPP with and without FF 03 and a short protocol, to a client: RFC 2516 4
    has neither. And frames that are none."""
    t = peer.tunnel
    body = os.urandom(41)
    plain = peer.at_client(1, ppp(P4, body))
    forms = [HEAD + b"\0\x21", b"\0\x21", HEAD + b"\x21", b"\x21"]
    sent = [peer.frame(l2tp(t, 1, f + body, flags, pad=pad))
            for f in forms for flags, pad in ((0, 0), (O, 1), (O, 2), (L | S, 0))]
    access.frames()
    check("framing", core, sent, **taken(len(sent)))
    assert access.frames() == [plain] * len(sent)
    runts = [b"", b"\xff", HEAD, HEAD + b"\0", b"\0", b"\xff\x04\0\x21",
             b"\xff\x21" + bytes(30), HEAD + b"\xff\x21"]
    check("runts", core, [peer.frame(l2tp(t, s, r)) for r in runts for s in (1, 2)],
          rx_ppp=2 * len(runts))
    # To the device: a bare protocol is no IP packet, nor is the other family's.
    noip = [ppp(P4, b""), ppp(P4, b"\x45" + bytes(18)), ppp(P4, b"\x65" + bytes(39)),
            ppp(0x57, b"\x60" + bytes(38)), ppp(0x57, b"\x45" + bytes(39))]
    check("no IP", core, [peer.frame(l2tp(t, 2, HEAD + r)) for r in noip],
          rx_malformed_ip=len(noip))
    spoof = ppp(P4, udp("10.0.0.99", "192.0.2.1", b"x"))
    check("spoof", core, [peer.frame(l2tp(t, 2, HEAD + spoof))], rx_spoof=1)
    told("framing", len(sent) + 2 * len(runts) + len(noip) + 1)


def punted():
    """Of a link without a binding, taken and offered to the daemon: two counts for
    two steps."""
    before = balance()
    core.send(peer.frame(l2tp(peer.tunnel, 6, HEAD + ppp(LCP, bytes(8)))))
    got = counted(before)
    assert got == {**taken(1), "punt_no_listener": 1}, got


def to_peer():
    """Frames to the peer, not what the stack says of its own accord."""
    return [f for f in core.frames() if f[:6] == PEER_MAC]


def clients():
    """From the port, of every kind of client, to the peer."""
    n = 0
    for s in (1, 3, 4, 5):
        sent, want = [], []
        for size in 0, 1, 38, 39, 40, 100, 1430:
            data = ppp(P4, os.urandom(size))
            f = peer.from_client(s, data)
            sent.append(f + bytes(max(0, 60 - len(f))))    # Ethernet's padding
            want.append(peer.at_peer(s, data))
        core.frames()
        check("clients", access, sent, clients=len(sent))
        head = 14 + (48 if peer.v6 else 28)
        got = [f[head:] for f in to_peer()]
        assert got == want, (s, got, want)
        n += len(sent)
    for s in (1, 3, 4):
        data = ppp(P4, bytes(60))
        good = peer.from_client(s, data)
        bad = [(peer.from_client(s, data, length=63), "rx_pppoe_length"),
               (peer.from_client(s, data, length=65535), "rx_pppoe_length"),
               (peer.from_client(s, data, vertype=0x12), "rx_pppoe_header"),
               (peer.from_client(s, data, vertype=0x21), "rx_pppoe_header"),
               (peer.from_client(s, data, code=9), "rx_pppoe_header"),
               (good[:6] + bytes.fromhex("020000000009") + good[12:],
                "rx_peer_mismatch"),
               (peer.from_client(s, b"", length=0), "rx_ppp"),
               (peer.from_client(s, b"\0", length=1), "rx_ppp"),
               (peer.from_client(s, b"\x21" + bytes(60)), "rx_pppoe_framing"),
               (peer.from_client(s, HEAD + data), "rx_pppoe_framing"),
               (peer.from_client(s, HEAD + b"\x21" + bytes(60)),
                "rx_pppoe_framing"),
               (peer.from_client(s, b"\xff"), "rx_pppoe_framing")]
        core.frames()
        for f, why in bad:
            check(why, access, [f], **{why: 1})
        assert not to_peer()
        n += len(bad)
    # A header that is cut off.
    at = len(peer.from_client(1, b"")) - 6
    whole = peer.from_client(1, b"")
    check("cut", access, [whole[:at + i] for i in (4, 5)], rx_short=2)
    # One that names nobody is the stack's, and counted so.
    check("cut", access, [whole[:at + i] for i in (0, 1, 2, 3)], rx_no_session=4)
    # Known ids in other VLANs are others.
    f = peer.from_client(3, ppp(P4, b""))
    for tci, n_found in ((100, 1), (0xe064, 1), (101, 0), (0, 0)):
        here = f[:14] + struct.pack("!H", tci) + f[16:]
        check("VLAN", access, [here],
              **({"clients": 1} if n_found else
                 {"rx_no_session": 1}))
    # Not for us.
    away = bytes.fromhex("020000000077") + f[6:]
    before = balance()
    access.send(away)
    assert balance() == before
    told("clients", n + 12)


peers = [Peer("192.0.2.1", "192.0.2.2", "192.0.2.3", 17),
         Peer("2001:db8::1", "2001:db8::2", "2001:db8::3", 18)]
for peer in peers:
    switched()
    terminated()
    short()
    pads()
    lengths()
    names()
    framing()
    punted()
    clients()
