/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PPP link as its files see it: what it is told, what it negotiates, what it
 * tells its owner. What is done with it is in link.h.
 */
#ifndef PPP_PPP_H
#define PPP_PPP_H

#include "base/clock.h"
#include "base/timer.h"
#include "ppp/auth.h"
#include "ppp/ipcp.h"
#include "ppp/ipv6cp.h"
#include "ppp/lcp.h"

#define PPP_CONFREQ_MAX CP_OPTIONS_MAX
#define PPP_AUTH_PROTOS LCP_AUTH_MAX
#define PPP_DNS_MAX IPCP_DNS_MAX
#define PPP_NBNS_MAX IPCP_DNS_MAX

/* Network protocols, as bits. */
#define PPP_IPV4 1
#define PPP_IPV6 2

/* How we negotiate; belongs to the configuration. */
struct ppp_conf {
	const char *name; /* ours, in CHAP challenges */
	/* What we offer, the most we accept in proxy LCP, and the most that we send
	 * through a tunnel.
	 */
	uint16_t mru;
	uint32_t auth[PPP_AUTH_PROTOS]; /* in order, as ppp_auth.proto; 0: none */
	unsigned int echo_interval; /* seconds; 0: no keepalive */
	unsigned int echo_failures; /* unanswered requests that end the link */
	/* Seconds for LCP and authentication, and again for IPCP; 0: no limit. */
	unsigned int auth_timeout;
	/* Proxy LCP may promise more than mru: reassembly will do. */
	bool lenient_mru;
	unsigned int reauth_interval; /* seconds; CHAP; 0: never */
	uint8_t network; /* PPP_IPV4, PPP_IPV6: what is negotiated */
};

/* Options of Configure-Requests as on the wire, without code, id, length. */
struct ppp_confreq {
	bool present; /* it may be, and have no options at all */
	uint16_t len;
	uint8_t b[PPP_CONFREQ_MAX];
};

struct ppp_record {
	struct ppp_confreq first_rx;
	struct ppp_confreq last_tx;
	struct ppp_confreq last_rx;
	struct ppp_auth auth;
};

/* What an accepted subscriber gets. */
struct ppp_ip {
	struct ipcp_conf v4;
	/* Interface identifiers, ours and the subscriber's; 0: any. Once IPv6CP is
	 * open they are what was agreed on.
	 */
	uint64_t local_id, peer_id;
	uint8_t network; /* what is negotiated; 0: as configured */
	/* Seconds; 0: no limit. The first counts from the first time it is up. */
	unsigned int session_timeout, idle_timeout;
};

enum ppp_phase {
	PPP_DEAD,
	PPP_ESTABLISH, /* LCP */
	PPP_AUTHENTICATE,
	PPP_NETWORK, /* IPCP, IPv6CP under way */
	PPP_UP, /* one of them opened */
	PPP_RELEASED, /* the LNS does it */
	PPP_TERMINATE,
	PPP_NPHASES
};

enum ppp_end {
	PPP_END_PEER, /* Terminate-Request */
	PPP_END_LOCAL, /* ppp_link_close */
	PPP_END_TIMEOUT, /* LCP did not converge */
	PPP_END_ECHO, /* the peer is silent */
	PPP_END_AUTH, /* rejected */
	PPP_END_NEGOTIATION, /* no agreement */
	PPP_END_LOOP, /* our own magic number came back */
	PPP_END_NO_LCP, /* no LCP packet came at all */
	PPP_END_AUTH_TIMEOUT, /* the peer does not say who it is */
	PPP_END_AUTH_REFUSED, /* the peer takes no protocol of ours */
	PPP_END_UNDECIDED, /* the owner has not answered ops->auth in time */
	PPP_END_NCP_TIMEOUT, /* IPCP or IPv6CP did not converge */
	PPP_END_NO_NCP, /* none is left that could open */
	PPP_END_ADDRESS, /* the peer insists on another address */
	PPP_END_NO_PROXY, /* a LAC's record is required, and there is none to take */
	PPP_END_SESSION_TIMEOUT, /* it has been up for as long as it may */
	PPP_END_IDLE, /* no data for as long as it may */
	PPP_END_NO_MEMORY,
	PPP_NENDS
};

struct ppp_link;

struct ppp_link_ops {
	/* A frame, from the protocol field on. */
	void (*send)(struct ppp_link *l, const void *frame, size_t len);
	/* l->record->auth is complete: call ppp_link_accept, _reject or _release,
	 * now or later.
	 */
	void (*auth)(struct ppp_link *l, msec_t now);
	/* Network protocols are open (ppp_link_has): l->ip is agreed on. Comes
	 * before the peer is told, and for each that opens, or closes beside
	 * another. Both auth and up come again if the peer negotiates anew.
	 */
	void (*up)(struct ppp_link *l, msec_t now);
	/* An IPv6 packet that is for this link alone; IPv6CP is open. NULL: no use. */
	void (*ipv6)(struct ppp_link *l, msec_t now, const void *packet,
		     size_t len);
	/* We are about to close a link that is up. NULL: no use. */
	void (*leaving)(struct ppp_link *l, msec_t now);
	/* Something that a restart needs has changed; comes before send. */
	void (*changed)(struct ppp_link *l);
	/* It has ended; free it (in or after the call). */
	void (*down)(struct ppp_link *l, msec_t now, enum ppp_end why);
};

#define PPP_COUNTERS(X)        \
	X(rx_malformed)        \
	X(rx_unknown_protocol) \
	X(rx_wrong_phase)      \
	X(rx_unexpected) X(auth_ok) X(auth_failed) X(no_memory)

struct ppp_counters {
#define X(name) uint64_t name;
	PPP_COUNTERS(X)
#undef X
};

/* A network control protocol of a link. */
struct ppp_ncp {
	struct ppp_link *link;
	union {
		struct cp cp;
		struct ipcp ipcp;
		struct ipv6cp ipv6cp;
	};
};

enum ppp_ncps { PPP_IPCP, PPP_IPV6CP, PPP_NCPS };

struct ppp_link {
	const struct ppp_link_ops *ops;
	const struct ppp_conf *conf;
	struct timers *timers;
	struct timer timer;
	struct ppp_counters *count; /* shared by many links */
	enum ppp_phase phase;
	enum ppp_end why; /* it ended */
	struct lcp lcp;
	/* Those that it speaks, since the network phase began; else NULL. */
	struct ppp_ncp *ncp[PPP_NCPS];
	struct authen authen;
	struct ppp_record *record; /* while it is set up, see record.h; or NULL */
	char *name; /* when there is no record; NULL: none */
	struct ppp_ip ip;
	uint32_t auth_proto; /* agreed on, as ppp_auth.proto; 0: none */
	uint16_t carrier_mru; /* most that fits either way; 0: as configured */
	uint16_t peer_mru; /* most we may send */
	uint16_t our_mru; /* most the peer may send */
	uint16_t ncp_failed; /* the last NCP that came to nothing */
	uint32_t magic; /* ours; 0: none */
	uint32_t peer_magic;
	bool lcp_heard; /* an LCP packet came */
	bool ended;
	uint8_t depth; /* of calls into it; its end is told by the outermost */
	msec_t give_up_at;
	msec_t session_at; /* its end */
	msec_t warn_at; /* Time-Remaining is due */
	msec_t reauth_at; /* the next Challenge to one that is up */
	msec_t active_at; /* data was seen last */
	void *user;
};

#endif /* PPP_PPP_H */
