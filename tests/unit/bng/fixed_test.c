// SPDX-License-Identifier: GPL-2.0-or-later
/* Prefixes that are one subscriber's by its grant, beside pools and other subscribers. */
#include "bng/chain_ipv6.h"

/* In a VRF that only grants name, one whose prefix is fixed makes the pool that it is
 * of, and takes it there.
 */
static void fixed_first(void **state)
{
	static const struct vrf red = { .name = "red", .ifindex = 7 };
	static const struct aaa_grant none;
	struct aaa_grant fixed = { .prefix6.len = 64 };
	struct conf_profile *f;
	struct box *b = &net.lns.box;
	struct restore_result r;
	struct ipv6 *v, *w;
	uint8_t buf[512];
	struct wr out = wr_make(buf, sizeof(buf));
	struct rd in;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	f = conf_profile(b->conf, "home");
	f->routes = CONF_ROUTES_HOST; /* no device is made */
	assert_int_equal(addr_parse("2001:db8:100::", &fixed.prefix6.net), 0);
	v = bare();
	w = bare();
	assert_null(ipv6_provide(v, net.now, f, &fixed, &red, "ann"));
	assert_null(ipv6_provide(w, net.now, f, &none, &red, "bob"));
	assert_true(addr_eq(&v->have[IPV6_PREFIX].net, &fixed.prefix6.net));
	assert_false(addr_eq(&w->have[IPV6_PREFIX].net, &fixed.prefix6.net));
	assert_non_null(v->fixed[IPV6_PREFIX]);
	ipv6_save(v, &out);
	ipv6_free(v, net.now);
	ipv6_free(w, net.now);
	/* It is the first that is read. */
	assert_int_equal(try_restart(&net.lns, b->conf, &r), 0);
	in = rd_make(buf, wr_len(&out));
	v = bare();
	assert_true(ipv6_load(v, f, &fixed, &red, "ann", &in));
	assert_non_null(v->fixed[IPV6_PREFIX]);
	ipv6_free(v, net.now);
}

/* What is fixed, of whatever length, no pool lends; nor what lies in it. */
static void fixed_meets_pools(void **state)
{
	static const struct aaa_grant none;
	struct aaa_grant site = { .delegated = granted("2001:db8:8000::", 48) };
	struct aaa_grant host = {
		.address6 = parse_prefix("2001:db8:100::7", 128).net
	};
	struct box *b = &net.lns.box;
	struct conf_profile *f;
	struct restore_result r;
	struct ipv6 *v[3], *w;
	uint8_t buf[512];
	struct wr out = wr_make(buf, sizeof(buf));
	struct rd in;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	f = conf_profile(b->conf, "home");
	f->pool_address6 = NULL;
	for (int i = 0; i < 3; i++)
		v[i] = bare();
	assert_null(ipv6_provide(v[0], net.now, f, &site, NULL, "ann"));
	assert_null(ipv6_provide(v[1], net.now, f, &host, NULL, "eve"));
	ipv6_save(v[0], &out);
	assert_int_equal(prefix_pool_used(pool_named("sites")), 256 + 1);
	for (int i = 0; i < 2; i++) {
		assert_null(ipv6_provide(v[2], net.now, f, &none, NULL, "bob"));
		assert_false(addr_in(&v[2]->have[IPV6_DELEGATED].net,
				     &site.delegated.net, 48));
		assert_false(addr_in(&host.address6,
				     &v[2]->have[IPV6_PREFIX].net, 64));
		/* And the other way round: what is lent cannot be fixed. */
		site.delegated =
			(struct aaa_prefix){ v[2]->have[IPV6_DELEGATED].net,
					     60 };
		w = bare();
		ipv6_provide(w, net.now, f, &site, NULL, "ann");
		assert_int_equal(w->have[IPV6_DELEGATED].net.family, 0);
		ipv6_free(w, net.now);
		site.delegated = granted("2001:db8:8000::", 48);
		for (int k = 0; k < 3; k++)
			ipv6_free(v[k], net.now);
		assert_int_equal(lent(), 0);
		if (i)
			break;
		/* The same after a restart. */
		in = rd_make(buf, wr_len(&out));
		for (int k = 0; k < 3; k++)
			v[k] = bare();
		assert_true(ipv6_load(v[0], f, &site, NULL, "ann", &in));
		assert_int_equal(prefix_pool_used(pool_named("sites")), 256);
		assert_null(ipv6_provide(v[1], net.now, f, &host, NULL, "eve"));
	}
}

