/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling Numbers (RFC 2661 4.4.4): parts in a row, each a function, joined by a
 * delimiter; another row of parts where the line has no ids. The forms are those
 * that LACs of carriers have, see aditd.conf(5). Called by bng/call_info.
 */
#include "bng/calling.h"

#include "base/log.h"
#include "bng/speed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct writing {
	const struct subscriber *s;
	const struct box_port *port;
	char delimiter;
	char *out;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct writing *w,
						      const char *fmt, ...)
{
	size_t room = L2TP_NUMBER_MAX + 1 - w->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->out + w->len, room, fmt, ap);
	va_end(ap);
	w->len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static const char *device(const struct writing *w)
{
	return w->port ? w->port->conf->ifname : "";
}

/* "eth1", "eth1.100", "eth1.100.7" */
static void add_interface(struct writing *w)
{
	const struct kern_link *l = &w->s->access;

	add(w, "%s", device(w));
	if (l->vlan_outer)
		add(w, ".%u", l->vlan_outer);
	if (l->vlan_inner)
		add(w, ".%u", l->vlan_inner);
}

static void add_mac(struct writing *w)
{
	char mac[MAC_STRLEN];

	add(w, "%s", mac_str(w->s->client.mac, mac));
}

/* Interface, session, description, speeds, client. */
static void add_descriptive(struct writing *w)
{
	const char *description = w->port ? w->port->conf->description : NULL;
	struct call_speeds speed = call_speeds(w->s, CONF_SPEED_STATIC);

	add_interface(w);
	add(w, "%c%016llx%c%s%c%llu", w->delimiter,
	    (unsigned long long)w->s->id, w->delimiter,
	    description ? description : "", w->delimiter,
	    (unsigned long long)speed.tx);
	if (speed.rx != speed.tx)
		add(w, "/%llu", (unsigned long long)speed.rx);
	add(w, "%cpppoe ", w->delimiter);
	add_mac(w);
	if (w->s->called)
		add(w, ":%s", w->s->called);
}

static void add_id(struct writing *w, const struct line_id *id)
{
	char safe[LINE_ID_MAX + 1];

	add(w, "%s", log_safe(id->b, id->len, safe, sizeof(safe)));
}

static void add_circuit(struct writing *w)
{
	if (line_has(w->s->line, LINE_CIRCUIT_ID))
		add_id(w, &w->s->line->circuit);
}

static void add_remote(struct writing *w)
{
	if (line_has(w->s->line, LINE_REMOTE_ID))
		add_id(w, &w->s->line->remote);
}

/* Four characters of our name, filled up with '-'. */
static void add_system(struct writing *w)
{
	char name[5] = "----";
	size_t len = strnlen(w->s->box->conf->hostname, 4);

	memcpy(name, w->s->box->conf->hostname, len);
	add(w, "%s", name);
}

static unsigned int inner_vlan(const struct writing *w)
{
	const struct kern_link *l = &w->s->access;

	return l->vlan_inner ? l->vlan_inner : l->vlan_outer;
}

static unsigned int slot(const struct writing *w)
{
	return w->port ? w->port->conf->slot : 0;
}

static unsigned int number(const struct writing *w)
{
	return w->port ? w->port->conf->number : 0;
}

static void add_fixed(struct writing *w)
{
	add_system(w);
	add(w, "%02u%u%08u", slot(w) % 100, number(w) % 10, inner_vlan(w));
}

/* S-VLAN and VLAN, four digits each. */
static void add_stacked(struct writing *w)
{
	const struct kern_link *l = &w->s->access;

	add_system(w);
	add(w, "%02u%u%04u%04u", slot(w) % 100, number(w) % 10,
	    l->vlan_inner ? l->vlan_outer : 0, inner_vlan(w));
}

/* Slots from 10 on are letters. */
static void add_embedded(struct writing *w)
{
	static const char digit[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	add_system(w);
	add(w, "%c%u%u%08u", digit[slot(w) % (sizeof(digit) - 1)],
	    w->port ? w->port->conf->adapter % 10 : 0, number(w) % 10,
	    inner_vlan(w));
}

static void add_new_field(struct writing *w)
{
	add_system(w);
	add(w, "%02u%u%02u%08u", slot(w) % 100,
	    w->port ? w->port->conf->adapter % 10 : 0, number(w) % 100,
	    inner_vlan(w));
}

static void add_user(struct writing *w)
{
	char safe[L2TP_NUMBER_MAX + 1];

	add(w, "%s",
	    log_safe(w->s->user, strlen(w->s->user), safe, sizeof(safe)));
}

static void (*const parts[CONF_CALLING_PARTS])(struct writing *w) = {
	[CONF_CALLING_DESCRIPTIVE] = add_descriptive,
	[CONF_CALLING_CIRCUIT_ID] = add_circuit,
	[CONF_CALLING_REMOTE_ID] = add_remote,
	[CONF_CALLING_FIXED] = add_fixed,
	[CONF_CALLING_STACKED] = add_stacked,
	[CONF_CALLING_EMBEDDED] = add_embedded,
	[CONF_CALLING_NEW_FIELD] = add_new_field,
	[CONF_CALLING_INTERFACE] = add_interface,
	[CONF_CALLING_MAC] = add_mac,
	[CONF_CALLING_USER] = add_user,
};

/* It asks for an id that the line has not. */
static bool lacks(const struct conf_calling *c, const struct line *l)
{
	for (unsigned int i = 0; i < c->n; i++)
		if ((c->part[i] == CONF_CALLING_CIRCUIT_ID &&
		     !line_has(l, LINE_CIRCUIT_ID)) ||
		    (c->part[i] == CONF_CALLING_REMOTE_ID &&
		     !line_has(l, LINE_REMOTE_ID)))
			return true;
	return false;
}

void calling_number(const struct subscriber *s, const struct conf_told *told,
		    char out[L2TP_NUMBER_MAX + 1])
{
	const struct conf_calling *c = lacks(&told->calling, s->line) ?
					       &told->fallback :
					       &told->calling;
	struct writing w = { .s = s,
			     .port = box_port(s->box, s->access.ifindex),
			     .delimiter = told->delimiter[0],
			     .out = out };

	out[0] = 0;
	for (unsigned int i = 0; i < c->n; i++) {
		if (i)
			add(&w, "%c", w.delimiter);
		parts[c->part[i]](&w);
	}
}
