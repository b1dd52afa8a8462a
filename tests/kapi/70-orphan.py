#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A namespace whose daemon is gone: all ends after the orphan timeout, and not before;
who listens in time saves it, a tool that only looks does not, and without a timeout it
lives on."""

import errno
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, endpoint_id, ifindex, ip, load_module, nest, run, u8,
                  u16, u32, unshare_net)
from wire import number

COUNTS = "TUNNELS", "SESSIONS", "PPPOES"


def counts():
    a = g.must("SYSTEM_GET")[0]
    return [number(a[A[n]]) for n in COUNTS]


def timeout(seconds):
    return g.ask("SYSTEM_SET", u32("ORPHAN_TIMEOUT", seconds))


def fill():
    """A tunnel with a session on a device, one bound to a client, and a client."""
    g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
    g.must("PORT_NEW", u32("IFINDEX", ifindex("acc0")))
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 1) +
           u16("PEER_TUNNEL_ID", 1) + ip("REMOTE", "192.0.2.2") +
           u16("REMOTE_PORT", 1701))
    for sid in 1, 2:
        g.must("SESSION_NEW", u16("TUNNEL_ID", 1) + u16("SESSION_ID", sid) +
               u16("PEER_SESSION_ID", sid))
    client = u32("IFINDEX", ifindex("acc0")) + u16("SESSION_ID", 7)
    g.must("PPPOE_NEW", client + attr("MAC", bytes((2, 0, 0, 0, 0, 7))))
    one = u16("TUNNEL_ID", 1) + u16("SESSION_ID", 1)
    two = u16("TUNNEL_ID", 1) + u16("SESSION_ID", 2)
    g.must("BIND", nest("LINK", one) + u32("TO_IFINDEX", ifindex("term0")) +
           nest("ADDRS", nest("ADDR", ip("PREFIX", "10.0.0.1") + u8("PREFIX_LEN", 32))))
    g.must("BIND", nest("LINK", two) + nest("TO_LINK", client))


def listener():
    daemon = Genl()
    daemon.must("LISTEN", u32("CLASSES", 7))
    return daemon


def lives_for(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert counts() == [1, 2, 1], counts()
        time.sleep(0.05)


def gone_after():
    start = time.monotonic()
    while counts() != [0, 0, 0]:
        assert time.monotonic() < start + 20, counts()
        Genl().sock.close()
        time.sleep(0.01)
    return time.monotonic() - start


load_module()
unshare_net()
run("ip link add e0 type veth peer name e1")
run("ip link add acc0 type veth peer name acc1")
run("ip link add term0 type adit")
run("ip addr add 192.0.2.1/24 dev e0")
for dev in "e0", "e1", "acc0", "acc1", "term0":
    run("ip link set %s up" % dev)
g = Genl()

assert number(g.must("SYSTEM_GET")[0][A["ORPHAN_TIMEOUT"]]) == 0
assert timeout(604801)[0] == errno.ERANGE
assert timeout(604800)[0] == 0
assert number(g.must("SYSTEM_GET")[0][A["ORPHAN_TIMEOUT"]]) == 604800
assert timeout(0)[0] == 0
fill()
listener().sock.close()
lives_for(2)
print("ok: without a timeout it lives on")

first, second = listener(), Genl()
assert timeout(1)[0] == 0
lives_for(2)
second.must("LISTEN", u32("CLASSES", 2))
first.sock.close()
lives_for(2)
print("ok: so it does while anybody listens")

# Each daemon has the whole time, however late its predecessor went.
for _ in range(3):
    second.sock.close()
    lives_for(0.8)
    second = listener()
lives_for(2)
print("ok: who comes in time saves it")

second.sock.close()
took = gone_after()
assert took > 0.9, took
assert g.dump("ENDPOINT_GET") == [] and g.dump("PORT_GET") == []
assert ifindex("term0")
print("ok: gone %.1f s after the last one" % took)

# It is a namespace like a new one; there is nobody, and the time is set: it begins.
assert timeout(0)[0] == 0
fill()
lives_for(1.5)
start = time.monotonic()
assert timeout(1)[0] == 0
gone_after()
assert time.monotonic() - start > 0.9
print("ok: used again, and gone again")

# It ends with its namespace, armed.
pid = os.fork()
if not pid:
    unshare_net()
    g = Genl()
    run("ip link set lo up")
    g.must("ENDPOINT_NEW", ip("LOCAL", "127.0.0.1"))
    assert timeout(1)[0] == 0
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
time.sleep(1.5)
print("ok: a namespace that dies before")
