# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets for tests, made and read byte by byte, and namespaces of one process."""

import array
import ctypes
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import time

from genl import (A, TOP, Genl, attr, endpoint_id, ip, nest, parse, run, u8, u16,
                  u32, unshare_net)

OUTGOING = 4    # of AF_PACKET: our own frame


def number(data):
    return int.from_bytes(data, sys.byteorder)


def csum(data):
    """RFC 1071."""
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data[:len(data) & ~1]))
    s += data[-1] << 8 if len(data) % 2 else 0
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def addr(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def udp(src, dst, payload, sport=1701, dport=1701, check=True):
    d = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    pseudo = addr(src) + addr(dst) + struct.pack("!II", len(d), 17)
    return d[:6] + struct.pack("!H", check and (csum(pseudo + d) or 0xffff)) + d[8:]


def packet(src, dst, payload, tos=0, proto=17, df=0, ttl=64):
    """An IPv4 or IPv6 packet."""
    if ":" in src:
        return struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload), proto,
                           ttl) + addr(src) + addr(dst) + payload
    h = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), 0, df << 14, ttl,
                    proto, 0, addr(src), addr(dst))
    return h[:10] + struct.pack("!H", csum(h)) + h[12:] + payload


def ethertype(ip):
    return b"\x86\xdd" if ip[0] >> 4 == 6 else b"\x08\0"


def offloads(dev, on, csum=0x17, sg=0x19, tso=0x1f, gso=0x24, gro=0x2c):
    """All that is done for a packet after its way through the stack: without, what
    a tap sees is what a cable would carry."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for what in (csum, sg, tso, gso, gro) if on else (gro, gso, tso, sg, csum):
            value = array.array("I", [what, int(on)])
            request = struct.pack("16sP", dev.encode(), value.buffer_info()[0])
            fcntl.ioctl(s, 0x8946, request + bytes(16))    # SIOCETHTOOL


class Outer:
    """What an IP packet says, with UDP in it. Sums are checked."""

    def __init__(self, ip):
        self.v6 = ip[0] >> 4 == 6
        if self.v6:
            self.tos = struct.unpack("!H", ip[:2])[0] >> 4 & 0xff
            self.length = 40 + struct.unpack("!H", ip[4:6])[0]
            self.proto, self.ttl, at = ip[6], ip[7], 40
            self.src, self.dst = ip[8:24], ip[24:40]
            self.ident = self.frag = 0
        else:
            at = (ip[0] & 15) * 4
            assert not csum(ip[:at]), "sum of the IP header"
            self.tos, self.ttl, self.proto = ip[1], ip[8], ip[9]
            self.length, self.ident, self.frag = struct.unpack("!HHH", ip[2:8])
            self.src, self.dst = ip[12:16], ip[16:20]
        self.body = ip[at:self.length]
        assert len(ip) >= self.length
        self.df = self.frag >> 14 & 1

    def payload(self):
        """UDP's; 0 for a sum is right where the test says so."""
        d = self.body
        self.sport, self.dport, length, self.check = struct.unpack("!HHHH", d[:8])
        assert self.proto == 17 and length == len(d), (self.proto, length, len(d))
        if self.check:
            pseudo = self.src + self.dst + struct.pack("!II", len(d), 17)
            assert not csum(pseudo + d), "UDP sum"
        return d[8:]


IS_UDP = ((0x28, 0, 0, 12), (0x15, 0, 2, 0x800), (0x30, 0, 0, 23), (0x05, 0, 0, 2),
          (0x15, 0, 3, 0x86dd), (0x30, 0, 0, 20), (0x15, 0, 1, 17),
          (0x06, 0, 0, 0x40000), (0x06, 0, 0, 0))


class Tap:
    """A device's frames, both ways."""

    def __init__(self, dev, only_udp=False):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        if only_udp:
            self.filter(IS_UDP)
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 32 << 20)    # RCVBUFFORCE
        self.sock.bind((dev, 3))

    def filter(self, code):
        """Classic BPF."""
        raw = array.array("Q", [int.from_bytes(struct.pack("=HBBI", *c), sys.byteorder)
                                for c in code])
        self.sock.setsockopt(socket.SOL_SOCKET, 26, struct.pack(
            "HP", len(code), raw.buffer_info()[0]))

    def send(self, frame):
        self.sock.send(frame)

    def frames(self, kind, wait=0.0, want=1):
        """Those of this ethertype (None: of any) that came in: all that are there,
        and at least so many where there is time to wait."""
        end, found = time.monotonic() + wait, []
        while True:
            self.sock.settimeout(max(end - time.monotonic(), 0.0)
                                 if len(found) < want else 0.0)
            try:
                data, where = self.sock.recvfrom(65535)
            except (TimeoutError, BlockingIOError):
                return found
            if where[2] != OUTGOING and kind in (None, data[12:14]):
                found.append(data)

    def l2tp(self, v6=False, wait=2.0, want=1):
        """[Outer] of the L2TP datagrams that came in."""
        kind = b"\x86\xdd" if v6 else b"\x08\0"
        found = [Outer(f[14:]) for f in self.frames(kind, wait, want)]
        return [o for o in found if o.proto == 17 and o.body[2:4] == b"\x06\xa5"]


