// SPDX-License-Identifier: GPL-2.0-or-later
/* Router advertisements and their times, neighbour discovery, echo. */
#include "host.h"

static const uint8_t rs[8] = { 133 };

/* The whole of it, as RFC 4861 4.2, 4.6.2, 4.6.4 and RFC 8106 5.1 draw it. */
static void advertises_what_there_is(void **state)
{
	static const uint8_t want[] = {
		64, 0xc0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0,
		/* MTU 1442 */
		5, 1, 0, 0, 0, 0, 0x05, 0xa2,
		/* prefix */
		3, 4, 64, 0x40, 0, 1, 0x51, 0x80, 0, 0, 0x38, 0x40, 0, 0, 0, 0,
		0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0,
		/* name servers, for three intervals */
		25, 5, 0, 0, 0, 0, 0x07, 0x08, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0x53, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0x54
	};

	(void)state;
	come_up();
	assert_int_equal(w.n, 1);
	assert_memory_equal(w.b + 24, all_nodes, 16);
	assert_int_equal(w.b[6], 58);
	assert_int_equal(w.b[40], 134);
	assert_int_equal(w.b[41], 0);
	assert_int_equal(w.len, 44 + sizeof(want));
	assert_memory_equal(w.b + 44, want, sizeof(want));
	assert_int_equal(w.count.tx_router_advert, 1);
}

static void flags_say_what_dhcp_has(void **state)
{
	struct router_values v = w.r.v;

	(void)state;
	v.lent[DHCP6_NA].net.family = 0;
	router_set(&w.r, &v);
	come_up();
	assert_int_equal(w.b[45], 0x40);
	memset(v.dns, 0, sizeof(v.dns));
	v.lent[DHCP6_PD].net.family = 0;
	router_set(&w.r, &v);
	come_up();
	assert_int_equal(w.b[45], 0);
	assert_int_equal(w.len, 56 + 8 + 32);
	/* The router of somebody who has nothing is none. */
	v.prefix.net.family = 0;
	v.mtu = 1279;
	router_fini(&w.r);
	router_init(&w.r, &ops, &w.conf, &our_duid, &w.timers, &w.count, NULL);
	router_set(&w.r, &v);
	come_up();
	assert_int_equal(w.len, 56);
	assert_int_equal(w.b[46] << 8 | w.b[47], 0);
}

/* RFC 4191 2.3. */
static void routes_are_told(void **state)
{
	static const uint8_t want[] = { 24,   2,    48, 0,    0, 0, 7, 8,
					0x20, 0x01, 13, 0xb8, 0, 5, 0, 0,
					24,   3,    65, 0,    0, 0, 7, 8,
					0x20, 0x01, 13, 0xb8, 0, 6, 0, 0,
					0x80, 0,    0,	0,    0, 0, 0, 0 };
	struct router_values v = w.r.v;

	(void)state;
	memset(v.dns, 0, sizeof(v.dns));
	v.route[0] = (struct nd_route){ v6("2001:db8:5::"), 48 };
	v.route[1] = (struct nd_route){ v6("2001:db8:6:0:8000::"), 65 };
	router_set(&w.r, &v);
	come_up();
	assert_int_equal(w.len, 56 + 8 + 32 + sizeof(want));
	assert_memory_equal(w.b + 96, want, sizeof(want));
}

/* RFC 4861 6.2.4, 10: three within 16 seconds each, then the interval. */
static void times(void **state)
{
	msec_t last, at;
	msec_t least = MSEC_NEVER, most = 0;

	(void)state;
	come_up();
	last = w.now;
	for (int i = 0; i < 2; i++) {
		at = timers_next(&w.timers);
		assert_in_range(at - last, 1, SECONDS(16));
		timers_run(&w.timers, at);
		last = at;
	}
	assert_int_equal(w.n, 3);
	for (int i = 0; i < 500; i++) {
		at = timers_next(&w.timers);
		least = at - last < least ? at - last : least;
		most = at - last > most ? at - last : most;
		timers_run(&w.timers, at);
		last = at;
	}
	assert_int_equal(w.n, 503);
	assert_in_range(least, SECONDS(200), SECONDS(220));
	assert_in_range(most, SECONDS(580), SECONDS(600));
}

/* It says nothing at once, and never lets a default route run out: 1800 seconds. */
static void resumes(void **state)
{
	msec_t most = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		router_resume(&w.r, w.now, OUR_ID);
		if (timers_next(&w.timers) - w.now > most)
			most = timers_next(&w.timers) - w.now;
	}
	assert_int_equal(w.n, 0);
	assert_in_range(most, SECONDS(150), SECONDS(200));
	timers_run(&w.timers, timers_next(&w.timers));
	assert_int_equal(w.n, 1);
	give_icmp(host, us, (uint8_t[8]){ 128 }, 8);
	assert_int_equal(w.b[40], 129);
}

