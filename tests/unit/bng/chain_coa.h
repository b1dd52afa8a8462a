/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain, whose RADIUS server is the test, and orders about a subscriber. */
#ifndef TESTS_BNG_CHAIN_COA_H
#define TESTS_BNG_CHAIN_COA_H

#include "bng/chain.h"

#include "aaa/radius_server.h"

#define SERVERS                                                        \
	"radius-server \"one\" { address = \"192.0.2.7\"\n"            \
	"  secret = \"r4dius\" source = \"192.0.2.77\" }\n"            \
	"radius-group \"aaa\" { servers = { \"one\" } }\n"             \
	"radius-dae \"core\" { address = \"198.51.100.2\" DAE\n"       \
	"  client \"net\" { address = \"192.0.2.0/24\"\n"              \
	"    secret = \"n0t this\" disconnect = false coa = false }\n" \
	"  client \"one\" { address = \"192.0.2.7\"\n"                 \
	"    secret = \"c0a\" CLIENT } }\n"

#define LNS                                                            \
	"system { hostname = \"lns\" }\n"                              \
	"policy \"red\" { rate-down = 100 }\n"                         \
	"policy \"slow\" { rate-down = 50 }\n"                         \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"           \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"               \
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n" \
	"  radius-group = \"aaa\" local-address = \"100.64.0.1\"\n"    \
	"  echo-interval = 0 }\n"                                      \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"  \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"               \
	"    disconnect-cause = true ppp-profile = \"home\" } }\n"

static const char lac_dae[] =
	"radius-dae \"core\" { address = \"192.0.2.1\"\n"
	"  client \"one\" { address = \"192.0.2.7\" secret = \"c0a\" } }\n";

#define CLASS "\x19\5one"
#define SESSION_TIMEOUT "\x1b\6\0\0\x0e\x10"
#define NOBODY "\1\x08nobody"
#define USER "\1\x12user@isp.example"

static const char *also = ""; /* more of the LNS's configuration */

/* Text with DAE and CLIENT replaced. */
static inline const struct conf *load_lns(const char *dae,
					  const char *of_client)
{
	char text[4096];
	const char *servers = SERVERS, *d = strstr(servers, "DAE"),
		   *c = strstr(servers, "CLIENT");

	snprintf(text, sizeof(text), "%s%s%.*s%s%.*s%s%s", LNS, also,
		 (int)(d - servers), servers, dae, (int)(c - d - 3), d + 3,
		 of_client, c + 6);
	return load(text);
}

static inline void with(const char *dae, const char *of_client)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lns, load_lns(dae, of_client), &r),
			 0);
}

static inline int setup_coa(void **state)
{
	char lac[4096];
	struct restore_result r;

	setup(state);
	client_mac = 9;
	with("", "");
	snprintf(lac, sizeof(lac), "%s%s", lac_conf, lac_dae);
	assert_int_equal(try_restart(&net.lac, load(lac), &r), 0);
	return 0;
}

#define GRANT                                                \
	"\x59\x0c"                                           \
	"cui-of-bob\x61\x0c\0\x40\x20\1\r\xb8\0\1\0\2"       \
	"\xa8\x12\x20\1\r\xb8\0\3\0\0\0\0\0\0\0\0\0\7"       \
	"\x7b\x0b\0\x38\x20\1\r\xb8\1\1\0\x1b\6\0\0\x0e\x10" \
	"\x60\x0a\0\0\0\0\0\0\0\5"

/* ---------------------------------------------------------------------- servers */

static inline void accept_with(const void *attributes, size_t len)
{
	uint8_t b[1024];

	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "r4dius",
			   attributes, len, true);
	bng_kern_events.udp(&net.radius.from->kern, net.now, net.radius.id, b,
			    len);
}

static inline void come_up(const void *attributes, size_t len)
{
	dial("user@isp.example", "secret");
	run(500);
	accept_with(attributes, len);
	run(500);
	assert_true(client.up);
}

#define COME_UP(text) come_up(text, sizeof(text) - 1)

static const uint8_t zero[16];
static uint8_t last_id;

/* 0: ACK; -1: silence; else the Error-Cause. */
static inline int order(struct fake *f, uint8_t code, const void *attributes,
			size_t len)
{
	struct addr_port from = { addr_v4(0xc0000207), 40000 };
	unsigned int n = net.dae.n;
	struct radius_attribute a;
	struct radius_reply reply;
	struct radius_walk w;
	uint8_t b[1024];

	len = server_reply(b, code, ++last_id, zero, "c0a", attributes, len,
			   true);
	bng_kern_events.udp_from(&f->kern, net.now, 0, &from, b, len);
	if (net.dae.n == n)
		return -1;
	assert_int_equal(radius_verify(net.dae.b, net.dae.len, b + 4, "c0a",
				       RADIUS_REQUIRED, &reply),
			 RADIUS_GOOD);
	w = radius_walk(&reply);
	while (radius_next(&w, &a))
		if (a.type == 101)
			return a.value[2] << 8 | a.value[3];
	assert_int_equal(reply.code, code + 1);
	return 0;
}

#define DISCONNECT(text) order(&net.lns, 40, text, sizeof(text) - 1)
#define COA(text) order(&net.lns, 43, text, sizeof(text) - 1)

static inline struct subscriber *lns_subscriber(void)
{
	return LIST_FIRST(&net.lns.box.subscribers);
}

#endif /* TESTS_BNG_CHAIN_COA_H */
