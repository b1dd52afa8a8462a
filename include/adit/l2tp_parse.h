/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The header of an L2TPv2 data message (RFC 2661 3.1), for kernel and user space.
 * Reads nothing beyond what it is given.
 */
#ifndef ADIT_L2TP_PARSE_H
#define ADIT_L2TP_PARSE_H

#include "adit/drop.h"
#include "adit/wire.h"

/* The longest header without pad: flags, Length, ids, Ns, Nr, Offset Size. */
#define L2TP_DATA_HLEN_MAX 14

struct l2tp_data {
	unsigned short tunnel_id;
	unsigned short session_id;
	unsigned short ns;
	unsigned char has_ns;
	unsigned int hlen; /* header and pad */
	unsigned int len; /* header, pad and payload, as Length says */
};

static inline unsigned int l2tp_be16(const unsigned char *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

/*
 * p has `linear` bytes, at least min(total, L2TP_DATA_HLEN_MAX) of the datagram's
 * `total`. 0, or 1 + enum adit_drop. The caller has looked at the T bit.
 */
static inline int l2tp_data_parse(const unsigned char *p, unsigned int linear,
				  unsigned int total, struct l2tp_data *d)
{
	unsigned int flags, need, at = 2, pad = 0;

	if (linear < L2TP_MIN_HLEN)
		return 1 + ADIT_DROP_rx_short;
	flags = l2tp_be16(p);
	if ((flags & L2TP_VERSION_MASK) != L2TP_VERSION)
		return 1 + ADIT_DROP_rx_version;
	need = L2TP_MIN_HLEN + (flags & L2TP_F_L ? 2 : 0) +
	       (flags & L2TP_F_S ? 4 : 0) + (flags & L2TP_F_O ? 2 : 0);
	if (linear < need)
		return 1 + ADIT_DROP_rx_short;
	d->len = total;
	if (flags & L2TP_F_L) {
		d->len = l2tp_be16(p + at);
		at += 2;
		if (d->len > total)
			return 1 + ADIT_DROP_rx_length;
	}
	d->tunnel_id = (unsigned short)l2tp_be16(p + at);
	d->session_id = (unsigned short)l2tp_be16(p + at + 2);
	at += 4;
	d->has_ns = !!(flags & L2TP_F_S);
	d->ns = 0;
	if (d->has_ns) {
		d->ns = (unsigned short)l2tp_be16(p + at);
		at += 4;
	}
	if (flags & L2TP_F_O) {
		pad = l2tp_be16(p + at);
		if (pad > L2TP_MAX_OFFSET)
			return 1 + ADIT_DROP_rx_offset_too_big;
	}
	d->hlen = need + pad;
	if (d->len < d->hlen)
		return 1 + ADIT_DROP_rx_short;
	if (!d->tunnel_id || !d->session_id)
		return 1 + ADIT_DROP_rx_zero_id;
	return 0;
}

#endif /* ADIT_L2TP_PARSE_H */
