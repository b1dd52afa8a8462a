/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What PAP and CHAP share on the authenticator's side: what a subscriber says of
 * itself, and the state of asking for it. pap.c and chap.c are two methods of one
 * kind; link.c runs the one that LCP has agreed on.
 */
#ifndef PPP_AUTH_H
#define PPP_AUTH_H

#include "ppp/cp.h"

#define PPP_NAME_MAX 253
#define PPP_CHALLENGE_MAX 64
#define PPP_PROOF_MAX 42

#define AUTHEN_RESTART SECONDS(3)
#define AUTHEN_TRIES 10

/* What the subscriber said of itself. Its secret is wiped with the decision. */
struct ppp_auth {
	/* PPP_PROTO_PAP, PPP_PROTO_CHAP, PPP_AUTH_MSCHAPV2; 0: none was asked for */
	uint32_t proto;
	uint8_t id;
	char name[PPP_NAME_MAX + 1];
	uint8_t challenge[PPP_CHALLENGE_MAX]; /* CHAP */
	uint8_t challenge_len;
	uint8_t response[PPP_NAME_MAX + 2]; /* CHAP response, or PAP password */
	uint8_t response_len;
	/* MS-CHAPv2: the owner's, for the answer, before it accepts. */
	char proof[PPP_PROOF_MAX + 1];
};

enum authen_state {
	AUTHEN_IDLE,
	AUTHEN_WAIT, /* for the peer */
	AUTHEN_ASKED, /* the owner decides */
	AUTHEN_ACCEPTED,
	AUTHEN_REJECTED,
	AUTHEN_NSTATES
};

struct authen;

struct authen_owner {
	/* A frame, from the protocol field on. */
	void (*send)(struct authen *a, const void *frame, size_t len);
	/* a->record is complete. */
	void (*ask)(struct authen *a, msec_t now);
	/* The peer has not said anything. */
	void (*gave_up)(struct authen *a, msec_t now);
	/* Asked once more, it says that it is somebody else. */
	void (*renamed)(struct authen *a, msec_t now);
};

struct authen_method {
	uint32_t kind; /* as ppp_auth.proto */
	void (*start)(struct authen *a, msec_t now);
	enum ppp_rx (*input)(struct authen *a, msec_t now,
			     const struct cp_packet *p);
	/* The peer said nothing for AUTHEN_RESTART. */
	void (*again)(struct authen *a);
	/* Tells the peer of the decision; message may be empty. */
	void (*answer)(struct authen *a, uint8_t id, const char *message);
	bool repeats; /* may be started again on a link that is up */
};

struct authen {
	const struct authen_method *method; /* NULL: no authentication */
	const struct authen_owner *owner;
	struct ppp_auth *record; /* NULL: decided, and of no use any more */
	const char *name; /* ours */
	enum authen_state state;
	uint8_t id; /* of the last Challenge or Authenticate-Request */
	uint8_t tries; /* left */
	bool again; /* it has been accepted under record->name */
	msec_t at; /* next retransmission */
};

/* The timer, if it is due. */
static inline void authen_tick(struct authen *a, msec_t now)
{
	if (now < a->at)
		return;
	a->at = now + AUTHEN_RESTART;
	if (a->tries) {
		a->tries--;
		a->method->again(a);
	} else {
		a->at = MSEC_NEVER;
		a->owner->gave_up(a, now);
	}
}

#endif /* PPP_AUTH_H */
