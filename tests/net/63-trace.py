#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 60
"""Tracepoints: what is made, bound, removed, dropped and punted is seen in tracefs, with
the ids of whom it concerns."""

import os
import re
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, CMD, Box, Genl, datagram, enum, load_module, mac, nest, parse, run, u16,
                  u32, unshare_net)

from wire import REASONS
TRACE = "/sys/kernel/tracing/"
STAT = enum("adit_punt_stat")

load_module()
unshare_net()
if not os.path.isdir(TRACE + "events"):
    run("mount -t tracefs none " + TRACE)
if not os.path.isdir(TRACE + "events/adit"):
    print("the kernel has no events" if not os.path.isdir(TRACE + "events") else
          "the module has none")
    sys.exit(1)


def write(name, text):
    with open(TRACE + name, "w", encoding="ascii") as f:
        f.write(text)


def seen():
    """[(event, {field: number})], and forgets them."""
    with open(TRACE + "trace", encoding="ascii") as f:
        lines = re.findall(r": (adit_\w+): (.*)", f.read())
    write("trace", "")
    return [(event, {k: int(v, 16 if k == "vlans" else 10)
                     for k, v in (x.split("=") for x in text.split())})
            for event, text in lines]


def has(events, event, **fields):
    found = [f for e, f in events if e == event and
             all(f[k] == v for k, v in fields.items())]
    assert found, (event, fields, events)
    assert all(f["netns"] == os.stat("/proc/self/ns/net").st_ino for f in found)
    return len(found)


write("events/adit/enable", "1")
write("trace", "")
g = Genl()
box = Box().make(g)
events = seen()
has(events, "adit_tunnel", cmd=CMD["TUNNEL_NEW"], tunnel=17, peer=18)
has(events, "adit_link_told", cmd=CMD["SESSION_NEW"], tunnel=17, session=1)
has(events, "adit_link_told", cmd=CMD["PPPOE_NEW"], ifindex=box.acc0, session=7)
has(events, "adit_bind", to=-1, tunnel=17, session=2)
has(events, "adit_bind", to=-1, ifindex=box.acc0, session=7)
has(events, "adit_bind", to=box.term0, tunnel=17, session=1)

raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("e1", 0))
eth = mac("e0") + bytes.fromhex("020000000002") + b"\x08\0"
ear = Genl()
ear.must("LISTEN", u32("CLASSES", 15))
spoof = b"\0\x21" + datagram(b"1234")    # 192.0.2.2 is not the subscriber's
raw.send(eth + datagram(struct.pack("!HHH", 2, 17, 1) + b"\xff\x03" + spoof))
raw.send(eth + datagram(struct.pack("!HHH", 2, 99, 1) + b"\xff\x03" + spoof))
raw.send(eth + datagram(struct.pack("!HHHHHH", 0xc802, 12, 0, 0, 0, 0)))
ear.sock.close()
raw.send(eth + datagram(struct.pack("!HHHHHH", 0xc802, 12, 0, 0, 0, 0)))
time.sleep(0.2)
drops = parse(g.must("SYSTEM_GET")[0][A["DROPS"]])
assert drops[1 + REASONS.index("rx_spoof")] != bytes(8), "it was not dropped"
events = seen()
assert has(events, "adit_drop", why=REASONS.index("rx_spoof"), tunnel=17, session=1) == 1
assert has(events, "adit_drop", why=REASONS.index("rx_no_tunnel"), tunnel=0) == 1
assert has(events, "adit_punt", **{"class": 0, "stat": STAT["STAT_PASSED"]}) == 1
assert has(events, "adit_punt", **{"class": 0, "stat": STAT["STAT_NO_LISTENER"]}) == 1
assert has(events, "adit_drop", why=REASONS.index("punt_no_listener")) == 1

g.must("BIND", nest("LINK", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2)))
g.must("SESSION_DEL", u16("TUNNEL_ID", 17) + u16("SESSION_ID", 2))
events = seen()
has(events, "adit_bind", to=0, tunnel=17, session=2)
has(events, "adit_bind", to=0, ifindex=box.acc0)
has(events, "adit_link_told", cmd=CMD["SESSION_DEL"], tunnel=17, session=2)
write("events/adit/enable", "0")
print("ok: tracepoints")
