/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves a tunnel (see tunnel.h): messages, acknowledgements, data, as its twist
 * would have them; and when it has to act next.
 */
#include "perf/tunnel.h"

#include <string.h>

#define SLOW 500 /* ms */
#define VENDOR 9 /* somebody's; what is in it is nobody's */

void tunnel_arm(struct tunnel *t)
{
	msec_t at = t->channel.at;

	at = msec_min(at, t->hello_at);
	at = msec_min(at, t->twist_at);
	at = msec_min(at, t->setup_at);
	timer_set(&t->load->timers, &t->timer, at);
}

static void mutate(struct net *n, uint8_t *data, size_t len)
{
	unsigned int times = 1 + net_random(n) % 3;

	if (net_random(n) % 2)
		return;
	while (times--)
		data[net_random(n) % len] ^= (uint8_t)(1u << net_random(n) % 8);
}

static void transmit(struct tunnel *t, const void *data, size_t len)
{
	unsigned int later = tunnel_twisted(t, TWIST_SLOW) ? SLOW : 0;
	struct net *n = &t->load->net;
	uint8_t copy[WIRE_MAX];

	if (tunnel_twisted(t, TWIST_MUTATE) && len <= sizeof(copy)) {
		memcpy(copy, data, len);
		mutate(n, copy, len);
		data = copy;
	}
	net_send(n, t->sock, &t->peer, data, len, later);
	if (tunnel_twisted(t, TWIST_TWICE))
		net_send(n, t->sock, &t->peer, data, len, later);
}

static uint16_t shown_nr(struct tunnel *t)
{
	if (!tunnel_twisted(t, TWIST_NEVER_ACK) || t->state != TUNNEL_UP)
		t->frozen_nr = t->channel.nr;
	return t->frozen_nr;
}

static struct tunnel *of_channel(struct channel *c)
{
	return container_of(c, struct tunnel, channel);
}

static void channel_send(struct channel *c, struct channel_packet *p,
			 bool again)
{
	struct tunnel *t = of_channel(c);

	t->load->stats.packets.retransmitted += again;
	wire_number(p->data, p->ns, shown_nr(t));
	transmit(t, p->data, p->len);
}

static void packet_acked(struct channel *c, const struct channel_packet *p)
{
	if (p->timed_us)
		stats_took(&of_channel(c)->load->stats, STATS_HELLO,
			   stats_now() - p->timed_us);
}

struct wr tunnel_message(enum wire_type type)
{
	static uint8_t buf[WIRE_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	wire_begin(&w, type);
	return w;
}

static void send_timed(struct tunnel *t, msec_t now, struct wr *w,
		       uint16_t session, uint64_t timed_us)
{
	size_t len;

	if (tunnel_twisted(t, TWIST_VENDOR)) {
		wire_put_vendor(w, VENDOR, 1, "x", 1);
		wire_put_vendor(w, 3561, 1, "circuit 0/1", 11);
		wire_put_vendor(w, VENDOR, WIRE_A_TUNNEL, "\0\1", 2);
	}
	len = wire_end(w, t->peer_id, session);
	if (len)
		channel_queue(&t->channel, now, w->start, len, timed_us);
	tunnel_arm(t);
}

void tunnel_send(struct tunnel *t, msec_t now, struct wr *w, uint16_t session)
{
	send_timed(t, now, w, session, 0);
}

void tunnel_send_data(struct tunnel *t, uint16_t session, const void *frame,
		      size_t len)
{
	uint8_t buf[WIRE_MAX];

	len = wire_data(buf, sizeof(buf), t->peer_id, session, frame, len);
	if (len)
		transmit(t, buf, len);
}

void tunnel_hello(struct tunnel *t, msec_t now, bool timed)
{
	struct wr w = tunnel_message(WIRE_HELLO);

	send_timed(t, now, &w, 0, timed ? stats_now() : 0);
}

void tunnel_acknowledge(struct tunnel *t)
{
	struct wr w;
	size_t len;

	if (!t->channel.ack_due)
		return;
	t->channel.ack_due = false;
	if (tunnel_twisted(t, TWIST_NEVER_ACK) && t->state == TUNNEL_UP)
		return;
	w = tunnel_message(WIRE_ZLB);
	len = wire_end(&w, t->peer_id, 0);
	wire_number(w.start, t->channel.ns, shown_nr(t));
	/* What waits for its turn has numbers already. */
	if (t->channel.unsent)
		wire_number(w.start, t->channel.unsent->ns, shown_nr(t));
	transmit(t, w.start, len);
}

void tunnel_wire(struct tunnel *t)
{
	channel_init(&t->channel, t->load->options.retries);
	t->channel.send = channel_send;
	t->channel.acked = packet_acked;
}
