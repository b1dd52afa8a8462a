/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit session: PPP connections in tunnels. */
#include "cli/session.h"

#include "cli/level.h"
#include "cli/link.h"
#include "cli/qos.h"
#include "cli/tap.h"

#include <string.h>

/* The queue that puts packets in order, where there is one. */
static void reorder_fields(struct out *o, const struct nlattr *const *tb)
{
	static const struct {
		uint16_t attr;
		const char *key, *label;
	} rows[] = {
		{ ADIT_A_REORDERED, "reordered", " reordered " },
		{ ADIT_A_REORDER_LOST, "reorder_lost", " lost " },
	};

	if (!tb[ADIT_A_REORDER_TIMEOUT])
		return;
	out_line(o);
	out_field(o, "reorder", "reorder ",
		  out_u64(link_u32(tb[ADIT_A_REORDER_TIMEOUT])));
	out_field(o, "reorder_packets", " reorder-packets ",
		  out_u64(link_u32(tb[ADIT_A_REORDER_PACKETS])));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (tb[rows[i].attr])
			out_field(o, rows[i].key, rows[i].label,
				  out_u64(mnl_attr_get_u64(tb[rows[i].attr])));
}

void session_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct link_name l = link_of(tb, false);
	struct out *o = &c->out;

	link_print(o, "session ", &l);
	if (!c->brief)
		out_field(o, "peer_session_id", " peer ",
			  out_u64(link_u16(tb[ADIT_A_PEER_SESSION_ID])));
	link_label(o, "user", " user ", tb[ADIT_A_LABEL]);
	link_bound(c, tb);
	if (c->brief)
		return;
	if (c->details) {
		out_line(o);
		out_field(o, "seq", "seq ",
			  out_bool(tb[ADIT_A_SEQ] &&
				   mnl_attr_get_u8(tb[ADIT_A_SEQ])));
		link_cookie(o, tb[ADIT_A_COOKIE]);
		reorder_fields(o, tb);
	}
	qos_fields(c, tb);
	link_stats(c, tb[ADIT_A_STATS]);
}

/* "17/4242", or "tunnel 17 id 4242"; 0, or -1: it was complained of. */
static int session_name(struct cli *c, const struct args *args,
			struct link_name *l)
{
	const struct arg_value *id = arg_get(args, "id");
	const struct arg_value *tunnel = arg_get(args, "tunnel");

	*l = (struct link_name){ 0 };
	if (id)
		*l = id->link;
	if (!tunnel)
		return 0;
	if (l->tunnel_id && l->tunnel_id != tunnel->u) {
		cli_error(c, "session: two different tunnels are named");
		return -1;
	}
	l->tunnel_id = (uint16_t)tunnel->u;
	return 0;
}

static int session_whole_name(struct cli *c, const struct args *args,
			      struct link_name *l)
{
	if (session_name(c, args, l))
		return -1;
	if (l->tunnel_id)
		return 0;
	cli_error(c, "session: which tunnel? TUNNEL/SESSION is wanted");
	return -1;
}

/* The name, and what else has an attribute of its own. */
static int session_change(struct cli *c, const struct command *cmd,
			  const struct args *args)
{
	struct nlmsghdr *msg;
	struct link_name l;

	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	msg = cli_request(c, (uint8_t)cmd->value, false);
	if (!msg)
		return CLI_LOCAL;
	genl_put_link(msg, &l);
	genl_put_args(msg, args);
	return cli_talk(c, msg, NULL, NULL);
}

static int session_bind(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	struct link_name l;

	(void)cmd;
	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	return link_bind(c, args, &l);
}

static int session_police(struct cli *c, const struct command *cmd,
			  const struct args *args)
{
	struct link_name l;

	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	return qos_police(c, args, (uint8_t)cmd->value, &l);
}

static int session_pace(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	struct link_name l;

	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	return qos_pace(c, args, (uint8_t)cmd->value, &l);
}

static int session_tap(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	struct link_name l;

	(void)cmd;
	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	return tap_run(c, args, &l);
}

struct show {
	struct cli *c;
	uint16_t session_id; /* 0: any */
	const struct arg_value *name;
	struct level_view *view; /* the daemon's; NULL: there is none */
	bool count;
	unsigned int n;
};

static void show_one(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct show *s = user;

	(void)cmd;
	const struct nlattr *view[CTL_A_MAX + 1];
	bool known =
		level_view_take(s->view, link_u16(tb[ADIT_A_SESSION_ID]), view);

	if (s->name && !link_label_is(tb[ADIT_A_LABEL], s->name->text))
		return;
	if (s->session_id && s->session_id != link_u16(tb[ADIT_A_SESSION_ID]))
		return;
	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	session_fields(s->c, tb);
	if (known)
		level_fields(s->c, view);
	out_object_end(&s->c->out);
}

/* Of the daemon alone: not in the module yet, or no longer. */
static void show_view(const struct nlattr *const *tb, void *user)
{
	const char *name = tb[CTL_A_USER] ? mnl_attr_get_str(tb[CTL_A_USER]) :
					    "";
	struct show *s = user;

	if (s->name && strcmp(s->name->text, name))
		return;
	s->n++;
	if (s->count)
		return;
	out_object(&s->c->out);
	level_session_fields(s->c, tb);
	out_object_end(&s->c->out);
}

