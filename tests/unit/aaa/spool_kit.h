/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A spool under a test's clock; its server, which may lose what it gets and says, and
 * what outlives the daemon are the test. Tests include it once each.
 */
#ifndef TESTS_AAA_SPOOL_KIT_H
#define TESTS_AAA_SPOOL_KIT_H

#include "aaa/radius_health.h"
#include "aaa/spool.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

#define SECRET "acct"
#define SESSIONS 3000
#define KEPT 32768

static char name[] = "one", secret[] = SECRET;
static struct radius_server_conf conf;
static struct radius_client client;
static struct spool spool;
static struct timers timers;
static msec_t now;
static unsigned int seed;
static unsigned int loss; /* per cent, each way */
static bool alive; /* the server answers at once */
static int keep_error;

/* What was kept; the key is the place. */
static struct {
	size_t len;
	uint8_t b[256];
} kept[KEPT];
static unsigned int n_kept;

/* What the server got last. */
static uint8_t got[RADIUS_PACKET_MAX];
static size_t got_len;
static unsigned int n_got;
static unsigned int starts[SESSIONS], stops[SESSIONS];
static bool
	is_open[SESSIONS]; /* to a database that believes what it is told last */
static unsigned int n_late; /* of those whose Stop had come */
static uint64_t order[SESSIONS]; /* of sessions whose Start came */
static unsigned int n_order;

static inline const uint8_t *attribute(const uint8_t *b, size_t len,
				       uint8_t type)
{
	for (size_t i = 20; i < len; i += b[i + 1]) {
		assert_in_range(b[i + 1], 3, len - i);
		if (b[i] == type)
			return b + i + 2;
	}
	return NULL;
}

