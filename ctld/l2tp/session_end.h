/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a session ends: by CDN, ours or refused before there was one, with its
 * tunnel, or because setting up takes too long. RFC 2661 5.6.
 */
#ifndef L2TP_SESSION_END_H
#define L2TP_SESSION_END_H

#include "l2tp/cause.h"
#include "l2tp/session.h"

/* Restart: the kernel has a call that nobody remembers, because it was being set
 * up. Its peer is told to forget it (CDN).
 */
void l2tp_session_disown(struct l2tp_tunnel *t, msec_t now, uint16_t id,
			 uint16_t peer_id, uint16_t result, const char *text);
/* Sends CDN (if the peer knows of it) and forgets the session. ops->session_down
 * is not called: the caller knows.
 */
void l2tp_session_close(struct l2tp_session *s, msec_t now, uint16_t result,
			uint16_t error, const char *text);
/* LNS: the same, and why PPP ended, if the peer's definition wants that told. */
void l2tp_session_close_ppp(struct l2tp_session *s, msec_t now, uint16_t result,
			    const char *text, const struct l2tp_causes *causes);

/* ------------------------------------------- for the files of l2tp above */

/* causes may be NULL. */
void l2tp_session_send_cdn(struct l2tp_tunnel *t, uint16_t to, uint16_t id,
			   const struct l2tp_result *why,
			   const struct l2tp_causes *causes);
/* The call of this ICRQ or OCRQ, before there is a session of it. */
void l2tp_session_refuse(struct l2tp_tunnel *t, msec_t now,
			 const struct l2tp_msg *m,
			 const struct l2tp_result *why);
/* And after that: as l2tp_session_end, for one that never was. */
void l2tp_session_refuse_new(struct l2tp_session *s, msec_t now,
			     const struct l2tp_result *why);
/* CDN, if the peer knows of it, and the session is gone. */
void l2tp_session_end(struct l2tp_session *s, const struct l2tp_result *why);
/* The owner is told that it has ended. */
void l2tp_session_tell_down(struct l2tp_session *s, msec_t now,
			    const struct l2tp_result *why);
/* We end it and the owner has to be told. */
void l2tp_session_end_and_tell(struct l2tp_session *s, msec_t now,
			       const struct l2tp_result *why);
/* Every session of a tunnel that has ended. */
void l2tp_session_tunnel_down(struct l2tp_tunnel *t, msec_t now);
/* The deadline of the oldest call that is being set up has come. */
void l2tp_session_expired(struct l2tp_tunnel *t, msec_t now);

#endif /* L2TP_SESSION_END_H */
