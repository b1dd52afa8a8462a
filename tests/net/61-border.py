#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""A link is bound to a link while its client goes on sending: numbered frames, of
which some went up and some are switched, come out in their order, each once; also
when the listener dies or never answers. What waits when a link goes away is
counted."""

import os
import select
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Box, Genl, attr, datagram, load_module, mac, nest, parse, u16,
                  u32, unshare_net)
from wire import REASONS, number


def listener():
    s = Genl()
    s.sock.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)    # RCVBUFFORCE
    s.must("LISTEN", u32("CLASSES", 4))
    s.sock.settimeout(5)
    return s


class Border:
    """Session 17/1 of the tunnel and pppoe acc0/7, both unbound."""

    asked = held = 0.0    # when a hold was asked for, how long it lasted

    def __init__(self):
        self.g = Genl()
        self.box = Box().make(self.g)
        # Not what Box binds, but a session and a pppoe by themselves.
        self.session = nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2))
        self.pppoe = nest("LINK", u32("IFINDEX", self.box.acc0) +
                          u16("SESSION_ID", 7))
        self.to_session = nest("TO_LINK", self.session[4:])
        self.to_pppoe = nest("TO_LINK", self.pppoe[4:])
        self.g.must("BIND", self.session)
        self.tunnel, self.access = (socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                                  socket.htons(3))
                                    for _ in range(2))
        self.tunnel.bind(("e1", 0))
        self.access.bind(("acc1", 0))
        for s in self.tunnel, self.access:
            s.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)
            # What is kept is on its sender's account: who sends shall not wait.
            s.setsockopt(socket.SOL_SOCKET, 32, 8 << 20)    # SNDBUFFORCE
        self.eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
        self.pppoe_eth = mac("acc0") + mac("acc1") + b"\x88\x64"

    @staticmethod
    def frame(n):
        """PPP in a protocol of no meaning, with its number."""
        return struct.pack("!HI", 0x4025, n) + bytes(60)

    def handled(self, command, link, want=0):
        """Packets that came in by the link, at least so many where there is time to
        wait: the receive softirq may have been left to its thread."""
        for _ in range(100):
            a = self.g.must(command, link)[0]
            n = number(parse(a[A["STATS"]])[2])
            if n >= want:
                break
            time.sleep(0.02)
        return n

    def up(self, numbers):
        """From the client; until they are handled."""
        before = self.handled("PPPOE_GET", self.pppoe[4:])
        self.flood(numbers)
        self.handled("PPPOE_GET", self.pppoe[4:], before + len(numbers))

    def flood(self, numbers):
        for n in numbers:
            f = self.frame(n)
            self.access.send(self.pppoe_eth +
                             struct.pack("!BBHH", 0x11, 0, 7, len(f)) + f)

    def down(self, numbers):
        """From the tunnel's peer; until they are handled."""
        before = self.handled("SESSION_GET", self.session[4:])
        for n in numbers:
            self.tunnel.send(self.eth + datagram(
                struct.pack("!HHH", 2, 17, 2) + b"\xff\x03" + self.frame(n)))
        self.handled("SESSION_GET", self.session[4:], before + len(numbers))

    def came(self, which, wait=0.0):
        """Numbers that came out, in their order."""
        got = []
        while select.select([which], [], [], wait)[0]:
            f, at = which.recvfrom(4096)
            head = 42 + 8 if which is self.tunnel else 20
            if at[2] != socket.PACKET_OUTGOING and f[head:head + 2] == b"\x40\x25":
                got.append(struct.unpack_from("!I", f, head + 2)[0])
        return got

    def drops(self):
        d = parse(self.g.must("SYSTEM_GET")[0][A["DROPS"]])
        return {REASONS[i - 1]: number(v) for i, v in d.items()
                if i and i <= len(REASONS) and REASONS[i - 1] != "tx_multicast"}

    def bind(self, hold=True):
        now = time.monotonic()
        if hold:
            self.asked, self.held = now, None
        else:
            self.held = now - self.asked
        self.g.must("BIND", self.pppoe + self.to_session +
                    (attr("HOLD", b"") if hold else b""))

    def late(self):
        """The module waits a second for us: on a busy machine we may be too late."""
        held = time.monotonic() - self.asked if self.held is None else self.held
        return held > 0.8

    def bound(self):
        a = self.g.must("SESSION_GET", self.session[4:])[0]
        return A["TO_LINK"] in a

    def reset(self):
        self.g.must("BIND", self.session)
        self.g.must("BIND", self.pppoe)
        self.came(self.tunnel)
        self.came(self.access)


