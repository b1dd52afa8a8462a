#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# Proxy LCP and proxy authentication with the module below. First our LNS and a LAC
# written apart from ours: each of the two is enabled or not and present or not, and who
# sends which Configure-Request and Challenge is read off the wire; then its subscribers'
# packets. Then our LAC and our LNS: tshark reads AVPs 26 to 33 beside what client and LAC
# have said to each other, and there is no LCP in the tunnel.
#
#	peer (lac_cases.py, lac_data.py) 192.0.2.1 ---- 192.0.2.2 one (aditd)

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

HERE=$(dirname "$(readlink -f "$0")")
USER=user@isp.example

# cases FILE ONLY: those whose names have that.
cases() {
	on peer env LAC_ONLY="$2" /usr/bin/python3 "$HERE/lac_$1.py" run \
		192.0.2.2 192.0.2.1
}

lib_begin
load_module
ns_add peer one
cable peer p0 one core0
on peer ip addr add 192.0.2.1/24 dev p0
on one ip addr add 192.0.2.2/24 dev core0
{
	conf_system one
	/usr/bin/python3 "$HERE/lac_cases.py" conf 192.0.2.2 192.0.2.0/24
} >"$WORK/one.conf"
start_aditd one
cases cases combination
cases data ""
wait_for 10 "nothing to be left" no_sessions one
kill "$(pid_of aditd-one)"
echo "ok: the LNS and a LAC of another hand"

chain_build
chain_configure
start_aditd lns
start_aditd lac
start router tcpdump-core tcpdump -i r0 -U -w "$WORK/core.pcap" udp port 1701
start client tcpdump-access tcpdump -i c0 -U -w "$WORK/access.pcap"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-core.log"
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump-access.log"

# dial OPTION...: one attempt, and a hang-up.
dial() {
	start_pppoe client c0 "$USER" secret "$@"
	wait_for 60 "an address" has_address client ppp0
	on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
	kill "$(pid_of "pppd-$USER")"
	wait_for 30 "pppd's end" ended_pid "$(pid_of "pppd-$USER")"
	wait_for 30 "the LNS to be empty" no_sessions lns
}

dial
dial refuse-chap
kill "$(pid_of tcpdump-core)" "$(pid_of tcpdump-access)"
grep -aq 'secret' "$WORK/core.pcap" && fail "a password in clear"
a=l2tp.avp
tshark_fields core frame.protocols l2tp.type ppp.code chap.code pap.code \
	$a.message_type $a.type $a.hidden $a.initial_received_lcp_confreq \
	$a.last_sent_lcp_confreq $a.last_received_lcp_confreq \
	$a.proxy_authen_type $a.proxy_authen_name $a.proxy_authen_challenge \
	$a.proxy_authen_id $a.proxy_authen_response
tshark_fields access chap.code chap.identifier chap.value chap.name \
	pap.code pap.identifier
/usr/bin/python3 - "$WORK" "$USER" \
	"$(on client cat /sys/class/net/c0/address)" <<'PY'
import csv
import struct
import sys

work, user, mac = sys.argv[1:]
mac = bytes.fromhex(mac.replace(":", ""))


def read(name):
    with open("%s/%s.tsv" % (work, name)) as f:
        return list(csv.DictReader(f, delimiter="\t"))


def frames(name):
    with open("%s/%s.pcap" % (work, name), "rb") as f:
        data, at = f.read(), 24
    while at + 16 <= len(data):
        size, = struct.unpack("<I", data[at + 8:at + 12])
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def requests():
    """{session: [(client's, options)]}: LCP Configure-Requests at the access port."""
    found = {}
    for f in frames("access"):
        if f[12:14] == b"\x88\x64" and f[20:23] == b"\xc0\x21\1":
            session, = struct.unpack("!H", f[16:18])
            length, = struct.unpack("!H", f[24:26])
            found.setdefault(session, []).append((f[6:12] == mac,
                                                  f[26:22 + length].hex()))
    return list(found.values())


def same(what, got, wanted):
    got = got.replace(":", "")
    assert wanted and got == wanted, "%s: %s, not %s" % (what, got, wanted)


def protocol(row, name):
    return name in row["frame.protocols"].split(":")


core, access = read("core"), read("access")
A = "l2tp.avp."
iccn = [r for r in core if r[A + "message_type"] == "12"]
dials = requests()
assert len(iccn) == len(dials) == 2, (len(iccn), len(dials))
for r, said in zip(iccn, dials):
    theirs = [options for client, options in said if client]
    ours = [options for client, options in said if not client]
    same("26", r[A + "initial_received_lcp_confreq"], theirs[0])
    same("27", r[A + "last_sent_lcp_confreq"], ours[-1])
    same("28", r[A + "last_received_lcp_confreq"], theirs[-1])
    same("30", r[A + "proxy_authen_name"], user)
print("ok: AVPs 26 to 28 are the client's and the LAC's own Configure-Requests")

def number(text):
    return str(int(text, 0))


chap, pap = iccn
said = {r["chap.code"]: r for r in access if r["chap.code"]}
same("29", chap[A + "proxy_authen_type"], "2")
same("31", chap[A + "proxy_authen_challenge"], said["1"]["chap.value"])
same("32", number(chap[A + "proxy_authen_id"]), number(said["2"]["chap.identifier"]))
same("33", chap[A + "proxy_authen_response"], said["2"]["chap.value"])
same("30", chap[A + "proxy_authen_name"], said["2"]["chap.name"])
request = [r for r in access if r["pap.code"] == "1"][-1]
same("29", pap[A + "proxy_authen_type"], "3")
same("32", number(pap[A + "proxy_authen_id"]), number(request["pap.identifier"]))
assert not pap[A + "proxy_authen_response"], "the password is in clear"
# tshark has no type of what is hidden.
for r, hidden, types in (chap, 0, "29 30 31 32 33"), (pap, 1, "29 30 32"):
    flags = r[A + "hidden"].replace("True", "1").split(",")
    assert flags.count("1") == hidden, flags
    proxy = [t for t in r[A + "type"].split(",") if 29 <= int(t) <= 33]
    assert proxy == types.split(), proxy
print("ok: AVPs 29 to 33 are what the client answered, a password is hidden")

data = [r for r in core if r["l2tp.type"] in ("0", "False")]
asked = [r for r in data if protocol(r, "lcp") and r["ppp.code"] in ("1", "2", "3", "4")]
assert data and not asked, "LCP in the tunnel: %s" % asked
assert [r["chap.code"] for r in data if r["chap.code"]] == ["3"]
assert [r["pap.code"] for r in data if r["pap.code"]] == ["2"]
print("ok: no LCP Configure-Request in the tunnel, one Success, one Ack")
PY
