/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 3145; see cause.h. Called by l2tp/session_end, and for logs. */
#include "l2tp/cause.h"

#include "l2tp/dict.h"

#include <stddef.h>
#include <stdio.h>

static const struct {
	const char *words;
	uint16_t count; /* where in struct l2tp_cause_counters */
} codes[L2TP_CAUSE_CODES] = {
#define X(number, id, name, words) \
	[number] = { words, offsetof(struct l2tp_cause_counters, name) },
	L2TP_CAUSES(X)
#undef X
};

void l2tp_causes_write(const struct l2tp_causes *c, struct l2tp_msg *m,
		       uint8_t room[L2TP_CAUSES_MAX * L2TP_CAUSE_LEN])
{
	struct wr w = wr_make(room, L2TP_CAUSES_MAX * L2TP_CAUSE_LEN);

	for (unsigned int i = 0; i < c->n; i++) {
		m->item[m->n_items++] =
			(struct l2tp_item){ AVP_CAUSE,
					    { w.p, L2TP_CAUSE_LEN } };
		wr_u16(&w, c->cause[i].code);
		wr_u16(&w, c->cause[i].proto);
		wr_u8(&w, c->cause[i].direction);
		l2tp_msg_set(m, AVP_CAUSE);
	}
}

void l2tp_causes_read(struct l2tp_causes *c, const struct l2tp_msg *m)
{
	c->n = 0;
	for (unsigned int i = 0; i < m->n_items; i++) {
		const struct l2tp_item *item = &m->item[i];
		struct rd r = rd_make(item->value.p, item->value.len);
		struct l2tp_cause *to = &c->cause[c->n];

		if (item->avp != AVP_CAUSE || c->n == L2TP_CAUSES_MAX)
			continue;
		to->code = rd_u16(&r);
		to->proto = rd_u16(&r);
		to->direction = rd_u8(&r);
		c->n++;
	}
}

void l2tp_causes_count(struct l2tp_cause_counters *count,
		       const struct l2tp_causes *c)
{
	for (unsigned int i = 0; i < c->n; i++) {
		uint16_t code = c->cause[i].code;

		if (code < L2TP_CAUSE_CODES)
			++*(uint64_t *)((char *)count + codes[code].count);
		else
			count->other++;
	}
}

const char *l2tp_cause_str(const struct l2tp_cause *c,
			   char out[L2TP_CAUSE_STRLEN])
{
	snprintf(out, L2TP_CAUSE_STRLEN, "%u %s, protocol %04x, direction %u",
		 c->code,
		 c->code < L2TP_CAUSE_CODES ? codes[c->code].words : "unknown",
		 c->proto, c->direction);
	return out;
}
