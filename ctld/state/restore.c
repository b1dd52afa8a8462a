/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See restore.h. Three passes over the records (tunnels, sessions, subscribers),
 * each checked against what the kernel has; then over what is left on either
 * side. Called once by main, before the loop runs.
 */
#include "state/restore.h"

#include "base/log.h"
#include "bng/access.h"
#include "bng/lns.h"
#include "bng/subscriber.h"
#include "bng/terminate.h"
#include "ppp/save.h"
#include "state/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CDN_ADMINISTRATIVE 3
#define STOPCCN_CLEAR 1

/* A kernel object and whether a record claimed it. */
struct found {
	struct hash_node node;
	struct kern_link link; /* KERN_NO_LINK: a tunnel */
	uint16_t tunnel_id;
	uint16_t peer_id;
	uint64_t cookie;
	uint16_t vlan_proto;
	uint8_t mac[6];
	struct l2tp_path path; /* a tunnel's */
	bool claimed;
	bool told; /* its peer knows that it is closed */
};

struct restore_run {
	struct box *box;
	struct state_file *sf;
	msec_t now;
	struct restore_result *result;
	struct hash found;
};

static uint64_t tunnel_key(uint16_t id)
{
	return (uint64_t)1 << 63 | id;
}

static void remember(struct restore_run *run, struct found f, uint64_t key)
{
	struct found *copy = malloc(sizeof(*copy));

	if (!copy)
		abort();
	*copy = f;
	hash_add(&run->found, &copy->node, key);
}

/* What has no cookie is not a daemon's: the operator made it, it is left alone. */
static void found_tunnel(void *ctx, const struct kern_tunnel *t)
{
	struct found f = { .tunnel_id = t->id,
			   .peer_id = t->peer_id,
			   .cookie = t->cookie,
			   .path = { .endpoint = t->endpoint,
				     .remote = t->remote } };

	if (t->cookie)
		remember(ctx, f, tunnel_key(t->id));
}

static void found_session(void *ctx, const struct kern_session *s)
{
	struct found f = { .link = { .kind = KERN_SESSION,
				     .tunnel_id = s->tunnel_id,
				     .session_id = s->id },
			   .tunnel_id = s->tunnel_id,
			   .peer_id = s->peer_id,
			   .cookie = s->cookie };

	if (s->cookie)
		remember(ctx, f, kern_link_key(&f.link));
}

static void found_pppoe(void *ctx, const struct kern_pppoe *p)
{
	struct found f = { .link = p->link,
			   .cookie = p->cookie,
			   .vlan_proto = p->vlan_proto };
	struct restore_run *run = ctx;

	memcpy(f.mac, p->mac, 6);
	if (p->cookie)
		remember(run, f, kern_link_key(&f.link));
	else
		idmap_take(&run->box->pppoe_ids, p->link.session_id, run->box);
}

static struct found *find_tunnel(struct restore_run *run, uint16_t id)
{
	struct hash_node *node = hash_find(&run->found, tunnel_key(id));

	return node ? container_of(node, struct found, node) : NULL;
}

static struct found *find_link(struct restore_run *run,
			       const struct kern_link *l)
{
	struct hash_node *node = hash_find(&run->found, kern_link_key(l));

	for (; node; node = hash_next(node)) {
		struct found *f = container_of(node, struct found, node);

		if (kern_link_eq(&f->link, l))
			return f;
	}
	return NULL;
}

static void closed(struct restore_run *run, const char *what, const char *why)
{
	log_warn("restart: %s closed: %s", what, why);
	run->result->closed++;
}

static const struct l2tp_peer *peer_by_name(void *ctx, const char *name)
{
	return conf_peer(ctx, name);
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
	t = l2tp_tunnel_load(&run->box->l2tp, run->now, r, peer_by_name,
			     (void *)(uintptr_t)run->box->conf);
	if (!t)
		return "its record makes no sense, or its peer is no longer configured";
	t->cookie = cookie;
	f->claimed = true;
	run->result->tunnels++;
	return NULL;
}

