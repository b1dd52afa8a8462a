#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
"""Every allocation of every command fails once: the first, the second, until the
command needs no more. A command that was refused has changed nothing; one that
went through all the same has done its work. Then packets, with every fifth
allocation of the module's failing: each one arrives, or is counted once."""

import errno
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, F_DUMP, NO_RATES, Box, Genl, attr, datagram, endpoint_id,
                  ifindex, ip, load_module, mac, nest, parse, rates, run, u8, u16, u32,
                  unshare_net)
from frame import Links, Wire, drops, number, ppp, pppoe, stats, tcp, udp
from frame import ip as ip_packet

FAULTS = "/sys/kernel/debug/%s/%s"

load_module()
unshare_net()
if not os.path.isdir("/sys/kernel/debug/failslab"):
    os.system("mount -t debugfs none /sys/kernel/debug")


def setting(name, value):
    for what in "failslab", "fail_page_alloc":
        path = FAULTS % (what, name)
        if os.path.exists(path):
            with open(path, "w", encoding="ascii") as f:
                f.write(str(value))


# Opening it would be an allocation as well.
nth = os.open("/proc/self/fail-nth", os.O_RDWR)


def fail_nth(n):
    os.pwrite(nth, b"%d" % n, 0)


def consumed():
    """The nth allocation came, and failed; disarms."""
    left = int(os.pread(nth, 16, 0))
    fail_nth(0)
    return not left


# Pages of user space are spared: they are "highmem".
setting("ignore-gfp-wait", "N")
setting("min-order", 0)
setting("verbose", 0)
g = Genl()
box = Box()


def attempt(n, cmd, attrs, flags, to=g):
    """(refused, the fault came); refused is None if the answer itself had no
    memory."""
    fail_nth(n)
    try:
        seq = to.send(cmd, attrs, flags)
    except OSError:
        return True, consumed()
    came = consumed()
    try:
        return bool(to.receive(seq)[0]), came
    except OSError as e:
        assert e.errno == errno.ENOBUFS and came, e
        return None, came


def count(get):
    return len(g.dump(get))


total = 0
undo = []
underlay = u32("IFINDEX", ifindex("e0"))
steps = box.steps() + [("UNDERLAY_NEW", underlay, "UNDERLAY_DEL", underlay)]
for name, attrs, un, un_attrs in steps:
    if name == "TUNNEL_NEW":
        attrs += u32("ENDPOINT_ID", endpoint_id(g))
    if name == "SESSION_NEW":
        attrs += u32("REORDER_TIMEOUT", 20)
    get = name.replace("_NEW", "_GET") if name.endswith("_NEW") else None
    n = 1
    while True:
        before = count(get) if get else 0
        refused, came = attempt(n, CMD[name], attrs, 4)
        if get:
            made = count(get) - before
            assert refused in (None, not made), (name, n, refused, made)
            refused = not made
        total += came
        if not came:
            assert not refused, name
            break
        if not refused:
            g.must(un, un_attrs or u32("ENDPOINT_ID", endpoint_id(g)))
        n += 1
        assert n < 500, name
    print("%s: %d allocations" % (name, n - 1))
    undo.append((un, un_attrs))

