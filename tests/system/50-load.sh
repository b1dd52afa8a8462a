#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 900
#
# The module is loaded and unloaded a hundred times while packets arrive: L2TP
# data and control over both outer families, known and unknown, whole and
# mangled, and PPPoE frames on an access port. Each time it has an endpoint, a
# tunnel, a terminated session and a switched one when it goes.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

TIMES=${TIMES:-100}

lib_begin
load_module
ns_add a b
cable a e0 b e0
cable a acc0 b acc0
on a ip addr add 192.0.2.1/24 dev e0
on b ip addr add 192.0.2.2/24 dev e0
on a ip addr add 2001:db8::1/64 dev e0 nodad
on b ip addr add 2001:db8::2/64 dev e0 nodad
mac_a=$(on a cat /sys/class/net/acc0/address)
mac_b=$(on b cat /sys/class/net/acc0/address)

# Sends until it is ended, and counts in a file.
cat >"$WORK/send.py" <<'PY'
import os, random, socket, struct, sys, time

mac_a, mac_b, count = sys.argv[1:]
random.seed(1)


def checksum(b):
    s = sum(struct.unpack("!%dH" % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def ping(src, dst):
    icmp = struct.pack("!BBHHH", 8, 0, 0, 1, 1) + bytes(56)
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0,
                     socket.inet_aton(src), socket.inet_aton(dst))
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + icmp


def data(tunnel, session, frame):
    return struct.pack("!HHH", 2, tunnel, session) + frame


echo = b"\xff\x03\xc0\x21" + struct.pack("!BBHI", 9, 1, 8, 7)
inner = ping("10.0.0.2", "10.0.0.1")
good = [data(17, 1, b"\xff\x03\0\x21" + inner), data(17, 2, b"\xff\x03\0\x21" + inner),
        data(17, 1, echo), data(17, 2, echo)]
bad = [data(17, 9, inner), data(99, 1, inner), b"", b"\0\2",
       struct.pack("!HHHHHH", 0xc802, 12, 0, 0, 0, 0),
       struct.pack("!HHHHHH", 0xc802, 12, 17, 0, 0, 0),
       struct.pack("!HHHH", 0x0202, 17, 1, 99)]
socks = []
for family, local, remote in ((socket.AF_INET, "192.0.2.2", "192.0.2.1"),
                              (socket.AF_INET6, "2001:db8::2", "2001:db8::1")):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((local, 1701))
    s.connect((remote, 1701))
    s.setblocking(False)
    socks.append(s)
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("acc0", 0))
eth = bytes.fromhex(mac_a.replace(":", "") + mac_b.replace(":", ""))
ppp = b"\0\x21" + inner
frames = [eth + struct.pack("!HBBHH", 0x8864, 0x11, 0, sid, len(ppp)) + ppp
          for sid in (7, 8)]
frames.append(eth + struct.pack("!HBBHH", 0x8863, 0x11, 9, 0, 4) + bytes(4))
sent = 0
while True:
    for _ in range(20):
        p = random.choice(good if random.random() < 0.8 else bad)
        if p and random.random() < 0.1:
            p = bytearray(p)
            p[random.randrange(len(p))] ^= 1 << random.randrange(8)
        for s in socks:
            try:
                s.send(p)
            except OSError:
                pass    # an ICMP error, or the queue is full
        try:
            raw.send(random.choice(frames))
        except OSError:
            pass
        sent += 1
    with open(count + ".new", "w") as f:
        f.write("%d\n" % sent)
    os.rename(count + ".new", count)
    time.sleep(0.05)    # the rest of the time is the module's
PY

cat >"$WORK/batch" <<END
endpoint add local 192.0.2.1
endpoint add local 2001:db8::1
tunnel add id 17 peer-id 17 endpoint 1 remote 192.0.2.2
tunnel add id 18 peer-id 18 endpoint 2 remote 2001:db8::2
session add 17/1 peer-id 1 user term
session add 17/2 peer-id 2 user switched
port add acc0
pppoe add acc0/7 mac $mac_b user switched
pppoe add acc0/8 mac $mac_b user punted
session bind 17/1 dev term0 addr 10.0.0.2
session bind 17/2 pppoe acc0/7
END

cat >"$WORK/device" <<END
link add term0 type adit
link set term0 up
addr add 10.0.0.1/32 dev term0
route add 10.0.0.2 dev term0
END

start b sender python3 "$WORK/send.py" "$mac_a" "$mac_b" "$WORK/sent"
wait_for 20 "the first packets" test -s "$WORK/sent"
rmmod adit
# Few processes: they are what costs time here.
forwarded=0
for i in $(seq "$TIMES"); do
	insmod "$ADIT_KO"
	on a ip -b "$WORK/device"
	on a adit -b "$WORK/batch" >/dev/null
	read -r before <"$WORK/sent"
	until read -r sent <"$WORK/sent" && [ "$sent" -ge $((before + 40)) ]; do
		sleep 0.05
	done
	if [ $((i % 20)) = 1 ]; then
		n=$(on a cat /sys/class/net/term0/statistics/rx_packets)
		forwarded=$((forwarded + n))
	fi
	rmmod adit
done
[ "$forwarded" -gt 0 ] || fail "no packet got through"
echo "ok: $TIMES times, $sent packets on each way"
