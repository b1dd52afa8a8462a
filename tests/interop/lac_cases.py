#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What lac.py finds out about our LNS: proxy LCP and proxy authentication (RFC 2661
4.4.5), by who sends which Configure-Request and Challenge, and the rest of PPP that a
LAC's subscriber may do. lac_kit.py says how it is called."""

import itertools
import os
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lac import (AUTHS, CHAP, LCP, PAP, Call, Client, Tunnel, Wrong, avp,
                 chap_response, control, hidden, must, pack, u16, u32, unpack)
from lac_kit import (LNS, LOCAL, OURS, PASSWORD, SECRET, THEIRS, USER, case, cases,
                     count, dial, finish, first_of, main, plain, proxy_auth, proxy_lcp,
                     up_client)

BOTH = 'auth = { "chap", "pap" } '

# {host: options of its profile}
HOSTS = {
    "accept": BOTH,
    "require": BOTH + "proxy-lcp = require",
    "ignore": BOTH + "proxy-lcp = ignore",
    "noauth": BOTH + "proxy-auth = false",
    "neither": BOTH + "proxy-lcp = ignore proxy-auth = false",
    "strict": BOTH + "mru = 1400",
    "lenient": BOTH + "mru = 1400 proxy-mru = lenient",
    "chap": 'auth = { "chap" }',
    "open": 'auth = { "none" }',
    "short": BOTH + "auth-timeout = 7",
    "told": BOTH + "session-timeout = 4",
    "hides": BOTH,
}
TAKES_LCP = {"accept", "require", "noauth"}
TAKES_AUTH = {"accept", "require", "ignore"}


# Four combinations, for LCP and for authentication, with each setting.

def combination(host, lcp, auth, kind):
    """lcp, auth: are there."""
    avps = (proxy_lcp(kind) if lcp else []) + (proxy_auth(kind) if auth else [])
    client = dial(host, plain(avps), auth=kind, opened=True,
                  ignores=() if kind == "chap" else ("challenge",))
    lcp_taken = lcp and host in TAKES_LCP
    auth_taken = lcp_taken and auth and host in TAKES_AUTH
    if host == "require" and not lcp_taken:
        cdn = client.end()
        must(cdn.result()[0] in (1, 2, 3) and "no proxy LCP" in cdn.result()[2],
             cdn.result())
        must(cdn.cause()[0] == 2, "cause", cdn.cause())
        must(not client.seen, client.names())
        client.tunnel.close()
        return
    if lcp_taken and not auth_taken and kind == "pap":
        client.run(lambda: not client.tunnel.waiting)
        client.ask_pap()    # the client repeats its request until it is answered
    client.go_up()
    finish(client)
    if lcp_taken:
        count(client, lcp_req=0, lcp_ack=0, lcp_nak=0, lcp_rej=0)
    else:
        count(client, lcp_req=None, lcp_ack=1)
        first_of(client, "lcp-req")
    if kind == "chap":
        count(client, success=1, failure=0, challenge=0 if auth_taken else 1)
        success = client.all("success")[0].id
        must(success == 0x5c if auth_taken else
             success == client.all("challenge")[0].id, "Success has id", success)
    else:
        count(client, challenge=0, pap_ack=1, pap_nak=0)
        must(client.all("pap-ack")[0].id == (0x5c if auth_taken else client.pap_ident),
             "Ack has id", client.all("pap-ack")[0].id)
    if auth_taken:
        first_of(client, "success", "pap-ack")
    must(client.lns_address == bytes((100, 64, 0, 1)), "the LNS's", client.lns_address)
    must(client.address[:3] in (b"\x64\x40\0", b"\x64\x40\1", b"\x64\x40\2",
                                b"\x64\x40\3"), client.address)


for _host, _lcp, _auth, _kind in itertools.product(
        ("accept", "require", "ignore", "noauth", "neither"), (True, False),
        (True, False), ("chap", "pap")):
    cases.append(("combination", combination, (_host, _lcp, _auth, _kind)))


# Authentication.

@case("chap", 0)
@case("chap", 255)
@case("pap", 0)
@case("pap", 255)
def the_lacs_identifier(kind, ident):
    client = dial("accept", plain(proxy_lcp(kind) + proxy_auth(kind, ident)), auth=kind)
    client.go_up()
    finish(client)
    answer = client.all("success" if kind == "chap" else "pap-ack")
    must([a.id for a in answer] == [ident], answer)


