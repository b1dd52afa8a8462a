/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables; see cause.h. Called by bng/lns, bng/bng and bng/account. */
#include "bng/cause.h"

#include "adit/wire.h"
#include "l2tp/control.h"

#include <string.h>

/* Which protocol a cause names. */
enum about { NOTHING, LCP, AUTH, ONE_NCP, EACH_NCP };

static const struct {
	uint8_t code;
	uint8_t about;
	uint8_t direction;
	uint8_t terminate;
} of_end[PPP_NENDS] = {
#define ROW(end, code, about, who, terminate)                           \
	[PPP_END_##end] = { L2TP_CAUSE_##code, about, L2TP_CAUSE_##who, \
			    ACCT_##terminate }
	ROW(PEER, NORMAL, NOTHING, PEER, USER_REQUEST),
	ROW(LOCAL, ADMIN, NOTHING, NOBODY, ADMIN_RESET),
	ROW(TIMEOUT, LCP_TIMEOUT, LCP, NOBODY, LOST_CARRIER),
	ROW(ECHO, ECHO, LCP, NOBODY, LOST_CARRIER),
	ROW(AUTH, AUTH_FAILED, AUTH, PEER, USER_ERROR),
	ROW(NEGOTIATION, LCP_TIMEOUT, LCP, NOBODY, USER_ERROR),
	ROW(LOOP, LOOP, LCP, NOBODY, PORT_ERROR),
	ROW(NO_LCP, NO_LCP, LCP, NOBODY, LOST_CARRIER),
	ROW(AUTH_TIMEOUT, AUTH_TIMEOUT, AUTH, NOBODY, LOST_CARRIER),
	ROW(AUTH_REFUSED, AUTH_REFUSED, AUTH, PEER, USER_ERROR),
	/* Resources for authentication are short: no code says it. */
	ROW(UNDECIDED, NONE, NOTHING, NOBODY, SERVICE_UNAVAILABLE),
	ROW(NCP_TIMEOUT, NCP_TIMEOUT, EACH_NCP, NOBODY, LOST_CARRIER),
	ROW(NO_NCP, NO_NCP, EACH_NCP, NOBODY, USER_ERROR),
	ROW(ADDRESS, ADDRESS, ONE_NCP, LOCAL, USER_ERROR),
	ROW(NO_PROXY, NO_PROXY, NOTHING, NOBODY, NAS_REQUEST),
	ROW(SESSION_TIMEOUT, NORMAL, NOTHING, LOCAL, SESSION_TIMEOUT),
	ROW(IDLE, NORMAL, NOTHING, LOCAL, IDLE_TIMEOUT),
	ROW(NO_MEMORY, NONE, NOTHING, NOBODY, NAS_ERROR),
#undef ROW
};

static void add(struct l2tp_causes *to, uint16_t code, uint16_t proto,
		uint8_t direction)
{
	to->cause[to->n++] = (struct l2tp_cause){ code, proto, direction };
}

void cause_of_ppp(struct l2tp_causes *to, const struct ppp_link *l,
		  enum ppp_end why)
{
	uint8_t code = of_end[why].code, who = of_end[why].direction;

	to->n = 0;
	switch (of_end[why].about) {
	case LCP:
		add(to, code, PPP_PROTO_LCP, who);
		break;
	case AUTH:
		add(to, code,
		    (uint16_t)(l->auth_proto ? l->auth_proto :
					       l->conf->auth[0]),
		    who);
		break;
	case ONE_NCP:
		add(to, code, l->ncp_failed, who);
		break;
	case EACH_NCP:
		if (l->conf->network & PPP_IPV4)
			add(to, code, PPP_PROTO_IPCP, who);
		if (l->conf->network & PPP_IPV6)
			add(to, code, PPP_PROTO_IPV6CP, who);
		break;
	default:
		add(to, code, 0, who);
		break;
	}
}

enum acct_terminate cause_terminate_ppp(enum ppp_end why)
{
	return of_end[why].terminate;
}

static const uint8_t of_code[L2TP_CAUSE_CODES] = {
#define ROW(code, terminate) [L2TP_CAUSE_##code] = ACCT_##terminate
	ROW(NONE, NAS_REQUEST),
	ROW(ADMIN, ADMIN_RESET),
	ROW(NO_PROXY, NAS_REQUEST),
	ROW(NORMAL, NAS_REQUEST), /* of the LNS; of the peer: below */
	ROW(ENCRYPTION, USER_ERROR),
	ROW(LCP_TIMEOUT, LOST_CARRIER),
	ROW(NO_LCP, LOST_CARRIER),
	ROW(LOOP, PORT_ERROR),
	ROW(ECHO, LOST_CARRIER),
	ROW(MP_ENDPOINT, USER_ERROR),
	ROW(MP_MRRU, USER_ERROR),
	ROW(MP_SHORT, USER_ERROR),
	ROW(CALLBACK, CALLBACK),
	ROW(AUTH_TIMEOUT, LOST_CARRIER),
	ROW(MP_NAME, USER_ERROR),
	ROW(AUTH_REFUSED, USER_ERROR),
	ROW(AUTH_FAILED, USER_ERROR),
	ROW(NCP_TIMEOUT, LOST_CARRIER),
	ROW(NO_NCP, USER_ERROR),
	ROW(ADDRESS, USER_ERROR),
	ROW(NO_ADDRESS, USER_ERROR),
#undef ROW
};

enum acct_terminate cause_terminate(const struct l2tp_cause *c)
{
	if (c->code == L2TP_CAUSE_NORMAL && c->direction == L2TP_CAUSE_PEER)
		return ACCT_USER_REQUEST;
	return c->code < L2TP_CAUSE_CODES ? of_code[c->code] : ACCT_NAS_REQUEST;
}

enum acct_terminate cause_terminate_result(uint16_t result)
{
	/* From carrier lost (1) to called party gone (11). */
	static const uint8_t of[] = {
		[1] = ACCT_LOST_CARRIER,	[2] = ACCT_NAS_ERROR,
		[3] = ACCT_ADMIN_RESET,		[4] = ACCT_SERVICE_UNAVAILABLE,
		[5] = ACCT_SERVICE_UNAVAILABLE, [6] = ACCT_NAS_ERROR,
		[7] = ACCT_LOST_CARRIER,	[8] = ACCT_LOST_CARRIER,
		[9] = ACCT_LOST_CARRIER,	[10] = ACCT_LOST_CARRIER,
		[11] = ACCT_NAS_ERROR,
	};

	return result < sizeof(of) && of[result] ? of[result] :
						   ACCT_NAS_REQUEST;
}

enum acct_terminate cause_terminate_stopccn(uint16_t result)
{
	/* From general (1) to finite state machine error (7). */
	static const uint8_t of[] = {
		[1] = ACCT_NAS_REQUEST, [2] = ACCT_NAS_ERROR,
		[3] = ACCT_NAS_REQUEST, [4] = ACCT_NAS_REQUEST,
		[5] = ACCT_NAS_ERROR,	[6] = ACCT_ADMIN_RESET,
		[7] = ACCT_NAS_ERROR,
	};

	return result < sizeof(of) && of[result] ? of[result] :
						   ACCT_LOST_CARRIER;
}

enum acct_terminate cause_terminate_tunnel(const struct l2tp_tunnel *t)
{
	if (!t->was_up)
		return ACCT_SERVICE_UNAVAILABLE;
	if (!strcmp(t->why.text, L2TP_SILENT))
		return ACCT_LOST_CARRIER;
	if (t->stopping && !strcmp(t->why.text, CAUSE_REMOVED))
		return ACCT_ADMIN_RESET;
	return cause_terminate_stopccn(t->why.result);
}
