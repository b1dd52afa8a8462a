/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client (RFC 2865 2, 3; RFC 5080 2.2.1). It has no socket and no clock: its
 * owner sends, and runs its timers. Requests go to the servers of a group as
 * aaa/radius_choice has it; a
 * reply that is not the server's is dropped and counted, and the request lives on.
 *
 * A server is dead when a request has got no answer in all its tries and nothing
 * else came meanwhile: all that it has goes to the next one at once, so that a dead
 * server costs one timeout, not one each; what has no next one has its own tries. When its dead time is over one request
 * tries it, or it is asked again once it has answered a probe: aaa/radius_health.
 */
#ifndef AAA_RADIUS_CLIENT_H
#define AAA_RADIUS_CLIENT_H

#include "aaa/radius.h"

/* Then the owner sets servers[].conf (radius_client_server) and fills the groups. 0 or
 * -ENOMEM.
 */
int radius_client_init(struct radius_client *c, struct timers *timers,
		       unsigned int n_servers, unsigned int n_groups);
void radius_client_server(struct radius_client *c, unsigned int index,
			  const struct radius_server_conf *conf);
/* Nobody is answered any more. */
void radius_client_free(struct radius_client *c);

/* done is called later, or before it returns. */
void radius_client_send(struct radius_client *c, struct radius_group *g,
			struct radius_request *r, msec_t now);
/* done will not be called; nothing, if it is not under way. */
void radius_client_drop(struct radius_client *c, struct radius_request *r,
			msec_t now);
/* Its address is another now, or it has one at last: what it has goes there. */
void radius_client_moved(struct radius_client *c, struct radius_server *s,
			 const struct addr *to, msec_t now);
/* What came on that socket, which is connected to the server. */
void radius_client_input(struct radius_client *c, struct radius_server *s,
			 unsigned int socket, msec_t now, const void *data,
			 size_t len);

#endif /* AAA_RADIUS_CLIENT_H */
