// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a subscriber's profile and grant make of its link in the kernel: rates, marks,
 * the largest packet; and what a change of the grant makes of one that is up.
 */
#include "bng/chain.h"
#include "bng/reach.h"

#include "aaa/radius_server.h"
#include "bng/terminate.h"

static char conf_text[2048];

/* An LNS whose profile says that as well. */
static void lns_with(const char *profile, const char *more)
{
	struct restore_result r;

	snprintf(conf_text, sizeof(conf_text),
		 "system { hostname = \"lns\" }\n"
		 "endpoint \"core\" { address = \"198.51.100.2\" }\n"
		 "pool \"home\" { prefix = \"100.64.0.0/24\" }\n"
		 "ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
		 "  radius-group = \"aaa\" local-address = \"100.64.0.1\"\n"
		 "  echo-interval = 0 %s }\n"
		 "destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
		 "  remote-host \"lac1\" { secret = \"s3cret\"\n"
		 "    ppp-profile = \"home\" } }\n"
		 "radius-server \"one\" { address = \"192.0.2.7\"\n"
		 "  secret = \"r4dius\" }\n"
		 "radius-group \"aaa\" { servers = { \"one\" } }\n%s",
		 profile, more);
	assert_int_equal(try_restart(&net.lns, load(conf_text), &r), 0);
}

static struct subscriber *subscriber(void)
{
	return LIST_FIRST(&net.lns.box.subscribers);
}

static struct link_row *its_row(void)
{
	return row(&net.lns, &subscriber()->access);
}

/* In comes one whom RADIUS grants that, or would. */
static void try_in(const char *attributes, size_t len)
{
	uint8_t b[1024];

	dial("user@isp.example", "secret");
	run(500);
	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "r4dius",
			   attributes, len, true);
	bng_kern_events.udp(&net.lns.kern, net.now, net.radius.id, b, len);
	run(500);
}

static void come_in(const char *attributes, size_t len)
{
	try_in(attributes, len);
	assert_true(client.up);
}

#define TRY_IN(text) try_in(text, sizeof(text) - 1)
#define COME_IN(text) come_in(text, sizeof(text) - 1)

static void go_away(void)
{
	hang_up();
	run(500);
	assert_empty();
}

static void apply(void (*change)(struct aaa_grant *g))
{
	struct aaa_grant g;

	subscriber_grant(subscriber(), &g);
	change(&g);
	assert_int_equal(subscriber_set_grant(subscriber(), &g), 0);
	terminate_apply(subscriber(), net.now);
}

static void nothing_said(void **state)
{
	(void)state;
	lns_with("", "");
	COME_IN("");
	assert_int_equal(its_row()->qos_sets, 0);
	assert_int_equal(its_row()->where.mtu, subscriber()->ppp.peer_mru);
	assert_int_equal(its_row()->where.mss, 0);
	go_away();
}

static void of_the_profile(void **state)
{
	const struct kern_qos *q;
	struct restore_result r;

	(void)state;
	lns_with("mtu = 1300 mss-clamp = 1200 rate-up = 2000\n"
		 "  burst-up = 30000 peak-rate-up = 4000 rate-down = 100\n"
		 "  mark = 0x10 priority = 65537",
		 "");
	COME_IN("");
	q = &its_row()->qos;
	assert_int_equal(its_row()->where.mtu, 1300);
	assert_int_equal(its_row()->where.mss, 1200);
	assert_int_equal(q->up.rate, 2000000);
	assert_int_equal(q->up.burst, 30000);
	assert_int_equal(q->up.peak, 4000000);
	assert_int_equal(q->up.peak_burst, 50000);
	assert_int_equal(q->down.rate, 100000);
	assert_int_equal(q->down.burst, 15000);
	assert_int_equal(q->down.peak, 0);
	assert_int_equal(q->mark, 0x10);
	assert_int_equal(q->priority, 65537);
	assert_int_equal(q->pace, 0);
	/* Another configuration holds from its start on, for whoever is up too. */
	lns_with("mss-clamp = off pacing = true rate-down = 5000", "");
	q = &its_row()->qos;
	assert_int_equal(its_row()->where.mss, KERN_MSS_OFF);
	assert_int_equal(q->up.rate, 0);
	assert_int_equal(q->down.rate, 0);
	assert_int_equal(q->pace, 5000000);
	assert_int_equal(q->mark, 0);
	lns_with("", "");
	assert_int_equal(its_row()->qos.pace, 0);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	go_away();
}

