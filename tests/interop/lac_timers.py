#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a LAC's subscriber meets that does not do its part when our LNS negotiates anew,
by timers at their real values: it comes up, or is cleared in time and told why.
lac_kit.py says how it is called; sleeping should cost no time."""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lac import CHAP, IPCP, LCP, must, pack, u16, unpack
from lac_kit import (case, count, dial, finish, main, plain, proxy_auth, proxy_lcp)

BOTH = 'auth = { "chap", "pap" } '
RESTART, TRIES, PATIENCE = 3, 10, 30    # RFC 1661 4.6; auth-timeout

# {host: options of its profile}
HOSTS = {
    "accept": BOTH,
    "ignore": BOTH + "proxy-lcp = ignore",
    "strict": BOTH + "mru = 1400",
    "patient": BOTH + "proxy-lcp = ignore auth-timeout = 300",
}


def near(what, wanted, slack=0.6):
    must(abs(what - wanted) < slack, "after", what, "not", wanted)


def apart(client, name, times):
    """So many came, RESTART apart."""
    seen = client.all(name)
    must(len(seen) == times, len(seen), name, "came, not", times)
    for one, other in zip(seen, seen[1:]):
        near(other.when - one.when, RESTART)


def cleared(client, start, after, text, *causes):
    """By Terminate-Request, and CDN with one of these causes and that text."""
    cdn = client.end(after + 30)
    near(time.monotonic() - start, after, 2)
    must(cdn.cause() in causes, cdn.cause())
    must(text in cdn.result()[2], cdn.result())
    client.rest(0.5)
    client.tunnel.close()


# The LNS begins anew, and the client takes no notice.

@case("ignore")
@case("strict")
@case("accept")
def it_never_restarts(host):
    """Its LCP is open; it hears nothing of what the LNS asks, and asks for an address."""
    avps = [] if host == "accept" else proxy_lcp() + proxy_auth()
    start = time.monotonic()
    client = dial(host, plain(avps), ignores=("lcp-req", "challenge"))
    client.run(lambda: client.all("lcp-req"))
    client.ask_ipcp()
    cleared(client, start, PATIENCE, "LCP", (6, LCP, 0))
    apart(client, "lcp-req", TRIES)
    count(client, ipcp_ack=0, ipcp_req=0, challenge=0)


@case()
def it_never_restarts_however_long_it_may_take():
    """RFC 1661's Max-Configure ends it where auth-timeout does not."""
    start = time.monotonic()
    client = dial("patient", plain(proxy_lcp() + proxy_auth()),
                  ignores=("lcp-req", "challenge"))
    cleared(client, start, RESTART * TRIES, "LCP", (6, LCP, 0))
    apart(client, "lcp-req", TRIES)


@case()
def it_acknowledges_only():
    """It says yes, and sends no Configure-Request of its own."""
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()), opened=False)
    client.opened = None    # neither, so that it does not ask
    cleared(client, start, PATIENCE, "LCP did not converge", (5, LCP, 0))
    count(client, challenge=0, success=0)


@case()
def it_asks_only():
    """It sends its Configure-Request, again and again, and answers none."""
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()), ignores=("lcp-req",))
    while not client.call.cdn:
        client.ask_lcp()
        client.rest(RESTART)
    cleared(client, start, PATIENCE, "LCP did not converge", (5, LCP, 0))
    count(client, challenge=0, lcp_ack=None)


@case()
def it_negotiates_without_end():
    """Each Configure-Request of the LNS's gets a Nak for another MRU."""
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()))
    wish = [1400]

    def on_req(ident, _):
        wish[0] -= 8
        client.send(LCP, 3, pack([(1, u16(wish[0]))]), ident)
    client.on_lcp_req = on_req
    cdn = client.end(PATIENCE + 30)
    must(time.monotonic() - start < PATIENCE + 2, "too late")
    must(cdn.cause()[:2] == (5, LCP), cdn.cause(), cdn.result())
    client.rest(0.5)
    client.tunnel.close()
    count(client, challenge=0)


@case()
def it_opens_lcp_and_answers_no_challenge():
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()), ignores=("challenge",))
    cleared(client, start, PATIENCE, "does not authenticate", (13, CHAP, 0))
    apart(client, "challenge", TRIES)


@case()
def it_asks_for_no_address():
    """All is well, and then it is silent."""
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()), ignores=("ipcp-req",))
    cleared(client, start, PATIENCE, "network protocol", (17, IPCP, 0))
    count(client, success=1)


# It is late.

@case(1)
@case(4)
@case(8)
def it_restarts_late(missed):
    """It hears no Configure-Request but the one after so many."""
    start = time.monotonic()
    client = dial("ignore", plain(proxy_lcp() + proxy_auth()), ignores=("lcp-req",))
    client.run(lambda: len(client.all("lcp-req")) == missed)
    client.ignores.clear()
    client.go_up()
    near(time.monotonic() - start, missed * RESTART, 1.5)
    must(unpack(client.all("lcp-req")[-1].data), "an empty Configure-Request")
    finish(client)
    count(client, lcp_req=missed + 1, lcp_ack=1, challenge=1, success=1)


main(HOSTS)
