// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disconnect- and CoA-Requests (RFC 5176): who may ask, what is forged, old, asked again
 * or played back, and what the answers look like. What is to be done is the test's.
 */
#include "aaa/radius_dae.h"
#include "aaa/radius_named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

#define WALL 1800000000U

static struct radius_dae dae;
static struct dae_time t;
static struct addr_port from;
static unsigned int n_done, n_sent;
static enum dae_cause cause;
static struct dae_request done;
static uint8_t request[RADIUS_PACKET_MAX], reply[RADIUS_PACKET_MAX];
static size_t request_len, reply_len;
static struct addr_port reply_to;

static char name[] = "one", other_name[] = "two";
static char secret[] = "s3cret", other_secret[] = "other";
static struct dae_client_conf conf, other;

static int send_reply(struct radius_dae *d, unsigned int listener,
		      const struct addr_port *to, const void *data, size_t len)
{
	(void)d;
	assert_int_equal(listener, 3);
	n_sent++;
	reply_to = *to;
	reply_len = len;
	memcpy(reply, data, len);
	return 0;
}

static enum dae_cause act(struct radius_dae *d, msec_t now,
			  const struct dae_request *r)
{
	(void)d;
	assert_int_equal(now, t.now);
	n_done++;
	done = *r;
	return cause;
}

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static int setup(void **state)
{
	(void)state;
	n_done = n_sent = 0;
	cause = DAE_DONE;
	t = (struct dae_time){ .now = 5000, .wall = WALL };
	from = (struct addr_port){ address("192.0.2.7"), 40000 };
	conf = (struct dae_client_conf){ .name = name,
					 .secret = secret,
					 .net = address("192.0.2.0"),
					 .prefix_len = 26,
					 .rate = 1000,
					 .window = 300,
					 .disconnect = true,
					 .coa = true };
	other = (struct dae_client_conf){ .name = other_name,
					  .secret = other_secret,
					  .net = address("192.0.2.9"),
					  .prefix_len = 32,
					  .rate = 10,
					  .window = 300,
					  .disconnect = true,
					  .coa = true };
	assert_int_equal(radius_dae_init(&dae, 2), 0);
	dae.send = send_reply;
	dae.act = act;
	radius_dae_add(&dae, 3, &conf, WALL - 1);
	radius_dae_add(&dae, 3, &other, WALL - 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	radius_dae_free(&dae);
	return 0;
}

static void input(void)
{
	radius_dae_input(&dae, &t, 3, &from, request, request_len);
}

static void ask_as(const char *with, uint8_t code, uint8_t id,
		   const void *attributes, size_t len, bool ma)
{
	static const uint8_t zero[16];

	request_len = server_reply(request, code, id, zero, with, attributes,
				   len, ma);
	input();
}

#define ASK(code, id, text) \
	ask_as(secret, code, id, text, sizeof(text) - 1, true)

/* The user is bob, the time is that many seconds off. */
static void ask_timed(uint8_t id, int off)
{
	uint8_t b[] = "\x37\6....\1\5bob";
	uint32_t at = WALL + (uint32_t)off;

	for (int i = 0; i < 4; i++)
		b[2 + i] = (uint8_t)(at >> (24 - 8 * i));
	ask_as(secret, 40, id, b, sizeof(b) - 1, true);
}

static bool answered(uint8_t code, const void *attributes, size_t len)
{
	struct radius_reply r;

	assert_int_equal(radius_verify(reply, reply_len, request + 4, secret,
				       RADIUS_REQUIRED, &r),
			 RADIUS_GOOD);
	assert_int_equal(reply[1], request[1]);
	assert_int_equal(reply[20], 80); /* in front */
	assert_int_equal(reply_to.port, from.port);
	return r.code == code && reply_len == 38 + len &&
	       !memcmp(reply + 38, attributes, len);
}

#define ANSWERED(code, text) answered(code, text, sizeof(text) - 1)

static void answers(void **state)
{
	struct radius_walk w;
	struct radius_attribute a;

	(void)state;
	ASK(40, 1, "\x21\4ab\1\5bob\x21\3c");
	assert_int_equal(n_done, 1);
	assert_false(done.coa);
	assert_int_equal(done.listener, 3);
	w = radius_walk(&done.packet);
	assert_true(radius_next(&w, &a));
	assert_int_equal(a.type, 33);
	assert_true(ANSWERED(41, "\x31\6\0\0\0\6\x21\4ab\x21\3c"));
	ASK(43, 1, "\1\5bob\x21\3c");
	assert_int_equal(n_done, 2);
	assert_true(done.coa);
	assert_true(ANSWERED(44, "\x21\3c"));
	cause = DAE_NO_SESSION;
	ASK(40, 2, "\1\5bob");
	assert_true(ANSWERED(42, "\x65\6\0\0\1\xf7"));
	ASK(43, 3, "\1\5bob\x21\3c");
	assert_true(ANSWERED(45, "\x65\6\0\0\1\xf7\x21\3c"));
	assert_int_equal(dae.count.rx_disconnects, 2);
	assert_int_equal(dae.count.rx_coas, 2);
	assert_int_equal(dae.count.tx_acks, 2);
	assert_int_equal(dae.count.tx_naks, 2);
}

/* RFC 5176 3.3: a CoA's State is given back, in an ACK and in a NAK; a Disconnect has
 * none to answer.
 */
static void state_given_back(void **state)
{
	(void)state;
	ASK(43, 1, "\x18\5s\0t\1\5bob\x21\3c");
	assert_true(ANSWERED(44, "\x18\5s\0t\x21\3c"));
	ASK(40, 2, "\x18\5s\0t\1\5bob\x21\3c");
	assert_true(ANSWERED(41, "\x31\6\0\0\0\6\x21\3c"));
	cause = DAE_UNSUPPORTED_SERVICE;
	ASK(43, 3, "\1\5bob\x18\3s");
	assert_true(ANSWERED(45, "\x65\6\0\0\1\x95\x18\3s"));
}

/* Every bit of it changed, every length cut: silence. */
static void forged(void **state)
{
	uint8_t good[RADIUS_PACKET_MAX];
	size_t len;

	(void)state;
	conf.rate = 100000;
	t.now += 10000;
	ASK(40, 1, "\1\5bob\x2c\6jobs");
	len = request_len;
	memcpy(good, request, len);
	for (size_t bit = 0; bit < len * 8; bit++) {
		memcpy(request, good, len);
		request[bit / 8] ^= (uint8_t)(1 << bit % 8);
		input();
	}
	memcpy(request, good, len);
	for (request_len = 0; request_len < len; request_len++)
		input();
	ask_as("guess", 40, 1, "\1\5bob", 5, true);
	assert_int_equal(n_done, 1);
	assert_int_equal(n_sent, 1);
	/* A good signature around a bad Message-Authenticator. */
	ask_as(secret, 40, 4,
	       "\1\5bob\x50\x12"
	       "0123456789abcdef",
	       23, false);
	assert_int_equal(n_done, 1);
	assert_int_equal(dae.count.rx_bad_message_authenticator, 1);
	assert_true(dae.count.rx_bad_authenticator > len * 7);
	assert_true(dae.count.rx_malformed >= len);
	assert_true(dae.count.rx_bad_code >= 6);
}

static void not_a_request(void **state)
{
	static const uint8_t codes[] = { 1, 4, 12, 41, 42, 44, 45 };

	(void)state;
	for (size_t i = 0; i < sizeof(codes); i++)
		ask_as(secret, codes[i], 1, "\1\5bob", 5, true);
	assert_int_equal(dae.count.rx_bad_code, sizeof(codes));
	assert_int_equal(n_sent, 0);
}

/* The longest prefix says whose secret it is. */
static void sources(void **state)
{
	(void)state;
	from.addr = address("192.0.2.64");
	ASK(40, 1, "\1\5bob");
	from.addr = address("2001:db8::7");
	ASK(40, 1, "\1\5bob");
	from.addr = address("192.0.2.7");
	radius_dae_input(&dae, &t, 2, &from, request, request_len);
	assert_int_equal(dae.count.rx_strangers, 3);
	from.addr = address("192.0.2.9");
	ASK(40, 1, "\1\5bob");
	assert_int_equal(dae.count.rx_bad_authenticator, 1);
	assert_int_equal(n_sent, 0);
	ask_as(other_secret, 40, 1, "\1\5bob", 5, true);
	assert_int_equal(n_done, 1);
	from.addr = address("192.0.2.63");
	ASK(40, 1, "\1\5bob");
	assert_int_equal(n_done, 2);
}

/* A lost answer: the same again; nothing is done twice, whatever it would be now. */
static void again(void **state)
{
	uint8_t first[RADIUS_PACKET_MAX];

	(void)state;
	ASK(40, 1, "\1\5bob");
	memcpy(first, reply, reply_len);
	cause = DAE_NO_SESSION;
	t.now += DAE_AGAIN - 1;
	input();
	assert_int_equal(n_done, 1);
	assert_int_equal(n_sent, 2);
	assert_memory_equal(first, reply, reply_len);
	assert_int_equal(dae.count.rx_again, 1);
	/* Another id, another port: another request. */
	ASK(40, 2, "\1\5bob");
	from.port++;
	input();
	assert_int_equal(n_done, 3);
	/* Later, without a time, it is another too. */
	t.now += DAE_AGAIN;
	input();
	assert_int_equal(n_done, 4);
}

static void old(void **state)
{
	(void)state;
	ask_timed(1, 300);
	assert_int_equal(n_done, 1);
	ask_timed(2, 301);
	ask_timed(3, -301);
	ASK(40, 4, "\x37\5\1\1\1\1\5bob"); /* no time at all */
	ASK(40, 5, "\x37\6\0\0\0\0\1\5bob");
	assert_int_equal(n_done, 1);
	assert_int_equal(dae.count.rx_stale, 4);
	t.wall += 1000;
	ask_timed(6, 700);
	assert_int_equal(n_done, 2);
}

/* From another port, an hour later, with as many in between as are remembered, and
 * after a restart: it is not done again.
 */
static void played_back(void **state)
{
	uint8_t captured[RADIUS_PACKET_MAX];
	size_t len;

	(void)state;
	conf.rate = 1000000;
	t.now += 10000;
	ask_timed(1, 0);
	len = request_len;
	memcpy(captured, request, len);
	from.port++;
	t.now += SECONDS(200);
	t.wall += 200;
	input();
	assert_int_equal(n_done, 1);
	assert_int_equal(dae.count.rx_again, 1);
	for (unsigned int i = 0; i < DAE_DONE_MAX; i++)
		ask_timed((uint8_t)i, 1 + (int)(i / 256));
	assert_int_equal(n_done, 1 + DAE_DONE_MAX);
	memcpy(request, captured, len);
	request_len = len;
	input();
	assert_int_equal(n_done, 1 + DAE_DONE_MAX);
	assert_int_equal(dae.count.rx_replayed, 1);
	/* Of the second after that one, whose place nobody has taken yet. */
	ask_timed(0, 1);
	assert_int_equal(n_done, 1 + DAE_DONE_MAX);
	assert_int_equal(dae.count.rx_again, 2);
	ask_timed(0, 100);
	assert_int_equal(n_done, 2 + DAE_DONE_MAX);
	memcpy(request, captured, len);
	request_len = len;

	radius_dae_free(&dae);
	assert_int_equal(radius_dae_init(&dae, 1), 0);
	dae.send = send_reply;
	dae.act = act;
	radius_dae_add(&dae, 3, &conf, t.wall);
	input();
	assert_int_equal(n_done, 2 + DAE_DONE_MAX);
	assert_int_equal(dae.count.rx_replayed, 1);
	ask_timed(1, 201);
	assert_int_equal(n_done, 3 + DAE_DONE_MAX);
}

/* The user is of that number, the time that of the second. */
static void ask_of(uint32_t n, int second)
{
	uint8_t b[] = "\x37\6....\1\6....";
	uint32_t at = WALL + (uint32_t)second;

	for (int i = 0; i < 4; i++) {
		b[2 + i] = (uint8_t)(at >> (24 - 8 * i));
		b[8 + i] = (uint8_t)(n >> (24 - 8 * i));
	}
	ask_as(secret, 40, (uint8_t)n, b, sizeof(b) - 1, true);
}

static void ask_many(uint32_t n, uint32_t rate)
{
	static uint32_t user;

	for (uint32_t i = 0; i < n; i++) {
		t.now += 1000 / rate;
		ask_of(user++, (int)(t.now / 1000) - 5);
		t.wall = WALL + (uint32_t)(t.now / 1000) - 5;
	}
}

/* Many in a few seconds: retransmissions are heard, of what was done and of what was
 * lost; those of half a minute ago give way.
 */
static void many(void **state)
{
	unsigned int n = DAE_DONE_MAX + 4000;

	(void)state;
	conf.rate = 1000000;
	ask_of(1000000, 0);
	ask_many(n, 1000);
	assert_int_equal(n_done, n + 1);
	ask_of(1000000, 0);
	assert_int_equal(n_done, n + 1);
	assert_int_equal(dae.count.rx_again, 1);
	ask_of(1000001, 0);
	assert_int_equal(n_done, n + 2);
	assert_int_equal(n_sent, n + 3);
	assert_int_equal(dae.count.rx_replayed, 0);
	ask_many(40000, 1000);
	assert_in_range(dae.n_done, 30000, 30000 + 1);
	ask_of(1000000, 0);
	assert_int_equal(dae.count.rx_replayed, 1);
	assert_int_equal(n_done, n + 2 + 40000);
	/* There are fewer again. */
	ask_many(15000, 10);
	assert_in_range(dae.n_done, DAE_DONE_MAX - 1, DAE_DONE_MAX);
}

/* A second's worth at once, then as many as time has passed for; each has its own. */
static void rate(void **state)
{
	(void)state;
	conf.rate = 10;
	t.now += SECONDS(3600);
	for (int i = 0; i < 20; i++)
		ASK(40, (uint8_t)i, "\1\5bob");
	assert_int_equal(n_done, 10);
	assert_int_equal(dae.count.rx_over_rate, 10);
	t.now += 250;
	for (int i = 20; i < 40; i++)
		ASK(40, (uint8_t)i, "\1\5bob");
	assert_int_equal(n_done, 12);
	t.now += 50;
	ASK(40, 40, "\1\5bob");
	assert_int_equal(n_done, 13);
	from.addr = address("192.0.2.9");
	ask_as(other_secret, 40, 1, "\1\5bob", 5, true);
	assert_int_equal(n_done, 14);
	/* Each has counters of its own, the longest prefix in front. */
	for (unsigned int i = 0; i < dae.n_clients; i++) {
		const struct dae_client *c = &dae.clients[i];
		bool first = c->conf == &conf;

		assert_int_equal(c->count.rx_over_rate, first ? 28 : 0);
		assert_int_equal(c->count.rx_disconnects, first ? 13 : 1);
		assert_int_equal(c->count.tx_acks, first ? 13 : 1);
	}
}

static void strict(void **state)
{
	(void)state;
	conf.need_message_authenticator = conf.need_timestamp = true;
	ask_as(secret, 40, 1, "\1\5bob", 5, false);
	assert_int_equal(dae.count.rx_no_message_authenticator, 1);
	ASK(40, 1, "\1\5bob");
	assert_int_equal(dae.count.rx_no_timestamp, 1);
	assert_int_equal(n_sent, 0);
	ask_timed(1, 0);
	assert_int_equal(n_done, 1);
	conf.disconnect = false;
	ask_timed(2, 0);
	assert_true(ANSWERED(42, "\x65\6\0\0\1\xf5"));
	conf.disconnect = true;
	conf.coa = false;
	ask_timed(3, 0);
	assert_int_equal(n_done, 2);
	conf.need_timestamp = false;
	ASK(43, 1, "\1\5bob");
	assert_true(ANSWERED(45, "\x65\6\0\0\1\xf5"));
	assert_int_equal(n_done, 2);
}

/* --------------------------------------------------------------------- names */

static enum radius_naming name_it(struct radius_named *n, uint8_t type,
				  const void *value, size_t len)
{
	struct radius_attribute a = { .type = type,
				      .value = value,
				      .len = len };

	return radius_named_read(n, &a);
}

#define NAME(type, text) name_it(&n, type, text, sizeof(text) - 1)

static void names(void **state)
{
	struct radius_named n = { 0 };
	struct radius_attribute vendor = { .vendor = 9, .type = 1 };
	uint8_t prefix[RADIUS_PREFIX_LEN];
	struct addr net = address("2001:db8:1:2::");

	(void)state;
	assert_int_equal(NAME(1, "bob"), RADIUS_NAMED);
	assert_int_equal(NAME(1, "bob"), RADIUS_NAMED_TWICE);
	assert_int_equal(n.name[RADIUS_NAME_USER].len, 3);
	assert_int_equal(NAME(8, "\xc0\0\2\1"), RADIUS_NAMED);
	assert_int_equal(NAME(5, "\0\0\1"), RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(44, ""), RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(50, "5e551017"), RADIUS_NAMED);
	assert_int_equal(NAME(50, "5e551017"), RADIUS_NAMED_TWICE);
	assert_int_equal(NAME(30, "gold"), RADIUS_NAMED);
	assert_int_equal(NAME(96, "\0\0\0\0\0\0\5"), RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(96, "\0\0\0\0\0\0\0\5"), RADIUS_NAMED);
	assert_int_equal(NAME(4, "\xc0\0\2\1"), RADIUS_NAMED);
	assert_int_equal(NAME(4, "\xc0\0\2\1"), RADIUS_NAMED_TWICE);
	assert_int_equal(NAME(95, "\xc0\0\2\1"), RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(32, "lns"), RADIUS_NAMED);
	assert_int_equal(NAME(32, "lns"), RADIUS_NAMED_TWICE);
	assert_int_equal(NAME(27, "\0\0\0\1"), RADIUS_NAMES_NOT);
	assert_int_equal(radius_named_read(&n, &vendor), RADIUS_NAMES_NOT);
	/* As long as need be, and longer; host bits do not count. */
	assert_int_equal(NAME(97, "\0\x40\x20\1\r\xb8\0\1\0\2"), RADIUS_NAMED);
	assert_int_equal(NAME(123, "\0\x3f\x20\1\r\xb8\0\1\0\3\xff"),
			 RADIUS_NAMED);
	radius_prefix_name(prefix, &net, 64);
	assert_memory_equal(n.name[RADIUS_NAME_PREFIX].b, prefix, 17);
	radius_prefix_name(prefix, &net, 63);
	assert_memory_equal(n.name[RADIUS_NAME_DELEGATED].b, prefix, 17);
	memset(&n, 0, sizeof(n));
	assert_int_equal(NAME(97, "\0\x41\x20\1\r\xb8\0\1\0\2"),
			 RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(97, "\0"), RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(97, "\0\x81\x20\1\r\xb8\0\1\0\2\0\0\0\0\0\0\0\0"),
			 RADIUS_NAMED_WRONG);
	assert_int_equal(NAME(97, "\0\0"), RADIUS_NAMED);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(answers),	   TEST(forged), TEST(not_a_request),
		TEST(sources),	   TEST(again),	 TEST(old),
		TEST(played_back), TEST(many),	 TEST(rate),
		TEST(strict),	   TEST(names),	 TEST(state_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
