/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module says: punts, notifications, objects and their counters. */
#include "kern/event.h"

#include "base/log.h"
#include "base/module_types.h"

#include <linux/genetlink.h>
#include <string.h>

/* --------------------------------------------------------------- attributes */

/* One that does not fit is as one that is not there. */
static int take_attr(const struct nlattr *a, void *data)
{
	const struct nlattr **tb = data;
	uint16_t type = mnl_attr_get_type(a);

	if (type <= ADIT_A_MAX && module_attr_fits(a))
		tb[type] = a;
	return MNL_CB_OK;
}

bool event_parse(const struct nlmsghdr *msg, const struct nlattr **tb)
{
	memset(tb, 0, sizeof(*tb) * (ADIT_A_MAX + 1));
	if (mnl_nlmsg_get_payload_len(msg) < sizeof(struct genlmsghdr))
		return false;
	return mnl_attr_parse(msg, sizeof(struct genlmsghdr), take_attr, tb) >=
	       0;
}

static uint16_t get_u16(const struct nlattr *a)
{
	return a ? mnl_attr_get_u16(a) : 0;
}

static uint32_t get_u32(const struct nlattr *a)
{
	return a ? mnl_attr_get_u32(a) : 0;
}

static uint64_t get_u64(const struct nlattr *a)
{
	return a ? mnl_attr_get_u64(a) : 0;
}

static const char *get_label(const struct nlattr *const *tb)
{
	return tb[ADIT_A_LABEL] ? mnl_attr_get_str(tb[ADIT_A_LABEL]) : "";
}

static bool get_addr_port(const struct nlattr *addr, const struct nlattr *port,
			  struct addr_port *out)
{
	if (!addr || !port)
		return false;
	out->port = mnl_attr_get_u16(port);
	return !addr_from_bytes(mnl_attr_get_payload(addr),
				mnl_attr_get_payload_len(addr), &out->addr);
}

/* The module was loaded before an upgrade, and stays until it is loaded anew. */
static void tell_no_control(void)
{
	static bool told;

	if (!told)
		log_warn(
			"module adit: it is older than this aditd, and counts PPP's own frames as data, which accounting tells: load the new one when no session is left");
	told = true;
}

static void get_stats(const struct nlattr *nest, struct kern_stats *s)
{
	const struct nlattr *a;
	bool control = false;

	memset(s, 0, sizeof(*s));
	if (!nest)
		return;
	mnl_attr_for_each_nested(a, nest) {
		uint64_t v;

		if (mnl_attr_validate(a, MNL_TYPE_U64) < 0)
			continue;
		v = mnl_attr_get_u64(a);
		switch (mnl_attr_get_type(a)) {
		case ADIT_STAT_RX_PACKETS:
			s->rx_packets = v;
			break;
		case ADIT_STAT_RX_BYTES:
			s->rx_bytes = v;
			break;
		case ADIT_STAT_RX_DROPS:
			s->rx_drops = v;
			break;
		case ADIT_STAT_TX_PACKETS:
			s->tx_packets = v;
			break;
		case ADIT_STAT_TX_BYTES:
			s->tx_bytes = v;
			break;
		case ADIT_STAT_TX_DROPS:
			s->tx_drops = v;
			break;
		case ADIT_STAT_RX_CONTROL:
			s->rx_control = v;
			control = true;
			break;
		case ADIT_STAT_TX_CONTROL:
			s->tx_control = v;
			break;
		}
	}
	if (!control)
		tell_no_control();
}

/* ------------------------------------------------------------------ objects */

static bool read_link(const struct nlattr *const *tb, struct kern_link *l)
{
	*l = (struct kern_link){ .session_id = get_u16(tb[ADIT_A_SESSION_ID]) };
	if (!l->session_id)
		return false;
	if (tb[ADIT_A_TUNNEL_ID]) {
		l->kind = KERN_SESSION;
		l->tunnel_id = get_u16(tb[ADIT_A_TUNNEL_ID]);
		return l->tunnel_id != 0;
	}
	l->kind = KERN_PPPOE;
	l->ifindex = get_u32(tb[ADIT_A_IFINDEX]);
	l->vlan_outer = get_u16(tb[ADIT_A_VLAN_OUTER]);
	l->vlan_inner = get_u16(tb[ADIT_A_VLAN_INNER]);
	return l->ifindex != 0;
}

static bool read_link_nest(const struct nlattr *nest, struct kern_link *l)
{
	const struct nlattr *tb[ADIT_A_MAX + 1] = { 0 };

	*l = (struct kern_link){ 0 };
	if (!nest || mnl_attr_parse_nested(nest, take_attr, tb) < 0)
		return false;
	if (read_link(tb, l))
		return true;
	*l = (struct kern_link){ 0 };
	return false;
}

