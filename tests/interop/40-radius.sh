#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 300
#
# LAC and LNS ask Debian's FreeRADIUS, which is on the router between them; the
# client is pppd. The LAC hears which tunnel a user goes through, the LNS which
# address it gets; bob ends at the LAC, by MS-CHAPv2. Who is up stays over kill -9 of
# both daemons and over the end of FreeRADIUS, whose return Status-Server finds out.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"
# shellcheck source=tests/radius.sh
. "$(dirname "$(readlink -f "$0")")/../radius.sh"

SECRET=radius-secret
USER=user@isp.example

# asks NAME SERVER SOURCE: changes its configuration so.
asks() {
	sed -i '/^ *\(user\|domain\) /d; s/pool = "\(local\|home\)"/& radius-group = "aaa"/' \
		"$WORK/$1.conf"
	cat >>"$WORK/$1.conf" <<-CONF
		radius-server "free" {
			address = "$2"  source = "$3"  secret = "$SECRET"
			timeout = 1  message-authenticator = require
			status-server = yes  probe-interval = 1
		}
		radius-group "aaa" { servers = { "free" } }
	CONF
}

lib_begin
load_module
chain_build
chain_configure
asks lac 192.0.2.2 192.0.2.1
asks lns 198.51.100.1 198.51.100.2
sed -i 's/auth = { "chap", "pap" }/auth = { "mschapv2", "chap" }/' "$WORK/lac.conf"
mkdir "$WORK/radius"
radius_conf "$WORK/radius" "$SECRET"
# Reply items begin with a blank.
printf '%s\n' "$USER NAS-Identifier == \"lac1\", Cleartext-Password := \"secret\"" \
	' ERX-Tunnel-Group = "isp"' \
	"$USER NAS-Identifier == \"lns1\", Cleartext-Password := \"secret\"" \
	' Framed-IP-Address = 100.64.0.77, Session-Timeout = 3600' \
	'bob Cleartext-Password := "builder"' \
	' Framed-IP-Address = 255.255.255.254' >"$WORK/radius/users"
radius_start() {
	start router radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
	wait_for 30 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
}

# server_is NAME STATE: the LAC's or LNS's server is.
server_is() {
	tool "$1" radius show server free | grep -q " port 1812 $2 "
}

radius_start
start_aditd lns
start_aditd lac

counted() {
	tool "$1" -j system show | grep -q "\"$2\": *$3\b"
}

start_pppoe client c0 "$USER" secret refuse-mschap-v2
wait_for 60 "an address" has_address client ppp0
[ "$(address_of client ppp0)" = 100.64.0.77 ] || fail "not RADIUS's address"
on client ping -c 3 -i 0.3 -w 20 203.0.113.10 >/dev/null
for name in lac lns; do
	counted $name radius_rx_accepts 1 || fail "$name: not one accept"
	counted $name radius_tx_requests 1 || fail "$name: not one request"
done
echo "ok: tunnelled, with an address, as RADIUS says"

start_pppoe client c0 bob builder nodefaultroute
wait_for 60 "bob's address" has_address client ppp1
grep -q 'CHAP Success.*S=' "$WORK/pppd-bob.log" || fail "no MS-CHAPv2"
start_pppoe client c0 eve builder nodefaultroute
wait_for 30 "the refusal" grep -q 'CHAP Failure' "$WORK/pppd-eve.log"
counted lac radius_rx_rejects 1 || fail "not one reject"
echo "ok: MS-CHAPv2, and a stranger"

kill "$(pid_of radius)"
for name in lac lns; do
	kill -9 "$(pid_of "aditd-$name")"
	start_aditd $name
done
on client ping -c 3 -i 0.3 -w 20 203.0.113.10 >/dev/null
[ "$(address_of client ppp0)" = 100.64.0.77 ] || fail "the address changed"
counted lns radius_tx_requests 0 || fail "somebody was asked"
counted lac radius_tx_requests 0 || fail "somebody was asked"
start_pppoe client c0 eve builder nodefaultroute
wait_for 30 "the refusal" counted lac box_auth_unavailable 1
echo "ok: who is up stays without daemon and server"

# It is dead, then back, and no request found that out.
wait_for 10 "the probes" server_is lac probing
start_pppoe client c0 eve builder nodefaultroute
wait_for 30 "the refusal" counted lac box_auth_unavailable 2
counted lac radius_tx_requests 1 || fail "a dead server was asked"
radius_start
wait_for 15 "the answer to a probe" server_is lac up
counted lac radius_tx_requests 1 || fail "a request was sent"
counted lac radius_rx_probes 1 || fail "not one answer to a probe"
start_pppoe client c0 eve builder nodefaultroute
wait_for 30 "the refusal" counted lac radius_rx_rejects 1
echo "ok: Status-Server: dead, and back"

kill "$(pid_of "pppd-$USER")" "$(pid_of pppd-bob)"
wait_for 30 "the LAC to be empty" no_sessions lac
wait_for 30 "the LNS to be empty" no_sessions lns
for name in lac lns; do
	grep -q "$SECRET\|builder\|\"secret\"" "$WORK/aditd-$name.log" &&
		fail "a secret in the log"
done
echo "ok: all gone"
