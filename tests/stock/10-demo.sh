#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# The module loads, the demo runs, the module unloads, on Debian's own kernel.

set -eu

top=$(dirname "$(readlink -f "$0")")/../..
"$top/scripts/demo-steps"
rmmod adit
if grep -q '^adit ' /proc/modules; then
	echo "the module is still there"
	exit 1
fi
echo "ok: loaded, used, unloaded"
