// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RADIUS client under a test's clock, its servers are the test: what is lost,
 * late, forged, or not answered at all.
 */
#include "aaa/radius_auth.h"

#include "adit/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

#define N 2 /* servers, in this order */
#define ASKERS 600

static struct radius_server_conf conf[N];
static struct radius_client client;
static struct timers timers;
static msec_t now;

/* What was sent, the last first forgotten. */
static struct sent {
	unsigned int server, socket;
	uint8_t b[256];
	size_t len;
} sent[4096];
static unsigned int n_sent;
static bool alive[N]; /* answers at once */

static struct asker {
	struct aaa_request r;
	unsigned int answers;
	enum aaa_verdict verdict;
	msec_t at;
} askers[ASKERS];

static void reply_to(const struct sent *s, uint8_t code, bool ma)
{
	uint8_t b[RADIUS_PACKET_MAX];
	size_t len = server_reply(b, code, s->b[1], s->b + 4,
				  conf[s->server].secret, "", 0, ma);

	radius_client_input(&client, &client.servers[s->server], s->socket, now,
			    b, len);
}

static void on_send(struct radius_client *c, struct radius_server *s,
		    unsigned int socket, const void *packet, size_t len)
{
	struct sent *x = &sent[n_sent++];

	assert_ptr_equal(c, &client);
	assert_in_range(n_sent, 1, 4096);
	assert_in_range(len, 20, sizeof(x->b));
	x->server = s->index;
	x->socket = socket;
	x->len = len;
	memcpy(x->b, packet, len);
}

static void done(struct aaa_request *r, msec_t at,
		 const struct aaa_reply *reply)
{
	struct asker *a = r->user;

	assert_null(r->radius.exchange);
	a->answers++;
	a->verdict = reply->verdict;
	a->at = at;
}

static void submit(unsigned int i)
{
	static const uint8_t challenge[16], response[16];

	askers[i] = (struct asker){ .r = { .name = "user",
					   .proto = PPP_PROTO_CHAP,
					   .challenge = challenge,
					   .challenge_len = 16,
					   .response = response,
					   .response_len = 16,
					   .done = done,
					   .user = &askers[i] } };
	radius_auth_submit(&client, &client.groups[0], &askers[i].r, now);
}

/* Servers that are alive answer what has been sent since. */
static unsigned int answered;

static void serve(void)
{
	for (; answered < n_sent; answered++)
		if (alive[sent[answered].server])
			reply_to(&sent[answered], 2, true);
}

static void run(msec_t ms)
{
	for (msec_t end = now + ms; now < end; now += 10) {
		timers_run(&timers, now);
		serve();
	}
}

/* In place of the kernel's: jitter and authenticators of a run are those of each. */
static unsigned int random_seed;

ssize_t getrandom(void *out, size_t len, unsigned int flags)
{
	uint8_t *p = out;

	(void)flags;
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(rand_r(&random_seed) >> 3);
	return (ssize_t)len;
}

static int setup(void **state)
{
	static char names[N][4] = { "one", "two" };
	static char secrets[N][3] = { "s1", "s2" };

	(void)state;
	random_seed = 1;
	now = SECONDS(1000);
	n_sent = answered = 0;
	memset(&timers, 0, sizeof(timers));
	memset(alive, 0, sizeof(alive));
	assert_int_equal(radius_client_init(&client, &timers, N, 1), 0);
	client.send = on_send;
	client.identifier = "lns";
	for (unsigned int i = 0; i < N; i++) {
		conf[i] = (struct radius_server_conf){ .name = names[i],
						       .secret = secrets[i],
						       .timeout = 2,
						       .tries = 3,
						       .dead_time = 60,
						       .limit = 1024 };
		radius_client_server(&client, i, &conf[i]);
		client.groups[0].server[i] = &client.servers[i];
	}
	client.groups[0].n = N;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	radius_client_free(&client);
	timers_free(&timers);
	return 0;
}

static void plain(void **state)
{
	(void)state;
	submit(0);
	assert_int_equal(n_sent, 1);
	assert_int_equal(askers[0].answers, 0);
	reply_to(&sent[0], 2, false);
	assert_int_equal(askers[0].answers, 1);
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	/* Once more, and after that: nobody waits for it. */
	reply_to(&sent[0], 2, false);
	assert_int_equal(client.count.rx_unexpected, 1);
	submit(1);
	assert_int_not_equal(sent[1].b[1], sent[0].b[1]);
	assert_memory_not_equal(sent[1].b + 4, sent[0].b + 4, 16);
	reply_to(&sent[1], 3, false);
	assert_int_equal(askers[1].verdict, AAA_REJECT);
	submit(2);
	reply_to(&sent[2], 11, false);
	assert_int_equal(askers[2].verdict, AAA_REJECT);
	assert_int_equal(client.count.rx_accepts, 1);
	assert_int_equal(client.count.rx_rejects, 1);
	assert_int_equal(client.count.rx_challenges, 1);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
}

