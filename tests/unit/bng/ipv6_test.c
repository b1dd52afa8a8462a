// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPv6 of subscribers through LAC and LNS: prefixes from pools and where the kernel
 * leads them, advertisements, DHCPv6; what a restart remembers; what happens when
 * there is no prefix or no IPv4.
 */
#include "bng/chain_ipv6.h"

#include "bng/identity.h"

static const char few[] = BOTH("64");
static const char alone[] =
	POOLS("40") "pool \"none\" { prefix = \"100.64.0.0/24\" }\n"
		    "ppp-profile \"home\" { network = { \"ipv6\" }\n" OPTIONS;

/* One prefix to delegate, and nothing else; users are not remembered but by it. */
static const char resting_sites[] =
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool6 \"sites\" { prefix = \"2001:db8::/56\" length = 56\n"
	"  quarantine = 600 }\n"
	"ppp-profile \"home\" { network = { \"ipv6\" } auth = { \"chap\" }\n"
	"  echo-interval = 0 delegated-pool = \"sites\" }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"
	"    ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n"
	"user \"ann@isp.example\" { password = \"pear\" }\n";

static void begin(const char *conf)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lns, load(conf), &r), 0);
	dial("user@isp.example", "secret");
	run(500);
}

static struct subscriber *the_one(void)
{
	struct subscriber *s = LIST_FIRST(&net.lns.box.subscribers);

	assert_non_null(s);
	assert_int_equal(s->state, SUBSCRIBER_UP);
	return s;
}

