/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connect speeds (RFC 2661 4.4.4, AVPs 24 and 38): the port's, the line's as its
 * access node says, the rates that the subscriber is granted; or the least. What is
 * not known falls back to the port's. Called by bng/call_info and bng/calling.
 */
#include "bng/speed.h"

#define PORT_SPEED 1000000000 /* of one that is no longer configured */

struct rates {
	uint64_t tx, rx; /* 0: not known */
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return !b || (a && a < b) ? a : b;
}

static struct rates of_port(const struct subscriber *s)
{
	const struct box_port *p = box_port(s->box, s->access.ifindex);

	if (!p)
		return (struct rates){ PORT_SPEED, PORT_SPEED };
	return (struct rates){ (uint64_t)p->conf->speed * 1000,
			       (uint64_t)(p->conf->rx_speed ?
						  p->conf->rx_speed :
						  p->conf->speed) *
				       1000 };
}

static struct rates of_line(const struct subscriber *s)
{
	struct rates r = { 0 };

	if (line_has(s->line, LINE_RATE_DOWN))
		r.tx = line_number(s->line, LINE_RATE_DOWN);
	if (line_has(s->line, LINE_RATE_UP))
		r.rx = line_number(s->line, LINE_RATE_UP);
	return r;
}

static struct rates of_grant(const struct aaa_grant *g)
{
	return (struct rates){ (uint64_t)aaa_limit(g->rate_down, 0) * 1000,
			       (uint64_t)aaa_limit(g->rate_up, 0) * 1000 };
}

static uint32_t avp(uint64_t known, uint64_t port)
{
	uint64_t v = known ? known : port;

	return v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
}

struct call_speeds call_speeds(const struct subscriber *s,
			       enum conf_speed method)
{
	struct rates port = of_port(s), line = of_line(s), r = { 0 };
	struct aaa_grant g;

	subscriber_grant(s, &g);
	if (g.speed_method)
		method = (enum conf_speed)(g.speed_method - 1);
	switch (method) {
	case CONF_SPEED_STATIC:
		break;
	case CONF_SPEED_LINE:
		r = line;
		break;
	case CONF_SPEED_GRANTED:
		r = of_grant(&g);
		break;
	case CONF_SPEED_ACTUAL:
		r = of_grant(&g);
		r.tx = least(r.tx, line.tx);
		r.rx = least(r.rx, line.rx);
		break;
	}
	return (struct call_speeds){ avp(r.tx, port.tx), avp(r.rx, port.rx) };
}
