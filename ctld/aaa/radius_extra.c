/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of operators; see radius_extra.h. Called by conf (what is written there),
 * aaa/radius_access, aaa/radius_acct.
 */
#include "aaa/radius_extra.h"

#include "aaa/radius_codec.h"
#include "aaa/radius_number.h"
#include "base/addr.h"
#include "base/line.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VENDOR_HLEN 6 /* in front of a vendor's value: vendor, number, length */
#define ANY 0

/* What is the daemon's own. All else may be added and left out. */
enum own {
	NEEDED, /* neither */
	KNOWN, /* only the daemon knows it; it may be left out */
};

static const struct {
	uint32_t vendor;
	uint8_t number;
	uint8_t own;
} owns[] = {
	{ 0, RADIUS_USER_NAME, NEEDED },
	{ 0, RADIUS_USER_PASSWORD, NEEDED },
	{ 0, RADIUS_CHAP_PASSWORD, NEEDED },
	{ 0, RADIUS_CHAP_CHALLENGE, NEEDED },
	{ 0, RADIUS_STATE, NEEDED },
	{ 0, RADIUS_VENDOR_SPECIFIC, NEEDED },
	{ 0, RADIUS_PROXY_STATE, NEEDED },
	{ 0, RADIUS_ACCT_STATUS_TYPE, NEEDED },
	{ 0, RADIUS_ACCT_SESSION_ID, NEEDED },
	{ 0, RADIUS_TUNNEL_PASSWORD, NEEDED },
	{ 0, RADIUS_EAP_MESSAGE, NEEDED },
	{ 0, RADIUS_MESSAGE_AUTHENTICATOR, NEEDED },
	{ RADIUS_MICROSOFT, RADIUS_MS_CHAP_CHALLENGE, NEEDED },
	{ RADIUS_MICROSOFT, RADIUS_MS_CHAP2_RESPONSE, NEEDED },
	{ 0, RADIUS_NAS_PORT, KNOWN },
	{ 0, RADIUS_FRAMED_IP_ADDRESS, KNOWN },
	{ 0, RADIUS_CLASS, KNOWN },
	{ 0, RADIUS_CALLING_STATION_ID, KNOWN },
	{ 0, RADIUS_ACCT_DELAY_TIME, KNOWN },
	{ 0, RADIUS_ACCT_INPUT_OCTETS, KNOWN },
	{ 0, RADIUS_ACCT_OUTPUT_OCTETS, KNOWN },
	{ 0, RADIUS_ACCT_AUTHENTIC, KNOWN },
	{ 0, RADIUS_ACCT_SESSION_TIME, KNOWN },
	{ 0, RADIUS_ACCT_INPUT_PACKETS, KNOWN },
	{ 0, RADIUS_ACCT_OUTPUT_PACKETS, KNOWN },
	{ 0, RADIUS_ACCT_TERMINATE_CAUSE, KNOWN },
	{ 0, RADIUS_ACCT_MULTI_SESSION_ID, KNOWN },
	{ 0, RADIUS_ACCT_INPUT_GIGAWORDS, KNOWN },
	{ 0, RADIUS_ACCT_OUTPUT_GIGAWORDS, KNOWN },
	{ RADIUS_ERX, RADIUS_ERX_INPUT_GIGAPKTS, KNOWN },
	{ RADIUS_ERX, RADIUS_ERX_OUTPUT_GIGAPKTS, KNOWN },
	{ 0, RADIUS_EVENT_TIMESTAMP, KNOWN },
	{ 0, RADIUS_TUNNEL_TYPE, KNOWN },
	{ 0, RADIUS_TUNNEL_MEDIUM_TYPE, KNOWN },
	{ 0, RADIUS_TUNNEL_CLIENT_ENDPOINT, KNOWN },
	{ 0, RADIUS_TUNNEL_SERVER_ENDPOINT, KNOWN },
	{ 0, RADIUS_ACCT_TUNNEL_CONNECTION, KNOWN },
	{ 0, RADIUS_NAS_PORT_ID, KNOWN },
	{ 0, RADIUS_CHARGEABLE_USER_IDENTITY, KNOWN },
	{ 0, RADIUS_TUNNEL_CLIENT_AUTH_ID, KNOWN },
	{ 0, RADIUS_TUNNEL_SERVER_AUTH_ID, KNOWN },
	{ 0, RADIUS_FRAMED_INTERFACE_ID, KNOWN },
	{ 0, RADIUS_FRAMED_IPV6_PREFIX, KNOWN },
	{ 0, RADIUS_DELEGATED_IPV6_PREFIX, KNOWN },
	{ 0, RADIUS_FRAMED_IPV6_ADDRESS, KNOWN },
	{ LINE_VENDOR, ANY, KNOWN },
};

