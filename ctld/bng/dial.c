/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See dial.h. Called by bng/access with ways, by bng/bng when a call fails. */
#include "bng/dial.h"

#include "base/crypt.h"
#include "base/log.h"
#include "bng/lac.h"
#include "bng/outage.h"

#include <string.h>

/* ------------------------------------------------------- what a failure is */

/*
 * A tunnel's end, by the result of the peer's StopCCN. Its calls go the next way,
 * whatever it was. Is the destination locked out? A refusal that is about this
 * definition alone, its name or its secret, must not keep others away from there.
 */
static const struct {
	bool set_up; /* the tunnel had not been established */
	bool established;
} locks[] = {
	[L2TP_STOP_CLEAR] = { true, false },
	[L2TP_STOP_ERROR] = { true, true },
	[L2TP_STOP_EXISTS] = { false, false },
	[L2TP_STOP_NOT_AUTHORISED] = { false, false },
	[L2TP_STOP_VERSION] = { true, true },
	[L2TP_STOP_SHUTDOWN] = { true, true },
	[L2TP_STOP_FSM] = { false, false },
};

/* A CDN before the call is connected, ours or the peer's: it goes the next way. The
 * destination has answered, and is not locked out.
 */
static const bool next_after[] = {
	[L2TP_CDN_ERROR] = true, /* 2/4, resources; 2/7, try another; any */
	[L2TP_CDN_BUSY_NOW] = true,
	[L2TP_CDN_NEVER] = true,
	[L2TP_CDN_TIMEOUT] = true, /* ours: no answer to ICRQ */
};

static bool is_silent(const struct l2tp_tunnel *t)
{
	return !strcmp(t->why.text, L2TP_SILENT) ||
	       (t->stopping && !strcmp(t->why.text, L2TP_SLOW));
}

static bool locks_out(const struct l2tp_tunnel *t)
{
	unsigned int result = t->why.result;

	if (is_silent(t))
		return true;
	if (t->stopping || result >= sizeof(locks) / sizeof(locks[0]))
		return false; /* we ended it: it answers */
	return t->was_up ? locks[result].established : locks[result].set_up;
}

static bool is_next(const struct l2tp_session *failed)
{
	unsigned int result = failed->why->result;

	if (failed->tunnel->state == L2TP_TUNNEL_CLOSING)
		return true;
	return result < sizeof(next_after) / sizeof(next_after[0]) &&
	       next_after[result];
}

void dial_tunnel_up(const struct l2tp_tunnel *t)
{
	if (t->initiator)
		outage_works(t->host->user, t);
}

void dial_tunnel_down(const struct l2tp_tunnel *t, msec_t now)
{
	if (t->initiator && locks_out(t))
		outage_failed(t->host->user, now, t);
}

/* ----------------------------------------------------------------- tunnels */

static struct l2tp_path path_of(const struct box *b,
				const struct conf_tunnel *ct)
{
	const struct box_endpoint *e = box_endpoint(b, ct->endpoint);

	return (struct l2tp_path){ .endpoint = e->id,
				   .local = e->conf->local,
				   .remote = ct->remote };
}

static const struct l2tp_destination *
destination_of(const struct box *b, const struct conf_tunnel *ct)
{
	const char *vrf = ct->endpoint->vrf ? ct->endpoint->vrf : "";

	return l2tp_destination_find(&b->l2tp, vrf, &ct->remote.addr);
}

/* That of a remote host, who calls us, has another user, a probe's a peer of its own. */
static bool carries(const struct l2tp_tunnel *t, const struct conf_tunnel *ct)
{
	const struct conf_tunnel *of = t->peer->accept_calls ? NULL :
							       t->peer->user;

	return of && t->peer == &of->peer && route_shares(of, ct);
}

/* A tunnel there that takes a call. One of before a restart may lead elsewhere than
 * the definition now.
 */
static struct l2tp_tunnel *find_tunnel(const struct box *b,
				       const struct conf_tunnel *ct)
{
	const struct l2tp_destination *d = destination_of(b, ct);
	uint32_t endpoint = box_endpoint(b, ct->endpoint)->id;
	struct l2tp_tunnel *t;

	if (!d)
		return NULL;
	LIST_FOREACH(t, &d->tunnels, of_destination)
	if (carries(t, ct) && t->state != L2TP_TUNNEL_CLOSING &&
	    t->path.endpoint == endpoint && t->level.admin == L2TP_ENABLED &&
	    !(t->peer->single_shot && t->used))
		return t;
	return NULL;
}

/* ------------------------------------------------------------------ choice */

enum closed { OPEN, MISSING, OURSELVES, ORDERED, FULL, WAITING };

static const char *const closed_text[] = {
	[MISSING] = "no tunnel: the VRF of its endpoint is missing",
	[OURSELVES] = "no tunnel: the LNS would be ourselves",
	[ORDERED] = "no tunnel: drained or shut down by the operator",
	[FULL] = "no tunnel: it is full",
	[WAITING] = "no tunnel: too many calls wait for it",
};