/* Each is dropped and counted, and the request lives on. */
static void bad_replies(void **state)
{
	uint8_t b[RADIUS_PACKET_MAX];
	struct sent other, *s = &sent[0];
	struct radius_server *one = &client.servers[0];
	size_t len;

	(void)state;
	submit(0);
	/* Who does not know the secret. */
	len = server_reply(b, 2, s->b[1], s->b + 4, "guess", "", 0, true);
	radius_client_input(&client, one, 0, now, b, len);
	assert_int_equal(client.count.rx_bad_authenticator, 1);
	/* The answer to another request. */
	other = *s;
	other.b[9] ^= 1;
	reply_to(&other, 2, true);
	assert_int_equal(client.count.rx_bad_authenticator, 2);
	/* An id that is not under way; another socket; another server's socket. */
	other = *s;
	other.b[1]++;
	reply_to(&other, 2, true);
	other = *s;
	other.socket = 1;
	reply_to(&other, 2, true);
	other.socket = RADIUS_SOCKETS_MAX;
	reply_to(&other, 2, true);
	other = *s;
	other.server = 1;
	reply_to(&other, 2, true);
	assert_int_equal(client.count.rx_unexpected, 4);
	/* Cut, at every length. */
	len = server_reply(b, 2, s->b[1], s->b + 4, "s1", "", 0, true);
	for (size_t i = 0; i < len; i++)
		radius_client_input(&client, one, 0, now, b, i);
	assert_int_equal(client.count.rx_malformed, len);
	/* No answer to an Access-Request. */
	reply_to(s, 5, true);
	assert_int_equal(client.count.rx_bad_code, 1);
	/* A wrong Message-Authenticator under a good authenticator. */
	len = server_reply(b, 2, s->b[1], s->b + 4, "s1",
			   "\x50\x12"
			   "0123456789abcdef",
			   18, false);
	radius_client_input(&client, one, 0, now, b, len);
	assert_int_equal(client.count.rx_bad_message_authenticator, 1);
	assert_int_equal(askers[0].answers, 0);
	reply_to(s, 2, true);
	assert_int_equal(askers[0].answers, 1);
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
}

/* auto: from the first reply that has one on, all have to. */
static void policy(void **state)
{
	(void)state;
	submit(0);
	reply_to(&sent[0], 2, false);
	assert_int_equal(askers[0].answers, 1);
	submit(1);
	reply_to(&sent[1], 2, true);
	assert_int_equal(askers[1].answers, 1);
	submit(2);
	reply_to(&sent[2], 2, false);
	assert_int_equal(askers[2].answers, 0);
	assert_int_equal(client.count.rx_no_message_authenticator, 1);
	conf[0].message_authenticator = RADIUS_MA_OFF;
	reply_to(&sent[2], 2, false);
	assert_int_equal(askers[2].answers, 1);
	client.servers[0].has_message_authenticator = false;
	conf[0].message_authenticator = RADIUS_MA_REQUIRE;
	submit(3);
	reply_to(&sent[3], 2, false);
	assert_int_equal(askers[3].answers, 0);
	reply_to(&sent[3], 2, true);
	assert_int_equal(askers[3].answers, 1);
}

/* The same packet again, after about the timeout; the last one's answer counts. */
static void lost(void **state)
{
	(void)state;
	submit(0);
	run(1790);
	assert_int_equal(n_sent, 1);
	run(420);
	assert_int_equal(n_sent, 2);
	assert_memory_equal(sent[0].b, sent[1].b, sent[0].len);
	run(2300);
	assert_int_equal(n_sent, 3);
	assert_int_equal(client.count.tx_retransmits, 2);
	assert_int_equal(client.count.tx_requests, 1);
	reply_to(&sent[2], 2, true);
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	run(SECONDS(20));
	assert_int_equal(n_sent, 3);
}

/* Waits are spread: a thousand requests at once do not come back at once. */
static void jitter(void **state)
{
	msec_t first, last = 0;

	(void)state;
	for (unsigned int i = 0; i < 200; i++)
		submit(i);
	first = timers_next(&timers);
	while (n_sent < 400) {
		timers_run(&timers, now);
		last = now;
		now += 10;
	}
	assert_in_range(first, SECONDS(1000) + 1800, SECONDS(1000) + 1850);
	assert_in_range(last, SECONDS(1000) + 2150, SECONDS(1000) + 2200);
}

