/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of a subscriber's access line. The Broadband Forum (vendor 3561) has
 * one numbering for it: in PPPoE's tags (TR-101 3.9), in RADIUS (RFC 4679) and in
 * L2TP (RFC 5515). Who reads or writes one of these walks the same table.
 */
#ifndef BASE_LINE_H
#define BASE_LINE_H

#include "base/buf.h"

#define LINE_VENDOR 3561
#define LINE_ID_MAX 63
#define LINE_RATES 10
#define LINE_DELAYS 4

/* Bits of `has`. Rates and delays alternate: up, down. */
enum line_field {
	LINE_CIRCUIT_ID,
	LINE_REMOTE_ID,
	LINE_RATE, /* actual, minimum, attainable, maximum, minimum in low power */
	LINE_RATE_UP = LINE_RATE,
	LINE_RATE_DOWN,
	LINE_DELAY =
		LINE_RATE + LINE_RATES, /* maximum up, actual up, then down */
	LINE_ENCAPSULATION = LINE_DELAY + LINE_DELAYS,
	LINE_TYPE,
	LINE_IWF,
	LINE_FIELDS
};

struct line_id {
	uint8_t len;
	uint8_t b[LINE_ID_MAX];
};

struct line {
	uint32_t has;
	struct line_id circuit, remote;
	uint64_t rate[LINE_RATES]; /* bit/s */
	uint32_t delay[LINE_DELAYS]; /* ms */
	uint8_t encapsulation[3];
	uint32_t type; /* RFC 5515 3.2.3 */
	uint32_t iwf; /* 1: PPP comes over ATM */
};

enum line_kind { LINE_IS_ID, LINE_IS_RATE, LINE_IS_NUMBER, LINE_IS_OCTETS };

struct line_info {
	uint8_t number; /* of the tag, attribute or AVP */
	enum line_kind kind;
	uint16_t place; /* in struct line */
};

const struct line_info *line_info(enum line_field f);
/* LINE_FIELDS: there is no such number. */
enum line_field line_find(unsigned int number);

static inline bool line_has(const struct line *l, enum line_field f)
{
	return l && l->has >> f & 1;
}

/* The value of a field that it has, if that is a number. */
uint64_t line_number(const struct line *l, enum line_field f);
/* The bytes of an id or of octets. */
const uint8_t *line_bytes(const struct line *l, enum line_field f, size_t *len);
/* False: an id's length cannot be. */
bool line_set_number(struct line *l, enum line_field f, uint64_t v);
bool line_set_bytes(struct line *l, enum line_field f, const void *b,
		    size_t len);

/* As a record of the restart memory. */
#define LINE_RECORD_MAX \
	(4 + 2 * (1 + LINE_ID_MAX) + LINE_RATES * 8 + LINE_DELAYS * 4 + 3 + 8)
void line_save(const struct line *l, struct wr *w);
/* False: it makes no sense. */
bool line_load(struct line *l, struct rd *r);

#endif /* BASE_LINE_H */
