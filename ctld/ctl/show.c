/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs of the control socket: the box and its subscribers as records, and the
 * ending of a subscriber. Called by ctl/server with parsed attributes.
 */
#include "ctl/show.h"

#include "adit/ctl.h"
#include "base/clock.h"
#include "base/log.h"
#include "bng/reach.h"
#include "ctl/level.h"
#include "ctl/pool.h"
#include "ctl/put.h"
#include "ctl/radius.h"
#include "ctl/test.h"
#include "l2tp/msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifndef ADIT_VERSION
#define ADIT_VERSION "0.1"
#endif

static void put_duid(struct nlmsghdr *m, const struct dhcp6_lease *l)
{
	char text[2 * DHCP6_DUID_MAX + 1];

	if (!l->bound[DHCP6_NA] && !l->bound[DHCP6_PD])
		return;
	for (size_t i = 0; i < l->client.len; i++)
		snprintf(text + 2 * i, 3, "%02x", l->client.b[i]);
	put_str(m, CTL_A_DUID, text);
}

/* Of one that is up. */
static void put_ipv6(struct nlmsghdr *m, const struct subscriber *s)
{
	static const uint16_t attr[IPV6_NKINDS] = {
		[IPV6_PREFIX] = CTL_A_PREFIX6,
		[IPV6_ADDRESS] = CTL_A_ADDRESS6,
		[IPV6_DELEGATED] = CTL_A_DELEGATED,
	};
	char a[ADDR_STRLEN], text[ADDR_STRLEN + 8];
	struct addr id = ip6_link_local(s->ppp.ip.peer_id);

	if (ppp_link_has(&s->ppp, PPP_IPV6)) {
		memset(id.b, 0, 8);
		put_str(m, CTL_A_INTERFACE_ID, addr_str(&id, a));
	}
	for (int i = 0; s->ipv6 && i < IPV6_NKINDS; i++) {
		const struct kern_prefix *p = &s->ipv6->have[i];

		if (!p->net.family)
			continue;
		snprintf(text, sizeof(text), "%s/%u", addr_str(&p->net, a),
			 p->len);
		put_str(m, attr[i], p->len == 128 ? a : text);
	}
	if (s->ipv6)
		put_duid(m, &s->ipv6->router.lease);
}

static void put_networks(struct nlmsghdr *m, const struct subscriber *s)
{
	bool v4 = ppp_link_has(&s->ppp, PPP_IPV4);
	bool v6 = ppp_link_has(&s->ppp, PPP_IPV6);

	put_str(m, CTL_A_NETWORKS,
		v4 && v6 ? "ipv4 ipv6" :
		v4	 ? "ipv4" :
		v6	 ? "ipv6" :
			   "");
}

static void put_subscriber(struct nlmsghdr *m, const struct subscriber *s)
{
	char link[KERN_LINK_STRLEN];
	char text[ADDR_STRLEN];
	char device[64], name[IFNAMSIZ];

	put_u64(m, CTL_A_ID, s->id);
	put_str(m, CTL_A_USER, s->user);
	put_str(m, CTL_A_STATE, subscriber_state_name(s->state));
	put_str(m, CTL_A_ACCESS, kern_link_str(&s->access, link));
	if (s->to.kind) {
		put_str(m, CTL_A_TO, kern_link_str(&s->to, link));
	} else if (s->state == SUBSCRIBER_UP) {
		snprintf(device, sizeof(device), "device %s",
			 reach_device(s, name));
		put_str(m, CTL_A_TO, device);
	}
	if (s->session)
		put_str(m, CTL_A_PEER, s->session->tunnel->peer->name);
	if (s->access.kind == KERN_PPPOE)
		put_str(m, CTL_A_MAC, mac_str(s->client.mac, text));
	if (s->state == SUBSCRIBER_UP && s->address.family)
		put_str(m, CTL_A_ADDRESS, addr_str(&s->address, text));
	if (s->state == SUBSCRIBER_UP) {
		put_networks(m, s);
		put_ipv6(m, s);
	}
	put_str(m, CTL_A_REASON, s->why);
	put_u32(m, CTL_A_MRU, s->ppp.peer_mru);
	put_u64(m, CTL_A_UPTIME, (uint64_t)(clock_now() - s->since) / 1000);
}

