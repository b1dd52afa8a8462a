#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Packets by chance, the same ones each time: L2TP over IPv4 and IPv6, whole and in
fragments, PPPoE, IP for subscribers; good ones and good ones spoilt, for links of every
binding and with every option. Two processes send at once, on a CPU each where there are
two; meanwhile links are bound in order, and their options change. First with few
sessions, then with many, which are looked up in batches, then with express receive and
fan-out as well. The books must balance to the packet, after every round: what came in
is what went to a device, to a listener, out of a link, on to the stack, or is in one
counter of drops. How many came in, the kernel says as well: by nft's counters and by
SNMP's; how many a policer, a pace, a ration dropped, these say themselves.

usage: 80-fuzz.py [PACKETS [SEED]]
"""

import ctypes
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, RPS, Genl, attr, crowd, endpoint_id, enum, ifindex, ip,
                  load_module, mac, nest, parse, run, u8, u16, u32, unshare_net, write)
from frame import Links
from mutate import Packets
from wire import REASONS, number

PACKETS = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
ROUND = 500    # of each of the two that send
PATIENCE = 60    # seconds until what waits must have gone on

NFT = """
table inet books {
	chain first {
		type filter hook prerouting priority -450;
		iifname "e0" counter comment "came"
		iifname "term*" counter drop comment "entered"
	}
	chain behind_reassembly {
		type filter hook prerouting priority -350;
		iifname "e0" counter comment "whole"
	}
	chain own {
		type filter hook output priority 0;
		oifname "term*" drop
	}
	chain last {
		type filter hook input priority 1000;
		meta nfproto ipv4 meta l4proto udp counter comment "ours"
		meta nfproto ipv6 exthdr frag missing meta l4proto udp counter comment "ours"
	}
}
table netdev books {
	chain before_pppoe {
		type filter hook ingress device "acc0" priority -500;
		counter comment "reached"
	}
	chain behind_pppoe {
		type filter hook ingress device "acc0" priority 500;
		counter comment "passed"
		meta pkttype { host, broadcast } jump of_no_session
	}
	chain of_no_session {
		meta protocol 0x8864 counter comment "strange"
		meta protocol { 0x8100, 0x88a8 } @nh,16,16 0x8864 counter comment "strange"
	}
}
"""

POLICE, PACE, PUNT_STAT = (enum("adit_" + n) for n in
                           ("police_attr", "pace_attr", "punt_stat"))
# What no run is without, or it tests less than it says.
MUST = """rx_short rx_version rx_length rx_offset_too_big rx_zero_id rx_no_tunnel
    rx_no_session rx_peer_mismatch rx_sequence rx_ppp rx_spoof rx_malformed_ip
    rx_pppoe_length rx_pppoe_header rx_pppoe_framing rx_mru rx_police rx_ipsec rx_ecn
    tx_no_link tx_unbound tx_mtu tx_multicast tx_protocol tx_police tx_pace tx_ipsec
    tx_output frag_timeout frag_overlap frag_duplicate frag_tiny frag_length""".split()

# id: our address, where the peer's messages come from
TUNNELS = {17: ("192.0.2.1", "192.0.2.2"), 18: ("2001:db8::1", "2001:db8::2"),
           19: ("192.0.2.1", "192.0.2.4"), 20: ("192.0.2.1", "192.0.2.6")}
# PPPoE session: outer and inner VLAN; from 17 on they are switched
VLANS = {5: (200, 300), 6: (0, 0), 8: (600, 0), 17: (0, 0), 18: (100, 0), 19: (0, 0),
         27: (400, 500), 28: (400, 501), 37: (0, 0), 38: (100, 0)}
SESSIONS = 1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 9, 9, 10, 11, 11


# --- the box, and the other ends of its wires in a namespace of their own

def enter(fd):
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")


def quiet():
    """No IPv6 of the kernel's own on devices to come."""
    for n in "all", "default":
        assert not write("/proc/sys/net/ipv6/conf/%s/disable_ipv6" % n, 1)


