/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A link under test in fake time, and a subscriber's PPP at the other end, written
 * from the RFCs and not from the code under test. Tests include it once each.
 */
#ifndef TESTS_PPP_CLIENT_H
#define TESTS_PPP_CLIENT_H

#include "adit/wire.h"
#include "base/crypt.h"
#include "ppp/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define UNUSED __attribute__((unused))

struct frame {
	size_t len;
	uint8_t b[1600];
};

/* Our side of the world: the link, what it sent, what it told its owner. */
static struct {
	msec_t now;
	struct timers timers;
	struct ppp_conf conf;
	struct ppp_counters count;
	struct ppp_link *link;
	struct frame out[64]; /* not delivered yet */
	size_t n_out;
	struct frame last; /* sent */
	size_t n_sent;
	int asked, ups, downs, changes;
	const char *proof; /* of MS-CHAPv2 */
	enum ppp_end why;
	uint16_t ncp_failed;
	enum { LATER, ACCEPT, REJECT, RELEASE, FINI, CLOSE } policy;
	bool close_in_up;
	struct ppp_ip ip;
	char order[64]; /* u: up, c: changed, s: send */
} w;

/* The subscriber. */
static struct {
	bool on;
	const char *name, *password;
	uint8_t id;
	uint16_t mru; /* 0: not asked for */
	uint32_t magic;
	uint16_t refuse; /* authentication protocol that it does not like */
	uint16_t want; /* and which it would */
	bool lcp_asks, lcp_acked, lcp_acks; /* its request, ours */
	bool ipcp_acked, ipcp_acks;
	uint16_t auth;
	uint8_t algorithm; /* of CHAP */
	char said[400]; /* with the answer to its authentication */
	uint8_t opts[64], ipcp_opts[64];
	size_t opts_len, ipcp_opts_len;
	uint32_t addr, dns[2];
	uint8_t challenge[64], challenge_len, challenge_id;
	bool authenticated, refused, terminated;
	unsigned int
		probes; /* Echo-Requests that plain Ethernet does not carry */
	size_t probe_len; /* of the last */
	bool narrow; /* nor does its line */
	bool deaf; /* does not answer Challenges, sends no PAP */
	uint64_t v6_id; /* its interface identifier */
	bool v6_rejects,
		v6_silent; /* it knows no IPv6CP, or is slow to say so */
	bool v4_rejects;
	bool v6_asks, v6_acked, v6_acks;
	uint64_t v6_ours; /* the network side's, as acknowledged */
} c;

static uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static uint32_t get32(const uint8_t *b)
{
	return (uint32_t)get16(b) << 16 | get16(b + 2);
}

static void put16(uint8_t *b, uint16_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

static void put32(uint8_t *b, uint32_t v)
{
	put16(b, (uint16_t)(v >> 16));
	put16(b + 2, (uint16_t)v);
}

static void give(const void *frame, size_t len)
{
	/* A copy of exactly that size: reading past it is seen. */
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, frame, len);
	if (w.link)
		ppp_link_input(w.link, w.now, copy, len);
	free(copy);
}

static void client_send(uint16_t proto, uint8_t code, uint8_t id,
			const void *data, size_t len)
{
	uint8_t b[1600];

	put16(b, proto);
	b[2] = code;
	b[3] = id;
	put16(b + 4, (uint16_t)(len + 4));
	if (len)
		memcpy(b + 6, data, len);
	give(b, len + 6);
}

static void client_lcp_request(void)
{
	size_t n = 0;

	if (c.mru) {
		c.opts[n] = 1;
		c.opts[n + 1] = 4;
		put16(c.opts + n + 2, c.mru);
		n += 4;
	}
	if (c.magic) {
		c.opts[n] = 5;
		c.opts[n + 1] = 6;
		put32(c.opts + n + 2, c.magic);
		n += 6;
	}
	c.opts_len = n;
	c.lcp_acked = false;
	c.lcp_asks = true;
	client_send(PPP_PROTO_LCP, 1, ++c.id, c.opts, n);
}

