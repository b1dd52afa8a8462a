// SPDX-License-Identifier: GPL-2.0
/*
 * The one place where an object becomes attributes, so that replies, dumps and
 * notifications are the same. Called by the netlink files and main.
 */
#include "report.h"

#include <linux/netdevice.h>

#include "addr.h"
#include "genl.h"
#include "link.h"
#include "punt.h"
#include "qos.h"
#include "sequence.h"

static int put_u64(struct sk_buff *msg, int attr, u64 v)
{
	return nla_put_u64_64bit(msg, attr, v, ADIT_A_PAD);
}

int adit_put_counts(struct sk_buff *msg, int pad,
		    const struct adit_count *counts)
{
	for (; counts->attr; counts++)
		if (nla_put_u64_64bit(msg, counts->attr, counts->value, pad))
			return -EMSGSIZE;
	return 0;
}

int adit_put_counts_nest(struct sk_buff *msg, int attr, int pad,
			 const struct adit_count *counts)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest || adit_put_counts(msg, pad, counts))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_sums(struct sk_buff *msg, const struct adit_stats_sum *s)
{
	const struct adit_count counts[] = {
		{ ADIT_STAT_RX_PACKETS, s->rx_packets },
		{ ADIT_STAT_RX_BYTES, s->rx_bytes },
		{ ADIT_STAT_RX_DROPS, s->rx_drops },
		{ ADIT_STAT_TX_PACKETS, s->tx_packets },
		{ ADIT_STAT_TX_BYTES, s->tx_bytes },
		{ ADIT_STAT_TX_DROPS, s->tx_drops },
		{ ADIT_STAT_RX_CONTROL, s->rx_control },
		{ ADIT_STAT_TX_CONTROL, s->tx_control },
		{}
	};

	return adit_put_counts_nest(msg, ADIT_A_STATS, ADIT_STAT_PAD, counts);
}

static int put_stats(struct sk_buff *msg, struct adit_stats __percpu *stats)
{
	struct adit_stats_sum s;

	adit_stats_sum(stats, &s);
	return put_sums(msg, &s);
}

int adit_put_endpoint(struct sk_buff *msg, void *object)
{
	struct adit_endpoint *ep = object;

	if (nla_put_u32(msg, ADIT_A_ENDPOINT_ID, ep->id) ||
	    adit_put_ip(msg, ADIT_A_LOCAL, ep->family, &ep->local) ||
	    nla_put_u16(msg, ADIT_A_LOCAL_PORT, ntohs(ep->port)) ||
	    (ep->ifindex && nla_put_u32(msg, ADIT_A_IFINDEX, ep->ifindex)) ||
	    nla_put_u32(msg, ADIT_A_TUNNELS, ep->n_tunnels))
		return -EMSGSIZE;
	return 0;
}

static int put_outer(struct sk_buff *msg, const struct adit_tunnel *t)
{
	u8 dscp = t->outer & ADIT_OUTER_DSCP ? ADIT_DSCP_INHERIT : t->tos >> 2;
	u32 path_mtu = READ_ONCE(t->path_mtu);
	u8 df = ADIT_DF_OFF;

	if (t->outer & ADIT_OUTER_DF)
		df = ADIT_DF_ON;
	else if (t->outer & ADIT_OUTER_DF_INHERIT)
		df = ADIT_DF_INHERIT;

	if (nla_put_u8(msg, ADIT_A_UDP_CSUM, t->udp_csum) ||
	    nla_put_u8(msg, ADIT_A_DSCP, dscp) ||
	    nla_put_u8(msg, ADIT_A_DF, df) ||
	    nla_put_u8(msg, ADIT_A_IPSEC, !!(t->outer & ADIT_OUTER_IPSEC)) ||
	    (path_mtu && nla_put_u32(msg, ADIT_A_PATH_MTU, path_mtu)))
		return -EMSGSIZE;
	return nla_put_u8(msg, ADIT_A_ECN, !!(t->outer & ADIT_OUTER_ECN));
}

static int put_from(struct sk_buff *msg, const struct adit_tunnel *t)
{
	if (!(t->outer & ADIT_OUTER_MOVED))
		return 0;
	if (adit_put_ip(msg, ADIT_A_FROM, t->family, &t->from))
		return -EMSGSIZE;
	return nla_put_u16(msg, ADIT_A_FROM_PORT, ntohs(t->from_port));
}