static void restore_tunnel(void *ctx, uint64_t key, const void *data,
			   size_t len)
{
	struct restore_run *run = ctx;
	struct found *f = find_tunnel(run, (uint16_t)key);
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
	if (l2tp_tunnel_disown(&run->box->l2tp, &again, &not_kept) && f)
		f->told = true;
	snprintf(name, sizeof(name), "tunnel %llu", (unsigned long long)key);
	closed(run, name, why);
	state_del(run->sf, STATE_TUNNEL, key);
}

static void restore_session(void *ctx, uint64_t key, const void *data,
			    size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct l2tp_session *s = l2tp_session_load(&run->box->l2tp, &r);
	struct kern_link link = { .kind = KERN_SESSION };
	char name[KERN_LINK_STRLEN];
	struct found *f;

	if (!s) {
		snprintf(name, sizeof(name), "record of session %llu",
			 (unsigned long long)key);
		closed(run, name, "it makes no sense, or its tunnel is gone");
		state_del(run->sf, STATE_SESSION, key);
		return;
	}
	link.tunnel_id = s->tunnel->id;
	link.session_id = s->id;
	f = find_link(run, &link);
	if (f) {
		f->claimed = true;
		run->result->sessions++;
		return;
	}
	closed(run, kern_link_str(&link, name), "the kernel does not have it");
	l2tp_session_close(s, run->now, CDN_ADMINISTRATIVE, 0, "lost");
	state_del(run->sf, STATE_SESSION, key);
}

static const struct ppp_link_ops *ppp_ops(const struct store_subscriber *r)
{
	return r->access.kind == KERN_PPPOE ? &access_ppp_ops : &lns_ppp_ops;
}

static struct l2tp_session *session_of(struct restore_run *run,
				       const struct store_subscriber *rec)
{
	struct l2tp_session *call;

	if (!rec->session_id)
		return NULL;
	call = idmap_get(&run->box->l2tp.sessions, rec->session_id);
	return call && !call->user ? call : NULL;
}

static void fill(struct subscriber *s, const struct store_subscriber *rec,
		 struct l2tp_session *call)
{
	s->id = rec->id;
	s->state = rec->state;
	memcpy(s->user, rec->user, sizeof(s->user));
	s->since = rec->since;
	s->session = call;
	s->heard = true;
	if (call)
		call->user = s;
	if (rec->access.kind == KERN_PPPOE)
		access_adopt(s, &rec->client);
	else if (call && call->tunnel->peer->accept_calls)
		subscriber_set_host(s, call->tunnel->peer->user);
	if (rec->to.kind)
		subscriber_set_to(s, &rec->to);
}

static const char *take_subscriber(struct restore_run *run,
				   const struct store_subscriber *rec,
				   struct rd *r)
{
	struct box *b = run->box;
	const struct conf_profile *profile =
		conf_profile(b->conf, rec->profile);
	struct l2tp_session *call = session_of(run, rec);
	struct found *f = find_link(run, &rec->access);
	struct subscriber *s;

	if (!f || f->cookie != rec->id)
		return "the kernel does not have its link";
	if (rec->session_id && !call)
		return "its session is gone";
	if (!profile)
		return "its profile is no longer configured";
	if (rec->access.kind == KERN_PPPOE &&
	    idmap_take(&b->pppoe_ids, rec->access.session_id, b))
		return "its PPPoE session id is taken";
	s = subscriber_new(b, &rec->access, profile, ppp_ops(rec), run->now);
	if (!s)
		return "out of memory";
	fill(s, rec, call);
	f->claimed = true;
	if (ppp_link_load(&s->ppp, run->now, r) ||
	    (s->state == SUBSCRIBER_UP &&
	     terminate_restore(s, &rec->address, rec->from_pool))) {
		subscriber_end(s, run->now, CDN_ADMINISTRATIVE, "restart");
		return "its PPP state or address cannot be had again";
	}
	/* Killed between the record and the binding: bind (again). */
	if (s->state == SUBSCRIBER_TUNNELLED)
		kern_bind_link(b->kern, &s->access, s->id, &s->to);
	run->result->subscribers++;
	return NULL;
}

