// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a link may be up, at the real values: session, idle, who it is. */
#include "client.h"
#include "ppp/save.h"

static size_t n_warnings;
static uint32_t warned; /* seconds that are left */

/* Time passes; Time-Remaining is seen. */
static void pass(msec_t t)
{
	size_t before;

	while (w.link && timers_next(&w.timers) <= t) {
		w.now = timers_next(&w.timers);
		before = w.n_sent;
		timers_run(&w.timers, w.now);
		if (w.n_sent > before && get16(w.last.b) == PPP_PROTO_LCP &&
		    w.last.b[2] == 13) {
			assert_int_equal(w.last.len, 14);
			n_warnings++;
			warned = get32(w.last.b + 10);
		}
		pump();
	}
	w.now = t;
}

static void begin(void)
{
	n_warnings = 0;
	w.conf.echo_interval = 0;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	w.n_sent = 0;
}

static void session_timeout(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.ip.session_timeout = 3600;
	begin();
	pass(t0 + SECONDS(3540) - 1);
	assert_int_equal(w.n_sent, 0);
	pass(t0 + SECONDS(3540));
	assert_int_equal(n_warnings, 1);
	assert_int_equal(warned, 60);
	assert_int_equal(get32(w.last.b + 6), w.link->magic);
	pass(t0 + SECONDS(3600) - 1);
	assert_int_equal(w.downs, 0);
	assert_int_equal(n_warnings, 1);
	pass(t0 + SECONDS(3600));
	assert_true(c.terminated);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_SESSION_TIMEOUT);
}

static void short_session(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.ip.session_timeout = 20;
	begin();
	w.now++; /* the loop is a little late */
	timers_run(&w.timers, w.now);
	assert_int_equal(get32(w.last.b + 10), 20);
	pass(t0 + SECONDS(20));
	assert_int_equal(w.why, PPP_END_SESSION_TIMEOUT);
}

static void negotiate_anew(void)
{
	c.lcp_acked = c.lcp_acks = c.authenticated = false;
	client_lcp_request();
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
}

/* Negotiating anew, it does not win time. */
static void session_goes_on(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.ip.session_timeout = 600;
	begin();
	pass(t0 + SECONDS(500));
	negotiate_anew();
	pass(t0 + SECONDS(600) - 1);
	assert_int_equal(w.downs, 0);
	pass(t0 + SECONDS(600));
	assert_int_equal(w.why, PPP_END_SESSION_TIMEOUT);
}

/* Unless it is given another one, which counts from then on. */
static void session_changes(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.ip.session_timeout = 600;
	begin();
	pass(t0 + SECONDS(500));
	w.ip.session_timeout = 1000;
	negotiate_anew();
	pass(t0 + SECONDS(1500) - 1);
	assert_int_equal(w.downs, 0);
	assert_int_equal(n_warnings, 1);
	pass(t0 + SECONDS(1500));
	assert_int_equal(w.why, PPP_END_SESSION_TIMEOUT);
}

static void no_limit(void **state)
{
	(void)state;
	begin();
	pass(w.now + SECONDS(40000000));
	assert_int_equal(w.n_sent, 0);
	ppp_link_traffic(w.link, w.now, false);
	assert_int_equal(w.link->phase, PPP_UP);
}

static void idle_timeout(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.ip.idle_timeout = 300;
	begin();
	for (int i = 1; i <= 100; i++) { /* data, then looks at silence */
		w.now = t0 + SECONDS(250 * i);
		ppp_link_traffic(w.link, w.now, true);
		ppp_link_traffic(w.link, w.now + SECONDS(200), false);
	}
	ppp_link_traffic(w.link, w.now + SECONDS(300) - 1, false);
	assert_int_equal(w.link->phase, PPP_UP);
	w.now += SECONDS(300);
	ppp_link_traffic(w.link, w.now, false);
	pump();
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_IDLE);
}

static void again_every_hour(void **state)
{
	msec_t t0 = w.now;
	uint8_t id;

	(void)state;
	w.conf.reauth_interval = 3600;
	begin();
	id = c.challenge_id;
	assert_int_equal(w.asked, 1);
	pass(t0 + SECONDS(3600) - 1);
	assert_int_equal(w.n_sent, 0);
	pass(t0 + SECONDS(3600));
	assert_int_equal(c.challenge_id, (uint8_t)(id + 1));
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.n_sent, 2); /* Challenge, Success */
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.ups, 1);
	pass(t0 + SECONDS(7200));
	assert_int_equal(w.asked, 3);
	assert_string_equal(w.link->name, c.name);
}

