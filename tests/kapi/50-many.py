#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
"""Many sessions: made and removed in batches, dumped while others come and go, narrowed
in the kernel, limited in number. With a number as argument it takes that many, and
prints how long each step took."""

import errno
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, F_DUMP, F_REQUEST, Box, Genl, attr, endpoint_id, ip,
                  load_module, u16, u32, unshare_net)
from wire import number

MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
BATCH = 200

load_module()
unshare_net()
g = Genl()
box = Box().make(g)
random.seed(3)


def message(cmd, attrs, seq=0, flags=0):
    body = struct.pack("=BBH", CMD[cmd], 1, 0) + attrs
    return struct.pack("=IHHII", 16 + len(body), g.family, F_REQUEST | flags, seq, 0) + body


def batch(messages):
    for i in range(0, len(messages), BATCH):
        g.sock.send(b"".join(messages[i:i + BATCH]))


def errors():
    """{sequence number: errno} of what was refused of batches; a marker ends it."""
    g.sock.send(message("SYSTEM_GET", b"", 0x7fffffff))
    got = {}
    while True:
        data = g.sock.recv(1 << 17)
        while len(data) >= 16:
            length, kind, _, seq, _ = struct.unpack_from("=IHHII", data)
            if seq == 0x7fffffff:
                return got
            if kind == 2:
                got[seq] = -struct.unpack_from("=i", data, 16)[0]
            data = data[(length + 3) & ~3:]


def ids(n, tunnel=17):
    return u16("TUNNEL_ID", tunnel) + u16("SESSION_ID", n)


def keys(**narrow):
    attrs = b"".join(narrow.values())
    got = [number(a[A["TUNNEL_ID"]]) << 16 | number(a[A["SESSION_ID"]])
           for a in g.dump("SESSION_GET", attrs)]
    assert len(got) == len(set(got)), "doubled"
    return set(got)


def timed(what, fn, *args):
    start = time.monotonic()
    result = fn(*args)
    took = time.monotonic() - start
    print("%s: %.3f s, %.1f us each" % (what, took, took * 1e6 / MANY), flush=True)
    return result


def count():
    return number(g.must("SYSTEM_GET")[0][A["SESSIONS"]])


# One send, several commands, one of them wrong.
g.sock.send(message("SESSION_NEW", ids(10), 1) + message("SESSION_NEW", ids(10), 2) +
            message("SESSION_NEW", ids(11, 99), 3) + message("SESSION_NEW", ids(11), 4) +
            message("SESSION_DEL", ids(10), 5))
assert errors() == {2: errno.EEXIST, 3: errno.ENOENT}
assert keys() == {17 << 16 | n for n in (1, 2, 11)}
g.must("SESSION_DEL", ids(11))
print("ok: a batch")

# Many, in a tunnel of their own.
g.must("SYSTEM_SET", u32("MAX_SESSIONS", max(MANY + 10, 60000)))
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 20) +
       u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
new = [message("SESSION_NEW", ids(n, 20) + u16("PEER_SESSION_ID", n) +
               attr("LABEL", b"user%d\0" % (n % 10)) + attr("COOKIE", ("Q", n)))
       for n in range(1, MANY + 1)]
timed("make %d" % MANY, batch, new)
assert errors() == {} and count() == MANY + 2
got = timed("dump", keys)
assert got == {20 << 16 | n for n in range(1, MANY + 1)} | {17 << 16 | 1, 17 << 16 | 2}
delete = [message("SESSION_DEL", ids(n, 20)) for n in range(1, MANY + 1)]
timed("remove", batch, delete)
assert errors() == {} and count() == 2
batch(new)
timed("remove the tunnel", g.must, "TUNNEL_DEL", u16("TUNNEL_ID", 20) + attr("FORCE", b""))
assert count() == 2
if len(sys.argv) > 1:
    sys.exit()

# Narrowed.
g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 20) +
       u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.2") + u16("REMOTE_PORT", 1701))
batch(new)
assert len(keys(t=u16("TUNNEL_ID", 20))) == MANY
assert keys(t=u16("TUNNEL_ID", 17)) == {17 << 16 | 1, 17 << 16 | 2}
assert keys(n=attr("LABEL", b"user3\0")) == \
    {20 << 16 | n for n in range(1, MANY + 1) if n % 10 == 3}