/* Framed-MTU 1280, WISPr rates 3 and 6 Mbit/s, both name servers. */
static void of_the_grant(void **state)
{
	(void)state;
	lns_with("mtu = 1300 rate-up = 1000 peak-rate-up = 4000 mark = 7\n"
		 "  dns = { 192.0.2.53 } nbns = { 192.0.2.54 }",
		 "");
	COME_IN("\x0c\x06\0\0\5\0"
		"\x1a\x0c\0\0\x37\x2a\7\6\0\x2d\xc6\xc0"
		"\x1a\x0c\0\0\x37\x2a\x08\6\0\x5b\x8d\x80"
		"\x1a\x0c\0\0\x01\x37\x1c\6\xc6\x33\x64\x01"
		"\x1a\x0c\0\0\x01\x37\x1d\6\xc6\x33\x64\x02");
	assert_int_equal(its_row()->where.mtu, 1280);
	assert_int_equal(its_row()->qos.up.rate, 3000000);
	assert_int_equal(its_row()->qos.up.burst, 37500);
	assert_int_equal(its_row()->qos.up.peak, 0);
	assert_int_equal(its_row()->qos.down.rate, 6000000);
	assert_int_equal(its_row()->qos.mark, 7);
	assert_int_equal(subscriber()->ppp.ip.v4.dns[0], 0xc6336401);
	assert_int_equal(subscriber()->ppp.ip.v4.dns[1], 0xc6336402);
	assert_int_equal(subscriber()->ppp.ip.v4.nbns[0], 0xc0000236);
	go_away();
}

/* Filter-Id names a policy; one that there is none of leaves the profile's. */
static void policies(void **state)
{
	(void)state;
	lns_with("rate-up = 1000",
		 "policy \"gold\" { rate-down = 9000 mark = 3 }\n");
	COME_IN("\x0b\6gold");
	assert_int_equal(its_row()->qos.up.rate, 0);
	assert_int_equal(its_row()->qos.down.rate, 9000000);
	assert_int_equal(its_row()->qos.mark, 3);
	assert_int_equal(net.lns.box.count.unknown_policy, 0);
	go_away();
	COME_IN("\x0b\6iron");
	assert_int_equal(its_row()->qos.up.rate, 1000000);
	assert_true(net.lns.box.count.unknown_policy);
	go_away();
}

/* JUNOSe's names of policies: of both ways, or of one, whose rate alone it is. */
static void policies_of_erx(void **state)
{
	struct restore_result r;

	(void)state;
	lns_with("rate-up = 1000 rate-down = 2000 mark = 7",
		 "policy \"gold\" { rate-up = 8000 rate-down = 9000 mark = 3 }\n"
		 "policy \"slow\" { rate-up = 64 rate-down = 65 mark = 4 }\n"
		 "policy \"pace\" { rate-up = 70 rate-down = 71 pacing = true }\n");
	COME_IN("\x1a\x0c\0\0\x13\x0a\x1a\6gold");
	assert_int_equal(its_row()->qos.up.rate, 8000000);
	assert_int_equal(its_row()->qos.down.rate, 9000000);
	assert_int_equal(its_row()->qos.mark, 3);
	go_away();
	COME_IN("\x1a\x0c\0\0\x13\x0a\x0a\6slow");
	assert_int_equal(its_row()->qos.up.rate, 64000);
	assert_int_equal(its_row()->qos.down.rate, 2000000);
	assert_int_equal(its_row()->qos.mark, 7);
	go_away();
	COME_IN("\x1a\x0c\0\0\x13\x0a\x0b\6pace\x0b\6gold");
	assert_int_equal(its_row()->qos.up.rate, 8000000);
	assert_int_equal(its_row()->qos.down.rate, 0);
	assert_int_equal(its_row()->qos.pace, 71000);
	assert_int_equal(its_row()->qos.mark, 3);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(its_row()->qos.pace, 71000);
	go_away();
	/* There is none: what else holds. */
	COME_IN("\x1a\x0c\0\0\x13\x0a\x0a\6iron\x0b\6gold");
	assert_int_equal(its_row()->qos.up.rate, 8000000);
	assert_true(net.lns.box.count.unknown_policy);
}

