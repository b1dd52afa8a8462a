/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit tunnel: control connections, as the module has them. */
#include "cli/tunnel.h"

#include "cli/level.h"
#include "cli/link.h"

#include <stdlib.h>
#include <string.h>

static const char *df_word(uint8_t df)
{
	static const char *const words[] = {
		[ADIT_DF_OFF] = "off", [ADIT_DF_ON] = "on", [ADIT_DF_INHERIT] = "inherit"
	};

	return df <= ADIT_DF_INHERIT ? words[df] : "?";
}

/* What the outer headers of data say. */
static void outer_fields(struct out *o, const struct nlattr *const *tb)
{
	uint8_t dscp;

	if (tb[ADIT_A_UDP_CSUM])
		out_field(o, "udp_csum", " udp-csum ",
			  out_bool(mnl_attr_get_u8(tb[ADIT_A_UDP_CSUM])));
	if (tb[ADIT_A_DSCP]) {
		dscp = mnl_attr_get_u8(tb[ADIT_A_DSCP]);
		out_field(o, "dscp", " dscp ",
			  dscp == ADIT_DSCP_INHERIT ? out_word("inherit") :
						      out_u64(dscp));
	}
	if (tb[ADIT_A_ECN])
		out_field(o, "ecn", " ecn ",
			  out_bool(mnl_attr_get_u8(tb[ADIT_A_ECN])));
	if (tb[ADIT_A_DF])
		out_field(o, "df", " df ",
			  out_word(df_word(mnl_attr_get_u8(tb[ADIT_A_DF]))));
	if (tb[ADIT_A_IPSEC])
		out_field(o, "ipsec", " ipsec ",
			  out_bool(mnl_attr_get_u8(tb[ADIT_A_IPSEC])));
	if (tb[ADIT_A_PATH_MTU])
		out_field(o, "path_mtu", " path-mtu ",
			  out_u64(link_u32(tb[ADIT_A_PATH_MTU])));
}

void tunnel_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	out_field(o, "tunnel_id", "tunnel ",
		  out_u64(link_u16(tb[ADIT_A_TUNNEL_ID])));
	out_field(o, "peer_tunnel_id", " peer ",
		  out_u64(link_u16(tb[ADIT_A_PEER_TUNNEL_ID])));
	link_label(o, "peer", " ", tb[ADIT_A_LABEL]);
	link_addr_port(o, "remote", "remote_port", " remote ",
		       tb[ADIT_A_REMOTE], tb[ADIT_A_REMOTE_PORT]);
	if (c->brief)
		return;
	out_field(o, "endpoint_id", " endpoint ",
		  out_u64(link_u32(tb[ADIT_A_ENDPOINT_ID])));
	out_field(o, "sessions", " sessions ",
		  out_u64(link_u32(tb[ADIT_A_SESSIONS])));
	if (c->details) {
		out_line(o);
		link_addr_port(o, "local", "local_port", "local ",
			       tb[ADIT_A_LOCAL], tb[ADIT_A_LOCAL_PORT]);
		if (tb[ADIT_A_FROM])
			link_addr_port(o, "from", "from_port", " from ",
				       tb[ADIT_A_FROM], tb[ADIT_A_FROM_PORT]);
		outer_fields(o, tb);
		link_cookie(o, tb[ADIT_A_COOKIE]);
	}
	link_stats(c, tb[ADIT_A_STATS]);
}

struct show {
	struct cli *c;
	const struct arg_value *peer;
	uint16_t id; /* 0: any */
	struct level_view *view; /* the daemon's; NULL: there is none */
	bool count;
	unsigned int n;
};

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct show *s = user;

	(void)cmd;
	const struct nlattr *view[CTL_A_MAX + 1];
	uint16_t id = link_u16(tb[ADIT_A_TUNNEL_ID]);
	bool known = level_view_take(s->view, id, view);

	if (s->id && s->id != id)
		return;
	if (s->peer && !link_label_is(tb[ADIT_A_LABEL], s->peer->text))
		return;
	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	tunnel_fields(s->c, tb);
	if (known)
		level_fields(s->c, view);
	out_object_end(&s->c->out);
}

/* Of the daemon alone: not in the module yet, or no longer. */
static void show_view(const struct nlattr *const *tb, void *user)
{
	const char *peer = tb[CTL_A_PEER_NAME] ?
				   mnl_attr_get_str(tb[CTL_A_PEER_NAME]) :
				   "";
	struct show *s = user;

	if (s->peer && strcmp(s->peer->text, peer))
		return;
	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	level_tunnel_fields(s->c, tb);
	out_object_end(&s->c->out);
}

