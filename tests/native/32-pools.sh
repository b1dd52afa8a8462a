#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tool tells of pools: addresses and prefixes, once for each VRF that lends of
# them, all or those of a name; what there is none of.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

{
	lns_conf
	cat <<-'CONF'
		pool6 "links" { prefix = "2001:db8:100::/48" }
		pool6 "sites" { prefix = "2001:db8:8000::/40" length = 56 }
		ppp-profile "red" {
			auth = { "chap" }
			vrf = "red"
			pool = "home"
			local-address = "100.64.0.1"
			network = { "ipv4", "ipv6" }
			ipv6-pool = "links"
			delegated-pool = "sites"
		}
		ppp-profile "blue" {
			auth = { "chap" }
			vrf = "blue"
			network = { "ipv6" }
			ipv6-pool = "links"
			local-address6 = "2001:db8:100::1"
		}
	CONF
} >"$WORK/lns.conf"
start_aditd lns

# shows FILE ARG...: what "pool show" says, in $WORK/FILE.json.
shows() {
	local file=$1

	shift
	tool -j pool show "$@" >"$WORK/$file.json" || fail "pool show $*"
}

shows all
holds all 'len(r) == 5'
holds all 'sorted((p["pool"], p.get("length", 0), p.get("vrf", ""), p["size"]) for p in r) == [
	("home", 0, "", 65533), ("home", 0, "red", 65533), ("links", 64, "blue", 65535),
	("links", 64, "red", 65535), ("sites", 56, "red", 65536)]'
holds all 'all(p["used"] == p["resting"] == p["refused"] == 0 for p in r)'
shows links links
holds links '[p["vrf"] for p in r] == ["red", "blue"]'
# refuses WHAT ARG...: the tool ends with 2 and this line.
refuses() {
	local want=$1 rc=0

	shift
	tool "$@" >"$WORK/out" 2>&1 || rc=$?
	[ $rc = 2 ] || fail "$*: $rc"
	grep -qx "Error: $want" "$WORK/out" || fail "$*: $(cat "$WORK/out")"
}

refuses 'no pool of this name is in use.' pool show nobody
refuses 'no such subscriber.' subscriber show 5
tool subscriber show user nobody >"$WORK/out" || fail "subscriber show user"
tool pool show sites | grep -qx 'pool6 sites length 56 vrf red size 65536 used 0 resting 0 exhausted 0 refused 0' ||
	fail "$(tool pool show sites)"
echo "ok: pool show"
