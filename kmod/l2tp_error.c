// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors. The daemon has no socket that could hear of them, so the ones that
 * answer a control message go up as punts without a frame, rationed as messages
 * of the peer's. Those of data messages do not: the path's MTU is the route's
 * business, and a dead peer is found by Hello.
 *
 * Called by UDP as encap_err_rcv. Context: BH off, under RCU.
 */
#include "l2tp_error.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/udp.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "adit/wire.h"
#include "object.h"
#include "punt.h"

static int error4(const struct icmphdr *h)
{
	if (h->type == ICMP_PARAMETERPROB)
		return -EPROTO;
	if (h->type != ICMP_DEST_UNREACH)
		return -EHOSTUNREACH;
	if (h->code == ICMP_FRAG_NEEDED)
		return -EMSGSIZE;
	return h->code <= NR_ICMP_UNREACH ? -icmp_err_convert[h->code].errno :
					    -EHOSTUNREACH;
}

static int error6(const struct icmp6hdr *h)
{
	int err;

	icmpv6_err_convert(h->icmp6_type, h->icmp6_code, &err);
	return -err;
}

/* Was it a control message? Of our datagram the error has at least the UDP header;
 * without more nobody can tell, and data is the more likely.
 */
static bool is_control(const struct sk_buff *skb, const struct udphdr *uh)
{
	int at = (const u8 *)(uh + 1) - skb->data;
	__be16 room;
	const __be16 *flags = skb_header_pointer(skb, at, 2, &room);

	return flags && get_unaligned_be16(flags) & L2TP_F_T;
}

/* Data is at our own datagram's IP header. */
ADIT_ENCAP_ERR(adit_l2tp_error)
{
	const struct udphdr *uh = adit_encap_err_udp(skb);
	struct adit_endpoint *ep = rcu_dereference_sk_user_data(sk);
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip = (const void *)skb->data;
	struct adit_ip peer, local;
	int err;

	if (!ep || !is_control(skb, uh))
		return;
	if (ep->family == AF_INET6) {
		peer.a = ip6->daddr;
		local.a = ip6->saddr;
		err = error6(icmp6_hdr(skb));
	} else {
		ipv6_addr_set_v4mapped(ip->daddr, &peer.a);
		ipv6_addr_set_v4mapped(ip->saddr, &local.a);
		err = error4(icmp_hdr(skb));
	}
	adit_punt_error(ep, &peer, &local, uh->dest, -err);
}
