#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sysfs: totals, tunnels, and sessions where the module was asked for them. Each value is
netlink's; directories come and go with their objects, also under whoever reads."""

import os
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import (A, Genl, attr, datagram, endpoint_id, ip, load_module, mac, parse,
                  run, u16, u32, unshare_net)
from wire import drops, number

TOP = "/sys/class/net/adit0/"
STATS = "rx_packets", "rx_bytes", "rx_drops", "tx_packets", "tx_bytes", "tx_drops", \
    "rx_control", "tx_control"
PARAMETER = "/sys/module/adit/parameters/sysfs_sessions"


def read(name):
    with open(TOP + name, encoding="ascii") as f:
        return f.read().strip()


def ask_for_sessions(word):
    with open(PARAMETER, "w", encoding="ascii") as f:
        f.write(word)


def ids(t, s):
    return u16("TUNNEL_ID", t) + u16("SESSION_ID", s)


def session(t, s):
    g.must("SESSION_NEW", ids(t, s) + u16("PEER_SESSION_ID", 100 + s))


def shown(t):
    """The sessions below the tunnel."""
    return sorted(int(n) for n in os.listdir(TOP + "tunnels/%d" % t) if n.isdigit())


def compare(directory, a):
    stats = parse(a[A["STATS"]])
    for i, name in enumerate(STATS):
        assert int(read(directory + "/" + name)) == number(stats[2 + i]), (directory, name)


load_module()
unshare_net()
run("ip link add e0 type veth peer name e1")
for dev in "e0", "e1":
    run("ip link set %s up" % dev)
run("ip addr add 192.0.2.1/24 dev e0")
g = Genl()
g.must("ENDPOINT_NEW", ip("LOCAL", "192.0.2.1"))
for tunnel in 17, 18:
    g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", tunnel) +
           u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.%d" % (tunnel - 15)) +
           u16("REMOTE_PORT", 1701))

with open(PARAMETER, encoding="ascii") as parameter:
    assert parameter.read() == "N\n"
session(17, 1)
assert shown(17) == [], "a session that nobody asked for"
ask_for_sessions("Y")
for n in 2, 3:
    session(17, n)
session(18, 2)
assert shown(17) == [2, 3] and shown(18) == [2], (shown(17), shown(18))
print("ok: from then on")

# Of session 2: one that counts, and a drop of its tunnel's.
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("e1", 0))
for head in struct.pack("!HHH", 2, 17, 2), struct.pack("!HHH", 2, 17, 999):
    raw.send(mac("e0") + bytes(6) + b"\x08\0" + datagram(head + b"\xff\x03\0\x2f1234"))
for _ in range(250):    # the receive softirq may have been left to its thread
    if drops(g).get("rx_no_session"):
        break
    time.sleep(0.02)
sessions = {number(s[A["SESSION_ID"]]): s for s in g.dump("SESSION_GET")
            if number(s[A["TUNNEL_ID"]]) == 17}
compare("tunnels/17/2", sessions[2])
compare("tunnels/17/3", sessions[3])
assert read("tunnels/17/2/rx_packets") == "1" == read("tunnels/17/rx_packets")
assert read("tunnels/17/3/rx_packets") == "0" == read("tunnels/18/2/rx_packets")
assert read("tunnels/17/2/peer_session_id") == "102"
assert read("tunnels/17/peer_tunnel_id") == "9"
assert read("tunnels/17/peer") == "192.0.2.2:1701"
assert read("tunnels/17/sessions") == "3"
assert (read("adit/tunnels"), read("adit/sessions")) == ("2", "4")
for name, count in drops(g).items():
    assert int(read("adit/" + name)) == count, name
for t in g.dump("TUNNEL_GET"):
    compare("tunnels/%d" % number(t[A["TUNNEL_ID"]]), t)
print("ok: the values are netlink's")

g.must("SESSION_DEL", ids(17, 2))
g.must("SESSION_DEL", ids(17, 1))
assert shown(17) == [3]
ask_for_sessions("N")
session(17, 2)
assert shown(17) == [3]
for n in 2, 3:
    g.must("SESSION_DEL", ids(17, n))
assert shown(17) == [] and shown(18) == [2]
print("ok: gone with the session")


def read_all():
    while True:
        for root, _, files in os.walk(TOP + "tunnels/"):
            for name in files:
                try:
                    with open(root + "/" + name, encoding="ascii") as f:
                        f.read()
                except OSError:
                    pass


ask_for_sessions("Y")
pid = os.fork()
if not pid:
    read_all()
try:
    for _ in range(100):
        for n in range(1, 11):
            session(17, n)
        for n in range(1, 6):
            g.must("SESSION_DEL", ids(17, n))
        g.must("TUNNEL_DEL", u16("TUNNEL_ID", 17) + attr("FORCE", b""))
        assert not os.path.exists(TOP + "tunnels/17")
        g.must("TUNNEL_NEW", u32("ENDPOINT_ID", endpoint_id(g)) + u16("TUNNEL_ID", 17) +
               u16("PEER_TUNNEL_ID", 9) + ip("REMOTE", "192.0.2.2") +
               u16("REMOTE_PORT", 1701))
finally:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    ask_for_sessions("N")
print("ok: under a reader")
