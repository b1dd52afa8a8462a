#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 500
#
# LAC and LNS tell Debian's FreeRADIUS of a subscriber that is tunnelled: Start and
# Stop, what it has used, the tunnel's ends. kill -9 of both daemons adds nothing
# to that. What happens while FreeRADIUS is away is told when it is back, though the
# daemons that knew of it were killed meanwhile. RFC 2866, 2867 3.

set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
# shellcheck source=tests/chain.sh
. "$(dirname "$(readlink -f "$0")")/../chain.sh"
# shellcheck source=tests/radius.sh
. "$(dirname "$(readlink -f "$0")")/../radius.sh"

SECRET=radius-secret
USER=user@isp.example

# tells NAME SERVER SOURCE: changes its configuration so.
tells() {
	sed -i 's/pool = "\(local\|home\)"/& accounting-group = "acct"/
		s|^system {|& accounting-spool = "'"$WORK/$1.spool"'" accounting-spool-size = 1|
		s|hello = 2|& accounting-group = "acct"|' "$WORK/$1.conf"
	cat >>"$WORK/$1.conf" <<-CONF
		radius-server "free" {
			address = "$2"  source = "$3"  secret = "$SECRET"
			timeout = 1
		}
		radius-group "acct" { servers = { "free" } }
	CONF
}

radius_start() {
	start router radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
	wait_for 30 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
}

# records NAS TYPE: those of that kind, a line each.
records() {
	awk -v nas="NAS-Identifier = \"$1\"" -v type="Acct-Status-Type = $2;" '
		function tell() {
			if (index(one, nas) && index(one, type))
				print one
			one = ""
		}
		/^[^[:space:]]/ { tell() }
		{ one = one $0 ";" }
		END { tell() }' "$WORK/radius/detail" 2>/dev/null
}

# told NAS TYPE N: so many times.
told() {
	[ "$(records "$1" "$2" | wc -l)" -eq "$3" ]
}

# value NAS TYPE ATTRIBUTE: of the last of them.
value() {
	records "$1" "$2" | tail -n 1 |
		sed -n "s/.*;[[:space:]]*$3 = \"\?\([^;\"]*\)\"\?;.*/\1/p"
}

lib_begin
load_module
chain_build
chain_configure
tells lac 192.0.2.2 192.0.2.1
tells lns 198.51.100.1 198.51.100.2
mkdir "$WORK/radius"
radius_conf "$WORK/radius" "$SECRET"
: >"$WORK/radius/users"
radius_start
start_aditd lns
start_aditd lac
for nas in lac1 lns1; do
	wait_for 20 "Accounting-On of $nas" told $nas Accounting-On 1
done

start_pppoe client c0 "$USER" secret
wait_for 60 "an address" has_address client ppp0
for nas in lac1 lns1; do
	wait_for 20 "Start of $nas" told $nas Start 1
	wait_for 20 "Tunnel-Start of $nas" told $nas Tunnel-Start 1
	wait_for 20 "Tunnel-Link-Start of $nas" told $nas Tunnel-Link-Start 1
	[ "$(value $nas Start User-Name)" = "$USER" ] || fail "$nas: another name"
	[ "$(value $nas Start Tunnel-Client-Endpoint:0)" = 192.0.2.1 ] ||
		fail "$nas: another end of the tunnel"
	[ "$(value $nas Start Tunnel-Server-Auth-Id:0)" = lns1 ] ||
		fail "$nas: another LNS"
done
[ "$(value lns1 Start Framed-IP-Address)" = "$(address_of client ppp0)" ] ||
	fail "another address"
echo "ok: Start"

for name in lac lns; do
	kill -9 "$(pid_of "aditd-$name")"
	start_aditd $name
done
on client ping -c 20 -i 0.1 -s 972 -w 20 203.0.113.10 >/dev/null
sleep 3
for nas in lac1 lns1; do
	told $nas Start 1 || fail "$nas: a second Start"
	told $nas Stop 0 || fail "$nas: a Stop"
	told $nas Accounting-On 1 || fail "$nas: a second Accounting-On"
done
echo "ok: kill -9 tells nothing"

kill "$(pid_of radius)"
kill "$(pid_of "pppd-$USER")"
wait_for 30 "the LAC to be empty" no_sessions lac
wait_for 30 "the LNS to be empty" no_sessions lns
sleep 4 # both know what was counted
for name in lac lns; do
	kill -9 "$(pid_of "aditd-$name")"
	start_aditd $name
done
told lns1 Stop 0 || fail "who was told?"
radius_start
for nas in lac1 lns1; do
	wait_for 90 "Stop of $nas" told $nas Stop 1
	[ "$(value $nas Stop Acct-Session-Id)" = \
		"$(value $nas Start Acct-Session-Id)" ] || fail "$nas: another session"
	for what in Input Output; do
		octets=$(value $nas Stop Acct-$what-Octets)
		# 20 packets of 1000, and what PPP says for itself.
		if [ "$octets" -lt 20000 ] || [ "$octets" -gt 23000 ]; then
			fail "$nas: $what: $octets octets"
		fi
	done
done
# The LAC has not seen why, for it does not look into PPP.
cause=$(value lns1 Stop Acct-Terminate-Cause)
[ "$cause" = User-Request ] || fail "the LNS says $cause"
cause=$(value lac1 Stop Acct-Terminate-Cause)
[ "$cause" = Lost-Carrier ] || [ "$cause" = User-Request ] ||
	fail "the LAC says $cause"
echo "ok: Stop, late"

# Much one way and little the other, all of it after the counters were read last.
start_pppoe client c0 "$USER" secret
wait_for 60 "an address" has_address client ppp0
on client python3 - <<-'PY'
	import socket, time
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	for i in range(60):
	    try:
	        s.sendto(bytes(972), ("203.0.113.10", 9999))
	    except ConnectionError:
	        pass
	    time.sleep(0.02)
PY
kill "$(pid_of "pppd-$USER")"
for nas in lac1 lns1; do
	wait_for 30 "another Stop of $nas" told $nas Stop 2
	wait_for 30 "another Tunnel-Link-Stop of $nas" told $nas Tunnel-Link-Stop 2
	for type in Stop Tunnel-Link-Stop; do
		octets=$(value $nas $type Acct-Input-Octets)
		if [ "$octets" -lt 60000 ] || [ "$octets" -gt 63000 ]; then
			fail "$nas: $type: from the subscriber: $octets octets"
		fi
		octets=$(value $nas $type Acct-Output-Octets)
		[ "$octets" -lt 20000 ] || fail "$nas: $type: to it: $octets octets"
	done
done
for what in Input-Octets Output-Octets Input-Packets Output-Packets; do
	[ "$(value lac1 Stop Acct-$what)" = "$(value lns1 Stop Acct-$what)" ] ||
		fail "LAC and LNS do not agree on $what"
done
echo "ok: LAC and LNS count the same"

for name in lac lns; do
	grep -q "$SECRET" "$WORK/aditd-$name.log" && fail "a secret in the log"
done
echo "ok: no secret in the log"
