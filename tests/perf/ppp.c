/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ppp.h. */
#include "perf/ppp.h"

#include "base/crypt.h"

#include <string.h>

#define RESTART SECONDS(3)
#define TRIES 10
#define TERMINATE_TRIES 2
#define CONTROL 0x8000 /* protocols from here on are not data */
#define SERVER_ADDRESS 0x64400001 /* 100.64.0.1 */

enum code {
	REQUEST = 1,
	ACK,
	NAK,
	REJECT,
	TERMINATE,
	TERMINATED,
	PROTOCOL_REJECT = 8,
	ECHO,
	ECHOED
};
enum { CHAP_CHALLENGE = 1, CHAP_RESPONSE, CHAP_SUCCESS, CHAP_FAILURE };
enum { PAP_REQUEST = 1, PAP_ACK, PAP_NAK };
enum { OPT_ADDRESS = 3 };

static const uint8_t no_text[1]; /* of PAP: its length, 0 */

/* ----------------------------------------------------------------- sending */

static struct wr begin(uint8_t buf[PPP_FRAME_MAX], uint16_t proto,
		       unsigned int code, uint8_t id)
{
	struct wr w = wr_make(buf, PPP_FRAME_MAX);

	wr_u16(&w, proto);
	wr_u8(&w, (uint8_t)code);
	wr_u8(&w, id);
	wr_u16(&w, 0);
	return w;
}

static void finish(struct ppp *p, struct wr *w)
{
	wr_patch_u16(w, 4, (uint16_t)(wr_len(w) - 2));
	if (!w->err)
		p->send(p, w->start, wr_len(w));
}

static void answer(struct ppp *p, uint16_t proto, unsigned int code, uint8_t id,
		   const void *body, size_t len)
{
	uint8_t buf[PPP_FRAME_MAX];
	struct wr w = begin(buf, proto, code, id);

	wr_bytes(&w, body, len);
	finish(p, &w);
}

static void send_lcp_request(struct ppp *p)
{
	uint8_t buf[PPP_FRAME_MAX];
	struct wr w = begin(buf, LCP, REQUEST, ++p->id);

	if (!p->plain_request)
		ppp_option(&w, OPT_MRU, p->mru, 2);
	ppp_option(&w, OPT_MAGIC, p->magic, 4);
	finish(p, &w);
}

static void send_ipcp_request(struct ppp *p)
{
	uint8_t buf[PPP_FRAME_MAX];
	struct wr w = begin(buf, IPCP, REQUEST, ++p->id);

	ppp_option(&w, OPT_ADDRESS, p->server ? SERVER_ADDRESS : p->address, 4);
	finish(p, &w);
}

static void send_pap(struct ppp *p)
{
	const char *password = p->options->password;
	char user[PPP_USER_MAX];
	uint8_t buf[PPP_FRAME_MAX];
	struct wr w = begin(buf, PAP, PAP_REQUEST, ++p->id);

	ppp_user(p, user);
	wr_u8(&w, (uint8_t)strlen(user));
	wr_bytes(&w, user, strlen(user));
	wr_u8(&w, (uint8_t)strlen(password));
	wr_bytes(&w, password, strlen(password));
	finish(p, &w);
}

static void send_chap(struct ppp *p, uint8_t id, const void *challenge,
		      size_t len)
{
	char user[PPP_USER_MAX];
	uint8_t buf[PPP_FRAME_MAX], md5[MD5_LEN];
	struct wr w = begin(buf, CHAP, CHAP_RESPONSE, id);

	ppp_chap_answer(md5, id, p->options->password, challenge, len);
	wr_u8(&w, sizeof(md5));
	wr_bytes(&w, md5, sizeof(md5));
	ppp_user(p, user);
	wr_bytes(&w, user, strlen(user));
	finish(p, &w);
}

/* ------------------------------------------------------------------ phases */

