/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client as its files see it: servers, groups of them, kinds of requests.
 * Others use aaa/radius_client.h and aaa/radius_auth.h, and read.
 */
#ifndef AAA_RADIUS_H
#define AAA_RADIUS_H

#include "aaa/aaa.h"
#include "aaa/radius_access.h"
#include "aaa/radius_codec.h"
#include "base/timer.h"

#include <sys/queue.h>

#define RADIUS_SERVERS_MAX 8 /* of a group */
#define RADIUS_SETS (1 << RADIUS_SERVERS_MAX) /* of these */
#define RADIUS_TRIES_MAX 10 /* of a request, a server */
#define RADIUS_IDS 256 /* in flight, a socket */
#define RADIUS_SOCKETS_MAX 16 /* a server, for requests */
#define RADIUS_PROBE_SOCKET RADIUS_SOCKETS_MAX /* one more: its ids are apart */
#define RADIUS_WEIGHT_MAX 100

enum radius_policy {
	RADIUS_MA_AUTO, /* required once the server has sent one */
	RADIUS_MA_REQUIRE,
	RADIUS_MA_OFF,
};

/* Belongs to the configuration. */
struct radius_server_conf {
	char *name;
	char *secret;
	char *host; /* a name that its address is looked up by; NULL: it is given */
	struct addr_port remote;
	struct addr source; /* family 0: the system's choice */
	char *vrf; /* device name; NULL: none */
	unsigned int timeout, dead_time, probe_interval; /* seconds */
	unsigned int tries, limit; /* the second: requests in flight */
	unsigned int weight; /* in a group that goes by it */
	enum radius_policy message_authenticator;
	bool status_server; /* a dead one is probed, RFC 5997 */
};

#define RADIUS_COUNTERS(X)              \
	X(tx_requests)                  \
	X(tx_retransmits)               \
	X(tx_failed)                    \
	X(rx_accepts)                   \
	X(rx_rejects)                   \
	X(rx_challenges)                \
	X(rx_responses)                 \
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
	X(unavailable)                  \
	X(tx_probes)                    \
	X(rx_probes)

struct radius_counters {
#define X(name) uint64_t name;
	RADIUS_COUNTERS(X)
#undef X
};

TAILQ_HEAD(radius_queue, radius_exchange);

enum radius_state {
	RADIUS_ALIVE,
	RADIUS_DEAD, /* for its dead time */
	RADIUS_TRIAL, /* which is over: one request tries it */
	RADIUS_PROBING, /* dead until a probe is answered */
	RADIUS_UNRESOLVED, /* its name has no address yet */
};

/* Status-Server to one that is dead. */
struct radius_probe {
	struct timer timer; /* the next one */
	msec_t wait; /* until the next but one */
	uint8_t id;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	bool under_way;
};

struct radius_client;

struct radius_server {
	const struct radius_server_conf *conf;
	struct radius_client *client;
	unsigned int index; /* of the client's */
	struct addr_port remote; /* now */
	enum radius_state state;
	msec_t since; /* it is in that state; -1: from the start */
	msec_t dead_until, heard_at; /* the last good reply; -1: none */
	bool was_dead; /* before a restart; it has no address yet */
	msec_t response_time; /* smoothed, in eighths; -1: none measured */
	bool has_message_authenticator; /* of its replies, over restarts too */
	struct radius_exchange **slot; /* by socket and id */
	unsigned int n_slots, n_taken, next_slot;
	unsigned int n_flying; /* requests, of which one may have several ids */
	struct radius_queue flying;
	struct radius_probe probe;
	struct radius_counters count; /* what is counted of one server */
};

struct radius_group {
	struct radius_server *server[RADIUS_SERVERS_MAX];
	unsigned int n;
	const struct radius_extra *extra; /* NULL: none */
	bool by_weight; /* false: in that order */
	int credit[RADIUS_SERVERS_MAX]; /* by weight: the largest is next */
	/* For a server that is not full, by the set of those that were tried. */
	struct radius_queue waiting[RADIUS_SETS];
	unsigned int n_waiting;
};

/* With what a request is written. */
struct radius_try {
	struct radius_nas nas;
	const char *secret;
	uint8_t id;
	msec_t now;
};

/* A kind of requests. */
struct radius_kind {
	size_t room; /* bytes, of the longest */
	bool bare; /* its replies need no Message-Authenticator */
	/* The packet's length; 0: RADIUS cannot say it, nobody is to be asked. */
	size_t (*write)(struct radius_request *r, const struct radius_try *t,
			void *packet);
	/* What was written then says something else by now, so it needs an id of
	 * its own. NULL: never.
	 */
	bool (*stale)(struct radius_request *r, msec_t then, msec_t now);
	/* Codes of replies. */
	bool (*answers)(enum radius_code code);
	/* A verified reply; or NULL, and whether any server has been asked. Last of
	 * all: it may ask, or take back, others.
	 */
	void (*done)(struct radius_request *r, struct radius_client *c,
		     msec_t now, const struct radius_reply *reply, bool asked);
};

struct radius_client {
	/* Loses it if it must: a retransmission follows. */
	void (*send)(struct radius_client *c, struct radius_server *s,
		     unsigned int socket, const void *packet, size_t len);
	/* What aaa/radius_save tells is another now; NULL: nobody wants to know. */
	void (*changed)(struct radius_client *c);
	struct timers *timers;
	const char *identifier; /* NAS-Identifier */
	const struct dictionary *dictionary; /* for messages; NULL: none */
	bool accounting; /* its servers are those of accounting ports */
	struct radius_server *servers;
	struct radius_group *groups;
	unsigned int n_servers, n_groups;
	struct radius_queue moving; /* from a server that is dead */
	struct radius_counters count; /* of all servers, and of the client */
	void *user;
};

/* Of the server, and of all. */
#define radius_count(s, name) \
	((void)((s)->count.name++, (s)->client->count.name++))

#endif /* AAA_RADIUS_H */