@case("chap")
@case("pap")
def wrong_password(kind):
    client = dial("accept", plain(proxy_lcp(kind) + proxy_auth(kind, 9, "wrong")),
                  auth=kind)
    cdn = client.end()
    finish(client)
    first_of(client, "failure", "pap-nak")
    must(client.seen[0].id == 9, "id", client.seen[0].id)
    count(client, lcp_req=0, challenge=0, term_req=1)
    must(cdn.cause() == (16, CHAP if kind == "chap" else PAP, 1), cdn.cause())


@case(30)
@case(31)
@case(32)
@case(33)
def incomplete_authentication(missing):
    """RFC 2661 4.4.5: these must be there with CHAP. What is incomplete is absent."""
    client = dial("accept", plain(proxy_lcp() + proxy_auth(leave_out=(missing,))))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=1, success=1)


@case(30)
@case(32)
@case(33)
def incomplete_pap(missing):
    client = dial("accept", plain(proxy_lcp("pap") +
                                  proxy_auth("pap", leave_out=(missing,))), auth="pap")
    client.run(lambda: not client.tunnel.waiting)
    client.ask_pap()
    client.go_up()
    finish(client)
    count(client, lcp_req=0, pap_ack=1, pap_nak=0)


@case("a NUL in it", "alice\0bob")
@case("300 bytes", "a" * 300)
@case("254 bytes", "a" * 254)
def a_name_that_ppp_cannot_have(_, name):
    """It is not read as another one: the subscriber is asked."""
    client = dial("accept", plain(proxy_lcp() + proxy_auth(name=name)))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=1, success=1, failure=0)


@case()
def a_name_for_the_log():
    """What is not printed is not logged as it is; the shell looks for it."""
    client = dial("accept", plain(proxy_lcp() + proxy_auth(name="eve\x1b[31m\nroot")))
    client.end()
    finish(client)
    count(client, failure=1)


@case()
def network_protocols_before_authentication():
    """RFC 1661 3.5: they wait for it; and PAP is not CHAP."""
    client = dial("accept", plain(proxy_lcp()), ignores=("challenge",))
    client.run(lambda: client.all("challenge"))
    client.ask_ipcp()
    client.ask_pap()
    client.send(CHAP, 3, b"welcome", client.all("challenge")[0].id)
    client.rest(0.5)
    must(set(client.names()) == {"challenge"}, client.names())
    client.on_challenge(client.all("challenge")[0].id, client.all("challenge")[0].data)
    client.go_up()
    finish(client)


@case(1)
@case(4)
@case(5)
@case(7)
def a_type_that_does_not_let_in(kind):
    """Of AVP 29: text, none, MS-CHAP, unknown, where LCP says CHAP."""
    avps = [(29, u16(kind))] + [a for a in proxy_auth() if a[0] != 29]
    client = dial("accept", plain(proxy_lcp() + avps))
    client.go_up()
    finish(client)
    count(client, challenge=1, success=1)


@case(4)
@case(None)
def no_authentication_where_none_is_wanted(kind):
    client = dial("open", plain(proxy_lcp(None) + ([(29, u16(4))] if kind else [])),
                  auth=None)
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0, success=0, pap_ack=0)


# LCP that is not acceptable is negotiated anew.

def renegotiated(host, avps, kind="chap", **client):
    c = dial(host, avps, auth=kind, **client)
    c.go_up()
    finish(c)
    count(c, lcp_req=None, lcp_ack=1)
    first_of(c, "lcp-req")
    return c


def option(client, number):
    """Of the LNS's last Configure-Request."""
    return dict(unpack(client.all("lcp-req")[-1].data)).get(number)


