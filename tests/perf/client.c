/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See client.h. */
#include "perf/client.h"

#include "base/crypt.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY SECONDS(3)
#define TRIES 5
#define MRU 1492
#define SLOW 500 /* ms */
#define PADT_EVERY 10 /* ms, in a storm */
#define REDIAL_AFTER 1000 /* ms, at most */
#define BROADBAND_FORUM 3561
#define CIRCUIT_ID 1
#define CIRCUIT_MAX 63

enum { DISCOVERY, SESSION }; /* sockets of net_open_device */

static const uint8_t broadcast[ETHER_ADDR] = { 255, 255, 255, 255, 255, 255 };

static bool twisted(const struct client *c, unsigned int flag)
{
	return c->twist->flags & flag;
}

static struct stats_level *level(const struct client *c, enum stats_phase p)
{
	return &c->load->stats.level[p];
}

static void arm(struct client *c)
{
	msec_t at = msec_min(c->at, c->twist_at);

	timer_set(&c->load->timers, &c->timer, msec_min(at, c->ppp.at));
}

/* ----------------------------------------------------------------- sending */

static void mutate(struct net *n, uint8_t *data, size_t len)
{
	if (net_random(n) % 2)
		data[2 * ETHER_ADDR + net_random(n) % (len - 2 * ETHER_ADDR)] ^=
			(uint8_t)(1u << net_random(n) % 8);
}

static void transmit(struct client *c, int socket, struct wr *w)
{
	unsigned int later = twisted(c, TWIST_SLOW) ? SLOW : 0;
	struct net *n = &c->load->net;
	size_t len = ether_end(w);

	if (!len)
		return;
	if (twisted(c, TWIST_MUTATE))
		mutate(n, w->start, len);
	net_send(n, n->socks[socket], NULL, w->start, len, later);
	if (twisted(c, TWIST_TWICE))
		net_send(n, n->socks[socket], NULL, w->start, len, later);
}

/* A text of the options, with the subscriber's number. */
static void put_circuit(const struct client *c, struct wr *w)
{
	const char *text = c->load->options.circuit, *at = strstr(text, "%u");
	char id[CIRCUIT_MAX + 1];
	uint8_t body[CIRCUIT_MAX + 6];
	struct wr sub = wr_make(body, sizeof(body));

	if (at)
		snprintf(id, sizeof(id), "%.*s%u%s", (int)(at - text), text,
			 c->ppp.number, at + 2);
	else
		snprintf(id, sizeof(id), "%s", text);
	wr_u32(&sub, BROADBAND_FORUM);
	wr_u8(&sub, CIRCUIT_ID);
	wr_u8(&sub, (uint8_t)strlen(id));
	wr_bytes(&sub, id, strlen(id));
	ether_put(w, ETHER_VENDOR, body, wr_len(&sub));
}

