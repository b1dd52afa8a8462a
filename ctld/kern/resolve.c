/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ups of names; see resolve.h. Each has a channel of its own, so that each reads
 * /etc/resolv.conf as it is now. What came of it is told from the loop, never from
 * within the call that asked.
 */
#include "kern/resolve.h"

#include "base/timer.h"

#include <ares.h>
#include <errno.h>
#include <ev.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define TIMEOUT 2000 /* ms that a DNS server has, the first time */
#define TRIES 2 /* of each server */

struct lookup_socket {
	SLIST_ENTRY(lookup_socket) next;
	ev_io io;
};

struct lookup {
	LIST_ENTRY(lookup) next;
	struct kern *kern;
	uint32_t id;
	ares_channel channel;
	ev_timer timer;
	SLIST_HEAD(, lookup_socket) sockets;
	bool done;
	struct kern_resolved result;
};

struct lookups {
	LIST_HEAD(, lookup) all;
};

static void free_lookup(struct lookup *l)
{
	struct lookup_socket *s;

	l->done = true;
	ares_destroy(l->channel);
	ares_library_cleanup();
	while ((s = SLIST_FIRST(&l->sockets))) {
		SLIST_REMOVE_HEAD(&l->sockets, next);
		ev_io_stop(l->kern->loop, &s->io);
		free(s);
	}
	ev_timer_stop(l->kern->loop, &l->timer);
	LIST_REMOVE(l, next);
	free(l);
}

/* When c-ares, or we, have to look again. */
static void settle(struct lookup *l)
{
	struct timeval tv;
	struct timeval *next = ares_timeout(l->channel, NULL, &tv);
	double wait = 0;

	if (!l->done && next)
		wait = (double)next->tv_sec + (double)next->tv_usec / 1e6;
	ev_timer_stop(l->kern->loop, &l->timer);
	ev_timer_set(&l->timer, wait, 0);
	ev_timer_start(l->kern->loop, &l->timer);
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	struct lookup *l = w->data;

	(void)loop;
	(void)events;
	if (l->done) {
		l->kern->events->resolved(l->kern, clock_now(), l->id,
					  &l->result);
		free_lookup(l);
		return;
	}
	ares_process_fd(l->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	settle(l);
}

static void on_socket(struct ev_loop *loop, ev_io *w, int events)
{
	struct lookup *l = w->data;
	int fd = w->fd; /* w may be gone then */

	(void)loop;
	ares_process_fd(l->channel, events & EV_READ ? fd : ARES_SOCKET_BAD,
			events & EV_WRITE ? fd : ARES_SOCKET_BAD);
	settle(l);
}

/* c-ares: this is what it wants to hear of a socket; nothing: it closes it. */
static void on_wanted(void *user, ares_socket_t fd, int readable, int writable)
{
	struct lookup *l = user;
	int events = (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0);
	struct lookup_socket *s;

	SLIST_FOREACH(s, &l->sockets, next)
	if (s->io.fd == fd)
		break;
	if (s) {
		ev_io_stop(l->kern->loop, &s->io);
	} else {
		s = calloc(1, sizeof(*s));
		if (!s)
			return; /* it times out */
		ev_init(&s->io, on_socket);
		s->io.data = l;
		SLIST_INSERT_HEAD(&l->sockets, s, next);
	}
	if (events) {
		ev_io_set(&s->io, fd, events);
		ev_io_start(l->kern->loop, &s->io);
		return;
	}
	SLIST_REMOVE(&l->sockets, s, lookup_socket, next);
	free(s);
}

static void take_address(struct kern_resolved *r,
			 const struct ares_addrinfo_node *n)
{
	struct addr_port a;

	if (r->n == KERN_RESOLVED_MAX || addr_from_sockaddr(n->ai_addr, &a))
		return;
	if (!r->n || (unsigned int)n->ai_ttl < r->ttl)
		r->ttl = n->ai_ttl > 0 ? (unsigned int)n->ai_ttl : 0;
	r->addr[r->n++] = a.addr;
}

static void on_answer(void *user, int status, int timeouts,
		      struct ares_addrinfo *info)
{
	struct lookup *l = user;
	const struct ares_addrinfo_node *n;

	(void)timeouts;
	if (l->done)
		return; /* it is taken back */
	l->done = true;
	for (n = info ? info->nodes : NULL; n; n = n->ai_next)
		take_address(&l->result, n);
	if (info)
		ares_freeaddrinfo(info);
	if (!l->result.n)
		l->result.error = ares_strerror(status ? status : ARES_ENODATA);
}

static int open_channel(struct lookup *l)
{
	struct ares_options o = { .timeout = TIMEOUT,
				  .tries = TRIES,
				  .sock_state_cb = on_wanted,
				  .sock_state_cb_data = l };

	if (ares_library_init(ARES_LIB_INIT_ALL))
		return -ENOMEM;
	if (!ares_init_options(&l->channel, &o,
			       ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
				       ARES_OPT_SOCK_STATE_CB))
		return 0;
	ares_library_cleanup();
	return -ENOMEM;
}

int resolve_start(struct kern *k, const char *host, int family, uint32_t id)
{
	struct ares_addrinfo_hints hints = { .ai_family = family,
					     .ai_socktype = SOCK_DGRAM };
	struct lookup *l = calloc(1, sizeof(*l));

	if (!k->lookups)
		k->lookups = calloc(1, sizeof(*k->lookups));
	if (!l || !k->lookups)
		goto failed;
	l->kern = k;
	l->id = id;
	ev_init(&l->timer, on_timer);
	l->timer.data = l;
	if (open_channel(l))
		goto failed;
	LIST_INSERT_HEAD(&k->lookups->all, l, next);
	ares_getaddrinfo(l->channel, host, NULL, &hints, on_answer, l);
	settle(l);
	return 0;
failed:
	free(l);
	return -ENOMEM;
}

void resolve_close(struct kern *k)
{
	struct lookup *l;

	if (!k->lookups)
		return;
	while ((l = LIST_FIRST(&k->lookups->all)))
		free_lookup(l);
	free(k->lookups);
	k->lookups = NULL;
}
