# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The whole chain as namespaces, for the demo and for tests; sourced after lib.sh.

chain_picture() {
	cat <<'END'

  client ----PPPoE---- LAC ======== router ======== LNS ------- internet
  pppd              aditd        L2TP over UDP     aditd
                 192.0.2.1                      198.51.100.2   203.0.113.10
                 acc0  core0    r0          r1  core0   inet0  i0
                 pool 100.65.0.0/24             pool 100.64.0.0/24

  Each box is a network namespace. user@isp.example is tunnelled to the LNS;
  bob, without a domain, is terminated at the LAC.

END
}

chain_build() {
	ns_add client lac router lns internet
	cable client c0 lac acc0
	cable lac core0 router r0
	cable router r1 lns core0
	cable lns inet0 internet i0
	on lac ip addr add 192.0.2.1/30 dev core0
	on router ip addr add 192.0.2.2/30 dev r0
	on router ip addr add 198.51.100.1/30 dev r1
	on lns ip addr add 198.51.100.2/30 dev core0
	on lns ip addr add 203.0.113.1/24 dev inet0
	on internet ip addr add 203.0.113.10/24 dev i0
	on lac ip route add default via 192.0.2.2
	on router ip route add 203.0.113.0/24 via 198.51.100.2
	on router ip route add 100.65.0.0/24 via 192.0.2.1
	on lns ip route add default via 198.51.100.1
	on internet ip route add default via 203.0.113.1
}

chain_configure() {
	{
		conf_system lac1
		cat <<-'CONF'
			endpoint "core" { address = "192.0.2.1" }
			pool "local" { prefix = "100.65.0.0/24" }
			ppp-profile "access" {
				auth = { "chap", "pap" }
				pool = "local"
				local-address = "100.65.0.1"
				dns = { "203.0.113.10" }
			}
			access-port "acc0" { ppp-profile = "access" }
			tunnel "isp" {
				endpoint = "core"
				remote = "198.51.100.2"
				local-name = "lac1"
				remote-name = "lns1"
				secret = "tunnel-secret"
				hello = 2
			}
			domain "isp.example" { tunnel = "isp" }
			user "bob" { password = "builder" }
		CONF
	} | sed "s|$WORK/lac1|$WORK/lac|" >"$WORK/lac.conf"
	{
		conf_system lns1
		cat <<-'CONF'
			endpoint "core" { address = "198.51.100.2" }
			pool "home" { prefix = "100.64.0.0/24" }
			ppp-profile "home" {
				auth = { "chap", "pap" }
				pool = "home"
				local-address = "100.64.0.1"
				dns = { "203.0.113.10" }
			}
			destination-profile "carrier" {
				address = "192.0.2.0/24"
				remote-host "lac1" {
					secret = "tunnel-secret"
					local-name = "lns1"
					ppp-profile = "home"
					hello = 2
				}
			}
			user "user@isp.example" { password = "secret" }
		CONF
	} | sed "s|$WORK/lns1|$WORK/lns|" >"$WORK/lns.conf"
}

# IPv6 between LNS and internet, and for the LNS's subscribers; after the two above.
chain_ipv6() {
	on lns sysctl -qw net.ipv6.conf.all.forwarding=1
	on lns ip addr add 2001:db8:f::1/64 dev inet0 nodad
	on internet ip addr add 2001:db8:f::10/64 dev i0 nodad
	on internet ip route add default via 2001:db8:f::1
	chain_configure_ipv6
}

chain_configure_ipv6() {
	sed -i '/local-address = "100.64/a\
		network = { "ipv4", "ipv6" }\
		ipv6-pool = "links" ipv6-address-pool = "hosts"\
		delegated-pool = "sites" local-address6 = "2001:db8:1::1"\
		dns6 = { "2001:db8:f::53" }' "$WORK/lns.conf"
	cat >>"$WORK/lns.conf" <<-'CONF'
		pool6 "links" { prefix = "2001:db8:100::/40" length = 64 }
		pool6 "hosts" { prefix = "2001:db8:7::/64" length = 128 }
		pool6 "sites" { prefix = "2001:db8:8000::/40" length = 56 }
	CONF
}

# has6 DEVICE TEXT: an IPv6 address of the client's there begins with it.
has6() {
	on client ip -6 -o addr show dev "$1" | grep -q "inet6 $2"
}

# transfer LISTENER SENDER ADDRESS PORT: MB megabytes, compared by checksum.
transfer() {
	local got sent

	start "$1" "sink-$4" sh -c "nc -l -p $4 | sha256sum"
	sleep 1
	sent=$(on "$2" sh -c "nc -N $3 $4 <$WORK/data; sha256sum <$WORK/data")
	wait_for 60 "the end of the transfer" grep -q . "$WORK/sink-$4.log"
	got=$(cat "$WORK/sink-$4.log")
	[ "$sent" = "$got" ] || fail "the data arrived changed"
	echo "$MB MB from $2 to $1: sha256 ${got%% *}"
}

