/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ether.h. */
#include "perf/ether.h"

#define TYPE_DISCOVERY 0x8863
#define TYPE_SESSION 0x8864
#define VERSION_TYPE 0x11
#define LENGTH_AT 18 /* of the payload, in the frame */
#define HEADERS 20

int ether_parse(struct ether_frame *f, const void *data, size_t len)
{
	struct rd r = rd_make(data, len);
	uint16_t type;
	uint8_t version;

	f->to = rd_bytes(&r, ETHER_ADDR);
	f->from = rd_bytes(&r, ETHER_ADDR);
	type = rd_u16(&r);
	version = rd_u8(&r);
	f->code = rd_u8(&r);
	f->session = rd_u16(&r);
	f->len = rd_u16(&r);
	f->payload = rd_bytes(&r, f->len);
	if (r.err || version != VERSION_TYPE)
		return -1;
	return type == (f->code ? TYPE_DISCOVERY : TYPE_SESSION) ? 0 : -1;
}

const uint8_t *ether_find(const struct ether_frame *f, enum ether_tag type,
			  size_t *len)
{
	struct rd r = rd_make(f->payload, f->len);

	while (rd_left(&r)) {
		uint16_t t = rd_u16(&r), n = rd_u16(&r);
		const uint8_t *p = rd_bytes(&r, n);

		if (r.err || !t)
			break;
		if (t != type)
			continue;
		*len = n;
		return p;
	}
	return NULL;
}

void ether_begin(struct wr *w, const uint8_t to[ETHER_ADDR],
		 const uint8_t from[ETHER_ADDR], enum ether_code code,
		 uint16_t session)
{
	wr_bytes(w, to, ETHER_ADDR);
	wr_bytes(w, from, ETHER_ADDR);
	wr_u16(w, code ? TYPE_DISCOVERY : TYPE_SESSION);
	wr_u8(w, VERSION_TYPE);
	wr_u8(w, (uint8_t)code);
	wr_u16(w, session);
	wr_u16(w, 0);
}

void ether_put(struct wr *w, enum ether_tag type, const void *p, size_t len)
{
	wr_u16(w, (uint16_t)type);
	wr_u16(w, (uint16_t)len);
	wr_bytes(w, p, len);
}

size_t ether_end(struct wr *w)
{
	if (w->err)
		return 0;
	wr_patch_u16(w, LENGTH_AT, (uint16_t)(wr_len(w) - HEADERS));
	return wr_len(w);
}
