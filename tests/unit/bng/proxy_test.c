// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proxy LCP and authentication from LAC to LNS: enabled or not, present or not,
 * by what crosses the tunnel.
 */
#include "bng/chain.h"

#define PROXY_LCP ((uint64_t)7 << 26) /* AVPs 26 to 28 */
#define PROXY_AUTH ((uint64_t)31 << 29) /* 29 to 33 */

static struct conf_profile *home(void)
{
	return conf_profile(net.lns.box.conf, "home");
}

static struct conf_port *port(void)
{
	return conf_port(net.lac.box.conf, "lo");
}

static void dial_in(void)
{
	dial("user@isp.example", "secret");
	run(500);
}

static void assert_up(void)
{
	assert_true(client.up);
	assert_int_equal(net.lns.box.n_subscribers, 1);
}

/* Configure-Requests and Challenges that crossed the tunnel: who sent what. */
static void assert_sent(unsigned int lcp_down, unsigned int lcp_up,
			unsigned int challenges)
{
	assert_int_equal(net.lcp_down, lcp_down);
	assert_int_equal(net.lcp_up, lcp_up);
	assert_int_equal(net.chap_down, challenges);
}

static void lcp_enabled_present(void **state)
{
	(void)state;
	dial_in();
	assert_up();
	assert_sent(0, 0, 0);
}

static void lcp_enabled_absent(void **state)
{
	(void)state;
	net.strip = PROXY_LCP | PROXY_AUTH;
	dial_in();
	assert_up();
	assert_sent(1, 1, 1);
}

static void lcp_disabled_present(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_IGNORE;
	dial_in();
	assert_up();
	assert_sent(1, 1, 1);
}

static void lcp_disabled_absent(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_IGNORE;
	net.strip = PROXY_LCP | PROXY_AUTH;
	dial_in();
	assert_up();
	assert_sent(1, 1, 1);
}

/* The LNS's answer has the identifier of the LAC's Challenge. */
static void auth_enabled_present(void **state)
{
	(void)state;
	dial_in();
	assert_up();
	assert_sent(0, 0, 0);
	assert_int_equal(net.chap_id, client.chap_id);
	assert_int_equal(client.challenges, 1);
}

/* LCP stays, the client is asked again. */
static void auth_enabled_absent(void **state)
{
	(void)state;
	net.strip = PROXY_AUTH;
	dial_in();
	assert_up();
	assert_sent(0, 0, 1);
	assert_int_equal(client.challenges, 2);
}

static void auth_disabled_present(void **state)
{
	(void)state;
	home()->proxy_auth = false;
	dial_in();
	assert_up();
	assert_sent(0, 0, 1);
}

static void auth_disabled_absent(void **state)
{
	(void)state;
	home()->proxy_auth = false;
	net.strip = PROXY_AUTH;
	dial_in();
	assert_up();
	assert_sent(0, 0, 1);
}

static void set_auth(uint32_t proto)
{
	home()->ppp.auth[0] = proto;
	port()->ppp.auth[0] = proto;
}

/* There is no type for it: none of 29 to 33, the LNS asks anew, LCP stays. */
static void mschapv2_at_both(void **state)
{
	(void)state;
	set_auth(PPP_AUTH_MSCHAPV2);
	dial_in();
	assert_up();
	assert_sent(0, 0, 1);
	assert_int_equal(client.challenges, 2);
	assert_true(client.proven);
	assert_int_equal(net.iccn_has & PROXY_LCP, PROXY_LCP);
	assert_int_equal(net.iccn_has & PROXY_AUTH, 0);
}

static void mschapv2_at_the_lac_only(void **state)
{
	(void)state;
	port()->ppp.auth[0] = PPP_AUTH_MSCHAPV2;
	dial_in();
	assert_up();
	assert_sent(1, 1, 1);
}

static void mschapv2_wrong_password(void **state)
{
	(void)state;
	set_auth(PPP_AUTH_MSCHAPV2);
	dial("user@isp.example", "guess");
	run(8000);
	assert_true(client.failed && client.padt && !client.up);
	assert_int_equal(net.lns.box.count.auth_failed, 1);
	assert_empty();
}

