/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit radius: servers and who may order changes, as the daemon knows them. */
#include "cli/radius.h"

#include "cli/level.h"
#include "cli/link.h"

#include <string.h>

#define AUTH 1
#define ACCT 2
#define COA 4
#define SERVER (AUTH | ACCT)

/* What is counted of whom. */
static const struct count {
	enum ctl_radius which;
	unsigned int use;
	const char *key, *label;
} traffic[] = {
	{ CTL_RADIUS_SENT, SERVER, "sent", " sent " },
	{ CTL_RADIUS_RETRANSMITS, SERVER, "retransmits", " retransmits " },
	{ CTL_RADIUS_SEND_FAILED, SERVER | COA, "send_failed",
	  " send-failed " },
	{ CTL_RADIUS_ACCEPTS, AUTH, "accepts", " accepts " },
	{ CTL_RADIUS_REJECTS, AUTH, "rejects", " rejects " },
	{ CTL_RADIUS_CHALLENGES, AUTH, "challenges", " challenges " },
	{ CTL_RADIUS_RESPONSES, ACCT, "responses", " responses " },
	{ CTL_RADIUS_TIMEOUTS, SERVER, "timeouts", " timeouts " },
	{ CTL_RADIUS_DEATHS, SERVER, "deaths", " deaths " },
	{ CTL_RADIUS_PROBES, SERVER, "probes", " probes " },
	{ CTL_RADIUS_PROBES_ANSWERED, SERVER, "probes_answered",
	  " probes-answered " },
	{ CTL_RADIUS_DISCONNECTS, COA, "disconnects", " disconnects " },
	{ CTL_RADIUS_COAS, COA, "coas", " coas " },
	{ CTL_RADIUS_AGAIN, COA, "again", " again " },
	{ CTL_RADIUS_ACKS, COA, "acks", " acks " },
	{ CTL_RADIUS_NAKS, COA, "naks", " naks " },
}, bad[] = {
	{ CTL_RADIUS_MALFORMED, SERVER | COA, "malformed", " malformed " },
	{ CTL_RADIUS_UNEXPECTED, SERVER, "unexpected", " unexpected " },
	{ CTL_RADIUS_BAD_CODE, SERVER | COA, "code", " code " },
	{ CTL_RADIUS_BAD_AUTHENTICATOR, SERVER | COA, "authenticator",
	  " authenticator " },
	{ CTL_RADIUS_BAD_MESSAGE_AUTHENTICATOR, SERVER | COA,
	  "message_authenticator", " message-authenticator " },
	{ CTL_RADIUS_NO_MESSAGE_AUTHENTICATOR, SERVER | COA,
	  "no_message_authenticator", " no-message-authenticator " },
	{ CTL_RADIUS_OVER_RATE, COA, "over_rate", " over-rate " },
	{ CTL_RADIUS_NO_TIMESTAMP, COA, "no_timestamp", " no-timestamp " },
	{ CTL_RADIUS_STALE, COA, "stale", " stale " },
	{ CTL_RADIUS_REPLAYED, COA, "replayed", " replayed " },
}, now[] = {
	{ CTL_RADIUS_IN_FLIGHT, SERVER, "in_flight", " in-flight " },
	{ CTL_RADIUS_QUEUE, SERVER, "queue", " queue " },
};

static unsigned int use_of(const struct nlattr *a)
{
	const char *use = a ? mnl_attr_get_str(a) : "";

	return !strcmp(use, "coa")	  ? COA :
	       !strcmp(use, "accounting") ? ACCT :
					    AUTH;
}

static void counts(struct out *o, const uint64_t *v, unsigned int use,
		   const struct count *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].use & use)
			out_field(o, rows[i].key, rows[i].label,
				  out_u64(v[rows[i].which]));
}

static void group(struct out *o, const char *key, const char *label,
		  const uint64_t *v, unsigned int use, const struct count *rows,
		  size_t n)
{
	out_line(o);
	if (!o->json)
		out_puts(o, label);
	out_nest(o, key);
	counts(o, v, use, rows, n);
	out_nest_end(o);
}

/* A daemon that is older or newer counts less, or more. */
static void take_counts(const struct nlattr *a, uint64_t v[CTL_RADIUS_MAX])
{
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;
	size_t size = CTL_RADIUS_MAX * sizeof(*v);

	memset(v, 0, size);
	if (len)
		memcpy(v, mnl_attr_get_payload(a), len < size ? len : size);
}

void radius_fields(struct cli *c, const struct nlattr *const *tb)
{
	unsigned int use = use_of(tb[CTL_A_USE]);
	struct out *o = &c->out;
	uint64_t v[CTL_RADIUS_MAX];

	take_counts(tb[CTL_A_RADIUS], v);
	link_text(o, "radius", "radius ", tb[CTL_A_NAME]);
	link_text(o, "use", " ", tb[CTL_A_USE]);
	link_text(o, "host", " host ", tb[CTL_A_HOSTNAME]);
	link_text(o, "address", " address ", tb[CTL_A_REMOTE]);
	level_number(o, "port", " port ", tb[CTL_A_PORT]);
	link_text(o, "vrf", " vrf ", tb[CTL_A_VRF]);
	link_text(o, "state", " ", tb[CTL_A_STATE]);
	if (c->brief)
		return;
	level_number(o, "since", " since ", tb[CTL_A_UPTIME]);
	link_text(o, "reason", " reason ", tb[CTL_A_REASON]);
	level_number(o, "response_time", " response-time ",
		     tb[CTL_A_RESPONSE_TIME]);
	counts(o, v, use, ROWS(now));
	if (!c->stats && !o->json)
		return;
	group(o, "traffic", "traffic", v, use, ROWS(traffic));
	group(o, "bad", "bad", v, use, ROWS(bad));
}

static void show_one(const struct nlattr *const *tb, void *user)
{
	struct cli *c = user;

	out_object(&c->out);
	radius_fields(c, tb);
	out_object_end(&c->out);
}

static int radius_show(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	return cli_hear_of(c, (uint16_t)cmd->value, arg_get(args, "server"),
			   show_one);
}

static const struct arg show_args[] = {
	{ .word = "server", .type = ARG_TEXT },
};

static const struct command commands[] = {
	{ "show", "list sh", "lists RADIUS servers and who may order changes",
	  ROWS(show_args), radius_show, true, CTL_RADIUS_SHOW },
};

const struct object radius_object = {
	"radius",
	"RADIUS: servers, clients of RFC 5176 (daemon)",
	ROWS(commands),
};
