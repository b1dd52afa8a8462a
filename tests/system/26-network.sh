#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# Where subscribers end, in the kernel's tables: routes of pools and of fixed addresses,
# a VRF, a device for each, rates; all of it over kill -9, without a gap, and what a
# crash has left is removed. A VRF that there is none of, in the configuration and of
# RADIUS, and then there is.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/radius.sh
. "$(dirname "$(readlink -f "$0")")/../radius.sh"

lib_begin
load_module
# Each a host of its own: one alone would answer for all of them by its first link.
ns_add bob joe red own bng
cable bob c0 bng acc0
cable red c0 bng acc1
cable own c0 bng acc2
cable joe c0 bng acc3
on bng ip link add red type vrf table 100
on bng ip link set red up
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { range = { "100.65.0.2-100.65.0.9", "100.65.1.2-100.65.1.9" }
			quarantine = 5 }
		pool "red" { prefix = "100.65.0.0/24" }
		ppp-profile "many" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.9.1"
			rate-down = 5000
			mark = 7
		}
		ppp-profile "red" {
			auth = { "chap" }
			pool = "red"
			vrf = "red"
			routes = host
			local-address = "100.65.9.1"
		}
		ppp-profile "own" {
			auth = { "chap" }
			pool = "local"
			device-per-session = true
			local-address = "100.65.9.1"
		}
		access-port "acc0" { ppp-profile = "many" }
		access-port "acc1" { ppp-profile = "red" }
		access-port "acc2" { ppp-profile = "own" }
		access-port "acc3" { ppp-profile = "many" }
		user "bob" { password = "builder" }
		user "joe" { password = "plum" address = "203.0.113.9" }
		user "red" { password = "rose" }
		user "own" { password = "pear" }
	CONF
} >"$WORK/bng.conf"
# Of a daemon that is no more.
on bng ip route add 198.51.100.0/24 dev lo proto 184
on bng ip route add blackhole 198.51.100.99/32 proto static
start_aditd bng

routes() {
	on bng ip -4 route show proto 184 table "$1"
}

routes main | grep -q '^198.51.100.0/24' && fail "a leftover stayed"
on bng ip route show 198.51.100.99 | grep -q blackhole || fail "it took another's"
routes main | grep -q '^100.65.0.0/28 dev adit-ppp' || fail "no route of a pool"
routes main | grep -q '^100.65.1.0/28 dev adit-ppp' || fail "no route of its second range"
routes 100 | grep -q . && fail "routes of nobody in the VRF"
echo "ok: routes of pools, and none of nobody"

start_pppoe bob c0 bob builder nodefaultroute
wait_for 90 "bob's address" has_address bob ppp0
[ "$(address_of bob ppp0)" = 100.65.0.2 ] || fail "not the pool's first"
start_pppoe joe c0 joe plum nodefaultroute
wait_for 90 "joe's address" has_address joe ppp0
wait_for 20 "joe's route" sh -c "ip netns exec ${PREFIX}bng ip route show proto 184 |
	grep -q '^203.0.113.9 dev adit-ppp'"
start_pppoe red c0 red rose nodefaultroute
wait_for 90 "red's address" has_address red ppp0
[ "$(address_of red ppp0)" = 100.65.0.1 ] ||
	[ "$(address_of red ppp0)" = 100.65.0.2 ] || fail "not of the VRF's pool"
red=$(address_of red ppp0)
wait_for 20 "red's route" sh -c "ip netns exec ${PREFIX}bng ip route show proto 184 \
	table 100 | grep -q '^$red dev adit-ppp.red'"
start_pppoe own c0 own pear nodefaultroute
wait_for 90 "own's address" has_address own ppp0
own=$(address_of own ppp0)
wait_for 20 "own's device" sh -c "ip netns exec ${PREFIX}bng ip -o addr show |
	grep -q 'adit[0-9].*100.65.9.1 peer $own/32'"
tool bng -d -s pppoe show | grep -q 'police tx rate 5mbit' || fail "no rate"
echo "ok: VRF, device of its own, fixed address, rates"

