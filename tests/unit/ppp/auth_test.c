// SPDX-License-Identifier: GPL-2.0-or-later
/* Authentication of a subscriber: which protocol, when, how often. */
#include "client.h"

#include "ppp/record.h"

static void mschapv2_to_up(void **state)
{
	static const uint8_t option[] = { 3, 5, 0xc2, 0x23, 0x81 };
	struct ppp_auth *a;

	(void)state;
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.policy = LATER;
	w.proof = "S=0123456789ABCDEF0123456789ABCDEF01234567";
	start();
	a = &w.link->record->auth;
	assert_memory_equal(w.link->record->last_tx.b + 4, option, 5);
	assert_int_equal(a->proto, PPP_AUTH_MSCHAPV2);
	assert_int_equal(a->challenge_len, 16);
	assert_int_equal(a->response_len, 49);
	ppp_link_accept(w.link, w.now, &w.ip, "welcome");
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_string_equal(c.said,
			    "S=0123456789ABCDEF0123456789ABCDEF01234567 M=welcome");
	c.said[0] = '\0';
	client_chap(); /* repeated: the same proof */
	pump();
	assert_memory_equal(c.said, "S=0123456789ABCDEF", 18);
}

static void mschapv2_refused(void **state)
{
	char want[80] = "E=691 R=0 C=";

	(void)state;
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.policy = REJECT;
	start();
	for (int i = 0; i < 16; i++)
		sprintf(want + 12 + 2 * i, "%02X", c.challenge[i]);
	strcat(want, " V=3 M=go away");
	assert_string_equal(c.said, want);
	assert_int_equal(w.why, PPP_END_AUTH);
}

/* The list's order, then what the peer proposes. */
static void down_the_list(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.conf.auth[1] = PPP_PROTO_CHAP;
	w.conf.auth[2] = PPP_PROTO_PAP;
	c.on = false;
	start();
	assert_memory_equal(w.last.b + 10, "\x03\x05\xc2\x23\x81", 5);
	client_send(PPP_PROTO_LCP, 3, w.last.b[3], "\x03\x05\xc2\x23\x05", 5);
	assert_memory_equal(w.last.b + 10, "\x03\x05\xc2\x23\x05", 5);
	client_send(PPP_PROTO_LCP, 3, w.last.b[3], "\x03\x05\xc2\x23\x80", 5);
	assert_memory_equal(w.last.b + 10, "\x03\x04\xc0\x23", 4);
	client_send(PPP_PROTO_LCP, 4, w.last.b[3], "\x03\x04\xc0\x23", 4);
	assert_int_equal(code_of_last(), 5);
	client_send(PPP_PROTO_LCP, 6, w.last.b[3], NULL, 0);
	assert_int_equal(w.why, PPP_END_AUTH_REFUSED);
}

static void to_the_third_at_once(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.conf.auth[1] = PPP_PROTO_CHAP;
	w.conf.auth[2] = PPP_PROTO_PAP;
	c.refuse = PPP_PROTO_CHAP;
	c.want = PPP_PROTO_PAP;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->auth_proto, PPP_PROTO_PAP);
}

static void other_protocol_by_nak(void **state)
{
	(void)state;
	c.refuse = PPP_PROTO_CHAP;
	c.want = PPP_PROTO_PAP;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->auth_proto, PPP_PROTO_PAP);
}

static void other_protocol_by_reject(void **state)
{
	(void)state;
	c.refuse = PPP_PROTO_CHAP;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->auth_proto, PPP_PROTO_PAP);
}

static void no_protocol_at_all(void **state)
{
	(void)state;
	c.refuse = 0xffff;
	start();
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_AUTH_REFUSED);
	assert_true(c.terminated);
	assert_int_equal(w.asked, 0);
}

static void rejected(void **state)
{
	(void)state;
	w.policy = REJECT;
	start();
	assert_true(c.refused && c.terminated);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_AUTH);
	assert_int_equal(w.count.auth_failed, 1);
	assert_int_equal(w.ups, 0);
}

static void decided_later(void **state)
{
	size_t n;

	(void)state;
	w.policy = LATER;
	start();
	assert_int_equal(w.asked, 1);
	n = w.n_sent;
	client_chap(); /* repeated while undecided */
	client_chap();
	assert_int_equal(w.n_sent, n);
	assert_int_equal(w.asked, 1);
	w.now += SECONDS(20);
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	ppp_link_accept(w.link, w.now, &w.ip, NULL); /* too much: ignored */
	ppp_link_reject(w.link, w.now, NULL);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	client_chap(); /* repeated: the same answer */
	assert_int_equal(proto_of_last(), PPP_PROTO_CHAP);
	assert_int_equal(code_of_last(), 3);
	assert_int_equal(w.asked, 1);
	assert_int_equal(w.link->phase, PPP_UP);
}

