/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own addresses in a hash, one entry a device; see local.h. Events are taken as
 * they come. If some were lost, a new list is asked for: what it does not name any
 * more goes when it ends.
 */
#include "kern/local.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/timer.h"
#include "kern/nl.h"

#include <errno.h>
#include <ev.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct hash_node node;
	struct addr addr;
	uint32_t ifindex;
	uint32_t round; /* of lists: when it was last heard of */
};

struct local {
	struct hash table;
	struct ev_loop *loop;
	ev_io io;
	int fd;
	uint32_t round;
	enum {
		LIST_WHOLE, /* that of this round */
		LIST_ASKED, /* nothing of it has come: what comes is older */
		LIST_COMES,
	} list;
	bool lost; /* more events, since it was asked for */
	uint8_t data[KNL_READ_MAX] __attribute__((aligned(8)));
};

static uint64_t key_of(const struct addr *a)
{
	return hash_bytes(a->b, addr_len(a));
}

static struct entry *find(const struct local *l, const struct addr *a,
			  uint32_t ifindex)
{
	struct hash_node *n = hash_find(&l->table, key_of(a));

	for (; n; n = hash_next(n)) {
		struct entry *e = container_of(n, struct entry, node);

		if (addr_eq(&e->addr, a) && (!ifindex || e->ifindex == ifindex))
			return e;
	}
	return NULL;
}

bool local_has(const struct local *l, const struct addr *a)
{
	if (a->family == AF_INET && a->b[0] == 127)
		return true;
	return find(l, a, 0);
}

static void drop(struct local *l, struct entry *e)
{
	hash_del(&l->table, &e->node);
	free(e);
}

static void add(struct local *l, const struct addr *a, uint32_t ifindex)
{
	struct entry *e = find(l, a, ifindex);

	if (!e) {
		e = calloc(1, sizeof(*e));
		if (!e)
			return;
		e->addr = *a;
		e->ifindex = ifindex;
		hash_add(&l->table, &e->node, key_of(a));
	}
	/* An older event proves nothing: the one that undid it may be lost. */
	e->round = l->list == LIST_ASKED ? l->round - 1 : l->round;
}

/* The list is whole: entries that it did not name are gone. */
static void sweep(struct local *l)
{
	for (size_t i = 0; i < l->table.size; i++) {
		struct hash_node *n = l->table.slot[i];

		while (n) {
			struct entry *e = container_of(n, struct entry, node);

			n = n->next;
			if (e->round != l->round)
				drop(l, e);
		}
	}
}

/* ------------------------------------------------------------------ messages */

/* On a point-to-point device IFA_LOCAL is ours and IFA_ADDRESS the other end's. */
static bool read_addr(const struct nlmsghdr *msg, struct addr *out,
		      uint32_t *ifindex)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(msg);
	const struct nlattr *a, *ours = NULL;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*ifa))
		return false;
	mnl_attr_for_each(a, msg, sizeof(*ifa)) {
		if (mnl_attr_get_type(a) == IFA_LOCAL ||
		    (mnl_attr_get_type(a) == IFA_ADDRESS && !ours))
			ours = a;
	}
	*out = (struct addr){ .family = ifa->ifa_family };
	if (!ours || !addr_len(out) ||
	    mnl_attr_get_payload_len(ours) != addr_len(out))
		return false;
	memcpy(out->b, mnl_attr_get_payload(ours), addr_len(out));
	*ifindex = ifa->ifa_index;
	return true;
}

static void take(const struct nlmsghdr *msg, void *ctx)
{
	struct local *l = ctx;
	uint32_t ifindex;
	struct entry *e;
	struct addr a;

	if ((msg->nlmsg_type != RTM_NEWADDR &&
	     msg->nlmsg_type != RTM_DELADDR) ||
	    !read_addr(msg, &a, &ifindex))
		return;
	if (msg->nlmsg_type == RTM_NEWADDR) {
		add(l, &a, ifindex);
		return;
	}
	e = find(l, &a, ifindex);
	if (e)
		drop(l, e);
}

static struct nlmsghdr *list_request(struct local *l, void *to)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(to);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(msg, sizeof(*ifa));

	msg->nlmsg_type = RTM_GETADDR;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	msg->nlmsg_seq = ++l->round;
	ifa->ifa_family = AF_UNSPEC;
	return msg;
}

