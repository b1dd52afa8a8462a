/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setters of plain types; those of addresses are in conf/net. See value.h. */
#include "conf/value.h"

#include "conf/memory.h"
#include "conf/secret.h"
#include "kern/kern.h"

#include <adit/wire.h>

#include <ctype.h>
#include <linux/adit.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MSS_MIN 536 /* what each host takes, RFC 9293 3.7.1 */
#define MSS_MAX 1460

__attribute__((format(printf, 2, 3))) static const char *
expected(struct conf_loading *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(l->expected, sizeof(l->expected), fmt, ap);
	va_end(ap);
	return l->expected;
}

static void store_text(struct conf_loading *l, const struct conf_option *o,
		       void *object, const char *text)
{
	*(char **)((char *)object + o->offset) = conf_strdup(l->conf, text);
}

/* -1: it is none, or out of limits. */
static long number(const struct conf_option *o, const char *text)
{
	size_t n = strspn(text, "0123456789");
	long v;

	if (!n || n > 9 || text[n] || (text[0] == '0' && n > 1))
		return -1;
	v = strtol(text, NULL, 10);
	return v < o->min || v > o->max ? -1 : v;
}

CONF_SETTER(set_uint)
{
	long v = number(o, text[0]);

	(void)n;
	if (v < 0)
		return expected(l, "a number from %ld to %ld", o->min, o->max);
	*(unsigned int *)((char *)object + o->offset) = (unsigned int)v;
	return NULL;
}

CONF_SETTER(set_u16)
{
	long v = number(o, text[0]);

	(void)n;
	if (v < 0)
		return expected(l, "a number from %ld to %ld", o->min, o->max);
	*(uint16_t *)((char *)object + o->offset) = (uint16_t)v;
	return NULL;
}

CONF_SETTER(set_u32)
{
	static const char what[] = "a number from 0 to 0xffffffff";
	bool hex = text[0][0] == '0' && (text[0][1] | 0x20) == 'x';
	const char *digits = text[0] + (hex ? 2 : 0);
	unsigned long long v;
	char *end;

	(void)l;
	(void)n;
	if (!isxdigit((unsigned char)*digits))
		return what;
	v = strtoull(digits, &end, hex ? 16 : 10);
	if (*end || v > UINT32_MAX)
		return what;
	*(uint32_t *)((char *)object + o->offset) = (uint32_t)v;
	return NULL;
}

/* -1: it is neither. */
static int truth(const char *text)
{
	static const char *const word[] = { "false", "true", "no",
					    "yes",   "off",  "on" };

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (!strcasecmp(text, word[i]))
			return i & 1;
	return -1;
}

CONF_SETTER(set_mss)
{
	const struct conf_option limits = { .min = MSS_MIN, .max = MSS_MAX };
	uint16_t *mss = (uint16_t *)((char *)object + o->offset);
	int on = truth(text[0]);
	long v = on < 0 ? number(&limits, text[0]) : 0;

	(void)n;
	if (v < 0)
		return expected(l, "'on', 'off' or a number from %d to %d",
				MSS_MIN, MSS_MAX);
	*mss = on == 0 ? KERN_MSS_OFF : (uint16_t)v;
	return NULL;
}

CONF_SETTER(set_bool)
{
	int v = truth(text[0]);

	(void)n;
	if (v < 0)
		return expected(l, "true or false");
	*(bool *)((char *)object + o->offset) = v;
	return NULL;
}

CONF_SETTER(set_proxy)
{
	static const char *const word[] = {
		[CONF_PROXY_IGNORE] = "ignore",
		[CONF_PROXY_ACCEPT] = "accept",
		[CONF_PROXY_REQUIRE] = "require",
	};
	int v = truth(text[0]);

	(void)n;
	for (int i = 0; v < 0 && i <= CONF_PROXY_REQUIRE; i++)
		if (!strcasecmp(text[0], word[i]))
			v = i;
	if (v < 0)
		return expected(l, "one of: accept require ignore");
	*(enum conf_proxy *)((char *)object + o->offset) = v;
	return NULL;
}

CONF_SETTER(set_host_proxy)
{
	enum conf_proxy *p = (enum conf_proxy *)((char *)object + o->offset);

	*p = CONF_PROXY_PROFILE;
	if (!strcasecmp(text[0], "profile") ||
	    (!set_proxy(l, o, object, text, n) && *p <= o->max))
		return NULL;
	return expected(l, "one of: accept %signore profile",
			o->max == CONF_PROXY_REQUIRE ? "require " : "");
}