static void fail(struct ppp *p, msec_t now, const char *why)
{
	if (p->phase == PPP_ENDED)
		return;
	p->phase = PPP_ENDED;
	p->at = MSEC_NEVER;
	p->failed(p, now, why);
}

/* By the other side, whose CDN says more than we know: it is waited for. */
static void stopped(struct ppp *p, msec_t now, const char *why)
{
	if (p->phase == PPP_STOPPED || p->phase == PPP_CLOSING)
		return;
	p->phase = PPP_STOPPED;
	p->why = why;
	p->at = now + RESTART;
}

static void enter(struct ppp *p, msec_t now, enum ppp_phase phase)
{
	p->phase = phase;
	p->acked = p->granted = false;
	p->tries = TRIES;
	p->at = now + RESTART;
	if (phase == PPP_LCP)
		send_lcp_request(p);
	else if (phase == PPP_IPCP)
		send_ipcp_request(p);
	else if (phase == PPP_AUTH && p->auth == PAP)
		send_pap(p);
}

static void opened(struct ppp *p, msec_t now)
{
	if (!p->acked || !p->granted)
		return;
	if (p->phase == PPP_LCP) {
		enter(p, now, p->auth ? PPP_AUTH : PPP_IPCP);
	} else if (p->phase == PPP_IPCP) {
		p->phase = PPP_UP;
		p->at = MSEC_NEVER;
		p->up(p, now);
	}
}

static void terminate(struct ppp *p, msec_t now)
{
	if (!p->tries--) {
		fail(p, now, "no answer to Terminate-Request");
		return;
	}
	p->at = now + RESTART;
	answer(p, LCP, TERMINATE, ++p->id, NULL, 0);
}

void ppp_close(struct ppp *p, msec_t now)
{
	p->phase = PPP_CLOSING;
	p->tries = 1 + TERMINATE_TRIES;
	terminate(p, now);
}

void ppp_again(struct ppp *p, msec_t now)
{
	static const char *const silent[] = {
		[PPP_LCP] = "no answer to LCP",
		[PPP_AUTH] = "no answer to authentication",
		[PPP_IPCP] = "no answer to IPCP",
	};

	p->at = MSEC_NEVER;
	if (p->phase == PPP_STOPPED)
		fail(p, now, p->why);
	if (p->phase == PPP_CLOSING) {
		terminate(p, now);
		return;
	}
	if (p->phase != PPP_LCP && p->phase != PPP_AUTH && p->phase != PPP_IPCP)
		return;
	if (!p->tries--) {
		fail(p, now, silent[p->phase]);
		return;
	}
	p->at = now + RESTART;
	if (p->phase == PPP_LCP && !p->acked)
		send_lcp_request(p);
	else if (p->phase == PPP_IPCP && !p->acked)
		send_ipcp_request(p);
	else if (p->phase == PPP_AUTH && p->auth == PAP)
		send_pap(p);
}

/* ----------------------------------------------------------------- options */

struct request {
	struct wr nak, reject;
	uint8_t nak_b[PPP_FRAME_MAX], reject_b[PPP_FRAME_MAX];
};

static bool lcp_option(struct ppp *p, struct request *r, uint8_t type,
		       struct rd *v)
{
	uint16_t auth;

	switch (type) {
	case OPT_MRU:
	case OPT_ACCM:
	case OPT_MAGIC:
	case OPT_PFC:
	case OPT_ACFC:
		return true;
	case OPT_AUTH:
		auth = rd_u16(v);
		if (auth != PAP && (auth != CHAP || rd_u8(v) != CHAP_MD5))
			return false;
		if (auth == CHAP && p->options->auth == AUTH_PAP)
			ppp_option(&r->nak, OPT_AUTH, PAP, 2);
		p->auth = auth;
		return true;
	}
	return false;
}

static bool ipcp_option(struct ppp *p, struct request *r, uint8_t type,
			struct rd *v)
{
	uint32_t address = rd_u32(v);

	if (type != OPT_ADDRESS || v->err)
		return false;
	if (p->server && address != p->address)
		ppp_option(&r->nak, OPT_ADDRESS, p->address, 4);
	return true;
}