BAD_LCP = {
    "mru-too-large": dict(mru=1443),
    "no-mru-is-1500": dict(mru=None),
    "no-authentication": dict(auth=None),
    "mschap-v1": dict(sent=pack([(1, u16(1442)), (3, u16(CHAP) + b"\x80"),
                                 (5, u32(THEIRS))])),
    "eap": dict(sent=pack([(1, u16(1442)), (3, u16(0xc227)), (5, u32(THEIRS))])),
    "one-magic-number": dict(client_magic=THEIRS),
    "unknown-option-sent": dict(sent=pack([(1, u16(1442)), (3, AUTHS["chap"]),
                                           (5, u32(THEIRS)), (23, b"\0\1")])),
    "multilink": dict(received=pack([(1, u16(1442)), (17, u16(1500))])),
    "client-wants-authentication": dict(received=pack([(3, AUTHS["pap"])])),
    "option-length-0": dict(sent=b"\1\0\5\xa2"),
    "option-length-1": dict(received=b"\1\1\5\xa2"),
    "option-beyond-the-end": dict(received=b"\1\4\5\xa2\5\7\1\2\3\4"),
    "half-an-option": dict(sent=b"\1\4\5\xa2\3"),
    "mru-of-one-byte": dict(received=b"\1\3\5"),
    "too-long-by-far": dict(received=pack([(2, bytes(4))] * 150)),
    "mru-of-nothing": dict(client_mru=1),
}


@case("chap")
@case("pap")
def unacceptable(kind):
    """One after the other, each in a call of its own."""
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    for name, what in BAD_LCP.items():
        call = Call(tunnel)
        values = dict(auth=kind)
        values.update(what)
        call.connect(plain(proxy_lcp(**values) + proxy_auth(kind)))
        client = Client(call, auth=kind)
        try:
            client.go_up()
            first_of(client, "lcp-req")
            count(client, lcp_ack=1, pap_nak=0, failure=0)
            must(option(client, 1) == u16(1442), "MRU", option(client, 1))
        except Wrong as e:
            raise Wrong("%s: %s" % (name, e)) from e
        call.hang_up()
    tunnel.close()


@case(27)
@case(28)
def half_of_proxy_lcp(missing):
    """Both of 27 and 28, or it is as none; 26 is not needed."""
    avps = [a for a in proxy_lcp() if a[0] != missing] + proxy_auth()
    renegotiated("accept", plain(avps))


@case()
def without_the_first_request():
    client = dial("accept", plain(proxy_lcp()[1:] + proxy_auth()))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0)


@case()
def a_client_without_options():
    """Its Configure-Requests were empty, and so are 26 and 28: that is no absence."""
    client = dial("accept", plain(proxy_lcp(first=b"", received=b"") + proxy_auth()))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0)


@case()
def another_protocol_than_lcps():
    """27 says CHAP, 29 says PAP: RFC 2661 4.4.5, they must agree."""
    renegotiated("accept", plain(proxy_lcp("chap") + proxy_auth("pap")))


@case()
def chap_where_pap_came():
    client = renegotiated("chap", plain(proxy_lcp("pap") + proxy_auth("pap")))
    count(client, challenge=1, success=1, pap_ack=0)
    must(option(client, 3) == AUTHS["chap"], option(client, 3))


@case()
def strict_mru():
    client = renegotiated("strict", plain(proxy_lcp(mru=1442) + proxy_auth()))
    must(option(client, 1) == u16(1400), option(client, 1))


@case()
def lenient_mru():
    client = dial("lenient", plain(proxy_lcp(mru=1492) + proxy_auth()))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0)


@case()
def options_of_the_client_that_bind_nobody():
    """ACCM, PFC, ACFC of the client's: the LAC has granted them, and they stand."""
    received = pack([(1, u16(1442)), (2, bytes(4)), (5, u32(OURS)), (7, b""), (8, b"")])
    client = dial("accept", plain(proxy_lcp(received=received) + proxy_auth()))
    client.go_up()
    finish(client)
    count(client, lcp_req=0)


# AVPs: malformed, hidden, unknown.

@case()
def malformed_avps():
    """Without M, what cannot be read is as absent."""
    bad = [avp(29, b"\0\2\0"), avp(32, b""), avp(4711, b"?"), avp(1, b"x", vendor=9),
           avp(26, b"\1\4\5\xa2", reserved=5)]
    client = dial("accept", plain(proxy_lcp()) + b"".join(bad))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=1)


@case(avp(4711, b"?", m=1), 8)
@case(avp(29, b"\0\2\0", m=1), 2)
@case(avp(27, b"", m=1, reserved=1), 8)
def what_must_be_understood(bad, error):
    """With M the call ends: RFC 2661 4.1."""
    client = dial("accept", plain(proxy_lcp() + proxy_auth()) + bad)
    result = client.end().result()
    must(result[:2] == (2, error), result)
    finish(client)
    must(not client.seen, client.names())


