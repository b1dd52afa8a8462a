// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which servers of a group are asked, under a test's clock: dead ones that are probed
 * by Status-Server, ones without an address yet or with another, weights; what is
 * counted of each. The servers are the test.
 */
#include "aaa/radius_auth.h"

#include "aaa/radius_health.h"
#include "adit/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

#define N 3
#define ASKERS 64

static struct radius_server_conf conf[N];
static struct radius_client client;
static struct timers timers;
static msec_t now;
static bool alive[N];

static struct sent {
	unsigned int server, socket;
	struct addr to;
	uint8_t b[256];
	size_t len;
	msec_t at;
} sent[4096];
static unsigned int n_sent, answered;

static struct asker {
	struct aaa_request r;
	unsigned int answers;
	enum aaa_verdict verdict;
} askers[ASKERS];

static void reply_as(const struct sent *s, uint8_t code, const char *secret)
{
	uint8_t b[64];
	size_t len =
		server_reply(b, code, s->b[1], s->b + 4, secret, "", 0, true);

	radius_client_input(&client, &client.servers[s->server], s->socket, now,
			    b, len);
}

static void reply_to(const struct sent *s)
{
	reply_as(s, client.accounting ? 5 : 2, conf[s->server].secret);
}

static void on_send(struct radius_client *c, struct radius_server *s,
		    unsigned int socket, const void *packet, size_t len)
{
	struct sent *x = &sent[n_sent++];

	assert_ptr_equal(c, &client);
	assert_in_range(n_sent, 1, 4096);
	assert_in_range(len, 20, sizeof(x->b));
	*x = (struct sent){ .server = s->index,
			    .socket = socket,
			    .to = s->remote.addr,
			    .len = len,
			    .at = now };
	memcpy(x->b, packet, len);
}

static void done(struct aaa_request *r, msec_t at,
		 const struct aaa_reply *reply)
{
	struct asker *a = r->user;

	(void)at;
	a->answers++;
	a->verdict = reply->verdict;
}

static struct asker *submit(unsigned int i)
{
	static const uint8_t challenge[16], response[16];
	struct asker *a = &askers[i];

	*a = (struct asker){ .r = { .name = "user",
				    .proto = PPP_PROTO_CHAP,
				    .challenge = challenge,
				    .challenge_len = 16,
				    .response = response,
				    .response_len = 16,
				    .done = done,
				    .user = a } };
	radius_auth_submit(&client, &client.groups[0], &a->r, now);
	return a;
}

/* Requests, no probes, of servers that are alive. */
static void serve(void)
{
	for (; answered < n_sent; answered++)
		if (alive[sent[answered].server] &&
		    sent[answered].socket != RADIUS_PROBE_SOCKET)
			reply_to(&sent[answered]);
}

static void run(msec_t ms)
{
	for (msec_t end = now + ms; now < end; now += 10) {
		timers_run(&timers, now);
		serve();
	}
}

static const struct sent *last(void)
{
	return &sent[n_sent - 1];
}

static int setup(void **state)
{
	static char names[N][6] = { "one", "two", "three" };
	static char secrets[N][3] = { "s1", "s2", "s3" };

	(void)state;
	now = SECONDS(1000);
	n_sent = answered = 0;
	memset(&timers, 0, sizeof(timers));
	memset(alive, 0, sizeof(alive));
	assert_int_equal(radius_client_init(&client, &timers, N, 1), 0);
	client.send = on_send;
	client.identifier = "lns";
	for (unsigned int i = 0; i < N; i++) {
		conf[i] = (struct radius_server_conf){
			.name = names[i],
			.secret = secrets[i],
			.remote = { .addr = addr_v4(0xc0000201 + i) },
			.timeout = 2,
			.tries = 3,
			.dead_time = 60,
			.probe_interval = 10,
			.weight = 1,
			.limit = 1024
		};
		radius_client_server(&client, i, &conf[i]);
		client.groups[0].server[i] = &client.servers[i];
	}
	client.groups[0].n = 1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	radius_client_free(&client);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
	timers_free(&timers);
	return 0;
}

/* One and only, it does not answer: dead, and to be probed. */
static void kill_first(void)
{
	struct asker *a;

	conf[0].status_server = true;
	a = submit(0);
	while (!a->answers)
		run(10);
	assert_in_range(now - SECONDS(1000), 5400, 6700);
	assert_int_equal(a->verdict, AAA_UNAVAILABLE);
	assert_int_equal(client.servers[0].state, RADIUS_PROBING);
	assert_int_equal(client.servers[0].since, now - 10);
	assert_int_equal(n_sent, 3);
}

/* No request, however long it lasts: probes, after one second, two, and so on up to ten,
 * each another one.
 */
