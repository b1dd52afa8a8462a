/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See subscriber.h. Called by state/restore. */
#include "state/subscriber.h"

#include "bng/access.h"
#include "bng/account.h"
#include "bng/cause.h"
#include "bng/identity.h"
#include "bng/lease.h"
#include "bng/lns.h"
#include "bng/subscriber.h"
#include "bng/terminate.h"
#include "bng/user_limit.h"
#include "l2tp/msg.h"
#include "ppp/save.h"
#include "state/part.h"
#include "state/store.h"

#include <stdio.h>
#include <stdlib.h>

#define WAS_ENDING "it was ending when the daemon was killed"

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

/* Its call is lost with its tunnel: as it was. */
static struct l2tp_session *lost_call_of(struct restore_run *run,
					 const struct store_subscriber *rec)
{
	return rec->session_id ? lost_find(&run->lost, rec->session_id) : NULL;
}

/* One that cannot be kept: if it was accounted, its servers hear of its end. Its
 * address is its pool's again.
 */
static void tell_closed(struct restore_run *run,
			const struct store_subscriber *rec,
			const struct conf_profile *profile)
{
	static const struct conf_profile gone;
	struct l2tp_session *call = session_of(run, rec);
	struct subscriber s = { .box = run->box,
				.id = rec->id,
				.state = rec->state,
				.access = rec->access,
				.client = rec->client,
				.session = call ? call : lost_call_of(run, rec),
				.profile = profile ? profile : &gone,
				.user = rec->user,
				.address = rec->address,
				.account.cause = ACCT_NAS_ERROR };
	struct rd parts = rec->parts;

	s.ppp.conf = &s.profile->ppp;
	part_load(&s, &parts); /* as much as can be had */
	if (s.account.started)
		account_stop(&s, run->now, L2TP_CDN_ADMIN);
	if (profile && rec->from_pool)
		lease_end(&s, run->now, &rec->address);
	free(s.grant);
	free(s.calling);
	free(s.called);
	free(s.line);
	ipv6_free(s.ipv6, run->now);
}

/* Its parts, its PPP, its address; or it ends. */
static bool take_parts(struct restore_run *run, struct subscriber *s,
		       struct store_subscriber *rec, struct rd *r)
{
	bool loaded = subscriber_set_user(s, rec->user) &&
		      !part_load(s, &rec->parts) &&
		      !ppp_link_load(&s->ppp, run->now, r);

	if (loaded &&
	    (s->state != SUBSCRIBER_UP ||
	     !terminate_restore(s, run->now, &rec->address, rec->from_pool)))
		return true;
	subscriber_end(s, run->now, L2TP_CDN_ADMIN, "restart");
	if (!loaded && rec->from_pool)
		lease_end(s, run->now, &rec->address);
	return false;
}

static const char *take_subscriber(struct restore_run *run,
				   struct store_subscriber *rec, struct rd *r)
{
	struct box *b = run->box;
	const struct conf_profile *profile =
		conf_profile(b->conf, rec->profile);
	struct l2tp_session *call = session_of(run, rec);
	struct found *f = found_link(&run->found, &rec->access);
	struct subscriber *s;

	if (!f || f->cookie != rec->id)
		return "the kernel does not have its link";
	if (account_ended(b, rec->id))
		return WAS_ENDING;
	if ((rec->session_id && !call) ||
	    (rec->to.kind && !found_link(&run->found, &rec->to)))
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
	rec->taken = true;
	if (profile->own_device)
		s->own_device =
			(uint16_t)network_own_take(&b->network, f->to_ifindex);
	f->claimed = true;
	if (!take_parts(run, s, rec, r))
		return "its PPP state or address cannot be had again";
	/* Killed between the record and the binding: bind. */
	if (s->state == SUBSCRIBER_TUNNELLED && !kern_link_eq(&f->to, &s->to))
		kern_bind_link(b->kern, &s->access, s->id, &s->to);
	user_limit_restore(s);
	identity_update(s);
	account_resume(s, run->now);
	run->result->subscribers++;
	return NULL;
}

void run_subscriber(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct restore_run *run = ctx;
	struct rd r = rd_make(data, len);
	struct store_subscriber rec;
	char name[KERN_LINK_STRLEN];
	const char *why;

	if (store_read_subscriber(&r, &rec)) {
		snprintf(name, sizeof(name), "record of subscriber %llu",
			 (unsigned long long)key);
		run_closed(run, name, "it makes no sense");
		state_del(run->sf, STATE_SUBSCRIBER, key);
		return;
	}
	why = take_subscriber(run, &rec, &r);
	if (!why)
		return;
	if (!rec.taken)
		tell_closed(run, &rec,
			    conf_profile(run->box->conf, rec.profile));
	run_closed(run, kern_link_str(&rec.access, name), why);
	state_del(run->sf, STATE_SUBSCRIBER, key);
}
