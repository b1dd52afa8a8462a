/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ids that requests to one server are under way with: a slot is a socket and an
 * id. One is not used again before all others were.
 */
#ifndef AAA_RADIUS_ID_H
#define AAA_RADIUS_ID_H

#include "aaa/radius.h"

/* All that there can be are taken. */
bool radius_id_none(const struct radius_server *s);
/* A slot for x, one socket more if all are taken; -ENOMEM: there is none. */
int radius_id_take(struct radius_server *s, struct radius_exchange *x);
void radius_id_free(struct radius_server *s, unsigned int slot);
/* Whose it is; NULL: nobody's. */
struct radius_exchange *radius_id_owner(const struct radius_server *s,
					unsigned int socket, uint8_t id);

#endif /* AAA_RADIUS_ID_H */
