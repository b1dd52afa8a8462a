/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The authentication phase of a link: it runs the method that LCP agreed on. */
#ifndef PPP_LINK_AUTH_H
#define PPP_LINK_AUTH_H

#include "ppp/ppp.h"

/* Nothing is asked yet; proto 0: nothing will be. */
void link_auth_init(struct ppp_link *l, uint32_t proto, uint8_t id);
/* The phase begins; the first Challenge comes after this id. */
void link_auth_begin(struct ppp_link *l, msec_t now, uint8_t id);
/* The same with record.auth complete already. */
void link_auth_given(struct ppp_link *l, msec_t now);
/* A link that is up asks once more, if the method can; its data goes on. */
void link_auth_again(struct ppp_link *l, msec_t now);
/* The owner's word: ACCEPTED or REJECTED, told to the peer. */
void link_auth_decide(struct ppp_link *l, enum authen_state state,
		      const char *message);

#endif /* PPP_LINK_AUTH_H */
