/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PPPoE client: discovery (RFC 2516 5), the subscriber's PPP, its end, with the
 * misbehaviour that its twist says. Its Ethernet address is made of its number.
 */
#ifndef PERF_CLIENT_H
#define PERF_CLIENT_H

#include "perf/ether.h"
#include "perf/load.h"
#include "perf/ppp.h"

#define CLIENT_ECHO 256 /* bytes of tags that PADR returns */

enum client_state {
	CLIENT_WAIT_PADO,
	CLIENT_WAIT_PADS,
	CLIENT_UP,
	CLIENT_CLOSING, /* as we wish */
	CLIENT_ENDED
};

struct client {
	struct load *load;
	const struct twist *twist;
	enum client_state state;
	bool counts; /* is to come up */
	bool setting_up; /* not decided: session, PPP */
	bool ppp_up;
	uint8_t tries;
	uint8_t mac[ETHER_ADDR], ac[ETHER_ADDR];
	uint16_t session;
	uint8_t echo[CLIENT_ECHO];
	size_t echo_len;
	uint64_t began_us, connected_us;
	msec_t at, twist_at; /* of discovery's next try; of the next misdeed */
	struct timer timer;
	struct ppp ppp;
};

/* The next one. */
void client_open(struct load *l, msec_t now);
/* By Terminate-Request and PADT, or without a word. */
void client_close(struct client *c, msec_t now, bool leave);
void clients_free(struct load *l);
/* A frame that came from the device. */
void client_input(void *load, msec_t now, struct net_sock *from,
		  const struct addr_port *peer, const void *data, size_t len);

#endif /* PERF_CLIENT_H */