link = attr("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1), True)
term, switched, pppoe7 = box.links()
first = {"TAP_NEW": ("TAP_DEL", link), "TAP_DEL": ("TAP_NEW", link),
         "BIND": ("BIND", switched)}
listener = Genl()
listener.must("LISTEN", u32("CLASSES", 15))
ping = attr("FRAME", b"\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7))
for name, attrs, flags in [
        ("SYSTEM_GET", b"", 4), ("TUNNEL_GET", u16("TUNNEL_ID", 17), 4),
        ("SESSION_GET", b"", F_DUMP), ("PPPOE_GET", b"", F_DUMP),
        ("PORT_GET", b"", F_DUMP), ("TUNNEL_GET", b"", F_DUMP),
        ("ENDPOINT_GET", b"", F_DUMP),
        ("TUNNEL_SET", u16("TUNNEL_ID", 17) + attr("LABEL", b"x\0"), 4),
        ("PEERS_SET", nest("ADDRS", nest("ADDR", ip("PREFIX", "192.0.2.2") +
                                         u8("PREFIX_LEN", 32))), 4),
        ("BIND", switched + nest("TO_LINK", pppoe7) + attr("HOLD", b""), 4),
        ("BIND", switched + nest("TO_LINK", pppoe7), 4),
        ("UNDERLAY_GET", b"", F_DUMP),
        ("TAP_NEW", link, 4), ("TAP_GET", b"", F_DUMP), ("TAP_DEL", link, 4),
        ("CLASS_GET", b"", F_DUMP), ("RATION_GET", b"", F_DUMP),
        ("PEERS_GET", b"", F_DUMP),
        ("INJECT", link + ping, 4),
        ("INJECT", u32("ENDPOINT_ID", endpoint_id(g)) + ip("REMOTE", "192.0.2.2") +
         u16("REMOTE_PORT", 1701) + ping, 4),
        ("INJECT", u32("IFINDEX", box.acc0) + attr("MAC", mac("acc1")) + ping, 4)]:
    n = 1
    while True:
        if name in first:    # or undone
            g.ask(*first[name])
        refused, came = attempt(n, CMD[name], attrs, flags)
        total += came
        if not came:
            assert not refused, name
            break
        n += 1
        assert n < 500, name
# Marks and rates: all or none.
for name, attrs in (("SESSION", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)),
                    ("PPPOE", u32("IFINDEX", box.acc0) + u16("SESSION_ID", 7))):
    n = 1
    while True:
        refused, came = attempt(n, CMD[name + "_SET"], attrs + rates(), 4)
        have = {A[k] in g.must(name + "_GET", attrs)[0]
                for k in ("POLICE_RX", "POLICE_TX", "PACE")}
        assert have == {not refused} or refused is None and len(have) == 1, have
        total += came
        if not came:
            break
        g.must(name + "_SET", attrs + NO_RATES)
        n += 1
    assert n > 1, "nothing was allocated"
# Whoever listens hears of a change, or that he has missed one.
watch = Genl().join("event")
watch.sock.setblocking(False)


def told():
    """(messages that wait, how often he was told that some were lost)"""
    n = missed = 0
    while True:
        try:
            watch.sock.recv(8192)
            n += 1
        except BlockingIOError:
            return n, missed
        except OSError as e:
            assert e.errno == errno.ENOBUFS, e
            missed += 1


def change():
    """Until no allocation is left to fail; how often a message was lost."""
    n, came, lost, failed = 0, True, 0, 0
    while came:
        n += 1
        refused, came = attempt(n, CMD["TUNNEL_SET"], u16("TUNNEL_ID", 17) +
                                attr("LABEL", b"%d\0" % n), 4)
        label = g.must("TUNNEL_GET", u16("TUNNEL_ID", 17))[0][A["LABEL"]]
        heard, missed = told()
        assert heard + missed == (label == b"%d\0" % n), (n, refused, label, heard, missed)
        lost += missed
        failed += came
    g.must("TUNNEL_SET", u16("TUNNEL_ID", 17) + attr("LABEL", b"peer\0"))
    told()
    return lost, failed


# The debug kernel's own allocations are among them, in another order each time.
for _ in range(20):
    lost, failed = change()
    total += failed
    if lost:
        break
assert lost, "no message was lost"
watch.sock.close()
print("ok: %d lost messages were told of" % lost)

# A device of ours.
links = Links()
info = attr(1, b"adit\0") + nest(2, u8(1, 1))    # IFLA_INFO_KIND, IFLA_ADIT_MODE
device = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + attr(3, b"term9\0") + nest(18, info)
n, came = 0, True
while came:
    n += 1
    assert n < 1000, "ip link add"
    refused, came = attempt(n, 16, device, 0x604, links)    # RTM_NEWLINK
    made = os.path.exists("/sys/class/net/term9")
    assert refused in (None, not made), (n, refused, made)
    assert made or came, "ip link add"
    if made:
        run("ip link del term9")
    total += came
print("ip link add: %d allocations" % (n - 1))
print("ok: %d allocations of commands failed" % total)

# Packets: allocations below the module's own functions.
with open("/sys/module/adit/sections/.text", encoding="ascii") as f:
    start = int(f.read(), 16)
with open("/proc/modules", encoding="ascii") as f:
    size = next(int(l.split()[1]) for l in f if l.startswith("adit "))
setting("require-start", hex(start))
setting("require-end", hex(start + size))
setting("stacktrace-depth", 32)
setting("interval", 1)
setting("times", -1)
core, access = Wire("e1"), Wire("acc1")
sniffers = Wire("e0"), Wire("term0"), Wire("acc0")    # what is cloned is copied first
eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
echo = struct.pack("!HBBHI", 0xc021, 9, 1, 8, 7)
inner = udp("10.0.0.2", "192.0.2.1", bytes(400), 9, 9000)
syn = tcp("192.0.2.1", "10.0.0.2", 2, b"\2\4\x23\0", df=1)
sink, out, raw_ip = (socket.socket(socket.AF_INET, kind, proto) for kind, proto in (
    (socket.SOCK_DGRAM, 0), (socket.SOCK_DGRAM, 0), (socket.SOCK_RAW, 255)))
sink.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)    # RCVBUFFORCE
sink.bind(("192.0.2.1", 9000))
out.setsockopt(socket.IPPROTO_IP, 10, 0)    # IP_MTU_DISCOVER: without DF
listener.sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
for s in sink, listener.sock:
    s.setblocking(False)
# Green becomes DSCP 10, both ways.
police = b"".join([attr(2, ("Q", 10 ** 10)), attr(3, ("I", 1 << 24)), attr(6, ("B", 10))])
g.must("SESSION_SET", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1) +
       nest("POLICE_RX", police) + nest("POLICE_TX", police))
