# SPDX-License-Identifier: GPL-2.0-or-later
"""An L2TP access concentrator with a PPP client behind it, for tests of an LNS.

Written from RFC 2661 (L2TP), 1661 (LCP), 1334 and 1994 (PAP, CHAP), 1332 (IPCP) with
scapy's PPP: it shares no code with the daemon, and it looks at what the LNS sends with
the eyes of a strict reader. One tunnel is one thread's: it has a socket of its own.
"""

import collections
import errno
import hashlib
import os
import socket
import struct
import time

from scapy.layers.ppp import (PPP, PPP_CHAP_ChallengeResponse, PPP_IPCP,
                              PPP_IPCP_Option, PPP_LCP_Configure, PPP_LCP_Echo,
                              PPP_LCP_Terminate, PPP_PAP_Request)

SCCRQ, SCCRP, SCCCN, STOPCCN, HELLO = 1, 2, 3, 4, 6
ICRQ, ICRP, ICCN, CDN = 10, 11, 12, 14
LCP, PAP, CHAP, IPCP, IP = 0xc021, 0xc023, 0xc223, 0x8021, 0x21
PATIENCE = float(os.environ.get("LAC_PATIENCE", "60"))    # seconds, for what should come

# RFC 2661 4.4: {attribute: (M, may be hidden, least and greatest length)} of what an
# LNS sends.
AVPS = {0: (1, 0, 8, 8), 1: (1, 0, 8, 1023), 2: (1, 0, 8, 8), 3: (1, 1, 10, 10),
        4: (1, 1, 10, 10), 6: (0, 1, 8, 8), 7: (1, 0, 7, 1023), 8: (0, 1, 6, 1023),
        9: (1, 1, 8, 8), 10: (1, 0, 8, 8), 11: (1, 1, 7, 1023), 13: (1, 1, 22, 22),
        14: (1, 1, 8, 8), 36: (1, 0, 7, 1023), 46: (0, 1, 11, 1023)}
MUST = {SCCRP: {2, 3, 7, 9}, ICRP: {14}, CDN: {1, 14}, STOPCCN: {1, 9}, HELLO: set()}


class Wrong(Exception):
    """The LNS, or the test, is."""


def must(truth, *what):
    if not truth:
        raise Wrong(" ".join(str(w) for w in what))


def md5(*parts):
    return hashlib.md5(b"".join(parts)).digest()


def u16(n):
    return struct.pack("!H", n)


def u32(n):
    return struct.pack("!I", n)


def avp(number, value, m=0, vendor=0, reserved=0, length=None):
    """RFC 2661 4.1. A number's M is said where it is one that must be understood."""
    size = 6 + len(value) if length is None else length
    return struct.pack("!HHH", m << 15 | reserved << 10 | size, vendor, number) + value


def cipher(number, secret, vector, data, hide):
    """4.3: the same both ways, but for which side of it feeds the next block."""
    out, key = b"", md5(u16(number), secret, vector)
    for at in range(0, len(data), 16):
        block = data[at:at + 16]
        done = bytes(a ^ b for a, b in zip(block, key))
        out += done
        key = md5(secret, done if hide else block)
    return out


def hidden(number, value, secret, vector, pad=5, m=0):
    plain = u16(len(value)) + value + os.urandom(pad)
    return struct.pack("!HHH", m << 15 | 1 << 14 | 6 + len(plain), 0, number) + \
        cipher(number, secret, vector, plain, True)


