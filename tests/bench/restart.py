# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 of aditd and its start again, with 60,000 subscribers and their traffic.

  initial namespace         lac                 lns         initial namespace
    c0 (clients) --- acc0
    c1 (one more) -- acc1      wan0 === wan1      core0 --- i0

The clients are l2tpload's, which goes when they are up; gen.ko then sends and counts
for them, a burst of each direction at a time. What comes up anew does so by c1, where
gen.ko takes no frame.

The sample of restart/loss is the packets and sessions that were lost in all: sent by one
end and not received by the other; of module or daemon before kill -9, and not there when
the next one has all of its subscribers and has let another one in. How long that took is
printed, and no figure: page faults cost a hundred times as much here as elsewhere.
"""

import json
import os
import random
import shutil
import subprocess
import threading
import time

from box import BEYOND, INTERNET, batch, inside, namespace
from bulk import mac_in
from frames import ETH_IP, ETH_PPPOE, Load, address, aton, ether, packet, pppoe, word

N = 60000
PATIENCE = 300    # seconds, for all to be named: this machine may be busy
BURST = 32
PAUSE = 0.005    # between bursts: some 3,000 packets a second each way
SIZE = 128
WORK = "/tmp/restart"
CABLES = (("c0", None, "acc0", "lac"), ("c1", None, "acc1", "lac"),
          ("wan0", "lac", "wan1", "lns"), ("core0", "lns", "i0", None))
SYSTEM = """
system {
	hostname = "%%s"
	state-file = "%s/%%s.state"
	control-socket = "%s/%%s.ctl"
	max-sessions = 60100
	log-level = "info"
}
""" % (WORK, WORK)
CONF = {"lac": """
endpoint "core" { address = "192.0.2.1" }
pool "local" { prefix = "100.65.0.0/16" }
ppp-profile "access" {
	auth = { "chap" }
	pool = "local"
	local-address = "100.65.0.1"
	echo-interval = 0
}
access-port "acc0" { ppp-profile = "access" }
access-port "acc1" { ppp-profile = "access" }
tunnel "isp" {
	endpoint = "core"
	remote = "192.0.2.2"
	local-name = "lac"
	remote-name = "lns"
	secret = "tunnel-secret"
}
domain "isp" { tunnel = "isp" }
""", "lns": """
endpoint "core" { address = "192.0.2.2" }
pool "home" { prefix = "100.64.0.0/16" }
ppp-profile "home" {
	auth = { "chap" }
	pool = "home"
	local-address = "100.64.0.1"
	echo-interval = 0
}
destination-profile "carrier" {
	address = "192.0.2.1"
	remote-host "lac" { secret = "tunnel-secret" ppp-profile = "home" }
}
user "user@isp" { password = "password" }
"""}


def make_boxes():
    for n in CONF:
        namespace(n)
        batch(["link set lo up"], n)
    for a, a_in, b, b_in in CABLES:
        batch(["link add %s%s type veth peer name %s%s" % (
            a, " netns " + a_in if a_in else "", b, " netns " + b_in if b_in else "")])
        for dev, ns in (a, a_in), (b, b_in):
            batch(["link set %s up" % dev], ns)
    batch(["addr add 192.0.2.1/24 dev wan0"], "lac")
    batch(["addr add 192.0.2.2/24 dev wan1", "addr add 198.51.100.1/24 dev core0",
           "neigh add 198.51.100.2 lladdr %s dev core0" % BEYOND.hex(":"),
           "route add default via 198.51.100.2"], "lns")


class Daemon:
    def __init__(self, name):
        self.name = name
        self.conf = "%s/%s.conf" % (WORK, name)
        self.log = open("%s/%s.log" % (WORK, name), "ab")
        with open(self.conf, "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(SYSTEM % (name, name, name) + CONF[name])
        self.start()
        self.subscribers()

    def start(self):
        with inside(self.name):
            self.process = subprocess.Popen(["aditd", "-c", self.conf], stdout=self.log,
                                            stderr=self.log, stdin=subprocess.DEVNULL)

    def kill(self):
        """At once; what the kernel has to do for its end goes on beside its successor."""
        self.process.kill()

    def tool(self, *words):
        with inside(self.name):
            done = subprocess.run(["adit", "-S", "%s/%s.ctl" % (WORK, self.name), "-j",
                                   *words], check=False, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def subscribers(self):
        """How many it names, when it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            got = self.tool("subscriber", "show", "count")
            if got is not None:
                return got[0]["subscribers"]
            time.sleep(0.01)
        raise RuntimeError("aditd of %s does not answer" % self.name)

    def links(self):
        """Those of the module: {(kind, tunnel or port, id)}"""
        return {(kind, e.get("tunnel_id", e.get("dev")), e["session_id"])
                for kind in ("session", "pppoe") for e in self.tool(kind, "show")}


