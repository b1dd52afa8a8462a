# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of subscribers and where they come out, for tests of the module."""

import socket
import struct
import subprocess

from genl import datagram, mac
from wire import packet, udp


def udp4(src, dst, size, tos=0, sport=5000, dport=5001):
    """An IPv4 packet of that many bytes."""
    return packet(src, dst, udp(src, dst, bytes(size - 28), sport, dport), tos)


def udp6(src, dst, size, tos=0):
    """The same of IPv6."""
    return packet(src, dst, udp(src, dst, bytes(size - 48), 5000, 5001), tos)


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