static void again_and_wrong(void **state)
{
	(void)state;
	w.conf.reauth_interval = 60;
	begin();
	w.policy = REJECT;
	pass(w.now + SECONDS(60));
	assert_true(c.refused && c.terminated);
	assert_int_equal(w.why, PPP_END_AUTH);
}

/* Data goes on while the owner thinks; LCP may begin anew meanwhile. */
static void again_and_later(void **state)
{
	(void)state;
	w.conf.reauth_interval = 60;
	begin();
	w.policy = LATER;
	pass(w.now + SECONDS(90));
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.link->phase, PPP_UP);
	w.policy = ACCEPT;
	negotiate_anew();
	assert_true(c.authenticated);
}

static void again_and_somebody_else(void **state)
{
	(void)state;
	w.conf.reauth_interval = 60;
	begin();
	c.name = "mallory@isp.example";
	pass(w.now + SECONDS(60));
	assert_int_equal(w.asked, 1);
	assert_true(c.refused && c.terminated);
	assert_int_equal(w.why, PPP_END_AUTH);
	assert_int_equal(w.count.auth_failed, 1);
}

static void again_and_silence(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.conf.reauth_interval = 60;
	begin();
	c.deaf = true;
	pass(t0 + SECONDS(60 + 30) - 1);
	assert_int_equal(w.downs, 0);
	pass(t0 + SECONDS(60 + 30));
	assert_int_equal(w.why, PPP_END_AUTH_TIMEOUT);
}

/* PAP cannot be asked for: the peer speaks first. */
static void pap_is_not_asked_again(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_PROTO_PAP;
	w.conf.reauth_interval = 60;
	begin();
	pass(w.now + SECONDS(3600));
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.link->phase, PPP_UP);
}

static void over_a_restart(void **state)
{
	uint8_t b[1024];
	struct wr out = wr_make(b, sizeof(b));
	msec_t t0 = w.now;
	struct rd in;

	(void)state;
	w.ip.session_timeout = 3600;
	w.ip.idle_timeout = 300;
	w.conf.reauth_interval = 1000;
	begin();
	pass(t0 + SECONDS(900));
	ppp_link_save(w.link, &out);
	assert_false(out.err);
	ppp_link_fini(w.link);
	free(w.link);
	new_link();
	in = rd_make(b, wr_len(&out));
	assert_int_equal(ppp_link_load(w.link, w.now, &in), 0);
	assert_int_equal(w.asked, 1);
	pass(t0 + SECONDS(1901));
	assert_int_equal(w.asked, 2); /* once within its interval */
	ppp_link_traffic(w.link, w.now, true);
	ppp_link_traffic(w.link, w.now + SECONDS(299), false);
	pass(t0 + SECONDS(3540));
	assert_int_equal(n_warnings, 1);
	pass(t0 + SECONDS(3600) - 1);
	assert_int_equal(w.downs, 0);
	pass(t0 + SECONDS(3600));
	assert_int_equal(w.why, PPP_END_SESSION_TIMEOUT);
}

/* Asked once more, it is by the same method, and its record is there meanwhile. */
static void mschapv2_over_a_restart(void **state)
{
	uint8_t b[1024];
	struct wr out = wr_make(b, sizeof(b));
	msec_t t0 = w.now;
	struct rd in;

	(void)state;
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.proof = "S=0123456789ABCDEF0123456789ABCDEF01234567";
	w.conf.reauth_interval = 1000;
	begin();
	ppp_link_save(w.link, &out);
	assert_false(out.err);
	ppp_link_fini(w.link);
	free(w.link);
	new_link();
	in = rd_make(b, wr_len(&out));
	assert_int_equal(ppp_link_load(w.link, w.now, &in), 0);
	assert_null(w.link->record);
	assert_string_equal(w.link->name, c.name);
	assert_int_equal(w.link->auth_proto, PPP_AUTH_MSCHAPV2);
	pass(t0 + SECONDS(1001));
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.link->record->auth.proto, PPP_AUTH_MSCHAPV2);
	assert_int_equal(w.link->phase, PPP_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(session_timeout),	 TEST(short_session),
		TEST(session_changes),	 TEST(session_goes_on),
		TEST(no_limit),		 TEST(idle_timeout),
		TEST(again_every_hour),	 TEST(again_and_wrong),
		TEST(again_and_later),	 TEST(again_and_somebody_else),
		TEST(again_and_silence), TEST(pap_is_not_asked_again),
		TEST(over_a_restart),	 TEST(mschapv2_over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
