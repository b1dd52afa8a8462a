/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control connections: a tunnel's set-up, authentication and keepalive, as a
 * machine (RFC 2661 7.2). Called by l2tp/host with messages, by timers, and by the
 * owner, who opens tunnels. How they end is l2tp/tunnel_end.
 */
#ifndef L2TP_CONTROL_H
#define L2TP_CONTROL_H

#include "l2tp/tunnel.h"

/* Sends SCCRQ. NULL: no id, or the limit is reached. */
struct l2tp_tunnel *l2tp_tunnel_open(struct l2tp_host *h, msec_t now,
				     const struct l2tp_path *path,
				     const struct l2tp_peer *peer, void *user);
/* The text of the end of a tunnel whose peer does not acknowledge any more. */
#define L2TP_SILENT "peer does not answer"
#define L2TP_SLOW "set-up takes too long"

/* For l2tp/host and l2tp/save. */

/* A message of this tunnel, its head read; m is used up. */
void l2tp_control_input(struct l2tp_tunnel *t, msec_t now, struct l2tp_msg *m,
			const struct l2tp_path *path, const void *data,
			size_t len);
/* An SCCRQ of this peer crosses ours. True: it loses, and is discarded. */
bool l2tp_control_tie(struct l2tp_host *h, msec_t now,
		      const struct l2tp_path *path, const char *peer_name,
		      const struct l2tp_msg *m);
/* An SCCRQ of a peer that is accepted so far, decoded. */
void l2tp_control_accept(struct l2tp_host *h, msec_t now,
			 const struct l2tp_path *path,
			 const struct l2tp_peer *peer,
			 const struct l2tp_msg *m);
void l2tp_control_timer(struct timer *timer, msec_t now);

#endif /* L2TP_CONTROL_H */
