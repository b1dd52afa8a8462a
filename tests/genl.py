# SPDX-License-Identifier: GPL-2.0-or-later
"""The module's netlink for tests, by the names of include/uapi/linux/adit.h.

A message is made of bytes, so that a wrong one can be made as well. Only the
machine's own Python is needed.
"""

import ctypes
import os
import re
import socket
import struct
import subprocess

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
NLMSG_ERROR, NLMSG_DONE = 2, 3
F_REQUEST, F_ACK, F_DUMP = 1, 4, 0x300
F_NESTED = 0x8000


def enum(name):
    """{name without prefix: number} of one enum of the header."""
    with open(TOP + "/include/uapi/linux/adit.h", encoding="ascii") as f:
        body = re.search(r"enum %s \{(.*?)\};" % name, f.read(), re.S).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    names = [n.strip() for n in body.split(",") if n.strip()]
    return {re.sub(r"^_*ADIT_[A-Z]+_", "", n): i for i, n in enumerate(names)}


CMD, A = enum("adit_cmd"), enum("adit_attr")
A_NAME = {v: k for k, v in A.items()}


def attr(kind, data, nested=False):
    """One attribute; data: bytes, or a number and its struct format in a pair."""
    if isinstance(data, tuple):
        data = struct.pack("=" + data[0], data[1])
    kind = A[kind] if isinstance(kind, str) else kind
    raw = struct.pack("=HH", 4 + len(data), kind | (F_NESTED if nested else 0))
    return raw + data + bytes(-len(data) % 4)


def u8(kind, n):
    return attr(kind, ("B", n))


def u16(kind, n):
    return attr(kind, ("H", n))


def u32(kind, n):
    return attr(kind, ("I", n))


def nest(kind, data):
    return attr(kind, data, True)


