// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PPPoE discovery, the access concentrator's side (RFC 2516 5): PADI, PADR and
 * PADT in, PADO, PADS and PADT out. Whoever cannot show our cookie costs no
 * state, and nobody gets a longer answer than an Ethernet frame. bng calls it.
 */
#include "pppoe/disc.h"

#include "adit/wire.h"
#include "base/buf.h"
#include "base/crypt.h"
#include "base/hash.h"
#include "pppoe/tag.h"
#include "pppoe/vendor.h"

#include <string.h>

#define FRAME_MAX 1500 /* with the PPPoE header */
#define PADI_MAX 1484 /* RFC 2516 5.1: leaves room for a relay's tag */
#define SERVICE_MAX 128
#define COOKIE_TIME SECONDS(60) /* good for so long, and up to twice */

/* A frame in hand. */
struct frame {
	const struct pppoe_client *from;
	const struct pppoe_conf *conf;
	bool to_us;
	uint16_t sid;
	uint16_t len; /* of all tags */
	struct rd payload;
	struct pppoe_tags tags;
};

static void send_pado_now(struct pppoe_later *q, const struct pppoe_client *to,
			  const void *frame, size_t len)
{
	struct pppoe_disc *d = container_of(q, struct pppoe_disc, later);

	d->ops->send(d, to, frame, len);
	d->count.tx_pado++;
}

void pppoe_disc_init(struct pppoe_disc *d, const struct pppoe_disc_ops *ops,
		     struct timers *timers, void *user)
{
	*d = (struct pppoe_disc){ .ops = ops, .user = user };
	pppoe_later_init(&d->later, timers, send_pado_now);
	crypt_random(d->secret, sizeof(d->secret));
}

void pppoe_disc_free(struct pppoe_disc *d)
{
	pppoe_later_free(&d->later);
}

static void put_header(struct wr *w, uint8_t code, uint16_t sid)
{
	wr_u8(w, PPPOE_VERTYPE);
	wr_u8(w, code);
	wr_u16(w, sid);
	wr_u16(w, 0);
}

/* False: it does not fit, and nothing has been sent. */
static bool finish(struct pppoe_disc *d, struct wr *w,
		   const struct pppoe_client *to)
{
	if (w->err)
		return false;
	wr_patch_u16(w, 4, (uint16_t)(wr_len(w) - PPPOE_HLEN));
	if (to)
		d->ops->send(d, to, w->start, wr_len(w));
	return true;
}

/* Who gets it must send it back, in time: an HMAC over all that we know of him. */
static void make_cookie(const struct pppoe_disc *d,
			const struct pppoe_client *c, int64_t period,
			uint8_t out[MD5_LEN])
{
	uint8_t b[22];
	struct wr w = wr_make(b, sizeof(b));
	struct crypt_part part = { b, sizeof(b) };

	wr_u32(&w, c->ifindex);
	wr_u16(&w, c->vlan_outer);
	wr_u16(&w, c->vlan_inner);
	wr_bytes(&w, c->mac, sizeof(c->mac));
	wr_u64(&w, (uint64_t)period);
	crypt_hmac_md5(out, d->secret, sizeof(d->secret), &part, 1);
}

/* Of this period, or the one before. */
static bool cookie_good(const struct pppoe_disc *d, const struct frame *f,
			msec_t now)
{
	uint8_t want[MD5_LEN];

	if (!f->tags.cookie.b || f->tags.cookie.len != MD5_LEN)
		return false;
	for (int i = 0; i < 2; i++) {
		make_cookie(d, f->from, now / COOKIE_TIME - i, want);
		if (crypt_equal(f->tags.cookie.b, want, MD5_LEN))
			return true;
	}
	return false;
}

static bool any_service(const struct pppoe_conf *conf)
{
	return !conf->services || !conf->services[0];
}

/* An empty name asks for any service. */
static bool service_offered(const struct pppoe_conf *conf,
			    const struct pppoe_tag *t)
{
	if (t->len > SERVICE_MAX || (t->len && memchr(t->b, '\0', t->len)))
		return false;
	if (!t->len || any_service(conf))
		return true;
	for (size_t i = 0; conf->services[i]; i++) {
		if (pppoe_tag_is(t, conf->services[i]))
			return true;
	}
	return false;
}

