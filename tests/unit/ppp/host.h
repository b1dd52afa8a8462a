/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A router under test in fake time, and a subscriber's host at the other end, written
 * from the RFCs and not from the code under test. Tests include it once each.
 */
#ifndef TESTS_PPP_HOST_H
#define TESTS_PPP_HOST_H

#include "ppp/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define UNUSED __attribute__((unused))
#define OUR_ID 0x0200000000000001ull

static struct {
	msec_t now;
	struct timers timers;
	struct router_conf conf;
	struct router_counters count;
	struct router r;
	unsigned int n; /* frames sent */
	size_t len; /* of the last, from IPv6's header on */
	uint8_t b[1600];
	unsigned int changes;
	char order[32]; /* c: changed, s: sent */
} w;

static const struct dhcp6_duid our_duid = { 18,
					    { 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9,
					      10, 11, 12, 13, 14, 15, 16 } };

static const uint8_t us[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
				2,    0,    0, 0, 0, 0, 0, 1 };
static const uint8_t host[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
				  2,	0,    0, 0, 0, 0, 0, 9 };
static const uint8_t nobody[16];
static const uint8_t all_nodes[16] = { 0xff, 2, [15] = 1 };
static const uint8_t all_routers[16] = { 0xff, 2, [15] = 2 };

static struct addr v6(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static uint32_t sum16(uint32_t s, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s += i % 2 ? b[i] : (uint32_t)b[i] << 8;
	return s;
}

/* Of a packet whose checksum is right: 0xffff. */
static uint32_t folded(const uint8_t *ip, size_t len)
{
	uint32_t s = sum16(ip[6] + (uint32_t)len - 40, ip + 8, len - 8);

	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static void note(char what)
{
	size_t n = strlen(w.order);

	if (n + 1 < sizeof(w.order))
		w.order[n] = what;
}

/* Each packet of ours is one that everybody would take. */
static void on_send(struct router *r, const void *frame, size_t len)
{
	const uint8_t *b = frame;

	(void)r;
	assert_in_range(len, 2 + 40 + 8, 1502);
	assert_memory_equal(b, "\x00\x57", 2);
	w.len = len - 2;
	memcpy(w.b, b + 2, w.len);
	assert_int_equal(w.b[0] >> 4, 6);
	assert_int_equal(w.b[4] << 8 | w.b[5], w.len - 40);
	assert_int_equal(w.b[7], 255);
	assert_memory_equal(w.b + 8, us, 16);
	assert_int_equal(folded(w.b, w.len), 0xffff);
	w.n++;
	note('s');
}

static void on_changed(struct router *r)
{
	(void)r;
	w.changes++;
	note('c');
}

static const struct router_ops ops = { .send = on_send, .changed = on_changed };

/* A router that is up, with all that a subscriber may have. */
static UNUSED int set_up(void **state)
{
	struct router_values v = {
		.prefix = { .net = v6("2001:db8:100:5::"),
			    .len = 64,
			    .autonomous = true },
		.lent = { [DHCP6_NA] = { v6("2001:db8:7::33"), 128 },
			  [DHCP6_PD] = { v6("2001:db8:8000:100::"), 56 } },
		.dns = { v6("2001:db8::53"), v6("2001:db8::54") },
		.mtu = 1442,
	};

	(void)state;
	memset(&w, 0, sizeof(w));
	w.now = SECONDS(1000);
	w.conf = (struct router_conf){ .interval = 600,
				       .lifetime = 1800,
				       .valid = 86400,
				       .preferred = 14400 };
	router_init(&w.r, &ops, &w.conf, &our_duid, &w.timers, &w.count, NULL);
	router_set(&w.r, &v);
	return 0;
}

static UNUSED int take_down(void **state)
{
	(void)state;
	router_fini(&w.r);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
	timers_free(&w.timers);
	return 0;
}

/* And its first advertisement is out. */
static UNUSED void come_up(void)
{
	router_up(&w.r, w.now, OUR_ID);
	w.now += 200;
	timers_run(&w.timers, w.now);
}

static UNUSED void up(void)
{
	come_up();
	w.n = 0;
	w.order[0] = 0;
}

static uint8_t hops = 255;

/* A packet of the host: header, body, and the checksum at that place of it. */
static void give(const uint8_t src[16], const uint8_t dst[16], uint8_t next,
		 const void *body, size_t len, size_t sum_at)
{
	uint8_t *b = calloc(1, 40 + len);
	uint32_t s;

	assert_non_null(b);
	b[0] = 0x60;
	b[4] = (uint8_t)(len >> 8);
	b[5] = (uint8_t)len;
	b[6] = next;
	b[7] = hops;
	memcpy(b + 8, src, 16);
	memcpy(b + 24, dst, 16);
	memcpy(b + 40, body, len);
	s = ~folded(b, 40 + len);
	if (sum_at + 2 <= len) {
		b[40 + sum_at] = (uint8_t)(s >> 8);
		b[41 + sum_at] = (uint8_t)s;
	}
	w.n = 0;
	memset(w.order, 0, sizeof(w.order));
	router_input(&w.r, w.now, b, 40 + len);
	free(b);
}

static UNUSED void give_icmp(const uint8_t src[16], const uint8_t dst[16],
			     const void *body, size_t len)
{
	give(src, dst, 58, body, len, 2);
}

#endif /* TESTS_PPP_HOST_H */