def ip(kind, text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return attr(kind, socket.inet_pton(family, text))


def parse(data):
    """{number: bytes}, the last one of each kind."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


class Genl:
    """A socket; family adit unless another is named."""
    head = 4    # of a message, before its attributes

    def __init__(self, family="adit"):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        self.sock.setsockopt(270, 11, 1)    # NETLINK_EXT_ACK
        self.sock.settimeout(20)
        self.seq = 0
        self.family = 16                    # nlctrl
        self.family = struct.unpack("=H", self.ask(
            3, attr(2, family.encode() + b"\0"))[2][0][1])[0]

    def join(self, group):
        """A multicast group of the family's, by its name."""
        family, self.family = self.family, 16
        answer = self.ask(3, u16(1, family))[2][0]    # CTRL_CMD_GETFAMILY, its id
        self.family = family
        for one in parse(answer[7]).values():         # CTRL_ATTR_MCAST_GROUPS
            one = parse(one)
            if one[1] == group.encode() + b"\0":
                self.sock.setsockopt(270, 1, struct.unpack("=I", one[2])[0])
                return self
        raise AssertionError("no group " + group)

    def send(self, cmd, attrs=b"", flags=F_ACK, family=None):
        self.seq += 1
        body = struct.pack("=BBH", cmd, 1, 0) + attrs
        self.sock.send(struct.pack("=IHHII", 16 + len(body),
                                   family or self.family, flags | F_REQUEST,
                                   self.seq, 0) + body)
        return self.seq

    def receive(self, seq):
        """(errno, text of the refusal, [attributes of each answer])"""
        answers = []
        while True:
            data = self.sock.recv(1 << 17)
            while len(data) >= 16:
                length, kind, flags, got, _ = struct.unpack_from("=IHHII", data)
                body, data = data[16:length], data[(length + 3) & ~3:]
                if got != seq:
                    continue
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    err = -struct.unpack_from("=i", body)[0]
                    at = 4
                    if kind == NLMSG_ERROR:
                        at = 20
                        if not flags & 0x100:    # the request is not capped
                            at += struct.unpack_from("=I", body, 4)[0] - 16
                    tlvs = parse(body[at:]) if flags & 0x200 else {}
                    text = tlvs.get(1, b"").rstrip(b"\0").decode()
                    return err, text, answers
                answers.append(parse(body[self.head:]))

    def ask(self, cmd, attrs=b"", flags=F_ACK):
        cmd = CMD[cmd] if isinstance(cmd, str) else cmd
        return self.receive(self.send(cmd, attrs, flags))

    def must(self, cmd, attrs=b"", flags=F_ACK):
        """ask, and it is not refused."""
        err, text, answers = self.ask(cmd, attrs, flags)
        assert not err, "%s: %s (%s)" % (cmd, os.strerror(err), text)
        return answers

    def dump(self, cmd, attrs=b""):
        return self.must(cmd, attrs, F_DUMP)


def unshare_net():
    """A network namespace that ends with this process and its children; /sys is
    of that namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000 | 0x20000):    # CLONE_NEWNET, CLONE_NEWNS
        raise OSError(ctypes.get_errno(), "unshare")
    run("mount --make-rprivate /")
    run("mount -t sysfs none /sys")
    run("ip link set lo up")


def run(command):
    subprocess.run(command.split(), check=True, stdin=subprocess.DEVNULL)


def write(path, value):
    """0, or why the file does not take it."""
    try:
        with open(path, "w", encoding="ascii") as f:
            f.write(str(value))
    except OSError as e:
        return e.errno
    return 0


def load_module():
    if not os.path.isdir("/sys/module/adit"):
        for name in "udp_tunnel", "ip6_udp_tunnel":
            subprocess.run(["modprobe", "-q", name], check=False)
        run("insmod " + os.environ["ADIT_KO"])


def ifindex(name):
    with open("/sys/class/net/%s/ifindex" % name, encoding="ascii") as f:
        return int(f.read())


def mac(name):
    with open("/sys/class/net/%s/address" % name, encoding="ascii") as f:
        return bytes.fromhex(f.read().strip().replace(":", ""))


def datagram(payload):
    """UDP from the peer's port to ours, with its IPv4 header."""
    udp = struct.pack("!HHHH", 1701, 1701, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       socket.inet_aton("192.0.2.2"), socket.inet_aton("192.0.2.1"))
    s = sum(struct.unpack("!10H", head))
    s = (s & 0xffff) + (s >> 16)
    return head[:10] + struct.pack("!H", ~s & 0xffff) + head[12:] + udp


def rates(rate=1000000, burst=10000):
    """A policer each way, of two rates, and pacing, of a link."""
    police = b"".join([attr(2, ("Q", rate)), attr(3, ("I", burst)),
                       attr(4, ("Q", 2 * rate)), attr(5, ("I", burst)),
                       attr(6, ("B", 10)), attr(9, ("I", 3))])
    return (nest("POLICE_RX", police) + nest("POLICE_TX", police) +
            nest("PACE", attr(2, ("Q", rate))))


NO_RATES = nest("POLICE_RX", b"") + nest("POLICE_TX", b"") + nest("PACE", b"")


class Box:
    """One of everything, in the current namespace: endpoint 192.0.2.1, tunnel 17
    to 192.0.2.2, session 17/1 on device term0 with 10.0.0.2, session 17/2 bound
    to pppoe acc0/7."""

    def __init__(self):
        run("ip link add e0 type veth peer name e1")
        run("ip link add acc0 type veth peer name acc1")
        run("ip link add term0 type adit")
        for dev in "e0", "e1", "acc0", "acc1", "term0":
            run("ip link set %s up" % dev)
        run("ip addr add 192.0.2.1/24 dev e0")
        run("ip route add 10.0.0.2 dev term0")
        run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
        self.term0, self.acc0 = ifindex("term0"), ifindex("acc0")

    def links(self):
        return (nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)),
                nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)),
                u32("IFINDEX", self.acc0) + u16("SESSION_ID", 7))

    def steps(self):
        """[(command, attributes, command that undoes it, its attributes)]"""
        term, switched, pppoe = self.links()
        tunnel = u16("TUNNEL_ID", 17)
        ids = [tunnel + u16("SESSION_ID", i) for i in (1, 2)]
        addrs = nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.2") +
                                   u8("PREFIX_LEN", 32)))
        return [
            ("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"), "ENDPOINT_DEL", None),
            ("TUNNEL_NEW", tunnel + u16("PEER_TUNNEL_ID", 18) +
             ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701) +
             attr("LABEL", b"peer\0"), "TUNNEL_DEL", tunnel),
            ("SESSION_NEW", ids[0] + u16("PEER_SESSION_ID", 1),
             "SESSION_DEL", ids[0]),
            ("SESSION_NEW", ids[1] + u16("PEER_SESSION_ID", 2) +
             attr("LABEL", b"user\0"), "SESSION_DEL", ids[1]),
            ("PORT_NEW", u32("IFINDEX", self.acc0), "PORT_DEL",
             u32("IFINDEX", self.acc0)),
            ("PPPOE_NEW", pppoe + attr("MAC", mac("acc1")), "PPPOE_DEL", pppoe),
            ("BIND", switched + nest("TO_LINK", pppoe), "BIND", switched),
            ("BIND", term + u32("TO_IFINDEX", self.term0) + addrs +
             u16("MTU", 1400) + u32("MAGIC", 5), "BIND", term),
        ]

    def make(self, g):
        for cmd, attrs, _, _ in self.steps():
            if cmd == "TUNNEL_NEW":
                attrs += u32("ENDPOINT_ID", endpoint_id(g))
            g.must(cmd, attrs)
        return self

    def crowd(self, g):
        """Packets wait for each other, e0 has express receive, and where there are
        CPUs for it, fan-out."""
        crowd(g)
        g.must("UNDERLAY_NEW", u32("IFINDEX", ifindex("e0")))
        run("ip link set adit0 up")
        if os.path.exists(RPS):
            with open(RPS, "w", encoding="ascii") as f:
                f.write("3")
        return self


RPS = "/sys/class/net/adit0/queues/rx-0/rps_cpus"


def crowd(g):
    """So many sessions, of a tunnel that nobody uses, that packets are looked up in
    batches."""
    tunnel = u16("TUNNEL_ID", 99)
    first = g.dump("ENDPOINT_GET")[0][A["ENDPOINT_ID"]]
    g.must("TUNNEL_NEW", attr("ENDPOINT_ID", first) + tunnel +
           u16("PEER_TUNNEL_ID", 99) + ip("REMOTE", "203.0.113.99") +
           u16("REMOTE_PORT", 1701))
    for i in range(1, 1100):
        g.must("SESSION_NEW", tunnel + u16("SESSION_ID", i) + u16("PEER_SESSION_ID", i))


def endpoint_id(g):
    return struct.unpack("=I", g.dump("ENDPOINT_GET")[-1][A["ENDPOINT_ID"]])[0]