class Message:
    """A control message of the LNS's, taken apart; what is not as it has to be is
    Wrong."""

    def __init__(self, data, secret):
        flags, length, self.tunnel, self.session, self.ns, self.nr = \
            struct.unpack("!6H", data[:12])
        must(flags == 0xc802 and length == len(data), "header", data[:12].hex())
        self.avps, self.order, vector = {}, [], None
        at = 12
        while at < length:
            bits, vendor, number = struct.unpack("!HHH", data[at:at + 6])
            size = bits & 0x3ff
            value = data[at + 6:at + size]
            must(not bits & 0x3c00 and size >= 6 and at + size <= length, "AVP's head")
            must(not vendor and number in AVPS, "AVP", vendor, number)
            m, hide, least, most = AVPS[number]
            must(bits >> 15 == m, "AVP", number, "has the wrong M")
            if bits & 0x4000:
                must(hide and vector, "AVP", number, "is hidden")
                plain = cipher(number, secret, vector, value, False)
                inner = struct.unpack("!H", plain[:2])[0]
                must(inner <= len(plain) - 2, "hidden AVP", number)
                value = plain[2:2 + inner]
            must(least <= 6 + len(value) <= most, "AVP", number, "has", len(value))
            if number == 36:
                vector = value
            self.avps.setdefault(number, value)
            self.order.append((number, bool(bits & 0x4000)))
            at += size
        self.kind = None
        if self.order:
            must(self.order[0] == (0, False), "Message Type is not the first")
            self.kind = self.number(0)
            must(self.kind in MUST and MUST[self.kind] <= set(self.avps),
                 "message", self.kind, "has", self.order)

    def number(self, which):
        return int.from_bytes(self.avps[which], "big")

    def result(self):
        """(result, error, text)."""
        value = self.avps[1]
        error = struct.unpack("!H", value[2:4])[0] if len(value) > 3 else None
        return struct.unpack("!H", value[:2])[0], error, value[4:].decode()

    def cause(self):
        """RFC 3145: (code, protocol, direction), or None."""
        return struct.unpack("!HHB", self.avps[46][:5]) if 46 in self.avps else None


