/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See tunnel.h. */
#include "perf/tunnel.h"

#include "base/crypt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 0x0100
#define SETUP SECONDS(60)
#define LINGER SECONDS(31) /* RFC 2661 5.7 */
#define HELLOS_EVERY 10 /* ms */
#define HELLOS 10
#define STOP_CLEAR 1
#define STOP_ERROR 2
#define STOP_NOT_AUTHORISED 4
#define STOP_SHUTDOWN 6
#define CDN_CARRIER_LOST 1
#define CDN_ADMINISTRATIVE 3

void tunnel_reason(const struct tunnel *t, const char *what, const char *why)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%s", t->counts ? "" : "twisted ", what);
	stats_reason(&t->load->stats, text, why);
}

static struct stats_level *level(const struct tunnel *t)
{
	return &t->load->stats.level[STATS_TUNNEL];
}

static void due(struct tunnel *t)
{
	if (t->is_due)
		return;
	t->is_due = true;
	TAILQ_INSERT_TAIL(&t->load->due, t, due);
}

/* --------------------------------------------------------------------- end */

static void clear(struct tunnel *t)
{
	if ((t->state == TUNNEL_WAIT_REPLY || t->state == TUNNEL_WAIT_CONN) &&
	    !t->stuck)
		t->load->n_setting_up--;
	if (t->is_ready)
		TAILQ_REMOVE(&t->load->ready, t, ready);
	t->is_ready = false;
	t->hello_at = t->twist_at = MSEC_NEVER;
}

static void count_end(struct tunnel *t, const char *why, bool by_us)
{
	if (by_us) {
		level(t)->gone += t->counts && t->state == TUNNEL_UP;
		return;
	}
	if (t->counts && t->state == TUNNEL_UP)
		level(t)->lost++;
	else if (t->counts)
		level(t)->failed++;
	tunnel_reason(t, t->state == TUNNEL_UP ? "tunnel lost" : "tunnel", why);
}

static void die(struct tunnel *t)
{
	t->load->n_stopping -= t->stopping;
	t->state = TUNNEL_DEAD;
	channel_free(&t->channel);
	if (t->load->options.role == ROLE_LNS)
		hash_del(&t->load->by_peer, &t->by_peer);
	timer_stop(&t->load->timers, &t->timer);
	t->load->tunnel[t->id] = NULL;
	t->load->n_alive--;
	if (t->is_due)
		TAILQ_REMOVE(&t->load->due, t, due);
	free(t->call);
	free(t);
}

/* result 0: nothing is said to the peer. */
static void end(struct tunnel *t, msec_t now, const char *why, bool by_us,
		uint16_t result)
{
	struct wr w;

	if (t->state == TUNNEL_CLOSING)
		return;
	clear(t);
	count_end(t, why, by_us);
	t->load->ops->down(t, now, by_us);
	t->state = TUNNEL_CLOSING;
	t->setup_at = now + LINGER;
	if (!result) {
		channel_free(&t->channel);
	} else {
		t->stopping = true;
		t->load->n_stopping++;
		channel_drop_unsent(&t->channel);
		w = tunnel_message(WIRE_STOPCCN);
		wire_put16(&w, WIRE_A_TUNNEL, t->id);
		wire_put_result(&w, result, 0, by_us ? NULL : why);
		tunnel_send(t, now, &w, 0);
	}
	tunnel_arm(t);
}

void tunnel_close(struct tunnel *t, msec_t now, bool leave)
{
	end(t, now, "", true, leave ? 0 : STOP_CLEAR);
	if (leave)
		die(t);
}

/* ------------------------------------------------------------------ set-up */

static const char *secret_of(const struct tunnel *t)
{
	return tunnel_twisted(t, TWIST_WRONG_SECRET) ? "another secret" :
						       t->load->options.secret;
}

