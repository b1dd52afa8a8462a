/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit punt, ration, peer: classes of frames for the daemon with their counters,
 * token buckets, and the peers whose set-up is not rationed with strangers'.
 */
#include "cli/punt.h"

#include "cli/link.h"

#include <string.h>

/* A newer module may know more of each. */
static const char *name_of(const char *const *names, size_t n, size_t i,
			   char other[32])
{
	if (i < n && names[i])
		return names[i];
	snprintf(other, 32, "other_%zu", i);
	return other;
}

#define NAME_OF(names, i, other) \
	name_of(names, sizeof(names) / sizeof((names)[0]), i, other)

/* ------------------------------------------------------------------ classes */

static const char *const classes[] = {
	[ADIT_PUNT_L2TP] = "l2tp",
	[ADIT_PUNT_PPPOE] = "pppoe",
	[ADIT_PUNT_PPP] = "ppp",
	[ADIT_PUNT_IP6] = "ip6",
};

static const char *const stats[] = {
	[ADIT_PUNT_STAT_PASSED] = "passed",
	[ADIT_PUNT_STAT_NO_LISTENER] = "no_listener",
	[ADIT_PUNT_STAT_RATE_CLASS] = "rate_class",
	[ADIT_PUNT_STAT_RATE_SOURCE] = "rate_source",
	[ADIT_PUNT_STAT_RATE_PORT] = "rate_port",
	[ADIT_PUNT_STAT_RATE_TUNNEL] = "rate_tunnel",
	[ADIT_PUNT_STAT_RATE_LINK] = "rate_link",
	[ADIT_PUNT_STAT_TOO_LONG] = "too_long",
	[ADIT_PUNT_STAT_NO_MEMORY] = "no_memory",
	[ADIT_PUNT_STAT_QUEUE_FULL] = "queue_full",
};

static void print_stats(struct cli *c, const struct nlattr *nest)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, nest) {
		size_t i = mnl_attr_get_type(a);
		char other[32], label[48];
		const char *name;
		uint64_t n;

		if (i < ADIT_PUNT_STAT_PASSED ||
		    mnl_attr_get_payload_len(a) < 8)
			continue;
		n = mnl_attr_get_u64(a);
		if (!n && i != ADIT_PUNT_STAT_PASSED && !c->stats &&
		    !c->out.json)
			continue;
		name = NAME_OF(stats, i, other);
		snprintf(label, sizeof(label), " %s ", name);
		out_field(&c->out, name, label, out_u64(n));
	}
}

static void class_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;
	struct out *o = &c->out;
	char other[32];

	(void)cmd;
	if (!tb[ADIT_A_CLASS])
		return;
	out_object(o);
	out_field(o, "class", "",
		  out_word(NAME_OF(classes, mnl_attr_get_u8(tb[ADIT_A_CLASS]),
				   other)));
	out_field(o, "listener", " listener ",
		  out_u64(link_u32(tb[ADIT_A_LISTENER])));
	if (tb[ADIT_A_PUNT_STATS])
		print_stats(c, tb[ADIT_A_PUNT_STATS]);
	out_object_end(o);
}

/* ------------------------------------------------------------------ rations */

static const char *const rations[] = {
	[ADIT_RATION_L2TP] = "l2tp",
	[ADIT_RATION_L2TP_PEERS] = "l2tp-peers",
	[ADIT_RATION_L2TP_STRANGERS] = "l2tp-strangers",
	[ADIT_RATION_PPPOE] = "pppoe",
	[ADIT_RATION_PPPOE_SETUP] = "pppoe-setup",
	[ADIT_RATION_PPP] = "ppp",
	[ADIT_RATION_IP6] = "ip6",
	[ADIT_RATION_TUNNEL] = "each-tunnel",
	[ADIT_RATION_PEER] = "each-peer",
	[ADIT_RATION_SOURCE] = "each-source",
	[ADIT_RATION_LINE] = "each-line",
	[ADIT_RATION_PORT] = "each-port",
	[ADIT_RATION_LINK_PPPOE] = "each-link-pppoe",
	[ADIT_RATION_LINK_PPP] = "each-link-ppp",
	[ADIT_RATION_LINK_IP6] = "each-link-ip6",
};

