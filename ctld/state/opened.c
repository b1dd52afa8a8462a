/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record for each, which is its key; see opened.h. */
#include "state/opened.h"

#include "base/log.h"

#include <errno.h>

#define PORT ((uint64_t)1 << 32)

struct opened {
	struct state_file *sf;
	struct box *box;
};

void opened_changed(struct state_file *sf, bool port, uint32_t id, bool open)
{
	uint64_t key = (port ? PORT : 0) | id;
	int err;

	if (!open) {
		state_del(sf, STATE_OPENED, key);
		return;
	}
	err = state_put(sf, STATE_OPENED, key, "", 1);
	if (err)
		log_warn("state file: %s %u not written down: it stays open if it is no longer configured",
			 port ? "port" : "endpoint", id);
}

static bool is_claimed(const struct devices *d, uint64_t key)
{
	uint32_t id = (uint32_t)key;

	for (size_t i = 0; i < d->n_endpoints && !(key & PORT); i++)
		if (d->endpoints[i].id == id)
			return true;
	for (size_t i = 0; i < d->n_ports && key & PORT; i++)
		if (d->ports[i].ifindex == id)
			return true;
	return false;
}

/* ------------------------------------------------------------ who is on a port */

struct count {
	uint32_t ifindex;
	unsigned int n;
};

static void no_tunnel(void *ctx, const struct kern_tunnel *t)
{
	(void)ctx, (void)t;
}

static void no_session(void *ctx, const struct kern_session *s)
{
	(void)ctx, (void)s;
}

static void count_pppoe(void *ctx, const struct kern_pppoe *p)
{
	struct count *c = ctx;

	c->n += p->link.ifindex == c->ifindex;
}

/* Whosesoever they are: they would end with it. */
static int close_port(struct kern *k, uint32_t ifindex,
		      char err[KERN_ERROR_MAX])
{
	struct count c = { .ifindex = ifindex };
	struct kern_found found = { .tunnel = no_tunnel,
				    .session = no_session,
				    .pppoe = count_pppoe,
				    .ctx = &c };

	if (kern_dump(k, &found, err))
		return -EIO;
	return c.n ? -EBUSY : kern_port_del(k, ifindex, err);
}

/* -------------------------------------------------------------------- start-up */

static void look_at(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct opened *o = ctx;
	bool port = key & PORT;
	const char *what = port ? "port" : "endpoint";
	uint32_t id = (uint32_t)key;
	char err[KERN_ERROR_MAX] = "";
	int rc;

	(void)data;
	(void)len;
	if (is_claimed(&o->box->devices, key))
		return;
	rc = port ? close_port(o->box->kern, id, err) :
		    kern_endpoint_del(o->box->kern, id, err);
	if (rc == -EBUSY)
		log_warn("restart: %s %u is no longer the configuration's, but has %s: it stays until a start without",
			 what, id, port ? "sessions" : "tunnels");
	else if (rc && rc != -ENOENT)
		log_warn("restart: %s %u is no longer the configuration's, and cannot be closed: %s",
			 what, id, err);
	if (rc && rc != -ENOENT)
		return;
	if (!rc)
		log_info("restart: %s %u closed: it is no longer the configuration's",
			 what, id);
	state_del(o->sf, STATE_OPENED, key);
}

void opened_begin(struct state_file *sf, struct box *b)
{
	const struct devices *d = &b->devices;
	struct opened o = { .sf = sf, .box = b };

	kern_flush(b->kern); /* tunnels that were closed first */
	state_each(sf, STATE_OPENED, look_at, &o);
	for (size_t i = 0; i < d->n_endpoints; i++)
		if (d->endpoints[i].id)
			opened_changed(sf, false, d->endpoints[i].id, true);
	for (size_t i = 0; i < d->n_ports; i++)
		if (d->ports[i].ifindex)
			opened_changed(sf, true, d->ports[i].ifindex, true);
}
