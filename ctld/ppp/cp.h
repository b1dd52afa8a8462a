/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option negotiation automaton of RFC 1661 section 4, as a table, and what
 * control protocols share: identifiers, restart timer, counters, and one table of
 * options a protocol. Packets that come in are ppp/cp_rx's.
 */
#ifndef PPP_CP_H
#define PPP_CP_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CP_RESTART SECONDS(3)
#define CP_MAX_CONFIGURE 10
#define CP_MAX_TERMINATE 2
#define CP_MAX_FAILURE 5
#define CP_MAX_REFUSALS 10 /* of our wishes, until we give up */
#define CP_OPTIONS_MAX 256 /* bytes in a Configure-Request that we look at */
#define CP_REQUEST_MAX 16 /* of our own: LCP has 15, others less */
#define CP_PACKET_MAX 1500
#define CP_HLEN 4

enum cp_state {
	CP_INITIAL,
	CP_STARTING,
	CP_CLOSED,
	CP_STOPPED,
	CP_CLOSING,
	CP_STOPPING,
	CP_REQ_SENT,
	CP_ACK_RCVD,
	CP_ACK_SENT,
	CP_OPENED,
	CP_NSTATES
};

enum cp_event {
	CP_UP,
	CP_DOWN,
	CP_OPEN,
	CP_CLOSE,
	CP_TO_PLUS, /* timeout, restarts are left */
	CP_TO_MINUS, /* timeout, none is left */
	CP_RCR_PLUS, /* Configure-Request, good */
	CP_RCR_MINUS, /* Configure-Request, bad */
	CP_RCA, /* Configure-Ack */
	CP_RCN, /* Configure-Nak or -Reject */
	CP_RTR, /* Terminate-Request */
	CP_RTA, /* Terminate-Ack */
	CP_RUC, /* unknown code */
	CP_RXJ_PLUS, /* Code- or Protocol-Reject, permitted */
	CP_RXJ_MINUS, /* Code- or Protocol-Reject, catastrophic */
	CP_RXR, /* Echo-Request and -Reply, Discard-Request */
	CP_NEVENTS
};

enum cp_code {
	CP_CONFIGURE_REQUEST = 1,
	CP_CONFIGURE_ACK,
	CP_CONFIGURE_NAK,
	CP_CONFIGURE_REJECT,
	CP_TERMINATE_REQUEST,
	CP_TERMINATE_ACK,
	CP_CODE_REJECT,
};

/* What became of a packet. */
enum ppp_rx {
	PPP_RX_OK,
	PPP_RX_MALFORMED,
	PPP_RX_STRAY, /* answers nothing that we asked */
};

enum cp_verdict {
	CP_ACK,
	CP_NAK,
	CP_REJECT,
	CP_NAK_ONLY, /* whatever else is wrong with the request */
};

/* Why it finished. */
enum cp_why {
	CP_WHY_LOCAL,
	CP_WHY_TIMEOUT,
	CP_WHY_PEER, /* Terminate-Request */
	CP_WHY_REFUSED, /* the peer has not got this protocol, or rejects a code */
};

struct cp;
struct cp_option;

struct cp_packet {
	uint8_t code;
	uint8_t id;
	const uint8_t *data; /* behind code, id and length */
	size_t len;
};

/* One option. Values are without number and length; len_min and len_max are
 * theirs. Absent functions: ask, we never ask for it; check, Configure-Reject.
 */
struct cp_option {
	uint8_t number;
	const char *name;
	bool wrong_ends; /* a wrong value, Nak'ed too often, is the end of it */
	bool absent_ends; /* and so is its absence */
	uint8_t len_min;
	uint8_t len_max;
	/* Writes our wish; false: we have none. */
	bool (*ask)(struct cp *c, const struct cp_option *o, struct wr *w);
	/* Judges the peer's wish, writes a better one for Naks. A value whose
	 * length is wrong reads as zeros, with value->err set.
	 */
	enum cp_verdict (*check)(struct cp *c, const struct cp_option *o,
				 struct rd *value, struct wr *better);
	/* The peer's request has not got it: true, ask for it with this value. */
	bool (*absent)(struct cp *c, const struct cp_option *o,
		       struct wr *better);
	/* The peer wants another value of us, or will not have the option at
	 * all (value is NULL); false: then no agreement is possible.
	 */
	bool (*refused)(struct cp *c, const struct cp_option *o,
			struct rd *value);
};

