// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Broadband Forum's tag; see vendor.h. Behind the vendor's number come items of
 * one byte of type, one of length, and a value. Rates are in kbit/s there, and in
 * bit/s everywhere else. Called by pppoe/disc.
 */
#include "pppoe/vendor.h"

static bool take(struct line *l, enum line_field f, const uint8_t *b,
		 size_t len)
{
	enum line_kind kind = line_info(f)->kind;
	struct rd r = rd_make(b, len);

	if (kind == LINE_IS_ID || kind == LINE_IS_OCTETS)
		return line_set_bytes(l, f, b, len);
	if (f == LINE_IWF && !len) /* it being there says it */
		return line_set_number(l, f, 1);
	if (len != 4)
		return false;
	return line_set_number(l, f,
			       (uint64_t)rd_u32(&r) *
				       (kind == LINE_IS_RATE ? 1000 : 1));
}

unsigned int pppoe_vendor_read(struct line *l, const struct pppoe_tag *t)
{
	struct rd r = rd_make(t->b, t->len);
	unsigned int bad = 0;

	(void)rd_u32(&r);
	while (rd_left(&r)) {
		enum line_field f = line_find(rd_u8(&r));
		size_t len = rd_u8(&r);
		const uint8_t *b = rd_bytes(&r, len);

		if (r.err)
			return bad + 1;
		if (f < LINE_FIELDS && !line_has(l, f) && !take(l, f, b, len))
			bad++;
	}
	return bad;
}
