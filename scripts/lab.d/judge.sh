# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Judges a run by its kernel log, $LAB_RUN/console. Only what comes between the
# lines `start` and `end` of lab.d/init.c counts: a kernel may complain about
# itself while it boots.

# What a kernel says when something is wrong. A line of its log starts with
# its time; lines of /sys/kernel/debug/kmemleak, printed by init, do not.
SPLATS=(
	'WARNING:'
	'BUG:? '
	'KASAN:'
	'UBSAN:'
	'ODEBUG:'
	'Oops'
	'Kernel panic'
	'INFO: task .* blocked'
	'INFO: trying to register non-static key'
	'INFO: .* detected stalls'
	'possible circular locking'
	'possible recursive locking'
	'possible irq lock inversion'
	'inconsistent lock state'
	'suspicious RCU usage'
	'general protection'
	'refcount_t:'
	'list_(add|del) corruption'
	'unregister_netdevice: waiting for'
	'ref_tracker:'
	'unreferenced object 0x'
)

# judge VERDICT TIMEOUT: returns the exit status of the whole run.
judge() {
	local log=$LAB_RUN/log kept=$LAB_TREE/build/lab/$K_NAME.log status

	sed -n '/adit-lab: start /,/adit-lab: end /{s/\r$//;p}' "$LAB_RUN/console" >"$log"
	status=$(judge_log "$1" "$2")
	if [ "$status" -ge 98 ]; then
		mkdir -p "${kept%/*}" && cp "$LAB_RUN/console" "$kept" && say "whole kernel log: $kept"
	fi
	return "$status"
}

# Prints the status; explains it on standard error.
judge_log() {
	local status splat

	splat=$(splat_line)
	status=$(sed -n 's/.*adit-lab: end .*status=//p' "$log")
	if [ "$1" = "$EXIT_TIMEOUT" ]; then
		say "$K_NAME: no end after $2 seconds; the guest was ended"
		log_show
		echo "$EXIT_TIMEOUT"
	elif [ ! -s "$log" ]; then
		say "$K_NAME: the guest did not come up"
		log_show
		echo "$EXIT_PANIC"
	elif [ -z "$status" ]; then
		say "$K_NAME: the kernel died"
		log_show
		echo "$EXIT_PANIC"
	elif [ -n "$splat" ]; then
		say "$K_NAME: the kernel complained (the script returned $status)"
		log_show
		echo "$EXIT_SPLAT"
	elif ! judge_state; then
		say "(the script returned $status)"
		echo "$EXIT_SPLAT"
	else
		echo "$status"
	fi
}

# Number of the first line of $log that is a complaint; none if there is none.
splat_line() {
	local pattern

	pattern=$(IFS='|'; echo "${SPLATS[*]}")
	grep -nE -m 1 "$pattern" "$log" | cut -d : -f 1
}

# Shows the first complaint, with some lines before it (a panic prints the
# registers first), or else how the log ends.
log_show() {
	if [ -n "$splat" ]; then
		sed -n "$((splat > 12 ? splat - 12 : 1)),$((splat + 80))p" "$log"
	else
		tail -n 40 "$LAB_RUN/console"
	fi | sed 's/\r$//; s/^/| /' >&2
}

# Compares what init noted at the start with what it noted at the end.
judge_state() {
	local before after
	# Modules that are out of tree (O, bit 12) or unsigned (E, bit 13) are no fault.
	local -ri harmless=0x3000

	before=$(log_field start taint) after=$(log_field end taint)
	if (((after & ~before & ~harmless) != 0)); then
		say "$K_NAME: the kernel is tainted: $before before, $after after the script"
		return 1
	fi
	before=$(log_field start locks) after=$(log_field end locks)
	if [ "$before" = 1 ] && [ "$after" != 1 ]; then
		say "$K_NAME: something turned lockdep off"
		return 1
	fi
}

log_field() {
	sed -n "s/.*adit-lab: $1 .*$2=\([^ ]*\).*/\1/p" "$log"
}
