/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which servers do not answer, and which have signed a reply (Message-Authenticator), as
 * bytes: a restart knows them again, by name. Called by state/store and state/restore.
 */
#ifndef AAA_RADIUS_SAVE_H
#define AAA_RADIUS_SAVE_H

#include "aaa/radius.h"
#include "base/buf.h"

/* Of those that there is room for. */
void radius_save(const struct radius_client *c, struct wr *w);
/* Start-up, before anybody is asked: servers of these names are taken, others passed
 * over. False: it makes no sense, from some point on.
 */
bool radius_load(struct radius_client *c, msec_t now, struct rd *r);

#endif /* AAA_RADIUS_SAVE_H */