class Tunnel:
    """From here to the LNS, as the host of that name."""

    def __init__(self, name, lns, secret, local="", hello=0):
        self.name, self.lns, self.secret = name, (lns, 1701), secret.encode()
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((local, 0))
        self.id = int.from_bytes(os.urandom(2), "big") % 60000 + 1
        self.peer = self.ns = self.nr = 0
        self.waiting = []    # [[ns, kind, session, body, when sent]]
        self.messages, self.calls = [], {}
        self.stopped = None
        self.held = None     # datagrams that are kept back, to be sent in another order
        self.twice = False   # each message leaves two times
        challenge = os.urandom(19)
        self.send(SCCRQ, avp(2, b"\1\0", 1) + avp(3, u32(3), 1) + avp(4, u32(3), 1) +
                  avp(7, name.encode(), 1) + avp(9, u16(self.id), 1) +
                  avp(10, u16(8), 1) + avp(11, challenge, 1) + avp(8, b"another"))
        reply = self.expect(SCCRP)
        self.peer = reply.number(9)
        must(self.peer and reply.avps[2][:1] == b"\1", "SCCRP", reply.avps)
        must(reply.avps.get(13) == md5(b"\2", self.secret, challenge), "SCCRP: response")
        self.send(SCCCN, avp(13, md5(b"\3", self.secret, reply.avps[11]), 1)
                  if 11 in reply.avps else b"")

    # Messages out.

    def send(self, kind, body, session=0):
        """What goes in front of the rest is there when it leaves: fresh Nr."""
        self.waiting.append([self.ns, kind, session, body, 0.0])
        self.ns = self.ns + 1 & 0xffff
        self.transmit(self.waiting[-1])
        if self.twice:
            self.transmit(self.waiting[-1])

    def transmit(self, w):
        body = avp(0, u16(w[1]), 1) + w[3] if w[1] else b""
        w[4] = time.monotonic()
        self.put(struct.pack("!6H", 0xc802, 12 + len(body), self.peer, w[2], w[0],
                             self.nr) + body)

    def put(self, datagram):
        if self.held is not None:
            self.held.append(datagram)
        else:
            self.sock.sendto(datagram, self.lns)

    def fits(self, send):
        """Whether it leaves when no router may cut it (ip(7), IP_MTU_DISCOVER)."""
        self.sock.setsockopt(socket.IPPROTO_IP, 10, 2)
        try:
            send()
        except OSError as e:
            must(e.errno == errno.EMSGSIZE, e)
            return False
        finally:
            self.sock.setsockopt(socket.IPPROTO_IP, 10, 0)
        return True

    def release(self, order=reversed):
        held, self.held = self.held, None
        for datagram in order(held):
            self.put(datagram)

    # What comes in.

    def pump(self, until):
        """Until that time at the latest: one datagram, or what is due again."""
        due = min([w[4] + 1 for w in self.waiting] + [until])
        self.sock.settimeout(max(due - time.monotonic(), 0.001))
        try:
            data, _ = self.sock.recvfrom(65535)
        except (TimeoutError, BlockingIOError):
            data = None
        now = time.monotonic()
        if data is not None:
            must(len(data) >= 6 and data[1] & 15 == 2, "datagram", data.hex())
            if data[0] & 0x80:
                self.control(Message(data, self.secret))
            else:
                self.data(now, data)
        for w in self.waiting:
            if now >= w[4] + 1 and self.held is None:
                self.transmit(w)

    def control(self, m):
        must(m.tunnel == self.id, "a message for tunnel", m.tunnel)
        # What is before Nr has arrived.
        self.waiting = [w for w in self.waiting if not 0 < (m.nr - w[0] & 0xffff) < 0x8000]
        if m.kind is None:
            return
        fresh = m.ns == self.nr
        if fresh:
            self.nr = self.nr + 1 & 0xffff
        self.transmit([self.ns, None, 0, b"", 0.0])
        if not fresh:
            return
        if m.kind == STOPCCN:
            self.stopped = m.result()
        elif m.kind == CDN:
            # Its Assigned Session ID is the LNS's own.
            for call in self.calls.values():
                if call.id == m.session or call.peer == m.number(14):
                    call.cdn = m
        else:
            self.messages.append(m)

    def data(self, now, data):
        """4.6 of the design: none of L, O, P; S if it was asked for."""
        flags, tunnel, session = struct.unpack("!HHH", data[:6])
        must(not flags & ~0x0802, "data with flags %#06x" % flags)
        must(tunnel == self.id and session in self.calls, "data for", tunnel, session)
        call, at = self.calls[session], 6
        must(bool(flags & 0x0800) == call.sequenced, "S is %#x" % flags)
        if call.sequenced:
            must(struct.unpack("!H", data[6:8])[0] == call.rx_ns, "Ns of data")
            call.rx_ns = call.rx_ns + 1 & 0xffff
            at = 10
        must(data[at:at + 2] == b"\xff\3", "no address and control", data.hex())
        call.frames.append((now, data[at + 2:]))

    def until(self, what, seconds=None, text=""):
        end = time.monotonic() + (PATIENCE if seconds is None else seconds)
        while not what():
            must(time.monotonic() < end, "waited in vain", text,
                 "stopped: %s" % (self.stopped,) if self.stopped else "")
            self.pump(end)

    def expect(self, kind, session=None):
        """The next message of that kind (and for that call)."""
        def find():
            return [m for m in self.messages if m.kind == kind and
                    session in (None, m.session)]
        self.until(find, text="for message %d" % kind)
        found = find()[0]
        self.messages.remove(found)
        return found

    def idle(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(end)

    def close(self):
        self.send(STOPCCN, avp(9, u16(self.id), 1) + avp(1, u16(1), 1))
        self.until(lambda: not self.waiting, text="for an answer to StopCCN")
        self.sock.close()


class Call:
    """One session. `frames` is what came for it: [(when, bytes from PPP's protocol)]."""

    number = 0

    def __init__(self, tunnel):
        Call.number += 1
        self.tunnel, self.frames, self.cdn = tunnel, [], None
        self.sequenced, self.rx_ns, self.tx_ns = False, 0, 0
        self.peer = 0
        while True:
            self.id = int.from_bytes(os.urandom(2), "big")
            if self.id and self.id not in tunnel.calls:
                break
        tunnel.calls[self.id] = self
        tunnel.send(ICRQ, avp(14, u16(self.id), 1) + avp(15, u32(Call.number), 1))
        tunnel.until(lambda: self.cdn or any(m.session == self.id
                                             for m in tunnel.messages), text="for ICRP")
        must(not self.cdn, "CDN", self.cdn and self.cdn.result())
        self.peer = tunnel.expect(ICRP, self.id).number(14)
        must(self.peer, "session id 0")

    def connect(self, proxy=b"", sequenced=False):
        self.sequenced = sequenced
        self.tunnel.send(ICCN, avp(24, u32(10000000), 1) + avp(19, u32(1), 1) + proxy +
                         (avp(39, b"", 1) if sequenced else b""), self.peer)

    def send(self, frame, head=b"\xff\3", pad=None):
        """pad: with the longest header (RFC 2661 3.1), L, S and O, and so many bytes."""
        seq, flags, length, offset = b"", 2, b"", b""
        if self.sequenced:
            seq = u16(self.tx_ns) + u16(0)
            flags |= 0x0800
            self.tx_ns = self.tx_ns + 1 & 0xffff
        if pad is not None:
            flags |= 0x4200
            offset = u16(pad) + bytes(pad)
            length = u16(8 + len(seq) + len(offset) + len(head) + len(frame))
        self.tunnel.put(u16(flags) + length + u16(self.tunnel.peer) + u16(self.peer) +
                        seq + offset + head + frame)

    def hang_up(self):
        self.tunnel.send(CDN, avp(1, u16(1), 1) + avp(14, u16(self.id), 1), self.peer)


# PPP. Options are [(number, value)].

NAMES = {(LCP, 1): "lcp-req", (LCP, 2): "lcp-ack", (LCP, 3): "lcp-nak",
         (LCP, 4): "lcp-rej", (LCP, 5): "term-req", (LCP, 6): "term-ack",
         (LCP, 7): "code-rej", (LCP, 8): "proto-rej", (LCP, 9): "echo-req",
         (LCP, 10): "echo-rep", (LCP, 11): "discard", (LCP, 12): "ident",
         (LCP, 13): "time-rem", (PAP, 1): "pap-req", (PAP, 2): "pap-ack",
         (PAP, 3): "pap-nak", (CHAP, 1): "challenge", (CHAP, 2): "response",
         (CHAP, 3): "success", (CHAP, 4): "failure", (IPCP, 1): "ipcp-req",
         (IPCP, 2): "ipcp-ack", (IPCP, 3): "ipcp-nak", (IPCP, 4): "ipcp-rej",
         (IPCP, 5): "ipcp-term-req", (IPCP, 6): "ipcp-term-ack"}

Seen = collections.namedtuple("Seen", "when name id data")


def pack(options):
    return b"".join(bytes([n, 2 + len(v)]) + v for n, v in options)


def unpack(data):
    found, at = [], 0
    while at < len(data):
        must(at + 2 <= len(data) and 2 <= data[at + 1] <= len(data) - at,
             "options", data.hex())
        found.append((data[at], data[at + 2:at + data[at + 1]]))
        at += data[at + 1]
    return found


def control(proto, code, ident, data=b""):
    return struct.pack("!HBBH", proto, code, ident, 4 + len(data)) + data


AUTHS = {"pap": u16(PAP), "chap": u16(CHAP) + b"\5", None: None}


def chap_response(ident, password, challenge):
    return md5(bytes([ident]), password.encode(), challenge)


class Client:
    """A subscriber's PPP at the far end of a call. Its LCP is open already, if that is
    what the LAC says in ICCN. It does what the RFCs ask for; what it leaves out, and what
    it does instead, is set by the test: `ignores` is the names of what it does not
    answer."""

    def __init__(self, call, auth="chap", user="alice", password="wonderland", mru=1442,
                 magic=0x01020304, ignores=(), opened=True, options=()):
        self.call, self.tunnel = call, call.tunnel
        self.auth, self.user, self.password = auth, user, password
        self.wish = [(1, u16(mru)), (5, u32(magic))] + list(options)
        self.magic, self.opened = magic, opened
        self.ignores, self.seen, self.read = set(ignores), [], 0
        self.ident, self.pap_ident = 17, None
        self.acked = self.acks = opened    # our request, theirs
        self.lns = {}                      # options of the LNS's last request
        self.address = self.lns_address = None
        self.up = self.ipcp_acks = self.ipcp_acked = False
        self.want = b"\0\0\0\0"

    # Out.

    def send(self, proto, code, data=b"", ident=None):
        if ident is None:
            self.ident = ident = self.ident + 1 & 0xff
        self.call.send(control(proto, code, ident, data))
        return ident

    def ask_lcp(self):
        self.acked = False
        frame = bytes(PPP_LCP_Configure(code=1, id=self.next())) + pack(self.wish)
        self.call.send(u16(LCP) + frame[:2] + u16(len(frame)) + frame[4:])

    def ask_ipcp(self):
        self.call.send(bytes(PPP(proto=IPCP) / PPP_IPCP(
            code=1, id=self.next(),
            options=[PPP_IPCP_Option(type=3, len=6, data=self.want)])))

    def ask_pap(self):
        self.pap_ident = self.next()
        self.call.send(bytes(PPP(proto=PAP) / PPP_PAP_Request(
            id=self.pap_ident, username=self.user, password=self.password)))

    def next(self):
        self.ident = self.ident + 1 & 0xff
        return self.ident

    # In.

    def handle(self):
        """All that came since."""
        while self.read < len(self.call.frames):
            when, frame = self.call.frames[self.read]
            self.read += 1
            proto, = struct.unpack("!H", frame[:2])
            if proto not in (LCP, PAP, CHAP, IPCP):
                self.seen.append(Seen(when, "%04x" % proto, None, frame[2:]))
                continue
            code, ident, length = struct.unpack("!BBH", frame[2:6])
            must(4 <= length == len(frame) - 2, "length of", frame.hex())
            name = NAMES.get((proto, code), "%04x/%d" % (proto, code))
            self.seen.append(Seen(when, name, ident, frame[6:]))
            # Scapy reads it too, whatever it is.
            must(PPP(frame).proto == proto, "scapy reads", frame.hex())
            act = getattr(self, "on_" + name.replace("-", "_"), None)
            if act and name not in self.ignores:
                act(ident, frame[6:])

    def on_lcp_req(self, ident, data):
        if self.opened:    # RFC 1661 4.1: tld, scr
            self.opened = self.up = False
            self.ipcp_acks = self.ipcp_acked = False
            self.ask_lcp()
        self.lns = dict(unpack(data))
        want = AUTHS[self.auth]
        if 3 in self.lns and want and self.lns[3] != want:
            self.acks = False
            self.send(LCP, 3, pack([(3, want)]), ident)
            return
        self.acks = True
        self.send(LCP, 2, data, ident)
        self.maybe_open()

    def on_lcp_ack(self, _, data):
        must(data == pack(self.wish), "the Ack is not of our request")
        self.acked = True
        self.maybe_open()

    def on_lcp_nak(self, _, data):
        better = dict(unpack(data))
        self.wish = [(n, better.get(n, v)) for n, v in self.wish]
        self.ask_lcp()

    def on_lcp_rej(self, _, data):
        bad = unpack(data)
        must(all(o in self.wish for o in bad), "a Reject of what was not asked")
        self.wish = [o for o in self.wish if o not in bad]
        self.ask_lcp()

    def maybe_open(self):
        if self.acked and self.acks and not self.opened:
            self.opened = True
            if self.auth == "pap" and "pap" not in self.ignores:
                self.ask_pap()

    def on_term_req(self, ident, _):
        self.opened = False
        self.call.send(bytes(PPP(proto=LCP) / PPP_LCP_Terminate(code=6, id=ident)))

    def on_echo_req(self, ident, _):
        self.call.send(bytes(PPP(proto=LCP) / PPP_LCP_Echo(
            code=10, id=ident, magic_number=self.magic)))

    def on_challenge(self, ident, data):
        challenge = data[1:1 + data[0]]
        self.call.send(bytes(PPP(proto=CHAP) / PPP_CHAP_ChallengeResponse(
            code=2, id=ident, optional_name=self.user.encode(),
            value=chap_response(ident, self.password, challenge))))

    def on_ipcp_req(self, ident, data):
        self.lns_address = dict(unpack(data)).get(3)
        self.ipcp_acks = True
        self.send(IPCP, 2, data, ident)
        if self.want == b"\0\0\0\0":
            self.ask_ipcp()

    def on_ipcp_nak(self, _, data):
        self.want = dict(unpack(data)).get(3, self.want)
        self.ask_ipcp()

    def on_ipcp_ack(self, _, data):
        self.address = dict(unpack(data))[3]
        self.up = True

    # For tests.

    def run(self, what, seconds=None, text=""):
        """Until that is so."""
        def there():
            self.handle()
            return what()
        self.tunnel.until(there, seconds, text)

    def go_up(self):
        self.run(lambda: self.up or self.call.cdn, text="to be up: %s" % self.names())
        must(self.up, "CDN", self.call.cdn and self.call.cdn.result(), self.names())

    def end(self, seconds=None):
        """The LNS ends it: its CDN."""
        self.run(lambda: self.call.cdn, seconds, "for a CDN")
        return self.call.cdn

    def rest(self, seconds):
        """Goes on for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.call.cdn:
            self.tunnel.pump(end)
            self.handle()

    def all(self, name):
        return [s for s in self.seen if s.name == name]

    def names(self):
        return [s.name for s in self.seen]