/* One prefix outside of all pools, of two of a VRF, and of one of another; ours. */
static void fixed_twice(void **state)
{
	static const struct vrf red = { .name = "red", .ifindex = 7 };
	struct aaa_grant g = { .prefix6 = granted("2001:db8:aaaa::", 64) };
	struct box *b = &net.lns.box;
	struct restore_result r;
	struct conf_profile *f;
	struct ipv6 *v, *w;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	f = conf_profile(b->conf, "home");
	f->pool6 = f->pool_address6 = f->pool_delegated = NULL;
	v = bare();
	w = bare();
	assert_null(ipv6_provide(v, net.now, f, &g, NULL, "ann"));
	assert_null(ipv6_provide(v, net.now, f, &g, NULL, "ann"));
	assert_string_equal(ipv6_provide(w, net.now, f, &g, NULL, "bob"),
			    "prefix in use");
	assert_int_equal(b->count.no_prefix, 1);
	assert_null(ipv6_provide(w, net.now, f, &g, &red, "bob"));
	ipv6_free(v, net.now);
	assert_null(ipv6_provide(w, net.now, f, &g, NULL, "bob"));
	f->local_address6 = parse_prefix("2001:db8:bbbb::1", 128).net;
	g.prefix6 = granted("2001:db8:bbbb::", 64);
	assert_string_equal(ipv6_provide(w, net.now, f, &g, NULL, "bob"),
			    "prefix in use");
	memset(&g, 0, sizeof(g));
	g.address6 = f->local_address6;
	assert_string_equal(ipv6_provide(w, net.now, f, &g, NULL, "bob"),
			    "prefix in use");
	ipv6_free(w, net.now);
}

/* Beside our own address, and over one that pools of addresses leave to routers: given
 * whether the pools are there by then or not, and theirs again afterwards.
 */
static void fixed_beside_ours(void **state)
{
	const struct aaa_grant g = {
		.address6 = parse_prefix("2001:db8:100:5::7", 128).net,
		.delegated = granted("2001:db8:7::", 120)
	};
	static const struct vrf red = { .name = "red", .ifindex = 7 };
	const struct addr ours = parse_prefix("2001:db8:100:5::", 64).net;
	struct pool6_all *p = &net.lns.box.pools6;
	struct prefix_pool *hosts, *links;
	struct restore_result r;
	struct conf_profile *f;
	struct ipv6 *v;

	(void)state;
	for (int late = 0; late < 2; late++) {
		assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
		f = conf_profile(net.lns.box.conf, "home");
		f->pool6 = f->pool_address6 = f->pool_delegated = NULL;
		f->local_address6 = parse_prefix("2001:db8:100:5::1", 128).net;
		v = bare();
		if (late)
			assert_null(
				ipv6_provide(v, net.now, f, &g, &red, "ann"));
		hosts = pool6_there(p, pool6_named(p, "hosts"), &red);
		links = pool6_there(p, pool6_named(p, "links"), &red);
		assert_null(ipv6_provide(v, net.now, f, &g, &red, "ann"));
		assert_int_equal(prefix_pool_used(hosts), 255);
		assert_int_equal(prefix_pool_used(links), 0);
		ipv6_free(v, net.now);
		assert_int_equal(prefix_pool_used(hosts), 0);
		assert_int_equal(prefix_pool_used(links), 0);
		assert_int_equal(prefix_pool_take(links, &ours), -EEXIST);
	}
}

static const struct vrf blue = { .name = "blue", .ifindex = 8 };
static const struct vrf green = { .name = "green", .ifindex = 9 };

static struct conf_profile *home(void)
{
	return conf_profile(net.lns.box.conf, "home");
}

/* A profile without pools, of an LNS that has them: "links" lends from the first prefix
 * on, of which a subscriber's delegated one is a part.
 */
