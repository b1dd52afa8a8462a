// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The MSS of any packet. What is found lies in the packet and behind an option's
 * head, and stays there when it is overwritten; a TCP header as such as well.
 */
#include "adit/mss_parse.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(uint8_t *tcp, unsigned int len)
{
	unsigned int at = mss_value_at(tcp, len);

	if (!at)
		return;
	if (at < MSS_TCP_HLEN + 2 || at + 2 > len ||
	    at + 2 > (tcp[12] >> 4) * 4U || tcp[at - 2] != 2 ||
	    tcp[at - 1] != 4 || !(tcp[MSS_TCP_FLAGS] & MSS_TCP_SYN))
		abort();
	tcp[at] = tcp[at + 1] = 0xff;
	if (mss_value_at(tcp, len) != at)
		abort();
}

/* A copy of its own, so that a byte too far is seen. */
static uint8_t *copy(const uint8_t *data, size_t size)
{
	uint8_t *p = malloc(size ? size : 1);

	if (!p)
		abort();
	memcpy(p, data, size);
	return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *p = copy(data, size);
	unsigned int at = mss_tcp_at(p, (unsigned int)size);

	if (at && (at < 20 || at > 60))
		abort();
	if (at && at <= size)
		check(p + at, (unsigned int)size - at);
	free(p);
	p = copy(data, size);
	check(p, (unsigned int)size);
	free(p);
	return 0;
}
