#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# Debian's pppd at our LNS, by way of xl2tpd and by way of our LAC and PPPoE: PAP with an
# MRU of 1492, CHAP with 1442 and a device for each session, MS-CHAPv2 with 1280, PFC and
# ACFC asked for, and packets of both families that are as large as the MRU, either way,
# and no larger.
#
#	client ---- lac ==== router ==== lns ---- internet
#	             xl2tp ===/

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"
# shellcheck source=tests/interop/peers.sh
. "$(dirname "$(readlink -f "$0")")/peers.sh"

USER=user@isp.example
INTERNET6=2001:db8:f::10
KINDS="pap-1492 chap-1442 mschapv2-1280"

# profiles POOL...: one for each kind; options of all.
profiles() {
	local kind

	for kind in $KINDS; do
		echo "ppp-profile \"$kind\" { auth = { \"${kind%-*}\" }"
		echo "mru = ${kind#*-} $* }"
	done
}

configure() {
	local kind

	{
		conf_system lns
		profiles 'pool = "home" local-address = "100.64.0.1"
			network = { "ipv4", "ipv6" } ipv6-pool = "links"' |
			sed '/^ppp-profile "chap/s/{/& device-per-session = true/'
		cat <<-'CONF'
			endpoint "core" { address = "198.51.100.2" }
			pool "home" { prefix = "100.64.0.0/24" }
			pool6 "links" { prefix = "2001:db8:100::/40" }
			user "user@isp.example" { password = "secret" }
			destination-profile "lacs" {
				address = "192.0.2.0/24"
		CONF
		for kind in $KINDS; do
			echo "remote-host \"$kind\" { ppp-profile = \"$kind\""
			echo 'secret = "tunnel-secret" }'
		done
		echo '}'
	} >"$WORK/lns.conf"
	{
		conf_system lac
		profiles
		cat <<-'CONF'
			endpoint "core" { address = "192.0.2.1" }
		CONF
		for kind in $KINDS; do
			cat <<-CONF
				access-port "acc${kind#*-}" { ppp-profile = "$kind" }
				rule "$kind" { tunnel = "$kind" port = { "acc${kind#*-}" } }
				tunnel "$kind" {
					endpoint = "core"
					remote = "198.51.100.2"
					local-name = "$kind"
					secret = "tunnel-secret"
				}
			CONF
		done
	} >"$WORK/lac.conf"
}

global6() {
	on "$1" ip -6 -o addr show dev ppp0 scope global | grep -q 2001:db8:1
}

address6_of() {
	on "$1" ip -6 -o addr show dev ppp0 scope global |
		sed -n 's,.*inet6 \(2001:db8:1[^/]*\)/.*,\1,p' | head -n 1
}

# whole FROM TO SIZE: a packet of that size that nobody may cut.
whole() {
	on "$1" ping -M 'do' -c 2 -i 0.3 -w 20 -s "$3" "$2" >"$WORK/ping.log" 2>&1 ||
		fail "$1: no answer to $3 bytes from $2: $(cat "$WORK/ping.log")"
}

# packets NAME MRU: to the internet and from there; who sends more is told the limit.
packets() {
	local name=$1 mru=$2 v4 v6

	# What it was told of the last one at these addresses.
	on internet ip route flush cache
	on internet ip -6 route flush cache
	v4=$(address_of "$name" ppp0)
	v6=$(address6_of "$name")
	whole "$name" 203.0.113.10 $((mru - 28))
	whole "$name" $INTERNET6 $((mru - 48))
	whole internet "$v4" $((mru - 28))
	whole internet "$v6" $((mru - 48))
	too_big "$v4" $((mru - 27)) "$mru"
	too_big "$v6" $((mru - 47)) "$mru"
}

# too_big TO SIZE MRU: nobody may cut it, so its sender hears of the limit.
too_big() {
	on internet ping -M 'do' -c 3 -i 0.3 -w 10 -s "$2" "$1" >"$WORK/ping.log" 2>&1 &&
		fail "more than $3 to $1"
	grep -q "mtu *[:=] *$3" "$WORK/ping.log" ||
		fail "not told of $3: $(cat "$WORK/ping.log")"
}

# agreed LOG KIND: what pppd has said and heard.
agreed() {
	local log=$WORK/$1 kind=$2

	grep -q "rcvd \[LCP ConfReq.*<mru ${kind#*-}>" "$log" ||
		fail "$kind: the LNS did not ask for its MRU"
	case $kind in
	pap*) grep -q 'rcvd \[PAP AuthAck' "$log" ;;
	chap*) grep -q 'rcvd \[LCP ConfReq.*<auth chap MD5>' "$log" &&
		grep -q 'rcvd \[CHAP Success' "$log" ;;
	mschapv2*) grep -q 'rcvd \[CHAP Success.*S=[0-9A-F]*' "$log" ;;
	esac || fail "$kind: not authenticated so"
}

