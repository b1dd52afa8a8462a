# SPDX-License-Identifier: GPL-2.0-or-later
"""What lac_cases.py, lac_data.py and lac_timers.py are made of: settings of the LNS,
what a LAC says of LCP and authentication, and the running of cases beside each other.

usage: lac_*.py conf ENDPOINT LACS >>CONFIGURATION
       lac_*.py run LNS [LOCAL]

Each host is one setting of the LNS's. Each call is in a tunnel of its own. In the
environment, LAC_ONLY is a part of the names to run, LAC_AT_ONCE how many at a time."""

import concurrent.futures
import os
import sys
import traceback

from lac import (AUTHS, Call, Client, Tunnel, Wrong, avp, chap_response, hidden, must,
                 pack, u16, u32)

SECRET, USER, PASSWORD = "tunnel-secret", "alice", "wonderland"
OURS, THEIRS = 0x01020304, 0x0a0b0c0d    # magic numbers: client's, the one the LAC chose
LNS_ADDRESS = "100.64.0.1"


def configuration(hosts, endpoint, lacs):
    """hosts: {name: options of its profile}."""
    print('endpoint "core" { address = "%s" }' % endpoint)
    print('pool "home" { prefix = "100.64.0.0/22" }')
    for host, options in hosts.items():
        print('ppp-profile "%s" { pool = "home" local-address = "%s" %s }'
              % (host, LNS_ADDRESS, options))
    print('destination-profile "lacs" { address = "%s"' % lacs)
    for host in hosts:
        print('remote-host "%s" { secret = "%s" ppp-profile = "%s" '
              'disconnect-cause = true hide-avps = %s }'
              % (host, SECRET, host, "true" if host == "hides" else "false"))
    print('}\nuser "%s" { password = "%s" }' % (USER, PASSWORD))


# What a LAC says of what it has negotiated.

def proxy_lcp(auth="chap", mru=1442, magic=THEIRS, client_mru=1442, client_magic=OURS,
              sent=None, received=None, first=None):
    """AVPs 26, 27, 28."""
    ours = [(1, u16(mru))] if mru else []
    ours += [(3, AUTHS[auth])] if auth else []
    ours += [(5, u32(magic))] if magic else []
    theirs = [(1, u16(client_mru))] if client_mru else []
    theirs += [(5, u32(client_magic))] if client_magic else []
    values = {26: pack(theirs) if first is None else first,
              27: pack(ours) if sent is None else sent,
              28: pack(theirs) if received is None else received}
    return list(values.items())


def proxy_auth(auth="chap", ident=0x5c, password=PASSWORD, name=USER, leave_out=()):
    """AVPs 29 to 33."""
    challenge = b"a LAC's challenge"
    values = {29: u16(2 if auth == "chap" else 3), 30: name.encode(), 32: u16(ident)}
    if auth == "chap":
        values[31] = challenge
        values[33] = chap_response(ident, password, challenge)
    else:
        values[33] = password.encode()
    return [(n, v) for n, v in values.items() if n not in leave_out]


def plain(avps):
    return b"".join(avp(n, v) for n, v in avps)


LNS, LOCAL = (sys.argv[2:4] + ["", ""])[:2]
cases = []


def case(*args):
    """A function of a tunnel's, with its host's name and what else it is to have."""
    def add(function):
        cases.append((function.__name__.replace("_", "-"), function, args))
        return function
    return add


def dial(host, proxy, **client):
    tunnel = Tunnel(host, LNS, SECRET, LOCAL)
    call = Call(tunnel)
    call.connect(proxy)
    return Client(call, **client)


def up_client(host="accept", **client):
    c = dial(host, plain(proxy_lcp() + proxy_auth()), **client)
    c.go_up()
    return c


def finish(client):
    """All that there is to see is seen; the LAC hangs up. RFC 1570's Identification is
    never sent."""
    client.rest(0.5)
    count(client, ident=0, discard=0)
    if not client.call.cdn:
        client.call.hang_up()
    client.tunnel.close()


def count(client, **names):
    """count(client, lcp_req=0): so many came; None: at least one."""
    for name, wanted in names.items():
        name = name.replace("_", "-")
        got = len(client.all(name))
        must(got == wanted if wanted is not None else got, name, "came", got, "times:",
             client.names())


def first_of(client, *names):
    must(client.seen and client.seen[0].name in names, "first came", client.names())


def run_cases(chosen):
    failed = 0
    at_once = int(os.environ.get("LAC_AT_ONCE", "12"))
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for name, args, result in [(name, args, pool.submit(function, *args))
                                   for name, function, args in chosen]:
            text = " ".join([name] + [ascii(a)[:30] for a in args])
            try:
                result.result()
                print("ok:", text, flush=True)
            except Wrong as e:
                failed += 1
                print("FAILED: %s: %s" % (text, e), flush=True)
            except Exception:    # of the test's own
                failed += 1
                print("FAILED: %s: %s" % (text, traceback.format_exc()), flush=True)
    return failed


def main(hosts):
    if sys.argv[1] == "conf":
        configuration(hosts, *sys.argv[2:])
        return
    only = os.environ.get("LAC_ONLY", "")
    if run_cases([c for c in cases if only in c[0]]):
        sys.exit(1)
