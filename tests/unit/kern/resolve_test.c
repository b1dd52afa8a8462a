// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Look-ups that need no DNS server: what is said comes from the loop, once, and not
 * at all of those that were taken back. With DNS: tests/native/56-radius-name.sh.
 */
#include "kern/resolve.h"

#include <arpa/inet.h>
#include <ev.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static unsigned int n_told;
static uint32_t told_id;
static struct kern_resolved told;

static void on_resolved(struct kern *k, msec_t now, uint32_t id,
			const struct kern_resolved *r)
{
	(void)k, (void)now;
	n_told++;
	told_id = id;
	told = *r;
}

static const struct kern_events events = { .resolved = on_resolved };
static struct kern kern = { .events = &events };

static void wait_for(unsigned int n)
{
	for (int i = 0; i < 1000 && n_told < n; i++)
		ev_run(kern.loop, EVRUN_ONCE);
	assert_int_equal(n_told, n);
}

static void known(void **state)
{
	struct addr local = addr_v4(INADDR_LOOPBACK);

	(void)state;
	n_told = 0;
	assert_int_equal(resolve_start(&kern, "localhost", AF_INET, 7), 0);
	assert_int_equal(n_told, 0);
	wait_for(1);
	assert_int_equal(told_id, 7);
	assert_null(told.error);
	assert_in_range(told.n, 1, KERN_RESOLVED_MAX);
	assert_true(addr_eq(&told.addr[0], &local));
	/* Several at a time. */
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(resolve_start(&kern, "127.0.0.9", AF_UNSPEC,
					       i),
				 0);
	wait_for(6);
	assert_int_equal(told.addr[0].b[3], 9);
	resolve_close(&kern);
}

static void taken_back(void **state)
{
	(void)state;
	n_told = 0;
	assert_int_equal(resolve_start(&kern, "localhost", AF_INET, 7), 0);
	assert_int_equal(resolve_start(&kern, "radius.invalid", AF_INET, 8), 0);
	resolve_close(&kern);
	resolve_close(&kern);
	ev_run(kern.loop, EVRUN_NOWAIT);
	assert_int_equal(n_told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(taken_back),
	};

	kern.loop = ev_default_loop(0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