CONF_SETTER(set_dscp)
{
	bool inherit = !strcmp(text[0], "inherit");
	long v = inherit ? ADIT_DSCP_INHERIT : number(o, text[0]);

	(void)n;
	if (v < 0)
		return expected(l, "a number from %ld to %ld, or inherit",
				o->min, o->max);
	*((uint8_t *)object + o->offset) = (uint8_t)v;
	return NULL;
}

CONF_SETTER(set_full_result)
{
	static const char results[] = "245"; /* RFC 2661 4.4.2 */

	(void)n;
	if (!text[0][0] || text[0][1] || !strchr(results, text[0][0]))
		return expected(l, "2, 4 or 5");
	*(uint16_t *)((char *)object + o->offset) =
		(uint16_t)(text[0][0] - '0');
	return NULL;
}

CONF_SETTER(set_choice)
{
	size_t len = strlen(text[0]);
	const char *p = o->to;

	(void)n;
	for (unsigned int i = 0; *p; i++) {
		size_t word = strcspn(p, " ");

		if (word == len && !memcmp(p, text[0], len)) {
			if (o->max) /* a flag */
				*(bool *)((char *)object + o->offset) = i;
			else
				*(unsigned int *)((char *)object + o->offset) =
					i;
			return NULL;
		}
		p += word + (p[word] == ' ');
	}
	return expected(l, "one of: %s", o->to);
}

enum chars { CHARS_NAME, CHARS_DOMAIN, CHARS_HOST, CHARS_TEXT };

static bool allowed(enum chars chars, unsigned char c)
{
	switch (chars) {
	case CHARS_NAME:
		return isalnum(c) || c == '.' || c == '_' || c == '-';
	case CHARS_DOMAIN:
		return c > ' ' && c < 0x7f && c != '@';
	case CHARS_HOST:
		return c > ' ' && c < 0x7f;
	case CHARS_TEXT:
		return c >= ' ' && c < 0x7f;
	}
	return false;
}

static const char *check_text(struct conf_loading *l,
			      const struct conf_option *o, enum chars chars,
			      const char *text)
{
	static const char *const what[] = {
		[CHARS_NAME] = "letters, digits, '.', '_' or '-'",
		[CHARS_DOMAIN] = "characters without blanks and '@'",
		[CHARS_HOST] = "characters without blanks",
		[CHARS_TEXT] = "printable characters",
	};
	size_t n = strlen(text);
	bool good = n && n <= (size_t)o->max;

	for (size_t i = 0; good && i < n; i++)
		good = allowed(chars, (unsigned char)text[i]);
	return good ? NULL : expected(l, "1 to %ld %s", o->max, what[chars]);
}

static const char *set_chars(struct conf_loading *l,
			     const struct conf_option *o, void *object,
			     enum chars chars, const char *text)
{
	const char *wrong = check_text(l, o, chars, text);

	if (!wrong)
		store_text(l, o, object, text);
	return wrong;
}

CONF_SETTER(set_name)
{
	(void)n;
	return set_chars(l, o, object, CHARS_NAME, text[0]);
}

CONF_SETTER(set_domain)
{
	(void)n;
	return set_chars(l, o, object, CHARS_DOMAIN, text[0]);
}

CONF_SETTER(set_host)
{
	(void)n;
	return set_chars(l, o, object, CHARS_HOST, text[0]);
}

CONF_SETTER(set_text)
{
	(void)n;
	return set_chars(l, o, object, CHARS_TEXT, text[0]);
}

CONF_SETTER(set_path)
{
	(void)n;
	if (text[0][0] != '/' || strlen(text[0]) > (size_t)o->max)
		return expected(l, "a path from / on, up to %ld bytes", o->max);
	store_text(l, o, object, text[0]);
	return NULL;
}

CONF_SETTER(set_device)
{
	const char *t = text[0];
	size_t len = strlen(t);
	bool good = len && len < IFNAMSIZ && strcmp(t, ".") && strcmp(t, "..");

	(void)n;
	for (size_t i = 0; good && i < len; i++)
		good = t[i] > ' ' && t[i] < 0x7f && !strchr("/:%", t[i]);
	if (!good)
		return expected(l, "the name of a device, 1 to %d bytes",
				IFNAMSIZ - 1);
	store_text(l, o, object, t);
	return NULL;
}

