/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a subscriber is called in RADIUS, by the names that are told there, and
 * which subscribers all of some names are of. Only who is up or tunnelled is found.
 */
#ifndef BNG_IDENTITY_H
#define BNG_IDENTITY_H

#include "aaa/radius_named.h"
#include "bng/subscriber.h"

#define IDENTITY_MAX RADIUS_VALUE_MAX

/* Its name of that kind; the length, 0: it has none. */
size_t identity_name(const struct subscriber *s, enum radius_name kind,
		     uint8_t out[IDENTITY_MAX]);
/* What it is called has changed, or it is up now. */
void identity_update(struct subscriber *s);
/* Acct-Session-Id, of the same length always. */
#define IDENTITY_SESSION_STRLEN 17
void identity_session(const struct subscriber *s,
		      char out[IDENTITY_SESSION_STRLEN]);
/* NAS-Port, as it is told: see bng/port. */
uint32_t identity_port(const struct subscriber *s);

/* Those who have all names that are given, up to max; how many, -E2BIG: there are
 * more, or too many have had to be looked at.
 */
int identity_find(const struct box *b, const struct radius_named *n,
		  struct subscriber **out, unsigned int max);

#endif /* BNG_IDENTITY_H */