#define N_RATIONS (sizeof(rations) / sizeof(rations[0]))

static void ration_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;
	struct out *o = &c->out;
	char other[32];

	(void)cmd;
	if (!tb[ADIT_A_RATION])
		return;
	out_object(o);
	out_field(o, "ration", "ration ",
		  out_word(NAME_OF(rations, mnl_attr_get_u8(tb[ADIT_A_RATION]),
				   other)));
	out_field(o, "rate", " rate ",
		  out_u64(link_u32(tb[ADIT_A_RATION_RATE])));
	out_field(o, "burst", " burst ",
		  out_u64(link_u32(tb[ADIT_A_RATION_BURST])));
	out_object_end(o);
}

static int ration_set(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	const char *word = arg_get(args, "name")->text;
	char err[ARG_ERROR_MAX];
	struct nlmsghdr *msg;
	int i;

	i = cmd_choose(word, rations, N_RATIONS, true, "ration", err);
	if (i < 0)
		return cli_error(c, "%s", err);
	msg = cli_request(c, (uint8_t)cmd->value, false);
	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	mnl_attr_put_u8(msg, ADIT_A_RATION, (uint8_t)i);
	return cli_talk(c, msg, NULL, NULL);
}

/* -------------------------------------------------------------------- peers */

static void peer_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct cli *c = user;
	struct addr a;

	(void)cmd;
	if (!tb[ADIT_A_PREFIX] || !tb[ADIT_A_PREFIX_LEN] ||
	    addr_from_bytes(mnl_attr_get_payload(tb[ADIT_A_PREFIX]),
			    mnl_attr_get_payload_len(tb[ADIT_A_PREFIX]), &a))
		return;
	out_object(&c->out);
	out_field(&c->out, "address", "peer ", out_addr(&a));
	out_field(&c->out, "length", "/",
		  out_u64(mnl_attr_get_u8(tb[ADIT_A_PREFIX_LEN])));
	out_object_end(&c->out);
}

static int show(struct cli *c, const struct command *cmd,
		const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, true);
	genl_fn *fn = cmd->value == ADIT_CMD_CLASS_GET	? class_one :
		      cmd->value == ADIT_CMD_RATION_GET ? ration_one :
							  peer_one;

	(void)args;
	return msg ? cli_talk(c, msg, fn, c) : CLI_LOCAL;
}

static const struct arg ration_args[] = {
	{ .word = "name", .type = ARG_TEXT, .flags = ARG_NEEDED | ARG_BARE },
	{ .word = "rate", .type = ARG_U32, .attr = ADIT_A_RATION_RATE },
	{ .word = "burst", .type = ARG_U32, .attr = ADIT_A_RATION_BURST },
};

static const struct command punt_commands[] = {
	{ "show", "list", "classes of frames, who hears them, what was dropped",
	  NULL, 0, show, true, ADIT_CMD_CLASS_GET },
};

static const struct command ration_commands[] = {
	{ "show", "list", "lists rations", NULL, 0, show, true,
	  ADIT_CMD_RATION_GET },
	{ "set", NULL, "changes a ration", ROWS(ration_args), ration_set, false,
	  ADIT_CMD_RATION_SET },
};

static const struct command peer_commands[] = {
	{ "show", "list", "lists configured peers' prefixes", NULL, 0, show,
	  true, ADIT_CMD_PEERS_GET },
};

const struct object punt_object = {
	"punt",
	"frames for the daemon, by class (module)",
	ROWS(punt_commands),
};

const struct object ration_object = {
	"ration",
	"how many of them may go up (module)",
	ROWS(ration_commands),
};

const struct object peer_object = {
	"peer",
	"whose set-up is not rationed with strangers' (module)",
	ROWS(peer_commands),
};
