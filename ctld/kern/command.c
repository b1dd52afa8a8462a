/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that do not wait.
 *
 * Messages are written one behind the other into one buffer, which goes to the
 * kernel in pieces of many messages. No NLM_F_ACK: the kernel answers what it
 * refuses anyway. A ring remembers what each sequence number was about.
 *
 * A netlink socket is always writable, so there is nothing to wait for when the
 * kernel had no memory: a short timer tries anew.
 */
#include "kern/command.h"

#include "base/log.h"
#include "kern/nl.h"

#include <errno.h>
#include <linux/adit.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 32768u /* bytes of one sendto */
#define QUEUE_MAX (4u << 20)
#define AGAIN 0.02 /* seconds */

/* ------------------------------------------------------------------- queue */

static bool is_del(uint8_t cmd)
{
	return cmd == ADIT_CMD_TUNNEL_DEL || cmd == ADIT_CMD_SESSION_DEL ||
	       cmd == ADIT_CMD_PPPOE_DEL;
}

static bool is_new(uint8_t cmd)
{
	return cmd == ADIT_CMD_TUNNEL_NEW || cmd == ADIT_CMD_SESSION_NEW ||
	       cmd == ADIT_CMD_PPPOE_NEW;
}

/* Whoever has the id of what was to be removed is a new owner: cookie 0. */
static void refused(struct command *c, msec_t now, const struct command_sent *s,
		    int err, const char *text)
{
	struct kern_refusal r = { .tunnel_id = s->tunnel_id,
				  .link = s->link,
				  .cookie = s->cookie,
				  .made = !is_new(s->cmd),
				  .err = err,
				  .text = text };

	c->kern->events->refused(c->kern, now, &r);
}

static void report_unsent(struct command *c)
{
	msec_t now = clock_now();
	size_t i;

	for (i = 0; i < COMMAND_RING; i++) {
		struct command_sent s = c->ring[i];

		if (!s.unsent)
			continue;
		c->ring[i].unsent = false;
		refused(c, now, &s, -ENOBUFS, "too many requests wait");
	}
}

static void arm(struct command *c)
{
	if (ev_is_active(&c->again))
		return;
	ev_timer_set(&c->again, AGAIN, 0.);
	ev_timer_start(c->kern->loop, &c->again);
}

static void on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	struct command *c = w->data;

	(void)loop;
	(void)events;
	report_unsent(c);
	command_flush(c);
}

void command_init(struct command *c, struct kern *k, int fd, uint16_t family)
{
	memset(c, 0, sizeof(*c));
	c->kern = k;
	c->fd = fd;
	c->family = family;
	ev_init(&c->again, on_again);
	c->again.data = c;
}

void command_stop(struct command *c)
{
	c->dead = true;
	c->out_at = 0;
	c->out_end = 0;
	ev_timer_stop(c->kern->loop, &c->again);
}

void command_fini(struct command *c)
{
	if (!c->kern)
		return;
	command_stop(c);
	free(c->out);
	c->out = NULL;
	c->out_size = 0;
}

/* How many bytes of whole messages go out at once. */
static size_t batch(const struct command *c)
{
	size_t len = 0, next;

	while (c->out_at + len < c->out_end) {
		const struct nlmsghdr *msg =
			(const void *)(c->out + c->out_at + len);

		next = MNL_ALIGN(msg->nlmsg_len);
		if (len && len + next > BATCH_MAX)
			break;
		len += next;
	}
	return len;
}

void command_flush(struct command *c)
{
	while (c->out_at < c->out_end) {
		size_t len = batch(c);
		int rc = knl_send(c->fd, c->out + c->out_at, len);

		if (rc == -EAGAIN || rc == -ENOBUFS || rc == -ENOMEM) {
			arm(c);
			return;
		}
		if (rc)
			log_err("netlink: requests got lost: %s",
				strerror(-rc));
		c->out_at += len;
	}
	c->out_at = 0;
	c->out_end = 0;
}

static bool make_room(struct command *c)
{
	size_t size = c->out_size ? c->out_size : 2 * BATCH_MAX;
	uint8_t *p;

	if (c->out_end + KNL_REQUEST_MAX <= c->out_size)
		return true;
	if (c->out_at) {
		memmove(c->out, c->out + c->out_at, c->out_end - c->out_at);
		c->out_end -= c->out_at;
		c->out_at = 0;
	}
	if (c->out_end + KNL_REQUEST_MAX > QUEUE_MAX)
		return false;
	while (size < c->out_end + KNL_REQUEST_MAX)
		size *= 2;
	if (size == c->out_size)
		return true;
	p = realloc(c->out, size);
	if (!p)
		return false;
	c->out = p;
	c->out_size = size;
	return true;
}

static struct nlmsghdr *start(struct command *c, uint8_t cmd)
{
	return knl_request(c->out + c->out_end, c->family, cmd, 0);
}

