// SPDX-License-Identifier: GPL-2.0-or-later
/* What came back finds its pool after a restart, of many in many VRFs. */
#include "bng/recall.h"

#include "conf/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
/* after what it needs */
#include <cmocka.h>

#define POOLS 100 /* of each family */
#define VRFS 50
#define ENTRIES 2000
#define PLACES 40 /* that have lent something */

static struct network net;
static struct pool6_all pools6;
static struct returned returned;

static void kept(struct returned *r, uint64_t key, const void *data, size_t len)
{
	struct returned *next = &returned;

	(void)r;
	/* The last of a record is the whole of it. */
	if (next->n_read && next->last.number == key)
		next->n_read--;
	assert_true(returned_load(next, key, data, len));
}

static const struct conf *many_pools(void)
{
	char path[] = "/tmp/adit-recall-XXXXXX", err[CONF_ERROR_MAX] = "";
	FILE *f = fdopen(mkstemp(path), "w");
	const struct conf *c;

	assert_non_null(f);
	for (int i = 0; i < POOLS; i++)
		fprintf(f,
			"pool \"p%d\" { prefix = \"100.64.%d.0/24\" sticky = true }\n"
			"pool6 \"s%d\" { prefix = \"2001:db8:%x::/56\" sticky = true }\n",
			i, i, i, i);
	fclose(f);
	c = conf_load(path, err);
	if (!c)
		fail_msg("%s", err);
	unlink(path);
	return c;
}

static int setup(void **state)
{
	(void)state;
	memset(&net, 0, sizeof(net));
	net.conf = many_pools();
	fib_init(&net.fib, NULL);
	for (int i = 0; i < VRFS; i++) {
		struct vrf *v = calloc(1, sizeof(*v));

		assert_non_null(v);
		snprintf(v->name, sizeof(v->name), "v%d", i);
		SLIST_INSERT_HEAD(&net.vrfs, v, next);
	}
	assert_int_equal(pool6_open(&pools6, &net), 0);
	returned_init(&returned, ENTRIES);
	return 0;
}

static int teardown(void **state)
{
	struct conf *c = (struct conf *)(uintptr_t)net.conf;

	(void)state;
	returned_free(&returned);
	pool6_close(&pools6);
	network_close(&net);
	conf_free(c);
	return 0;
}

static const char *vrf_name(int place)
{
	static char name[16];

	if (!(place % 3))
		return NULL;
	snprintf(name, sizeof(name), "v%d", place % VRFS);
	return name;
}

/* Who had what where. */
static struct returned_entry entry(int u)
{
	int place = u % PLACES, family = place % 2 ? AF_INET6 : AF_INET;
	uint32_t nth = (uint32_t)(1 + u / PLACES);
	char name[16];

	snprintf(name, sizeof(name), "%c%d", place % 2 ? 's' : 'p', place);
	return (struct returned_entry){
		.pool = returned_pool(family, name, vrf_name(place)),
		.what = place % 2 ? nth :
				    0x64400000 + ((uint32_t)place << 8) + nth,
		.user = nth,
	};
}

static void gets_it_again(int u)
{
	struct returned_entry e = entry(u);
	const struct vrf *vrf =
		vrf_name(u % PLACES) ? network_vrf(&net, vrf_name(u % PLACES)) :
				       NULL;
	const struct conf_pool *c;
	struct prefix_pool *p6;
	char name[16];
	struct addr a;

	snprintf(name, sizeof(name), "%c%d", u % 2 ? 's' : 'p', u % PLACES);
	if (u % PLACES % 2) {
		p6 = pool6_there(&pools6, pool6_named(&pools6, name), vrf);
		assert_true(prefix_pool_alloc(p6, e.user, SECONDS(1), &a));
		assert_int_equal(prefix_pool_number(p6, &a), e.what);
		return;
	}
	STAILQ_FOREACH(c, &net.conf->pools, next)
	if (!strcmp(c->name, name))
		break;
	assert_int_equal(pool_alloc(network_pool_there(&net, c, vrf), e.user,
				    SECONDS(1)),
			 e.what);
}

/* However many pools there are, an entry is one look-up. */
static void many(void **state)
{
	struct returned before;
	clock_t at;

	(void)state;
	returned_init(&before, ENTRIES);
	before.keep = kept;
	for (int u = 0; u < ENTRIES; u++) {
		struct returned_entry e = entry(u);

		if (u % 5 == 4) /* of a pool that is none any more */
			e.pool++;
		returned_add(&before, &e);
	}
	at = clock();
	recall(&returned, &net, &pools6, SECONDS(1));
	assert_true(clock() - at < CLOCKS_PER_SEC);
	for (int u = 0; u < ENTRIES; u++)
		if (u % 5 != 4)
			gets_it_again(u);
	returned_free(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