CONF_SETTER(set_secret)
{
	size_t len = strlen(text[0]);

	(void)n;
	if (!len || len > CONF_SECRET_MAX)
		return expected(l, "1 to %d bytes", CONF_SECRET_MAX);
	l->secrets = true;
	store_text(l, o, object, text[0]);
	return NULL;
}

CONF_SETTER(set_secret_file)
{
	char secret[CONF_SECRET_MAX + 1];

	(void)n;
	if (*(char **)((char *)object + o->offset))
		return expected(l, "either %s or %.*s, not both", o->name,
				(int)strcspn(o->name, "-"), o->name);
	if (secret_read(l->path, text[0], secret, l->expected,
			sizeof(l->expected)))
		return l->expected;
	store_text(l, o, object, secret);
	explicit_bzero(secret, sizeof(secret));
	return NULL;
}

static void add_ref(struct conf_loading *l, const struct conf_option *o,
		    const char *name, void **where)
{
	struct conf_ref *r = conf_alloc(l->conf, sizeof(*r));

	*r = (struct conf_ref){
		.to = o->to,
		.name = conf_strdup(l->conf, name),
		.option = o->name,
		.line = l->line,
		.where = where,
	};
	STAILQ_INSERT_TAIL(&l->refs, r, next);
}

CONF_SETTER(set_ref)
{
	(void)n;
	add_ref(l, o, text[0], (void **)((char *)object + o->offset));
	return NULL;
}

CONF_SETTER(set_refs)
{
	void **where = (void **)((char *)object + o->offset);

	if (n > (size_t)o->max)
		return expected(l, "up to %ld names", o->max);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			if (!strcmp(text[i], text[k]))
				return expected(l, "each name once");
		add_ref(l, o, text[i], where + i);
	}
	return NULL;
}

CONF_SETTER(set_auth)
{
	struct conf_profile *p = object;
	static const struct {
		const char *word;
		uint32_t proto;
	} known[] = { { "mschapv2", PPP_AUTH_MSCHAPV2 },
		      { "chap", PPP_PROTO_CHAP },
		      { "pap", PPP_PROTO_PAP } };
	uint32_t auth[PPP_AUTH_PROTOS] = { 0 };
	bool good = n <= PPP_AUTH_PROTOS;

	(void)o;
	for (size_t i = 0; good && i < n; i++) {
		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
			if (!strcasecmp(text[i], known[k].word))
				auth[i] = known[k].proto;
		good = auth[i] || (n == 1 && !strcasecmp(text[i], "none"));
		for (size_t k = 0; k < i; k++)
			good = good && auth[k] != auth[i];
	}
	if (!good)
		return expected(
			l,
			"some of \"mschapv2\", \"chap\", \"pap\", each once, or \"none\"");
	memcpy(p->ppp.auth, auth, sizeof(auth));
	return NULL;
}

CONF_SETTER(set_network)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t bit = !strcasecmp(text[i], "ipv4") ? PPP_IPV4 :
			      !strcasecmp(text[i], "ipv6") ? PPP_IPV6 :
							     0;

		if (!bit || bits & bit)
			return expected(l, "\"ipv4\", \"ipv6\", or both");
		bits |= bit;
	}
	*(uint8_t *)((char *)object + o->offset) = bits;
	return NULL;
}

/* "100" or "100-199". */
static bool vlan_range(const char *text, size_t len, uint16_t *first,
		       uint16_t *last)
{
	struct conf_option id = { .min = 1, .max = 4094 };
	char copy[16];
	char *dash;
	long a, b;

	if (len >= sizeof(copy))
		return false;
	snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = 0;
	a = number(&id, copy);
	b = number(&id, dash ? dash : copy);
	if (a < 0 || b < a)
		return false;
	*first = (uint16_t)a;
	*last = (uint16_t)b;
	return true;
}

/* OUTER, OUTER.INNER, or "untagged". Of OUTER alone the inner one may be any. */
CONF_SETTER(set_vlans)
{
	struct conf_vlans *v = object;
	size_t outer = strcspn(text[0], ".");
	const char *inner = text[0][outer] ? text[0] + outer + 1 : NULL;

	(void)o;
	(void)n;
	if (!strcmp(text[0], "untagged"))
		return NULL;
	v->inner_last = 4095;
	if (vlan_range(text[0], outer, &v->first, &v->last) &&
	    (!inner ||
	     vlan_range(inner, strlen(inner), &v->inner_first, &v->inner_last)))
		return NULL;
	return expected(l, "1 to 4094, FIRST-LAST, OUTER.INNER, or untagged");
}

