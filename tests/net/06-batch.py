#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
"""Many sessions: packets are looked up together. Bursts to random sessions by every
way in: none is lost, none overtakes another of its session, each is counted; and
objects and devices that go away under it are missed by nobody."""

import errno
import os
import random
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, F_ACK, Genl, datagram, endpoint_id, ifindex, ip, load_module,
                  mac, nest, parse, run, u8, u16, u32, attr, unshare_net)
from wire import number

N = 600          # sessions of each binding: more than a cache is thought to hold
BURST = 64
ROUNDS = 12
random.seed(6)


def bulk(g, messages):
    """Many commands, a hundred a system call; each must succeed."""
    for at in range(0, len(messages), 100):
        part, last = messages[at:at + 100], g.seq + len(messages[at:at + 100])
        raw_ = b""
        for cmd, attrs in part:
            g.seq += 1
            body = struct.pack("=BBH", CMD[cmd], 1, 0) + attrs
            raw_ += struct.pack("=IHHII", 16 + len(body), g.family, 1 |
                                (F_ACK if g.seq == last else 0), g.seq, 0) + body
        g.sock.send(raw_)
        err, text, _ = g.receive(last)
        assert not err, (err, text)


def ids(i):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", i)


def address(i):
    return "10.0.%d.%d" % (i >> 8, i & 255)


def build(g):
    """1..N on the device, N+1..2N bound to pppoes of the same number."""
    for line in ("link add e0 type veth peer name e1",
                 "link add acc0 type veth peer name acc1", "link add term0 type adit"):
        run("ip " + line)
    for dev in "e0", "e1", "acc0", "acc1", "term0":
        run("ip link set %s up" % dev)
    run("ip addr add 192.0.2.1/24 dev e0")
    run("ip route add 10.0.0.0/16 dev term0")
    run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
    g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) +
           u16("TUNNEL_ID", 17) + u16("PEER_TUNNEL_ID", 18) +
           ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
    g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))
    # A system call brings one packet: these hold some back, and let go of all at once.
    for dev in "e1", "acc1", "term0":
        run("tc qdisc add dev %s root netem limit 10000 slot 30ms 40ms" % dev)
    sessions(g)


def sessions(g, first=1):
    todo = []
    for i in range(first, 2 * N + 1):
        todo.append(("SESSION_NEW", ids(i) + u16("PEER_SESSION_ID", i)))
        if i <= N:
            todo.append(("BIND", nest("LINK", ids(i)) +
                         u32("TO_IFINDEX", ifindex("term0")) +
                         nest("ADDRS", nest("ADDR", ip("PREFIX", address(i)) +
                                            u8("PREFIX_LEN", 32)))))
            continue
        p = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", i)
        todo.append(("PPPOE_NEW", p + attr("MAC", mac("acc1"))))
        todo.append(("BIND", nest("LINK", ids(i)) + nest("TO_LINK", p)))
    bulk(g, todo)


def inner(i, seq):
    """A subscriber's packet of a protocol that nobody has, with a number in it."""
    h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 253, 0,
                    socket.inet_aton(address(i)), socket.inet_aton("192.0.2.9"))
    return h + struct.pack("!II", i, seq)


def up(i, seq):
    """L2TP to us."""
    frame = inner(i, seq) if i <= N else struct.pack("!II", i, seq)
    proto = b"\xff\x03\0\x21" if i <= N else b"\xff\x03\0\x2f"
    return (mac0 + bytes.fromhex("020000000002") + b"\x08\0" +
            datagram(struct.pack("!HHH", 2, 17, i) + proto + frame))


def dial(i, seq):
    """PPPoE to us."""
    frame = b"\0\x2f" + struct.pack("!II", i, seq)
    return (mac_acc0 + mac_acc1 + b"\x88\x64" +
            struct.pack("!BBHH", 0x11, 0, i, len(frame)) + frame)


def listen(dev, protocol):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    s.bind((dev, protocol))
    s.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)    # SO_RCVBUFFORCE
    s.settimeout(0.5)
    return s


def raw_ip():
    """With room for all that a slow machine leaves in its queues."""
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 253)
    s.setsockopt(socket.SOL_SOCKET, 32, 1 << 24)    # SO_SNDBUFFORCE
    return s


def received(s, at):
    """{session: [numbers in order]}"""
    got = {}
    while True:
        try:
            data = s.recv(2000)
        except socket.timeout:
            return got
        i, seq = struct.unpack_from("!II", data, len(data) - 8 if at < 0 else at)
        got.setdefault(i, []).append(seq)


def expect(what, got, sent):
    assert got == sent, (what, sum(map(len, got.values())),
                         sum(map(len, sent.values())),
                         [(i, sent[i], got.get(i)) for i in sent
                          if sent[i] != got.get(i)][:3])
    print("ok: %s: %d packets" % (what, sum(map(len, sent.values()))))


def bursts(send, choose):
    """{session: numbers}, sent in bursts."""
    sent, seq = {}, 0
    for _ in range(ROUNDS):
        for _ in range(BURST):
            i = random.choice(choose)
            seq += 1
            send(i, seq)
            sent.setdefault(i, []).append(seq)
    return sent


def counts(g, kind):
    return sum(number(parse(s[A["STATS"]])[kind]) for s in g.dump("SESSION_GET"))


