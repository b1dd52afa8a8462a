// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of an access line's fields, and its record; see line.h. */
#include "base/line.h"

#include <string.h>

#define PLACE(member) offsetof(struct line, member)
#define RATE(i)                                        \
	[LINE_RATE + (i)] = { 129 + (i), LINE_IS_RATE, \
			      PLACE(rate[0]) + (i) * sizeof(uint64_t) }
#define DELAY(i)                                          \
	[LINE_DELAY + (i)] = { 139 + (i), LINE_IS_NUMBER, \
			       PLACE(delay[0]) + (i) * sizeof(uint32_t) }

static const struct line_info table[LINE_FIELDS] = {
	[LINE_CIRCUIT_ID] = { 1, LINE_IS_ID, PLACE(circuit) },
	[LINE_REMOTE_ID] = { 2, LINE_IS_ID, PLACE(remote) },
	RATE(0),
	RATE(1),
	RATE(2),
	RATE(3),
	RATE(4),
	RATE(5),
	RATE(6),
	RATE(7),
	RATE(8),
	RATE(9),
	DELAY(0),
	DELAY(1),
	DELAY(2),
	DELAY(3),
	[LINE_ENCAPSULATION] = { 144, LINE_IS_OCTETS, PLACE(encapsulation) },
	[LINE_TYPE] = { 145, LINE_IS_NUMBER, PLACE(type) },
	[LINE_IWF] = { 254, LINE_IS_NUMBER, PLACE(iwf) },
};

const struct line_info *line_info(enum line_field f)
{
	return &table[f];
}

enum line_field line_find(unsigned int number)
{
	enum line_field f = 0;

	while (f < LINE_FIELDS && table[f].number != number)
		f++;
	return f;
}

static const void *at(const struct line *l, enum line_field f)
{
	return (const char *)l + table[f].place;
}

static void *to(struct line *l, enum line_field f)
{
	return (char *)l + table[f].place;
}

uint64_t line_number(const struct line *l, enum line_field f)
{
	return table[f].kind == LINE_IS_RATE ? *(const uint64_t *)at(l, f) :
					       *(const uint32_t *)at(l, f);
}

const uint8_t *line_bytes(const struct line *l, enum line_field f, size_t *len)
{
	const struct line_id *id = at(l, f);

	if (table[f].kind == LINE_IS_ID) {
		*len = id->len;
		return id->b;
	}
	*len = sizeof(l->encapsulation);
	return at(l, f);
}

bool line_set_number(struct line *l, enum line_field f, uint64_t v)
{
	if (table[f].kind == LINE_IS_RATE)
		*(uint64_t *)to(l, f) = v;
	else if (v <= UINT32_MAX)
		*(uint32_t *)to(l, f) = (uint32_t)v;
	else
		return false;
	l->has |= UINT32_C(1) << f;
	return true;
}

bool line_set_bytes(struct line *l, enum line_field f, const void *b,
		    size_t len)
{
	struct line_id *id = to(l, f);

	if (table[f].kind == LINE_IS_ID) {
		if (!len || len > LINE_ID_MAX)
			return false;
		id->len = (uint8_t)len;
		memcpy(id->b, b, len);
	} else {
		if (len != sizeof(l->encapsulation))
			return false;
		memcpy(to(l, f), b, len);
	}
	l->has |= UINT32_C(1) << f;
	return true;
}

void line_save(const struct line *l, struct wr *w)
{
	wr_u32(w, l->has);
	for (enum line_field f = 0; f < LINE_FIELDS; f++) {
		size_t len;
		const uint8_t *b;

		if (!line_has(l, f))
			continue;
		if (table[f].kind == LINE_IS_RATE) {
			wr_u64(w, line_number(l, f));
		} else if (table[f].kind == LINE_IS_NUMBER) {
			wr_u32(w, (uint32_t)line_number(l, f));
		} else {
			b = line_bytes(l, f, &len);
			wr_u8(w, (uint8_t)len);
			wr_bytes(w, b, len);
		}
	}
}

bool line_load(struct line *l, struct rd *r)
{
	uint32_t has = rd_u32(r);
	bool good = !(has >> LINE_FIELDS);

	*l = (struct line){ 0 };
	for (enum line_field f = 0; good && f < LINE_FIELDS; f++) {
		const uint8_t *b;
		size_t len;

		if (!(has >> f & 1))
			continue;
		if (table[f].kind == LINE_IS_RATE) {
			good = line_set_number(l, f, rd_u64(r));
		} else if (table[f].kind == LINE_IS_NUMBER) {
			good = line_set_number(l, f, rd_u32(r));
		} else {
			len = rd_u8(r);
			b = rd_bytes(r, len);
			good = b && line_set_bytes(l, f, b, len);
		}
	}
	return good && !r->err;
}
