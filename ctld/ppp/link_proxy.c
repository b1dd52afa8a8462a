// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LCP and authentication that a LAC has done in our place (RFC 2661 4.4.5); see
 * link_proxy.h.
 */
#include "ppp/link_proxy.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "ppp/link_auth.h"
#include "ppp/link_lcp.h"
#include "ppp/phase.h"
#include "ppp/record.h"

#include <string.h>

static const char *check_proxy(struct ppp_link *l, const struct ppp_record *rec)
{
	const struct ppp_auth *a = &rec->auth;
	struct lcp_proxy p = {
		.sent = rec->last_tx.present ? rec->last_tx.b : NULL,
		.sent_len = rec->last_tx.len,
		.received = rec->last_rx.present ? rec->last_rx.b : NULL,
		.received_len = rec->last_rx.len,
		.mru_max = l->conf->lenient_mru ? UINT16_MAX :
			   l->conf->mru		? l->conf->mru :
						  LCP_MRU_DEFAULT,
	};
	const char *text;

	text = lcp_adopt(&l->lcp, &p);
	if (text)
		return text;
	if (a->proto && a->proto != l->lcp.ours.auth)
		return "proxy authentication: not the protocol of proxy LCP";
	if (a->challenge_len > PPP_CHALLENGE_MAX ||
	    !memchr(a->name, '\0', sizeof(a->name)))
		return "proxy authentication: malformed";
	return NULL;
}

static bool has_response(const struct ppp_auth *a)
{
	if (a->proto == PPP_PROTO_CHAP)
		return a->challenge_len && a->response_len == MD5_LEN;
	return a->proto == PPP_PROTO_PAP && a->response_len;
}

const char *link_proxy_take(struct ppp_link *l, msec_t now,
			    const struct ppp_record *rec)
{
	const char *text = check_proxy(l, rec);

	if (text) {
		link_lcp_init(l);
		return text;
	}
	*record_of(l) = *rec;
	link_lcp_take(l);
	phase_limit(l, now);
	if (!l->auth_proto || has_response(&rec->auth))
		link_auth_given(l, now);
	else
		link_auth_begin(l, now, rec->auth.id);
	return NULL;
}