/* The first server is dead: one timeout for all, then none. It is tried by one
 * request after its dead time, and taken back when it answers.
 */
static void dead_server(void **state)
{
	(void)state;
	alive[1] = true;
	for (unsigned int i = 0; i < 500; i++) {
		submit(i);
		run(10);
	}
	run(SECONDS(2)); /* 7 s since the first */
	assert_int_equal(client.count.servers_dead, 1);
	assert_int_equal(client.count.timeouts, 1);
	for (unsigned int i = 0; i < 500; i++) {
		assert_int_equal(askers[i].answers, 1);
		assert_int_equal(askers[i].verdict, AAA_ACCEPT);
	}
	for (unsigned int i = 0; i < 100; i++) {
		submit(i);
		serve();
		assert_int_equal(askers[i].answers, 1);
	}
	run(SECONDS(61));
	for (unsigned int i = 0; i < 100; i++) {
		submit(i);
		serve();
	}
	assert_int_equal(askers[0].answers, 0); /* its trial */
	for (unsigned int i = 1; i < 100; i++)
		assert_int_equal(askers[i].answers, 1);
	run(SECONDS(7));
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	assert_int_equal(client.count.servers_dead, 2);
	run(SECONDS(61));
	alive[0] = true;
	submit(0);
	serve();
	assert_int_equal(client.servers[0].state, RADIUS_ALIVE);
	n_sent = answered = 0;
	submit(0);
	submit(1);
	assert_int_equal(sent[0].server, 0);
	assert_int_equal(sent[1].server, 0);
}

/* One request that it does not answer does not make a server dead that answers
 * others; it goes on to the next.
 */
static void unlucky(void **state)
{
	(void)state;
	submit(0);
	for (unsigned int i = 0; i < 8; i++) {
		submit(1);
		reply_to(&sent[n_sent - 1], 2, true);
		answered = n_sent;
		run(SECONDS(1));
	}
	assert_int_equal(client.count.timeouts, 1);
	assert_int_equal(client.count.servers_dead, 0);
	assert_int_equal(askers[0].answers, 0);
	alive[1] = true;
	run(SECONDS(3));
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
}

/* Nobody answers: that is told, in time, and none is forgotten. */
static void all_dead(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 300; i++)
		submit(i);
	run(SECONDS(14));
	for (unsigned int i = 0; i < 300; i++) {
		assert_int_equal(askers[i].answers, 1);
		assert_int_equal(askers[i].verdict, AAA_UNAVAILABLE);
	}
	assert_int_equal(client.count.unavailable, 300);
	assert_int_equal(client.servers[0].n_flying, 0);
	/* They are still asked: they may be back. */
	submit(0);
	alive[0] = alive[1] = true;
	serve();
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	/* What comes after that is nobody's. */
	reply_to(&sent[0], 2, true);
	assert_int_equal(client.count.rx_unexpected, 1);
}

/* There is no other server: that one request had all its tries ends no younger one. */
static void last_server(void **state)
{
	(void)state;
	for (unsigned int probed = 0; probed < 2; probed++) {
		conf[0].status_server = probed;
		conf[0].probe_interval = 60;
		client.groups[0].n = 1;
		submit(0);
		run(SECONDS(5));
		submit(1);
		submit(2);
		while (!askers[0].answers)
			run(10);
		assert_int_equal(askers[0].verdict, AAA_UNAVAILABLE);
		assert_int_equal(client.count.servers_dead, 1);
		assert_int_equal(askers[1].answers, 0);
		/* Each has its tries; the server has died once. */
		run(SECONDS(6));
		for (unsigned int i = 1; i < 3; i++) {
			assert_int_equal(askers[i].verdict, AAA_UNAVAILABLE);
			assert_in_range(askers[i].at, now - 1700, now);
		}
		assert_int_equal(client.count.servers_dead, 1);
		assert_int_equal(n_sent, 9 + client.count.tx_probes);
		assert_int_equal(!!client.count.tx_probes, probed);
		assert_int_equal(client.servers[0].n_flying, 0);
		teardown(state);
		setup(state);
	}
}

/* It is answered after all: the server is there, and is not probed. */
static void late_answer(void **state)
{
	(void)state;
	conf[0].status_server = true;
	conf[0].probe_interval = 10;
	client.groups[0].n = 1;
	submit(0);
	run(SECONDS(5));
	submit(1);
	while (!askers[0].answers)
		run(10);
	assert_int_equal(client.servers[0].state, RADIUS_PROBING);
	alive[0] = true;
	run(SECONDS(3));
	assert_int_equal(askers[1].verdict, AAA_ACCEPT);
	assert_int_equal(client.servers[0].state, RADIUS_ALIVE);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
}