/* All that is offered, as far as there is room. */
static void put_services(struct wr *w, const struct pppoe_conf *conf,
			 const struct pppoe_tag *asked)
{
	for (size_t i = 0; !any_service(conf) && conf->services[i]; i++) {
		const char *s = conf->services[i];
		size_t len = strlen(s);

		if (pppoe_tag_is(asked, s))
			continue;
		if ((size_t)(w->end - w->p) < 4 + len)
			return;
		pppoe_tag_put(w, PPPOE_TAG_SERVICE_NAME, s, len);
	}
}

/* RFC 4638: what client and port can both do, if that is more than 1492. */
static uint16_t max_payload(const struct frame *f)
{
	struct rd r = rd_make(f->tags.max_payload.b, f->tags.max_payload.len);
	uint16_t asked = f->tags.max_payload.len == 2 ? rd_u16(&r) : 0;

	if (asked > f->conf->max_payload)
		asked = f->conf->max_payload;
	return asked > PPPOE_MRU_MAX ? asked : PPPOE_MRU_MAX;
}

static void put_max_payload(struct wr *w, const struct frame *f)
{
	uint16_t max = max_payload(f);
	uint8_t b[2] = { (uint8_t)(max >> 8), (uint8_t)max };

	if (max > PPPOE_MRU_MAX)
		pppoe_tag_put(w, PPPOE_TAG_MAX_PAYLOAD, b, sizeof(b));
}

static void put_echoes(struct wr *w, const struct pppoe_tags *t)
{
	pppoe_tag_echo(w, PPPOE_TAG_SERVICE_NAME, &t->service);
	pppoe_tag_echo(w, PPPOE_TAG_HOST_UNIQ, &t->host_uniq);
	pppoe_tag_echo(w, PPPOE_TAG_RELAY_SESSION_ID, &t->relay);
}

/* At once, or later, or not at all: as the port says. */
static void send_pado(struct pppoe_disc *d, const struct frame *f, msec_t now)
{
	const struct pppoe_conf *conf = f->conf;
	uint8_t buf[FRAME_MAX], cookie[MD5_LEN];
	struct wr w = wr_make(buf, sizeof(buf));

	if (conf->delay < 0) {
		d->count.pado_withheld++;
		return;
	}
	make_cookie(d, f->from, (now + conf->delay) / COOKIE_TIME, cookie);
	put_header(&w, PPPOE_CODE_PADO, 0);
	pppoe_tag_put(&w, PPPOE_TAG_AC_NAME, conf->ac_name,
		      strlen(conf->ac_name));
	pppoe_tag_put(&w, PPPOE_TAG_AC_COOKIE, cookie, sizeof(cookie));
	put_max_payload(&w, f);
	put_echoes(&w, &f->tags);
	put_services(&w, conf, &f->tags.service);
	if (!finish(d, &w, conf->delay ? NULL : f->from))
		d->count.rx_malformed++;
	else if (!conf->delay)
		d->count.tx_pado++;
	else if (pppoe_later_put(&d->later, now + conf->delay, f->from, buf,
				 wr_len(&w)))
		d->count.pado_delayed++;
	else
		d->count.pado_no_room++;
}

