/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a subscriber ends, in the words of those who are told: the PPP link's reason
 * as RFC 3145's causes for the LAC, and either as RADIUS's Acct-Terminate-Cause
 * (RFC 2866 5.10).
 */
#ifndef BNG_CAUSE_H
#define BNG_CAUSE_H

#include "l2tp/cause.h"
#include "ppp/ppp.h"

struct l2tp_tunnel;

enum acct_terminate {
	ACCT_USER_REQUEST = 1,
	ACCT_LOST_CARRIER = 2,
	ACCT_IDLE_TIMEOUT = 4,
	ACCT_SESSION_TIMEOUT = 5,
	ACCT_ADMIN_RESET = 6,
	ACCT_PORT_ERROR = 8,
	ACCT_NAS_ERROR = 9,
	ACCT_NAS_REQUEST = 10,
	ACCT_SERVICE_UNAVAILABLE = 15,
	ACCT_CALLBACK = 16,
	ACCT_USER_ERROR = 17,
};

/* Of a link that has ended so: one cause, or one for each NCP it concerns. */
void cause_of_ppp(struct l2tp_causes *to, const struct ppp_link *l,
		  enum ppp_end why);
enum acct_terminate cause_terminate_ppp(enum ppp_end why);
/* Of what an LNS said of a call that it ended. */
enum acct_terminate cause_terminate(const struct l2tp_cause *c);
/* Of a call that ended with that result of CDN, and nothing else is known; of a
 * tunnel that ended with that of StopCCN. RFC 2661 4.4.2.
 */
enum acct_terminate cause_terminate_result(uint16_t result);
enum acct_terminate cause_terminate_stopccn(uint16_t result);
/* What StopCCN says if the operator has removed the tunnel here: no result does. */
#define CAUSE_REMOVED "administrative"
/* Of one that has ended, and of the calls that were in it; of one that has not even
 * been established, too.
 */
enum acct_terminate cause_terminate_tunnel(const struct l2tp_tunnel *t);

#endif /* BNG_CAUSE_H */
