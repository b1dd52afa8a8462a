/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many sessions an access port has: in all, of a VLAN (outer and inner), of a
 * MAC address. Counted by key, so that no question walks over sessions; what has
 * none costs nothing.
 */
#ifndef BNG_TALLY_H
#define BNG_TALLY_H

#include "base/hash.h"
#include "pppoe/client.h"

enum tally_of { TALLY_PORT, TALLY_VLAN, TALLY_MAC, TALLY_KINDS };

struct tally {
	struct hash counts;
};

void tally_init(struct tally *t);
void tally_free(struct tally *t);
/* One more, one less of that client's. */
void tally_take(struct tally *t, const struct pppoe_client *c);
void tally_give(struct tally *t, const struct pppoe_client *c);
unsigned int tally_count(const struct tally *t, const struct pppoe_client *c,
			 enum tally_of of);

#endif /* BNG_TALLY_H */
