/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC whose calls have several ways, and a RADIUS server that describes some: what
 * the tests of bng/dial share. Nobody has the addresses 198.51.100.8 and .9.
 */
#ifndef TESTS_BNG_CHAIN_DIAL_H
#define TESTS_BNG_CHAIN_DIAL_H

#include "bng/chain.h"

#include "aaa/radius_server.h"

#define LAC(system, profile, more)                                            \
	"system { hostname = \"lac\" " system " }\n"                          \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                     \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                     \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"     \
	"  local-address = \"100.65.0.1\" echo-interval = 0 " profile " }\n"  \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"                   \
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"    \
	"  local-name = \"lac1\" secret = \"s3cret\" preference = 3 }\n"      \
	"tunnel \"dead\" { endpoint = \"core\" remote = \"198.51.100.9\" }\n" \
	"tunnel \"gone\" { endpoint = \"core\" remote = \"198.51.100.8\"\n"   \
	"  preference = 1 }\n"                                                \
	"user \"bob\" { password = \"builder\" }\n" more

#define RADIUS                                                                    \
	"radius-server \"one\" { address = \"192.0.2.7\" secret = \"r4dius\" }\n" \
	"radius-group \"aaa\" { servers = { \"one\" } }\n"                        \
	"tunnel-defaults \"radius\" { endpoint = \"core\"\n"                      \
	"  local-name = \"lac1\" }\n"

#define RADIUS_LAC LAC("", "radius-group = \"aaa\"", RADIUS)

static struct box *lac;

static inline void lac_is(const char *text)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lac, load(text), &r), 0);
	lac = &net.lac.box;
	net.nowhere = true;
}

static inline void dial_and_run(msec_t ms)
{
	dial("user@isp.example", "secret");
	run(ms);
}

static inline void finish(void)
{
	hang_up();
	run(500);
	assert_empty();
}

/* ------------------------------------------------------------------ RADIUS */

static uint8_t attrs[2048];
static size_t n_attrs;

static inline void answer(uint8_t code)
{
	uint8_t b[2304];
	size_t len = server_reply(b, code, net.radius.b[1], net.radius.b + 4,
				  "r4dius", attrs, n_attrs, true);

	bng_kern_events.udp(&net.radius.from->kern, net.now, net.radius.id, b,
			    len);
	n_attrs = 0;
}

static inline bool said(const char *text)
{
	return memmem(net.radius.b, net.radius.len, text, strlen(text));
}

static inline bool said_service(uint8_t type)
{
	const uint8_t attribute[] = { 6, 6, 0, 0, 0, type };

	return memmem(net.radius.b, net.radius.len, attribute,
		      sizeof(attribute));
}

/* A tunnel of that tag, L2TP over IPv4. */
static inline void describe(uint8_t tag, const char *server,
			    uint32_t preference, const char *password)
{
	uint8_t *p = attrs + n_attrs;

	p += server_number(p, 64, tag, 3);
	p += server_number(p, 65, tag, 1);
	p += server_tagged(p, 67, tag, server);
	p += server_number(p, 83, tag, preference);
	if (password)
		p += server_password(p, tag, password, net.radius.b + 4,
				     "r4dius");
	n_attrs = (size_t)(p - attrs);
}

static inline void also(uint8_t type, uint8_t tag, const char *text)
{
	n_attrs += server_tagged(attrs + n_attrs, type, tag, text);
}

#endif /* TESTS_BNG_CHAIN_DIAL_H */
