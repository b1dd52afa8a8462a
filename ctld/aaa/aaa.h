/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may come in: one question, one answer, now or later, whoever gives it. The
 * asker owns the request and keeps it until done is called, once, or until it has
 * taken it back.
 */
#ifndef AAA_AAA_H
#define AAA_AAA_H

#include "base/addr.h"
#include "base/clock.h"

#include <stddef.h>
#include <stdint.h>

enum aaa_verdict {
	AAA_ACCEPT,
	AAA_REJECT,
	AAA_UNAVAILABLE, /* nobody could tell */
};

struct aaa_reply {
	enum aaa_verdict verdict;
	struct addr address; /* a fixed one; family 0: from the pool */
	/* Seconds; 0: as the profile says. */
	unsigned int session_timeout, idle_timeout;
	/* The tunnel of the configuration that it goes through; NULL: PPP ends here. */
	const char *tunnel;
	const char *message; /* for the subscriber; NULL: none */
	const char *proof; /* MS-CHAPv2: "S=" and 40 digits; NULL: none */
};

/* Where the subscriber comes in, in RFC 2865's words; NULL: not known. */
struct aaa_port {
	uint32_t type; /* NAS-Port-Type */
	const char *id; /* NAS-Port-Id */
	const char *calling; /* Calling-Station-Id */
	const char *session; /* Acct-Session-Id */
};

struct radius_exchange;

/* As in struct ppp_auth; what it points to lives as long as the request. */
struct aaa_request {
	const char *name;
	uint32_t proto; /* PPP_PROTO_PAP, PPP_PROTO_CHAP, PPP_AUTH_MSCHAPV2 */
	uint8_t id; /* CHAP, MS-CHAPv2 */
	const uint8_t *challenge; /* CHAP, MS-CHAPv2 */
	size_t challenge_len;
	const uint8_t *response; /* response, or PAP password */
	size_t response_len;
	struct aaa_port port;
	/* The reply is valid during the call. */
	void (*done)(struct aaa_request *r, msec_t now,
		     const struct aaa_reply *reply);
	void *user;
	struct radius_exchange *exchange; /* with a server; NULL: none */
};

#endif /* AAA_AAA_H */
