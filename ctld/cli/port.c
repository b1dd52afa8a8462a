/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit port: Ethernet devices where PPPoE is served. */
#include "cli/port.h"

#include "cli/link.h"

void port_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	link_dev(o, "port ", link_u32(tb[ADIT_A_IFINDEX]));
	out_field(o, "ifindex", c->details ? " ifindex " : NULL,
		  out_u64(link_u32(tb[ADIT_A_IFINDEX])));
	if (tb[ADIT_A_PPPOES])
		out_field(o, "pppoes", " pppoes ",
			  out_u64(link_u32(tb[ADIT_A_PPPOES])));
}

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;

	(void)cmd;
	out_object(&c->out);
	port_fields(c, tb);
	out_object_end(&c->out);
}

static int port_show(struct cli *c, const struct command *cmd,
		     const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, true);

	(void)args;
	return msg ? cli_talk(c, msg, show_one, c) : CLI_LOCAL;
}

static const struct arg dev_args[] = {
	{ .word = "dev",
	  .type = ARG_DEV,
	  .attr = ADIT_A_IFINDEX,
	  .flags = ARG_NEEDED | ARG_BARE },
};

static const struct command commands[] = {
	{ "show", "list", "lists access ports", NULL, 0, port_show, true,
	  ADIT_CMD_PORT_GET },
	{ "add", NULL, "serves PPPoE on a device", ROWS(dev_args), cli_simple,
	  false, ADIT_CMD_PORT_NEW },
	{ "del", "delete", "ends that, and its PPPoE sessions", ROWS(dev_args),
	  cli_simple, false, ADIT_CMD_PORT_DEL },
};

const struct object port_object = {
	"port",
	"Ethernet devices where PPPoE is served (module)",
	ROWS(commands),
};