/* "SESSIONS:MS" or "SESSIONS:drop"; SESSIONS may be left out once: 0. */
CONF_SETTER(set_pado)
{
	static const struct conf_option sessions = { .max = 65535 };
	static const struct conf_option delay = { .max = 5000 };
	struct conf_port *p = object;

	(void)o;
	for (size_t i = 0; i < n; i++) {
		const char *colon = strchr(text[i], ':');
		const char *ms = colon ? colon + 1 : text[i];
		char copy[8];
		long from, wait;

		snprintf(copy, sizeof(copy), "%.*s",
			 colon ? (int)(colon - text[i]) : 1,
			 colon ? text[i] : "0");
		from = number(&sessions, copy);
		wait = number(&delay, ms);
		if (i == CONF_PADO_MAX || from < 0 ||
		    (wait < 0 && strcmp(ms, "drop")) ||
		    (i && (unsigned int)from <= p->pado[i - 1].sessions))
			return expected(
				l,
				"up to %d of SESSIONS:DELAY, SESSIONS rising, DELAY up to 5000 (ms) or \"drop\"",
				CONF_PADO_MAX);
		p->pado[i] =
			(struct conf_pado){ (unsigned int)from, (int)wait };
		p->n_pado = i + 1;
	}
	return NULL;
}

/* -1: there is no such part. */
static int calling_part(const char *word)
{
	static const char *const words[CONF_CALLING_PARTS] = {
		[CONF_CALLING_DESCRIPTIVE] = "descriptive",
		[CONF_CALLING_CIRCUIT_ID] = "agent-circuit-id",
		[CONF_CALLING_REMOTE_ID] = "agent-remote-id",
		[CONF_CALLING_FIXED] = "fixed",
		[CONF_CALLING_STACKED] = "stacked",
		[CONF_CALLING_EMBEDDED] = "fixed-adapter-embedded",
		[CONF_CALLING_NEW_FIELD] = "fixed-adapter-new-field",
		[CONF_CALLING_INTERFACE] = "interface",
		[CONF_CALLING_MAC] = "mac",
		[CONF_CALLING_USER] = "user-name",
	};

	for (int i = 0; i < CONF_CALLING_PARTS; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

CONF_SETTER(set_calling)
{
	struct conf_calling *c =
		(struct conf_calling *)((char *)object + o->offset);

	*c = (struct conf_calling){ 0 };
	if (n == 1 && !strcmp(text[0], "none"))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		int part = calling_part(text[i]);

		if (part < 0 || i == CONF_CALLING_MAX)
			return expected(
				l,
				"\"none\", or up to %d of: descriptive, agent-circuit-id, agent-remote-id, fixed, stacked, fixed-adapter-embedded, fixed-adapter-new-field, interface, mac, user-name",
				CONF_CALLING_MAX);
		c->part[c->n++] = (uint8_t)part;
	}
	return NULL;
}

CONF_SETTER(set_services)
{
	struct conf_port *p = object;
	const char **list = conf_alloc(l->conf, (n + 1) * sizeof(*list));

	if (n > CONF_SERVICES_MAX)
		return expected(l, "up to %d names", CONF_SERVICES_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *wrong = check_text(l, o, CHARS_TEXT, text[i]);

		if (wrong)
			return wrong;
		list[i] = conf_strdup(l->conf, text[i]);
	}
	p->pppoe.services = list;
	return NULL;
}

static const char *set_list(struct conf_loading *l, const struct conf_option *o,
			    void *object, enum chars chars,
			    const char *const *text, size_t n)
{
	const char **list = conf_alloc(l->conf, (n + 1) * sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		const char *wrong = check_text(l, o, chars, text[i]);

		if (wrong)
			return wrong;
		list[i] = conf_strdup(l->conf, text[i]);
	}
	*(const char ***)((char *)object + o->offset) = list;
	return NULL;
}

CONF_SETTER(set_texts)
{
	return set_list(l, o, object, CHARS_TEXT, text, n);
}

CONF_SETTER(set_domains)
{
	return set_list(l, o, object, CHARS_DOMAIN, text, n);
}
