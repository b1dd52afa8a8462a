# SPDX-License-Identifier: GPL-2.0-or-later
"""adit's objects by the ten thousand, over one netlink socket: a message is made
once, with room for its numbers; a system call takes hundreds.

Session i of n is in tunnel i % tunnels + 1; so every peer has some.
"""

import errno
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import A, CMD, F_NESTED, Genl, endpoint_id, ip, parse, u32
from box import LOCAL, REMOTE, SUBSCRIBER, batch, inside

CHUNK = 400    # messages in a system call


class Message:
    """attrs: (name, format of its number), (name, bytes), (name, [attrs of a
    nest]). A call with the numbers in their order gives the bytes."""

    def __init__(self, family, cmd, *attrs):
        self.fields = []
        self.raw = bytearray(20)
        self._attrs(attrs)
        struct.pack_into("=IHHIIBBH", self.raw, 0, len(self.raw), family, 1, 0, 0,
                         CMD[cmd], 1, 0)

    def _attrs(self, attrs):
        for name, what in attrs:
            at = len(self.raw)
            self.raw += bytes(4)
            kind = A[name]
            if isinstance(what, list):
                self._attrs(what)
                kind |= F_NESTED
            elif isinstance(what, bytes):
                self.raw += what
            else:
                s = struct.Struct(what)
                self.fields.append((s.pack_into, len(self.raw)))
                self.raw += bytes(s.size)
            struct.pack_into("=HH", self.raw, at, len(self.raw) - at, kind)
            self.raw += bytes(-len(self.raw) % 4)

    def __call__(self, *numbers):
        b = bytearray(self.raw)
        for (pack_into, at), number in zip(self.fields, numbers):
            pack_into(b, at, number)
        return b


class Bulk:
    """Sends messages without waiting; complains of the first that is refused."""

    def __init__(self, genl):
        self.sock = genl.sock
        self.sock.setsockopt(socket.SOL_SOCKET, 32, 8 << 20)    # SNDBUFFORCE
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)    # RCVBUFFORCE

    def send(self, messages):
        """Seconds in the kernel."""
        packed = [b"".join(messages[i:i + CHUNK])
                  for i in range(0, len(messages), CHUNK)]
        spent = 0
        for p in packed:
            start = time.perf_counter()
            self.sock.send(p)
            spent += time.perf_counter() - start
        self.complain()
        return spent

    def complain(self):
        self.sock.settimeout(0)
        try:
            data = self.sock.recv(1 << 16)
        except BlockingIOError:
            return
        finally:
            self.sock.settimeout(20)
        err = -struct.unpack_from("=i", data, 16)[0]
        raise RuntimeError("refused: %s %r" % (errno.errorcode.get(err, err), data))


def tunnel_of(i, tunnels):
    return i % tunnels + 1


def session_of(i, tunnels):
    return i // tunnels + 1


def remote_of(i, tunnels):
    return REMOTE + i % tunnels + 1


def peer_tunnel(tunnel):
    return 0x8000 | tunnel


def peer_session(session):
    return 0xffff - session


def client_of(i):
    """The last word of a subscriber's MAC address."""
    return i & 0xffff


class Adit:
    """Endpoint, tunnels and sessions in a box."""

    def __init__(self, box, tunnels):
        self.box, self.tunnels = box, tunnels
        self.is_express = False
        batch(["link add term0 type adit", "link set term0 up",
               "route add 10.0.0.0/15 dev term0"], box.name)
        with inside(box.name):
            self.genl = Genl()
            self.term0 = socket.if_nametoindex("term0")
            self.acc = socket.if_nametoindex("acc")
            self.wan = socket.if_nametoindex("wan")
        self.bulk = Bulk(self.genl)
        self.genl.must("ENDPOINT_NEW", ip("LOCAL", LOCAL))
        self._tunnels()

    def message(self, cmd, *attrs):
        return Message(self.genl.family, cmd, *attrs)

    def _tunnels(self):
        new = self.message("TUNNEL_NEW", ("ENDPOINT_ID", "=I"), ("TUNNEL_ID", "=H"),
                           ("PEER_TUNNEL_ID", "=H"), ("REMOTE", "!I"),
                           ("REMOTE_PORT", "=H"), ("LABEL", b"lac.example.net\0"))
        ep = endpoint_id(self.genl)
        self.bulk.send([new(ep, t + 1, peer_tunnel(t + 1),
                            remote_of(t, self.tunnels), 1701)
                        for t in range(self.tunnels)])

    def sessions(self, n):
        """Messages that make them, unbound."""
        new = self.message("SESSION_NEW", ("TUNNEL_ID", "=H"), ("SESSION_ID", "=H"),
                           ("PEER_SESSION_ID", "=H"),
                           ("LABEL", b"subscriber@example.net\0"),
                           ("COOKIE", "=Q"))
        return [new(tunnel_of(i, self.tunnels), session_of(i, self.tunnels),
                    peer_session(session_of(i, self.tunnels)), i)
                for i in range(n)]

    def terminations(self, n):
        """Messages that bind them to the device."""
        bind = self.message(
            "BIND", ("LINK", [("TUNNEL_ID", "=H"), ("SESSION_ID", "=H")]),
            ("TO_IFINDEX", struct.pack("=I", self.term0)),
            ("ADDRS", [("ADDR", [("PREFIX", "!I"), ("PREFIX_LEN", b"\x20")])]),
            ("MTU", struct.pack("=H", 1492)), ("MAGIC", "=I"))
        return [bind(tunnel_of(i, self.tunnels), session_of(i, self.tunnels),
                     SUBSCRIBER + i, i + 1) for i in range(n)]

    def terminate(self, n):
        self.bulk.send(self.sessions(n))
        self.bulk.send(self.terminations(n))

    def switch(self, n):
        """A pppoe for each session, bound to it."""
        self.genl.must("PORT_NEW", u32("IFINDEX", self.acc))
        port = struct.pack("=I", self.acc)
        new = self.message("PPPOE_NEW", ("IFINDEX", port), ("SESSION_ID", "=H"),
                           ("MAC", "6s"),
                           ("LABEL", b"subscriber@example.net\0"))
        bind = self.message(
            "BIND", ("LINK", [("TUNNEL_ID", "=H"), ("SESSION_ID", "=H")]),
            ("TO_LINK", [("IFINDEX", port), ("SESSION_ID", "=H")]))
        self.bulk.send(self.sessions(n))
        self.bulk.send([new(i + 1, client_mac(i)) for i in range(n)])
        self.bulk.send([bind(tunnel_of(i, self.tunnels),
                             session_of(i, self.tunnels), i + 1)
                        for i in range(n)])

    def removals(self, n):
        gone = self.message("SESSION_DEL", ("TUNNEL_ID", "=H"),
                            ("SESSION_ID", "=H"))
        return [gone(tunnel_of(i, self.tunnels), session_of(i, self.tunnels))
                for i in range(n)]

    def express(self, on):
        """Express receive on the underlay. False: the module has none."""
        if on != self.is_express:
            self.genl.must("UNDERLAY_NEW" if on else "UNDERLAY_DEL",
                           u32("IFINDEX", self.wan))
        self.is_express = on
        return True

    def drops(self):
        """{reason's number: count}, for complaints"""
        a = self.genl.must("SYSTEM_GET")[0]
        return {k: int.from_bytes(v, sys.byteorder)
                for k, v in parse(a[A["DROPS"]]).items() if any(v) and k < 200}


def client_mac(i):
    return bytes.fromhex("02aabbcc") + struct.pack("!H", client_of(i))
