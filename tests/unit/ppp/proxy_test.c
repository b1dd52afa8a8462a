// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link that begins with a LAC's record (RFC 2661 4.4.5), and links that outlive
 * their process. The record is made by a link of ours in the LAC's place.
 */
#include "client.h"
#include "ppp/save.h"

#include <errno.h>

static struct ppp_record rec;
static const char *text;

/* The client has done LCP and authentication with a LAC, which fell silent. */
static void at_the_lac(uint32_t proto)
{
	w.conf.auth[0] = proto;
	w.conf.auth[1] = 0;
	w.policy = RELEASE;
	start();
	assert_int_equal(w.link->phase, PPP_RELEASED);
	rec = *w.link->record;
	ppp_link_fini(w.link);
	free(w.link);
	w.asked = 0;
	w.n_sent = 0;
	w.policy = ACCEPT;
	w.conf.auth[0] = PPP_PROTO_CHAP;
	w.conf.auth[1] = PPP_PROTO_PAP;
	new_link();
}

static int proxy(void)
{
	int e = ppp_link_start_proxy(w.link, w.now, &rec, &text);

	pump();
	return e;
}

static void refused(const char *want)
{
	assert_int_equal(proxy(), -EINVAL);
	assert_non_null(strstr(text, want));
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.asked, 0);
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
}

static void chap_is_taken(void **state)
{
	uint8_t id;

	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	id = rec.auth.id;
	w.policy = LATER;
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.n_sent, 0); /* LCP is open without a packet */
	assert_int_equal(w.asked, 1);
	assert_memory_equal(w.link->record, &rec, sizeof(rec));
	assert_int_equal(w.link->magic, get32(rec.last_tx.b + 11));
	assert_int_equal(w.link->peer_magic, c.magic);
	assert_int_equal(w.link->peer_mru, 1442);
	assert_int_equal(w.link->our_mru, 1442);
	client_chap(); /* the client has become impatient */
	assert_int_equal(w.asked, 1);
	ppp_link_accept(w.link, w.now, &w.ip, NULL);
	assert_int_equal(get16(w.out[0].b), PPP_PROTO_CHAP);
	assert_int_equal(w.out[0].b[2], 3);
	assert_int_equal(w.out[0].b[3], id);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(c.ipcp_acked);
	client_chap();
	assert_int_equal(w.last.b[2], 3);
}

static void pap_is_taken(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_PAP);
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(c.authenticated);
	assert_int_equal(w.now, SECONDS(5000));
}

static void none_is_taken(void **state)
{
	(void)state;
	w.conf.auth[0] = w.conf.auth[1] = 0;
	w.policy = RELEASE;
	start();
	rec = *w.link->record;
	ppp_link_fini(w.link);
	free(w.link);
	w.policy = ACCEPT;
	new_link();
	c.addr = 0;
	assert_int_equal(proxy(), 0);
	client_ipcp_request();
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
}

static void rejected(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	w.policy = REJECT;
	assert_int_equal(proxy(), 0);
	assert_true(c.refused && c.terminated);
	assert_int_equal(w.why, PPP_END_AUTH);
}

/* LCP is taken, but nobody has asked the client yet: we do. */
static void no_response_yet(void **state)
{
	uint8_t id;

	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	id = rec.auth.id;
	rec.auth.response_len = 0;
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(c.challenge_id, (uint8_t)(id + 1));
	assert_int_equal(w.asked, 1);
}

static void no_proxy_authentication(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	memset(&rec.auth, 0, sizeof(rec.auth));
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_string_equal(w.link->name, c.name);
}

/* LCP is taken, and the client is asked anew: no AVP says what it answered. */
static void mschapv2_is_asked_anew(void **state)
{
	uint8_t first;

	(void)state;
	at_the_lac(PPP_AUTH_MSCHAPV2);
	first = c.challenge_id;
	memset(&rec.auth, 0, sizeof(rec.auth));
	rec.auth.id = first;
	refused("not allowed"); /* CHAP and PAP are */
	w.conf.auth[0] = PPP_AUTH_MSCHAPV2;
	w.proof = "S=00";
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.asked, 1);
	assert_int_not_equal(c.challenge_id, first);
	assert_string_equal(c.said, "S=00 M=welcome");
}

static void pap_comes_later(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_PAP);
	rec.auth.response_len = 0;
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.asked, 0);
	client_pap();
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
}

static void set(struct ppp_confreq *q, const void *b, size_t len)
{
	memcpy(q->b, b, len);
	q->len = (uint16_t)len;
}