assert keys(n=attr("LABEL", b"user\0")) == {17 << 16 | 2}
assert keys(c=attr("COOKIE", ("Q", 77))) == {20 << 16 | 77}
assert keys(c=attr("COOKIE", ("Q", 77)), t=u16("TUNNEL_ID", 17)) == set()
assert keys(d=u32("TO_IFINDEX", box.term0)) == {17 << 16 | 1}
assert keys(d=u32("TO_IFINDEX", 1)) == set()
assert len(g.dump("PPPOE_GET", u32("IFINDEX", box.acc0))) == 1
assert g.dump("PPPOE_GET", u32("IFINDEX", 1)) == []
assert g.dump("PPPOE_GET", attr("LABEL", b"x\0")) == []
print("ok: narrowed")

# While others come and go nobody is lost or doubled who stays.
other = Genl()
stay = {20 << 16 | n for n in range(1, MANY + 1) if n % 3}
for _ in range(3):
    seq = g.send(CMD["SESSION_GET"], u16("TUNNEL_ID", 20), F_DUMP)
    got, done, parts = [], False, 0
    while not done:
        data = g.sock.recv(1 << 17)
        parts += 1
        while len(data) >= 16:
            length, kind, _, _, _ = struct.unpack_from("=IHHII", data)
            if kind in (2, 3):
                done = True
            else:
                a = dict()
                rest = data[20:length]
                while rest:
                    n, t = struct.unpack_from("=HH", rest)
                    a[t & 0x3fff] = rest[4:n]
                    rest = rest[(n + 3) & ~3:]
                got.append(20 << 16 | number(a[A["SESSION_ID"]]))
            data = data[(length + 3) & ~3:]
        if not done:
            n = random.randrange(3, MANY + 1, 3)
            other.ask("SESSION_DEL", ids(n, 20))
            other.ask("SESSION_NEW", ids(random.randrange(MANY + 1, 60000), 20))
            if random.randrange(2):
                other.ask("SESSION_NEW", ids(n, 20))
    assert parts > 9, parts
    assert len(got) == len(set(got)), "doubled"
    assert stay <= set(got), "%d lost" % len(stay - set(got))
print("ok: a dump while others come and go, in %d parts" % parts)
g.must("TUNNEL_DEL", u16("TUNNEL_ID", 20) + attr("FORCE", b""))

# Limits: of the namespace, whoever made them.
a = Genl().must("SYSTEM_GET")[0]
g.must("SYSTEM_SET", u32("MAX_SESSIONS", 5) + u32("MAX_TUNNELS", 2))
for n in 21, 22, 23:
    assert not g.ask("SESSION_NEW", ids(n))[0]
assert g.ask("SESSION_NEW", ids(24))[:2] == (errno.ENOSPC, "limit of sessions is reached")


def tunnel(n):
    return g.ask("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", n) +
                 u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.2") +
                 u16("REMOTE_PORT", 1701))[:2]


assert tunnel(30) == (0, "")
assert tunnel(31) == (errno.ENOSPC, "limit of tunnels is reached")
g.must("SYSTEM_SET", u32("MAX_SESSIONS", 1))    # those that are there stay
assert count() == 5
g.must("SESSION_DEL", ids(21))
assert g.ask("SESSION_NEW", ids(24))[0] == errno.ENOSPC
g.must("SYSTEM_SET", u32("MAX_SESSIONS", 6) + u32("MAX_TUNNELS", 3))
assert not g.ask("SESSION_NEW", ids(24))[0] and tunnel(31) == (0, "")
assert g.ask("SYSTEM_SET", u32("MAX_TUNNELS", 65536))[0] == errno.ERANGE
pid = os.fork()
if not pid:
    unshare_net()
    a = Genl().must("SYSTEM_GET")[0]
    os._exit(0 if (number(a[A["MAX_SESSIONS"]]), number(a[A["MAX_TUNNELS"]])) ==
             (60000, 8000) else 1)
assert os.waitpid(pid, 0)[1] == 0, "defaults"
print("ok: limits")