static void probed(void **state)
{
	struct radius_server *one = &client.servers[0];
	uint8_t digest[16], b[64];
	struct crypt_part parts[] = { { b, 0 } };
	msec_t wait = 900, at;

	(void)state;
	kill_first();
	at = now;
	for (unsigned int i = 1; i <= 10; i++) {
		const struct sent *p;

		assert_int_equal(submit(1)->answers, 1);
		assert_int_equal(askers[1].verdict, AAA_UNAVAILABLE);
		while (n_sent < 3 + i)
			run(10);
		p = last();
		assert_in_range(p->at - at, wait * 9 / 10 - 20,
				wait * 11 / 10 + 20);
		at = p->at;
		wait = msec_min(2 * wait, SECONDS(10));
		assert_int_equal(p->socket, RADIUS_PROBE_SOCKET);
		assert_int_equal(p->b[0], 12);
		/* Message-Authenticator, in front, and who asks. */
		assert_memory_equal(p->b + 20, "\x50\x12", 2);
		memcpy(b, p->b, p->len);
		memset(b + 22, 0, 16);
		parts[0].len = p->len;
		crypt_hmac_md5(digest, "s1", 2, parts, 1);
		assert_memory_equal(p->b + 22, digest, 16);
		assert_memory_equal(p->b + 38, "\x20\x05lns", 5);
		assert_int_equal(p->len, 43);
		assert_int_not_equal(p->b[1], sent[n_sent - 2].b[1]);
		assert_memory_not_equal(p->b + 4, sent[n_sent - 2].b + 4, 16);
	}
	assert_int_equal(one->state, RADIUS_PROBING);
	assert_int_equal(one->count.tx_probes, 10);
	assert_int_equal(one->count.rx_probes, 0);
	assert_int_equal(one->count.servers_dead, 1);
	/* Answered: it is asked, and not probed any more. */
	reply_to(last());
	assert_int_equal(one->state, RADIUS_ALIVE);
	assert_int_equal(one->since, now);
	assert_int_equal(one->count.rx_probes, 1);
	assert_int_equal(client.count.rx_probes, 1);
	alive[0] = true;
	submit(2);
	serve();
	assert_int_equal(askers[2].verdict, AAA_ACCEPT);
	run(SECONDS(100));
	assert_int_equal(one->count.tx_probes, 10);
}

/* What does not prove that the server is there. */
static void bad_answers(void **state)
{
	struct radius_server *one = &client.servers[0];
	struct sent first, other;
	uint8_t b[64];
	size_t len;

	(void)state;
	kill_first();
	/* Before there is any probe. */
	radius_client_input(&client, one, RADIUS_PROBE_SOCKET, now, sent[0].b,
			    sent[0].len);
	assert_int_equal(one->count.rx_unexpected, 1);
	while (n_sent < 4)
		run(10);
	first = *last();
	reply_as(&first, 2, "guess");
	assert_int_equal(one->count.rx_bad_authenticator, 1);
	other = first;
	other.b[1]++;
	reply_to(&other);
	assert_int_equal(one->count.rx_unexpected, 2);
	/* An answer for another port, a reject, a challenge. */
	reply_as(&first, 5, "s1");
	reply_as(&first, 3, "s1");
	reply_as(&first, 11, "s1");
	assert_int_equal(one->count.rx_bad_code, 3);
	len = server_reply(b, 2, first.b[1], first.b + 4, "s1", "", 0, true);
	for (size_t i = 0; i < len; i++)
		radius_client_input(&client, one, RADIUS_PROBE_SOCKET, now, b,
				    i);
	assert_int_equal(one->count.rx_malformed, len);
	len = server_reply(b, 2, first.b[1], first.b + 4, "s1",
			   "\x50\x12"
			   "0123456789abcdef",
			   18, false);
	radius_client_input(&client, one, RADIUS_PROBE_SOCKET, now, b, len);
	assert_int_equal(one->count.rx_bad_message_authenticator, 1);
	while (n_sent < 5)
		run(10);
	reply_to(&first);
	assert_int_equal(one->count.rx_unexpected, 3);
	assert_int_equal(one->state, RADIUS_PROBING);
	/* Without a Message-Authenticator it is an answer all the same. */
	len = server_reply(b, 2, last()->b[1], last()->b + 4, "s1", "", 0,
			   false);
	radius_client_input(&client, one, RADIUS_PROBE_SOCKET, now, b, len);
	assert_int_equal(one->state, RADIUS_ALIVE);
	/* Once. */
	reply_to(last());
	assert_int_equal(one->count.rx_unexpected, 4);
	assert_int_equal(one->count.rx_probes, 1);
}

static void probed_accounting(void **state)
{
	(void)state;
	client.accounting = true;
	kill_first();
	run(SECONDS(11));
	reply_as(last(), 2, "s1");
	assert_int_equal(client.servers[0].state, RADIUS_PROBING);
	reply_as(last(), 5, "s1");
	assert_int_equal(client.servers[0].state, RADIUS_ALIVE);
}

