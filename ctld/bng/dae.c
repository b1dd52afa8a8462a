/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listeners for requests of RFC 5176; see dae.h. Called by bng/box and bng/bng. */
#include "bng/dae.h"

#include "base/timer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static uint32_t wall_clock(void)
{
	return (uint32_t)time(NULL);
}

static int send_answer(struct radius_dae *server, unsigned int listener,
		       const struct addr_port *to, const void *data, size_t len)
{
	const struct dae *d = container_of(server, struct dae, server);

	return kern_answer_udp(d->kern, listener, to, data, len);
}

static int listen_at(struct dae *d, const struct conf_dae *c,
		     char err[CONF_ERROR_MAX])
{
	const struct conf_dae_client *client;
	char text[ADDR_STRLEN];
	int rc = kern_listen_udp(d->kern, &c->local, c->vrf, c->index);

	if (rc) {
		snprintf(err, CONF_ERROR_MAX, "radius-dae %s: %s: %s", c->name,
			 addr_port_str(&c->local, text), strerror(-rc));
		return -1;
	}
	STAILQ_FOREACH(client, &c->clients, next)
	radius_dae_add(&d->server, c->index, &client->client, wall_clock());
	return 0;
}

int dae_open(struct dae *d, const struct conf *conf, struct kern *kern,
	     char err[CONF_ERROR_MAX])
{
	const struct conf_dae *c;

	d->kern = kern;
	if (radius_dae_init(&d->server, conf->n_dae_clients)) {
		snprintf(err, CONF_ERROR_MAX, "radius-dae: out of memory");
		return -1;
	}
	d->server.send = send_answer;
	STAILQ_FOREACH(c, &conf->daes, next)
	if (listen_at(d, c, err))
		return -1;
	return 0;
}

void dae_close(struct dae *d)
{
	radius_dae_free(&d->server);
}

void dae_input(struct dae *d, msec_t now, uint32_t id,
	       const struct addr_port *from, const void *data, size_t len,
	       dae_act_fn *act)
{
	struct dae_time t = { .now = now, .wall = wall_clock() };

	d->server.act = act;
	radius_dae_input(&d->server, &t, id, from, data, len);
}