@case(avp(24, u32(10), 1))
@case(avp(19, u32(1), 1))
@case(b"")
def half_an_iccn(body):
    """RFC 2661 6.8: both speeds' and framing's AVPs must be there."""
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    call.tunnel.send(12, body + plain(proxy_lcp() + proxy_auth()), call.peer)
    result = Client(call).end().result()
    must(result[0] == 2 and result[1], result)
    must(not call.frames, call.frames)
    call.tunnel.close()


@case()
def a_framing_that_nobody_offered():
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    call.tunnel.send(12, avp(24, u32(10), 1) + avp(19, u32(4), 1), call.peer)
    must(Client(call).end().result()[:2] == (2, 3), call.cdn.result())
    call.tunnel.close()


@case()
def iccn_once_more():
    """Not a copy, but another one: RFC 2661 7.4.2, the call ends."""
    client = up_client()
    client.call.connect(plain(proxy_lcp() + proxy_auth()))
    must(client.end().result()[0] == 2, client.call.cdn.result())
    client.tunnel.close()


def hide_all(avps, vector=b"a vector of 16+ bytes", pad=3):
    return avp(36, vector, m=1) + b"".join(hidden(n, v, SECRET.encode(), vector, pad)
                                           for n, v in avps)


@case("accept", "chap", 0)
@case("accept", "pap", 1)
@case("hides", "chap", 31)
@case("hides", "pap", 200)
def hidden_avps(host, kind, pad):
    avps = proxy_lcp(kind) + proxy_auth(kind)
    client = dial(host, hide_all(avps, pad=pad), auth=kind)
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0)


@case()
def the_nearest_random_vector():
    avps = proxy_lcp() + proxy_auth()
    body = hide_all(avps[:3], b"the first one..........") + \
        hide_all(avps[3:], b"2")
    client = dial("accept", body)
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0)


@case()
def hidden_without_a_vector():
    """Not to be read, and not mandatory: as absent."""
    body = b"".join(hidden(n, v, SECRET.encode(), b"never sent") for n, v in proxy_auth())
    client = dial("accept", plain(proxy_lcp()) + body)
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=1)


@case()
def hidden_with_another_secret():
    """What comes out is noise: PPP begins anew, or authentication, and the call is up."""
    vector = b"0123456789abcdef"
    body = avp(36, vector, m=1) + b"".join(hidden(n, v, b"another", vector)
                                           for n, v in proxy_lcp() + proxy_auth())
    client = dial("accept", body)
    client.go_up()
    finish(client)
    count(client, success=1)


# The wire: twice, in another order, early.

@case("chap")
@case("pap")
def each_message_twice(kind):
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    tunnel.twice = True
    call = Call(tunnel)
    call.connect(plain(proxy_lcp(kind) + proxy_auth(kind)))
    client = Client(call, auth=kind)
    client.go_up()
    finish(client)
    must(len(client.all("success") + client.all("pap-ack")) == 1, client.names())
    must(len(client.all("ipcp-req")) == 1, client.names())


@case()
def another_order():
    """Two calls; ICCN of the first, and what the tunnel says besides, come the wrong way
    round, behind frames of the client's."""
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    one, two = Call(tunnel), Call(tunnel)
    tunnel.held = []
    two.connect(plain(proxy_lcp() + proxy_auth()))
    tunnel.send(6, b"")
    one.connect(plain(proxy_lcp() + proxy_auth()))
    tunnel.release()
    clients = Client(one), Client(two)
    for client in clients:
        client.go_up()
    finish(clients[0])
    for client in clients:
        count(client, lcp_req=0, challenge=0, success=1)


@case("chap")
@case("pap")
def frames_before_iccn(kind):
    """The client does not know of ICCN: it repeats its answer. Each gets one."""
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    call = Call(tunnel)
    client = Client(call, auth=kind)
    if kind == "chap":
        call.send(control(CHAP, 2, 0x5c, b"\x10" + chap_response(
            0x5c, PASSWORD, b"a LAC's challenge") + USER.encode()))
    else:
        client.ask_pap()
    tunnel.idle(0.3)
    must(not call.frames, "frames before ICCN")
    call.connect(plain(proxy_lcp(kind) + proxy_auth(kind)))
    client.go_up()
    finish(client)
    count(client, lcp_req=0, challenge=0, failure=0, pap_nak=0)
    must(client.seen[0].id == 0x5c, "the first answer is not of AVP 32")


