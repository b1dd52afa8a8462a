/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port that clients discover: what they send, and what it said and did. */
#ifndef ADIT_TESTS_UNIT_PPPOE_PORT_H
#define ADIT_TESTS_UNIT_PPPOE_PORT_H

#include "pppoe/disc.h"

#include "pppoe/tag.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define PADI 0x09
#define PADO 0x07
#define PADR 0x19
#define PADS 0x65
#define PADT 0xa7

static const struct pppoe_client alice = { .ifindex = 3,
					   .vlan_outer = 100,
					   .vlan_inner = 7,
					   .mac = { 2, 0, 0, 0, 0, 1 } };
static const char *const services[] = { "internet", "voice", NULL };
static struct pppoe_conf port;

static struct timers timers;
static msec_t now;
static struct pppoe_disc d;
static struct {
	uint8_t b[1600];
	size_t len;
	int n;
} out;
static char order[16];
static char service[200];
static struct pppoe_request got; /* its line is in got_line */
static struct line got_line;
static uint16_t sid_to_give;
static int sessions, startings, endings;
static uint16_t ended_sid;
static bool no_port;

static inline bool on_port(struct pppoe_disc *disc,
			   const struct pppoe_client *from,
			   struct pppoe_conf *conf)
{
	(void)disc, (void)from;
	*conf = port;
	return !no_port;
}

static inline void on_send(struct pppoe_disc *disc,
			   const struct pppoe_client *to, const void *frame,
			   size_t len)
{
	(void)disc;
	assert_memory_equal(to->mac, alice.mac, 6);
	assert_in_range(len, 6, 1500);
	memcpy(out.b, frame, len);
	out.len = len;
	out.n++;
	assert_int_equal(out.b[0], 0x11);
	assert_int_equal(out.b[4] << 8 | out.b[5], len - 6);
	if (strlen(order) < 15)
		strcat(order, "s");
}

static inline uint16_t on_session(struct pppoe_disc *disc,
				  const struct pppoe_client *from,
				  struct pppoe_request *r, msec_t at)
{
	(void)disc, (void)from, (void)at;
	sessions++;
	snprintf(service, sizeof(service), "%s", r->service);
	r->refused = "no room";
	got = *r;
	if (r->line)
		got_line = *r->line;
	if (strlen(order) < 15)
		strcat(order, "+");
	return sid_to_give;
}

static inline void on_started(struct pppoe_disc *disc,
			      const struct pppoe_client *from, uint16_t sid,
			      msec_t at)
{
	(void)disc, (void)from, (void)at;
	assert_int_equal(sid, sid_to_give);
	startings++;
	if (strlen(order) < 15)
		strcat(order, "!");
}

static inline bool on_ended(struct pppoe_disc *disc,
			    const struct pppoe_client *from, uint16_t sid,
			    msec_t at)
{
	(void)disc, (void)from, (void)at;
	endings++;
	ended_sid = sid;
	return sid == sid_to_give;
}

static const struct pppoe_disc_ops ops = { .port = on_port,
					   .send = on_send,
					   .session = on_session,
					   .started = on_started,
					   .ended = on_ended };

static inline int setup(void **state)
{
	(void)state;
	memset(&out, 0, sizeof(out));
	*order = '\0';
	sessions = startings = endings = 0;
	sid_to_give = 0x1234;
	no_port = false;
	memset(&got, 0, sizeof(got));
	memset(&got_line, 0, sizeof(got_line));
	port = (struct pppoe_conf){ .ac_name = "bng1", .line = true };
	now = SECONDS(1000);
	pppoe_disc_init(&d, &ops, &timers, NULL);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	pppoe_disc_free(&d);
	timers_free(&timers);
	memset(&timers, 0, sizeof(timers));
	return 0;
}

static inline void give_from(const struct pppoe_client *from, bool to_us,
			     const void *frame, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, frame, len);
	pppoe_disc_input(&d, now, from, to_us, copy, len);
	free(copy);
}

/* A frame being made. */
static uint8_t buf[1600];
static struct wr w;

static inline void frame(uint8_t code, uint16_t sid)
{
	w = wr_make(buf, sizeof(buf));
	wr_u8(&w, 0x11);
	wr_u8(&w, code);
	wr_u16(&w, sid);
	wr_u16(&w, 0);
}

static inline void tag(uint16_t type, const void *b, size_t len)
{
	pppoe_tag_put(&w, type, b, len);
}

static inline void send_frame(const struct pppoe_client *from, bool to_us)
{
	wr_patch_u16(&w, 4, (uint16_t)(wr_len(&w) - 6));
	give_from(from, to_us, buf, wr_len(&w));
}

/* The nth tag of a type in what was sent; NULL: none. */
static inline const uint8_t *sent(uint16_t type, int nth, size_t *len)
{
	struct rd r = rd_make(out.b + 6, out.len - 6);

	while (rd_left(&r)) {
		uint16_t t = rd_u16(&r);
		const uint8_t *b;

		*len = rd_u16(&r);
		b = rd_bytes(&r, *len);
		assert_false(r.err);
		if (t == type && !nth--)
			return b;
	}
	return NULL;
}

static inline bool sent_is(uint16_t type, int nth, const char *want)
{
	size_t len;
	const uint8_t *b = sent(type, nth, &len);

	return b && len == strlen(want) && !memcmp(b, want, len);
}

static uint8_t cookie[16];

static inline void padi(const char *name)
{
	size_t len;
	const uint8_t *b;

	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, name, strlen(name));
	tag(PPPOE_TAG_HOST_UNIQ, "uniq", 4);
	tag(PPPOE_TAG_RELAY_SESSION_ID, "relay", 5);
	tag(0x0120, "\x05\xdc", 2); /* RFC 4638 */
	send_frame(&alice, false);
	b = out.len ? sent(PPPOE_TAG_AC_COOKIE, 0, &len) : NULL;
	if (b) {
		assert_int_equal(len, 16);
		memcpy(cookie, b, 16);
	}
}

static inline void padr(const char *name, const struct pppoe_client *from,
			bool to_us)
{
	frame(PADR, 0);
	tag(PPPOE_TAG_SERVICE_NAME, name, strlen(name));
	tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
	tag(PPPOE_TAG_HOST_UNIQ, "uniq2", 5);
	send_frame(from, to_us);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
