// SPDX-License-Identifier: GPL-2.0-or-later
/* A link and a subscriber: negotiation, time, renegotiation, how it ends. */
#include "client.h"

#include "ppp/record.h"

static void chap_to_up(void **state)
{
	struct crypt_part part[3];
	uint8_t md5[16];
	struct ppp_auth *a;

	(void)state;
	w.policy = LATER;
	start();
	a = &w.link->record->auth;
	part[0] = (struct crypt_part){ &a->id, 1 };
	part[1] = (struct crypt_part){ "wonder", 6 };
	part[2] = (struct crypt_part){ a->challenge, 16 };
	crypt_md5(md5, part, 3);
	assert_memory_equal(md5, a->response, 16);
	assert_int_equal(a->proto, PPP_PROTO_CHAP);
	assert_int_equal(a->challenge_len, 16);
	ppp_link_accept(w.link, w.now, &w.ip, "welcome");
	assert_int_equal(a->response_len, 0); /* wiped */
	assert_int_equal(a->response[0], 0);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.now, SECONDS(5000)); /* without a retransmission */
	assert_int_equal(w.ups, 1);
	assert_int_equal(w.asked, 1);
	assert_true(c.authenticated && c.ipcp_acked);
	assert_int_equal(c.addr, 0x64400007);
	assert_int_equal(c.dns[0], 0x08080808);
	assert_int_equal(c.dns[1], UINT32_MAX);
	assert_int_equal(w.link->peer_mru, 1442); /* as configured */
	assert_int_equal(w.link->our_mru, 1442);
	assert_int_equal(w.link->peer_magic, 0x12345678);
	assert_null(w.link->record); /* of no use any more, but for the name */
	assert_string_equal(w.link->name, "alice@isp.example");
	assert_int_equal(w.count.auth_ok, 1);
}

/* Stored, then bound, then told to the peer. */
static void up_comes_before_its_ack(void **state)
{
	size_t n;

	(void)state;
	start();
	n = strlen(w.order);
	assert_true(n > 3);
	assert_string_equal(w.order + n - 3, "cus");
}

static void pap_to_up(void **state)
{
	(void)state;
	w.conf.auth[0] = PPP_PROTO_PAP;
	w.conf.auth[1] = 0;
	w.policy = LATER;
	start();
	assert_int_equal(w.link->record->auth.response_len, 6);
	assert_memory_equal(w.link->record->auth.response, "wonder", 6);
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
}

static void no_authentication(void **state)
{
	(void)state;
	w.conf.auth[0] = 0;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->auth_proto, 0);
	assert_int_equal(w.asked, 1);
}

static void record_is_as_exchanged(void **state)
{
	struct ppp_record *r;
	uint8_t want[32] = { 1,	   4,	 1442 >> 8, 1442 & 255, 3, 5,
			     0xc2, 0x23, 5,	    5,		6 };
	uint8_t first[] = { 1, 4, 0x05, 0xdc };

	(void)state;
	w.policy = LATER;
	c.mru = 1500; /* Nak'ed to 1492 */
	start();
	r = w.link->record;
	put32(want + 11, w.link->magic);
	assert_int_equal(r->last_tx.len, 15);
	assert_memory_equal(r->last_tx.b, want, 15);
	assert_int_equal(r->first_rx.len, c.opts_len);
	assert_memory_equal(r->first_rx.b, first, 4);
	assert_int_equal(r->last_rx.len, c.opts_len);
	assert_memory_equal(r->last_rx.b, c.opts, c.opts_len);
	assert_int_equal(get16(r->last_rx.b + 2), 1492);
}

static void silent_peer(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	c.on = false;
	start();
	run_to(t0 + SECONDS(30) - 1);
	assert_int_equal(w.n_sent, 10);
	assert_int_equal(w.downs, 0);
	run_to(t0 + SECONDS(30));
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_NO_LCP);
}

