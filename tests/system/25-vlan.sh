#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 240
#
# One access port, a client in each kind of VLAN: none, a tag, two tags with outer
# 88a8, two tags with outer 8100. No VLAN device at the BNG. The same PPPoE client
# may be in each; a restart keeps all.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lib_begin
load_module
ns_add client bng
cable client c0 bng acc0
on client ip link add link c0 name c1 type vlan id 100
on client ip link add link c0 name q2 type vlan proto 802.1ad id 200
on client ip link add link q2 name c2 type vlan id 7
on client ip link add link c0 name q3 type vlan id 300
on client ip link add link q3 name c3 type vlan id 7
for dev in c1 q2 c2 q3 c3; do
	on client ip link set "$dev" up
done
{
	conf_system bng
	cat <<-'CONF'
		pool "local" { prefix = "100.65.0.0/24" }
		ppp-profile "access" {
			auth = { "chap" }
			pool = "local"
			local-address = "100.65.0.1"
		}
		access-port "acc0" { ppp-profile = "access" }
		user "u0" { password = "p" }
		user "u1" { password = "p" }
		user "u2" { password = "p" }
		user "u3" { password = "p" }
	CONF
} >"$WORK/bng.conf"
on bng ip addr add 100.65.0.1/32 dev lo
start_aditd bng

for i in 0 1 2 3; do
	start_pppoe client "c$i" "u$i" p nodefaultroute unit "$i"
	wait_for 60 "the address of u$i" has_address client "ppp$i"
done
tool bng pppoe show >"$WORK/pppoe.log"
for vlan in / .100/ .200.7/ .300.7/; do
	grep -q "pppoe acc0$vlan" "$WORK/pppoe.log" || fail "no pppoe acc0$vlan"
done

# ping_all: each by its own device, to the BNG's address.
ping_all() {
	local i

	for i in 0 1 2 3; do
		on client ping -c 2 -i 0.3 -w 20 -I "ppp$i" 100.65.0.1 \
			>/dev/null || fail "u$i: no ping"
	done
}

ping_all
echo "ok: untagged, one tag, two tags of either kind"

kill -9 "$(pid_of aditd-bng)"
start_aditd bng
grep -q 'restart: kept 0 tunnels, 0 sessions, 4 subscribers' \
	"$WORK/aditd-bng.log" || fail "the restart did not keep them"
ping_all
for i in 0 1 2 3; do
	kill "$(pid_of "pppd-u$i")"
done
wait_for 30 "the end of all" no_sessions bng
echo "ok: kept over a restart, and ended"
