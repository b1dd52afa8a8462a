/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lockout.h. Called by bng/outage. */
#include "bng/lockout.h"

#include "base/timer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *lockout_state_name(enum lockout_state s)
{
	static const char *const name[LOCKOUT_STATES] = {
		[LOCKOUT_LOCKED] = "locked",
		[LOCKOUT_WAITING] = "awaiting-test",
		[LOCKOUT_TESTING] = "testing",
	};

	return name[s];
}

const char *lockout_str(const struct lockout *l,
			char out[L2TP_DESTINATION_STRLEN])
{
	char at[ADDR_STRLEN];

	snprintf(out, L2TP_DESTINATION_STRLEN, "%s%s%s", l->vrf,
		 l->vrf[0] ? "/" : "", addr_str(&l->remote, at));
	return out;
}

static uint64_t key_of(const char *vrf, const struct addr *remote)
{
	uint8_t b[L2TP_VRF_MAX + sizeof(remote->b)] = { 0 };

	snprintf((char *)b, L2TP_VRF_MAX, "%s", vrf);
	memcpy(b + L2TP_VRF_MAX, remote->b, addr_len(remote));
	return hash_bytes(b, sizeof(b));
}

void lockouts_init(struct lockouts *ls, unsigned int time, bool test)
{
	memset(ls, 0, sizeof(*ls));
	hash_init(&ls->by_name);
	TAILQ_INIT(&ls->head);
	ls->time = time;
	ls->test = test;
}

static void drop(struct lockouts *ls, struct lockout *l)
{
	TAILQ_REMOVE(&ls->head, l, next);
	hash_del(&ls->by_name, &l->by_name);
	ls->n--;
	free(l);
}

void lockouts_free(struct lockouts *ls)
{
	while (ls->n)
		drop(ls, TAILQ_FIRST(&ls->head));
	hash_free(&ls->by_name);
}

struct lockout *lockout_find(const struct lockouts *ls, const char *vrf,
			     const struct addr *remote)
{
	struct hash_node *n = hash_find(&ls->by_name, key_of(vrf, remote));

	for (; n; n = hash_next(n)) {
		struct lockout *l = container_of(n, struct lockout, by_name);

		if (addr_eq(&l->remote, remote) && !strcmp(l->vrf, vrf))
			return l;
	}
	return NULL;
}

void lockout_end(struct lockouts *ls, struct lockout *l)
{
	if (ls->gone)
		ls->gone(ls, l);
	drop(ls, l);
}

/* By its failure: after a restart they come in any order. */
static void insert(struct lockouts *ls, struct lockout *l)
{
	struct lockout *before = TAILQ_LAST(&ls->head, lockout_head);

	while (before && before->failed_at > l->failed_at)
		before = TAILQ_PREV(before, lockout_head, next);
	if (before)
		TAILQ_INSERT_AFTER(&ls->head, before, l, next);
	else
		TAILQ_INSERT_HEAD(&ls->head, l, next);
}

static struct lockout *make(struct lockouts *ls, const struct lockout *from)
{
	struct lockout *l;

	if (ls->n == LOCKOUTS_MAX)
		lockout_end(ls, TAILQ_FIRST(&ls->head));
	l = malloc(sizeof(*l));
	if (!l)
		return NULL;
	*l = *from;
	hash_add(&ls->by_name, &l->by_name, key_of(l->vrf, &l->remote));
	insert(ls, l);
	ls->n++;
	return l;
}

static void keep(struct lockouts *ls, const struct lockout *l)
{
	if (ls->kept)
		ls->kept(ls, l);
}

struct lockout *lockout_fail(struct lockouts *ls, msec_t now, uint64_t id,
			     const char *vrf, const struct addr *remote)
{
	struct lockout fresh = { .id = id, .remote = *remote };
	struct lockout *l = lockout_find(ls, vrf, remote);

	if (!ls->time)
		return NULL;
	fresh.failed_at = now;
	snprintf(fresh.vrf, sizeof(fresh.vrf), "%s", vrf);
	if (l) {
		TAILQ_REMOVE(&ls->head, l, next);
		l->failed_at = now;
		insert(ls, l);
	} else {
		l = make(ls, &fresh);
	}
	if (!l)
		return NULL;
	l->state = LOCKOUT_LOCKED;
	l->until = now + SECONDS(ls->time);
	keep(ls, l);
	return l;
}

msec_t lockouts_next(const struct lockouts *ls)
{
	const struct lockout *l;

	/* All have one time, so that of the first LOCKED one is over first. */
	TAILQ_FOREACH(l, &ls->head, next)
	if (l->state == LOCKOUT_LOCKED)
		return l->until;
	return MSEC_NEVER;
}

struct lockout *lockouts_run(struct lockouts *ls, msec_t now)
{
	struct lockout *l, *next;

	for (l = TAILQ_FIRST(&ls->head); l; l = next) {
		next = TAILQ_NEXT(l, next);
		if (l->state != LOCKOUT_LOCKED || now < l->until)
			continue;
		if (ls->test) {
			lockout_test_now(ls, l);
			return l;
		}
		lockout_end(ls, l);
	}
	return NULL;
}

static void set_state(struct lockouts *ls, struct lockout *l,
		      enum lockout_state state)
{
	if (l->state == state)
		return;
	l->state = state;
	keep(ls, l);
}

void lockout_test_now(struct lockouts *ls, struct lockout *l)
{
	set_state(ls, l, LOCKOUT_WAITING);
}

void lockout_test_began(struct lockouts *ls, struct lockout *l)
{
	set_state(ls, l, LOCKOUT_TESTING);
}

void lockout_restore(struct lockouts *ls, const struct lockout *l)
{
	struct lockout *copy;

	if (!ls->time || lockout_find(ls, l->vrf, &l->remote))
		return;
	copy = make(ls, l);
	if (!copy)
		return;
	if (copy->state == LOCKOUT_TESTING)
		copy->state = LOCKOUT_WAITING;
	/* One time is the same for all: the configuration may have another now. */
	copy->until = copy->failed_at + SECONDS(ls->time);
}