/* A request that can be refused: for this tunnel, or for this link. */
static struct nlmsghdr *request(struct command *c, uint8_t cmd,
				uint16_t tunnel_id,
				const struct kern_link *link, uint64_t cookie)
{
	struct command_sent *s;
	struct nlmsghdr *msg;

	if (c->dead)
		return NULL;
	if (!++c->seq)
		c->seq = 1;
	s = &c->ring[c->seq % COMMAND_RING];
	*s = (struct command_sent){ .seq = c->seq,
				    .cmd = cmd,
				    .tunnel_id = tunnel_id,
				    .cookie = cookie };
	if (link) {
		s->link = *link;
		if (link->kind == KERN_SESSION)
			s->tunnel_id = link->tunnel_id;
	}
	if (!make_room(c)) {
		/* Told by the loop: not to a caller that is in the midst. */
		s->unsent = true;
		arm(c);
		return NULL;
	}
	msg = start(c, cmd);
	msg->nlmsg_seq = c->seq;
	return msg;
}

/* A frame to be sent, or NULL: lost. */
static struct nlmsghdr *inject(struct command *c, const void *frame, size_t len)
{
	struct nlmsghdr *msg;

	if (c->dead)
		return NULL;
	if (!len || len > ADIT_FRAME_MAX || !make_room(c)) {
		if (!c->kern->count.tx_dropped++)
			log_warn("netlink: a frame of %zu bytes was not sent",
				 len);
		return NULL;
	}
	msg = start(c, ADIT_CMD_INJECT);
	mnl_attr_put(msg, ADIT_A_FRAME, len, frame);
	return msg;
}

static void done(struct command *c, const struct nlmsghdr *msg)
{
	c->out_end += MNL_ALIGN(msg->nlmsg_len);
	if (c->out_end - c->out_at >= BATCH_MAX && !ev_is_active(&c->again))
		command_flush(c);
}

/* ----------------------------------------------------------------- refusals */

void command_answer(struct command *c, msec_t now, const struct nlmsghdr *msg)
{
	const struct command_sent *slot =
		&c->ring[msg->nlmsg_seq % COMMAND_RING];
	char text[KNL_ERROR_MAX];
	struct command_sent s;
	int rc;

	if (msg->nlmsg_type != NLMSG_ERROR || c->dead)
		return;
	rc = knl_errno(msg);
	if (!rc || !msg->nlmsg_seq) /* frames have 0 */
		return;
	knl_refusal(msg, rc, text);
	if (slot->seq != msg->nlmsg_seq) {
		log_warn("netlink: an old request was refused: %s", text);
		return;
	}
	s = *slot; /* the ring goes on beneath the callback */
	if (is_del(s.cmd) && rc == -ENOENT)
		return;
	refused(c, now, &s, rc, text);
}

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

static void put_ip(struct nlmsghdr *msg, const struct kern_ip *ip)
{
	struct nlattr *addrs, *one;

	mnl_attr_put_u32(msg, ADIT_A_TO_IFINDEX, ip->ifindex);
	if (ip->peer.family) {
		addrs = mnl_attr_nest_start(msg, ADIT_A_ADDRS);
		one = mnl_attr_nest_start(msg, ADIT_A_ADDR);
		put_addr(msg, ADIT_A_PREFIX, &ip->peer);
		mnl_attr_put_u8(msg, ADIT_A_PREFIX_LEN,
				(uint8_t)(addr_len(&ip->peer) * 8));
		mnl_attr_nest_end(msg, one);
		mnl_attr_nest_end(msg, addrs);
	}
	if (ip->mtu)
		mnl_attr_put_u16(msg, ADIT_A_MTU, ip->mtu);
	if (ip->magic)
		mnl_attr_put_u32(msg, ADIT_A_MAGIC, ip->magic);
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

void command_tunnel_new(struct command *c, const struct kern_tunnel *t)
{
	struct nlmsghdr *msg =
		request(c, ADIT_CMD_TUNNEL_NEW, t->id, NULL, t->cookie);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_ENDPOINT_ID, t->endpoint);
	mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, t->id);
	mnl_attr_put_u16(msg, ADIT_A_PEER_TUNNEL_ID, t->peer_id);
	put_addr(msg, ADIT_A_REMOTE, &t->remote.addr);
	mnl_attr_put_u16(msg, ADIT_A_REMOTE_PORT, t->remote.port);
	if (t->ipsec)
		mnl_attr_put_u8(msg, ADIT_A_IPSEC, 1);
	put_from(msg, t);
	put_label(msg, t->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, t->cookie);
	done(c, msg);
}

void command_tunnel_del(struct command *c, uint16_t id)
{
	struct nlmsghdr *msg = request(c, ADIT_CMD_TUNNEL_DEL, id, NULL, 0);

	if (!msg)
		return;
	mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, id);
	mnl_attr_put(msg, ADIT_A_FORCE, 0, NULL);
	done(c, msg);
}

