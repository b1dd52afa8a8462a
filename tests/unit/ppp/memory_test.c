// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No memory for a link's record, or for its network protocols: that link ends, counted
 * and with its reason, wherever it has got to. Allocations fail as the test says; see
 * --wrap in tests/Makefile.
 */
#include "client.h"

#include "ppp/record.h"
#include "ppp/save.h"

#include <errno.h>

static bool none, no_ncp;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);

void *__wrap_calloc(size_t n, size_t size)
{
	return none ? NULL : __real_calloc(n, size);
}

void *__wrap_malloc(size_t size)
{
	return no_ncp ? NULL : __real_malloc(size);
}

char *__wrap_strdup(const char *text)
{
	return none ? NULL : __real_strdup(text);
}

static int setup_none(void **state)
{
	none = no_ncp = false;
	return setup(state);
}

static void ended(unsigned int ups)
{
	none = no_ncp = false;
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_NO_MEMORY);
	assert_string_equal(ppp_end_name(w.why), "out of memory");
	assert_int_equal(w.count.no_memory, 1);
	assert_int_equal(w.ups, ups);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
}

/* Nothing of one is left to the next. */
static void at_the_start(void **state)
{
	(void)state;
	none = true;
	ppp_link_start(w.link, w.now);
	ended(0);
	assert_int_equal(w.asked, 0);
	w.n_out = 0;
	new_link();
	start();
	assert_int_equal(w.link->phase, PPP_UP);
}

static void of_a_lac(void **state)
{
	struct ppp_record rec;
	const char *text;

	(void)state;
	w.policy = RELEASE;
	start();
	rec = *w.link->record;
	ppp_link_fini(w.link);
	free(w.link);
	w.asked = 0;
	new_link();
	none = true;
	assert_int_equal(ppp_link_start_proxy(w.link, w.now, &rec, &text), 0);
	ended(0);
	assert_int_equal(w.asked, 0);
}

/* One that is up, and negotiates anew. */
static void once_more(void **state)
{
	(void)state;
	w.policy = ACCEPT;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_null(w.link->record);
	none = true;
	client_lcp_request();
	ended(1);
}

/* Without memory for the name alone it keeps all of the record, and tries again. */
static void for_the_name(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	none = true;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_non_null(w.link->record);
	assert_string_equal(record_name(w.link), c.name);
	none = false;
	ppp_link_traffic(w.link, w.now, true);
	assert_null(w.link->record);
	assert_string_equal(record_name(w.link), c.name);
	assert_int_equal(w.count.no_memory, 0);
}

static void of_the_network(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	no_ncp = true;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	ended(0);
}

static void over_a_restart(void **state)
{
	uint8_t b[1024];
	struct wr out = wr_make(b, sizeof(b));
	struct rd in;

	(void)state;
	w.policy = ACCEPT;
	start();
	ppp_link_save(w.link, &out);
	ppp_link_fini(w.link);
	in = rd_make(b, wr_len(&out));
	none = true;
	assert_int_equal(ppp_link_load(w.link, w.now, &in), -EINVAL);
	none = false;
	no_ncp = true;
	in = rd_make(b, wr_len(&out));
	assert_int_equal(ppp_link_load(w.link, w.now, &in), -ENOMEM);
	no_ncp = false;
	in = rd_make(b, wr_len(&out));
	assert_int_equal(ppp_link_load(w.link, w.now, &in), 0);
	assert_string_equal(record_name(w.link), c.name);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup_none, teardown)
	const struct CMUnitTest tests[] = {
		T(at_the_start), T(of_a_lac),	    T(once_more),
		T(for_the_name), T(of_the_network), T(over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
