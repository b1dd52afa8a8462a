#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the seeds of fuzzers, a directory for each, beside this file: what a tunnel
does in peace and in trouble, and messages of the kind that other implementations of
L2TP have stumbled over. So that a seed can be read, and made anew when a fuzzer
reads its input in another way."""

import hashlib
import os
import shutil
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = b"secret"
VECTOR = bytes(range(16))
SCCRQ, SCCRP, SCCCN, STOPCCN, HELLO = 1, 2, 3, 4, 6
ICRQ, ICRP, ICCN, CDN, SLI = 10, 11, 12, 14, 16


def avp(kind, value=b"", m=1, h=0, vendor=0, length=None):
    """length: what the AVP says, whatever it has."""
    length = 6 + len(value) if length is None else length
    return struct.pack("!HHH", m << 15 | h << 14 | length & 0x3ff, vendor, kind) + value


def u16(kind, n, **how):
    return avp(kind, struct.pack("!H", n), **how)


def u32(kind, n, **how):
    return avp(kind, struct.pack("!I", n), **how)


def cipher(kind, clear):
    """RFC 2661 4.3."""
    out, last, key = b"", VECTOR, struct.pack("!H", kind) + SECRET
    while clear:
        pad = hashlib.md5(key + last).digest()
        last = bytes(a ^ b for a, b in zip(clear, pad))
        out, clear, key = out + last, clear[16:], SECRET
    return out


def hidden(kind, value, inner=None):
    """inner: the length inside, whatever there is."""
    inner = len(value) if inner is None else inner
    return avp(36, VECTOR) + avp(kind, cipher(kind, struct.pack("!H", inner) + value),
                                 h=1)


def message(kind, *avps):
    """With a header that the fuzzer puts right."""
    return bytes(12) + u16(0, kind) + b"".join(avps)


def sccrq(*more, name=b"lac"):
    return message(SCCRQ, u16(2, 0x100), avp(7, name), u32(3, 3), u16(9, 77), *more)


def icrq(*more, session=5):
    return message(ICRQ, u16(14, session), u32(15, 1), *more)


# Steps of l2tp_tunnel: what, who, how much.
def step(what, who=0, much=0):
    return bytes([what | who << 4 | much << 5])


def inject(who, data):
    """To that side; an AVP that nobody knows fills it up to four."""
    if len(data) % 4:
        data += avp(9999, bytes((2 - len(data)) % 4), m=0)
    return step(12, who) + bytes([len(data) // 4]) + data


PASS = step(2) * 3
OPEN, CALL, HANG_UP, CLOSE = step(8), step(9), step(10), step(11)
UP = b"\0" + OPEN + PASS          # a tunnel, with a secret
TALK = UP + CALL + PASS           # and a session


def wait(seconds):
    return step(1, much=int(seconds ** 0.5))


# What any message must not do, by its name: (to the LNS?, bytes).
BAD = {
    # An AVP's length that does not move on, or moves past the end.
    "avp-length-0": icrq(avp(22, length=0)),
    "avp-length-1": icrq(avp(22, length=1)),
    "avp-length-5": icrq(avp(22, length=5)),
    "avp-length-beyond": icrq(avp(22, b"123", length=1023)),
    "avp-head-cut": icrq(b"\x80\x0a\0\0"),
    # Numbers longer than anybody's buffer.
    "calling-number-long": icrq(avp(22, b"1" * 940)),
    "called-number-long": icrq(avp(21, b"2" * 940)),
    "numbers-65": icrq(avp(21, b"2" * 65), avp(22, b"1" * 65), avp(23, b"3" * 65)),
    "number-with-nul": icrq(avp(22, b"12\0\x1b[2J" + b"4" * 20)),
    # Hidden: the length inside is not checked where one block is enough.
    "hidden-inner-length": icrq(hidden(22, b"123", inner=0xffff)),
    "hidden-inner-one-more": icrq(hidden(22, b"123", inner=4)),
    "hidden-one-block": icrq(hidden(22, b"1" * 14, inner=15)),
    "hidden-two-blocks": icrq(hidden(22, b"1" * 20, inner=300)),
    "hidden-inner-0": icrq(hidden(22, b"", inner=0)),
    "hidden-no-inner": icrq(avp(36, VECTOR) + avp(22, b"", h=1)),
    "hidden-half-inner": icrq(avp(36, VECTOR) + avp(22, b"x", h=1)),
    "hidden-no-vector": icrq(avp(22, b"12345678", h=1)),
    "hidden-message-type": bytes(12) + avp(36, VECTOR) + avp(0, b"\0\0\0\x0a", h=1),
    "hidden-session-id": message(ICRQ, hidden(14, b"\0\x05"), u32(15, 1)),
    # Another vendor's number is not ours.
    "vendor-session-id": icrq(u16(14, 0, vendor=9), u16(0, STOPCCN, vendor=9)),
    "vendor-result": message(CDN, u16(1, 1, vendor=9), u16(14, 5)),
    "vendor-mandatory": icrq(avp(100, b"eth 1/2", vendor=9)),
    # Q.931 Cause Code shorter than it must be.
    "q931-short": message(CDN, avp(1, b"\0\3"), u16(14, 5), avp(12, b"\0")),
    "q931-empty": message(CDN, avp(1, b"\0\3"), u16(14, 5), avp(12)),
    "result-short": message(STOPCCN, avp(1, b"\0"), u16(9, 77)),
    "result-half-error": message(STOPCCN, avp(1, b"\0\2\0"), u16(9, 77)),
    "stopccn-other-id": message(STOPCCN, avp(1, b"\0\1"), u16(9, 4242)),
    "stopccn-id-0": message(STOPCCN, avp(1, b"\0\1"), u16(9, 0)),
    "session-id-0": icrq(session=0),
    "session-id-again": icrq(session=5) + b"",
    "sli": message(SLI, avp(35, bytes(10))),
    "unknown-mandatory": message(999),
    "proxy-long": message(ICCN, u32(24, 1), u32(19, 1), avp(26, b"\1\4\5\xaa" * 90),
                          avp(27, b"\1\4\5\xaa" * 60), avp(30, b"u" * 300)),
    "window-0": sccrq(u16(10, 0)),
    "host-name-long": sccrq(name=b"h" * 900),
    "host-name-empty": sccrq(name=b""),
    "challenge-empty": sccrq(avp(11)),
    "tie-breaker": sccrq(avp(5, b"\0" * 8, m=0)),
    "version-2": message(SCCRQ, u16(2, 0x200), avp(7, b"lac"), u32(3, 3), u16(9, 77)),
}

TUNNEL = {
    "peace": TALK + HANG_UP + PASS + CLOSE + PASS,
    "no-secret": b"\1" + TALK[1:] + HANG_UP + PASS + CLOSE + PASS,
    "many-calls": UP + CALL * 20 + PASS * 8 + HANG_UP * 5 + PASS * 4,
    "small-window": b"\4" + OPEN + PASS + CALL * 20 + PASS * 8,
    "sccrp-lost": b"\0" + OPEN + step(4) + step(6) + wait(1) + PASS + wait(4) + PASS,
    "all-lost": b"\0" + OPEN + step(6) + (wait(4) + step(6) * 2) * 4,
    "overtaken": UP + CALL * 4 + step(4) + step(4, much=3) + step(4, much=2) + PASS * 3,
    "doubled": b"\0" + OPEN + (step(5) + step(5) + step(4)) * 12,
    "spoiled": b"\0" + OPEN + step(7) + b"\x0d\x40" + PASS + wait(4) + PASS,
    "both-open": b"\0" + OPEN + step(8, 1) + PASS * 2,
    "crossed-stops": UP + CLOSE + step(11, 1) + PASS + wait(36),
    "lac-killed": TALK + CALL + step(4) + step(14) + wait(1) + PASS + wait(4) + PASS,
    "lns-killed": TALK + CALL + step(4) + step(14, 1) + wait(1) + PASS + wait(4) + PASS,
    "killed-often": TALK + (step(14) + CALL + PASS + step(14, 1) + wait(1) + PASS) * 5,
    "hellos": TALK + wait(49) + wait(16) + PASS + wait(49) + wait(16) + step(6) * 2 + PASS,
    "dead-peer": TALK + (wait(49) + step(6) * 4) * 5,
    "moved": b"\0" + OPEN + step(3, 1, 2) + PASS + CALL + PASS + step(3, 1, 3) + HANG_UP +
             PASS + wait(4),
    "moved-ignored": b"\x40" + OPEN + step(3, 1, 2) + PASS + CALL + PASS,
    "moved-rejected": b"\x80" + OPEN + step(3, 1, 2) + PASS * 2,
    "owner-refuses": b"\0" + step(15, 1, 1) + OPEN + PASS + wait(36) + PASS,
    "call-refused": UP + step(15, 1, 2) + CALL * 3 + PASS + step(15, 0, 4) +
                    step(15, 1, 0) + CALL * 3 + PASS,
    "overrun": b"\4" + OPEN + PASS + b"".join(
        inject(1, b"\0" * 8 + b"\1" + bytes([n]) + b"\0\0" + u16(0, HELLO))
        for n in range(20)) + PASS,
}


# Records of the state file, as state_record has them: a byte for the kind.
def text(s):
    return bytes([len(s)]) + s


def address(*b, family=2):
    return bytes([family]) + bytes(b).ljust(16, b"\0")


def level(n):
    return b"\1" + struct.pack("!10Q", n, 3, 1, 0, 2, 1, 1, 5, 0, 0)


def channel(ns=9, nr=7, messages=()):
    """What reliable delivery keeps: see xport_save."""
    return struct.pack("!HHHHBH", ns, nr, 4, 4, 1, len(messages)) + b"".join(
        struct.pack("!H", len(m)) + m for m in messages)


def tunnel_record(cookie=5, rest=None, name=b"isp"):
    at = address(192, 0, 2, 9) + struct.pack("!H", 1701)
    return (b"\4\2" + struct.pack("!Q", cookie) + b"\5\1\1\3\3" +
            struct.pack("!HHI", 17, 4242, 1) + at * 4 + bytes(8) + b"\0\1" + bytes(8) +
            level(9) + level(12) + text(name) + text(b"lns") +
            (channel() if rest is None else rest))


def ended_record(session):
    record = (b"\2\2" + struct.pack("!QBBHHHH", 77, session, 1, 17, 18, 5, 6) +
              struct.pack("!QQHH6Q", 1000, 2000, 6, 0, 1, 2, 3, 4, 5, 6) +
              text(b"shut down") + text(b"red/192.0.2.9") + text(b"carrier/lac") +
              text(b"lac") + text(b"user@isp.example"))
    return record if session else record + level(4)


ORDER = b"\1" + address(192, 0, 2, 9) + text(b"red")
STATE = {
    "orders": b"\0\1\1" + ORDER + b"\2" + address(1, family=10) + text(b"") +
              b"\0\1" + text(b"isp") + b"\2" + text(b"carrier/lac") + b"\0",
    "orders-none": b"\0\1\0\0\0",
    "orders-too-many": b"\0\1\0" + b"".join(
        b"\1" + address(10, 0, 0, n) + text(b"") for n in range(200)) + b"\0\0",
    "orders-long-name": b"\0\1\0\0\1" + text(b"n" * 130) + b"\0",
    "orders-long-vrf": b"\0\1\0\1" + address(10, 0, 0, 1) + text(b"v" * 16),
    "counted": b"\1" + level(8),
    "counted-short": b"\1" + level(8)[:-1],
    "ended-tunnel": ended_record(0),
    "ended-session": ended_record(1),
    "ended-cut": ended_record(0)[:-90],
    "tunnel": tunnel_record(),
    "tunnel-of-nobody": tunnel_record(name=b"x"),
    "tunnel-unacknowledged": tunnel_record(rest=channel(messages=[
        b"\xc8\2\0\x14\x10\x92\0\0\0\x09\0\7" + u16(0, HELLO)] * 3)),
    "tunnel-short-message": tunnel_record(rest=channel(messages=[b"\xc8", b""])),
    "tunnel-cut": tunnel_record(rest=b"\0"),
}


def write(fuzzer, seeds):
    where = os.path.join(HERE, fuzzer)
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    for name, data in seeds.items():
        with open(os.path.join(where, name), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    for bad, m in BAD.items():
        if m[12:20] == u16(0, SCCRQ):
            TUNNEL["bad-" + bad] = b"\0" + inject(1, m) + PASS
        else:
            TUNNEL["bad-" + bad] = TALK + inject(1, m) + PASS + inject(0, m) + PASS
    write("state_record", STATE)
    write("l2tp_tunnel", TUNNEL)
    write("l2tp_msg", {n: bytes([0 if m[12:20] == u16(0, SCCRQ) else 2]) +
                       struct.pack("!H", len(m)) + m for n, m in BAD.items()})