static void put_start(struct tunnel *t, struct wr *w)
{
	const struct options *o = &t->load->options;

	wire_put16(w, WIRE_A_VERSION, VERSION);
	wire_put32(w, WIRE_A_FRAMING_CAPS, 3);
	wire_put_text(w, WIRE_A_HOST_NAME,
		      tunnel_twisted(t, TWIST_WRONG_NAME) ? "stranger" :
							    o->name);
	wire_put_text(w, WIRE_A_VENDOR_NAME, "l2tpload");
	wire_put16(w, WIRE_A_TUNNEL, t->id);
	wire_put16(w, WIRE_A_WINDOW, o->window);
	if (o->secret) {
		crypt_random(t->challenge, sizeof(t->challenge));
		wire_put(w, WIRE_A_CHALLENGE, t->challenge,
			 sizeof(t->challenge));
	}
}

static void put_response(const struct tunnel *t, struct wr *w)
{
	if (t->respond)
		wire_put(w, WIRE_A_RESPONSE, t->response, sizeof(t->response));
}

/* The peer's challenge, to be answered in that message. False: we cannot. */
static bool take_challenge(struct tunnel *t, const struct wire_msg *m,
			   enum wire_type in)
{
	const struct wire_value *v = &m->avp[WIRE_A_CHALLENGE];

	if (!v->p)
		return true;
	if (!secret_of(t))
		return false;
	t->respond = true;
	wire_answer(t->response, in, secret_of(t), v->p, v->len);
	return true;
}

static bool right_response(const struct tunnel *t, const struct wire_msg *m)
{
	const char *secret = t->load->options.secret;
	uint8_t want[16];

	if (!secret || tunnel_twisted(t, TWIST_WRONG_SECRET))
		return true;
	wire_answer(want, m->type, secret, t->challenge, sizeof(t->challenge));
	return m->avp[WIRE_A_RESPONSE].len == sizeof(want) &&
	       crypt_equal(want, m->avp[WIRE_A_RESPONSE].p, sizeof(want));
}

static void take_start(struct tunnel *t, const struct wire_msg *m)
{
	uint16_t window;

	wire_get16(m, WIRE_A_TUNNEL, &t->peer_id);
	if (wire_get16(m, WIRE_A_WINDOW, &window) && window)
		t->channel.window = window;
}

static void established(struct tunnel *t, msec_t now)
{
	const struct options *o = &t->load->options;

	t->load->n_setting_up--;
	t->state = TUNNEL_UP;
	t->setup_at = MSEC_NEVER;
	if (t->counts)
		stats_up(&t->load->stats, STATS_TUNNEL, t->began_us);
	if (o->hello)
		t->hello_at =
			now + 1 + net_random(&t->load->net) % (o->hello * 1000);
	if (tunnel_twisted(t, TWIST_HELLOS | TWIST_TEARDOWN))
		t->twist_at = now + 1;
	t->load->ops->up(t, now);
}

static void on_sccrp(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	struct wr w;

	take_start(t, m);
	if (!right_response(t, m) || !take_challenge(t, m, WIRE_SCCCN)) {
		end(t, now, "wrong challenge response", false,
		    STOP_NOT_AUTHORISED);
		return;
	}
	if (tunnel_twisted(t, TWIST_NO_SCCCN)) {
		t->stuck = true;
		t->load->n_setting_up--;
		return;
	}
	w = tunnel_message(WIRE_SCCCN);
	put_response(t, &w);
	tunnel_send(t, now, &w, 0);
	established(t, now);
}

static void on_scccn(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	if (right_response(t, m))
		established(t, now);
	else
		end(t, now, "wrong challenge response", false,
		    STOP_NOT_AUTHORISED);
}

/* An LNS's tunnels and calls are its peer's to end. */
bool tunnel_is_goodbye(const struct tunnel *t, const struct wire_msg *m)
{
	const struct wire_value *v = &m->avp[WIRE_A_RESULT];
	unsigned int result = v->len < 2 ? 0 : v->p[0] << 8 | v->p[1];

	if (t->load->options.role != ROLE_LNS || t->state != TUNNEL_UP)
		return false;
	return m->type == WIRE_STOPCCN ?
		       result == STOP_CLEAR || result == STOP_SHUTDOWN :
		       result == CDN_CARRIER_LOST ||
			       result == CDN_ADMINISTRATIVE;
}

static void on_stopccn(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	char result[STATS_REASON_MAX], why[STATS_REASON_MAX + 16];

	if (!t->peer_id)
		wire_get16(m, WIRE_A_TUNNEL, &t->peer_id);
	wire_result(m, result, sizeof(result));
	snprintf(why, sizeof(why), "StopCCN %s", result);
	end(t, now, why, tunnel_is_goodbye(t, m), 0);
}

