/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PPP link, seen from the network side: we ask for authentication, the peer is
 * the subscriber. LCP, authentication, IPCP and IPv6CP one after the other (RFC 1661
 * 3.2).
 * It knows nothing of what carries its frames: it has a send callback.
 *
 * Three uses, one link:
 *   terminated   start, ops->auth, auth_accept or auth_reject, ops->up
 *   LAC          start, ops->auth, then release: LCP's and the authentication's
 *                record goes to the LNS, this end falls silent
 *   LNS          start_proxy with that record: LCP is open without a packet,
 *                the authentication is asked for at once (ops->auth)
 */
#ifndef PPP_LINK_H
#define PPP_LINK_H

#include "base/buf.h"
#include "ppp/phase.h"
#include "ppp/ppp.h"

void ppp_link_init(struct ppp_link *l, const struct ppp_link_ops *ops,
		   const struct ppp_conf *conf, struct timers *timers,
		   struct ppp_counters *count, void *user);
/* Before it starts: neither side's MRU is larger than this; 0: as configured. */
void ppp_link_set_carrier(struct ppp_link *l, uint16_t mru);
/* Stops its timer, frees what it has; sends nothing. */
void ppp_link_fini(struct ppp_link *l);

/* The carrier is up: LCP begins. */
void ppp_link_start(struct ppp_link *l, msec_t now);
/* LNS. Takes the LAC's record and returns 0: LCP is open, ops->auth has been
 * called (or authentication started, if the record has none). -EINVAL with a
 * reason in *text if it is unacceptable (RFC 2661 4.4.5, protocol facts 3.9):
 * nothing has happened, call ppp_link_start.
 */
int ppp_link_start_proxy(struct ppp_link *l, msec_t now,
			 const struct ppp_record *rec, const char **text);
/* That record was required: the link ends, without a packet. */
void ppp_link_no_proxy(struct ppp_link *l, msec_t now);
/* A frame from the peer, from the protocol field on. Any bytes may come. */
void ppp_link_input(struct ppp_link *l, msec_t now, const void *frame,
		    size_t len);

/* The answer to ops->auth is still waited for: the peer may have begun anew. */
bool ppp_link_asked(const struct ppp_link *l);
/* Answers to ops->auth. If a link that is up is asked once more, ip does not count. */
void ppp_link_accept(struct ppp_link *l, msec_t now, const struct ppp_ip *ip,
		     const char *message);
void ppp_link_reject(struct ppp_link *l, msec_t now, const char *message);
/* The link goes to an LNS: no packet is sent any more, none is answered. */
void ppp_link_release(struct ppp_link *l);
/* The LNS has its record. */
void ppp_link_forget(struct ppp_link *l);

/* One of these network protocols is open: PPP_IPV4, PPP_IPV6. */
bool ppp_link_has(const struct ppp_link *l, uint8_t network);

/* Seconds, 0: no limit; the first counts from its beginning, `since`. One that is
 * over is so at once.
 */
void ppp_link_limits(struct ppp_link *l, msec_t now, msec_t since,
		     unsigned int session, unsigned int idle);

/* Terminate-Request; ops->down follows. */
void ppp_link_close(struct ppp_link *l, msec_t now);
/* Data came in at that time: no echo is needed yet. */
void ppp_link_heard(struct ppp_link *l, msec_t at);
/* A look at what it carries: data has passed since the last one, either way, or
 * not. One that is idle for too long is closed.
 */
void ppp_link_traffic(struct ppp_link *l, msec_t now, bool passed);

/* Restart (ppp/save): its fields are as they were in a phase that lasts; it goes
 * on, and sends nothing but keepalives. `open`: its network protocols that are;
 * ncp_id: the last identifiers of all. False: no memory.
 */
bool ppp_link_resume(struct ppp_link *l, msec_t now, enum ppp_phase phase,
		     uint8_t open, const uint8_t ncp_id[PPP_NCPS]);

#endif /* PPP_LINK_H */
