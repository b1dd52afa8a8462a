// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LCP (RFC 1661 5.8, 5.9, 6): its option table, magic numbers and loops, echo,
 * Protocol-Reject, and LCP that another negotiator has done (RFC 2661 4.4.5).
 * link.c calls it.
 *
 * What a tunnel cannot keep is not promised: address and control field and
 * protocol field stay whole, no alternative FCS, no ACCM (RFC 2516 7).
 */
#include "ppp/lcp.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "base/timer.h"
#include "ppp/cp_rx.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

enum lcp_code {
	LCP_PROTOCOL_REJECT = 8,
	LCP_ECHO_REQUEST,
	LCP_ECHO_REPLY,
	LCP_DISCARD_REQUEST,
	LCP_IDENTIFICATION, /* RFC 1570 */
	LCP_TIME_REMAINING,
};

enum lcp_number {
	LCP_MRU = 1,
	LCP_ACCM = 2,
	LCP_AUTH = 3,
	LCP_MAGIC = 5,
	LCP_PFC = 7,
	LCP_ACFC = 8,
};

static struct lcp *lcp_of(struct cp *c)
{
	return container_of(c, struct lcp, cp);
}

static uint32_t new_magic(void)
{
	uint32_t m;

	do
		m = crypt_random_u32();
	while (!m);
	return m;
}

/* ------------------------------------------------------------------ options */

static bool mru_ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	struct lcp *l = lcp_of(c);

	(void)o;
	if (!l->conf.mru || l->no_mru)
		return false;
	wr_u16(w, l->ours.mru);
	return true;
}

static enum cp_verdict mru_check(struct cp *c, const struct cp_option *o,
				 struct rd *value, struct wr *better)
{
	struct lcp *l = lcp_of(c);
	uint16_t mru = rd_u16(value);

	(void)o;
	if (mru < LCP_MRU_MIN || mru > l->conf.peer_mru_max) {
		wr_u16(better, l->conf.peer_mru_max);
		return CP_NAK;
	}
	l->wish.mru = mru;
	return CP_ACK;
}

/* A smaller one is granted, for a larger one we have no room. */
static bool mru_refused(struct cp *c, const struct cp_option *o,
			struct rd *value)
{
	struct lcp *l = lcp_of(c);
	uint16_t mru;

	(void)o;
	if (!value) {
		l->no_mru = true;
		l->ours.mru = LCP_MRU_DEFAULT;
		return true;
	}
	mru = rd_u16(value);
	if (mru >= LCP_MRU_MIN && mru < l->ours.mru)
		l->ours.mru = mru;
	return true;
}

static bool auth_ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	struct lcp *l = lcp_of(c);

	(void)o;
	if (!l->ours.auth)
		return false;
	wr_u16(w, (uint16_t)l->ours.auth);
	if (l->ours.auth == PPP_PROTO_CHAP)
		wr_u8(w, PPP_CHAP_MD5);
	else if (l->ours.auth == PPP_AUTH_MSCHAPV2)
		wr_u8(w, PPP_CHAP_MSCHAPV2);
	return true;
}

/* Of an option's value; UINT32_MAX: CHAP with an algorithm that is not known. */
static uint32_t read_auth(struct rd *value)
{
	uint16_t proto = rd_u16(value);

	if (proto != PPP_PROTO_CHAP)
		return proto;
	switch (rd_u8(value)) {
	case PPP_CHAP_MD5:
		return PPP_PROTO_CHAP;
	case PPP_CHAP_MSCHAPV2:
		return PPP_AUTH_MSCHAPV2;
	default:
		return UINT32_MAX;
	}
}

/* Next is what the peer proposes, if that is in our list, else the list's next. */
static bool auth_refused(struct cp *c, const struct cp_option *o,
			 struct rd *value)
{
	struct lcp *l = lcp_of(c);
	uint32_t proposed = value ? read_auth(value) : 0;
	size_t next = LCP_AUTH_MAX;

