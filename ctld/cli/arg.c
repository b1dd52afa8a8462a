/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From words to values. What is quoted in an error is made fit for a terminal. */
#include "cli/arg.h"

#include "base/log.h"
#include "linux/adit.h"

#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define QUOTE_MAX 64

static const char *const what_of[] = {
	[ARG_FLAG] = "",
	[ARG_ID] = "ID",
	[ARG_U16] = "NUMBER",
	[ARG_U32] = "NUMBER",
	[ARG_U64] = "NUMBER",
	[ARG_ON_OFF] = "on|off",
	[ARG_DSCP] = "DSCP|inherit",
	[ARG_ADDR] = "ADDR",
	[ARG_PREFIX] = "PREFIX",
	[ARG_MAC] = "MAC",
	[ARG_TEXT] = "NAME",
	[ARG_DEV] = "DEV",
	[ARG_SESSION] = "T/S",
	[ARG_PPPOE] = "DEV[.VLAN[.VLAN]]/ID",
	[ARG_CODEPOINT] = "DSCP",
	[ARG_RATE] = "RATE",
	[ARG_SIZE] = "SIZE",
	[ARG_TIME] = "TIME",
};

static const char *const wanted[] = {
	[ARG_FLAG] = "nothing",
	[ARG_ID] = "a number from 1 to 65535",
	[ARG_U16] = "a number up to 65535",
	[ARG_U32] = "a number up to 4294967295",
	[ARG_U64] = "a number up to 18446744073709551615",
	[ARG_ON_OFF] = "on or off",
	[ARG_WORDS] = "one of the words of the help text",
	[ARG_DSCP] = "a number up to 63, or inherit,",
	[ARG_ADDR] = "an IPv4 or IPv6 address",
	[ARG_PREFIX] = "an address or ADDRESS/LENGTH",
	[ARG_MAC] = "an Ethernet address",
	[ARG_TEXT] = "a name of 1 to 127 bytes",
	[ARG_DEV] = "a device that exists",
	[ARG_SESSION] = "TUNNEL/SESSION, for example 17/4242",
	[ARG_PPPOE] = "DEVICE/SESSION, for example eth1/7",
	[ARG_CODEPOINT] = "a number up to 63",
	[ARG_RATE] = "a rate from 1kbit to 1tbit, for example 10mbit",
	[ARG_SIZE] = "a size from 1 to 512m, for example 64k",
	[ARG_TIME] = "a time from 1ms to 10s, for example 100ms",
};

const char *arg_what(const struct arg *a)
{
	return a->what ? a->what : what_of[a->type];
}

const struct arg_value *arg_get(const struct args *args, const char *word)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		if (!strcmp(args->v[i].arg->word, word))
			return &args->v[i];
	return NULL;
}

/* Decimal, or 0x... No sign, no blank. */
static int parse_number(const char *text, uint64_t min, uint64_t max,
			uint64_t *u)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	if (hex && !isxdigit((unsigned char)text[2]))
		return -1;
	errno = 0;
	*u = strtoull(text, &end, hex ? 16 : 10);
	return errno || *end || *u < min || *u > max ? -1 : 0;
}

static int parse_part(const char *text, size_t len, uint64_t max, uint16_t *id)
{
	char part[8];
	uint64_t u;

	if (!len || len >= sizeof(part))
		return -1;
	memcpy(part, text, len);
	part[len] = 0;
	if (parse_number(part, 1, max, &u))
		return -1;
	*id = (uint16_t)u;
	return 0;
}

static int parse_session(const char *text, struct link_name *l)
{
	const char *slash = strchr(text, '/');

	if (slash &&
	    parse_part(text, (size_t)(slash - text), UINT16_MAX, &l->tunnel_id))
		return -1;
	if (slash)
		text = slash + 1;
	return parse_part(text, strlen(text), UINT16_MAX, &l->session_id);
}

/* A device may have dots in its own name: the longest name that exists. */
static int parse_port(char *name, struct link_name *l)
{
	uint16_t vlan[2] = { 0 };
	int n = 0;
	char *dot;

	while (!(l->ifindex = if_nametoindex(name))) {
		dot = strrchr(name, '.');
		if (!dot || n == 2 ||
		    parse_part(dot + 1, strlen(dot + 1), 4094, &vlan[n]))
			return -1;
		*dot = 0;
		n++;
	}
	l->outer = n ? vlan[n - 1] : 0;
	l->inner = n == 2 ? vlan[0] : 0;
	return 0;
}

static int parse_pppoe(const char *text, struct link_name *l)
{
	char name[IFNAMSIZ + 16];
	const char *slash = strrchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : 0;

	if (!len || len >= sizeof(name))
		return -1;
	memcpy(name, text, len);
	name[len] = 0;
	l->pppoe = true;
	if (parse_part(slash + 1, strlen(slash + 1), UINT16_MAX,
		       &l->session_id))
		return -1;
	return parse_port(name, l);
}