void command_session_new(struct command *c, const struct kern_session *s)
{
	struct kern_link l = session_link(s);
	struct nlmsghdr *msg =
		request(c, ADIT_CMD_SESSION_NEW, 0, &l, s->cookie);

	if (!msg)
		return;
	put_link(msg, &l);
	if (s->peer_id)
		mnl_attr_put_u16(msg, ADIT_A_PEER_SESSION_ID, s->peer_id);
	if (s->seq)
		mnl_attr_put_u8(msg, ADIT_A_SEQ, 1);
	put_label(msg, s->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, s->cookie);
	done(c, msg);
}

void command_session_set(struct command *c, const struct kern_session *s)
{
	struct kern_link l = session_link(s);
	struct nlmsghdr *msg =
		request(c, ADIT_CMD_SESSION_SET, 0, &l, s->cookie);

	if (!msg)
		return;
	put_link(msg, &l);
	if (s->peer_id)
		mnl_attr_put_u16(msg, ADIT_A_PEER_SESSION_ID, s->peer_id);
	mnl_attr_put_u8(msg, ADIT_A_SEQ, s->seq);
	put_label(msg, s->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, s->cookie);
	done(c, msg);
}

void command_pppoe_new(struct command *c, const struct kern_pppoe *p)
{
	struct nlmsghdr *msg =
		request(c, ADIT_CMD_PPPOE_NEW, 0, &p->link, p->cookie);

	if (!msg)
		return;
	put_link(msg, &p->link);
	put_vlan_proto(msg, p->vlan_proto);
	mnl_attr_put(msg, ADIT_A_MAC, sizeof(p->mac), p->mac);
	put_label(msg, p->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, p->cookie);
	done(c, msg);
}

void command_pppoe_set(struct command *c, const struct kern_pppoe *p)
{
	struct nlmsghdr *msg =
		request(c, ADIT_CMD_PPPOE_SET, 0, &p->link, p->cookie);

	if (!msg)
		return;
	put_link(msg, &p->link);
	put_label(msg, p->label);
	mnl_attr_put_u64(msg, ADIT_A_COOKIE, p->cookie);
	done(c, msg);
}

void command_link_del(struct command *c, const struct kern_link *l)
{
	uint8_t cmd = l->kind == KERN_SESSION ? ADIT_CMD_SESSION_DEL :
						ADIT_CMD_PPPOE_DEL;
	struct nlmsghdr *msg;

	if (l->kind == KERN_NO_LINK)
		return;
	msg = request(c, cmd, 0, l, 0);
	if (!msg)
		return;
	put_link(msg, l);
	done(c, msg);
}

void command_bind(struct command *c, const struct kern_link *l, uint64_t cookie,
		  const struct kern_link *to, const struct kern_ip *ip)
{
	struct nlmsghdr *msg = request(c, ADIT_CMD_BIND, 0, l, cookie);

	if (!msg)
		return;
	nest_link(msg, ADIT_A_LINK, l);
	if (to) {
		nest_link(msg, ADIT_A_TO_LINK, to);
		mnl_attr_put(msg, ADIT_A_HOLD, 0, NULL);
	} else if (ip) {
		put_ip(msg, ip);
	}
	done(c, msg);
}

/* As a frame: the binding was asked for before, and is made without us at last. */
void command_bind_held(struct command *c, const struct kern_link mark[2])
{
	struct nlmsghdr *msg;

	if (c->dead || !make_room(c))
		return;
	msg = start(c, ADIT_CMD_BIND);
	nest_link(msg, ADIT_A_LINK, &mark[0]);
	nest_link(msg, ADIT_A_TO_LINK, &mark[1]);
	done(c, msg);
}

/* ------------------------------------------------------------------- frames */

void command_send_l2tp(struct command *c, uint32_t endpoint,
		       const struct addr_port *remote, const void *data,
		       size_t len)
{
	struct nlmsghdr *msg = inject(c, data, len);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_ENDPOINT_ID, endpoint);
	put_addr(msg, ADIT_A_REMOTE, &remote->addr);
	mnl_attr_put_u16(msg, ADIT_A_REMOTE_PORT, remote->port);
	done(c, msg);
}

void command_send_pppoe(struct command *c, const struct kern_eth *to,
			const void *frame, size_t len)
{
	struct nlmsghdr *msg = inject(c, frame, len);

	if (!msg)
		return;
	mnl_attr_put_u32(msg, ADIT_A_IFINDEX, to->ifindex);
	put_vlans(msg, to->vlan_outer, to->vlan_inner);
	put_vlan_proto(msg, to->vlan_proto);
	mnl_attr_put(msg, ADIT_A_MAC, sizeof(to->mac), to->mac);
	done(c, msg);
}

void command_send_ppp(struct command *c, const struct kern_link *l,
		      const void *frame, size_t len)
{
	struct nlmsghdr *msg = inject(c, frame, len);

	if (!msg)
		return;
	nest_link(msg, ADIT_A_LINK, l);
	done(c, msg);
}