g.must("BIND", term + u32("TO_IFINDEX", box.term0) + u16("MTU", 1400) +
       u32("MAGIC", 5) + u16("MSS", 1000) + nest("ADDRS", nest(
           "ADDR", ip("PREFIX", "10.0.0.2") + u8("PREFIX_LEN", 32))))
listener.must("TAP_NEW", link)
frag_id = 0


def up(payload):
    core.send(eth + datagram(payload))


def data(session, frame):
    up(struct.pack("!HHH", 2, 17, session) + b"\xff\3" + frame)


def fragments():
    """A subscriber's packet, in two fragments of its datagram."""
    global frag_id
    frag_id += 1
    whole = datagram(struct.pack("!HHH", 2, 17, 1) + b"\xff\3" + ppp(0x21, inner))
    for at, more in (0, 1), (256, 0):
        piece = whole[20:][at:at + 256] if more else whole[20:][at:]
        core.send(eth + ip_packet("192.0.2.2", "192.0.2.1", 17, piece, ident=frag_id,
                                  frag=more << 13 | at // 8))


def each():
    """One of each kind that arrives as one."""
    data(1, echo)
    data(2, echo)
    data(1, ppp(0xc223, bytes(40)))
    data(1, ppp(0x21, inner))
    up(struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0))
    access.send(mac("acc0") + mac("acc1") + b"\x88\x64" + pppoe(7, echo))
    out.sendto(bytes(40), ("10.0.0.2", 9))
    raw_ip.sendto(syn, ("10.0.0.2", 0))
    return 8


def in_pieces(size, segment=0):
    out.setsockopt(17, 103, segment)    # UDP_SEGMENT
    out.sendto(bytes(size), ("10.0.0.2", 9))
    out.setsockopt(17, 103, 0)


def super_packet():
    """And what arrives in pieces."""
    in_pieces(5000, 500)
    return 10


def cut():
    """In two fragments, for its subscriber."""
    in_pieces(1440)
    return 2


def arrived():
    """What came out since the last time, wherever."""
    n = sum(f[12:14] == b"\x08\0" and f[23] == 17 for f in core.frames())
    n += sum(f[12:14] == b"\x88\x64" for f in access.frames())
    for s in sniffers:
        s.frames()
    for s in sink, listener.sock:
        try:
            while True:
                got = s.recv(8192)
                n += s is sink or got[16] == CMD["PUNT"]
        except BlockingIOError:
            pass
    return n


def account():
    """(drops of fragments, others, fragments joined, datagrams of them)"""
    a = g.must("SYSTEM_GET")[0]
    d, f = drops(g), parse(a[A["FRAG_STATS"]])
    of_frags = sum(n for r, n in d.items() if r.startswith("frag_"))
    return (of_frags, sum(d.values()) - of_frags - d["tx_multicast"], number(f[3]),
            number(f[4]))


def run_with_faults(seconds, what):
    """(sent, arrived, account) of it."""
    sent = got = 0
    before = account()
    arrived()
    end = time.monotonic() + seconds
    setting("probability", 20)
    while time.monotonic() < end:
        sent += what()
        got += arrived()
        g.ask("SESSION_SET", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1) +
              attr("LABEL", b"y\0"))
    setting("probability", 0)
    time.sleep(0.3)
    got += arrived()
    return sent, got, *(b - a for a, b in zip(before, account()))


for kinds in each, super_packet, cut:
    want, got, end = kinds(), 0, time.monotonic() + 5
    while got < want and time.monotonic() < end:
        got += arrived()
        time.sleep(0.02)
    assert got + arrived() == want, "without faults"
sent, got, _, lost, _, _ = run_with_faults(4, each)
assert sent == got + lost and lost, (sent, got, lost)
print("ok: %d packets with failing allocations, %d arrived" % (sent, got))


def pieces():
    fragments()
    return 2


sent, got, of_frags, lost, joined, whole = run_with_faults(3, pieces)
assert sent == joined + of_frags and of_frags, (sent, joined, of_frags)
assert whole == got + lost and joined == 2 * whole, (whole, got, lost)
print("ok: %d fragments, %d datagrams arrived" % (sent, got))
sent, got, _, lost, _, _ = run_with_faults(2, super_packet)
assert sent == got + lost and lost, (sent, got, lost)
print("ok: %d packets of super-packets, %d arrived" % (sent, got))
# A drop that is not the link's is of all that was still to be cut.
ids = u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)
before = stats(g, "SESSION_GET", ids)["TX_DROPS"]
sent, got, _, lost, _, _ = run_with_faults(2, cut)
uncut = lost - (stats(g, "SESSION_GET", ids)["TX_DROPS"] - before)
assert uncut > 0 and lost > uncut, (lost, uncut)
assert got + lost <= sent <= got + lost + uncut, (sent, got, lost, uncut)
print("ok: %d fragments that we cut, %d arrived" % (sent, got))
print("dropped: " + ", ".join("%s %d" % (r, n) for r, n in drops(g).items() if n))
g.must("TAP_DEL", link)

for un, attrs in reversed(undo):
    g.must(un, attrs or u32("ENDPOINT_ID", endpoint_id(g)))
