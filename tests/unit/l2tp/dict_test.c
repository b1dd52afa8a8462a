// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of AVPs and messages, against the RFCs' own numbers. */
#include "l2tp/dict.h"

#include "l2tp/avp.h"
#include "l2tp/same.h"
#include "l2tp/unit.h"

/* Vendor, type, M, may be hidden, whole length or 0 where it varies. */
static const struct {
	uint16_t vendor, type;
	bool m, hide;
	uint16_t len;
} rfc[] = {
	/* RFC 2661 4.4 */
	{ 0, 0, 1, 0, 8 },
	{ 0, 1, 1, 0, 0 },
	{ 0, 2, 1, 0, 8 },
	{ 0, 3, 1, 1, 10 },
	{ 0, 4, 1, 1, 10 },
	{ 0, 5, 0, 0, 14 },
	{ 0, 6, 0, 1, 8 },
	{ 0, 7, 1, 0, 0 },
	{ 0, 8, 0, 1, 0 },
	{ 0, 9, 1, 1, 8 },
	{ 0, 10, 1, 0, 8 },
	{ 0, 11, 1, 1, 0 },
	{ 0, 12, 1, 0, 0 },
	{ 0, 13, 1, 1, 22 },
	{ 0, 14, 1, 1, 8 },
	{ 0, 15, 1, 1, 10 },
	{ 0, 16, 1, 1, 10 },
	{ 0, 17, 1, 1, 10 },
	{ 0, 18, 1, 1, 10 },
	{ 0, 19, 1, 1, 10 },
	{ 0, 21, 1, 1, 0 },
	{ 0, 22, 1, 1, 0 },
	{ 0, 23, 1, 1, 0 },
	{ 0, 24, 1, 1, 10 },
	{ 0, 25, 0, 1, 10 },
	{ 0, 26, 0, 1, 0 },
	{ 0, 27, 0, 1, 0 },
	{ 0, 28, 0, 1, 0 },
	{ 0, 29, 0, 1, 8 },
	{ 0, 30, 0, 1, 0 },
	{ 0, 31, 0, 1, 0 },
	{ 0, 32, 0, 1, 8 },
	{ 0, 33, 0, 1, 0 },
	{ 0, 34, 1, 1, 32 },
	{ 0, 35, 1, 1, 16 },
	{ 0, 36, 1, 0, 0 },
	{ 0, 37, 0, 1, 0 },
	{ 0, 38, 0, 1, 10 },
	{ 0, 39, 1, 0, 6 },
	/* RFC 3145, 3308, 4951 */
	{ 0, 46, 0, 1, 0 },
	{ 0, 47, 0, 1, 8 },
	{ 0, 48, 0, 1, 8 },
	{ 0, 76, 0, 1, 12 },
	{ 0, 77, 1, 0, 16 },
	{ 0, 78, 0, 1, 12 },
	{ 0, 79, 1, 1, 16 },
	/* RFC 5515 */
	{ 0, 97, 0, 1, 18 },
	{ 0, 98, 0, 1, 6 },
	/* Cisco */
	{ 9, 100, 0, 1, 0 },
	{ 3561, 1, 0, 1, 0 },
	{ 3561, 2, 0, 1, 0 },
	{ 3561, 129, 0, 1, 14 },
	{ 3561, 130, 0, 1, 14 },
	{ 3561, 131, 0, 1, 14 },
	{ 3561, 132, 0, 1, 14 },
	{ 3561, 133, 0, 1, 14 },
	{ 3561, 134, 0, 1, 14 },
	{ 3561, 135, 0, 1, 14 },
	{ 3561, 136, 0, 1, 14 },
	{ 3561, 137, 0, 1, 14 },
	{ 3561, 138, 0, 1, 14 },
	{ 3561, 139, 0, 1, 10 },
	{ 3561, 140, 0, 1, 10 },
	{ 3561, 141, 0, 1, 10 },
	{ 3561, 142, 0, 1, 10 },
	{ 3561, 144, 0, 1, 9 },
	{ 3561, 145, 0, 1, 10 },
	{ 3561, 254, 0, 1, 10 },
};

static void avps(void **state)
{
	unsigned int n = 0;

	(void)state;
	for (size_t i = 0; i < N_OF(rfc); i++) {
		int avp = avp_find(rfc[i].vendor, rfc[i].type);
		const struct avp_info *info;

		assert_true(avp >= 0);
		info = avp_info((unsigned int)avp);
		assert_int_equal(info->vendor, rfc[i].vendor);
		assert_int_equal(info->type, rfc[i].type);
		assert_int_equal(!!(info->flags & AVP_F_M), rfc[i].m);
		assert_int_equal(!!(info->flags & AVP_F_HIDE), rfc[i].hide);
		if (rfc[i].len) {
			assert_int_equal(info->min + AVP_HLEN, rfc[i].len);
			assert_int_equal(info->max, info->min);
		} else {
			assert_true(info->max > info->min);
		}
	}
	for (unsigned int avp = 0; avp < AVP_TYPES; avp++) {
		const struct avp_info *info = avp_info(avp);

		n += !!info;
		/* However many come, there is a place for each. */
		if (info && info->kind == AVP_ITEM)
			assert_true(12 + (L2TP_ITEMS_MAX + 1) *
						    (AVP_HLEN + info->min) >
				    L2TP_MSG_MAX);
	}
	assert_int_equal(n, N_OF(rfc));
}

