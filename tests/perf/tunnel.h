/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A control connection, of either side: set-up, authentication, HELLO, end (RFC
 * 2661 5.1, 5.5, 5.7, 7.2), with the misbehaviour that its twist says.
 */
#ifndef PERF_TUNNEL_H
#define PERF_TUNNEL_H

#include "perf/channel.h"
#include "perf/load.h"
#include "perf/wire.h"

enum tunnel_state {
	TUNNEL_WAIT_REPLY,
	TUNNEL_WAIT_CONN,
	TUNNEL_UP,
	TUNNEL_CLOSING, /* StopCCN was said, by whomever */
	TUNNEL_DEAD,
};

struct tunnel {
	struct load *load;
	struct net_sock *sock;
	struct addr_port peer;
	struct hash_node by_peer;
	const struct twist *twist;
	uint16_t id, peer_id;
	enum tunnel_state state;
	bool counts; /* is to come up */
	bool stuck; /* being set up for ever, on purpose */
	bool stopping; /* CLOSING: StopCCN is to be acknowledged */
	bool is_due, is_ready;
	struct channel channel;
	uint16_t frozen_nr; /* TWIST_NEVER_ACK: the last one that left */
	uint8_t challenge[16], response[16];
	bool respond;
	uint64_t began_us;
	msec_t hello_at, twist_at, setup_at;
	struct timer timer;
	TAILQ_ENTRY(tunnel) due, ready;
	struct call **call; /* by our id - 1 */
	unsigned int n_calls, calls_size, last_place;
	unsigned int to_call; /* calls that are still to be made */
};

/* LAC: the next tunnel. */
void tunnel_open(struct load *l, msec_t now);
/* StopCCN, or without a word. */
void tunnel_close(struct tunnel *t, msec_t now, bool leave);
/* What came from the network, and when all of it was taken. */
void tunnel_input(void *load, msec_t now, struct net_sock *from,
		  const struct addr_port *peer, const void *data, size_t len);
void tunnel_batch(void *load, msec_t now);

/* A message in a buffer that is good until the next one. */
struct wr tunnel_message(enum wire_type type);
void tunnel_send(struct tunnel *t, msec_t now, struct wr *w, uint16_t session);
void tunnel_send_data(struct tunnel *t, uint16_t session, const void *frame,
		      size_t len);
/* StopCCN, CDN: no failure, the peer has had enough. */
bool tunnel_is_goodbye(const struct tunnel *t, const struct wire_msg *m);
/* "tunnel", "call", or the same of one that is twisted. */
void tunnel_reason(const struct tunnel *t, const char *what, const char *why);

/* --------------------------------- between tunnel.c and tunnel_tx.c */

static inline bool tunnel_twisted(const struct tunnel *t, unsigned int flag)
{
	return t->twist->flags & flag;
}

/* A new one's reliable delivery. */
void tunnel_wire(struct tunnel *t);
/* Sets its timer. */
void tunnel_arm(struct tunnel *t);
void tunnel_hello(struct tunnel *t, msec_t now, bool timed);
/* Unless something that left has done so. */
void tunnel_acknowledge(struct tunnel *t);

#endif /* PERF_TUNNEL_H */
