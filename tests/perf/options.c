/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See options.h. */
#include "perf/options.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define L2TP_PORT 1701

enum kind { FLAG, NO_FLAG, NUMBER, REAL, TEXT, PEER, LOCAL, ADDR, AUTH, TWIST };

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
	  "our addresses, a socket each [any; port: lns 1701, lac any]", 0, 0 },
	{ "tunnels", "N", NUMBER, AT(tunnels),
	  "tunnels; lns: at most [1; lns 65535]", 1, 65535 },
	{ "sessions", "N", NUMBER, AT(sessions),
	  "calls in each; lns: at most [1; lns 65535]", 0, 65535 },
	{ "tunnel-rate", "N", REAL, AT(tunnel_rate),
	  "tunnels begun a second [0: as it goes]", 0, 0 },
	{ "call-rate", "N", REAL, AT(call_rate),
	  "calls begun a second [0: as it goes]", 0, 0 },
	{ "tunnels-at-once", "N", NUMBER, AT(tunnels_at_once),
	  "tunnels being set up at once [10]", 1, 65535 },
	{ "calls-at-once", "N", NUMBER, AT(calls_at_once),
	  "calls, with their PPP, being set up at once [64]", 1, INT_MAX },
	{ "name", "TEXT", TEXT, AT(name), "our Host Name [lac or lns]", 0, 0 },
	{ "secret", "TEXT", TEXT, AT(secret),
	  "of the tunnels; both sides are challenged [none]", 0, 0 },
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
	{ "auth", "none|pap|chap", AUTH, AT(auth), "of subscribers [chap]", 0,
	  0 },
	{ "user", "TEXT", TEXT, AT(user),
	  "of subscribers; %u in it is a number of each [user]", 0, 0 },
	{ "password", "TEXT", TEXT, AT(password),
	  "of subscribers; lns: the only one that is right [lns: any is]", 0,
	  0 },
	{ "pool", "ADDR", ADDR, AT(pool),
	  "subscribers' first address (lns) [100.64.0.2]", 0, 0 },
	{ "twist", "NAME", TWIST, AT(twist), "misbehave; see below [none]", 0,
	  0 },
	{ "twist-share", "PERCENT", NUMBER, AT(twist_share),
	  "of the tunnels that do [100]", 0, 100 },
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
	{ "hold", "SECONDS", REAL, AT(hold), "how long it stays up (lac) [0]",
	  0, 0 },
	{ "limit", "SECONDS", REAL, AT(limit),
	  "when it ends, whatever there is [lac 60; lns never]", 0, 0 },
	{ "leave", NULL, FLAG, AT(leave), "end without a word to the peer", 0,
	  0 },
	{ "json", NULL, FLAG, AT(json), "the report as JSON", 0, 0 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void help(void)
{
	size_t i;

	printf("l2tpload - tunnels and calls of many L2TP peers, without a data path\n\n"
	       "usage: l2tpload lac --peer ADDR [OPTION...]\n"
	       "       l2tpload lns [OPTION...]\n\n"
	       "As LAC it sets up tunnels, calls in them, and a subscriber's PPP in each\n"
	       "call; as LNS it answers. Both speak L2TPv2 (RFC 2661) with any peer. At\n"
	       "its end it reports rates, latencies and failures by reason.\n\n"
	       "Status: 0 all that was to come up did and stayed; 1 not all; 2 usage.\n"
	       "An LNS runs until SIGTERM or SIGINT.\n\noptions:\n");
	for (i = 0; i < N_ROWS; i++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s %s", rows[i].word,
			 rows[i].value ? rows[i].value : "");
		printf("  %-26s %s\n", left, rows[i].what);
	}
	printf("\ntwists:\n");
	for (i = 0; i < n_twists; i++)
		printf("  %-26s %s\n", twists[i].name, twists[i].what);
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
		o->twist = twist_find(text);
		return o->twist ? 0 : -1;
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

static void set_defaults(struct options *o, bool lns)
{
	*o = (struct options){ .lns = lns,
			       .peer.port = L2TP_PORT,
			       .local.port = lns ? L2TP_PORT : 0,
			       .n_local = 1,
			       .tunnels = lns ? 65535 : 1,
			       .sessions = lns ? 65535 : 1,
			       .tunnels_at_once = 10,
			       .calls_at_once = 64,
			       .name = lns ? "lns" : "lac",
			       .user = "user",
			       .password = lns ? NULL : "password",
			       .auth = AUTH_CHAP,
			       .ppp = true,
			       .proxy = true,
			       .window = 16,
			       .retries = 5,
			       .twist = &twists[0],
			       .twist_share = 100,
			       .seed = 1,
			       .limit = lns ? 0 : 60 };
	o->pool = addr_v4(0x64400002); /* 100.64.0.2 */
}

int options_parse(struct options *o, int argc, char **argv)
{
	int i, rc;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") && strcmp(argv[i], "-h"))
			continue;
		help();
		return -1;
	}
	if (argc < 2 || (strcmp(argv[1], "lac") && strcmp(argv[1], "lns")))
		return complain("which role, lac or lns?", "");
	set_defaults(o, !strcmp(argv[1], "lns"));
	for (i = 2; i < argc; i++) {
		rc = parse_word(o, argv, &i);
		if (rc)
			return rc;
	}
	if (!o->lns && !o->peer.addr.family)
		return complain("lac needs ", "--peer");
	if (!o->local.addr.family) {
		o->local.addr.family = o->lns ? AF_INET : o->peer.addr.family;
	} else if (!o->lns && o->local.addr.family != o->peer.addr.family) {
		return complain("of another family than the peer: ", "--local");
	}
	if (o->hide && !o->secret)
		return complain("needs --secret: ", "--hide");
	return 0;
}
