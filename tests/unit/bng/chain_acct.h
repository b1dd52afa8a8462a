/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server for accounting in the chain of LAC and LNS: it confirms all, and what
 * it was told last of each kind can be looked at. Tests include it once each.
 */
#ifndef TESTS_BNG_CHAIN_ACCT_H
#define TESTS_BNG_CHAIN_ACCT_H

#include "bng/chain.h"

#include "aaa/radius_server.h"

#define SERVER                                              \
	"radius-server \"one\" { address = \"192.0.2.7\"\n" \
	"  secret = \"r4dius\" }\n"                         \
	"radius-group \"aaa\" { servers = { \"one\" } }\n"

static struct fake *teller = &net.lns; /* whose requests are confirmed */
static unsigned int statuses; /* that came, as bits */
static unsigned int came[16]; /* so often, each */
static unsigned int confirmed; /* requests */

/* That box has its sessions accounted from now on. */
static void accounted(struct fake *f, const struct conf *conf)
{
	struct restore_result r;

	confirmed = statuses = 0;
	memset(came, 0, sizeof(came));
	teller = f;
	assert_int_equal(try_restart(f, conf, &r), 0);
}

static const uint8_t *attribute(uint8_t type)
{
	for (size_t i = 20; i < net.radius.len; i += net.radius.b[i + 1])
		if (net.radius.b[i] == type)
			return net.radius.b + i + 2;
	return NULL;
}

static unsigned int number(uint8_t type)
{
	const uint8_t *p = attribute(type);

	assert_non_null(p);
	return (unsigned int)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* What was last said of each. */
static struct {
	size_t len;
	uint8_t b[1024];
} said[16];

/* That is what is looked at. */
static void look_at(enum acct_status status)
{
	net.radius.len = said[status].len;
	memcpy(net.radius.b, said[status].b, net.radius.len);
}

/* All there is, until nothing comes. */
static void confirm(void)
{
	while (confirmed != net.radius.n) {
		struct radius_packet p = net.radius.last[confirmed++ % 16];
		uint8_t b[64];
		size_t len;

		net.radius.len = p.len;
		memcpy(net.radius.b, p.b, p.len);
		assert_in_range(number(40), 1, 15);
		statuses |= 1u << number(40);
		came[number(40)]++;
		said[number(40)].len = p.len;
		memcpy(said[number(40)].b, p.b, p.len);
		len = server_reply(b, 5, p.b[1], p.b + 4, "r4dius", "", 0,
				   false);
		bng_kern_events.udp(&teller->kern, net.now, p.id, b, len);
	}
}

static void run_and_confirm(msec_t ms)
{
	for (msec_t end = net.now + ms; net.now < end;) {
		run(100);
		confirm();
	}
}

static bool has(const char *bytes, size_t len)
{
	return memmem(net.radius.b, net.radius.len, bytes, len);
}

#define HAS(text) has(text, sizeof(text) - 1)

#endif /* TESTS_BNG_CHAIN_ACCT_H */
