#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A DNS server of a few names, for tests, on UDP.

usage: dns.py ADDRESS FILE

FILE has lines "NAME ADDRESS TTL" and is read anew for each question. A name that is
not in it does not exist; "silent" as a line: no question is answered.
"""

import socket
import struct
import sys

A, AAAA = 1, 28
NXDOMAIN = 3


def read(path):
    with open(path, encoding="ascii") as f:
        return [line.split() for line in f if line.strip()]


def question(packet):
    """The name, its type, and where the question ends."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("ascii"))
        at += 1 + packet[at]
    return ".".join(labels).lower(), *struct.unpack_from("!H", packet, at + 1), at + 5


def answer(packet, zone):
    name, kind, end = question(packet)
    mine = [row for row in zone if row[0] == name]
    records = b""
    n = 0
    for _, address, ttl in mine:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if kind != (AAAA if ":" in address else A):
            continue
        data = socket.inet_pton(family, address)
        records += struct.pack("!HHHIH", 0xc00c, kind, 1, int(ttl), len(data)) + data
        n += 1
    flags = 0x8180 | (0 if mine else NXDOMAIN)
    return packet[:2] + struct.pack("!5H", flags, 1, n, 0, 0) + packet[12:end] + records


def main():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((sys.argv[1], 53))
    while True:
        packet, who = s.recvfrom(512)
        zone = read(sys.argv[2])
        if ["silent"] not in zone:
            s.sendto(answer(packet, zone), who)


main()