/* Beside another server nobody notices: one timeout, in all. */
static void probed_beside(void **state)
{
	(void)state;
	conf[0].status_server = true;
	client.groups[0].n = 2;
	alive[1] = true;
	for (unsigned int i = 0; i < 50; i++) {
		submit(i);
		run(10);
	}
	run(SECONDS(600));
	for (unsigned int i = 0; i < 50; i++)
		assert_int_equal(askers[i].verdict, AAA_ACCEPT);
	submit(0);
	serve();
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	assert_int_equal(client.count.timeouts, 1);
	assert_int_equal(client.servers[0].count.timeouts, 1);
	assert_int_equal(client.servers[1].count.rx_accepts, 51);
	assert_in_range(client.servers[0].count.tx_probes, 59, 65);
}

/* The only server is gone for seven seconds: it is asked again within two. */
static void blip(void **state)
{
	unsigned int seen = 0;

	(void)state;
	kill_first();
	run(SECONDS(7) - (now - SECONDS(1000)));
	assert_int_equal(client.servers[0].state, RADIUS_PROBING);
	while (client.servers[0].state == RADIUS_PROBING) {
		run(10);
		while (seen < n_sent) {
			struct sent *p = &sent[seen++];

			if (p->at >= SECONDS(1007) &&
			    p->socket == RADIUS_PROBE_SOCKET)
				reply_to(p);
		}
	}
	assert_in_range(now, SECONDS(1007), SECONDS(1009));
	assert_int_equal(client.servers[0].count.rx_probes, 1);
}

/* It answers probes, and no request: it is tried less and less often. */
static void hung(void **state)
{
	const struct radius_server *one = &client.servers[0];
	msec_t wait = 900, died;

	(void)state;
	kill_first();
	for (int i = 0; i < 4; i++) {
		died = now;
		while (last()->socket != RADIUS_PROBE_SOCKET)
			run(10);
		assert_in_range(now - died, wait * 9 / 10 - 20,
				wait * 11 / 10 + 20);
		wait = msec_min(4 * wait,
				SECONDS(10)); /* of the next probe, and the one not sent */
		reply_to(last());
		assert_int_equal(one->state, RADIUS_ALIVE);
		submit(i);
		while (one->state == RADIUS_ALIVE)
			run(10);
	}
	/* One that answers again begins anew. */
	while (last()->socket != RADIUS_PROBE_SOCKET)
		run(10);
	reply_to(last());
	submit(0);
	reply_to(last());
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	assert_int_equal(one->probe.wait, 0);
}

/* Its name has no address: it is as if it were not in the group. */
static void unresolved(void **state)
{
	struct addr to = addr_v4(0xc0000263);
	static char host[] = "radius.example";

	(void)state;
	conf[0].host = host;
	conf[0].remote.addr.family = 0;
	radius_client_server(&client, 0, &conf[0]);
	assert_string_equal(radius_health_name(client.servers[0].state),
			    "unresolved");
	assert_int_equal(submit(0)->verdict, AAA_UNAVAILABLE);
	assert_int_equal(n_sent, 0);
	client.groups[0].n = 2;
	submit(1);
	assert_int_equal(sent[0].server, 1);
	radius_client_moved(&client, &client.servers[0], &to, now);
	assert_int_equal(client.servers[0].state, RADIUS_ALIVE);
	submit(2);
	assert_int_equal(last()->server, 0);
	assert_true(addr_eq(&last()->to, &to));
	alive[0] = alive[1] = true;
	serve();
	assert_int_equal(askers[2].verdict, AAA_ACCEPT);
}

/* What is under way goes to the new address at once, and all its tries again; nobody
 * is dead for what was sent to the old one.
 */
static void moved(void **state)
{
	struct addr to = addr_v4(0xc0000263);

	(void)state;
	submit(0);
	run(5000);
	assert_int_equal(n_sent, 3);
	radius_client_moved(&client, &client.servers[0], &to, now);
	assert_int_equal(n_sent, 4);
	assert_true(addr_eq(&last()->to, &to));
	assert_memory_equal(last()->b, sent[0].b, sent[0].len);
	run(5000);
	assert_int_equal(n_sent, 6);
	assert_int_equal(client.count.servers_dead, 0);
	reply_to(last());
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	/* One that is dead, and probed, is asked where it is now. */
	teardown(state);
	setup(state);
	kill_first();
	radius_client_moved(&client, &client.servers[0], &to, now);
	submit(1);
	assert_true(addr_eq(&last()->to, &to));
	reply_to(last());
	assert_int_equal(askers[1].verdict, AAA_ACCEPT);
	run(SECONDS(20));
	assert_int_equal(client.count.tx_probes, 0);
}