int adit_put_tunnel(struct sk_buff *msg, void *object)
{
	struct adit_tunnel *t = object;

	if (nla_put_u16(msg, ADIT_A_TUNNEL_ID, t->id) ||
	    nla_put_u16(msg, ADIT_A_PEER_TUNNEL_ID, t->peer_id) ||
	    nla_put_u32(msg, ADIT_A_ENDPOINT_ID, t->endpoint->id) ||
	    adit_put_ip(msg, ADIT_A_LOCAL, t->family, &t->endpoint->local) ||
	    nla_put_u16(msg, ADIT_A_LOCAL_PORT, ntohs(t->endpoint->port)) ||
	    adit_put_ip(msg, ADIT_A_REMOTE, t->family, &t->remote) ||
	    nla_put_u16(msg, ADIT_A_REMOTE_PORT, ntohs(t->remote_port)) ||
	    put_from(msg, t) || put_outer(msg, t) ||
	    nla_put_string(msg, ADIT_A_LABEL, t->label) ||
	    put_u64(msg, ADIT_A_COOKIE, t->cookie) ||
	    nla_put_u32(msg, ADIT_A_SESSIONS, t->n_sessions))
		return -EMSGSIZE;
	return put_stats(msg, t->stats);
}

static int put_prefix(struct sk_buff *msg, const struct adit_addr *e)
{
	__be64 v6[] = { cpu_to_be64(e->key.hi), cpu_to_be64(e->key.lo) };

	if (e->family == AF_INET)
		return nla_put_in_addr(msg, ADIT_A_PREFIX, htonl(e->key.lo));
	return nla_put(msg, ADIT_A_PREFIX, sizeof(v6), v6);
}

static int put_addrs(struct sk_buff *msg, struct adit_term *term)
{
	struct nlattr *nest = nla_nest_start(msg, ADIT_A_ADDRS);
	struct adit_addr *e;

	if (!nest)
		return -EMSGSIZE;
	list_for_each_entry(e, &term->addrs, of_term) {
		struct nlattr *one = nla_nest_start(msg, ADIT_A_ADDR);

		if (!one || put_prefix(msg, e) ||
		    nla_put_u8(msg, ADIT_A_PREFIX_LEN, e->len))
			return -EMSGSIZE;
		nla_nest_end(msg, one);
	}
	nla_nest_end(msg, nest);
	return 0;
}

static int put_police_conf(struct sk_buff *msg,
			   const struct adit_police_conf *c)
{
	const struct adit_police_mark *green = &c->marks[METER_GREEN];
	const struct adit_police_mark *yellow = &c->marks[METER_YELLOW];

	if (nla_put_u32(msg, ADIT_POLICE_BURST, c->burst) ||
	    (c->peak &&
	     (nla_put_u64_64bit(msg, ADIT_POLICE_PEAK_RATE, c->peak,
				ADIT_POLICE_PAD) ||
	      nla_put_u32(msg, ADIT_POLICE_PEAK_BURST, c->peak_burst))) ||
	    (green->dscp != ADIT_DSCP_KEEP &&
	     nla_put_u8(msg, ADIT_POLICE_GREEN_DSCP, green->dscp)) ||
	    (yellow->dscp != ADIT_DSCP_KEEP &&
	     nla_put_u8(msg, ADIT_POLICE_YELLOW_DSCP, yellow->dscp)) ||
	    (green->has_mark &&
	     nla_put_u32(msg, ADIT_POLICE_GREEN_MARK, green->mark)) ||
	    (yellow->has_mark &&
	     nla_put_u32(msg, ADIT_POLICE_YELLOW_MARK, yellow->mark)))
		return -EMSGSIZE;
	return 0;
}

static int put_police_sums(struct sk_buff *msg, u64 rate,
			   const struct adit_police_sum *s)
{
	const struct adit_count counts[] = {
		{ ADIT_POLICE_RATE, rate },
		{ ADIT_POLICE_GREEN_PACKETS, s[METER_GREEN].packets },
		{ ADIT_POLICE_GREEN_BYTES, s[METER_GREEN].bytes },
		{ ADIT_POLICE_YELLOW_PACKETS, s[METER_YELLOW].packets },
		{ ADIT_POLICE_YELLOW_BYTES, s[METER_YELLOW].bytes },
		{ ADIT_POLICE_RED_PACKETS, s[METER_RED].packets },
		{ ADIT_POLICE_RED_BYTES, s[METER_RED].bytes },
		{}
	};

	return adit_put_counts(msg, ADIT_POLICE_PAD, counts);
}