static void leaves(void **state)
{
	(void)state;
	up();
	router_leave(&w.r);
	assert_int_equal(w.n, 1);
	assert_int_equal(w.b[40], 134);
	assert_int_equal(w.b[46] << 8 | w.b[47], 0);
	/* The prefix and the name servers are of no more use either. */
	assert_memory_equal(w.b + 64 + 4, "\0\0\0\0\0\0\0\0", 8);
	assert_memory_equal(w.b + 96 + 4, "\0\0\0\0", 4);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
	router_leave(&w.r);
	give_icmp(host, all_routers, rs, sizeof(rs));
	assert_int_equal(w.n, 0);
	assert_int_equal(w.count.rx_ignored, 1);
}

static void takes_an_old_prefix_away(void **state)
{
	struct router_values v = w.r.v;
	struct addr before = v.prefix.net;

	(void)state;
	up();
	v.prefix.net = v6("2001:db8:100:6::");
	router_set(&w.r, &v);
	router_set(&w.r, &v);
	come_up();
	assert_int_equal(w.b[96], 3);
	assert_memory_equal(w.b + 96 + 4, "\0\0\0\0\0\0\0\0", 8);
	assert_memory_equal(w.b + 96 + 16, before.b, 16);
	/* It is given once more. */
	v.prefix.net = before;
	router_set(&w.r, &v);
	come_up();
	assert_memory_equal(w.b + 64 + 16, before.b, 16);
	assert_memory_equal(w.b + 64 + 4, "\0\1\x51\x80", 4);
}

static void answers_solicitations(void **state)
{
	static const uint8_t with_source[16] = { 133, [8] = 1, 1 };

	(void)state;
	up();
	w.now += SECONDS(10);
	give_icmp(host, all_routers, rs, sizeof(rs));
	assert_int_equal(w.n, 1);
	assert_memory_equal(w.b + 24, host, 16);
	give_icmp(host, all_routers, with_source, sizeof(with_source));
	assert_int_equal(w.n, 1);
	/* Of nobody: all hear the answer, and once in three seconds. */
	give_icmp(nobody, all_routers, rs, sizeof(rs));
	assert_int_equal(w.n, 1);
	assert_memory_equal(w.b + 24, all_nodes, 16);
	w.now += SECONDS(3) - 1;
	give_icmp(nobody, all_routers, rs, sizeof(rs));
	assert_int_equal(w.n, 0);
	w.now += 1;
	give_icmp(nobody, all_routers, rs, sizeof(rs));
	assert_int_equal(w.n, 1);
	assert_int_equal(w.count.rx_router_solicit, 5);
	assert_int_equal(w.count.rx_invalid, 0);
}

static void neighbours(void **state)
{
	uint8_t ns[24] = { 135 };
	static const uint8_t group[16] = { 0xff, 2, [11] = 1, 0xff, 0, 0, 1 };

	(void)state;
	up();
	memcpy(ns + 8, us, 16);
	give_icmp(host, group, ns, sizeof(ns));
	assert_int_equal(w.n, 1);
	assert_int_equal(w.len, 64);
	assert_memory_equal(w.b + 24, host, 16);
	assert_memory_equal(w.b + 40, "\x88\0", 2);
	assert_memory_equal(w.b + 44, "\xe0\0\0\0", 4);
	assert_memory_equal(w.b + 48, us, 16);
	/* Is the neighbour still there? RFC 4861 7.3.1 */
	give_icmp(host, us, ns, sizeof(ns));
	assert_int_equal(w.n, 1);
	/* Somebody wants our address for its own: RFC 4862 5.4. */
	give_icmp(nobody, group, ns, sizeof(ns));
	assert_int_equal(w.n, 1);
	assert_memory_equal(w.b + 24, all_nodes, 16);
	assert_memory_equal(w.b + 44, "\xa0\0\0\0", 4);
	/* Its own is its own. */
	memcpy(ns + 8, host, 16);
	give_icmp(nobody, group, ns, sizeof(ns));
	assert_int_equal(w.n, 0);
	assert_int_equal(w.count.rx_neighbour_solicit, 4);
	assert_int_equal(w.count.tx_neighbour_advert, 3);
}

