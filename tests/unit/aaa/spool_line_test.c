// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two groups that share a spool, under a test's clock; their servers, one each, are the
 * test: what the death of one costs the other, and who goes first when one is back.
 */
#include "aaa/spool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

#define N 2
#define SENT 16384

static const char *const names[N] = { "aaa", "bbb" };
static char secret[] = "acct";
static struct radius_server_conf conf[N];
static struct radius_client client;
static struct spool spool;
static struct timers timers;
static msec_t now;
static unsigned int n_kept;
static bool alive[N]; /* answers at once, ... */
static bool knows_on; /* and that as well, ... */
static uint32_t poison; /* but nothing of this session */

static struct sent {
	unsigned int server, socket;
	uint8_t id, authenticator[16];
	uint32_t status, session;
} sent[SENT];
static unsigned int n_sent, n_served;

static uint32_t number(const uint8_t *b, size_t len, uint8_t type)
{
	for (size_t i = 20; i < len; i += b[i + 1])
		if (b[i] == type)
			return (uint32_t)b[i + 2] << 24 |
			       (uint32_t)b[i + 3] << 16 |
			       (uint32_t)b[i + 4] << 8 | b[i + 5];
	fail();
	return 0;
}

static void on_send(struct radius_client *c, struct radius_server *s,
		    unsigned int socket, const void *packet, size_t len)
{
	struct sent *x = &sent[n_sent++];
	const uint8_t *b = packet;

	assert_ptr_equal(c, &client);
	assert_in_range(n_sent, 1, SENT);
	x->server = s->index;
	x->socket = socket;
	x->id = b[1];
	memcpy(x->authenticator, b + 4, 16);
	x->status = number(b, len, 40);
	x->session = number(b, len, 44);
}

/* What was answered, in order. */
static struct sent *answered[SENT];
static unsigned int n_answered;

static void serve(void)
{
	for (; n_served < n_sent; n_served++) {
		struct sent *x = &sent[n_served];
		uint8_t b[64];
		size_t len;

		if (!alive[x->server] || x->session == poison ||
		    (x->status == ACCT_ON && !knows_on))
			continue;
		answered[n_answered++] = x;
		len = server_reply(b, 5, x->id, x->authenticator, secret, "", 0,
				   false);
		radius_client_input(&client, &client.servers[x->server],
				    x->socket, now, b, len);
	}
}

static void run(msec_t ms)
{
	for (msec_t end = now + ms; now < end; now += 10) {
		timers_run(&timers, now);
		serve();
	}
}

static int on_keep(struct spool *s, uint64_t key, const void *data, size_t len)
{
	(void)s;
	(void)key;
	(void)data;
	(void)len;
	n_kept++;
	return 0;
}

static void on_forget(struct spool *s, uint64_t key)
{
	(void)s;
	(void)key;
	n_kept--;
}

static int setup(void **state)
{
	static char name[] = "one";

	(void)state;
	now = SECONDS(1000);
	n_sent = n_served = n_answered = n_kept = 0;
	memset(&timers, 0, sizeof(timers));
	assert_int_equal(radius_client_init(&client, &timers, N, N), 0);
	client.send = on_send;
	client.identifier = "lns";
	for (unsigned int i = 0; i < N; i++) {
		conf[i] = (struct radius_server_conf){ .name = name,
						       .secret = secret,
						       .timeout = 2,
						       .tries = 3,
						       .dead_time = 10,
						       .limit = 1024 };
		radius_client_server(&client, i, &conf[i]);
		client.groups[i].server[0] = &client.servers[i];
		client.groups[i].n = 1;
		alive[i] = true;
	}
	knows_on = true;
	poison = UINT32_MAX;
	assert_int_equal(spool_init(&spool, &client, &timers, names, N, 1000,
				    1 << 20),
			 0);
	spool.keep = on_keep;
	spool.forget = on_forget;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	spool_free(&spool);
	radius_client_free(&client);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
	timers_free(&timers);
	return 0;
}

static void add(unsigned int group, enum acct_status status, uint32_t session)
{
	struct acct_event e = { .status = status,
				.session = (uint64_t)group << 32 | session,
				.at = 1700000000,
				.seconds = 7,
				.len = 6 };

	strcpy(e.group, names[group]);
	e.attributes[0] = 44;
	e.attributes[1] = 6;
	for (int i = 0; i < 4; i++)
		e.attributes[2 + i] = (uint8_t)(session >> (24 - 8 * i));
	spool_add(&spool, now, &e, false);
}