static void auth_timeout_is_overall(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.policy = LATER;
	start();
	run_to(t0 + SECONDS(60) - 1);
	assert_int_equal(w.downs, 0);
	run_to(t0 + SECONDS(60));
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_UNDECIDED);
	assert_int_equal(code_of_last(), 5); /* it is told */
}

/* A client that begins anew again and again does not get more time by it. */
static void beginning_anew_gives_no_time(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	w.policy = LATER;
	start();
	while (!w.downs && w.now < t0 + SECONDS(300)) {
		run_to(w.now + SECONDS(15));
		c.lcp_acked = c.lcp_acks = false;
		client_lcp_request();
		pump();
	}
	assert_int_equal(w.why, PPP_END_UNDECIDED);
	assert_int_equal(w.now, t0 + SECONDS(60));
}

/* It acks our LCP request for ever, and never makes its own. */
static void lcp_has_a_limit(void **state)
{
	struct frame f;

	(void)state;
	c.on = false;
	start();
	while (!w.downs) {
		f = w.last;
		f.b[2] = 2;
		give(f.b, f.len);
		run_to(w.now + SECONDS(3));
	}
	assert_int_equal(w.why, PPP_END_TIMEOUT);
	assert_int_equal(w.now, SECONDS(5060));
}

static void keepalive_into_silence_only(void **state)
{
	msec_t t0 = w.now;
	size_t n;

	(void)state;
	start();
	n = w.n_sent;
	for (int i = 1; i < 100; i++) { /* data comes */
		run_to(t0 + SECONDS(10 * i));
		ppp_link_heard(w.link, w.now);
	}
	assert_int_equal(w.n_sent, n);
	t0 = w.now;
	run_to(t0 + SECONDS(30));
	assert_int_equal(w.n_sent, n + 1);
	assert_int_equal(code_of_last(), 9);
	assert_int_equal(get32(w.last.b + 6), w.link->magic);
	run_to(t0 + SECONDS(3000)); /* the client answers */
	assert_int_equal(w.n_sent, n + 100);
	assert_int_equal(w.downs, 0);
	c.on = false;
	t0 = w.now;
	run_to(t0 + SECONDS(119));
	assert_int_equal(w.downs, 0);
	assert_int_equal(w.n_sent, n + 103);
	run_to(t0 + SECONDS(120));
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_ECHO);
}

static void answers_echo(void **state)
{
	(void)state;
	start();
	client_send(PPP_PROTO_LCP, 9, 77, "\x12\x34\x56\x78 data", 9);
	assert_int_equal(code_of_last(), 10);
	assert_int_equal(w.last.b[3], 77);
	assert_int_equal(get32(w.last.b + 6), w.link->magic);
	assert_memory_equal(w.last.b + 10, " data", 5);
	w.n_sent = 0;
	client_send(PPP_PROTO_LCP, 9, 77, "abc", 3); /* too short */
	client_send(PPP_PROTO_LCP, 10, 77, "abcd", 4);
	client_send(PPP_PROTO_LCP, 11, 77, "abcd", 4);
	client_send(PPP_PROTO_LCP, 12, 77, "abcd", 4);
	client_send(PPP_PROTO_LCP, 13, 77, "abcd", 4);
	assert_int_equal(w.n_sent, 0);
	client_send(PPP_PROTO_LCP, 14, 77, "abcd", 4);
	assert_int_equal(code_of_last(), 7); /* Code-Reject */
	assert_memory_equal(w.last.b + 6,
			    "\x0e\x4d\x00\x08"
			    "abcd",
			    8);
}

static void loop_in_negotiation(void **state)
{
	(void)state;
	c.on = false;
	ppp_link_start(w.link, w.now);
	while (w.link && w.n_out) {
		struct frame f = w.out[0];

		memmove(w.out, w.out + 1, --w.n_out * sizeof(f));
		give(f.b, f.len);
	}
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOOP);
	assert_int_equal(w.now, SECONDS(5000));
}