static void faster(struct aaa_grant *g)
{
	g->rate_up = 20000;
	g->mtu = 1000;
	g->session_timeout = 5000;
	g->idle_timeout = 300;
}

static void as_before(struct aaa_grant *g)
{
	memset(g, 0, sizeof(*g));
}

static void changes(void **state)
{
	struct restore_result r;
	msec_t since;

	(void)state;
	lns_with("session-timeout = 100", "");
	COME_IN("");
	since = subscriber()->since;
	run(SECONDS(50));
	apply(faster);
	/* What it was changed to outlives the daemon. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(its_row()->qos.up.rate, 20000000);
		assert_int_equal(its_row()->where.mtu, 1000);
		assert_int_equal(subscriber()->ppp.ip.idle_timeout, 300);
		assert_int_equal(subscriber()->ppp.session_at,
				 since + SECONDS(5000));
		if (!i)
			restart(&net.lns, &r);
	}
	run(SECONDS(100));
	assert_int_equal(net.lns.box.n_subscribers, 1);
	/* The profile's time has passed. */
	apply(as_before);
	run(SECONDS(1));
	assert_int_equal(net.lns.box.n_subscribers, 0);
	run(SECONDS(1));
	assert_empty();
}

/* What is granted as 0 the profile does not limit either. */
static void lifted(void **state)
{
	(void)state;
	lns_with("session-timeout = 100 idle-timeout = 60 rate-up = 1000\n"
		 "  peak-rate-up = 2000 rate-down = 1000",
		 "");
	COME_IN("\x1b\6\0\0\0\0\x1c\6\0\0\0\0"
		"\x1a\x0c\0\0\x37\x2a\7\6\0\0\0\0");
	assert_int_equal(subscriber()->ppp.ip.idle_timeout, 0);
	assert_int_equal(subscriber()->ppp.session_at, MSEC_NEVER);
	assert_int_equal(its_row()->qos.up.rate, 0);
	assert_int_equal(its_row()->qos.up.peak, 0);
	assert_int_equal(its_row()->qos.down.rate, 1000000);
	go_away();
}

static void no_longer(void **state)
{
	(void)state;
	lns_with("", "");
	COME_IN("");
	apply(faster);
	assert_int_equal(its_row()->qos_sets, 1);
	apply(as_before);
	assert_int_equal(its_row()->qos_sets, 2);
	assert_int_equal(its_row()->qos.up.rate, 0);
	assert_int_equal(its_row()->where.mtu, subscriber()->ppp.peer_mru);
	assert_int_equal(subscriber()->ppp.session_at, MSEC_NEVER);
	apply(as_before);
	assert_int_equal(its_row()->qos_sets, 2);
	go_away();
}

/* The route of that prefix; NULL: none. */
static struct kern_route *route(uint32_t v4, uint8_t len, uint32_t table)
{
	struct kern_route r = { .to = { .net = addr_v4(v4), .len = len },
				.table = table };

	return fib_route(&r, -1);
}

/* What leads to the pool leads to all of it, unless the profile says otherwise. */
static void pool_routes(void **state)
{
	struct restore_result r;
	unsigned int removed;

	(void)state;
	lns_with("", "");
	COME_IN("");
	assert_non_null(route(0x64400000, 24, 0));
	assert_null(route(client.addr, 32, 0));
	go_away();
	lns_with("routes = host", "");
	COME_IN("");
	assert_non_null(route(client.addr, 32, 0));
	removed = fib.removed;
	restart(&net.lns, &r);
	assert_int_equal(fib.removed, removed); /* not for a moment */
	go_away();
	assert_null(route(client.addr, 32, 0));
	lns_with("routes = none", "");
	COME_IN("");
	assert_null(route(client.addr, 32, 0));
	go_away();
	/* Outside of pools nothing else leads to it. */
	lns_with("", "");
	COME_IN("\x08\x06\xcb\x00\x71\x09");
	assert_non_null(route(0xcb007109, 32, 0));
	go_away();
	assert_null(route(0xcb007109, 32, 0));
}

