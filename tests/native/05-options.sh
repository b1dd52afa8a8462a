#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Options of the daemon and of the tool, help and the manual: what is right, and slips.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

# says STATUS PATTERN COMMAND...: it ends with that, and one line is like that.
says() {
	local status=$1 want=$2 rc=0

	shift 2
	"$@" >"$WORK/out" 2>&1 || rc=$?
	[ $rc = "$status" ] || fail "$*: $rc, $(cat "$WORK/out")"
	grep -qx "$want" "$WORK/out" || fail "$*: $(cat "$WORK/out")"
}

for o in -V --version; do
	says 0 'aditd [0-9.]*' build/aditd $o
done
for o in -h --help; do
	says 0 'usage: aditd .*' build/aditd $o
done
says 1 'aditd: -k "foo": module or plain' build/aditd -k foo
says 1 'aditd: unexpected argument "foo"' build/aditd foo
says 1 "$WORK/none: it cannot be opened: .*" build/aditd -t -c "$WORK/none"
says 0 'Usage: adit pool show .*' build/adit pool help
! grep -q T/S "$WORK/out" || fail "help of pools has what sessions are"
says 0 'Where: T/S := .*' build/adit session help
says 0 'Usage: adit pool show .*' build/adit pool he
says 1 'adit: unknown command "hlp", did you mean "help"? .*' build/adit pool hlp
says 0 '  -force  *batch: go on after an error' build/adit help
says 0 '  -j, -json  *JSON: .*' build/adit help
echo "ok: options"

# The manual knows each object: in its synopsis, and what one does with it.
build/adit help | sed -n '/^Objects/,/^Options/s/^  \([a-z]*\) *{ .*/\1/p' >"$WORK/objects"
grep -qx pool "$WORK/objects" || fail "$(cat "$WORK/objects")"
sed -n '/OBJECT " := /,/^\.SH/p' ctld/man/adit.8 >"$WORK/synopsis"
while read -r object; do
	grep -qw "$object" "$WORK/synopsis" || fail "$object is not in the synopsis"
	grep -q "^\.SS $object" ctld/man/adit.8 || fail "the manual has no $object"
done <"$WORK/objects"
echo "ok: the manual's objects"