static int parse_prefix(const char *text, struct arg_value *v)
{
	char addr[ADDR_STRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);

	if (len >= sizeof(addr))
		return -1;
	memcpy(addr, text, len);
	addr[len] = 0;
	if (addr_parse(addr, &v->addr))
		return -1;
	v->u = 8 * addr_len(&v->addr);
	return slash ? parse_number(slash + 1, 0, v->u, &v->u) : 0;
}

static int parse_mac(const char *text, uint8_t mac[6])
{
	int i;

	for (i = 0; i < 6; i++, text += 3) {
		char digits[3] = { 0 };

		if (!isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]) ||
		    text[2] != (i < 5 ? ':' : 0))
			return -1;
		memcpy(digits, text, 2);
		mac[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return 0;
}

static int parse_on_off(const char *text, uint64_t *u)
{
	*u = !strcmp(text, "on");
	return *u || !strcmp(text, "off") ? 0 : -1;
}

static int parse_words(const char *words, const char *text, uint64_t *u)
{
	size_t len = strlen(text);

	for (*u = 0; words; (*u)++) {
		const char *bar = strchr(words, '|');
		size_t n = bar ? (size_t)(bar - words) : strlen(words);

		if (n == len && !memcmp(words, text, n))
			return 0;
		words = bar ? bar + 1 : NULL;
	}
	return -1;
}

static int parse_dscp(const char *text, uint64_t *u)
{
	*u = ADIT_DSCP_INHERIT;
	if (!strcmp(text, "inherit"))
		return 0;
	return parse_number(text, 0, ADIT_DSCP_INHERIT - 1, u);
}

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit rates[] = {
	{ "", 1 },	     { "bit", 1 },	     { "kbit", 1000 },
	{ "mbit", 1000000 }, { "gbit", 1000000000 }, { "tbit", 1000000000000 },
	{ NULL, 0 },
};

static const struct unit sizes[] = {
	{ "", 1 },	   { "b", 1 },	     { "k", 1 << 10 },
	{ "kb", 1 << 10 }, { "m", 1 << 20 }, { "mb", 1 << 20 },
	{ NULL, 0 },
};

static const struct unit times[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ NULL, 0 },
};

/* A whole number and its unit, in small or capital letters. */
static int parse_unit(const char *text, const struct unit *unit, uint64_t min,
		      uint64_t max, uint64_t *u)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	*u = strtoull(text, &end, 10);
	while (unit->name && strcasecmp(end, unit->name))
		unit++;
	if (errno || !unit->name || *u > max / unit->factor)
		return -1;
	*u *= unit->factor;
	return *u < min ? -1 : 0;
}

static int parse_value(const struct arg *a, const char *text,
		       struct arg_value *v)
{
	size_t len = strlen(text);

	switch (a->type) {
	case ARG_FLAG:
		return 0;
	case ARG_ID:
		return parse_number(text, 1, UINT16_MAX, &v->u);
	case ARG_U16:
		return parse_number(text, 0, UINT16_MAX, &v->u);
	case ARG_U32:
		return parse_number(text, 0, UINT32_MAX, &v->u);
	case ARG_U64:
		return parse_number(text, 0, UINT64_MAX, &v->u);
	case ARG_ON_OFF:
		return parse_on_off(text, &v->u);
	case ARG_WORDS:
		return parse_words(a->what, text, &v->u);
	case ARG_DSCP:
		return parse_dscp(text, &v->u);
	case ARG_ADDR:
		return addr_parse(text, &v->addr);
	case ARG_PREFIX:
		return parse_prefix(text, v);
	case ARG_MAC:
		return parse_mac(text, v->mac);
	case ARG_TEXT:
		return len && len <= ADIT_LABEL_MAX ? 0 : -1;
	case ARG_DEV:
		v->u = if_nametoindex(text);
		return v->u ? 0 : -1;
	case ARG_SESSION:
		return parse_session(text, &v->link);
	case ARG_PPPOE:
		return parse_pppoe(text, &v->link);
	case ARG_CODEPOINT:
		return parse_number(text, 0, 63, &v->u);
	case ARG_RATE:
		return parse_unit(text, rates, ADIT_RATE_MIN, ADIT_RATE_MAX,
				  &v->u);
	case ARG_SIZE:
		return parse_unit(text, sizes, 1, ADIT_BURST_MAX, &v->u);
	case ARG_TIME:
		return parse_unit(text, times, 1, 10000, &v->u);
	}
	return -1;
}

int arg_parse(const struct arg *a, const char *text, struct arg_value *v,
	      char err[ARG_ERROR_MAX])
{
	char quote[QUOTE_MAX];

	*v = (struct arg_value){ .arg = a, .text = text };
	if (!parse_value(a, text, v))
		return 0;
	log_safe(text, strlen(text), quote, sizeof(quote));
	snprintf(err, ARG_ERROR_MAX, "%s \"%s\": %s is wanted", a->word, quote,
		 wanted[a->type]);
	return -1;
}