/* More than a socket has ids, and then more than the limit: first come, first
 * served, and nobody waits for ever.
 */
static void crowd(void **state)
{
	(void)state;
	conf[0].limit = 300;
	client.groups[0].n = 1;
	for (unsigned int i = 0; i < 320; i++)
		submit(i);
	assert_int_equal(n_sent, 300);
	assert_int_equal(client.count.waited, 20);
	assert_int_equal(sent[255].socket, 0);
	assert_int_equal(sent[256].socket, 1);
	for (unsigned int i = 0; i < 300; i++)
		for (unsigned int k = 0; k < i; k++)
			assert_false(sent[i].socket == sent[k].socket &&
				     sent[i].b[1] == sent[k].b[1]);
	reply_to(&sent[299], 2, true);
	assert_int_equal(n_sent, 301);
	reply_to(&sent[300], 2, true);
	assert_int_equal(askers[300].answers, 1);
	assert_int_equal(askers[301].answers, 0);
	/* Those who are gone leave room. */
	radius_auth_cancel(&client, &askers[0].r, now);
	radius_auth_cancel(&client, &askers[0].r, now);
	assert_int_equal(n_sent, 303);
	assert_int_equal(askers[0].answers, 0);
	radius_auth_cancel(&client, &askers[319].r, now);
	run(SECONDS(30));
	for (unsigned int i = 1; i < 319; i++)
		assert_int_equal(askers[i].answers, 1);
	assert_int_equal(askers[319].answers, 0);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
}

/* Two are not answered by the first server, and the second takes one of them: the other
 * waits, which holds up nobody else, until there is room or its time is over.
 */
static void full_beside(void **state)
{
	unsigned int first;

	(void)state;
	conf[1].limit = 1;
	conf[1].timeout = 30;
	for (unsigned int i = 0; i < 2; i++)
		submit(i);
	for (unsigned int i = 2; i < 14; i++) {
		submit(i);
		assert_int_equal(sent[n_sent - 1].server, 0);
		reply_to(&sent[n_sent - 1], 2, true);
		assert_int_equal(askers[i].answers, 1);
		answered = n_sent;
		run(SECONDS(1));
	}
	assert_int_equal(client.groups[0].n_waiting, 1);
	for (first = 0; sent[first].server == 0; first++)
		;
	reply_to(&sent[first], 2, true);
	assert_int_equal(askers[0].answers + askers[1].answers, 1);
	assert_int_equal(client.groups[0].n_waiting, 0);
	assert_int_equal(sent[n_sent - 1].server, 1);
	reply_to(&sent[n_sent - 1], 2, true);
	assert_int_equal(askers[0].answers + askers[1].answers, 2);
}

/* Half of all is lost, both ways, for minutes. How many of the n were accepted. */
static unsigned int lose(unsigned int seed, unsigned int *n)
{
	unsigned int good = 0;

	random_seed = seed;
	*n = 0;
	conf[0].tries = conf[1].tries = 10;
	for (unsigned int t = 0; t < 3000; t++) {
		if (t < 2400 && !(t % 4))
			submit((*n)++);
		timers_run(&timers, now);
		for (; answered < n_sent; answered++)
			if (rand_r(&seed) % 4 == 0)
				reply_to(&sent[answered], 2, true);
		if (n_sent > 4000)
			n_sent = answered = 0;
		now += 100;
	}
	for (unsigned int i = 0; i < *n; i++) {
		assert_int_equal(askers[i].answers, 1);
		good += askers[i].verdict == AAA_ACCEPT;
	}
	assert_int_equal(client.servers[0].n_flying, 0);
	assert_int_equal(client.servers[1].n_flying, 0);
	return good;
}

/* Each is answered once; 5 in 600 may lose all of their tries. Ten times over, since one
 * time has its luck; what is lost and when it is sent again is the same in each run.
 */
static void lossy(void **state)
{
	unsigned int n, all = 0, good = 0;

	for (unsigned int seed = 1; seed <= 10; seed++) {
		good += lose(seed, &n);
		all += n;
		teardown(state);
		setup(state);
	}
	assert_in_range(good, all - all * 5 / 600, all);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(plain),	   TEST(bad_replies), TEST(policy),
		TEST(lost),	   TEST(jitter),      TEST(dead_server),
		TEST(unlucky),	   TEST(all_dead),    TEST(last_server),
		TEST(late_answer), TEST(crowd),	      TEST(full_beside),
		TEST(lossy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
