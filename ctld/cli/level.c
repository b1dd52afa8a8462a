/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's view of tunnels and sessions, and orders; see level.h. */
#include "cli/level.h"

#include "cli/link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDS 65536

/* Copies of records, one behind the other. */
struct level_view {
	uint16_t attr; /* of the id */
	uint8_t *b;
	size_t len, size;
	bool failed; /* no memory */
	size_t at[IDS]; /* where the record of an id begins, plus 1 */
};

/* --------------------------------------------------------------- the view */

bool level_daemon(const struct cli *c)
{
	return c->socket_given || !access(c->socket, F_OK);
}

static bool make_room(struct level_view *v, size_t len)
{
	size_t size = v->size ? v->size : 4096;
	uint8_t *b;

	while (size < v->len + len)
		size *= 2;
	if (size == v->size)
		return true;
	b = realloc(v->b, size);
	if (!b)
		return false;
	v->b = b;
	v->size = size;
	return true;
}

/* As attributes, and one of length 0 at the end. */
static void keep(const struct nlattr *const *tb, void *user)
{
	static const uint8_t end[NLA_HDRLEN];
	struct level_view *v = user;
	uint32_t id = tb[v->attr] ? mnl_attr_get_u32(tb[v->attr]) : 0;
	size_t start = v->len;

	if (!id || id >= IDS || v->failed)
		return;
	for (uint16_t i = 1; i <= CTL_A_MAX; i++) {
		size_t len = tb[i] ? MNL_ALIGN(tb[i]->nla_len) : 0;

		if (!make_room(v, len + sizeof(end))) {
			v->failed = true;
			return;
		}
		if (!len)
			continue;
		memset(v->b + v->len, 0, len);
		memcpy(v->b + v->len, tb[i], tb[i]->nla_len);
		v->len += len;
	}
	memcpy(v->b + v->len, end, sizeof(end));
	v->len += sizeof(end);
	v->at[id] = start + 1;
}

static void narrow(struct nlmsghdr *msg, uint16_t tunnel_id,
		   uint16_t session_id)
{
	if (tunnel_id)
		mnl_attr_put_u32(msg, CTL_A_TUNNEL_ID, tunnel_id);
	if (session_id)
		mnl_attr_put_u32(msg, CTL_A_SESSION_ID, session_id);
}

struct level_view *level_view(struct cli *c, uint16_t verb, uint16_t attr,
			      uint16_t tunnel_id, uint16_t session_id)
{
	struct nlmsghdr *msg = cli_ask(c, verb);
	struct level_view *v = msg ? calloc(1, sizeof(*v)) : NULL;

	if (!v)
		return NULL;
	v->attr = attr;
	narrow(msg, tunnel_id, session_id);
	if (!cli_hear(c, msg, keep, v) && !v->failed)
		return v;
	level_view_free(v);
	return NULL;
}

void level_view_free(struct level_view *v)
{
	if (v)
		free(v->b);
	free(v);
}

bool level_view_has(const struct level_view *v, uint16_t id)
{
	return v && v->at[id];
}

bool level_view_take(struct level_view *v, uint16_t id,
		     const struct nlattr *tb[CTL_A_MAX + 1])
{
	const struct nlattr *a;

	if (!v || !v->at[id])
		return false;
	memset(tb, 0, (CTL_A_MAX + 1) * sizeof(*tb));
	a = (const void *)(v->b + v->at[id] - 1);
	for (; a->nla_len; a = mnl_attr_next(a))
		tb[mnl_attr_get_type(a)] = a;
	v->at[id] = 0;
	return true;
}

void level_view_rest(struct level_view *v, conn_fn *fn, void *user)
{
	const struct nlattr *tb[CTL_A_MAX + 1];

	for (unsigned int id = 1; v && id < IDS; id++)
		if (level_view_take(v, (uint16_t)id, tb))
			fn(tb, user);
}

int level_show_ended(struct cli *c, uint16_t verb, uint16_t tunnel_id,
		     uint16_t session_id, conn_fn *fn, void *user)
{
	struct nlmsghdr *msg = cli_ask(c, verb);

	if (!msg)
		return CLI_LOCAL;
	narrow(msg, tunnel_id, session_id);
	mnl_attr_put_u64(msg, CTL_A_ENDED, 1);
	return cli_hear(c, msg, fn, user);
}

/* ------------------------------------------------------------------ fields */

static bool is_64(const struct nlattr *a)
{
	return mnl_attr_get_payload_len(a) == sizeof(uint64_t);
}

void level_number(struct out *o, const char *key, const char *label,
		  const struct nlattr *a)
{
	if (a)
		out_field(o, key, label,
			  out_u64(is_64(a) ? mnl_attr_get_u64(a) :
					     mnl_attr_get_u32(a)));
}

