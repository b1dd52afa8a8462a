/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of tunnels; see tunnel_end.h. Called by l2tp/control, and by the host's
 * owner. RFC 2661 5.7.
 */
#include "l2tp/tunnel_end.h"

#include "l2tp/destination.h"
#include "l2tp/ops.h"
#include "l2tp/session_end.h"
#include "l2tp/turn.h"

static void send_stopccn(struct l2tp_tunnel *t)
{
	struct l2tp_msg m = { .type = L2TP_STOPCCN,
			      .has = L2TP_BIT(AVP_RESULT_CODE) |
				     L2TP_BIT(AVP_TUNNEL_ID),
			      .assigned_tunnel = t->id,
			      .result = t->why };

	l2tp_tunnel_send(t, &m);
	xport_urgent(&t->xport);
}

void l2tp_tunnel_end(struct l2tp_tunnel *t, msec_t now,
		     const struct l2tp_result *why, bool tell, msec_t dead_at)
{
	struct l2tp_host *h = t->host;

	if (t->state == L2TP_TUNNEL_CLOSING)
		return;
	if (t->state != L2TP_TUNNEL_ESTABLISHED)
		h->count.tunnels_failed++;
	else if (t->initiator)
		t->destination->open_at = now + SECONDS(t->peer->short_drain);
	t->why = *why;
	l2tp_tunnel_set_state(t, L2TP_TUNNEL_CLOSING);
	t->setup_at = t->start_at = MSEC_NEVER;
	t->dead_at = dead_at;
	t->stopping = tell;
	if (tell)
		xport_drop_waiting(&t->xport);
	else
		xport_drop_all(&t->xport);
	if (tell)
		send_stopccn(t);
	l2tp_tunnel_due(t);
	l2tp_session_tunnel_down(t, now);
	h->ops->tunnel_down(t, now);
}

void l2tp_tunnel_cut(struct l2tp_tunnel *t, msec_t now)
{
	xport_drop_all(&t->xport);
	t->stopping = false;
	t->dead_at = now;
	l2tp_tunnel_due(t);
}

msec_t l2tp_tunnel_close_time(const struct l2tp_tunnel *t)
{
	msec_t cycle = xport_cycle(&t->xport);

	return cycle > L2TP_CLOSE_TIME ? cycle : L2TP_CLOSE_TIME;
}

void l2tp_tunnel_stop(struct l2tp_tunnel *t, msec_t now, uint16_t result,
		      uint16_t error, const char *text)
{
	struct l2tp_result why;

	l2tp_result_set(&why, result, error, text);
	if (t->start_at != MSEC_NEVER) /* nobody has heard of it */
		l2tp_tunnel_end(t, now, &why, false, now);
	else
		l2tp_tunnel_end(t, now, &why, true,
				now + l2tp_tunnel_close_time(t));
}

void l2tp_tunnel_close(struct l2tp_tunnel *t, msec_t now, uint16_t result,
		       uint16_t error, const char *text)
{
	struct l2tp_host *h = t->host;

	l2tp_enter(h);
	l2tp_tunnel_stop(t, now, result, error, text);
	l2tp_leave(h, now);
}
