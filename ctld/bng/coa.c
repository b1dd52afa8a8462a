/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of RFC 5176; see coa.h. First all of a request is read and judged, then the
 * subscribers are found, then it is done to each, or to none. Called by bng/bng.
 */
#include "bng/coa.h"

#include "aaa/radius_grant.h"
#include "aaa/radius_number.h"
#include "base/log.h"
#include "bng/account.h"
#include "bng/identity.h"
#include "bng/terminate.h"
#include "l2tp/msg.h"

#include <stdio.h>
#include <string.h>

/* What a request wants, as values. */
struct order {
	struct radius_named named;
	struct aaa_grant change;
	bool changes;
	bool beyond; /* accounting */
};

/* Attributes that may come along: what they say is done elsewhere, or is nothing. */
static const uint8_t passed_over[] = {
	RADIUS_FRAMED_PROTOCOL,
	RADIUS_REPLY_MESSAGE,
	RADIUS_STATE,
	RADIUS_PROXY_STATE,
	RADIUS_ACCT_TERMINATE_CAUSE,
	RADIUS_EVENT_TIMESTAMP,
	RADIUS_NAS_PORT_TYPE,
	RADIUS_MESSAGE_AUTHENTICATOR,
};

/* What of a grant may change while a subscriber is up. */
static const struct {
	uint32_t vendor;
	uint8_t type;
} changeable[] = {
	{ 0, RADIUS_FILTER_ID },
	{ 0, RADIUS_CLASS },
	{ 0, RADIUS_SESSION_TIMEOUT },
	{ 0, RADIUS_IDLE_TIMEOUT },
	{ 0, RADIUS_ACCT_INTERIM_INTERVAL },
	{ 0, RADIUS_FRAMED_ROUTE },
	{ 0, RADIUS_FRAMED_IPV6_ROUTE },
	{ RADIUS_ERX, RADIUS_ERX_INGRESS_POLICY_NAME },
	{ RADIUS_ERX, RADIUS_ERX_EGRESS_POLICY_NAME },
	{ RADIUS_ERX, RADIUS_ERX_QOS_PROFILE_NAME },
	{ RADIUS_WISPR, RADIUS_WISPR_BANDWIDTH_MAX_UP },
	{ RADIUS_WISPR, RADIUS_WISPR_BANDWIDTH_MAX_DOWN },
	{ RADIUS_MIKROTIK, RADIUS_MIKROTIK_RATE_LIMIT },
};

static bool is_passed_over(const struct radius_attribute *a)
{
	return !a->vendor && memchr(passed_over, a->type, sizeof(passed_over));
}

static bool may_change(const struct radius_attribute *a)
{
	for (size_t i = 0; i < sizeof(changeable) / sizeof(changeable[0]); i++)
		if (changeable[i].vendor == a->vendor &&
		    changeable[i].type == a->type)
			return true;
	return false;
}

static bool is_of_accounting(const struct radius_attribute *a)
{
	return !a->vendor && (a->type == RADIUS_CLASS ||
			      a->type == RADIUS_ACCT_INTERIM_INTERVAL);
}

/* There is no other service that it could become (RFC 5176 3.2). */
static enum dae_cause read_service(const struct radius_attribute *a)
{
	struct rd r = rd_make(a->value, a->len);
	uint32_t v = rd_u32(&r);

	if (r.err || rd_left(&r))
		return DAE_INVALID_VALUE;
	return v == RADIUS_SERVICE_FRAMED ? DAE_DONE : DAE_UNSUPPORTED_SERVICE;
}

static enum dae_cause read_one(struct order *o,
			       const struct radius_attribute *a, bool coa)
{
	switch (radius_named_read(&o->named, a)) {
	case RADIUS_NAMED:
		return DAE_DONE;
	case RADIUS_NAMED_TWICE:
		return DAE_INVALID_REQUEST;
	case RADIUS_NAMED_WRONG:
		return DAE_INVALID_VALUE;
	case RADIUS_NAMES_NOT:
		break;
	}
	if (is_passed_over(a))
		return DAE_DONE;
	if (coa && !a->vendor && a->type == RADIUS_SERVICE_TYPE)
		return read_service(a);
	if (!coa || !may_change(a))
		return DAE_UNSUPPORTED_ATTRIBUTE;
	o->changes = true;
	o->beyond |= !is_of_accounting(a);
	switch (radius_grant_read(&o->change, a)) {
	case RADIUS_GRANTS:
		return DAE_DONE;
	case RADIUS_GRANTS_BADLY:
		return DAE_INVALID_VALUE;
	case RADIUS_GRANTS_NOT:
		break;
	}
	return DAE_UNSUPPORTED_ATTRIBUTE;
}

/* By a name that can be looked up. */
static bool names_somebody(const struct radius_named *n)
{
	for (int i = 0; i <= RADIUS_NAME_MULTI_SESSION; i++)
		if (n->name[i].b)
			return true;
	return false;
}

static enum dae_cause refuse(const struct dictionary *names,
			     const struct radius_attribute *a,
			     enum dae_cause cause)
{
	char name[DICTIONARY_NAME_MAX + 1];

	log_debug("radius-dae: refused, error cause %d: %s", cause,
		  dictionary_name(names, a->vendor, a->type, name));
	return cause;
}

