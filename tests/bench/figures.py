# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of "make bench": which samples make them, their targets, the table.

A sample is the cost of one thing in one repetition: nanoseconds per packet for a
path, else what its name says. Less is better in all of them. A guest, or
tests/bench/daemon, gives {name: [sample, ...]}; repetitions of all names are interleaved, so that sample i
of one and sample i of another were taken under the same conditions.
"""

import json

SIZES = 64, 128, 512, 1400
PATHS = "lns.down", "lns.up", "lac.up", "lac.down"
# {path with express receive: the same without}
EXPRESS = {"lns.up": "lns.up.express", "lac.down": "lac.down.express"}


def quartile(samples, q=1):
    """The lower one, or with q=3 the upper one, interpolated."""
    s = sorted(samples)
    at = (len(s) - 1) * q / 4
    low = int(at)
    high = min(low + 1, len(s) - 1)
    return s[low] + (s[high] - s[low]) * (at - low)


BLOCKS = 5


def spread(of, *lists):
    """How far results from a fifth of the repetitions each lie apart, as a part of
    the result: noise that the quartile does not remove."""
    n = max(1, min(len(s) for s in lists) // BLOCKS)
    each = [of(*(s[i * n:(i + 1) * n] for s in lists))
            for i in range(min(BLOCKS, min(len(s) for s in lists)))]
    return (max(each) - min(each)) / (of(*lists) or 1)


def ratio(a, b):
    return quartile(a) / quartile(b)


class Ratio:
    """How much more `base` costs than `path`; of several pairs the worst. In a pair
    a path may be a tuple: the first of them that was measured."""

    def __init__(self, key, figure, target, peer, *pairs):
        self.key, self.figure, self.target, self.peer = key, figure, target, peer
        self.unit, self.pairs = "ratio", pairs

    def names(self):
        return [n for pair in self.pairs for side in pair for n in alternatives(side)]

    def value(self, samples):
        """(value, spread) or None."""
        found = []
        for base, path in self.pairs:
            a, b = first(samples, base), first(samples, path)
            if not a or not b:
                return None
            found.append((ratio(a, b), spread(ratio, a, b)))
        return min(found)

    def is_met(self, value):
        return value >= self.target


class Cost:
    """The sum of samples, to be at most the target."""

    def __init__(self, key, figure, target, unit, *parts):
        self.key, self.figure, self.target, self.unit = key, figure, target, unit
        self.parts, self.peer = parts, ""

    def names(self):
        return list(self.parts)

    def value(self, samples):
        if not all(samples.get(p) for p in self.parts):
            return None
        each = [sum(v) for v in zip(*(samples[p] for p in self.parts))]
        return quartile(each), spread(quartile, each)

    def is_met(self, value):
        return value <= self.target


class Rate:
    """How many of them a second of what a sample is in seconds: at least the target."""

    def __init__(self, key, figure, target, unit, sample):
        self.key, self.figure, self.target, self.unit = key, figure, target, unit
        self.sample, self.peer = sample, ""

    def names(self):
        return [self.sample]

    def value(self, samples):
        v = samples.get(self.sample)
        return (1 / quartile(v), spread(quartile, v)) if v else None

    def is_met(self, value):
        return value >= self.target


def alternatives(side):
    return side if isinstance(side, tuple) else (side,)


def first(samples, side):
    return next((samples[n] for n in alternatives(side) if samples.get(n)), None)


def best(box, path):
    """With express receive where the module has it."""
    plain = "%s/%s/128" % (box, path)
    if path not in EXPRESS:
        return plain
    return "%s/%s/128" % (box, EXPRESS[path]), plain


def plain_of(path):
    return "plain" + path[3:].replace(".express", "")


def figures():
    """Those of the table in the design, in its order."""
    forwarding = "plain IPv4 forwarding"
    all_figures = [
        Ratio(key, text, target, forwarding,
              ("%s1/%s/128" % (key[:3], plain_of(key)), "%s1/%s/128" % (key[:3], key)))
        for key, text, target in (
            ("lns.down", "LNS down, 128-byte packets", 0.60),
            ("lns.up", "LNS up", 0.67),
            ("lac.up", "LAC up, PPPoE to L2TP", 0.97),
            ("lac.down", "LAC down, L2TP to PPPoE", 0.92),
            ("lns.up.express", "LNS up, express receive", 0.83),
            ("lac.down.express", "LAC down, express receive", 1.20))]
    return all_figures + [
        Ratio("lns.vs", "LNS, 1 session, worse direction", 1.0, "l2tp_ppp",
              *(("ppp1/%s/128" % p, best("lns1", p)) for p in PATHS[:2])),
        Ratio("lac.vs", "LAC, 1 session, worse direction", 1.2,
              "pppoe + bridge + l2tp_ppp",
              *(("bridge1/%s/128" % p, best("lac1", p)) for p in PATHS[2:])),
        Ratio("lns.scale.down", "LNS down, 60,000 sessions", 7,
              "l2tp_ppp, 4,000 sessions",
              ("ppp4k/lns.down/128", "lns60k/lns.down/128")),
        Ratio("lns.scale.up", "LNS up, 60,000 sessions", 40,
              "l2tp_ppp, 4,000 sessions",
              ("ppp4k/lns.up/128", best("lns60k", "lns.up"))),
        Ratio("lac.scale", "LAC up, 60,000 sessions", 22,
              "pppoe + bridge, 10,000 sessions",
              ("bridge10k/lac.up/128", "lac60k/lac.up/128")),
        Ratio("scale.60k", "60,000 sessions, the worst of four", 0.75, "1 session",
              *((best(p[:3] + "1", p), best(p[:3] + "60k", p)) for p in PATHS)),
        Ratio("tcp.bulk.down", "TCP through LAC and LNS, down", 0.90, forwarding,
              ("tcp/plain.down", "tcp/down")),
        Ratio("tcp.bulk.up", "TCP through LAC and LNS, up", 0.80, forwarding,
              ("tcp/plain.up", "tcp/up")),
        Ratio("frag", "LNS up, each datagram in two fragments", 0.40,
              "the same unfragmented", ("lns1/lns.up/1506", "lns1/lns.up.frag/1506")),
        Cost("mem.kernel", "kernel memory per terminated session", 512 + 48, "B",
             "program/slab", "program/percpu"),
        Cost("prog.60k.add", "60,000 sessions programmed, kernel time", 1, "s",
             "program/add"),
        Cost("prog.60k.del", "60,000 sessions removed, kernel time", 1, "s",
             "program/del"),
        Rate("setup.rate", "subscribers set up by LAC and LNS, a second of CPU", 1500,
             "/s", "daemon/setup"),
        Cost("setup.syscalls", "system calls of both for one", 60, "", "daemon/syscalls"),
        Cost("mem.daemon", "daemon memory per subscriber, at 60,000", 4096, "B",
             "daemon/memory"),
        Cost("show.60k", "adit -j session show of 60,000", 1, "s", "program/show"),
        Rate("radius.rate.0ms", "authentications a second of CPU", 20000, "/s",
             "radius/0ms"),
        Rate("radius.rate.10ms", "with 10 ms server delay", 10000, "/s", "radius/10ms"),
        Rate("radius.rate.dead", "with the first server dead", 10000, "/s",
             "radius/dead"),
        Rate("coa.60k", "CoA look-ups a second at 60,000 sessions", 20000, "/s",
             "coa/60k"),
        Cost("restart.time", "full control after kill -9, 60,000 sessions", 3, "s",
             "daemon/restart"),
        Cost("restart.loss", "packets and sessions lost by it", 0, "", "restart/loss"),
    ]


NATIVE = "daemon", "radius", "coa"


def is_native(name):
    """A sample that needs no guest."""
    return name.split("/")[0] in NATIVE


def more_names():
    """Samples that the table of costs shows besides."""
    for box in "lns1", "lac1", "lns60k", "lac60k":
        for path in PATHS:
            if path.startswith(box[:3]):
                for p in path, plain_of(path), EXPRESS.get(path):
                    if p:
                        yield from ("%s/%s/%d" % (box, p, size) for size in SIZES)
    for box, paths in (("ppp1", PATHS[:2]), ("ppp4k", PATHS[:2]),
                       ("bridge1", PATHS[2:]), ("bridge10k", PATHS[2:])):
        yield from ("%s/%s/128" % (box, p) for p in paths)


def wanted(keys=()):
    """(figures, names of their samples); without keys all there are."""
    known = {f.key: f for f in figures()}
    for key in keys:
        if key not in known:
            raise ValueError("no figure %s; there are: %s" % (key, " ".join(known)))
    chosen = [known[k] for k in keys] or list(known.values())
    names = [n for f in chosen for n in f.names()]
    if not keys:
        names += more_names()
    return chosen, list(dict.fromkeys(names))


def results(chosen, samples, kernel, native=""):
    """What goes into build/bench.json; value None: not measured. The kernels are
    those of the guest and of this machine."""
    rows = []
    for f in chosen:
        value = f.value(samples)
        rows.append({
            "key": f.key, "figure": f.figure,
            "value": round(value[0], 3) if value else None,
            "unit": f.unit, "target": f.target,
            "met": bool(value and f.is_met(value[0])),
            "peer": f.peer, "spread": round(value[1], 3) if value else None,
            "kernel": native if is_native(f.names()[0]) else kernel})
    return rows


def number(value):
    return "%.0f" % value if value >= 100 else "%.2f" % value


def table(rows):
    out = ["%-17s %-40s %9s %7s %7s  %s" %
           ("key", "figure, against", "value", "spread", "target", "")]
    for r in rows:
        text = r["figure"]
        value, spread, word = "-", "", "not measured"
        if r["value"] is not None:
            value = number(r["value"]) + {"ratio": "x"}.get(r["unit"], " " + r["unit"])
            spread = "%.0f %%" % (100 * r["spread"])
            word = "met" if r["met"] else "NOT MET"
        out.append("%-17s %-40s %9s %7s %7s  %s" % (
            r["key"], text, value, spread, number(r["target"]), word))
        if r["peer"]:
            out.append("%-17s   / %s" % ("", r["peer"]))
    return "\n".join(out)


def countable(names):
    """Paths that a slow emulator can run: of one session."""
    return [n for n in names if n.split("/")[0] in ("lns1", "lac1", "ppp1", "bridge1")]


def costs(samples, title):
    """What a packet costs, a line for each path and a column for each size."""
    lines = {}
    for name, values in samples.items():
        box, path, size = (name.split("/") + ["", ""])[:3]
        if size:
            lines.setdefault((box, path), {})[int(size)] = values
    sizes = sorted({s for line in lines.values() for s in line})
    out = ["%-28s" % title + "".join("%14d" % s for s in sizes)]
    for (box, path), line in lines.items():
        out.append("%-28s" % (box + " " + path) + "".join(
            "%14s" % ("%.0f (%.0f)" % (quartile(line[s]), quartile(line[s], 3))
                      if s in line else "") for s in sizes))
    return "\n".join(out)


def write_json(rows, path):
    with open(path, "w", encoding="ascii") as f:
        json.dump(rows, f, indent=1)
        f.write("\n")