/* Ack, Nak or Reject. True: it was granted. */
static bool judge(struct ppp *p, uint16_t proto, uint8_t id, struct rd body)
{
	struct request r;
	struct rd all = body;

	r.nak = wr_make(r.nak_b, sizeof(r.nak_b));
	r.reject = wr_make(r.reject_b, sizeof(r.reject_b));
	if (proto == LCP)
		p->auth = 0;
	while (rd_left(&body)) {
		const uint8_t *start = body.p;
		uint8_t type = rd_u8(&body), len = rd_u8(&body);
		struct rd v = rd_sub(&body, len < 2 ? SIZE_MAX : len - 2u);
		bool known;

		if (body.err)
			return false;
		known = proto == LCP ? lcp_option(p, &r, type, &v) :
				       ipcp_option(p, &r, type, &v);
		if (!known)
			wr_bytes(&r.reject, start, len);
	}
	if (wr_len(&r.reject))
		answer(p, proto, REJECT, id, r.reject_b, wr_len(&r.reject));
	else if (wr_len(&r.nak))
		answer(p, proto, NAK, id, r.nak_b, wr_len(&r.nak));
	else
		answer(p, proto, ACK, id, all.p, rd_left(&all));
	return !wr_len(&r.reject) && !wr_len(&r.nak);
}

/* ------------------------------------------------------------------- input */

static void on_lcp(struct ppp *p, msec_t now, unsigned int code, uint8_t id,
		   struct rd body)
{
	uint8_t echo[4] = { (uint8_t)(p->magic >> 24),
			    (uint8_t)(p->magic >> 16), (uint8_t)(p->magic >> 8),
			    (uint8_t)p->magic };

	switch (code) {
	case REQUEST:
		if (p->server || p->phase == PPP_CLOSING)
			return; /* of a server: proxy LCP it is, or nothing */
		if (p->phase != PPP_LCP)
			enter(p, now, PPP_LCP);
		p->granted = judge(p, LCP, id, body);
		opened(p, now);
		break;
	case ACK:
		if (p->phase == PPP_LCP && id == p->id) {
			p->acked = true;
			opened(p, now);
		}
		break;
	case NAK:
	case REJECT:
		if (p->phase == PPP_LCP && id == p->id) {
			p->plain_request = true;
			send_lcp_request(p);
		}
		break;
	case TERMINATED:
		if (p->phase == PPP_CLOSING)
			fail(p, now, "terminated");
		break;
	case TERMINATE:
		answer(p, LCP, TERMINATED, id, NULL, 0);
		stopped(p, now,
			p->phase == PPP_AUTH ? "authentication failed" :
					       "terminated by the peer");
		break;
	case ECHO:
		answer(p, LCP, ECHOED, id, echo, sizeof(echo));
		break;
	}
}

static void on_auth(struct ppp *p, msec_t now, uint16_t proto,
		    unsigned int code, uint8_t id, struct rd body)
{
	uint8_t len;

	/* Our answer was lost: the same again. */
	if (p->server && proto == CHAP && code == CHAP_RESPONSE)
		answer(p, CHAP, CHAP_SUCCESS, id, NULL, 0);
	else if (p->server && proto == PAP && code == PAP_REQUEST)
		answer(p, PAP, PAP_ACK, id, no_text, sizeof(no_text));
	if (p->server || p->phase != PPP_AUTH)
		return;
	if (proto == CHAP && code == CHAP_CHALLENGE) {
		len = rd_u8(&body);
		if (len && len <= rd_left(&body))
			send_chap(p, id, body.p, len);
	} else if (proto == CHAP ? code == CHAP_SUCCESS : code == PAP_ACK) {
		enter(p, now, PPP_IPCP);
	} else if (proto == CHAP ? code == CHAP_FAILURE : code == PAP_NAK) {
		stopped(p, now, "authentication failed");
	}
}

