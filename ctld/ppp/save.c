/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a PPP link survives a restart. Called by the restart memory; ppp/link
 * opens it again.
 */
#include "ppp/save.h"

#include "base/addr.h"
#include "ppp/phase.h"
#include "ppp/record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SAVE_VERSION 3

/* One list of fields serves both directions: it writes if w is there, else it
 * reads. Of the record it has who the subscriber is.
 */
struct copy {
	struct wr *w;
	struct rd *r;
	uint8_t open; /* network protocols */
	uint8_t ncp_id[PPP_NCPS];
	bool bad;
};

static uint32_t copy_uint(struct copy *c, uint32_t v)
{
	if (c->r)
		return rd_u32(c->r);
	wr_u32(c->w, v);
	return v;
}

static uint64_t copy_u64(struct copy *c, uint64_t v)
{
	uint64_t high = copy_uint(c, (uint32_t)(v >> 32));

	return high << 32 | copy_uint(c, (uint32_t)v);
}

static void copy_bytes(struct copy *c, void *b, size_t len)
{
	if (c->r)
		rd_copy(c->r, b, len);
	else
		wr_bytes(c->w, b, len);
}

/* With its family before it; 0: none. */
static void copy_v4(struct copy *c, uint32_t *v4)
{
	struct addr a = addr_v4(*v4);

	a.family = (uint8_t)copy_uint(c, *v4 ? a.family : 0);
	c->bad |= a.family && a.family != AF_INET;
	copy_bytes(c, a.b, addr_len(&a));
	*v4 = a.family ? addr_to_v4(&a) : 0;
}

static void copy_fields(struct copy *c, struct ppp_link *l)
{
	char name[PPP_NAME_MAX + 1] = "";
	size_t n;

	c->bad |= copy_uint(c, SAVE_VERSION) != SAVE_VERSION;
	l->phase = copy_uint(c, l->phase);
	l->auth_proto = copy_uint(c, l->auth_proto);
	l->peer_mru = (uint16_t)copy_uint(c, l->peer_mru);
	l->our_mru = (uint16_t)copy_uint(c, l->our_mru);
	l->magic = copy_uint(c, l->magic);
	l->peer_magic = copy_uint(c, l->peer_magic);
	l->lcp.cp.id = (uint8_t)copy_uint(c, l->lcp.cp.id);
	c->open = (uint8_t)copy_uint(c, c->open);
	for (int i = 0; i < PPP_NCPS; i++)
		c->ncp_id[i] =
			(uint8_t)copy_uint(c, l->ncp[i] ? l->ncp[i]->cp.id : 0);
	l->authen.id = (uint8_t)copy_uint(c, l->authen.id);
	copy_v4(c, &l->ip.v4.local);
	copy_v4(c, &l->ip.v4.peer);
	for (size_t i = 0; i < PPP_DNS_MAX; i++)
		copy_v4(c, &l->ip.v4.dns[i]);
	for (size_t i = 0; i < PPP_NBNS_MAX; i++)
		copy_v4(c, &l->ip.v4.nbns[i]);
	l->ip.local_id = copy_u64(c, l->ip.local_id);
	l->ip.peer_id = copy_u64(c, l->ip.peer_id);
	l->ip.network = (uint8_t)copy_uint(c, l->ip.network);
	l->ip.session_timeout = copy_uint(c, l->ip.session_timeout);
	l->ip.idle_timeout = copy_uint(c, l->ip.idle_timeout);
	l->session_at = (msec_t)copy_u64(c, (uint64_t)l->session_at);
	copy_uint(c, l->auth_proto); /* both once more: not read */
	copy_uint(c, l->authen.id);
	snprintf(name, sizeof(name), "%s", record_name(l));
	n = copy_uint(c, (uint32_t)strlen(name));
	c->bad |= n > PPP_NAME_MAX;
	if (c->bad)
		return;
	copy_bytes(c, name, n);
	if (c->r)
		c->bad |= !record_set_name(l, name);
}

void ppp_link_save(const struct ppp_link *l, struct wr *w)
{
	struct copy c = { .w = w,
			  .open = (ppp_link_has(l, PPP_IPV4) ? PPP_IPV4 : 0) |
				  (ppp_link_has(l, PPP_IPV6) ? PPP_IPV6 : 0) };

	copy_fields(&c, (struct ppp_link *)l);
}

static bool loadable(enum ppp_phase p)
{
	return ppp_phase_lasts(p) || p == PPP_ESTABLISH ||
	       p == PPP_AUTHENTICATE || p == PPP_NETWORK;
}

int ppp_link_load(struct ppp_link *l, msec_t now, struct rd *r)
{
	struct copy c = { .r = r };
	enum ppp_phase phase;

	phase_clear(l);
	copy_fields(&c, l);
	phase = l->phase;
	l->phase = PPP_DEAD;
	if (c.bad || r->err || !loadable(phase) || l->peer_mru < LCP_MRU_MIN ||
	    (phase == PPP_UP && !c.open))
		return -EINVAL;
	/* Where it was in its negotiation is not written: it begins again. */
	if (!ppp_phase_lasts(phase))
		ppp_link_start(l, now);
	else if (!ppp_link_resume(l, now, phase, c.open, c.ncp_id))
		return -ENOMEM;
	return 0;
}