ping_all() {
	on bob ping -c 2 -i 0.3 -w 30 100.65.9.1 >/dev/null &&
		on own ping -c 2 -i 0.3 -w 30 100.65.9.1 >/dev/null
}
on bng ping -c 2 -i 0.3 -w 30 100.65.0.2 >/dev/null || fail "no way to bob"
on bng ping -c 2 -i 0.3 -w 30 203.0.113.9 >/dev/null || fail "no way to joe"
on bng ping -c 2 -i 0.3 -w 30 "$own" >/dev/null || fail "no way to own"
on bng ip vrf exec red ping -c 2 -i 0.3 -w 30 "$red" >/dev/null 2>&1 ||
	on bng ping -I red -c 2 -i 0.3 -w 30 "$red" >/dev/null || fail "no way to red"
ping_all || fail "no way back"

# No route goes away meanwhile: the monitor tells each change.
start bng changes ip -4 monitor route
before=$(routes main | sort; routes 100 | sort)
kill -9 "$(pid_of aditd-bng)"
start_aditd bng
grep -q 'restart: kept 0 tunnels, 0 sessions, 4 subscribers' "$WORK/aditd-bng.log" ||
	fail "not all were kept"
sleep 1
after=$(routes main | sort; routes 100 | sort)
[ "$before" = "$after" ] || fail "routes differ after a restart"
grep -q '^Deleted.*\(203.0.113.9\|100.65\)' "$WORK/changes.log" && fail "a gap"
ping_all || fail "no way after the restart"
on bng ping -c 2 -i 0.3 -w 30 "$own" >/dev/null || fail "no way to own after it"
tool bng -j pool show local | grep -q '"used": *2' || fail "the pool lends another number"
echo "ok: over kill -9, without a gap"

# Devices of single subscribers, whose indices begin at 0x1000000.
devices() {
	on bng ip -o link show type adit | grep -c '^167772[0-9]*:' || true
}
# The daemon and its memory are gone: the kernel's tables alone know of the four.
[ "$(devices)" = 1 ] || fail "not one device: $(on bng ip -o link show type adit)"
kill -9 "$(pid_of aditd-bng)"
rm "$WORK/bng.state"
start_aditd bng
grep -q 'restart: removed 2 routes of nobody' "$WORK/aditd-bng.log" ||
	fail "not joe's and red's"
[ "$(devices)" = 0 ] || fail "own's device stayed"
routes main | grep -q 203.0.113.9 && fail "joe's route stayed"
routes 100 | grep -q . && fail "red's route stayed"
routes main | grep -q '^100.65.0.0/28 dev adit-ppp' || fail "the pool's route is gone"
wait_for 30 "nothing to be left" no_sessions bng
for user in bob joe red own; do
	wait_for 30 "the end of $user" ended_pid "$(pid_of "pppd-$user")"
done
echo "ok: what a crash has left is removed"

route_refused() {
	tool bng -j system show | grep -q "\"kern_route_refused\": *$1\b"
}
# The operator leads that address elsewhere. That route stays, and ours is asked for again
# until it has gone.
on bng ip route add blackhole 203.0.113.9 proto static
start_pppoe joe c0 joe plum nodefaultroute
wait_for 90 "joe's address" has_address joe ppp0
wait_for 20 "the refusal" route_refused 1
grep -q 'route 203.0.113.9/32 dev adit-ppp: refused by the kernel: File exists' \
	"$WORK/aditd-bng.log" || fail "no reason"
kill "$(pid_of pppd-joe)"
wait_for 30 "nothing to be left" no_sessions bng
[ "$(on bng ip route show 203.0.113.9)" = "blackhole 203.0.113.9 proto static " ] ||
	fail "the operator's route: $(on bng ip route show 203.0.113.9)"
start_pppoe joe c0 joe plum nodefaultroute
wait_for 90 "joe's address" has_address joe ppp0
wait_for 20 "the second refusal" route_refused 2
on bng ip route del blackhole 203.0.113.9
wait_for 30 "joe's route" sh -c "ip netns exec ${PREFIX}bng ip route show proto 184 |
	grep -q '^203.0.113.9 dev adit-ppp'"
kill "$(pid_of pppd-joe)"
wait_for 30 "nothing to be left again" no_sessions bng
routes main | grep -q '^203.0.113.9' && fail "joe's route stayed"
route_refused 2 || fail "what was asked for again was counted"
echo "ok: a route of the operator's stays"

