#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --mem 3G
# limit: 900
#
# tests/system/75-sessions with 10,000 of each: a minute in the fast kernel.

set -eu
cd "$(dirname "$0")/../.."
SESSIONS=10000 tests/system/75-sessions.sh
