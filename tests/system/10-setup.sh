#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 500
#
# A clean set-up on the wire, as tshark reads it: nothing is malformed, nobody's
# retry timer shows, the proxy AVPs are there, LCP and authentication are not
# repeated in the tunnel, and no client waits.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

CLIENTS=5

lib_begin
load_module
chain_build
chain_configure
start_aditd lns
start_aditd lac
start router tcpdump-core tcpdump -i r0 -U -w "$WORK/core.pcap" udp port 1701
start client tcpdump-access tcpdump -i c0 -U -w "$WORK/access.pcap"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-core.log"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-access.log"

# One after the other, as each is a clean set-up: pppd is slow here.
for i in $(seq "$CLIENTS"); do
	start_pppoe client c0 user@isp.example secret nodefaultroute unit "$i"
	wait_for 60 "address $i" has_address client "ppp$i"
done
start_pppoe client c0 bob builder nodefaultroute unit 0
wait_for 60 "bob's address" has_address client ppp0
sleep 2
[ "$(tool lac -j tunnel show | grep -o '"tunnel_id"' | wc -l)" = 1 ] ||
	fail "not one tunnel for all"
# Each was bound when the daemon had read all that went up before.
tool lac -j system show | grep -q "\"kern_rx_marks\": *$CLIENTS\b" ||
	fail "not a mark for each binding: $(tool lac -s system show)"

kill "$(pid_of tcpdump-core)" "$(pid_of tcpdump-access)"
tshark_fields core frame.protocols ip.src l2tp.type l2tp.length l2tp.Ns \
	l2tp.avp.message_type l2tp.avp.type ppp.code chap.code
tshark_fields access frame.protocols frame.time_epoch eth.src pppoed.tags.host_uniq \
	pppoe.code pppoe.session_id ppp.code ppp.identifier chap.code \
	chap.identifier
python3 - "$WORK" "$CLIENTS" <<'PY'
import collections, csv, sys

work, clients = sys.argv[1], int(sys.argv[2])


def read(name):
    with open("%s/%s.tsv" % (work, name)) as f:
        return list(csv.DictReader(f, delimiter="\t"))


def protocol(row, name):
    return name in row["frame.protocols"].split(":")


def once(what, rows, *keys):
    seen = collections.Counter(tuple(r[k] for k in keys) for r in rows)
    assert seen, what + ": none at all"
    twice = [k for k, n in seen.items() if n > 1]
    assert not twice, "%s sent again: %s" % (what, twice)


core, access = read("core"), read("access")
for rows in core, access:
    assert not [r for r in rows if protocol(r, "_ws.malformed")]
control = [r for r in core if r["l2tp.type"] in ("1", "True")]
once("control messages", [r for r in control if int(r["l2tp.length"]) > 12],
     "ip.src", "l2tp.Ns")
ppp = [r for r in access if protocol(r, "pppoes")]
once("PADI and PADR", [r for r in access
                       if r["pppoe.code"] in ("0x09", "0x19")],
     "pppoe.code", "pppoed.tags.host_uniq")
for proto in "lcp", "ipcp":
    once(proto + " Configure-Requests",
         [r for r in ppp if protocol(r, proto) and r["ppp.code"] == "1"],
         "eth.src", "pppoe.session_id", "ppp.identifier")
once("CHAP", [r for r in ppp if protocol(r, "chap")],
     "eth.src", "pppoe.session_id", "chap.code", "chap.identifier")
print("ok: nothing malformed, nothing sent twice")

data = [r for r in core if r not in control]
# Echoes may come, where the machine is slow and the test takes long.
lcp = [r["ppp.code"] for r in data if protocol(r, "lcp")]
assert not set(lcp) - {"9", "10"}, "LCP in the tunnel: %s" % lcp
chap = [r["chap.code"] for r in data if protocol(r, "chap")]
assert chap == ["3"] * clients, "CHAP in the tunnel: %s" % chap
heard = [r for r in ppp if r["chap.code"] == "3"]
assert len(heard) == clients + 1, "%d Successes at the access" % len(heard)
print("ok: LCP was not repeated, each client heard one Success")

iccn = [r["l2tp.avp.type"].split(",") for r in control
        if r["l2tp.avp.message_type"] == "12"]
assert len(iccn) == clients, iccn
for avps in iccn:
    # connect speed, framing, LCP, authentication
    for avp in 24, 19, 26, 27, 28, 29, 30, 31, 32, 33:
        assert str(avp) in avps, "no AVP %d in %s" % (avp, avps)
print("ok: proxy LCP and proxy authentication in ICCN")

times = collections.defaultdict(list)
for r in ppp:
    echo = protocol(r, "lcp") and r["ppp.code"] in ("9", "10")
    if not echo and (protocol(r, "lcp") or protocol(r, "chap") or
                     protocol(r, "ipcp")):
        times[r["pppoe.session_id"]].append(float(r["frame.time_epoch"]))
worst = max(max(t) - min(t) for t in times.values())
assert len(times) == clients + 1 and worst < 2.5, "a client waited %f s" % worst
print("ok: %d ms for PPP at most" % (worst * 1000))
PY
