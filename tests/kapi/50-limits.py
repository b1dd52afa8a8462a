#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 120
"""The most tunnels and sessions of a namespace: both roles together, in any
combination, settable; what is beyond is refused with a reason, and the rest stays."""

import ctypes
import errno
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, ip, load_module, nest,
                  run, u8, u16, u32, unshare_net, write)
from wire import number

SYSTEM = {name: A[name] for name in ("TUNNELS", "SESSIONS", "PPPOES", "MAX_TUNNELS",
                                     "MAX_SESSIONS")}


def system(*names):
    a = g.must("SYSTEM_GET")[0]
    return [number(a[SYSTEM[n]]) for n in names]


def tunnel(i):
    return g.ask("TUNNEL_NEW", u32("ENDPOINT_ID", 1) + u16("TUNNEL_ID", i) +
                 u16("PEER_TUNNEL_ID", i) + ip("REMOTE", "192.0.2.%d" % (2 + i % 50)) +
                 u16("REMOTE_PORT", 1701))[:2]


def ids(t, s):
    return u16("TUNNEL_ID", t) + u16("SESSION_ID", s)


def session(t, s):
    return g.ask("SESSION_NEW", ids(t, s) + u16("PEER_SESSION_ID", s))[:2]


def read(path):
    with open(path, encoding="ascii") as f:
        return int(f.read())


def client(sid):
    return u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", sid)


def pppoe(sid):
    return g.ask("PPPOE_NEW", client(sid) + attr("MAC", bytes((2, 0, 0, 0, 0, sid))))[:2]


def lns(t, s):
    """As LNS: bound to a device."""
    g.must("BIND", nest("LINK", ids(t, s)) + u32("TO_IFINDEX", ifindex("term0")) +
           nest("ADDRS", nest("ADDR", ip("PREFIX", "10.%d.0.%d" % (t, s)) +
                              u8("PREFIX_LEN", 32))))


def lac(t, s, sid):
    """As LAC: bound to a client."""
    g.must("BIND", nest("LINK", ids(t, s)) + nest("TO_LINK", client(sid)))


load_module()
unshare_net()
run("ip link add e0 type veth peer name e1")
run("ip link add acc0 type veth peer name acc1")
run("ip link add term0 type adit")
run("ip addr add 192.0.2.1/24 dev e0")
for dev in "e0", "e1", "acc0", "acc1", "term0":
    run("ip link set %s up" % dev)
g = Genl()
g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
assert endpoint_id(g) == 1
g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))
OK = (0, "")
NO_TUNNEL = (errno.ENOSPC, "limit of tunnels is reached")
NO_SESSION = (errno.ENOSPC, "limit of sessions is reached")

assert system("MAX_TUNNELS", "MAX_SESSIONS") == [8000, 60000]
print("ok: 8,000 tunnels and 60,000 sessions unless something else is set")

g.must("SYSTEM_SET", u32("MAX_TUNNELS", 3) + u32("MAX_SESSIONS", 5))
assert [tunnel(i) for i in (1, 2, 3, 4)] == [OK, OK, OK, NO_TUNNEL]
assert g.ask("TUNNEL_DEL", u16("TUNNEL_ID", 2))[0] == 0
assert [tunnel(4), tunnel(2)] == [OK, NO_TUNNEL]
print("ok: tunnels up to the limit, another for one that went")

# Two as LNS, two as LAC, one of nothing yet; 4 tunnels x 1 and 1 x 2.
assert [session(*s) for s in ((1, 1), (3, 1), (1, 2), (4, 1), (1, 3), (3, 2))] == \
    [OK] * 5 + [NO_SESSION]
assert [pppoe(sid) for sid in (1, 2)] == [OK, OK]
lns(1, 1)
lns(3, 1)
lac(1, 2, 1)
lac(4, 1, 2)
assert [session(t, 9) for t in (1, 3, 4)] == [NO_SESSION] * 3
assert system("TUNNELS", "SESSIONS", "PPPOES") == [3, 5, 2]
assert len(g.dump("SESSION_GET")) == 5
print("ok: sessions of both roles together, wherever they are")

assert [pppoe(sid) for sid in (3, 4, 5, 6)] == [OK, OK, OK, NO_SESSION]
print("ok: as many pppoes as sessions")

g.must("SYSTEM_SET", u32("MAX_TUNNELS", 4) + u32("MAX_SESSIONS", 6))
assert [tunnel(2), tunnel(5)] == [OK, NO_TUNNEL]
assert [session(2, 1), session(2, 2)] == [OK, NO_SESSION]
print("ok: raised")

# Lowered below what there is: nothing goes, nothing comes.
g.must("SYSTEM_SET", u32("MAX_TUNNELS", 1) + u32("MAX_SESSIONS", 1))
assert system("TUNNELS", "SESSIONS") == [4, 6]
assert [tunnel(5), session(1, 9)] == [NO_TUNNEL, NO_SESSION]
g.must("SESSION_DEL", ids(2, 1))
assert session(2, 1) == NO_SESSION
print("ok: lowered: who is there stays")

pid = os.fork()
if not pid:
    unshare_net()
    g = Genl()
    assert system("MAX_TUNNELS", "MAX_SESSIONS") == [8000, 60000]
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
print("ok: each namespace has its own")

# Endpoints are looked for one by one.
pid = os.fork()
if not pid:
    unshare_net()
    g = Genl()
    for i in range(1024):
        g.must("ENDPOINT_NEW", ip("LOCAL", "127.0.%d.%d" % (i >> 8, i & 255)))
    more = ip("LOCAL", "127.1.0.1")
    assert g.ask("ENDPOINT_NEW", more)[:2] == (errno.ENOSPC, "no more endpoints")
    g.must("ENDPOINT_DEL", u32("ENDPOINT_ID", 5))
    g.must("ENDPOINT_NEW", more)
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
print("ok: endpoints up to their limit")

# Memory is the machine's: a user namespace's root gets no more than the default.
assert g.ask("SYSTEM_SET", u32("MAX_SESSIONS", 1 << 20))[0] == 0
assert g.ask("SYSTEM_SET", u32("MAX_SESSIONS", (1 << 20) + 1))[0] == errno.ERANGE
pid = os.fork()
if not pid:
    os.setuid(65534)
    # CLONE_NEWUSER, CLONE_NEWNET
    assert ctypes.CDLL(None).unshare(0x10000000 | 0x40000000) == 0
    g = Genl()
    assert g.ask("SYSTEM_SET", u32("MAX_SESSIONS", 60000) +
                 u32("FRAG_BUDGET", 16 << 20))[0] == 0
    for more in (u32("MAX_TUNNELS", 8001), u32("MAX_SESSIONS", 60001),
                 u32("FRAG_BUDGET", (16 << 20) + 1)):
        assert g.ask("SYSTEM_SET", more)[:2] == \
            (errno.EPERM, "beyond the default only by the machine's administrator")
    assert system("MAX_SESSIONS") == [60000]
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)    # PR_SET_DUMPABLE: own what is below
    with open("/proc/self/uid_map", "w", encoding="ascii") as f:
        f.write("0 65534 1")
    unshare_net()
    Genl().must("ENDPOINT_NEW", ip("LOCAL", "127.0.0.1"))
    budget = "/sys/class/net/adit0/adit/reassembly_budget"
    assert write(budget, 1 << 20) == 0 and read(budget) == 1 << 20
    assert write(budget, (16 << 20) + 1) == errno.EPERM and read(budget) == 1 << 20
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
print("ok: no more than the default from within a user namespace")