/* The servers of one group are dead until no more of its events have room: those of the
 * other arrive, also if many come at once; nor do they lose theirs to the first.
 */
static void dead_group(void **state)
{
	unsigned int n = 0, lost;

	(void)state;
	alive[0] = false;
	while (!spool.count.lost_full)
		add(0, ACCT_STOP, n++);
	/* The parts of a quarter are for both, the rest for whoever comes. */
	assert_in_range(n, 4096 * 7 / 8, 4096 * 7 / 8 + 1);
	lost = (unsigned int)spool.count.lost_full;
	for (unsigned int i = 0; i < 5; i++) {
		for (unsigned int k = 0; k < 500; k++)
			add(1, ACCT_STOP, i * 500 + k);
		add(0, ACCT_STOP, n++);
		assert_int_equal(spool.count.lost_full, ++lost);
		run(SECONDS(1));
		assert_int_equal(n_answered, (i + 1) * 500);
	}
	assert_true(spool.used <= spool.max);
	/* Nor when both are dead. */
	alive[1] = false;
	for (unsigned int i = 0; i < 500; i++)
		add(1, ACCT_STOP, i);
	assert_int_equal(spool.count.lost_full, lost);
	alive[0] = alive[1] = true;
	run(SECONDS(60));
	assert_int_equal(spool.n, 0);
	assert_int_equal(spool.lines[0].used, 0);
	assert_int_equal(spool.lines[1].used, 0);
	assert_int_equal(n_kept, 0);
}

/* An interim gives way to what has more right to its room, and to nothing else. */
static void interims(void **state)
{
	(void)state;
	alive[0] = alive[1] = false;
	for (unsigned int i = 0; i < 100; i++)
		add(1, ACCT_INTERIM, i);
	for (unsigned int i = 0; !spool.count.lost_full; i++)
		add(0, ACCT_STOP, i);
	assert_int_equal(spool.count.superseded, 0);
	/* More than its part. */
	alive[0] = true;
	run(SECONDS(30));
	alive[0] = false;
	spool.count.lost_full = 0;
	for (unsigned int i = 100; i < 1000; i++)
		add(1, ACCT_INTERIM, i);
	for (unsigned int i = 0; !spool.count.lost_full; i++)
		add(0, ACCT_STOP, i);
	assert_in_range(spool.count.superseded, 1000 - 512 - 256,
			1000 - 512 + 1);
	assert_in_range(spool.lines[1].used, 512 * 256 - 256, 512 * 256);
}

/* A server that cannot be reached at first hears of Accounting-On first, whenever that
 * is: it may end what has started before it.
 */
static void on_first(void **state)
{
	for (msec_t late = 500; late < SECONDS(50); late += 700) {
		bool off = late % 200;

		alive[0] = false;
		if (off)
			add(0, ACCT_STOP, 9); /* of who was here before */
		add(0, ACCT_ON, 1);
		run(late / 2);
		for (unsigned int i = 3; i < 20; i++)
			add(0, ACCT_START, i);
		run(late - late / 2);
		alive[0] = true;
		run(SECONDS(20));
		assert_int_equal(spool.n, 0);
		assert_in_range(n_answered, 18 + off, 22);
		for (unsigned int i = 0; answered[i]->status != ACCT_ON; i++)
			assert_int_not_equal(answered[i]->status, ACCT_START);
		teardown(state);
		setup(state);
	}
}

/* A server that does not know what that is hears of the others. */
static void on_unknown(void **state)
{
	(void)state;
	knows_on = false;
	add(0, ACCT_ON, 1);
	for (unsigned int i = 3; i < 20; i++)
		add(0, ACCT_START, i);
	run(SECONDS(90));
	assert_int_equal(n_answered, 17);
	assert_int_equal(spool.n, 1);
}

/* Nor is one lost that it does not answer either: each has its turn. */
static void on_unknown_and_poison(void **state)
{
	(void)state;
	knows_on = false;
	poison = 2; /* which is next */
	add(0, ACCT_ON, 1);
	for (unsigned int i = 2; i < 6; i++)
		add(0, ACCT_START, i);
	run(SECONDS(600));
	assert_int_equal(n_answered, 3);
	assert_int_equal(spool.n, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(dead_group),
		TEST(interims),
		TEST(on_first),
		TEST(on_unknown),
		TEST(on_unknown_and_poison),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
