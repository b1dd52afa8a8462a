/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks and rates of links: words to netlink attributes, these to fields. */
#include "cli/qos.h"

#include "cli/link.h"

#include <inttypes.h>

/* ------------------------------------------------------------------- words */

static void put_nest(struct nlmsghdr *msg, uint16_t type,
		     const struct args *args)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, type);

	if (!arg_get(args, "off"))
		genl_put_args(msg, args);
	mnl_attr_nest_end(msg, nest);
}

/* "off" or a rate; 0, or -1: it was complained of. */
static int check(struct cli *c, const struct args *args, const char *what)
{
	if (!arg_get(args, "off") != !arg_get(args, "rate"))
		return 0;
	cli_error(c, "%s: a rate or \"off\" is wanted", what);
	return -1;
}

int qos_police(struct cli *c, const struct args *args, uint8_t cmd,
	       const struct link_name *l)
{
	bool rx = arg_get(args, "rx"), tx = arg_get(args, "tx");
	struct nlmsghdr *msg;

	if (!rx && !tx)
		return cli_error(c, "police: which way, rx or tx or both?");
	if (check(c, args, "police"))
		return CLI_LOCAL;
	msg = cli_request(c, cmd, false);
	if (!msg)
		return CLI_LOCAL;
	genl_put_link(msg, l);
	if (rx)
		put_nest(msg, ADIT_A_POLICE_RX, args);
	if (tx)
		put_nest(msg, ADIT_A_POLICE_TX, args);
	return cli_talk(c, msg, NULL, NULL);
}

int qos_pace(struct cli *c, const struct args *args, uint8_t cmd,
	     const struct link_name *l)
{
	struct nlmsghdr *msg;

	if (check(c, args, "pace"))
		return CLI_LOCAL;
	msg = cli_request(c, cmd, false);
	if (!msg)
		return CLI_LOCAL;
	genl_put_link(msg, l);
	put_nest(msg, ADIT_A_PACE, args);
	return cli_talk(c, msg, NULL, NULL);
}

/* ------------------------------------------------------------------ fields */

enum form { RATE, SIZE, TIME, PLAIN, HEX };

/* Of a nest: the attribute, how it is shown, and whether it is a counter. */
struct row {
	uint16_t type;
	enum form form;
	bool counts, begins; /* a line */
	const char *key, *label;
};

#define ROWS_MAX 16

/* What stands before it in text is a space unless it begins a line. */
static const struct row police_rows[] = {
	{ ADIT_POLICE_RATE, RATE, false, false, "rate", " rate " },
	{ ADIT_POLICE_BURST, SIZE, false, false, "burst", " burst " },
	{ ADIT_POLICE_PEAK_RATE, RATE, false, false, "peak_rate",
	  " peakrate " },
	{ ADIT_POLICE_PEAK_BURST, SIZE, false, false, "peak_burst",
	  " peakburst " },
	{ ADIT_POLICE_GREEN_DSCP, PLAIN, false, false, "green_dscp",
	  " green-dscp " },
	{ ADIT_POLICE_YELLOW_DSCP, PLAIN, false, false, "yellow_dscp",
	  " yellow-dscp " },
	{ ADIT_POLICE_GREEN_MARK, HEX, false, false, "green_mark",
	  " green-mark " },
	{ ADIT_POLICE_YELLOW_MARK, HEX, false, false, "yellow_mark",
	  " yellow-mark " },
	{ ADIT_POLICE_GREEN_PACKETS, PLAIN, true, true, "green_packets",
	  "  green packets " },
	{ ADIT_POLICE_GREEN_BYTES, PLAIN, true, false, "green_bytes",
	  " bytes " },
	{ ADIT_POLICE_YELLOW_PACKETS, PLAIN, true, false, "yellow_packets",
	  " yellow packets " },
	{ ADIT_POLICE_YELLOW_BYTES, PLAIN, true, false, "yellow_bytes",
	  " bytes " },
	{ ADIT_POLICE_RED_PACKETS, PLAIN, true, false, "red_packets",
	  " red packets " },
	{ ADIT_POLICE_RED_BYTES, PLAIN, true, false, "red_bytes", " bytes " },
};

