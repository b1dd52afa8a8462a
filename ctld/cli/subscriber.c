/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit subscriber: PPP users, as the daemon knows them. */
#include "cli/subscriber.h"

#include "cli/link.h"

void subscriber_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	if (tb[CTL_A_ID])
		out_field(o, "id", "subscriber ",
			  out_u64(mnl_attr_get_u64(tb[CTL_A_ID])));
	link_text(o, "user", " user ", tb[CTL_A_USER]);
	link_text(o, "state", " ", tb[CTL_A_STATE]);
	link_text(o, "address", " address ", tb[CTL_A_ADDRESS]);
	if (c->brief)
		return;
	link_text(o, "access", " from ", tb[CTL_A_ACCESS]);
	link_text(o, "to", " to ", tb[CTL_A_TO]);
	link_text(o, "peer", " peer ", tb[CTL_A_PEER]);
	if (tb[CTL_A_UPTIME]) {
		if (c->details)
			out_line(o);
		out_field(o, "uptime", c->details ? "uptime " : NULL,
			  out_u64(mnl_attr_get_u64(tb[CTL_A_UPTIME])));
	}
	if (tb[CTL_A_MRU])
		out_field(o, "mru", c->details ? " mru " : NULL,
			  out_u64(mnl_attr_get_u32(tb[CTL_A_MRU])));
	link_text(o, "mac", c->details ? " mac " : NULL, tb[CTL_A_MAC]);
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

	if (id)
		mnl_attr_put_u64(msg, CTL_A_ID, id->u);
	if (name)
		mnl_attr_put_strz(msg, CTL_A_USER, name->text);
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
	{ .word = "id", .type = ARG_U32, .flags = ARG_BARE, .what = "ID" },
	{ .word = "user", .type = ARG_TEXT },
	{ .word = "count", .type = ARG_FLAG },
};

static const struct arg del_args[] = {
	{ .word = "id", .type = ARG_U32, .flags = ARG_BARE, .what = "ID" },
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