kill "$(pid_of aditd-bng)"
wait_for 30 "the end of aditd" ended_pid "$(pid_of aditd-bng)"
sed -i 's/vrf = "red"/vrf = "blue" radius-group = "aaa"/' "$WORK/bng.conf"
cat >>"$WORK/bng.conf" <<-CONF
	radius-server "free" { address = "127.0.0.1"  secret = "radius-secret" }
	radius-group "aaa" { servers = { "free" } }
CONF
mkdir "$WORK/radius"
radius_conf "$WORK/radius" radius-secret
# Reply items begin with a blank.
printf '%s\n' 'red Cleartext-Password := "rose"' \
	' Framed-IP-Address = 255.255.255.254' \
	'green Cleartext-Password := "leaf"' \
	' ERX-Virtual-Router-Name = "green"' >"$WORK/radius/users"
start bng radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
wait_for 30 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
on bng aditd -c "$WORK/bng.conf" >"$WORK/refused.log" 2>&1 && fail "it started"
grep -q 'ppp-profile red: there is no VRF device blue' "$WORK/refused.log" ||
	fail "no reason: $(cat "$WORK/refused.log")"
on bng ip link add blue type vrf table 101
on bng ip link set blue up
start_aditd bng
start_pppoe red c0 red rose nodefaultroute
wait_for 90 "red's address" has_address red ppp0
routes 101 | grep -q "^$(address_of red ppp0) dev adit-ppp.blue" || fail "not in the VRF"
echo "ok: a VRF of the configuration that there is none of, and then there is"

start_pppoe red c0 green leaf nodefaultroute
wait_for 60 "pppd's end" ended_pid "$(pid_of pppd-green)"
grep -q 'user green: refused: there is no VRF device "green"' "$WORK/aditd-bng.log" ||
	fail "no reason"
tool bng -j system show | grep -q '"box_no_vrf": *1\b' || fail "it was not counted"
on bng ip link add green type vrf table 102
on bng ip link set green up
start_pppoe red c0 green leaf nodefaultroute
wait_for 90 "green's address" has_address red ppp1
routes 102 | grep -q "^$(address_of red ppp1) dev adit-ppp.green" || fail "not in its VRF"
routes 101 | grep -q "^$(address_of red ppp0) " || fail "red's route is gone"
echo "ok: a VRF of RADIUS's that there is none of, and then there is"

# It is gone, and with it the subscribers' way there: who is in it ends, and no other one
# is put into a device that leads anywhere. Made anew it is there, with another table.
in_green() {
	on bng ip -o link show master green | grep -q ' adit-ppp.green[:@]'
}
# Both of red's dials have the same other end: an answer of green's has to choose.
from_green() {
	on red ping -I ppp1 -c 2 -i 0.3 -w 30 100.65.9.1 >/dev/null
}
no_green() {
	! on bng ip link show adit-ppp.green >/dev/null 2>&1
}
in_green || fail "green's device is not in its VRF"
on bng ip link del green
wait_for 30 "green's end" ended_pid "$(pid_of pppd-green)"
grep -q 'user green: up -> ended (its VRF is gone)' "$WORK/aditd-bng.log" || fail "no reason"
wait_for 10 "the end of green's device" no_green
has_address red ppp0 || fail "red has ended too"
start_pppoe red c0 green leaf nodefaultroute
wait_for 60 "pppd's end" ended_pid "$(pid_of pppd-green)"
tool bng -j system show | grep -q '"box_no_vrf": *2\b' || fail "it was not counted"
on bng ip link add green type vrf table 103
on bng ip link set green up
start_pppoe red c0 green leaf nodefaultroute
wait_for 90 "green's address" has_address red ppp1
routes 103 | grep -q "^$(address_of red ppp1) dev adit-ppp.green" || fail "not in the new VRF"
in_green || fail "its device is not in the new VRF"
from_green || fail "no way from green"
echo "ok: a VRF that goes, and comes again"

# The same while there is no daemon: the device that it left leads by the main table.
kill -9 "$(pid_of aditd-bng)"
on bng ip link del green
on bng ip link add green type vrf table 104
on bng ip link set green up
in_green && fail "the kernel keeps the device of a VRF that went"
start_aditd bng
in_green || fail "its device is in no VRF after the restart"
routes 104 | grep -q "^$(address_of red ppp1) dev adit-ppp.green" || fail "not in the third VRF"
from_green || fail "no way from green after the restart"
echo "ok: a VRF that was made anew while there was no daemon"
