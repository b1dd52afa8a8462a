// SPDX-License-Identifier: GPL-2.0-or-later
/* Discovery: frames that are not for us, not whole, or not meant well. */
#include "pppoe/port.h"

static void silence(void **state)
{
	(void)state;
	padi("");
	out.n = 0;
	padr("", &alice, false); /* broadcast */
	assert_int_equal(d.count.rx_unexpected, 1);
	frame(PADT, 5);
	send_frame(&alice, false);
	frame(PADO, 0); /* of another concentrator */
	send_frame(&alice, false);
	frame(PADS, 5);
	send_frame(&alice, true);
	frame(0, 5);
	send_frame(&alice, true);
	assert_int_equal(d.count.rx_unexpected, 5);
	no_port = true;
	padi("");
	padr("", &alice, true);
	assert_int_equal(d.count.rx_no_port, 2);
	assert_int_equal(out.n, 0);
	assert_int_equal(endings, 0);
}

static void malformed(void **state)
{
	static uint8_t big[1500];

	(void)state;
	frame(PADI, 0); /* no Service-Name */
	send_frame(&alice, false);
	frame(PADI, 1); /* a session */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	send_frame(&alice, false);
	frame(PADT, 0);
	send_frame(&alice, true);
	frame(PADI, 0); /* too long */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_HOST_UNIQ, big, 1484 - 6 - 8 + 1);
	send_frame(&alice, false);
	frame(PADI, 0); /* its answer would not fit */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_HOST_UNIQ, big, 1484 - 6 - 8);
	send_frame(&alice, false);
	frame(PADI, 0); /* a tag longer than the frame */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	wr_u32(&w, 0x01030005);
	send_frame(&alice, false);
	buf[0] = 0x21;
	give_from(&alice, false, buf, 12);
	assert_int_equal(d.count.rx_malformed, 6);
	assert_int_equal(d.count.rx_oversized, 1);
	assert_int_equal(out.n, 0);
}

static void end_of_list_and_padding(void **state)
{
	(void)state;
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_SERVICE_NAME, "second", 6);
	tag(PPPOE_TAG_END, NULL, 0);
	wr_u32(&w, 0x0103ffff); /* rubbish behind the end */
	send_frame(&alice, false);
	assert_int_equal(out.n, 1);
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, ""));
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	wr_patch_u16(&w, 4, 4);
	memset(w.p, 0xff, 36); /* Ethernet's padding */
	give_from(&alice, false, buf, 46);
	assert_int_equal(out.n, 2);
}

static void more_services_than_fit(void **state)
{
	static const char *many[200];
	static char name[200][20];

	(void)state;
	for (int i = 0; i < 199; i++) {
		snprintf(name[i], sizeof(name[i]), "service-%d", i);
		many[i] = name[i];
	}
	port.services = many;
	padi("");
	assert_int_equal(out.n, 1);
	assert_true(out.len > 1400);
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 1, "service-0"));
}

static void another_concentrators(void **state)
{
	(void)state;
	padi("");
	out.n = 0;
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_AC_NAME, "bng2", 4);
	send_frame(&alice, false);
	frame(PADR, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
	tag(PPPOE_TAG_AC_NAME, "bng", 3);
	send_frame(&alice, true);
	assert_int_equal(d.count.rx_other_ac, 2);
	assert_int_equal(out.n, 0);
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_AC_NAME, "bng1", 4);
	send_frame(&alice, false);
	frame(PADI, 0); /* an empty one chooses nobody */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_AC_NAME, "", 0);
	send_frame(&alice, false);
	assert_int_equal(out.n, 2);
}

static void padt_of_nobody(void **state)
{
	(void)state;
	frame(PADT, 0x1234);
	send_frame(&alice, true);
	frame(PADT, 0x1235);
	send_frame(&alice, true);
	assert_int_equal(d.count.rx_padt, 2);
	assert_int_equal(d.count.rx_unknown_session, 1);
}

static void hostile(void **state)
{
	static uint8_t seeds[3][200];
	size_t len[3];

	(void)state;
	port.services = services;
	padi("voice");
	memcpy(seeds[0], buf, len[0] = wr_len(&w));
	padr("voice", &alice, true);
	memcpy(seeds[1], buf, len[1] = wr_len(&w));
	frame(PADT, 0x1234);
	memcpy(seeds[2], buf, len[2] = wr_len(&w));
	for (int s = 0; s < 3; s++) {
		for (size_t n = 0; n <= len[s]; n++)
			give_from(&alice, true, seeds[s], n);
	}
	assert_int_equal(sessions, 2); /* only the whole one */
	srand(2516);
	for (int i = 0; i < 150000; i++) {
		int s = rand() % 3;
		size_t n = len[s];

		memcpy(buf, seeds[s], n);
		for (int k = rand() % 4; k >= 0; k--)
			buf[(size_t)rand() % n] =
				(uint8_t)(rand() % 3 ? rand() : rand() % 8);
		if (rand() % 4 == 0)
			n = (size_t)rand() % (n + 1);
		give_from(&alice, rand() % 2, buf, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(silence),
		TEST(malformed),
		TEST(end_of_list_and_padding),
		TEST(more_services_than_fit),
		TEST(another_concentrators),
		TEST(padt_of_nobody),
		TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