static void on_ipcp(struct ppp *p, msec_t now, unsigned int code, uint8_t id,
		    struct rd body)
{
	/* The LNS wanted no authentication after all. */
	if (p->phase == PPP_AUTH && code == REQUEST && p->auth != PAP)
		enter(p, now, PPP_IPCP);
	if (p->phase != PPP_IPCP && !(p->phase == PPP_UP && code == REQUEST))
		return;
	switch (code) {
	case REQUEST:
		p->granted = judge(p, IPCP, id, body);
		opened(p, now);
		break;
	case ACK:
		p->acked |= id == p->id;
		opened(p, now);
		break;
	case NAK:
		rd_u16(&body); /* there was one option to refuse */
		p->address = rd_u32(&body);
		if (body.err || p->server || id != p->id)
			return;
		send_ipcp_request(p);
		break;
	case REJECT:
	case TERMINATE:
		fail(p, now, "no address");
		break;
	}
}

/* RFC 1661 5.7, of one that has no more than IPv4. */
static void reject(struct ppp *p, const uint8_t *frame, size_t len)
{
	static uint8_t rejects;

	if (len >= 2 && frame[0] == 0xff && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	if (len > PPP_FRAME_MAX / 2)
		len = PPP_FRAME_MAX / 2;
	answer(p, LCP, PROTOCOL_REJECT, ++rejects, frame, len);
}

void ppp_input(struct ppp *p, msec_t now, const void *frame, size_t len)
{
	struct rd r = rd_make(frame, len);
	uint16_t proto, length;
	unsigned int code;
	struct rd body;
	uint8_t id;

	if (rd_left(&r) >= 2 && r.p[0] == 0xff && r.p[1] == 0x03)
		rd_u16(&r);
	proto = rd_u16(&r);
	code = rd_u8(&r);
	id = rd_u8(&r);
	length = rd_u16(&r);
	body = rd_sub(&r, length < 4 ? SIZE_MAX : length - 4u);
	if (r.err || p->phase == PPP_IDLE || p->phase == PPP_ENDED)
		return;
	if (proto == LCP)
		on_lcp(p, now, code, id, body);
	else if (proto == PAP || proto == CHAP)
		on_auth(p, now, proto, code, id, body);
	else if (proto == IPCP)
		on_ipcp(p, now, code, id, body);
	else if (proto >= CONTROL &&
		 (p->phase == PPP_IPCP || p->phase == PPP_UP))
		reject(p, frame, len);
}

/* ------------------------------------------------------------------- start */

void ppp_start_client(struct ppp *p, msec_t now)
{
	if (!p->options->proxy) {
		enter(p, now, PPP_LCP);
		return;
	}
	p->phase = p->auth ? PPP_AUTH : PPP_IPCP;
	if (p->auth) {
		/* What it said of itself is with the LNS already. */
		p->tries = TRIES;
		p->at = now + RESTART;
	} else {
		enter(p, now, PPP_IPCP);
	}
}

void ppp_start_server(struct ppp *p, msec_t now, const struct wire_msg *iccn)
{
	uint16_t type = 4, id = 0;
	bool ok;

	if (!iccn->avp[WIRE_A_LAST_TX].p || !iccn->avp[WIRE_A_LAST_RX].p) {
		fail(p, now, "no proxy LCP came");
		return;
	}
	wire_get16(iccn, WIRE_A_AUTH_TYPE, &type);
	wire_get16(iccn, WIRE_A_AUTH_ID, &id);
	p->server = true;
	ok = ppp_is_right(p, iccn, type, id);
	if (type == 2)
		answer(p, CHAP, ok ? CHAP_SUCCESS : CHAP_FAILURE, (uint8_t)id,
		       NULL, 0);
	else if (type == 3)
		answer(p, PAP, ok ? PAP_ACK : PAP_NAK, (uint8_t)id, no_text,
		       sizeof(no_text));
	if (ok)
		enter(p, now, PPP_IPCP);
	else
		fail(p, now, "authentication failed");
}