static void put_past(struct nlmsghdr *m, const struct past *p)
{
	static const uint8_t none[6];
	char text[ADDR_STRLEN];

	put_u64(m, CTL_A_ID, p->id);
	put_str(m, CTL_A_USER, p->user);
	put_str(m, CTL_A_STATE, "ended");
	put_str(m, CTL_A_ACCESS, p->access);
	if (memcmp(p->mac, none, sizeof(none)))
		put_str(m, CTL_A_MAC, mac_str(p->mac, text));
	if (p->address.family)
		put_str(m, CTL_A_ADDRESS, addr_str(&p->address, text));
	put_str(m, CTL_A_REACHED, subscriber_state_name(p->state));
	put_str(m, CTL_A_REASON, p->why);
	put_u64(m, CTL_A_UPTIME, (uint64_t)(p->at - p->since) / 1000);
	put_u64(m, CTL_A_ENDED, (uint64_t)(clock_now() - p->at) / 1000);
}

/* What is asked for, of one that is here or was. */
struct who {
	uint64_t id;
	const char *user;
	const uint8_t *mac;
	const struct addr *address;
};

static bool text_is(const struct nlattr *a, const char *text)
{
	return !a || !strcmp(mnl_attr_get_str(a), text);
}

static bool is_wanted(const struct who *w, const struct nlattr *const *attrs)
{
	char mac[ADDR_STRLEN], address[ADDR_STRLEN];

	return text_is(attrs[CTL_A_USER], w->user) &&
	       text_is(attrs[CTL_A_MAC], mac_str(w->mac, mac)) &&
	       text_is(attrs[CTL_A_ADDRESS],
		       w->address->family ? addr_str(w->address, address) :
					    "") &&
	       (!attrs[CTL_A_ID] || mnl_attr_get_u64(attrs[CTL_A_ID]) == w->id);
}

static bool wanted(const struct subscriber *s,
		   const struct nlattr *const *attrs)
{
	static const uint8_t none[6];
	const struct who who = {
		.id = s->id,
		.user = s->user,
		.mac = s->access.kind == KERN_PPPOE ? s->client.mac : none,
		.address = &s->address,
	};

	return is_wanted(&who, attrs);
}

static unsigned int show_past(struct ctl_client *c, const struct box *b,
			      const struct nlattr *const *attrs)
{
	const struct past *p;
	unsigned int n = 0;

	TAILQ_FOREACH(p, &b->past.head, next)
	{
		const struct who who = { p->id, p->user, p->mac, &p->address };
		struct nlmsghdr *m;

		if (!is_wanted(&who, attrs))
			continue;
		n++;
		m = ctl_record(c, CTL_KIND_SUBSCRIBER);
		put_past(m, p);
		ctl_send(c, m);
	}
	return n;
}

static int subscriber_show(struct ctl_client *c,
			   const struct nlattr *const *attrs, void *user,
			   const char **text)
{
	const struct box *b = user;
	const struct subscriber *s;
	unsigned int n = 0;

	if (attrs[CTL_A_ENDED])
		n = show_past(c, b, attrs);
	LIST_FOREACH(s, &b->subscribers, all)
	{
		struct nlmsghdr *m;

		if (attrs[CTL_A_ENDED] || !wanted(s, attrs))
			continue;
		n++;
		m = ctl_record(c, CTL_KIND_SUBSCRIBER);
		put_subscriber(m, s);
		ctl_send(c, m);
	}
	*text = "no such subscriber";
	return attrs[CTL_A_ID] && !n ? -ENOENT : 0;
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
			subscriber_end(s, clock_now(), L2TP_CDN_ADMIN,
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
	put_counter(c, "log", "lost", log_lost());
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
#define X(name) put_counter(c, "router", #name, b->router_count.name);
	ROUTER_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "radius", #name, b->radius.client.count.name);
	RADIUS_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "dae", #name, b->dae.server.count.name);
	DAE_COUNTERS(X)
#undef X
#define X(name) put_counter(c, "radius_acct", #name, b->radius.acct.count.name);
	RADIUS_COUNTERS(X)
#undef X
	put_counter(c, "accounting", "waiting", b->radius.spool.n);
#define X(name) put_counter(c, "accounting", #name, b->radius.spool.count.name);
	SPOOL_COUNTERS(X)
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
	{ CTL_DESTINATION_UNLOCK, level_destination_unlock },
	{ CTL_DESTINATION_TEST_LOCKOUT, level_destination_test },
	{ CTL_POOL_SHOW, pool_show },
	{ CTL_RADIUS_SHOW, ctl_radius_show },
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
