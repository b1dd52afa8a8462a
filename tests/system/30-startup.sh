#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# When the daemon cannot start it says why in one line and leaves; when the module
# goes away under it, it says so and leaves.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

lib_begin
[ ! -d /sys/module/adit ] || rmmod adit
chain_build
chain_configure

# refused TEXT COMMAND...: in lac, exit status 1, one line that matches.
refused() {
	local text=$1 got rc=0

	shift
	got=$(on lac timeout 20 "$@" 2>&1 </dev/null) || rc=$?
	[ "$rc" = 1 ] || fail "$*: status $rc: $got"
	[ "$(echo "$got" | wc -l)" = 1 ] || fail "$*: more than a line: $got"
	# shellcheck disable=SC2254
	case $got in
	$text) ;;
	*) fail "$*: $got" ;;
	esac
}

refused "*module adit is not loaded*" aditd -c "$WORK/lac.conf"
load_module
refused "*CAP_NET_ADMIN*" setpriv --bounding-set=-all --inh-caps=-all \
	aditd -c "$WORK/lac.conf"
start lac squatter nc -u -l -s 192.0.2.1 -p 1701
sleep 1
refused "*192.0.2.1*in use*" aditd -c "$WORK/lac.conf"
kill "$(pid_of squatter)"
echo "ok: no module, no privilege, address in use"

sed 's/192.0.2.1"/192.0.2.99"/' "$WORK/lac.conf" >"$WORK/away.conf"
refused "*192.0.2.99*" aditd -c "$WORK/away.conf"
sed 's/secret = /secrte = /' "$WORK/lac.conf" >"$WORK/typo.conf"
refused "$WORK/typo.conf:*'secrte'*'secret'*" \
	aditd -c "$WORK/typo.conf"
refused "$WORK/typo.conf:*" aditd -t -c "$WORK/typo.conf"
head -c 300 "$WORK/lac.conf" >"$WORK/cut.conf"
refused "$WORK/cut.conf:*" aditd -c "$WORK/cut.conf"
refused "*none.conf*" aditd -c "$WORK/none.conf"
echo "ok: errors of the configuration"

wait_for 10 "the squatter's end" ended_pid "$(pid_of squatter)"
sed -i '/hostname = /a\	orphan-timeout = 77' "$WORK/lac.conf"
start_aditd lns
start_aditd lac
for at in lac=77 lns=0; do
	tool "${at%=*}" -j system show | grep -q "\"orphan_timeout\": *${at#*=}\b" ||
		fail "orphan-timeout is not $at: $(tool "${at%=*}" -j system show)"
done
refused "*another aditd*" aditd -c "$WORK/lac.conf"
start_pppoe client c0 user@isp.example secret
wait_for 60 "an address" has_address client ppp0
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
echo "ok: a second daemon is refused, the first one goes on"

rmmod adit
for name in lac lns; do
	wait_for 10 "the end of the daemon" ended_pid "$(pid_of "aditd-$name")"
	grep -q 'module was unloaded: 1 subscribers ended' \
		"$WORK/aditd-$name.log" || fail "$name does not say it"
done
echo "ok: the module was unloaded under them, they said so and left"
