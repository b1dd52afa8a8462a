/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reliable delivery of control messages (RFC 2661 5.8, appendix A): sequence
 * numbers, windows, slow start, retransmission by the measured round trip,
 * acknowledgement. Knows nothing of what it carries; the clock is an argument.
 */
#ifndef L2TP_XPORT_H
#define L2TP_XPORT_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define XPORT_RTO SECONDS(1) /* at least, of what is sent for the first time */
#define XPORT_ACK_DELAY 50 /* ms; far below the peer's first second */
#define XPORT_QUICK 16 /* messages acknowledged at once: see xport_receive */
#define XPORT_WINDOW 4 /* of a peer that says nothing */
#define XPORT_WINDOW_MAX 128 /* more we do not use */
#define XPORT_QUEUE_MAX 131072 /* messages; then the peer is no use */
/* Bytes that may be unacknowledged: what is sent must fit the restart record. */
#define XPORT_SENT_MAX 12000
#define XPORT_RECORD_MAX (11 + XPORT_SENT_MAX + 2 * XPORT_WINDOW_MAX)

struct xport_msg {
	STAILQ_ENTRY(xport_msg) next;
	uint16_t ns;
	uint16_t len;
	uint8_t b[]; /* the whole message, header first */
};

struct xport {
	uint16_t ns; /* of the next new message */
	uint16_t nr; /* expected from the peer */
	uint16_t window; /* the peer's */
	uint16_t cwnd;
	uint16_t cwnd_acked; /* acks since cwnd grew, above ssthresh */
	uint16_t ssthresh;
	uint16_t in_flight; /* first of the queue; may be sent and not counted */
	uint16_t sent; /* first of the queue, sent at least once */
	size_t sent_bytes; /* of these */
	bool urgent; /* nothing is stored any more: no bound of bytes */
	unsigned int tries; /* of the oldest message */
	unsigned int max_tries;
	msec_t rto; /* doubled by each time-out, until a round trip is measured */
	msec_t rto_max;
	msec_t srtt8; /* 8 times the smoothed round trip; 0: none measured */
	msec_t rttvar4; /* 4 times its variation */
	bool timing; /* a message that went once only is being timed */
	uint16_t timed_ns;
	msec_t timed_at;
	msec_t resend_at; /* MSEC_NEVER: nothing in flight */
	uint16_t receive_window; /* ours, as the peer was told */
	uint16_t nr_sent; /* the last Nr that left: the peer's window begins */
	msec_t ack_at; /* when what came is acknowledged; MSEC_NEVER: it is */
	bool ack_waits; /* for a message to ride on, or for another to come */
	uint16_t quick; /* so many more are acknowledged at once */
	msec_t vain_at; /* when an acknowledgement had waited in vain */
	STAILQ_HEAD(xport_queue, xport_msg) queue; /* in flight, then waiting */
	unsigned int queued;
	struct xport_queue early; /* came before their turn, by Ns */
	unsigned int n_early;
};

enum xport_verdict {
	XPORT_NEW, /* in turn: Nr counts it */
	XPORT_DUPLICATE, /* known: acknowledge, do nothing else */
	XPORT_EARLY, /* another is missing: kept, not acknowledged */
	XPORT_BEYOND, /* it does not fit our window: lost */
};

/* max_tries: retransmissions, and may be changed at any time. */
void xport_init(struct xport *x, unsigned int max_tries, msec_t rto_max,
		uint16_t receive_window);
void xport_free(struct xport *x);
/* The peer's receive window; 0 is taken for the default. */
void xport_set_window(struct xport *x, uint16_t window);

/* Appends a copy. 0, -ENOBUFS: full. */
int xport_push(struct xport *x, const void *msg, size_t len);
/*
 * The next message that may leave now, its Ns and Nr up to date, or NULL. Call
 * until NULL; *again tells a retransmission. It acknowledges what has come.
 */
const struct xport_msg *xport_next(struct xport *x, msec_t now, bool *again);
/* Ns of a ZLB. */
uint16_t xport_zlb_ns(const struct xport *x);
/* Whether a ZLB should leave now; and that one did. */
bool xport_ack_ready(const struct xport *x, msec_t now);
void xport_ack_sent(struct xport *x, msec_t now);
/* What came is acknowledged without waiting. */
void xport_ack_now(struct xport *x, msec_t now);

/* The peer has everything before nr. */
void xport_acked(struct xport *x, msec_t now, uint16_t nr);
/*
 * A message, not a ZLB, came. One alone is acknowledged after XPORT_ACK_DELAY, if
 * nothing of ours has left by then to carry it; two, and duplicates, at once. So
 * are the first messages of a peer, and some after one that came right behind an
 * acknowledgement that had waited: that peer may send one at a time.
 */
enum xport_verdict xport_receive(struct xport *x, msec_t now, uint16_t ns,
				 const void *msg, size_t len);
/* A kept message whose turn it is now, or NULL; the caller frees it. */
struct xport_msg *xport_early(struct xport *x, msec_t now);
/* Messages may hold secrets: wiped, then freed. */
void xport_msg_free(struct xport_msg *m);

/* Call at resend_at. False: the peer does not answer. */
bool xport_expired(struct xport *x, msec_t now);
/* How long a message goes unanswered until then. */
msec_t xport_cycle(const struct xport *x);
/* Forgets what was never sent, or everything. */
void xport_drop_waiting(struct xport *x);
void xport_drop_all(struct xport *x);
/* Lets the last of the queue leave now, if the peer's window does. A restart will
 * not need it.
 */
void xport_urgent(struct xport *x);

/*
 * Restart. Messages that were never sent are left out if there is no room. Load
 * sends nothing: everything kept is sent anew soon, when resend_at comes.
 */
void xport_save(const struct xport *x, struct wr *w);
bool xport_load(struct xport *x, msec_t now, struct rd *r);

#endif /* L2TP_XPORT_H */
