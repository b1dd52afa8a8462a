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
#include "pppoe/tag.h"

#include <string.h>

#define FRAME_MAX 1500 /* with the PPPoE header */
#define PADI_MAX 1484 /* RFC 2516 5.1: leaves room for a relay's tag */
#define SERVICE_MAX 128

/* A frame in hand. */
struct frame {
	const struct pppoe_client *from;
	bool to_us;
	uint16_t sid;
	uint16_t len; /* of all tags */
	struct rd payload;
	struct pppoe_tags tags;
};

void pppoe_disc_init(struct pppoe_disc *d, const struct pppoe_disc_ops *ops,
		     void *user)
{
	*d = (struct pppoe_disc){ .ops = ops, .user = user };
	crypt_random(d->secret, sizeof(d->secret));
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
	d->ops->send(d, to, w->start, wr_len(w));
	return true;
}

/* Who gets it must send it back: an HMAC over all that we know of him. */
static void make_cookie(const struct pppoe_disc *d,
			const struct pppoe_client *c, uint8_t out[MD5_LEN])
{
	uint8_t b[14];
	struct wr w = wr_make(b, sizeof(b));
	struct crypt_part part = { b, sizeof(b) };

	wr_u32(&w, c->ifindex);
	wr_u16(&w, c->vlan_outer);
	wr_u16(&w, c->vlan_inner);
	wr_bytes(&w, c->mac, sizeof(c->mac));
	crypt_hmac_md5(out, d->secret, sizeof(d->secret), &part, 1);
}

static bool cookie_good(const struct pppoe_disc *d, const struct frame *f)
{
	uint8_t want[MD5_LEN];

	make_cookie(d, f->from, want);
	return f->tags.cookie.b && f->tags.cookie.len == MD5_LEN &&
	       crypt_equal(f->tags.cookie.b, want, MD5_LEN);
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

static void put_echoes(struct wr *w, const struct pppoe_tags *t)
{
	pppoe_tag_echo(w, PPPOE_TAG_SERVICE_NAME, &t->service);
	pppoe_tag_echo(w, PPPOE_TAG_HOST_UNIQ, &t->host_uniq);
	pppoe_tag_echo(w, PPPOE_TAG_RELAY_SESSION_ID, &t->relay);
}

static void send_pado(struct pppoe_disc *d, const struct frame *f,
		      const struct pppoe_conf *conf)
{
	uint8_t buf[FRAME_MAX], cookie[MD5_LEN];
	struct wr w = wr_make(buf, sizeof(buf));

	make_cookie(d, f->from, cookie);
	put_header(&w, PPPOE_CODE_PADO, 0);
	pppoe_tag_put(&w, PPPOE_TAG_AC_NAME, conf->ac_name,
		      strlen(conf->ac_name));
	pppoe_tag_put(&w, PPPOE_TAG_AC_COOKIE, cookie, sizeof(cookie));
	put_echoes(&w, &f->tags);
	put_services(&w, conf, &f->tags.service);
	if (finish(d, &w, f->from))
		d->count.tx_pado++;
	else
		d->count.rx_malformed++;
}

/* sid 0: an error, which the tag names. */
static bool send_pads(struct pppoe_disc *d, const struct frame *f, uint16_t sid,
		      enum pppoe_tag_type error)
{
	uint8_t buf[FRAME_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	put_header(&w, PPPOE_CODE_PADS, sid);
	if (!sid)
		pppoe_tag_put(&w, error, NULL, 0);
	put_echoes(&w, &f->tags);
	if (!finish(d, &w, f->from))
		return false;
	d->count.tx_pads++;
	return true;
}

static void rx_padi(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	const struct pppoe_conf *conf = d->ops->port(d, f->from);

	(void)now;
	d->count.rx_padi++;
	if (!conf)
		d->count.rx_no_port++;
	else if (f->sid || !f->tags.service.b || f->len + PPPOE_HLEN > PADI_MAX)
		d->count.rx_malformed++;
	else if (!service_offered(conf, &f->tags.service))
		d->count.rx_unknown_service++;
	else
		send_pado(d, f, conf);
}

static void open_session(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	char service[SERVICE_MAX + 1];
	uint16_t sid;

	memcpy(service, f->tags.service.b, f->tags.service.len);
	service[f->tags.service.len] = '\0';
	sid = d->ops->session(d, f->from, service, now);
	if (!sid)
		d->count.refused++;
	if (send_pads(d, f, sid, PPPOE_TAG_AC_SYSTEM_ERROR) && sid)
		d->ops->started(d, f->from, sid, now);
}

static void rx_padr(struct pppoe_disc *d, msec_t now, struct frame *f)
{
	const struct pppoe_conf *conf = d->ops->port(d, f->from);

	d->count.rx_padr++;
	if (!conf) {
		d->count.rx_no_port++;
	} else if (f->sid || !f->tags.service.b ||
		   f->len + PPPOE_HLEN > FRAME_MAX) {
		d->count.rx_malformed++;
	} else if (!f->to_us) {
		d->count.rx_unexpected++;
	} else if (!cookie_good(d, f)) {
		d->count.rx_bad_cookie++;
	} else if (!service_offered(conf, &f->tags.service)) {
		d->count.rx_unknown_service++;
		send_pads(d, f, 0, PPPOE_TAG_SERVICE_NAME_ERROR);
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
	else
		d->ops->ended(d, f->from, f->sid, now);
}

void pppoe_disc_input(struct pppoe_disc *d, msec_t now,
		      const struct pppoe_client *from, bool to_us,
		      const void *frame, size_t len)
{
	struct rd r = rd_make(frame, len);
	struct frame f = { .from = from, .to_us = to_us };
	uint8_t vertype = rd_u8(&r);
	uint8_t code = rd_u8(&r);

	f.sid = rd_u16(&r);
	f.len = rd_u16(&r);
	f.payload = rd_sub(&r, f.len);
	if (r.err || vertype != PPPOE_VERTYPE ||
	    pppoe_tags_parse(&f.tags, &f.payload)) {
		d->count.rx_malformed++;
		return;
	}
	switch (code) {
	case PPPOE_CODE_PADI:
		rx_padi(d, now, &f);
		break;
	case PPPOE_CODE_PADR:
		rx_padr(d, now, &f);
		break;
	case PPPOE_CODE_PADT:
		rx_padt(d, now, &f);
		break;
	default:
		d->count.rx_unexpected++;
	}
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
