/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of authentication; see radius_access.h. What is read is a table
 * at the end. Called by aaa/radius_client.
 */
#include "aaa/radius_access.h"

#include "adit/wire.h"

#include <errno.h>
#include <string.h>

#define MICROSOFT 311
#define ERX 4874
#define SERVICE_FRAMED 2
#define FRAMED_PPP 1

/* Framed-IP-Address, RFC 2865 5.8: the user's choice, the NAS's choice. */
#define ADDRESS_USER 0xffffffff
#define ADDRESS_NAS 0xfffffffe

enum attribute {
	USER_NAME = 1,
	CHAP_PASSWORD = 3,
	NAS_IP_ADDRESS = 4,
	SERVICE_TYPE = 6,
	FRAMED_PROTOCOL = 7,
	FRAMED_IP_ADDRESS = 8,
	REPLY_MESSAGE = 18,
	SESSION_TIMEOUT = 27,
	IDLE_TIMEOUT = 28,
	CALLING_STATION_ID = 31,
	NAS_IDENTIFIER = 32,
	ACCT_SESSION_ID = 44,
	CHAP_CHALLENGE = 60,
	NAS_PORT_TYPE = 61,
	TUNNEL_TYPE = 64,
	NAS_PORT_ID = 87,
	NAS_IPV6_ADDRESS = 95,
	/* of Microsoft's */
	MS_CHAP_CHALLENGE = 11,
	MS_CHAP2_RESPONSE = 25,
	MS_CHAP2_SUCCESS = 26,
	/* of Juniper's */
	ERX_TUNNEL_GROUP = 64,
};

/* ------------------------------------------------------------------- request */

static void put_chap(struct wr *w, const struct aaa_request *r)
{
	uint8_t b[1 + 16] = { r->id };

	if (r->response_len != sizeof(b) - 1) {
		w->err = true;
		return;
	}
	memcpy(b + 1, r->response, r->response_len);
	radius_put(w, CHAP_PASSWORD, b, sizeof(b));
	radius_put(w, CHAP_CHALLENGE, r->challenge, r->challenge_len);
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
	radius_put_vendor(w, MICROSOFT, MS_CHAP_CHALLENGE, r->challenge,
			  r->challenge_len);
	radius_put_vendor(w, MICROSOFT, MS_CHAP2_RESPONSE, b, sizeof(b));
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

int radius_access_put(struct wr *w, const struct radius_nas *nas,
		      const struct aaa_request *r, const char *secret)
{
	radius_put_text(w, USER_NAME, r->name);
	put_credentials(w, r, secret);
	if (nas->address.family)
		radius_put(w,
			   nas->address.family == AF_INET ? NAS_IP_ADDRESS :
							    NAS_IPV6_ADDRESS,
			   nas->address.b, addr_len(&nas->address));
	radius_put_text(w, NAS_IDENTIFIER, nas->identifier);
	radius_put_u32(w, SERVICE_TYPE, SERVICE_FRAMED);
	radius_put_u32(w, FRAMED_PROTOCOL, FRAMED_PPP);
	radius_put_u32(w, NAS_PORT_TYPE, r->port.type);
	radius_put_text(w, NAS_PORT_ID, r->port.id);
	radius_put_text(w, CALLING_STATION_ID, r->port.calling);
	radius_put_text(w, ACCT_SESSION_ID, r->port.session);
	return w->err ? -EINVAL : 0;
}

/* --------------------------------------------------------------------- reply */

struct reading {
	const struct aaa_request *request;
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

/* No host's: of this network, loopback, multicast and above. */
static bool no_host(uint32_t v4)
{
	return !(v4 >> 24) || v4 >> 24 == 127 || v4 >> 28 >= 0xe;
}

static bool read_address(struct reading *x, const struct radius_attribute *a)
{
	uint32_t v;

	if (!number(a, &v))
		return false;
	if (v == ADDRESS_USER || v == ADDRESS_NAS)
		return true;
	if (no_host(v))
		return false;
	x->out->reply.address = addr_v4(v);
	return true;
}

/* Whom it grants something else than PPP, it does not grant PPP. */
static bool read_service(struct reading *x, const struct radius_attribute *a)
{
	uint32_t v;

	if (!number(a, &v) || v != SERVICE_FRAMED)
		x->out->reply.verdict = AAA_REJECT;
	return true;
}

static bool read_session_timeout(struct reading *x,
				 const struct radius_attribute *a)
{
	return number(a, &x->out->reply.session_timeout);
}

static bool read_idle_timeout(struct reading *x,
			      const struct radius_attribute *a)
{
	return number(a, &x->out->reply.idle_timeout);
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

static bool read_tunnel_type(struct reading *x,
			     const struct radius_attribute *a)
{
	(void)a;
	x->out->tunnelled = true;
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
	{ 0, SERVICE_TYPE, false, read_service },
	{ 0, FRAMED_IP_ADDRESS, false, read_address },
	{ 0, REPLY_MESSAGE, true, read_message },
	{ 0, SESSION_TIMEOUT, false, read_session_timeout },
	{ 0, IDLE_TIMEOUT, false, read_idle_timeout },
	{ 0, TUNNEL_TYPE, false, read_tunnel_type },
	{ MICROSOFT, MS_CHAP2_SUCCESS, false, read_proof },
	{ ERX, ERX_TUNNEL_GROUP, false, read_tunnel },
};

static void read_one(struct reading *x, const struct radius_attribute *a,
		     bool accept)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (readers[i].vendor != a->vendor ||
		    readers[i].type != a->type ||
		    !(accept || readers[i].any_verdict))
			continue;
		if (!readers[i].read(x, a))
			x->out->ignored++;
	}
}

/* An accept that we cannot do as it says is a reject. */
static bool can_do(const struct aaa_request *r, const struct radius_answer *a)
{
	if (a->reply.tunnel)
		return true;
	/* RFC 2868 3.1: of tunnels that are written out we make none. */
	if (a->tunnelled)
		return false;
	/* The client would take us for an impostor. */
	return r->proto != PPP_AUTH_MSCHAPV2 || a->reply.proof;
}

int radius_access_read(const struct radius_reply *reply,
		       const struct aaa_request *r, struct radius_answer *out)
{
	struct radius_walk w = radius_walk(reply);
	struct reading x = { .request = r, .out = out };
	bool accept = reply->code == RADIUS_ACCESS_ACCEPT;
	struct radius_attribute a;

	/* RFC 2865 4.4: who cannot answer a challenge is rejected by it. */
	if (!accept && reply->code != RADIUS_ACCESS_REJECT &&
	    reply->code != RADIUS_ACCESS_CHALLENGE)
		return -EPROTO;
	memset(out, 0, sizeof(*out));
	out->reply.verdict = accept ? AAA_ACCEPT : AAA_REJECT;
	while (radius_next(&w, &a))
		read_one(&x, &a, accept);
	if (!can_do(r, out))
		out->reply.verdict = AAA_REJECT;
	return 0;
}
