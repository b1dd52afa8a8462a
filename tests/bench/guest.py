#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of scripts/bench that runs in the lab kernel: makes what the named
samples need, measures, writes {name: [sample, ...]} to $ADIT_OUT/samples.json.

usage: guest.py REPETITIONS MILLISECONDS NAME...

Names are BOX/PATH/SIZE, program/WHAT, tcp/WHAT or restart/WHAT: see figures.py.
"""

import fcntl
import gc
import json
import os
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from genl import load_module

import bulk
import restart
import rival
from box import Box
from paths import Paths
from program import Adit

N = 60000
# {box: (kind, how it is made, tunnels, sessions)}
BOXES = {
    "lns1": ("lns", "terminate", 1, 1),
    "lac1": ("lac", "switch", 1, 1),
    "lns60k": ("lns", "terminate", 8000, N),
    "lac60k": ("lac", "switch", 8000, N),
    "ppp1": ("lns", rival.Lns, 1, 1),
    "bridge1": ("lac", rival.Lac, 1, 1),
    "ppp4k": ("lns", rival.Lns, 4000, 4000),
    "bridge10k": ("lac", rival.Lac, 1, 10000),
}


def say(text):
    print("bench: %6.1f s  %s" % (time.monotonic() - START, text), flush=True)


def seed_random():
    """Unseeded, choosing an IP id costs more than all the rest."""
    with open("/dev/urandom", "wb") as f:
        fcntl.ioctl(f, 0x40085203, struct.pack("=ii64s", 512, 64, os.urandom(64)))


class Path:
    def __init__(self, name, adit, made, wants):
        self.name, self.adit, self.wants = name, adit, wants
        self.load = made
        self.samples = []
        self.checked = False    # the first frame that came out

    def _run(self):
        express = self.name.split("/")[1].endswith(".express")
        if express:
            self.adit.express(True)
        ns, received, first = self.load.run()
        if express:
            self.adit.express(False)
        if received != self.load.packets:
            raise RuntimeError("%s: %d of %d packets arrived; drops %r" % (
                self.name, received, self.load.packets,
                self.adit.drops() if self.adit else "?"))
        for at, data in self.wants if not self.checked else ():
            if first[at:at + len(data)] != data:
                raise RuntimeError("%s: another frame comes out than it should: %s" %
                                   (self.name, first[:80].hex()))
        self.checked = True
        return ns / received

    def calibrate(self, milliseconds):
        self.load.set(2000)
        self._run()
        packets = int(milliseconds * 1e6 / min(self._run() for _ in range(3)))
        self.load.set(max(512, packets))
        self._run()    # cold: thrown away

    def measure(self):
        self.samples.append(self._run())


def make_box(name):
    """(paths, adit or None)"""
    kind, how, tunnels, n = BOXES[name]
    box = Box(name)
    adit = None
    if isinstance(how, str):
        adit = Adit(box, tunnels)
        getattr(adit, how)(n)
    else:
        KEPT.append(how(box, tunnels, n))
    say("made %s" % name)
    return Paths(box, kind, tunnels, n), adit


def make_paths(names):
    boxes, paths = {}, []
    for name in names:
        box, path, size = name.split("/")
        if box not in boxes:
            boxes[box] = make_box(box)
        maker, adit = boxes[box]
        if path.endswith(".express") and not adit.express(False):
            continue
        paths.append(Path(name, adit, *maker.load(path, int(size))))
    return paths


def measure_paths(names, repetitions, milliseconds):
    paths = make_paths(names)
    say("made %d paths" % len(paths))
    for p in paths:
        p.calibrate(milliseconds)
    say("warm")
    for _ in range(repetitions):
        for p in paths:
            p.measure()
    say("measured")
    return {p.name: p.samples for p in paths}


def memory():
    """{kind: bytes in use}"""
    with open("/proc/meminfo", encoding="ascii") as f:
        return {line.split(":")[0]: int(line.split()[1]) << 10 for line in f}


def show(name):
    """Seconds that the tool takes to list them."""
    start = time.monotonic()
    done = subprocess.run(["ip", "netns", "exec", name, "adit", "-j", "session", "show"],
                          check=True, stdout=subprocess.PIPE)
    took = time.monotonic() - start
    if len(json.loads(done.stdout)) != N:
        raise RuntimeError("adit session show: not %d" % N)
    return took


def measure_programming(rounds):
    """60,000 sessions in 8,000 tunnels on a multipoint device, made and removed."""
    got = {"program/" + n: [] for n in ("slab", "percpu", "add", "show", "del")}
    adit = Adit(Box("program"), 8000)
    make = adit.sessions(N) + adit.terminations(N)
    remove = adit.removals(N)
    for _ in range(1 + rounds):
        before = memory()
        got["program/add"].append(adit.bulk.send(make))
        after = memory()
        for kind, name in ("Slab", "slab"), ("Percpu", "percpu"):
            got["program/" + name].append((after[kind] - before[kind]) / N)
        got["program/show"].append(show("program"))
        got["program/del"].append(adit.bulk.send(remove))
        time.sleep(0.3)    # they are freed
    adit.box.destroy()
    say("programmed and removed %d times" % (1 + rounds))
    # The first round finds every slab empty: right for memory, cold for time.
    return {n: v[:1] if n in ("program/slab", "program/percpu") else v[1:]
            for n, v in got.items()}


def kernel():
    return " ".join(os.uname()[i] for i in (0, 2, 4))


def main():
    repetitions, milliseconds = int(sys.argv[1]), float(sys.argv[2])
    names = sys.argv[3:]
    gc.disable()
    seed_random()
    load_module()
    subprocess.run(["insmod", os.environ["ADIT_GEN_KO"]], check=True)
    samples = {}
    groups = {n.split("/")[0] for n in names}
    if "program" in groups:
        samples.update(measure_programming(3))
    if "tcp" in groups:
        samples.update(bulk.measure(5))
        say("TCP measured")
    if "restart" in groups:
        samples.update(restart.measure(2, say))
    paths = [n for n in names if n.split("/")[0] in BOXES]
    if paths:
        samples.update(measure_paths(paths, repetitions, milliseconds))
    with open(os.environ["ADIT_OUT"] + "/samples.json", "w", encoding="ascii") as f:
        json.dump({"kernel": kernel(), "samples": samples}, f)


START = time.monotonic()
KEPT = []    # what must stay open
main()
