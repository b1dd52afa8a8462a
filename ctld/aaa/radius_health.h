/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a RADIUS server answers: the states of radius.h, what is counted and
 * logged of them. A server whose configuration says so is probed while it is dead
 * (RFC 5997); any other one is tried by one request when its dead time is over.
 */
#ifndef AAA_RADIUS_HEALTH_H
#define AAA_RADIUS_HEALTH_H

#include "aaa/radius.h"

/* It may be sent a request now. */
bool radius_health_usable(const struct radius_server *s, msec_t now);
/* It may be some time: it has an address, and needs no probe before. */
bool radius_health_askable(const struct radius_server *s);
/* A request is sent to it. */
void radius_health_asked(struct radius_server *s, msec_t now);
/* It has not answered. */
void radius_health_died(struct radius_server *s, msec_t now);
/* A good reply to a request; bare: one without Message-Authenticator is as usual. */
void radius_health_heard(struct radius_server *s,
			 const struct radius_reply *reply, bool bare,
			 msec_t now);
/* It took so long. */
void radius_health_took(struct radius_server *s, msec_t time);
/* A probe was answered: as if it had never been dead. */
void radius_health_revive(struct radius_server *s, msec_t now);
/* At the start: it has no address yet. */
void radius_health_unresolved(struct radius_server *s);
/* Restart: it did not answer then, and still counts as dead; one without an address
 * does when it has one (radius_health_found).
 */
void radius_health_was_dead(struct radius_server *s, msec_t since, msec_t until,
			    msec_t now);
/* It has an address now, or another one. */
void radius_health_found(struct radius_server *s, msec_t now);
/* It does not answer, as far as is known. */
bool radius_health_dead(const struct radius_server *s);
/* "up", "dead", "trial", "probing", "unresolved". */
const char *radius_health_name(enum radius_state state);
/* A packet that is no good reply. */
void radius_health_fault(struct radius_server *s, enum radius_fault fault);
/* The wait, a tenth more or less (RFC 5080 2.2.1). */
msec_t radius_health_jitter(msec_t wait);

#endif /* AAA_RADIUS_HEALTH_H */
