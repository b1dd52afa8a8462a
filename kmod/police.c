// SPDX-License-Identifier: GPL-2.0
/*
 * Policers, see police.h; the arithmetic is in adit/meter.h. A link that has one
 * takes its lock for each packet, nobody else does. Counted and charged are the
 * octets of PPP frames, from the protocol on, of each packet of a super-packet.
 *
 * Called by qos. RFC 2697, 2698 (colours), 2474 (DSCP).
 */
#include "police.h"

#include <linux/timekeeping.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>

#include "adit/wire.h"
#include "compat.h"
#include "segment.h"

void adit_police_init(struct adit_police *p)
{
	spin_lock_init(&p->lock);
}

void adit_police_set(struct adit_police *p, const struct adit_police_conf *conf)
{
	struct meter m = { .last = ktime_get_ns() };

	if (conf->rate)
		meter_bucket_set(&m.committed, conf->rate, conf->burst);
	if (conf->peak)
		meter_bucket_set(&m.peak, conf->peak, conf->peak_burst);
	spin_lock_bh(&p->lock);
	p->conf = *conf;
	p->meter = m;
	if (!conf->rate)
		memset(p->sums, 0, sizeof(p->sums));
	spin_unlock_bh(&p->lock);
}

bool adit_police_read(struct adit_police *p, struct adit_police_conf *conf,
		      struct adit_police_sum sums[METER_N_COLOURS])
{
	spin_lock_bh(&p->lock);
	*conf = p->conf;
	memcpy(sums, p->sums, sizeof(p->sums));
	spin_unlock_bh(&p->lock);
	return conf->rate;
}

/* An IPv4 header's sum is of nothing but itself; IPv6 has none, so what the NIC
 * has summed changes.
 */
static int set_dscp(struct sk_buff *skb, u16 proto, u8 dscp)
{
	u32 len = proto == PPP_PROTO_IPV6 ? sizeof(struct ipv6hdr) :
					    sizeof(struct iphdr);
	void *h;

	if (!pskb_may_pull(skb, 2 + len))
		return 0;
	if (skb_ensure_writable(skb, 2 + len))
		return -ENOMEM;
	h = skb->data + 2;
	if (proto == PPP_PROTO_IPV4) {
		ipv4_change_dsfield(h, INET_ECN_MASK, dscp << 2);
		return 0;
	}
	skb_postpull_rcsum(skb, h, 4);
	ipv6_change_dsfield(h, INET_ECN_MASK, dscp << 2);
	skb_postpush_rcsum(skb, h, 4);
	return 0;
}

int adit_police(struct adit_police *p, struct sk_buff *skb)
{
	struct adit_police_mark mark = { .dscp = ADIT_DSCP_KEEP };
	u16 proto = get_unaligned_be16(skb->data);
	enum meter_colour colour;
	u32 bytes;

	if (!READ_ONCE(p->conf.rate))
		return 0;
	bytes = adit_octets(skb);
	spin_lock(&p->lock);
	if (!p->conf.rate) {
		spin_unlock(&p->lock);
		return 0;
	}
	colour = meter_colour(&p->meter, ktime_get_ns(), bytes,
			      proto >= PPP_PROTO_CONTROL);
	p->sums[colour].packets += adit_segments(skb);
	p->sums[colour].bytes += bytes;
	if (colour < METER_RED)
		mark = p->conf.marks[colour];
	spin_unlock(&p->lock);
	if (colour == METER_RED)
		return 1;
	if (mark.has_mark)
		skb->mark = mark.mark;
	if (mark.dscp != ADIT_DSCP_KEEP &&
	    (proto == PPP_PROTO_IPV4 || proto == PPP_PROTO_IPV6))
		return set_dscp(skb, proto, mark.dscp);
	return 0;
}
