/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit pppoe: PPPoE sessions on access ports. */
#include "cli/pppoe.h"

#include "cli/link.h"
#include "cli/qos.h"
#include "cli/tap.h"

void pppoe_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct link_name l = link_of(tb, true);
	struct out *o = &c->out;

	link_print(o, "pppoe ", &l);
	if (tb[ADIT_A_MAC] && !c->brief)
		out_field(o, "mac", " mac ",
			  out_mac(mnl_attr_get_payload(tb[ADIT_A_MAC])));
	link_label(o, "user", " user ", tb[ADIT_A_LABEL]);
	link_bound(c, tb);
	if (c->brief)
		return;
	if (c->details && tb[ADIT_A_COOKIE]) {
		out_line(o);
		out_field(o, "cookie", "cookie ",
			  out_hex(mnl_attr_get_u64(tb[ADIT_A_COOKIE])));
	}
	qos_fields(c, tb);
	link_stats(c, tb[ADIT_A_STATS]);
}

struct show {
	struct cli *c;
	const struct arg_value *dev, *name;
	bool count;
	unsigned int n;
};

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct show *s = user;

	(void)cmd;
	if (s->dev && s->dev->u != link_u32(tb[ADIT_A_IFINDEX]))
		return;
	if (s->name && !link_label_is(tb[ADIT_A_LABEL], s->name->text))
		return;
	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	pppoe_fields(s->c, tb);
	out_object_end(&s->c->out);
}

static int pppoe_show(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	struct show s = { .c = c,
			  .dev = arg_get(args, "dev"),
			  .name = arg_get(args, "user"),
			  .count = arg_get(args, "count") };
	bool one = arg_get(args, "id");
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, !one);
	int rc;

	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	rc = cli_talk(c, msg, show_one, &s);
	if (!rc && s.count)
		link_count(&c->out, "pppoes", s.n);
	return rc;
}

static int pppoe_bind(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	(void)cmd;
	return link_bind(c, args, &arg_get(args, "id")->link);
}

static int pppoe_police(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	return qos_police(c, args, (uint8_t)cmd->value,
			  &arg_get(args, "id")->link);
}

static int pppoe_pace(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	return qos_pace(c, args, (uint8_t)cmd->value,
			&arg_get(args, "id")->link);
}

static int pppoe_tap(struct cli *c, const struct command *cmd,
		     const struct args *args)
{
	(void)cmd;
	return tap_run(c, args, &arg_get(args, "id")->link);
}

/* The name as an attribute comes by genl_put_link. */
#define PPPOE_NAME                               \
	{                                        \
		.word = "id", .type = ARG_PPPOE, \
		.flags = ARG_BARE | ARG_NEEDED   \
	}

#define PPPOE_ID(needed)                                                    \
	{                                                                   \
		.word = "id", .type = ARG_PPPOE, .attr = ADIT_A_SESSION_ID, \
		.flags = ARG_BARE | needed                                  \
	}

static const struct arg show_args[] = {
	PPPOE_ID(0),
	{ .word = "dev", .type = ARG_DEV },
	{ .word = "user", .type = ARG_TEXT },
	{ .word = "count", .type = ARG_FLAG },
};

static const struct arg add_args[] = {
	PPPOE_ID(ARG_NEEDED),
	{ .word = "mac",
	  .type = ARG_MAC,
	  .attr = ADIT_A_MAC,
	  .flags = ARG_NEEDED },
	{ .word = "user", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
	QOS_MARK_ARGS,
};

static const struct arg set_args[] = {
	PPPOE_ID(ARG_NEEDED),
	{ .word = "user", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
	QOS_MARK_ARGS,
};

static const struct arg del_args[] = {
	PPPOE_ID(ARG_NEEDED),
};

static const struct arg bind_args[] = {
	PPPOE_ID(ARG_NEEDED),
	LINK_BIND_ARGS,
};

static const struct arg police_args[] = {
	PPPOE_NAME,
	QOS_POLICE_ARGS,
};

static const struct arg pace_args[] = {
	PPPOE_NAME,
	QOS_PACE_ARGS,
};

static const struct arg tap_args[] = {
	PPPOE_NAME,
	TAP_ARGS,
};

static const struct command commands[] = {
	{ "show", "list", "lists PPPoE sessions", ROWS(show_args), pppoe_show,
	  true, ADIT_CMD_PPPOE_GET },
	{ "add", NULL, "makes a static PPPoE session, unbound", ROWS(add_args),
	  cli_simple, false, ADIT_CMD_PPPOE_NEW },
	{ "set", NULL, "changes one", ROWS(set_args), cli_simple, false,
	  ADIT_CMD_PPPOE_SET },
	{ "bind", NULL, "binds it to another link, a device, or none",
	  ROWS(bind_args), pppoe_bind, false, 0 },
	{ "police", NULL, "drops, one way, what is beyond a rate",
	  ROWS(police_args), pppoe_police, false, ADIT_CMD_PPPOE_SET },
	{ "pace", NULL, "spreads out what goes to the client; wants qdisc fq",
	  ROWS(pace_args), pppoe_pace, false, ADIT_CMD_PPPOE_SET },
	{ "tap", NULL, "writes its frames, both ways, as a capture file",
	  ROWS(tap_args), pppoe_tap, false, 0 },
	{ "del", "delete", "removes one; a daemon's client gets PADT",
	  ROWS(del_args), cli_simple, false, ADIT_CMD_PPPOE_DEL },
};

const struct object pppoe_object = {
	"pppoe",
	"PPPoE sessions on access ports (module)",
	ROWS(commands),
};