static void more_routes(struct aaa_grant *g)
{
	g->routes[0].metric = 7;
	g->routes[1].to = (struct aaa_prefix){ addr_v4(0x0a090000), 16 };
}

/* Framed-Route, and a network by Framed-IP-Netmask. */
static void framed_routes(void **state)
{
	struct restore_result r;

	(void)state;
	lns_with("", "");
	COME_IN("\x08\x06\xcb\x00\x71\x09\x09\x06\xff\xff\xff\xf8"
		"\x16\x1a"
		"192.168.7.0/24 0.0.0.0 5");
	assert_int_equal(route(0xc0a80700, 24, 0)->metric, 5);
	assert_non_null(route(0xcb007108, 29, 0));
	assert_int_equal(its_row()->where.n_also, 2);
	apply(more_routes);
	assert_int_equal(route(0xc0a80700, 24, 0)->metric, 7);
	assert_non_null(route(0x0a090000, 16, 0));
	assert_int_equal(its_row()->where.n_also, 3);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_non_null(route(0x0a090000, 16, 0));
	apply(as_before);
	assert_null(route(0xc0a80700, 24, 0));
	assert_null(route(0x0a090000, 16, 0));
	assert_int_equal(its_row()->where.n_also, 0);
	go_away();
}

/* A network in a pool would be others' too: that of a dial-up's grant is nothing. */
static void netmask_in_a_pool(void **state)
{
	(void)state;
	lns_with("", "");
	COME_IN("\x08\x06\x64\x40\0\x09\x09\x06\xff\xff\xff\0");
	assert_int_equal(its_row()->where.n_also, 0);
	go_away();
}

static void route_of_another(void **state)
{
	static const char grant[] = "\x16\x1a"
				    "192.168.7.0/24 0.0.0.0 5";

	(void)state;
	lns_with("", "");
	COME_IN(grant);
	client_mac = 8;
	COME_IN(grant);
	assert_int_equal(its_row()->where.n_also, 0);
	assert_int_equal(net.lns.box.count.route_in_use, 1);
	hang_up();
	run(500);
	assert_non_null(route(0xc0a80700, 24, 0)); /* still the first one's */
	client_mac = 9;
}

/* It has dialled again before its session of before has ended. */
static void route_of_one_before(void **state)
{
	static const char grant[] = "\x16\x1a"
				    "192.168.7.0/24 0.0.0.0 5";
	struct subscriber *before;
	unsigned int binds;

	(void)state;
	lns_with("", "");
	COME_IN(grant);
	before = subscriber();
	client_mac = 8;
	COME_IN(grant);
	assert_int_equal(its_row()->where.n_also, 0);
	binds = net.lns.binds;
	reach_again(&net.lns.box);
	assert_int_equal(net.lns.binds, binds);
	subscriber_end(before, net.now, 3, "test");
	assert_null(route(0xc0a80700, 24, 0));
	reach_again(&net.lns.box);
	assert_int_equal(its_row()->where.n_also, 1);
	assert_non_null(route(0xc0a80700, 24, 0));
	binds = net.lns.binds;
	reach_again(&net.lns.box);
	assert_int_equal(net.lns.binds, binds);
	assert_int_equal(net.lns.box.count.route_in_use, 1);
	hang_up();
	run(500);
	assert_null(route(0xc0a80700, 24, 0));
	client_mac = 9;
}

static void granted_pool(void **state)
{
	struct restore_result r;

	(void)state;
	lns_with("", "pool \"far\" { range = \"100.70.0.5-100.70.0.6\" }\n");
	COME_IN("\x58\5"
		"far");
	assert_int_equal(client.addr, 0x64460005);
	assert_non_null(route(0x64460004, 30, 0));
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_string_equal(pool_name(subscriber()->pool), "far");
	assert_int_equal(pool_used(subscriber()->pool), 1);
	go_away();
	TRY_IN("\x58\6"
	       "near");
	assert_false(client.up);
	assert_int_equal(net.lns.box.count.no_pool, 1);
}

