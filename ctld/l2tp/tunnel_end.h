/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a tunnel ends: by StopCCN, ours or the peer's, or in silence; its sessions end
 * with it. RFC 2661 5.7.
 */
#ifndef L2TP_TUNNEL_END_H
#define L2TP_TUNNEL_END_H

#include "l2tp/tunnel.h"

/* Sends StopCCN; every session is gone when it returns, and so is a tunnel of ours
 * that had sent nothing yet.
 */
void l2tp_tunnel_close(struct l2tp_tunnel *t, msec_t now, uint16_t result,
		       uint16_t error, const char *text);

/* ------------------------------------- for the files of l2tp above */

/*
 * It ends: sessions are told, then the owner. With tell StopCCN is sent. Until
 * dead_at it answers what comes.
 */
void l2tp_tunnel_end(struct l2tp_tunnel *t, msec_t now,
		     const struct l2tp_result *why, bool tell, msec_t dead_at);
/* One that is closing is forgotten now, answered or not. */
void l2tp_tunnel_cut(struct l2tp_tunnel *t, msec_t now);
/* How long until StopCCN is answered, by whatever patience, or never. */
msec_t l2tp_tunnel_close_time(const struct l2tp_tunnel *t);
/* We end it, for this reason. */
void l2tp_tunnel_stop(struct l2tp_tunnel *t, msec_t now, uint16_t result,
		      uint16_t error, const char *text);

#endif /* L2TP_TUNNEL_END_H */
