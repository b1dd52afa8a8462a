// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A PPP link under any input: the first byte chooses how it begins, then come
 * steps: a byte of what happens, and for a frame a byte of length and its bytes.
 */
#include "adit/wire.h"
#include "ppp/link.h"
#include "ppp/save.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ppp_link *the_link;
static int policy;
static struct ppp_ip ip;

static void on_send(struct ppp_link *l, const void *frame, size_t len)
{
	(void)l;
	if (len < 6 || len > 1502 ||
	    ((const uint8_t *)frame)[5] != ((len - 2) & 255))
		abort();
}

static void on_auth(struct ppp_link *l, msec_t now)
{
	if (policy == 1)
		ppp_link_accept(l, now, &ip, "yes");
	else if (policy == 2)
		ppp_link_reject(l, now, "no");
	else if (policy == 3)
		ppp_link_release(l);
}

static void on_event(struct ppp_link *l, msec_t now)
{
	(void)l, (void)now;
}

static void on_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	(void)now, (void)why;
	ppp_link_fini(l);
	free(l);
	the_link = NULL;
}

static const struct ppp_link_ops ops = { .send = on_send,
					 .auth = on_auth,
					 .up = on_event,
					 .down = on_down };

static void take_confreq(struct ppp_confreq *q, struct rd *r)
{
	struct rd s = rd_sub(r, rd_u8(r));

	q->present = true;
	q->len = (uint16_t)rd_left(&s);
	rd_copy(&s, q->b, q->len);
}

static void begin(struct rd *r, uint8_t how, msec_t now)
{
	static struct ppp_record rec;
	const char *text;

	memset(&rec, 0, sizeof(rec));
	if (how & 1) {
		take_confreq(&rec.last_tx, r);
		take_confreq(&rec.last_rx, r);
		rec.auth.proto = how & 2 ? PPP_PROTO_CHAP : PPP_PROTO_PAP;
		rec.auth.challenge_len = 16;
		rec.auth.response_len = how & 4 ? 16 : 0;
		strcpy(rec.auth.name, "alice");
		ppp_link_start_proxy(the_link, now, &rec, &text);
		if (text)
			ppp_link_start(the_link, now);
	} else if (how & 2) {
		struct rd s = rd_sub(r, rd_u8(r));

		if (ppp_link_load(the_link, now, &s))
			ppp_link_start(the_link, now);
	} else {
		ppp_link_start(the_link, now);
	}
}

static void one_step(struct rd *r, struct timers *timers, msec_t *now)
{
	uint8_t what = rd_u8(r);
	struct rd s;

	switch (what & 7) {
	case 0:
		*now += (what >> 3) * 500;
		timers_run(timers, *now);
		break;
	case 1:
		ppp_link_accept(the_link, *now, &ip, NULL);
		break;
	case 2:
		if (what == 0xfa)
			ppp_link_close(the_link, *now);
		else
			ppp_link_traffic(the_link, *now, what & 8);
		break;
	case 3:
		if (what == 0xfb)
			ppp_link_reject(the_link, *now, NULL);
		break;
	default:
		s = rd_sub(r, rd_u8(r));
		if (!s.err)
			ppp_link_input(the_link, *now, s.p, rd_left(&s));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ppp_counters count;
	struct ppp_conf conf = { .name = "bng",
				 .mru = 1442,
				 .echo_interval = 5,
				 .echo_failures = 3,
				 .auth_timeout = 30,
				 .reauth_interval = 20,
				 .network = PPP_IPV4 | PPP_IPV6 };
	struct timers timers = { 0 };
	struct rd r = rd_make(data, size);
	uint8_t how = rd_u8(&r);
	msec_t now = SECONDS(1000);

	ip.v4.local = 0x64400001;
	ip.v4.peer = 0x64400002;
	ip.session_timeout = 100;
	ip.idle_timeout = 40;
	policy = how >> 3 & 3;
	conf.auth[0] = how & 0x20 ? PPP_PROTO_CHAP :
		       how & 4	  ? PPP_AUTH_MSCHAPV2 :
				    PPP_PROTO_PAP;
	if (how & 0x40)
		conf.auth[1] = how & 0x20 ? PPP_PROTO_PAP : PPP_PROTO_CHAP;
	if (how & 0x80)
		conf.auth[0] = 0;
	the_link = malloc(sizeof(*the_link));
	if (!the_link)
		abort();
	ppp_link_init(the_link, &ops, &conf, &timers, &count, NULL);
	begin(&r, how, now);
	while (the_link && rd_left(&r))
		one_step(&r, &timers, &now);
	if (the_link) {
		ppp_link_fini(the_link);
		free(the_link);
	}
	if (timers_next(&timers) != MSEC_NEVER)
		abort();
	timers_free(&timers);
	return 0;
}
