/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two decoded messages say the same; also for the fuzzer. */
#ifndef TESTS_L2TP_SAME_H
#define TESTS_L2TP_SAME_H

#include "l2tp/dict.h"

#include <string.h>

static inline bool same_bytes(const struct l2tp_bytes *a,
			      const struct l2tp_bytes *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->p, b->p, a->len));
}

/* How many bytes a value takes in struct l2tp_msg. */
static inline size_t value_size(const struct avp_info *info)
{
	size_t numbers = 0;

	switch (info->kind) {
	case AVP_U16:
		return 2;
	case AVP_U32:
		return 4;
	case AVP_U64:
		return 8;
	case AVP_BYTES:
		return sizeof(struct l2tp_bytes);
	case AVP_RESULT:
		return sizeof(struct l2tp_result);
	case AVP_FIELDS:
		for (const char *l = info->layout; *l; l++)
			numbers += *l != '-';
		return numbers * 4;
	case AVP_ITEM:
	case AVP_EMPTY:
		break;
	}
	return 0;
}

static inline bool same_value(const struct l2tp_msg *a,
			      const struct l2tp_msg *b,
			      const struct avp_info *info)
{
	const void *va = (const char *)a + info->place;
	const void *vb = (const char *)b + info->place;
	const struct l2tp_result *ra = va, *rb = vb;

	if (info->kind == AVP_BYTES)
		return same_bytes(va, vb);
	if (info->kind == AVP_RESULT)
		return ra->result == rb->result && ra->error == rb->error &&
		       !strcmp(ra->text, rb->text);
	return !memcmp(va, vb, value_size(info));
}

static inline bool same_msg(const struct l2tp_msg *a, const struct l2tp_msg *b)
{
	if (a->type != b->type || a->tunnel_id != b->tunnel_id ||
	    a->session_id != b->session_id || a->ns != b->ns ||
	    a->nr != b->nr || a->has != b->has || a->line.has != b->line.has ||
	    a->n_items != b->n_items)
		return false;
	for (unsigned int i = 0; i < a->n_items; i++)
		if (a->item[i].avp != b->item[i].avp ||
		    !same_bytes(&a->item[i].value, &b->item[i].value))
			return false;
	for (unsigned int avp = 0; avp < AVP_TYPES; avp++)
		if (l2tp_msg_has(a, avp) && !same_value(a, b, avp_info(avp)))
			return false;
	return true;
}

#endif /* TESTS_L2TP_SAME_H */