/* A control protocol: belongs to lcp.c and ipcp.c. */
struct cp_proto {
	uint16_t number;
	/* Called before Configure-Ack leaves, so that data can flow both ways
	 * once the peer has it. LCP must not: its up() sends.
	 */
	bool up_first;
	const struct cp_option *options;
	size_t n_options;
	void (*reset)(struct cp *c); /* negotiation begins: our wishes anew */
	void (*begin)(struct cp *c); /* a request comes: peer's wishes anew */
	void (*take)(struct cp *c); /* it was good, its Ack leaves now */
	/* Codes that only this protocol knows; false: it does not. */
	bool (*other)(struct cp *c, msec_t now, const struct cp_packet *p);
	/* Action ser: the answer to what came as event CP_RXR. */
	void (*reply)(struct cp *c, const struct cp_packet *p);
};

/* Who uses it; all but started and exchanged must be there. */
struct cp_owner {
	/* A frame, from the protocol field on. */
	void (*send)(struct cp *c, const void *frame, size_t len);
	void (*up)(struct cp *c, msec_t now); /* tlu */
	void (*down)(struct cp *c, msec_t now); /* tld */
	void (*started)(struct cp *c, msec_t now); /* tls */
	void (*finished)(struct cp *c, msec_t now); /* tlf */
	/* No agreement is possible: close it. */
	void (*hopeless)(struct cp *c, msec_t now);
	/* The options of a Configure-Request, before it is acted on. */
	void (*exchanged)(struct cp *c, bool sent, const void *b, size_t len);
};

struct cp {
	const struct cp_proto *proto;
	const struct cp_owner *owner;
	enum cp_state state;
	enum cp_why why;
	msec_t restart_at; /* MSEC_NEVER: timer is stopped */
	uint16_t mtu; /* for packets that quote others */
	uint8_t id; /* of our last Configure- or Terminate-Request */
	uint8_t notice_id; /* of what nobody answers: Rejects, Time-Remaining */
	uint8_t restarts; /* left */
	uint8_t failures; /* Naks we may still send */
	uint8_t refusals; /* of our wishes */
	bool answered; /* our last Configure-Request is */
	uint8_t request_len;
	uint8_t request[CP_REQUEST_MAX]; /* its options */
};

const char *cp_state_name(enum cp_state s);

void cp_init(struct cp *c, const struct cp_proto *proto,
	     const struct cp_owner *owner);
/* Up, Down, Open, Close, RXJ: all that is not a packet of its own. */
void cp_event(struct cp *c, msec_t now, enum cp_event e);
/* An event that a packet caused. */
void cp_packet_event(struct cp *c, msec_t now, enum cp_event e,
		     const struct cp_packet *p);
/* An event with all that its actions may need. */
struct cp_step {
	enum cp_event event;
	const struct cp_packet *in; /* what caused it, or NULL */
	const struct cp_packet *out; /* the answer to a Configure-Request */
};

void cp_step(struct cp *c, msec_t now, const struct cp_step *s);
/* Configure-Requests go to and fro. */
bool cp_negotiating(enum cp_state s);
/* The restart timer, if it is due. */
void cp_tick(struct cp *c, msec_t now);
/* It was open before a restart, and is again, without a packet. */
void cp_set_opened(struct cp *c, uint8_t id);
/* It was not: the peer may begin. */
void cp_set_stopped(struct cp *c, uint8_t id);

void cp_send(struct cp *c, uint8_t code, uint8_t id, const void *data,
	     size_t len);

#endif /* PPP_CP_H */
