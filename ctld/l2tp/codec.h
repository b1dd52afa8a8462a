/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control messages: bytes to struct l2tp_msg and back, as l2tp/dict says. What is
 * wrong with a message is left in its `fault` for the machines to act on.
 * RFC 2661 3.1, 4.1, 4.3.
 */
#ifndef L2TP_CODEC_H
#define L2TP_CODEC_H

#include "l2tp/dict.h"
#include "l2tp/msg.h"

/*
 * Reads the header and the Message Type. False: no control message of L2TPv2.
 * The bytes must stay while m is used.
 */
bool l2tp_msg_head(struct l2tp_msg *m, const void *data, size_t len);
/* The value of an AVP that is never hidden, without decoding the rest. */
struct l2tp_bytes l2tp_msg_find(const struct l2tp_msg *m, enum avp_type avp);
/*
 * Decodes the AVPs after l2tp_msg_head; secret may be NULL. Of an AVP that comes
 * twice the first counts, unless it may come several times.
 */
void l2tp_msg_body(struct l2tp_msg *m, const char *secret);
/* The numbers of an AVP_FIELDS or of an AVP_ITEM that has a layout. */
void l2tp_fields_read(unsigned int avp, const struct l2tp_bytes *value,
		      uint32_t *numbers);

/*
 * Writes header and all AVPs that m has and the message knows. If there is a
 * secret, a clear password is hidden, and with m->hide all of a call's. Returns
 * the length; 0: does not fit.
 */
size_t l2tp_msg_encode(const struct l2tp_msg *m, const char *secret, void *buf,
		       size_t size);

#endif /* L2TP_CODEC_H */
