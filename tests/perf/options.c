/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See options.h. */
#include "perf/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define L2TP_PORT 1701
#define RADIUS_PORT 1812

enum kind {
	FLAG,
	NO_FLAG,
	NUMBER,
	REAL,
	TEXT,
	PEER,
	LOCAL,
	ADDR,
	AUTH,
	TWIST,
	HEX
};

struct row {
	const char *word, *value;
	enum kind kind;
	size_t at; /* in struct options */
	const char *what;
	unsigned int min, max; /* NUMBER; of 16 bits if so for WINDOW only */
};

#define AT(member) offsetof(struct options, member)

static const struct row rows[] = {
	{ "peer", "ADDR[:PORT]", PEER, AT(peer), "whom to call (lac)", 0, 0 },
	{ "local", "ADDR[-ADDR][:PORT]", LOCAL, AT(local),
	  "our addresses, a socket each; radius: two, that port and the next [any; port: lns 1701, radius 1812, lac any]",
	  0, 0 },
	{ "device", "NAME", TEXT, AT(device), "where to dial (pppoe)", 0, 0 },
	{ "first", "N", NUMBER, AT(first),
	  "number of the first subscriber, in names and addresses (pppoe) [1]",
	  1, INT_MAX },
	{ "service", "TEXT", TEXT, AT(service),
	  "Service-Name that is asked for (pppoe) [any]", 0, 0 },
	{ "circuit", "TEXT", TEXT, AT(circuit),
	  "Agent Circuit ID; %u in it is the number (pppoe) [none]", 0, 0 },
	{ "tunnels", "N", NUMBER, AT(tunnels),
	  "tunnels; lns: at most [1; lns 65535]", 1, 65535 },
	{ "sessions", "N", NUMBER, AT(sessions),
	  "calls in each; lns: at most; pppoe: clients [1; lns 65535]", 0,
	  1000000 },
	{ "tunnel-rate", "N", REAL, AT(tunnel_rate),
	  "tunnels begun a second [0: as it goes]", 0, 0 },
	{ "call-rate", "N", REAL, AT(call_rate),
	  "calls, or clients, begun a second [0: as it goes]", 0, 0 },
	{ "tunnels-at-once", "N", NUMBER, AT(tunnels_at_once),
	  "tunnels being set up at once [10]", 1, 65535 },
	{ "calls-at-once", "N", NUMBER, AT(calls_at_once),
	  "calls or clients, with their PPP, set up, or ended, at once [64]", 1,
	  INT_MAX },
	{ "name", "TEXT", TEXT, AT(name), "our Host Name [lac or lns]", 0, 0 },
	{ "secret", "TEXT", TEXT, AT(secret),
	  "of the tunnels; both sides are challenged; of RADIUS [none; radius \"secret\"]",
	  0, 0 },
	{ "hide", NULL, FLAG, AT(hide),
	  "hide proxy authentication (RFC 2661 4.3)", 0, 0 },
	{ "window", "N", NUMBER, AT(window), "our receive window [16]", 1,
	  1024 },
	{ "retries", "N", NUMBER, AT(retries), "retransmissions [5]", 1, 20 },
	{ "hello", "SECONDS", NUMBER, AT(hello),
	  "HELLO in each tunnel, and how long its acknowledgement takes [0: none]",
	  0, 3600 },
	{ "no-ppp", NULL, NO_FLAG, AT(ppp), "calls only: no PPP", 0, 0 },
	{ "no-proxy", NULL, NO_FLAG, AT(proxy),
	  "no proxy LCP: the LNS negotiates (lac)", 0, 0 },
	{ "auth", "none|pap|chap", AUTH, AT(auth),
	  "of subscribers; without proxy chap is what the peer likes [chap]", 0,
	  0 },
	{ "user", "TEXT", TEXT, AT(user),
	  "of subscribers; %u in it is a number of each [user]", 0, 0 },
	{ "password", "TEXT", TEXT, AT(password),
	  "of subscribers; lns, radius: the only one that is right [any is]", 0,
	  0 },
	{ "pool", "ADDR", ADDR, AT(pool),
	  "subscribers' first address (lns) [100.64.0.2]", 0, 0 },
	{ "attributes", "HEX", HEX, AT(attributes),
	  "of Access-Accept, as they are on the wire (radius) [none]", 0, 0 },
	{ "twist", "NAME", TWIST, AT(twist), "misbehave; see below [none]", 0,
	  0 },
	{ "twist-share", "PERCENT", NUMBER, AT(twist_share),
	  "of the tunnels, clients, answers that do [100]", 0, 100 },
	{ "loss", "PERCENT", NUMBER, AT(loss), "of packets, each way [0]", 0,
	  100 },
	{ "duplicate", "PERCENT", NUMBER, AT(duplicate),
	  "of packets, each way [0]", 0, 100 },
	{ "reorder", "PERCENT", NUMBER, AT(reorder),
	  "of packets, each way: 20 ms late [0]", 0, 100 },
	{ "delay", "MS", NUMBER, AT(delay), "of packets, each way [0]", 0,
	  60000 },
	{ "jitter", "MS", NUMBER, AT(jitter), "that much more, at random [0]",
	  0, 60000 },
	{ "seed", "N", NUMBER, AT(seed), "of all that is random [1]", 0,
	  INT_MAX },
	{ "hold", "SECONDS", REAL, AT(hold),
	  "how long it stays up (lac, pppoe) [0]", 0, 0 },
	{ "limit", "SECONDS", REAL, AT(limit),
	  "when it ends, whatever there is [60; lns, radius never]", 0, 0 },
	{ "leave", NULL, FLAG, AT(leave), "end without a word to the peer", 0,
	  0 },
	{ "json", NULL, FLAG, AT(json), "the report as JSON", 0, 0 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void help_twists(const char *title, unsigned int whose)
{
	printf("\n%s:\n", title);
	for (size_t i = 0; i < n_twists; i++)
		if (twists[i].whose & whose)
			printf("  %-26s %s\n", twists[i].name, twists[i].what);
}

static void help(void)
{
	size_t i;

	printf("l2tpload - tunnels and calls of many L2TP peers, and PPPoE clients, without\n"
	       "a data path\n\n"
	       "usage: l2tpload lac --peer ADDR [OPTION...]\n"
	       "       l2tpload lns [OPTION...]\n"
	       "       l2tpload pppoe --device NAME [OPTION...]\n"
	       "       l2tpload radius [OPTION...]\n\n"
	       "As LAC it sets up tunnels, calls in them, and a subscriber's PPP in each\n"
	       "call; as LNS it answers. Both speak L2TPv2 (RFC 2661) with any peer. Or it\n"
	       "is PPPoE clients (RFC 2516), each with an address of its own; their calls\n"
	       "are from PADI to PADS. Or a RADIUS server, for authentication and accounting\n"
	       "(RFC 2865, 2866). At its end it reports rates, latencies and failures by\n"
	       "reason.\n\n"
	       "Status: 0 all that was to come up did and stayed; 1 not all; 2 usage.\n"
	       "An LNS and a RADIUS server run until SIGTERM or SIGINT.\n\noptions:\n");
	for (i = 0; i < N_ROWS; i++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s %s", rows[i].word,
			 rows[i].value ? rows[i].value : "");
		printf("  %-26s %s\n", left, rows[i].what);
	}
	help_twists("twists of pppoe", TWIST_PPPOE);
	help_twists("twists of radius", TWIST_RADIUS);
	help_twists("twists", TWIST_L2TP);
}

/* ADDR or ADDR:PORT or [ADDR]:PORT; -1: neither. */
static int parse_addr_port(const char *text, struct addr_port *a)
{
	char copy[96], *host = copy, *port = NULL, *end;
	unsigned long n;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return -1;
	if (copy[0] == '[') {
		host++;
		end = strchr(copy, ']');
		if (!end)
			return -1;
		port = end[1] == ':' ? end + 2 : NULL;
		*end = 0;
	} else if (strchr(copy, ':') == strrchr(copy, ':') &&
		   strchr(copy, ':')) {
		port = strchr(copy, ':');
		*port++ = 0;
	}
	if (addr_parse(host, &a->addr))
		return -1;
	if (port) {
		n = strtoul(port, &end, 10);
		if (!*port || *end || n > 65535)
			return -1;
		a->port = (uint16_t)n;
	}
	return 0;
}

/* ADDR-ADDR, IPv4 only, or what parse_addr_port takes. */
static int parse_local(const char *text, struct options *o)
{
	const char *dash = strchr(text, '-');
	struct addr_port last = o->local;
	char first[64];

	o->n_local = 1;
	if (!dash)
		return parse_addr_port(text, &o->local);
	snprintf(first, sizeof(first), "%.*s", (int)(dash - text), text);
	if (addr_parse(first, &o->local.addr) ||
	    parse_addr_port(dash + 1, &last) ||
	    o->local.addr.family != AF_INET || last.addr.family != AF_INET ||
	    addr_to_v4(&last.addr) < addr_to_v4(&o->local.addr) ||
	    addr_to_v4(&last.addr) - addr_to_v4(&o->local.addr) > 65535)
		return -1;
	o->local.port = last.port;
	o->n_local += addr_to_v4(&last.addr) - addr_to_v4(&o->local.addr);
	return 0;
}

static int parse_number(const struct row *r, const char *text, void *at)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (!*text || *end || errno || n < r->min || n > r->max)
		return -1;
	if (r->at == AT(window))
		*(uint16_t *)at = (uint16_t)n;
	else
		*(unsigned int *)at = (unsigned int)n;
	return 0;
}