static inline uint32_t u32(const uint8_t *p)
{
	assert_non_null(p);
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

#define GOT(type) u32(attribute(got, got_len, type))

/* RFC 2866 3. */
static inline void assert_signed(const uint8_t *b, size_t len)
{
	static const uint8_t zero[16];
	struct crypt_part parts[] = { { b, 4 },
				      { zero, 16 },
				      { b + 20, len - 20 },
				      { SECRET, strlen(SECRET) } };
	uint8_t digest[16];

	assert_int_equal(b[0], 4);
	assert_int_equal(b[2] << 8 | b[3], len);
	crypt_md5(digest, parts, 4);
	assert_memory_equal(digest, b + 4, 16);
}

static inline void reply_to(const uint8_t *b, unsigned int socket,
			    const char *with)
{
	uint8_t r[64];
	size_t len = server_reply(r, 5, b[1], b + 4, with, "", 0, false);

	radius_client_input(&client, &client.servers[0], socket, now, r, len);
}

static inline void note(const uint8_t *b, size_t len)
{
	uint32_t session = u32(attribute(b, len, 44));

	if (session >= SESSIONS)
		return;
	if (u32(attribute(b, len, 40)) == ACCT_START) {
		n_late += stops[session] != 0;
		is_open[session] = true;
		if (!starts[session]++)
			order[n_order++] = session;
	}
	if (u32(attribute(b, len, 40)) == ACCT_STOP) {
		is_open[session] = false;
		stops[session]++;
	}
}

/* Answers later: the client sends from within its own functions. */
static struct sent {
	unsigned int socket;
	size_t len;
	uint8_t b[512];
} sent[8192];
static unsigned int n_sent, n_served;

static inline void on_send(struct radius_client *c, struct radius_server *s,
			   unsigned int socket, const void *packet, size_t len)
{
	struct sent *x = &sent[n_sent++];

	assert_ptr_equal(c, &client);
	assert_ptr_equal(s->conf, &conf);
	assert_in_range(n_sent, 1, 8192);
	assert_in_range(len, 20, sizeof(x->b));
	x->socket = socket;
	x->len = len;
	memcpy(x->b, packet, len);
	memcpy(got, packet, len);
	got_len = len;
	n_got++;
	assert_signed(packet, len);
}

static inline bool lost(void)
{
	return (unsigned int)rand_r(&seed) % 100 < loss;
}

static inline void serve(void)
{
	while (n_served < n_sent) {
		struct sent x = sent[n_served++];

		if (!alive || lost())
			continue;
		note(x.b, x.len);
		if (!lost())
			reply_to(x.b, x.socket, SECRET);
	}
	n_sent = n_served = 0;
}

static inline void run(msec_t ms)
{
	for (msec_t end = now + ms; now < end; now += 10) {
		timers_run(&timers, now);
		serve();
	}
}

/* In place of the kernel's: each run is as the others. */
ssize_t getrandom(void *out, size_t len, unsigned int flags)
{
	static unsigned int state = 1;
	uint8_t *p = out;

	(void)flags;
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(rand_r(&state) >> 3);
	return (ssize_t)len;
}

static inline int on_keep(struct spool *s, uint64_t key, const void *data,
			  size_t len)
{
	assert_ptr_equal(s, &spool);
	assert_in_range(key, 1, KEPT - 1);
	assert_in_range(len, 1, sizeof(kept[key].b));
	if (keep_error)
		return keep_error;
	n_kept += !kept[key].len;
	kept[key].len = len;
	memcpy(kept[key].b, data, len);
	return 0;
}

static inline void on_forget(struct spool *s, uint64_t key)
{
	assert_ptr_equal(s, &spool);
	n_kept -= kept[key].len != 0;
	kept[key].len = 0;
}

static inline void begin(void)
{
	static const char *const names[] = { "aaa" };

	assert_int_equal(radius_client_init(&client, &timers, 1, 1), 0);
	client.send = on_send;
	client.identifier = "lns";
	radius_client_server(&client, 0, &conf);
	client.groups[0].server[0] = &client.servers[0];
	client.groups[0].n = 1;
	assert_int_equal(spool_init(&spool, &client, &timers, names, 1, 1000,
				    1 << 20),
			 0);
	spool.keep = on_keep;
	spool.forget = on_forget;
}

static inline int setup(void **state)
{
	(void)state;
	now = SECONDS(1000);
	seed = 1;
	loss = n_kept = n_got = n_sent = n_served = n_order = 0;
	keep_error = 0;
	alive = true;
	for (int i = 0; i < KEPT; i++)
		kept[i].len = 0;
	memset(starts, 0, sizeof(starts));
	memset(stops, 0, sizeof(stops));
	memset(is_open, 0, sizeof(is_open));
	n_late = 0;
	memset(&timers, 0, sizeof(timers));
	conf = (struct radius_server_conf){ .name = name,
					    .secret = secret,
					    .timeout = 2,
					    .tries = 3,
					    .dead_time = 10,
					    .limit = 1024 };
	begin();
	return 0;
}

static inline void end(void)
{
	spool_free(&spool);
	radius_client_free(&client);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
}

static inline int teardown(void **state)
{
	(void)state;
	end();
	timers_free(&timers);
	return 0;
}

/* kill -9 and another daemon; `wall` seconds have passed outside of `now`. */
static inline void restart(uint32_t wall)
{
	end();
	begin();
	for (unsigned int i = KEPT; i-- > 0;)
		if (kept[i].len &&
		    !spool_load(&spool, now, wall, i, kept[i].b, kept[i].len))
			on_forget(&spool, i);
	spool_loaded(&spool, now);
}

static inline struct acct_event event(enum acct_status status, uint32_t session)
{
	struct acct_event e = { .status = status,
				.session = session,
				.at = 1700000000,
				.seconds = 7,
				.counts = { 1, 2, 3, 4 },
				.group = "aaa",
				.len = 6 };

	e.attributes[0] = 44;
	e.attributes[1] = 6;
	for (int i = 0; i < 4; i++)
		e.attributes[2 + i] = (uint8_t)(session >> (24 - 8 * i));
	return e;
}

static inline void add(enum acct_status status, uint32_t session)
{
	struct acct_event e = event(status, session);

	spool_add(&spool, now, &e, false);
}

#endif /* TESTS_AAA_SPOOL_KIT_H */
