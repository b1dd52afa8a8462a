#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# limit: 1200
#
# tests/net/80-fuzz with more packets, and others: 100,000 of each of three seeds.

set -eu
cd "$(dirname "$0")/../.."
for seed in 2 3 4; do
	tests/net/80-fuzz.py 100000 $seed
done