static bool is_own(const struct dictionary_attribute *a, enum own own)
{
	for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
		if (owns[i].vendor == a->vendor &&
		    (owns[i].number == a->number || owns[i].number == ANY))
			return owns[i].own <= own;
	return false;
}

/* Where an expectation is written. */
struct said {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static const char *
say(const struct said *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->text, s->size, fmt, ap);
	va_end(ap);
	return s->text;
}

/* ------------------------------------------------------------------------ values */

/* Each reads the text as that type and writes its bytes; false: it is none. */
typedef bool value_fn(struct wr *w, const struct dictionary *d,
		      const char *attribute, const char *text);

static bool put_string(struct wr *w, const struct dictionary *d,
		       const char *attribute, const char *text)
{
	(void)d;
	(void)attribute;
	wr_bytes(w, text, strlen(text));
	return *text && !w->err;
}

static bool put_number(struct wr *w, const struct dictionary *d,
		       const char *attribute, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 0);
	uint32_t named;

	if (dictionary_value(d, attribute, text, &named))
		v = named;
	else if (*text < '0' || *text > '9' || *end || v > UINT32_MAX)
		return false;
	wr_u32(w, (uint32_t)v);
	return true;
}

static bool put_addr(struct wr *w, uint8_t family, const char *text)
{
	struct addr a;

	if (addr_parse(text, &a) || a.family != family)
		return false;
	wr_bytes(w, a.b, addr_len(&a));
	return true;
}

static bool put_ipv4(struct wr *w, const struct dictionary *d,
		     const char *attribute, const char *text)
{
	(void)d;
	(void)attribute;
	return put_addr(w, AF_INET, text);
}

static bool put_ipv6(struct wr *w, const struct dictionary *d,
		     const char *attribute, const char *text)
{
	(void)d;
	(void)attribute;
	return put_addr(w, AF_INET6, text);
}

/* RFC 3162 2.3. */
static bool put_prefix(struct wr *w, const struct dictionary *d,
		       const char *attribute, const char *text)
{
	const char *slash = strchr(text, '/');
	char net[ADDR_STRLEN];
	unsigned long len;
	struct addr a;
	char *end;

	(void)d;
	(void)attribute;
	if (!slash || slash - text >= (int)sizeof(net) || slash[1] < '0' ||
	    slash[1] > '9')
		return false;
	len = strtoul(slash + 1, &end, 10);
	snprintf(net, sizeof(net), "%.*s", (int)(slash - text), text);
	if (*end || len > 128 || addr_parse(net, &a) || a.family != AF_INET6)
		return false;
	addr_mask(&a, (unsigned int)len);
	wr_u8(w, 0);
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, a.b, (len + 7) / 8);
	return true;
}

static const struct {
	value_fn *put;
	const char *expected;
} types[] = {
	[DICTIONARY_STRING] = { put_string, "a text that fits" },
	[DICTIONARY_INTEGER] = { put_number,
				 "a number, or a name of the dictionary" },
	[DICTIONARY_IPADDR] = { put_ipv4, "an IPv4 address" },
	[DICTIONARY_DATE] = { put_number, "a number of seconds" },
	[DICTIONARY_IPV6ADDR] = { put_ipv6, "an IPv6 address" },
	[DICTIONARY_IPV6PREFIX] = { put_prefix, "an IPv6 prefix" },
};

/* ------------------------------------------------------------------------- names */

static void leave_out(struct radius_extra *e,
		      const struct dictionary_attribute *a)
{
	if (!a->vendor) {
		e->out[a->number / 32] |= UINT32_C(1) << a->number % 32;
		return;
	}
	if (e->n_out_of == RADIUS_EXTRA_OUT_MAX)
		return;
	e->out_of[e->n_out_of].vendor = a->vendor;
	e->out_of[e->n_out_of++].number = a->number;
}

static bool is_left_out(const struct radius_extra *e, uint8_t number)
{
	return e->out[number / 32] >> number % 32 & 1;
}

static bool is_left_out_of(const struct radius_extra *e, uint32_t vendor,
			   uint8_t number)
{
	for (size_t i = 0; i < e->n_out_of; i++)
		if (e->out_of[i].vendor == vendor &&
		    e->out_of[i].number == number)
			return true;
	return false;
}

