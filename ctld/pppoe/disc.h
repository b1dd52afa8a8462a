/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE discovery, the access concentrator's side (RFC 2516). It keeps no state
 * for a client until a PADR comes that carries our cookie: the cookie is an HMAC
 * over client and port.
 */
#ifndef PPPOE_DISC_H
#define PPPOE_DISC_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pppoe_client {
	uint32_t ifindex;
	uint16_t vlan_outer; /* 0: untagged */
	uint16_t vlan_inner;
	uint16_t vlan_proto; /* of the outer tag, to be answered with; 0: any */
	uint8_t mac[6];
};

/* What a port offers; belongs to the configuration. */
struct pppoe_conf {
	const char *ac_name;
	const char *const *services; /* NULL-ended; none: any is taken */
};

struct pppoe_disc;

struct pppoe_disc_ops {
	/* What is offered there; NULL: nothing, stay silent. */
	const struct pppoe_conf *(*port)(struct pppoe_disc *d,
					 const struct pppoe_client *from);
	/* A discovery frame to the client, from the PPPoE header on. */
	void (*send)(struct pppoe_disc *d, const struct pppoe_client *to,
		     const void *frame, size_t len);
	/* A good PADR. The SESSION_ID of a session that exists in the kernel
	 * now; PADS leaves when it returns, ops->started follows. 0: PADS with
	 * an error. A repeated PADR of a client whose session is new gets the
	 * same SESSION_ID.
	 */
	uint16_t (*session)(struct pppoe_disc *d, const struct pppoe_client *c,
			    const char *service, msec_t now);
	/* PADS has been handed over: PPP may begin. */
	void (*started)(struct pppoe_disc *d, const struct pppoe_client *c,
			uint16_t sid, msec_t now);
	/* PADT. */
	void (*ended)(struct pppoe_disc *d, const struct pppoe_client *c,
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
	X(rx_bad_cookie)      \
	X(rx_unknown_service) \
	X(rx_unexpected)      \
	X(rx_no_port)         \
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
	void *user;
};

void pppoe_disc_init(struct pppoe_disc *d, const struct pppoe_disc_ops *ops,
		     void *user);
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
