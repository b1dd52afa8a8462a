#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "adit tunnel test" with the module: a tunnel that works, one that nobody answers,
# one with another secret. A subscriber's tunnel to the same LNS stays as it is.

set -eu

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
# shellcheck source=tests/chain.sh
. "$here/../chain.sh"

# try STATUS ARG...: output in $WORK/out and $WORK/err
try() {
	local want=$1 status=0

	shift
	tool lac "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
	[ "$status" = "$want" ] ||
		fail "$*: status $status: $(cat "$WORK/out" "$WORK/err")"
}

said() {
	grep -q "$1" "$WORK/out" "$WORK/err" ||
		fail "not said: $1: $(cat "$WORK/out" "$WORK/err")"
}

lib_begin
load_module
chain_build
chain_configure
cat >>"$WORK/lac.conf" <<-'CONF'
	tunnel "nobody" {
		endpoint = "core"
		remote = "198.51.100.1"
		local-name = "lac1"
	}
	tunnel "wrong" {
		endpoint = "core"
		remote = "198.51.100.2"
		local-name = "lac1"
		secret = "another"
	}
CONF
start_aditd lns
start_aditd lac

try 0 -j tunnel test isp
said '"tunnel":"isp"'
said '"stopccn_acknowledged":'
[ "$(tool lac -j tunnel show)" = "[]" ] || fail "the kernel has a tunnel"

start_pppoe client c0 user@isp.example secret
wait_for 30 "the subscriber" has_address client ppp0
before=$(tool lac -br tunnel show)
try 0 tunnel test 198.51.100.2
said 'established [0-9]* ms'
try 2 tunnel test wrong
said "ended by us: wrong challenge response"
try 2 tunnel test nobody
said "no answer after 3 tries"
[ "$(tool lac -br tunnel show)" = "$before" ] || fail "another tunnel changed"
on client ping -qc 2 -W 2 203.0.113.10 >/dev/null || fail "no ping"
echo "ok"