static int put_police(struct sk_buff *msg, int attr, struct adit_police *p)
{
	struct adit_police_sum sums[METER_N_COLOURS];
	struct adit_police_conf conf;
	struct nlattr *nest;

	if (!adit_police_read(p, &conf, sums))
		return 0;
	nest = nla_nest_start(msg, attr);
	if (!nest || put_police_conf(msg, &conf) ||
	    put_police_sums(msg, conf.rate, sums))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_pace_sums(struct sk_buff *msg, u64 rate,
			 const struct adit_pace_sums *s)
{
	const struct adit_count counts[] = {
		{ ADIT_PACE_RATE, rate },
		{ ADIT_PACE_PACKETS, s->packets },
		{ ADIT_PACE_BYTES, s->bytes },
		{ ADIT_PACE_DROP_PACKETS, s->drop_packets },
		{ ADIT_PACE_DROP_BYTES, s->drop_bytes },
		{}
	};

	return adit_put_counts(msg, ADIT_PACE_PAD, counts);
}

static int put_pace(struct sk_buff *msg, struct adit_pace *p)
{
	struct adit_pace_conf conf;
	struct adit_pace_sums sums;
	struct nlattr *nest;

	if (!adit_pace_read(p, &conf, &sums))
		return 0;
	nest = nla_nest_start(msg, ADIT_A_PACE);
	if (!nest || nla_put_u32(msg, ADIT_PACE_HORIZON, conf.horizon) ||
	    put_pace_sums(msg, conf.rate, &sums))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_qos(struct sk_buff *msg, struct adit_link *link)
{
	struct adit_qos *q = adit_qos_of(link);

	if (!q)
		return 0;
	if ((q->mark && nla_put_u32(msg, ADIT_A_MARK, q->mark)) ||
	    (q->priority && nla_put_u32(msg, ADIT_A_PRIORITY, q->priority)) ||
	    put_police(msg, ADIT_A_POLICE_RX, &q->police[ADIT_QOS_RX]) ||
	    put_police(msg, ADIT_A_POLICE_TX, &q->police[ADIT_QOS_TX]))
		return -EMSGSIZE;
	return put_pace(msg, &q->pace);
}

static int put_link(struct sk_buff *msg, struct adit_link *link)
{
	struct adit_cold *cold = adit_link_cold(link);
	struct adit_term *term = adit_link_term(link);
	struct adit_link *to = adit_link_to(link);

	if (nla_put_string(msg, ADIT_A_LABEL, cold->label ?: "") ||
	    put_u64(msg, ADIT_A_COOKIE, cold->cookie) ||
	    (link->mss && nla_put_u16(msg, ADIT_A_MSS, link->mss)) ||
	    put_stats(msg, link->stats) || put_qos(msg, link))
		return -EMSGSIZE;
	if (to)
		return adit_put_link(msg, ADIT_A_TO_LINK, to);
	if (!term)
		return 0;
	if (nla_put_u32(msg, ADIT_A_TO_IFINDEX, term->dev->ifindex) ||
	    nla_put_u16(msg, ADIT_A_MTU, term->mtu) ||
	    (term->mru && nla_put_u16(msg, ADIT_A_MRU, term->mru)))
		return -EMSGSIZE;
	return put_addrs(msg, term);
}

static int put_reorder(struct sk_buff *msg, struct adit_session *s)
{
	struct adit_reorder_sum sum;

	if (!adit_reorder_sum(s, &sum))
		return 0;
	if (nla_put_u32(msg, ADIT_A_REORDER_TIMEOUT, sum.ms) ||
	    nla_put_u32(msg, ADIT_A_REORDER_PACKETS, sum.packets) ||
	    put_u64(msg, ADIT_A_REORDERED, sum.reordered) ||
	    put_u64(msg, ADIT_A_REORDER_LOST, sum.lost))
		return -EMSGSIZE;
	return 0;
}

int adit_put_session(struct sk_buff *msg, void *object)
{
	struct adit_session *s = object;

	if (nla_put_u16(msg, ADIT_A_TUNNEL_ID, s->tunnel->id) ||
	    nla_put_u16(msg, ADIT_A_SESSION_ID, s->key & 0xffff) ||
	    nla_put_u16(msg, ADIT_A_PEER_SESSION_ID, s->peer_id) ||
	    nla_put_u8(msg, ADIT_A_SEQ, s->seq) || put_reorder(msg, s))
		return -EMSGSIZE;
	return put_link(msg, &s->link);
}

int adit_put_port(struct sk_buff *msg, void *object)
{
	struct adit_port *port = object;

	if (nla_put_u32(msg, ADIT_A_IFINDEX, port->dev->ifindex) ||
	    nla_put_u32(msg, ADIT_A_PPPOES, port->n_pppoes))
		return -EMSGSIZE;
	return 0;
}

int adit_put_pppoe(struct sk_buff *msg, void *object)
{
	struct adit_pppoe *p = object;

	if (adit_put_eth(msg, p->port, &p->eth) ||
	    nla_put_u16(msg, ADIT_A_SESSION_ID, p->sid))
		return -EMSGSIZE;
	return put_link(msg, &p->link);
}

int adit_put_underlay(struct sk_buff *msg, void *object)
{
	struct adit_underlay *u = object;

	if (nla_put_u32(msg, ADIT_A_IFINDEX, u->dev->ifindex))
		return -EMSGSIZE;
	return put_stats(msg, u->stats);
}

/* ADIT_ADDRS_MAX is such that every object fits. */
static void notify(struct adit_net *an, int cmd, adit_put_fn *put, void *object)
{
	struct sk_buff *msg;
	void *head;

	if (!genl_has_listeners(&adit_genl, an->net, 0))
		return;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto lost;
	head = genlmsg_put(msg, 0, 0, &adit_genl, 0, cmd);
	if (!head || put(msg, object))
		goto lost;
	genlmsg_end(msg, head);
	genlmsg_multicast_netns(&adit_genl, an->net, msg, 0, 0, GFP_KERNEL);
	return;

lost: /* whoever listens asks for all that there is */
	nlmsg_free(msg);
	genl_set_err(&adit_genl, an->net, 0, 0, -ENOBUFS);
}

void adit_notify_endpoint(int cmd, struct adit_endpoint *ep)
{
	notify(ep->an, cmd, adit_put_endpoint, ep);
}

void adit_notify_tunnel(int cmd, struct adit_tunnel *t)
{
	trace_adit_tunnel(t->an->net->ns.inum, cmd, t->id, t->peer_id);
	notify(t->an, cmd, adit_put_tunnel, t);
}

void adit_notify_session(int cmd, struct adit_session *s)
{
	trace_adit_link_told(s->tunnel->an->net->ns.inum, cmd, s->tunnel->id, 0,
			     0, s->key);
	notify(s->tunnel->an, cmd, adit_put_session, s);
}

void adit_notify_port(int cmd, struct adit_port *port)
{
	notify(port->an, cmd, adit_put_port, port);
}

void adit_notify_pppoe(int cmd, struct adit_pppoe *p)
{
	trace_adit_link_told(p->port->an->net->ns.inum, cmd, 0,
			     p->port->dev->ifindex,
			     (u32)p->eth.vlan_outer << 16 | p->eth.vlan_inner,
			     p->sid);
	notify(p->port->an, cmd, adit_put_pppoe, p);
}

void adit_notify_underlay(int cmd, struct adit_underlay *u)
{
	notify(u->an, cmd, adit_put_underlay, u);
}

static void trace_bind(struct adit_link *link)
{
	u32 netns = adit_link_net(link)->net->ns.inum;
	struct adit_term *term = adit_link_term(link);
	u32 to = adit_link_to(link) ? ~0 : 0;
	struct adit_pppoe *p;
	u32 key;

	if (term)
		to = term->dev->ifindex;
	if (link->type == ADIT_LINK_SESSION) {
		key = adit_session_of(link)->key;
		trace_adit_bind(netns, to, key >> 16, 0, 0, key);
	} else {
		p = adit_pppoe_of(link);
		trace_adit_bind(netns, to, 0, p->port->dev->ifindex,
				(u32)p->eth.vlan_outer << 16 |
					p->eth.vlan_inner,
				p->sid);
	}
}

void adit_notify_bound(struct adit_link *link)
{
	if (trace_adit_bind_enabled())
		trace_bind(link);
	if (link->type == ADIT_LINK_SESSION)
		adit_notify_session(ADIT_CMD_SESSION_SET,
				    adit_session_of(link));
	else
		adit_notify_pppoe(ADIT_CMD_PPPOE_SET, adit_pppoe_of(link));
}
