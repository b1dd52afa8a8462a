/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See restore.h. Three passes over the records (tunnels, sessions, subscribers),
 * each checked against what the kernel has; then over what is left on either
 * side. Called once by main, before the loop runs.
 */
#include "state/restore.h"

#include "aaa/radius_save.h"
#include "base/log.h"
#include "bng/account.h"
#include "bng/outage.h"
#include "bng/recall.h"
#include "l2tp/msg.h"
#include "l2tp/refuse.h"
#include "state/run.h"
#include "state/store.h"
#include "state/subscriber.h"

#include <stdio.h>
#include <string.h>

#define STOPCCN_CLEAR 1
#define WAS_ENDING "it was ending when the daemon was killed"

static const struct l2tp_peer *peer_by_name(void *ctx, const char *name)
{
	const struct box *b = ctx;
	const struct conf_tunnel *made = definition_find(&b->definitions, name);

	return made ? &made->peer : conf_peer(b->conf, name);
}

static const struct l2tp_result not_kept = { .result = STOPCCN_CLEAR,
					     .text = "not kept over a restart" };

static const char *take_tunnel(struct restore_run *run, struct found *f,
			       uint64_t cookie, struct rd *r)
{
	struct l2tp_tunnel *t;

	if (!cookie)
		return "it was a test";
	if (!f)
		return "the kernel does not have it";
	if (account_ended(run->box, cookie))
		return WAS_ENDING;
	t = l2tp_tunnel_load(&run->box->l2tp, run->now, r, peer_by_name,
			     run->box);
	if (!t)
		return "its record makes no sense, or its peer is no longer configured";
	t->cookie = cookie;
	if (!t->peer->accept_calls)
		definition_hold(&run->box->definitions, t->peer->user);
	f->claimed = true;
	run->result->tunnels++;
	return NULL;
}

/* Its peer hears of it now, accounting when it has heard of its calls. */
static void lose_tunnel(struct restore_run *run, struct found *f, uint64_t key,
			uint64_t cookie, struct rd *r)
{
	struct store_account account;
	struct l2tp_lost t;

	if (!l2tp_tunnel_read(r, &t)) {
		state_del(run->sf, STATE_TUNNEL, key);
		return;
	}
	l2tp_tunnel_disown(&run->box->l2tp, &t, &not_kept);
	if (f)
		f->told = true;
	if (cookie && !store_read_account(r, &account))
		lost_tunnel(&run->lost, cookie, &t, &account);
	else
		state_del(run->sf, STATE_TUNNEL, key);
}

static void restore_tunnel(void *ctx, uint64_t key, const void *data,
			   size_t len)
{
	struct restore_run *run = ctx;
	struct found *f = found_tunnel(&run->found, (uint16_t)key);
	struct rd r = rd_make(data, len), again;
	uint64_t cookie = store_read_tunnel(&r);
	const char *why;
	char name[32];

	again = r;
	if (f && f->cookie != cookie)
		f = NULL; /* another of this id */
	why = take_tunnel(run, f, cookie, &r);
	if (!why)
		return;
	snprintf(name, sizeof(name), "tunnel %llu", (unsigned long long)key);
	run_closed(run, name, why);
	lose_tunnel(run, f, key, cookie, &again);
}

static void restore_session(void *ctx, uint64_t key, const void *data,
			    size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct l2tp_session *s = l2tp_session_load(&run->box->l2tp, &r);
	struct kern_link link = { .kind = KERN_SESSION };
	struct found *f;
	char name[32];

	if (!s) {
		snprintf(name, sizeof(name), "record of session %llu",
			 (unsigned long long)key);
		run_closed(run, name,
			   "it makes no sense, or its tunnel is gone");
		if (!lost_call(&run->lost, rd_make(data, len)))
			state_del(run->sf, STATE_SESSION, key);
		return;
	}
	link.tunnel_id = s->tunnel->id;
	link.session_id = s->id;
	f = found_link(&run->found, &link);
	if (!f)
		return; /* it is closed when it has been told of its subscriber */
	f->claimed = true;
	run->result->sessions++;
}

