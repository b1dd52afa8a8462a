/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a turn: tunnels that are due are settled, one after the other, and
 * what was buried is freed; see turn.h. RFC 2661 5.8.
 */
#include "l2tp/turn.h"

#include "adit/wire.h"
#include "l2tp/codec.h"
#include "l2tp/ops.h"

#include <stdlib.h>

void l2tp_enter(struct l2tp_host *h)
{
	h->depth++;
}

/* Before anything leaves that tells of it, and before the turn ends. */
static void store(struct l2tp_tunnel *t)
{
	if (!t->dirty || t->state != L2TP_TUNNEL_ESTABLISHED)
		return;
	t->dirty = false;
	t->host->ops->tunnel_changed(t);
}

static void send_bytes(struct l2tp_tunnel *t, const void *b, size_t len)
{
	struct l2tp_path to = t->path;

	store(t);
	to.tunnel = t->id;
	to.secure = t->peer->require_ipsec;
	t->host->count.tx_messages++;
	t->host->ops->send(t->host, &to, b, len);
}

/*
 * What may leave, leaves; what no message acknowledged, a ZLB does when its time
 * has come, which is at once unless the tunnel is up. What came has had its effect
 * and Nr counts it: both are stored now, acknowledged or not.
 */
static void flush(struct l2tp_tunnel *t, msec_t now)
{
	const struct xport_msg *m;
	bool again;

	while ((m = xport_next(&t->xport, now, &again))) {
		t->dirty |= !again;
		t->retransmits += again;
		t->host->count.tx_retransmits += again;
		send_bytes(t, m->b, m->len);
	}
	if (t->state != L2TP_TUNNEL_ESTABLISHED)
		xport_ack_now(&t->xport, now);
	if (xport_ack_ready(&t->xport, now) && t->peer_id) {
		struct l2tp_msg zlb = { .tunnel_id = t->peer_id,
					.ns = xport_zlb_ns(&t->xport),
					.nr = t->xport.nr };
		uint8_t b[L2TP_CONTROL_HLEN];

		xport_ack_sent(&t->xport, now);
		send_bytes(t, b, l2tp_msg_encode(&zlb, NULL, b, sizeof(b)));
	}
	store(t);
}

static bool is_over(const struct l2tp_tunnel *t, msec_t now)
{
	return t->state == L2TP_TUNNEL_CLOSING &&
	       (now >= t->dead_at || (t->stopping && !t->xport.queued));
}

msec_t l2tp_tunnel_hello_time(const struct l2tp_tunnel *t)
{
	if (t->state != L2TP_TUNNEL_ESTABLISHED || !t->peer->hello ||
	    t->xport.queued)
		return MSEC_NEVER;
	return t->last_rx + SECONDS(t->peer->hello);
}

void l2tp_tunnel_arm(struct l2tp_tunnel *t, msec_t now)
{
	msec_t at;

	t->hello_at = l2tp_tunnel_hello_time(t);
	at = msec_min(t->xport.resend_at, t->hello_at);
	at = msec_min(at, msec_min(t->setup_at, t->call_at));
	if (t->peer_id)
		at = msec_min(at, t->xport.ack_at);
	at = msec_min(at, msec_min(t->idle_at, t->start_at));
	if (t->stuck && t->state != L2TP_TUNNEL_CLOSING)
		at = now;
	timer_set(t->host->timers, &t->timer, msec_min(at, t->dead_at));
}

/*
 * Nobody uses it: it ends in a while, or is kept, as its peer's definition says. A
 * single-shot tunnel goes with its session.
 */
static void set_idle(struct l2tp_tunnel *t, msec_t now)
{
	msec_t was = t->idle_at;

	if (t->state != L2TP_TUNNEL_ESTABLISHED || t->n_sessions)
		t->idle_at = MSEC_NEVER;
	else if (t->peer->single_shot && t->used)
		t->idle_at = now;
	else if (t->idle_at == MSEC_NEVER && t->peer->idle)
		t->idle_at = now + SECONDS(t->peer->idle);
	t->dirty |= t->idle_at != was;
}

static void settle(struct l2tp_tunnel *t, msec_t now)
{
	set_idle(t, now);
	flush(t, now);
	if (is_over(t, now)) {
		t->host->ops->tunnel_free(t);
		l2tp_tunnel_drop(t, now);
		return;
	}
	l2tp_tunnel_arm(t, now);
}

static void tell_counted(struct l2tp_host *h)
{
	if (h->stored == h->level.changes)
		return;
	h->stored = h->level.changes;
	h->ops->counted(h);
}

void l2tp_leave(struct l2tp_host *h, msec_t now)
{
	struct l2tp_tunnel *t;

	if (h->depth > 1) {
		h->depth--;
		return;
	}
	tell_counted(h);
	while ((t = STAILQ_FIRST(&h->due))) {
		STAILQ_REMOVE_HEAD(&h->due, of_due);
		t->due = false;
		settle(t, now);
	}
	tell_counted(h); /* those that went */
	h->depth--;
	while (h->n_grave)
		free(h->grave[--h->n_grave]);
}