static void read_binding(const struct nlattr *const *tb, struct kern_link *to,
			 uint32_t *to_ifindex)
{
	read_link_nest(tb[ADIT_A_TO_LINK], to);
	*to_ifindex = get_u32(tb[ADIT_A_TO_IFINDEX]);
}

bool event_tunnel(const struct nlmsghdr *msg, struct kern_tunnel *t)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];

	memset(t, 0, sizeof(*t));
	if (!event_parse(msg, tb) || !tb[ADIT_A_TUNNEL_ID])
		return false;
	t->id = get_u16(tb[ADIT_A_TUNNEL_ID]);
	t->peer_id = get_u16(tb[ADIT_A_PEER_TUNNEL_ID]);
	t->endpoint = get_u32(tb[ADIT_A_ENDPOINT_ID]);
	get_addr_port(tb[ADIT_A_REMOTE], tb[ADIT_A_REMOTE_PORT], &t->remote);
	t->from = t->remote;
	if (tb[ADIT_A_FROM])
		get_addr_port(tb[ADIT_A_FROM], tb[ADIT_A_FROM_PORT], &t->from);
	t->label = get_label(tb);
	t->cookie = get_u64(tb[ADIT_A_COOKIE]);
	get_stats(tb[ADIT_A_STATS], &t->stats);
	return t->id != 0;
}

bool event_session(const struct nlmsghdr *msg, struct kern_session *s)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	struct kern_link l;

	memset(s, 0, sizeof(*s));
	if (!event_parse(msg, tb) || !read_link(tb, &l) ||
	    l.kind != KERN_SESSION)
		return false;
	s->tunnel_id = l.tunnel_id;
	s->id = l.session_id;
	s->peer_id = get_u16(tb[ADIT_A_PEER_SESSION_ID]);
	s->seq = tb[ADIT_A_SEQ] && mnl_attr_get_u8(tb[ADIT_A_SEQ]);
	s->label = get_label(tb);
	s->cookie = get_u64(tb[ADIT_A_COOKIE]);
	get_stats(tb[ADIT_A_STATS], &s->stats);
	read_binding(tb, &s->to, &s->to_ifindex);
	return true;
}

bool event_pppoe(const struct nlmsghdr *msg, struct kern_pppoe *p)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];

	memset(p, 0, sizeof(*p));
	if (!event_parse(msg, tb) || !read_link(tb, &p->link) ||
	    p->link.kind != KERN_PPPOE)
		return false;
	if (tb[ADIT_A_MAC])
		memcpy(p->mac, mnl_attr_get_payload(tb[ADIT_A_MAC]),
		       sizeof(p->mac));
	p->vlan_proto = get_u16(tb[ADIT_A_VLAN_PROTO]);
	p->label = get_label(tb);
	p->cookie = get_u64(tb[ADIT_A_COOKIE]);
	get_stats(tb[ADIT_A_STATS], &p->stats);
	read_binding(tb, &p->to, &p->to_ifindex);
	return true;
}

bool event_endpoint(const struct nlmsghdr *msg, struct addr_port *local,
		    uint32_t *ifindex, uint32_t *id)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];

	memset(local, 0, sizeof(*local));
	if (!event_parse(msg, tb) || !tb[ADIT_A_ENDPOINT_ID])
		return false;
	*id = get_u32(tb[ADIT_A_ENDPOINT_ID]);
	*ifindex = get_u32(tb[ADIT_A_IFINDEX]);
	return get_addr_port(tb[ADIT_A_LOCAL], tb[ADIT_A_LOCAL_PORT], local);
}

/* -------------------------------------------------------------------- punts */

/* Each of these: false, it lacks something. */

static bool punt_l2tp(struct kern *k, msec_t now,
		      const struct nlattr *const *tb, const void *data,
		      size_t len)
{
	struct addr_port local, remote;

	if (!tb[ADIT_A_ENDPOINT_ID] ||
	    !get_addr_port(tb[ADIT_A_LOCAL], tb[ADIT_A_LOCAL_PORT], &local) ||
	    !get_addr_port(tb[ADIT_A_REMOTE], tb[ADIT_A_REMOTE_PORT], &remote))
		return false;
	k->events->l2tp(k, now, get_u32(tb[ADIT_A_ENDPOINT_ID]), &local,
			&remote, tb[ADIT_A_PROTECTED], data, len);
	return true;
}