@case()
def early_frames_without_proxy_lcp():
    """A client whose LCP is not open yet: its Configure-Request comes before ICCN."""
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    call = Call(tunnel)
    client = Client(call, opened=False)
    client.ask_lcp()
    tunnel.idle(0.2)
    call.connect()
    client.go_up()
    finish(client)
    count(client, lcp_ack=1)


@case()
def the_lac_hangs_up_midway():
    tunnel = Tunnel("accept", LNS, SECRET, LOCAL)
    for where in range(3):
        call = Call(tunnel)
        if where:
            call.connect(plain(proxy_lcp() + (proxy_auth() if where > 1 else [])))
        call.hang_up()
    tunnel.until(lambda: not tunnel.waiting)
    tunnel.close()


# LCP, once it is open.

@case()
def a_protocol_that_is_unknown():
    client = up_client()
    frame = control(0x80fd, 1, 7, b"\x1a\4\x78\0\x18\4\x78\0")    # CCP
    client.call.send(frame)
    client.run(lambda: client.all("proto-rej"), text="for a Protocol-Reject")
    must(client.all("proto-rej")[0].data == frame, client.all("proto-rej"))
    client.call.send(b"\x80\x57\1\1\0\x0e\1\x0a\2\2\2\2\2\2\2\2")    # IPv6CP
    client.run(lambda: len(client.all("proto-rej")) == 2, text="for IPv6CP's")
    finish(client)


@case()
def a_long_one_that_is_unknown():
    """Its copy is cut so that the whole is no longer than the client's MRU."""
    client = up_client()
    client.call.send(control(0x80fd, 1, 7, bytes(1400) + b"\1" * 32))
    client.run(lambda: client.all("proto-rej"), text="for a Protocol-Reject")
    must(4 + len(client.all("proto-rej")[0].data) <= 1442)
    finish(client)


@case()
def codes_of_lcp():
    client = up_client()
    client.send(LCP, 11, u32(OURS) + b"to be discarded")
    client.send(LCP, 12, u32(OURS) + b"a client 1.0")
    client.send(LCP, 13, u32(OURS) + u32(60))
    client.send(LCP, 10, u32(OURS) + b"an echo that nobody asked for")
    ident = client.send(LCP, 99, b"unknown")
    client.run(lambda: client.all("code-rej"), text="for a Code-Reject")
    must(client.all("code-rej")[0].data == control(LCP, 99, ident, b"unknown")[2:],
         client.all("code-rej"))
    client.send(LCP, 9, u32(OURS) + b"hello?", 77)
    client.run(lambda: client.all("echo-rep"), text="for an Echo-Reply")
    echo = client.all("echo-rep")[0]
    must(echo.id == 77 and echo.data == u32(THEIRS) + b"hello?", echo)
    finish(client)
    count(client, code_rej=1, proto_rej=0, term_req=0, echo_rep=1)
    must(client.up and not client.call.cdn, "it ended")


@case()
def the_client_terminates():
    client = up_client()
    ident = client.send(LCP, 5, b"bye")
    client.run(lambda: client.all("term-ack"), text="for a Terminate-Ack")
    must(client.all("term-ack")[0].id == ident, client.all("term-ack"))
    cdn = client.end()
    must(cdn.cause() and cdn.cause()[0] == 3 and cdn.cause()[2] == 1, cdn.cause())
    finish(client)
    count(client, term_req=0)


@case("accept")
@case("noauth")
def the_client_negotiates_again(host):
    """It restarts, LCP and all: the LNS goes with it, and asks who it is."""
    client = dial(host, plain(proxy_lcp() + proxy_auth()))
    client.go_up()
    before = client.address
    client.opened = client.up = False
    client.acks = client.ipcp_acks = False
    client.want = b"\0\0\0\0"
    client.ask_lcp()
    client.go_up()
    finish(client)
    count(client, lcp_req=1, lcp_ack=1, success=2)
    must(client.address == before, "another address")