static void unknown(void **state)
{
	static const uint16_t no[][2] = {
		{ 0, 20 },    { 0, 40 },     { 0, 49 },	   { 0, 64 },
		{ 0, 80 },    { 0, 129 },    { 0, 65535 }, { 9, 1 },
		{ 3561, 46 }, { 3561, 128 }, { 3561, 143 }
	};

	(void)state;
	for (size_t i = 0; i < N_OF(no); i++)
		assert_int_equal(avp_find(no[i][0], no[i][1]), -1);
	assert_null(avp_info(20));
	assert_null(avp_info(AVP_TYPES));
	/* RFC 3145 6: as it was once. */
	assert_int_equal(avp_find(43, 46), AVP_CAUSE);
	assert_int_equal(avp_find(43, 1), -1);
}

/* The layout and the size of a value are the same thing; no two share a place. */
static void places(void **state)
{
	static uint8_t taken[sizeof(struct l2tp_msg)];

	(void)state;
	for (unsigned int avp = 0; avp < AVP_TYPES; avp++) {
		const struct avp_info *info = avp_info(avp);
		size_t wire = 0;

		if (!info || avp == AVP_RANDOM_VECTOR)
			continue;
		for (size_t i = 0; i < value_size(info); i++)
			assert_int_equal(taken[info->place + i]++, 0);
		for (const char *l = info->layout; l && *l; l++)
			wire += *l == 'l' ? 4 : 2;
		if (info->layout)
			assert_int_equal(wire, info->min);
		assert_int_equal(info->kind == AVP_FIELDS,
				 info->layout && info->kind != AVP_ITEM);
	}
}

/* By number, as the RFCs list them; AVP 0 and 36 go without saying. */
static const struct {
	const char *name;
	uint16_t type;
	bool session, optional, line;
	uint8_t must[8], may[12];
} messages[] = {
	{ "SCCRQ",
	  1,
	  0,
	  0,
	  0,
	  { 2, 3, 7, 9 },
	  { 4, 5, 6, 8, 10, 11, 47, 76, 77 } },
	{ "SCCRP",
	  2,
	  0,
	  0,
	  0,
	  { 2, 3, 7, 9 },
	  { 4, 6, 8, 10, 11, 13, 47, 76, 78 } },
	{ "SCCCN", 3, 0, 0, 0, { 0 }, { 13 } },
	{ "StopCCN", 4, 0, 0, 0, { 1, 9 }, { 0 } },
	{ "HELLO", 6, 0, 0, 0, { 0 }, { 0 } },
	{ "OCRQ", 7, 1, 0, 0, { 14, 15, 16, 17, 18, 19, 21 }, { 23, 48 } },
	{ "OCRP", 8, 1, 0, 0, { 14 }, { 25, 48 } },
	{ "OCCN", 9, 1, 0, 0, { 19, 24 }, { 38, 39 } },
	{ "ICRQ", 10, 1, 0, 1, { 14, 15 }, { 18, 21, 22, 23, 25, 48, 98 } },
	{ "ICRP", 11, 1, 0, 0, { 14 }, { 48 } },
	{ "ICCN",
	  12,
	  1,
	  0,
	  0,
	  { 19, 24 },
	  { 26, 27, 28, 29, 30, 31, 32, 33, 37, 38, 39 } },
	{ "CDN", 14, 1, 0, 0, { 1, 14 }, { 12, 46 } },
	{ "WEN", 15, 1, 0, 0, { 34 }, { 0 } },
	{ "SLI", 16, 1, 0, 0, { 35 }, { 0 } },
	{ "FSQ", 21, 0, 1, 0, { 79 }, { 0 } },
	{ "FSR", 22, 0, 1, 0, { 79 }, { 0 } },
	{ "CSUN", 28, 0, 1, 0, { 97 }, { 0 } },
	{ "CSURQ", 29, 0, 1, 0, { 97 }, { 0 } },
};

static uint64_t bits_of(const uint8_t *types, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n && types[i]; i++)
		bits |= L2TP_BIT(avp_find(0, types[i]));
	return bits;
}

static void rows(void **state)
{
	uint16_t type = 0;

	(void)state;
	for (size_t i = 0; i < N_OF(messages); i++) {
		for (; type < messages[i].type; type++)
			assert_int_equal(l2tp_msg_must(type), 0);
		type++;
		assert_string_equal(l2tp_msg_name(messages[i].type),
				    messages[i].name);
		assert_int_equal(l2tp_msg_must(messages[i].type),
				 bits_of(messages[i].must, 8) | 1);
		/* Cisco's has a number of its own vendor's. */
		assert_int_equal(l2tp_msg_may(messages[i].type) &
					 ~L2TP_BIT(AVP_NAS_PORT),
				 bits_of(messages[i].may, 12));
		assert_int_equal(l2tp_msg_takes(messages[i].type, AVP_NAS_PORT),
				 messages[i].type == L2TP_ICRQ);
		assert_int_equal(l2tp_msg_of_session(messages[i].type),
				 messages[i].session);
		assert_int_equal(l2tp_msg_optional(messages[i].type),
				 messages[i].optional);
		for (unsigned int avp = AVP_LINE; avp < AVP_TYPES; avp++)
			assert_int_equal(l2tp_msg_takes(messages[i].type, avp),
					 messages[i].line);
	}
	assert_int_equal(type, L2TP_MSG_TYPES);
	assert_int_equal(l2tp_msg_must(type), 0);
	assert_int_equal(l2tp_msg_must(65535), 0);
	assert_string_equal(l2tp_msg_name(5), "message");
	assert_string_equal(l2tp_msg_name(L2TP_ZLB), "ZLB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(avps),
		cmocka_unit_test(unknown),
		cmocka_unit_test(places),
		cmocka_unit_test(rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