/* Who needs no name at the port has none; it ends there, with no more asked. */
static void nobody_is_asked(void **state)
{
	(void)state;
	port()->ppp.auth[0] = 0;
	conf_profile(net.lac.box.conf, "access")->ppp.auth[0] = 0;
	dial_in();
	client_ipcp(); /* it waits for no Success */
	run(100);
	assert_true(client.up);
	assert_int_equal(client.challenges, 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	assert_int_equal(net.lac.box.count.auth_ok, 1);
}

/* But not where the profile that it gets wants one. */
static void a_profile_that_asks(void **state)
{
	(void)state;
	port()->ppp.auth[0] = 0;
	dial_in();
	assert_true(!client.up);
	assert_int_equal(net.lac.box.count.auth_failed, 1);
}

static void chap_has_all_avps(void **state)
{
	(void)state;
	dial_in();
	assert_int_equal(net.iccn_has & (PROXY_LCP | PROXY_AUTH),
			 PROXY_LCP | PROXY_AUTH);
}

static bool is_calling(void)
{
	const struct subscriber *s = LIST_FIRST(&net.lac.box.subscribers);

	return s && s->state == SUBSCRIBER_TUNNELLING;
}

/* A call is pending, and its client begins anew. It gets as far as: */
enum { OUR_REQUEST, LCP_OPEN, FAR_ENOUGH };

static void begin_anew(int how_far)
{
	net.cut = true;
	dial_in();
	assert_true(is_calling());
	client.mute = how_far == OUR_REQUEST;
	client.shy = true;
	renegotiate("user@isp.example", "secret");
	run(500);
	assert_true(is_calling());
	net.iccn_has = net.auth_up = 0;
	net.cut = false;
}

/* Nothing of before is true, nor is half of what it says now: no AVP, the LNS does it
 * all. What was repeated to it would be an answer to nothing.
 */
static void under_way_when_the_call_comes(void **state)
{
	struct conf_tunnel *isp = STAILQ_FIRST(&net.lac.box.conf->tunnels);

	(void)state;
	isp->told.repeat_auth = true;
	for (int chap = 0; chap < 2; chap++) {
		set_auth(chap ? PPP_PROTO_CHAP : PPP_PROTO_PAP);
		for (int how_far = 0; how_far < FAR_ENOUGH; how_far++) {
			begin_anew(how_far);
			while (is_calling())
				run(100);
			assert_int_equal(net.lac.box.n_subscribers, 1);
			assert_true(net.iccn_has);
			assert_int_equal(net.iccn_has &
						 (PROXY_LCP | PROXY_AUTH),
					 0);
			assert_int_equal(net.auth_up, 0);
			client.mute = client.shy = false;
			if (!chap)
				client_pap(++client.id);
			run(SECONDS(5));
			assert_up();
			hang_up();
			run(SECONDS(1));
			assert_empty();
		}
	}
}

/* It is being closed when the LNS takes the call: there is none any more. */
static void closing_when_the_call_comes(void **state)
{
	struct subscriber *s;

	(void)state;
	begin_anew(LCP_OPEN);
	client.mute = true; /* no Terminate-Ack */
	s = LIST_FIRST(&net.lac.box.subscribers);
	ppp_link_close(&s->ppp, net.now);
	assert_true(is_calling());
	run(SECONDS(5));
	assert_int_equal(net.iccn_has, 0);
	assert_true(client.padt);
	assert_empty();
}

/* No options are not no request: AVPs 26 and 28 are there, and empty. */
static void no_options_at_all(void **state)
{
	(void)state;
	client_plain = true;
	dial_in();
	client_plain = false;
	assert_up();
	assert_int_equal(net.iccn_has & PROXY_LCP, PROXY_LCP);
	assert_sent(0, 0, 0);
}

/* The LAC promised 1442. */
static void mru_too_large(void **state)
{
	struct subscriber *s;

	(void)state;
	home()->ppp.mru = 1400;
	dial_in();
	assert_up();
	assert_sent(1, 1, 1);
	s = LIST_FIRST(&net.lns.box.subscribers);
	assert_int_equal(s->ppp.our_mru, 1400);
}

/* What the port offers is what the LAC promises, and what the LNS takes. */
static void mru_of_the_port(void **state)
{
	struct subscriber *s;

	(void)state;
	port()->ppp.mru = 1300;
	dial_in();
	assert_up();
	assert_sent(0, 0, 0);
	s = LIST_FIRST(&net.lns.box.subscribers);
	assert_int_equal(s->ppp.our_mru, 1300);
}

static void mru_lenient(void **state)
{
	struct subscriber *s;

	(void)state;
	home()->ppp.mru = 1400;
	home()->ppp.lenient_mru = true;
	dial_in();
	assert_up();
	assert_sent(0, 0, 0);
	s = LIST_FIRST(&net.lns.box.subscribers);
	assert_int_equal(s->ppp.our_mru, 1442);
	assert_int_equal(s->ppp.peer_mru, 1400);
	assert_int_equal(row(&net.lns, &s->access)->where.mtu, 1400);
}

static void required_and_absent(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_REQUIRE;
	net.strip = PROXY_LCP;
	dial_in();
	assert_true(client.padt && !client.up);
	assert_sent(0, 0, 0);
	assert_empty();
}

static void required_and_unacceptable(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_REQUIRE;
	home()->ppp.mru = 1400;
	dial_in();
	assert_true(client.padt && !client.up);
	assert_sent(0, 0, 0);
	assert_empty();
}

static void required_and_there(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_REQUIRE;
	dial_in();
	assert_up();
	assert_sent(0, 0, 0);
}

/* It is open, and does not answer LCP: ten requests, then all of it is cleared. */
static void client_ignores_the_new_lcp(void **state)
{
	(void)state;
	home()->proxy_lcp = CONF_PROXY_IGNORE;
	client_mute = true;
	dial_in();
	run(SECONDS(27));
	assert_int_equal(net.lns.box.n_subscribers, 1);
	assert_int_equal(net.lcp_down, 10);
	run(SECONDS(3));
	client_mute = false;
	assert_true(client.padt && !client.up);
	assert_empty();
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(lcp_enabled_present),
		T(lcp_enabled_absent),
		T(lcp_disabled_present),
		T(lcp_disabled_absent),
		T(auth_enabled_present),
		T(auth_enabled_absent),
		T(auth_disabled_present),
		T(auth_disabled_absent),
		T(mschapv2_at_both),
		T(mschapv2_at_the_lac_only),
		T(mschapv2_wrong_password),
		T(nobody_is_asked),
		T(a_profile_that_asks),
		T(chap_has_all_avps),
		T(no_options_at_all),
		T(mru_too_large),
		T(mru_of_the_port),
		T(mru_lenient),
		T(required_and_absent),
		T(required_and_unacceptable),
		T(required_and_there),
		T(client_ignores_the_new_lcp),
		T(under_way_when_the_call_comes),
		T(closing_when_the_call_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
