/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RADIUS as it is configured; see radius.h. Called by bng/box and bng/bng. */
#include "bng/radius.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t id_of(const struct radius_server *s, unsigned int socket)
{
	return s->index * RADIUS_SOCKETS_MAX + socket;
}

/* The client takes sockets of a server one after the other. */
static int make_socket(struct radius *r, const struct radius_server *s,
		       unsigned int socket)
{
	char text[ADDR_STRLEN];
	int rc;

	if (socket < r->sockets[s->index])
		return 0;
	rc = kern_udp(r->kern, &s->conf->source, &s->conf->remote,
		      id_of(s, socket));
	if (!rc)
		r->sockets[s->index]++;
	else if (!r->client.count.tx_failed)
		log_warn("radius-server %s: no socket for %s: %s",
			 s->conf->name, addr_port_str(&s->conf->remote, text),
			 strerror(-rc));
	return rc;
}

static void send_request(struct radius_client *c, const struct radius_server *s,
			 unsigned int socket, const void *packet, size_t len)
{
	struct radius *r = c->user;

	if (make_socket(r, s, socket) ||
	    kern_send_udp(r->kern, id_of(s, socket), packet, len))
		c->count.tx_failed++;
}

int radius_open(struct radius *r, const struct conf *conf, struct kern *kern,
		struct timers *timers)
{
	const struct conf_radius_server *s;
	const struct conf_radius_group *g;

	r->kern = kern;
	r->sockets = calloc(conf->n_radius_servers + 1, sizeof(*r->sockets));
	if (!r->sockets ||
	    radius_client_init(&r->client, timers, conf->n_radius_servers,
			       conf->n_radius_groups))
		return -ENOMEM;
	r->client.send = send_request;
	r->client.identifier = conf->hostname;
	r->client.user = r;
	STAILQ_FOREACH(s, &conf->radius_servers, next)
	r->client.servers[s->index].conf = &s->server;
	STAILQ_FOREACH(g, &conf->radius_groups, next)
	{
		struct radius_group *to = &r->client.groups[g->index];

		while (to->n < RADIUS_SERVERS_MAX && g->servers[to->n]) {
			to->server[to->n] =
				&r->client.servers[g->servers[to->n]->index];
			to->n++;
		}
	}
	return 0;
}

void radius_close(struct radius *r)
{
	radius_client_free(&r->client);
	free(r->sockets);
	r->sockets = NULL;
}

void radius_input(struct radius *r, msec_t now, uint32_t id, const void *data,
		  size_t len)
{
	unsigned int server = id / RADIUS_SOCKETS_MAX;

	if (server < r->client.n_servers)
		radius_client_input(&r->client, &r->client.servers[server],
				    id % RADIUS_SOCKETS_MAX, now, data, len);
}
