/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See call.h. */
#include "perf/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETUP SECONDS(60)
#define SPEED 1000000000 /* bit/s */
#define CDN_CARRIER_LOST 1
#define CDN_NO_FACILITIES 4
#define FIRST_IDS 16

static bool twisted(const struct call *c, unsigned int flag)
{
	return c->tunnel->twist->flags & flag;
}

static struct stats_level *level(const struct call *c, enum stats_phase p)
{
	return &c->tunnel->load->stats.level[p];
}

/* ------------------------------------------------------------------ the set */

static bool grow(struct tunnel *t)
{
	unsigned int n = t->calls_size, size = n ? 2 * n : FIRST_IDS;
	struct call **more;

	if (size > UINT16_MAX)
		size = UINT16_MAX;
	more = n < size ? realloc(t->call, size * sizeof(*more)) : NULL;
	if (!more)
		return false;
	memset(more + n, 0, (size - n) * sizeof(*more));
	t->call = more;
	t->calls_size = size;
	t->last_place = n - 1;
	return true;
}

/* A place for a call, in turn: an id rests before it is used again. NULL: there is
 * none.
 */
static struct call **place(struct tunnel *t, uint16_t *id)
{
	if (2 * t->n_calls >= t->calls_size && !grow(t) &&
	    t->n_calls >= t->calls_size)
		return NULL;
	do
		t->last_place = (t->last_place + 1) % t->calls_size;
	while (t->call[t->last_place]);
	*id = (uint16_t)(t->last_place + 1);
	return &t->call[t->last_place];
}

/* It is up, or will not be: another one may begin. */
static void decided(struct call *c)
{
	if (c->setting_up)
		c->tunnel->load->calls_setting_up--;
	c->setting_up = false;
}

static void destroy(struct call *c)
{
	struct tunnel *t = c->tunnel;

	decided(c);
	timer_stop(&t->load->timers, &c->timer);
	t->call[c->id - 1] = NULL;
	t->n_calls--;
	free(c);
}

static struct call *find(const struct tunnel *t, const struct wire_msg *m)
{
	struct call *c;
	uint16_t id;

	if (m->session)
		return m->session <= t->calls_size ? t->call[m->session - 1] :
						     NULL;
	/* CDN of a peer that never learned our id: RFC 2661 4.4.4. */
	if (m->type != WIRE_CDN || !wire_get16(m, WIRE_A_SESSION, &id))
		return NULL;
	for (unsigned int i = 0; i < t->calls_size; i++) {
		c = t->call[i];
		if (c && c->peer_id == id)
			return c;
	}
	return NULL;
}

/* ---------------------------------------------------------------------- end */

static void count_end(struct call *c, const char *why)
{
	bool counts = c->tunnel->counts;
	bool ppp = c->tunnel->load->options.ppp;

	if (c->state == CALL_UP) {
		level(c, STATS_CALL)->lost += counts;
		level(c, STATS_PPP)->lost += counts && c->ppp_up;
		level(c, STATS_PPP)->failed += counts && ppp && !c->ppp_up;
	} else {
		level(c, STATS_CALL)->failed += counts;
	}
	tunnel_reason(c->tunnel,
		      c->ppp_up			 ? "subscriber lost" :
		      c->state == CALL_UP && ppp ? "subscriber" :
		      c->state == CALL_UP	 ? "call lost" :
						   "call",
		      why);
}

static void send_cdn(struct tunnel *t, msec_t now, uint16_t id,
		     uint16_t peer_id, uint16_t result, const char *text)
{
	struct wr w = tunnel_message(WIRE_CDN);

	wire_put16(&w, WIRE_A_SESSION, id);
	wire_put_result(&w, result, 0, text);
	tunnel_send(t, now, &w, peer_id);
}

/* It has failed, for a reason of ours. */
static void fail(struct call *c, msec_t now, uint16_t result, const char *why)
{
	count_end(c, why);
	send_cdn(c->tunnel, now, c->id, c->peer_id, result, why);
	destroy(c);
}

static void drop(struct call *c, msec_t now)
{
	if (net_random(&c->tunnel->load->net) % 2)
		send_cdn(c->tunnel, now, c->id, c->peer_id, CDN_CARRIER_LOST,
			 NULL);
	destroy(c);
}