static int tunnel_show(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	struct show s = { .c = c,
			  .peer = arg_get(args, "peer"),
			  .count = arg_get(args, "count") };
	const struct arg_value *id = arg_get(args, "id");
	struct nlmsghdr *msg;
	bool one = id;
	int rc;

	s.id = id ? (uint16_t)id->u : 0;
	if (arg_get(args, "ended")) {
		rc = level_show_ended(c, CTL_TUNNEL_SHOW, s.id, 0, show_view,
				      &s);
		if (!rc && s.count)
			link_count(&c->out, "tunnels", s.n);
		return rc;
	}
	if (!s.count && level_daemon(c)) {
		s.view = level_view(c, CTL_TUNNEL_SHOW, CTL_A_TUNNEL_ID, s.id,
				    0);
		if (!s.view && c->socket_given)
			return CLI_REFUSED;
		/* The module may not have what the daemon has. */
		one = one && !level_view_has(s.view, s.id);
	}
	msg = cli_request(c, (uint8_t)cmd->value, !one);
	if (msg && one)
		genl_put_args(msg, args);
	rc = msg ? cli_talk(c, msg, show_one, &s) : CLI_LOCAL;
	level_view_rest(s.view, show_view, &s);
	if (!rc && s.count)
		link_count(&c->out, "tunnels", s.n);
	level_view_free(s.view);
	return rc;
}

static bool is_number(const char *name)
{
	return !name[strspn(name, "0123456789")];
}

/* "17" or "isp", the name of its definition. */
static void name_it(struct nlmsghdr *msg, const struct args *args)
{
	const char *name = arg_get(args, "name")->text;

	if (is_number(name))
		mnl_attr_put_u32(msg, CTL_A_TUNNEL_ID,
				 (uint32_t)strtoul(name, NULL, 10));
	else
		mnl_attr_put_strz(msg, CTL_A_NAME, name);
}

static int tunnel_order(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	const char *name = arg_get(args, "name")->text;
	unsigned long id = strtoul(name, NULL, 10);

	if (is_number(name) && (!id || id > UINT16_MAX))
		return cli_error(c, "tunnel %s: a tunnel's id is 1 to 65535",
				 cmd->verb);
	return level_order(c, cmd, name_it, args);
}

#define TUNNEL_ID                                                       \
	{                                                               \
		.word = "id", .type = ARG_ID, .attr = ADIT_A_TUNNEL_ID, \
		.flags = ARG_NEEDED | ARG_BARE                          \
	}

static const struct arg show_args[] = {
	{ .word = "id",
	  .type = ARG_ID,
	  .attr = ADIT_A_TUNNEL_ID,
	  .flags = ARG_BARE },
	{ .word = "peer", .type = ARG_TEXT },
	{ .word = "count", .type = ARG_FLAG },
	{ .word = "ended", .type = ARG_FLAG },
};

static const struct arg order_args[] = {
	{ .word = "name",
	  .type = ARG_TEXT,
	  .flags = ARG_BARE | ARG_NEEDED,
	  .what = "ID|NAME" },
};

