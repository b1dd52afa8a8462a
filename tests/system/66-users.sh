#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# What a daemon knows of users when it has been killed: whose address it was (sticky),
# which ones rest (quarantine), how many sessions a user has, and which is the first.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin
load_module
ns_add client bng
cable client c0 bng acc0
cable client c1 bng acc1
{
	conf_system bng
	cat <<-'CONF'
		pool "home" { prefix = "100.65.0.0/24" quarantine = 3600 }
		ppp-profile "deny" {
			auth = { "chap" }
			pool = "home"
			local-address = "100.65.0.1"
			sessions-per-user = 1
		}
		ppp-profile "replace" {
			auth = { "chap" }
			pool = "home"
			local-address = "100.65.0.1"
			sessions-per-user = 2
			sessions-per-user-policy = replace
		}
		access-port "acc0" { ppp-profile = "deny" }
		access-port "acc1" { ppp-profile = "replace" }
		user "ann" { password = "pear" }
		user "bob" { password = "builder" }
		user "carl" { password = "plum" }
		user "dora" { password = "rose" }
	CONF
} >"$WORK/bng.conf"
start_aditd bng

kill_and_start() {
	kill -9 "$(pid_of aditd-bng)"
	start_aditd bng
}

# dial USER PASSWORD DEVICE UNIT: its address, by ppp UNIT.
dial() {
	start_pppoe client "$3" "$1" "$2" nodefaultroute unit "$4"
	wait_for 60 "$1's address" has_address client "ppp$4"
	address_of client "ppp$4"
}

# hang_up USER UNIT
hang_up() {
	kill "$(pid_of "pppd-$1")"
	wait_for 30 "the end of $1" no_device client "ppp$2"
}

# subscribers USER N: that user has so many sessions.
subscribers() {
	[ "$(tool bng -j subscriber show | grep -o "\"user\": *\"$1\"" |
		wc -l)" = "$2" ]
}

ann=$(dial ann pear c0 0)
bob=$(dial bob builder c0 1)
hang_up ann 0
wait_for 20 "ann to be gone" subscribers ann 0
kill_and_start
carl=$(dial carl plum c0 2)
[ "$carl" != "$ann" ] || fail "carl has $ann, which rests"
kill_and_start
[ "$(dial ann pear c0 0)" = "$ann" ] || fail "ann has not $ann again"
tool bng -j pool show home | grep -q '"used": *3' || fail "not three are lent"
[ "$(address_of client ppp1)" = "$bob" ] || fail "bob's address changed"
echo "ok: addresses rest, and are their users', over kill -9"

kill_and_start
# Debian's pppd ends when it is not let in.
start_pppoe client c0 bob builder nodefaultroute unit 5
wait_for 60 "the end of bob's second" ended_pid "$(pid_of pppd-bob)"
wait_for 20 "bob's first alone" subscribers bob 1
[ "$(address_of client ppp1)" = "$bob" ] || fail "bob's first is gone"
tool bng -j system show | grep -q '"box_refused_user": *1\b' || fail "not counted"
kill_and_start
hang_up carl 2
wait_for 20 "carl to be gone" subscribers carl 0
[ "$(dial carl plum c0 2)" = "$carl" ] || fail "carl is not let in again"
echo "ok: one more is denied, over kill -9"

first=$(dial dora rose c1 6)
second=$(dial dora rose c1 7)
kill_and_start
third=$(dial dora rose c1 8)
wait_for 30 "the end of dora's first" no_device client ppp6
wait_for 20 "dora to have two" subscribers dora 2
[ "$(address_of client ppp7)" = "$second" ] || fail "dora's second is gone"
[ "$third" != "$second" ] || fail "two have $third"
[ -n "$first" ]
echo "ok: the first one is replaced, over kill -9"

kill "$(pid_of aditd-bng)"
wait_for 30 "the end of aditd" ended_pid "$(pid_of aditd-bng)"
