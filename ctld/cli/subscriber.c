/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit subscriber: PPP users, as the daemon knows them. */
#include "cli/subscriber.h"

#include "cli/level.h"
#include "cli/link.h"

#include <inttypes.h>

/* In JSON a string: readers that keep numbers as doubles would round it. */
static void id_field(struct out *o, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	out_field(o, "id", "subscriber ", out_word(text));
}

void subscriber_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	if (tb[CTL_A_ID])
		id_field(o, mnl_attr_get_u64(tb[CTL_A_ID]));
	link_text(o, "user", " user ", tb[CTL_A_USER]);
	link_text(o, "state", " ", tb[CTL_A_STATE]);
	link_text(o, "address", " address ", tb[CTL_A_ADDRESS]);
	link_text(o, "prefix6", " prefix ", tb[CTL_A_PREFIX6]);
	link_text(o, "delegated", " delegated ", tb[CTL_A_DELEGATED]);
	if (c->brief)
		return;
	link_text(o, "address6", " address6 ", tb[CTL_A_ADDRESS6]);
	link_text(o, "networks", c->details ? " networks " : NULL,
		  tb[CTL_A_NETWORKS]);
	link_text(o, "interface_id", c->details ? " interface-id " : NULL,
		  tb[CTL_A_INTERFACE_ID]);
	link_text(o, "dhcp6_client", c->details ? " dhcp6-client " : NULL,
		  tb[CTL_A_DUID]);
	link_text(o, "access", " from ", tb[CTL_A_ACCESS]);
	link_text(o, "to", " to ", tb[CTL_A_TO]);
	link_text(o, "definition", " definition ", tb[CTL_A_PEER]);
	if (tb[CTL_A_UPTIME]) {
		if (c->details)
			out_line(o);
		out_field(o, "uptime", c->details ? "uptime " : NULL,
			  out_u64(mnl_attr_get_u64(tb[CTL_A_UPTIME])));
	}
	if (tb[CTL_A_MRU])
		out_field(o, "mru", c->details ? " mru " : NULL,
			  out_u64(mnl_attr_get_u32(tb[CTL_A_MRU])));
	link_text(o, "mac", c->details || tb[CTL_A_ENDED] ? " mac " : NULL,
		  tb[CTL_A_MAC]);
	if (!tb[CTL_A_REASON])
		return;
	link_text(o, "reached", " was ", tb[CTL_A_REACHED]);
	level_number(o, "ended", " ended ", tb[CTL_A_ENDED]);
	link_text(o, "reason", " reason ", tb[CTL_A_REASON]);
}

struct show {
	struct cli *c;
	bool count;
	unsigned int n;
};

static void show_one(const struct nlattr *const *tb, void *user)
{
	struct show *s = user;

	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	subscriber_fields(s->c, tb);
	out_object_end(&s->c->out);
}

static void narrow(struct nlmsghdr *msg, const struct args *args)
{
	const struct arg_value *id = arg_get(args, "id");
	const struct arg_value *name = arg_get(args, "user");
	const struct arg_value *mac = arg_get(args, "mac");
	const struct arg_value *address = arg_get(args, "address");
	char text[ADDR_STRLEN];

	if (id)
		mnl_attr_put_u64(msg, CTL_A_ID, id->u);
	if (name)
		mnl_attr_put_strz(msg, CTL_A_USER, name->text);
	if (mac)
		mnl_attr_put_strz(msg, CTL_A_MAC, mac_str(mac->mac, text));
	if (address)
		mnl_attr_put_strz(msg, CTL_A_ADDRESS,
				  addr_str(&address->addr, text));
}

static int subscriber_show(struct cli *c, const struct command *cmd,
			   const struct args *args)
{
	struct nlmsghdr *msg = cli_ask(c, (uint16_t)cmd->value);
	struct show s = { .c = c, .count = arg_get(args, "count") };
	int rc;

	if (!msg)
		return CLI_LOCAL;
	narrow(msg, args);
	if (arg_get(args, "ended"))
		mnl_attr_put_u64(msg, CTL_A_ENDED, 1);
	rc = cli_hear(c, msg, show_one, &s);
	if (!rc && s.count) {
		out_object(&c->out);
		out_field(&c->out, "subscribers", "", out_u64(s.n));
		out_object_end(&c->out);
	}
	return rc;
}

static int subscriber_del(struct cli *c, const struct command *cmd,
			  const struct args *args)
{
	struct nlmsghdr *msg;

	if (!args->n)
		return cli_error(c, "subscriber del: which one? id or user");
	msg = cli_ask(c, (uint16_t)cmd->value);
	if (!msg)
		return CLI_LOCAL;
	narrow(msg, args);
	return cli_hear(c, msg, NULL, NULL);
}

static const struct arg show_args[] = {
	{ .word = "id", .type = ARG_U64, .flags = ARG_BARE, .what = "ID" },
	{ .word = "user", .type = ARG_TEXT },
	{ .word = "mac", .type = ARG_MAC },
	{ .word = "address", .type = ARG_ADDR },
	{ .word = "ended", .type = ARG_FLAG },
	{ .word = "count", .type = ARG_FLAG },
};

static const struct arg del_args[] = {
	{ .word = "id", .type = ARG_U64, .flags = ARG_BARE, .what = "ID" },
	{ .word = "user", .type = ARG_TEXT },
};

static const struct command commands[] = {
	{ "show", "list", "lists subscribers", ROWS(show_args), subscriber_show,
	  true, CTL_SUBSCRIBER_SHOW },
	{ "del", "delete", "ends one's PPP, or all of a user", ROWS(del_args),
	  subscriber_del, false, CTL_SUBSCRIBER_DEL },
};

const struct object subscriber_object = {
	"subscriber",
	"PPP users, however they are bound (daemon)",
	ROWS(commands),
};
