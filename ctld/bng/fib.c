/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fib.h. Called by bng/network, bng/reach and state/restore. */
#include "bng/fib.h"

#include "base/log.h"
#include "base/timer.h"
#include "kern/route_found.h"

#include <stdlib.h>
#include <string.h>

struct fib_route {
	struct hash_node node;
	LIST_ENTRY(fib_route) next;
	const struct fib_list *owner;
	struct kern_route route;
	bool wanted;
	bool refused;
};

struct fib_before {
	struct hash_node node;
	struct kern_route route;
};

void fib_init(struct fib *f, struct kern *k)
{
	f->kern = k;
	hash_init(&f->routes);
	hash_init(&f->before);
}

static void forget(struct fib *f, struct fib_before *b)
{
	hash_del(&f->before, &b->node);
	free(b);
}

static void forget_all(struct fib *f)
{
	for (size_t i = 0; i < f->before.size; i++)
		while (f->before.slot[i])
			forget(f, container_of(f->before.slot[i],
					       struct fib_before, node));
}

void fib_free(struct fib *f)
{
	forget_all(f);
	hash_free(&f->before);
	hash_free(&f->routes);
}

static bool same_prefix(const struct kern_route *a, const struct kern_route *b)
{
	return a->table == b->table && a->to.len == b->to.len &&
	       addr_eq(&a->to.net, &b->to.net);
}

static uint64_t key_of(const struct kern_route *r)
{
	uint8_t b[16 + 1 + sizeof(r->table)];

	memcpy(b, r->to.net.b, 16);
	b[16] = r->to.len;
	memcpy(b + 17, &r->table, sizeof(r->table));
	return hash_bytes(b, sizeof(b));
}

static struct fib_route *find(const struct fib *f, const struct kern_route *r)
{
	struct hash_node *node = hash_find(&f->routes, key_of(r));

	for (; node; node = hash_next(node)) {
		struct fib_route *found =
			container_of(node, struct fib_route, node);

		if (same_prefix(&found->route, r))
			return found;
	}
	return NULL;
}

static bool same_metric(const struct kern_route *a, const struct kern_route *b)
{
	return kern_route_metric(a) == kern_route_metric(b);
}

static struct fib_before *find_before(const struct fib *f,
				      const struct kern_route *r)
{
	struct hash_node *node = hash_find(&f->before, key_of(r));

	for (; node; node = hash_next(node)) {
		struct fib_before *b =
			container_of(node, struct fib_before, node);

		if (same_prefix(&b->route, r) && same_metric(&b->route, r))
			return b;
	}
	return NULL;
}

void fib_had(struct fib *f, const struct kern_route *r)
{
	struct fib_before *b = malloc(sizeof(*b));

	if (!b)
		abort();
	b->route = *r;
	hash_add(&f->before, &b->node, key_of(r));
}

/* The kernel puts none over another, so one of ours that leads elsewhere goes first. */
static void put(struct fib *f, const struct kern_route *want)
{
	struct fib_before *b = find_before(f, want);
	bool there = b && b->route.ifindex == want->ifindex;

	if (b && !there)
		kern_route_del(f->kern, &b->route);
	if (b)
		forget(f, b);
	if (!there)
		kern_route_add(f->kern, want);
}

static void add(struct fib *f, struct fib_list *list,
		const struct kern_route *want)
{
	struct fib_route *r = malloc(sizeof(*r));

	if (!r) {
		log_err("routes: out of memory");
		return;
	}
	*r = (struct fib_route){ .owner = list,
				 .route = *want,
				 .wanted = true };
	hash_add(&f->routes, &r->node, key_of(want));
	LIST_INSERT_HEAD(list, r, next);
	put(f, want);
}

