# SPDX-License-Identifier: GPL-2.0-or-later
"""A router in a namespace of its own, with three ways out to where gen.ko sends
and counts: core (the internet), wan (L2TP peers), acc (subscribers' PPPoE).

  initial namespace   NAME-core     NAME-wan      NAME-acc
                          |             |             |
  namespace NAME        core          wan           acc      term0
"""

import ctypes
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from frames import aton

LIBC = ctypes.CDLL(None, use_errno=True)

# The router's ends are .1, what is beyond them .2.
NETS = {"core": "198.51.100", "wan": "192.0.2", "acc": "203.0.113"}
BEYOND = bytes.fromhex("020000000002")
LOCAL, REMOTE = "192.0.2.1", aton("10.128.0.0")    # of L2TP; the first peer
SUBSCRIBER = aton("10.0.1.0")    # the first
INTERNET = aton("198.18.0.1")
# What is routed without a tunnel.
PLAIN = {"core": aton("198.18.0.0"), "wan": aton("172.16.0.0"),
         "acc": aton("172.24.0.0")}
ROUTES = (("core", "198.18.0.0/15"), ("wan", "172.16.0.0/13"),
          ("acc", "172.24.0.0/13"), ("wan", "10.128.0.0/9"))


def batch(lines, namespace=None):
    """ip(8) commands"""
    command = ["ip"] + (["-n", namespace] if namespace else []) + ["-batch", "-"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", text=True,
                          check=False, stderr=subprocess.PIPE)
    if done.returncode:
        raise RuntimeError("ip: " + done.stderr[:400])


class inside:
    """with inside(namespace): what is opened there stays there."""

    def __init__(self, namespace):
        self.there = os.open("/run/netns/" + namespace, os.O_RDONLY)
        self.here = os.open("/proc/self/ns/net", os.O_RDONLY)

    def __enter__(self):
        if LIBC.setns(self.there, 0):
            raise OSError(ctypes.get_errno(), "setns")

    def __exit__(self, *_):
        if LIBC.setns(self.here, 0):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(self.there)
        os.close(self.here)


def namespace(name):
    batch(["netns add " + name])
    with inside(name):
        for path in ("ipv4/ip_forward=1", "ipv6/conf/all/disable_ipv6=1",
                     "ipv6/conf/default/disable_ipv6=1"):
            path, value = path.split("=")
            with open("/proc/sys/net/" + path, "w", encoding="ascii") as f:
                f.write(value)


class Box:
    def __init__(self, name):
        self.name = name
        namespace(name)
        batch("link add %s-%s type veth peer name %s netns %s" % (name, d, d, name)
              for d in NETS)
        batch("link set %s-%s up mtu 2000" % (name, d) for d in NETS)
        lines = ["link set lo up"]
        for d, net in NETS.items():
            lines += ["link set %s address 02:00:00:00:00:01 mtu 2000 up" % d,
                      "addr add %s.1/24 dev %s" % (net, d),
                      "neigh add %s.2 lladdr 02:00:00:00:00:02 dev %s" % (net, d)]
        lines += ["route add %s via %s.2 dev %s" % (to, NETS[d], d)
                  for d, to in ROUTES]
        batch(lines, name)
        self.address = bytes.fromhex("020000000001")

    def outer(self, dev):
        return "%s-%s" % (self.name, dev)

    def destroy(self):
        batch(["netns del " + self.name])
