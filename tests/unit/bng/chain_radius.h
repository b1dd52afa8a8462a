/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain, whose RADIUS server is the test; include it instead of chain.h. */
#ifndef TESTS_BNG_CHAIN_RADIUS_H
#define TESTS_BNG_CHAIN_RADIUS_H

#include "bng/chain.h"

#include "aaa/radius_server.h"

static inline void with_conf(struct fake *f, const char *text)
{
	struct restore_result r;

	assert_int_equal(try_restart(f, load(text), &r), 0);
}

/* The answer to what came last. */
static inline void answer(uint8_t code, const void *attributes, size_t len)
{
	uint8_t b[1024];

	len = server_reply(b, code, net.radius.b[1], net.radius.b + 4, "r4dius",
			   attributes, len, true);
	bng_kern_events.udp(&net.radius.from->kern, net.now, net.radius.id, b,
			    len);
}

#define ANSWER(code, text) answer(code, text, sizeof(text) - 1)

static inline void dial_and_wait(void)
{
	unsigned int n = net.radius.n;

	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(net.radius.n, n + 1);
	assert_false(client.up);
}

#endif /* TESTS_BNG_CHAIN_RADIUS_H */
