/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers by name; see radius_host.h. Called by bng/box and bng/bng. */
#include "bng/radius_host.h"

#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct radius_host {
	struct timer timer; /* the next question */
	struct radius *radius;
	const struct radius_server_conf *conf;
	unsigned int server;
	char error[64]; /* of the last one; "": none */
};

static struct radius_server *server_of(const struct radius_host *h)
{
	return &h->radius->client.servers[h->server];
}

static void ask_at(struct radius_host *h, msec_t until)
{
	timer_set(h->radius->timers, &h->timer, until);
}

/* Once each time that it begins to fail, or fails otherwise. */
static void failed(struct radius_host *h, msec_t now, const char *why)
{
	const struct radius_server *s = server_of(h);
	char text[ADDR_STRLEN];

	ask_at(h, now + RADIUS_HOST_RETRY);
	if (!strncmp(h->error, why, sizeof(h->error) - 1))
		return;
	snprintf(h->error, sizeof(h->error), "%s", why);
	if (s->state == RADIUS_UNRESOLVED)
		log_warn("radius-server %s: no address for %s: %s; it is not asked",
			 h->conf->name, h->conf->host, h->error);
	else
		log_warn("radius-server %s: no address for %s: %s; it stays %s",
			 h->conf->name, h->conf->host, h->error,
			 addr_str(&s->remote.addr, text));
}

static void ask(struct timer *t, msec_t now)
{
	struct radius_host *h = container_of(t, struct radius_host, timer);
	int rc = kern_resolve(h->radius->kern, h->conf->host,
			      h->conf->source.family, h->server);

	if (rc)
		failed(h, now, strerror(-rc));
}

/* Of several addresses the one that is in use, if it is still among them. */
static const struct addr *choose(const struct addr *current,
				 const struct kern_resolved *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (addr_eq(current, &found->addr[i]))
			return current;
	return &found->addr[0];
}

void radius_host_resolved(struct radius *r, msec_t now, uint32_t id,
			  const struct kern_resolved *found)
{
	struct radius_host *h = &r->hosts[id];
	const struct radius_server *s = server_of(h);
	const struct addr *to;
	char text[ADDR_STRLEN];
	msec_t ttl = SECONDS(found->ttl);

	if (found->error) {
		failed(h, now, found->error);
		return;
	}
	ask_at(h, now + (ttl < RADIUS_HOST_MIN ? RADIUS_HOST_MIN :
			 ttl > RADIUS_HOST_MAX ? RADIUS_HOST_MAX :
						 ttl));
	to = choose(&s->remote.addr, found);
	if (h->error[0] || to != &s->remote.addr)
		log_line(h->error[0] || s->remote.addr.family ? LOG_WARN_L :
								LOG_INFO_L,
			 "radius-server %s: %s is %s", h->conf->name,
			 h->conf->host, addr_str(to, text));
	h->error[0] = '\0';
	if (to != &s->remote.addr)
		radius_moved(r, h->server, to, now);
}

const char *radius_host_error(const struct radius *r, unsigned int server)
{
	const char *error = r->hosts[server].error;

	return error[0] ? error : NULL;
}

int radius_host_open(struct radius *r, const struct conf *conf)
{
	const struct conf_radius_server *s;

	r->hosts = calloc(conf->n_radius_servers + 1, sizeof(*r->hosts));
	if (!r->hosts)
		return -ENOMEM;
	STAILQ_FOREACH(s, &conf->radius_servers, next)
	{
		struct radius_host *h = &r->hosts[s->index];

		h->radius = r;
		h->conf = &s->server;
		h->server = s->index;
		h->timer.fn = ask;
		if (s->server.host)
			ask_at(h, 0);
	}
	return 0;
}

void radius_host_close(struct radius *r)
{
	for (unsigned int i = 0; r->hosts && i < r->client.n_servers; i++)
		timer_stop(r->timers, &r->hosts[i].timer);
	free(r->hosts);
	r->hosts = NULL;
}
