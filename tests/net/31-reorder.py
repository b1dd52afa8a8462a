#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 180
"""Sequence numbers (RFC 2661 5.4): without a queue old and duplicate packets are
dropped and gaps forgotten; with one, what comes in any order leaves in order, gaps
are waited for, so long and for so many, over the wrap of Ns. Each packet is
delivered or dropped under one reason, also when its session or namespace dies."""

import itertools
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, load_module, mac, nest, run, u8,
                  u16, u32, unshare_net)
from genl import ip as ip_attr
from frame import (LCP, P4, S, Wire, drops, ether, l2tp, number, ppp, udp)

PEER_MAC = bytes.fromhex("020000000002")
random.seed(5)
load_module()


def ids(s):
    return u16("TUNNEL_ID", 17) + u16("SESSION_ID", s)


class Rig:
    """Sessions 1 and 2 of a tunnel, bound to each other; 3 on a device."""

    def __init__(self):
        unshare_net()
        self.g = Genl()
        run("ip link add e0 type veth peer name e1")
        run("ip link add term0 type adit")
        run("ip addr add 192.0.2.1/24 dev e0")
        for dev in "e0", "e1", "term0":
            run("ip link set %s up" % dev)
        run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0")
        self.wire = Wire("e1")
        self.mac = mac("e0")
        self.g.must("ENDPOINT_NEW", ip_attr("LOCAL", "192.0.2.1"))
        self.g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(self.g)) +
                    u16("TUNNEL_ID", 17) + u16("PEER_TUNNEL_ID", 9) +
                    ip_attr("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
        for s in 1, 2, 3:
            self.add(s)
        self.bind()

    def add(self, s, more=b""):
        self.g.must("SESSION_NEW", ids(s) + u16("PEER_SESSION_ID", s) +
                    (u8("SEQ", 1) if s != 2 else b"") + more)

    def bind(self):
        self.g.must("BIND", nest("LINK", ids(1)) + nest("TO_LINK", ids(2)))

    def queue(self, ms, packets=None):
        self.g.must("SESSION_SET", ids(1) + u32("REORDER_TIMEOUT", ms) + (
            b"" if packets is None else u32("REORDER_PACKETS", packets)))

    def get(self):
        a = self.g.must("SESSION_GET", ids(1))[0]
        return tuple(number(a[A[n]]) if A[n] in a else None for n in (
            "REORDER_TIMEOUT", "REORDER_PACKETS", "REORDERED", "REORDER_LOST"))

    def send(self, ns, session=1, data=None, flags=S):
        ns &= 0xffff
        data = ppp(P4, struct.pack("!H", ns)) if data is None else data
        self.wire.send(ether(self.mac, PEER_MAC, 0x800, udp(
            "192.0.2.2", "192.0.2.1",
            l2tp(17, session, b"\xff\3" + data, flags, ns=ns),
            sums=len(data) < 9000)))

    def out(self):
        """Ns of what left, in its order."""
        return [struct.unpack("!H", f[-2:])[0] for f in self.wire.frames()
                if f[-4:-2] == b"\0\x21"]

    def wait(self, n, limit=3):
        """Until n have left: (them, the time it took)."""
        start, got = time.monotonic(), []
        while len(got) < n and time.monotonic() - start < limit:
            got += self.out()
            time.sleep(0.002)
        return got + self.out(), time.monotonic() - start

    def expect(self, what, numbers, want, waiting=0, **reasons):
        """Sent so, it leaves so; so many more than before wait then."""
        d0 = self.drops()
        for ns in numbers:
            self.send(ns)
        got = self.wait(len(want))[0]
        assert got == [n & 0xffff for n in want], (what, got, want)
        d = self.drops()
        lost = {r: d[r] - d0[r] for r in d if d[r] != d0[r]}
        assert lost == reasons, (what, lost)
        assert len(numbers) == len(want) + sum(lost.values()) + waiting, what

    def drops(self):
        return {r: n for r, n in drops(self.g).items() if r.startswith("rx_")}

    def at(self, ns):
        """The next that is expected, whatever it was: in steps that are ahead."""
        self.queue(0)
        for step in (49152, 32768, 16384, 0):
            self.send(ns - 1 - step)
        self.out()


def plain():
    r.expect("no queue", [0, 1, 3, 2, 3, 4, 4, 10, 9, 11], [0, 1, 3, 4, 10, 11],
             rx_sequence=4)
    r.at(65534)
    r.expect("wrap", [65534, 65535, 0, 65535, 1, 65534], [65534, 65535, 0, 1],
             rx_sequence=2)
    # The other half is old, up to the last number.
    r.expect("half", [2 + 32768, 2 + 40000, 2 + 65535], [], rx_sequence=3)
    r.expect("half", [2 + 32767], [2 + 32767])
    # Eight of it in a row are a peer that counts on from there.
    r.expect("elsewhere", range(7000, 7010), range(7007, 7010), rx_sequence=7)
    late, ahead = range(6000, 6020), range(7010, 7030)
    r.expect("late between newer", [n for two in zip(late, ahead) for n in two], ahead,
             rx_sequence=20)
    r.expect("late, not in a row", range(6000, 6040, 2), [], rx_sequence=20)
    print("ok: without a queue")


def elsewhere():
    r.at(100)
    r.queue(1000)
    r.expect("elsewhere, and one waits", [102, *range(40000, 40009)],
             [102, 40007, 40008], rx_sequence=7)
    r.expect("order there", [40010, 40009], [40009, 40010])
    print("ok: a peer that counts on from elsewhere")


def orders():
    """Each order of five, at the wrap and elsewhere."""
    assert r.get() == (None,) * 4
    for start in 100, 65533:
        r.at(start)
        r.queue(1000)
        moved = 0
        for order in itertools.permutations(range(5)):
            r.expect("order", [start + i for i in order],
                     [start + i for i in range(5)])
            moved += sum(any(a > b for a in order[:i])
                         for i, b in enumerate(order))
            start += 5
        assert r.get() == (1000, 32, moved, 0), (r.get(), moved)
    print("ok: every order")


def gaps():
    r.at(1000)
    r.queue(30)
    d = r.drops()
    start = time.monotonic()
    for ns in 1000, 1001, 1003, 1004, 1006:
        r.send(ns)
    first = r.out()
    sent = time.monotonic() - start
    got, took = r.wait(5 - len(first))
    assert first + got == [1000, 1001, 1003, 1004, 1006], (first, got)
    if sent < 0.02:    # the machine is not busy with others
        assert first == [1000, 1001], first
        assert took > 0.01, took
    assert took < 2, took
    assert r.get()[2:] == (0, 2), r.get()
    assert r.drops() == d
    r.expect("too late", [1002, 1005, 1007], [1007], rx_sequence=2)
    # A far jump waits no longer than any.
    r.send(20000)
    assert r.wait(1)[0] == [20000]
    assert r.get()[3] == 2 + 20000 - 1008
    print("ok: gaps")


def bounds():
    r.at(2000)
    r.queue(1000, 4)
    for ns in 2001, 2002, 2003, 2004:
        r.send(ns)
    assert r.out() == []
    r.expect("duplicates of what waits", [2002, 2004], [], rx_sequence=2)
    r.send(2005)
    assert r.wait(5)[0] == [2001, 2002, 2003, 2004, 2005]
    assert r.get() == (1000, 4, 0, 1), r.get()
    # Several gaps: only as many are given up as need be.
    for ns in 2007, 2009, 2011, 2013:
        r.send(ns)
    assert r.out() == []
    r.send(2015)
    assert r.wait(1)[0] == [2007]
    r.expect("the others wait", [2008, 2010, 2012, 2014],
             list(range(2008, 2016)), waiting=-4)
    r.queue(1000, 1)
    assert r.get()[1] == 1
    r.expect("two", [2017, 2016], [2016, 2017])
    r.expect("the second gives up", [2019, 2021], [2019], waiting=1)
    r.expect("and is next", [2020], [2020, 2021], waiting=-1)
    print("ok: bounds")


def memory():
    """Long ones of two sessions: they wait in so much memory, of both together."""
    for s in 4, 5:
        r.add(s)
    for dev in "e0", "e1":
        run("ip link set %s mtu 65535" % dev)
    long = ppp(P4, bytes(65000))

    def lost():
        return [number(r.g.must("SESSION_GET", ids(s))[0][A["REORDER_LOST"]])
                for s in (4, 5)]

    for start in range(1000, 21000, 1000):
        for s in 4, 5:
            r.g.must("SESSION_SET", ids(s) + u32("REORDER_TIMEOUT", 0))
            r.send(start, s)
            r.g.must("SESSION_SET", ids(s) + u32("REORDER_TIMEOUT", 1000) +
                     u32("REORDER_PACKETS", 256))
        r.wire.sock.settimeout(5)    # not all of it has room at once
        begin, seen = time.monotonic(), []
        for s in 4, 5:
            for i in range(140):
                r.send(start + 2 + i, s, long)
            seen.append(lost())
        if time.monotonic() - begin < 0.9:    # else time did it
            break
    else:
        raise AssertionError("always too late")
    assert seen == [[0, 0], [0, 1]], seen
    for s in 4, 5:
        r.g.must("SESSION_DEL", ids(s))
    for dev in "e0", "e1":
        run("ip link set %s mtu 1500" % dev)
    r.out()
    print("ok: memory")


def switches():
    """Off with packets that wait: they leave; more packets than there is room."""
    r.at(3000)
    r.queue(1000)
    for ns in 3005, 3003, 3001:
        r.send(ns)
    assert r.out() == []
    r.queue(0)
    assert r.wait(3)[0] == [3001, 3003, 3005]
    assert r.get() == (None,) * 4
    r.expect("on from there", [3004, 3006], [3006], rx_sequence=1)
    r.queue(1000)
    r.send(3010)
    # Without a number: past the queue.
    r.send(7, flags=0)
    assert r.wait(1)[0] == [7]
    r.send(3007), r.send(3008), r.send(3009)
    assert r.wait(4)[0] == [3007, 3008, 3009, 3010]
    # An echo is answered while its session is being put in order.
    r.g.must("SESSION_SET", ids(3) + u32("REORDER_TIMEOUT", 1000))
    r.g.must("BIND", nest("LINK", ids(3)) + u32("TO_IFINDEX", ifindex("term0")) +
             u32("MAGIC", 5))
    r.wire.frames()
    for ns in 2, 1, 0:
        r.send(ns, 3, ppp(LCP, struct.pack("!BBHI", 9, ns, 8, 77)))
    got = [f[-8:] for f in r.wire.frames()]
    assert got == [struct.pack("!BBHI", 10, i, 8, 5) for i in range(3)], got
    print("ok: switched on and off")


def chance():
    """Moved by up to eight, lost, doubled: all that came leaves, in order."""
    r.at(65000)
    r.queue(1000, 16)
    d0, lost0 = r.drops(), r.get()[3]
    numbers = range(65000, 65000 + 1500)
    kept = [n for n in numbers if random.random() > 0.05 or n == numbers[0]]
    sent = sorted([(n + random.random() * 8, n) for n in kept] +
                  [(n + random.random() * 8, n) for n in kept
                   if random.random() < 0.05])
    for _, n in sent:
        r.send(n)
    got = r.wait(len(kept))[0]
    assert got == [n & 0xffff for n in kept], (len(got), len(kept))
    d = r.drops()
    assert d["rx_sequence"] - d0["rx_sequence"] == len(sent) - len(kept)
    assert r.get()[3] - lost0 == kept[-1] + 1 - 65000 - len(kept)
    print("ok: by chance: %d sent, %d twice, %d lost" % (
        len(sent), len(sent) - len(kept), len(numbers) - len(kept)))


def deaths():
    """Sessions that die with packets that wait, and one that is made so."""
    d = r.drops()["rx_reorder_flushed"]
    for i in range(30):
        r.g.must("SESSION_DEL", ids(1))
        r.add(1, u32("REORDER_TIMEOUT", (1000, 10)[i % 2]) +
              u32("REORDER_PACKETS", 64))
        r.bind()
        for ns in range(40, 0, -1):
            r.send(ns)
    assert r.get()[:2] == (10, 64)
    assert r.drops()["rx_reorder_flushed"] - d >= 14 * 40
    time.sleep(0.05)
    r.g.must("TUNNEL_DEL", u16("TUNNEL_ID", 17) + attr("FORCE", b""))
    # Namespaces.
    for _ in range(3):
        child = os.fork()
        if not child:
            other = Rig()
            other.queue(1000)
            for ns in range(20, 0, -1):
                other.send(ns)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    print("ok: deaths")


def refusals():
    for bad in (u32("REORDER_TIMEOUT", 1001), u32("REORDER_PACKETS", 0),
                u32("REORDER_PACKETS", 257), u16("REORDER_TIMEOUT", 10)):
        err, text, _ = r.g.ask("SESSION_SET", ids(1) + bad)
        assert err and text, bad
    err, text, _ = r.g.ask("SESSION_SET", ids(2) + u32("REORDER_PACKETS", 5))
    assert err == 22 and "reorder" in text, (err, text)
    print("ok: refusals")


r = Rig()
plain()
orders()
elsewhere()
gaps()
bounds()
memory()
switches()
chance()
refusals()
deaths()
