/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is agreed on for a call, by whoever asks for it and whoever answers, and how
 * messages say it. RFC 2661 4.4.4 (calls), 4.4.5 (proxy LCP and authentication).
 */
#ifndef L2TP_CALL_H
#define L2TP_CALL_H

#include "base/line.h"
#include "l2tp/msg.h"

#define L2TP_CONFREQ_MAX 256
#define L2TP_NUMBER_MAX 250 /* RADIUS takes no longer ones */

/* Bits of AVPs 3, 19 and 4, 18. */
#define L2TP_FRAMING_SYNC 1
#define L2TP_FRAMING_ASYNC 2
#define L2TP_FRAMING_CAPS (L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC) /* ours */
#define L2TP_BEARER_DIGITAL 1
#define L2TP_BEARER_ANALOG 2

/* RFC 2661 4.4.5, AVP 29. */
enum l2tp_proxy_authen {
	L2TP_AUTHEN_ABSENT = 0,
	L2TP_AUTHEN_TEXT = 1,
	L2TP_AUTHEN_CHAP = 2,
	L2TP_AUTHEN_PAP = 3,
	L2TP_AUTHEN_NONE = 4,
	L2TP_AUTHEN_MSCHAP = 5,
};

struct l2tp_octets {
	bool present; /* it may be, and be empty */
	uint16_t len;
	uint8_t b[L2TP_CONFREQ_MAX];
};

/* What the LAC found out before it tunnelled: AVPs 26-33. */
struct l2tp_proxy {
	struct l2tp_octets first_rx_confreq; /* 26 */
	struct l2tp_octets last_tx_confreq; /* 27 */
	struct l2tp_octets last_rx_confreq; /* 28 */
	uint16_t authen_type; /* 29, enum l2tp_proxy_authen */
	struct l2tp_octets authen_name; /* 30 */
	struct l2tp_octets authen_challenge; /* 31 */
	uint16_t authen_id; /* 32 */
	struct l2tp_octets authen_response; /* 33 */
};

/* Texts as they came may hold anything but a 0: what is not printed is '?'. */
struct l2tp_call {
	uint32_t serial; /* 15 */
	uint32_t min_bps; /* 16, of an outgoing call */
	uint32_t max_bps; /* 17 */
	uint32_t bearer_type; /* 18 */
	uint32_t framing_type; /* 19 */
	uint32_t tx_speed; /* 24, bit/s */
	uint32_t rx_speed; /* 38, bit/s; 0: as tx */
	char called[L2TP_NUMBER_MAX + 1]; /* 21 */
	char calling[L2TP_NUMBER_MAX + 1]; /* 22 */
	char sub_address[L2TP_NUMBER_MAX + 1]; /* 23 */
	char group[L2TP_NUMBER_MAX + 1]; /* 37: the private group */
	struct line line; /* the Broadband Forum's AVPs: RFC 5515 */
	bool has_nas_port;
	uint8_t nas_port[4]; /* Cisco's AVP 100 */
	struct l2tp_proxy proxy;
};

/* What c has goes into m; the codec leaves out what m's type does not take. The
 * bytes are c's.
 */
void l2tp_call_write(const struct l2tp_call *c, struct l2tp_msg *m);
/* What m has goes into c. */
void l2tp_call_read(struct l2tp_call *c, const struct l2tp_msg *m);

#endif /* L2TP_CALL_H */