static void unacceptable(void **state)
{
	struct ppp_record good;

	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	good = rec;
#define BAD(change, want)      \
	do {                   \
		rec = good;    \
		change;        \
		refused(want); \
	} while (0)
	BAD(rec.last_tx.present = false, "none");
	BAD(rec.last_rx.present = false, "none");
	BAD(rec.last_tx.len--, "malformed");
	BAD(rec.last_rx.len--, "malformed");
	BAD(rec.last_tx.len = 257, "long");
	BAD(put16(rec.last_tx.b + 2, 1443), "MRU");
	BAD(put16(rec.last_rx.b + 2, 100), "MRU");
	BAD(memcpy(rec.last_rx.b + 6, rec.last_tx.b + 11, 4), "magic");
	BAD(rec.last_tx.b[8] = 0x81, "not allowed");
	BAD(rec.last_tx.b[8] = 0x80, "not allowed");
	BAD(rec.last_tx.b[0] = 17, "unknown option sent");
	BAD(rec.last_rx.b[0] = 17, "unknown option received");
	BAD(set(&rec.last_tx, "\x05\x06\x01\x02\x03\x04", 6), "not allowed");
	BAD(set(&rec.last_tx, "\x03\x04\xc2\x27", 4), "not allowed");
	BAD(set(&rec.last_rx, "\x03\x04\xc0\x23", 4), "demands");
	BAD(rec.auth.proto = PPP_PROTO_PAP, "not the protocol");
	BAD(rec.auth.challenge_len = 65, "malformed");
	BAD(memset(rec.auth.name, 'x', sizeof(rec.auth.name)), "malformed");
	/* And then LCP from scratch, with a client that thinks it is open. */
	c.lcp_acked = c.lcp_acks = c.authenticated = false;
	ppp_link_start(w.link, w.now);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.now, SECONDS(5000));
}

static void default_mru_and_lenience(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	set(&rec.last_tx, "\x03\x05\xc2\x23\x05\x07\x02\x08\x02", 9);
	refused("MRU"); /* 1500 */
	w.conf.lenient_mru = true;
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->our_mru, 1500);
	assert_int_equal(w.link->peer_mru, 1442);
	assert_int_equal(w.link->magic, 0);
}

static void authentication_off_here(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	w.conf.auth[0] = w.conf.auth[1] = 0;
	refused("not allowed");
}

static void client_starts_again(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	assert_int_equal(proxy(), 0);
	assert_int_equal(w.link->phase, PPP_UP);
	c.lcp_acks = c.authenticated = c.ipcp_acked = false;
	client_lcp_request();
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(c.authenticated && c.ipcp_acked);
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.ups, 2);
}

/* ------------------------------------------------------------------ restart */

static uint8_t saved[1024];
static size_t saved_len;

static void save(void)
{
	struct wr out = wr_make(saved, sizeof(saved));

	ppp_link_save(w.link, &out);
	assert_false(out.err);
	saved_len = wr_len(&out);
	ppp_link_fini(w.link);
	free(w.link);
	new_link();
}

static int load(size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct rd in;
	int e;

	memcpy(copy, saved, len);
	in = rd_make(copy, len);
	e = ppp_link_load(w.link, w.now, &in);
	free(copy);
	return e;
}

static void up_outlives(void **state)
{
	uint32_t magic;
	msec_t t0;

	(void)state;
	start();
	magic = w.link->magic;
	save();
	w.n_sent = 0;
	assert_int_equal(load(saved_len), 0);
	assert_int_equal(w.n_sent, 0);
	assert_int_equal(w.link->phase, PPP_UP);
	assert_int_equal(w.link->magic, magic);
	assert_int_equal(w.link->peer_magic, c.magic);
	assert_int_equal(w.link->peer_mru, 1442);
	assert_int_equal(w.link->our_mru, 1442);
	assert_int_equal(w.link->ip.v4.peer, w.ip.v4.peer);
	assert_int_equal(w.link->ip.v4.local, w.ip.v4.local);
	assert_int_equal(w.link->ip.v4.dns[0], w.ip.v4.dns[0]);
	assert_string_equal(w.link->name, c.name);
	client_chap();
	assert_int_equal(w.last.b[2], 3); /* Success, once more */
	client_send(PPP_PROTO_LCP, 9, 1, "abcd", 4);
	assert_int_equal(get32(w.last.b + 6), magic);
	assert_int_equal(w.n_sent, 2);
	t0 = w.now;
	run_to(t0 + SECONDS(3600));
	assert_int_equal(w.link->phase, PPP_UP);
	assert_in_range(w.n_sent, 100, 130);
	c.on = false;
	run_to(w.now + SECONDS(150));
	assert_int_equal(w.why, PPP_END_ECHO);
}

/* Who never negotiated has all of its Naks. */
static void naks_first(void **state)
{
	(void)state;
	at_the_lac(PPP_PROTO_CHAP);
	assert_int_equal(proxy(), 0);
	client_send(PPP_PROTO_LCP, 1, 77, "\x01\x04\x05\xdc", 4);
	assert_int_equal(proto_of_last(), PPP_PROTO_LCP);
	assert_int_equal(code_of_last(), 3);
	assert_memory_equal(w.last.b + 6, "\x01\x04\x05\xd4", 4);
}

