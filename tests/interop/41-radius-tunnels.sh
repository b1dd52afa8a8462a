#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# Debian's FreeRADIUS describes tunnels, by tag (RFC 2868): the better one leads
# nowhere, the other one to the LNS, with its secret hidden. The LAC has neither in its
# configuration. Over kill -9 the tunnel stays, and takes further calls. An LNS may be told
# by its name, which DNS knows.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"
# shellcheck source=tests/radius.sh
. "$(dirname "$(readlink -f "$0")")/../radius.sh"

SECRET=radius-secret
USER=user@isp.example

lib_begin
load_module
chain_build
chain_configure
# Neither users nor tunnels.
python3 - "$WORK/lac.conf" <<-'PY'
	import re, sys
	text = open(sys.argv[1]).read()
	text = re.sub(r'tunnel "isp" \{.*?\}', "", text, flags=re.S)
	text = re.sub(r'\n[^\n]*(domain|user) "[^\n]*', "", text)
	text = text.replace('pool = "local"', 'pool = "local" radius-group = "aaa"')
	open(sys.argv[1], "w").write(text)
PY
cat >>"$WORK/lac.conf" <<-CONF
	tunnel-defaults "radius" {
		endpoint = "core"  local-name = "lac1"  hello = 2
	}
	radius-server "free" {
		address = "192.0.2.2"  source = "192.0.2.1"  secret = "$SECRET"
		timeout = 1  message-authenticator = require
	}
	radius-group "aaa" { servers = { "free" } }
CONF
mkdir "$WORK/radius"
radius_conf "$WORK/radius" "$SECRET"
# Reply items begin with a blank.
printf '%s\n' "$USER Cleartext-Password := \"secret\"" \
	' Tunnel-Type:1 = L2TP, Tunnel-Medium-Type:1 = IPv4,' \
	' Tunnel-Server-Endpoint:1 = "198.51.100.1", Tunnel-Preference:1 = 10,' \
	' Tunnel-Type:2 = L2TP, Tunnel-Medium-Type:2 = IPv4,' \
	' Tunnel-Server-Endpoint:2 = "198.51.100.2", Tunnel-Preference:2 = 20,' \
	' Tunnel-Password:2 = "tunnel-secret", Tunnel-Assignment-Id:2 = "carrier",' \
	' Tunnel-Server-Auth-Id:2 = "lns1"' \
	'named Cleartext-Password := "secret"' \
	' Tunnel-Type:0 = L2TP, Tunnel-Medium-Type:0 = IPv4,' \
	' Tunnel-Server-Endpoint:0 = "lns.isp.example",' \
	' Tunnel-Password:0 = "tunnel-secret", Tunnel-Server-Auth-Id:0 = "lns1"' \
	'self Cleartext-Password := "secret"' \
	' Tunnel-Type:0 = L2TP, Tunnel-Medium-Type:0 = IPv4,' \
	' Tunnel-Server-Endpoint:0 = "127.0.0.1"' >"$WORK/radius/users"
start router radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
wait_for 30 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
echo 'user "named" { password = "secret" }' >>"$WORK/lns.conf"
echo "lns.isp.example 198.51.100.2 60" >"$WORK/zone"
start router dns python3 "$(dirname "$0")/../dns.py" 192.0.2.2 "$WORK/zone"
mkdir -p "/etc/netns/${PREFIX}lac"
echo "nameserver 192.0.2.2" >"/etc/netns/${PREFIX}lac/resolv.conf"
start_aditd lns
start_aditd lac
[ "$(tool lac -j tunnel show)" = "[]" ] || fail "there is a tunnel already"

tunnels() {
	tool lac -j tunnel show | grep -o '"tunnel_id"' | wc -l
}

start_pppoe client c0 "$USER" secret
wait_for 60 "an address" has_address client ppp0
on client ping -c 2 -i 0.3 -w 20 203.0.113.10 >/dev/null
[ "$(tunnels)" = 1 ] || fail "$(tool lac tunnel show)"
echo "ok: through a tunnel that RADIUS describes"

kill -9 "$(pid_of aditd-lac)"
start_aditd lac
grep -q 'restart: kept 1 tunnels, 1 sessions, 1 subscribers; closed 0' \
	"$WORK/aditd-lac.log" || fail "the tunnel was not kept"
sleep 5 # HELLOs
start_pppoe client c0 "$USER" secret nodefaultroute
wait_for 60 "another address" has_address client ppp1
[ "$(tunnels)" = 1 ] || fail "a second tunnel: $(tool lac tunnel show)"
echo "ok: kept over kill -9, its secret known"

start_pppoe client c0 named secret nodefaultroute
wait_for 60 "an address by the LNS's name" has_address client ppp2
tool lac -j tunnel show | grep -q '"remote": *"198.51.100.2' ||
	fail "$(tool lac -j tunnel show)"
echo "ok: an LNS by its name"

# Ourselves.
start_pppoe client c0 self secret nodefaultroute
wait_for 60 "the end of pppd" ended_pid "$(pid_of pppd-self)"
tool lac -j system show | grep -q '"box_refused_ourselves": *1\b' ||
	fail "$(tool lac system show)"
echo "ok: a tunnel to 127.0.0.1 is refused"
