/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See twist.h. */
#include "perf/twist.h"

#include <string.h>

const struct twist twists[] = {
	{ "none", 0, true, "as it should be",
	  TWIST_L2TP | TWIST_PPPOE | TWIST_RADIUS },
	{ "no-scccn", TWIST_NO_SCCCN, false, "lac: SCCCN never comes",
	  TWIST_L2TP },
	{ "no-iccn", TWIST_NO_ICCN, false, "lac: ICCN never comes",
	  TWIST_L2TP },
	{ "no-sccrp", TWIST_NO_SCCRP, false, "lns: SCCRP never comes",
	  TWIST_L2TP },
	{ "no-icrp", TWIST_NO_ICRP, false, "lns: ICRP never comes",
	  TWIST_L2TP },
	{ "wrong-secret", TWIST_WRONG_SECRET, false,
	  "challenges are answered with another secret", TWIST_L2TP },
	{ "wrong-name", TWIST_WRONG_NAME, false,
	  "the Host Name is \"stranger\"", TWIST_L2TP },
	{ "flood", TWIST_FLOOD, false,
	  "lac: each tunnel is one SCCRQ from a port of its own, no more",
	  TWIST_L2TP },
	{ "never-acks", TWIST_NEVER_ACK, false,
	  "nothing is acknowledged once the tunnel is up", TWIST_L2TP },
	{ "slow", TWIST_SLOW, true,
	  "each message leaves half a second late, answers of RADIUS 1.5 s",
	  TWIST_L2TP | TWIST_PPPOE | TWIST_RADIUS },
	{ "teardown", TWIST_TEARDOWN, false,
	  "calls, tunnels and clients end at random, with a message or without",
	  TWIST_L2TP | TWIST_PPPOE },
	{ "mutate", TWIST_MUTATE, false,
	  "bytes of every other message are changed at random",
	  TWIST_L2TP | TWIST_PPPOE | TWIST_RADIUS },
	{ "vendor-avps", TWIST_VENDOR, true,
	  "AVPs of vendors in each message, not mandatory", TWIST_L2TP },
	{ "sli", TWIST_SLI, true, "SLI and WEN in each call, from either side",
	  TWIST_L2TP },
	{ "hellos", TWIST_HELLOS, true, "1,000 HELLOs a second and tunnel",
	  TWIST_L2TP },
	{ "twice", TWIST_TWICE, true, "everything is sent twice",
	  TWIST_L2TP | TWIST_PPPOE | TWIST_RADIUS },
	{ "no-padr", TWIST_NO_PADR, false, "no more than PADI is said",
	  TWIST_PPPOE },
	{ "silent", TWIST_SILENT, false, "no frame of PPP follows PADS",
	  TWIST_PPPOE },
	{ "no-auth", TWIST_NO_AUTH, false, "no answer to authentication",
	  TWIST_PPPOE },
	{ "padt-storm", TWIST_PADT, true,
	  "100 PADTs a second and client, for sessions of others",
	  TWIST_PPPOE },
	{ "redial", TWIST_REDIAL, false,
	  "up, it dials again from its address, without PADT", TWIST_PPPOE },
	{ "dead", TWIST_DEAD, false, "no answer", TWIST_RADIUS },
	{ "reject", TWIST_REJECT, false, "nobody is let in", TWIST_RADIUS },
	{ "forged", TWIST_FORGED, true,
	  "before each answer one with a wrong authenticator", TWIST_RADIUS },
	{ "truncated", TWIST_TRUNCATED, true,
	  "before each answer the same without its end", TWIST_RADIUS },
	{ "replayed", TWIST_REPLAYED, true,
	  "before each answer the one before it", TWIST_RADIUS },
	{ "foreign", TWIST_FOREIGN, true,
	  "before each answer the same from another port", TWIST_RADIUS },
	{ "plain", TWIST_PLAIN, true, "no Message-Authenticator in answers",
	  TWIST_RADIUS },
};

const size_t n_twists = sizeof(twists) / sizeof(twists[0]);

const struct twist *twist_find(const char *name, unsigned int whose)
{
	for (size_t i = 0; i < n_twists; i++)
		if ((twists[i].whose & whose) && !strcmp(twists[i].name, name))
			return &twists[i];
	return NULL;
}