/* An IPv6 packet of the client's, with the right sum. */
static void v6_send(const uint8_t dst[16], uint8_t next, const uint8_t *body,
		    size_t len, size_t sum_at)
{
	uint8_t f[400] = { 0, 0x57, 0x60 };
	uint8_t *ip = f + 2;
	uint32_t s = next + (uint32_t)len;

	assert_true(len <= sizeof(f) - 42);
	ip[5] = (uint8_t)len;
	ip[6] = next;
	ip[7] = 255;
	memcpy(ip + 8, "\xfe\x80\0\0\0\0\0\0", 8);
	memcpy(ip + 16, client_v6 + 2, 8);
	memcpy(ip + 24, dst, 16);
	memcpy(ip + 40, body, len);
	for (size_t i = 8; i < 40 + len; i++)
		s += i % 2 ? ip[i] : (uint32_t)ip[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	ip[40 + sum_at] = (uint8_t)(~s >> 8);
	ip[41 + sum_at] = (uint8_t)~s;
	client.v6_n = 0;
	client_frame(f, 42 + len);
	run(0);
}

static void solicit_router(void)
{
	static const uint8_t routers[16] = { 0xff, 2, [15] = 2 };

	v6_send(routers, 58, (uint8_t[8]){ 133 }, 8, 2);
	assert_int_equal(client.v6_n, 1);
	assert_int_equal(client.v6_last[40], 134);
}

/* With IA_NA 7 and IA_PD 8, for a client of which only the DUID is known. */
static void dhcp(uint8_t type, bool server)
{
	static const uint8_t servers[16] = { 0xff, 2, [13] = 1, [15] = 2 };
	uint8_t b[200];
	struct wr w = wr_make(b, sizeof(b));
	const struct dhcp6_duid *d = &net.lns.box.duid;

	wr_bytes(&w, "\x02\x22\x02\x23\0\0\0\0", 8);
	wr_u32(&w, (uint32_t)type << 24 | 77);
	wr_bytes(&w, "\0\1\0\4\0\3\0\1", 8);
	wr_bytes(&w, "\0\3\0\x0c\0\0\0\7\0\0\0\0\0\0\0\0", 16);
	wr_bytes(&w, "\0\x19\0\x0c\0\0\0\x08\0\0\0\0\0\0\0\0", 16);
	if (server) {
		wr_u16(&w, 2);
		wr_u16(&w, d->len);
		wr_bytes(&w, d->b, d->len);
	}
	wr_patch_u16(&w, 4, (uint16_t)wr_len(&w));
	v6_send(servers, 17, b, wr_len(&w), 6);
}

/* The last packet has these 16 bytes somewhere. */
static bool has(const struct addr *a)
{
	return memmem(client.v6_last, client.v6_len, a->b, 16);
}

static void dual_stack(void **state)
{
	struct subscriber *s;
	struct link_row *r;

	(void)state;
	begin(both);
	assert_true(client.up && client.v6_up);
	s = the_one();
	/* Advertised by itself, a moment after IPv6CP. */
	assert_int_equal(client.v6_n, 1);
	assert_int_equal(client.v6_last[40], 134);
	assert_true(has(&s->ipv6->have[IPV6_PREFIX].net));
	assert_int_equal(lent(), 3);
	/* All three lead to it, beside its IPv4 address. */
	r = row(&net.lns, &s->access);
	assert_int_equal(r->where.peer.family, AF_INET);
	assert_int_equal(r->where.n_also, 3);
	for (int i = 0; i < 3; i++) {
		static const uint8_t len[] = { 64, 128, 56 };

		assert_int_equal(r->also[i].len, len[i]);
		assert_true(addr_eq(&r->also[i].net, &s->ipv6->have[i].net));
	}
	solicit_router();
	dhcp(1, false);
	assert_int_equal(client.v6_last[48], 2);
	dhcp(3, true);
	assert_int_equal(client.v6_last[48], 7);
	assert_true(has(&s->ipv6->have[IPV6_ADDRESS].net));
	assert_true(has(&s->ipv6->have[IPV6_DELEGATED].net));
	hang_up();
	run(500);
	assert_empty();
	assert_int_equal(lent(), 0);
}

/* Prefixes, the lease, the client's and our own names, and the advertisements. */
static void over_a_restart(void **state)
{
	struct kern_prefix have[IPV6_NKINDS];
	uint8_t name[IDENTITY_MAX];
	struct restore_result r;
	struct dhcp6_duid duid;
	struct subscriber *s;
	struct link_row *link;
	struct aaa_grant g;

	(void)state;
	begin(both);
	dhcp(3, true);
	s = the_one();
	memcpy(have, s->ipv6->have, sizeof(have));
	duid = net.lns.box.duid;
	subscriber_grant(s, &g);
	for (size_t i = 0; i < AAA_TOLD_ROUTES_MAX; i++) {
		g.told_routes[i] = granted("2001:db8:5:6:7:8:9:a", 128);
		g.told_routes[i].net.b[15] += (uint8_t)i;
	}
	assert_int_equal(subscriber_set_grant(s, &g), 0);
	subscriber_store(s);
	for (int i = 0; i < 3; i++) {
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 1);
		s = the_one();
		assert_memory_equal(&duid, &net.lns.box.duid, sizeof(duid));
		assert_int_equal(lent(), 3);
		assert_int_equal(identity_name(s, RADIUS_NAME_INTERFACE, name),
				 8);
		assert_memory_equal(name, client_v6 + 2, 8);
		for (int k = 0; k < IPV6_NKINDS; k++) {
			assert_true(
				addr_eq(&have[k].net, &s->ipv6->have[k].net));
			assert_int_equal(have[k].len, s->ipv6->have[k].len);
		}
		assert_true(s->ipv6->router.lease.bound[DHCP6_PD]);
		assert_int_equal(s->ipv6->router.lease.iaid[DHCP6_NA], 7);
		link = row(&net.lns, &s->access);
		assert_int_equal(link->where.n_also, 3);
		/* Nobody but a timer says anything of itself. */
		client.v6_n = 0;
		run(SECONDS(200));
		assert_in_range(client.v6_n, 1, 2);
		assert_true(has(&have[IPV6_PREFIX].net));
		solicit_router();
		for (size_t k = 0; k < AAA_TOLD_ROUTES_MAX; k++)
			assert_true(has(&g.told_routes[k].net));
		dhcp(5, true);
		assert_int_equal(client.v6_last[48], 7);
		assert_true(has(&have[IPV6_DELEGATED].net));
		assert_int_equal(s->ipv6->router.count->tx_dhcp6, 1);
	}
	hang_up();
	run(500);
	assert_empty();
	assert_int_equal(lent(), 0);
}

