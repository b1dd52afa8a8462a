#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# RADIUS over TLS as aditd.conf(5) tells: aditd of the LNS asks Debian's radsecproxy beside
# it, which asks another one by TLS, which asks FreeRADIUS. A subscriber comes in, its
# accounting arrives, and whoever listens between the two sees no RADIUS. Who has no
# certificate of ours is not asked. The configuration is ctld/etc/radsecproxy.conf.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"
# shellcheck source=tests/radius.sh
. "$(dirname "$(readlink -f "$0")")/../radius.sh"

TOP=$(dirname "$(readlink -f "$0")")/../..
SECRET=radius-secret
USER=user@isp.example
SERVER=198.51.100.1
DIR=

# certificate NAME ADDRESS CA: a key, and a certificate for it by that CA.
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$1" -keyout "$DIR/$1.key" \
		-out "$DIR/$1.csr" 2>>"$WORK/openssl.log"
	openssl x509 -req -in "$DIR/$1.csr" -days 2 -CA "$DIR/$3.pem" \
		-CAkey "$DIR/$3.key" -set_serial "0x$RANDOM" \
		-extfile <(echo "subjectAltName = IP:$2") \
		-out "$DIR/$1.pem" 2>>"$WORK/openssl.log"
}

# authority NAME
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$1" -days 2 \
		-keyout "$DIR/$1.key" -out "$DIR/$1.pem" 2>>"$WORK/openssl.log"
}

# near: the example, with this test's names.
near() {
	sed "s|/etc/adit/tls|$DIR|; s|radius.isp.example|$SERVER|
		s|\"change me\"|$SECRET|; s|^LogDestination.*|LogDestination file://$WORK/near.proxy|" \
		"$TOP/ctld/etc/radsecproxy.conf" >"$WORK/near.conf"
}

far() {
	cat >"$WORK/far.conf" <<-CONF
		ListenTLS	$SERVER:2083
		LogDestination	file://$WORK/far.proxy
		tls default {
			CACertificateFile	$DIR/ca.pem
			CertificateFile		$DIR/server.pem
			CertificateKeyFile	$DIR/server.key
		}
		client 198.51.100.2 {
			type	tls
		}
		server free {
			host	127.0.0.1
			type	udp
			port	1812
			secret	$SECRET
		}
		server acct {
			host	127.0.0.1
			type	udp
			port	1813
			secret	$SECRET
		}
		realm * {
			server			free
			accountingServer	acct
		}
	CONF
}

# detail TYPE: FreeRADIUS has had such an Accounting-Request.
detail() {
	grep -q "Acct-Status-Type = $1\$" "$WORK/radius/detail" 2>/dev/null
}

counted() {
	tool lns -j system show | grep -q "\"$1\": *$2\b"
}

lib_begin
DIR=$WORK/tls
mkdir "$DIR" "$WORK/radius"
load_module
chain_build
chain_configure
on lns ip link set lo up
on router ip link set lo up
authority ca
certificate bng 198.51.100.2 ca
certificate server $SERVER ca
near
far
sed -i 's/pool = "home"/& radius-group = "aaa" accounting-group = "aaa"/
	s|^system {|& accounting-spool = "'"$WORK/spool"'" accounting-spool-size = 1|
	/^ *user /d' "$WORK/lns.conf"
cat >>"$WORK/lns.conf" <<-CONF
	radius-server "radsec" {
		address = "127.0.0.1"  secret = "$SECRET"  accounting-port = 1812  timeout = 1
		message-authenticator = require
	}
	radius-group "aaa" {
		servers = { "radsec" }
		attributes = { "NAS-Port-Type=Virtual", "Cisco-AVPair=over=tls" }
		exclude = { "Connect-Info" }
	}
CONF
radius_conf "$WORK/radius" "$SECRET"
printf '%s\n' "$USER Cleartext-Password := \"secret\"" \
	' Framed-IP-Address = 100.64.0.77' >"$WORK/radius/users"

start router radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
wait_for 30 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
start router far radsecproxy -f -c "$WORK/far.conf"
wait_for 10 "the far proxy" on router sh -c 'ss -ltn | grep -q :2083'
start router tcpdump tcpdump -U -n -i r1 -w "$WORK/tls.pcap" \
	host 198.51.100.2 and not port 1701
wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/tcpdump.log"
start lns near radsecproxy -f -c "$WORK/near.conf"
start_aditd lns
start_aditd lac

start_pppoe client c0 "$USER" secret
wait_for 60 "an address" has_address client ppp0
[ "$(address_of client ppp0)" = 100.64.0.77 ] || fail "not RADIUS's address"
counted radius_rx_accepts 1 || fail "not one accept"
wait_for 30 "the Start" detail Start
kill "$(pid_of "pppd-$USER")"
wait_for 60 "the Stop" detail Stop
wait_for 30 "an empty spool" counted accounting_waiting 0
grep -q 'NAS-Port-Type = Virtual' "$WORK/radius/detail" || fail "no attribute of ours"
grep -q 'Cisco-AVPair = "over=tls"' "$WORK/radius/detail" || fail "none of Cisco's"
! grep -q 'Connect-Info' "$WORK/radius/detail" || fail "what is excluded"
echo "ok: a subscriber, and its accounting, over TLS"

sleep 1
kill "$(pid_of tcpdump)"
n=$(tshark -r "$WORK/tls.pcap" -Y 'tcp.port == 2083 && tcp.len > 0' 2>/dev/null | wc -l)
[ "$n" -ge 4 ] || fail "$n segments of TLS"
n=$(tshark -r "$WORK/tls.pcap" -Y 'not tcp.port == 2083 and not arp and not icmpv6' \
	2>/dev/null | wc -l)
[ "$n" -eq 0 ] || fail "$n packets beside TLS"
! grep -aq "$USER\|lns1\|over=tls" "$WORK/tls.pcap" || fail "something in clear"
echo "ok: nothing in clear"

# Another authority's: no TLS, and nobody comes in.
authority other
certificate bng 198.51.100.2 other
kill "$(pid_of near)"
wait_for 10 "its end" ended_pid "$(pid_of near)"
start lns near radsecproxy -f -c "$WORK/near.conf"
: >"$WORK/pppd-$USER.log"
start_pppoe client c0 "$USER" secret
wait_for 90 "the refusal" counted box_auth_unavailable 1
! has_address client ppp0 || fail "it is in"
! grep -q "$SECRET" "$WORK/aditd-lns.log" || fail "a secret in the log"
echo "ok: a stranger's certificate"