static bool punt_pppoe(struct kern *k, msec_t now,
		       const struct nlattr *const *tb, const void *data,
		       size_t len)
{
	const uint8_t *dst;
	struct kern_eth from;

	if (!tb[ADIT_A_IFINDEX] || !tb[ADIT_A_MAC] || !tb[ADIT_A_LOCAL_MAC])
		return false;
	from.ifindex = get_u32(tb[ADIT_A_IFINDEX]);
	from.vlan_outer = get_u16(tb[ADIT_A_VLAN_OUTER]);
	from.vlan_inner = get_u16(tb[ADIT_A_VLAN_INNER]);
	from.vlan_proto = get_u16(tb[ADIT_A_VLAN_PROTO]);
	memcpy(from.mac, mnl_attr_get_payload(tb[ADIT_A_MAC]),
	       sizeof(from.mac));
	/* Frames to other stations are not punted: ours, or to a group. */
	dst = mnl_attr_get_payload(tb[ADIT_A_LOCAL_MAC]);
	k->events->pppoe(k, now, &from, !(dst[0] & 1), data, len);
	return true;
}

static bool punt_ppp(struct kern *k, msec_t now, const struct nlattr *const *tb,
		     const void *data, size_t len)
{
	struct kern_link l;

	if (len < 2 || !read_link_nest(tb[ADIT_A_LINK], &l))
		return false;
	k->events->ppp(k, now, &l, data, len);
	return true;
}

static bool punt(struct kern *k, msec_t now, const struct nlattr *const *tb)
{
	const void *data = mnl_attr_get_payload(tb[ADIT_A_FRAME]);
	size_t len = mnl_attr_get_payload_len(tb[ADIT_A_FRAME]);

	switch (mnl_attr_get_u8(tb[ADIT_A_CLASS])) {
	case ADIT_PUNT_L2TP:
		return punt_l2tp(k, now, tb, data, len);
	case ADIT_PUNT_PPPOE:
		return punt_pppoe(k, now, tb, data, len);
	case ADIT_PUNT_PPP:
	case ADIT_PUNT_IP6:
		return punt_ppp(k, now, tb, data, len);
	}
	return false;
}

bool event_punt(struct kern *k, msec_t now, const struct nlmsghdr *msg,
		struct kern_link mark[2])
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	const struct genlmsghdr *h = mnl_nlmsg_get_payload(msg);

	if (!event_parse(msg, tb) || h->cmd != ADIT_CMD_PUNT ||
	    !tb[ADIT_A_CLASS]) {
		k->count.rx_malformed++;
		return false;
	}
	if (tb[ADIT_A_HOLD])
		return read_link_nest(tb[ADIT_A_LINK], &mark[0]) &&
		       read_link_nest(tb[ADIT_A_TO_LINK], &mark[1]);
	k->count.rx_missed += get_u32(tb[ADIT_A_MISSED]);
	if (!tb[ADIT_A_FRAME])
		k->count.rx_without_frame++; /* a newer module's */
	else if (!punt(k, now, tb))
		k->count.rx_malformed++;
	return false;
}

/* ------------------------------------------------------------ notifications */

void event_notify(struct kern *k, msec_t now, const struct nlmsghdr *msg)
{
	const struct genlmsghdr *h = mnl_nlmsg_get_payload(msg);
	const struct nlattr *tb[ADIT_A_MAX + 1];
	struct kern_session s;
	struct kern_tunnel t;
	struct kern_pppoe p;
	struct kern_link l;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*h))
		return;
	switch (h->cmd) {
	case ADIT_CMD_TUNNEL_DEL:
		if (event_tunnel(msg, &t))
			k->events->tunnel_gone(k, now, t.id, t.cookie,
					       &t.stats);
		break;
	case ADIT_CMD_SESSION_DEL:
		if (!event_session(msg, &s))
			break;
		l = (struct kern_link){ .kind = KERN_SESSION,
					.tunnel_id = s.tunnel_id,
					.session_id = s.id };
		k->events->link_gone(k, now, &l, s.cookie, &s.stats);
		break;
	case ADIT_CMD_PPPOE_DEL:
		if (event_pppoe(msg, &p))
			k->events->link_gone(k, now, &p.link, p.cookie,
					     &p.stats);
		break;
	case ADIT_CMD_PORT_DEL:
		if (event_parse(msg, tb) && tb[ADIT_A_IFINDEX])
			k->events->port_gone(k, now,
					     get_u32(tb[ADIT_A_IFINDEX]));
		break;
	}
}

void event_stats(struct kern *k, msec_t now, uint8_t cmd,
		 const struct nlmsghdr *msg)
{
	struct kern_session s;
	struct kern_tunnel t;
	struct kern_pppoe p;
	struct kern_link l;

	if (cmd == ADIT_CMD_TUNNEL_GET && event_tunnel(msg, &t))
		k->events->tunnel_stats(k, now, &t);
	if (cmd == ADIT_CMD_SESSION_GET && event_session(msg, &s)) {
		l = (struct kern_link){ .kind = KERN_SESSION,
					.tunnel_id = s.tunnel_id,
					.session_id = s.id };
		k->events->link_stats(k, now, &l, &s.stats);
	}
	if (cmd == ADIT_CMD_PPPOE_GET && event_pppoe(msg, &p))
		k->events->link_stats(k, now, &p.link, &p.stats);
}
