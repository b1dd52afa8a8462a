/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE discovery, the access concentrator's side (RFC 2516). It keeps no state
 * for a client until a PADR comes that carries our cookie: the cookie is an HMAC
 * over client, port and time.
 */
#ifndef PPPOE_DISC_H
#define PPPOE_DISC_H

#include "base/clock.h"
#include "base/line.h"
#include "pppoe/client.h"
#include "pppoe/later.h"
#include "pppoe/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is offered to a client where it is. */
struct pppoe_conf {
	const char *ac_name;
	const char *const *services; /* NULL-ended; none: any is taken */
	uint16_t max_payload; /* up to so much is agreed on; RFC 4638 */
	bool line; /* what an access node says of the line is believed */
	unsigned int setup_rate; /* PADI and PADR a second of a source; 0: any */
	unsigned int end_rate; /* and PADT */
	msec_t delay; /* of PADO; negative: there is none */
};

/* A good PADR. */
struct pppoe_request {
	const char *service;
	uint64_t host_uniq; /* a hash of it; 0: it has none */
	uint16_t max_payload; /* as agreed on */
	const struct line *line; /* NULL: nothing is known */
	const char *refused; /* why it gets no session: the client is told */
};

struct pppoe_disc;

struct pppoe_disc_ops {
	/* What is offered there; false: nothing, stay silent. */
	bool (*port)(struct pppoe_disc *d, const struct pppoe_client *from,
		     struct pppoe_conf *out);
	/* A discovery frame to the client, from the PPPoE header on. */
	void (*send)(struct pppoe_disc *d, const struct pppoe_client *to,
		     const void *frame, size_t len);
	/* The SESSION_ID of a session that exists in the kernel now; PADS
	 * leaves when it returns, ops->started follows. 0: PADS with an error.
	 * A repeated PADR of a client whose session is new gets the same
	 * SESSION_ID.
	 */
	uint16_t (*session)(struct pppoe_disc *d, const struct pppoe_client *c,
			    struct pppoe_request *r, msec_t now);
	/* PADS has been handed over: PPP may begin. */
	void (*started)(struct pppoe_disc *d, const struct pppoe_client *c,
			uint16_t sid, msec_t now);
	/* PADT; false: there is no such session of that client's. */
	bool (*ended)(struct pppoe_disc *d, const struct pppoe_client *c,
		      uint16_t sid, msec_t now);
};

#define PPPOE_COUNTERS(X)     \
	X(rx_padi)            \
	X(rx_padr)            \
	X(rx_padt)            \
	X(tx_pado)            \
	X(tx_pads)            \
	X(tx_padt)            \
	X(rx_malformed)       \
	X(rx_oversized)       \
	X(rx_bad_cookie)      \
	X(rx_unknown_service) \
	X(rx_other_ac)        \
	X(rx_bad_line)        \
	X(rx_unexpected)      \
	X(rx_unknown_session) \
	X(rx_no_port)         \
	X(rx_too_often)       \
	X(pado_delayed)       \
	X(pado_withheld)      \
	X(pado_no_room)       \
	X(refused)

struct pppoe_counters {
#define X(name) uint64_t name;
	PPPOE_COUNTERS(X)
#undef X
};

struct pppoe_disc {
	const struct pppoe_disc_ops *ops;
	uint8_t secret[16]; /* of the cookies */
	struct pppoe_counters count;
	struct pppoe_later later;
	struct pppoe_sources sources;
	void *user;
};

void pppoe_disc_init(struct pppoe_disc *d, const struct pppoe_disc_ops *ops,
		     struct timers *timers, void *user);
void pppoe_disc_free(struct pppoe_disc *d);
/* A discovery frame, from the PPPoE header on; to_us: sent to the port's own
 * address, not broadcast. Any bytes may come.
 */
void pppoe_disc_input(struct pppoe_disc *d, msec_t now,
		      const struct pppoe_client *from, bool to_us,
		      const void *frame, size_t len);
/* Sends PADT. */
void pppoe_disc_end(struct pppoe_disc *d, const struct pppoe_client *c,
		    uint16_t sid);

#endif /* PPPOE_DISC_H */
