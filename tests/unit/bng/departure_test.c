// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A VRF that goes away while somebody is in it, and is made anew: which devices and VRFs
 * there are the test says; see --wrap in tests/Makefile.
 */
#include "bng/chain_acct.h"

#include "bng/cause.h"
#include "bng/departure.h"
#include "kern/route.h"
#include "kern/route_found.h"

static const char conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"red\" { prefix = \"100.65.0.0/24\" }\n"
	"pool6 \"red\" { prefix = \"2001:db8::/48\" }\n"
	"ppp-profile \"red\" { pool = \"red\" auth = { \"chap\" } vrf = \"red\"\n"
	"  accounting-group = \"aaa\" ipv6-pool = \"red\" network = { \"ipv4\", \"ipv6\" }\n"
	"  local-address = \"100.65.9.1\" echo-interval = 0 }\n"
	"pool \"blue\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"blue\" { pool = \"blue\" auth = { \"chap\" } vrf = \"blue\"\n"
	"  local-address = \"100.65.9.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"red\" }\n"
	"domain \"blue.example\" { terminate = true ppp-profile = \"blue\" }\n"
	"user \"bob\" { password = \"builder\" }\n"
	"user \"ann@blue.example\" { password = \"pear\" }\n" SERVER;

/* Indices; 0: it is not there. */
static uint32_t red, blue;

int __wrap_route_ifindex(const char *name, uint32_t *ifindex);
bool __wrap_route_index_is_free(uint32_t ifindex);
int __wrap_route_vrfs(void (*fn)(void *ctx, const char *name, uint32_t ifindex,
				 uint32_t table),
		      void *ctx, char err[ROUTE_ERROR_MAX]);

int __wrap_route_ifindex(const char *name, uint32_t *ifindex)
{
	*ifindex = !strcmp(name, "lo")	 ? 1 :
		   !strcmp(name, "red")	 ? red :
		   !strcmp(name, "blue") ? blue :
					   0;
	return *ifindex ? 0 : -ENODEV;
}

bool __wrap_route_index_is_free(uint32_t ifindex)
{
	return ifindex != 1 && ifindex != red && ifindex != blue &&
	       !fib_device(ifindex);
}

int __wrap_route_vrfs(void (*fn)(void *ctx, const char *name, uint32_t ifindex,
				 uint32_t table),
		      void *ctx, char err[ROUTE_ERROR_MAX])
{
	(void)err;
	if (red)
		fn(ctx, "red", red, 100 + red);
	if (blue)
		fn(ctx, "blue", blue, 100 + blue);
	return 0;
}

static struct network *network(void)
{
	return &net.lac.box.network;
}

/* As it would be with the module: there are VRFs, and devices in them when the first one
 * comes.
 */
static void begin(void)
{
	struct vrf *v;

	accounted(&net.lac, load(conf));
	SLIST_FOREACH(v, &network()->vrfs, next)
	{
		__wrap_route_ifindex(v->name, &v->ifindex);
		pool6_leave(&net.lac.box.pools6, v);
		network_leave(network(), v);
	}
	network()->has_data_path = true;
	departure_start(&net.lac.box, net.now);
}

/* In that VRF; 0: there is none. */
static uint32_t device_in(const char *vrf)
{
	for (size_t i = 0; i < network()->n_devices; i++)
		if (!strcmp(network()->devices[i].vrf->name, vrf))
			return network()->devices[i].ifindex;
	return 0;
}

static bool dial_in(uint8_t mac, const char *user, const char *password)
{
	client_mac = mac;
	dial(user, password);
	run_and_confirm(SECONDS(2));
	client_mac = 9;
	return client.up;
}

static int setup_there(void **state)
{
	red = 3;
	blue = 4;
	client_ifindex = 1;
	return setup(state);
}

/* The routes of a pool there, to that device. */
static unsigned int routes_of(uint32_t table, uint32_t ifindex)
{
	unsigned int n = 0;

	for (int i = 0; i < MAX; i++)
		n += fib.routes[i].to.net.family &&
		     fib.routes[i].table == table &&
		     (!ifindex || fib.routes[i].ifindex == ifindex);
	return n;
}

static void goes_and_comes(void **state)
{
	static const struct kern_stats none;
	uint32_t had, table, device, other;
	struct kern_link link;
	uint64_t id;

	(void)state;
	begin();
	table = network_vrf(network(), "red")->table;
	assert_true(dial_in(1, "bob", "builder"));
	had = client.addr;
	link = LIST_FIRST(&net.lac.box.subscribers)->access;
	id = LIST_FIRST(&net.lac.box.subscribers)->id;
	assert_true(dial_in(2, "ann@blue.example", "pear"));
	device = device_in("red");
	other = device_in("blue");
	assert_int_equal(fib_device(device)->master, 3);
	assert_int_equal(routes_of(table, device), 2);
	red = 0;
	run_and_confirm(SECONDS(2));
	assert_int_equal(net.lac.box.n_subscribers, 1);
	bng_kern_events.link_gone(&net.lac.kern, net.now, &link, id, &none);
	run_and_confirm(SECONDS(1));
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_NAS_ERROR);
	assert_null(fib_device(device));
	assert_int_equal(fib_device(other)->master, 4);
	assert_int_equal(routes_of(table, 0), 0);
	/* Nobody gets in meanwhile. */
	assert_false(dial_in(1, "bob", "builder"));
	assert_int_equal(net.lac.box.count.no_vrf, 1);
	assert_int_equal(device_in("red"), 0);
	assert_int_equal(routes_of(table, 0), 0);
	/* Another one, with other numbers. */
	red = 7;
	run_and_confirm(SECONDS(2));
	assert_true(dial_in(1, "bob", "builder"));
	assert_int_equal(client.addr, had);
	assert_int_equal(fib_device(device_in("red"))->master, 7);
	assert_int_equal(routes_of(107, device_in("red")), 2);
	assert_int_equal(device_in("blue"), other);
	assert_int_equal(net.lac.box.n_subscribers, 2);
	while (!LIST_EMPTY(&net.lac.box.subscribers))
		subscriber_end(LIST_FIRST(&net.lac.box.subscribers), net.now, 3,
			       "test");
	run_and_confirm(SECONDS(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(goes_and_comes, setup_there,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