static void echoes(void **state)
{
	uint8_t ping[1500] = { 128, 0, 0, 0, 1, 2, 3, 4, 'x', 'y' };
	uint8_t other[16];

	(void)state;
	up();
	give_icmp(host, us, ping, 11);
	assert_int_equal(w.n, 1);
	assert_int_equal(w.len, 51);
	assert_memory_equal(w.b + 24, host, 16);
	assert_memory_equal(w.b + 40, "\x81\0", 2);
	assert_memory_equal(w.b + 44, ping + 4, 7);
	give_icmp(host, all_nodes, ping, 8);
	assert_int_equal(w.n, 1);
	give_icmp(host, all_routers, ping, 1402);
	assert_int_equal(w.n, 1);
	/* What is longer than the link can carry; somebody else's; of nobody. */
	give_icmp(host, us, ping, 1403);
	assert_int_equal(w.n, 0);
	give_icmp(host, us, ping, sizeof(ping));
	assert_int_equal(w.n, 0);
	memcpy(other, host, 16);
	other[15]++;
	give_icmp(host, other, ping, 8);
	assert_int_equal(w.n, 0);
	give_icmp(nobody, us, ping, 8);
	assert_int_equal(w.n, 0);
	assert_int_equal(w.count.rx_ignored, 2);
	assert_int_equal(w.count.tx_echo, 3);
}

/* Each rule of RFC 4861 6.1.1 and 7.1.1. */
static void invalid_ones(void **state)
{
	uint8_t ns[32] = { 135, [24] = 1, 1 }, bad[32];

	(void)state;
	up();
	memcpy(ns + 8, us, 16);
	give_icmp(host, us, (uint8_t[8]){ 133, 1 }, 8); /* code */
	give_icmp(host, us, rs, 7); /* length */
	give_icmp(host, us, (uint8_t[16]){ 133, [8] = 1, 0 }, 16);
	give_icmp(host, us, (uint8_t[16]){ 133, [8] = 1, 2 }, 16);
	give_icmp(host, us, (uint8_t[9]){ 133 }, 9);
	give_icmp(nobody, all_routers, (uint8_t[16]){ 133, [8] = 1, 1 }, 16);
	give_icmp(host, us, ns, 23);
	give_icmp(nobody, us, ns, 24); /* to a group, of nobody */
	give_icmp(nobody, all_nodes, ns, 32);
	memcpy(bad, ns, 32);
	bad[1] = 1;
	give_icmp(host, us, bad, 24);
	memcpy(bad, ns, 32);
	bad[8] = 0xff;
	give_icmp(host, us, bad, 24);
	give_icmp(host, us, (uint8_t[4]){ 128 }, 4);
	assert_int_equal(w.count.rx_invalid, 12);
	assert_int_equal(w.n, 0);
	/* A hop limit of less than 255: it came from elsewhere. */
	hops = 254;
	give_icmp(host, all_routers, rs, sizeof(rs));
	hops = 255;
	assert_int_equal(w.count.rx_invalid, 13);
	assert_int_equal(w.n, 0);
}

static void damaged_ones(void **state)
{
	uint8_t b[48] = { 0x60, 0, 0, 0, 0, 8, 58, 255 };

	(void)state;
	up();
	memcpy(b + 8, host, 16);
	memcpy(b + 24, us, 16);
	b[40] = 128;
	router_input(&w.r, w.now, b, 48);
	assert_int_equal(w.count.rx_checksum, 1);
	for (size_t len = 0; len < 48; len++)
		router_input(&w.r, w.now, b, len);
	assert_int_equal(w.count.rx_malformed, 48);
	b[0] = 0x40;
	router_input(&w.r, w.now, b, 48);
	assert_int_equal(w.count.rx_malformed, 49);
	/* From a group; ICMPv6 and UDP that are too short. */
	give_icmp(all_nodes, us, (uint8_t[8]){ 128 }, 8);
	give_icmp(host, us, (uint8_t[4]){ 128 }, 3);
	give(host, us, 17, (uint8_t[8]){ 0, 1, 0, 2, 0, 7 }, 7, 4);
	assert_int_equal(w.count.rx_malformed, 52);
	/* Reports of groups, and what nobody here speaks. */
	give(host, all_nodes, 0, (uint8_t[8]){ 58 }, 8, 2);
	give(host, us, 6, (uint8_t[20]){ 1 }, 20, 16);
	give_icmp(host, us, (uint8_t[8]){ 136 }, 8);
	assert_int_equal(w.count.rx_ignored, 3);
	assert_int_equal(w.n, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, take_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(advertises_what_there_is),
		TEST(flags_say_what_dhcp_has),
		TEST(routes_are_told),
		TEST(times),
		TEST(resumes),
		TEST(leaves),
		TEST(takes_an_old_prefix_away),
		TEST(answers_solicitations),
		TEST(neighbours),
		TEST(echoes),
		TEST(invalid_ones),
		TEST(damaged_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