/* sid 0: an error, which the tag names, and a text explains. */
static bool send_pads(struct pppoe_disc *d, const struct frame *f, uint16_t sid,
		      enum pppoe_tag_type error, const char *text)
{
	uint8_t buf[FRAME_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	put_header(&w, PPPOE_CODE_PADS, sid);
	if (sid)
		put_max_payload(&w, f);
	else
		pppoe_tag_put(&w, error, text, text ? strlen(text) : 0);
	put_echoes(&w, &f->tags);
	if (!finish(d, &w, f->from))
		return false;
	d->count.tx_pads++;
	return true;
}

/* AC-Name is whom the client has chosen. */
static bool another_ac(const struct frame *f)
{
	return f->tags.ac_name.b && f->tags.ac_name.len &&
	       !pppoe_tag_is(&f->tags.ac_name, f->conf->ac_name);
}

/* What PADI and PADR have in common; false: it is counted, and that is all. */
static bool request_good(struct pppoe_disc *d, const struct frame *f,
			 size_t max)
{
	if ((size_t)f->len + PPPOE_HLEN > max)
		d->count.rx_oversized++;
	else if (f->sid || !f->tags.service.b)
		d->count.rx_malformed++;
	else if (another_ac(f))
		d->count.rx_other_ac++;
	else
		return true;
	return false;
}

static void rx_padi(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	d->count.rx_padi++;
	if (!request_good(d, f, PADI_MAX))
		return;
	if (service_offered(f->conf, &f->tags.service))
		send_pado(d, f, now);
	else
		d->count.rx_unknown_service++;
}

static void open_session(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	const struct pppoe_tag *uniq = &f->tags.host_uniq;
	char service[SERVICE_MAX + 1];
	struct line line = { 0 };
	struct pppoe_request r = { .service = service,
				   .max_payload = max_payload(f) };
	uint16_t sid;

	memcpy(service, f->tags.service.b, f->tags.service.len);
	service[f->tags.service.len] = '\0';
	if (uniq->b)
		r.host_uniq = hash_bytes(uniq->b, uniq->len) | 1;
	if (f->conf->line && f->tags.line.b) {
		d->count.rx_bad_line += pppoe_vendor_read(&line, &f->tags.line);
		r.line = &line;
	}
	sid = d->ops->session(d, f->from, &r, now);
	if (!sid)
		d->count.refused++;
	if (send_pads(d, f, sid, PPPOE_TAG_AC_SYSTEM_ERROR, r.refused) && sid)
		d->ops->started(d, f->from, sid, now);
}

static void rx_padr(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	d->count.rx_padr++;
	if (!request_good(d, f, FRAME_MAX))
		return;
	if (!f->to_us) {
		d->count.rx_unexpected++;
	} else if (!cookie_good(d, f, now)) {
		d->count.rx_bad_cookie++;
	} else if (!service_offered(f->conf, &f->tags.service)) {
		d->count.rx_unknown_service++;
		send_pads(d, f, 0, PPPOE_TAG_SERVICE_NAME_ERROR, NULL);
	} else {
		open_session(d, now, f);
	}
}

static void rx_padt(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	d->count.rx_padt++;
	if (!f->sid)
		d->count.rx_malformed++;
	else if (!f->to_us)
		d->count.rx_unexpected++;
	else if (!d->ops->ended(d, f->from, f->sid, now))
		d->count.rx_unknown_session++;
}

static const struct code {
	uint8_t code;
	enum pppoe_source_kind kind;
	void (*rx)(struct pppoe_disc *d, msec_t now, struct frame *f);
} codes[] = {
	{ PPPOE_CODE_PADI, PPPOE_SOURCE_SETUP, rx_padi },
	{ PPPOE_CODE_PADR, PPPOE_SOURCE_SETUP, rx_padr },
	{ PPPOE_CODE_PADT, PPPOE_SOURCE_END, rx_padt },
};

static const struct code *find_code(uint8_t code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return &codes[i];
	return NULL;
}

static uint64_t source_of(const struct pppoe_client *c)
{
	uint8_t b[14];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, c->ifindex);
	wr_u16(&w, c->vlan_outer);
	wr_u16(&w, c->vlan_inner);
	wr_bytes(&w, c->mac, sizeof(c->mac));
	return hash_bytes(b, sizeof(b));
}

static bool too_often(struct pppoe_disc *d, const struct frame *f,
		      enum pppoe_source_kind kind, msec_t now)
{
	return !pppoe_source_take(&d->sources, source_of(f->from), kind,
				  kind == PPPOE_SOURCE_END ?
					  f->conf->end_rate :
					  f->conf->setup_rate,
				  now);
}

void pppoe_disc_input(struct pppoe_disc *d, msec_t now,
		      const struct pppoe_client *from, bool to_us,
		      const void *frame, size_t len)
{
	struct rd r = rd_make(frame, len);
	struct pppoe_conf conf;
	struct frame f = { .from = from, .conf = &conf, .to_us = to_us };
	uint8_t vertype = rd_u8(&r);
	const struct code *code = find_code(rd_u8(&r));

	f.sid = rd_u16(&r);
	f.len = rd_u16(&r);
	f.payload = rd_sub(&r, f.len);
	if (r.err || vertype != PPPOE_VERTYPE)
		d->count.rx_malformed++;
	else if (!code)
		d->count.rx_unexpected++;
	else if (!d->ops->port(d, from, &conf))
		d->count.rx_no_port++;
	else if (too_often(d, &f, code->kind, now))
		d->count.rx_too_often++;
	else if (pppoe_tags_parse(&f.tags, &f.payload))
		d->count.rx_malformed++;
	else
		code->rx(d, now, &f);
}

void pppoe_disc_end(struct pppoe_disc *d, const struct pppoe_client *c,
		    uint16_t sid)
{
	uint8_t buf[PPPOE_HLEN];
	struct wr w = wr_make(buf, sizeof(buf));

	put_header(&w, PPPOE_CODE_PADT, sid);
	if (finish(d, &w, c))
		d->count.tx_padt++;
}
