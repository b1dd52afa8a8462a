/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit system: totals and limits of the module, why it dropped packets, and what
 * the daemon says of itself. Either may be missing; a daemon that was named (-S)
 * may not.
 */
#include "cli/system.h"

#include "cli/level.h"
#include "cli/link.h"

#include <string.h>

static const char *const reasons[] = {
#define ADIT_DROP(name, text) #name,
#include "adit/drop_list.h"
};

#define N_REASONS (sizeof(reasons) / sizeof(reasons[0]))

/* A newer module may know more reasons than this tool. */
static void print_drop(struct cli *c, unsigned int at, uint64_t n)
{
	char key[32], label[64];

	if (at - 1 < N_REASONS)
		snprintf(key, sizeof(key), "%s", reasons[at - 1]);
	else
		snprintf(key, sizeof(key), "reason_%u", at);
	if (!n && !c->stats && !c->out.json)
		return;
	out_line(&c->out);
	snprintf(label, sizeof(label), "drop %s ", key);
	out_field(&c->out, key, label, out_u64(n));
}

static void print_drops(struct cli *c, const struct nlattr *drops)
{
	const struct nlattr *a;

	out_nest(&c->out, "drops");
	mnl_attr_for_each_nested(a, drops)
		if (mnl_attr_get_type(a) && mnl_attr_get_payload_len(a) >= 8)
			print_drop(c, mnl_attr_get_type(a),
				   mnl_attr_get_u64(a));
	out_nest_end(&c->out);
}

/* Fragments of tunnels' data: limits, and what became of them. */
static void print_reassembly(struct cli *c, const struct nlattr *const *tb)
{
	static const struct {
		uint16_t type;
		const char *key, *label;
	} rows[] = {
		{ ADIT_FRAG_STAT_TAKEN, "taken", "fragments taken " },
		{ ADIT_FRAG_STAT_JOINED, "joined", " joined " },
		{ ADIT_FRAG_STAT_DATAGRAMS, "datagrams", " datagrams " },
		{ ADIT_FRAG_STAT_HELD, "held", " held " },
		{ ADIT_FRAG_STAT_BYTES, "bytes", " bytes " },
	};
	uint64_t value[ADIT_FRAG_STAT_MAX + 1] = { 0 };
	struct out *o = &c->out;
	const struct nlattr *a;
	size_t i;

	mnl_attr_for_each_nested(a, tb[ADIT_A_FRAG_STATS])
		if (mnl_attr_get_type(a) <= ADIT_FRAG_STAT_MAX &&
		    mnl_attr_get_payload_len(a) >= 8)
			value[mnl_attr_get_type(a)] = mnl_attr_get_u64(a);
	out_line(o);
	out_nest(o, "reassembly");
	out_field(o, "timeout", "reassembly timeout ",
		  out_u64(link_u32(tb[ADIT_A_FRAG_TIMEOUT])));
	out_field(o, "budget", " ms budget ",
		  out_u64(link_u32(tb[ADIT_A_FRAG_BUDGET])));
	out_field(o, "peer_budget", " peer-budget ",
		  out_u64(link_u32(tb[ADIT_A_FRAG_PEER_BUDGET])));
	out_line(o);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		out_field(o, rows[i].key, rows[i].label,
			  out_u64(value[rows[i].type]));
	out_nest_end(o);
}

static const struct {
	uint16_t attr;
	const char *key, *label;
} counts[] = {
	{ ADIT_A_MSS_CLAMPED, "mss_clamped", " mss-clamped " },
	{ ADIT_A_BATCHES, "batches", " batches " },
	{ ADIT_A_BATCHED, "batched", " batched " },
};

/* In text only where it is on. */
static void orphan_field(struct out *o, uint32_t timeout)
{
	out_field(o, "orphan_timeout", timeout ? " orphan-timeout " : NULL,
		  out_u64(timeout));
}

static void module_fields(const struct nlattr *const *tb, uint8_t cmd,
			  void *user)
{
	struct cli *c = user;
	struct out *o = &c->out;
	uint32_t anchor = link_u32(tb[ADIT_A_ANCHOR]);

	(void)cmd;
	out_puts(o, "module");
	out_nest(o, "module");
	out_field(o, "tunnels", " tunnels ",
		  out_u64(link_u32(tb[ADIT_A_TUNNELS])));
	out_field(o, "max_tunnels", " of ",
		  out_u64(link_u32(tb[ADIT_A_MAX_TUNNELS])));
	out_field(o, "sessions", " sessions ",
		  out_u64(link_u32(tb[ADIT_A_SESSIONS])));
	out_field(o, "max_sessions", " of ",
		  out_u64(link_u32(tb[ADIT_A_MAX_SESSIONS])));
	orphan_field(o, link_u32(tb[ADIT_A_ORPHAN_TIMEOUT]));
	out_field(o, "pppoes", " pppoes ",
		  out_u64(link_u32(tb[ADIT_A_PPPOES])));
	if (anchor)
		link_dev(o, " dev ", anchor);
	if (tb[ADIT_A_INSTANCE])
		out_field(o, "instance", c->details ? " instance " : NULL,
			  out_hex(mnl_attr_get_u64(tb[ADIT_A_INSTANCE])));
	if ((c->stats || o->json) && tb[ADIT_A_FRAG_STATS])
		print_reassembly(c, tb);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (tb[counts[i].attr])
			out_field(o, counts[i].key,
				  c->details ? counts[i].label : NULL,
				  out_u64(mnl_attr_get_u64(tb[counts[i].attr])));
	if (!c->brief && tb[ADIT_A_DROPS])
		print_drops(c, tb[ADIT_A_DROPS]);
	out_nest_end(o);
	out_puts(o, "\n");
}