static const struct arg add_args[] = {
	TUNNEL_ID,
	{ .word = "peer-id",
	  .type = ARG_ID,
	  .attr = ADIT_A_PEER_TUNNEL_ID,
	  .flags = ARG_NEEDED },
	{ .word = "endpoint",
	  .type = ARG_U32,
	  .attr = ADIT_A_ENDPOINT_ID,
	  .flags = ARG_NEEDED,
	  .what = "ID" },
	{ .word = "remote",
	  .type = ARG_ADDR,
	  .attr = ADIT_A_REMOTE,
	  .flags = ARG_NEEDED },
	{ .word = "port",
	  .type = ARG_ID,
	  .attr = ADIT_A_REMOTE_PORT,
	  .what = "PORT" },
	{ .word = "from", .type = ARG_ADDR, .attr = ADIT_A_FROM },
	{ .word = "from-port",
	  .type = ARG_ID,
	  .attr = ADIT_A_FROM_PORT,
	  .what = "PORT" },
	{ .word = "udp-csum", .type = ARG_ON_OFF, .attr = ADIT_A_UDP_CSUM },
	{ .word = "dscp", .type = ARG_DSCP, .attr = ADIT_A_DSCP },
	{ .word = "ecn", .type = ARG_ON_OFF, .attr = ADIT_A_ECN },
	{ .word = "df",
	  .type = ARG_WORDS,
	  .attr = ADIT_A_DF,
	  .what = "off|on|inherit" },
	{ .word = "ipsec", .type = ARG_ON_OFF, .attr = ADIT_A_IPSEC },
	{ .word = "name", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
};

static const struct arg set_args[] = {
	TUNNEL_ID,
	{ .word = "peer-id", .type = ARG_ID, .attr = ADIT_A_PEER_TUNNEL_ID },
	{ .word = "port",
	  .type = ARG_ID,
	  .attr = ADIT_A_REMOTE_PORT,
	  .what = "PORT" },
	{ .word = "udp-csum", .type = ARG_ON_OFF, .attr = ADIT_A_UDP_CSUM },
	{ .word = "dscp", .type = ARG_DSCP, .attr = ADIT_A_DSCP },
	{ .word = "ecn", .type = ARG_ON_OFF, .attr = ADIT_A_ECN },
	{ .word = "df",
	  .type = ARG_WORDS,
	  .attr = ADIT_A_DF,
	  .what = "off|on|inherit" },
	{ .word = "ipsec", .type = ARG_ON_OFF, .attr = ADIT_A_IPSEC },
	{ .word = "name", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
};

static const struct arg del_args[] = {
	TUNNEL_ID,
	{ .word = "force", .type = ARG_FLAG, .attr = ADIT_A_FORCE },
};

static int tunnel_add(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, false);

	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	if (!arg_get(args, "port"))
		mnl_attr_put_u16(msg, ADIT_A_REMOTE_PORT, ADIT_L2TP_PORT);
	return cli_talk(c, msg, NULL, NULL);
}

struct test {
	struct cli *c;
	bool begun;
};

/* A step, as it happens. */
static void test_step(const struct nlattr *const *tb, void *user)
{
	static const struct {
		const char *state, *key, *label;
	} rows[] = {
		{ "sccrq-sent", "sccrq_sent", "SCCRQ sent " },
		{ "sccrp-received", "sccrp_received", "SCCRP received " },
		{ "authenticated", "authenticated", "authenticated " },
		{ "established", "established", "established " },
		{ "failed", "failed", "failed " },
		{ "stopccn-acknowledged", "stopccn_acknowledged",
		  "StopCCN acknowledged " },
	};
	struct test *t = user;
	struct out *o = &t->c->out;
	size_t i;

	if (!tb[CTL_A_STATE] || !tb[CTL_A_VALUE])
		return;
	if (!t->begun) {
		t->begun = true;
		out_object(o);
		link_text(o, "tunnel", "tunnel ", tb[CTL_A_NAME]);
		link_text(o, "remote", " remote ", tb[CTL_A_ADDRESS]);
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].state, mnl_attr_get_str(tb[CTL_A_STATE])))
			continue;
		out_line(o);
		out_field(o, rows[i].key, rows[i].label,
			  out_u64(mnl_attr_get_u64(tb[CTL_A_VALUE])));
		out_puts(o, " ms");
	}
	link_text(o, "peer", " from ", tb[CTL_A_PEER]);
	link_text(o, "reason", ": ", tb[CTL_A_TEXT]);
	fflush(o->f);
}

static int tunnel_test(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	struct nlmsghdr *msg = cli_ask(c, CTL_TUNNEL_TEST);
	struct test t = { .c = c };
	int rc;

	(void)cmd;
	if (!msg)
		return CLI_LOCAL;
	mnl_attr_put_strz(msg, CTL_A_NAME, arg_get(args, "name")->text);
	rc = cli_hear(c, msg, test_step, &t);
	if (t.begun)
		out_object_end(&c->out);
	return rc;
}

static const struct arg test_args[] = {
	{ .word = "name",
	  .type = ARG_TEXT,
	  .flags = ARG_NEEDED | ARG_BARE,
	  .what = "NAME|ADDR" },
};

static const struct command commands[] = {
	{ "show", "list sh", "lists tunnels", ROWS(show_args), tunnel_show,
	  true, ADIT_CMD_TUNNEL_GET },
	{ "add", NULL, "makes a static tunnel", ROWS(add_args), tunnel_add,
	  false, ADIT_CMD_TUNNEL_NEW },
	{ "set", NULL, "changes a tunnel", ROWS(set_args), cli_simple, false,
	  ADIT_CMD_TUNNEL_SET },
	{ "del", "delete", "removes a tunnel; force: with its sessions",
	  ROWS(del_args), cli_simple, false, ADIT_CMD_TUNNEL_DEL },
	LEVEL_ORDERS(ROWS(order_args), tunnel_order, CTL_TUNNEL_ORDER),
	{ "test", NULL,
	  "has the daemon set up a tunnel of its configuration, and end it",
	  ROWS(test_args), tunnel_test, true, 0 },
};

const struct object tunnel_object = {
	"tunnel",
	"control connections with L2TP peers (module, daemon)",
	ROWS(commands),
};
