# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Other people's L2TP and PPP programs as peers; sourced after tests/lib.sh.

# json_field KEY: its first value.
json_field() {
	python3 -c 'import json, sys
print(json.load(sys.stdin)[0][sys.argv[1]])' "$1"
}

# counted NAME COUNTER: it is not zero.
counted() {
	tool "$1" -j system show | python3 -c '
import json, sys

def find(x, key):
    if isinstance(x, dict):
        if x.get("name") == key and x.get("value"):
            return True
        if isinstance(x.get(key), int) and x[key]:
            return True
        return any(find(v, key) for v in x.values())
    return isinstance(x, list) and any(find(v, key) for v in x)

sys.exit(not find(json.load(sys.stdin), sys.argv[1]))' "$2"
}

# xl2tpd_lac NAME LNS SECRET USER PASSWORD [LOCAL [CHALLENGE [HOSTNAME [HIDDEN]]]]
# XL2TPD_GLOBAL: one more line of its configuration.
xl2tpd_lac() {
	local d=$WORK/xl2tpd-$1

	mkdir -p "$d"
	cat >"$d/conf" <<-CONF
		[global]
		${6:+listen-addr = $6}
		port = 1701
		auth file = $d/secrets
		access control = no
		${XL2TPD_GLOBAL-}
		[lac test]
		lns = $2
		name = peer
		hostname = ${8:-peer}
		challenge = ${7:-yes}
		hidden bit = ${9:-no}
		require authentication = no
		pppoptfile = $d/options
		ppp debug = yes
		redial = no
	CONF
	echo "* * $3" >"$d/secrets"
	chmod 600 "$d/secrets"
	cat >"$d/options" <<-CONF
		noauth
		noipdefault
		ipcp-accept-local
		ipcp-accept-remote
		noipv6
		noccp
		user $4
		password $5
		debug
		logfile $WORK/pppd-$1.log
		mtu 1442
		mru 1442
	CONF
	mkdir -p /run/xl2tpd
	start "$1" "xl2tpd-$1" xl2tpd -D -c "$d/conf" -s "$d/secrets" \
		-C "$d/control" -p "$d/pid"
	wait_for 10 "xl2tpd" test -p "$d/control"
}

xl2tpd_dial() {
	echo "c test" >"$WORK/xl2tpd-$1/control"
}

xl2tpd_hangup() {
	echo "d test" >"$WORK/xl2tpd-$1/control"
}

xl2tpd_stop() {
	kill "$(pid_of "xl2tpd-$1")"
	wait_for 10 "the end of xl2tpd" ended_pid "$(pid_of "xl2tpd-$1")"
	rm -f "$WORK/xl2tpd-$1/control"
}

# count_hidden FILE ADDRESS: messages of a capture from there with hidden AVPs.
count_hidden() {
	tshark -n -r "$1" -Y "ip.src == $2 && l2tp.avp.hidden == 1" 2>/dev/null |
		wc -l
}

# capture_l2tp NAME DEVICE FILE: until kill_capture.
capture_l2tp() {
	start "$1" capture tcpdump -U -n -i "$2" -w "$3" udp port 1701
	wait_for 20 "tcpdump" grep -q 'listening on' "$WORK/capture.log"
}

kill_capture() {
	kill "$(pid_of capture)"
	wait_for 10 "the end of tcpdump" ended_pid "$(pid_of capture)"
}

# all_read NAME: no AVP of a peer's was beyond us.
all_read() {
	! counted "$1" l2tp_rx_bad_avp || fail "an AVP of the peer was not read"
}

# lac_to_peer NAME LOCAL REMOTE SECRET: configuration of our LAC, port acc0; users of
# hidden.example have a tunnel of their own, with hidden AVPs and sequence numbers.
lac_to_peer() {
	{
		conf_system "$1"
		cat <<-CONF
			endpoint "core" { address = "$2" }
			ppp-profile "access" { auth = { "chap", "pap" } }
			access-port "acc0" { ppp-profile = "access" }
			tunnel "isp" {
				endpoint = "core"
				remote = "$3"
				local-name = "lac"
				secret = "$4"
				hello = 5
			}
			tunnel "hidden" {
				endpoint = "core"
				remote = "$3"
				local-name = "lac"
				secret = "$4"
				hide-avps = true
				sequencing = true
			}
			domain "hidden.example" { tunnel = "hidden" }
			domain "default" { tunnel = "isp" }
			domain "none" { tunnel = "isp" }
		CONF
	} >"$WORK/$1.conf"
}

