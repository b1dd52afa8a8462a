/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RADIUS as it is configured; see radius.h. Called by bng/box and bng/bng. */
#include "bng/radius.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SOCKETS (RADIUS_SOCKETS_MAX + 1) /* a server's, with that of probes */

struct radius_sockets {
	uint32_t made; /* by number, as bits */
	bool told; /* that one cannot be made */
};

static bool is_acct(const struct radius *r, const struct radius_server *s)
{
	return r->acct.n_servers && s == &r->acct.servers[s->index];
}

/* Of sockets: those of accounting come after the others. */
static unsigned int place_of(const struct radius *r,
			     const struct radius_server *s)
{
	return s->index + (is_acct(r, s) ? r->client.n_servers : 0);
}

static uint32_t id_of(unsigned int place, unsigned int socket)
{
	return place * SOCKETS + socket;
}

static int make_socket(struct radius *r, const struct radius_server *s,
		       unsigned int socket)
{
	unsigned int place = place_of(r, s);
	struct radius_sockets *have = &r->sockets[place];
	char text[ADDR_STRLEN];
	int rc;

	if (have->made >> socket & 1)
		return 0;
	rc = kern_udp(r->kern, &s->conf->source, s->conf->vrf, &s->remote,
		      id_of(place, socket));
	if (!rc)
		have->made |= 1U << socket;
	else if (!have->told)
		log_warn("radius-server %s: no socket for %s%s%s: %s",
			 s->conf->name, addr_port_str(&s->remote, text),
			 s->conf->vrf ? " in VRF " : "",
			 s->conf->vrf ? s->conf->vrf : "", strerror(-rc));
	have->told = rc;
	return rc;
}

static void close_socket(struct radius *r, unsigned int place,
			 unsigned int socket)
{
	if (r->sockets[place].made >> socket & 1)
		kern_close_udp(r->kern, id_of(place, socket));
	r->sockets[place].made &= ~(1U << socket);
}

/* The packet's fault, or that of a moment. Anything else is the socket's: the device of its
 * VRF or the address that it sends from has gone, and one of the same name is another.
 */
static bool passes(int err)
{
	return err == -EAGAIN || err == -ENOBUFS || err == -ECONNREFUSED ||
	       err == -EMSGSIZE;
}

static void send_request(struct radius_client *c, struct radius_server *s,
			 unsigned int socket, const void *packet, size_t len)
{
	struct radius *r = c->user;
	unsigned int place = place_of(r, s);
	int rc = make_socket(r, s, socket);

	if (!rc)
		rc = kern_send_udp(r->kern, id_of(place, socket), packet, len);
	if (!rc)
		return;
	radius_count(s, tx_failed);
	if (!passes(rc))
		close_socket(r, place, socket);
}

static int open_client(struct radius *r, struct radius_client *c,
		       const struct conf *conf, struct timers *timers)
{
	const struct conf_radius_group *g;

	if (radius_client_init(c, timers, conf->n_radius_servers,
			       conf->n_radius_groups))
		return -ENOMEM;
	c->send = send_request;
	c->identifier = conf->hostname;
	c->dictionary = conf->dictionary;
	c->user = r;
	c->accounting = c == &r->acct;
	STAILQ_FOREACH(g, &conf->radius_groups, next)
	{
		struct radius_group *to = &c->groups[g->index];

		to->by_weight = g->by_weight;
		to->extra = g->extra;
		while (to->n < RADIUS_SERVERS_MAX && g->servers[to->n]) {
			to->server[to->n] =
				&c->servers[g->servers[to->n]->index];
			to->n++;
		}
	}
	return 0;
}

static int open_spool(struct radius *r, const struct conf *conf,
		      struct timers *timers)
{
	const char **names =
		calloc(conf->n_radius_groups + 1, sizeof(const char *));
	const struct conf_radius_group *g;
	int rc;

	if (!names)
		return -ENOMEM;
	STAILQ_FOREACH(g, &conf->radius_groups, next)
	names[g->index] = g->name;
	rc = spool_init(&r->spool, &r->acct, timers, names,
			conf->n_radius_groups, conf->accounting_rate,
			(size_t)conf->accounting_spool_size << 20);
	free(names);
	return rc;
}

int radius_open(struct radius *r, const struct conf *conf, struct kern *kern,
		struct timers *timers)
{
	size_t n = conf->n_radius_servers;
	const struct conf_radius_server *s;

	r->kern = kern;
	r->timers = timers;
	r->sockets = calloc(2 * n + 1, sizeof(*r->sockets));
	r->acct_conf = calloc(n + 1, sizeof(*r->acct_conf));
	if (!r->sockets || !r->acct_conf ||
	    open_client(r, &r->client, conf, timers) ||
	    open_client(r, &r->acct, conf, timers) ||
	    open_spool(r, conf, timers))
		return -ENOMEM;
	STAILQ_FOREACH(s, &conf->radius_servers, next)
	{
		struct radius_server_conf *acct = &r->acct_conf[s->index];

		*acct = s->server;
		acct->remote.port = s->accounting_port;
		radius_client_server(&r->client, s->index, &s->server);
		radius_client_server(&r->acct, s->index, acct);
	}
	return 0;
}

void radius_close(struct radius *r)
{
	spool_free(&r->spool);
	radius_client_free(&r->acct);
	radius_client_free(&r->client);
	free(r->acct_conf);
	free(r->sockets);
	r->acct_conf = NULL;
	r->sockets = NULL;
}

void radius_input(struct radius *r, msec_t now, uint32_t id, const void *data,
		  size_t len)
{
	unsigned int server = id / SOCKETS;
	struct radius_client *c = &r->client;

	if (server >= c->n_servers) {
		server -= c->n_servers;
		c = &r->acct;
	}
	if (server < c->n_servers)
		radius_client_input(c, &c->servers[server], id % SOCKETS, now,
				    data, len);
}

void radius_moved(struct radius *r, unsigned int server, const struct addr *to,
		  msec_t now)
{
	for (unsigned int i = 0; i < SOCKETS; i++) {
		close_socket(r, server, i);
		close_socket(r, r->client.n_servers + server, i);
	}
	radius_client_moved(&r->client, &r->client.servers[server], to, now);
	radius_client_moved(&r->acct, &r->acct.servers[server], to, now);
}
