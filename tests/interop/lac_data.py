#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of a LAC's subscribers through an LNS that has a data path: headers of each
shape, sequence numbers, offset pads, what comes too early and what nobody knows.
lac_kit.py says how it is called."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lac import IP, Call, Client, Tunnel, must, u16
from lac_kit import (LNS, LNS_ADDRESS, LOCAL, SECRET, case, finish, main, plain,
                     proxy_auth, proxy_lcp, up_client)
from scapy.layers.inet import ICMP
from scapy.layers.inet import IP as IPv4

HOSTS = {"accept": 'auth = { "chap", "pap" }'}


def echo(client, size=64, ident=7):
    """From the client to the LNS's own address."""
    text = client.address
    source = "%d.%d.%d.%d" % tuple(text)
    return bytes(IPv4(src=source, dst=LNS_ADDRESS, flags="DF") /
                 ICMP(type=8, id=ident) / bytes(size - 28))


def answered(client, ident):
    """An Echo-Reply that scapy finds right."""
    for seen in client.all("0021"):
        packet = IPv4(seen.data)
        if ICMP in packet and packet[ICMP].type == 0 and packet[ICMP].id == ident:
            sums = packet.chksum, packet[ICMP].chksum
            del packet.chksum, packet[ICMP].chksum
            packet = IPv4(bytes(packet))
            return sums == (packet.chksum, packet[ICMP].chksum)
    return False


def pings(client, sizes=(64, 1442), head=b"\xff\3", proto=u16(IP)):
    for size in sizes:
        ident = size + len(head) * 3000 + len(proto)
        client.call.send(proto + echo(client, size, ident), head)
        client.run(lambda i=ident: answered(client, i), text="for a reply, %d" % size)


@case()
def each_shape():
    """With and without address and control, with the protocol compressed."""
    client = up_client()
    for head in b"\xff\3", b"":
        for proto in u16(IP), b"\x21":
            pings(client, head=head, proto=proto)
    finish(client)


@case()
def sequence_numbers():
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    call.connect(plain(proxy_lcp() + proxy_auth()), sequenced=True)
    client = Client(call)
    client.go_up()
    for _ in range(5):
        pings(client, (100,))
        client.seen.clear()
    finish(client)


@case(1442)
@case(1438)
def offset_pads(size):
    """Of packets as large as the MRU, over a link of 1500 bytes: with 1442 those with up
    to 12 bytes of pad are not cut, with 1438 those with 16; what is cut is joined."""
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    call.connect(plain(proxy_lcp() + proxy_auth()), sequenced=True)
    client = Client(call)
    client.go_up()
    for pad in range(17):
        whole = pad <= 12 or size == 1438
        frame = u16(IP) + echo(client, size, pad)
        must(call.tunnel.fits(lambda f=frame, p=pad: call.send(f, pad=p)) == whole,
             pad, "bytes of pad")
        if not whole:
            call.tx_ns -= 1    # of the one that did not leave
            call.send(frame, pad=pad)
        client.run(lambda p=pad: answered(client, p), text="for a reply, pad %d" % pad)
        client.seen.clear()
    finish(client)


@case()
def before_its_time():
    """A client's packets before it has an address go nowhere."""
    call = Call(Tunnel("accept", LNS, SECRET, LOCAL))
    client = Client(call)
    client.address = bytes((100, 64, 0, 2))
    call.send(u16(IP) + echo(client, 64, 1))
    call.connect(plain(proxy_lcp()))
    call.send(u16(IP) + echo(client, 64, 2))
    client.go_up()
    pings(client, (64,))
    finish(client)
    must(not answered(client, 1) and not answered(client, 2), "it was answered")


@case()
def a_protocol_that_is_unknown():
    """RFC 1661 5.7: it is rejected, whole or cut."""
    client = up_client()
    for n, proto in enumerate((0x002b, 0x0031, 0x00fd, 0x8fd), 1):
        client.call.send(u16(proto) + b"whatever it is")
        client.run(lambda n=n: len(client.all("proto-rej")) >= n,
                   text="for a Protocol-Reject of %04x" % proto)
        must(client.all("proto-rej")[-1].data == u16(proto) + b"whatever it is")
    pings(client, (64,))
    finish(client)


main(HOSTS)
