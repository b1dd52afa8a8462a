// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every message that we can make, with all that it may have, clear and hidden, as
 * somebody else's dissector sees it: tshark takes it for what it is and complains of
 * nothing but values that it does not take apart.
 */
#include "l2tp/codec.h"

#include "adit/wire.h"
#include "l2tp/avp.h"
#include "l2tp/full.h"
#include "l2tp/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPTURE_RAW_IP 101 /* LINKTYPE_RAW */
#define IP_HLEN 20
#define UDP_HLEN 8

static char path[] = "/tmp/dissect.XXXXXX";

/* What a line of tshark's must be. */
static struct {
	uint16_t type; /* L2TP_ZLB: none */
	unsigned int avps;
	unsigned int foreign;
} expected[64];

static unsigned int n_expected;

/* tshark 4.0 knows of these that there are such, and says so. */
static bool is_foreign(const struct avp *a)
{
	static const uint16_t types[] = { 47, 48, 76, 77, 78, 79 };

	for (size_t i = 0; i < N_OF(types); i++)
		if (!a->vendor && !a->hidden && a->type == types[i])
			return true;
	return a->vendor == L2TP_VENDOR_CISCO && !a->hidden;
}

static uint16_t checksum(const uint8_t *b, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void le32(FILE *f, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		fputc((int)(v >> 8 * i & 255), f);
}

static void capture_head(FILE *f)
{
	le32(f, 0xa1b2c3d4);
	le32(f, 4 << 16 | 2); /* version 2.4 */
	le32(f, 0);
	le32(f, 0);
	le32(f, 65535);
	le32(f, CAPTURE_RAW_IP);
}

/* One datagram from port 1701 to port 1701, the UDP checksum left out. */
static void capture(FILE *f, const uint8_t *msg, size_t len)
{
	uint8_t b[IP_HLEN + UDP_HLEN + L2TP_MSG_MAX];
	struct wr w = wr_make(b, sizeof(b));

	wr_u16(&w, 0x4500);
	wr_u16(&w, (uint16_t)(IP_HLEN + UDP_HLEN + len));
	wr_u32(&w, 0);
	wr_u32(&w, 64 << 24 | 17 << 16);
	wr_u32(&w, 0xc0000201);
	wr_u32(&w, 0xc0000202);
	wr_patch_u16(&w, 10, checksum(b, IP_HLEN));
	wr_u16(&w, 1701);
	wr_u16(&w, 1701);
	wr_u16(&w, (uint16_t)(UDP_HLEN + len));
	wr_u16(&w, 0);
	wr_bytes(&w, msg, len);
	assert_false(w.err);
	le32(f, 0);
	le32(f, 0);
	le32(f, (uint32_t)wr_len(&w));
	le32(f, (uint32_t)wr_len(&w));
	fwrite(b, 1, wr_len(&w), f);
}

static void one(FILE *f, const struct l2tp_msg *m, const char *secret)
{
	uint8_t b[L2TP_MSG_MAX];
	size_t len = l2tp_msg_encode(m, secret, b, sizeof(b));
	struct rd r = rd_make(b + L2TP_CONTROL_HLEN, len - L2TP_CONTROL_HLEN);
	unsigned int n = n_expected++;
	struct avp a;

	assert_true(len >= L2TP_CONTROL_HLEN);
	assert_true(n < N_OF(expected));
	expected[n].type = m->type;
	while (avp_next(&r, &a)) {
		expected[n].avps++;
		expected[n].foreign += is_foreign(&a);
	}
	capture(f, b, len);
}

static void write_all(FILE *f)
{
	static const struct l2tp_msg zlb = { .tunnel_id = 1, .ns = 2, .nr = 3 };
	struct l2tp_msg m;

	capture_head(f);
	one(f, &zlb, NULL);
	for (size_t i = 0; i < N_OF(full_types); i++) {
		for (int kind = 0; kind < 3; kind++) {
			full_msg(&m, full_types[i]);
			m.hide = kind == 2;
			one(f, &m, kind ? "sesame" : NULL);
		}
	}
}

/* "1,1,1" has three. */
static unsigned int fields(const char *text)
{
	unsigned int n = *text ? 1 : 0;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

/* A line of tshark's about message n: type, AVPs, complaints, malformed. */
static void check(unsigned int n, char *line)
{
	static const char foreign[] = "Vendor-Specific AVP data";
	char *types = strsep(&line, "|"), *avps = strsep(&line, "|");
	char *complaints = strsep(&line, "|"), *rest = complaints, *one;

	print_message("%s: %u AVPs %s\n", l2tp_msg_name(expected[n].type),
		      fields(avps), complaints);
	assert_int_equal(atoi(types), expected[n].type);
	assert_int_equal(fields(avps), expected[n].avps);
	assert_int_equal(fields(complaints), expected[n].foreign);
	while (*complaints && (one = strsep(&rest, ",")))
		assert_string_equal(one, foreign);
	assert_string_equal(line, "");
}

static void dissected(void **state)
{
	char command[512], line[4096];
	unsigned int n = 0;
	FILE *f;

	(void)state;
	f = fdopen(mkstemp(path), "w");
	assert_non_null(f);
	write_all(f);
	assert_int_equal(fclose(f), 0);
	snprintf(command, sizeof(command),
		 "tshark -n -r %s -T fields -E separator='|' "
		 "-e l2tp.avp.message_type -e l2tp.avp.length "
		 "-e _ws.expert.message -e _ws.malformed 2>&1",
		 path);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		if (!strchr(line, '|')) /* that it runs as root, say */
			continue;
		assert_true(n < n_expected);
		check(n++, line);
	}
	assert_int_equal(pclose(f), 0);
	assert_int_equal(n, n_expected);
}

static int remove_capture(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dissected),
	};

	return cmocka_run_group_tests(tests, NULL, remove_capture);
}
