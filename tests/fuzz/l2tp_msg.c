// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzing of what a peer can send: the codec, and a host with a tunnel and a
 * session. The input is a list of messages, each behind its length in two bytes;
 * ids, Ns and the Length field are put right, so that most get past the door.
 */
#include "l2tp/codec.h"
#include "l2tp/host.h"

#include "../unit/l2tp/same.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct l2tp_peer peer = {
	.name = "fuzz",
	.local_name = "lns",
	.secret = "secret",
	.accept_calls = true,
	.window = 4,
	.hello = 60,
	.retries = 5,
	.setup_retries = 5,
	.retransmit_cap = 8,
};

static struct l2tp_tunnel *tunnel;

static const struct l2tp_peer *find_peer(struct l2tp_host *h,
					 const struct l2tp_path *path,
					 const char *host_name,
					 enum l2tp_refusal *why)
{
	(void)h;
	(void)path;
	*why = L2TP_REFUSE_STRANGER;
	return host_name[0] == 'x' ? NULL : &peer;
}

static void send_nothing(struct l2tp_host *h, const struct l2tp_path *path,
			 const void *msg, size_t len)
{
	static struct l2tp_msg m;

	(void)h;
	(void)path;
	/* What we make, we can read. */
	if (!l2tp_msg_head(&m, msg, len))
		abort();
	l2tp_msg_body(&m, peer.secret);
	if (m.bad_avps)
		abort();
}

static int tunnel_new(struct l2tp_tunnel *t)
{
	tunnel = t;
	return 0;
}

static void tunnel_event(struct l2tp_tunnel *t, msec_t now)
{
	(void)t;
	(void)now;
}

static void tunnel_changed(struct l2tp_tunnel *t)
{
	uint8_t record[512];
	struct wr w = wr_make(record, sizeof(record));

	l2tp_tunnel_save(t, &w);
}

static void tunnel_free(struct l2tp_tunnel *t)
{
	if (t == tunnel)
		tunnel = NULL;
}

static int call(struct l2tp_session *s, msec_t now, struct l2tp_result *why)
{
	(void)now;
	(void)why;
	return s->id % 8 == 0;
}

static void call_event(struct l2tp_session *s, msec_t now)
{
	(void)s;
	(void)now;
}

static const char *vrf(const struct l2tp_host *host, uint32_t endpoint)
{
	(void)host, (void)endpoint;
	return "";
}

static void orders_changed(struct l2tp_host *host)
{
	(void)host;
}

static void event(struct l2tp_host *h, const struct l2tp_event *e)
{
	(void)h;
	(void)e;
}

static const struct l2tp_host_ops ops = {
	.peer = find_peer,
	.vrf = vrf,
	.orders_changed = orders_changed,
	.event = event,
	.counted = orders_changed,
	.send = send_nothing,
	.tunnel_new = tunnel_new,
	.tunnel_up = tunnel_event,
	.tunnel_changed = tunnel_changed,
	.tunnel_down = tunnel_event,
	.tunnel_free = tunnel_free,
	.call_in = call,
	.call_answered = call,
	.call_up = call_event,
	.session_down = call_event,
};

/* What is read, written and read again says the same, hidden or not. */
static void there_and_back(const uint8_t *b, size_t len, bool hide)
{
	static struct l2tp_msg m, again;
	static uint8_t out[L2TP_MSG_MAX];
	size_t n;

	if (!l2tp_msg_head(&m, b, len))
		return;
	l2tp_msg_body(&m, peer.secret);
	m.hide = hide;
	n = l2tp_msg_encode(&m, peer.secret, out, sizeof(out));
	if (!n || !l2tp_msg_must(m.type))
		return;
	if (!l2tp_msg_head(&again, out, n))
		abort();
	l2tp_msg_body(&again, peer.secret);
	if (again.bad_avps || !same_msg(&m, &again))
		abort();
}

static void put16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* Odd bytes of the input's header choose what is put right. */
static void put_right(uint8_t *b, size_t len)
{
	if (len < 12)
		return;
	if (b[0] & 1)
		return;
	put16(b, 0xc802);
	put16(b + 2, (uint16_t)len);
	if (!tunnel)
		return;
	if (!(b[4] & 1))
		put16(b + 4, tunnel->id);
	if (!(b[6] & 1) && !LIST_EMPTY(&tunnel->sessions))
		put16(b + 6, LIST_FIRST(&tunnel->sessions)->id);
	if (!(b[8] & 1))
		put16(b + 8, tunnel->xport.nr);
	if (!(b[10] & 1))
		put16(b + 10, tunnel->xport.ns);
}

static struct l2tp_tunnel *start(struct l2tp_host *h,
				 const struct l2tp_path *path, uint8_t kind)
{
	static const struct l2tp_call none;

	tunnel = NULL;
	if (kind % 3 == 0)
		return NULL;
	tunnel = l2tp_tunnel_open(h, 0, path, &peer, NULL);
	if (kind % 3 == 2) {
		tunnel->peer_id = 0;
		l2tp_tunnel_set_peer_id(tunnel, 0x101);
		l2tp_tunnel_set_state(tunnel, L2TP_TUNNEL_ESTABLISHED);
		tunnel->setup_at = MSEC_NEVER;
		l2tp_session_call(tunnel, 0, &none, NULL);
	}
	return tunnel;
}

/* Every tunnel ends, and its time in closing passes. */
static void finish(struct l2tp_host *h, struct timers *timers, msec_t now)
{
	struct l2tp_tunnel *t, *next;

	for (t = LIST_FIRST(&h->all); t; t = next) {
		next = LIST_NEXT(t,
				 all); /* one that has sent nothing is freed */
		if (t->state != L2TP_TUNNEL_CLOSING)
			l2tp_tunnel_close(t, now, L2TP_STOP_CLEAR, 0, "");
	}
	for (int i = 0; i < 100 && !LIST_EMPTY(&h->all); i++) {
		now += SECONDS(1);
		timers_run(timers, now);
	}
	if (!LIST_EMPTY(&h->all) || idmap_count(&h->sessions))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct l2tp_path path = { .endpoint = 1 };
	static struct l2tp_host h;
	static struct timers timers;
	struct rd r = rd_make(data, size);
	msec_t now = 0;

	if (!h.ops) {
		log_set_level(LOG_ERR_L);
		l2tp_host_init(&h, &ops, &timers, NULL);
	}
	tunnel = start(&h, &path, rd_u8(&r));
	while (rd_left(&r) > 2) {
		size_t len = rd_u16(&r) % 2048;
		uint8_t *b;

		len = len < rd_left(&r) ? len : rd_left(&r);
		b = malloc(len ? len : 1);
		if (!b)
			abort();
		rd_copy(&r, b, len);
		put_right(b, len);
		there_and_back(b, len, len & 1);
		l2tp_host_input(&h, now, &path, b, len);
		now += len;
		timers_run(&timers, now);
		free(b);
	}
	finish(&h, &timers, now);
	return 0;
}