def wires():
    """{device: raw socket on its other end}"""
    global inside, outside
    unshare_net()
    quiet()
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    unshare_net()
    quiet()
    inside = os.open("/proc/self/ns/net", os.O_RDONLY)
    found = {}
    for dev, end in ("e0", "e1"), ("acc0", "acc1"):
        run("ip link add %s type veth peer name %s address 02:00:00:00:00:02" %
            (dev, end))
        run("ip link set %s netns /proc/%d/fd/%d" % (end, os.getpid(), outside))
        run("ip link set %s up" % dev)
        # Pacing's queue, which now and then has no room.
        run("tc qdisc add dev %s root fq flow_limit 2" % dev)
        enter(outside)
        run("ip link set %s up" % end)
        found[dev] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        found[dev].bind((end, 0))
        enter(inside)
    return found


def in_bursts():
    """From now on packets come many at once."""
    enter(outside)
    for end in "e1", "acc1":
        run("tc qdisc add dev %s root netem limit 10000 slot 5ms 10ms" % end)
    enter(inside)


def ids(tunnel, session):
    return u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", session)


def pppoe(sid):
    outer, inner = VLANS[sid]
    return u32("IFINDEX", ACC0) + u16("VLAN_OUTER", outer) + \
        u16("VLAN_INNER", inner) + u16("SESSION_ID", sid)


def police(way, rate, burst):
    """Two rates, which packets are marked by."""
    p = POLICE
    return nest("POLICE_" + way, b"".join((
        attr(p["RATE"], ("Q", rate)), attr(p["BURST"], ("I", burst)),
        attr(p["PEAK_RATE"], ("Q", 2 * rate)), attr(p["PEAK_BURST"], ("I", burst)),
        attr(p["GREEN_DSCP"], ("B", 10)), attr(p["YELLOW_MARK"], ("I", 3)))))


def pace(rate):
    return nest("PACE", attr(PACE["RATE"], ("Q", rate)) +
                attr(PACE["HORIZON"], ("I", 1000)))


SLOW = police("RX", 8000, 4000) + police("TX", 8000, 4000)
FAST = police("RX", 10 ** 9, 100000) + police("TX", 10 ** 9, 100000)
REORDER = u32("REORDER_TIMEOUT", 20) + u32("REORDER_PACKETS", 6)
# By session: it checks sequence numbers or not, its options
OPTIONS = {2: (0, SLOW), 3: (0, pace(16000)), 4: (1, REORDER), 5: (1, b""),
           8: (0, FAST), 9: (1, REORDER), 10: (1, SLOW + pace(10 ** 7) + REORDER)}


def to_device(dev, tunnel, session, whole=False):
    """With its subscriber's prefixes, or his addresses; whole: any source is his."""
    lens = (32, 128) if session == 2 else (24, 64)
    last = "9" if session == 2 else "0"
    prefixes = zip(("10.%d.%d.%s" % (tunnel, session, last),
                    "2001:db8:%x:%x::%s" % (tunnel, session, last)), lens)
    addrs = b"".join(nest("ADDR", ip("PREFIX", a) + u8("PREFIX_LEN", n))
                     for a, n in prefixes)
    return u32("TO_IFINDEX", ifindex(dev)) + u16("MTU", 1400) + u16("MRU", 1440) + \
        u32("MAGIC", 5) + (b"" if whole else nest("ADDRS", addrs))


def tunnel_new(tunnel):
    us, peer = TUNNELS[tunnel]
    more = {18: u8("DF", 2) + u8("DSCP", 64) + u8("ECN", 1), 19: u8("IPSEC", 1),
            17: u8("DF", 1), 20: ip("FROM", peer)}[tunnel]
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoints[us]) +
           u16("TUNNEL_ID", tunnel) + u16("PEER_TUNNEL_ID", 9) +
           ip("REMOTE", "192.0.2.5" if tunnel == 20 else peer) +
           u16("REMOTE_PORT", 1701) + more)
    for s in range(1, 12):
        seq, options = OPTIONS.get(s, (0, b""))
        g.must("SESSION_NEW", ids(tunnel, s) + u8("SEQ", seq) + options +
               u16("PEER_SESSION_ID", s if s != 7 else 0))


def bind(link, what):
    g.must("BIND", nest("LINK", link) + what)


