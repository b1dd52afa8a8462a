/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room for tunnels that are not proved yet; see half_open.h. The peer of one that
 * goes hears StopCCN 2/4 once, as one that is refused does: if it is there and was
 * only slow, it has to begin again. RFC 2661 5.1.1, 5.7.
 */
#include "l2tp/half_open.h"

#include "l2tp/ops.h"
#include "l2tp/refuse.h"
#include "l2tp/tunnel_end.h"

/* SCCCN should have come by then: else it does not hold the place of another. */
#define ANSWER_TIME SECONDS(1)

/* Half of what is set up at a time: the other half is left for what has proof. */
static unsigned int limit(const struct l2tp_host *h)
{
	return (h->max_pending + 1) / 2;
}

static void give_way(struct l2tp_tunnel *t, msec_t now)
{
	static const struct l2tp_result why = {
		.result = L2TP_STOP_ERROR,
		.error = L2TP_ERR_RESOURCES,
		.text = "too many are being set up"
	};
	struct l2tp_stray stray = { .path = t->path,
				    .id = t->id,
				    .peer_id = t->peer_id,
				    .ns = t->xport.ns,
				    .nr = t->xport.nr };
	bool told = t->state == L2TP_TUNNEL_CLOSING;

	t->host->count.refused_half_open++;
	l2tp_half_open_forget(t);
	if (told) {
		l2tp_tunnel_cut(t, now);
		return;
	}
	l2tp_tunnel_end(t, now, &why, false, now);
	l2tp_refuse_peer(t->host, now, &stray, &why);
}

bool l2tp_half_open_room(struct l2tp_host *h, msec_t now,
			 const struct l2tp_path *path)
{
	struct l2tp_tunnel *t;

	if (l2tp_half_open(h, path, &t) >= L2TP_HALF_OPEN_MAX) {
		give_way(t, now);
		return true;
	}
	if (h->half_open.n < limit(h))
		return true;
	t = TAILQ_FIRST(&h->half_opens);
	if (t->state != L2TP_TUNNEL_CLOSING && now - t->opened_at < ANSWER_TIME)
		return false;
	give_way(t, now);
	return true;
}