static void loop_of_echoes(void **state)
{
	uint8_t magic[4];

	(void)state;
	start();
	put32(magic, w.link->magic);
	w.n_sent = 0;
	client_send(PPP_PROTO_LCP, 9, 1, magic, 4);
	client_send(PPP_PROTO_LCP, 9, 2, magic, 4);
	client_send(PPP_PROTO_LCP, 9, 3, "abcd", 4); /* not a loop */
	client_send(PPP_PROTO_LCP, 9, 4, magic, 4);
	client_send(PPP_PROTO_LCP, 9, 5, magic, 4);
	assert_int_equal(w.n_sent, 1);
	assert_int_equal(w.downs, 0);
	client_send(PPP_PROTO_LCP, 9, 6, magic, 4);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOOP);
}

static void refuses_options(void **state)
{
	/* ACCM, auth, PFC, ACFC, FCS, callback; and a good magic number */
	static const uint8_t req[] = { 2,    6, 0, 0, 0, 0, 3, 4, 0xc0,
				       0x23, 7, 2, 8, 2, 9, 3, 1, 13,
				       3,    6, 5, 6, 1, 2, 3, 4 };

	(void)state;
	c.on = false;
	start();
	client_send(PPP_PROTO_LCP, 1, 9, req, sizeof(req));
	assert_int_equal(code_of_last(), 4);
	assert_int_equal(w.last.len, 6 + sizeof(req) - 6);
	assert_memory_equal(w.last.b + 6, req, sizeof(req) - 6);
}

static void naks_mru(void **state)
{
	static const uint8_t bad[][4] = { { 1, 4, 0, 0 },
					  { 1, 4, 0, 63 },
					  { 1, 4, 0x05, 0xd5 },
					  { 1, 4, 0xff, 0xff } };

	(void)state;
	c.on = false;
	start();
	for (size_t i = 0; i < 4; i++) {
		client_send(PPP_PROTO_LCP, 1, 9, bad[i], 4);
		assert_int_equal(code_of_last(), 3);
		assert_memory_equal(w.last.b + 6, "\x01\x04\x05\xd4", 4);
	}
	client_send(PPP_PROTO_LCP, 1, 9, "\x01\x04\x00\x80", 4);
	assert_int_equal(code_of_last(), 2);
	client_send(PPP_PROTO_LCP, 1, 9, "\x01\x03\x00", 3); /* wrong length */
	assert_int_equal(code_of_last(), 3);
	assert_memory_equal(w.last.b + 6, "\x01\x04\x05\xd4", 4);
}

static void peer_lowers_our_mru(void **state)
{
	(void)state;
	c.on = false;
	start();
	client_send(PPP_PROTO_LCP, 3, w.last.b[3], "\x01\x04\x04\x00", 4);
	assert_memory_equal(w.last.b + 6, "\x01\x04\x04\x00", 4);
	client_send(PPP_PROTO_LCP, 3, w.last.b[3], "\x01\x04\x05\xdc", 4);
	assert_memory_equal(w.last.b + 6, "\x01\x04\x04\x00", 4);
	client_send(PPP_PROTO_LCP, 4, w.last.b[3], "\x01\x04\x04\x00", 4);
	assert_int_equal(w.last.b[6], 3); /* left out */
	client_send(PPP_PROTO_LCP, 2, w.last.b[3], w.last.b + 6,
		    w.last.len - 6);
	client_send(PPP_PROTO_LCP, 1, 1, NULL, 0);
	assert_int_equal(w.link->phase, PPP_AUTHENTICATE);
	assert_int_equal(w.link->our_mru, 1500);
	assert_int_equal(w.link->peer_mru, 1442); /* as configured */
}

/* RFC 4638: longer packets are sent once the line is known to carry them. */
static void long_ones(uint16_t theirs, bool narrow)
{
	w.conf.mru = 1500;
	ppp_link_set_carrier(w.link, 1500);
	c.mru = theirs;
	c.narrow = narrow;
	start();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->our_mru, 1500);
}