static const struct row pace_rows[] = {
	{ ADIT_PACE_RATE, RATE, false, false, "rate", " rate " },
	{ ADIT_PACE_HORIZON, TIME, false, false, "horizon", " horizon " },
	{ ADIT_PACE_PACKETS, PLAIN, true, true, "packets", "  packets " },
	{ ADIT_PACE_BYTES, PLAIN, true, false, "bytes", " bytes " },
	{ ADIT_PACE_DROP_PACKETS, PLAIN, true, false, "drop_packets",
	  " dropped packets " },
	{ ADIT_PACE_DROP_BYTES, PLAIN, true, false, "drop_bytes", " bytes " },
};

/* The largest unit that says it exactly. */
static void with_unit(struct out *o, const char *key, const char *label,
		      uint64_t u, uint64_t base, const char *const *units)
{
	char text[40];

	while (units[1] && u && u % base == 0) {
		u /= base;
		units++;
	}
	snprintf(text, sizeof(text), "%" PRIu64 "%s", u, *units);
	out_field(o, key, label, out_word(text));
}

/* Text has units and hexadecimal marks, JSON has numbers. */
static void field(struct out *o, const char *key, const char *label,
		  enum form form, uint64_t u)
{
	static const char *const rates[] = { "bit",  "kbit", "mbit",
					     "gbit", "tbit", NULL };
	static const char *const sizes[] = { "b", "k", "m", NULL };
	static const char *const times[] = { "ms", "s", NULL };

	if (o->json || form == PLAIN)
		out_field(o, key, label, out_u64(u));
	else if (form == RATE)
		with_unit(o, key, label, u, 1000, rates);
	else if (form == SIZE)
		with_unit(o, key, label, u, 1024, sizes);
	else if (form == TIME)
		with_unit(o, key, label, u, 1000, times);
	else
		out_field(o, key, label, out_hex(u));
}

static bool value_of(const struct nlattr *a, uint64_t *u)
{
	switch (mnl_attr_get_payload_len(a)) {
	case 1:
		*u = mnl_attr_get_u8(a);
		return true;
	case 4:
		*u = mnl_attr_get_u32(a);
		return true;
	case 8:
		*u = mnl_attr_get_u64(a);
		return true;
	default:
		return false;
	}
}

static void nest(struct cli *c, const struct nlattr *nest_, const char *key,
		 const char *label, const struct row *rows, size_t n)
{
	bool there[ROWS_MAX] = { false };
	uint64_t value[ROWS_MAX];
	const struct nlattr *a;
	size_t i;

	if (!nest_)
		return;
	mnl_attr_for_each_nested(a, nest_)
		for (i = 0; i < n; i++)
			if (mnl_attr_get_type(a) == rows[i].type)
				there[i] = value_of(a, &value[i]);
	out_line(&c->out);
	out_puts(&c->out, label);
	out_nest(&c->out, key);
	for (i = 0; i < n; i++) {
		if (!there[i] || (rows[i].counts && !c->stats))
			continue;
		if (rows[i].begins)
			out_line(&c->out);
		field(&c->out, rows[i].key, rows[i].label, rows[i].form,
		      value[i]);
	}
	out_nest_end(&c->out);
}

void qos_fields(struct cli *c, const struct nlattr *const *tb)
{
	uint32_t mark = link_u32(tb[ADIT_A_MARK]);
	uint32_t priority = link_u32(tb[ADIT_A_PRIORITY]);
	struct out *o = &c->out;

	if (!c->details && !c->stats)
		return;
	if (mark || priority)
		out_line(o);
	if (mark)
		field(o, "mark", "mark ", HEX, mark);
	if (priority)
		field(o, "priority", mark ? " priority " : "priority ", HEX,
		      priority);
	nest(c, tb[ADIT_A_POLICE_RX], "police_rx", "police rx",
	     ROWS(police_rows));
	nest(c, tb[ADIT_A_POLICE_TX], "police_tx", "police tx",
	     ROWS(police_rows));
	nest(c, tb[ADIT_A_PACE], "pace", "pace", ROWS(pace_rows));
}
