/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a subscriber is (see ppp.h): what its LAC says of it by proxy (RFC 2661 4.4.5),
 * and whether an LNS believes it.
 */
#include "perf/ppp.h"

#include "base/crypt.h"

#include <stdio.h>
#include <string.h>

void ppp_option(struct wr *w, uint8_t type, uint32_t v, size_t len)
{
	wr_u8(w, type);
	wr_u8(w, (uint8_t)(2 + len));
	if (len == 4)
		wr_u32(w, v);
	else
		wr_u16(w, (uint16_t)v);
}

void ppp_user(const struct ppp *p, char out[PPP_USER_MAX])
{
	const char *at = strstr(p->options->user, "%u");

	if (!at)
		snprintf(out, PPP_USER_MAX, "%s", p->options->user);
	else
		snprintf(out, PPP_USER_MAX, "%.*s%u%s",
			 (int)(at - p->options->user), p->options->user,
			 p->number, at + 2);
}

/* RFC 1994 4.1. */
void ppp_chap_answer(uint8_t out[MD5_LEN], uint8_t id, const char *password,
		     const void *challenge, size_t len)
{
	struct crypt_part parts[] = { { &id, 1 },
				      { password, strlen(password) },
				      { challenge, len } };

	crypt_md5(out, parts, 3);
}

/* The options of one Configure-Request; the LAC's asks for authentication. */
static size_t confreq(const struct ppp *p, uint8_t buf[PPP_FRAME_MAX], bool lac)
{
	struct wr w = wr_make(buf, PPP_FRAME_MAX);

	ppp_option(&w, OPT_MRU, p->mru, 2);
	if (lac && p->auth) {
		wr_u8(&w, OPT_AUTH);
		wr_u8(&w, p->auth == CHAP ? 5 : 4);
		wr_u16(&w, p->auth);
		if (p->auth == CHAP)
			wr_u8(&w, CHAP_MD5);
	}
	ppp_option(&w, OPT_MAGIC, lac ? ~p->magic : p->magic, 4);
	return wr_len(&w);
}

static void put_secret(const struct ppp *p, struct wr *w, enum wire_avp type,
		       const void *b, size_t len)
{
	if (p->options->hide)
		wire_put_hidden(w, type, p->options->secret, b, len);
	else
		wire_put(w, type, b, len);
}

static void put_auth(struct ppp *p, struct wr *w)
{
	const char *password = p->options->password;
	char user[PPP_USER_MAX];
	uint8_t md5[MD5_LEN];

	p->id = (uint8_t)p->number;
	wire_put16(w, WIRE_A_AUTH_TYPE,
		   p->auth == CHAP ? 2 :
		   p->auth == PAP  ? 3 :
				     4);
	if (!p->auth)
		return;
	ppp_user(p, user);
	put_secret(p, w, WIRE_A_AUTH_NAME, user, strlen(user));
	wire_put16(w, WIRE_A_AUTH_ID, p->id);
	if (p->auth == PAP) {
		put_secret(p, w, WIRE_A_AUTH_RESPONSE, password,
			   strlen(password));
		return;
	}
	crypt_random(p->challenge, sizeof(p->challenge));
	ppp_chap_answer(md5, p->id, password, p->challenge,
			sizeof(p->challenge));
	put_secret(p, w, WIRE_A_AUTH_CHALLENGE, p->challenge,
		   sizeof(p->challenge));
	put_secret(p, w, WIRE_A_AUTH_RESPONSE, md5, sizeof(md5));
}

void ppp_put_proxy(struct ppp *p, struct wr *w)
{
	static const uint16_t protos[] = {
		[AUTH_NONE] = 0, [AUTH_PAP] = PAP, [AUTH_CHAP] = CHAP
	};
	uint8_t buf[PPP_FRAME_MAX];
	size_t len;

	crypt_random(&p->magic, sizeof(p->magic));
	if (!p->options->proxy)
		return;
	p->auth = protos[p->options->auth];
	len = confreq(p, buf, false);
	wire_put(w, WIRE_A_FIRST_RX, buf, len);
	wire_put(w, WIRE_A_LAST_RX, buf, len);
	len = confreq(p, buf, true);
	wire_put(w, WIRE_A_LAST_TX, buf, len);
	put_auth(p, w);
}

bool ppp_is_right(const struct ppp *p, const struct wire_msg *m, uint16_t type,
		  uint16_t id)
{
	const struct wire_value *challenge = &m->avp[WIRE_A_AUTH_CHALLENGE];
	const struct wire_value *response = &m->avp[WIRE_A_AUTH_RESPONSE];
	const char *password = p->options->password;
	uint8_t md5[MD5_LEN];

	if (!password || type == 4)
		return true;
	if (type == 3)
		return response->p && response->len == strlen(password) &&
		       crypt_equal(response->p, password, response->len);
	if (type != 2 || !challenge->p || response->len != MD5_LEN)
		return false;
	ppp_chap_answer(md5, (uint8_t)id, password, challenge->p,
			challenge->len);
	return crypt_equal(md5, response->p, MD5_LEN);
}