static struct conf_profile poolless(void)
{
	struct restore_result r;
	struct conf_profile f;

	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	f = *home();
	f.routes = CONF_ROUTES_HOST; /* no device is made */
	f.pool6 = f.pool_address6 = f.pool_delegated = NULL;
	return f;
}

#define LINK .prefix6 = granted("2001:db8:100:7::", 64)
#define SITE .delegated = granted("2001:db8:100::", 56)
#define HOST .address6 = parse_prefix("2001:db8:100:7::9", 128).net

/* Made when another's grant names it. */
static struct prefix_pool *late_pool(void)
{
	struct pool6_all *p = &net.lns.box.pools6;

	return pool6_there(p, pool6_named(p, "links"), &blue);
}

static struct ipv6 *with(const struct conf_profile *f,
			 const struct aaa_grant *g)
{
	struct ipv6 *v = bare();

	assert_null(ipv6_provide(v, net.now, f, g, &blue, "ann"));
	return v;
}

/* The pool lends beside the site, and twice nothing. */
static void lends_beside(struct prefix_pool *p)
{
	const struct addr site = parse_prefix("2001:db8:100::", 56).net;
	struct addr a[2];

	for (int i = 0; i < 2; i++) {
		assert_true(prefix_pool_alloc(p, 0, net.now, &a[i]));
		assert_false(addr_in(&a[i], &site, 56));
	}
	assert_false(addr_eq(&a[0], &a[1]));
	for (int i = 0; i < 2; i++)
		prefix_pool_release(p, &a[i], 0, net.now);
}

/* Grants lead two pools that overlap into one VRF: there is the first one alone, whichever
 * of the two is the larger one.
 */
static void pools_that_overlap(void **state)
{
	static const struct aaa_grant links = { .pool6 = "links" };
	static const struct aaa_grant hosts = { .pool_address6 = "hosts" };

	(void)state;
	for (int larger = 0; larger < 2; larger++) {
		struct conf_profile f = poolless();
		struct ipv6 *v = bare(), *w = bare();
		struct box *b = &net.lns.box;
		struct conf_pool6 *c =
			(struct conf_pool6 *)(uintptr_t)pool6_named(&b->pools6,
								    "hosts");

		c->net = parse_prefix("2001:db8:100:8000::", 64).net;
		if (larger) {
			c->net = parse_prefix("2001:db8::", 32).net;
			c->prefix_len = 32;
		}
		assert_null(ipv6_provide(v, net.now, &f, &links, &blue, "ann"));
		assert_string_equal(ipv6_provide(w, net.now, &f, &hosts, &blue,
						 "bob"),
				    "pool overlaps another");
		assert_int_equal(b->count.no_pool, 1);
		assert_null(
			ipv6_provide(w, net.now, &f, &hosts, &green, "bob"));
		assert_true(w->have[IPV6_ADDRESS].net.family);
		ipv6_free(v, net.now);
		ipv6_free(w, net.now);
	}
}

/* One's own prefixes may lie in each other, whichever comes first and goes first, and
 * whether a pool is there by then.
 */
static void fixed_in_its_own(void **state)
{
	const struct aaa_grant steps[] = {
		{ SITE },	{ SITE, LINK }, { SITE, LINK, HOST },
		{ SITE, HOST }, { SITE },	{ LINK, SITE },
		{ LINK },	{ LINK, HOST }, { HOST },
		{ SITE, HOST }, { HOST, LINK }, { SITE, LINK, HOST },
		{ LINK, HOST },
	};
	const size_t n = sizeof(steps) / sizeof(steps[0]);
	struct conf_profile f = poolless();
	struct prefix_pool *p;
	struct ipv6 *v;

	(void)state;
	for (size_t made = 0; made <= n; made++) {
		f = poolless();
		v = bare();
		for (size_t i = 0; i < n; i++) {
			if (i == made)
				late_pool();
			assert_null(ipv6_provide(v, net.now, &f, &steps[i],
						 &blue, "ann"));
			if (i < made)
				continue;
			p = late_pool();
			assert_int_equal(prefix_pool_used(p),
					 steps[i].delegated.len ? 256 : 1);
			if (steps[i].delegated.len)
				lends_beside(p);
		}
		ipv6_free(v, net.now);
		p = late_pool();
		assert_int_equal(prefix_pool_used(p), 0);
		assert_true(
			prefix_pool_alloc(p, 0, net.now, &(struct addr){ 0 }));
	}
}

