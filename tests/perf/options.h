/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line, as a table; --help is printed from it. */
#ifndef PERF_OPTIONS_H
#define PERF_OPTIONS_H

#include "base/addr.h"
#include "perf/twist.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum options_role { ROLE_LAC, ROLE_LNS, ROLE_PPPOE, ROLE_RADIUS };
/* Of RADIUS, as they are on the wire. */
struct options_attributes {
	uint8_t b[1024];
	size_t len;
};

enum options_auth { AUTH_NONE, AUTH_PAP, AUTH_CHAP };

struct options {
	enum options_role role;
	struct addr_port peer;
	struct addr_port local; /* the first of */
	unsigned int n_local; /* addresses that follow each other */
	const char *device; /* pppoe */
	unsigned int first; /* pppoe: number of the first subscriber */
	const char *service, *circuit; /* pppoe; NULL: none */
	unsigned int tunnels, sessions; /* sessions a tunnel; pppoe: in all */
	double tunnel_rate, call_rate; /* a second; 0: as fast as it goes */
	unsigned int tunnels_at_once, calls_at_once;
	const char *name, *secret, *user, *password;
	bool hide;
	enum options_auth auth;
	bool ppp, proxy;
	uint16_t window;
	unsigned int retries;
	unsigned int hello; /* seconds; 0: none are sent */
	struct addr pool; /* lns: the first address for subscribers */
	struct options_attributes attributes; /* radius: of Access-Accept */
	const struct twist *twist;
	unsigned int twist_share; /* per cent of the tunnels */
	unsigned int loss, duplicate, reorder; /* per cent */
	unsigned int delay, jitter; /* ms, each way */
	unsigned int seed;
	double hold, limit; /* seconds */
	bool leave; /* end without a word to the peer */
	bool json;
};

/* As it is written. */
const char *options_role_name(const struct options *o);
/* 0; 1: the usage was wrong, and that was said; -1: all there was to do was done. */
int options_parse(struct options *o, int argc, char **argv);

#endif /* PERF_OPTIONS_H */