def bindings():
    """1 is bound to nothing, 7 has no peer's id."""
    for t in TUNNELS:
        for s in 2, 5, 9:
            bind(ids(t, s), to_device("term0", t, s))
        bind(ids(t, 6), nest("TO_LINK", ids(t, 7)))
    for t in 17, 18:
        bind(ids(t, 3), nest("TO_LINK", pppoe(t)))
        bind(ids(t, 8), to_device("term%d" % t, t, 8, t == 17))
        bind(ids(t, 10), nest("TO_LINK", pppoe(10 + t)))
    bind(ids(17, 4), nest("TO_LINK", ids(18, 4)))
    bind(ids(19, 3), nest("TO_LINK", pppoe(19)))
    bind(ids(20, 4), nest("TO_LINK", ids(20, 10)))
    bind(pppoe(5), to_device("term0", 0, 5))
    bind(pppoe(8), to_device("term8", 0, 8))


def box():
    links = Links()
    for dev in TERMS:
        assert not links.add(dev, u8(1, dev != "term0"))[0]    # IFLA_ADIT_MODE: p2p
        assert not write("/proc/sys/net/ipv6/conf/%s/disable_ipv6" % dev, 0)
        run("ip link set %s up" % dev)
    assert not write("/proc/sys/net/ipv6/conf/e0/disable_ipv6", 0)
    run("ip addr add 192.0.2.1/24 dev e0")
    run("ip addr add 2001:db8::1/64 dev e0 nodad")
    for n in "192.0.2.2", "192.0.2.4", "192.0.2.5", "2001:db8::2":
        run("ip neigh add %s lladdr 02:00:00:00:00:02 dev e0" % n)
    subprocess.run(["nft", "-f", "-"], input=NFT.encode(), check=True)
    for us in "192.0.2.1", "2001:db8::1":
        g.must("ENDPOINT_NEW", ip("LOCAL", us))
        endpoints[us] = endpoint_id(g)
    g.must("PORT_NEW", u32("IFINDEX", ACC0))
    for sid in VLANS:
        g.must("PPPOE_NEW", pppoe(sid) + attr("MAC", CLIENT) + (
            SLOW + pace(10 ** 8) if sid in (5, 27) else FAST if sid == 17 else b""))
    for t in TUNNELS:
        tunnel_new(t)
    bindings()


# --- what changes while packets are on their way

def border(t, step, flush=False):
    """Frames of 11 and of a client wait for each other, and are sent, or dropped."""
    link, to = ids(t, 11), nest("TO_LINK", pppoe(20 + t))
    if step == 0:
        bind(link, b"")
    elif step == 1:
        bind(link, to + attr("HOLD", b""))
    elif step == 2:
        bind(link, b"" if flush else to)
    else:
        bind(link, to)