static void line_is_probed(void **state)
{
	(void)state;
	long_ones(1496, false);
	assert_int_equal(c.probes, 1);
	assert_int_equal(c.probe_len, 1496);
	assert_int_equal(w.link->peer_mru, 1496);
	assert_int_equal(w.link->lcp.cp.mtu, 1496);
	/* LCP once more, which may be by another way. */
	c.narrow = true;
	client_lcp_request();
	pump();
	assert_int_equal(c.probes, 2);
	assert_int_equal(w.link->peer_mru, 1492);
}

static void line_is_narrow(void **state)
{
	uint8_t b[1496] = { 0 };
	unsigned int ups;

	(void)state;
	long_ones(1500, true);
	assert_int_equal(c.probes, 1);
	assert_int_equal(c.probe_len, 1500);
	assert_int_equal(w.link->peer_mru, 1492);
	assert_int_equal(w.link->lcp.cp.mtu, 1492);
	run_to(w.now + SECONDS(100));
	assert_int_equal(c.probes, 1);
	assert_int_equal(w.link->peer_mru, 1492);
	/* Answers to others, and cut ones, are none; late ones are. */
	ups = w.ups;
	client_send(PPP_PROTO_LCP, 10, w.link->lcp.probe_id + 1, b, 1496);
	client_send(PPP_PROTO_LCP, 10, w.link->lcp.probe_id, b, 1495);
	assert_int_equal(w.link->peer_mru, 1492);
	client_send(PPP_PROTO_LCP, 10, w.link->lcp.probe_id, b, 1496);
	assert_int_equal(w.link->peer_mru, 1500);
	assert_int_equal(w.ups, ups + 1); /* it is bound anew */
	client_send(PPP_PROTO_LCP, 10, w.link->lcp.probe_id, b, 1496);
	assert_int_equal(w.ups, ups + 1);
}

static void no_need_to_probe(void **state)
{
	(void)state;
	long_ones(1492, true);
	assert_int_equal(c.probes, 0);
	assert_int_equal(w.link->peer_mru, 1492);
}

/* Through a tunnel it is no matter of Ethernet's. */
static void no_carrier_to_probe(void **state)
{
	(void)state;
	w.conf.mru = 1500;
	c.mru = 1500;
	start();
	assert_int_equal(c.probes, 0);
}

static void unknown_protocols(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	w.n_sent = 0;
	client_send(0x80fd, 1, 1, NULL, 0); /* before the network phase */
	client_send(PPP_PROTO_IPCP, 1, 1, NULL, 0);
	client_send(PPP_PROTO_PAP, 1, 1, NULL, 0);
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.count.rx_wrong_phase, 3);
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	pump();
	client_send(0x80fd, 1, 1, NULL, 0);
	assert_int_equal(proto_of_last(), PPP_PROTO_LCP);
	assert_int_equal(code_of_last(), 8);
	assert_memory_equal(w.last.b + 6, "\x80\xfd\x01\x01\x00\x04", 6);
	client_send(PPP_PROTO_IPV6CP, 1, 1, NULL, 0);
	assert_int_equal(code_of_last(), 8);
	assert_int_equal(w.count.rx_unknown_protocol, 2);
	w.n_sent = 0;
	give("\x21\x45\x00", 3); /* data that has strayed up, compressed */
	give("\x00", 1);
	give("", 0);
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.count.rx_wrong_phase, 4);
	assert_int_equal(w.count.rx_malformed, 2);
}

static void peer_terminates(void **state)
{
	(void)state;
	start();
	client_send(PPP_PROTO_LCP, 5, 200, "bye", 3);
	assert_int_equal(code_of_last(), 6);
	assert_int_equal(w.last.b[3], 200);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_PEER);
}

static void we_close(void **state)
{
	(void)state;
	start();
	ppp_link_close(w.link, w.now);
	ppp_link_close(w.link, w.now);
	pump();
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOCAL);
}

