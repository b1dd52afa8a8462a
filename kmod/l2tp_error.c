// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors. The daemon has no socket that could hear of them, so the ones that
 * answer a control message go up as punts without a frame, rationed as messages
 * of strangers. Those of data messages do not: a dead peer is found by Hello.
 *
 * "Too big" changes the route's MTU, for everybody, and whoever invents one needs
 * no more than an address. So the datagram in it must be one that a tunnel of ours
 * sent: its addresses, ports, the peer's id of the tunnel, which asks that it not
 * be cut; larger than the MTU, and that not too small to be true; and not too often.
 *
 * Called by UDP as encap_err_lookup, then encap_err_rcv. Context: BH off, under RCU.
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
#include "pair.h"
#include "punt.h"

#define LEAST_MTU4 576
#define PMTU_EVERY (HZ / 10) /* of one pair of addresses */

/* "Too big", of the datagram in it. */
struct too_big {
	struct adit_ip to;
	u32 mtu;
	u32 least;
	u32 len; /* of the datagram */
	bool df;
};

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

/* The ICMP header ends where our datagram begins. */
static bool read_too_big(const struct sk_buff *skb, u8 family,
			 struct too_big *tb)
{
	const struct icmp6hdr *icmp6 = (const struct icmp6hdr *)skb->data - 1;
	const struct icmphdr *icmp = (const struct icmphdr *)skb->data - 1;
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip = (const void *)skb->data;

	if (family == AF_INET6) {
		tb->to.a = ip6->daddr;
		tb->mtu = ntohl(icmp6->icmp6_mtu);
		tb->least = IPV6_MIN_MTU;
		tb->len = ntohs(ip6->payload_len) + sizeof(*ip6);
		tb->df = true;
		return icmp6->icmp6_type == ICMPV6_PKT_TOOBIG;
	}
	ipv6_addr_set_v4mapped(ip->daddr, &tb->to.a);
	tb->mtu = ntohs(icmp->un.frag.mtu);
	tb->least = LEAST_MTU4;
	tb->len = ntohs(ip->tot_len);
	tb->df = ip->frag_off & htons(IP_DF);
	return icmp->type == ICMP_DEST_UNREACH &&
	       icmp->code == ICMP_FRAG_NEEDED;
}

/* Whose datagram was it? Over IPv6 we cut what is too big ourselves, so any
 * tunnel may hear of it.
 */
static struct adit_tunnel *sender(struct adit_endpoint *ep,
				  const struct adit_pair *pair,
				  const struct sk_buff *skb,
				  const struct udphdr *uh)
{
	int at = (const u8 *)(uh + 1) - skb->data;
	u8 may = ep->family == AF_INET6 ? 0 : ADIT_OUTER_DF_ANY;
	const __be16 *head;
	struct adit_tunnel *t;
	__be16 room[3];
	u16 id;

	head = skb_header_pointer(skb, at, sizeof(room), room);
	if (!head)
		return NULL;
	id = get_unaligned_be16(head + (*head & htons(L2TP_F_L) ? 2 : 1));
	hlist_for_each_entry_rcu(t, &pair->tunnels, of_pair)
		if (READ_ONCE(t->peer_id) == id &&
		    READ_ONCE(t->remote_port) == uh->dest &&
		    (!may || READ_ONCE(t->outer) & may))
			return t;
	return NULL;
}

/* A race lets one more pass: that is no harm. */
static bool is_too_often(struct adit_pair *pair)
{
	unsigned long after = READ_ONCE(pair->pmtu_after);

	if (after && time_before(jiffies, after))
		return true;
	WRITE_ONCE(pair->pmtu_after, (jiffies + PMTU_EVERY) ?: 1);
	return false;
}

static struct adit_tunnel *believe(struct adit_endpoint *ep,
				   const struct too_big *tb,
				   const struct sk_buff *skb)
{
	struct adit_tunnel *t = NULL;
	struct adit_pair *pair;

	if (!tb->df || tb->mtu < tb->least || tb->mtu >= tb->len)
		return NULL;
	pair = adit_pair_of(ep, &tb->to);
	if (pair)
		t = sender(ep, pair, skb, udp_hdr(skb));
	/* Last: what is invented does not take the turn of what is true. */
	return t && !is_too_often(pair) ? t : NULL;
}

int adit_l2tp_check_error(struct sock *sk, struct sk_buff *skb)
{
	struct adit_endpoint *ep = rcu_dereference_sk_user_data(sk);
	struct adit_tunnel *t;
	struct too_big tb;

	/* UDP asks about datagrams to our port as well, from whatever port. */
	if (!ep || udp_hdr(skb)->source != ep->port)
		return -ENOENT;
	if (!read_too_big(skb, ep->family, &tb))
		return 0;
	t = believe(ep, &tb, skb);
	if (!t) {
		adit_drop(ep->an, ADIT_DROP_rx_path_mtu);
		return -ENOENT;
	}
	WRITE_ONCE(t->path_mtu, tb.mtu);
	return 0;
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
