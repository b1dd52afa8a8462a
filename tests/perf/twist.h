/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misbehaviour, as a table: what a tunnel, a PPPoE client, an answer of RADIUS
 * does that it should not.
 */
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
	TWIST_NO_PADR = 1 << 15,
	TWIST_SILENT = 1 << 16,
	TWIST_NO_AUTH = 1 << 17,
	TWIST_PADT = 1 << 18,
	TWIST_REDIAL = 1 << 19,
	TWIST_DEAD = 1 << 20,
	TWIST_REJECT = 1 << 21,
	TWIST_FORGED = 1 << 22,
	TWIST_TRUNCATED = 1 << 23,
	TWIST_REPLAYED = 1 << 24,
	TWIST_FOREIGN = 1 << 25,
	TWIST_PLAIN = 1 << 26,
};

/* Of whom it is one. */
enum { TWIST_L2TP = 1, TWIST_PPPOE = 2, TWIST_RADIUS = 4 };

struct twist {
	const char *name;
	unsigned int flags;
	bool harmless; /* its tunnels and calls are to come up all the same */
	const char *what;
	unsigned int whose;
};

extern const struct twist twists[];
extern const size_t n_twists;

/* NULL: they have none of that name. */
const struct twist *twist_find(const char *name, unsigned int whose);

#endif /* PERF_TWIST_H */