static void count_goodbye(struct call *c)
{
	if (!c->tunnel->counts)
		return;
	level(c, STATS_CALL)->gone += c->state == CALL_UP;
	level(c, STATS_PPP)->gone += c->ppp_up;
}

static void on_cdn(struct call *c, const struct wire_msg *m)
{
	char result[STATS_REASON_MAX], why[STATS_REASON_MAX + 16];

	wire_result(m, result, sizeof(result));
	snprintf(why, sizeof(why), "CDN %s", result);
	if (c->ppp_up && tunnel_is_goodbye(c->tunnel, m))
		count_goodbye(c);
	else
		count_end(c, why);
	destroy(c);
}

static void tunnel_down(struct tunnel *t, msec_t now, bool by_us)
{
	(void)now;
	for (unsigned int i = 0; i < t->calls_size; i++) {
		struct call *c = t->call[i];

		if (!c)
			continue;
		if (by_us)
			count_goodbye(c);
		else
			count_end(c, "its tunnel ended");
		destroy(c);
	}
}

/* ---------------------------------------------------------------------- PPP */

static struct call *of_ppp(struct ppp *p)
{
	return container_of(p, struct call, ppp);
}

static void arm(struct call *c)
{
	timer_set(&c->tunnel->load->timers, &c->timer,
		  c->state == CALL_UP ? c->ppp.at : c->timer.at);
}

static void ppp_send(struct ppp *p, const void *frame, size_t len)
{
	struct call *c = of_ppp(p);

	tunnel_send_data(c->tunnel, c->peer_id, frame, len);
}

static void ppp_up(struct ppp *p, msec_t now)
{
	struct call *c = of_ppp(p);

	(void)now;
	if (c->ppp_up)
		return; /* it negotiated anew */
	c->ppp_up = true;
	decided(c);
	if (c->tunnel->counts)
		stats_up(&c->tunnel->load->stats, STATS_PPP, c->connected_us);
}

/* The call ends with the frame's way back up: on_timer sees to it. */
static void ppp_failed(struct ppp *p, msec_t now, const char *why)
{
	struct call *c = of_ppp(p);

	p->why = why;
	timer_set(&c->tunnel->load->timers, &c->timer, now);
}

static void on_timer(struct timer *timer, msec_t now)
{
	struct call *c = container_of(timer, struct call, timer);

	if (c->state != CALL_UP) {
		fail(c, now, CDN_NO_FACILITIES, "set-up takes too long");
	} else if (c->ppp.phase == PPP_ENDED) {
		fail(c, now, CDN_CARRIER_LOST, c->ppp.why);
	} else {
		ppp_again(&c->ppp, now);
		if (c->ppp.phase != PPP_ENDED)
			arm(c);
	}
}

static void on_data(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	struct call *c = find(t, m);

	if (!c || c->state != CALL_UP) {
		t->load->stats.packets.rx_strange++;
		return;
	}
	ppp_input(&c->ppp, now, m->payload.p, m->payload.len);
	if (c->ppp.phase != PPP_ENDED)
		arm(c);
}

/* -------------------------------------------------------------------- calls */

static struct call *new_call(struct tunnel *t, msec_t now)
{
	struct load *l = t->load;
	struct call *c = calloc(1, sizeof(*c)), **at;

	at = c ? place(t, &c->id) : NULL;
	if (!at) {
		free(c);
		return NULL;
	}
	*at = c;
	t->n_calls++;
	l->calls_setting_up++;
	c->setting_up = true;
	c->tunnel = t;
	c->began_us = stats_now();
	c->timer.fn = on_timer;
	c->ppp.options = &l->options;
	c->ppp.send = ppp_send;
	c->ppp.up = ppp_up;
	c->ppp.failed = ppp_failed;
	c->ppp.at = MSEC_NEVER;
	c->ppp.mru = PPP_MRU;
	c->ppp.number = ++l->n_subscribers;
	timer_set(&l->timers, &c->timer, now + SETUP);
	if (t->counts) {
		level(c, STATS_CALL)->wanted++;
		level(c, STATS_PPP)->wanted += l->options.ppp;
	}
	return c;
}

/* Both are the other side's to send, and neither a reason to end (RFC 2661 6.10,
 * 6.11).
 */