# devices_are COUNT: of single sessions, at the LNS; their indices begin at 0x1000000.
devices_are() {
	[ "$(on lns ip -o link show type adit | grep -c '^167772[0-9]*:')" = "$1" ]
}

# own_device KIND COUNT: CHAP's sessions have one each.
own_device() {
	[ "$1" = chap-1442 ] || set -- "$1" 0
	wait_for 10 "$2 devices for $1" devices_are "$2"
}

# compresses LOG: it has asked for PFC and ACFC, and lives without.
compresses() {
	grep -q 'sent \[LCP ConfReq.*<pcomp> <accomp>' "$WORK/$1" ||
		fail "pppd did not ask for PFC and ACFC"
	grep -q 'rcvd \[LCP ConfRej.*<pcomp> <accomp>' "$WORK/$1" ||
		fail "they were not rejected"
}

lib_begin
load_module
chain_build
ns_add xl2tp
cable xl2tp p0 router p1
on xl2tp ip addr add 192.0.2.9/30 dev p0
on router ip addr add 192.0.2.10/30 dev p1
on xl2tp ip route add 198.51.100.2 via 192.0.2.10
for kind in $KINDS; do
	cable client "c${kind#*-}" lac "acc${kind#*-}"
done
on lns sysctl -qw net.ipv6.conf.all.forwarding=1
on lns ip addr add 2001:db8:f::1/64 dev inet0 nodad
on internet ip addr add $INTERNET6/64 dev i0 nodad
on internet ip route add default via 2001:db8:f::1
configure
start_aditd lns
start_aditd lac

# Below Linux's own L2TP pppd asks for no PFC and ACFC, below xl2tpd's it does.
for kind in $KINDS; do
	rm -f "$WORK/pppd-xl2tp.log"
	XL2TPD_GLOBAL=
	[ "$kind" != chap-1442 ] || XL2TPD_GLOBAL="force userspace = yes"
	xl2tpd_lac xl2tp 198.51.100.2 tunnel-secret $USER secret "" yes "$kind"
	sed -i "s/1442/${kind#*-}/; s/^noipv6/+ipv6\nnodefaultroute/" \
		"$WORK/xl2tpd-xl2tp/options"
	xl2tpd_dial xl2tp
	wait_for 60 "an address over xl2tpd" has_address xl2tp ppp0
	wait_for 30 "an IPv6 address over xl2tpd" global6 xl2tp
	on xl2tp ip route add 203.0.113.10 dev ppp0
	agreed pppd-xl2tp.log "$kind"
	[ "$kind" != chap-1442 ] || compresses pppd-xl2tp.log
	own_device "$kind" 1
	packets xl2tp "${kind#*-}"
	xl2tpd_hangup xl2tp
	wait_for 30 "the LNS to be empty" no_sessions lns
	xl2tpd_stop xl2tp
	own_device "$kind" 0
	wait_for 30 "pppd's end" no_device xl2tp ppp0
	echo "ok: xl2tpd and pppd, $kind"
done

# Nor does it above its own PPPoE, but above rp-pppoe's.
for kind in $KINDS; do
	mru=${kind#*-}
	rm -f "$WORK/pppd-$USER.log"
	if [ "$kind" = chap-1442 ]; then
		start client "pppd-$USER" pppd pty "pppoe -I c$mru -U" \
			nodetach debug noauth noipdefault defaultroute \
			user $USER password secret +ipv6 noccp maxfail 1 \
			mru "$mru" mtu "$mru"
	else
		start_pppoe client "c$mru" $USER secret +ipv6 mru "$mru" mtu "$mru"
	fi
	wait_for 60 "an address over PPPoE" has_address client ppp0
	wait_for 30 "an IPv6 address over PPPoE" global6 client
	agreed "pppd-$USER.log" "$kind"
	[ "$kind" != chap-1442 ] || compresses "pppd-$USER.log"
	own_device "$kind" 1
	packets client "$mru"
	kill "$(pid_of "pppd-$USER")"
	wait_for 30 "pppd's end" ended_pid "$(pid_of "pppd-$USER")"
	wait_for 30 "the LNS to be empty" no_sessions lns
	wait_for 30 "the LAC to be empty" no_sessions lac
	own_device "$kind" 0
	echo "ok: LAC and pppd, $kind"
done
grep -q 'not taken' "$WORK/aditd-lns.log" && fail "proxy LCP was not taken"
all_read lns