static void client_ipcp_request(void)
{
	static const uint8_t number[3] = { 3, 129, 131 };
	uint32_t value[3] = { c.addr, c.dns[0], c.dns[1] };
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		if (i && value[i] == UINT32_MAX)
			continue;
		c.ipcp_opts[n] = number[i];
		c.ipcp_opts[n + 1] = 6;
		put32(c.ipcp_opts + n + 2, value[i]);
		n += 6;
	}
	c.ipcp_opts_len = n;
	client_send(PPP_PROTO_IPCP, 1, ++c.id, c.ipcp_opts, n);
}

static void client_pap(void)
{
	uint8_t b[520];
	size_t n = strlen(c.name), p = strlen(c.password);

	b[0] = (uint8_t)n;
	memcpy(b + 1, c.name, n);
	b[1 + n] = (uint8_t)p;
	memcpy(b + 2 + n, c.password, p);
	client_send(PPP_PROTO_PAP, 1, ++c.id, b, 2 + n + p);
}

static void client_chap(void)
{
	struct crypt_part part[] = { { &c.challenge_id, 1 },
				     { c.password, strlen(c.password) },
				     { c.challenge, c.challenge_len } };
	uint8_t b[320] = { 16 };

	crypt_md5(b + 1, part, 3);
	/* The link does not know whether it is right: any 49 bytes. */
	if (c.algorithm == 0x81)
		b[0] = 49;
	memcpy(b + 1 + b[0], c.name, strlen(c.name));
	client_send(PPP_PROTO_CHAP, 2, c.challenge_id, b,
		    1u + b[0] + strlen(c.name));
}

static void client_opened(void)
{
	if (!c.lcp_acked || !c.lcp_acks)
		return;
	if (c.auth == PPP_PROTO_PAP && !c.deaf)
		client_pap();
	else if (!c.auth)
		client_ipcp_request();
}

/* LCP's Configure-Request of the network side. */
static void client_lcp_asked(uint8_t id, const uint8_t *o, size_t len)
{
	uint8_t nak[] = { 3, 5, 0, 0, 5 };

	c.auth = 0;
	for (size_t i = 0; i + 2 <= len; i += o[i + 1]) {
		if (o[i] == 3)
			c.auth = get16(o + i + 2);
		if (o[i] == 3 && o[i + 1] == 5)
			c.algorithm = o[i + 4];
	}
	if (c.auth && c.auth == c.refuse && c.want) {
		put16(nak + 2, c.want);
		nak[1] = c.want == PPP_PROTO_CHAP ? 5 : 4;
		client_send(PPP_PROTO_LCP, 3, id, nak, nak[1]);
		return;
	}
	if (c.auth && (c.refuse == 0xffff || c.auth == c.refuse)) {
		for (size_t i = 0; i + 2 <= len; i += o[i + 1]) {
			if (o[i] == 3)
				client_send(PPP_PROTO_LCP, 4, id, o + i,
					    o[i + 1]);
		}
		return;
	}
	c.lcp_acks = true;
	client_send(PPP_PROTO_LCP, 2, id, o, len);
	if (c.lcp_acked)
		client_opened();
	else if (!c.lcp_asks)
		client_lcp_request();
}

static void client_lcp(uint8_t code, uint8_t id, const uint8_t *d, size_t len)
{
	uint8_t back[1600];

	switch (code) {
	case 1:
		client_lcp_asked(id, d, len);
		break;
	case 2:
		assert_int_equal(id, c.id);
		assert_int_equal(len, c.opts_len);
		assert_memory_equal(d, c.opts, len);
		c.lcp_acked = true;
		c.lcp_asks = false;
		client_opened();
		break;
	case 3:
		for (size_t i = 0; i + 2 <= len; i += d[i + 1]) {
			if (d[i] == 1)
				c.mru = get16(d + i + 2);
			if (d[i] == 5)
				c.magic = get32(d + i + 2);
		}
		client_lcp_request();
		break;
	case 5:
		c.terminated = true;
		client_send(PPP_PROTO_LCP, 6, id, NULL, 0);
		break;
	case 9:
		if (len + 4 > 1492) {
			c.probes++;
			c.probe_len = len + 4;
			if (c.narrow)
				break;
		}
		memcpy(back, d, len);
		put32(back, c.magic);
		client_send(PPP_PROTO_LCP, 10, id, back, len);
		break;
	}
}

