#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 480
"""Netlink from somebody who means it badly: nothing, too little, too much, what
belongs to another namespace, and many thousand messages of chance. Every refusal
says why, nothing breaks, and what was there is still there."""

import errno
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from arguments import TAKES
from genl import (A, CMD, F_ACK, F_DUMP, Box, Genl, attr, endpoint_id, ip,
                  load_module, nest, u8, u16, u32, unshare_net)

ROUNDS = 6000
COMMANDS = [c for c in CMD if c not in ("UNSPEC", "MAX", "PUNT", "TAP")]
GETS = [c for c in COMMANDS if c.endswith("_GET")]

load_module()
unshare_net()
g = Genl()

# A namespace that has nothing says so, and has no device of ours after it.
for cmd in COMMANDS:
    err, text, _ = g.ask(cmd)
    if cmd in ("SYSTEM_GET", "SYSTEM_SET"):
        assert not err, cmd
    else:
        assert err and text, "%s: %d %r" % (cmd, err, text)
assert not [d for d in os.listdir("/sys/class/net") if d.startswith("adit")]
for cmd in GETS[1:]:
    assert g.dump(cmd) == [], cmd
print("ok: an empty namespace")

box = Box().make(g)


def count():
    return {c: len(g.dump(c)) for c in GETS[1:]}


whole = count()
assert whole == {"ENDPOINT_GET": 1, "TUNNEL_GET": 1, "SESSION_GET": 2,
                 "PORT_GET": 1, "PPPOE_GET": 1, "UNDERLAY_GET": 0, "CLASS_GET": 4,
                 "RATION_GET": 15, "PEERS_GET": 0, "TAP_GET": 0}, whole

# Each attribute in every length that it does not have.
kinds = [n for n in A if n not in ("UNSPEC", "PAD", "MAX")]
for cmd in COMMANDS:
    for kind in kinds:
        for i, length in enumerate((0, 1, 3, 5, 7, 9, 200, 5000)):
            g.ask(cmd, attr(kind, b"\xff" * length, (i + A[kind]) % 2))
assert count() == whole, count()
print("ok: wrong lengths")

refused = {
    "exists": ("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"), errno.EEXIST),
    "not ours": ("ENDPOINT_NEW", ip("LOCAL", "198.51.100.9"),
                 errno.EADDRNOTAVAIL),
    "busy": ("ENDPOINT_DEL", u32("ENDPOINT_ID", endpoint_id(g)), errno.EBUSY),
    "sessions": ("TUNNEL_DEL", u16("TUNNEL_ID", 17), errno.EBUSY),
    "none": ("SESSION_DEL", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 9),
             errno.ENOENT),
    "to itself": ("BIND", nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)) +
                  nest("TO_LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 1)),
                  errno.EINVAL),
    "no such device": ("BIND", nest("LINK", u16("TUNNEL_ID", 17) +
                                    u16("SESSION_ID", 1)) +
                       u32("TO_IFINDEX", 1), errno.ENODEV),
    "somebody's address": (
        "BIND", nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)) +
        u32("TO_IFINDEX", box.term0) + nest("ADDRS", nest(
            "ADDR", ip("PREFIX", "10.0.0.2") + u8("PREFIX_LEN", 32))),
        errno.EEXIST),
    "bits behind": (
        "BIND", nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)) +
        u32("TO_IFINDEX", box.term0) + nest("ADDRS", nest(
            "ADDR", ip("PREFIX", "10.9.0.1") + u8("PREFIX_LEN", 24))),
        errno.EINVAL),
    "loopback as port": ("PORT_NEW", u32("IFINDEX", 1), errno.EINVAL),
    "inner VLAN alone": (
        "PPPOE_NEW", u32("IFINDEX", box.acc0) + u16("SESSION_ID", 8) +
        u16("VLAN_INNER", 5) + attr("MAC", b"\2" * 6), errno.EINVAL),
    "no route": (
        "INJECT", u32("ENDPOINT_ID", endpoint_id(g)) + ip("REMOTE", "203.0.113.1") +
        u16("REMOTE_PORT", 1701) + attr("FRAME", b"\xc8\2" + bytes(10)),
        errno.ENETUNREACH),
    "an inner VLAN of nobody": (
        "INJECT", u32("IFINDEX", box.acc0) + attr("MAC", b"\2" * 6) +
        u16("VLAN_INNER", 5) + attr("FRAME", bytes(20)), errno.EINVAL),
}
for what, (cmd, attrs, want) in refused.items():
    err, text, _ = g.ask(cmd, attrs)
    assert err == want and text, "%s: %d %r" % (what, err, text)
assert count() == whole, count()
print("ok: refusals say why")

# By chance, with what could be right; never what removes or rebinds.
# Somebody listens, or an orphan timeout would remove.
ears = Genl()
ears.must("LISTEN", u32("CLASSES", 15))
random.seed(7)
safe = [c for c in COMMANDS if not c.endswith("_DEL") and c != "BIND"]


def value(mine, depth=0):
    """Mostly of the command's own, or it gets no further than the door."""
    kind = random.choice(mine if not depth and random.random() < 0.95 else kinds)
    roll = random.random()
    if roll < 0.2 and depth < 4:
        return nest(kind, b"".join(value(mine, depth + 1)
                                   for _ in range(random.randrange(4))))
    if roll < 0.5:
        return attr(kind, random.randbytes(random.randrange(24)))
    make = random.choice([u8, u16, u32])
    return make(kind, random.choice([0, 1, 2, 7, 17, 18, box.acc0 & 0xff, 255]))


for _ in range(ROUNDS):
    command = random.choice(safe)
    own = TAKES.get(command, "").split() or kinds
    attrs = b"".join(value(own) for _ in range(random.randrange(8)))
    err, text, _ = g.ask(command, attrs,
                         random.choice([F_ACK, F_ACK, F_ACK, F_DUMP]))
now = count()
assert all(now[c] >= whole[c] for c in whole), now
for s in g.dump("SESSION_GET"):
    assert A["TUNNEL_ID"] in s
print("ok: %d messages of chance" % ROUNDS)

# Another namespace has nothing of this one; nobody without the right may ask.
if not os.fork():
    unshare_net()
    other = Genl()
    err, text, _ = other.ask("TUNNEL_GET", u16("TUNNEL_ID", 17))
    os._exit(0 if err == errno.ENOENT and other.dump("SESSION_GET") == [] else 1)
assert os.wait()[1] == 0, "another namespace saw ours"
if not os.fork():
    os.setuid(65534)
    weak = Genl()
    os._exit(0 if all(weak.ask(c)[0] == errno.EPERM for c in COMMANDS) else 1)
assert os.wait()[1] == 0, "allowed without CAP_NET_ADMIN"
print("ok: namespaces and privilege")
