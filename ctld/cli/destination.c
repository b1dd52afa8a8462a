/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit destination: remote L2TP systems, as the daemon knows them. */
#include "cli/destination.h"

#include "cli/level.h"
#include "cli/link.h"

void destination_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	link_text(o, "destination", "destination ", tb[CTL_A_DESTINATION]);
	link_text(o, "vrf", NULL, tb[CTL_A_VRF]);
	link_text(o, "remote", NULL, tb[CTL_A_REMOTE]);
	link_text(o, "state", " ", tb[CTL_A_STATE]);
	level_admin_fields(c, tb);
	if (c->brief)
		return;
	level_number(o, "ended", " ended ", tb[CTL_A_ENDED]);
	level_number(o, "uptime", c->details ? " uptime " : NULL,
		     tb[CTL_A_UPTIME]);
	link_text(o, "lockout", " lockout ", tb[CTL_A_LOCKOUT]);
	level_number(o, "lockout_left", " for ", tb[CTL_A_LOCKOUT_LEFT]);
	level_tally(c, "tunnels", "tunnels ", tb[CTL_A_OF_TUNNELS], true);
	level_tally(c, "sessions", "sessions", tb[CTL_A_OF_SESSIONS], false);
}

static void show_one(const struct nlattr *const *tb, void *user)
{
	struct cli *c = user;

	out_object(&c->out);
	destination_fields(c, tb);
	out_object_end(&c->out);
}

static void name_it(struct nlmsghdr *msg, const struct args *args)
{
	const struct arg_value *remote = arg_get(args, "address");
	const struct arg_value *vrf = arg_get(args, "vrf");

	if (remote)
		mnl_attr_put_strz(msg, CTL_A_REMOTE, remote->text);
	if (vrf)
		mnl_attr_put_strz(msg, CTL_A_VRF, vrf->text);
	if (arg_get(args, "ended"))
		mnl_attr_put_u64(msg, CTL_A_ENDED, 1);
}

static int destination_show(struct cli *c, const struct command *cmd,
			    const struct args *args)
{
	struct nlmsghdr *msg = cli_ask(c, (uint16_t)cmd->value);

	if (!msg)
		return CLI_LOCAL;
	name_it(msg, args);
	return cli_hear(c, msg, show_one, c);
}

static int destination_do(struct cli *c, const struct command *cmd,
			  const struct args *args)
{
	struct nlmsghdr *msg = cli_ask(c, (uint16_t)cmd->value);

	if (!msg)
		return CLI_LOCAL;
	name_it(msg, args);
	return cli_hear(c, msg, show_one, c);
}

static int destination_order(struct cli *c, const struct command *cmd,
			     const struct args *args)
{
	return level_order(c, cmd, name_it, args);
}

static const struct arg show_args[] = {
	{ .word = "address", .type = ARG_ADDR, .flags = ARG_BARE },
	{ .word = "vrf", .type = ARG_TEXT, .what = "DEV" },
	{ .word = "ended", .type = ARG_FLAG },
};

static const struct arg order_args[] = {
	{ .word = "address", .type = ARG_ADDR, .flags = ARG_BARE | ARG_NEEDED },
	{ .word = "vrf", .type = ARG_TEXT, .what = "DEV" },
};

static const struct command commands[] = {
	{ "show", "list sh", "lists destinations", ROWS(show_args),
	  destination_show, true, CTL_DESTINATION_SHOW },
	LEVEL_ORDERS(ROWS(order_args), destination_order,
		     CTL_DESTINATION_ORDER),
	{ "unlock", NULL, "ends its lockout", ROWS(order_args), destination_do,
	  false, CTL_DESTINATION_UNLOCK },
	{ "test-lockout", NULL,
	  "sets up a tunnel there, and ends its lockout if that works",
	  ROWS(order_args), destination_do, false,
	  CTL_DESTINATION_TEST_LOCKOUT },
};

const struct object destination_object = {
	"destination",
	"remote L2TP systems: routing domain and address (daemon)",
	ROWS(commands),
};
