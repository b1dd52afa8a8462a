// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hostile frames: real ones cut at every byte, and changed at random with a fixed
 * seed, into links of every phase, while time passes. Nothing may break, and the
 * link must answer within the size of a frame; client.h checks both.
 */
#include "client.h"

static struct frame seeds[64];
static size_t n_seeds;

static void seed(const void *b, size_t len)
{
	struct frame *f = &seeds[n_seeds++];

	assert_true(n_seeds <= 64);
	f->len = len;
	memcpy(f->b, b, len);
}

#define SEED(bytes) seed(bytes, sizeof(bytes) - 1)

static int make_seeds(void **state)
{
	(void)state;
	SEED("\xc0\x21\x01\x01\x00\x0e\x01\x04\x05\xd4\x05\x06\x12\x34\x56\x78");
	SEED("\xc0\x21\x02\x01\x00\x13\x01\x04\x05\xa2\x03\x05\xc2\x23\x05\x05"
	     "\x06\x01\x02\x03\x04");
	SEED("\xc0\x21\x03\x01\x00\x09\x03\x04\xc0\x23\x00");
	SEED("\xc0\x21\x03\x01\x00\x08\x01\x04\x04\x00");
	SEED("\xc0\x21\x04\x01\x00\x09\x03\x05\xc2\x23\x05");
	SEED("\xc0\x21\x05\x01\x00\x04");
	SEED("\xc0\x21\x06\x01\x00\x04");
	SEED("\xc0\x21\x07\x01\x00\x08\x09\x01\x00\x04");
	SEED("\xc0\x21\x08\x01\x00\x0a\x80\x21\x01\x01\x00\x04");
	SEED("\xc0\x21\x09\x01\x00\x0c\x01\x02\x03\x04_abc");
	SEED("\xc0\x21\x0a\x01\x00\x08\x01\x02\x03\x04");
	SEED("\xc0\x23\x01\x01\x00\x11\x05"
	     "alice\x06wonder");
	SEED("\xc2\x23\x02\x01\x00\x1a\x10"
	     "0123456789abcdef"
	     "alice");
	SEED("\x80\x21\x01\x01\x00\x16\x03\x06\x00\x00\x00\x00\x81\x06\x00\x00"
	     "\x00\x00\x83\x06\x00\x00\x00\x00");
	SEED("\x80\x21\x02\x01\x00\x0a\x03\x06\x64\x40\x00\x01");
	SEED("\x80\x21\x03\x01\x00\x0a\x03\x06\x0a\x00\x00\x01");
	SEED("\x80\x21\x05\x01\x00\x04");
	SEED("\x80\x57\x01\x01\x00\x0e\x01\x0a\x01\x02\x03\x04\x05\x06\x07\x08");
	SEED("\x80\xfd\x01\x01\x00\x04");
	SEED("\x21\x45\x00\x00\x14");
	SEED("\x00\x57\x60\x00");
	return 0;
}

/* A new link in some phase; LATER leaves it in that of authentication. */
static void another_link(int kind)
{
	if (w.link) {
		ppp_link_fini(w.link);
		free(w.link);
	}
	w.n_out = 0;
	c.on = true;
	c.lcp_asks = c.lcp_acked = c.lcp_acks = false;
	c.mru = 1492;
	c.magic = 0x12345678;
	c.addr = c.dns[0] = c.dns[1] = 0;
	w.policy = kind % 4 == 1 ? LATER : kind % 4 == 2 ? REJECT : ACCEPT;
	w.conf.auth[0] = kind & 4 ? PPP_PROTO_PAP : PPP_PROTO_CHAP;
	w.conf.auth[1] = 0;
	c.on = kind % 4 != 3;
	new_link();
	start();
	if (!w.link)
		new_link();
	c.on = false;
}

static void cut_at_every_byte(void **state)
{
	(void)state;
	for (int kind = 0; kind < 8; kind++) {
		for (size_t s = 0; s < n_seeds; s++) {
			for (size_t n = 0; n <= seeds[s].len; n++) {
				another_link(kind);
				give(seeds[s].b, n);
				w.n_out = 0;
			}
		}
	}
}

/* Ids that fit are what gets deep. */
static void mutate(struct frame *f)
{
	int n = rand() % 4;

	*f = seeds[(size_t)rand() % n_seeds];
	if (rand() % 2)
		f->b[3] = rand() % 2 ? w.last.b[3] : (uint8_t)rand();
	while (n--) {
		size_t at = (size_t)rand() % f->len;

		switch (rand() % 5) {
		case 0:
			f->b[at] = (uint8_t)rand();
			break;
		case 1:
			f->b[at] ^= (uint8_t)(1 << rand() % 8);
			break;
		case 2:
			f->len = at + 1;
			break;
		case 3:
			f->len += (size_t)rand() % 300;
			break;
		case 4:
			f->b[at] = rand() % 2 ? 0xff : 0;
			break;
		}
	}
	/* Mostly with a length that is right. */
	if (f->len >= 6 && rand() % 4)
		put16(f->b + 4, (uint16_t)(f->len - 2));
}

/* What the link says, sometimes, comes back acknowledged. */
static void agree(void)
{
	struct frame f = w.last;

	if (f.b[2] != 1 || (f.b[0] & 0xf0) == 0xc0)
		return;
	f.b[2] = 2;
	give(f.b, f.len);
}

static void changed_at_random(void **state)
{
	struct frame f;

	(void)state;
	srand(20661);
	for (int i = 0; i < 150000; i++) {
		if (!w.link || i % 50 == 0)
			another_link(i / 50);
		mutate(&f);
		give(f.b, f.len);
		if (w.link && rand() % 4 == 0)
			agree();
		if (w.link && rand() % 8 == 0)
			run_to(w.now + rand() % 5000);
		if (w.link && rand() % 64 == 0)
			ppp_link_accept(w.link, w.now, &w.ip, "x");
		w.n_out = 0;
	}
}

/* As long as the carrier allows, and longer than we can quote. */
static void long_frames(void **state)
{
	static uint8_t b[1502] = { 0x80, 0xfd };

	(void)state;
	w.conf.mru = 1492;
	another_link(0);
	assert_int_equal(w.link->phase, PPP_UP);
	give(b, sizeof(b));
	assert_int_equal(w.last.b[2], 8);
	assert_int_equal(w.last.len, 2 + 1492);
	client_send(PPP_PROTO_LCP, 9, 1, b, 1490);
	assert_int_equal(w.last.b[2], 10);
	assert_true(w.last.len <= 2 + 1492);
	client_send(PPP_PROTO_LCP, 99, 1, b, 1490);
	assert_int_equal(w.last.b[2], 7);
	assert_int_equal(w.last.len, 2 + 1492);
	memset(b, 2, sizeof(b));
	client_send(PPP_PROTO_LCP, 1, 1, b, 256);
	client_send(PPP_PROTO_LCP, 1, 1, b, 258);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cut_at_every_byte),
		TEST(changed_at_random),
		TEST(long_frames),
	};

	return cmocka_run_group_tests(tests, make_seeds, NULL);
}
