/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reliable delivery; see xport.h. The queue holds, from the oldest on: `in_flight`
 * messages, those up to `sent` that a time-out took out of flight, and the rest
 * that never left. Numbers are assigned when a message is queued. RFC 2661 5.8,
 * appendix A.
 */
#include "l2tp/xport.h"

#include "adit/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT_NS 8 /* in the header */
#define AT_NR 10
#define RESEND_AFTER_LOAD 100

void xport_init(struct xport *x, unsigned int max_tries, msec_t rto_max,
		uint16_t receive_window)
{
	*x = (struct xport){
		.window = XPORT_WINDOW,
		.cwnd = 1,
		.ssthresh = XPORT_WINDOW,
		.max_tries = max_tries,
		.rto = XPORT_RTO,
		.rto_max = rto_max,
		.resend_at = MSEC_NEVER,
		.receive_window = receive_window,
		.ack_at = MSEC_NEVER,
		.quick = XPORT_QUICK,
		.vain_at = -SECONDS(1),
	};
	STAILQ_INIT(&x->queue);
	STAILQ_INIT(&x->early);
}

void xport_msg_free(struct xport_msg *m)
{
	explicit_bzero(m->b, m->len);
	free(m);
}

static void drop_early(struct xport *x)
{
	struct xport_msg *m;

	while ((m = STAILQ_FIRST(&x->early))) {
		STAILQ_REMOVE_HEAD(&x->early, next);
		xport_msg_free(m);
	}
	x->n_early = 0;
}

void xport_free(struct xport *x)
{
	xport_drop_all(x);
	drop_early(x);
}

void xport_set_window(struct xport *x, uint16_t window)
{
	if (!window)
		window = XPORT_WINDOW;
	if (window > XPORT_WINDOW_MAX)
		window = XPORT_WINDOW_MAX;
	x->window = window;
	x->ssthresh = window;
	if (x->cwnd > window)
		x->cwnd = window;
}

/* ----------------------------------------------------------------- sending */

static struct xport_msg *msg_new(uint16_t ns, const void *data, size_t len)
{
	struct xport_msg *m = malloc(sizeof(*m) + len);

	if (!m)
		return NULL;
	m->ns = ns;
	m->len = (uint16_t)len;
	memcpy(m->b, data, len);
	return m;
}

int xport_push(struct xport *x, const void *msg, size_t len)
{
	struct xport_msg *m;

	if (x->queued >= XPORT_QUEUE_MAX || len < L2TP_CONTROL_HLEN ||
	    len > UINT16_MAX)
		return -ENOBUFS;
	m = msg_new(x->ns, msg, len);
	if (!m)
		return -ENOBUFS;
	x->ns++;
	STAILQ_INSERT_TAIL(&x->queue, m, next);
	x->queued++;
	return 0;
}

static void put16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* Nr leaves, with whatever it may be. */
static void acknowledged(struct xport *x)
{
	x->nr_sent = x->nr;
	x->ack_at = MSEC_NEVER;
	x->ack_waits = false;
}

/* One message at a time is timed. */
static void start_timing(struct xport *x, msec_t now, uint16_t ns)
{
	if (x->timing)
		return;
	x->timing = true;
	x->timed_ns = ns;
	x->timed_at = now;
}

/*
 * Jacobson's estimate, in TCP's proportions (RFC 6298 2). Before it there was the
 * doubled time of whatever was lost: Karn's rule wants that kept until something
 * is measured that was sent only once.
 */
static void measured(struct xport *x, msec_t rtt)
{
	msec_t error = rtt - x->srtt8 / 8;

	if (!x->srtt8) {
		x->srtt8 = 8 * (rtt ? rtt : 1);
		x->rttvar4 = 2 * rtt;
	} else {
		x->srtt8 += error;
		x->rttvar4 += (error < 0 ? -error : error) - x->rttvar4 / 4;
	}
	if (x->srtt8 < 8)
		x->srtt8 = 8;
	x->rto = x->srtt8 / 8 + x->rttvar4;
	if (x->rto < XPORT_RTO)
		x->rto = XPORT_RTO;
	if (x->rto > x->rto_max)
		x->rto = x->rto_max;
}

/* A new message behind those that were sent: no more than a record holds. */
static bool too_much(const struct xport *x, const struct xport_msg *m)
{
	return x->sent && !x->urgent && x->sent_bytes + m->len > XPORT_SENT_MAX;
}

