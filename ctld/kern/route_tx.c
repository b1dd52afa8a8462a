/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of rtnetlink requests; see route_tx.h. Without NLM_F_ACK the kernel
 * answers what it refuses; a ring remembers what each was about. Messages are built
 * by hand, as the device's kind and the master are none of libnl-route's.
 */
#include "kern/route_tx.h"

#include "base/log.h"
#include "kern/nl.h"
#include "kern/route_msg.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 512u
#define BATCH_MAX 32768u /* bytes of one sendto */
#define QUEUE_MAX (4u << 20)
#define AGAIN 0.02 /* seconds */

/* ------------------------------------------------------------------- queue */

/* Room for a message, or NULL: it is lost, and counted. */
static struct nlmsghdr *start(struct route_tx *r, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *msg;
	uint8_t *p;

	if (r->out_end + MESSAGE_MAX > r->out_size) {
		size_t size = r->out_size ? 2 * r->out_size : BATCH_MAX;

		p = size > QUEUE_MAX ? NULL : realloc(r->out, size);
		if (!p) {
			if (!r->kern->count.route_lost++)
				log_warn("netlink: too many routes wait");
			return NULL;
		}
		r->out = p;
		r->out_size = size;
	}
	msg = mnl_nlmsg_put_header(r->out + r->out_end);
	msg->nlmsg_type = type;
	msg->nlmsg_flags = NLM_F_REQUEST | flags;
	if (!++r->seq)
		r->seq = 1;
	msg->nlmsg_seq = r->seq;
	return msg;
}

static void done(struct route_tx *r, const struct nlmsghdr *msg,
		 const struct kern_route *of)
{
	r->ring[r->seq % ROUTE_TX_RING] = (struct route_sent){
		.seq = r->seq, .type = msg->nlmsg_type, .of = *of
	};
	r->out_end += MNL_ALIGN(msg->nlmsg_len);
	if (r->out_end >= BATCH_MAX)
		route_tx_flush(r);
}

/* How many bytes of whole messages go out at once. */
static size_t batch(const struct route_tx *r, size_t at)
{
	size_t len = 0, next;

	while (at + len < r->out_end) {
		const struct nlmsghdr *msg = (const void *)(r->out + at + len);

		next = MNL_ALIGN(msg->nlmsg_len);
		if (len && len + next > BATCH_MAX)
			break;
		len += next;
	}
	return len;
}

void route_tx_flush(struct route_tx *r)
{
	size_t at = 0;

	while (at < r->out_end) {
		size_t len = batch(r, at);
		int rc = knl_send(r->fd, r->out + at, len);

		if (rc == -EAGAIN || rc == -ENOBUFS || rc == -ENOMEM) {
			if (!ev_is_active(&r->again)) {
				ev_timer_set(&r->again, AGAIN, 0.);
				ev_timer_start(r->kern->loop, &r->again);
			}
			break;
		}
		if (rc) {
			r->kern->count.route_lost++;
			log_err("netlink: routes got lost: %s", strerror(-rc));
		}
		at += len;
	}
	r->out_end -= at;
	if (r->out_end)
		memmove(r->out, r->out + at, r->out_end);
}

static void on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	route_tx_flush(w->data);
}

/* ----------------------------------------------------------------- refusals */

/* What goes by itself, or is as it is to be. */
static bool is_fine(uint16_t type, int rc)
{
	if (type == RTM_DELROUTE)
		return rc == -ESRCH || rc == -ENODEV;
	if (type == RTM_DELLINK)
		return rc == -ENODEV;
	return type == RTM_NEWADDR && rc == -EEXIST;
}

