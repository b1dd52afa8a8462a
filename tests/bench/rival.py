# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's own: l2tp_ppp as an LNS, pppoe + PPPIOCBRIDGECHAN + l2tp_ppp as a
LAC, built on PPPoX sockets as pppd and xl2tpd do. All live as long as we."""

import ctypes
import fcntl
import os
import resource
import socket
import struct

from box import LIBC, LOCAL, SUBSCRIBER, batch, inside
from program import (client_mac, peer_session, peer_tunnel, remote_of, session_of,
                     tunnel_of)

AF_PPPOX, PX_PROTO_OE, PX_PROTO_OL2TP = 24, 0, 1
GCHAN, ATTCHAN, CONNECT = 0x80047437, 0x40047438, 0x4004743a
NEWUNIT, BRIDGECHAN = 0xc004743e, 0x40047435


def raise_limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (200000, 200000))
    # A neighbour for each of its devices: an operator raises this as well.
    for i, n in enumerate((65536, 131072, 262144)):
        with open("/proc/sys/net/ipv4/neigh/default/gc_thresh%d" % (i + 1), "w",
                  encoding="ascii") as f:
            f.write(str(n))


def pppox(protocol, kind, address):
    """A socket connected to this address; a number, so that it stays open."""
    fd = LIBC.socket(AF_PPPOX, kind, protocol)
    raw = struct.pack("=HI", AF_PPPOX, protocol) + address
    if fd < 0 or LIBC.connect(fd, raw, len(raw)):
        raise OSError(ctypes.get_errno(), "PPPoX socket, protocol %d" % protocol)
    return fd


def number(fd, request, n=0):
    return struct.unpack("=i", fcntl.ioctl(fd, request, struct.pack("=i", n)))[0]


def channel(fd):
    """/dev/ppp attached to the channel of a PPPoX socket"""
    chan = os.open("/dev/ppp", os.O_RDWR)
    number(chan, ATTCHAN, number(fd, GCHAN))
    return chan


def unit(fd):
    """The number of a new device ppp<number>, over this socket"""
    dev = os.open("/dev/ppp", os.O_RDWR)
    n = number(dev, NEWUNIT, -1)
    number(channel(fd), CONNECT, n)
    return n


def pppoe_socket(dev, mac, sid):
    return pppox(PX_PROTO_OE, socket.SOCK_STREAM,
                 struct.pack("!H6s16s", sid, mac, dev.encode()))


def ip_of(n):
    return socket.inet_ntoa(struct.pack("!I", n))


class Rival:
    def __init__(self, box, tunnels, sessions):
        self.box, self.tunnels, self.n = box, tunnels, sessions
        raise_limits()
        with inside(box.name):
            self.udp = [self._tunnel(i) for i in range(tunnels)]
            self._sessions()

    def _tunnel(self, i):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((LOCAL, 1701))
        s.connect((ip_of(remote_of(i, self.tunnels)), 1701))
        self._l2tp(s, i, 0, 0)
        return s

    def _l2tp(self, udp, i, session, peer):
        tunnel = tunnel_of(i, self.tunnels)
        to = struct.pack("!HHI8x", socket.AF_INET, 1701,
                         remote_of(i, self.tunnels))
        to = struct.pack("=H", socket.AF_INET) + to[2:]
        return pppox(PX_PROTO_OL2TP, socket.SOCK_DGRAM,
                     struct.pack("=ii", 0, udp.fileno()) + to +
                     struct.pack("=4H", tunnel, session, peer_tunnel(tunnel), peer))

    def _session(self, i):
        session = session_of(i, self.tunnels)
        return self._l2tp(self.udp[i % self.tunnels], i, session,
                          peer_session(session))


class Lns(Rival):
    def _sessions(self):
        lines = []
        for i in range(self.n):
            dev = "ppp%d" % unit(self._session(i))
            lines += ["link set %s up" % dev,
                      "route add %s dev %s" % (ip_of(SUBSCRIBER + i), dev)]
        batch(lines)


class Lac(Rival):
    def _sessions(self):
        for i in range(self.n):
            a = channel(pppoe_socket("acc", client_mac(i), i + 1))
            session = self._session(i)
            number(a, BRIDGECHAN, number(session, GCHAN))
