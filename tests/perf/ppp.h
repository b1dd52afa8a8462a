/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPP of one call, as messages: a subscriber behind a LAC, whose LCP and
 * authentication the LAC has done (or not: then the LNS negotiates), or an LNS's
 * end, which takes proxy LCP and never negotiates it. LCP, PAP, CHAP, IPCP; no
 * data. RFC 1661, 1332, 1334, 1994; RFC 2661 4.4.5.
 */
#ifndef PERF_PPP_H
#define PERF_PPP_H

#include "base/clock.h"
#include "base/timer.h"
#include "perf/options.h"
#include "perf/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PPP_FRAME_MAX 512
#define PPP_USER_MAX 64

enum ppp_phase {
	PPP_IDLE,
	PPP_LCP,
	PPP_AUTH,
	PPP_IPCP,
	PPP_UP,
	PPP_STOPPED,
	PPP_ENDED
};

struct ppp {
	const struct options *options;
	enum ppp_phase phase;
	bool server;
	bool acked, granted; /* of LCP, then of IPCP: the peer's Ack, ours */
	bool plain_request; /* LCP: nothing but a magic number is asked for */
	uint8_t id; /* of our last request */
	uint8_t tries;
	uint16_t auth; /* what the LNS asked for */
	uint32_t magic;
	uint32_t address; /* the subscriber's */
	uint32_t number; /* of the subscriber, in its name */
	uint8_t challenge[16]; /* the LAC's, in proxy authentication */
	msec_t at; /* of the next try */
	const char *why; /* the owner's: of its end */
	void (*send)(struct ppp *p, const void *frame, size_t len);
	void (*up)(struct ppp *p, msec_t now);
	void (*failed)(struct ppp *p, msec_t now, const char *why);
};

/* The subscriber: what its LAC says of it in ICCN, and PPP once that has left. */
void ppp_put_proxy(struct ppp *p, struct wr *w);
void ppp_start_client(struct ppp *p, msec_t now);
/* The LNS, by what ICCN said. */
void ppp_start_server(struct ppp *p, msec_t now, const struct wire_msg *iccn);
/* From the address field on. */
void ppp_input(struct ppp *p, msec_t now, const void *frame, size_t len);
/* p->at has come. */
void ppp_again(struct ppp *p, msec_t now);

#endif /* PERF_PPP_H */
