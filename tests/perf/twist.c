/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See twist.h. */
#include "perf/twist.h"

#include <string.h>

const struct twist twists[] = {
	{ "none", 0, true, "as it should be" },
	{ "no-scccn", TWIST_NO_SCCCN, false, "lac: SCCCN never comes" },
	{ "no-iccn", TWIST_NO_ICCN, false, "lac: ICCN never comes" },
	{ "no-sccrp", TWIST_NO_SCCRP, false, "lns: SCCRP never comes" },
	{ "no-icrp", TWIST_NO_ICRP, false, "lns: ICRP never comes" },
	{ "wrong-secret", TWIST_WRONG_SECRET, false,
	  "challenges are answered with another secret" },
	{ "wrong-name", TWIST_WRONG_NAME, false,
	  "the Host Name is \"stranger\"" },
	{ "flood", TWIST_FLOOD, false,
	  "lac: each tunnel is one SCCRQ from a port of its own, no more" },
	{ "never-acks", TWIST_NEVER_ACK, false,
	  "nothing is acknowledged once the tunnel is up" },
	{ "slow", TWIST_SLOW, true, "each message leaves half a second late" },
	{ "teardown", TWIST_TEARDOWN, false,
	  "calls and tunnels end at random, with a message or without" },
	{ "mutate", TWIST_MUTATE, false,
	  "bytes of every other message are changed at random" },
	{ "vendor-avps", TWIST_VENDOR, true,
	  "AVPs of vendors in each message, not mandatory" },
	{ "sli", TWIST_SLI, true,
	  "SLI and WEN in each call, from either side" },
	{ "hellos", TWIST_HELLOS, true, "1,000 HELLOs a second and tunnel" },
	{ "twice", TWIST_TWICE, true, "everything is sent twice" },
};

const size_t n_twists = sizeof(twists) / sizeof(twists[0]);

const struct twist *twist_find(const char *name)
{
	for (size_t i = 0; i < n_twists; i++)
		if (!strcmp(twists[i].name, name))
			return &twists[i];
	return NULL;
}
