#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 600
#
# The example of adit-scale-out(7): two LACs, three LNSs, FreeRADIUS with PostgreSQL,
# BIRD; one LNS dies.

exec "$(dirname "$(readlink -f "$0")")/../../scripts/scale-out-steps"