with open(TOP + "/include/adit/drop_list.h", encoding="ascii") as list_of_reasons:
    REASONS = re.findall(r"^ADIT_DROP\((\w+),", list_of_reasons.read(), re.M)


def drops(g):
    """{reason: count} of those that are not 0."""
    d = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
    return {REASONS[i - 1]: number(v) for i, v in d.items()
            if 0 < i <= len(REASONS) and number(v)}


class Dropped:
    """with Dropped(g, rx_ecn=2): exactly these are counted meanwhile; what the
    stack itself sends into devices (tx_multicast) aside."""

    def __init__(self, g, **reasons):
        self.g, self.reasons = g, reasons

    def __enter__(self):
        self.before = drops(self.g)

    def __exit__(self, kind, *_):
        if kind:
            return
        for _ in range(25):    # the receive softirq may have been left to its thread
            now = drops(self.g)
            got = {r: n - self.before.get(r, 0) for r, n in now.items()
                   if n != self.before.get(r, 0) and r != "tx_multicast"}
            if got == self.reasons:
                return
            time.sleep(0.02)
        raise AssertionError((got, self.reasons))


def ips(lines, net=None):
    """ip commands, in this namespace or a named one, by one process."""
    command = ["ip"] + (["-n", net] if net else []) + ["-batch", "-"]
    subprocess.run(command, input=lines.strip().encode() + b"\n", check=True)


def make_nets(*names):
    """Named namespaces that end with this process."""
    unshare_net()
    for name in names:
        run("ip netns add " + name)
        run("ip -n %s link set lo up" % name)


class Net:
    """with Net("a"): sockets made meanwhile are of that namespace."""

    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        fd = os.open("/run/netns/" + self.name, os.O_RDONLY)
        assert not self.libc.setns(fd, 0x40000000)
        os.close(fd)

    def __exit__(self, *_):
        assert not self.libc.setns(self.home, 0x40000000)
        os.close(self.home)


class End:
    """One of two ends of a tunnel, each in a namespace. Its device termID has the
    address `inner`, its session the other's; numbers are the same at both ends."""

    def __init__(self, net, us, peer, ident, inner, other):
        self.net, self.us, self.id, self.inner = net, us, ident, inner
        self.v6, self.dev = ":" in us, "term%d" % ident
        self.key = u16("TUNNEL_ID", ident)
        session = self.key + u16("SESSION_ID", 1)
        ips("link add %s type adit\nlink set %s up mtu 1360\naddr add %s/32 dev %s\n"
            "route add %s dev %s src %s\n" % (self.dev, self.dev, inner, self.dev,
                                             other, self.dev, inner), net)
        with Net(net):
            self.g = g = Genl()
            g.must("ENDPOINT_NEW", ip("LOCAL", us))
            self.endpoint = endpoint_id(g)
            g.must("TUNNEL_NEW", u32("ENDPOINT_ID", self.endpoint) + self.key +
                   u16("PEER_TUNNEL_ID", ident) + ip("REMOTE", peer) +
                   u16("REMOTE_PORT", 1701))
            g.must("SESSION_NEW", session + u16("PEER_SESSION_ID", 1))
            addrs = nest("ADDR", ip("PREFIX", other) + u8("PREFIX_LEN", 32))
            g.must("BIND", nest("LINK", session) + nest("ADDRS", addrs) +
                   u32("TO_IFINDEX", socket.if_nametoindex(self.dev)))

    def tcp(self, other, port=5001):
        """Sockets for bulk(), from here to there."""
        with Net(other.net):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((other.inner, port))
        with Net(self.net):
            sender = socket.socket()
        return listener, sender, (other.inner, port)

    def close(self):
        self.g.must("TUNNEL_DEL", self.key + attr("FORCE", b""))
        self.g.must("ENDPOINT_DEL", u32("ENDPOINT_ID", self.endpoint))
        ips("link del %s\n" % self.dev, self.net)


def bulk(listener, sender, to, size, limit=30):
    """TCP between two sockets of this process: all bytes arrive, in order."""
    listener.listen(1)
    sender.settimeout(limit)
    listener.settimeout(limit)
    sender.connect(to)
    receiver, _ = listener.accept()
    sender.setblocking(False)
    receiver.setblocking(False)
    block = bytes(range(256)) * 256
    sent = got = 0
    end = time.monotonic() + limit
    while got < size:
        moved = False
        if sent < size:
            try:
                at = sent % 256
                sent += sender.send(block[at:at + size - sent])
                moved = True
            except BlockingIOError:
                pass
        try:
            data = receiver.recv(1 << 18)
            at = got % 256
            assert data == (block[at:] + block * 4)[:len(data)], "wrong bytes"
            got += len(data)
            moved = True
        except BlockingIOError:
            pass
        assert time.monotonic() < end, "%d of %d bytes in %d s" % (got, size, limit)
        if not moved:
            time.sleep(0.002)
    for s in receiver, sender, listener:
        s.close()