/* The same subscriber elsewhere: the pool is no longer there. */
static void its_pool_is_gone(void **state)
{
	const struct conf *conf;
	struct pool_stats stats;
	struct restore_result r;

	(void)state;
	begin(both);
	the_one();
	assert_int_equal(try_restart(&net.lns, load(few), &r), 0);
	assert_int_equal(r.subscribers,
			 1); /* the first of both is one of few */
	conf = load(lns_conf);
	STAILQ_FIRST(&conf->pools)->quarantine = 60;
	assert_int_equal(try_restart(&net.lns, conf, &r), 0);
	assert_int_equal(r.subscribers, 0);
	run(500);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	/* Its address rests as any that comes back. */
	pool_stats(net.lns.box.network.pools[0].pool, net.now, &stats);
	assert_int_equal(stats.resting, 1);
}

/* No link's prefix is left: the others do. None at all: IPv4 alone. */
static void no_prefix(void **state)
{
	struct prefix_pool *links, *sites, *hosts;
	struct restore_result r;
	struct addr a, host;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(few), &r), 0);
	links = pool_named("links");
	hosts = pool_named("hosts");
	sites = pool_named("sites");
	assert_true(prefix_pool_alloc(links, 0, net.now, &a));
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up && client.v6_up);
	assert_int_equal(row(&net.lns, &the_one()->access)->where.n_also, 2);
	assert_int_equal(net.lns.box.count.no_prefix, 1);
	hang_up();
	run(500);
	while (prefix_pool_alloc(sites, 0, net.now, &a))
		;
	/* 16 million are too many to take. */
	assert_true(prefix_pool_alloc(hosts, 0, net.now, &host));
	conf_profile(net.lns.box.conf, "home")->pool_address6 = NULL;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	assert_false(client.v6_up);
	assert_int_equal(net.lns.box.count.no_prefix, 3);
	assert_true(ppp_link_has(&the_one()->ppp, PPP_IPV4));
	assert_int_equal(row(&net.lns, &the_one()->access)->where.n_also, 0);
}

/* The IPv4 pool is empty: IPv6 alone, over a restart too; IPv4 as well once it negotiates
 * anew and there is an address.
 */
static void no_address(void **state)
{
	struct restore_result r;
	struct pool *home;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	home = net.lns.box.network.pools[0].pool;
	while (pool_alloc(home, 0, net.now))
		;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.v6_up);
	assert_false(client.up);
	assert_int_equal(net.lns.box.count.no_address, 1);
	assert_int_equal(net.lns.box.count.auth_ok, 1);
	assert_false(ppp_link_has(&the_one()->ppp, PPP_IPV4));
	assert_int_equal(row(&net.lns, &the_one()->access)->where.n_also, 3);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(the_one()->address.family, 0);
	assert_int_equal(row(&net.lns, &the_one()->access)->where.n_also, 3);
	/* Nobody else has the addresses now. */
	client.v6_up = false;
	renegotiate("user@isp.example", "secret");
	run(500);
	assert_true(client.up && client.v6_up);
	hang_up();
	run(500);
	assert_int_equal(lent(), 0);
}

/* Neither: it is refused. */
static void no_address_and_no_prefix(void **state)
{
	struct conf_profile *f;
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	while (pool_alloc(net.lns.box.network.pools[0].pool, 0, net.now))
		;
	f = conf_profile(net.lns.box.conf, "home");
	f->pool6 = f->pool_address6 = f->pool_delegated = NULL;
	dial("user@isp.example", "secret");
	run(8000);
	assert_true(client.failed && !client.up && !client.v6_up);
	assert_int_equal(net.lns.box.count.no_address, 1);
	assert_int_equal(net.lns.box.n_subscribers, 0);
}