static int parse_real(const char *text, double *at)
{
	char *end;

	*at = strtod(text, &end);
	return !*text || *end || !(*at >= 0 && *at < 1e9) ? -1 : 0;
}

static int parse_auth(const char *text, enum options_auth *at)
{
	static const char *const words[] = {
		[AUTH_NONE] = "none", [AUTH_PAP] = "pap", [AUTH_CHAP] = "chap"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], text))
			continue;
		*at = (enum options_auth)i;
		return 0;
	}
	return -1;
}

static int parse_hex(const char *text, struct options_attributes *at)
{
	unsigned int byte;

	for (at->len = 0; *text; text += 2) {
		if (at->len == sizeof(at->b) || !isxdigit(text[0]) ||
		    !isxdigit(text[1]) || sscanf(text, "%2x", &byte) != 1)
			return -1;
		at->b[at->len++] = (uint8_t)byte;
	}
	return 0;
}

static const unsigned int whose[] = {
	[ROLE_LAC] = TWIST_L2TP,
	[ROLE_LNS] = TWIST_L2TP,
	[ROLE_PPPOE] = TWIST_PPPOE,
	[ROLE_RADIUS] = TWIST_RADIUS,
};

static int take(struct options *o, const struct row *r, const char *text)
{
	void *at = (char *)o + r->at;

	switch (r->kind) {
	case FLAG:
		*(bool *)at = true;
		return 0;
	case NO_FLAG:
		*(bool *)at = false;
		return 0;
	case NUMBER:
		return parse_number(r, text, at);
	case REAL:
		return parse_real(text, at);
	case TEXT:
		*(const char **)at = text;
		return 0;
	case PEER:
		return parse_addr_port(text, at);
	case LOCAL:
		return parse_local(text, o);
	case ADDR:
		return addr_parse(text, at) ||
				       ((struct addr *)at)->family != AF_INET ?
			       -1 :
			       0;
	case AUTH:
		return parse_auth(text, at);
	case TWIST:
		o->twist = twist_find(text, whose[o->role]);
		return o->twist ? 0 : -1;
	case HEX:
		return parse_hex(text, at);
	}
	return -1;
}

