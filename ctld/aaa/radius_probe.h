/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status-Server (RFC 5997): a dead server is asked from time to time whether it is
 * there, on a socket of its own. Each probe is sent once, under a new id; an answer
 * to the last one counts.
 */
#ifndef AAA_RADIUS_PROBE_H
#define AAA_RADIUS_PROBE_H

#include "aaa/radius.h"

/* The first one leaves after the interval. */
void radius_probe_start(struct radius_server *s, msec_t now);
void radius_probe_stop(struct radius_server *s);
/* What came on RADIUS_PROBE_SOCKET: whether the server has answered. Then there are
 * no more.
 */
bool radius_probe_input(struct radius_server *s, const void *data, size_t len);

#endif /* AAA_RADIUS_PROBE_H */