static enum closed closed(struct box *b, const struct conf_tunnel *ct,
			  const struct l2tp_tunnel *t)
{
	struct l2tp_path path = path_of(b, ct);

	if (!path.endpoint)
		return MISSING;
	if (box_is_ours(b, &ct->remote.addr))
		return OURSELVES;
	if (l2tp_admin_towards(&b->l2tp, &path, &ct->peer) != L2TP_ENABLED)
		return ORDERED;
	if (t && ct->max_sessions && t->n_sessions >= ct->max_sessions)
		return FULL;
	if (t && t->state != L2TP_TUNNEL_ESTABLISHED &&
	    t->n_sessions >= b->conf->max_waiting)
		return WAITING;
	return OPEN;
}

static void count_closed(struct box *b, enum closed why)
{
	if (why == OURSELVES)
		b->count.refused_ourselves++;
	else if (why == ORDERED)
		b->l2tp.count.refused_admin++;
	else if (why == FULL)
		b->count.tunnel_full++;
	else if (why == WAITING)
		b->count.refused_waiting++;
}

static unsigned int sessions_of(const struct l2tp_destination *d)
{
	const struct l2tp_tally *t;

	if (!d)
		return 0;
	t = &d->level.below[L2TP_SESSIONS];
	return t->active + t->pending;
}

/* A way as things are now. */
static enum closed look(struct box *b, msec_t now, const struct conf_tunnel *ct,
			struct select_one *one)
{
	const struct l2tp_tunnel *t = find_tunnel(b, ct);
	struct lockout *l = outage_of(b, ct);
	enum closed why = closed(b, ct, t);

	one->closed = why != OPEN;
	one->locked = l;
	one->failed_at = l ? l->failed_at : 0;
	one->limit = ct->max_sessions;
	one->of_tunnel = t ? t->n_sessions : 0;
	one->of_destination = sessions_of(destination_of(b, ct));
	if (l && why == OPEN)
		outage_test_with(b, now, l, ct);
	return why;
}

/* The next way, or -1; *why: what is against the first one. */
static int choose(struct box *b, struct route *r, msec_t now, enum closed *why)
{
	struct select_rules rules = { .balance = b->conf->load_balancing,
				      .within_level =
					      b->conf->failover_within };
	struct select_one one[SELECT_MAX] = { 0 };
	bool first = !r->call.tried;
	uint8_t level[SELECT_MAX];

	*why = OPEN;
	route_levels(r, level);
	for (size_t i = 0; i < r->n; i++) {
		enum closed is = look(b, now, r->way[i].tunnel, &one[i]);

		one[i].preference = level[i];
		if (first)
			count_closed(b, is);
		if (*why == OPEN)
			*why = is;
	}
	return select_next(&rules, &r->call, one, r->n, crypt_random_u64());
}

/* ------------------------------------------------------------------- calls */

static struct l2tp_tunnel *open_tunnel(struct box *b, msec_t now,
				       const struct conf_tunnel *ct)
{
	struct l2tp_path path = path_of(b, ct);
	struct l2tp_tunnel *t =
		l2tp_tunnel_open(&b->l2tp, now, &path, &ct->peer, NULL);

	if (t)
		definition_hold(&b->definitions, ct);
	return t;
}

/* One way after the other, until a call is on its way. */
static int try_ways(struct subscriber *s, msec_t now, const char **text)
{
	struct box *b = s->box;
	struct route *r = s->route;
	enum closed why;
	int i;

	*text = NULL;
	while ((i = choose(b, r, now, &why)) >= 0) {
		const struct conf_tunnel *ct = r->way[i].tunnel;
		struct l2tp_tunnel *t = find_tunnel(b, ct);

		r->now = (size_t)i;
		if (!t)
			t = open_tunnel(b, now, ct);
		if (t && !lac_call(s, t, now))
			return 0;
		*text = t ? "no call: the limit is reached" :
			    "no tunnel: the limit is reached";
	}
	if (!*text)
		*text = why == OPEN ? "no tunnel is left to try" :
				      closed_text[why];
	return -1;
}

int dial(struct subscriber *s, struct route *r, msec_t now, const char **text)
{
	if (s->session) { /* it negotiated anew: lac_answered takes the last */
		route_free(r);
		return 0;
	}
	route_free(s->route);
	s->route = r;
	s->state = SUBSCRIBER_TUNNELLING;
	return try_ways(s, now, text);
}

bool dial_again(struct subscriber *s, msec_t now,
		const struct l2tp_session *failed)
{
	char link[KERN_LINK_STRLEN], user[64];
	const char *text;

	if (s->state != SUBSCRIBER_TUNNELLING || !s->route || s->to.kind ||
	    !is_next(failed))
		return false;
	/* The tunnel's own end is told later. */
	if (failed->tunnel->state == L2TP_TUNNEL_CLOSING)
		dial_tunnel_down(failed->tunnel, now);
	if (try_ways(s, now, &text))
		return false;
	s->box->count.tunnel_next++;
	log_info("%s user %s: tunnel %s failed, now %s",
		 kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 failed->tunnel->peer->name,
		 s->route->way[s->route->now].tunnel->peer.name);
	return true;
}