def change(n):
    """The n-th change, of a few that come round."""
    border(17 + n // 4 % 2, n % 4, n // 8 % 2)
    t = 17 + n % 4
    if n % 3 == 0:
        g.must("SESSION_SET", ids(t, 9) + u32("REORDER_TIMEOUT", n // 3 % 2 * 20))
    if n % 5 == 0:
        g.must("SESSION_SET", ids(t, 8) + (FAST, SLOW)[n // 5 % 2])
        g.must("TUNNEL_SET", u16("TUNNEL_ID", t) + u8("ECN", n % 2) +
               u8("DF", (1, 2, 0)[n % 3]))


# --- the books

def listener():
    s = Genl()
    s.sock.setsockopt(270, 5, 1)                # NETLINK_NO_ENOBUFS
    s.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)    # SO_RCVBUFFORCE
    s.must("LISTEN", u32("CLASSES", 7))
    s.sock.setblocking(False)
    return s


def hear():
    """Takes what was punted."""
    while True:
        try:
            data = ears.sock.recv(1 << 16)
        except BlockingIOError:
            return
        assert data[16] == CMD["PUNT"], data
        a = parse(data[20:])
        heard["errors" if A["ERROR"] in a else "marks" if A["HOLD"] in a else
              "punted"] += 1


def snmp(protocol, name, family=0):
    """Of IPv4 and IPv6 together, or of IPv6."""
    lines = []
    for path in "/proc/net/snmp", "/proc/net/netstat":
        with open(path, encoding="ascii") as f:
            lines += [l.split() for l in f if l.startswith(protocol + ":")]
    with open("/proc/net/snmp6", encoding="ascii") as f:
        six = dict(l.split() for l in f)
    return int(family != 6 and lines[1][lines[0].index(name)]) + \
        int(six.get(protocol.replace("Ext", "") + "6" + name, 0))


def device(dev, name):
    with open("/sys/class/net/%s/statistics/%s" % (dev, name), encoding="ascii") as f:
        return int(f.read())


def read_qos(now, a):
    """What policers and paces of one link say."""
    for way in "RX", "TX":
        p = parse(a.get(A["POLICE_" + way], b""))
        if p:
            now[way + " red"] += number(p[POLICE["RED_PACKETS"]])
            now[way + " yellow"] += number(p[POLICE["YELLOW_PACKETS"]])
    p = parse(a.get(A["PACE"], b""))
    if p:
        stats = parse(a[A["STATS"]])
        now["paced"] += number(p[PACE["PACKETS"]])
        now["pace drops"] += number(p[PACE["DROP_PACKETS"]])
        now["links with pace, tx"] += number(stats[5]) + number(stats[9])


def read_links(now):
    links = g.dump("SESSION_GET") + g.dump("PPPOE_GET")
    tunnels = g.dump("TUNNEL_GET")
    for i, n in enumerate(("rx", "rx_bytes", "rx_drops", "tx", "tx_bytes",
                           "tx_drops", "rx_control", "tx_control")):
        def total(objects, i=i):
            return sum(number(parse(o[A["STATS"]])[2 + i]) for o in objects)
        now["links " + n] = total(links)
        now["sessions " + n] = total(o for o in links if A["TUNNEL_ID"] in o)
        now["tunnels " + n] = total(tunnels)
    for a in links:
        read_qos(now, a)


def read():
    hear()
    a = g.must("SYSTEM_GET")[0]
    drops, frags = parse(a[A["DROPS"]]), parse(a[A["FRAG_STATS"]])
    now = Counter({r: number(drops[i + 1]) for i, r in enumerate(REASONS)})
    now.update(taken=number(frags[2]), joined=number(frags[3]),
               datagrams=number(frags[4]), held=number(frags[5]),
               batched=number(a[A["BATCHED"]]))
    read_links(now)
    now.update(heard)
    underlays = g.dump("UNDERLAY_GET")
    now["underlays"] = len(underlays)
    now["express"] = sum(number(parse(u[A["STATS"]])[2]) for u in underlays)
    for c in g.dump("CLASS_GET"):
        stats = parse(c[A["PUNT_STATS"]])
        now["told"] += number(stats[PUNT_STAT["STAT_PASSED"]])
        now["not told"] += sum(number(stats[i]) for i in PUNT_STAT.values()
                               if i > PUNT_STAT["STAT_PASSED"] and i in stats)
    rules = subprocess.run(["nft", "list", "ruleset"], check=True,
                           stdout=subprocess.PIPE).stdout.decode()
    for n, name in re.findall(r'counter packets (\d+) .*comment "(\w+)"', rules):
        now[name] += int(n)
    now.update({"delivered": sum(device(d, "rx_packets") for d in TERMS),
                "e0": device("e0", "rx_packets"),
                "acc0": device("acc0", "rx_packets"),
                "acc0 bad": device("acc0", "rx_dropped"),
                "bad IP": snmp("Ip", "InHdrErrors") + snmp("Ip", "InDiscards") +
                snmp("IpExt", "InTruncatedPkts"),
                "joined IPv6": snmp("Ip", "ReasmOKs", 6),
                "unknown IPv6": snmp("Ip", "InUnknownProtos", 6),
                "bad UDP": sum(snmp("Udp", n) for n in
                               ("InErrors", "NoPorts", "IgnoredMulti")),
                "UDP": snmp("Udp", "InDatagrams")})
    return now


class Unbalanced(Exception):
    """Some packets are nowhere, or twice: or on their way."""


def same(what, left, right):
    if left != right:
        raise Unbalanced("%s: %d is not %d" % (what, left, right))


def within(what, least, n, most):
    if not least <= n <= most:
        raise Unbalanced("%s: %d <= %d <= %d is not" % (what, least, n, most))


def balance_e0(d):
    """The way to our socket, by the kernel's word and by ours."""
    within("refused by IP", 0, d["e0"] - d["express"] + d["delivered"] - d["came"] -
           d["entered"], d["bad IP"])
    lost = sum(d[r] for r in REASONS if r.startswith("frag_"))
    same("fragments taken", d["taken"], d["joined"] + lost + d["held"])
    same("behind reassembly", d["whole"], d["came"] - d["taken"] + d["datagrams"])
    # Strangers' fragments of IPv6 meet the INPUT chain first, then the kernel, and
    # are whole then, of whatever their first one says.
    within("for our socket", 0, d["ours"] + d["joined IPv6"] - d["bad UDP"] - d["UDP"],
           d["unknown IPv6"])


def balance_acc0(d):
    """How many came as far as our hook, and how many went on behind it."""
    # What waited, and is not ours, comes to the hook's place once more.
    reached = d["reached"] - (d["strange"] if many else 0)
    # A tag that is cut off does not come as far.
    within("reached the access port", reached, d["acc0"], reached + d["acc0 bad"])
    within("of no session", d["strange"], d["rx_no_session"], 1 << 30)
    # Passed on and counted: once is enough.
    return reached, d["passed"] - d["strange"]


def balance_links(d, sent):
    """Two tellings of one thing."""
    for n in "rx", "rx_bytes", "tx", "tx_bytes", "tx_drops", "rx_control", "tx_control":
        same("tunnels and their sessions: " + n, d["tunnels " + n], d["sessions " + n])
    at_door = d["tunnels rx_drops"] - d["sessions rx_drops"] - d["rx_ipsec"]
    within("tunnels and their sessions: rx_drops",
           0 if sent["acc0"] else d["rx_peer_mismatch"], at_door,
           d["rx_peer_mismatch"] if sent["e0"] else 0)
    same("red, in", d["RX red"], d["rx_police"])
    same("red, out", d["TX red"], d["tx_police"])
    same("beyond the horizon", d["pace drops"], d["tx_pace"])
    same("paced", d["paced"], d["links with pace, tx"])
    same("punts", d["told"], d["punted"] + d["errors"])
    same("punts dropped", d["not told"],
         sum(d[r] for r in REASONS if r.startswith("punt_")))
    same("ICMP errors", d["errors"], 0)


def balance(d, sent):
    """d: what changed since all was in its place."""
    for dev in "e0", "acc0":
        same("sent, and received by " + dev, sent[dev], d[dev])
    balance_e0(d)
    reached, passed = balance_acc0(d)
    dropped = sum(d[r] for r in REASONS if not r.startswith("frag_"))
    same("what became of all", d["UDP"] + d["express"] + reached + sent["down"],
         passed + d["delivered"] + d["punted"] + d["links tx"] +
         d["links tx_control"] + dropped)
    balance_links(d, sent)


def settle(then, sent):
    """What the books say, once nothing is on its way any more."""
    until = time.monotonic() + PATIENCE
    while True:
        now = read()
        d = now.copy()
        d.subtract(then)
        try:
            same("fragments that wait", now["held"], 0)
            balance(d, sent)
            return now
        except Unbalanced as e:
            if time.monotonic() > until:
                for k, v in sorted(d.items()):
                    print("  %-28s %d" % (k, v))
                sys.exit(str(e))
        time.sleep(0.02)


# --- rounds

def pin(cpu):
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) > 1:
        os.sched_setaffinity(0, {cpus[cpu % len(cpus)]})


def some_down(packets):
    """From the network, to whoever it is for."""
    t, s = packets.r.choice(tuple((t, s) for t in TUNNELS for s in (2, 5, 9)) +
                            ((0, 5), (17, 8), (18, 8), (0, 8)))
    dev = "term0" if s != 8 else "term%d" % (t or 8)
    kind, p = packets.down(t, s)
    down.sendto(p[:1500] or b"\x45", (dev, kind))


def send(on, seed, between=None):
    """One of those that send: how many it were. between: what to do meanwhile."""
    packets = Packets(seed, TUNNELS, SESSIONS, VLANS, HEADS)
    n = 0
    while n < ROUND:
        if on == "down":
            some_down(packets)
            n += 1
        else:
            for frame in getattr(packets, on)():
                if len(frame) >= 14:
                    raw[on].send(frame[:1514])
                    n += 1
        if between:
            between(n)
    return n


class Other:
    """A second one that sends, as a process of its own."""

    def __init__(self, on, seed):
        self.ours, theirs = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(theirs)
            return
        pin(1)
        os.write(theirs, b"%d" % send(on, seed))
        os._exit(0)

    def sent(self):
        n = os.read(self.ours, 16)
        os.close(self.ours)
        os.waitpid(self.pid, 0)
        return int(n or sys.exit("the second one that sends has died"))


def meanwhile(n):
    """Sometimes the daemon does not keep up."""
    if rounds % 5 or n > ROUND - 50:
        hear()
    while n // 50 > len(done):
        done.append(change(rounds * 3 + len(done)))


# Who sends what, in turn.
TURNS = (("e0", "acc0"), ("down", "e0"), ("e0", "e0"), ("acc0", "acc0"),
         ("acc0", "down"))

load_module()
raw = wires()
g = Genl()
down = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
ACC0 = ifindex("acc0")
CLIENT = bytes.fromhex("020000000002")
HEADS = {dev: mac(dev) + CLIENT for dev in raw}
TERMS = "term0", "term17", "term18", "term8"
endpoints, heard = {}, Counter()
box()
ears = listener()
pin(0)

first = now = read()
total, rounds, many, began = 0, 0, False, time.monotonic()
while total < PACKETS:
    if total * 3 // PACKETS and not many:
        crowd(g)
        in_bursts()
        many = True
    if total * 3 // PACKETS == 2 and not now["underlays"]:
        g.must("UNDERLAY_NEW", u32("IFINDEX", ifindex("e0")))
        run("ip link set adit0 up")
        if os.path.exists(RPS):
            assert not write(RPS, 3)
    mine, theirs = TURNS[rounds % len(TURNS)]
    seed, done = SEED * 1000003 + rounds * 2, []
    other = Other(theirs, seed)
    sent = Counter({mine: send(mine, seed + 1, meanwhile)})
    sent[theirs] += other.sent()
    for t in 17, 18:
        border(t, 3)
    now = settle(now, sent)
    total, rounds = total + sum(sent.values()), rounds + 1

now.subtract(first)
for reason in REASONS:
    with open("/sys/class/net/adit0/adit/" + reason, encoding="ascii") as f:
        assert int(f.read()) == now[reason] + first[reason], reason
print("%d packets in %.1f s, seed %d" % (total, time.monotonic() - began, SEED))
for text, n in (
        ("IP header refused by the stack", now["e0"] - now["came"]),
        ("joined to others by reassembly", now["joined"] - now["datagrams"]),
        ("kept by the stack: not UDP", now["whole"] - now["UDP"] - now["bad UDP"]),
        ("refused by UDP, or another port", now["bad UDP"]),
        ("taken by express receive", now["express"]),
        ("looked up together", now["batched"]),
        ("passed on by the access port", now["passed"]),
        ("to a device", now["delivered"]),
        ("to the listener", now["punted"]),
        ("bindings in order", now["marks"]),
        ("out of a link", now["links tx"]),
        ("paced", now["paced"]),
        ("yellow", now["RX yellow"] + now["TX yellow"])):
    print("  %-40s %6d" % (text, n))
for reason in REASONS:
    if now[reason]:
        print("  %-40s %6d" % ("dropped: " + reason, now[reason]))
assert now["express"], "express receive took nothing"
assert now["batched"], "nothing was looked up together"
assert now["marks"], "no binding was made in order"
lacks = [r for r in MUST if not now[r]]
assert not lacks, "nothing was dropped as " + " ".join(lacks)
print("ok: every packet is in one place")
