/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server of Disconnect- and CoA-Requests (RFC 5176): who may ask, whether it was
 * really they, and now; what is to be done its owner does, at once, and the answer
 * leaves when it is done. It has no socket and no clock.
 *
 * What was answered is remembered: who asks the same again gets the same answer, and
 * nothing is done twice. There is room for DAE_DONE_MAX, and beyond that, within
 * reason, for those who may still be asked again; when one gives way to a newer one,
 * what its client has sent up to its second is refused from then on, so that a request
 * that carries its time is done once at most; so is all that is older than the daemon.
 */
#ifndef AAA_RADIUS_DAE_H
#define AAA_RADIUS_DAE_H

#include "aaa/radius_codec.h"
#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"

#include <stdbool.h>
#include <sys/queue.h>

#define DAE_DONE_MAX 16384
#define DAE_DONE_YOUNG_MAX (1 << 18) /* with those of the last DAE_AGAIN */
#define DAE_AGAIN SECONDS(30) /* the same, without a time, is another by then */

/* Error-Cause, RFC 5176 3.5. */
enum dae_cause {
	DAE_DONE = 0, /* none: ACK */
	DAE_UNSUPPORTED_ATTRIBUTE = 401,
	DAE_MISSING_ATTRIBUTE = 402,
	DAE_NAS_MISMATCH = 403,
	DAE_INVALID_REQUEST = 404,
	DAE_UNSUPPORTED_SERVICE = 405,
	DAE_UNSUPPORTED_EXTENSION = 406,
	DAE_INVALID_VALUE = 407,
	DAE_PROHIBITED = 501,
	DAE_NO_SESSION = 503,
	DAE_NO_RESOURCES = 506,
	DAE_SEVERAL_SESSIONS = 508,
};

/* Who may ask. Belongs to the configuration. */
struct dae_client_conf {
	char *name;
	char *secret;
	struct addr net;
	uint8_t prefix_len;
	unsigned int rate; /* requests a second */
	unsigned int window; /* seconds that a request's time may be off */
	bool need_message_authenticator, need_timestamp;
	bool disconnect, coa; /* it may ask for */
};

#define DAE_COUNTERS(X)                 \
	X(rx_disconnects)               \
	X(rx_coas)                      \
	X(rx_again)                     \
	X(rx_strangers)                 \
	X(rx_over_rate)                 \
	X(rx_malformed)                 \
	X(rx_bad_code)                  \
	X(rx_bad_authenticator)         \
	X(rx_bad_message_authenticator) \
	X(rx_no_message_authenticator)  \
	X(rx_no_timestamp)              \
	X(rx_stale)                     \
	X(rx_replayed)                  \
	X(tx_acks)                      \
	X(tx_naks)                      \
	X(tx_failed)

struct dae_counters {
#define X(name) uint64_t name;
	DAE_COUNTERS(X)
#undef X
};

/* When. */
struct dae_time {
	msec_t now;
	uint32_t wall; /* seconds since 1970 */
};

/* One that is to be done. */
struct dae_request {
	bool coa; /* false: Disconnect */
	unsigned int listener;
	struct radius_reply packet; /* its attributes */
};

struct dae_client {
	const struct dae_client_conf *conf;
	unsigned int listener;
	uint64_t tokens; /* thousandths of a request */
	msec_t filled_at;
	uint32_t floor; /* requests up to that time are not done any more */
	struct dae_counters count; /* what came from it */
};

struct dae_done;
struct radius_dae;

/* Does it, or says why not. */
typedef enum dae_cause dae_act_fn(struct radius_dae *d, msec_t now,
				  const struct dae_request *r);

struct radius_dae {
	/* Loses it if it must: the request comes again. */
	int (*send)(struct radius_dae *d, unsigned int listener,
		    const struct addr_port *to, const void *data, size_t len);
	dae_act_fn *act;
	struct dae_client *clients; /* the longest prefix first */
	unsigned int n_clients, max_clients;
	TAILQ_HEAD(, dae_done) done; /* the oldest first */
	unsigned int n_done;
	struct hash by_request;
	struct dae_counters count;
	void *user;
};

/* For so many clients. 0 or -ENOMEM. */
int radius_dae_init(struct radius_dae *d, unsigned int max_clients);
void radius_dae_free(struct radius_dae *d);
/* At that listener; wall: now. */
void radius_dae_add(struct radius_dae *d, unsigned int listener,
		    const struct dae_client_conf *conf, uint32_t wall);
/* What came to that listener. */
void radius_dae_input(struct radius_dae *d, const struct dae_time *t,
		      unsigned int listener, const struct addr_port *from,
		      const void *data, size_t len);

#endif /* AAA_RADIUS_DAE_H */
