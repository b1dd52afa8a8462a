/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs of the control socket: the box and its subscribers as records, and the
 * ending of a subscriber. Called by ctl/server with parsed attributes.
 */
#include "ctl/show.h"

#include "adit/ctl.h"
#include "base/clock.h"
#include "ctl/level.h"
#include "ctl/put.h"
#include "ctl/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifndef ADIT_VERSION
#define ADIT_VERSION "0.1"
#endif

#define CDN_ADMINISTRATIVE 3

static void put_subscriber(struct nlmsghdr *m, const struct subscriber *s)
{
	char link[KERN_LINK_STRLEN];
	char text[ADDR_STRLEN];
	char device[64];

	put_u64(m, CTL_A_ID, s->id);
	put_str(m, CTL_A_USER, s->user);
	put_str(m, CTL_A_STATE, subscriber_state_name(s->state));
	put_str(m, CTL_A_ACCESS, kern_link_str(&s->access, link));
	if (s->to.kind) {
		put_str(m, CTL_A_TO, kern_link_str(&s->to, link));
	} else if (s->state == SUBSCRIBER_UP) {
		snprintf(device, sizeof(device), "device %s",
			 s->profile->device);
		put_str(m, CTL_A_TO, device);
	}
	if (s->session)
		put_str(m, CTL_A_PEER, s->session->tunnel->peer->name);
	if (s->access.kind == KERN_PPPOE)
		put_str(m, CTL_A_MAC, mac_str(s->client.mac, text));
	if (s->state == SUBSCRIBER_UP && s->address.family)
		put_str(m, CTL_A_ADDRESS, addr_str(&s->address, text));
	put_u32(m, CTL_A_MRU, s->ppp.peer_mru);
	put_u64(m, CTL_A_UPTIME, (uint64_t)(clock_now() - s->since) / 1000);
}

static bool wanted(const struct subscriber *s,
		   const struct nlattr *const *attrs)
{
	if (attrs[CTL_A_USER] &&
	    strcmp(mnl_attr_get_str(attrs[CTL_A_USER]), s->user))
		return false;
	return !attrs[CTL_A_ID] || mnl_attr_get_u64(attrs[CTL_A_ID]) == s->id;
}

static int subscriber_show(struct ctl_client *c,
			   const struct nlattr *const *attrs, void *user,
			   const char **text)
{
	const struct box *b = user;
	const struct subscriber *s;

	(void)text;
	LIST_FOREACH(s, &b->subscribers, all)
	{
		struct nlmsghdr *m;

		if (!wanted(s, attrs))
			continue;
		m = ctl_record(c, CTL_KIND_SUBSCRIBER);
		put_subscriber(m, s);
		ctl_send(c, m);
	}
	return 0;
}

static int subscriber_del(struct ctl_client *c,
			  const struct nlattr *const *attrs, void *user,
			  const char **text)
{
	struct box *b = user;
	struct subscriber *s, *next;
	unsigned int n = 0;

	(void)c;
	if (!attrs[CTL_A_ID] && !attrs[CTL_A_USER]) {
		*text = "which subscriber? an id or a user is needed";
		return -EINVAL;
	}
	for (s = LIST_FIRST(&b->subscribers); s; s = next) {
		next = LIST_NEXT(s, all);
		if (!wanted(s, attrs))
			continue;
		n++;
		if (s->state == SUBSCRIBER_UP)
			ppp_link_close(&s->ppp, clock_now());
		else
			subscriber_end(s, clock_now(), CDN_ADMINISTRATIVE,
				       "removed by the operator");
	}
	if (!n)
		*text = "no such subscriber";
	return n ? 0 : -ENOENT;
}

static void put_counter(struct ctl_client *c, const char *group,
			const char *name, uint64_t value)
{
	struct nlmsghdr *m = ctl_record(c, CTL_KIND_COUNTER);
	char full[64];

	snprintf(full, sizeof(full), "%s_%s", group, name);
	put_str(m, CTL_A_NAME, full);
	put_u64(m, CTL_A_VALUE, value);
	ctl_send(c, m);
}

static int system_show(struct ctl_client *c, const struct nlattr *const *attrs,
		       void *user, const char **text)
{
	const struct box *b = user;
	struct nlmsghdr *m = ctl_record(c, CTL_KIND_SYSTEM);

	(void)attrs;
	(void)text;
	put_str(m, CTL_A_HOSTNAME, b->conf->hostname);
	put_str(m, CTL_A_VERSION, ADIT_VERSION);
	put_u32(m, CTL_A_SUBSCRIBERS, b->n_subscribers);
	put_u32(m, CTL_A_TUNNELS, (uint32_t)idmap_count(&b->l2tp.tunnels));
	put_u32(m, CTL_A_SESSIONS, (uint32_t)idmap_count(&b->l2tp.sessions));
	level_put(m, &b->l2tp.level);
	ctl_send(c, m);
#define X(name) put_counter(c, "kern", #name, b->kern->count.name);
	KERN_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "l2tp", #name, b->l2tp.count.name);
	L2TP_COUNTERS(X)
#undef X
#define X(number, id, name, words) \
	put_counter(c, "l2tp", "rx_cause_" #name, b->l2tp.rx_causes.name);
	L2TP_CAUSES(X)
#undef X
	put_counter(c, "l2tp", "rx_cause_other", b->l2tp.rx_causes.other);
#define X(name) put_counter(c, "pppoe", #name, b->disc.count.name);
	PPPOE_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "ppp", #name, b->ppp_count.name);
	PPP_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "radius", #name, b->radius.client.count.name);
	RADIUS_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "box", #name, b->count.name);
	BOX_COUNTERS(X)
#undef X
	return 0;
}

const struct ctl_verb_row show_verbs[] = {
	{ CTL_SYSTEM_SHOW, system_show },
	{ CTL_SUBSCRIBER_SHOW, subscriber_show },
	{ CTL_SUBSCRIBER_DEL, subscriber_del },
	{ CTL_DESTINATION_SHOW, level_destination_show },
	{ CTL_TUNNEL_SHOW, level_tunnel_show },
	{ CTL_SESSION_SHOW, level_session_show },
	{ CTL_SYSTEM_ORDER, level_system_order },
	{ CTL_DESTINATION_ORDER, level_destination_order },
	{ CTL_TUNNEL_ORDER, level_tunnel_order },
	{ CTL_SESSION_ORDER, level_session_order },
	{ CTL_TUNNEL_TEST, test_tunnel },
};

const size_t show_n_verbs = sizeof(show_verbs) / sizeof(show_verbs[0]);

void show_event(struct ctl_server *server, const char *what,
		const struct subscriber *s)
{
	struct nlmsghdr *m = ctl_event(server, what);

	if (!m)
		return;
	put_subscriber(m, s);
	ctl_publish(server, m);
}
