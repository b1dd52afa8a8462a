// SPDX-License-Identifier: GPL-2.0-or-later
/* A link's network phase: IPCP, IPv6CP, each without the other. */
#include "client.h"

/* The client acks our IPCP request for ever, and never makes its own. */
static void ipcp_has_a_limit(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.conf.auth[0] = 0;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	while (!w.downs && w.now < t0 + SECONDS(300)) {
		c.id = w.last.b[3];
		if (proto_of_last() == PPP_PROTO_IPCP && code_of_last() == 1)
			give((uint8_t[]){ 0x80, 0x21, 2, w.last.b[3], 0, 10, 3,
					  6, 0x64, 0x40, 0, 1 },
			     12);
		run_to(w.now + SECONDS(3));
	}
	assert_int_equal(w.why, PPP_END_NCP_TIMEOUT);
	assert_int_equal(w.now, t0 + SECONDS(60));
}

static void ipcp_is_rejected(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	client_send(PPP_PROTO_LCP, 8, 1, w.last.b, w.last.len);
	assert_int_equal(code_of_last(), 5);
	client_send(PPP_PROTO_LCP, 6, w.last.b[3], NULL, 0);
	assert_int_equal(w.why, PPP_END_NO_NCP);
	assert_int_equal(w.ncp_failed, PPP_PROTO_IPCP);
}

static void ipcp_refuses_options(void **state)
{
	static const uint8_t req[] = { 1, 10, 0,   0,	 0,  0, 0,   0, 0, 0,
				       2, 6,  0,   0x2d, 15, 1, 130, 6, 0, 0,
				       0, 0,  132, 6,	 0,  0, 0,   0 };

	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	client_send(PPP_PROTO_IPCP, 1, 1, req, sizeof(req));
	assert_int_equal(code_of_last(), 4);
	assert_memory_equal(w.last.b + 6, req, sizeof(req));
	/* Without an address: five times asked to have one, then let be. */
	for (int i = 0; i < 5; i++) {
		client_send(PPP_PROTO_IPCP, 1, 2, NULL, 0);
		assert_int_equal(code_of_last(), 3);
		assert_memory_equal(w.last.b + 6, "\x03\x06\x64\x40\x00\x07",
				    6);
	}
	client_send(PPP_PROTO_IPCP, 1, 3, NULL, 0);
	assert_int_equal(code_of_last(), 2);
}

static void insists_on_its_address(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	for (int i = 0; i < 5; i++) {
		client_send(PPP_PROTO_IPCP, 1, 1, "\x03\x06\x0a\x01\x01\x01",
			    6);
		assert_int_equal(code_of_last(), 3);
	}
	client_send(PPP_PROTO_IPCP, 1, 2, "\x03\x06\x0a\x01\x01\x01", 6);
	assert_int_equal(proto_of_last(), PPP_PROTO_LCP);
	assert_int_equal(code_of_last(), 5);
	client_send(PPP_PROTO_LCP, 6, w.last.b[3], NULL, 0);
	assert_int_equal(w.why, PPP_END_ADDRESS);
	assert_int_equal(w.ncp_failed, PPP_PROTO_IPCP);
}

static void name_servers(void **state)
{
	static const uint8_t req[] = { 3, 6, 0,	  0, 0,	  0, 129, 6, 0,	  0,
				       0, 0, 130, 6, 0,	  0, 0,	  0, 131, 6,
				       0, 0, 0,	  0, 132, 6, 0,	  0, 0,	  0 };
	static const uint8_t want[] = { 3,   6, 0x64, 0x40, 0,	 7, 129, 6,
					8,   8, 8,    8,    130, 6, 10,	 0,
					0,   1, 131,  6,    8,	 8, 4,	 4,
					132, 6, 10,   0,    0,	 2 };

	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	w.ip.v4.dns[1] = 0x08080404;
	w.ip.v4.nbns[0] = 0x0a000001;
	w.ip.v4.nbns[1] = 0x0a000002;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	client_send(PPP_PROTO_IPCP, 1, 1, req, sizeof(req));
	assert_int_equal(code_of_last(), 3);
	assert_int_equal(w.last.len, 6 + sizeof(want));
	assert_memory_equal(w.last.b + 6, want, sizeof(want));
	client_send(PPP_PROTO_IPCP, 1, 2, want, sizeof(want));
	assert_int_equal(code_of_last(), 2);
}

