# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What tests and the demo share: namespaces and the cables between them, daemons,
# PPP clients, waiting. Source it; call lib_begin first. Everything that was made
# is undone at exit, by pid and by name; logs are shown if the script fails.

PREFIX=adit-

lib_begin() {
	umask 077 # configurations have secrets in them
	WORK=$(mktemp -d /tmp/adit.XXXXXX)
	: >"$WORK/pids"
	trap lib_end EXIT
	trap 'exit 1' INT TERM
}

# The pids that start_* noted: each may have ended already.
lib_end() {
	local status=$? pid name

	set +e
	[ "$status" -eq 0 ] || lib_show_logs
	while read -r pid; do
		kill "$pid" 2>/dev/null
	done <"$WORK/pids"
	sleep 0.3
	while read -r pid; do
		kill -9 "$pid" 2>/dev/null
	done <"$WORK/pids"
	for name in "$WORK"/ns.*; do
		[ -e "$name" ] && ip netns del "$PREFIX${name##*/ns.}"
	done
	rm -rf "$WORK"
	exit "$status"
}

lib_show_logs() {
	local log

	for log in "$WORK"/*.log; do
		[ -s "$log" ] || continue
		echo "--- ${log##*/}"
		tail -n 60 "$log"
	done
	[ ! -s "$WORK/failed" ] || cat "$WORK/failed"
}

# Says so now, and again behind the logs.
fail() {
	echo "FAILED: $*" | tee "$WORK/failed" >&2
	exit 1
}

# For demos: a heading; a command, and then what it says.
step() {
	printf '\n=== %s (%d s)\n' "$*" "$SECONDS"
}

show() {
	printf '$ %s\n' "${*/#tool /adit }"
	"$@"
}

# on NAME COMMAND...: runs it in that namespace.
on() {
	local name=$1

	shift
	ip netns exec "$PREFIX$name" "$@"
}

# Namespaces with loopback up; IPv6 is quiet unless a test wants it.
ns_add() {
	local name

	for name; do
		ip netns add "$PREFIX$name"
		: >"$WORK/ns.$name"
		ip -n "$PREFIX$name" link set lo up
		on "$name" sysctl -qw net.ipv4.ip_forward=1
	done
}

# cable A DEVICE B DEVICE
cable() {
	ip link add "$2" netns "$PREFIX$1" type veth peer name "$4" \
		netns "$PREFIX$3"
	ip -n "$PREFIX$1" link set dev "$2" up
	ip -n "$PREFIX$3" link set dev "$4" up
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
	local end=$((SECONDS + $1)) what=$2

	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || fail "waited in vain for $what"
		sleep 0.2
	done
}

note_pid() {
	echo "$1" >>"$WORK/pids"
}

# start NAME LOG COMMAND...: in the background; its pid is in $WORK/LOG.pid. Not
# by way of on(): the pid would be that of a shell.
start() {
	local name=$1 log=$2

	shift 2
	ip netns exec "$PREFIX$name" "$@" >>"$WORK/$log.log" 2>&1 </dev/null &
	echo $! >"$WORK/$log.pid"
	note_pid $!
}

pid_of() {
	cat "$WORK/$1.pid"
}

# The module, unless it is there already. HOST: the machine's own.
load_module() {
	[ -d /sys/module/adit ] && return
	modprobe udp_tunnel 2>/dev/null || true
	modprobe ip6_udp_tunnel 2>/dev/null || true
	insmod "${ADIT_KO:?the module to load}"
}

# start_aditd NAME: with $WORK/NAME.conf; its state is kept over a restart.
start_aditd() {
	start "$1" "aditd-$1" aditd -c "$WORK/$1.conf"
	wait_for 20 "aditd of $1" tool "$1" system show
}

# tool NAME ARG...: adit in that namespace, at that daemon.
tool() {
	local name=$1

	shift
	on "$name" adit -S "$WORK/$name.ctl" "$@"
}

# The system block of a configuration.
conf_system() {
	cat <<-CONF
		system {
			hostname = "$1"
			state-file = "$WORK/$1.state"
			control-socket = "$WORK/$1.ctl"
			max-tunnels = 100
			max-sessions = 1000
		}
	CONF
}

# start_pppoe NAME DEVICE USER PASSWORD [OPTION...]: pppd over kernel PPPoE.
start_pppoe() {
	local name=$1 device=$2 user=$3 password=$4

	shift 4
	modprobe pppoe 2>/dev/null || true
	start "$name" "pppd-$user" pppd plugin pppoe.so "nic-$device" \
		nodetach debug noauth noipdefault defaultroute \
		user "$user" password "$password" hide-password noipv6 \
		lcp-echo-interval 0 maxfail 1 "$@"
}

# send_padt NAME DEVICE USER: for that user's last session; Debian's pppd sends none.
send_padt() {
	local log=$WORK/pppd-$3.log id mac

	id=$(sed -n 's/^PPP session is //p' "$log" | tail -n 1)
	mac=$(sed -n 's/^Connected to \([^ ]*\).*/\1/p' "$log" | tail -n 1)
	on "$1" pppoe -I "$2" -e "$id:$mac" -k
}

# tshark_fields NAME FIELD...: of $WORK/NAME.pcap, to NAME.tsv. One run a capture: it
# takes long to start in a guest.
tshark_fields() {
	local file=$1 args=() f

	shift
	for f; do
		args+=(-e "$f")
	done
	tshark -n -r "$WORK/$file.pcap" -T fields -E header=y "${args[@]}" \
		>"$WORK/$file.tsv" 2>/dev/null
}

# pppd gives the device its address before it is up.
has_address() {
	on "$1" ip -4 -o addr show dev "$2" up | grep -q 'inet '
}

address_of() {
	on "$1" ip -4 -o addr show dev "$2" | sed 's/.*inet \([0-9.]*\).*/\1/'
}

# no_sessions NAME: nothing is left in the kernel or in the daemon.
no_sessions() {
	[ "$(tool "$1" -j session show)" = "[]" ] &&
		[ "$(tool "$1" -j pppoe show)" = "[]" ] &&
		[ "$(tool "$1" -j subscriber show)" = "[]" ]
}

no_device() {
	! on "$1" ip link show dev "$2" >/dev/null 2>&1
}

ended_pid() {
	! kill -0 "$1" 2>/dev/null
}
