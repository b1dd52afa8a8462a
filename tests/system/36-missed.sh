#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 400
#
# A daemon that is too busy to read what the module tells it: nothing is wrong, and
# its subscriber stays; the subscriber's session is gone, and it ends all the same.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

FLOOD=${FLOOD:-10000}

lib_begin
load_module
chain_build
chain_configure
# Nothing else would tell of a session that is gone.
sed -i -e '/^ppp-profile "/a\	echo-interval = 0' -e 's/hello = 2/hello = 0/' \
	"$WORK/lns.conf" "$WORK/lac.conf"
start_aditd lns
start_aditd lac
start_pppoe client c0 user@isp.example secret
wait_for 60 "an address" has_address client ppp0

# lost N: so often at least.
lost() {
	[ "$(grep -c 'messages got lost' "$WORK/aditd-lns.log")" -ge "$1" ]
}

# More events than its socket has room for, of tunnels that are nobody's.
flood() {
	local endpoint i

	endpoint=$(tool lns -j endpoint show | python3 -c \
		'import json, sys; print(json.load(sys.stdin)[0]["endpoint_id"])')
	for i in $(seq "$FLOOD"); do
		echo "tunnel add $((i % 100 + 1)) peer-id 1 endpoint $endpoint" \
			"remote 198.18.0.1"
		echo "tunnel del $((i % 100 + 1))"
	done >"$WORK/flood"
	tool lns -force -batch "$WORK/flood" >"$WORK/flood.log" 2>&1 || true
}

kill -STOP "$(pid_of aditd-lns)"
flood
kill -CONT "$(pid_of aditd-lns)"
wait_for 60 "the daemon to notice" lost 1
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
tool lns subscriber show | grep -q user@isp.example || fail "it has ended"
echo "ok: events got lost, and nothing else"

session=$(tool lns -j session show | python3 -c \
	'import json, sys; s = json.load(sys.stdin)[0]
print("%d/%d" % (s["tunnel_id"], s["session_id"]))')
before=$(grep -c 'messages got lost' "$WORK/aditd-lns.log")
kill -STOP "$(pid_of aditd-lns)"
flood
tool lns session del "$session"
kill -CONT "$(pid_of aditd-lns)"
wait_for 60 "the daemon to notice" lost $((before + 1))
gone() {
	[ -z "$(tool "$1" subscriber show)" ]
}
wait_for 20 "the end at the LNS" gone lns
wait_for 20 "the end at the LAC" gone lac
echo "ok: what is gone has ended"
