/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client (RFC 2865 2, 3; RFC 5080 2.2.1). It has no socket and no clock: its
 * owner sends, and runs its timers. Requests go to the servers of a group in order; a
 * reply that is not the server's is dropped and counted, and the request lives on.
 *
 * A server is dead when a request has got no answer in all its tries and nothing
 * else came meanwhile: all that it has goes to the next one at once, so that a dead
 * server costs one timeout, not one each. When its dead time is over one request
 * tries it.
 */
#ifndef AAA_RADIUS_CLIENT_H
#define AAA_RADIUS_CLIENT_H

#include "aaa/aaa.h"
#include "aaa/radius_access.h"
#include "aaa/radius_codec.h"
#include "base/timer.h"

#include <sys/queue.h>

#define RADIUS_SERVERS_MAX 8 /* of a group */
#define RADIUS_IDS 256 /* in flight, a socket */
#define RADIUS_SOCKETS_MAX 16 /* a server */

enum radius_policy {
	RADIUS_MA_AUTO, /* required once the server has sent one */
	RADIUS_MA_REQUIRE,
	RADIUS_MA_OFF,
};

/* Belongs to the configuration. */
struct radius_server_conf {
	char *name;
	char *secret;
	struct addr_port remote;
	struct addr source; /* family 0: the system's choice */
	unsigned int timeout, dead_time; /* seconds */
	unsigned int tries, limit; /* the second: requests in flight */
	enum radius_policy message_authenticator;
};

#define RADIUS_COUNTERS(X)              \
	X(tx_requests)                  \
	X(tx_retransmits)               \
	X(tx_failed)                    \
	X(rx_accepts)                   \
	X(rx_rejects)                   \
	X(rx_challenges)                \
	X(rx_malformed)                 \
	X(rx_unexpected)                \
	X(rx_bad_authenticator)         \
	X(rx_bad_message_authenticator) \
	X(rx_no_message_authenticator)  \
	X(rx_bad_code)                  \
	X(rx_bad_attribute)             \
	X(timeouts)                     \
	X(servers_dead)                 \
	X(waited)                       \
	X(unavailable)

struct radius_counters {
#define X(name) uint64_t name;
	RADIUS_COUNTERS(X)
#undef X
};

TAILQ_HEAD(radius_queue, radius_exchange);

enum radius_state { RADIUS_ALIVE, RADIUS_DEAD, RADIUS_TRIAL };

struct radius_server {
	const struct radius_server_conf *conf;
	unsigned int index; /* of the client's */
	enum radius_state state;
	msec_t dead_until, heard_at; /* the last good reply */
	bool has_message_authenticator; /* of its replies, so far */
	struct radius_exchange **slot; /* by socket and id */
	unsigned int n_slots, n_flying, next_slot;
	struct radius_queue flying;
};

struct radius_group {
	struct radius_server *server[RADIUS_SERVERS_MAX];
	unsigned int n;
	struct radius_queue waiting; /* for a server that is not full */
};

struct radius_client {
	/* Loses it if it must: a retransmission follows. */
	void (*send)(struct radius_client *c, const struct radius_server *s,
		     unsigned int socket, const void *packet, size_t len);
	struct timers *timers;
	const char *identifier; /* NAS-Identifier */
	struct radius_server *servers;
	struct radius_group *groups;
	unsigned int n_servers, n_groups;
	struct radius_queue moving; /* from a server that is dead */
	struct radius_counters count;
	void *user;
};

/* Then the owner fills servers[].conf and the groups. 0 or -ENOMEM. */
int radius_client_init(struct radius_client *c, struct timers *timers,
		       unsigned int n_servers, unsigned int n_groups);
/* Nobody is answered any more. */
void radius_client_free(struct radius_client *c);

/* r->done is called later, or before it returns. */
void radius_client_submit(struct radius_client *c, struct radius_group *g,
			  struct aaa_request *r, msec_t now);
/* r->done will not be called; nothing, if it is not under way. */
void radius_client_cancel(struct radius_client *c, struct aaa_request *r,
			  msec_t now);
/* What came on that socket, which is connected to the server. */
void radius_client_input(struct radius_client *c, struct radius_server *s,
			 unsigned int socket, msec_t now, const void *data,
			 size_t len);

#endif /* AAA_RADIUS_CLIENT_H */
