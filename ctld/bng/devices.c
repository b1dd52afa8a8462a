/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See devices.h. Called by bng/box at start-up, then by bng/bng and its own timer. */
#include "bng/devices.h"

#include "base/array.h"
#include "base/log.h"
#include "kern/route.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define AGAIN SECONDS(1)

/* 0, -ENODEV, or another -errno; but for 0 with a line in err. */
static int open_endpoint(struct devices *d, struct box_endpoint *e,
			 char err[CONF_ERROR_MAX])
{
	const struct conf_endpoint *conf = e->conf;
	char text[KERN_ERROR_MAX] = "";
	uint32_t vrf = 0;
	int rc;

	if (conf->vrf && route_ifindex(conf->vrf, &vrf)) {
		snprintf(err, CONF_ERROR_MAX,
			 "endpoint %s: there is no device %s", conf->name,
			 conf->vrf);
		return -ENODEV;
	}
	rc = kern_endpoint(d->kern, &conf->local, vrf, &e->id, text);
	if (rc)
		snprintf(err, CONF_ERROR_MAX, "endpoint %s: %s", conf->name,
			 text);
	return rc;
}

/* The same. */
static int open_port(struct devices *d, struct box_port *p,
		     char err[CONF_ERROR_MAX])
{
	const char *name = p->conf->ifname;
	char text[KERN_ERROR_MAX] = "";
	uint32_t ifindex;
	int rc;

	if (route_ifindex(name, &ifindex)) {
		snprintf(err, CONF_ERROR_MAX, "access-port %s: no such device",
			 name);
		return -ENODEV;
	}
	rc = kern_port(d->kern, ifindex, text);
	if (rc) {
		snprintf(err, CONF_ERROR_MAX, "access-port %s: %s", name, text);
		return rc;
	}
	p->ifindex = ifindex;
	p->mtu = route_mtu(name);
	if (p->was == ifindex)
		p->was = 0;
	p->told = false;
	return 0;
}

/* ----------------------------------------------------------------- look-up */

const struct box_endpoint *devices_endpoint(const struct devices *d,
					    const struct conf_endpoint *e)
{
	for (size_t i = 0; i < d->n_endpoints; i++)
		if (d->endpoints[i].conf == e)
			return &d->endpoints[i];
	return NULL;
}

static struct box_port *find_port(const struct devices *d, uint32_t ifindex)
{
	struct box_port *was = NULL;

	for (size_t i = 0; ifindex && i < d->n_ports; i++) {
		if (d->ports[i].ifindex == ifindex)
			return &d->ports[i];
		if (d->ports[i].was == ifindex)
			was = &d->ports[i];
	}
	return was;
}

const struct box_port *devices_port(const struct devices *d, uint32_t ifindex)
{
	return find_port(d, ifindex);
}

/* ------------------------------------------------------------------- later */

static void try_endpoint(struct devices *d, struct box_endpoint *e)
{
	char err[CONF_ERROR_MAX];

	/* Whatever it is: its address may come after the VRF. */
	if (open_endpoint(d, e, err))
		return;
	log_info("endpoint %s: VRF %s is there: open", e->conf->name,
		 e->conf->vrf);
	d->changed(d, false, e->id, true);
}

static void try_port(struct devices *d, struct box_port *p)
{
	char err[CONF_ERROR_MAX];
	int rc = open_port(d, p, err);

	if (!rc) {
		log_info("access-port %s: the device is there: served",
			 p->conf->ifname);
		d->changed(d, true, p->ifindex, true);
	} else if (rc != -ENODEV && !p->told) {
		p->told = true;
		log_warn("%s: tried again until it is served", err);
	}
}

static bool is_missing(const struct devices *d)
{
	for (size_t i = 0; i < d->n_endpoints; i++)
		if (!d->endpoints[i].id)
			return true;
	for (size_t i = 0; i < d->n_ports; i++)
		if (!d->ports[i].ifindex)
			return true;
	return false;
}