const struct xport_msg *xport_next(struct xport *x, msec_t now, bool *again)
{
	struct xport_msg *m = STAILQ_FIRST(&x->queue);

	/* After a time-out everything waits for resend_at or an ack. */
	if (x->in_flight >= x->queued || x->in_flight >= x->cwnd)
		return NULL;
	for (uint16_t i = 0; i < x->in_flight; i++)
		m = STAILQ_NEXT(m, next);
	*again = x->in_flight < x->sent;
	if (!*again && too_much(x, m))
		return NULL;
	x->in_flight++;
	if (!*again) {
		x->sent = x->in_flight;
		x->sent_bytes += m->len;
		start_timing(x, now, m->ns);
	}
	if (x->resend_at == MSEC_NEVER)
		x->resend_at = now + x->rto;
	put16(m->b + AT_NS, m->ns);
	put16(m->b + AT_NR, x->nr);
	acknowledged(x);
	return m;
}

/* Ns of the oldest message that is not acknowledged, or of the next one. */
static uint16_t oldest(const struct xport *x)
{
	const struct xport_msg *m = STAILQ_FIRST(&x->queue);

	return m ? m->ns : x->ns;
}

uint16_t xport_zlb_ns(const struct xport *x)
{
	return (uint16_t)(oldest(x) + x->sent);
}

/* Slow start below ssthresh, one more a window above. Appendix A. */
static void grow(struct xport *x)
{
	if (x->cwnd >= x->window)
		return;
	if (x->cwnd < x->ssthresh) {
		x->cwnd++;
	} else if (++x->cwnd_acked >= x->cwnd) {
		x->cwnd_acked = 0;
		x->cwnd++;
	}
}

void xport_acked(struct xport *x, msec_t now, uint16_t nr)
{
	uint16_t n = (uint16_t)(nr - oldest(x));

	if (!n || n > x->sent)
		return;
	if (x->timing && (uint16_t)(x->timed_ns - oldest(x)) < n) {
		x->timing = false;
		measured(x, now - x->timed_at);
	}
	x->sent -= n;
	x->in_flight = x->in_flight > n ? x->in_flight - n : 0;
	while (n--) {
		struct xport_msg *m = STAILQ_FIRST(&x->queue);

		STAILQ_REMOVE_HEAD(&x->queue, next);
		x->sent_bytes -= m->len;
		xport_msg_free(m);
		x->queued--;
		grow(x);
	}
	x->tries = 0;
	x->resend_at = x->in_flight ? now + x->rto : MSEC_NEVER;
}

bool xport_expired(struct xport *x, msec_t now)
{
	if (now < x->resend_at)
		return true;
	if (x->tries >= x->max_tries)
		return false;
	x->tries++;
	x->timing = false;
	x->rto = x->rto * 2 < x->rto_max ? x->rto * 2 : x->rto_max;
	x->ssthresh = x->cwnd > 3 ? x->cwnd / 2 : 1;
	x->cwnd = 1;
	x->cwnd_acked = 0;
	x->in_flight = 0;
	x->resend_at = MSEC_NEVER;
	return true;
}

msec_t xport_cycle(const struct xport *x)
{
	msec_t rto = XPORT_RTO, sum = rto;

	for (unsigned int i = 0; i < x->max_tries; i++) {
		rto = rto * 2 < x->rto_max ? rto * 2 : x->rto_max;
		sum += rto;
	}
	return sum;
}

void xport_drop_waiting(struct xport *x)
{
	struct xport_queue kept = STAILQ_HEAD_INITIALIZER(kept);
	unsigned int n = x->sent;
	struct xport_msg *m;

	while ((m = STAILQ_FIRST(&x->queue))) {
		STAILQ_REMOVE_HEAD(&x->queue, next);
		if (n) {
			STAILQ_INSERT_TAIL(&kept, m, next);
			n--;
			continue;
		}
		xport_msg_free(m);
		x->queued--;
		x->ns--;
	}
	STAILQ_CONCAT(&x->queue, &kept);
}

void xport_drop_all(struct xport *x)
{
	struct xport_msg *m;

	while ((m = STAILQ_FIRST(&x->queue))) {
		STAILQ_REMOVE_HEAD(&x->queue, next);
		xport_msg_free(m);
	}
	x->queued = 0;
	x->in_flight = 0;
	x->sent = 0;
	x->sent_bytes = 0;
	x->timing = false;
	x->resend_at = MSEC_NEVER;
}

void xport_urgent(struct xport *x)
{
	unsigned int want = x->queued < x->window ? x->queued : x->window;

	x->urgent = true;
	if (x->cwnd < want)
		x->cwnd = (uint16_t)want;
}

/* --------------------------------------------------------------- receiving */

bool xport_ack_ready(const struct xport *x, msec_t now)
{
	return now >= x->ack_at;
}

void xport_ack_sent(struct xport *x, msec_t now)
{
	if (x->ack_waits)
		x->vain_at = now;
	acknowledged(x);
}

