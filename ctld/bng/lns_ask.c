/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lns_ask.h. Called by bng/access and bng/subscriber. */
#include "bng/lns_ask.h"

#include "base/timer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct lns_ask {
	struct lns_waiter waiter;
	struct lns_ask **where;
	msec_t since;
	lns_ask_fn *done;
	void *user;
	size_t n;
	struct aaa_tunnel tunnel[AAA_TUNNELS_MAX];
	size_t size; /* of the text, there are secrets in it */
	char text[];
};

/* Texts of a tunnel. */
static const size_t texts[] = {
	offsetof(struct aaa_tunnel, server),
	offsetof(struct aaa_tunnel, client),
	offsetof(struct aaa_tunnel, server_name),
	offsetof(struct aaa_tunnel, client_name),
	offsetof(struct aaa_tunnel, password),
	offsetof(struct aaa_tunnel, assignment),
	offsetof(struct aaa_tunnel, group),
	offsetof(struct aaa_tunnel, vrf),
};

#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

static const char **text_of(struct aaa_tunnel *t, size_t i)
{
	return (const char **)((char *)t + texts[i]);
}

static size_t size_of(const struct aaa_reply *r)
{
	size_t size = 0;

	for (size_t i = 0; i < r->n_tunnels; i++) {
		struct aaa_tunnel t = r->tunnels[i];

		for (size_t k = 0; k < N_TEXTS; k++)
			if (*text_of(&t, k))
				size += strlen(*text_of(&t, k)) + 1;
	}
	return size;
}

static struct lns_ask *copy(const struct aaa_reply *r)
{
	size_t size = size_of(r), used = 0;
	struct lns_ask *a = calloc(1, sizeof(*a) + size);

	if (!a)
		return NULL;
	a->n = r->n_tunnels;
	a->size = size;
	for (size_t i = 0; i < a->n; i++) {
		a->tunnel[i] = r->tunnels[i];
		for (size_t k = 0; k < N_TEXTS; k++) {
			const char **text = text_of(&a->tunnel[i], k);
			size_t len = *text ? strlen(*text) + 1 : 0;

			if (!len)
				continue;
			memcpy(a->text + used, *text, len);
			*text = a->text + used;
			used += len;
		}
	}
	return a;
}

static void free_ask(struct lns_ask *a)
{
	lns_waiter_stop(&a->waiter);
	explicit_bzero(a->text, a->size);
	free(a);
}

void lns_ask_drop(struct lns_ask **where)
{
	if (!*where)
		return;
	free_ask(*where);
	*where = NULL;
}

/* The first whose answer is still to come; all are asked for. */
static struct lns_name *missing(struct lns_names *names, msec_t since,
				const struct aaa_reply *r)
{
	struct lns_name *first = NULL;
	struct addr a;

	for (size_t i = 0; i < r->n_tunnels; i++) {
		const char *server = r->tunnels[i].server;
		struct lns_name *n = NULL;

		if (addr_parse(server, &a))
			n = lns_name_get(names, server, since);
		if (!first && n && n->asked)
			first = n;
	}
	return first;
}

static void told(struct lns_waiter *w, msec_t now)
{
	struct lns_ask *a = container_of(w, struct lns_ask, waiter);
	const struct aaa_reply r = { .tunnels = a->tunnel, .n_tunnels = a->n };

	*a->where = NULL;
	a->done(a->user, now, &r, a->since);
	free_ask(a);
}

bool lns_ask(struct lns_ask **where, struct lns_names *names, msec_t since,
	     const struct aaa_reply *tunnels, lns_ask_fn *done, void *user)
{
	struct lns_name *n = missing(names, since, tunnels);
	struct lns_ask *a = n ? copy(tunnels) : NULL;

	if (!a)
		return false;
	lns_ask_drop(where);
	a->where = where;
	a->since = since;
	a->done = done;
	a->user = user;
	a->waiter.told = told;
	lns_name_wait(n, &a->waiter);
	*where = a;
	return true;
}