/* One list at a time: the kernel makes no second one meanwhile, and says so in a
 * message that a full socket loses, which is one more loss.
 */
static void ask_again(struct local *l)
{
	uint8_t request[64] __attribute__((aligned(8)));
	const struct nlmsghdr *msg;

	l->lost = l->list != LIST_WHOLE;
	if (l->lost)
		return;
	msg = list_request(l, request);
	if (knl_send(l->fd, msg, msg->nlmsg_len))
		log_warn("addresses: rtnetlink does not take a request");
	else
		l->list = LIST_ASKED;
}

static void list_ended(struct local *l, bool whole)
{
	l->list = LIST_WHOLE;
	if (whole && !l->lost)
		sweep(l);
	else
		ask_again(l);
}

/* A full socket only puts the list off: it begins when there is room. */
static void list_refused(struct local *l, const struct nlmsghdr *msg)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*e) || !e->error ||
	    e->error == -ENOBUFS)
		return;
	log_warn("addresses: no list: %s", strerror(-e->error));
	l->list = LIST_WHOLE;
}

void local_input(struct local *l, const void *data, size_t len)
{
	const struct nlmsghdr *msg = data;
	int left = (int)len;

	for (; mnl_nlmsg_ok(msg, left); msg = mnl_nlmsg_next(msg, &left)) {
		bool listed = msg->nlmsg_flags & NLM_F_MULTI &&
			      msg->nlmsg_seq == l->round;

		if (listed && l->list == LIST_ASKED)
			l->list = LIST_COMES;
		take(msg, l);
		if (msg->nlmsg_seq != l->round)
			continue;
		if (msg->nlmsg_type == NLMSG_DONE)
			list_ended(l, !(msg->nlmsg_flags & NLM_F_DUMP_INTR));
		else if (msg->nlmsg_type == NLMSG_ERROR)
			list_refused(l, msg);
	}
}

static void on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct local *l = w->data;
	int n = knl_receive(l->fd, l->data);

	(void)loop, (void)revents;
	if (n == -ENOBUFS)
		ask_again(l);
	else if (n > 0)
		local_input(l, l->data, (size_t)n);
}

/* ---------------------------------------------------------------------- open */

/* Events first, then the list: nothing falls between. */
static int start(struct local *l, char err[LOCAL_ERROR_MAX])
{
	uint8_t request[64] __attribute__((aligned(8)));
	int fd, rc = -EINTR;

	l->fd = knl_open(NETLINK_ROUTE, false);
	if (l->fd < 0)
		return l->fd;
	if (knl_join(l->fd, RTNLGRP_IPV4_IFADDR) ||
	    knl_join(l->fd, RTNLGRP_IPV6_IFADDR) || knl_nonblock(l->fd))
		return -EIO;
	fd = knl_open(NETLINK_ROUTE, false);
	if (fd < 0)
		return fd;
	/* Disturbed lists are read anew; what they missed is an event. */
	for (int i = 0; i < 3 && rc == -EINTR; i++)
		rc = knl_talk(fd, list_request(l, request), take, l, err);
	knl_close(fd);
	return rc == -EINTR ? 0 : rc;
}

struct local *local_open(struct ev_loop *loop, char err[LOCAL_ERROR_MAX])
{
	struct local *l = calloc(1, sizeof(*l));
	char text[LOCAL_ERROR_MAX] = "";
	int rc = -ENOMEM;

	if (l) {
		hash_init(&l->table);
		l->loop = loop;
		rc = start(l, text);
	}
	if (rc) {
		snprintf(err, LOCAL_ERROR_MAX, "addresses of ours: %.120s",
			 text[0] ? text : strerror(-rc));
		local_close(l);
		return NULL;
	}
	ev_io_init(&l->io, on_readable, l->fd, EV_READ);
	l->io.data = l;
	ev_io_start(loop, &l->io);
	return l;
}

void local_close(struct local *l)
{
	if (!l)
		return;
	if (l->io.data)
		ev_io_stop(l->loop, &l->io);
	knl_close(l->fd);
	l->round++;
	sweep(l);
	hash_free(&l->table);
	free(l);
}