/* Total, active, failed, auth-errors of all levels below. */
static void level_tallies(struct cli *c, const struct nlattr *const *tb)
{
	out_nest(&c->out, "levels");
	level_tally(c, "destinations", "destinations",
		    tb[CTL_A_OF_DESTINATIONS], false);
	level_tally(c, "tunnels", "tunnels     ", tb[CTL_A_OF_TUNNELS], true);
	level_tally(c, "sessions", "sessions    ", tb[CTL_A_OF_SESSIONS],
		    false);
	out_nest_end(&c->out);
}

/* The system's record comes first, then the counters. */
static void daemon_fields(const struct nlattr *const *tb, void *user)
{
	struct cli *c = user;
	struct out *o = &c->out;
	uint32_t kind = tb[CTL_A_KIND] ? mnl_attr_get_u32(tb[CTL_A_KIND]) : 0;
	uint64_t value;
	char label[96];

	if (kind == CTL_KIND_SYSTEM) {
		link_text(o, "hostname", " ", tb[CTL_A_HOSTNAME]);
		link_text(o, "version", " version ", tb[CTL_A_VERSION]);
		level_number(o, "subscribers", " subscribers ",
			     tb[CTL_A_SUBSCRIBERS]);
		level_number(o, "tunnels", " tunnels ", tb[CTL_A_TUNNELS]);
		level_number(o, "sessions", " sessions ", tb[CTL_A_SESSIONS]);
		level_admin_fields(c, tb);
		if (!c->brief)
			level_tallies(c, tb);
	}
	if (kind != CTL_KIND_COUNTER || c->brief || !tb[CTL_A_NAME] ||
	    !tb[CTL_A_VALUE])
		return;
	value = mnl_attr_get_u64(tb[CTL_A_VALUE]);
	if (!o->json && !value && !c->stats)
		return;
	out_line(o);
	snprintf(label, sizeof(label), "%.80s ",
		 mnl_attr_get_str(tb[CTL_A_NAME]));
	out_field(o, mnl_attr_get_str(tb[CTL_A_NAME]), label, out_u64(value));
}

static int show_module(struct cli *c)
{
	struct nlmsghdr *msg = cli_request(c, ADIT_CMD_SYSTEM_GET, false);

	return msg ? cli_talk(c, msg, module_fields, c) : CLI_LOCAL;
}

static int show_daemon(struct cli *c)
{
	struct nlmsghdr *msg = cli_ask(c, CTL_SYSTEM_SHOW);
	int rc;

	if (!msg)
		return CLI_LOCAL;
	out_puts(&c->out, "daemon");
	out_nest(&c->out, "daemon");
	rc = cli_hear(c, msg, daemon_fields, c);
	out_nest_end(&c->out);
	out_puts(&c->out, "\n");
	return rc;
}

static int system_show(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	bool daemon = level_daemon(c);
	int module_rc, daemon_rc;

	(void)cmd;
	(void)args;
	out_object(&c->out);
	module_rc = show_module(c);
	daemon_rc = daemon ? show_daemon(c) : CLI_OK;
	if (c->out.json)
		out_object_end(&c->out);
	if (daemon_rc && c->socket_given)
		return daemon_rc;
	/* One of the two is enough. */
	return daemon && !daemon_rc ? CLI_OK : module_rc;
}

static const struct arg set_args[] = {
	{ .word = "max-tunnels", .type = ARG_U32, .attr = ADIT_A_MAX_TUNNELS },
	{ .word = "max-sessions", .type = ARG_U32, .attr = ADIT_A_MAX_SESSIONS },
	{ .word = "frag-timeout", .type = ARG_U32, .attr = ADIT_A_FRAG_TIMEOUT },
	{ .word = "frag-budget", .type = ARG_U32, .attr = ADIT_A_FRAG_BUDGET },
	{ .word = "frag-peer-budget",
	  .type = ARG_U32,
	  .attr = ADIT_A_FRAG_PEER_BUDGET },
	{ .word = "orphan-timeout",
	  .type = ARG_U32,
	  .attr = ADIT_A_ORPHAN_TIMEOUT },
};

static int system_order(struct cli *c, const struct command *cmd,
			const struct args *args)
{
	return level_order(c, cmd, NULL, args);
}

#define NO_ARGS NULL, 0

static const struct command commands[] = {
	{ "show", "list sh", "totals, reasons of drops, the daemon's counters",
	  NULL, 0, system_show, true, 0 },
	{ "set", NULL, "limits of the module", ROWS(set_args), cli_simple,
	  false, ADIT_CMD_SYSTEM_SET },
	LEVEL_ORDERS(NO_ARGS, system_order, CTL_SYSTEM_ORDER),
};

const struct object system_object = {
	"system",
	"the module as a whole, and the daemon",
	ROWS(commands),
};