load_module()
# Of the first namespace only: what the far end of a cable keeps.
backlog = os.open("/proc/sys/net/core/netdev_max_backlog", os.O_RDWR)
unshare_net()
b = Border()
ear = listener()


def hear(until=None):
    """[(link's attributes, frame)] up to the mark, or all that waits."""
    got = []
    while until or select.select([ear.sock], [], [], 0)[0]:
        data = ear.sock.recv(1 << 17)
        a = parse(data[20:])
        if A["HOLD"] in a:
            assert A["FRAME"] not in a
            assert parse(a[A["LINK"]])[A["SESSION_ID"]] == b"\7\0", a
            assert parse(a[A["TO_LINK"]])[A["SESSION_ID"]] == b"\2\0", a
            return got
        got.append((a[A["LINK"]], a[A["FRAME"]]))
    return got


def forward(frames):
    """As the daemon does: each out of the other link."""
    for link, frame in frames:
        to = b.session if parse(link).get(A["IFINDEX"]) else b.pppoe
        b.g.must("INJECT", to + attr("FRAME", frame))


def in_order():
    b.up(range(10))
    b.down(range(100, 105))
    before = b.drops()
    b.bind()
    assert not b.bound()
    b.up(range(10, 20))
    b.down(range(105, 110))
    assert not b.came(b.tunnel) and not b.came(b.access), "not kept"
    frames = hear(True)
    assert len(frames) == 15, len(frames)
    forward(frames)
    assert b.came(b.tunnel) == list(range(10))
    b.up([20])
    b.bind(False)
    assert b.bound()
    b.up(range(21, 30))
    b.down(range(110, 115))
    assert b.came(b.tunnel) == list(range(10, 30))
    assert b.came(b.access) == list(range(100, 115))
    assert b.drops() == before, "something was dropped"
    assert not hear(), "something went up"
    b.reset()
    print("ok: in order, both ways")


def out_of_order():
    """Without it frames are overtaken: this test would see it."""
    b.up(range(5))
    b.bind(False)
    b.up(range(5, 10))
    forward(hear())
    got = b.came(b.tunnel)
    assert got == list(range(5, 10)) + list(range(5)), got
    b.reset()
    print("ok: the test sees disorder")


def punctual(scene):
    for _ in range(10):
        try:
            scene()
            return
        except AssertionError:
            if not b.late():
                raise
        b.reset()
        while hear():
            pass
    raise AssertionError("always too late")


def stream():
    """A client that never stops: as fast as it can, from another process."""
    done, ask = os.pipe()
    answer, tell = os.pipe()
    before = b.drops()
    pid = os.fork()
    if pid:
        try:
            watch(ask, answer, before)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    else:
        n = 0
        while not select.select([done], [], [], 0.002)[0]:
            b.flood(range(n, n + 4))
            n += 4
        os.write(tell, struct.pack("I", n))
        signal.pause()


def watch(ask, answer, before):
    early = []
    while len(early) < 30:
        early += hear()
    b.bind()
    frames = early + hear(True)
    forward(frames)
    assert not b.bound(), "the module did not wait for us"
    b.bind(False)
    time.sleep(1)
    os.write(ask, b"x")
    sent, = struct.unpack("I", os.read(answer, 4))
    got = b.came(b.tunnel, 0.2)
    lost = {r: n - before[r] for r, n in b.drops().items()}
    assert got == sorted(got), "disorder"
    assert len(set(got)) == len(got)
    gone = lost["punt_rate_link"] + lost["hold_full"]
    assert len(got) + gone == sent, (len(got), gone)
    # What was bound is not rationed: only what went up before.
    assert sent > 200 and set(range(sent - 100, sent)) <= set(got)
    assert lost["hold_full"] == 0, lost["hold_full"]
    b.reset()
    print("ok: a stream: %d went up, %d came out" % (len(frames), len(got)))


