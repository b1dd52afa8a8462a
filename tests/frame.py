# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets as they are on the wire, made and taken apart by hand, and the module's
account of them. On top of genl.py; only the machine's own Python is needed.
"""

import socket
import struct

from genl import A, F_ACK, F_REQUEST, Genl, attr, enum, ifindex, nest, parse
from wire import REASONS, addr, csum, number
from wire import udp as udp_datagram

STAT = {n.replace("STAT_", ""): i for n, i in enum("adit_stat").items()}
P4, P6, LCP = 0x21, 0x57, 0xc021
L, S, O, P = 0x4000, 0x0800, 0x0200, 0x0100    # flags of L2TP's header


def pseudo(src, dst, proto, length):
    return addr(src) + addr(dst) + struct.pack("!II", length, proto)


def ip(src, dst, proto, payload, df=0, ident=1, frag=0):
    """A packet of the addresses' family; frag: IPv4's flags and offset."""
    if ":" in src:
        return struct.pack("!IHBB", 6 << 28, len(payload), proto, 64) + \
            addr(src) + addr(dst) + payload
    h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, df << 14 | frag,
                    64, proto, 0, addr(src), addr(dst))
    return h[:10] + struct.pack("!H", csum(h)) + h[12:] + payload


def udp(src, dst, payload, sport=1701, dport=1701, sums=True, df=0):
    """A whole packet; sums=False: without UDP's checksum (IPv4 only)."""
    d = udp_datagram(src, dst, payload, sport, dport, sums or ":" in src)
    return ip(src, dst, 17, d, df)


def tcp(src, dst, flags, options=b"", payload=b"", off=None, df=0):
    """A segment with its right sum; off: what the header says of its length."""
    options += bytes(-len(options) % 4)
    off = 5 + len(options) // 4 if off is None else off
    t = struct.pack("!HHIIBBHHH", 1000, 80, 1, 2, off << 4 & 0xff, flags, 1000, 0,
                    0) + options + payload
    s = csum(pseudo(src, dst, 6, len(t)) + t)
    return ip(src, dst, 6, t[:16] + struct.pack("!H", s) + t[18:], df)


def l2tp(tunnel, session, ppp, flags=0, ns=0, pad=0, length=None, size=None,
         version=2):
    """A data message. length: what Length says; size: what Offset Size says."""
    h = b""
    if flags & S:
        h += struct.pack("!HH", ns, 0)
    if flags & O:
        h += struct.pack("!H", pad if size is None else size) + b"\xa5" * pad
    h = struct.pack("!HH", tunnel, session) + h
    if flags & L:
        if length is None:
            length = 4 + len(h) + len(ppp)
        h = struct.pack("!H", length) + h
    return struct.pack("!H", flags | version) + h + ppp


def ppp(proto, data):
    return struct.pack("!H", proto) + data


def pppoe(sid, data, length=None, code=0, vertype=0x11):
    return struct.pack("!BBHH", vertype, code, sid,
                       len(data) if length is None else length) + data


def ether(dst, src, proto, data, vlans=()):
    """vlans: (ethertype, id) of each tag, the outer first."""
    tags = b"".join(struct.pack("!HH", t, i) for t, i in vlans)
    return dst + src + tags + struct.pack("!H", proto) + data


class Wire:
    """A packet socket on a device; sees what the other end sends."""

    def __init__(self, dev):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)   # RCVBUFFORCE
        self.sock.setsockopt(263, 8, 1)     # PACKET_AUXDATA
        self.sock.bind((dev, 3))

    def send(self, frame):
        self.sock.send(frame)

    def frames(self, wait=0):
        """All that came, with the tag that the kernel took off put back."""
        found = []
        while True:
            self.sock.settimeout(wait if wait and not found else 0)
            try:
                data, aux, _, where = self.sock.recvmsg(65536, 64)
            except (BlockingIOError, socket.timeout):
                return found
            # PACKET_OUTGOING, and what IPv6 says of itself on any device.
            if where[2] == 4 or data[:2] == b"\x33\x33":
                continue
            for level, kind, raw in aux:
                status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", raw[:20])
                if (level, kind) == (263, 8) and status & 16:
                    data = data[:12] + struct.pack("!HH", tpid, tci) + data[12:]
            found.append(data)


def drops(g):
    """{reason: packets}, since the namespace is there."""
    d = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
    return {REASONS[i - 1]: number(v) for i, v in d.items()
            if i and i <= len(REASONS)}


def stats(g, cmd, attrs):
    """{name: counter} of a tunnel, session or pppoe."""
    s = parse(g.must(cmd, attrs)[0][A["STATS"]])
    return {n: number(s[i]) for n, i in STAT.items() if i in s and n != "PAD"}


class Links(Genl):
    """Devices of kind adit by rtnetlink, whose mode iproute2 has no word for."""
    head = 16

    def __init__(self):    # pylint: disable=super-init-not-called
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.bind((0, 0))
        self.sock.setsockopt(270, 11, 1)    # NETLINK_EXT_ACK
        self.sock.settimeout(20)
        self.seq = 0

    def send(self, cmd, attrs=b"", flags=F_ACK, family=None):
        self.seq += 1
        self.sock.send(struct.pack("=IHHII", 16 + len(attrs), cmd,
                                   flags | F_REQUEST, self.seq, 0) + attrs)
        return self.seq

    def add(self, name, data):
        """(errno, text); data: what IFLA_INFO_DATA holds."""
        info = attr(1, b"adit\0") + nest(2, data)
        return self.ask(16, struct.pack("=BxHiII", 0, 0, 0, 0, 0) +
                        attr(3, name.encode() + b"\0") + nest(18, info),
                        F_ACK | 0x600)[:2]    # NLM_F_CREATE, NLM_F_EXCL

    def mode(self, name):
        """What a device shows of itself."""
        a = self.ask(18, struct.pack("=BxHiII", 0, 0, ifindex(name), 0, 0))[2][0]
        return parse(parse(a[18])[2])[1][0]
