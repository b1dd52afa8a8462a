/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets, one for each of our addresses or two for an Ethernet device, and a bad
 * network in front of them: packets are lost, doubled, delayed and put out of order
 * each way, by a seed.
 */
#ifndef PERF_NET_H
#define PERF_NET_H

#include "base/addr.h"
#include "base/timer.h"
#include "perf/stats.h"

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_ERROR_MAX 160

struct net;

struct net_sock {
	struct net *net;
	struct addr_port local; /* family 0: whole frames of a device */
	ev_io io;
};

struct net_conditions {
	unsigned int loss, duplicate, reorder; /* per cent */
	unsigned int delay, jitter; /* ms */
};

struct net {
	struct ev_loop *loop;
	struct timers *timers;
	struct stats *stats;
	struct net_conditions is;
	uint64_t seed;
	struct net_sock **socks;
	size_t n_socks;
	size_t held; /* packets that are under way */
	void (*input)(void *user, msec_t now, struct net_sock *from,
		      const struct addr_port *peer, const void *data,
		      size_t len);
	void (*batch)(void *user, msec_t now); /* all has been read */
	void *user;
};

/* Random, by the seed. */
uint32_t net_random(struct net *n);
bool net_chance(struct net *n, unsigned int percent);

/* Binds `count` addresses that follow each other; -1 with a line in err. The
 * callbacks, timers, stats and conditions are set by the caller before.
 */
int net_open(struct net *n, const struct addr_port *first, size_t count,
	     char err[NET_ERROR_MAX]);
/* Frames of PPPoE on that device, whoever they are for; discovery has the first
 * socket, sessions have the other.
 */
int net_open_device(struct net *n, const char *device, char err[NET_ERROR_MAX]);
void net_close(struct net *n);
/* `later` ms more than the network takes anyway. */
void net_send(struct net *n, struct net_sock *from,
	      const struct addr_port *peer, const void *data, size_t len,
	      unsigned int later);
/* From a port of its own, that is closed at once. */
void net_send_once(struct net *n, const struct addr *from,
		   const struct addr_port *peer, const void *data, size_t len);

#endif /* PERF_NET_H */
