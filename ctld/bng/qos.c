/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See qos.h. Called by bng/terminate. */
#include "bng/qos.h"

#include "base/log.h"

#include <linux/adit.h>
#include <string.h>

#define BURST_MIN 15000 /* bytes: ten packets */
#define BURST_OF 80 /* what comes in 1/80 s of 8 bits: 100 ms */

static uint32_t burst_of(unsigned int said, uint64_t rate)
{
	uint64_t burst = said ? said : rate / BURST_OF;

	if (burst < BURST_MIN && !said)
		burst = BURST_MIN;
	return burst < ADIT_BURST_MAX ? (uint32_t)burst : ADIT_BURST_MAX;
}

static uint64_t bits(uint64_t kbit)
{
	uint64_t rate = kbit * 1000;

	return rate < ADIT_RATE_MAX ? rate : ADIT_RATE_MAX;
}

/* granted: kbit/s, of a grant. */
static void police(struct kern_police *p, const struct conf_rate *r,
		   uint32_t granted)
{
	p->rate = bits(aaa_limit(granted, r->rate));
	if (p->rate)
		p->burst = burst_of(r->burst, p->rate);
	if (!r->peak || granted)
		return;
	p->peak = bits(r->peak);
	p->peak_burst = burst_of(r->peak_burst, p->peak);
}

/* Of that policy; what else holds, if none is named or there is no such one. */
static const struct conf_qos *named(const struct subscriber *s,
				    const char *policy,
				    const struct conf_qos * or)
{
	char name[AAA_TEXT_MAX + 1], link[KERN_LINK_STRLEN];
	const struct conf_policy *p;

	if (!policy[0])
		return or ;
	p = conf_policy(s->box->conf, policy);
	if (p)
		return &p->qos;
	s->box->count.unknown_policy++;
	log_warn("%s: there is no policy \"%s\": %s holds",
		 kern_link_str(&s->access, link),
		 log_safe(policy, strlen(policy), name, sizeof(name)),
		 or == &s->profile->qos ? "its profile's" : "Filter-Id's");
	return or ;
}

void qos_apply(struct subscriber *s, const struct aaa_grant *g)
{
	const struct conf_qos *c = named(s, g->filter, &s->profile->qos);
	const struct conf_qos *up = named(s, g->policy_up, c);
	const struct conf_qos *down = named(s, g->policy_down, c);
	struct kern_qos q = { .mark = c->mark, .priority = c->priority };
	bool any;

	police(&q.up, &up->up, g->rate_up);
	police(&q.down, &down->down, g->rate_down);
	if (down->pacing) {
		q.pace = q.down.rate;
		q.down = (struct kern_police){ 0 };
	}
	any = q.up.rate || q.down.rate || q.pace || q.mark || q.priority;
	if (any || s->has_qos)
		kern_qos(s->box->kern, &s->access, s->id, &q);
	s->has_qos = any;
}
