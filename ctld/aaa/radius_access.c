/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of authentication; see radius_access.h. What is read is a table
 * at the end, and aaa/radius_grant's. Called by aaa/radius_client.
 */
#include "aaa/radius_access.h"

#include "aaa/dictionary.h"
#include "aaa/radius_grant.h"
#include "aaa/radius_number.h"
#include "adit/wire.h"
#include "base/log.h"

#include <errno.h>
#include <string.h>

/* ------------------------------------------------------------------- request */

static void put_chap(struct wr *w, const struct aaa_request *r)
{
	uint8_t b[1 + 16] = { r->id };

	if (r->response_len != sizeof(b) - 1) {
		w->err = true;
		return;
	}
	memcpy(b + 1, r->response, r->response_len);
	radius_put(w, RADIUS_CHAP_PASSWORD, b, sizeof(b));
	radius_put(w, RADIUS_CHAP_CHALLENGE, r->challenge, r->challenge_len);
}

/* RFC 2548 2.3.2: the flags come first, not last. */
static void put_mschapv2(struct wr *w, const struct aaa_request *r)
{
	uint8_t b[2 + MSCHAP_RESPONSE_LEN - 1] = { r->id };

	if (r->response_len != MSCHAP_RESPONSE_LEN ||
	    r->challenge_len != MSCHAP_CHALLENGE_LEN) {
		w->err = true;
		return;
	}
	b[1] = r->response[MSCHAP_RESPONSE_LEN - 1];
	memcpy(b + 2, r->response, MSCHAP_RESPONSE_LEN - 1);
	radius_put_vendor(w, RADIUS_MICROSOFT, RADIUS_MS_CHAP_CHALLENGE,
			  r->challenge, r->challenge_len);
	radius_put_vendor(w, RADIUS_MICROSOFT, RADIUS_MS_CHAP2_RESPONSE, b,
			  sizeof(b));
}

static void put_credentials(struct wr *w, const struct aaa_request *r,
			    const char *secret)
{
	if (r->proto == PPP_PROTO_PAP)
		radius_put_password(w, secret, r->response, r->response_len);
	else if (r->proto == PPP_PROTO_CHAP)
		put_chap(w, r);
	else if (r->proto == PPP_AUTH_MSCHAPV2)
		put_mschapv2(w, r);
	else
		w->err = true;
}

/* RFC 4679. Its rates have 32 bits; ANCP's line type is none of its own. */
static void put_line(struct wr *w, const struct line *l)
{
	for (enum line_field f = 0; f < LINE_FIELDS; f++) {
		const struct line_info *info = line_info(f);
		const uint8_t *b;
		uint64_t v;
		size_t len;

		if (!line_has(l, f) || f == LINE_TYPE)
			continue;
		if (info->kind == LINE_IS_ID || info->kind == LINE_IS_OCTETS) {
			b = line_bytes(l, f, &len);
			radius_put_vendor(w, LINE_VENDOR, info->number, b, len);
			continue;
		}
		v = line_number(l, f);
		if (f != LINE_IWF)
			radius_put_vendor_u32(w, LINE_VENDOR, info->number,
					      v < UINT32_MAX ? (uint32_t)v :
							       UINT32_MAX);
		else if (v) /* it being there says it */
			radius_put_vendor(w, LINE_VENDOR, info->number, "", 0);
	}
}

void radius_port_put(struct wr *w, const struct aaa_port *p)
{
	radius_put_u32(w, RADIUS_NAS_PORT_TYPE, p->type);
	radius_put_u32(w, RADIUS_NAS_PORT, p->number);
	radius_put_text(w, RADIUS_NAS_PORT_ID, p->id);
	radius_put_text(w, RADIUS_CALLED_STATION_ID, p->called);
	radius_put_text(w, RADIUS_CALLING_STATION_ID, p->calling);
	radius_put_text(w, RADIUS_CONNECT_INFO, p->connect);
	radius_put_text(w, RADIUS_ACCT_SESSION_ID, p->session);
	put_line(w, p->line);
}

void radius_access_put_nas(struct wr *w, const struct radius_nas *nas)
{
	if (nas->address.family)
		radius_put(w,
			   nas->address.family == AF_INET ?
				   RADIUS_NAS_IP_ADDRESS :
				   RADIUS_NAS_IPV6_ADDRESS,
			   nas->address.b, addr_len(&nas->address));
	radius_put_text(w, RADIUS_NAS_IDENTIFIER, nas->identifier);
}

int radius_access_put(struct wr *w, const struct radius_nas *nas,
		      const struct aaa_request *r, const char *secret)
{
	radius_put_text(w, RADIUS_USER_NAME, r->name);
	put_credentials(w, r, secret);
	radius_access_put_nas(w, nas);
	radius_put_u32(w, RADIUS_SERVICE_TYPE,
		       r->service == AAA_OUTBOUND ? RADIUS_SERVICE_OUTBOUND :
						    RADIUS_SERVICE_FRAMED);
	radius_put_u32(w, RADIUS_FRAMED_PROTOCOL, RADIUS_FRAMED_PPP);
	radius_port_put(w, &r->port);
	radius_extra_put(nas->extra, w);
	return w->err ? -EINVAL : 0;
}

/* --------------------------------------------------------------------- reply */

struct reading {
	const struct aaa_request *request;
	const struct radius_reply *reply;
	struct radius_answer *out;
};

/* Each reads one attribute; false: it cannot be so. */
typedef bool read_fn(struct reading *x, const struct radius_attribute *a);

static bool number(const struct radius_attribute *a, uint32_t *v)
{
	struct rd r = rd_make(a->value, a->len);

	*v = rd_u32(&r);
	return !r.err && !rd_left(&r);
}