/* It says who it is when we are closing it: nobody is asked. */
static void too_late(uint32_t proto, void (*say)(void))
{
	w.conf.auth[0] = proto;
	c.deaf = true;
	start();
	assert_int_equal(w.link->phase, PPP_AUTHENTICATE);
	c.on = false; /* no Terminate-Ack */
	ppp_link_close(w.link, w.now);
	pump();
	w.n_sent = 0;
	say();
	assert_int_equal(w.asked, 0);
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.count.rx_wrong_phase, 1);
	run_to(w.now + SECONDS(10));
	assert_int_equal(w.downs, 1);
}

static void chap_too_late(void **state)
{
	(void)state;
	too_late(PPP_PROTO_CHAP, client_chap);
}

static void pap_too_late(void **state)
{
	(void)state;
	too_late(PPP_PROTO_PAP, client_pap);
}

/* It did not hear that it was refused. */
static void refused_again(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_reject(w.link, w.now, NULL);
	pump();
	client_chap();
	assert_int_equal(proto_of_last(), PPP_PROTO_CHAP);
	assert_int_equal(code_of_last(), 4);
	assert_int_equal(w.asked, 1);
}

static void pap_repeats_under_new_ids(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_PROTO_PAP;
	w.policy = LATER;
	start();
	client_pap();
	client_pap();
	assert_int_equal(w.link->record->auth.id, c.id); /* what the LNS gets */
	ppp_link_accept(w.link, w.now, &w.ip, "hello");
	assert_int_equal(w.out[0].b[3], c.id); /* the last id */
	assert_memory_equal(w.out[0].b + 6, "\x05hello", 6);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	client_pap();
	assert_int_equal(proto_of_last(), PPP_PROTO_PAP);
	assert_int_equal(code_of_last(), 2);
	assert_int_equal(w.last.b[3], c.id);
	assert_int_equal(w.asked, 1);
}

static void challenge_is_repeated_ten_times(void **state)
{
	struct frame first;
	msec_t t0 = w.now;
	size_t n;

	(void)state;
	w.conf.auth_timeout = 0;
	c.deaf = true;
	start();
	first = w.last;
	assert_int_equal(first.b[2], 1);
	n = w.n_sent;
	for (int i = 1; i < 10; i++) {
		run_to(t0 + SECONDS(3 * i) - 1);
		assert_int_equal(w.n_sent, n + i - 1);
		run_to(t0 + SECONDS(3 * i));
		assert_int_equal(w.n_sent, n + i);
		assert_memory_equal(w.last.b, first.b, first.len);
	}
	run_to(t0 + SECONDS(30) - 1);
	assert_int_equal(w.downs, 0);
	run_to(t0 + SECONDS(30));
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_AUTH_TIMEOUT);
}

static void pap_that_never_comes(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_PROTO_PAP;
	c.deaf = true;
	start();
	run_to(w.now + SECONDS(30) - 1);
	assert_int_equal(w.downs, 0);
	run_to(w.now + 1);
	assert_int_equal(w.why, PPP_END_AUTH_TIMEOUT);
	assert_int_equal(w.downs, 1);
}

static void chap_that_is_not(void **state)
{
	uint8_t b[300] = { 16 };

	(void)state;
	c.deaf = true;
	start();
	client_send(PPP_PROTO_CHAP, 2, (uint8_t)(c.challenge_id + 1), b, 20);
	assert_int_equal(w.count.rx_unexpected, 1);
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b, 16); /* short */
	b[0] = 15;
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b, 17);
	b[0] = 16;
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b, 18); /* NUL */
	memset(b + 17, 'x', 254);
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b, 17 + 254); /* long */
	assert_int_equal(w.count.rx_malformed, 4);
	assert_int_equal(w.asked, 0);
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b, 17 + 253);
	assert_int_equal(w.asked, 1);
	assert_int_equal(strlen(record_name(w.link)), 253);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mschapv2_to_up),
		TEST(mschapv2_refused),
		TEST(down_the_list),
		TEST(to_the_third_at_once),
		TEST(other_protocol_by_nak),
		TEST(other_protocol_by_reject),
		TEST(no_protocol_at_all),
		TEST(rejected),
		TEST(decided_later),
		TEST(chap_too_late),
		TEST(pap_too_late),
		TEST(refused_again),
		TEST(pap_repeats_under_new_ids),
		TEST(challenge_is_repeated_ten_times),
		TEST(pap_that_never_comes),
		TEST(chap_that_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