/* Our address: three Naks, or one Reject, and we say it no longer. */
static void our_address_is_refused(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	for (int i = 0; i < 3; i++) {
		assert_memory_equal(w.last.b + 6, "\x03\x06\x64\x40\x00\x01",
				    6);
		client_send(PPP_PROTO_IPCP, 3, w.last.b[3],
			    "\x03\x06\x0a\x00\x00\x01", 6);
	}
	assert_int_equal(w.last.len, 6);
	client_send(PPP_PROTO_IPCP, 2, w.last.b[3], NULL, 0);
	client_send(PPP_PROTO_IPCP, 1, 1, "\x03\x06\x64\x40\x00\x07", 6);
	assert_int_equal(w.link->phase, PPP_UP);
}

static void both(void)
{
	w.conf.network = PPP_IPV4 | PPP_IPV6;
	c.v6_id = 0x0102030405060708;
}

static void dual_stack(void **state)
{
	(void)state;
	both();
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(ppp_link_has(w.link, PPP_IPV4));
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	assert_true(c.ipcp_acked && c.v6_acked && c.v6_acks);
	assert_int_equal(w.ups, 2);
	assert_true(w.link->ip.peer_id == 0x0102030405060708);
	assert_true(w.link->ip.local_id && w.link->ip.local_id == c.v6_ours);
	assert_false(c.v6_ours >> 57 & 1); /* the u bit of what is random */
	assert_int_equal(w.link->give_up_at, MSEC_NEVER);
	assert_int_equal(w.now, SECONDS(5000));
}

static void identifiers_differ(void **state)
{
	(void)state;
	both();
	w.ip.local_id = 1;
	c.v6_id = 1;
	start();
	assert_true(c.v6_acked && c.v6_id && c.v6_id != 1);
	assert_true(w.link->ip.local_id == 1);
	assert_true(w.link->ip.peer_id == c.v6_id);
}

static void identifier_is_given(void **state)
{
	(void)state;
	both();
	w.ip.peer_id = 0xabc;
	c.v6_id = 0; /* it has none */
	start();
	assert_true(c.v6_acked);
	assert_true(c.v6_id == 0xabc);
}

/* A Nak of ours: what it proposes, unless that is the peer's. */
static void our_identifier_is_refused(void **state)
{
	uint8_t o[10] = { 1, 10, 9, 9, 9, 9, 9, 9, 9, 9 };

	(void)state;
	both();
	w.policy = LATER;
	start();
	c.on = false;
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	assert_int_equal(proto_of_last(), PPP_PROTO_IPV6CP);
	client_send(PPP_PROTO_IPV6CP, 3, w.last.b[3], o, 10);
	assert_memory_equal(w.last.b + 6, o, 10);
	client_send(PPP_PROTO_IPV6CP, 1, 1, "\x01\x0a\7\7\7\7\7\7\7\7", 10);
	assert_int_equal(code_of_last(), 2);
	client_send(PPP_PROTO_IPV6CP, 3, w.link->ncp[PPP_IPV6CP]->cp.id,
		    "\x01\x0a\7\7\7\7\7\7\7\7", 10);
	assert_memory_not_equal(w.last.b + 8, "\7\7\7\7\7\7\7\7", 8);
	/* It will not have any: IPv6 is off, IPv4 goes on. */
	client_send(PPP_PROTO_IPV6CP, 4, w.last.b[3], w.last.b + 6, 10);
	assert_int_equal(proto_of_last(), PPP_PROTO_IPV6CP);
	assert_int_equal(code_of_last(), 5);
	assert_int_equal(w.link->phase, PPP_NETWORK);
}

static void ipv6cp_is_rejected(void **state)
{
	(void)state;
	both();
	c.v6_rejects = true;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(ppp_link_has(w.link, PPP_IPV4));
	assert_false(ppp_link_has(w.link, PPP_IPV6));
	assert_int_equal(w.ups, 1);
	assert_int_equal(w.link->give_up_at, MSEC_NEVER);
	run_to(w.now + SECONDS(600));
	assert_int_equal(w.link->phase, PPP_UP);
}