	(void)o;
	for (size_t i = 0; i < LCP_AUTH_MAX; i++) {
		uint32_t p = l->conf.auth[i];

		if (p == l->ours.auth)
			l->auth_tried |= 1u << i;
		if (!p || l->auth_tried & 1u << i)
			continue;
		if (next == LCP_AUTH_MAX || p == proposed)
			next = i;
	}
	if (next == LCP_AUTH_MAX) {
		l->no_auth = true;
		return false;
	}
	l->ours.auth = l->conf.auth[next];
	return true;
}

static bool magic_ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	struct lcp *l = lcp_of(c);

	(void)o;
	wr_u32(w, l->ours.magic);
	return l->ours.magic;
}

/* RFC 1661 6.4. In a loop our own request is what comes in. */
static enum cp_verdict magic_check(struct cp *c, const struct cp_option *o,
				   struct rd *value, struct wr *better)
{
	struct lcp *l = lcp_of(c);
	uint32_t magic = rd_u32(value);

	(void)o;
	if (magic && magic == l->ours.magic) {
		l->loops++;
		wr_u32(better, new_magic());
		return CP_NAK_ONLY;
	}
	l->loops = 0;
	if (!magic) {
		wr_u32(better, new_magic());
		return CP_NAK;
	}
	l->wish.magic = magic;
	return CP_ACK;
}

static bool magic_refused(struct cp *c, const struct cp_option *o,
			  struct rd *value)
{
	(void)o;
	lcp_of(c)->ours.magic = value ? new_magic() : 0;
	return true;
}

static const struct cp_option options[] = {
	{ .number = LCP_MRU, /* RFC 1661 6.1 */
	  .name = "mru",
	  .len_min = 2,
	  .len_max = 2,
	  .ask = mru_ask,
	  .check = mru_check,
	  .refused = mru_refused },
	{ .number = LCP_ACCM, .name = "accm", .len_min = 4, .len_max = 4 },
	{ .number = LCP_AUTH, /* 6.2; a peer that asks it of us is refused */
	  .name = "auth",
	  .len_min = 2,
	  .len_max = 64,
	  .ask = auth_ask,
	  .refused = auth_refused },
	{ .number = LCP_MAGIC, /* 6.4 */
	  .name = "magic",
	  .len_min = 4,
	  .len_max = 4,
	  .ask = magic_ask,
	  .check = magic_check,
	  .refused = magic_refused },
	{ .number = LCP_PFC, .name = "pfc" }, /* 6.5 */
	{ .number = LCP_ACFC, .name = "acfc" }, /* 6.6 */
};

static void lcp_reset(struct cp *c)
{
	struct lcp *l = lcp_of(c);

	l->ours = (struct lcp_side){
		.mru = l->conf.mru ? l->conf.mru : LCP_MRU_DEFAULT,
		.auth = l->conf.auth[0],
		.magic = new_magic(),
	};
	l->auth_tried = 0;
	l->no_mru = false;
	l->no_auth = false;
}

static void lcp_begin(struct cp *c)
{
	lcp_of(c)->wish = (struct lcp_side){ .mru = LCP_MRU_DEFAULT };
}

static void lcp_take(struct cp *c)
{
	lcp_of(c)->peer = lcp_of(c)->wish;
}

/* -------------------------------------------------------------------- codes */

/* An Echo-Request with our own magic number has come back to us. */
static void rx_echo_request(struct lcp *l, msec_t now,
			    const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	uint32_t magic = rd_u32(&r);

	if (r.err)
		return;
	if (magic && magic == l->ours.magic && l->cp.state == CP_OPENED) {
		l->loops++;
		return;
	}
	l->loops = 0;
	cp_packet_event(&l->cp, now, CP_RXR, p);
}

