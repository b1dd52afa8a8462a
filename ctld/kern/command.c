/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module is asked for, as attributes; see command.h. */
#include "kern/command.h"

#include <linux/adit.h>
#include <string.h>

/* --------------------------------------------------------------- attributes */

static void put_addr(struct nlmsghdr *msg, uint16_t type, const struct addr *a)
{
	mnl_attr_put(msg, type, addr_len(a), a->b);
}

static void put_label(struct nlmsghdr *msg, const char *label)
{
	char text[ADIT_LABEL_MAX + 1];
	size_t len = label ? strnlen(label, ADIT_LABEL_MAX) : 0;

	if (!label)
		return;
	memcpy(text, label, len);
	text[len] = 0;
	mnl_attr_put_strz(msg, ADIT_A_LABEL, text);
}

static void put_vlans(struct nlmsghdr *msg, uint16_t outer, uint16_t inner)
{
	if (outer)
		mnl_attr_put_u16(msg, ADIT_A_VLAN_OUTER, outer);
	if (inner)
		mnl_attr_put_u16(msg, ADIT_A_VLAN_INNER, inner);
}

static void put_vlan_proto(struct nlmsghdr *msg, uint16_t proto)
{
	if (proto)
		mnl_attr_put_u16(msg, ADIT_A_VLAN_PROTO, proto);
}

static void put_link(struct nlmsghdr *msg, const struct kern_link *l)
{
	if (l->kind == KERN_SESSION) {
		mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, l->tunnel_id);
	} else {
		mnl_attr_put_u32(msg, ADIT_A_IFINDEX, l->ifindex);
		put_vlans(msg, l->vlan_outer, l->vlan_inner);
	}
	mnl_attr_put_u16(msg, ADIT_A_SESSION_ID, l->session_id);
}

static void nest_link(struct nlmsghdr *msg, uint16_t type,
		      const struct kern_link *l)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, type);

	put_link(msg, l);
	mnl_attr_nest_end(msg, nest);
}

_Static_assert(1 + KERN_ALSO_MAX <= ADIT_ADDRS_MAX, "addresses of a link");

static void put_prefix(struct nlmsghdr *msg, const struct addr *net,
		       uint8_t len)
{
	struct nlattr *one = mnl_attr_nest_start(msg, ADIT_A_ADDR);

	put_addr(msg, ADIT_A_PREFIX, net);
	mnl_attr_put_u8(msg, ADIT_A_PREFIX_LEN, len);
	mnl_attr_nest_end(msg, one);
}

static void put_ip(struct nlmsghdr *msg, const struct kern_ip *ip)
{
	struct nlattr *addrs;

	mnl_attr_put_u32(msg, ADIT_A_TO_IFINDEX, ip->ifindex);
	if (ip->peer.family || ip->n_also) {
		addrs = mnl_attr_nest_start(msg, ADIT_A_ADDRS);
		if (ip->peer.family)
			put_prefix(msg, &ip->peer,
				   (uint8_t)(addr_len(&ip->peer) * 8));
		for (size_t i = 0; i < ip->n_also && i < KERN_ALSO_MAX; i++)
			put_prefix(msg, &ip->also[i].net, ip->also[i].len);
		mnl_attr_nest_end(msg, addrs);
	}
	if (ip->mtu)
		mnl_attr_put_u16(msg, ADIT_A_MTU, ip->mtu);
	if (ip->mss)
		mnl_attr_put_u16(msg, ADIT_A_MSS,
				 ip->mss == KERN_MSS_OFF ? 0 : ip->mss);
	if (ip->magic)
		mnl_attr_put_u32(msg, ADIT_A_MAGIC, ip->magic);
}

/* An empty nest takes it away. */
static void put_police(struct nlmsghdr *msg, uint16_t type,
		       const struct kern_police *p)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, type);

	if (p->rate) {
		mnl_attr_put_u64(msg, ADIT_POLICE_RATE, p->rate);
		mnl_attr_put_u32(msg, ADIT_POLICE_BURST, p->burst);
	}
	if (p->rate && p->peak) {
		mnl_attr_put_u64(msg, ADIT_POLICE_PEAK_RATE, p->peak);
		mnl_attr_put_u32(msg, ADIT_POLICE_PEAK_BURST, p->peak_burst);
	}
	mnl_attr_nest_end(msg, nest);
}

