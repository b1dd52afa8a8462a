#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each command, and each form of BIND and INJECT, with each attribute: those that it has
no use for are refused, and said to be."""

import errno
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from arguments import DUMPS, TAKES
from genl import (A, CMD, F_ACK, F_DUMP, Box, Genl, attr, ip, load_module, nest, u8, u16,
                  u32, unshare_net)

load_module()
unshare_net()
g = Genl()
Box().make(g)
COMMANDS = [c for c in CMD if c not in ("UNSPEC", "MAX", "PUNT", "TAP")]
kinds = [n for n in A if n not in ("UNSPEC", "PAD", "MAX")]
SESSION1, SESSION2 = (u16("TUNNEL_ID", 17) + u16("SESSION_ID", i) for i in (1, 2))
LINK = u16("TUNNEL_ID", 99) + u16("SESSION_ID", 99)
# Well formed, and of nothing that is there.
GOOD = {**{n: u8(n, 1) for n in ("UDP_CSUM", "SEQ", "DSCP", "ECN", "DF", "IPSEC")},
        **{n: u8(n, 0) for n in ("CLASS", "RATION")},
        **{n: u16(n, 99) for n in (
            "LOCAL_PORT", "REMOTE_PORT", "FROM_PORT", "TUNNEL_ID", "PEER_TUNNEL_ID",
            "SESSION_ID", "PEER_SESSION_ID", "VLAN_OUTER", "VLAN_INNER", "MTU", "MSS",
            "MRU", "SNAP")},
        **{n: u32(n, 99) for n in (
            "ENDPOINT_ID", "IFINDEX", "TO_IFINDEX", "MAGIC", "MARK", "PRIORITY",
            "RATION_RATE", "RATION_BURST", "FRAG_TIMEOUT", "REORDER_TIMEOUT",
            "REORDER_PACKETS", "ORPHAN_TIMEOUT")},
        **{n: u32(n, 65535) for n in ("MAX_TUNNELS", "MAX_SESSIONS")},
        "FRAG_BUDGET": u32("FRAG_BUDGET", 16 << 20),
        "FRAG_PEER_BUDGET": u32("FRAG_PEER_BUDGET", 256 << 10),
        **{n: ip(n, "192.0.2.1") for n in ("LOCAL", "REMOTE", "FROM")},
        **{n: nest(n, b"") for n in ("ADDRS", "POLICE_RX", "POLICE_TX", "PACE")},
        **{n: nest(n, LINK) for n in ("LINK", "TO_LINK")},
        **{n: attr(n, b"") for n in ("FORCE", "HOLD")},
        "CLASSES": u32("CLASSES", 0), "VLAN_PROTO": u16("VLAN_PROTO", 0x8100),
        "MAC": attr("MAC", b"\2" * 6), "LABEL": attr("LABEL", b"x\0"),
        "COOKIE": attr("COOKIE", ("Q", 5)), "FRAME": attr("FRAME", bytes(20))}

for what in sorted(set(COMMANDS) | set(TAKES)):
    cmd, form = (what.split() + [""])[:2]
    for kind in kinds:
        head = GOOD[form] if form not in ("", kind) else b""
        for flags in (F_ACK, F_DUMP) if cmd.endswith("_GET") and cmd != "SYSTEM_GET" \
                else (F_ACK,):
            err, text, _ = g.ask(cmd, head + GOOD.get(kind, u32(kind, 1)), flags)
            none = "none of this command's" in text
            if kind in GOOD:
                takes = DUMPS if flags == F_DUMP else TAKES
                assert none == (kind not in takes.get(what, "").split()), \
                    (what, kind, err, text)
            assert not none or err == errno.EINVAL, (what, kind, err)
            assert kind in GOOD or err, (what, kind)
# What was there is as it was: nothing was done by half.
before = g.must("SESSION_GET", SESSION1)
for cmd, attrs in (("SESSION_SET", SESSION1 + attr("LABEL", b"other\0") + u16("MTU", 1300)),
                   ("SESSION_SET", SESSION1 + u8("SEQ", 1) + u16("MSS", 1300)),
                   ("SESSION_SET", SESSION1 + u8("SEQ", 1) + u16("MRU", 1300)),
                   ("BIND", nest("LINK", SESSION1) + u32("MAGIC", 3)),
                   ("BIND", nest("LINK", SESSION1) + nest("TO_LINK", SESSION2) +
                    u16("MTU", 1300))):
    err, text, _ = g.ask(cmd, attrs)
    assert err == errno.EINVAL and "none of this command's" in text, (cmd, err, text)
assert g.must("SESSION_GET", SESSION1) == before
print("ok")
