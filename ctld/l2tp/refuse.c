/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refusals without state, and their budgets; see refuse.h. RFC 2661 5.7. */
#include "l2tp/refuse.h"

#include "base/crypt.h"
#include "l2tp/codec.h"

#define TO_STRANGERS 10 /* a second */
#define TO_PEER \
	50 /* the same; a LAC may have that many tunnels to a drained LNS */

void l2tp_stray_stop(struct l2tp_host *h, const struct l2tp_stray *t,
		     const struct l2tp_result *why)
{
	struct l2tp_msg m = { .type = L2TP_STOPCCN,
			      .tunnel_id = t->peer_id,
			      .ns = t->ns,
			      .nr = t->nr,
			      .has = l2tp_msg_must(L2TP_STOPCCN),
			      .assigned_tunnel = t->id,
			      .result = *why };
	uint8_t b[256];

	if (!m.assigned_tunnel)
		m.assigned_tunnel = crypt_random_u16() | 1;
	h->count.tx_messages++;
	h->ops->send(h, &t->path, b, l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

static void refuse(struct l2tp_host *h, msec_t now, struct l2tp_budget *b,
		   unsigned int most, const struct l2tp_stray *to,
		   const struct l2tp_result *why)
{
	if (!to->peer_id)
		return;
	if (now - b->window >= SECONDS(1)) {
		b->window = now;
		b->n = 0;
	}
	if (b->n >= most) {
		h->count.refused_unsaid++;
		return;
	}
	b->n++;
	l2tp_stray_stop(h, to, why);
}

void l2tp_refuse_stranger(struct l2tp_host *h, msec_t now,
			  const struct l2tp_stray *to,
			  const struct l2tp_result *why)
{
	refuse(h, now, &h->refuse_strangers, TO_STRANGERS, to, why);
}

/* Two addresses may share a place of the table, and do not choose which. */
void l2tp_refuse_peer(struct l2tp_host *h, msec_t now,
		      const struct l2tp_stray *to,
		      const struct l2tp_result *why)
{
	uint64_t key = l2tp_path_source(&to->path);

	refuse(h, now, &h->refuse_peers[key % L2TP_REFUSED_PEERS], TO_PEER, to,
	       why);
}