#define RED "\x1a\x0b\0\0\x13\x0a\1\5red"

/* Two have one address, each in a VRF. */
static void vrfs(void **state)
{
	struct restore_result r;
	const struct vrf *red;

	(void)state;
	lns_with("", "ppp-profile \"other\" { pool = \"home\" vrf = \"red\"\n"
		     "  local-address = \"100.64.0.1\" }\n");
	red = network_vrf(&net.lns.box.network, "red");
	assert_non_null(red);
	COME_IN("\x08\x06\xcb\x00\x71\x09");
	client_mac = 8;
	COME_IN("\x08\x06\xcb\x00\x71\x09" RED);
	assert_ptr_equal(subscriber()->vrf, red);
	assert_non_null(route(0xcb007109, 32, 0));
	assert_non_null(route(0xcb007109, 32, red->table));
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 2);
	red = network_vrf(&net.lns.box.network, "red");
	assert_non_null(route(0xcb007109, 32, red->table));
	/* And its pools. */
	client_mac = 7;
	COME_IN(RED);
	assert_ptr_equal(subscriber()->vrf, red);
	assert_int_equal(client.addr, 0x64400002);
	client_mac = 6;
	COME_IN("");
	assert_int_equal(client.addr, 0x64400002);
	client_mac = 5;
	TRY_IN("\x1a\x0c\0\0\x13\x0a\1\6"
	       "blue");
	assert_false(client.up);
	assert_int_equal(net.lns.box.count.no_vrf, 1);
	/* A name that no device can have is not as if none were said. */
	TRY_IN("\x1a\x18\0\0\x13\x0a\1\x12"
	       "customers-of-red");
	assert_false(client.up);
	assert_int_equal(net.lns.box.count.no_vrf, 2);
	client_mac = 9;
}

#define DEFAULT                      \
	"\x1a\x0f\0\0\x13\x0a\1\x09" \
	"default"

/* JUNOSe's virtual router "default" is none, though the profile has one. */
static void default_vrf(void **state)
{
	struct restore_result r;

	(void)state;
	lns_with("vrf = \"red\"", "ppp-profile \"other\" { pool = \"home\"\n"
				  "  local-address = \"100.64.0.1\" }\n");
	COME_IN(DEFAULT);
	assert_null(subscriber()->vrf);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_null(subscriber()->vrf);
	assert_int_equal(net.lns.box.count.no_vrf, 0);
}

/* But not if there is a VRF of that name. */
static void vrf_named_default(void **state)
{
	(void)state;
	lns_with("",
		 "ppp-profile \"other\" { pool = \"home\" vrf = \"default\"\n"
		 "  local-address = \"100.64.0.1\" }\n");
	COME_IN(DEFAULT);
	assert_non_null(subscriber()->vrf);
	assert_string_equal(subscriber()->vrf->name, "default");
}

static void own_device(void **state)
{
	struct restore_result r;
	const struct kern_device *d;
	uint32_t ifindex;

	(void)state;
	lns_with("device-per-session = true mtu = 1400", "");
	COME_IN("");
	ifindex = its_row()->where.ifindex;
	d = fib_device(ifindex);
	assert_non_null(d);
	assert_true(d->p2p);
	assert_int_equal(d->mtu, 1400);
	assert_memory_equal(d->name, "adit", 4);
	assert_int_equal(addr_to_v4(&d->local), 0x64400001);
	assert_int_equal(addr_to_v4(&d->peer), client.addr);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(its_row()->where.ifindex, ifindex);
	go_away();
	assert_null(fib_device(ifindex));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(nothing_said),
		T(of_the_profile),
		T(of_the_grant),
		T(policies),
		T(policies_of_erx),
		T(changes),
		T(lifted),
		T(no_longer),
		T(pool_routes),
		T(framed_routes),
		T(netmask_in_a_pool),
		T(route_of_another),
		T(route_of_one_before),
		T(granted_pool),
		T(vrfs),
		T(default_vrf),
		T(vrf_named_default),
		T(own_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