void level_tally(struct cli *c, const char *key, const char *label,
		 const struct nlattr *a, bool auth_errors)
{
	static const struct {
		const char *key, *label;
	} row[CTL_TALLY_MAX] = {
		[CTL_TALLY_TOTAL] = { "total", " total " },
		[CTL_TALLY_ACTIVE] = { "active", " active " },
		[CTL_TALLY_FAILED] = { "failed", " failed " },
		[CTL_TALLY_AUTH_ERRORS] = { "auth_errors", " auth-errors " },
	};
	uint64_t v[CTL_TALLY_MAX];

	if (!a || mnl_attr_get_payload_len(a) < sizeof(v))
		return;
	memcpy(v, mnl_attr_get_payload(a), sizeof(v));
	out_line(&c->out);
	if (!c->out.json)
		out_puts(&c->out, label);
	out_nest(&c->out, key);
	for (int i = 0; i < CTL_TALLY_MAX; i++)
		if (i != CTL_TALLY_AUTH_ERRORS || auth_errors)
			out_field(&c->out, row[i].key, row[i].label,
				  out_u64(v[i]));
	out_nest_end(&c->out);
}

/* The common case, enabled, says nothing. */
void level_admin_fields(struct cli *c, const struct nlattr *const *tb)
{
	const struct nlattr *admin = tb[CTL_A_ADMIN];
	const struct nlattr *effective = tb[CTL_A_EFFECTIVE];
	bool plain =
		c->details ||
		(effective && strcmp(mnl_attr_get_str(effective), "enabled"));

	link_text(&c->out, "admin", plain ? " admin " : NULL, admin);
	link_text(&c->out, "effective", plain ? " effective " : NULL,
		  effective);
}

/* Of a tunnel: how reliable delivery fares. */
static void control(struct cli *c, const struct nlattr *const *tb)
{
	static const struct {
		uint16_t attr;
		const char *key, *label;
	} rows[] = {
		{ CTL_A_SRTT, "srtt", " srtt " },
		{ CTL_A_RTO, "rto", " rto " },
		{ CTL_A_RETRANSMITS, "retransmits", " retransmits " },
		{ CTL_A_WINDOW, "window", " window " },
		{ CTL_A_CWND, "cwnd", " cwnd " },
		{ CTL_A_UNACKED, "unacked", " unacked " },
	};

	if (!tb[CTL_A_RTO] || !c->stats)
		return;
	out_line(&c->out);
	out_puts(&c->out, "control");
	out_nest(&c->out, "control");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		level_number(&c->out, rows[i].key, rows[i].label,
			     tb[rows[i].attr]);
	out_nest_end(&c->out);
}

void level_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	link_text(o, "state", " ", tb[CTL_A_STATE]);
	level_admin_fields(c, tb);
	if (c->brief)
		return;
	link_text(o, "destination", " destination ", tb[CTL_A_DESTINATION]);
	link_text(o, "reason", " reason ", tb[CTL_A_REASON]);
	level_number(o, "ended", " ended ", tb[CTL_A_ENDED]);
	if (c->details)
		out_line(o);
	link_text(o, "definition", c->details ? "definition " : NULL,
		  tb[CTL_A_PEER]);
	link_text(o, "role", c->details ? " role " : NULL, tb[CTL_A_ROLE]);
	level_number(o, "uptime", c->details ? " uptime " : NULL,
		     tb[CTL_A_UPTIME]);
	if (c->details || o->json)
		level_tally(c, "calls", "calls", tb[CTL_A_OF_SESSIONS], false);
	control(c, tb);
}

/* What one that has ended carried. */
static void traffic(struct cli *c, const struct nlattr *const *tb)
{
	static const struct {
		uint16_t attr;
		const char *key, *label;
	} rows[] = {
		{ CTL_A_RX_PACKETS, "rx_packets", "rx packets " },
		{ CTL_A_RX_BYTES, "rx_bytes", " bytes " },
		{ CTL_A_TX_PACKETS, "tx_packets", " tx packets " },
		{ CTL_A_TX_BYTES, "tx_bytes", " bytes " },
	};

	if (!tb[CTL_A_RX_PACKETS] || (!c->stats && !c->out.json))
		return;
	out_line(&c->out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		level_number(&c->out, rows[i].key, rows[i].label,
			     tb[rows[i].attr]);
}

void level_tunnel_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	level_number(o, "tunnel_id", "tunnel ", tb[CTL_A_TUNNEL_ID]);
	level_number(o, "peer_tunnel_id", " peer ", tb[CTL_A_PEER_TUNNEL_ID]);
	link_text(o, "peer", " ", tb[CTL_A_PEER_NAME]);
	level_fields(c, tb);
	traffic(c, tb);
}

void level_session_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	level_number(o, "tunnel_id", "session ", tb[CTL_A_TUNNEL_ID]);
	level_number(o, "session_id", "/", tb[CTL_A_SESSION_ID]);
	if (!c->brief)
		level_number(o, "peer_session_id", " peer ",
			     tb[CTL_A_PEER_SESSION_ID]);
	link_text(o, "user", " user ", tb[CTL_A_USER]);
	level_fields(c, tb);
	traffic(c, tb);
}

/* ------------------------------------------------------------------ orders */

int level_order(struct cli *c, const struct command *cmd,
		void (*fill)(struct nlmsghdr *msg, const struct args *args),
		const struct args *args)
{
	struct nlmsghdr *msg = cli_ask(c, (uint16_t)cmd->value);

	if (!msg)
		return CLI_LOCAL;
	mnl_attr_put_strz(msg, CTL_A_ADMIN,
			  strcmp(cmd->verb, "enable") ? cmd->verb : "enabled");
	if (fill)
		fill(msg, args);
	return cli_hear(c, msg, NULL, NULL);
}