/* ------------------------------------------------------------------- input */

static void act(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	if (m->type == WIRE_STOPCCN)
		on_stopccn(t, now, m);
	else if (m->unknown_mandatory) /* RFC 2661 4.2 */
		end(t, now, "unknown mandatory AVP", false, STOP_ERROR);
	else if (t->state == TUNNEL_WAIT_REPLY && m->type == WIRE_SCCRP)
		on_sccrp(t, now, m);
	else if (t->state == TUNNEL_WAIT_CONN && m->type == WIRE_SCCCN)
		on_scccn(t, now, m);
	else if (t->state == TUNNEL_UP && m->type >= WIRE_ICRQ)
		t->load->ops->message(t, now, m);
}

static void control(struct tunnel *t, msec_t now, const struct wire_msg *m)
{
	struct stats *s = &t->load->stats;

	due(t);
	channel_acked(&t->channel, now, m->nr);
	switch (channel_receive(&t->channel, m->ns, m->type == WIRE_ZLB)) {
	case CHANNEL_DUPLICATE:
		s->packets.rx_duplicates++;
		break;
	case CHANNEL_EARLY:
		s->packets.rx_early++;
		break;
	case CHANNEL_NEW:
		act(t, now, m);
		break;
	}
}

static struct tunnel *new_tunnel(struct load *l, struct net_sock *sock,
				 const struct addr_port *peer);

static uint64_t peer_key(const struct addr_port *peer, uint16_t id)
{
	uint8_t b[20] = { 0 };

	memcpy(b, peer->addr.b, 16);
	memcpy(b + 16, &peer->port, 2);
	memcpy(b + 18, &id, 2);
	return hash_bytes(b, sizeof(b));
}

/* LNS: a new one, or the same again. */
static void on_sccrq(struct load *l, msec_t now, struct net_sock *from,
		     const struct addr_port *peer, const struct wire_msg *m)
{
	struct hash_node *n;
	struct tunnel *t;
	uint16_t id = 0;
	struct wr w;

	if (l->options.role != ROLE_LNS || !wire_get16(m, WIRE_A_TUNNEL, &id) ||
	    !id) {
		l->stats.packets.rx_strange++;
		return;
	}
	n = hash_find(&l->by_peer, peer_key(peer, id));
	t = n ? container_of(n, struct tunnel, by_peer) : NULL;
	if (t && t->state != TUNNEL_CLOSING) {
		control(t, now, m);
		return;
	}
	if (t)
		die(t);
	t = new_tunnel(l, from, peer);
	if (!t)
		return;
	hash_add(&l->by_peer, &t->by_peer, peer_key(peer, id));
	due(t);
	channel_receive(&t->channel, m->ns, false);
	take_start(t, m);
	t->state = TUNNEL_WAIT_CONN;
	t->setup_at = now + SETUP;
	if (!take_challenge(t, m, WIRE_SCCRP)) {
		end(t, now, "challenge, and no secret", false,
		    STOP_NOT_AUTHORISED);
		return;
	}
	if (tunnel_twisted(t, TWIST_NO_SCCRP))
		return;
	w = tunnel_message(WIRE_SCCRP);
	put_start(t, &w);
	put_response(t, &w);
	tunnel_send(t, now, &w, 0);
}

/* From where the tunnel is; SCCRP may come from another port (RFC 2661 8.1). */
static bool from_peer(struct tunnel *t, const struct addr_port *peer,
		      const struct wire_msg *m)
{
	if (!addr_eq(&t->peer.addr, &peer->addr))
		return false;
	if (t->state == TUNNEL_WAIT_REPLY && m->type == WIRE_SCCRP)
		t->peer.port = peer->port;
	return t->peer.port == peer->port;
}