# xl2tpd_lns NAME SECRET USER PASSWORD [HIDDEN]: gives 100.64.0.10 and up.
xl2tpd_lns() {
	local d=$WORK/xl2tpd-$1

	mkdir -p "$d" /run/xl2tpd
	cat >"$d/conf" <<-CONF
		[global]
		port = 1701
		auth file = $d/secrets
		access control = no
		[lns default]
		ip range = 100.64.0.10-100.64.0.99
		local ip = 100.64.0.1
		require chap = yes
		refuse pap = yes
		require authentication = yes
		hostname = peer
		name = peer
		challenge = yes
		hidden bit = ${5:-no}
		ppp debug = yes
		pppoptfile = $d/options
	CONF
	echo "* * $2" >"$d/secrets"
	chmod 600 "$d/secrets"
	printf 'debug\nnoipv6\nnoccp\nmtu 1442\nmru 1442\nlogfile %s\n' \
		"$WORK/pppd-$1.log" >"$d/options"
	echo "\"$3\" * \"$4\" *" >/etc/ppp/chap-secrets
	start "$1" "xl2tpd-$1" xl2tpd -D -c "$d/conf" -s "$d/secrets" \
		-C "$d/control" -p "$d/pid"
	wait_for 10 "xl2tpd" test -p "$d/control"
}

# radius_server NAME USER PASSWORD (DEFAULT: any user): FreeRADIUS on 127.0.0.1:1812, secret "radius".
radius_server() {
	local d=$WORK/radius-$1

	mkdir -p "$d"
	cat >"$d/users" <<-CONF
		$2 Cleartext-Password := "$3"
	CONF
	printf '\tService-Type = Framed-User, Framed-Protocol = PPP\n' >>"$d/users"
	cat >"$d/radiusd.conf" <<-CONF
		prefix = /usr
		libdir = /usr/lib/freeradius
		logdir = $d
		run_dir = $d
		name = radiusd
		modules {
			pap {
			}
			chap {
			}
			always ok {
				rcode = ok
			}
			files {
				usersfile = $d/users
			}
		}
		client local {
			ipaddr = 127.0.0.1
			secret = radius
		}
		server default {
			listen {
				type = auth
				ipaddr = 127.0.0.1
				port = 1812
			}
			listen {
				type = acct
				ipaddr = 127.0.0.1
				port = 1813
			}
			authorize {
				chap
				files
				pap
			}
			authenticate {
				Auth-Type PAP {
					pap
				}
				Auth-Type CHAP {
					chap
				}
			}
			accounting {
				ok
			}
		}
	CONF
	start "$1" "radius-$1" freeradius -f -l stdout -d "$d" -n radiusd
	wait_for 20 "FreeRADIUS" grep -q 'Ready to process' \
		"$WORK/radius-$1.log"
}

# l2tpns_lns NAME ADDRESS SECRET: asks radius_server; gives 100.64.0.x.
l2tpns_lns() {
	cat >/etc/l2tpns/startup-config <<-CONF
		set debug 4
		set log_file "$WORK/l2tpns.log"
		set pid_file "$WORK/l2tpns.pid"
		set l2tp_secret "$3"
		set primary_dns 203.0.113.1
		set primary_radius 127.0.0.1
		set primary_radius_port 1812
		set radius_secret "radius"
		set radius_authtypes "chap"
		set bind_address $2
		set peer_address 192.0.2.222
		set cluster_interface "p0"
		set cli_bind_address 127.0.0.1
	CONF
	echo "100.64.0.0/24" >/etc/l2tpns/ip_pool
	mkdir -p /var/lib/l2tpns
	# At its end it signals its whole process group.
	start "$1" "l2tpns-$1" setsid l2tpns -c /etc/l2tpns/startup-config
	wait_for 90 "l2tpns" grep -qi 'master\|listen' "$WORK/l2tpns.log"
}
