// SPDX-License-Identifier: GPL-2.0
/*
 * Rations of punts, see ration.h. Called by punt; quotas are set by netlink.
 * an->punt_lock guards the buckets; it is held for a few of them, with nothing
 * below it.
 */
#include "ration.h"

#include <linux/jiffies.h>

static const struct adit_quota defaults[ADIT_N_RATIONS] = {
	/* Set-up of strangers fills no more than a part of the listener's queue. */
	[ADIT_RATION_L2TP] = { 50000, 50000 },
	[ADIT_RATION_L2TP_PEERS] = { 5000, 5000 },
	[ADIT_RATION_L2TP_STRANGERS] = { 2000, 2000 },
	[ADIT_RATION_PPPOE] = { 10000, 10000 },
	[ADIT_RATION_PPPOE_SETUP] = { 10000, 10000 },
	[ADIT_RATION_PPP] = { 50000, 50000 },
	[ADIT_RATION_IP6] = { 10000, 10000 },
	/* A tunnel carries the control of thousands of sessions. */
	[ADIT_RATION_TUNNEL] = { 10000, 20000 },
	[ADIT_RATION_PEER] = { 1000, 2000 },
	[ADIT_RATION_SOURCE] = { 200, 400 },
	[ADIT_RATION_LINE] = { 2000, 2000 },
	[ADIT_RATION_PORT] = { 5000, 5000 },
	[ADIT_RATION_LINK_PPPOE] = { 50, 100 },
	[ADIT_RATION_LINK_PPP] = { 50, 100 },
	[ADIT_RATION_LINK_IP6] = { 20, 50 },
};

static const struct {
	u8 ration;
	u8 why;
} tables[ADIT_N_TABLES] = {
	[ADIT_HASHED_SOURCE] = { ADIT_RATION_SOURCE,
				 ADIT_DROP_punt_rate_source },
	[ADIT_HASHED_PEER] = { ADIT_RATION_PEER, ADIT_DROP_punt_rate_source },
	[ADIT_HASHED_LINE] = { ADIT_RATION_LINE, ADIT_DROP_punt_rate_port },
};

void adit_ration_init(struct adit_net *an)
{
	spin_lock_init(&an->punt_lock);
	memcpy(an->quotas, defaults, sizeof(an->quotas));
}

struct adit_claim adit_claim_own(struct adit_net *an, struct adit_bucket *b,
				 enum adit_ration r, enum adit_drop why)
{
	return (struct adit_claim){ b, &an->quotas[r], why };
}

struct adit_claim adit_claim_class(struct adit_net *an, enum adit_ration r)
{
	return adit_claim_own(an, &an->buckets[r], r,
			      ADIT_DROP_punt_rate_class);
}

struct adit_claim adit_claim_hashed(struct adit_net *an, int table, u64 hash)
{
	return adit_claim_own(an, &an->hashed[table][hash % ADIT_N_HASHED],
			      tables[table].ration, tables[table].why);
}

/* A quota may be changed at any time: a smaller burst cuts what is there. */
static bool has_token(const struct adit_claim *c)
{
	const struct adit_quota *q = c->quota;
	u32 most = READ_ONCE(q->burst) * 1000;
	struct adit_bucket *b = c->bucket;
	unsigned long now = jiffies;
	u64 add;

	if (!b->stamp) {
		b->tokens = most;
		b->stamp = now ?: 1;
	}
	add = (u64)jiffies_to_msecs(now - b->stamp) * READ_ONCE(q->rate);
	if (add)
		b->stamp = now ?: 1;
	b->tokens = min_t(u64, b->tokens + add, most);
	return b->tokens >= 1000;
}

bool adit_ration_take(struct adit_net *an, const struct adit_claim *c, int n,
		      enum adit_drop *why)
{
	bool ok = true;
	int i;

	spin_lock(&an->punt_lock);
	for (i = 0; i < n && ok; i++) {
		ok = has_token(&c[i]);
		*why = c[i].why;
	}
	for (i = 0; i < n && ok; i++)
		c[i].bucket->tokens -= 1000;
	spin_unlock(&an->punt_lock);
	return ok;
}