static void refused(struct route_tx *r, const struct nlmsghdr *msg, int rc)
{
	const struct route_sent *s = &r->ring[msg->nlmsg_seq % ROUTE_TX_RING];
	char text[KNL_ERROR_MAX], at[ADDR_STRLEN], name[IF_NAMESIZE] = "?";
	const struct kern_route *of = &s->of;

	if (s->seq == msg->nlmsg_seq && is_fine(s->type, rc))
		return;
	if (s->seq == msg->nlmsg_seq && s->type == RTM_NEWROUTE &&
	    r->kern->events)
		r->kern->events->route_refused(r->kern, of);
	if (s->seq == msg->nlmsg_seq && of->again)
		return;
	r->kern->count.route_refused++;
	knl_refusal(msg, rc, text);
	if (s->seq != msg->nlmsg_seq) {
		log_warn("netlink: an old route was refused: %s", text);
		return;
	}
	if_indextoname(of->ifindex, name);
	if (s->type == RTM_NEWLINK || s->type == RTM_DELLINK)
		log_warn("device %u: refused by the kernel: %s", of->ifindex,
			 text);
	else
		log_warn("%s %s/%u dev %s: refused by the kernel: %s",
			 s->type == RTM_NEWADDR ? "address" : "route",
			 addr_str(&of->to.net, at), of->to.len, name, text);
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	static uint8_t data[KNL_READ_MAX] __attribute__((aligned(8)));
	struct route_tx *r = w->data;
	int len;

	(void)loop;
	(void)events;
	while ((len = knl_receive(r->fd, data)) > 0 || len == -ENOBUFS) {
		const struct nlmsghdr *msg = (const void *)data;

		if (len == -ENOBUFS) {
			r->kern->count.route_refused++;
			continue;
		}
		for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len))
			if (msg->nlmsg_type == NLMSG_ERROR && knl_errno(msg))
				refused(r, msg, knl_errno(msg));
	}
}

/* ----------------------------------------------------------------- requests */

void route_tx_route(struct route_tx *r, const struct kern_route *route,
		    bool add)
{
	struct nlmsghdr *msg =
		add ? start(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL) :
		      start(r, RTM_DELROUTE, 0);

	if (!msg)
		return;
	route_msg_route(msg, route);
	done(r, msg, route);
}

static void put_address(struct route_tx *r, uint32_t ifindex,
			const struct addr *local, const struct addr *peer)
{
	struct kern_route at = {
		.to = { .net = *local, .len = (uint8_t)(addr_len(local) * 8) },
		.ifindex = ifindex
	};
	struct nlmsghdr *msg =
		start(r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
	struct ifaddrmsg *a;

	if (!msg)
		return;
	a = mnl_nlmsg_put_extra_header(msg, sizeof(*a));
	a->ifa_family = local->family;
	a->ifa_prefixlen = at.to.len;
	a->ifa_index = ifindex;
	mnl_attr_put(msg, IFA_LOCAL, addr_len(local), local->b);
	if (peer->family)
		mnl_attr_put(msg, IFA_ADDRESS, addr_len(peer), peer->b);
	done(r, msg, &at);
}

void route_tx_device_new(struct route_tx *r, const struct kern_device *d)
{
	static const struct addr none;
	struct nlmsghdr *msg = start(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);

	if (!msg)
		return;
	route_msg_device(msg, d);
	done(r, msg, &(struct kern_route){ .ifindex = d->ifindex });
	if (d->local.family)
		put_address(r, d->ifindex, &d->local, &d->peer);
	if (d->local6.family)
		put_address(r, d->ifindex, &d->local6, &none);
	route_tx_flush(r);
}

void route_tx_device_del(struct route_tx *r, uint32_t ifindex)
{
	struct nlmsghdr *msg = start(r, RTM_DELLINK, 0);
	struct ifinfomsg *info;

	if (!msg)
		return;
	info = mnl_nlmsg_put_extra_header(msg, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)ifindex;
	done(r, msg, &(struct kern_route){ .ifindex = ifindex });
}

/* ----------------------------------------------------------- open and close */

int route_tx_open(struct route_tx *r, struct kern *k)
{
	int rc;

	memset(r, 0, sizeof(*r));
	r->kern = k;
	r->fd = knl_open(NETLINK_ROUTE, false);
	if (r->fd < 0)
		return r->fd;
	rc = knl_nonblock(r->fd);
	if (rc) {
		knl_close(r->fd);
		r->fd = -1;
		return rc;
	}
	ev_io_init(&r->io, on_readable, r->fd, EV_READ);
	r->io.data = r;
	ev_io_start(k->loop, &r->io);
	ev_init(&r->again, on_again);
	r->again.data = r;
	return 0;
}

void route_tx_close(struct route_tx *r)
{
	if (!r->kern || r->fd < 0)
		return;
	route_tx_flush(r);
	ev_io_stop(r->kern->loop, &r->io);
	ev_timer_stop(r->kern->loop, &r->again);
	knl_close(r->fd);
	free(r->out);
	r->out = NULL;
	r->fd = -1;
}
