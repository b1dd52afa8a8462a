#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 900
"""As many as there may be: 60,000 sessions in one tunnel, in 8,000 tunnels seven or
eight each, and spread over them by chance. One more of either is refused."""

import errno
import os
import random
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, TESTS + "/bench"]
from genl import A, endpoint_id, ip, load_module, u16, u32
from box import Box
from program import Adit
from wire import number

N, TUNNELS = 60000, 8000


def counts():
    a = adit.genl.must("SYSTEM_GET")[0]
    return number(a[A["TUNNELS"]]), number(a[A["SESSIONS"]])


def refused(cmd, attrs):
    assert adit.genl.ask(cmd, attrs)[0] == errno.ENOSPC


def chance(tunnels):
    """Places for sessions, each once."""
    random.seed(1)
    places = set()
    while len(places) < N:
        places.add((random.randint(1, tunnels), random.randint(1, 65535)))
    return list(places)


load_module()
for tunnels in 1, TUNNELS:
    adit = Adit(Box("full%d" % tunnels), tunnels)
    adit.terminate(N)
    assert counts() == (tunnels, N)
    refused("SESSION_NEW", u16("TUNNEL_ID", 1) + u16("SESSION_ID", 65000))
    assert len(adit.genl.dump("SESSION_GET")) == N
    adit.bulk.send(adit.removals(N))
    assert counts() == (tunnels, 0)
    print("ok: %d sessions in %d tunnels" % (N, tunnels))

refused("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(adit.genl)) +
        u16("TUNNEL_ID", TUNNELS + 1) + u16("PEER_TUNNEL_ID", 1) +
        ip("REMOTE", "192.0.2.200") + u16("REMOTE_PORT", 1701))
new = adit.message("SESSION_NEW", ("TUNNEL_ID", "=H"), ("SESSION_ID", "=H"))
adit.bulk.send([new(t, s) for t, s in chance(TUNNELS)])
assert counts() == (TUNNELS, N)
refused("SESSION_NEW", u16("TUNNEL_ID", 1) + u16("SESSION_ID", 0xffff))
print("ok: spread by chance")
