# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of subscribers and where they come out, for tests of the module."""

import ctypes
import fcntl
import socket
import struct
import subprocess
import sys

from genl import datagram, mac


def number(data):
    return int.from_bytes(data, sys.byteorder)


def csum(data):
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def udp4(src, dst, size, tos=0, sport=5000, dport=5001):
    """An IPv4 packet of that many bytes."""
    udp = struct.pack("!HHHH", sport, dport, size - 20, 0) + bytes(size - 28)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, size, 0, 0, 64, 17, 0,
                       socket.inet_aton(src), socket.inet_aton(dst))
    return head[:10] + struct.pack("!H", csum(head)) + head[12:] + udp


def udp6(src, dst, size, tos=0):
    """The same of IPv6. Its sum is right: zero is none."""
    a = [socket.inet_pton(socket.AF_INET6, x) for x in (src, dst)]
    udp = struct.pack("!HHHH", 5000, 5001, size - 40, 0) + bytes(size - 48)
    sum_ = csum(a[0] + a[1] + struct.pack("!II", len(udp), 17) + udp)
    udp = udp[:6] + struct.pack("!H", sum_ or 0xffff) + udp[8:]
    return struct.pack("!IHBB", 6 << 28 | tos << 20, len(udp), 17, 64) + a[0] + a[1] + udp


def data(tunnel, session, frame):
    """An L2TP data message of the peer's, from its PPP protocol on."""
    return datagram(struct.pack("!HHHH", 2, tunnel, session, 0xff03) + frame)


def ppp(packet):
    """A PPP frame, from its protocol on."""
    return (b"\0\x57" if packet[0] >> 4 == 6 else b"\0\x21") + packet


def links(commands):
    """ip -batch: a process of the guest's costs more than all of them."""
    subprocess.run(["ip", "-batch", "-"], input=commands.encode(), check=True)


class End:
    """The far end of a cable."""

    def __init__(self, dev, to=None, src=b"\2\0\0\0\0\2"):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)    # RCVBUFFORCE
        self.sock.bind((dev, 0))
        self.head = (mac(to) if to else b"\xff" * 6) + src

    def send(self, packet, proto=b"\x08\0"):
        self.sock.send(self.head + proto + packet)

    def frames(self, wait=0.1):
        """What came since, without what we sent ourselves."""
        found = []
        self.sock.settimeout(wait)
        while True:
            try:
                frame, where = self.sock.recvfrom(65536)
            except TimeoutError:
                return found
            if where[2] != socket.PACKET_OUTGOING:
                found.append(frame)

    def count(self, what, wait=0.1):
        """How many of them have these bytes in them."""
        return sum(what in f for f in self.frames(wait))


def no_tx_sum(dev):
    """Checksums are made before the device, so that they can be looked at."""
    value = ctypes.create_string_buffer(struct.pack("=II", 0x17, 0))    # STXCSUM
    with socket.socket() as s:
        fcntl.ioctl(s, 0x8946, struct.pack("16sP16x", dev.encode(),
                                           ctypes.addressof(value)))
