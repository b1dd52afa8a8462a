// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading and writing PPPoE tags (RFC 2516 appendix A). Tags point into the frame
 * that they were read from. disc.c calls it.
 */
#include "pppoe/tag.h"

#include "base/line.h"

#include <errno.h>
#include <string.h>

static struct pppoe_tag *slot(struct pppoe_tags *t, uint16_t type,
			      const struct pppoe_tag *tag)
{
	switch (type) {
	case PPPOE_TAG_SERVICE_NAME:
		return &t->service;
	case PPPOE_TAG_AC_NAME:
		return &t->ac_name;
	case PPPOE_TAG_HOST_UNIQ:
		return &t->host_uniq;
	case PPPOE_TAG_AC_COOKIE:
		return &t->cookie;
	case PPPOE_TAG_RELAY_SESSION_ID:
		return &t->relay;
	case PPPOE_TAG_MAX_PAYLOAD:
		return &t->max_payload;
	case PPPOE_TAG_VENDOR:
		return pppoe_tag_is_line(tag) ? &t->line : NULL;
	}
	return NULL;
}

bool pppoe_tag_is_line(const struct pppoe_tag *t)
{
	struct rd r = rd_make(t->b, t->len);

	return t->b && rd_u32(&r) == LINE_VENDOR;
}

int pppoe_tags_parse(struct pppoe_tags *t, struct rd *r)
{
	*t = (struct pppoe_tags){ 0 };
	while (rd_left(r)) {
		uint16_t type = rd_u16(r);
		uint16_t len = rd_u16(r);
		struct pppoe_tag tag = { rd_bytes(r, len), len };
		struct pppoe_tag *s;

		if (r->err)
			return -EINVAL;
		s = slot(t, type, &tag);
		if (type == PPPOE_TAG_END)
			break;
		if (s && (!s->b || s == &t->line))
			*s = tag;
	}
	return 0;
}

void pppoe_tag_put(struct wr *w, uint16_t type, const void *b, size_t len)
{
	if (len > UINT16_MAX) {
		w->err = true;
		return;
	}
	wr_u16(w, type);
	wr_u16(w, (uint16_t)len);
	wr_bytes(w, b, len);
}

void pppoe_tag_echo(struct wr *w, uint16_t type, const struct pppoe_tag *t)
{
	if (t->b)
		pppoe_tag_put(w, type, t->b, t->len);
}

bool pppoe_tag_is(const struct pppoe_tag *t, const char *text)
{
	return t->b && t->len == strlen(text) && !memcmp(t->b, text, t->len);
}