static void restore_box(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);

	(void)key;
	rd_copy(&r, run->box->disc.secret, sizeof(run->box->disc.secret));
}

static void restore_ended(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct ended e;

	if (store_read_ended(&r, &e))
		state_del(run->sf, STATE_ENDED, key);
	else
		ended_restore(&run->box->ended, &e);
}

static void restore_past(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct past p;

	if (store_read_past(&r, &p))
		state_del(run->sf, STATE_PAST, key);
	else
		past_restore(&run->box->past, &p);
}

/* Those that no tunnel uses are forgotten later. */
static void restore_definition(void *ctx, uint64_t key, const void *data,
			       size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);

	if (!definition_load(&run->box->definitions, &r))
		state_del(run->sf, STATE_DEFINITION, key);
}

static void restore_lockout(void *ctx, uint64_t key, const void *data,
			    size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct lockout l;

	if (store_read_lockout(&r, &l) || !run->box->lockouts.time)
		state_del(run->sf, STATE_LOCKOUT, key);
	else
		outage_restore(run->box, run->now, &l);
}

static void restore_returned(void *ctx, uint64_t key, const void *data,
			     size_t len)
{
	struct restore_run *run = ctx;

	if (!returned_load(&run->box->returned, key, data, len))
		state_del(run->sf, STATE_RETURNED, key);
}

/* Destinations that have no tunnel now are known by those that they had. */
static void recall_destinations(struct restore_run *run)
{
	const struct ended *e;
	struct addr remote;

	TAILQ_FOREACH(e, &run->box->ended.tunnels.head, next)
	{
		const char *slash = strchr(e->destination, '/');
		char vrf[L2TP_VRF_MAX] = "";

		if (slash)
			snprintf(vrf, sizeof(vrf), "%.*s",
				 (int)(slash - e->destination), e->destination);
		if (!addr_parse(slash ? slash + 1 : e->destination, &remote))
			l2tp_destination_recall(&run->box->l2tp, vrf, &remote,
						e->at, &e->of_destination);
	}
}

static void restore_counted(void *ctx, uint64_t key, const void *data,
			    size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);

	(void)key;
	if (!l2tp_level_load(&run->box->l2tp.level, &r))
		log_warn("restart: the record of counters makes no sense");
}

static void restore_orders(void *ctx, uint64_t key, const void *data,
			   size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);

	(void)key;
	if (!l2tp_admin_load(&run->box->l2tp, run->now, &r))
		log_warn("restart: the record of orders makes no sense");
}

/* A call whose subscriber was not up yet, or that the kernel does not have: CDN. */
static void close_call(struct restore_run *run, struct l2tp_session *s)
{
	struct kern_link link = { .kind = KERN_SESSION,
				  .tunnel_id = s->tunnel->id,
				  .session_id = s->id };
	bool has = found_link(&run->found, &link);
	char name[KERN_LINK_STRLEN];

	run_closed(run, kern_link_str(&link, name),
		   has ? "its user was not up yet" :
			 "the kernel does not have it");
	if (has)
		kern_link_del(run->box->kern, &link);
	state_del(run->sf, STATE_SESSION, s->id);
	l2tp_session_close(s, run->now, L2TP_CDN_ADMIN, 0,
			   has ? "restart" : "lost");
}

static void close_calls(struct restore_run *run)
{
	struct l2tp_session *s, *next;
	struct l2tp_tunnel *t;

	LIST_FOREACH(t, &run->box->l2tp.all, all)
	for (s = LIST_FIRST(&t->sessions); s; s = next) {
		next = LIST_NEXT(s, of_tunnel);
		if (!s->user)
			close_call(run, s);
	}
}