static void again(struct timer *t, msec_t now)
{
	struct devices *d = container_of(t, struct devices, again);

	for (size_t i = 0; i < d->n_endpoints; i++)
		if (!d->endpoints[i].id)
			try_endpoint(d, &d->endpoints[i]);
	for (size_t i = 0; i < d->n_ports; i++)
		if (!d->ports[i].ifindex)
			try_port(d, &d->ports[i]);
	if (is_missing(d))
		timer_set(d->timers, t, now + AGAIN);
}

static void port_is_gone(struct devices *d, struct box_port *p, msec_t now)
{
	p->was = p->ifindex;
	p->ifindex = 0;
	log_warn("access-port %s: the device is gone: served when it is there again",
		 p->conf->ifname);
	d->changed(d, true, p->was, false);
	timer_set(d->timers, &d->again, now + AGAIN);
}

bool devices_port_gone(struct devices *d, msec_t now, uint32_t ifindex)
{
	struct box_port *p = find_port(d, ifindex);

	if (p && p->ifindex == ifindex && route_index_is_free(ifindex))
		port_is_gone(d, p, now);
	return p && p->was == ifindex;
}

void devices_look(struct devices *d, msec_t now)
{
	for (size_t i = 0; i < d->n_ports; i++)
		if (d->ports[i].ifindex)
			devices_port_gone(d, now, d->ports[i].ifindex);
}

/* ---------------------------------------------------------------- start-up */

static int add_endpoint(struct devices *d, const struct conf_endpoint *conf,
			char err[CONF_ERROR_MAX])
{
	struct box_endpoint *e;

	d->endpoints = array_grow(d->endpoints, &d->n_endpoints,
				  sizeof(*d->endpoints));
	e = &d->endpoints[d->n_endpoints - 1];
	e->conf = conf;
	return open_endpoint(d, e, err);
}

static int add_port(struct devices *d, const struct conf_port *conf,
		    char err[CONF_ERROR_MAX])
{
	struct box_port *p;

	d->ports = array_grow(d->ports, &d->n_ports, sizeof(*d->ports));
	p = &d->ports[d->n_ports - 1];
	p->conf = conf;
	return open_port(d, p, err);
}

static void tell_missing(const struct devices *d)
{
	for (size_t i = 0; i < d->n_endpoints; i++)
		if (!d->endpoints[i].id)
			log_warn("endpoint %s: there is no device %s: open when it is there",
				 d->endpoints[i].conf->name,
				 d->endpoints[i].conf->vrf);
	for (size_t i = 0; i < d->n_ports; i++)
		if (!d->ports[i].ifindex)
			log_warn("access-port %s: no such device: served when it is there",
				 d->ports[i].conf->ifname);
}

/* One that is missing is no reason not to serve the others. Without any the module has
 * no tables here, and nobody whom a later start would lose.
 */
int devices_open(struct devices *d, const struct conf *conf, struct kern *kern,
		 struct timers *timers, char err[CONF_ERROR_MAX])
{
	const struct conf_endpoint *e;
	const struct conf_port *p;
	bool any = false;
	int rc;

	*d = (struct devices){ .kern = kern,
			       .timers = timers,
			       .again.fn = again };
	STAILQ_FOREACH(e, &conf->endpoints, next)
	{
		rc = add_endpoint(d, e, err);
		if (rc && rc != -ENODEV)
			return -1;
		any |= !rc;
	}
	STAILQ_FOREACH(p, &conf->ports, next)
	{
		rc = add_port(d, p, err);
		if (rc && rc != -ENODEV)
			return -1;
		any |= !rc;
	}
	if (!is_missing(d))
		return 0;
	if (!any)
		return -1;
	tell_missing(d);
	timer_set(timers, &d->again, 0);
	return 0;
}

void devices_close(struct devices *d)
{
	timer_stop(d->timers, &d->again);
	free(d->endpoints);
	free(d->ports);
}
