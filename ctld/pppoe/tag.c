// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading and writing PPPoE tags (RFC 2516 appendix A). Tags point into the frame
 * that they were read from. disc.c calls it.
 */
#include "pppoe/tag.h"

#include <errno.h>
#include <string.h>

static struct pppoe_tag *slot(struct pppoe_tags *t, uint16_t type)
{
	switch (type) {
	case PPPOE_TAG_SERVICE_NAME:
		return &t->service;
	case PPPOE_TAG_HOST_UNIQ:
		return &t->host_uniq;
	case PPPOE_TAG_AC_COOKIE:
		return &t->cookie;
	case PPPOE_TAG_RELAY_SESSION_ID:
		return &t->relay;
	}
	return NULL;
}

int pppoe_tags_parse(struct pppoe_tags *t, struct rd *r)
{
	*t = (struct pppoe_tags){ 0 };
	while (rd_left(r)) {
		uint16_t type = rd_u16(r);
		uint16_t len = rd_u16(r);
		const uint8_t *b = rd_bytes(r, len);
		struct pppoe_tag *s = slot(t, type);

		if (r->err)
			return -EINVAL;
		if (type == PPPOE_TAG_END)
			break;
		if (s && !s->b)
			*s = (struct pppoe_tag){ b, len };
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