static void close_link(struct restore_run *run, const struct found *f)
{
	struct pppoe_client c = { .ifindex = f->link.ifindex,
				  .vlan_outer = f->link.vlan_outer,
				  .vlan_inner = f->link.vlan_inner,
				  .vlan_proto = f->vlan_proto };
	struct l2tp_tunnel *t =
		idmap_get(&run->box->l2tp.tunnels, f->tunnel_id);
	char name[KERN_LINK_STRLEN];

	run_closed(run, kern_link_str(&f->link, name), "it was not up yet");
	kern_link_del(run->box->kern, &f->link);
	if (f->link.kind == KERN_PPPOE) {
		memcpy(c.mac, f->mac, 6);
		pppoe_disc_end(&run->box->disc, &c, f->link.session_id);
	} else if (t && f->peer_id) {
		l2tp_session_disown(t, run->now, f->link.session_id, f->peer_id,
				    L2TP_CDN_ADMIN, "restart");
	}
}

/* A tunnel that nobody wrote down was being set up: each side had sent one. */
static void close_tunnel(struct restore_run *run, const struct found *f)
{
	struct l2tp_stray t = { .path = f->path,
				.id = f->tunnel_id,
				.peer_id = f->peer_id,
				.ns = 1,
				.nr = 1 };
	char name[32];

	snprintf(name, sizeof(name), "tunnel %u", f->tunnel_id);
	run_closed(run, name, "there is no record of it");
	kern_tunnel_del(run->box->kern, f->tunnel_id);
	if (!f->told && f->peer_id)
		l2tp_stray_stop(&run->box->l2tp, &t, &not_kept);
}

/* Nobody has claimed it. */
static void close_left(void *ctx, struct found *f)
{
	if (f->link.kind)
		close_link(ctx, f);
	else
		close_tunnel(ctx, f);
}

static void restore_client(void *ctx, uint64_t key, const void *data,
			   size_t len)
{
	struct restore_run *run = ctx;
	struct radius *radius = &run->box->radius;
	struct rd r = rd_make(data, len);

	if (key > 1 ||
	    !radius_load(key ? &radius->acct : &radius->client, run->now, &r))
		state_del(run->sf, STATE_SERVERS, key);
}

void restore_servers(struct box *b, struct state_file *sf, msec_t now)
{
	struct restore_run run = { .box = b, .sf = sf, .now = now };

	state_each(sf, STATE_SERVERS, restore_client, &run);
}

int restore(struct box *b, struct state_file *sf, msec_t now,
	    struct restore_result *result, char err[STATE_ERROR_MAX])
{
	struct restore_run run = {
		.box = b, .sf = sf, .now = now, .result = result
	};
	int bad;

	memset(result, 0, sizeof(*result));
	bad = found_read(&run.found, b->kern, &b->pppoe_ids, err);
	if (!bad) {
		lost_init(&run.lost, b);
		b->l2tp.level.recall = true;
		state_each(sf, STATE_BOX, restore_box, &run);
		state_each(sf, STATE_COUNTED, restore_counted, &run);
		state_each(sf, STATE_ENDED, restore_ended, &run);
		state_each(sf, STATE_PAST, restore_past, &run);
		state_each(sf, STATE_ORDERS, restore_orders, &run);
		state_each(sf, STATE_DEFINITION, restore_definition, &run);
		state_each(sf, STATE_LOCKOUT, restore_lockout, &run);
		/* Before any that ends now comes back: pools want them in order. */
		state_each(sf, STATE_RETURNED, restore_returned, &run);
		recall(&b->returned, &b->network, &b->pools6, now);
		state_each(sf, STATE_TUNNEL, restore_tunnel, &run);
		state_each(sf, STATE_SESSION, restore_session, &run);
		state_each(sf, STATE_SUBSCRIBER, run_subscriber, &run);
		close_calls(&run);
		lost_end(&run.lost, sf, now);
		recall_destinations(&run);
		b->l2tp.level.recall = false;
		b->l2tp.stored = b->l2tp.level.changes;
		l2tp_admin_enforce(&b->l2tp, now);
		network_sweep(&b->network);
	}
	found_end(&run.found, bad ? NULL : close_left, &run);
	return bad;
}
