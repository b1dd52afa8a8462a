// SPDX-License-Identifier: GPL-2.0
/*
 * TCP MSS clamp: a SYN that passes a link with an MTU of its own is told of it, for
 * the ICMP errors that should tell do not arrive everywhere (RFC 2923 2.1). Both
 * ways, so that either side sends what fits. All but TCP is through after one or
 * two looks at a header that forwarding reads anyhow.
 *
 * Called by the link layer for links with a clamp. Context: BH off.
 */
#include "mss.h"

#include <linux/tcp.h>
#include <net/checksum.h>

#include "adit/mss_parse.h"
#include "adit/wire.h"
#include "compat.h"

/* The protocol's own header is enough to find TCP's. */
static unsigned int find_tcp(struct sk_buff *skb, u16 proto)
{
	unsigned int want = proto == PPP_PROTO_IPV4 ? 20 : 40;

	if (!pskb_may_pull(skb, 2 + want))
		return 0;
	return mss_tcp_at(skb->data + 2, want);
}

static bool is_syn(const struct sk_buff *skb, unsigned int tcp)
{
	u8 room;
	const u8 *flags =
		skb_header_pointer(skb, tcp + MSS_TCP_FLAGS, 1, &room);

	return flags && *flags & MSS_TCP_SYN;
}

/* An option may begin anywhere: the sum is of words, and of swapped ones at odd
 * places.
 */
static void replace(struct sk_buff *skb, unsigned int tcp, unsigned int at,
		    u16 mss)
{
	struct tcphdr *th = (struct tcphdr *)(skb->data + tcp);
	u8 *p = skb->data + tcp + at;
	u16 old = get_unaligned_be16(p);

	put_unaligned_be16(mss, p);
	/* Partial: there is only the pseudo header's sum yet. */
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	if (at & 1)
		csum_replace2(&th->check, htons(swab16(old)),
			      htons(swab16(mss)));
	else
		csum_replace2(&th->check, htons(old), htons(mss));
}

bool adit_mss_clamp(struct sk_buff *skb, u16 mss)
{
	u16 proto = get_unaligned_be16(skb->data);
	unsigned int tcp, at, len;

	if (proto != PPP_PROTO_IPV4 && proto != PPP_PROTO_IPV6)
		return false;
	tcp = find_tcp(skb, proto);
	if (!tcp || !is_syn(skb, 2 + tcp))
		return false;
	tcp += 2;
	len = min_t(unsigned int, skb->len - tcp, MSS_TCP_HLEN_MAX);
	if (!pskb_may_pull(skb, tcp + len))
		return false;
	at = mss_value_at(skb->data + tcp, len);
	if (proto == PPP_PROTO_IPV6)
		mss -= 20;
	if (!at || get_unaligned_be16(skb->data + tcp + at) <= mss)
		return false;
	if (skb_ensure_writable(skb, tcp + at + 2))
		return false;
	replace(skb, tcp, at, mss);
	return true;
}