static int complain(const char *about, const char *word)
{
	fprintf(stderr, "l2tpload: %s%s (--help tells more)\n", about, word);
	return 1;
}

static int parse_word(struct options *o, char **argv, int *i)
{
	const char *word = argv[*i];
	const struct row *r;

	for (r = rows; r < rows + N_ROWS; r++)
		if (!strncmp(word, "--", 2) && !strcmp(word + 2, r->word))
			break;
	if (r == rows + N_ROWS)
		return complain("unknown option: ", word);
	if (r->value && !argv[*i + 1])
		return complain("a value is missing: ", word);
	if (take(o, r, r->value ? argv[++*i] : NULL))
		return complain("not a value of that: ", argv[*i]);
	return 0;
}

static const char *const roles[] = {
	[ROLE_LAC] = "lac",
	[ROLE_LNS] = "lns",
	[ROLE_PPPOE] = "pppoe",
	[ROLE_RADIUS] = "radius",
};

#define N_ROLES (sizeof(roles) / sizeof(roles[0]))

const char *options_role_name(const struct options *o)
{
	return roles[o->role];
}

static void set_defaults(struct options *o, enum options_role role)
{
	bool lns = role == ROLE_LNS, radius = role == ROLE_RADIUS;

	*o = (struct options){ .role = role,
			       .peer.port = L2TP_PORT,
			       .local.port = lns    ? L2TP_PORT :
					     radius ? RADIUS_PORT :
						      0,
			       .secret = radius ? "secret" : NULL,
			       .n_local = 1,
			       .first = 1,
			       .tunnels = lns ? 65535 : 1,
			       .sessions = lns ? 65535 : 1,
			       .tunnels_at_once = 10,
			       .calls_at_once = 64,
			       .name = roles[role],
			       .user = "user",
			       .password = lns || radius ? NULL : "password",
			       .auth = AUTH_CHAP,
			       .ppp = true,
			       .proxy = role != ROLE_PPPOE,
			       .window = 16,
			       .retries = 5,
			       .twist = &twists[0],
			       .twist_share = 100,
			       .seed = 1,
			       .limit = lns || radius ? 0 : 60 };
	o->pool = addr_v4(0x64400002); /* 100.64.0.2 */
}

