#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How much stack a packet takes that goes through as many links as one may, in a circle of
# tunnels: on Debian's kernel at most 12 of 16 KB, interrupts have their own.

set -eu

top=$(dirname "$(readlink -f "$0")")/../..
tracing=/sys/kernel/tracing
[ -e $tracing/stack_max_size ] || mount -t tracefs none $tracing
modprobe -a udp_tunnel ip6_udp_tunnel
[ -d /sys/module/adit ] || insmod "$ADIT_KO"
echo 'adit_*' >$tracing/stack_trace_filter # other things' depth is not asked about
echo 0 >$tracing/stack_max_size
sysctl -q kernel.stack_tracer_enabled=1
"$top/tests/net/16-loop.py"
sysctl -q kernel.stack_tracer_enabled=0
echo >$tracing/stack_trace_filter
most=$(cat $tracing/stack_max_size)
links=$(grep -c 'adit_session_xmit.*\[adit\]' $tracing/stack_trace) || true
if [ "$links" -lt 4 ] || [ "$most" -gt 12288 ]; then
	cat $tracing/stack_trace
	echo "$links links and $most bytes, not 4 and up to 12288"
	exit 1
fi
echo "ok: $links links, $most bytes of stack"