static void send_sli(struct call *c, msec_t now)
{
	static const uint8_t zeros[26];
	struct wr w = tunnel_message(WIRE_SLI);

	wire_put(&w, WIRE_A_ACCM, zeros, 10);
	tunnel_send(c->tunnel, now, &w, c->peer_id);
	w = tunnel_message(WIRE_WEN);
	wire_put(&w, WIRE_A_CALL_ERRORS, zeros, sizeof(zeros));
	tunnel_send(c->tunnel, now, &w, c->peer_id);
}

static void connected(struct call *c, msec_t now)
{
	struct tunnel *t = c->tunnel;

	c->state = CALL_UP;
	if (!t->load->options.ppp)
		decided(c);
	c->connected_us = stats_now();
	if (t->counts)
		stats_up(&t->load->stats, STATS_CALL, c->began_us);
	if (twisted(c, TWIST_SLI))
		send_sli(c, now);
	timer_stop(&t->load->timers, &c->timer);
}

void call_open(struct tunnel *t, msec_t now)
{
	struct call *c = new_call(t, now);
	struct wr w;

	if (!c)
		return;
	w = tunnel_message(WIRE_ICRQ);
	wire_put16(&w, WIRE_A_SESSION, c->id);
	wire_put32(&w, WIRE_A_SERIAL, ++t->load->serial);
	wire_put32(&w, WIRE_A_BEARER, 1);
	tunnel_send(t, now, &w, 0);
}

static void on_icrp(struct call *c, msec_t now, const struct wire_msg *m)
{
	struct wr w;

	if (c->state != CALL_WAIT_REPLY ||
	    !wire_get16(m, WIRE_A_SESSION, &c->peer_id))
		return;
	if (twisted(c, TWIST_NO_ICCN)) {
		decided(c);
		return;
	}
	w = tunnel_message(WIRE_ICCN);
	wire_put32(&w, WIRE_A_TX_SPEED, SPEED);
	wire_put32(&w, WIRE_A_FRAMING, 1);
	if (c->ppp.options->ppp)
		ppp_put_proxy(&c->ppp, &w);
	tunnel_send(c->tunnel, now, &w, c->peer_id);
	connected(c, now);
	if (!c->ppp.options->ppp)
		return;
	ppp_start_client(&c->ppp, now);
	arm(c);
}

static void on_icrq(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	struct call *c;
	uint16_t id = 0;
	struct wr w;

	wire_get16(m, WIRE_A_SESSION, &id);
	c = t->n_calls < t->load->options.sessions ? new_call(t, now) : NULL;
	if (!c) {
		send_cdn(t, now, 0, id, CDN_NO_FACILITIES, "limit reached");
		return;
	}
	c->peer_id = id;
	c->state = CALL_WAIT_CONNECT;
	if (twisted(c, TWIST_NO_ICRP))
		return;
	w = tunnel_message(WIRE_ICRP);
	wire_put16(&w, WIRE_A_SESSION, c->id);
	tunnel_send(t, now, &w, id);
}

static void on_iccn(struct call *c, msec_t now, const struct wire_msg *m)
{
	struct load *l = c->tunnel->load;

	if (c->state != CALL_WAIT_CONNECT)
		return;
	connected(c, now);
	if (!l->options.ppp)
		return;
	c->ppp.address = addr_to_v4(&l->options.pool) + c->ppp.number - 1;
	ppp_start_server(&c->ppp, now, m);
	if (c->ppp.phase != PPP_ENDED)
		arm(c);
}

static void on_message(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	struct call *c = find(t, m);

	if (m->type == WIRE_ICRQ && t->load->options.role == ROLE_LNS) {
		on_icrq(t, now, m);
		return;
	}
	if (!c)
		return;
	if (m->type == WIRE_ICRP)
		on_icrp(c, now, m);
	else if (m->type == WIRE_ICCN)
		on_iccn(c, now, m);
	else if (m->type == WIRE_CDN)
		on_cdn(c, m);
}

static void tunnel_up(struct tunnel *t, msec_t now)
{
	(void)now;
	if (t->load->options.role == ROLE_LNS || !t->load->options.sessions)
		return;
	t->to_call = t->load->options.sessions;
	t->is_ready = true;
	TAILQ_INSERT_TAIL(&t->load->ready, t, ready);
}

const struct load_ops call_ops = {
	.up = tunnel_up,
	.message = on_message,
	.data = on_data,
	.down = tunnel_down,
	.drop = drop,
};
