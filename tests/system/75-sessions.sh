#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 500
#
# Hundreds of PPPoE clients at once, through the LAC to the LNS and terminated at the
# LAC, up and down, twice; the second time most go without a word, and the LAC is
# told to end them. Sessions, subscribers, links, addresses and routes of both are
# as many as before then. tests/long has it with thousands.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

SESSIONS=${SESSIONS-200}

# What the kernel has, of either.
kernel_has() {
	local name

	for name in lac lns; do
		on "$name" ip -o link show | wc -l
		on "$name" ip -o addr show | wc -l
		on "$name" ip route show table all | sort
	done
}

nothing_left() {
	no_sessions lac && no_sessions lns &&
		[ "$(kernel_has)" = "$before" ]
}

# dial NAME USER ARG...: all come up, and go, or not.
dial() {
	local name=$1 user=$2

	shift 2
	on client l2tpload pppoe --device c0 --sessions "$SESSIONS" \
		--user "$user" --limit 10000 --json "$@" >"$WORK/$name.log" ||
		fail "$name: not all came up and stayed"
}

# has NAME N: so many subscribers.
has() {
	tool "$1" -j subscriber show count | grep -q "\"subscribers\": *$2\b"
}

lib_begin
load_module
chain_build
chain_configure
sed -i "s/max-sessions = 1000/max-sessions = $((SESSIONS * 5))/
	s|100.6\([45]\).0.0/24|100.6\1.0.0/16|" "$WORK/lac.conf" "$WORK/lns.conf"
sed -i 's/password = "builder"/password = "secret"/' "$WORK/lac.conf"
start_aditd lns
start_aditd lac
dial warm user@isp.example --password secret --sessions 1
wait_for 20 "no session" no_sessions lac
sleep 1
before=$(kernel_has)

dial tunnelled user@isp.example --password secret --first 1001
wait_for 120 "nothing of the tunnelled" nothing_left
dial local bob --password secret --first 20001
wait_for 120 "nothing of the terminated" nothing_left
echo "ok: up and down"

dial silent user@isp.example --password secret --first 40001 --leave
has lac "$SESSIONS" || fail "not all are at the LAC"
has lns "$SESSIONS" || fail "not all are at the LNS"
[ "$(kernel_has)" = "$before" ] ||
	fail "more in the kernel than a link, an address, a route for all"
tool lac system shutdown
wait_for 300 "nothing of the silent" nothing_left
echo "ok: shut down"
