/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dictionary: one table of all AVPs that we know, and one of all messages with
 * the AVPs that each must and may have. RFC 2661 3.2, 4.4, 6; RFC 3145, 3308, 4951,
 * 5515. Used by l2tp/codec, and by whoever makes messages.
 */
#ifndef L2TP_DICT_H
#define L2TP_DICT_H

#include "l2tp/msg.h"

#define L2TP_VENDOR_CISCO 9
#define L2TP_VENDOR_3COM 43
#define L2TP_VENDOR_LINE 3561 /* the ADSL Forum */

/* Rows of the table. Up to 48 the number is the AVP's type, of vendor 0. */
enum avp_type {
	AVP_MESSAGE_TYPE = 0,
	AVP_RESULT_CODE = 1,
	AVP_PROTOCOL_VERSION = 2,
	AVP_FRAMING_CAPS = 3,
	AVP_BEARER_CAPS = 4,
	AVP_TIE_BREAKER = 5,
	AVP_FIRMWARE = 6,
	AVP_HOST_NAME = 7,
	AVP_VENDOR_NAME = 8,
	AVP_TUNNEL_ID = 9,
	AVP_WINDOW = 10,
	AVP_CHALLENGE = 11,
	AVP_Q931 = 12,
	AVP_RESPONSE = 13,
	AVP_SESSION_ID = 14,
	AVP_SERIAL = 15,
	AVP_MIN_BPS = 16,
	AVP_MAX_BPS = 17,
	AVP_BEARER_TYPE = 18,
	AVP_FRAMING_TYPE = 19,
	AVP_CALLED = 21,
	AVP_CALLING = 22,
	AVP_SUB_ADDRESS = 23,
	AVP_TX_SPEED = 24,
	AVP_CHANNEL_ID = 25,
	AVP_FIRST_RX_CONFREQ = 26,
	AVP_LAST_TX_CONFREQ = 27,
	AVP_LAST_RX_CONFREQ = 28,
	AVP_AUTHEN_TYPE = 29,
	AVP_AUTHEN_NAME = 30,
	AVP_AUTHEN_CHALLENGE = 31,
	AVP_AUTHEN_ID = 32,
	AVP_AUTHEN_RESPONSE = 33,
	AVP_CALL_ERRORS = 34,
	AVP_ACCM = 35,
	AVP_RANDOM_VECTOR = 36,
	AVP_GROUP_ID = 37,
	AVP_RX_SPEED = 38,
	AVP_SEQUENCING = 39,
	AVP_CAUSE = 46,
	AVP_CCDS = 47,
	AVP_SDS = 48,
	AVP_FAILOVER, /* 76 */
	AVP_RECOVERY, /* 77 */
	AVP_SUGGESTED, /* 78 */
	AVP_FAILOVER_STATE, /* 79 */
	AVP_SPEED_UPDATE, /* 97 */
	AVP_SPEED_ENABLE, /* 98 */
	AVP_NAS_PORT, /* Cisco's 100 */
	/* Of the line, vendor 3561: a word of bits of their own. */
	AVP_LINE = 64,
	AVP_LINE_CIRCUIT_ID = AVP_LINE,
	AVP_LINE_REMOTE_ID,
	AVP_LINE_RATE,
	AVP_LINE_RATE_LAST = AVP_LINE_RATE + 9,
	AVP_LINE_DELAY,
	AVP_LINE_DELAY_LAST = AVP_LINE_DELAY + 3,
	AVP_LINE_ENCAPSULATION,
	AVP_LINE_TYPE,
	AVP_LINE_IWF,
	AVP_TYPES
};

#define L2TP_BIT(avp) (UINT64_C(1) << (avp))
#define L2TP_LINE_BIT(avp) (UINT32_C(1) << ((avp)-AVP_LINE))

/* What a value is. */
enum avp_kind {
	AVP_U16,
	AVP_U32,
	AVP_U64,
	AVP_BYTES,
	AVP_EMPTY,
	AVP_RESULT, /* u16 [, u16 [, text]] */
	AVP_FIELDS, /* several numbers, as `layout` says */
	AVP_ITEM, /* may come several times: in l2tp_msg.item */
};

#define AVP_F_M 1 /* sent with M */
#define AVP_F_HIDE 2 /* may be hidden */
#define AVP_F_NONZERO 4 /* 0 is no value */

struct avp_info {
	const char *name; /* NULL: no such row */
	uint16_t vendor;
	uint16_t type;
	enum avp_kind kind;
	unsigned int flags;
	uint16_t min; /* of the value */
	uint16_t max;
	uint16_t place; /* in struct l2tp_msg */
	const char *layout; /* '-' two bytes reserved, 's' u16, 'l' u32 */
};

/* NULL: unknown row. */
const struct avp_info *avp_info(unsigned int avp);
/* The row of what came; -1: unknown. */
int avp_find(uint16_t vendor, uint16_t type);

/* "SCCRQ"; "message" for what we do not know. */
const char *l2tp_msg_name(uint16_t type);
/* Which AVPs a message must, and may, have; 0: unknown message. */
uint64_t l2tp_msg_must(uint16_t type);
uint64_t l2tp_msg_may(uint16_t type);
/* The same of a row of the table, which may be the line's. */
bool l2tp_msg_takes(uint16_t type, unsigned int avp);
/* Whether it concerns a session. */
bool l2tp_msg_of_session(uint16_t type);
/* Whether a peer that does not know it may ignore it: M of its Message Type. */
bool l2tp_msg_optional(uint16_t type);

static inline bool l2tp_msg_has(const struct l2tp_msg *m, unsigned int avp)
{
	return avp < AVP_LINE ? m->has >> avp & 1 :
				m->line.has >> (avp - AVP_LINE) & 1;
}

static inline void l2tp_msg_set(struct l2tp_msg *m, unsigned int avp)
{
	if (avp < AVP_LINE)
		m->has |= L2TP_BIT(avp);
	else
		m->line.has |= L2TP_LINE_BIT(avp);
}

#endif /* L2TP_DICT_H */