static void naks_after_a_restart(void **state)
{
	(void)state;
	w.conf.network = PPP_IPV4 | PPP_IPV6;
	w.ip.local_id = 1;
	c.v6_rejects = true;
	start();
	save();
	assert_int_equal(load(saved_len), 0);
	c.on = false;
	client_send(PPP_PROTO_IPCP, 1, 77, "\x03\x06\0\0\0\0\x81\x06\0\0\0\0",
		    12);
	assert_int_equal(proto_of_last(), PPP_PROTO_IPCP);
	assert_int_equal(code_of_last(), 3);
	assert_int_equal(w.last.len, 18); /* both of them */
	/* It may begin with what it had refused, and names itself in it. */
	client_send(PPP_PROTO_IPV6CP, 1, 78, NULL, 0);
	assert_int_equal(proto_of_last(), PPP_PROTO_IPV6CP);
	assert_int_equal(code_of_last(), 3);
}

/* One NCP is open, the other not: the peer may begin with it. */
static void up_outlives_with_what_is_open(void **state)
{
	(void)state;
	w.conf.network = PPP_IPV4 | PPP_IPV6;
	w.ip.local_id = 1;
	c.v6_id = 0x99;
	c.v4_rejects = true;
	start();
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	save();
	w.n_sent = 0;
	assert_int_equal(load(saved_len), 0);
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	assert_false(ppp_link_has(w.link, PPP_IPV4));
	assert_true(w.link->ip.local_id == 1 && w.link->ip.peer_id == 0x99);
	assert_int_equal(w.n_sent, 0);
	c.v4_rejects = false;
	client_ipcp_request();
	pump();
	assert_true(ppp_link_has(w.link, PPP_IPV4));
	assert_true(c.ipcp_acked);
	c.v6_acked = false;
	client_ipv6cp_request();
	pump();
	assert_true(ppp_link_has(w.link, PPP_IPV6));
	assert_true(w.link->ip.peer_id == 0x99);
}

static void loaded_link_renegotiates(void **state)
{
	(void)state;
	start();
	save();
	assert_int_equal(load(saved_len), 0);
	c.lcp_acks = c.authenticated = c.ipcp_acked = false;
	client_lcp_request();
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
	assert_true(c.authenticated && c.ipcp_acked);
	assert_int_equal(w.asked, 2);
}

static void loaded_link_closes(void **state)
{
	(void)state;
	start();
	save();
	assert_int_equal(load(saved_len), 0);
	ppp_link_close(w.link, w.now);
	pump();
	assert_true(c.terminated);
	assert_int_equal(w.why, PPP_END_LOCAL);
}

static void released_outlives(void **state)
{
	(void)state;
	w.policy = RELEASE;
	start();
	save();
	w.n_sent = 0;
	assert_int_equal(load(saved_len), 0);
	assert_int_equal(w.link->phase, PPP_RELEASED);
	client_lcp_request();
	run_to(w.now + SECONDS(3600));
	assert_int_equal(w.n_sent, 0);
	assert_string_equal(w.link->name, c.name);
}

/* In the middle of a negotiation: LCP begins again. */
static void negotiating_begins_again(void **state)
{
	(void)state;
	w.policy = LATER;
	start();
	assert_int_equal(w.link->phase, PPP_AUTHENTICATE);
	save();
	w.policy = ACCEPT;
	w.n_sent = 0;
	c.lcp_acked = c.lcp_acks = false;
	assert_int_equal(load(saved_len), 0);
	assert_int_equal(w.link->phase, PPP_ESTABLISH);
	assert_int_equal(w.n_sent, 1);
	pump();
	assert_int_equal(w.link->phase, PPP_UP);
}

static void others_do_not(void **state)
{
	(void)state;
	start();
	c.on = false;
	ppp_link_close(w.link, w.now);
	assert_int_equal(w.link->phase, PPP_TERMINATE);
	save();
	assert_int_equal(load(saved_len), -EINVAL);
	saved[0] = 99;
	assert_int_equal(load(saved_len), -EINVAL);
}

static void hostile_state(void **state)
{
	uint8_t good[sizeof(saved)];
	size_t len;

	(void)state;
	start();
	save();
	len = saved_len;
	for (size_t i = 0; i < len; i++)
		assert_int_equal(load(i), -EINVAL);
	memcpy(good, saved, sizeof(good));
	srand(7);
	for (int i = 0; i < 20000; i++) {
		memcpy(saved, good, sizeof(good));
		for (int k = rand() % 3; k >= 0; k--)
			saved[(size_t)rand() % len] = (uint8_t)rand();
		if (load(len))
			continue;
		client_chap();
		client_send(PPP_PROTO_IPCP, 1, 1, NULL, 0);
		ppp_link_fini(w.link);
		free(w.link);
		w.n_out = 0;
		new_link();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(chap_is_taken),
		TEST(pap_is_taken),
		TEST(none_is_taken),
		TEST(rejected),
		TEST(no_response_yet),
		TEST(no_proxy_authentication),
		TEST(mschapv2_is_asked_anew),
		TEST(pap_comes_later),
		TEST(unacceptable),
		TEST(default_mru_and_lenience),
		TEST(authentication_off_here),
		TEST(client_starts_again),
		TEST(up_outlives),
		TEST(naks_first),
		TEST(naks_after_a_restart),
		TEST(up_outlives_with_what_is_open),
		TEST(loaded_link_renegotiates),
		TEST(loaded_link_closes),
		TEST(released_outlives),
		TEST(negotiating_begins_again),
		TEST(others_do_not),
		TEST(hostile_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
