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
	PPP_CLOSING,
	PPP_STOPPED,
	PPP_ENDED
};

struct ppp {
	const struct options *options;
	enum ppp_phase phase;
	bool server;
	bool acked, granted; /* of LCP, then of IPCP: the peer's Ack, ours */
	bool plain_request; /* LCP: nothing but a magic number is asked for */
	uint16_t mru; /* that we ask for */
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

#define PPP_MRU 1442 /* of one behind a LAC */

/* The subscriber: what its LAC says of it in ICCN, and PPP once that has left. */
void ppp_put_proxy(struct ppp *p, struct wr *w);
void ppp_start_client(struct ppp *p, msec_t now);
/* The LNS, by what ICCN said. */
void ppp_start_server(struct ppp *p, msec_t now, const struct wire_msg *iccn);
/* LCP is terminated; failed tells when the peer has agreed, or been asked thrice. */
void ppp_close(struct ppp *p, msec_t now);
/* From the address field on. */
void ppp_input(struct ppp *p, msec_t now, const void *frame, size_t len);
/* p->at has come. */
void ppp_again(struct ppp *p, msec_t now);

/* ------------------------------------- between ppp.c and ppp_proxy.c */

#define LCP 0xc021
#define PAP 0xc023
#define CHAP 0xc223
#define IPCP 0x8021
#define CHAP_MD5 5

enum { OPT_MRU = 1, OPT_ACCM, OPT_AUTH, OPT_MAGIC = 5, OPT_PFC = 7, OPT_ACFC };

void ppp_option(struct wr *w, uint8_t type, uint32_t v, size_t len);
/* Its name, with its number. */
void ppp_user(const struct ppp *p, char out[PPP_USER_MAX]);
/* RFC 1994 4.1. */
void ppp_chap_answer(uint8_t out[16], uint8_t id, const char *password,
		     const void *challenge, size_t len);
/* LNS: the password is right, or any is. */
bool ppp_is_right(const struct ppp *p, const struct wire_msg *iccn,
		  uint16_t type, uint16_t id);

#endif /* PERF_PPP_H */