static void ipcp_is_rejected_and_ipv6_goes_on(void **state)
{
	(void)state;
	both();
	c.v4_rejects = true;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	assert_false(ppp_link_has(w.link, PPP_IPV4));
	run_to(w.now + SECONDS(600));
	assert_int_equal(w.link->phase, PPP_UP);
}

static void both_are_rejected(void **state)
{
	(void)state;
	both();
	c.v4_rejects = c.v6_rejects = true;
	start();
	assert_int_equal(w.why, PPP_END_NO_NCP);
	assert_int_equal(w.downs, 1);
	assert_true(c.terminated);
}

/* Nobody answers IPv6CP: ten requests, then it is left; the peer may begin later. */
static void ipv6cp_is_ignored(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	both();
	c.v6_silent = true;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	run_to(t0 + SECONDS(30));
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->ncp[PPP_IPV6CP]->cp.state, CP_STOPPED);
	assert_int_equal(w.link->give_up_at, MSEC_NEVER);
	c.v6_silent = false;
	client_ipv6cp_request();
	pump();
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	assert_int_equal(w.ups, 2);
}

/* It acks ours for ever and asks nothing: IPv4 is up, IPv6 has its limit. */
static void ipv6cp_has_a_limit(void **state)
{
	msec_t t0 = w.now;
	struct frame f;

	(void)state;
	both();
	c.v6_silent = true;
	start();
	while (w.now < t0 + SECONDS(57)) {
		run_to(w.now + SECONDS(3));
		f = w.last;
		if (proto_of_last() != PPP_PROTO_IPV6CP)
			continue;
		f.b[2] = 2;
		give(f.b, f.len);
	}
	run_to(t0 + SECONDS(60));
	assert_int_equal(proto_of_last(), PPP_PROTO_IPV6CP);
	assert_int_equal(code_of_last(), 5);
	run_to(t0 + SECONDS(66));
	assert_int_equal(w.link->ncp[PPP_IPV6CP]->cp.state, CP_CLOSED);
	assert_int_equal(w.link->phase, PPP_UP);
}

static void one_closes_beside_the_other(void **state)
{
	(void)state;
	both();
	start();
	assert_int_equal(w.ups, 2);
	client_send(PPP_PROTO_IPV6CP, 5, 99, NULL, 0);
	assert_int_equal(code_of_last(), 6);
	assert_int_equal(w.ups, 3);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_false(ppp_link_has(w.link, PPP_IPV6));
	run_to(w.now + SECONDS(10));
	assert_int_equal(w.link->phase, PPP_UP);
	client_send(PPP_PROTO_IPCP, 5, 100, NULL, 0);
	assert_int_equal(w.link->phase, PPP_NETWORK);
	run_to(w.now + SECONDS(3));
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_PEER);
}

static void closed_when_one_closes(void **state)
{
	(void)state;
	both();
	start();
	w.close_in_up = true;
	w.n_sent = 0;
	client_send(PPP_PROTO_IPV6CP, 5, 99, NULL, 0);
	assert_int_equal(proto_of_last(), PPP_PROTO_LCP);
	assert_int_equal(code_of_last(), 5);
	assert_int_equal(w.n_sent, 1);
	pump();
	assert_int_equal(w.why, PPP_END_LOCAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ipcp_has_a_limit),
		TEST(ipcp_is_rejected),
		TEST(ipcp_refuses_options),
		TEST(insists_on_its_address),
		TEST(name_servers),
		TEST(our_address_is_refused),
		TEST(dual_stack),
		TEST(identifiers_differ),
		TEST(identifier_is_given),
		TEST(our_identifier_is_refused),
		TEST(ipv6cp_is_rejected),
		TEST(ipcp_is_rejected_and_ipv6_goes_on),
		TEST(both_are_rejected),
		TEST(ipv6cp_is_ignored),
		TEST(ipv6cp_has_a_limit),
		TEST(one_closes_beside_the_other),
		TEST(closed_when_one_closes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
