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

/* Restart: a tunnel that is not taken up again, as its record tells of it. */
struct l2tp_lost {
	struct l2tp_path path;
	uint16_t id, peer_id;
	uint16_t ns, nr;
	bool initiator;
	msec_t opened_at;
	char name[UINT8_MAX + 1]; /* of the peer's definition */
	char peer_name[L2TP_NAME_MAX + 1];
};

/* It had been established, and r is behind it. False: that was not so, or the record
 * makes no sense.
 */
bool l2tp_tunnel_read(struct rd *r, struct l2tp_lost *out);
/* Its peer is told, once. */
void l2tp_tunnel_disown(struct l2tp_host *h, const struct l2tp_lost *t,
			const struct l2tp_result *why);

/* Restart, as l2tp_tunnel_save and _load; only established sessions are kept. */
void l2tp_session_save(const struct l2tp_session *s, struct wr *w);
struct l2tp_session *l2tp_session_load(struct l2tp_host *h, struct rd *r);

/* Restart: a session, as its record tells of it; its tunnel may be gone. */
struct l2tp_lost_session {
	uint16_t tunnel_id, id, peer_id;
	bool lac, outgoing, sequencing;
	uint32_t serial;
};

/* False: it was not established, or the record makes no sense. */
bool l2tp_session_read(struct rd *r, struct l2tp_lost_session *out);

#endif /* L2TP_SAVE_H */