static enum dae_cause read_order(struct order *o, const struct dae_request *r,
				 const struct dictionary *names)
{
	struct radius_walk w = radius_walk(&r->packet);
	struct radius_attribute a;
	enum dae_cause cause;

	memset(o, 0, sizeof(*o));
	while (radius_next(&w, &a)) {
		cause = read_one(o, &a, r->coa);
		if (cause)
			return refuse(names, &a, cause);
	}
	if (w.passed_over)
		return DAE_UNSUPPORTED_ATTRIBUTE;
	if (!names_somebody(&o->named) || (r->coa && !o->changes))
		return DAE_MISSING_ATTRIBUTE;
	return DAE_DONE;
}

/* -------------------------------------------------------------------- is it for us */

static const struct conf_dae *listener(const struct box *b, unsigned int index)
{
	const struct conf_dae *d;

	STAILQ_FOREACH(d, &b->conf->daes, next)
	if (d->index == index)
		break;
	return d;
}

/* A group has its servers told so, instead of what the daemon would say. */
static bool is_told(const struct box *b, uint8_t type, const void *value,
		    size_t len)
{
	const struct conf_radius_group *g;

	STAILQ_FOREACH(g, &b->conf->radius_groups, next)
	if (radius_extra_says(g->extra, type, value, len))
		return true;
	return false;
}

/* An address that we tell servers, or are spoken to by. */
static bool is_our_address(const struct box *b, const struct conf_dae *d,
			   uint8_t type, const struct addr *a)
{
	const struct conf_radius_server *s;

	if (!a->family || addr_eq(&d->local.addr, a) || box_is_ours(b, a) ||
	    is_told(b, type, a->b, addr_len(a)))
		return true;
	STAILQ_FOREACH(s, &b->conf->radius_servers, next)
	if (addr_eq(&s->server.source, a))
		return true;
	return false;
}

static bool is_our_name(const struct box *b, const struct radius_bytes *n)
{
	const char *name = b->conf->hostname;

	return !n->b ||
	       (n->len == strlen(name) && !memcmp(n->b, name, n->len)) ||
	       is_told(b, RADIUS_NAS_IDENTIFIER, n->b, n->len);
}

static bool is_for_us(const struct box *b, const struct conf_dae *d,
		      const struct radius_named *n)
{
	return is_our_name(b, &n->nas_identifier) &&
	       is_our_address(b, d, RADIUS_NAS_IP_ADDRESS, &n->nas_address) &&
	       is_our_address(b, d, RADIUS_NAS_IPV6_ADDRESS, &n->nas_address6);
}

/* ------------------------------------------------------------------------- doing */

static void say(const struct subscriber *s, const char *what)
{
	char user[64], link[KERN_LINK_STRLEN];

	log_info("%s user %s: %s by RADIUS", kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)), what);
}

/* It hears so, but nobody waits for its answer. */
static void disconnect(struct subscriber *s, msec_t now)
{
	say(s, "disconnected");
	if (s->state == SUBSCRIBER_UP)
		ppp_link_close(&s->ppp, now);
	subscriber_end(s, now, L2TP_CDN_ADMIN, "disconnected by RADIUS");
}

static void apply(struct subscriber *s, msec_t now)
{
	if (s->state == SUBSCRIBER_UP) {
		terminate_apply(s, now);
		return;
	}
	account_changed(s, now);
	subscriber_store(s);
}

/* Whose PPP ends elsewhere has nothing here that could change but its accounting. */
static enum dae_cause change_all(struct subscriber **s, int n, msec_t now,
				 const struct order *o)
{
	struct aaa_grant g;

	for (int i = 0; i < n; i++)
		if (s[i]->state != SUBSCRIBER_UP && o->beyond)
			return DAE_UNSUPPORTED_EXTENSION;
	for (int i = 0; i < n; i++) {
		subscriber_grant(s[i], &g);
		aaa_grant_merge(&g, &o->change);
		if (subscriber_set_grant(s[i], &g))
			return DAE_NO_RESOURCES;
		apply(s[i], now);
		say(s[i], "changed");
	}
	return DAE_DONE;
}

static bool is_policy(const struct box *b, const char *name)
{
	return !name[0] || conf_policy(b->conf, name);
}

/* Here an unknown one can be told of: it is not as if none were named. */
static bool is_possible(const struct box *b, const struct aaa_grant *g)
{
	return is_policy(b, g->filter) && is_policy(b, g->policy_up) &&
	       is_policy(b, g->policy_down);
}

static bool may_be_several(const struct conf_dae *d, bool coa)
{
	return d->several == CONF_SEVERAL_ALL ||
	       (d->several == CONF_SEVERAL_DISCONNECT && !coa);
}

enum dae_cause coa_act(struct box *b, msec_t now, const struct dae_request *r)
{
	static struct order order; /* some kilobytes; one at a time */
	const struct conf_dae *d = listener(b, r->listener);
	struct subscriber *found[COA_SESSIONS_MAX];
	enum dae_cause cause = read_order(&order, r, b->conf->dictionary);
	int n;

	if (cause)
		return cause;
	if (!is_for_us(b, d, &order.named))
		return DAE_NAS_MISMATCH;
	if (!is_possible(b, &order.change))
		return DAE_INVALID_VALUE;
	n = identity_find(b, &order.named, found, COA_SESSIONS_MAX);
	if (!n)
		return DAE_NO_SESSION;
	if (n != 1 && !may_be_several(d, r->coa))
		return DAE_SEVERAL_SESSIONS;
	if (n < 0)
		return DAE_NO_RESOURCES;
	if (r->coa)
		return change_all(found, n, now, &order);
	for (int i = 0; i < n; i++)
		disconnect(found[i], now);
	return DAE_DONE;
}
