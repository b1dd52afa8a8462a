/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit endpoint: UDP sockets of ours. */
#include "cli/endpoint.h"

#include "cli/link.h"

void endpoint_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	out_field(o, "endpoint_id", "endpoint ",
		  out_u64(link_u32(tb[ADIT_A_ENDPOINT_ID])));
	link_addr_port(o, "local", "local_port", " local ", tb[ADIT_A_LOCAL],
		       tb[ADIT_A_LOCAL_PORT]);
	if (link_u32(tb[ADIT_A_IFINDEX]))
		link_dev(o, " dev ", link_u32(tb[ADIT_A_IFINDEX]));
}

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;

	(void)cmd;
	out_object(&c->out);
	endpoint_fields(c, tb);
	out_object_end(&c->out);
}

static int endpoint_show(struct cli *c, const struct command *cmd,
			 const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, !args->n);

	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	return cli_talk(c, msg, show_one, c);
}

/* The reply is the endpoint: scripts need its number. */
static int endpoint_add(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, false);

	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	return cli_talk(c, msg, show_one, c);
}

static const struct arg show_args[] = {
	{ .word = "id",
	  .type = ARG_U32,
	  .attr = ADIT_A_ENDPOINT_ID,
	  .flags = ARG_BARE },
};

static const struct arg add_args[] = {
	{ .word = "local",
	  .type = ARG_ADDR,
	  .attr = ADIT_A_LOCAL,
	  .flags = ARG_NEEDED },
	{ .word = "port",
	  .type = ARG_ID,
	  .attr = ADIT_A_LOCAL_PORT,
	  .what = "PORT" },
	{ .word = "dev", .type = ARG_DEV, .attr = ADIT_A_IFINDEX },
};

static const struct arg del_args[] = {
	{ .word = "id",
	  .type = ARG_U32,
	  .attr = ADIT_A_ENDPOINT_ID,
	  .flags = ARG_NEEDED | ARG_BARE },
};

static const struct command commands[] = {
	{ "show", "list", "lists endpoints", ROWS(show_args), endpoint_show,
	  true, ADIT_CMD_ENDPOINT_GET },
	{ "add", NULL, "opens a UDP socket and shows it", ROWS(add_args),
	  endpoint_add, true, ADIT_CMD_ENDPOINT_NEW },
	{ "del", "delete", "closes one that has no tunnels", ROWS(del_args),
	  cli_simple, false, ADIT_CMD_ENDPOINT_DEL },
};

const struct object endpoint_object = {
	"endpoint",
	"our UDP sockets (module)",
	ROWS(commands),
};