const char *radius_extra_add(struct radius_extra *e, const struct dictionary *d,
			     const char *pair, char *text, size_t size)
{
	const struct said said = { text, size };
	size_t len = strcspn(pair, "=");
	uint8_t value[RADIUS_VALUE_MAX];
	struct wr w = wr_make(e->bytes + e->len, sizeof(e->bytes) - e->len);
	struct wr v = wr_make(value, sizeof(value));
	char name[DICTIONARY_NAME_MAX + 1], safe[64];
	struct dictionary_attribute a;

	log_safe(pair, strlen(pair), safe, sizeof(safe));
	if (!pair[len] || !len || len > DICTIONARY_NAME_MAX)
		return say(&said, "NAME=VALUE, not '%s'", safe);
	snprintf(name, sizeof(name), "%.*s", (int)len, pair);
	if (!dictionary_find(d, name, &a))
		return say(&said, "attributes of a dictionary, not '%.*s'",
			   (int)len, safe);
	if (is_own(&a, KNOWN))
		return say(&said, "none of the daemon's own, as '%s' is",
			   a.name);
	if (a.vendor && e->n_out_of == RADIUS_EXTRA_OUT_MAX)
		return say(&said, "up to %d attributes of vendors",
			   RADIUS_EXTRA_OUT_MAX);
	if (!types[a.type].put(&v, d, a.name, pair + len + 1))
		return say(&said, "%s for '%s'", types[a.type].expected,
			   a.name);
	if (a.vendor && wr_len(&v) > RADIUS_VALUE_MAX - VENDOR_HLEN)
		return say(&said, "%s for '%s'", types[a.type].expected,
			   a.name);
	if (a.vendor)
		radius_put_vendor(&w, a.vendor, a.number, value, wr_len(&v));
	else
		radius_put(&w, a.number, value, wr_len(&v));
	if (w.err)
		return say(&said, "no more than %d bytes in all",
			   RADIUS_EXTRA_MAX);
	e->len += wr_len(&w);
	leave_out(e, &a);
	return NULL;
}

static bool adds(const struct radius_extra *e, uint8_t number)
{
	for (size_t i = 0; i < e->len; i += e->bytes[i + 1])
		if (e->bytes[i] == number)
			return true;
	return false;
}

/* RFC 2865 4.1, RFC 3162 2.1: one of these has to be there. The addresses are not, where
 * no source is configured.
 */
static bool says_who_asks(const struct radius_extra *e)
{
	return !is_left_out(e, RADIUS_NAS_IDENTIFIER) ||
	       adds(e, RADIUS_NAS_IDENTIFIER) ||
	       adds(e, RADIUS_NAS_IP_ADDRESS) ||
	       adds(e, RADIUS_NAS_IPV6_ADDRESS);
}

const char *radius_extra_leave_out(struct radius_extra *e,
				   const struct dictionary *d, const char *name,
				   char *text, size_t size)
{
	const struct said said = { text, size };
	struct dictionary_attribute a;
	char safe[64];

	if (!dictionary_find(d, name, &a))
		return say(&said, "attributes of a dictionary, not '%s'",
			   log_safe(name, strlen(name), safe, sizeof(safe)));
	if (is_own(&a, NEEDED))
		return say(&said, "none that is needed, as '%s' is", a.name);
	if (a.vendor && e->n_out_of == RADIUS_EXTRA_OUT_MAX)
		return say(&said, "up to %d attributes of vendors",
			   RADIUS_EXTRA_OUT_MAX);
	leave_out(e, &a);
	if (!says_who_asks(e))
		return "NAS-Identifier to stay, or one of it, NAS-IP-Address and NAS-IPv6-Address in 'attributes'";
	return NULL;
}

/* ---------------------------------------------------------------------- requests */

/* Of the daemon's, which writes one a Vendor-Specific. */
static bool goes(const struct radius_extra *e, const uint8_t *attribute)
{
	struct rd r = rd_make(attribute, attribute[1]);
	uint8_t number = rd_u8(&r);
	uint32_t vendor;

	if (number != RADIUS_VENDOR_SPECIFIC)
		return is_left_out(e, number);
	rd_u8(&r);
	vendor = rd_u32(&r);
	number = rd_u8(&r);
	return !r.err && is_left_out_of(e, vendor, number);
}

void radius_extra_put(const struct radius_extra *e, struct wr *w)
{
	uint8_t *from, *to;
	size_t len;

	if (!e || w->err)
		return;
	from = to = w->start + RADIUS_HLEN;
	for (; from < w->p; from += len) {
		len = from[1];
		if (goes(e, from))
			continue;
		memmove(to, from, len);
		to += len;
	}
	w->p = to;
	wr_bytes(w, e->bytes, e->len);
}

bool radius_extra_says(const struct radius_extra *e, uint8_t number,
		       const void *value, size_t len)
{
	const uint8_t *p;

	for (size_t i = 0; e && i < e->len; i += p[1]) {
		p = e->bytes + i;
		if (p[0] == number && p[1] == len + 2 &&
		    !memcmp(p + 2, value, len))
			return true;
	}
	return false;
}
