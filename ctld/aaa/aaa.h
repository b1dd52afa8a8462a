/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may come in: one question, one answer, now or later, whoever gives it. The
 * asker owns the request and keeps it until done is called, once, or until it has
 * taken it back.
 */
#ifndef AAA_AAA_H
#define AAA_AAA_H

#include "aaa/grant.h"
#include "base/clock.h"
#include "base/line.h"

#include <stddef.h>
#include <stdint.h>

enum aaa_verdict {
	AAA_ACCEPT,
	AAA_REJECT,
	AAA_UNAVAILABLE, /* nobody could tell */
};

#define AAA_TUNNELS_MAX 31

/* A tunnel that an answer describes, in RFC 2868's words; NULL, 0: not said. */
struct aaa_tunnel {
	uint8_t tag;
	uint32_t type, medium;
	uint32_t preference; /* lower is better */
	uint32_t max_sessions, window;
	uint32_t tos; /* Tunnel-Tos and 1 */
	const char *server, *client; /* end points */
	const char *server_name, *client_name; /* Host Names */
	const char *password;
	const char *assignment;
	const char *group; /* private group */
	const char *vrf;
};

struct aaa_reply {
	enum aaa_verdict verdict;
	struct aaa_grant grant; /* what is not said is as the profile says */
	/* The tunnel of the configuration that it goes through; NULL: PPP ends here. */
	const char *tunnel; /* or a group of them */
	/* Instead: one of these, L2TP each and with a server. */
	const struct aaa_tunnel *tunnels;
	size_t n_tunnels;
	const char *message; /* for the subscriber; NULL: none */
	const char *proof; /* MS-CHAPv2: "S=" and 40 digits; NULL: none */
};

/* Where the subscriber comes in, in RFC 2865's words; NULL: not known. */
struct aaa_port {
	uint32_t type; /* NAS-Port-Type */
	uint32_t number; /* NAS-Port; the manual has its layout */
	const char *id; /* NAS-Port-Id */
	const char *calling; /* Calling-Station-Id */
	const char *called; /* Called-Station-Id */
	const char *connect; /* Connect-Info */
	const struct line *line; /* the Broadband Forum's VSAs */
	const char *session; /* Acct-Session-Id */
};

/* What is asked for. */
enum aaa_service {
	AAA_FRAMED, /* PPP of a user */
	AAA_FRAMED_HERE, /* which ends here, whatever tunnels the answer has */
	AAA_OUTBOUND, /* a tunnel of a domain */
};

struct radius_exchange;
struct radius_kind;

/* What a RADIUS server is sent, inside of what asks; aaa/radius_client. */
struct radius_request {
	const struct radius_kind *kind;
	struct radius_exchange *exchange; /* NULL: it is not under way */
};

/* As in struct ppp_auth; what it points to lives as long as the request. */
struct aaa_request {
	enum aaa_service service;
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
	struct radius_request radius;
};

#endif /* AAA_AAA_H */