/* Whom it grants something else than PPP, it does not grant PPP. Of a domain some
 * servers say the one, some the other.
 */
static bool read_service(struct reading *x, const struct radius_attribute *a)
{
	bool outbound = x->request->service == AAA_OUTBOUND;
	uint32_t v;

	if (!number(a, &v) || (v != RADIUS_SERVICE_FRAMED &&
			       !(outbound && v == RADIUS_SERVICE_OUTBOUND)))
		x->out->reply.verdict = AAA_REJECT;
	return true;
}

/* Several are one text (RFC 2865 5.18). */
static bool read_message(struct reading *x, const struct radius_attribute *a)
{
	size_t used = strlen(x->out->message);
	size_t room = sizeof(x->out->message) - 1 - used;

	memcpy(x->out->message + used, a->value, a->len < room ? a->len : room);
	x->out->reply.message = x->out->message;
	return true;
}

static bool read_tunnel(struct reading *x, const struct radius_attribute *a)
{
	if (!a->len || memchr(a->value, 0, a->len))
		return false;
	memcpy(x->out->tunnel, a->value, a->len);
	x->out->tunnel[a->len] = 0;
	x->out->reply.tunnel = x->out->tunnel;
	return true;
}

static bool read_proof(struct reading *x, const struct radius_attribute *a)
{
	const struct aaa_request *r = x->request;

	if (r->proto != PPP_AUTH_MSCHAPV2 || a->len != 1 + MSCHAP_PROOF_LEN ||
	    a->value[0] != r->id || memcmp(a->value + 1, "S=", 2))
		return false;
	memcpy(x->out->proof, a->value + 1, MSCHAP_PROOF_LEN);
	x->out->reply.proof = x->out->proof;
	return true;
}

static const struct {
	uint32_t vendor;
	uint8_t type;
	bool any_verdict; /* of a reject too */
	read_fn *read;
} readers[] = {
	{ 0, RADIUS_SERVICE_TYPE, false, read_service },
	{ 0, RADIUS_REPLY_MESSAGE, true, read_message },
	{ RADIUS_MICROSOFT, RADIUS_MS_CHAP2_SUCCESS, false, read_proof },
	{ RADIUS_ERX, RADIUS_ERX_TUNNEL_GROUP, false, read_tunnel },
};

/* What has become of an attribute, by all that may read it. */
struct fate {
	bool taken, bad;
};

static struct fate read_one(struct reading *x, const struct radius_attribute *a,
			    bool accept)
{
	struct fate f = { .bad = false };

	if (accept) {
		enum radius_grants g =
			radius_grant_read(&x->out->reply.grant, a);
		enum radius_tunnel_verdict t =
			radius_tunnel_read(&x->out->tunnels, x->reply, a);

		f.taken = g == RADIUS_GRANTS || t == RADIUS_TUNNEL_TAKEN;
		f.bad = g == RADIUS_GRANTS_BADLY || t == RADIUS_TUNNEL_BAD;
	}
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (readers[i].vendor != a->vendor ||
		    readers[i].type != a->type ||
		    !(accept || readers[i].any_verdict))
			continue;
		if (readers[i].read(x, a))
			f.taken = true;
		else
			f.bad = true;
	}
	return f;
}

/* That there is no use for it is said to who debugs only. */
static void tell(const struct dictionary *d, const struct radius_attribute *a,
		 struct fate f)
{
	char name[DICTIONARY_NAME_MAX + 1];

	if (!log_enabled(LOG_DEBUG_L) || (f.taken && !f.bad) ||
	    (!a->vendor && a->type == RADIUS_MESSAGE_AUTHENTICATOR))
		return;
	dictionary_name(d, a->vendor, a->type, name);
	log_debug(f.bad ? "radius: %s: passed over: it cannot be so" :
			  "radius: %s: passed over: there is no use for it",
		  name);
}

/* An accept that we cannot do as it says is a reject. */
static bool can_do(const struct aaa_request *r, const struct radius_answer *a)
{
	bool here = r->service == AAA_FRAMED_HERE;

	if (!here && (a->reply.tunnel || a->tunnels.n))
		return true;
	/* RFC 2868 3.1: a tunnel, and none that we can make. */
	if (!here && a->tunnels.described)
		return false;
	/* The client would take us for an impostor. */
	return r->proto != PPP_AUTH_MSCHAPV2 || a->reply.proof;
}

int radius_access_read(const struct radius_reply *reply,
		       const struct aaa_request *r,
		       const struct dictionary *names,
		       struct radius_answer *out)
{
	struct radius_walk w = radius_walk(reply);
	struct reading x = { .request = r, .reply = reply, .out = out };
	bool accept = reply->code == RADIUS_ACCESS_ACCEPT;
	struct radius_attribute a;

	/* RFC 2865 4.4: who cannot answer a challenge is rejected by it. */
	if (!accept && reply->code != RADIUS_ACCESS_REJECT &&
	    reply->code != RADIUS_ACCESS_CHALLENGE)
		return -EPROTO;
	memset(out, 0, sizeof(*out));
	out->reply.verdict = accept ? AAA_ACCEPT : AAA_REJECT;
	while (radius_next(&w, &a)) {
		struct fate f = read_one(&x, &a, accept);

		out->ignored += f.bad;
		tell(names, &a, f);
	}
	radius_tunnel_finish(&out->tunnels);
	out->reply.tunnels = out->tunnels.tunnel;
	out->reply.n_tunnels = out->tunnels.n;
	if (!can_do(r, out))
		out->reply.verdict = AAA_REJECT;
	return 0;
}
