// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPv4 addresses beside each other: fixed by a grant, and lent by a pool that only grants
 * name, whichever comes first, and whoever is read first after a restart.
 */
#include "bng/chain.h"

#include "bng/lease.h"

static const char conf[] =
	"system { hostname = \"lns\" }\n"
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"
	"pool \"special\" { range = \"100.66.0.1-100.66.0.9\" quarantine = 60 }\n"
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"
	"pool \"far\" { prefix = \"100.67.0.0/24\" }\n"
	"pool \"near\" { range = \"100.64.0.9-100.64.0.99\" }\n"
	"ppp-profile \"green\" { pool = \"near\" vrf = \"green\"\n"
	"  local-address = \"100.68.0.1\" }\n"
	"ppp-profile \"other\" { pool = \"far\" vrf = \"red\"\n"
	"  local-address = \"100.67.0.1\" }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\" ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n"
	"user \"ann@isp.example\" { password = \"pear\" address = \"100.66.0.2\" }\n";

#define FIXED 0x64420001u /* the first that the pool would lend */

static const struct aaa_grant special = { .pool = "special" };

static struct aaa_grant fixed(void)
{
	return (struct aaa_grant){ .address = addr_v4(FIXED) };
}

static void begin(void)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lns, load(conf), &r), 0);
}

/* One more, by its MAC address; it has an address of the profile's pool. */
static struct subscriber *comes(uint8_t mac)
{
	client_mac = mac;
	dial("user@isp.example", "secret");
	run(500);
	client_mac = 9;
	assert_true(client.up);
	return LIST_FIRST(&net.lns.box.subscribers);
}

/* It is granted something else. Its address. */
static uint32_t gets(struct subscriber *s, const struct aaa_grant *g)
{
	assert_int_equal(subscriber_set_grant(s, g), 0);
	assert_null(lease_take(s, net.now, g));
	subscriber_store(s);
	return addr_to_v4(&s->address);
}

static struct subscriber *who_has(uint32_t address)
{
	struct addr a = addr_v4(address);

	return subscriber_of_address(&net.lns.box, NULL, &a);
}

/* NULL: it is not there. */
static struct pool *pool_named(const char *name)
{
	struct network *n = &net.lns.box.network;

	for (size_t i = 0; i < n->n_pools; i++)
		if (!strcmp(n->pools[i].conf->name, name) && !n->pools[i].vrf)
			return n->pools[i].pool;
	return NULL;
}

static void leaves(struct subscriber *s)
{
	subscriber_end(s, net.now, 3, "test");
	run(500);
}

/* Fixed first, then the pool is made: it does not lend that. ann's it never does. */
static void fixed_before_its_pool(void **state)
{
	struct aaa_grant g = fixed();
	struct subscriber *a, *b;
	struct pool_stats stats;

	(void)state;
	begin();
	a = comes(1);
	b = comes(2);
	assert_int_equal(gets(a, &g), FIXED);
	assert_null(pool_named("special"));
	assert_int_equal(gets(b, &special), FIXED + 2);
	assert_int_equal(pool_used(pool_named("special")), 2);
	leaves(a);
	pool_stats(pool_named("special"), net.now, &stats);
	assert_int_equal(stats.used, 1);
	assert_int_equal(stats.resting, 1);
	leaves(b);
	assert_int_equal(pool_used(pool_named("special")), 0);
}

/* The same of the profile's pool, in a VRF that it is in by a grant alone. */
static void fixed_in_a_vrf(void **state)
{
	const struct aaa_grant g = { .vrf = "red",
				     .address = addr_v4(0x64400002) };
	const struct aaa_grant red = { .vrf = "red" };
	struct subscriber *a, *b;

	(void)state;
	begin();
	a = comes(1);
	b = comes(2);
	assert_int_equal(gets(a, &g), 0x64400002);
	assert_int_equal(gets(b, &red), 0x64400003);
	assert_int_equal(pool_used(b->pool), 2);
	leaves(a);
	assert_int_equal(pool_used(b->pool), 1);
}

/* Two pools overlap, each in a VRF of its own. Whoever is granted one where the other is
 * gets nothing: both would lend one address there.
 */
static void granted_what_overlaps(void **state)
{
	static const struct aaa_grant g[] = { { .pool = "near" },
					      { .vrf = "green" } };

	(void)state;
	begin();
	for (uint8_t i = 0; i < 2; i++) {
		struct subscriber *s = comes(i + 1);

		assert_string_equal(lease_take(s, net.now, &g[i]),
				    "pool overlaps another");
		assert_int_equal(net.lns.box.count.no_pool, i + 1);
		assert_int_equal(s->address.family, 0);
	}
}

/* Both are there by grants: the first one is, whichever it is. */
static void first_of_two(const struct aaa_grant *g, const struct aaa_grant *h)
{
	struct subscriber *a, *b;
	uint32_t address;

	begin();
	a = comes(1);
	b = comes(2);
	address = gets(a, g);
	assert_string_equal(lease_take(b, net.now, h), "pool overlaps another");
	assert_int_equal(gets(a, g), address);
	assert_int_equal(pool_used(a->pool), 1);
}

static const struct aaa_grant home_in_red = { .vrf = "red" };
static const struct aaa_grant near_in_red = { .vrf = "red", .pool = "near" };

static void first_is_the_profiles(void **state)
{
	(void)state;
	first_of_two(&home_in_red, &near_in_red);
}

static void first_is_another(void **state)
{
	(void)state;
	first_of_two(&near_in_red, &home_in_red);
}

/* Kills it, and kills it again: who is read first is who came first. */
static void stay(void)
{
	struct restore_result r;

	for (int i = 0; i < 2; i++) {
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 2);
		assert_int_equal(r.closed, 0);
		assert_int_equal(pool_used(pool_named("special")), 2);
		assert_ptr_equal(who_has(FIXED)->pool, pool_named("special"));
		assert_ptr_equal(who_has(FIXED + 2)->pool,
				 pool_named("special"));
	}
}

static void fixed_over_a_restart(void **state)
{
	const struct aaa_grant g = fixed();

	(void)state;
	for (uint8_t first = 1; first < 3; first++) {
		struct subscriber *s[3];

		begin();
		s[first] = comes(first);
		s[3 - first] = comes(3 - first);
		assert_int_equal(gets(s[1], &g), FIXED);
		assert_int_equal(gets(s[2], &special), FIXED + 2);
		stay();
		leaves(who_has(FIXED));
		leaves(who_has(FIXED + 2));
	}
}

/* Nobody else has one of the pool, which has nothing to remember: it is not there. */
static void fixed_without_its_pool(void **state)
{
	const struct aaa_grant g = fixed();
	struct restore_result r;
	struct conf_pool *p;
	struct subscriber *a;

	(void)state;
	begin();
	p = STAILQ_NEXT(STAILQ_FIRST(&net.lns.box.conf->pools), next);
	p->quarantine = 0;
	p->sticky = false;
	a = comes(2);
	gets(a, &special);
	leaves(a);
	assert_int_equal(gets(comes(1), &g), FIXED);
	assert_int_equal(pool_used(pool_named("special")), 1);
	restart(&net.lns, &r);
	assert_null(pool_named("special"));
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	assert_int_equal(gets(comes(2), &special), FIXED + 2);
	stay();
	leaves(who_has(FIXED));
	assert_int_equal(pool_used(pool_named("special")), 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(fixed_before_its_pool),  T(fixed_in_a_vrf),
		T(granted_what_overlaps),  T(first_is_the_profiles),
		T(first_is_another),	   T(fixed_over_a_restart),
		T(fixed_without_its_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
