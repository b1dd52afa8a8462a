/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reliable delivery of control messages (RFC 2661 5.8, appendix A): sequence
 * numbers, window, slow start, retransmission, acknowledgement. Knows nothing of
 * what it carries; the clock is an argument.
 */
#ifndef L2TP_XPORT_H
#define L2TP_XPORT_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define XPORT_RTO SECONDS(1)
#define XPORT_RTO_MAX SECONDS(8)
#define XPORT_WINDOW 4 /* of a peer that says nothing */
#define XPORT_WINDOW_MAX 128 /* more we do not use */
#define XPORT_QUEUE_MAX 131072 /* messages; then the peer is no use */
#define XPORT_EARLY_MAX 16 /* messages kept that overtook others */
/* Bytes that may be unacknowledged: what is sent must fit the restart record. */
#define XPORT_SENT_MAX 12000
#define XPORT_RECORD_MAX (9 + XPORT_SENT_MAX + 2 * XPORT_WINDOW_MAX)

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
	msec_t rto;
	msec_t resend_at; /* MSEC_NEVER: nothing in flight */
	bool ack_due; /* something came that no message has acknowledged */
	STAILQ_HEAD(xport_queue, xport_msg) queue; /* in flight, then waiting */
	unsigned int queued;
	struct xport_queue early; /* came before their turn, by Ns */
	unsigned int n_early;
};

enum xport_verdict {
	XPORT_NEW, /* in turn: Nr counts it */
	XPORT_DUPLICATE, /* known: acknowledge, do nothing else */
	XPORT_EARLY, /* another is missing: kept or lost, not acknowledged */
};

void xport_init(struct xport *x, unsigned int max_tries);
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

/* The peer has everything before nr. */
void xport_acked(struct xport *x, msec_t now, uint16_t nr);
/* A message, not a ZLB, came. */
enum xport_verdict xport_receive(struct xport *x, uint16_t ns, const void *msg,
				 size_t len);
/* A kept message whose turn it is now, or NULL; the caller frees it. */
struct xport_msg *xport_early(struct xport *x);
/* Messages may hold secrets: wiped, then freed. */
void xport_msg_free(struct xport_msg *m);

/* Call at resend_at. False: the peer does not answer. */
bool xport_expired(struct xport *x, msec_t now);
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
