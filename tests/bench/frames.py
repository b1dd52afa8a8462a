# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames of the benchmark, and loads for gen.ko made of them: see gen.c.

A frame whose fields differ from session to session is one template and, for each
session, the 16-bit words that are its own.
"""

import os
import socket
import struct

FRAME_MAX = 2048
FRAMES_HEAD = "=6I16s16s"
RESULT = "=QII"
ETH_IP, ETH_PPPOE = 0x0800, 0x8864


def aton(text):
    return struct.unpack("!I", socket.inet_aton(text))[0]


def ones_sum(data):
    return sum(struct.unpack("!%dH" % (len(data) // 2), data))


def ones_complement(s):
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def ip4(src, dst, payload, ident=0, frag=0):
    h = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(payload), ident, frag, 64, 17,
                    0, src, dst)
    return h[:10] + struct.pack("!H", ones_complement(ones_sum(h))) + h[12:] + payload


def udp(sport, dport, payload):
    """Without a sum: gen.ko says that it was looked at."""
    return struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload


def packet(size, src, dst):
    """An IPv4 packet that is `size` bytes long with its Ethernet header."""
    return ip4(src, dst, udp(5001, 5001, bytes(size - 14 - 28)))


def l2tp(src, dst, tunnel, session, inner):
    data = struct.pack("!HHHHH", 2, tunnel, session, 0xff03, 0x21) + inner
    return ip4(src, dst, udp(1701, 1701, data))


def pppoe(sid, inner):
    return struct.pack("!BBHHH", 0x11, 0, sid, 2 + len(inner), 0x21) + inner


def ether(dst, src, proto, payload):
    return dst + src + struct.pack("!H", proto) + payload


def entries(makers, order):
    """[n_entries][n_words], each maker: session -> tuple of words."""
    pack = struct.Struct("!%dH" % sum(len(m(0)) for m in makers)).pack
    if len(makers) == 1:
        one = makers[0]
        return b"".join(pack(*one(i)) for i in order)
    return b"".join(pack(*[w for m in makers for w in m(i)]) for i in order)


def word(at, make):
    """(offsets, maker) of one 16-bit field"""
    return (at,), lambda i: (make(i),)


def address(template, header, at, make):
    """(offsets, maker) of an address in the IPv4 header at `header`, and its sum"""
    h = bytearray(template[header:header + 20])
    h[10:12] = bytes(2)
    h[at:at + 4] = bytes(4)
    base = ones_sum(bytes(h))

    def words(i):
        a = make(i)
        hi, lo = a >> 16, a & 0xffff
        return hi, lo, ones_complement(base + hi + lo)
    return (header + at, header + at + 2, header + 10), words


class Load:
    """Frames from device tx to device rx."""

    def __init__(self, tx, rx, templates, fields=(), order=(0,), per_packet=1):
        self.tx, self.rx, self.templates = tx, rx, templates
        self.offsets = [o for offsets, _ in fields for o in offsets]
        self.words = entries([m for _, m in fields], order) if fields else b""
        self.n_entries = len(order) if fields else 1
        self.per_packet = per_packet    # frames
        self.fd = os.open("/proc/adit_gen", os.O_RDWR)
        self.packets = 0

    def set(self, packets, burst=32):
        """How much a run sends."""
        self.packets = packets
        head = struct.pack(FRAMES_HEAD, packets * self.per_packet, packets, burst,
                           len(self.templates), len(self.offsets), self.n_entries,
                           self.tx.encode(), self.rx.encode())
        shorts = [len(t) for t in self.templates] + self.offsets
        os.write(self.fd, head + struct.pack("=%dH" % len(shorts), *shorts) +
                 self.words + b"".join(t.ljust(FRAME_MAX, b"\0")
                                       for t in self.templates))

    def run(self):
        """(ns, packets that arrived, the first of them)"""
        got = os.read(self.fd, struct.calcsize(RESULT) + FRAME_MAX)
        ns, received, length = struct.unpack_from(RESULT, got)
        return ns, received, got[16:16 + length]

    def close(self):
        os.close(self.fd)
