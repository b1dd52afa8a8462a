// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests of RFC 5176 under any bytes, and under any attributes that are signed as
 * they should be. The first byte chooses: Disconnect or CoA, whether the input is the
 * packet or only its attributes, whether it comes twice. What it says is for an LNS that
 * has no subscriber: nobody is found, and nothing is done.
 */
#include "aaa/radius_dae.h"

#include "base/crypt.h"
#include "bng/coa.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char name[] = "one", secret[] = "secret";
static const struct dae_client_conf conf = { .name = name,
					     .secret = secret,
					     .net = { .family = AF_INET },
					     .rate = 100000,
					     .window = 300,
					     .disconnect = true,
					     .coa = true };
static unsigned int n_done;

static int send_reply(struct radius_dae *d, unsigned int listener,
		      const struct addr_port *to, const void *data, size_t len)
{
	const uint8_t *b = data;

	(void)d, (void)listener, (void)to;
	if (len < 38 || (size_t)(b[2] << 8 | b[3]) != len)
		abort();
	return 0;
}

static struct box box;

static void open_box(void)
{
	static char hostname[] = "lns";
	static struct conf_dae listener = {
		.local.addr.family = AF_INET,
		.several = CONF_SEVERAL_ALL,
	};
	static struct conf conf_of_box = { .hostname = hostname };

	STAILQ_INIT(&conf_of_box.daes);
	STAILQ_INIT(&conf_of_box.radius_servers);
	STAILQ_INIT(&conf_of_box.policies);
	STAILQ_INSERT_TAIL(&conf_of_box.daes, &listener, next);
	box.conf = &conf_of_box;
	names_init(&box.names);
	hash_init(&box.let_in);
}

static enum dae_cause act(struct radius_dae *d, msec_t now,
			  const struct dae_request *r)
{
	enum dae_cause cause = coa_act(&box, now, r);

	(void)d;
	n_done++;
	if (cause == DAE_DONE)
		abort();
	return cause;
}

static void sign(uint8_t *b, size_t len, uint8_t code)
{
	struct crypt_part parts[] = { { b, len }, { secret, 6 } };

	b[0] = code;
	b[2] = (uint8_t)(len >> 8);
	b[3] = (uint8_t)len;
	crypt_md5(b + 4, parts, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct radius_dae dae;
	static struct dae_time t = { .wall = 1800000000 };
	struct addr_port from = { .addr = addr_v4(0xc0000207), .port = 9 };
	size_t head;
	uint8_t *b;

	if (!size || size > RADIUS_PACKET_MAX + 100)
		return 0;
	if (!dae.clients) {
		if (radius_dae_init(&dae, 1))
			abort();
		open_box();
		dae.send = send_reply;
		dae.act = act;
		radius_dae_add(&dae, 0, &conf, 0);
	}
	head = data[0] & 8 ? RADIUS_HLEN : 0;
	b = calloc(1, head + size);
	if (!b)
		abort();
	memcpy(b + head, data + 1, size - 1);
	if (head)
		sign(b, head + size - 1, data[0] & 1 ? 40 : 43);
	t.now += 100;
	for (int i = 0; i <= (data[0] >> 4 & 1); i++) {
		unsigned int before = n_done;

		radius_dae_input(&dae, &t, 0, &from, b, head + size - 1);
		if (i && n_done != before)
			abort();
	}
	free(b);
	return 0;
}
