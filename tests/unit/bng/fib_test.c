// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Routes of ours and the kernel's table, which puts none over another: what is asked of
 * it, in which order, when routes change, and at a restart with those of before.
 */
#include "bng/fib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static char asked[256]; /* "+9/1024 -9/7", by device and metric */
static struct kern_impl impl;
static struct kern kern = { .impl = &impl };
static struct fib fib;
static struct fib_list list, other;

static struct kern_route last; /* of those */

static void k_route(struct kern *k, const struct kern_route *r, bool add)
{
	size_t len = strlen(asked);

	last = *r;
	(void)k;
	snprintf(asked + len, sizeof(asked) - len, "%s%c%u/%u", len ? " " : "",
		 add ? '+' : '-', r->ifindex, kern_route_metric(r));
}

static int setup(void **state)
{
	(void)state;
	impl.route = k_route;
	asked[0] = '\0';
	LIST_INIT(&list);
	LIST_INIT(&other);
	fib_init(&fib, &kern);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fib_drop(&fib, &list, false);
	fib_drop(&fib, &other, false);
	fib_free(&fib);
	return 0;
}

static struct kern_route route(const char *to, uint32_t ifindex,
			       uint32_t metric)
{
	struct kern_route r = { .ifindex = ifindex, .metric = metric };

	assert_int_equal(addr_parse(to, &r.to.net), 0);
	r.to.len = r.to.net.family == AF_INET ? 32 : 64;
	return r;
}

static void want(const char *to, uint32_t ifindex, uint32_t metric,
		 const char *asks)
{
	struct kern_route r = route(to, ifindex, metric);

	asked[0] = '\0';
	assert_int_equal(fib_set(&fib, &list, &r, 1), 0);
	assert_string_equal(asked, asks);
}

#define V4 "192.0.2.1"
#define V6 "2001:db8:7::"

/* Of IPv6 0 is 1024, and nothing else, also to whoever removes it. */
static void another_metric(void **state)
{
	(void)state;
	want(V6, 9, 0, "+9/1024");
	want(V6, 9, 0, "");
	want(V6, 9, 1024, "");
	want(V6, 9, 7, "+9/7 -9/1024");
	want(V6, 9, 0, "+9/1024 -9/7");
	fib_set(&fib, &list, NULL, 0);
	want(V4, 9, 0, "+9/0");
	want(V4, 9, 1024, "+9/1024 -9/0");
}

/* There is no room for both. */
static void another_device(void **state)
{
	(void)state;
	want(V4, 9, 0, "+9/0");
	want(V4, 10, 0, "-9/0 +10/0");
	want(V4, 11, 7, "+11/7 -10/0");
}

/* Who claims one of before finds it there; what leads elsewhere makes room. */
static void over_a_restart(void **state)
{
	struct kern_route before[] = { route(V4, 9, 0), route(V6, 9, 1024),
				       route("192.0.2.2", 9, 7) };

	(void)state;
	for (int i = 0; i < 3; i++)
		fib_had(&fib, &before[i]);
	want(V4, 9, 0, "");
	want(V6, 9, 0, "-9/0");
	want("192.0.2.2", 10, 7, "-9/7 +10/7 -9/1024");
	/* It is claimed, and given up: it is made again. */
	want(V4, 9, 0, "+9/0 -10/7");
}

/* What a sweep leaves: each as it is to be, and no other of its prefix. */
static void wanted(void **state)
{
	struct kern_route r = route(V6, 9, 1024);

	(void)state;
	want(V6, 9, 0, "+9/1024");
	assert_true(fib_wants(&fib, &r));
	r.metric = 7;
	assert_false(fib_wants(&fib, &r));
	r = route(V6, 10, 1024);
	assert_false(fib_wants(&fib, &r));
	r = route("2001:db8:8::", 9, 1024);
	assert_false(fib_wants(&fib, &r));
}

/* Another's was in its place, for a while. */
static void refused(void **state)
{
	struct kern_route r[] = { route("192.0.2.1", 7, 0),
				  route("192.0.2.2", 7, 0),
				  route("2001:db8::", 7, 0) };
	struct kern_route elsewhere = route("192.0.2.1", 9, 0);

	(void)state;
	fib_set(&fib, &list, r, 3);
	asked[0] = '\0';
	fib_again(&fib);
	assert_string_equal(asked, "");
	fib_refused(&fib, &elsewhere); /* of before a change */
	fib_again(&fib);
	assert_string_equal(asked, "");
	fib_refused(&fib, &r[0]);
	fib_refused(&fib, &r[2]);
	fib_again(&fib);
	assert_true(strstr(asked, "+7/0") && strstr(asked, "+7/1024"));
	assert_int_equal(strlen(asked), strlen("+7/0 +7/1024"));
	assert_true(last.again);
	asked[0] = '\0';
	fib_again(&fib); /* both are there by now */
	assert_string_equal(asked, "");
	fib_refused(&fib, &r[0]);
	fib_set(&fib, &list, &r[1], 2); /* nobody wants it any more */
	asked[0] = '\0';
	fib_again(&fib);
	assert_string_equal(asked, "");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(another_metric), T(another_device), T(over_a_restart),
		T(wanted),	   T(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
