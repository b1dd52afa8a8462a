#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signals: SIGHUP, which other daemons take as "read the configuration", ends nobody;
# SIGTERM and SIGINT end the daemon, with success.

set -eu

# shellcheck source=tests/native.sh
. "$(dirname "$(readlink -f "$0")")/../native.sh"

lns_conf >"$WORK/lns.conf"
for end in TERM INT; do
	start_aditd lns
	kill -HUP "$ADITD"
	for _ in $(seq 50); do
		! grep -q 'SIGHUP: restart to read' "$WORK/lns.log" || break
		sleep 0.1
	done
	grep -q 'SIGHUP: restart to read' "$WORK/lns.log" || fail "no word"
	tool system show >/dev/null || fail "it is gone"
	kill -"$end" "$ADITD"
	wait "$ADITD" || fail "SIG$end: status $?"
done
echo "ok: SIGHUP, SIGTERM, SIGINT"

# A tool that runs a batch goes on with the next daemon.
start_aditd lns
mkfifo "$WORK/commands"
tool -b "$WORK/commands" >"$WORK/batch.log" 2>&1 &
batch=$!
exec 7>"$WORK/commands"
echo "subscriber show count" >&7
for _ in $(seq 50); do
	[ ! -s "$WORK/batch.log" ] || break
	sleep 0.1
done
kill "$ADITD"
wait "$ADITD" || true
start_aditd lns 7>&- # or the batch has no end
echo "subscriber show count" >&7
exec 7>&-
wait "$batch" || fail "the batch: $(tail -n 1 "$WORK/batch.log")"
kill "$ADITD"
wait "$ADITD" || fail "status $?"
echo "ok: a batch over a restart"
