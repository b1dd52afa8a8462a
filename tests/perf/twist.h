/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misbehaviour, as a table: what a tunnel of ours does that it should not. */
#ifndef PERF_TWIST_H
#define PERF_TWIST_H

#include <stdbool.h>
#include <stddef.h>

enum twist_flag {
	TWIST_NO_SCCCN = 1 << 0,
	TWIST_NO_ICCN = 1 << 1,
	TWIST_WRONG_SECRET = 1 << 2,
	TWIST_WRONG_NAME = 1 << 3,
	TWIST_FLOOD = 1 << 4,
	TWIST_NEVER_ACK = 1 << 5,
	TWIST_SLOW = 1 << 6,
	TWIST_TEARDOWN = 1 << 7,
	TWIST_MUTATE = 1 << 8,
	TWIST_VENDOR = 1 << 9,
	TWIST_SLI = 1 << 10,
	TWIST_HELLOS = 1 << 11,
	TWIST_TWICE = 1 << 12,
	TWIST_NO_SCCRP = 1 << 13,
	TWIST_NO_ICRP = 1 << 14,
};

struct twist {
	const char *name;
	unsigned int flags;
	bool harmless; /* its tunnels and calls are to come up all the same */
	const char *what;
};

extern const struct twist twists[];
extern const size_t n_twists;

/* NULL: there is none of that name. */
const struct twist *twist_find(const char *name);

#endif /* PERF_TWIST_H */
