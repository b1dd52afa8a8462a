/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A control message as values: what a message of RFC 2661 and its extensions can
 * say. l2tp/dict knows which message has which, l2tp/codec reads and writes them.
 */
#ifndef L2TP_MSG_H
#define L2TP_MSG_H

#include "base/buf.h"

#define L2TP_PROTOCOL_VERSION 0x0100 /* 1, revision 0 */
#define L2TP_MSG_MAX 4096 /* longest control message taken or made */
#define L2TP_TEXT_MAX 80
/* AVPs that may come several times: all that fit in a message, the shortest 6 + 5 bytes */
#define L2TP_ITEMS_MAX ((L2TP_MSG_MAX - 12) / 11)

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
	L2TP_FSQ = 21, /* RFC 4951 */
	L2TP_FSR = 22,
	L2TP_CSUN = 28, /* RFC 5515 */
	L2TP_CSURQ = 29,
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
	L2TP_STOP_CCDS = 8, /* RFC 3308 */
};

enum l2tp_cdn_result {
	L2TP_CDN_CARRIER = 1,
	L2TP_CDN_ERROR = 2,
	L2TP_CDN_ADMIN = 3,
	L2TP_CDN_BUSY_NOW = 4, /* no facilities, temporary */
	L2TP_CDN_NEVER = 5, /* no facilities, permanent */
	L2TP_CDN_DESTINATION = 6,
	L2TP_CDN_TIMEOUT = 10,
	L2TP_CDN_SDS = 12, /* RFC 3308 */
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

/* An AVP that may come several times; its value is not taken apart. */
struct l2tp_item {
	uint8_t avp; /* enum avp_type */
	struct l2tp_bytes value;
};

/* What the LAC knows of the subscriber's line: vendor 3561, RFC 5515. */
struct l2tp_line {
	uint32_t has; /* L2TP_LINE_BIT */
	struct l2tp_bytes circuit_id; /* 1 */
	struct l2tp_bytes remote_id; /* 2 */
	uint64_t rate[10]; /* 129-138, bit/s */
	uint32_t delay[4]; /* 139-142, ms */
	struct l2tp_bytes encapsulation; /* 144 */
	uint32_t type; /* 145 */
	uint32_t iwf; /* 254: PPP comes over ATM */
};

/* Values of several numbers, each in 32 bits, whatever its size on the wire. */
struct l2tp_call_errors {
	uint32_t crc, framing, hardware, buffer, timeout, alignment;
};

struct l2tp_accm {
	uint32_t send, receive;
};

struct l2tp_failover {
	uint32_t flags, recovery_ms;
};

struct l2tp_recovery {
	uint32_t id, peer_id; /* of the old tunnel, the sender's first */
};

struct l2tp_suggested {
	uint32_t ns, nr;
};

struct l2tp_msg {
	/* The header. */
	uint16_t tunnel_id;
	uint16_t session_id;
	uint16_t ns;
	uint16_t nr;
	uint16_t type; /* enum l2tp_msg_type, or a number we do not know */
	bool mandatory; /* M of the Message Type AVP */

	bool hide; /* encoding: what is a call's is hidden, if there is a secret */

	uint64_t has; /* L2TP_BIT: the AVP is there, in the field below */
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
	struct l2tp_call_errors call_errors; /* 34 */
	struct l2tp_accm accm; /* 35 */
	struct l2tp_bytes group_id; /* 37 */
	uint32_t rx_speed; /* 38; 39 has no value */
	uint16_t ccds; /* 47, PHB code */
	uint16_t sds; /* 48, PHB code */
	struct l2tp_failover failover; /* 76 */
	struct l2tp_recovery recovery; /* 77 */
	struct l2tp_suggested suggested; /* 78; 98 has no value */
	struct l2tp_bytes nas_port; /* Cisco's 100 */
	struct l2tp_line line;
	unsigned int n_items; /* 46, 79, 97 */

	/* What was wrong: result 0 is nothing. */
	struct l2tp_result fault;
	unsigned int bad_avps;

	/* Decoding: the AVPs, and where hidden ones are revealed. */
	struct rd body;
	size_t revealed;
	struct l2tp_item item[L2TP_ITEMS_MAX];
	uint8_t room[L2TP_MSG_MAX];
};

#endif /* L2TP_MSG_H */
