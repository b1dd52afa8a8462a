// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A router under any packets: the first byte chooses what the subscriber has, then
 * come packets, each a byte of what is mended, two of length, and its bytes. Mended
 * are the header and the checksum, so that what lies behind them is reached.
 */
#include "ppp/router.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct dhcp6_duid duid = { 6, { 0, 2, 0, 0, 1, 1 } };
static bool changed;

static uint32_t fold(const uint8_t *ip, size_t len)
{
	uint32_t s = ip[6] + (uint32_t)len - 40;

	for (size_t i = 8; i < len; i++)
		s += i % 2 ? ip[i] : (uint32_t)ip[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

/* Whatever comes in, what goes out is right. */
static void on_send(struct router *r, const void *frame, size_t len)
{
	const uint8_t *b = frame;

	if (len < 50 || len - 2 > r->v.mtu || b[0] || b[1] != 0x57 ||
	    (size_t)(b[6] << 8 | b[7]) != len - 42 ||
	    fold(b + 2, len - 2) != 0xffff)
		abort();
}

static void on_changed(struct router *r)
{
	if (r->lease.client.len > DHCP6_DUID_MAX)
		abort();
	changed = true;
}

static const struct router_ops ops = { .send = on_send, .changed = on_changed };

static struct addr v6(const char *text)
{
	struct addr a;

	if (addr_parse(text, &a))
		abort();
	return a;
}

static void have(struct router *r, uint8_t what)
{
	struct router_values v = { .mtu = what & 16 ? 1280 : 1500 };

	if (what & 1)
		v.prefix =
			(struct nd_prefix){ v6("2001:db8::"), 64, true, 0, 0 };
	if (what & 2)
		v.lent[DHCP6_NA] =
			(struct dhcp6_lent){ v6("2001:db8::7"), 128 };
	if (what & 4)
		v.lent[DHCP6_PD] =
			(struct dhcp6_lent){ v6("2001:db8:5600::"), 56 };
	if (what & 8)
		v.dns[0] = v6("2001:db8::53");
	router_set(r, &v);
}

/* What a packet to us is like: 1: ICMPv6, 2: DHCPv6 to all servers. */
static void mend(const struct router *r, uint8_t how, uint8_t *b, size_t len)
{
	size_t at = how & 2 ? 46 : 42;
	uint32_t s;

	if (!(how & 3) || len < 48)
		return;
	b[0] = 0x60;
	b[4] = (uint8_t)((len - 40) >> 8);
	b[5] = (uint8_t)(len - 40);
	b[6] = how & 2 ? 17 : 58;
	b[7] = 255;
	memcpy(b + 8, how & 4 ? v6("::").b : v6("fe80::9").b, 16);
	memcpy(b + 24, how & 2 ? v6("ff02::1:2").b : r->self.b, 16);
	if (how & 2) {
		memcpy(b + 40, "\x02\x22\x02\x23", 4);
		b[44] = b[4];
		b[45] = b[5];
	}
	b[at] = b[at + 1] = 0;
	s = ~fold(b, len);
	b[at] = (uint8_t)(s >> 8);
	b[at + 1] = (uint8_t)s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct router_conf conf = { 600, 1800, 86400, 14400 };
	static struct router_counters count;
	struct timers timers = { 0 };
	struct rd in = rd_make(data, size);
	msec_t now = SECONDS(1000);
	struct router r;

	router_init(&r, &ops, &conf, &duid, &timers, &count, NULL);
	have(&r, rd_u8(&in));
	router_up(&r, now, 1);
	while (rd_left(&in)) {
		uint8_t how = rd_u8(&in);
		struct rd p = rd_sub(&in, rd_u16(&in));
		size_t len = rd_left(&p);
		uint8_t *copy = malloc(len + !len);

		if (!copy)
			abort();
		rd_copy(&p, copy, len);
		mend(&r, how, copy, len);
		router_input(&r, now, copy, len);
		free(copy);
		now += how >> 3 << 10;
		timers_run(&timers, now);
	}
	router_leave(&r);
	if (timers_next(&timers) != MSEC_NEVER)
		abort();
	timers_free(&timers);
	return 0;
}
