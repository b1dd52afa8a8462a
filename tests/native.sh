# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests that need no kernel of ours: aditd over plain sockets and the load
# generator, on loopback. Source it first. Where it may, the test gets a network
# namespace of its own, so that nobody else is on its ports.

if [ -z "${NATIVE_INSIDE-}" ]; then
	export NATIVE_INSIDE=1
	if unshare -rn true 2>/dev/null; then
		exec unshare -rn "$0" "$@"
	fi
fi
ip link set lo up 2>/dev/null || true

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit 1
umask 077 # there are secrets in configurations
WORK=$(mktemp -d /tmp/adit.XXXXXX)
: >"$WORK/pids"
trap native_end EXIT
trap 'exit 1' INT TERM

native_end() {
	local status=$? pid log

	set +e
	if [ "$status" -ne 0 ]; then
		for log in "$WORK"/*.log "$WORK"/*.json; do
			[ -s "$log" ] || continue
			echo "--- ${log##*/}"
			tail -n 20 "$log"
		done
		[ ! -s "$WORK/failed" ] || cat "$WORK/failed"
	fi
	while read -r pid; do
		kill -9 "$pid"
		wait "$pid"
	done <"$WORK/pids" 2>/dev/null
	rm -rf "$WORK"
	exit "$status"
}

fail() {
	echo "FAILED: $*" | tee "$WORK/failed" >&2
	exit 1
}

# start NAME COMMAND...: in the background; $PID is its pid.
start() {
	local name=$1

	shift
	"$@" >"$WORK/$name.json" 2>"$WORK/$name.log" </dev/null &
	PID=$!
	echo "$PID" >>"$WORK/pids"
}

load() {
	build/l2tpload "$@"
}

# start_load NAME ARG...: the generator in the background, its report as JSON.
start_load() {
	local name=$1

	shift
	start "$name" build/l2tpload "$@" --json
}

# stop PID: asks it to end, its status is ours.
stop() {
	kill "$1" && wait "$1"
}

tool() {
	build/adit -S "$WORK/ctl" "$@"
}

# What the daemon counts, in $WORK/show.json. That there is no module is no news.
daemon_says() {
	tool -j system show >"$WORK/show.json" 2>/dev/null
}

# start_aditd NAME: with $WORK/NAME.conf, in which its socket is $WORK/ctl, or, of one
# of several daemons, $WORK/NAME.ctl. KEPT: it finds its links again.
start_aditd() {
	start "$1" env ADIT_KEPT="$WORK/$1.kept" "build/aditd${KEPT+-kept}" -k plain -c "$WORK/$1.conf"
	# shellcheck disable=SC2034 # the test that sources this reads it
	ADITD=$PID
	for _ in $(seq 100); do
		[ ! -S "$WORK/$1.ctl" ] || ! says "$1" || return 0
		[ ! -S "$WORK/ctl" ] || ! daemon_says || return 0
		sleep 0.1
	done
	fail "aditd does not answer"
}

# says NAME: as daemon_says, of one of several daemons, in $WORK/NAME-show.json.
says() {
	build/adit -S "$WORK/$1.ctl" -j system show >"$WORK/$1-show.json" \
		2>/dev/null
}

# An LNS at 127.0.0.1 for LACs of 127.0.1.0/24.
lns_conf() {
	cat <<-CONF
		system {
			hostname = "lns1"
			log-level = "warning"
			state-file = "$WORK/state"
			control-socket = "$WORK/ctl"
		}
		endpoint "core" { address = "127.0.0.1" }
		pool "home" { prefix = "100.64.0.0/16" }
		ppp-profile "home" {
			auth = { "chap", "pap" }
			pool = "home"
			local-address = "100.64.0.1"
		}
		destination-profile "carrier" {
			address = "127.0.1.0/24"
			remote-host "lac" {
				secret = "tunnel-secret"
				ppp-profile = "home"
			}
		}
		user "user" { password = "password" }
	CONF
}

# A cable, whose end acc0 is the LAC's and whose end c0 is the clients'.
access_cable() {
	ip link add c0 type veth peer name acc0
	ip link set c0 up
	ip link set acc0 up
	for _ in $(seq 50); do
		ip link show dev c0 | grep -q "state UP" && return
		sleep 0.1
	done
	fail "c0 does not come up"
}

# lac.conf and lns.conf: PPPoE clients on acc0, whose sessions a LAC at 127.0.1.1 takes
# to the LNS at 127.0.0.1, as user@isp; what a user "here" has ends at the LAC.
chain_confs() {
	lns_conf | sed "s,\"$WORK/\(state\|ctl\)\",\"$WORK/lns.\1\",
		s,^user \"user\",user \"user@isp\"," >"$WORK/lns.conf"
	cat >"$WORK/lac.conf" <<-CONF
		system {
			hostname = "lac"
			log-level = "warning"
			state-file = "$WORK/lac.state"
			control-socket = "$WORK/lac.ctl"
		}
		endpoint "core" { address = "127.0.1.1" }
		pool "local" { prefix = "100.65.0.0/16" }
		ppp-profile "access" {
			auth = { "chap", "pap" }
			pool = "local"
			local-address = "100.65.0.1"
		}
		access-port "acc0" { ppp-profile = "access" }
		tunnel "isp" {
			endpoint = "core"
			remote = "127.0.0.1"
			local-name = "lac"
			remote-name = "lns1"
			secret = "tunnel-secret"
		}
		domain "isp" { tunnel = "isp" }
		user "here" { password = "password" }
	CONF
}

# holds NAME EXPRESSION: of the report $WORK/NAME.json, as r.
holds() {
	python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
sys.exit(0 if eval(sys.argv[2]) else "not so: " + sys.argv[2])
' "$WORK/$1.json" "$2" || fail "$1: $(cat "$WORK/$1.json")"
}
