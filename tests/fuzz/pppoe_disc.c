// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PPPoE discovery under any frame. The first byte chooses the port; a cookie tag
 * is made good if it asks for that, so that what lies behind it is reached.
 */
#include "base/crypt.h"
#include "pppoe/disc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const services[] = { "internet", "voice", NULL };
static struct pppoe_conf port = { .ac_name = "bng1",
				  .max_payload = 1500,
				  .line = true };
static uint16_t sid;
static uint8_t cookie[16];

static bool on_port(struct pppoe_disc *d, const struct pppoe_client *from,
		    struct pppoe_conf *out)
{
	(void)d, (void)from;
	*out = port;
	return true;
}

static void on_send(struct pppoe_disc *d, const struct pppoe_client *to,
		    const void *frame, size_t len)
{
	const uint8_t *b = frame;

	(void)d, (void)to;
	if (len < 6 || len > 1500 || (size_t)(b[4] << 8 | b[5]) != len - 6)
		abort();
	/* PADO's second tag, behind "bng1" */
	if (b[1] == 0x07)
		memcpy(cookie, b + 6 + 8 + 4, 16);
}

static uint16_t on_session(struct pppoe_disc *d, const struct pppoe_client *c,
			   struct pppoe_request *r, msec_t now)
{
	(void)d, (void)c, (void)now;
	if (strlen(r->service) > 128 || r->max_payload < 1492 ||
	    r->max_payload > 1500 || (r->line && r->line->circuit.len > 63))
		abort();
	r->refused = "no";
	return sid;
}

static void on_sid(struct pppoe_disc *d, const struct pppoe_client *c,
		   uint16_t id, msec_t now)
{
	(void)d, (void)c, (void)now;
	if (!id)
		abort();
}

static bool on_end(struct pppoe_disc *d, const struct pppoe_client *c,
		   uint16_t id, msec_t now)
{
	on_sid(d, c, id, now);
	return true;
}

static const struct pppoe_disc_ops ops = { .port = on_port,
					   .send = on_send,
					   .session = on_session,
					   .started = on_sid,
					   .ended = on_end };

/* Bytes "COOKIE" and ten more become ours. */
static void mend(uint8_t *b, size_t len)
{
	for (size_t i = 0; i + 16 <= len; i++) {
		if (!memcmp(b + i, "COOKIE", 6))
			memcpy(b + i, cookie, 16);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t padi[] = { 0x11, 0x09, 0, 0, 0, 4, 1, 1, 0, 0 };
	struct pppoe_client from = { .ifindex = 3 };
	static struct pppoe_disc d;
	static struct timers timers;
	uint8_t *copy;

	if (!size)
		return 0;
	port.services = data[0] & 1 ? services : NULL;
	sid = data[0] & 2 ? 0x1234 : 0;
	pppoe_disc_init(&d, &ops, &timers, NULL);
	memset(d.secret, 7, sizeof(d.secret));
	pppoe_disc_input(&d, 0, &from, false, padi, sizeof(padi));
	copy = malloc(size);
	if (!copy)
		abort();
	memcpy(copy, data + 1, size - 1);
	mend(copy, size - 1);
	pppoe_disc_input(&d, 0, &from, data[0] & 4, copy, size - 1);
	free(copy);
	return 0;
}