void tunnel_input(void *load, msec_t now, struct net_sock *from,
		  const struct addr_port *peer, const void *data, size_t len)
{
	static struct wire_msg m;
	struct load *l = load;
	struct tunnel *t;

	if (wire_parse(&m, data, len, l->options.secret)) {
		l->stats.packets.rx_malformed++;
		return;
	}
	if (m.control && !m.tunnel && m.type == WIRE_SCCRQ) {
		on_sccrq(l, now, from, peer, &m);
		return;
	}
	t = l->tunnel[m.tunnel];
	if (!t || t->sock != from || !from_peer(t, peer, &m))
		l->stats.packets.rx_strange++;
	else if (m.control)
		control(t, now, &m);
	else if (t->state == TUNNEL_UP)
		l->ops->data(t, now, &m);
}

void tunnel_batch(void *load, msec_t now)
{
	struct load *l = load;
	struct tunnel *t;

	(void)now;
	while ((t = TAILQ_FIRST(&l->due))) {
		TAILQ_REMOVE(&l->due, t, due);
		t->is_due = false;
		tunnel_acknowledge(t);
		if (t->stopping && !t->channel.n_queued)
			die(t);
		else
			tunnel_arm(t);
	}
}

/* ------------------------------------------------------------------- timer */

static struct call *any_call(const struct tunnel *t)
{
	return t->n_calls ? t->call[net_random(&t->load->net) % t->n_calls] :
			    NULL;
}

static void twist(struct tunnel *t, msec_t now)
{
	struct net *n = &t->load->net;
	struct call *c;

	if (tunnel_twisted(t, TWIST_HELLOS)) {
		t->twist_at = now + HELLOS_EVERY;
		for (int i = 0; i < HELLOS && t->channel.n_queued < 64; i++)
			tunnel_hello(t, now, false);
	} else if (!(net_random(n) % 8)) {
		tunnel_close(t, now, net_random(n) % 2);
	} else {
		t->twist_at = now + net_random(n) % 500;
		c = any_call(t);
		if (c)
			t->load->ops->drop(c, now);
	}
}

static void on_timer(struct timer *timer, msec_t now)
{
	struct tunnel *t = container_of(timer, struct tunnel, timer);

	if (!channel_expired(&t->channel, now)) {
		end(t, now, "no answer", false, 0);
		die(t);
		return;
	}
	if (now >= t->setup_at) {
		end(t, now, "set-up takes too long", false, 0);
		die(t);
		return;
	}
	if (now >= t->hello_at) {
		tunnel_hello(t, now, true);
		t->hello_at = now + SECONDS(t->load->options.hello);
	}
	tunnel_arm(t);
	if (now >= t->twist_at)
		twist(t, now);
}

/* --------------------------------------------------------------------- new */

static struct tunnel *new_tunnel(struct load *l, struct net_sock *sock,
				 const struct addr_port *peer)
{
	const struct options *o = &l->options;
	struct tunnel *t;

	if (l->n_alive >= o->tunnels)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	do
		l->last_id++;
	while (!l->last_id || l->tunnel[l->last_id]);
	t->load = l;
	t->sock = sock;
	t->peer = *peer;
	t->id = l->last_id;
	t->twist = net_chance(&l->net, o->twist_share) ? o->twist : &twists[0];
	t->counts = t->twist->harmless;
	t->hello_at = t->twist_at = t->setup_at = MSEC_NEVER;
	t->timer.fn = on_timer;
	t->began_us = stats_now();
	tunnel_wire(t);
	l->tunnel[t->id] = t;
	l->n_made++;
	l->n_alive++;
	l->n_setting_up++;
	level(t)->wanted += t->counts;
	return t;
}

void tunnel_open(struct load *l, msec_t now)
{
	const struct options *o = &l->options;
	struct net_sock *sock = l->net.socks[l->n_made % l->net.n_socks];
	struct tunnel *t = new_tunnel(l, sock, &o->peer);
	struct wr w;

	if (!t)
		return;
	t->state = TUNNEL_WAIT_REPLY;
	t->setup_at = now + SETUP;
	w = tunnel_message(WIRE_SCCRQ);
	put_start(t, &w);
	if (!tunnel_twisted(t, TWIST_FLOOD)) {
		tunnel_send(t, now, &w, 0);
		return;
	}
	net_send_once(&l->net, &sock->local.addr, &o->peer, w.start,
		      wire_end(&w, 0, 0));
	clear(t);
	die(t);
}
