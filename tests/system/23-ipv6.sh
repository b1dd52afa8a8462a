#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# IPv6 through LAC and LNS with Debian's pppd, its kernel and dhcp6c: addresses by
# router advertisement, an address and a prefix by DHCPv6, packets of both families;
# the LNS's daemon is killed under traffic, and leases, routes and neighbours stay.
# Then a subscriber that has IPv6 alone.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"

USER=user@isp.example

default6() {
	on client ip -6 route show default | grep -q 'via fe80:.* dev ppp0'
}

ping6() {
	on client ping -6 -c "${2:-2}" -i 0.3 -w 30 "$1" >/dev/null
}

counter() {
	tool lns -j system show | grep -o "\"router_$1\":[0-9]*\|\"name\":\"router_$1\",\"value\":[0-9]*" |
		grep -o '[0-9]*$'
}

more() {
	[ "$(counter "$1")" -gt "$2" ]
}

has_lease() {
	tool lns -d subscriber show | grep -q 'dhcp6-client 00'
}

start_dhcp6c() {
	mkdir -p /var/lib/dhcpv6
	cat >"$WORK/dhcp6c.conf" <<-'CONF'
		interface ppp0 {
			send ia-na 1;
			send ia-pd 2;
			request domain-name-servers;
		};
		id-assoc na 1 { };
		id-assoc pd 2 {
			prefix-interface lan0 { sla-id 1; sla-len 8; ifid 1; };
		};
	CONF
	start client dhcp6c dhcp6c -f -D -c "$WORK/dhcp6c.conf" \
		-p "$WORK/dhcp6c.pid" ppp0
}

lib_begin
load_module
chain_build
chain_configure
chain_ipv6
on client ip link add lan0 type veth peer name lan1
on client ip link set lan0 up
on client ip link set lan1 up
# A client renews after half of it.
sed -i 's/dns6 = /preferred-lifetime = 30 &/' "$WORK/lns.conf"
start_aditd lns
start_aditd lac

start_pppoe client c0 "$USER" secret +ipv6
wait_for 60 "an address" has_address client ppp0
wait_for 60 "an address by router advertisement" has6 ppp0 2001:db8:1
wait_for 20 "a default route" default6
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
ping6 2001:db8:f::10
ping6 2001:db8:1::1
ping6 "$(on client ip -6 route show default | grep -o 'fe80:[0-9a-f:]*')%ppp0"
on client ip link show dev ppp0 | grep -q 'mtu 14' || fail "which MTU?"
echo "ok: both families, and the link's own address"

start_dhcp6c
wait_for 60 "an address by DHCPv6" has6 ppp0 2001:db8:7::
wait_for 60 "a delegated prefix" has6 lan0 2001:db8:80
site=$(on client ip -6 -o addr show dev lan0 scope global | grep -o '2001:[0-9a-f:]*' | head -n 1)
on internet ping -6 -c 2 -i 0.3 -w 20 "$site" >/dev/null ||
	fail "nobody reaches $site"
tool lns -d subscriber show | tee "$WORK/show"
grep -q 'prefix 2001:db8:1[0-9a-f:]*/64 delegated 2001:db8:80[0-9a-f:]*/56' "$WORK/show" ||
	fail "what does it have?"
grep -q 'networks ipv4 ipv6' "$WORK/show" || fail "which networks?"
tool lns -j subscriber show | grep -q '"address6":"2001:db8:7::' || fail "no JSON"
echo "ok: DHCPv6, an address and a prefix"

before=$(on client ip -6 -o addr show scope global | grep -o 'inet6 [0-9a-f:/]*' | sort)
on client ping -6 -i 0.1 -c 100 -w 60 2001:db8:f::10 >"$WORK/ping" &
ping=$!
sleep 2
kill -9 "$(pid_of aditd-lns)"
sleep 3
start_aditd lns
wait "$ping" || true
grep -q ' 0% packet loss' "$WORK/ping" || {
	cat "$WORK/ping"
	fail "packets were lost"
}
default6 || fail "the default route is gone"
ping6 "$(on client ip -6 route show default | grep -o 'fe80:[0-9a-f:]*')%ppp0"
wait_for 60 "a Renew after the restart" more tx_dhcp6 0
tool lns -d subscriber show | tee "$WORK/show"
grep -q 'dhcp6-client 00' "$WORK/show" || fail "the lease is forgotten"
[ "$(on client ip -6 -o addr show scope global | grep -o 'inet6 [0-9a-f:/]*' | sort)" = "$before" ] ||
	fail "addresses have changed"
on internet ping -6 -c 2 -i 0.3 -w 20 "$site" >/dev/null
echo "ok: kill -9 under traffic, the lease goes on"

# It gives back what it has, and gets the same again.
came=$(counter rx_dhcp6)
kill "$(pid_of dhcp6c)"
wait_for 30 "dhcp6c's end" ended_pid "$(pid_of dhcp6c)"
wait_for 20 "a Release" more rx_dhcp6 "$came"
has_lease && fail "it still has a lease"
came=$(counter rx_dhcp6)
start_dhcp6c
wait_for 60 "a lease" has_lease
more rx_dhcp6 "$came" || fail "nobody asked"
wait_for 60 "the address again" has6 ppp0 2001:db8:7::
wait_for 60 "the prefix again" has6 lan0 2001:db8:80
[ "$(on client ip -6 -o addr show scope global | grep -o 'inet6 [0-9a-f:/]*' | sort)" = "$before" ] ||
	fail "other addresses than before: $before"
echo "ok: given back, and lent again"

kill "$(pid_of dhcp6c)"
kill "$(pid_of "pppd-$USER")"
wait_for 30 "the end of the call" no_sessions lns
wait_for 30 "the end of the session" no_sessions lac
wait_for 30 "pppd's end" ended_pid "$(pid_of "pppd-$USER")"
kill -9 "$(pid_of aditd-lns)"
sed -i '/"home" {.*}/d; /pool = "home"/d; /local-address =/d; s/"ipv4", //' \
	"$WORK/lns.conf"
start_aditd lns
start_pppoe client c0 "$USER" secret +ipv6 noip
wait_for 60 "an address by router advertisement" has6 ppp0 2001:db8:1
wait_for 20 "a default route" default6
ping6 2001:db8:f::10
tool lns -d subscriber show | grep 'networks ipv6' | grep -qv ' address 100' ||
	fail "an IPv4 address"
echo "ok: IPv6 alone"