/* What it had is its own again, after a restart too, and nobody else's meanwhile. */
static void sticky(void **state)
{
	struct kern_prefix had[IPV6_NKINDS], has[IPV6_NKINDS];
	struct restore_result r;

	(void)state;
	begin(both);
	assert_int_equal(ipv6_prefixes(the_one()->ipv6, had), 3);
	hang_up();
	run(500);
	restart(&net.lns, &r);
	dial("ann@isp.example", "pear");
	run(500);
	assert_int_equal(ipv6_prefixes(the_one()->ipv6, has), 3);
	for (int i = 0; i < IPV6_NKINDS; i++)
		assert_false(addr_eq(&has[i].net, &had[i].net));
	hang_up();
	run(500);
	for (int i = 0; i < 3; i++) {
		dial("user@isp.example", "secret");
		run(500);
		assert_int_equal(ipv6_prefixes(the_one()->ipv6, has), 3);
		for (int k = 0; k < IPV6_NKINDS; k++)
			assert_true(addr_eq(&has[k].net, &had[k].net));
		if (i) /* up, and killed */
			restart(&net.lns, &r);
		hang_up();
		run(500);
	}
	assert_int_equal(lent(), 0);
}

static size_t resting(const char *pool)
{
	return prefix_pool_resting(pool_named(pool), net.now);
}

/* All of them rest: ann gets none before their time, over a restart too, nor one that
 * came back because its subscriber was not kept.
 */
static void rests(void **state)
{
	struct restore_result r;
	msec_t back;

	(void)state;
	begin(resting_sites);
	assert_non_null(the_one()->ipv6->pool[IPV6_DELEGATED]);
	hang_up();
	run(500);
	back = net.now;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(resting("sites"), 1);
		dial("ann@isp.example", "pear");
		run(500);
		assert_false(client.v6_up);
		restart(&net.lns, &r);
	}
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.v6_up);
	hang_up();
	run(back + SECONDS(598) - net.now);
	dial("ann@isp.example", "pear");
	run(500);
	assert_false(client.v6_up);
	run(SECONDS(10));
	dial("ann@isp.example", "pear");
	run(500);
	assert_true(client.v6_up);
	assert_int_equal(resting("sites"), 0);
	for (int i = 0; i < MAX; i++)
		net.lns.links[i].name.kind = KERN_NO_LINK;
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 0);
	assert_int_equal(resting("sites"), 1);
	restart(&net.lns, &r);
	assert_int_equal(resting("sites"), 1);
	run(SECONDS(601));
	assert_int_equal(resting("sites"), 0);
}

#define IN_VRF(name)                                                           \
	"pool6 \"" name "\" { prefix = \"2001:db8:100::/40\" }\n"              \
	"pool \"" name "\" { prefix = \"100.64.0.0/24\" }\n"                   \
	"ppp-profile \"" name "\" { pool = \"" name "\" vrf = \"" name         \
	"\"\n  local-address = \"100.65.0.1\" auth = { \"chap\" }\n"           \
	"  network = { \"ipv4\", \"ipv6\" } ipv6-pool = \"" name               \
	"\"\n  device-per-session = true }\n"                                  \
	"rule \"" name "\" { domain = \"" name ".example\" terminate = true\n" \
	"  ppp-profile = \"" name "\" }\n"                                     \
	"user \"user@" name ".example\" { password = \"secret\" }\n"