/* It has the prefix already: to another device, with another metric. */
static void change(struct fib *f, struct fib_route *r,
		   const struct kern_route *want)
{
	struct kern_route old = r->route;

	r->wanted = true;
	if (old.ifindex == want->ifindex && same_metric(&old, want))
		return;
	r->route = *want;
	r->refused = false;
	if (same_metric(&old, want))
		kern_route_del(f->kern, &old);
	put(f, want);
	if (!same_metric(&old, want))
		kern_route_del(f->kern, &old);
}

/* Those of the list that are not wanted, or all. */
static void prune(struct fib *f, struct fib_list *list, bool all, bool remove)
{
	struct fib_route *r, *next;

	for (r = LIST_FIRST(list); r; r = next) {
		next = LIST_NEXT(r, next);
		if (!all && r->wanted)
			continue;
		LIST_REMOVE(r, next);
		hash_del(&f->routes, &r->node);
		if (remove)
			kern_route_del(f->kern, &r->route);
		free(r);
	}
}

unsigned int fib_set(struct fib *f, struct fib_list *list,
		     const struct kern_route *want, size_t n)
{
	unsigned int taken = 0;
	struct fib_route *r;

	LIST_FOREACH(r, list, next)
	r->wanted = false;
	for (size_t i = 0; i < n; i++) {
		r = find(f, &want[i]);
		if (!r)
			add(f, list, &want[i]);
		else if (r->owner == list)
			change(f, r, &want[i]);
		else
			taken++;
	}
	prune(f, list, false, true);
	return taken;
}

bool fib_taken(const struct fib *f, const struct fib_list *list, uint32_t table,
	       const struct kern_prefix *to)
{
	const struct kern_route route = { .to = *to, .table = table };
	const struct fib_route *r = find(f, &route);

	return r && r->owner != list;
}

bool fib_covers(const struct fib_list *list, const struct kern_route *r)
{
	const struct fib_route *f;

	LIST_FOREACH(f, list, next)
	if (f->route.table == r->table && f->route.ifindex == r->ifindex &&
	    f->route.to.len <= r->to.len &&
	    addr_in(&r->to.net, &f->route.to.net, f->route.to.len))
		return true;
	return false;
}

void fib_drop(struct fib *f, struct fib_list *list, bool remove)
{
	prune(f, list, true, remove);
}

static bool note(void *ctx, const struct kern_route *r)
{
	fib_had(ctx, r);
	return true;
}

void fib_open(struct fib *f)
{
	char err[ROUTE_ERROR_MAX] = "";

	if (route_sweep(note, f, err) < 0)
		log_warn("restart: routes of before are not known: %s", err);
}

bool fib_wants(const struct fib *f, const struct kern_route *r)
{
	const struct fib_route *own = find(f, r);

	return own && own->route.ifindex == r->ifindex &&
	       same_metric(&own->route, r);
}

void fib_refused(struct fib *f, const struct kern_route *r)
{
	struct fib_route *own = find(f, r);

	if (!own || !fib_wants(f, r))
		return;
	own->refused = true;
	f->refused = true;
}

static void ask_again(struct fib *f, struct fib_route *r)
{
	struct kern_route route = r->route;

	r->refused = false;
	route.again = true;
	kern_route_add(f->kern, &route);
}

void fib_again(struct fib *f)
{
	if (!f->refused)
		return;
	f->refused = false;
	for (size_t i = 0; i < f->routes.size; i++)
		for (struct hash_node *n = f->routes.slot[i]; n; n = n->next) {
			struct fib_route *r =
				container_of(n, struct fib_route, node);

			if (r->refused)
				ask_again(f, r);
		}
}

static bool is_ours(void *ctx, const struct kern_route *r)
{
	return fib_wants(ctx, r);
}

void fib_sweep(struct fib *f)
{
	char err[ROUTE_ERROR_MAX] = "";
	int n = route_sweep(is_ours, f, err);

	forget_all(f);
	if (n < 0)
		log_warn("restart: routes of before stay: %s", err);
	else if (n)
		log_info("restart: removed %d routes of nobody", n);
}