static int session_show(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	struct show s = { .c = c,
			  .name = arg_get(args, "user"),
			  .count = arg_get(args, "count") };
	struct nlmsghdr *msg;
	struct link_name l;
	bool one;
	int rc;

	if (session_name(c, args, &l))
		return CLI_LOCAL;
	if (arg_get(args, "ended")) {
		rc = level_show_ended(c, CTL_SESSION_SHOW, l.tunnel_id,
				      l.session_id, show_view, &s);
		if (!rc && s.count)
			link_count(&c->out, "sessions", s.n);
		return rc;
	}
	one = l.tunnel_id && l.session_id;
	if (!s.count && level_daemon(c)) {
		s.view = level_view(c, CTL_SESSION_SHOW, CTL_A_SESSION_ID,
				    l.tunnel_id, l.session_id);
		if (!s.view && c->socket_given)
			return CLI_REFUSED;
		/* The module may not have what the daemon has. */
		one = one && !level_view_has(s.view, l.session_id);
	}
	s.session_id = l.session_id;
	msg = cli_request(c, (uint8_t)cmd->value, !one);
	if (msg && one)
		genl_put_link(msg, &l);
	else if (msg && l.tunnel_id)
		mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, l.tunnel_id);
	rc = msg ? cli_talk(c, msg, show_one, &s) : CLI_LOCAL;
	level_view_rest(s.view, show_view, &s);
	if (!rc && s.count)
		link_count(&c->out, "sessions", s.n);
	level_view_free(s.view);
	return rc;
}

static int session_order(struct cli *c, const struct command *cmd,
			 const struct args *args)
{
	struct nlmsghdr *msg;
	struct link_name l;

	if (session_whole_name(c, args, &l))
		return CLI_LOCAL;
	msg = cli_ask(c, (uint16_t)cmd->value);
	if (!msg)
		return CLI_LOCAL;
	mnl_attr_put_strz(msg, CTL_A_ADMIN, cmd->verb);
	mnl_attr_put_u32(msg, CTL_A_TUNNEL_ID, l.tunnel_id);
	mnl_attr_put_u32(msg, CTL_A_SESSION_ID, l.session_id);
	return cli_hear(c, msg, NULL, NULL);
}

/* The names have no attribute here: session_name puts the two together. */
#define SESSION_NAME(needed)                                               \
	{ .word = "id", .type = ARG_SESSION, .flags = ARG_BARE | needed }, \
	{                                                                  \
		.word = "tunnel", .type = ARG_ID                           \
	}

static const struct arg show_args[] = {
	SESSION_NAME(0),
	{ .word = "user", .type = ARG_TEXT },
	{ .word = "count", .type = ARG_FLAG },
	{ .word = "ended", .type = ARG_FLAG },
};

static const struct arg order_args[] = {
	SESSION_NAME(ARG_NEEDED),
};

#define REORDER_ARGS                                        \
	{ .word = "reorder",                                \
	  .type = ARG_U32,                                  \
	  .attr = ADIT_A_REORDER_TIMEOUT,                   \
	  .what = "MS" },                                   \
	{                                                   \
		.word = "reorder-packets", .type = ARG_U32, \
		.attr = ADIT_A_REORDER_PACKETS              \
	}

static const struct arg add_args[] = {
	SESSION_NAME(ARG_NEEDED),
	{ .word = "peer-id",
	  .type = ARG_ID,
	  .attr = ADIT_A_PEER_SESSION_ID,
	  .flags = ARG_NEEDED },
	{ .word = "seq", .type = ARG_ON_OFF, .attr = ADIT_A_SEQ },
	REORDER_ARGS,
	{ .word = "user", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
	QOS_MARK_ARGS,
};

static const struct arg set_args[] = {
	SESSION_NAME(ARG_NEEDED),
	{ .word = "peer-id", .type = ARG_ID, .attr = ADIT_A_PEER_SESSION_ID },
	{ .word = "seq", .type = ARG_ON_OFF, .attr = ADIT_A_SEQ },
	REORDER_ARGS,
	{ .word = "user", .type = ARG_TEXT, .attr = ADIT_A_LABEL },
	QOS_MARK_ARGS,
};

static const struct arg del_args[] = {
	SESSION_NAME(ARG_NEEDED),
};

static const struct arg bind_args[] = {
	SESSION_NAME(ARG_NEEDED),
	LINK_BIND_ARGS,
};

static const struct arg police_args[] = {
	SESSION_NAME(ARG_NEEDED),
	QOS_POLICE_ARGS,
};

static const struct arg pace_args[] = {
	SESSION_NAME(ARG_NEEDED),
	QOS_PACE_ARGS,
};

static const struct arg tap_args[] = {
	SESSION_NAME(ARG_NEEDED),
	TAP_ARGS,
};

static const struct command commands[] = {
	{ "show", "list sh", "lists sessions", ROWS(show_args), session_show,
	  true, ADIT_CMD_SESSION_GET },
	{ "add", NULL, "makes a static session, unbound", ROWS(add_args),
	  session_change, false, ADIT_CMD_SESSION_NEW },
	{ "set", NULL, "changes a session", ROWS(set_args), session_change,
	  false, ADIT_CMD_SESSION_SET },
	{ "bind", NULL, "binds it to another link, a device, or none",
	  ROWS(bind_args), session_bind, false, 0 },
	{ "police", NULL, "drops, one way, what is beyond a rate",
	  ROWS(police_args), session_police, false, ADIT_CMD_SESSION_SET },
	{ "pace", NULL, "spreads out what goes to the peer; wants qdisc fq",
	  ROWS(pace_args), session_pace, false, ADIT_CMD_SESSION_SET },
	{ "tap", NULL, "writes its frames, both ways, as a capture file",
	  ROWS(tap_args), session_tap, false, 0 },
	{ "del", "delete", "removes a session; a daemon's peer gets CDN",
	  ROWS(del_args), session_change, false, ADIT_CMD_SESSION_DEL },
	{ "shutdown", NULL, "closes it: its peer gets CDN", ROWS(order_args),
	  session_order, false, CTL_SESSION_ORDER },
};

const struct object session_object = {
	"session",
	"PPP connections in tunnels (module, daemon)",
	ROWS(commands),
};
