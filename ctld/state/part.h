/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of a subscriber's record: what one feature has to remember of it. A part is
 * its number, its length and its bytes, so a daemon passes over those it does not
 * know, and a feature comes with a row of the table.
 */
#ifndef STATE_PART_H
#define STATE_PART_H

#include "bng/subscriber.h"

/* Those that have something to say, and an end. */
void part_save(const struct subscriber *s, struct wr *w);
/* The parts as they stand in the record, passed over until the end. */
struct rd part_skip(struct rd *r);
/* Into a subscriber that is otherwise complete, but for PPP. 0 or -EINVAL. */
int part_load(struct subscriber *s, struct rd *parts);

#endif /* STATE_PART_H */
