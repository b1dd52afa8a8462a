#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the seeds of fuzzers, a directory for each, beside this file: what a tunnel
does in peace and in trouble, and messages of the kind that other implementations of
L2TP have stumbled over. So that a seed can be read, and made anew when a fuzzer
reads its input in another way."""

import hashlib
import os
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
    record = (b"\2\3" + struct.pack("!QBBHHHH", 77, session, 1, 17, 18, 5, 6) +
              struct.pack("!QQHH6Q", 1000, 2000, 6, 0, 1, 2, 3, 4, 5, 6) +
              text(b"shut down") + text(b"red/192.0.2.9") + text(b"carrier/lac") +
              text(b"lac") + text(b"user@isp.example"))
    return record if session else record + level(4)


def server_record(*names):
    return b"\7\1" + b"".join(
        text(n) + b"\x10" + struct.pack("!QQ", 900000, 1020000) for n in names)


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
    "servers": server_record(b"one", b"two", b"gone"),
    "servers-cut": server_record(b"one", b"two")[:-3],
}


# Packets of router: a byte of what is mended, two of length, and the packet, whose
# header and checksum the fuzzer writes.
def packet(how, body):
    return bytes([how]) + struct.pack("!H", 40 + len(body)) + bytes(40) + body


def icmp6(kind, rest=b"\0\0\0\0", how=1):
    return packet(how, bytes([kind, 0, 0, 0]) + rest)


def option6(code, value=b""):
    return struct.pack("!HH", code, len(value)) + value


def dhcp6(kind, *options):
    return packet(2, bytes(8) + bytes([kind, 1, 2, 3]) + b"".join(options))


OUR_LINK_LOCAL = b"\xfe\x80" + bytes(13) + b"\1"
CLIENT6 = option6(1, b"\0\3\0\1\2\0\0\0\0\x09")
SERVER6 = option6(2, b"\0\2\0\0\1\1")
DNS6 = option6(6, b"\0\x17")
NA6 = option6(3, b"\0\0\0\7" + bytes(8))
PD6 = option6(25, b"\0\0\0\x08" + bytes(8))
HAS_NA6 = option6(3, b"\0\0\0\7" + bytes(8) + option6(5, bytes(15) + b"\7" + bytes(8)))
HAS_PD6 = option6(25, b"\0\0\0\x08" + bytes(8) +
                  option6(26, bytes(8) + b"\x38" + bytes(16)))
SOLICIT6 = dhcp6(1, CLIENT6, NA6, PD6, DNS6)
REQUEST6 = dhcp6(3, CLIENT6, SERVER6, HAS_NA6, HAS_PD6, DNS6)
ROUTER = {
    "solicit": b"\x0f" + icmp6(133) + icmp6(133, how=5),
    "solicit-source": b"\x0f" + icmp6(133, bytes(4) + b"\1\1" + bytes(6)),
    "option-length-0": b"\x0f" + icmp6(133, bytes(4) + b"\1\0" + bytes(6)),
    "option-beyond": b"\x0f" + icmp6(133, bytes(4) + b"\1\xff" + bytes(6)),
    "neighbour": b"\x0f" + icmp6(135, bytes(4) + OUR_LINK_LOCAL),
    "echo": b"\x0f" + icmp6(128, b"\0\1\0\2hello") + icmp6(128, bytes(1400)),
    "echo-too-long": b"\x1f" + icmp6(128, bytes(1300)),
    "four-messages": b"\x0f" + SOLICIT6 + REQUEST6 +
                     dhcp6(5, CLIENT6, SERVER6, HAS_NA6, HAS_PD6) +
                     dhcp6(6, CLIENT6, HAS_NA6, HAS_PD6) +
                     dhcp6(8, CLIENT6, SERVER6, HAS_NA6, HAS_PD6),
    "nothing-to-lend": b"\0" + SOLICIT6 + REQUEST6,
    "rapid": b"\x0f" + dhcp6(1, CLIENT6, option6(14), NA6, PD6),
    "confirm": b"\x0f" + dhcp6(4, CLIENT6, HAS_NA6),
    "decline": b"\x0f" + REQUEST6 + dhcp6(9, CLIENT6, SERVER6, HAS_NA6) + SOLICIT6,
    "information": b"\x0f" + dhcp6(11, DNS6) + dhcp6(11, NA6),
    "many-ia": b"\x0f" + dhcp6(1, CLIENT6, NA6 * 20, PD6 * 20),
    "duid-long": b"\x0f" + dhcp6(1, option6(1, bytes(130)), NA6) +
                 dhcp6(1, option6(1, bytes(131)), NA6),
    "ia-cut": b"\x0f" + dhcp6(1, CLIENT6, option6(3, bytes(11))),
    "lent-cut": b"\x0f" + dhcp6(1, CLIENT6, option6(25, bytes(12) + option6(26, b"\1"))),
    "prefix-129": b"\x0f" + dhcp6(1, CLIENT6, option6(25, bytes(12) +
                                   option6(26, bytes(8) + b"\x81" + bytes(16)))),
    "relay": b"\x0f" + dhcp6(12, bytes(40)),
}


# Requests of RFC 5176: a byte of how (1: Disconnect, 8: signed attributes, 16: twice).
def rattr(kind, value):
    return bytes([kind, len(value) + 2]) + value


def rvendor(vendor, kind, value):
    return rattr(26, struct.pack("!I", vendor) + rattr(kind, value))


BOB = rattr(1, b"bob")
NOW = rattr(55, struct.pack("!I", 1800000000))
DAE = {
    "disconnect": b"\x19" + NOW + BOB + rattr(33, b"proxy") * 2,
    "coa": b"\x18" + NOW + BOB + rattr(27, bytes(3) + b"\x3c") + rattr(25, b"class") +
           rattr(11, b"gold") + rvendor(14988, 8, b"2M/20M") +
           rvendor(14122, 7, bytes(2) + b"\xff\xff"),
    "names": b"\x08" + rattr(44, b"00000000000000ff") + rattr(8, b"\xc0\0\2\1") +
             rattr(5, bytes(4)) + rattr(31, b"02:00:00:00:00:09") +
             rattr(87, b"session 1/2") + rattr(89, b"cui") +
             rattr(50, b"00000000000000ff") + rattr(30, b"gold") + rattr(96, bytes(8)) +
             rattr(97, b"\0\x40" + bytes(8)) + rattr(123, b"\0\x38" + bytes(16)) +
             rattr(32, b"lns") + rattr(4, b"\xc0\0\2\2") + rattr(95, bytes(16)),
    "stale": b"\x08" + rattr(55, bytes(4)) + BOB,
    "time-cut": b"\x08" + rattr(55, b"\x6b") + BOB,
    "prefix-129": b"\x08" + rattr(97, b"\0\x81" + bytes(16)),
    "vendor-cut": b"\x08" + BOB + rattr(26, b"\0\0\1") + rattr(26, b"\0\0\0\1\7"),
    "length-1": b"\x08" + b"\1\1",
    "whole": b"\0" + bytes([40, 1, 0, 20]) + bytes(16),
}


# The Broadband Forum's tag, as pppoe_vendor has it: vendor, then items.
def line(*items, vendor=3561):
    return struct.pack("!I", vendor) + b"".join(items)


def item(kind, value, length=None):
    return bytes([kind, len(value) if length is None else length]) + value


LINE = {
    "all": line(item(1, b"dslam-7 eth 1/1/5:100"), item(2, b"4711"),
                *(item(n, struct.pack("!I", 1000 + n)) for n in range(129, 143)),
                item(144, b"\1\2\0"), item(145, b"\0\0\0\5"), item(254, b"")),
    "other-vendor": line(item(1, b"eth7"), vendor=9),
    "longer-than-the-tag": line(item(1, b"eth7", length=200)),
    "long-id": line(item(1, b"x" * 64)),
    "short-rate": line(item(130, b"\1\2")),
    "twice": line(item(1, b"one"), item(1, b"two")),
    "no-item": line(),
    "half-an-item": line(b"\1"),
}


def definition_record(secret=b"secret", defaults=b"radius", window=16):
    return (b"\5\1" + struct.pack("!Q", 7) + text(defaults) + address(192, 0, 2, 9) +
            text(b"lns") + text(b"lac") + text(secret) + text(b"carrier") +
            struct.pack("!IH", 100, window))


def lockout_record(state=0):
    return (b"\6\3" + struct.pack("!Q", 9) + text(b"red") + address(192, 0, 2, 9) +
            bytes([state]) + struct.pack("!Q", 1000))


STATE.update({
    "definition": definition_record(),
    "definition-without": definition_record(secret=b""),
    "definition-orphan": definition_record(defaults=b"x"),
    "definition-window": definition_record(window=2),
    "definition-cut": definition_record()[:-3],
    "lockout": lockout_record(),
    "lockout-testing": lockout_record(2),
    "lockout-state": lockout_record(3),
})


# Attributes of an Access-Accept, as the fuzzer radius takes them: it signs them.
def attribute(kind, value):
    return bytes([kind, 2 + len(value)]) + value


def erx(kind, value):
    return attribute(26, struct.pack("!I", 4874) + attribute(kind, value))


def password(tag, clear, authenticator=b"\1\2\3" + bytes(13), secret=SECRET):
    """RFC 2868 3.5."""
    clear = bytes([len(clear)]) + clear
    salt, out = b"\x80\x17", b""
    last = authenticator + salt
    clear += bytes(-len(clear) % 16)
    while clear:
        pad = hashlib.md5(secret + last).digest()
        last = bytes(a ^ b for a, b in zip(clear, pad))
        out, clear = out + last, clear[16:]
    return attribute(69, bytes([tag]) + salt + out)


def tunnel(tag, server=b"192.0.2.9", kind=3):
    t = bytes([tag])
    return (attribute(64, t + bytes([0, 0, kind])) + attribute(65, t + b"\0\0\1") +
            attribute(67, t + server) + attribute(82, t + b"carrier") +
            attribute(83, t + b"\0\0\7") + attribute(90, t + b"lac") +
            attribute(91, t + b"lns"))


RADIUS = {n: b"\x08" + a for n, a in {
    "tunnel": tunnel(1) + password(1, b"tunnel-secret"),
    "tunnel-long-password": tunnel(1) + password(1, b"p" * 200),
    "tunnels-31": b"".join(tunnel(n, kind=3) for n in range(1, 32)),
    "tunnels-32": b"".join(tunnel(n) for n in range(32)),
    "tunnel-untagged": attribute(64, b"\0\0\0\3") + attribute(67, b"192.0.2.9"),
    "tunnel-pptp": tunnel(1, kind=1),
    "tunnel-nowhere": attribute(64, b"\1\0\0\3"),
    "tunnel-number-short": attribute(64, b"\1\0\3"),
    "tunnel-text-empty": tunnel(1) + attribute(66, b"\1"),
    "tunnel-password-short": tunnel(1) + attribute(69, b"\1\x80\x17" + bytes(15)),
    "tunnel-password-length": tunnel(1) + password(1, b"p", secret=b"other"),
    "tunnel-erx": tunnel(1) + erx(8, b"\1red") + erx(9, b"\1clear") +
                  erx(33, b"\0\0\0\x09") + erx(54, b"\0\0\0\x20"),
    "tunnel-group": erx(64, b"carrier"),
    "addresses": attribute(8, bytes([203, 0, 113, 7])) + attribute(9, b"\xff\xff\xff\0") +
                 attribute(22, b"198.51.100.0/24 0.0.0.0 1") +
                 attribute(97, b"\0\x40" + bytes(8)) + attribute(123, b"\0\x38" + bytes(7)) +
                 attribute(99, b"2001:db8:1::/48 :: 1") + attribute(168, bytes(16)),
    "limits": attribute(27, struct.pack("!I", 3600)) + attribute(28, struct.pack("!I", 60)) +
              attribute(85, struct.pack("!I", 300)) + attribute(62, struct.pack("!I", 1)) +
              attribute(12, struct.pack("!I", 1492)),
    "words": attribute(11, b"gold") + attribute(18, b"hello") + attribute(25, b"class") +
             attribute(25, b"c2") + attribute(89, b"cui") + attribute(88, b"pool"),
    "vendors": erx(1, b"red") + erx(4, bytes([192, 0, 2, 53])) +
               attribute(26, struct.pack("!I", 311) + attribute(28, bytes([192, 0, 2, 53]))) +
               attribute(26, struct.pack("!I", 14988) + attribute(8, b"10M/20M")) +
               attribute(26, struct.pack("!I", 9) + attribute(1, b"ip:dns-servers=192.0.2.53")),
    "vendor-cut": attribute(26, struct.pack("!I", 4874) + b"\1\x09r"),
    "prefix-length": attribute(97, b"\0\x81" + bytes(16)) + attribute(123, b"\0\x40\1"),
    "route-bad": attribute(22, b"198.51.100.0/33") + attribute(99, b"/48"),
    "texts-long": attribute(18, b"m" * 253) + attribute(11, b"f" * 253),
    "nothing": b"",
}.items()}
# MS-CHAPv2's proof, and one that is too short.
for kind, length in (("proof", 43), ("proof-short", 10)):
    RADIUS[kind] = b"\x0c" + attribute(26, struct.pack("!I", 311) +
                                      attribute(26, b"\7S=" + b"0" * (length - 3)))
RADIUS["reject"] = b"\x09" + attribute(18, b"no")
RADIUS["challenge"] = b"\x0a" + attribute(24, b"state")
RADIUS["packet-cut"] = b"\0" + bytes([2, 1, 0, 21]) + bytes(16)


# What an accounting spool keeps.
def accounting(status, attributes=b"", group=b"acct", version=1, octets=5 << 32):
    return (bytes([version, status]) + struct.pack("!QII", 7, 1700000000, 3600) +
            struct.pack("!4Q", octets, 10, octets, 10) + text(group) + attributes)


SUBJECT = (attribute(1, b"user@isp") + attribute(6, struct.pack("!I", 2)) +
           attribute(44, b"0123456789abcdef") + attribute(8, bytes([203, 0, 113, 7])) +
           attribute(25, b"class"))
ACCOUNTING = {
    "start": accounting(1, SUBJECT, octets=0),
    "stop": accounting(2, SUBJECT + attribute(49, struct.pack("!I", 1))),
    "interim": accounting(3, SUBJECT),
    "on": accounting(7), "off": accounting(8),
    "tunnel-start": accounting(9, attribute(64, b"\0\0\0\3") + attribute(67, b"192.0.2.9")),
    "tunnel-stop": accounting(10), "tunnel-reject": accounting(11),
    "link-start": accounting(12, SUBJECT), "link-stop": accounting(13, SUBJECT),
    "link-reject": accounting(14, SUBJECT),
    "status-unknown": accounting(5), "status-beyond": accounting(15),
    "version-other": accounting(1, version=2),
    "group-none": accounting(1, group=b""), "group-longest": accounting(1, group=b"g" * 64),
    "group-long": accounting(1, group=b"g" * 65), "group-nul": accounting(1, group=b"a\0b"),
    "attribute-empty": accounting(1, b"\x19\2"), "attribute-cut": accounting(1, b"\x19\x09c"),
    "attributes-full": accounting(1, attribute(25, b"c" * 248) * 14 + attribute(25, b"c" * 98)),
    "attributes-over": accounting(1, attribute(25, b"c" * 248) * 14 + attribute(25, b"c" * 99)),
}

# Orders to the RADIUS client, as its fuzzer takes them; a reply is to the n-th packet.
ASK, WAIT, REPLY, OTHER, RAW, MOVE = (bytes([n << 4]) for n in range(6))
ACCEPT = bytes([0x21])
DEAD = ASK + b"\0" + (WAIT + b"\xff") * 2


def datagram(socket, b):
    return bytes([0x42, socket, len(b)]) + b


CLIENT = {
    "accepted": b"\0" + ASK + b"\0" + ACCEPT + b"\0",
    "rejected": b"\0" + ASK + b"\0" + REPLY + b"\0",
    "taken-back": b"\0" + ASK + b"\0" + ASK + b"\0" + ACCEPT + b"\0",
    "nobody-answers": b"\0" + ASK + b"\0" + (WAIT + b"\xff") * 8,
    "crowd": b"\0" + b"".join(ASK + bytes([n]) for n in range(16)) + ACCEPT + b"\0",
    "by-weight": b"\1" + b"".join(ASK + bytes([n]) for n in range(9)) +
                 b"".join(ACCEPT + bytes([n]) for n in range(8)),
    "probed": b"\0" + DEAD + WAIT + b"\xaf" + b"".join(ACCEPT + bytes([n]) for n in range(8)),
    "probe-rejected": b"\0" + DEAD + WAIT + b"\xaf" + REPLY + b"\5",
    "probe-code": b"\0" + DEAD + WAIT + b"\xaf" + bytes([0x35]) + b"\5",
    "probe-any": b"\0" + DEAD + WAIT + b"\xaf" + datagram(32, bytes([2, 1, 0, 20]) + bytes(16)),
    "probe-short": b"\0" + datagram(32, b"\2\1\0"),
    "socket-none": b"\0" + datagram(34, bytes(20)) + datagram(0xff, bytes(20)),
    "moved": b"\0" + ASK + b"\0" + MOVE + b"\0" + ACCEPT + b"\1",
    "moved-dead": b"\0" + DEAD + MOVE + b"\0" + ASK + b"\1" + ACCEPT + b"\3",
    "reply-attributes": b"\0" + ASK + b"\0" + bytes([0x23, 0, 5]) + attribute(18, b"hey"),
}


# Two bytes of policy, and the messages of a call, of proxy_take.
def proxy(how, auth, *avps):
    return bytes([how, auth]) + b"".join(struct.pack("!H", len(m)) + m for m in (
        icrq(), message(ICCN, u32(24, 1000), u32(19, 1), *avps)))


ACCEPT_ALL, REQUIRE_ALL, IGNORE_LCP, IGNORE_AUTH, AS_PROFILE = 1, 2, 0, 9, 0x57
CHAP, PAP, MSCHAPV2, NO_AUTH = 0, 5, 10, 15
MRU, MAGIC, OUR_MAGIC = b"\1\4\5\x78", b"\5\6\0\0\0\7", b"\5\6\0\0\0\x09"
ASKS_CHAP, ASKS_PAP = b"\3\5\xc2\x23\5", b"\3\4\xc0\x23"
ASKS_MSCHAPV2 = b"\3\5\xc2\x23\x81"


def proxy_lcp(asks):
    return avp(26, MRU), avp(27, MRU + asks + OUR_MAGIC), avp(28, MRU + MAGIC)


def proxy_auth(kind, name=b"ann@isp.example", challenge=bytes(16), response=bytes(16)):
    return (u16(29, kind), avp(30, name), avp(31, challenge), u16(32, 7),
            avp(33, response))


BY_CHAP, BY_PAP = proxy_lcp(ASKS_CHAP), proxy_lcp(ASKS_PAP)
PAP_AUTH = (u16(29, 3), avp(30, b"ann@isp.example"), u16(32, 7), avp(33, b"pear"))
PROXY = {
    "chap": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2)),
    "chap-hidden": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2)[:-1],
                         hidden(33, bytes(16))),
    "pap": proxy(REQUIRE_ALL, PAP, *BY_PAP, *PAP_AUTH),
    "pap-as-profile": proxy(AS_PROFILE, PAP, *BY_PAP, *PAP_AUTH),
    "pap-long": proxy(ACCEPT_ALL, PAP, *BY_PAP, u16(29, 3), avp(30, b"n" * 253),
                      u16(32, 7), avp(33, b"p" * 254)),
    "pap-too-long": proxy(ACCEPT_ALL, PAP, *BY_PAP, u16(29, 3), avp(30, b"n" * 254),
                          u16(32, 7), avp(33, b"p" * 255)),
    "name-with-nul": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2, name=b"ann\0x")),
    "pap-name-with-nul": proxy(ACCEPT_ALL, PAP, *BY_PAP, u16(29, 3), avp(30, b"ann\0x"),
                               u16(32, 7), avp(33, b"pear")),
    "challenge-64": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2, challenge=bytes(64))),
    "challenge-65": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2, challenge=bytes(65))),
    "response-15": proxy(ACCEPT_ALL, CHAP, *BY_CHAP, *proxy_auth(2, response=bytes(15))),
    "chap-under-pap": proxy(ACCEPT_ALL, PAP, *BY_PAP, *proxy_auth(2)),
    "mschapv2": proxy(ACCEPT_ALL, MSCHAPV2, *proxy_lcp(ASKS_MSCHAPV2)),
    "nobody-asks": proxy(ACCEPT_ALL, NO_AUTH, *proxy_lcp(b""), u16(29, 4)),
    "no-options": proxy(ACCEPT_ALL, NO_AUTH, avp(27), avp(28)),
    "no-auth": proxy(ACCEPT_ALL, CHAP, *BY_CHAP),
    "auth-ignored": proxy(IGNORE_AUTH, CHAP, *BY_CHAP, *proxy_auth(2)),
    "lcp-ignored": proxy(IGNORE_LCP, CHAP, *BY_CHAP, *proxy_auth(2)),
    "required": proxy(REQUIRE_ALL, CHAP),
    "half": proxy(REQUIRE_ALL, CHAP, BY_CHAP[2], *proxy_auth(2)),
    "confreq-256": proxy(ACCEPT_ALL, CHAP, avp(27, MRU * 64), avp(28, MRU * 64)),
    "confreq-257": proxy(ACCEPT_ALL, CHAP, avp(27, MRU * 64 + b"\1"), avp(28, MRU)),
    "option-length-0": proxy(ACCEPT_ALL, CHAP, BY_CHAP[1], avp(28, b"\1\0\5\xdc")),
    "mru-large": proxy(ACCEPT_ALL, CHAP | 0x10, avp(27, ASKS_CHAP), avp(28, b"\1\4\5\xdc"),
                       *proxy_auth(2)),
    "mru-lenient": proxy(ACCEPT_ALL, CHAP | 0x30, avp(27, ASKS_CHAP),
                         avp(28, b"\1\4\5\xdc"), *proxy_auth(2)),
}


def write(fuzzer, seeds):
    """All of them but found-*, which a fuzzer came upon itself."""
    where = os.path.join(HERE, fuzzer)
    os.makedirs(where, exist_ok=True)
    for old in os.listdir(where):
        if not old.startswith("found-"):
            os.unlink(os.path.join(where, old))
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
    write("pppoe_vendor", LINE)
    write("router", ROUTER)
    write("proxy_take", PROXY)
    write("radius_dae", DAE)
    write("radius", RADIUS)
    write("acct_event", ACCOUNTING)
    write("radius_client", CLIENT)
    write("l2tp_tunnel", TUNNEL)
    write("l2tp_msg", {n: bytes([0 if m[12:20] == u16(0, SCCRQ) else 2]) +
                       struct.pack("!H", len(m)) + m for n, m in BAD.items()})
