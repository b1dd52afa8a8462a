/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token buckets of punts. A frame names the buckets that it has to pay from; it
 * pays from all of them or from none, so that what one refuses uses up nothing of
 * what others share.
 */
#ifndef ADIT_RATION_H
#define ADIT_RATION_H

#include "net.h"

struct adit_claim {
	struct adit_bucket *bucket;
	const struct adit_quota *quota; /* the bucket's size */
	u8 why; /* enum adit_drop: when it is empty */
};

/* A bucket of its owner's. */
struct adit_claim adit_claim_own(struct adit_net *an, struct adit_bucket *b,
				 enum adit_ration r, enum adit_drop why);
/* The bucket of all of this ration. */
struct adit_claim adit_claim_class(struct adit_net *an, enum adit_ration r);
/* One of a table; its ration is the table's. */
struct adit_claim adit_claim_hashed(struct adit_net *an, int table, u64 hash);
/* False: nothing was taken, and why. Context: BH off. */
bool adit_ration_take(struct adit_net *an, const struct adit_claim *c, int n,
		      enum adit_drop *why);

void adit_ration_init(struct adit_net *an);

#endif /* ADIT_RATION_H */
