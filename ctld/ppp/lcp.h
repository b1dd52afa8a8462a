/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LCP of the network side (RFC 1661 6): we ask for authentication and offer an
 * MRU and a magic number; of the peer's options we take MRU and magic number.
 */
#ifndef PPP_LCP_H
#define PPP_LCP_H

#include "ppp/cp.h"

#define LCP_AUTH_MAX 3
#define LCP_MRU_DEFAULT 1500
#define LCP_MRU_MIN 128
#define LCP_LOOPS 3 /* our own magic numbers in a row that make a loop */

struct lcp_conf {
	uint16_t mru; /* we offer it; 0: option is left out */
	uint16_t peer_mru_max; /* a larger one is Nak'ed with this */
	uint32_t auth[LCP_AUTH_MAX]; /* in order, as ppp_auth.proto; 0: none */
};

/* What one side has said of itself. */
struct lcp_side {
	uint16_t mru;
	uint32_t auth; /* that the other side must pass; 0: none */
	uint32_t magic; /* 0: none */
};

struct lcp;

struct lcp_owner {
	struct cp_owner cp;
	void (*protocol_rejected)(struct lcp *l, msec_t now, uint16_t proto);
	void (*looped)(struct lcp *l, msec_t now);
	/* The answer to lcp_probe came, all of it. */
	void (*probed)(struct lcp *l, msec_t now);
};

struct lcp {
	struct cp cp;
	const struct lcp_owner *owner;
	struct lcp_conf conf;
	struct lcp_side ours;
	struct lcp_side peer; /* as acknowledged */
	struct lcp_side wish; /* of the peer's last request */
	uint8_t auth_tried; /* a bit for each of conf.auth */
	uint8_t loops;
	uint8_t echo_id;
	uint8_t probe_id;
	uint16_t probe_len; /* 0: none is under way */
	unsigned int echo_failures; /* unanswered requests that are too many */
	unsigned int echo_missed;
	msec_t echo_interval; /* 0: no keepalive */
	msec_t echo_at; /* next look at last_rx */
	msec_t last_rx; /* anything from the peer */
	bool no_mru; /* the peer rejects the option */
	bool no_auth; /* it takes none of conf.auth */
};

/* The options of both sides as another negotiator has exchanged them. */
struct lcp_proxy {
	const void *sent, *received; /* NULL: unknown; no options are some */
	size_t sent_len, received_len;
	uint16_t mru_max; /* that `sent` may promise */
};

void lcp_init(struct lcp *l, const struct lcp_conf *conf,
	      const struct lcp_owner *owner);
enum ppp_rx lcp_input(struct lcp *l, msec_t now, const void *packet,
		      size_t len);
/* LCP is open with what another negotiator has agreed on. NULL, or why not; then
 * nothing has changed.
 */
const char *lcp_adopt(struct lcp *l, const struct lcp_proxy *p);

/* Echo-Requests, only into silence; interval in seconds, 0: none. */
void lcp_keepalive_start(struct lcp *l, msec_t now, unsigned int interval,
			 unsigned int failures);
/* Sooner, at a time that differs from link to link: many have begun at once. */
void lcp_keepalive_spread(struct lcp *l, msec_t now);
/* If it is due; false: the peer is gone. */
bool lcp_keepalive(struct lcp *l, msec_t now);
/* An Echo-Request of so many bytes: does the line carry them? (RFC 4638) */
void lcp_probe(struct lcp *l, uint16_t len);
/* RFC 1570 2.2: so many seconds are left. */
void lcp_time_remaining(struct lcp *l, uint32_t seconds);
void lcp_protocol_reject(struct lcp *l, const void *frame, size_t len);

#endif /* PPP_LCP_H */