def dial(dev, n, first, *options):
    command = ["l2tpload", "pppoe", "--device", dev, "--sessions", str(n), "--first",
               str(first), "--user", "user@isp", "--limit", "800", "--json", *options]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError("not all came up: " + done.stdout)


class Traffic:
    """Of all subscribers, in an order of chance, until it is stopped."""

    def __init__(self, lac, lns):
        order = list(range(N))
        random.Random(1).shuffle(order)
        who = list(subscribers(lac, lns))
        acc, core = mac_in("lac", "acc0"), mac_in("lns", "core0")
        up = ether(acc, who[0][0], ETH_PPPOE, pppoe(1, packet(SIZE, 0, INTERNET)))
        down = ether(core, BEYOND, ETH_IP, packet(SIZE, INTERNET, 0))
        self.loads = [
            Load("c0", "i0", [up], [
                word(8, lambda i: who[i][0][2] << 8 | who[i][0][3]),
                word(10, lambda i: who[i][0][4] << 8 | who[i][0][5]),
                word(16, lambda i: who[i][1]),
                address(up, 22, 12, lambda i: who[i][2])], order),
            Load("i0", "c0", [down], [address(down, 14, 16, lambda i: who[i][2])],
                 order)]
        for load in self.loads:
            load.set(BURST, BURST)
        self.sent = self.lost = 0
        self.stopping = threading.Event()
        self.error = None
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            while not self.stopping.is_set():
                for load in self.loads:
                    received = load.run()[1]
                    if received > BURST:
                        raise RuntimeError("%d of %d packets came" % (received, BURST))
                    self.sent += BURST
                    self.lost += BURST - received
                time.sleep(PAUSE)
        except (OSError, RuntimeError) as e:
            self.error = e

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        if self.error:
            raise self.error


def subscribers(lac, lns):
    """(MAC address, PPPoE session, IPv4 address) of each"""
    addresses = {e["session_id"]: aton(e["bound"]["addresses"][0].split("/")[0])
                 for e in lns.tool("session", "show")}
    peers = {(e["tunnel_id"], e["session_id"]): e["peer_session_id"]
             for e in lac.tool("session", "show")}
    for e in lac.tool("pppoe", "show"):
        to = e["bound"]
        yield (bytes.fromhex(e["mac"].replace(":", "")), e["session_id"],
               addresses[peers[to["tunnel_id"], to["session_id"]]])


def restart(daemon, extra):
    """Links and subscribers that were lost."""
    before = daemon.links()
    start = time.monotonic()
    daemon.kill()
    daemon.start()
    n = daemon.subscribers()
    named = time.monotonic() - start
    dial("c1", 1, extra)
    print("%s: %d named after %.2f s, another one up after %.2f s" % (
        daemon.name, n, named, time.monotonic() - start), flush=True)
    return len(before - daemon.links()) + abs(N - n)


def measure(rounds, say):
    shutil.rmtree(WORK, ignore_errors=True)
    os.mkdir(WORK, 0o700)
    make_boxes()
    lns, lac = Daemon("lns"), Daemon("lac")
    dial("c0", N, 1, "--leave")
    say("%d subscribers are up" % N)
    lost = 0
    for _ in range(rounds):
        with Traffic(lac, lns) as traffic:
            gone = sum(restart(d, N + 1 + i) for i, d in enumerate((lac, lns)))
        print("%d packets sent, %d lost; %d links or subscribers lost" % (
            traffic.sent, traffic.lost, gone), flush=True)
        lost += traffic.lost + gone
    say("each was killed and started %d times" % rounds)
    for d in lac, lns:
        d.kill()
    return {"restart/loss": [lost]}