/* Each its share, spread evenly: none gets two in a row that need not. */
static void weights(void **state)
{
	static const unsigned int weight[N] = { 1, 2, 5 };
	unsigned int got[N] = { 0 };

	(void)state;
	client.groups[0].n = N;
	client.groups[0].by_weight = true;
	for (unsigned int i = 0; i < N; i++) {
		conf[i].weight = weight[i];
		alive[i] = true;
	}
	for (unsigned int i = 0; i < 800; i++) {
		submit(0);
		got[last()->server]++;
		if (i && last()->server != 2)
			assert_int_not_equal(sent[i - 1].server,
					     last()->server);
		serve();
	}
	for (unsigned int i = 0; i < N; i++)
		assert_int_equal(got[i], 100 * weight[i]);
	/* Without the largest, the others share. */
	client.servers[2].state = RADIUS_UNRESOLVED;
	memset(got, 0, sizeof(got));
	for (unsigned int i = 0; i < 300; i++) {
		submit(0);
		got[last()->server]++;
		serve();
	}
	assert_in_range(got[0], 98, 102);
	assert_in_range(got[1], 198, 202);
	assert_int_equal(got[2], 0);
	/* Who is full is passed over, and who has been asked in vain. */
	conf[1].limit = 0;
	submit(0);
	assert_int_equal(last()->server, 0);
	serve();
	conf[1].limit = 10;
	alive[0] = alive[1] = false;
	submit(0);
	run(SECONDS(14));
	assert_int_equal(askers[0].verdict, AAA_UNAVAILABLE);
	assert_int_equal(client.count.timeouts, 2);
}

static void in_order(void **state)
{
	(void)state;
	client.groups[0].n = N;
	for (unsigned int i = 0; i < N; i++) {
		conf[i].weight = 1 + i;
		alive[i] = true;
	}
	for (unsigned int i = 0; i < 100; i++) {
		submit(0);
		assert_int_equal(last()->server, 0);
		serve();
	}
}

/* Of those that were sent once; of each server by itself. */
static void response_time(void **state)
{
	struct radius_server *one = &client.servers[0];

	(void)state;
	assert_int_equal(one->response_time, -1);
	for (unsigned int i = 0; i < 50; i++) {
		submit(0);
		run(40);
		reply_to(last());
	}
	assert_int_equal(one->response_time / 8, 40);
	submit(0);
	run(2500);
	assert_int_equal(last()->at < now - 200, true);
	reply_to(last());
	assert_int_equal(askers[0].verdict, AAA_ACCEPT);
	assert_int_equal(one->response_time / 8, 40);
	submit(0);
	run(120);
	reply_to(last());
	assert_int_equal(one->response_time / 8, 50);
	assert_int_equal(client.servers[1].response_time, -1);
	assert_int_equal(one->count.tx_requests, 52);
	assert_int_equal(one->count.tx_retransmits, 1);
	assert_int_equal(one->count.rx_accepts, 52);
	assert_int_equal(client.servers[1].count.tx_requests, 0);
}

/* Those that wait for room are counted. */
static void queue(void **state)
{
	(void)state;
	conf[0].limit = 10;
	for (unsigned int i = 0; i < 15; i++)
		submit(i);
	assert_int_equal(client.groups[0].n_waiting, 5);
	assert_int_equal(client.servers[0].n_flying, 10);
	reply_to(&sent[0]);
	assert_int_equal(client.groups[0].n_waiting, 4);
	radius_auth_cancel(&client, &askers[14].r, now);
	assert_int_equal(client.groups[0].n_waiting, 3);
	run(SECONDS(20));
	assert_int_equal(client.groups[0].n_waiting, 0);
	assert_int_equal(client.servers[0].n_flying, 0);
	assert_int_equal(client.servers[0].n_taken, 0);
}

/* What a server has no room for waits, and goes to no dead one meanwhile. */
static void full_beside_dead(void **state)
{
	struct asker *a;

	(void)state;
	client.groups[0].n = 2;
	conf[0].limit = 10;
	conf[1].timeout = 1;
	alive[0] = true;
	radius_health_died(&client.servers[1], now);
	for (unsigned int i = 0; i < 15; i++)
		submit(i);
	assert_int_equal(client.groups[0].n_waiting, 5);
	assert_int_equal(client.servers[1].count.tx_requests, 0);
	serve();
	serve();
	a = &askers[14];
	assert_int_equal(a->verdict, AAA_ACCEPT);
	assert_int_equal(client.servers[1].count.tx_requests, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(probed),
		TEST(bad_answers),
		TEST(probed_accounting),
		TEST(probed_beside),
		TEST(blip),
		TEST(unresolved),
		TEST(probed_beside),
		TEST(blip),
		TEST(hung),
		TEST(unresolved),
		TEST(moved),
		TEST(weights),
		TEST(in_order),
		TEST(response_time),
		TEST(queue),
		TEST(full_beside_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
