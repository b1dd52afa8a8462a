// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an accounting spool may hold, under any bytes: what is taken is written again
 * as it was, and makes a request that is well-formed.
 */
#include "aaa/radius_acct.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define check(cond)              \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

/* Every second attribute is left out, and one is added. */
static const struct radius_extra extra = {
	.out = { 0xaaaaaaaa, 0xaaaaaaaa, 0xaaaaaaaa, 0xaaaaaaaa, 0xaaaaaaaa,
		 0xaaaaaaaa, 0xaaaaaaaa, 0xaaaaaaaa },
	.out_of = { { 3561, 1 }, { 0, 0 } },
	.n_out_of = 2,
	.bytes = { 78, 3, 'x' },
	.len = 3,
};

static void send_it(const struct acct_event *e, const struct radius_extra *x)
{
	static uint8_t packet[RADIUS_PACKET_MAX];
	const struct radius_nas nas = { .identifier = "nas", .extra = x };
	size_t len = radius_acct_write(e, &nas, "secret", 1, 5, packet);

	check(len >= RADIUS_HLEN);
	check(packet[2] << 8 == (len & 0xff00) && packet[3] == (len & 0xff));
	for (size_t i = RADIUS_HLEN; i < len; i += packet[i + 1])
		check(packet[i + 1] >= 3 && packet[i + 1] <= len - i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[ACCT_RECORD_MAX];
	struct wr w = wr_make(again, sizeof(again));
	struct rd r = rd_make(data, size);
	static struct acct_event e;

	if (radius_acct_load(&e, &r))
		return 0;
	check(!e.group[ACCT_GROUP_MAX]);
	radius_acct_save(&e, &w);
	check(!w.err && wr_len(&w) == size && !memcmp(again, data, size));
	send_it(&e, NULL);
	send_it(&e, &extra);
	return 0;
}