/* Two VRFs lend the same prefix, and go on doing so. */
static void of_vrfs(void **state)
{
	const struct pool6_all *p = &net.lac.box.pools6;
	struct kern_prefix a[IPV6_NKINDS], b[IPV6_NKINDS];
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	assert_int_equal(
		try_restart(&net.lac,
			    load("access-port \"lo\" { ppp-profile = \"red\" }\n" IN_VRF(
				    "red") IN_VRF("blue")),
			    &r),
		0);
	dial("user@red.example", "secret");
	run(500);
	dial("user@blue.example", "secret");
	run(500);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(net.lac.box.n_subscribers, 2);
		assert_int_equal(p->n, 2);
		for (size_t k = 0; k < 2; k++)
			assert_int_equal(prefix_pool_used(p->all[k].pool), 1);
		s = LIST_FIRST(&net.lac.box.subscribers);
		assert_int_equal(ipv6_prefixes(s->ipv6, a), 1);
		assert_int_equal(ipv6_prefixes(LIST_NEXT(s, all)->ipv6, b), 1);
		assert_true(addr_eq(&a[0].net, &b[0].net));
		assert_ptr_not_equal(s->vrf, LIST_NEXT(s, all)->vrf);
		restart(&net.lac, &r);
		assert_int_equal(r.closed, 0);
	}
	while (LIST_FIRST(&net.lac.box.subscribers))
		subscriber_end(LIST_FIRST(&net.lac.box.subscribers), net.now, 3,
			       "test");
	for (size_t k = 0; k < 2; k++)
		assert_int_equal(prefix_pool_used(p->all[k].pool), 0);
}

/* What one gives back as it becomes another user was the first user's. */
static void another_name(void **state)
{
	static const struct aaa_grant none;
	struct aaa_grant fixed = { .prefix6.len = 64 };
	const struct conf_profile *f;
	struct restore_result r;
	struct kern_prefix first;
	struct ipv6 *v, *w;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	assert_int_equal(addr_parse("2001:db8:aaaa::", &fixed.prefix6.net), 0);
	f = conf_profile(net.lns.box.conf, "home");
	v = bare();
	w = bare();
	assert_null(ipv6_provide(v, net.now, f, &none, NULL, "ann"));
	first = v->have[IPV6_PREFIX];
	assert_null(ipv6_provide(v, net.now, f, &fixed, NULL, "bob"));
	assert_null(ipv6_provide(w, net.now, f, &none, NULL, "bob"));
	assert_false(addr_eq(&w->have[IPV6_PREFIX].net, &first.net));
	ipv6_free(v, net.now);
	v = bare();
	assert_null(ipv6_provide(v, net.now, f, &none, NULL, "ann"));
	assert_true(addr_eq(&v->have[IPV6_PREFIX].net, &first.net));
	ipv6_free(v, net.now);
	ipv6_free(w, net.now);
}

static void ipv6_alone(void **state)
{
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	begin(alone);
	assert_true(client.v6_up);
	assert_false(client.up);
	for (int i = 0; i < 2; i++) {
		s = the_one();
		assert_int_equal(s->address.family, 0);
		assert_int_equal(row(&net.lns, &s->access)->where.peer.family,
				 0);
		assert_int_equal(row(&net.lns, &s->access)->where.n_also, 3);
		solicit_router();
		if (!i)
			restart(&net.lns, &r);
	}
	hang_up();
	run(500);
	assert_empty();
	assert_int_equal(lent(), 0);
}

/* Its hosts hear that we are no router, and then that the link ends. */
static void closed_by_us(void **state)
{
	struct subscriber *s;

	(void)state;
	begin(both);
	s = the_one();
	client.v6_n = 0;
	ppp_link_close(&s->ppp, net.now);
	run(500);
	assert_int_equal(client.v6_n, 1);
	assert_int_equal(client.v6_last[40], 134);
	assert_int_equal(client.v6_last[46] << 8 | client.v6_last[47], 0);
	run(500);
	assert_int_equal(lent(), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dual_stack),
		TEST(over_a_restart),
		TEST(its_pool_is_gone),
		TEST(no_prefix),
		TEST(no_address),
		TEST(no_address_and_no_prefix),
		TEST(ipv6_alone),
		TEST(closed_by_us),
		TEST(sticky),
		TEST(of_vrfs),
		TEST(rests),
		TEST(another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
