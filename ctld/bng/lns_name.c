/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lns_name.h. Called by bng/lns_ask, bng/route and bng/bng. */
#include "bng/lns_name.h"

#include "base/log.h"
#include "base/timer.h"

#include <stdlib.h>
#include <string.h>

void lns_names_init(struct lns_names *ns, struct kern *kern, uint32_t first_id)
{
	*ns = (struct lns_names){ .kern = kern,
				  .first_id = first_id,
				  .next_id = first_id };
	TAILQ_INIT(&ns->all);
}

static void drop(struct lns_names *ns, struct lns_name *n)
{
	struct lns_waiter *w;

	while ((w = TAILQ_FIRST(&n->waiters)))
		lns_waiter_stop(w);
	TAILQ_REMOVE(&ns->all, n, next);
	ns->n--;
	free(n);
}

void lns_names_free(struct lns_names *ns)
{
	while (ns->n)
		drop(ns, TAILQ_FIRST(&ns->all));
}

bool lns_name_good(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_.";
	size_t len = strlen(name);

	return len && len <= LNS_NAME_LEN && name[0] != '.' &&
	       strspn(name, letters) == len;
}

static struct lns_name *find(const struct lns_names *ns, const char *name)
{
	struct lns_name *n;

	TAILQ_FOREACH(n, &ns->all, next)
	if (!strcmp(n->name, name))
		break;
	return n;
}

const struct lns_name *lns_name_find(const struct lns_names *ns,
				     const char *name)
{
	return find(ns, name);
}

/* For one more; false: all are being asked for. */
static bool make_room(struct lns_names *ns)
{
	struct lns_name *n;

	if (ns->n < LNS_NAMES_MAX)
		return true;
	TAILQ_FOREACH(n, &ns->all, next)
	if (!n->asked) {
		drop(ns, n);
		return true;
	}
	return false;
}

static struct lns_name *make(struct lns_names *ns, const char *name)
{
	struct lns_name *n = make_room(ns) ? calloc(1, sizeof(*n)) : NULL;

	if (!n)
		return NULL;
	memcpy(n->name, name, strlen(name));
	TAILQ_INIT(&n->waiters);
	TAILQ_INSERT_TAIL(&ns->all, n, next);
	ns->n++;
	return n;
}

static bool ask(struct lns_names *ns, struct lns_name *n)
{
	if (ns->next_id < ns->first_id)
		ns->next_id = ns->first_id;
	n->id = ns->next_id++;
	n->asked = !kern_resolve(ns->kern, n->name, AF_UNSPEC, n->id);
	return n->asked;
}

struct lns_name *lns_name_get(struct lns_names *ns, const char *name, msec_t at)
{
	struct lns_name *n = lns_name_good(name) ? find(ns, name) : NULL;

	if (!n && lns_name_good(name))
		n = make(ns, name);
	if (!n)
		return NULL;
	TAILQ_REMOVE(&ns->all, n, next);
	TAILQ_INSERT_TAIL(&ns->all, n, next);
	return n->asked || at < n->until || ask(ns, n) ? n : NULL;
}

void lns_name_wait(struct lns_name *n, struct lns_waiter *w)
{
	lns_waiter_stop(w);
	w->of = n;
	TAILQ_INSERT_TAIL(&n->waiters, w, next);
}

void lns_waiter_stop(struct lns_waiter *w)
{
	if (w->of)
		TAILQ_REMOVE(&w->of->waiters, w, next);
	w->of = NULL;
}

/* Those who wait now; the name may be gone behind any of them. */
static void tell(struct lns_name *n, msec_t now)
{
	struct lns_name told = { .asked = false };
	struct lns_waiter *w;

	TAILQ_INIT(&told.waiters);
	while ((w = TAILQ_FIRST(&n->waiters)))
		lns_name_wait(&told, w);
	while ((w = TAILQ_FIRST(&told.waiters))) {
		lns_waiter_stop(w);
		w->told(w, now);
	}
}

static void failed(struct lns_name *n, msec_t now, const char *why)
{
	n->until = now + LNS_NAME_SHORT;
	if (n->failing)
		return;
	n->failing = true;
	log_warn("LNS %s: no address: %s%s", n->name, why,
		 n->found.n ? "; the last one counts" : "");
}

void lns_name_resolved(struct lns_names *ns, msec_t now, uint32_t id,
		       const struct kern_resolved *found)
{
	msec_t ttl = SECONDS(found->ttl);
	struct lns_name *n;

	TAILQ_FOREACH(n, &ns->all, next)
	if (n->asked && n->id == id)
		break;
	if (!n)
		return;
	n->asked = false;
	if (found->error) {
		failed(n, now, found->error);
	} else {
		n->found = *found;
		n->failing = false;
		n->until = now + msec_min(msec_max(ttl, LNS_NAME_SHORT),
					  LNS_NAME_LONG);
	}
	tell(n, now);
}