static void lcp_reply(struct cp *c, const struct cp_packet *p)
{
	uint8_t buf[CP_PACKET_MAX];
	struct wr w = wr_make(buf, c->mtu - CP_HLEN);

	if (p->code != LCP_ECHO_REQUEST)
		return;
	wr_u32(&w, lcp_of(c)->ours.magic);
	wr_bytes(&w, p->data + 4, p->len - 4);
	cp_send(c, LCP_ECHO_REPLY, p->id, buf, wr_len(&w));
}

static void rx_protocol_reject(struct lcp *l, msec_t now,
			       const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	uint16_t proto = rd_u16(&r);

	if (r.err || l->cp.state != CP_OPENED)
		return;
	if (proto == PPP_PROTO_LCP)
		cp_packet_event(&l->cp, now, CP_RXJ_MINUS, p);
	else
		l->owner->protocol_rejected(l, now, proto);
}

/* A shorter one is an answer to another question. */
static void rx_echo_reply(struct lcp *l, msec_t now, const struct cp_packet *p)
{
	bool probed = l->probe_len && p->id == l->probe_id &&
		      p->len + CP_HLEN >= l->probe_len;

	cp_packet_event(&l->cp, now, CP_RXR, p);
	if (!probed || l->cp.state != CP_OPENED)
		return;
	l->probe_len = 0;
	l->owner->probed(l, now);
}

static bool lcp_other(struct cp *c, msec_t now, const struct cp_packet *p)
{
	switch (p->code) {
	case LCP_PROTOCOL_REJECT:
		rx_protocol_reject(lcp_of(c), now, p);
		return true;
	case LCP_ECHO_REQUEST:
		rx_echo_request(lcp_of(c), now, p);
		return true;
	case LCP_ECHO_REPLY:
		rx_echo_reply(lcp_of(c), now, p);
		return true;
	case LCP_DISCARD_REQUEST:
	case LCP_IDENTIFICATION:
	case LCP_TIME_REMAINING:
		cp_packet_event(c, now, CP_RXR, p);
		return true;
	}
	return false;
}

static const struct cp_proto lcp_proto = {
	.number = PPP_PROTO_LCP,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.reset = lcp_reset,
	.begin = lcp_begin,
	.take = lcp_take,
	.other = lcp_other,
	.reply = lcp_reply,
};

void lcp_init(struct lcp *l, const struct lcp_conf *conf,
	      const struct lcp_owner *owner)
{
	*l = (struct lcp){ .owner = owner,
			   .conf = *conf,
			   .echo_at = MSEC_NEVER };
	cp_init(&l->cp, &lcp_proto, &owner->cp);
	l->cp.id = (uint8_t)crypt_random_u16();
	lcp_reset(&l->cp);
	lcp_begin(&l->cp);
	lcp_take(&l->cp);
}

enum ppp_rx lcp_input(struct lcp *l, msec_t now, const void *packet, size_t len)
{
	enum ppp_rx rx = cp_input(&l->cp, now, packet, len);

	if (l->loops >= LCP_LOOPS) {
		l->loops = 0;
		l->owner->looped(l, now);
	}
	return rx;
}

static void send_echo(struct lcp *l)
{
	uint8_t b[4];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, l->ours.magic);
	cp_send(&l->cp, LCP_ECHO_REQUEST, ++l->echo_id, b, wr_len(&w));
}

void lcp_probe(struct lcp *l, uint16_t len)
{
	uint8_t b[CP_PACKET_MAX] = { 0 };
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, l->ours.magic);
	l->probe_id = ++l->echo_id;
	l->probe_len = len;
	cp_send(&l->cp, LCP_ECHO_REQUEST, l->probe_id, b, len - CP_HLEN);
}

void lcp_keepalive_start(struct lcp *l, msec_t now, unsigned int interval,
			 unsigned int failures)
{
	l->echo_interval = SECONDS(interval);
	l->echo_failures = failures;
	l->echo_missed = 0;
	l->echo_at = interval ? now + l->echo_interval : MSEC_NEVER;
	l->last_rx = now;
}

