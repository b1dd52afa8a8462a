// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a LAC tells in ICRQ and ICCN, up to the PPP link of the LNS: two bytes choose
 * what host and profile say of proxy LCP and authentication, then come messages, each
 * behind its length in two bytes. What the link takes is what was said, as far as
 * policy lets it be heard.
 */
#include "bng/lns.h"

#include "adit/wire.h"
#include "base/log.h"
#include "l2tp/codec.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW SECONDS(1000)

#define check(cond)              \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

static struct l2tp_peer peer = { .name = "fuzz", .secret = "secret" };
static struct l2tp_tunnel tunnel = { .peer = &peer, .id = 1 };
static struct l2tp_call call;
static struct l2tp_session session = { .tunnel = &tunnel, .call = &call };
static struct conf_remote_host host;
static struct conf_profile profile;
static unsigned int asked, sent;

static enum conf_proxy lcp_policy(void)
{
	return host.proxy_lcp == CONF_PROXY_PROFILE ? profile.proxy_lcp :
						      host.proxy_lcp;
}

static bool auth_policy(void)
{
	return host.proxy_auth == CONF_PROXY_PROFILE ?
		       profile.proxy_auth :
		       host.proxy_auth == CONF_PROXY_ACCEPT;
}

static void on_send(struct ppp_link *l, const void *frame, size_t len)
{
	(void)l;
	check(frame && len >= 6 && len <= 1502);
	sent++;
}

/* Who it is said to be, by LCP and authentication that may be heard. */
static void on_auth(struct ppp_link *l, msec_t now)
{
	const struct ppp_auth *a = &l->record->auth;
	const struct l2tp_proxy *p = &call.proxy;

	(void)now;
	asked++;
	check(lcp_policy() != CONF_PROXY_IGNORE);
	check(p->last_rx_confreq.present && p->last_tx_confreq.present);
	check(a->proto == l->auth_proto || !l->auth_proto);
	if (!l->auth_proto)
		return;
	check(auth_policy());
	check(strlen(a->name) == p->authen_name.len &&
	      !memcmp(a->name, p->authen_name.b, p->authen_name.len));
	check(a->challenge_len <= sizeof(a->challenge) &&
	      a->response_len == p->authen_response.len &&
	      !memcmp(a->response, p->authen_response.b, a->response_len));
}

static void on_event(struct ppp_link *l, msec_t now)
{
	(void)l, (void)now;
}

static void on_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	struct subscriber *s = l->user;

	(void)now, (void)why;
	s->state = SUBSCRIBER_DEAD;
}

static const struct ppp_link_ops ops = { .send = on_send,
					 .auth = on_auth,
					 .up = on_event,
					 .down = on_down };

static void choose(uint8_t how, uint8_t auth)
{
	static const uint32_t asks[] = { PPP_PROTO_CHAP, PPP_PROTO_PAP,
					 PPP_AUTH_MSCHAPV2, 0 };

	host.proxy_lcp = how & 3;
	host.proxy_auth = how & 4 ? CONF_PROXY_PROFILE :
			  how & 8 ? CONF_PROXY_IGNORE :
				    CONF_PROXY_ACCEPT;
	profile.proxy_lcp = (how >> 4 & 3) % 3;
	profile.proxy_auth = how & 0x40;
	profile.ppp = (struct ppp_conf){ .name = "bng",
					 .mru = auth & 0x10 ? 1400 : 1500,
					 .lenient_mru = auth & 0x20,
					 .auth_timeout = 30,
					 .network = PPP_IPV4 | PPP_IPV6 };
	profile.ppp.auth[0] = asks[auth & 3];
	if (profile.ppp.auth[0] && (auth & 3) != (auth >> 2 & 3))
		profile.ppp.auth[1] = asks[auth >> 2 & 3];
}

/* Its header is put right; of what has a fault nothing is heard. */
static void hear(struct rd *r)
{
	static struct l2tp_msg m;
	static uint8_t b[L2TP_MSG_MAX];
	struct rd in = rd_sub(r, rd_u16(r));
	size_t len = rd_left(&in) < sizeof(b) ? rd_left(&in) : sizeof(b);

	if (in.err || len < 12)
		return;
	rd_copy(&in, b, len);
	b[0] = 0xc8;
	b[1] = 2;
	b[2] = (uint8_t)(len >> 8);
	b[3] = (uint8_t)len;
	if (!l2tp_msg_head(&m, b, len))
		return;
	l2tp_msg_body(&m, peer.secret);
	if (!m.fault.result)
		l2tp_call_read(&call, &m);
}

/* PAP is the peer's to begin. */
static bool waits(const struct ppp_link *l)
{
	return l->phase == PPP_AUTHENTICATE && l->auth_proto == PPP_PROTO_PAP;
}

static void connect_it(struct subscriber *s, struct timers *timers)
{
	lns_connected(s, NOW);
	check(s->state == SUBSCRIBER_DEAD || asked || sent || waits(&s->ppp));
	if (s->state == SUBSCRIBER_DEAD)
		check(lcp_policy() == CONF_PROXY_REQUIRE && !asked);
	if (asked)
		check(s->ppp.phase == PPP_AUTHENTICATE);
	if (s->state != SUBSCRIBER_DEAD)
		timers_run(timers, NOW + SECONDS(4));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ppp_counters count;
	static struct box box;
	struct timers timers = { 0 };
	struct rd r = rd_make(data, size);
	uint8_t how = rd_u8(&r), auth = rd_u8(&r);
	struct subscriber *s = calloc(1, sizeof(*s));

	check(s);
	log_set_level(LOG_ERR_L);
	choose(how, auth);
	memset(&call, 0, sizeof(call));
	asked = sent = 0;
	while (!r.err && rd_left(&r))
		hear(&r);
	s->box = &box;
	s->host = &host;
	s->profile = &profile;
	s->session = &session;
	STAILQ_INIT(&s->early);
	ppp_link_init(&s->ppp, &ops, &profile.ppp, &timers, &count, s);
	connect_it(s, &timers);
	ppp_link_fini(&s->ppp);
	check(timers_next(&timers) == MSEC_NEVER);
	timers_free(&timers);
	free(s->calling);
	free(s->called);
	free(s->line);
	free(s);
	return 0;
}