static void restore_subscriber(void *ctx, uint64_t key, const void *data,
			       size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct store_subscriber rec;
	char name[KERN_LINK_STRLEN];
	const char *why;

	if (store_read_subscriber(&r, &rec)) {
		snprintf(name, sizeof(name), "record of subscriber %llu",
			 (unsigned long long)key);
		closed(run, name, "it makes no sense");
		state_del(run->sf, STATE_SUBSCRIBER, key);
		return;
	}
	why = take_subscriber(run, &rec, &r);
	if (!why)
		return;
	closed(run, kern_link_str(&rec.access, name), why);
	state_del(run->sf, STATE_SUBSCRIBER, key);
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

/* A call whose subscriber was not up yet: CDN. */
static void close_call(struct restore_run *run, struct l2tp_session *s)
{
	struct kern_link link = { .kind = KERN_SESSION,
				  .tunnel_id = s->tunnel->id,
				  .session_id = s->id };
	char name[KERN_LINK_STRLEN];

	closed(run, kern_link_str(&link, name), "its user was not up yet");
	kern_link_del(run->box->kern, &link);
	state_del(run->sf, STATE_SESSION, s->id);
	l2tp_session_close(s, run->now, CDN_ADMINISTRATIVE, 0, "restart");
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

static void close_link(struct restore_run *run, struct found *f)
{
	struct pppoe_client c = { .ifindex = f->link.ifindex,
				  .vlan_outer = f->link.vlan_outer,
				  .vlan_inner = f->link.vlan_inner,
				  .vlan_proto = f->vlan_proto };
	struct l2tp_tunnel *t =
		idmap_get(&run->box->l2tp.tunnels, f->tunnel_id);
	char name[KERN_LINK_STRLEN];

	closed(run, kern_link_str(&f->link, name), "it was not up yet");
	kern_link_del(run->box->kern, &f->link);
	if (f->link.kind == KERN_PPPOE) {
		memcpy(c.mac, f->mac, 6);
		pppoe_disc_end(&run->box->disc, &c, f->link.session_id);
	} else if (t && f->peer_id) {
		l2tp_session_disown(t, run->now, f->link.session_id, f->peer_id,
				    CDN_ADMINISTRATIVE, "restart");
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
	closed(run, name, "there is no record of it");
	kern_tunnel_del(run->box->kern, f->tunnel_id);
	if (!f->told && f->peer_id)
		l2tp_stray_stop(&run->box->l2tp, &t, &not_kept);
}

/* Kernel objects that no record claimed are closed, if all is known of them; frees
 * the lot.
 */
static void finish(struct restore_run *run, bool close)
{
	for (size_t i = 0; i < run->found.size; i++) {
		struct hash_node *node = run->found.slot[i];

		while (node) {
			struct found *f =
				container_of(node, struct found, node);

			node = node->next;
			if (close && !f->claimed && f->link.kind)
				close_link(run, f);
			if (close && !f->claimed && !f->link.kind)
				close_tunnel(run, f);
			free(f);
		}
	}
	hash_free(&run->found);
}

int restore(struct box *b, struct state_file *sf, msec_t now,
	    struct restore_result *result, char err[STATE_ERROR_MAX])
{
	struct restore_run run = {
		.box = b, .sf = sf, .now = now, .result = result
	};
	struct kern_found found = { .tunnel = found_tunnel,
				    .session = found_session,
				    .pppoe = found_pppoe,
				    .ctx = &run };
	int bad;

	memset(result, 0, sizeof(*result));
	hash_init(&run.found);
	bad = kern_dump(b->kern, &found, err);
	if (!bad) {
		b->l2tp.level.recall = true;
		state_each(sf, STATE_BOX, restore_box, &run);
		state_each(sf, STATE_COUNTED, restore_counted, &run);
		state_each(sf, STATE_ENDED, restore_ended, &run);
		state_each(sf, STATE_ORDERS, restore_orders, &run);
		state_each(sf, STATE_TUNNEL, restore_tunnel, &run);
		state_each(sf, STATE_SESSION, restore_session, &run);
		state_each(sf, STATE_SUBSCRIBER, restore_subscriber, &run);
		close_calls(&run);
		recall_destinations(&run);
		b->l2tp.level.recall = false;
		b->l2tp.stored = b->l2tp.level.changes;
		l2tp_admin_enforce(&b->l2tp, now);
	}
	finish(&run, !bad);
	return bad;
}
