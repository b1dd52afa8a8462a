/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a restart needs of tunnels and sessions, as bytes. */
#ifndef L2TP_SAVE_H
#define L2TP_SAVE_H

#include "l2tp/session.h"
#include "l2tp/tunnel.h"

/* Most that l2tp_tunnel_save writes: fixed fields, names, what is sent. */
#define L2TP_TUNNEL_RECORD_MAX                                                 \
	(109 + 2 * L2TP_LEVEL_RECORD_MAX + 1 + UINT8_MAX + 1 + L2TP_NAME_MAX + \
	 XPORT_RECORD_MAX)

/*
 * Restart. Save writes what the kernel cannot tell: ids, names, Ns/Nr, messages
 * that await acknowledgement. Load makes the tunnel anew in the host, arms its
 * timers and sends nothing; NULL: the record makes no sense.
 */
void l2tp_tunnel_save(const struct l2tp_tunnel *t, struct wr *w);
struct l2tp_tunnel *
l2tp_tunnel_load(struct l2tp_host *h, msec_t now, struct rd *r,
		 const struct l2tp_peer *(*peer)(void *ctx, const char *name),
		 void *ctx);

/* Restart: this tunnel is not taken up again. Its peer is told, once. False: the
 * record makes no sense.
 */
bool l2tp_tunnel_disown(struct l2tp_host *h, struct rd *r,
			const struct l2tp_result *why);

/* Restart, as l2tp_tunnel_save and _load; only established sessions are kept. */
void l2tp_session_save(const struct l2tp_session *s, struct wr *w);
struct l2tp_session *l2tp_session_load(struct l2tp_host *h, struct rd *r);

#endif /* L2TP_SAVE_H */