void lcp_keepalive_spread(struct lcp *l, msec_t now)
{
	if (!l->echo_interval)
		return;
	l->echo_at = now + 1 + crypt_random_u32() % l->echo_interval;
	l->last_rx = l->echo_at - l->echo_interval;
}

bool lcp_keepalive(struct lcp *l, msec_t now)
{
	if (now < l->echo_at)
		return true;
	if (l->last_rx >= l->echo_at - l->echo_interval)
		l->echo_missed = 0; /* heard since the last request */
	if (l->last_rx + l->echo_interval > now) {
		l->echo_at = l->last_rx + l->echo_interval;
		return true;
	}
	if (l->echo_missed && l->echo_missed >= l->echo_failures)
		return false;
	l->echo_missed++;
	l->echo_at = now + l->echo_interval;
	send_echo(l);
	return true;
}

void lcp_time_remaining(struct lcp *l, uint32_t seconds)
{
	uint8_t b[8];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, l->ours.magic);
	wr_u32(&w, seconds);
	cp_send(&l->cp, LCP_TIME_REMAINING, ++l->cp.notice_id, b, wr_len(&w));
}

void lcp_protocol_reject(struct lcp *l, const void *frame, size_t len)
{
	size_t max = l->cp.mtu - CP_HLEN;

	cp_send(&l->cp, LCP_PROTOCOL_REJECT, ++l->cp.notice_id, frame,
		len < max ? len : max);
}

/* -------------------------------------------------------------------- proxy */

/* What may stand in an exchange that we adopt: a side's own options, and those
 * that say what it can receive, which binds us to nothing.
 */
static const char *adopt_side(struct lcp_side *s, const void *b, size_t len,
			      bool sent)
{
	struct rd r = rd_make(b, len);
	struct rd value;
	uint8_t number;

	*s = (struct lcp_side){ .mru = LCP_MRU_DEFAULT };
	while (cp_next_option(&r, &number, &value)) {
		switch (number) {
		case LCP_MRU:
			s->mru = rd_u16(&value);
			break;
		case LCP_AUTH:
			s->auth = read_auth(&value);
			break;
		case LCP_MAGIC:
			s->magic = rd_u32(&value);
			break;
		case LCP_ACCM:
		case LCP_PFC:
		case LCP_ACFC:
			break;
		default:
			return sent ? "proxy LCP: unknown option sent" :
				      "proxy LCP: unknown option received";
		}
		if (value.err)
			return "proxy LCP: malformed option";
	}
	return r.err ? "proxy LCP: malformed options" : NULL;
}

static bool auth_allowed(const struct lcp *l, uint32_t auth)
{
	for (size_t i = 0; i < LCP_AUTH_MAX; i++) {
		if (l->conf.auth[i] == auth)
			return auth || !i;
		if (!l->conf.auth[i])
			break;
	}
	return false;
}

const char *lcp_adopt(struct lcp *l, const struct lcp_proxy *p)
{
	struct lcp_side ours, peer;
	const char *text;

	if (!p->sent || !p->received)
		return "proxy LCP: none";
	if (p->sent_len > CP_OPTIONS_MAX || p->received_len > CP_OPTIONS_MAX)
		return "proxy LCP: too long";
	text = adopt_side(&ours, p->sent, p->sent_len, true);
	if (!text)
		text = adopt_side(&peer, p->received, p->received_len, false);
	if (text)
		return text;
	if (!auth_allowed(l, ours.auth))
		return "proxy LCP: authentication protocol is not allowed";
	if (peer.auth)
		return "proxy LCP: the peer demands authentication";
	if (ours.mru > p->mru_max)
		return "proxy LCP: MRU is too large";
	if (peer.mru < LCP_MRU_MIN)
		return "proxy LCP: the peer's MRU is too small";
	if (ours.magic && ours.magic == peer.magic)
		return "proxy LCP: both ends have one magic number";
	l->ours = ours;
	l->peer = peer;
	cp_set_opened(&l->cp, l->cp.id);
	return NULL;
}
