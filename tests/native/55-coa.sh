#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# Disconnect and CoA (RFC 5176) of aditd's subscribers, over plain sockets: by FreeRADIUS's
# radclient, which signs and checks by itself; then what is forged, from elsewhere,
# or played back.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

SECRET=coa-secret

{
	lns_conf
	cat <<-CONF
		radius-dae "core" {
			address = "127.0.0.1"
			client "noc" { address = "127.0.0.1"  secret = "$SECRET" }
			client "strict" {
				address = "127.0.0.2"  secret = "$SECRET"
				timestamp = require  message-authenticator = require
			}
		}
		radius-dae "six" {
			address = "::1"
			client "any" { address = "::/0"  secret = "$SECRET" }
		}
	CONF
} >"$WORK/lns.conf"
start_aditd lns

# client WHAT ATTRIBUTES: what radclient got is in $WORK/radclient.json.
client() {
	echo "$2" | radclient -x -r 2 -t 10 "${3-127.0.0.1}:3799" "$1" "$SECRET" \
		>"$WORK/radclient.json" 2>&1
}

got() {
	grep -q "$1" "$WORK/radclient.json" || {
		cat "$WORK/radclient.json"
		fail "not $1"
	}
}

# How many of them are up: those who still negotiate have no address.
subscribers() {
	tool -j subscriber show >"$WORK/subscriber.json"
	python3 -c 'import json, sys
print(sum(s["state"] == "up" for s in json.load(open(sys.argv[1]))))' \
		"$WORK/subscriber.json"
}

# wait_subscribers N
wait_subscribers() {
	for _ in $(seq 200); do
		[ "$(subscribers)" = "$1" ] && return
		sleep 0.1
	done
	fail "not $1 subscribers"
}

field() {
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[0][sys.argv[2]])' \
		"$WORK/subscriber.json" "$1"
}

start_load lac lac --peer 127.0.0.1 --local 127.0.1.1 --secret tunnel-secret \
	--tunnels 1 --sessions 4 --hold 200 --limit 230
wait_subscribers 4

client coa "Framed-IP-Address = $(field address), Session-Timeout = 86400" ||
	fail "coa: $(cat "$WORK/radclient.json")"
got CoA-ACK
client coa "User-Name = \"user\", Session-Timeout = 86400" || true
got 'CoA-NAK'
got 'Error-Cause = Multiple-Session-Selection-Unsupported'
client coa "NAS-Identifier = \"other\", User-Name = \"user\", Class = 0x01" || true
got 'Error-Cause = NAS-Identification-Mismatch'
client disconnect 'User-Name = "nobody"' || true
got 'Error-Cause = Session-Context-Not-Found'
client disconnect 'User-Name = "user", Filter-Id = "gold"' || true
got 'Error-Cause = Unsupported-Attribute'
client disconnect 'NAS-Identifier = "lns1"' || true
got 'Error-Cause = Missing-Attribute'
[ "$(subscribers)" = 4 ] || fail "somebody is gone"
echo "ok: CoA, and what is refused"

session=$(printf '%016x' "$(field id)")
client disconnect "Acct-Session-Id = \"$session\", Message-Authenticator = 0x00" ||
	fail "disconnect: $(cat "$WORK/radclient.json")"
got Disconnect-ACK
got 'Acct-Terminate-Cause = Admin-Reset'
[ "$(subscribers)" = 3 ] || fail "acknowledged before it was gone"
client disconnect "Framed-IP-Address = $(field address)" '[::1]' ||
	fail "over IPv6: $(cat "$WORK/radclient.json")"
got Disconnect-ACK
[ "$(subscribers)" = 2 ] || fail "not gone by IPv6"
echo "ok: Disconnect"