static void we_close_into_silence(void **state)
{
	msec_t t0 = w.now;

	(void)state;
	start();
	c.on = false;
	w.n_sent = 0;
	ppp_link_close(w.link, w.now);
	run_to(t0 + SECONDS(6) - 1);
	assert_int_equal(w.n_sent, 2);
	assert_int_equal(w.downs, 0);
	run_to(t0 + SECONDS(6));
	assert_int_equal(w.n_sent, 2);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOCAL);
}

static void closed_before_it_began(void **state)
{
	(void)state;
	ppp_link_close(w.link, w.now);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.n_sent, 0);
}

static void client_starts_again(void **state)
{
	uint32_t magic;

	(void)state;
	start();
	magic = w.link->magic;
	c.authenticated = c.ipcp_acked = c.lcp_acks = false;
	c.addr = 0;
	c.mru = 1400;
	client_lcp_request();
	assert_int_equal(w.link->phase, PPP_ESTABLISH);
	assert_int_equal(get16(w.link->record->first_rx.b + 2), 1400);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(c.authenticated && c.ipcp_acked);
	assert_int_equal(c.addr, 0x64400007);
	assert_int_not_equal(w.link->magic, magic);
	assert_int_equal(w.link->peer_mru, 1400);
	assert_int_equal(w.ups, 2);
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.now, SECONDS(5000));
}

static void released_is_silent(void **state)
{
	size_t n;

	(void)state;
	w.policy = RELEASE;
	start();
	assert_int_equal(w.link->phase, PPP_RELEASED);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
	n = w.n_sent;
	client_lcp_request();
	client_chap();
	client_send(PPP_PROTO_LCP, 5, 1, NULL, 0);
	client_send(PPP_PROTO_LCP, 9, 1, "abcd", 4);
	run_to(w.now + SECONDS(3600));
	assert_int_equal(w.n_sent, n);
	assert_string_equal(w.link->record->auth.name, "alice@isp.example");
	ppp_link_close(w.link, w.now);
	assert_int_equal(w.n_sent, n);
	assert_int_equal(w.downs, 1);
}

/* An owner that is done with the link inside a callback says fini there, and
 * frees it later.
 */
static void given_up_inside(void **state)
{
	(void)state;
	w.policy = FINI;
	start();
	assert_int_equal(w.asked, 1);
	assert_int_equal(w.link->phase, PPP_DEAD);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
	client_chap();
	client_lcp_request();
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	assert_int_equal(w.downs, 0);
	assert_int_equal(w.link->phase, PPP_DEAD);
}

static void closed_inside(void **state)
{
	(void)state;
	w.policy = CLOSE;
	start();
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOCAL);
	assert_true(c.terminated);
}

static void closed_inside_up(void **state)
{
	(void)state;
	w.close_in_up = true;
	start();
	assert_int_equal(w.ups, 1);
	assert_int_equal(w.downs, 1);
	assert_int_equal(w.why, PPP_END_LOCAL);
	assert_false(c.ipcp_acked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(chap_to_up),
		TEST(up_comes_before_its_ack),
		TEST(pap_to_up),
		TEST(no_authentication),
		TEST(record_is_as_exchanged),
		TEST(silent_peer),
		TEST(auth_timeout_is_overall),
		TEST(beginning_anew_gives_no_time),
		TEST(lcp_has_a_limit),
		TEST(keepalive_into_silence_only),
		TEST(answers_echo),
		TEST(loop_in_negotiation),
		TEST(loop_of_echoes),
		TEST(refuses_options),
		TEST(naks_mru),
		TEST(peer_lowers_our_mru),
		TEST(line_is_probed),
		TEST(line_is_narrow),
		TEST(no_need_to_probe),
		TEST(no_carrier_to_probe),
		TEST(unknown_protocols),
		TEST(peer_terminates),
		TEST(we_close),
		TEST(we_close_into_silence),
		TEST(closed_before_it_began),
		TEST(client_starts_again),
		TEST(released_is_silent),
		TEST(given_up_inside),
		TEST(closed_inside),
		TEST(closed_inside_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