static void put_qos(struct nlmsghdr *msg, const struct kern_qos *q)
{
	struct nlattr *nest;

	mnl_attr_put_u32(msg, ADIT_A_MARK, q->mark);
	mnl_attr_put_u32(msg, ADIT_A_PRIORITY, q->priority);
	put_police(msg, ADIT_A_POLICE_RX, &q->up);
	put_police(msg, ADIT_A_POLICE_TX, &q->down);
	nest = mnl_attr_nest_start(msg, ADIT_A_PACE);
	if (q->pace)
		mnl_attr_put_u64(msg, ADIT_PACE_RATE, q->pace);
	mnl_attr_nest_end(msg, nest);
}

static struct kern_link session_link(const struct kern_session *s)
{
	return (struct kern_link){ .kind = KERN_SESSION,
				   .tunnel_id = s->tunnel_id,
				   .session_id = s->id };
}

/* ----------------------------------------------------------------- requests */

/* Only where it differs: the last release's module does not know it. */
static void put_from(struct nlmsghdr *msg, const struct kern_tunnel *t)
{
	if (!t->from.addr.family || (addr_eq(&t->from.addr, &t->remote.addr) &&
				     t->from.port == t->remote.port))
		return;
	put_addr(msg, ADIT_A_FROM, &t->from.addr);
	mnl_attr_put_u16(msg, ADIT_A_FROM_PORT, t->from.port);
}

void command_tunnel_new(struct request_queue *q, const struct kern_tunnel *t)
{
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_TUNNEL_NEW, t->id, NULL, t->cookie);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_ENDPOINT_ID, t->endpoint);
	mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, t->id);
	mnl_attr_put_u16(msg, ADIT_A_PEER_TUNNEL_ID, t->peer_id);
	put_addr(msg, ADIT_A_REMOTE, &t->remote.addr);
	mnl_attr_put_u16(msg, ADIT_A_REMOTE_PORT, t->remote.port);
	if (t->ipsec)
		mnl_attr_put_u8(msg, ADIT_A_IPSEC, 1);
	if (t->dscp)
		mnl_attr_put_u8(msg, ADIT_A_DSCP, t->dscp);
	put_from(msg, t);
	put_label(msg, t->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, t->cookie);
	request_end(q, msg);
}

void command_tunnel_del(struct request_queue *q, uint16_t id)
{
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_TUNNEL_DEL, id, NULL, 0);

	if (!msg)
		return;
	mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, id);
	mnl_attr_put(msg, ADIT_A_FORCE, 0, NULL);
	request_end(q, msg);
}

void command_session_new(struct request_queue *q, const struct kern_session *s)
{
	struct kern_link l = session_link(s);
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_SESSION_NEW, 0, &l, s->cookie);

	if (!msg)
		return;
	put_link(msg, &l);
	if (s->peer_id)
		mnl_attr_put_u16(msg, ADIT_A_PEER_SESSION_ID, s->peer_id);
	if (s->seq)
		mnl_attr_put_u8(msg, ADIT_A_SEQ, 1);
	put_label(msg, s->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, s->cookie);
	request_end(q, msg);
}

void command_session_set(struct request_queue *q, const struct kern_session *s)
{
	struct kern_link l = session_link(s);
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_SESSION_SET, 0, &l, s->cookie);

	if (!msg)
		return;
	put_link(msg, &l);
	if (s->peer_id)
		mnl_attr_put_u16(msg, ADIT_A_PEER_SESSION_ID, s->peer_id);
	mnl_attr_put_u8(msg, ADIT_A_SEQ, s->seq);
	put_label(msg, s->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, s->cookie);
	request_end(q, msg);
}

void command_pppoe_new(struct request_queue *q, const struct kern_pppoe *p)
{
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_PPPOE_NEW, 0, &p->link, p->cookie);

	if (!msg)
		return;
	put_link(msg, &p->link);
	put_vlan_proto(msg, p->vlan_proto);
	mnl_attr_put(msg, ADIT_A_MAC, sizeof(p->mac), p->mac);
	put_label(msg, p->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, p->cookie);
	request_end(q, msg);
}