def ways(g, taken):
    """Every way in, and out again."""
    term, switched = range(1, N + 1), range(N + 1, 2 * N + 1)
    rx = counts(g, 2)
    out = listen("acc1", 0x8864)
    sent = bursts(lambda i, n: e1.send(up(i, n)), switched)
    expect("L2TP to PPPoE", received(out, 22), sent)
    sent = bursts(lambda i, n: e1.send(up(i, n)), term)
    end = time.monotonic() + 5
    while counts(g, 2) < rx + 2 * BURST * ROUNDS and time.monotonic() < end:
        time.sleep(0.05)
    assert counts(g, 2) == rx + 2 * BURST * ROUNDS
    print("ok: L2TP to the device")
    out = listen("e1", 0x0800)
    sent = bursts(lambda i, n: acc1.send(dial(i, n)), switched)
    expect("PPPoE to L2TP", received(out, 14 + 28 + 10), sent)
    ip_out = raw_ip()
    received(out, 0)
    sent = bursts(lambda i, n: ip_out.sendto(struct.pack("!II", i, n),
                                             (address(i), 0)), term)
    expect("device to L2TP", received(out, -1), sent)
    got = sum(number(parse(u[A["STATS"]])[2]) for u in g.dump("UNDERLAY_GET"))
    assert got == taken, (got, taken)


def batches(g):
    a = g.must("SYSTEM_GET")[0]
    shown = []
    for name in "batches", "batched":
        with open("/sys/class/net/adit0/adit/" + name, encoding="ascii") as f:
            shown.append(int(f.read()))
    assert shown == [number(a[A[n]]) for n in ("BATCHES", "BATCHED")], shown
    return shown


def together(g):
    """Each burst to the device was looked up together, and with few sessions none."""
    before = batches(g)
    assert before[1] > 4 * ROUNDS * BURST, before
    bulk(g, [("SESSION_DEL", ids(i)) for i in range(2, 2 * N + 1)])
    bulk(g, [("PPPOE_DEL", u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", i))
             for i in range(N + 1, 2 * N + 1)])
    before = batches(g)
    out = listen("e1", 0x0800)
    ip_out = raw_ip()
    sent = bursts(lambda i, n: ip_out.sendto(struct.pack("!II", i, n),
                                             (address(i), 0)), [1])
    expect("one session", received(out, -1), sent)
    assert batches(g) == before, (batches(g), before)
    sessions(g, 2)
    print("ok: counted")


def unthreaded():
    """A queue has no lock: its NAPI must not be made a thread, which runs anywhere."""
    try:
        with open("/sys/class/net/adit0/threaded", "w", encoding="ascii") as f:
            f.write("1")
    except OSError as e:
        assert e.errno == errno.EOPNOTSUPP, e
    else:
        raise AssertionError("threaded NAPI of adit0")


def nested(g):
    """A port on a port: what is none of the lower one's is the upper one's."""
    run("ip link add link acc0 name acc0.100 type vlan id 100")
    run("ip link set acc0.100 up")
    upper = u32("IFINDEX", ifindex("acc0.100"))
    client = upper + u16("SESSION_ID", 7)
    g.must("PORT_NEW", upper)
    g.must("PPPOE_NEW", client + attr("MAC", mac_acc1))
    frame = dial(7, 0)
    for _ in range(10):
        acc1.send(frame[:12] + b"\x81\0\0\x64" + frame[12:])
    end = time.monotonic() + 5
    while time.monotonic() < end:
        got = number(parse(g.must("PPPOE_GET", client)[0][A["STATS"]])[2])
        if got == 10:
            break
        time.sleep(0.05)
    assert got == 10, got
    run("ip link del acc0.100")
    print("ok: a port on a port")


def flood():
    raw_ip = socket.socket(socket.AF_INET, socket.SOCK_RAW, 253)
    while True:
        i, n = random.randrange(1, 2 * N + 1), 0
        for send in (lambda: e1.send(up(i, n)), lambda: acc1.send(dial(i, n)),
                     lambda: raw_ip.sendto(b"12345678", (address(i), 0))):
            try:
                send()
            except OSError:
                pass


def deaths(g):
    """What is queued finds nobody any more."""
    pid = os.fork()
    if not pid:
        flood()
    try:
        end = time.monotonic() + 5
        while time.monotonic() < end:
            some = random.sample(range(1, 2 * N + 1), 100)
            bulk(g, [("SESSION_DEL", ids(i)) for i in some])
            bulk(g, [("SESSION_NEW", ids(i) + u16("PEER_SESSION_ID", i))
                     for i in some])
            g.must("UNDERLAY_DEL", UNDERLAY)
            g.must("UNDERLAY_NEW", UNDERLAY)
        g.must("PORT_DEL", u32("IFINDEX", ifindex("acc0")))
        run("ip link del term0")
        run("ip link del e0")
        g.must("TUNNEL_DEL", u16("TUNNEL_ID", 17) + attr("FORCE", b""))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print("ok: objects and devices that go away")


load_module()
unshare_net()
gen = Genl()
build(gen)
UNDERLAY = u32("IFINDEX", ifindex("e0"))
mac0, mac_acc0, mac_acc1 = mac("e0"), mac("acc0"), mac("acc1")
e1, acc1 = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW) for _ in range(2)]
e1.bind(("e1", 0))
acc1.bind(("acc1", 0))
ways(gen, 0)
gen.must("UNDERLAY_NEW", UNDERLAY)
ways(gen, 2 * BURST * ROUNDS)
together(gen)
unthreaded()
nested(gen)
deaths(gen)
print("ok")