# Requests by hand: signed or not, from where they should not come, again and again.
SECRET=$SECRET ADDRESS=$(field address) python3 - <<-'PYTHON'
	import hashlib, hmac, os, socket, struct, time

	SECRET = os.environ["SECRET"].encode()
	ADDRESS = socket.inet_aton(os.environ["ADDRESS"])

	def attr(kind, value):
	    return bytes([kind, len(value) + 2]) + value

	def request(ident, body, secret=SECRET, when=None, ma=True, code=40):
	    if when is not None:
	        body += attr(55, struct.pack("!I", int(when)))
	    size = 20 + len(body) + (18 if ma else 0)
	    head = struct.pack("!BBH", code, ident, size)
	    if ma:
	        whole = head + bytes(16) + body + attr(80, bytes(16))
	        body += attr(80, hmac.new(secret, whole, "md5").digest())
	    return head + hashlib.md5(head + bytes(16) + body + secret).digest() + body

	def ask(source, packet, wait):
	    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
	        s.bind((source, 0))
	        s.settimeout(wait)
	        s.sendto(packet, ("127.0.0.1", 3799))
	        try:
	            return s.recv(4096)
	        except socket.timeout:
	            return None

	user = attr(8, ADDRESS)
	now = time.time()
	silent = {
	    "a stranger": ("127.0.0.3", request(1, user)),
	    "another secret": ("127.0.0.1", request(2, user, b"guess")),
	    "no time": ("127.0.0.2", request(3, user)),
	    "no Message-Authenticator": ("127.0.0.2", request(4, user, when=now, ma=False)),
	    "a time of an hour ago": ("127.0.0.1", request(5, user, when=now - 3600)),
	    "a time in an hour": ("127.0.0.1", request(6, user, when=now + 3600)),
	    "before the daemon": ("127.0.0.1", request(7, user, when=now - 290)),
	    "an Access-Request": ("127.0.0.1", request(8, user, code=1)),
	    "cut": ("127.0.0.1", request(9, user)[:-1]),
	}
	for what, (source, packet) in silent.items():
	    assert ask(source, packet, 0.5) is None, what
	flipped = bytearray(request(10, user))
	flipped[-20] ^= 1
	assert ask("127.0.0.1", bytes(flipped), 0.5) is None, "changed"

	packet = request(11, user, when=time.time())
	first = ask("127.0.0.1", packet, 20)
	assert first and first[0] == 41, first
	for _ in range(3):
	    assert ask("127.0.0.1", packet, 20) == first, "another answer"
PYTHON
[ "$(subscribers)" = 1 ] || fail "not one is left"
daemon_says
holds show 'r[0]["daemon"]["dae_rx_strangers"] == 1'
holds show 'r[0]["daemon"]["dae_rx_bad_authenticator"] == 2'
holds show 'r[0]["daemon"]["dae_rx_no_timestamp"] == 1'
holds show 'r[0]["daemon"]["dae_rx_no_message_authenticator"] == 1'
holds show 'r[0]["daemon"]["dae_rx_stale"] == 2'
holds show 'r[0]["daemon"]["dae_rx_replayed"] == 1'
holds show 'r[0]["daemon"]["dae_rx_bad_code"] == 1'
holds show 'r[0]["daemon"]["dae_rx_malformed"] == 1'
holds show 'r[0]["daemon"]["dae_rx_again"] == 3'
tool -j radius show >"$WORK/radius.json"
holds radius '{x["use"] for x in r} == {"coa"} and {x["radius"] for x in r} == {"noc", "strict", "any"}'
holds radius '[x["address"] for x in r if x["radius"] == "noc"] == ["127.0.0.1/32"]'
holds radius 'sum(x["bad"]["stale"] for x in r) == 2 and sum(x["traffic"]["again"] for x in r) == 3'
grep -q "$SECRET" "$WORK/lns.log" && fail "a secret in the log"
echo "ok: forged, foreign, old, played back"

tool subscriber show "$(field id)" | grep -q "^subscriber $(field id) user " ||
	fail "not shown by its id"
tool subscriber del "$(field id)"
wait_subscribers 0
tool tunnel shutdown 4294967313 2>"$WORK/refused" && fail "a tunnel of 33 bits"
grep -q 'a tunnel.s id is 1 to 65535' "$WORK/refused" || fail "$(cat "$WORK/refused")"
echo "ok: by its id at the tool"