void command_pppoe_set(struct request_queue *q, const struct kern_pppoe *p)
{
	struct nlmsghdr *msg =
		request_begin(q, ADIT_CMD_PPPOE_SET, 0, &p->link, p->cookie);

	if (!msg)
		return;
	put_link(msg, &p->link);
	put_label(msg, p->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, p->cookie);
	request_end(q, msg);
}

void command_qos(struct request_queue *q, const struct kern_link *l,
		 uint64_t cookie, const struct kern_qos *qos)
{
	uint8_t cmd = l->kind == KERN_SESSION ? ADIT_CMD_SESSION_SET :
						ADIT_CMD_PPPOE_SET;
	struct nlmsghdr *msg = request_begin(q, cmd, 0, l, cookie);

	if (!msg)
		return;
	put_link(msg, l);
	put_qos(msg, qos);
	request_end(q, msg);
}

void command_link_del(struct request_queue *q, const struct kern_link *l)
{
	uint8_t cmd = l->kind == KERN_SESSION ? ADIT_CMD_SESSION_DEL :
						ADIT_CMD_PPPOE_DEL;
	struct nlmsghdr *msg;

	if (l->kind == KERN_NO_LINK)
		return;
	msg = request_begin(q, cmd, 0, l, 0);
	if (!msg)
		return;
	put_link(msg, l);
	request_end(q, msg);
}

void command_bind(struct request_queue *q, const struct kern_link *l,
		  uint64_t cookie, const struct kern_link *to,
		  const struct kern_ip *ip)
{
	struct nlmsghdr *msg = request_begin(q, ADIT_CMD_BIND, 0, l, cookie);

	if (!msg)
		return;
	nest_link(msg, ADIT_A_LINK, l);
	if (to) {
		nest_link(msg, ADIT_A_TO_LINK, to);
		mnl_attr_put(msg, ADIT_A_HOLD, 0, NULL);
	} else if (ip) {
		put_ip(msg, ip);
	}
	request_end(q, msg);
}

/* As a frame: the binding was asked for before, and is made without us at last. */
void command_bind_held(struct request_queue *q, const struct kern_link mark[2])
{
	struct nlmsghdr *msg = request_unanswered(q, ADIT_CMD_BIND);

	if (!msg)
		return;
	nest_link(msg, ADIT_A_LINK, &mark[0]);
	nest_link(msg, ADIT_A_TO_LINK, &mark[1]);
	request_end(q, msg);
}

/* ------------------------------------------------------------------- frames */

void command_send_l2tp(struct request_queue *q, const struct kern_l2tp *to,
		       const void *data, size_t len)
{
	struct nlmsghdr *msg = request_frame(q, data, len);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_ENDPOINT_ID, to->endpoint);
	put_addr(msg, ADIT_A_REMOTE, &to->remote.addr);
	mnl_attr_put_u16(msg, ADIT_A_REMOTE_PORT, to->remote.port);
	if (to->tunnel_id)
		mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, to->tunnel_id);
	if (to->ipsec)
		mnl_attr_put_u8(msg, ADIT_A_IPSEC, 1);
	request_end(q, msg);
}

void command_send_pppoe(struct request_queue *q, const struct kern_eth *to,
			const void *frame, size_t len)
{
	struct nlmsghdr *msg = request_frame(q, frame, len);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_IFINDEX, to->ifindex);
	put_vlans(msg, to->vlan_outer, to->vlan_inner);
	put_vlan_proto(msg, to->vlan_proto);
	mnl_attr_put(msg, ADIT_A_MAC, sizeof(to->mac), to->mac);
	request_end(q, msg);
}

void command_send_ppp(struct request_queue *q, const struct kern_link *l,
		      const void *frame, size_t len)
{
	struct nlmsghdr *msg = request_frame(q, frame, len);

	if (!msg)
		return;
	nest_link(msg, ADIT_A_LINK, l);
	request_end(q, msg);
}
