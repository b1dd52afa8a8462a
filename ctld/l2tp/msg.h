/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control messages: bytes to struct l2tp_msg and back, by a table of which AVPs a
 * message must and may have. What is wrong with a message is left in `fault` for
 * the machines to act on. RFC 2661 3.1, 4.1, 6.
 */
#ifndef L2TP_MSG_H
#define L2TP_MSG_H

#include "base/buf.h"
#include "l2tp/avp.h"

#define L2TP_MSG_MAX 4096 /* longest control message taken or made */
#define L2TP_TEXT_MAX 80

enum l2tp_msg_type {
	L2TP_ZLB = 0, /* no message: an acknowledgement */
	L2TP_SCCRQ = 1,
	L2TP_SCCRP = 2,
	L2TP_SCCCN = 3,
	L2TP_STOPCCN = 4,
	L2TP_HELLO = 6,
	L2TP_OCRQ = 7,
	L2TP_OCRP = 8,
	L2TP_OCCN = 9,
	L2TP_ICRQ = 10,
	L2TP_ICRP = 11,
	L2TP_ICCN = 12,
	L2TP_CDN = 14,
	L2TP_WEN = 15,
	L2TP_SLI = 16,
	L2TP_MSG_TYPES
};

/* RFC 2661 4.4.2: results of StopCCN and CDN, error codes of result 2. */
enum l2tp_stop_result {
	L2TP_STOP_CLEAR = 1,
	L2TP_STOP_ERROR = 2,
	L2TP_STOP_EXISTS = 3,
	L2TP_STOP_NOT_AUTHORISED = 4,
	L2TP_STOP_VERSION = 5,
	L2TP_STOP_SHUTDOWN = 6,
	L2TP_STOP_FSM = 7,
};

enum l2tp_cdn_result {
	L2TP_CDN_CARRIER = 1,
	L2TP_CDN_ERROR = 2,
	L2TP_CDN_ADMIN = 3,
	L2TP_CDN_BUSY_NOW = 4, /* no facilities, temporary */
	L2TP_CDN_NEVER = 5, /* no facilities, permanent */
	L2TP_CDN_DESTINATION = 6,
	L2TP_CDN_TIMEOUT = 10,
};

enum l2tp_error {
	L2TP_ERR_NONE = 0,
	L2TP_ERR_NO_TUNNEL = 1,
	L2TP_ERR_LENGTH = 2,
	L2TP_ERR_VALUE = 3,
	L2TP_ERR_RESOURCES = 4,
	L2TP_ERR_SESSION_ID = 5,
	L2TP_ERR_VENDOR = 6,
	L2TP_ERR_TRY_ANOTHER = 7,
	L2TP_ERR_UNKNOWN_AVP = 8,
};

/* What ends a tunnel or a session. */
struct l2tp_result {
	uint16_t result;
	uint16_t error;
	char text[L2TP_TEXT_MAX];
};

struct l2tp_bytes {
	const uint8_t *p;
	uint16_t len;
};

struct l2tp_msg {
	/* The header. */
	uint16_t tunnel_id;
	uint16_t session_id;
	uint16_t ns;
	uint16_t nr;
	uint16_t type; /* enum l2tp_msg_type, or a number we do not know */
	bool mandatory; /* M of the Message Type AVP */

	uint64_t has; /* bit n: AVP n is there, in the field below */
	struct l2tp_result result; /* 1 */
	uint16_t version; /* 2 */
	uint32_t framing_caps; /* 3 */
	uint32_t bearer_caps; /* 4 */
	uint64_t tie_breaker; /* 5 */
	uint16_t firmware; /* 6 */
	struct l2tp_bytes host_name; /* 7 */
	struct l2tp_bytes vendor_name; /* 8 */
	uint16_t assigned_tunnel; /* 9 */
	uint16_t window; /* 10 */
	struct l2tp_bytes challenge; /* 11 */
	struct l2tp_bytes q931; /* 12 */
	struct l2tp_bytes response; /* 13: 16 bytes */
	uint16_t assigned_session; /* 14 */
	uint32_t serial; /* 15 */
	uint32_t min_bps; /* 16 */
	uint32_t max_bps; /* 17 */
	uint32_t bearer_type; /* 18 */
	uint32_t framing_type; /* 19 */
	struct l2tp_bytes called; /* 21 */
	struct l2tp_bytes calling; /* 22 */
	struct l2tp_bytes sub_address; /* 23 */
	uint32_t tx_speed; /* 24 */
	uint32_t channel_id; /* 25 */
	struct l2tp_bytes first_rx_confreq; /* 26 */
	struct l2tp_bytes last_tx_confreq; /* 27 */
	struct l2tp_bytes last_rx_confreq; /* 28 */
	uint16_t authen_type; /* 29 */
	struct l2tp_bytes authen_name; /* 30 */
	struct l2tp_bytes authen_challenge; /* 31 */
	uint16_t authen_id; /* 32 */
	struct l2tp_bytes authen_response; /* 33 */
	struct l2tp_bytes call_errors; /* 34 */
	struct l2tp_bytes accm; /* 35 */
	struct l2tp_bytes group_id; /* 37 */
	uint32_t rx_speed; /* 38; 39 has no value */

	/* What was wrong: result 0 is nothing. */
	struct l2tp_result fault;
	unsigned int bad_avps;

	/* Decoding: the AVPs, and where hidden ones are revealed. */
	struct rd body;
	size_t revealed;
	uint8_t room[L2TP_MSG_MAX];
};

#define L2TP_BIT(avp) (UINT64_C(1) << (avp))

static inline bool l2tp_msg_has(const struct l2tp_msg *m, enum avp_type avp)
{
	return m->has & L2TP_BIT(avp);
}

/* "SCCRQ"; "message" for what we do not know. */
const char *l2tp_msg_name(uint16_t type);
/* Which AVPs a message must, and may, have; 0: unknown message. */
uint64_t l2tp_msg_must(uint16_t type);
uint64_t l2tp_msg_may(uint16_t type);
/* Whether it concerns a session. */
bool l2tp_msg_of_session(uint16_t type);

/*
 * Reads the header and the Message Type. False: no control message of L2TPv2.
 * The bytes must stay while m is used.
 */
bool l2tp_msg_head(struct l2tp_msg *m, const void *data, size_t len);
/* The value of an AVP that is never hidden, without decoding the rest. */
struct l2tp_bytes l2tp_msg_find(const struct l2tp_msg *m, enum avp_type avp);
/* Decodes the AVPs after l2tp_msg_head; secret may be NULL. */
void l2tp_msg_body(struct l2tp_msg *m, const char *secret);

/*
 * Writes header and all AVPs that m->has names and the message knows. A clear
 * password is hidden if there is a secret. Returns the length; 0: does not fit.
 */
size_t l2tp_msg_encode(const struct l2tp_msg *m, const char *secret, void *buf,
		       size_t size);

#endif /* L2TP_MSG_H */
