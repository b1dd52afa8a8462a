# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets for tests/net/80-fuzz: good ones, and good ones spoilt; the same ones for
the same seed. L2TP over IPv4 and IPv6, whole and in fragments; PPPoE with and without
tags; IP for subscribers."""

import random
import struct

from wire import addr, csum

FAR4, FAR6 = "198.51.100.1", "2001:db8:ffff::1"


def ip4(source, to, payload, proto=17, ident=0, frag=0, tos=0):
    h = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), ident, frag, 64,
                    proto, 0, source, to)
    return h[:10] + struct.pack("!H", csum(h)) + h[12:] + payload


def ip6(source, to, payload, nexthdr=17, tos=0):
    return struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload), nexthdr, 64) + \
        source + to + payload


def host(tunnel, session):
    """A subscriber's addresses, within 10.TUNNEL.SESSION.0/24, 2001:db8:T:S::/64."""
    return (addr("10.%d.%d.9" % (tunnel, session)),
            addr("2001:db8:%x:%x::9" % (tunnel, session)))


class Packets:
    """tunnels: {id: (our address, the peer's)}, the sessions of each, vlans: {PPPoE
    session: (outer, inner)}, heads: {device: its Ethernet address and the other's}"""

    def __init__(self, seed, tunnels, sessions, vlans, heads):
        self.r = random.Random(seed)
        self.tunnels, self.sessions, self.vlans, self.heads = \
            tunnels, sessions, vlans, heads
        self.seqs, self.ident = {}, seed * 977

    def some(self, chance):
        return self.r.random() < chance

    # --- good ones

    def inner(self, tunnel, session):
        """A PPP frame without FF 03."""
        pick = self.r.choice
        four, six = host(tunnel, session)
        dst4, dst6 = addr(FAR4), addr(FAR6)
        data = bytes(pick((0, 8, 40, 120, 1000, 1372, 1460)))
        lcp = struct.pack("!BBHI", pick((1, 5, 9, 9, 10)), 1, 8 + len(data),
                          pick((5, 7))) + data
        tos = pick((0, 0, 0, 1, 2, 3, 0xb8))
        df = pick((0, 0, 0x4000))
        return pick((
            lambda: b"\x00\x21" + ip4(four, dst4, data, 99, tos=tos, frag=df),
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
            lambda: struct.pack("!H", pick((0x8057, 0xc223, 0x80fd, 0x0031, 0x4021,
                                            0xff03))) + lcp,
            lambda: pick((b"", b"\0", b"\xff", b"\xff\x03", b"\xff\x03\0", b"\x21",
                          b"\0\x21", b"\0\x57\x60")),
        ))()

    def l2tp(self, tunnel, session):
        """A data message."""
        pick = self.r.choice
        flags = 2 | pick((0, 0, 0, 0x100)) | \
            pick((0, 0, 0, 0x4000, 0x0800, 0x0800, 0x0200, 0x4a00))
        body = pick((b"\xff\x03", b"\xff\x03", b"")) + self.inner(tunnel, session)
        head = struct.pack("!HH", tunnel, session)
        if flags & 0x800:
            ns = self.seqs.get((tunnel, session), 0) + pick((1, 1, 1, 1, 2, 0, -1, -3))
            self.seqs[tunnel, session] = ns
            head += struct.pack("!HH", ns & 0xffff, 0)
        if flags & 0x200:
            pad = pick((0, 1, 2, 15, 16, 17, 40))
            head += struct.pack("!H", pad) + bytes(pad)
        if flags & 0x4000:
            length = len(head) + 4 + len(body)
            head = struct.pack("!H", length) + head
            body += bytes(pick((0, 0, 1, 20)))
        return struct.pack("!H", flags) + head + body

    def control(self, tunnel):
        r = self.r.randrange
        return struct.pack("!HHHHHH", 0xc802, 20, tunnel, r(3), 0, 0) + \
            struct.pack("!HHHH", 0x8008, 0, 0, r(20))

    # --- good ones spoilt

    def spoil(self, data, near=24):
        """One or two things about its first bytes, or its end."""
        b, pick = bytearray(data), self.r.choice
        for _ in range(pick((1, 1, 2))):
            if not b:
                break
            at = self.r.randrange(min(len(b), near))
            kind = self.r.randrange(6)
            if kind == 0:
                b[at] ^= 1 << self.r.randrange(8)
            elif kind == 1:
                b[at] = pick((0, 1, 0x7f, 0x80, 0xff))
            elif kind == 2:
                b[at & ~1:(at & ~1) + 2] = struct.pack("!H", pick(
                    (0, 1, 6, 17, len(b), len(b) + 1, 0x7fff, 0xffff)))
            elif kind == 3:
                del b[at:]
            elif kind == 4:
                del b[self.r.randrange(len(b)):]
            else:
                b += bytes(self.r.randrange(40))
        return bytes(b)

    def message(self, tunnel):
        """For one of ours, or nearly."""
        pick = self.r.choice
        session = pick(self.sessions)
        if self.some(0.04):
            return self.control(pick((tunnel, 0, 99) + tuple(self.tunnels)))
        if self.some(0.06):
            session = pick((0, 7, 77, 78))
        if self.some(0.04):
            tunnel = pick((0, 99) + tuple(self.tunnels))
        return self.l2tp(tunnel, session)

    def udp(self, payload, source, to):
        port = 1702 if self.some(0.03) else 1701
        d = struct.pack("!HHHH", port, 1701, 8 + len(payload), 0) + payload
        s = csum(source + to + struct.pack("!II", len(d), 17) + d) or 0xffff
        s = self.r.choice((s,) * 20 + (0, s ^ 1))
        return d[:6] + struct.pack("!H", s) + d[8:]

    def pieces(self, data):
        """[(offset, more, data)], some of them wrong."""
        size = self.r.choice((256, 264, 512, 1024, 1208))
        got = [(at, at + size < len(data), data[at:at + size])
               for at in range(0, len(data), size)]
        kind = self.r.randrange(12)
        n = self.r.randrange(len(got))
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
        if self.some(0.5):
            self.r.shuffle(got)
        return got

    # --- what goes onto the wires

    def e0(self):
        """Frames from peers and strangers."""
        tunnel = self.r.choice(tuple(self.tunnels))
        us, peer = (addr(a) for a in self.tunnels[tunnel])
        six = len(us) == 16
        stranger = addr("2001:db8::3" if six else "192.0.2.3")
        source = stranger if self.some(0.04) else peer
        m = self.message(tunnel)
        if self.some(0.4):
            m = self.spoil(m)
        d = self.udp(m, source, us)
        self.ident += 1
        tos = self.r.choice((0, 0, 0, 1, 3))
        if self.some(0.75) and len(d) < 1400:
            packets = [ip6(source, us, d, tos=tos) if six else
                       ip4(source, us, d, 17, self.ident & 0xffff, tos=tos)]
        elif six:
            packets = [ip6(source, us, struct.pack(
                "!BBHI", 17, 0, at & 0xffff | more, self.ident & 0xffffffff) + b, 44, tos)
                for at, more, b in self.pieces(d)]
        else:
            packets = [ip4(source, us, b, 17, self.ident & 0xffff, at // 8 | more << 13,
                           tos)
                       for at, more, b in self.pieces(d)]
        for p in packets:
            if self.some(0.06):
                p = self.spoil(p, 48 if six else 28)
                if not six and len(p) >= 20 and self.some(0.8):
                    p = p[:10] + b"\0\0" + p[12:]
                    p = p[:10] + struct.pack("!H", csum(p[:20])) + p[12:]
            yield self.heads["e0"] + (b"\x86\xdd" if six else b"\x08\0") + p

    def acc0(self):
        """A frame from a client."""
        pick = self.r.choice
        sid = pick(tuple(self.vlans) * 2 + (0, 99))
        outer, tag = self.vlans.get(sid, (0, 0))
        if self.some(0.1):
            outer = pick((0, 100, 7))
        tags = b""
        if outer:
            tags += pick((b"\x81\0", b"\x88\xa8")) + struct.pack("!H", outer)
        if tag or self.some(0.03):
            tags += b"\x81\0" + struct.pack("!H", tag)
        if self.some(0.03):
            tags += b"\x81\0\0\x05"
        if self.some(0.85):
            kind, code = b"\x88\x64", 0
            body = self.inner(0, sid & 0xff)
        else:
            kind, code = b"\x88\x63", pick((9, 0x19, 0xa7, 7, 0x65))
            body = struct.pack("!HH", 0x0101, 0) + bytes(self.r.randrange(20))
            sid = pick((0, sid))
        if self.some(0.03):
            kind = pick((b"\x08\0", b"\x86\xdd", b"\x88\x65", b"\x12\x34"))
        p = struct.pack("!BBHH", 0x11, code, sid, len(body)) + body
        p += bytes(max(0, pick((0, 46)) - len(p)))
        if self.some(0.3):
            p = self.spoil(p, 12)
        us, client = self.heads["acc0"][:6], self.heads["acc0"][6:]
        source = b"\x02\0\0\0\0\x77" if self.some(0.05) else client
        to = pick((us,) * 8 + (b"\xff" * 6, b"\x02\0\0\0\0\x66"))
        f = to + source + tags + kind + p
        yield self.spoil(f, 30) if self.some(0.03) else f

    def down(self, tunnel, session):
        """(ethertype, IP for a subscriber)"""
        pick = self.r.choice
        four, six = host(*pick(((tunnel, session),) * 6 + ((99, 99),)))
        data = bytes(pick((0, 8, 40, 1000, 1370, 1440)))
        kind, p = pick((
            lambda: (0x800, ip4(addr(FAR4), four, data, 99)),
            lambda: (0x800, ip4(addr(FAR4), four, data, 99, frag=0x4000, tos=0xb8)),
            lambda: (0x86dd, ip6(addr(FAR6), six, data, 59)),
            lambda: (0x86dd, ip6(addr(FAR6), b"\xff\x02" + bytes(14), data, 59)),
        ))()
        if self.some(0.3):
            p = self.spoil(p, 40)
        if self.some(0.05):
            kind = pick((0x800, 0x86dd, 0x806, 0x8847))
        return kind, p
