/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit underlay: devices with express receive. */
#include "cli/underlay.h"

#include "cli/link.h"

void underlay_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	link_dev(o, "underlay ", link_u32(tb[ADIT_A_IFINDEX]));
	out_field(o, "ifindex", c->details ? " ifindex " : NULL,
		  out_u64(link_u32(tb[ADIT_A_IFINDEX])));
	if (!c->brief)
		link_stats(c, tb[ADIT_A_STATS]);
}

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;

	(void)cmd;
	out_object(&c->out);
	underlay_fields(c, tb);
	out_object_end(&c->out);
}

static int underlay_show(struct cli *c, const struct command *cmd,
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
	{ "show", "list", "lists them; -s: what was taken there", NULL, 0,
	  underlay_show, true, ADIT_CMD_UNDERLAY_GET },
	{ "add", NULL, "takes tunnels' data before the IP stack",
	  ROWS(dev_args), cli_simple, false, ADIT_CMD_UNDERLAY_NEW },
	{ "del", "delete", "ends that", ROWS(dev_args), cli_simple, false,
	  ADIT_CMD_UNDERLAY_DEL },
};

const struct object underlay_object = {
	"underlay",
	"devices with express receive (module)",
	ROWS(commands),
};