/* What goes together. */
static int check(struct options *o)
{
	if (o->role == ROLE_LAC && !o->peer.addr.family)
		return complain("lac needs ", "--peer");
	if (o->role == ROLE_PPPOE && !o->device)
		return complain("pppoe needs ", "--device");
	if (!o->local.addr.family)
		o->local.addr.family =
			o->role == ROLE_LAC ? o->peer.addr.family : AF_INET;
	else if (o->role == ROLE_LAC &&
		 o->local.addr.family != o->peer.addr.family)
		return complain("of another family than the peer: ", "--local");
	if (o->role != ROLE_PPPOE && o->sessions > UINT16_MAX)
		return complain("at most 65535: ", "--sessions");
	if (o->hide && !o->secret)
		return complain("needs --secret: ", "--hide");
	return 0;
}

int options_parse(struct options *o, int argc, char **argv)
{
	size_t role;
	int i, rc;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") && strcmp(argv[i], "-h"))
			continue;
		help();
		return -1;
	}
	for (role = 0; argc > 1 && role < N_ROLES; role++)
		if (!strcmp(argv[1], roles[role]))
			break;
	if (argc < 2 || role == N_ROLES)
		return complain("which role, lac, lns, pppoe or radius?", "");
	set_defaults(o, (enum options_role)role);
	for (i = 2; i < argc; i++) {
		rc = parse_word(o, argv, &i);
		if (rc)
			return rc;
	}
	return check(o);
}
