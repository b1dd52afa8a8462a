# SPDX-License-Identifier: GPL-2.0-or-later
"""What is sent where on each path, and what must come out: loads for gen.ko."""

import random
import struct

from box import BEYOND, INTERNET, LOCAL, PLAIN, SUBSCRIBER
from program import (client_mac, client_of, peer_session, peer_tunnel, remote_of,
                     session_of, tunnel_of)
from frames import (ETH_IP, ETH_PPPOE, Load, address, aton, ether, ip4, l2tp, ones_sum,
                  ones_complement, packet, pppoe, word)

OUTER, INNER = 14, 14 + 20 + 8 + 10    # IPv4 headers of an L2TP frame
L2TP = 14 + 20 + 8
FRAGMENT = 1480
FRAGMENT_IDS = 4096
# {path: where it comes in, where it goes out}; plain ones depend on the box
WAYS = {"lns.down": ("core", "wan"), "lns.up": ("wan", "core"),
        "lac.up": ("acc", "wan"), "lac.down": ("wan", "acc")}


class Paths:
    """Of a box with `tunnels` tunnels and n sessions; kind: lns or lac."""

    def __init__(self, box, kind, tunnels, n):
        self.box, self.kind, self.tunnels, self.n = box, kind, tunnels, n
        self.order = list(range(n))
        random.Random(1).shuffle(self.order)

    def load(self, path, size):
        """(the load, [(offset, bytes) of the first frame that comes out])"""
        base = path.replace(".express", "").replace(".frag", "")
        way = WAYS[base.replace("plain", self.kind)]
        make = getattr(self, base.split(".")[0] + "_frame"
                       if base.startswith("plain") else base.replace(".", "_"))
        template, fields, wants = make(way, size)
        if path.endswith(".frag"):
            templates, fields, order = fragments(template)
            return self._load(way, templates, fields, order, 2), wants
        if self.n == 1:
            fields = ()
        return self._load(way, [template], fields, self.order, 1), wants

    def _load(self, way, templates, fields, order, per_packet):
        return Load(self.box.outer(way[0]), self.box.outer(way[1]), templates,
                    fields, order, per_packet)

    def _ether(self, proto, payload, src=BEYOND):
        return ether(self.box.address, src, proto, payload)

    def plain_frame(self, way, size):
        to = PLAIN[way[1]]
        first = to + self.order[0]
        t = self._ether(ETH_IP, packet(size, INTERNET, first))
        return (t, [address(t, OUTER, 16, lambda i: to + i)],
                [(OUTER + 16, struct.pack("!I", first))])

    def lns_down(self, _, size):
        first = self.order[0]
        t = self._ether(ETH_IP, packet(size, INTERNET, SUBSCRIBER + first))
        return (t, [address(t, OUTER, 16, lambda i: SUBSCRIBER + i)],
                self._tunnelled(first))

    def _tunnelled(self, i):
        """What makes an L2TP frame of session i to its peer."""
        return [(OUTER + 16, struct.pack("!I", remote_of(i, self.tunnels))),
                (OUTER + 20, struct.pack("!HH", 1701, 1701)),
                (L2TP, struct.pack("!3H", 2, peer_tunnel(tunnel_of(i, self.tunnels)),
                                   peer_session(session_of(i, self.tunnels))))]

    def _from_peer(self, size):
        """(template, fields without the inner packet's)"""
        i, n = self.order[0], self.tunnels
        t = self._ether(ETH_IP, l2tp(
            remote_of(i, n), aton(LOCAL), tunnel_of(i, n), session_of(i, n),
            packet(size, SUBSCRIBER + i, INTERNET)))
        return t, [address(t, OUTER, 12, lambda i: remote_of(i, n)),
                   word(L2TP + 2, lambda i: tunnel_of(i, n)),
                   word(L2TP + 4, lambda i: session_of(i, n))]

    def lns_up(self, _, size):
        t, fields = self._from_peer(size)
        fields.append(address(t, INNER, 12, lambda i: SUBSCRIBER + i))
        return t, fields, [(OUTER + 12, struct.pack("!II", SUBSCRIBER + self.order[0],
                                                    INTERNET))]

    def lac_up(self, _, size):
        first = self.order[0]
        t = self._ether(ETH_PPPOE, pppoe(first + 1, packet(size, SUBSCRIBER, INTERNET)),
                        client_mac(first))
        return (t, [word(10, client_of), word(16, lambda i: i + 1)],
                self._tunnelled(first))

    def lac_down(self, _, size):
        t, fields = self._from_peer(size)
        first = self.order[0]
        return t, fields, [(0, client_mac(first)),
                           (12, struct.pack("!HHH", ETH_PPPOE, 0x1100, first + 1))]


def fragments(template):
    """(templates, fields, order): the datagram of an Ethernet frame in two, with
    an id of its own each time."""
    eth, h, payload = template[:14], template[14:34], template[34:]
    src, dst = struct.unpack("!II", h[12:20])
    templates = [eth + ip4(src, dst, payload[:FRAGMENT], 0, 0x2000),
                 eth + ip4(src, dst, payload[FRAGMENT:], 0, FRAGMENT // 8)]
    bases = [ones_sum(t[14:24] + t[26:34]) for t in templates]
    field = ((OUTER + 4, OUTER + 10),
             lambda i: (i // 2, ones_complement(bases[i % 2] + i // 2)))
    return templates, [field], range(2 * FRAGMENT_IDS)