/* PADI or PADR. */
static void ask(struct client *c, enum ether_code code)
{
	const struct options *o = &c->load->options;
	uint8_t buf[ETHER_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	ether_begin(&w, code == ETHER_PADI ? broadcast : c->ac, c->mac, code,
		    0);
	ether_put(&w, ETHER_SERVICE, o->service,
		  o->service ? strlen(o->service) : 0);
	ether_put(&w, ETHER_HOST_UNIQ, &c->ppp.number, sizeof(c->ppp.number));
	if (o->circuit)
		put_circuit(c, &w);
	if (code == ETHER_PADR)
		wr_bytes(&w, c->echo, c->echo_len);
	transmit(c, DISCOVERY, &w);
}

static void send_padt(struct client *c, uint16_t session)
{
	uint8_t buf[ETHER_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	ether_begin(&w, c->ac, c->mac, ETHER_PADT, session);
	transmit(c, DISCOVERY, &w);
}

static void ppp_send(struct ppp *p, const void *frame, size_t len)
{
	struct client *c = container_of(p, struct client, ppp);
	const uint8_t *proto = frame;
	uint8_t buf[ETHER_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	if (twisted(c, TWIST_NO_AUTH) && (proto[0] << 8 | proto[1]) != LCP)
		return;
	ether_begin(&w, c->ac, c->mac, ETHER_SESSION, c->session);
	wr_bytes(&w, frame, len);
	transmit(c, SESSION, &w);
}

/* --------------------------------------------------------------------- end */

/* It is up, or will not be: another one may begin. */
static void decided(struct client *c)
{
	if (c->setting_up)
		c->load->calls_setting_up--;
	c->setting_up = false;
}

static void ended(struct client *c)
{
	decided(c);
	c->load->n_stopping -= c->state == CLIENT_CLOSING;
	c->state = CLIENT_ENDED;
	c->session = 0;
	c->at = c->twist_at = c->ppp.at = MSEC_NEVER;
	c->ppp.phase = PPP_ENDED;
	arm(c);
}

static void count_end(struct client *c, const char *why)
{
	bool up = c->state == CLIENT_UP;
	char text[32];

	if (c->counts) {
		level(c, STATS_CALL)->lost += up;
		level(c, STATS_CALL)->failed += !up;
		level(c, STATS_PPP)->lost += c->ppp_up;
		level(c, STATS_PPP)->failed += up && !c->ppp_up &&
					       c->load->options.ppp;
	}
	snprintf(text, sizeof(text), "%s%s", c->counts ? "" : "twisted ",
		 c->ppp_up ? "subscriber lost" :
		 up	   ? "subscriber" :
			     "client");
	stats_reason(&c->load->stats, text, why);
}

static void count_goodbye(struct client *c)
{
	if (!c->counts)
		return;
	level(c, STATS_CALL)->gone += c->session != 0;
	level(c, STATS_PPP)->gone += c->ppp_up;
}

/* PPP has ended, or was not answered. */
static void ppp_over(struct client *c)
{
	send_padt(c, c->session);
	if (c->state == CLIENT_CLOSING)
		count_goodbye(c);
	else
		count_end(c, c->ppp.why);
	ended(c);
}

static void fail(struct client *c, const char *why)
{
	if (c->session)
		send_padt(c, c->session);
	count_end(c, why);
	ended(c);
}

void client_close(struct client *c, msec_t now, bool leave)
{
	if (c->state == CLIENT_ENDED)
		return;
	if (leave || c->state != CLIENT_UP || c->ppp.phase == PPP_IDLE) {
		if (!leave && c->session)
			send_padt(c, c->session);
		count_goodbye(c);
		ended(c);
		return;
	}
	decided(c);
	c->state = CLIENT_CLOSING;
	c->load->n_stopping++;
	c->at = c->twist_at = MSEC_NEVER;
	ppp_close(&c->ppp, now);
	arm(c);
}

/* --------------------------------------------------------------- misdeeds */

static void begin(struct client *c, msec_t now)
{
	c->state = CLIENT_WAIT_PADO;
	c->tries = TRIES;
	c->at = now + RETRY;
	c->session = 0;
	ask(c, ETHER_PADI);
}

static void plan(struct client *c, msec_t now)
{
	struct net *n = &c->load->net;

	if (twisted(c, TWIST_PADT))
		c->twist_at = now + PADT_EVERY;
	else if (twisted(c, TWIST_REDIAL | TWIST_TEARDOWN))
		c->twist_at = now + net_random(n) % REDIAL_AFTER;
}

static void misbehave(struct client *c, msec_t now)
{
	uint16_t session;

	c->twist_at = MSEC_NEVER;
	if (twisted(c, TWIST_TEARDOWN)) {
		client_close(c, now, net_random(&c->load->net) % 2);
	} else if (twisted(c, TWIST_REDIAL)) {
		c->ppp.phase = PPP_IDLE;
		c->ppp.at = MSEC_NEVER;
		begin(c, now);
	} else {
		session = (uint16_t)net_random(&c->load->net);
		if (session != c->session)
			send_padt(c, session);
		plan(c, now);
	}
}

/* --------------------------------------------------------------------- PPP */

static void ppp_up(struct ppp *p, msec_t now)
{
	struct client *c = container_of(p, struct client, ppp);

	decided(c);
	if (c->ppp_up)
		return; /* it negotiated anew */
	c->ppp_up = true;
	if (c->counts)
		stats_up(&c->load->stats, STATS_PPP, c->connected_us);
	plan(c, now);
}

/* Whoever called PPP looks at its phase. */
static void ppp_failed(struct ppp *p, msec_t now, const char *why)
{
	(void)now;
	p->why = why;
}

static void on_frame(struct client *c, msec_t now, const struct ether_frame *f)
{
	if (c->state != CLIENT_UP && c->state != CLIENT_CLOSING) {
		c->load->stats.packets.rx_strange++;
		return;
	}
	ppp_input(&c->ppp, now, f->payload, f->len);
	if (c->ppp.phase == PPP_ENDED)
		ppp_over(c);
	else
		arm(c);
}

/* --------------------------------------------------------------- discovery */

static void keep(struct client *c, struct wr *w, const struct ether_frame *f,
		 enum ether_tag type)
{
	size_t len;
	const uint8_t *p = ether_find(f, type, &len);

	if (p)
		ether_put(w, type, p, len);
	c->echo_len = w->err ? 0 : wr_len(w);
}

static void on_pado(struct client *c, msec_t now, const struct ether_frame *f)
{
	struct wr w = wr_make(c->echo, sizeof(c->echo));

	if (c->state != CLIENT_WAIT_PADO || twisted(c, TWIST_NO_PADR))
		return;
	keep(c, &w, f, ETHER_COOKIE);
	keep(c, &w, f, ETHER_RELAY_ID);
	memcpy(c->ac, f->from, sizeof(c->ac));
	c->state = CLIENT_WAIT_PADS;
	c->tries = TRIES;
	c->at = now + RETRY;
	ask(c, ETHER_PADR);
	arm(c);
}

/* "PADS", "PADT", with what it says. */
static void say_why(const struct ether_frame *f, const char *what,
		    char why[STATS_REASON_MAX])
{
	static const enum ether_tag tags[] = { ETHER_GENERIC_ERROR,
					       ETHER_AC_ERROR,
					       ETHER_SERVICE_ERROR };
	const uint8_t *p = NULL;
	char text[64] = "";
	size_t len = 0;

	for (size_t i = 0; !p && i < sizeof(tags) / sizeof(tags[0]); i++)
		p = ether_find(f, tags[i], &len);
	if (p)
		log_safe(p, len, text, sizeof(text));
	snprintf(why, STATS_REASON_MAX, "%s%s%s", what, text[0] ? " " : "",
		 text);
}

static void on_pads(struct client *c, msec_t now, const struct ether_frame *f)
{
	char why[STATS_REASON_MAX];

	if (c->state != CLIENT_WAIT_PADS)
		return;
	if (!f->session) {
		say_why(f, "PADS", why);
		fail(c, why);
		return;
	}
	c->state = CLIENT_UP;
	c->session = f->session;
	c->at = MSEC_NEVER;
	c->connected_us = stats_now();
	if (c->counts && !c->ppp_up)
		stats_up(&c->load->stats, STATS_CALL, c->began_us);
	if (!c->load->options.ppp || twisted(c, TWIST_SILENT))
		decided(c);
	else
		ppp_start_client(&c->ppp, now);
	arm(c);
}

static void on_padt(struct client *c, const struct ether_frame *f)
{
	char why[STATS_REASON_MAX];

	if (!c->session || f->session != c->session ||
	    memcmp(f->from, c->ac, sizeof(c->ac)))
		return;
	if (c->state == CLIENT_CLOSING) {
		count_goodbye(c);
	} else if (c->ppp.phase == PPP_STOPPED) {
		count_end(c, c->ppp.why);
	} else {
		say_why(f, "PADT", why);
		count_end(c, why);
	}
	ended(c);
}

static struct client *find(const struct load *l, const uint8_t mac[ETHER_ADDR])
{
	struct rd r = rd_make(mac, ETHER_ADDR);
	uint32_t at;

	rd_u16(&r);
	at = rd_u32(&r) - l->options.first;
	if (at >= l->n_clients || memcmp(l->client[at]->mac, mac, ETHER_ADDR))
		return NULL;
	return l->client[at];
}

void client_input(void *load, msec_t now, struct net_sock *from,
		  const struct addr_port *peer, const void *data, size_t len)
{
	struct load *l = load;
	struct ether_frame f;
	struct client *c;

	(void)from, (void)peer;
	if (ether_parse(&f, data, len)) {
		l->stats.packets.rx_malformed++;
		return;
	}
	c = find(l, f.to);
	if (!c || (c->session && f.code == ETHER_SESSION &&
		   f.session != c->session)) {
		l->stats.packets.rx_strange++;
		return;
	}
	if (f.code == ETHER_SESSION)
		on_frame(c, now, &f);
	else if (f.code == ETHER_PADO)
		on_pado(c, now, &f);
	else if (f.code == ETHER_PADS)
		on_pads(c, now, &f);
	else if (f.code == ETHER_PADT)
		on_padt(c, &f);
}

/* ------------------------------------------------------------------- timer */

static void again(struct client *c, msec_t now)
{
	bool pado = c->state == CLIENT_WAIT_PADO;

	if (!--c->tries) {
		fail(c, pado ? "no answer to PADI" : "no answer to PADR");
		return;
	}
	c->at = now + RETRY;
	ask(c, pado ? ETHER_PADI : ETHER_PADR);
}

static void on_timer(struct timer *timer, msec_t now)
{
	struct client *c = container_of(timer, struct client, timer);

	if (now >= c->at)
		again(c, now);
	if (now >= c->ppp.at) {
		ppp_again(&c->ppp, now);
		if (c->ppp.phase == PPP_ENDED)
			ppp_over(c);
	}
	if (now >= c->twist_at)
		misbehave(c, now);
	arm(c);
}

/* --------------------------------------------------------------------- new */

static struct client *new_client(struct load *l)
{
	const struct options *o = &l->options;
	struct client *c = calloc(1, sizeof(*c));
	struct wr mac;

	if (!l->client)
		l->client = calloc(o->sessions, sizeof(struct client *));
	if (!c || !l->client) {
		free(c);
		return NULL;
	}
	c->load = l;
	c->twist = net_chance(&l->net, o->twist_share) ? o->twist : &twists[0];
	c->counts = c->twist->harmless;
	c->timer.fn = on_timer;
	c->twist_at = MSEC_NEVER;
	c->ppp = (struct ppp){ .options = o,
			       .number = o->first + l->n_clients,
			       .mru = MRU,
			       .at = MSEC_NEVER,
			       .send = ppp_send,
			       .up = ppp_up,
			       .failed = ppp_failed };
	crypt_random(&c->ppp.magic, sizeof(c->ppp.magic));
	mac = wr_make(c->mac, sizeof(c->mac));
	wr_u16(&mac, 0x0200); /* of no maker */
	wr_u32(&mac, c->ppp.number);
	l->client[l->n_clients++] = c;
	return c;
}

void client_open(struct load *l, msec_t now)
{
	struct client *c = new_client(l);

	if (!c)
		return;
	c->setting_up = true;
	l->calls_setting_up++;
	if (c->counts) {
		level(c, STATS_CALL)->wanted++;
		level(c, STATS_PPP)->wanted += l->options.ppp;
	}
	c->began_us = stats_now();
	begin(c, now);
	if (twisted(c, TWIST_NO_PADR))
		decided(c);
	arm(c);
}

void clients_free(struct load *l)
{
	for (unsigned int i = 0; i < l->n_clients; i++)
		free(l->client[i]);
	free(l->client);
}