def no_answer():
    b.bind()
    b.up(range(10))
    got = b.came(b.tunnel, 3)
    assert got == list(range(10)) and b.bound(), got
    hear(True)
    b.reset()
    start = time.monotonic()
    b.bind()
    b.up(range(10))
    while not b.bound():
        assert time.monotonic() < start + 3
        time.sleep(0.05)
    took = time.monotonic() - start
    assert 0.5 < took < 2, took
    assert b.came(b.tunnel) == list(range(10))
    hear(True)
    b.reset()
    print("ok: nobody answers, %.1f s" % took)


def many():
    before = b.drops()
    b.bind()
    hear(True)
    for i in range(0, 600, 20):
        b.up(range(i, i + 20))
    got = b.came(b.tunnel, 0.5)
    assert got == list(range(600)), got
    assert b.bound()
    assert b.drops() == before, (before, b.drops())
    b.bind(False)    # an answer that comes late changes nothing
    assert b.bound()
    b.reset()
    print("ok: many frames do not wait for the answer")


def limit(us):
    """Of a second, for real-time processes."""
    with open("/proc/sys/kernel/sched_rt_runtime_us", "w", encoding="ascii") as f:
        f.write(str(us))


def full():
    """More than there is room for, before who makes the binding has a turn: what is
    beyond is counted, and all before it comes out in order."""
    before = b.drops()
    b.bind()
    hear(True)
    os.write(backlog, b"2000")
    limit(-1)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    try:
        for i in range(0, 1100, 20):
            b.flood(range(i, i + 20))
            os.sched_yield()    # to the receive softirq's thread, if it has some
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        limit(950000)
    got = b.came(b.tunnel, 1)
    os.write(backlog, b"1000")
    assert got == list(range(1024)) and b.bound(), (len(got), got[-1:])
    lost = {r: n - before[r] for r, n in b.drops().items() if n != before[r]}
    assert lost == {"hold_full": 1100 - 1024}, lost
    b.up(range(2000, 2010))
    assert b.came(b.tunnel) == list(range(2000, 2010))
    b.reset()
    print("ok: too many frames for a hold")


def flushed():
    """Each way to end it otherwise."""
    def remove_session():
        b.g.must("SESSION_DEL", b.session[4:])
        b.g.must("SESSION_NEW", b.session[4:] + u16("PEER_SESSION_ID", 2))

    def remove_pppoe():
        b.g.must("PPPOE_DEL", b.pppoe[4:])
        b.g.must("PPPOE_NEW", b.pppoe[4:] + attr("MAC", mac("acc1")))

    ways = {
        "unbound": lambda: b.g.must("BIND", b.pppoe),
        "the other unbound": lambda: b.g.must("BIND", b.session),
        "another partner": lambda: b.g.must("BIND", b.session + nest(
            "TO_LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1))),
        "a device": lambda: b.g.must("BIND", b.pppoe + u32("TO_IFINDEX", b.box.term0)),
        "session removed": remove_session,
        "pppoe removed": remove_pppoe,
    }
    for what, fn in ways.items():
        b.bind()
        b.up(range(7))
        b.down(range(3))
        before = b.drops()
        fn()
        after = b.drops()
        assert after["hold_flushed"] - before["hold_flushed"] == 10, what
        hear()
        b.reset()
        b.up([1])
        assert len(hear()) == 1, what
    b.bind()
    b.bind()    # asked twice is once
    assert not hear(True)
    b.bind(False)
    assert not hear()
    b.reset()
    print("ok: holds that end otherwise")


def at_once():
    global ear
    # Bound to something until now: nothing is on its way up.
    b.g.must("BIND", b.pppoe + u32("TO_IFINDEX", b.box.term0))
    b.bind()
    assert b.bound()
    b.reset()
    hear()
    # The listener dies after it was asked; and before.
    b.up(range(3))
    b.bind()
    ear.sock.close()
    b.up(range(10, 20))
    got = b.came(b.tunnel, 2)
    assert got == list(range(10, 20)) and b.bound(), got
    b.reset()
    b.bind()
    assert b.bound()
    b.reset()
    ear = listener()
    print("ok: at once where nobody can answer")


def deaths():
    for _ in range(5):
        pid = os.fork()
        if not pid:
            unshare_net()
            c = Border()
            e = listener()
            c.bind()
            c.up(range(20))
            os._exit(0 if e.sock.recv(4096) else 1)
        assert os.waitpid(pid, 0)[1] == 0
    print("ok: namespaces die with a hold")


out_of_order()
punctual(in_order)
punctual(stream)
no_answer()
many()
full()
flushed()
at_once()
deaths()
