# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The boxes of adit-scale-out(7) as namespaces, with the configurations of
# ctld/etc/scale-out; for scripts/scale-out-steps, sourced after lib.sh.

# shellcheck source=tests/postgres.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/postgres.sh"

LACS=(lac1 lac2)
LNSS=(lns1 lns2 lns3)
declare -A CORE=([upstream]=192.0.2.1 [lac1]=192.0.2.11 [lac2]=192.0.2.12
	[lns1]=192.0.2.21 [lns2]=192.0.2.22 [lns3]=192.0.2.23 [aaa]=192.0.2.30)

scale_picture() {
	cat <<'END'

  home1 home2 home3 home7          home4 home5 home6      pppd
    |     |     |     |              |     |     |
   =street1===============          =street2==========    PPPoE
          lac1 .11                       lac2 .12         aditd
            |                              |
  =core============================================================ 192.0.2.0/24
    |            |            |            |               |
  lns1 .21     lns2 .22     lns3 .23     aaa .30        upstream .1
  aditd, BIRD  aditd, BIRD  aditd, BIRD  FreeRADIUS,    BIRD
                                         PostgreSQL        |
                                                       internet 203.0.113.10

END
}

# ------------------------------------------------------------------- network

# plug NAME DEVICE WIRE: with an address, if the box has one on the core.
plug() {
	local far=$1

	cable "$1" "$2" wires "$far"
	ip -n "${PREFIX}wires" link set "$far" master "$3"
	[ "$3" != core ] || ip -n "$PREFIX$1" addr add "${CORE[$1]}/24" dev "$2"
}

# An LNS, that is the machine: also one that comes back.
scale_lns() {
	ns_add "$1"
	plug "$1" core0 core
	ip -n "$PREFIX$1" route add default via "${CORE[upstream]}"
}

scale_build() {
	local name wire

	ns_add wires upstream internet aaa "${LACS[@]}" home{1..7}
	for wire in core street1 street2; do
		ip -n "${PREFIX}wires" link add "$wire" type bridge
		ip -n "${PREFIX}wires" link set "$wire" up
	done
	for name in upstream aaa "${LACS[@]}"; do
		plug "$name" core0 core
	done
	for name in "${LNSS[@]}"; do
		scale_lns "$name"
	done
	plug_street lac1 1
	plug_street lac2 2
	for name in home{1,2,3,7}; do
		plug "$name" c0 street1
	done
	for name in home{4,5,6}; do
		plug "$name" c0 street2
	done
	cable upstream inet0 internet i0
	ip -n "${PREFIX}upstream" addr add 203.0.113.1/24 dev inet0
	ip -n "${PREFIX}internet" addr add 203.0.113.10/24 dev i0
	ip -n "${PREFIX}internet" route add default via 203.0.113.1
}

plug_street() {
	cable "$1" acc0 wires "acc$2"
	ip -n "${PREFIX}wires" link set "acc$2" master "street$2"
}

# -------------------------------------------------------------- configurations

# of_box FILE NAME FIRST: that of the first of its kind, for this one.
of_box() {
	sed "s/\"$3\"/\"$2\"/; s/${CORE[$3]//./\\.}\b/${CORE[$2]}/" "$SCALE/$1"
}

# aditd's, with its files in $WORK.
configure_aditd() {
	sed "s|^system {|& state-file = \"$WORK/$1.state\"\
		control-socket = \"$WORK/$1.ctl\"\
		accounting-spool = \"$WORK/$1.spool\"\
		accounting-spool-size = 1\
		max-tunnels = 100 max-sessions = 1000|" >"$WORK/$1.conf"
}

# configure_bird NAME
configure_bird() {
	sed 's/^log syslog/log stderr/' >"$WORK/$1.bird"
}

scale_configure() {
	local name n

	for name in "${LACS[@]}"; do
		of_box lac.conf "$name" lac1 | configure_aditd "$name"
	done
	for name in "${LNSS[@]}"; do
		n=$((${name#lns} * 16))
		of_box lns.conf "$name" lns1 | sed "s/255\.16-/255.$n-/
			s/255\.31\"/255.$((n + 15))\"/" | configure_aditd "$name"
		of_box bird-lns.conf "$name" lns1 | configure_bird "$name"
	done
	configure_bird upstream <"$SCALE/bird-upstream.conf"
	shared_radius "$WORK/radius"
}

# ------------------------------------------------------------------- programs

scale_database() {
	postgres_init
	start aaa postgres "${POSTGRES[@]}"
	wait_for 60 "PostgreSQL" postgres_ready
	postgres_fill
}

scale_radius() {
	start aaa radius freeradius -f -l stdout -d "$WORK/radius" -n radiusd
	wait_for 60 "FreeRADIUS" grep -q 'Ready to process' "$WORK/radius.log"
}

scale_bird() {
	start "$1" "bird-$1" bird -f -c "$WORK/$1.bird" -s "$WORK/$1.birdctl"
}

# scale_dial N: as a router at home does it, again whenever the line goes down.
scale_dial() {
	start_pppoe "home$1" c0 "home$1@isp.example" "change me: home$1" \
		persist maxfail 0 holdoff 2
}

# ---------------------------------------------------------------- what is seen

# online NAME...: a line for each subscriber of these LNSs: LNS, user, address.
online() {
	local name

	for name; do
		tool "$name" subscriber show | sed -n \
			"s/.* user \([^ ]*\) up address \([0-9.]*\).*/$name \1 \2/p"
	done
}

# The routes of subscribers that the upstream router has: address, LNS's address.
routes() {
	ip -n "${PREFIX}upstream" -4 route show proto bird |
		sed -n 's/^\([0-9.]*\) via \([0-9.]*\) .*/\1 \2/p'
}
