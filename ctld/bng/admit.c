/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits and duplicates of PPPoE clients; see admit.h. Called by bng/access. */
#include "bng/admit.h"

#include "l2tp/msg.h"

#include <string.h>

#define PENDING_MAX 4 /* sessions of a client that are not up yet */

uint64_t admit_key(const struct pppoe_client *c)
{
	uint64_t part[2] = { c->ifindex,
			     (uint64_t)c->vlan_outer << 16 | c->vlan_inner };
	uint8_t b[sizeof(part) + 6];

	memcpy(b, part, sizeof(part));
	memcpy(b + sizeof(part), c->mac, 6);
	return hash_bytes(b, sizeof(b));
}

bool admit_same(const struct pppoe_client *a, const struct pppoe_client *b)
{
	return a->ifindex == b->ifindex && a->vlan_outer == b->vlan_outer &&
	       a->vlan_inner == b->vlan_inner && !memcmp(a->mac, b->mac, 6);
}

/* A session of the client's; *pending: how many of them are not up yet. */
static struct subscriber *find(struct box *b, const struct pppoe_client *c,
			       unsigned int *pending)
{
	struct hash_node *node = hash_find(&b->by_client, admit_key(c));
	struct subscriber *found = NULL;

	*pending = 0;
	for (; node; node = hash_next(node)) {
		struct subscriber *s =
			container_of(node, struct subscriber, by_client);

		if (!admit_same(&s->client, c))
			continue;
		found = s;
		*pending += s->state == SUBSCRIBER_NEGOTIATING ||
			    s->state == SUBSCRIBER_TUNNELLING;
	}
	return found;
}

static void replace(struct box *b, const struct pppoe_client *c, msec_t now)
{
	struct subscriber *s;
	unsigned int pending;

	while ((s = find(b, c, &pending))) {
		b->count.replaced++;
		subscriber_end(s, now, L2TP_CDN_ADMIN,
			       "replaced by a new session of the client's");
	}
}

static const char *duplicate(struct box *b, const struct conf_port *p,
			     const struct pppoe_client *c, msec_t now)
{
	unsigned int pending;

	if (p->duplicate == CONF_DUPLICATE_REPLACE)
		replace(b, c, now);
	else if (p->duplicate == CONF_DUPLICATE_DENY && find(b, c, &pending)) {
		b->count.refused_duplicate++;
		return "there is a session of this client";
	}
	/* Whoever cannot say who he is needs no more than a few at once. */
	find(b, c, &pending);
	if (pending < PENDING_MAX)
		return NULL;
	b->count.refused_client++;
	return "too many sessions that are not up yet";
}

static const char *limits(struct box *b, const struct conf_port *p,
			  const struct pppoe_client *c)
{
	const struct {
		enum tally_of of;
		unsigned int max;
		uint64_t *count;
		const char *text;
	} limit[] = {
		{ TALLY_PORT, p->max_sessions, &b->count.refused_port,
		  "session limit of the port reached" },
		{ TALLY_VLAN, p->max_per_vlan, &b->count.refused_vlan,
		  "session limit of the VLAN reached" },
		{ TALLY_MAC, p->max_per_mac, &b->count.refused_mac,
		  "session limit of the MAC address reached" },
	};

	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++) {
		if (!limit[i].max ||
		    tally_count(&b->tally, c, limit[i].of) < limit[i].max)
			continue;
		++*limit[i].count;
		return limit[i].text;
	}
	return NULL;
}

const char *admit(struct box *b, const struct box_port *port,
		  const struct pppoe_client *c, msec_t now)
{
	const char *why = duplicate(b, port->conf, c, now);

	if (why)
		return why;
	if (box_full(b)) {
		b->count.refused_limit++;
		return "session limit reached";
	}
	return limits(b, port->conf, c);
}

msec_t admit_delay(const struct box *b, const struct conf_port *p)
{
	msec_t delay = 0;

	for (size_t i = 0; i < p->n_pado; i++)
		if (b->n_subscribers >= p->pado[i].sessions)
			delay = p->pado[i].delay;
	return delay;
}
