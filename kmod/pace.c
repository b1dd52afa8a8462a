// SPDX-License-Identifier: GPL-2.0
/*
 * Pacing, see pace.h; the arithmetic is in adit/meter.h. Charged are the octets of
 * PPP frames, as policers do. A link's control frames wait in line with its data, so
 * that nothing is reordered, but may be twice as late: data does not crowd them out.
 *
 * Called by qos, behind all that clears a packet's time.
 */
#include "pace.h"

#include <linux/random.h>
#include <linux/timekeeping.h>

#include "adit/wire.h"
#include "compat.h"
#include "segment.h"

#define SPLIT_PER_SECOND 1000 /* a super-packet may take the line for 1 ms */

void adit_pace_init(struct adit_pace *p)
{
	spin_lock_init(&p->lock);
	p->hash = get_random_u32();
}

void adit_pace_set(struct adit_pace *p, const struct adit_pace_conf *conf)
{
	spin_lock_bh(&p->lock);
	if (!p->conf.rate)
		p->line.next = ktime_get_ns();
	if (!conf->rate)
		memset(&p->sums, 0, sizeof(p->sums));
	p->conf = *conf;
	p->line.rate = conf->rate;
	p->line.rest = 0;
	spin_unlock_bh(&p->lock);
}

bool adit_pace_read(struct adit_pace *p, struct adit_pace_conf *conf,
		    struct adit_pace_sums *sums)
{
	spin_lock_bh(&p->lock);
	*conf = p->conf;
	*sums = p->sums;
	spin_unlock_bh(&p->lock);
	return conf->rate;
}

bool adit_pace_splits(struct adit_pace *p, const struct sk_buff *skb)
{
	u64 rate = READ_ONCE(p->conf.rate);

	return rate && (u64)skb->len * 8 * SPLIT_PER_SECOND > rate;
}

bool adit_pace(struct adit_pace *p, struct sk_buff *skb, struct adit_turn *turn)
{
	u32 packets = adit_segments(skb), bytes;
	u64 horizon, when;
	bool ok;

	turn->packets = 0;
	if (!READ_ONCE(p->conf.rate))
		return true;
	bytes = adit_octets(skb);
	spin_lock(&p->lock);
	if (!p->conf.rate) {
		spin_unlock(&p->lock);
		return true;
	}
	horizon = (u64)p->conf.horizon * NSEC_PER_MSEC;
	if (get_unaligned_be16(skb->data) >= PPP_PROTO_CONTROL)
		horizon *= 2;
	turn->before = p->line;
	ok = meter_depart(&p->line, ktime_get_ns(), bytes, horizon, &when);
	if (ok) {
		turn->after = p->line;
		turn->packets = packets;
		turn->bytes = bytes;
		p->sums.packets += packets;
		p->sums.bytes += bytes;
	} else {
		p->sums.drop_packets += packets;
		p->sums.drop_bytes += bytes;
	}
	spin_unlock(&p->lock);
	if (!ok)
		return false;
	/* true: of the monotonic clock; newer kernels have an enum, of that value. */
	skb_set_delivery_time(skb, when, true);
	__skb_set_sw_hash(skb, p->hash, true);
	return true;
}

void adit_pace_return(struct adit_pace *p, const struct adit_turn *turn)
{
	if (!turn->packets)
		return;
	spin_lock(&p->lock);
	meter_take_back(&p->line, &turn->before, &turn->after);
	/* Pacing may have ended meanwhile, and its sums with it. */
	if (p->sums.packets >= turn->packets && p->sums.bytes >= turn->bytes) {
		p->sums.packets -= turn->packets;
		p->sums.bytes -= turn->bytes;
	}
	spin_unlock(&p->lock);
}
