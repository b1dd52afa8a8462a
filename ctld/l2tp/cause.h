/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why PPP ended, as an LNS tells the LAC with CDN: the PPP Disconnect Cause Code
 * AVP, of which a CDN may have several (RFC 3145). It informs, and decides nothing.
 */
#ifndef L2TP_CAUSE_H
#define L2TP_CAUSE_H

#include "l2tp/msg.h"

#define L2TP_CAUSES_MAX 4 /* of one end, that we send or look at */

/* Number, name of the code and of its counter, words for people. RFC 3145 3. */
/* clang-format off */
#define L2TP_CAUSES(X) \
	X(0, NONE, none, "no information") \
	X(1, ADMIN, admin, "administrative") \
	X(2, NO_PROXY, no_proxy, "no proxy LCP, and none may be negotiated") \
	X(3, NORMAL, normal, "Terminate-Request") \
	X(4, ENCRYPTION, encryption, "encryption refused") \
	X(5, LCP_TIMEOUT, lcp_timeout, "LCP timeout") \
	X(6, NO_LCP, no_lcp, "no LCP packet came") \
	X(7, LOOP, loop, "loop") \
	X(8, ECHO, echo, "echo timeout") \
	X(9, MP_ENDPOINT, mp_endpoint, "endpoint discriminator of bundle") \
	X(10, MP_MRRU, mp_mrru, "MRRU of bundle") \
	X(11, MP_SHORT, mp_short, "short sequence numbers of bundle") \
	X(12, CALLBACK, callback, "callback refused") \
	X(13, AUTH_TIMEOUT, auth_timeout, "authentication timeout") \
	X(14, MP_NAME, mp_name, "name of bundle") \
	X(15, AUTH_REFUSED, auth_refused, "authentication protocol refused") \
	X(16, AUTH_FAILED, auth_failed, "authentication failed") \
	X(17, NCP_TIMEOUT, ncp_timeout, "NCP timeout") \
	X(18, NO_NCP, no_ncp, "no NCP is left") \
	X(19, ADDRESS, address, "no agreement on addresses") \
	X(20, NO_ADDRESS, no_address, "no address allowed")
/* clang-format on */

enum l2tp_cause_code {
#define X(number, id, name, words) L2TP_CAUSE_##id = (number),
	L2TP_CAUSES(X)
#undef X
		L2TP_CAUSE_CODES
};

/* Who did it, or has to do with it. */
enum l2tp_cause_direction {
	L2TP_CAUSE_NOBODY = 0,
	L2TP_CAUSE_PEER = 1, /* the PPP peer */
	L2TP_CAUSE_LOCAL = 2, /* the LNS */
};

struct l2tp_cause {
	uint16_t code; /* enum l2tp_cause_code, or a number we do not know */
	uint16_t proto; /* PPP control protocol; 0: none */
	uint8_t direction; /* enum l2tp_cause_direction */
};

struct l2tp_causes {
	unsigned int n;
	struct l2tp_cause cause[L2TP_CAUSES_MAX];
};

struct l2tp_cause_counters {
#define X(number, id, name, words) uint64_t name;
	L2TP_CAUSES(X)
#undef X
	uint64_t other; /* of codes that we do not know */
};

#define L2TP_CAUSE_LEN 5 /* of the value, without text */
#define L2TP_CAUSE_STRLEN 96

/* Appends them to m; the bytes are in room and must stay. */
void l2tp_causes_write(const struct l2tp_causes *c, struct l2tp_msg *m,
		       uint8_t room[L2TP_CAUSES_MAX * L2TP_CAUSE_LEN]);
/* The first of those that came; whatever text is with them is left out. */
void l2tp_causes_read(struct l2tp_causes *c, const struct l2tp_msg *m);
void l2tp_causes_count(struct l2tp_cause_counters *count,
		       const struct l2tp_causes *c);
/* "16 authentication failed, protocol c223, direction 1" */
const char *l2tp_cause_str(const struct l2tp_cause *c,
			   char out[L2TP_CAUSE_STRLEN]);

#endif /* L2TP_CAUSE_H */