static void client_ipcp(uint8_t code, uint8_t id, const uint8_t *d, size_t len)
{
	switch (code) {
	case 1:
		c.ipcp_acks = true;
		client_send(PPP_PROTO_IPCP, 2, id, d, len);
		break;
	case 2:
		assert_int_equal(id, c.id);
		c.ipcp_acked = true;
		break;
	case 3:
		for (size_t i = 0; i + 2 <= len; i += d[i + 1]) {
			if (d[i] == 3)
				c.addr = get32(d + i + 2);
			if (d[i] == 129)
				c.dns[0] = get32(d + i + 2);
			if (d[i] == 131)
				c.dns[1] = get32(d + i + 2);
		}
		client_ipcp_request();
		break;
	case 4:
		for (size_t i = 0; i + 2 <= len; i += d[i + 1]) {
			if (d[i] == 129)
				c.dns[0] = UINT32_MAX;
			if (d[i] == 131)
				c.dns[1] = UINT32_MAX;
		}
		client_ipcp_request();
		break;
	}
}

static void client_ipv6cp_request(void)
{
	uint8_t o[10] = { 1, 10 };

	put32(o + 2, (uint32_t)(c.v6_id >> 32));
	put32(o + 6, (uint32_t)c.v6_id);
	c.v6_asks = true;
	client_send(PPP_PROTO_IPV6CP, 1, ++c.id, o, 10);
}

static uint64_t get64(const uint8_t *b)
{
	return (uint64_t)get32(b) << 32 | get32(b + 4);
}

static void client_ipv6cp(uint8_t code, uint8_t id, const uint8_t *d,
			  size_t len)
{
	switch (code) {
	case 1:
		assert_int_equal(len, 10);
		assert_memory_equal(d, "\x01\x0a", 2);
		c.v6_ours = get64(d + 2);
		client_send(PPP_PROTO_IPV6CP, 2, id, d, len);
		c.v6_acks = true;
		if (!c.v6_asks && !c.v6_acked)
			client_ipv6cp_request();
		break;
	case 2:
		c.v6_acked = true;
		c.v6_asks = false;
		break;
	case 3:
		c.v6_id = get64(d + 2);
		client_ipv6cp_request();
		break;
	case 5:
		client_send(PPP_PROTO_IPV6CP, 6, id, NULL, 0);
		break;
	}
}

static void client_auth(uint16_t proto, uint8_t code, uint8_t id,
			const uint8_t *d, size_t len)
{
	bool chap = proto == PPP_PROTO_CHAP;

	if (chap && code == 1) {
		assert_in_range(d[0], 1, len - 1);
		c.challenge_id = id;
		c.challenge_len = d[0];
		memcpy(c.challenge, d + 1, d[0]);
		if (!c.deaf)
			client_chap();
		return;
	}
	assert_int_equal(id, chap ? c.challenge_id : c.id);
	snprintf(c.said, sizeof(c.said), "%.*s", (int)len, (const char *)d);
	if (code == (chap ? 3 : 2)) {
		if (!c.v4_rejects && !c.authenticated)
			client_ipcp_request();
		c.authenticated = true;
	} else {
		c.refused = true;
	}
}

static void client_rx(const struct frame *f)
{
	uint16_t proto = get16(f->b);
	uint8_t code = f->b[2], id = f->b[3];
	size_t len = f->len - 6;

	assert_int_equal(get16(f->b + 4), f->len - 2);
	if ((proto == PPP_PROTO_IPV6CP && c.v6_rejects) ||
	    (proto == PPP_PROTO_IPCP && c.v4_rejects))
		client_send(PPP_PROTO_LCP, 8, ++c.id, f->b, f->len);
	else if (proto == PPP_PROTO_IPV6CP && !c.v6_silent)
		client_ipv6cp(code, id, f->b + 6, len);
	else if (proto == PPP_PROTO_IPV6CP)
		;
	else if (proto == PPP_PROTO_LCP)
		client_lcp(code, id, f->b + 6, len);
	else if (proto == PPP_PROTO_IPCP)
		client_ipcp(code, id, f->b + 6, len);
	else
		client_auth(proto, code, id, f->b + 6, len);
}

