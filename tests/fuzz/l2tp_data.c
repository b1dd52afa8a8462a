// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The header of an L2TP data message, as the module parses it, beside a second
 * parser that reads RFC 2661 3.1 field by field. The first byte chooses how much
 * of the datagram lies in one piece; what is not there must not be looked at.
 */
#include "adit/l2tp_parse.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

static unsigned int field(struct reader *r, bool present)
{
	unsigned int v;

	if (!present)
		return 0;
	if (r->left < 2) {
		r->bad = true;
		return 0;
	}
	v = r->at[0] * 256U + r->at[1];
	r->at += 2;
	r->left -= 2;
	return v;
}

/* What a message must be to be taken: it is sound, and what is in it. */
static bool expected(const uint8_t *datagram, size_t size, struct l2tp_data *d)
{
	struct reader r = { datagram, size, false };
	unsigned int bits = field(&r, true);
	bool has_length = bits >> 14 & 1, has_ns = bits >> 11 & 1;
	bool has_offset = bits >> 9 & 1;
	unsigned int length = field(&r, has_length), offset;

	memset(d, 0, sizeof(*d));
	d->tunnel_id = (unsigned short)field(&r, true);
	d->session_id = (unsigned short)field(&r, true);
	d->has_ns = has_ns;
	d->ns = (unsigned short)field(&r, has_ns);
	field(&r, has_ns);
	offset = field(&r, has_offset);
	if (r.bad || size < 6 || bits % 16 != 2)
		return false;
	d->len = has_length ? length : (unsigned int)size;
	d->hlen = (unsigned int)(size - r.left) + offset;
	return d->len <= size && d->hlen <= d->len && offset <= 16 &&
	       d->tunnel_id && d->session_id;
}

/* A refusal is for a reason that holds. */
static bool is_right(int why, const uint8_t *p, size_t size)
{
	unsigned int bits = size > 1 ? p[0] * 256U + p[1] : 0;

	switch (why - 1) {
	case ADIT_DROP_rx_short:
	case ADIT_DROP_rx_zero_id:
		return true;
	case ADIT_DROP_rx_version:
		return bits % 16 != 2;
	case ADIT_DROP_rx_length:
		return bits & 0x4000;
	case ADIT_DROP_rx_offset_too_big:
		return bits & 0x0200;
	default:
		return false;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct l2tp_data got, want;
	unsigned int linear;
	uint8_t *piece;
	int why;

	if (size < 1)
		return 0;
	linear = L2TP_DATA_HLEN_MAX + *data++;
	size--;
	if (linear > size)
		linear = (unsigned int)size;
	piece = malloc(linear ? linear : 1);
	if (!piece)
		abort();
	memcpy(piece, data, linear);
	memset(&got, 0xaa, sizeof(got));
	why = l2tp_data_parse(piece, linear, (unsigned int)size, &got);
	if (expected(data, size, &want) != !why)
		abort();
	if (why ? !is_right(why, data, size) :
		  got.tunnel_id != want.tunnel_id ||
			    got.session_id != want.session_id ||
			    got.len != want.len || got.hlen != want.hlen ||
			    got.has_ns != want.has_ns || got.ns != want.ns)
		abort();
	free(piece);
	return 0;
}