void xport_ack_now(struct xport *x, msec_t now)
{
	x->ack_waits = false;
	if (x->ack_at != MSEC_NEVER)
		x->ack_at = msec_min(x->ack_at, now);
}

/* Something has come that must be acknowledged, soon or at once. */
static void owe(struct xport *x, msec_t now, bool at_once)
{
	x->ack_waits = !at_once;
	x->ack_at = at_once ? now : now + XPORT_ACK_DELAY;
}

/* The next in turn has come. */
static void count_new(struct xport *x, msec_t now)
{
	bool at_once = x->ack_at != MSEC_NEVER;

	x->nr++;
	if (now - x->vain_at <= XPORT_ACK_DELAY)
		x->quick = XPORT_QUICK;
	if (x->quick) {
		x->quick--;
		at_once = true;
	}
	owe(x, now, at_once);
}

/* Keeps a message that overtook another, once. */
static void keep_early(struct xport *x, uint16_t ns, const void *msg,
		       size_t len)
{
	struct xport_msg *m, *before = NULL;

	STAILQ_FOREACH(m, &x->early, next)
	{
		if (m->ns == ns)
			return;
		if ((uint16_t)(m->ns - x->nr) > (uint16_t)(ns - x->nr))
			break;
		before = m;
	}
	m = msg_new(ns, msg, len);
	if (!m)
		return;
	if (before)
		STAILQ_INSERT_AFTER(&x->early, before, m, next);
	else
		STAILQ_INSERT_HEAD(&x->early, m, next);
	x->n_early++;
}

enum xport_verdict xport_receive(struct xport *x, msec_t now, uint16_t ns,
				 const void *msg, size_t len)
{
	if (ns == x->nr) {
		count_new(x, now);
		return XPORT_NEW;
	}
	if ((uint16_t)(ns - x->nr) >= 0x8000) {
		owe(x, now, true);
		return XPORT_DUPLICATE;
	}
	/* So there are never more of them than our window has places. */
	if ((uint16_t)(ns - x->nr_sent) >= x->receive_window)
		return XPORT_BEYOND;
	keep_early(x, ns, msg, len);
	return XPORT_EARLY;
}

struct xport_msg *xport_early(struct xport *x, msec_t now)
{
	struct xport_msg *m = STAILQ_FIRST(&x->early);

	/* One that came again by itself is no longer early. */
	while (m && (uint16_t)(m->ns - x->nr) >= 0x8000) {
		STAILQ_REMOVE_HEAD(&x->early, next);
		x->n_early--;
		xport_msg_free(m);
		m = STAILQ_FIRST(&x->early);
	}
	if (!m || m->ns != x->nr)
		return NULL;
	STAILQ_REMOVE_HEAD(&x->early, next);
	x->n_early--;
	x->nr++;
	owe(x, now, true);
	return m;
}

/* ----------------------------------------------------------------- restart */

void xport_save(const struct xport *x, struct wr *w)
{
	const struct xport_msg *m;
	unsigned int n = 0;
	size_t at;

	wr_u16(w, oldest(x));
	wr_u16(w, x->nr);
	wr_u16(w, x->window);
	wr_u16(w, x->receive_window);
	wr_u8(w, x->ack_at != MSEC_NEVER);
	at = wr_len(w);
	wr_u16(w, 0);
	STAILQ_FOREACH(m, &x->queue, next)
	{
		size_t room = (size_t)(w->end - w->p);

		if (n >= x->sent && (room < 2u + m->len || n == UINT16_MAX))
			break;
		wr_u16(w, m->len);
		wr_bytes(w, m->b, m->len);
		n++;
	}
	wr_patch_u16(w, at, (uint16_t)n);
}

bool xport_load(struct xport *x, msec_t now, struct rd *r)
{
	uint16_t n;

	x->ns = rd_u16(r);
	x->nr = rd_u16(r);
	xport_set_window(x, rd_u16(r));
	x->receive_window = rd_u16(r);
	x->nr_sent = x->nr;
	if (rd_u8(r))
		x->ack_at = now + RESEND_AFTER_LOAD;
	for (n = rd_u16(r); n && !r->err; n--) {
		uint16_t len = rd_u16(r);
		const uint8_t *b = rd_bytes(r, len);

		if (!b || xport_push(x, b, len))
			return false;
		x->sent_bytes += len;
	}
	x->sent = (uint16_t)x->queued;
	/* As if all were in flight and had just timed out. */
	x->in_flight = x->sent < x->window ? x->sent : x->window;
	if (x->queued)
		x->resend_at = now + RESEND_AFTER_LOAD;
	return !r->err;
}