/* Delivers what the link has sent, and what that leads to. */
static void pump(void)
{
	struct frame f;

	while (w.n_out) {
		f = w.out[0];
		memmove(w.out, w.out + 1, --w.n_out * sizeof(f));
		if (c.on)
			client_rx(&f);
	}
}

static void UNUSED run_to(msec_t t)
{
	while (timers_next(&w.timers) <= t) {
		if (timers_next(&w.timers) > w.now)
			w.now = timers_next(&w.timers);
		timers_run(&w.timers, w.now);
		pump();
	}
	w.now = t;
}

static void note(char what)
{
	size_t n = strlen(w.order);

	if (n < sizeof(w.order) - 1)
		w.order[n] = what;
}

static void on_send(struct ppp_link *l, const void *frame, size_t len)
{
	assert_ptr_equal(l, w.link);
	assert_in_range(len, 6, 1502);
	w.last.len = len;
	memcpy(w.last.b, frame, len);
	w.n_sent++;
	note('s');
	if (w.n_out < 64)
		w.out[w.n_out++] = w.last;
}

static void on_auth(struct ppp_link *l, msec_t now)
{
	w.asked++;
	snprintf(l->record->auth.proof, sizeof(l->record->auth.proof), "%s",
		 w.proof);
	if (w.policy == ACCEPT)
		ppp_link_accept(l, now, &w.ip, "welcome");
	else if (w.policy == REJECT)
		ppp_link_reject(l, now, "go away");
	else if (w.policy == RELEASE)
		ppp_link_release(l);
	else if (w.policy == FINI)
		ppp_link_fini(l);
	else if (w.policy == CLOSE)
		ppp_link_close(l, now);
}

static void on_up(struct ppp_link *l, msec_t now)
{
	w.ups++;
	note('u');
	if (w.close_in_up)
		ppp_link_close(l, now);
}

static void on_changed(struct ppp_link *l)
{
	(void)l;
	w.changes++;
	note('c');
}

/* Frees it: whatever touches it after this is seen. */
static void on_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	(void)now;
	w.downs++;
	w.why = why;
	w.ncp_failed = l->ncp_failed;
	ppp_link_fini(l);
	free(l);
	w.link = NULL;
}

static const struct ppp_link_ops ops = { .send = on_send,
					 .auth = on_auth,
					 .up = on_up,
					 .changed = on_changed,
					 .down = on_down };

static void UNUSED new_link(void)
{
	w.link = malloc(sizeof(*w.link));
	ppp_link_init(w.link, &ops, &w.conf, &w.timers, &w.count, NULL);
}

static int UNUSED setup(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	memset(&c, 0, sizeof(c));
	w.now = SECONDS(5000);
	w.policy = ACCEPT;
	w.proof = "";
	w.conf = (struct ppp_conf){ .name = "bng",
				    .mru = 1442,
				    .auth = { PPP_PROTO_CHAP, PPP_PROTO_PAP },
				    .echo_interval = 30,
				    .echo_failures = 3,
				    .auth_timeout = 60,
				    .network = PPP_IPV4 };
	w.ip.v4.local = 0x64400001;
	w.ip.v4.peer = 0x64400007;
	w.ip.v4.dns[0] = 0x08080808;
	c.on = true;
	c.name = "alice@isp.example";
	c.password = "wonder";
	c.mru = 1492;
	c.magic = 0x12345678;
	new_link();
	return 0;
}

static int UNUSED teardown(void **state)
{
	(void)state;
	if (w.link) {
		ppp_link_fini(w.link);
		free(w.link);
	}
	assert_int_equal(timers_next(&w.timers), MSEC_NEVER);
	timers_free(&w.timers);
	return 0;
}

static void UNUSED start(void)
{
	ppp_link_start(w.link, w.now);
	pump();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* Of the last frame that the link sent. */
static inline uint8_t code_of_last(void)
{
	return w.last.b[2];
}

static inline uint16_t proto_of_last(void)
{
	return get16(w.last.b);
}

#endif /* TESTS_PPP_CLIENT_H */