/* The same one twice, in the place of another. */
static void fixed_changes_places(void **state)
{
	const struct aaa_prefix one = granted("2001:db8:100::", 56);
	const struct aaa_prefix two = granted("2001:db8:101::", 56);
	struct aaa_grant g = { .prefix6 = one, .delegated = two };
	struct conf_profile f = poolless();
	struct prefix_pool *p = late_pool();
	struct ipv6 *v = with(&f, &g);

	(void)state;
	g = (struct aaa_grant){ .prefix6 = two, .delegated = one };
	assert_null(ipv6_provide(v, net.now, &f, &g, &blue, "ann"));
	assert_int_equal(prefix_pool_used(p), 512);
	ipv6_free(v, net.now);
	assert_int_equal(prefix_pool_used(p), 0);
}

/* What lies in another's, or around it, is not given: no pool has to know of it. */
static void fixed_meets_another(void **state)
{
	const struct aaa_grant site = { SITE }, link = { LINK },
			       host = { HOST };
	const struct aaa_grant two = {
		.prefix6 = granted("2001:db8:100:100::", 64),
		.delegated = granted("2001:db8:101::", 48)
	};
	const struct aaa_grant around = { .delegated =
						  granted("2001:db8::", 32) };
	const struct {
		const struct aaa_grant *first, *second;
	} pairs[] = { { &site, &link },	  { &link, &site },  { &site, &host },
		      { &host, &link },	  { &two, &around }, { &around, &two },
		      { &site, &around }, { &host, &host } };
	struct conf_profile f = poolless();
	struct ipv6 *v, *w, *beside = with(&f, &two);

	(void)state;
	v = with(&f, &site); /* they do not meet */
	ipv6_free(beside, net.now);
	ipv6_free(v, net.now);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		v = with(&f, pairs[i].first);
		w = bare();
		assert_string_equal(ipv6_provide(w, net.now, &f,
						 pairs[i].second, &blue, "bob"),
				    "prefix in use");
		assert_null(ipv6_provide(w, net.now, &f, pairs[i].second,
					 &green, "bob"));
		ipv6_free(v, net.now);
		assert_null(ipv6_provide(w, net.now, &f, pairs[i].second, &blue,
					 "bob"));
		ipv6_free(w, net.now);
	}
}

/* One has all three, another's grant has made the pool: whoever is read first. */
static void fixed_over_a_restart(void **state)
{
	const struct aaa_grant g[2] = { { SITE, LINK, HOST } };
	struct conf_profile f[2];
	uint8_t buf[2][512];
	struct ipv6 *v[2];
	struct wr out[2];
	struct rd in;

	(void)state;
	for (int first = 0; first < 2; first++) {
		f[0] = f[1] = poolless();
		f[1].pool6 = home()->pool6;
		for (int i = 0; i < 2; i++)
			v[i] = with(&f[i], &g[i]);
		for (int i = 0; i < 2; i++) {
			out[i] = wr_make(buf[i], sizeof(buf[i]));
			ipv6_save(v[i], &out[i]);
			ipv6_free(v[i], net.now);
		}
		f[0] = f[1] = poolless();
		f[1].pool6 = home()->pool6;
		for (int k = 0; k < 2; k++) {
			int i = k ^ first;

			v[i] = bare();
			in = rd_make(buf[i], wr_len(&out[i]));
			assert_true(ipv6_load(v[i], &f[i], &g[i], &blue, "ann",
					      &in));
		}
		assert_int_equal(prefix_pool_used(late_pool()), 256 + 1);
		lends_beside(late_pool());
		ipv6_free(v[0], net.now);
		assert_int_equal(prefix_pool_used(late_pool()), 1);
		ipv6_free(v[1], net.now);
		assert_int_equal(prefix_pool_used(late_pool()), 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fixed_first),	    TEST(fixed_meets_pools),
		TEST(fixed_twice),	    TEST(fixed_beside_ours),
		TEST(pools_that_overlap),   TEST(fixed_in_its_own),
		TEST(fixed_changes_places), TEST(fixed_meets_another),
		TEST(fixed_over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
