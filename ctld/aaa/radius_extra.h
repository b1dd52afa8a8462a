/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What requests to a group of servers say beyond what the daemon knows of itself and of a
 * subscriber, and what of that they do not say: made of names once, by the dictionaries;
 * bytes from then on.
 */
#ifndef AAA_RADIUS_EXTRA_H
#define AAA_RADIUS_EXTRA_H

#include "aaa/dictionary.h"
#include "base/buf.h"

#define RADIUS_EXTRA_MAX 512 /* bytes that are added */
#define RADIUS_EXTRA_OUT_MAX 32 /* attributes of vendors that are left out */

struct radius_extra {
	uint32_t out[256 / 32]; /* bits: attributes without a vendor, left out */
	struct {
		uint32_t vendor;
		uint8_t number;
	} out_of[RADIUS_EXTRA_OUT_MAX];
	size_t n_out_of;
	size_t len;
	uint8_t bytes[RADIUS_EXTRA_MAX]; /* what is added, as attributes */
};

/* "NAME=VALUE" is added, instead of what the daemon would say. NULL, or what was
 * expected, in `text` if need be.
 */
const char *radius_extra_add(struct radius_extra *e, const struct dictionary *d,
			     const char *pair, char *text, size_t size);
/* What has that name is left out, unless it is added. */
const char *radius_extra_leave_out(struct radius_extra *e,
				   const struct dictionary *d, const char *name,
				   char *text, size_t size);

/* Is that value of that attribute, which is no vendor's, added? NULL: nothing is. */
bool radius_extra_says(const struct radius_extra *e, uint8_t number,
		       const void *value, size_t len);
/* To a request that is written but for that. NULL: nothing. */
void radius_extra_put(const struct radius_extra *e, struct wr *w);

#endif /* AAA_RADIUS_EXTRA_H */
