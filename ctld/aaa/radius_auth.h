/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may come in, asked of RADIUS: a kind of the client's requests. */
#ifndef AAA_RADIUS_AUTH_H
#define AAA_RADIUS_AUTH_H

#include "aaa/radius_client.h"

/* As radius_client_send and radius_client_drop. */
void radius_auth_submit(struct radius_client *c, struct radius_group *g,
			struct aaa_request *r, msec_t now);
void radius_auth_cancel(struct radius_client *c, struct aaa_request *r,
			msec_t now);

#endif /* AAA_RADIUS_AUTH_H */