@case()
def options_that_cannot_be_kept():
    """PFC, ACFC, ACCM, multilink are rejected, an MRU beyond ours is Nak'ed."""
    wish = [(2, bytes(4)), (7, b""), (8, b""), (13, b"\6"), (17, u16(1500)), (18, b"")]
    client = dial("neither", b"", mru=1500, options=wish)
    client.go_up()
    finish(client)
    count(client, lcp_rej=1)
    must(dict(unpack(client.all("lcp-rej")[0].data)).keys() >= {7, 8, 13, 17, 18},
         client.all("lcp-rej"))


@case()
def compressed_fields_are_read():
    """Whoever compresses is understood, though nobody asked for it."""
    client = up_client()
    client.call.send(control(LCP, 9, 3, u32(OURS)), head=b"")
    client.run(lambda: client.all("echo-rep"), text="without FF 03")
    finish(client)


@case()
def a_looped_line():
    """All that the LNS sends comes back."""
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    call.connect()
    at = 0
    end = time.monotonic() + 60
    while not call.cdn:
        must(time.monotonic() < end, "no end of the loop")
        call.tunnel.pump(time.monotonic() + 0.2)
        while at < len(call.frames):
            call.send(call.frames[at][1])
            at += 1
    must(call.cdn.cause() == (7, LCP, 0), call.cdn.cause(), call.cdn.result())
    must("loop" in call.cdn.result()[2], call.cdn.result())
    call.tunnel.close()


# Who does not converge is cleared, in time and with a reason.

@case(False, 6)
@case(True, 6)
def a_client_that_does_not_negotiate_again(speaks, code):
    """LCP is open for it: it does not hear what the LNS asks, and may go on to IPCP."""
    client = dial("short", b"", ignores=("lcp-req", "challenge"))
    if speaks:
        client.ask_ipcp()
    start = time.monotonic()
    cdn = client.end(30)
    took = time.monotonic() - start
    must(6 < took < 25, "after", took)
    must(cdn.cause() == (code, LCP, 0), cdn.cause())
    must("LCP" in cdn.result()[2], cdn.result())
    count(client, lcp_req=3, ipcp_ack=0)    # 3 s apart
    client.tunnel.close()


@case()
def a_client_that_acknowledges_only():
    """It says yes to the LNS's request, and sends none."""
    client = dial("short", b"", opened=False)
    client.opened = None
    cdn = client.end(30)
    must(cdn.cause()[:2] == (5, LCP), cdn.cause())
    count(client, challenge=0, ipcp_req=0)
    client.tunnel.close()


@case()
def a_client_that_always_wants_more():
    """Its MRU is too large, and stays so: after five Naks it is rejected."""
    client = dial("neither", b"", mru=9000)
    client.on_lcp_nak = lambda *_: client.ask_lcp()
    client.go_up()
    finish(client)
    count(client, lcp_nak=5, lcp_rej=1)


@case()
def a_client_that_answers_no_challenge():
    client = dial("short", plain(proxy_lcp()), ignores=("challenge",))
    cdn = client.end(30)
    must(cdn.cause()[:2] == (13, CHAP), cdn.cause(), cdn.result())
    must(len({c.id for c in client.all("challenge")}) == 1, "another id")
    must(len({c.data for c in client.all("challenge")}) == 1, "another challenge")
    client.tunnel.close()


@case()
def a_client_that_refuses_each_protocol():
    """RFC 1661 5.4: Configure-Reject of the authentication option."""
    client = dial("accept", b"")

    def reject(ident, data):
        ask = [o for o in unpack(data) if o[0] == 3]
        client.send(LCP, 4 if ask else 2, pack(ask) if ask else data, ident)
    client.on_lcp_req = reject
    cdn = client.end(30)
    must(cdn.cause()[0] == 15 and cdn.cause()[2] == 1, cdn.cause(), cdn.result())
    count(client, challenge=0, ipcp_req=0)
    client.tunnel.close()


@case()
def time_remaining():
    """RFC 1570 2.2, and the end."""
    client = up_client("told")
    client.run(lambda: client.all("time-rem"), text="for Time-Remaining")
    magic, left = struct.unpack("!II", client.all("time-rem")[0].data[:8])
    must(magic == THEIRS and 1 <= left <= 4, magic, left)
    cdn = client.end(30)
    must(cdn.cause()[0] == 3 and cdn.cause()[2] == 2, cdn.cause(), cdn.result())
    must(cdn.result()[0] == 3, cdn.result())
    count(client, term_req=1)
    finish(client)


main(HOSTS)
