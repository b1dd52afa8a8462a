/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DHCPv6 messages as a server reads and writes them (RFC 8415): bytes and values. What
 * is answered is dhcp6_server's.
 */
#ifndef PPP_DHCP6_H
#define PPP_DHCP6_H

#include "base/addr.h"
#include "base/buf.h"

#define DHCP6_SERVER_PORT 547
#define DHCP6_CLIENT_PORT 546
#define DHCP6_DUID_MAX 130 /* RFC 8415 11.1 */
#define DHCP6_IA_MAX 4 /* of a message; more are not looked at */
#define DHCP6_LENT_MAX 4 /* of an IA; the same */
#define DHCP6_DNS_MAX 2

enum dhcp6_type {
	DHCP6_SOLICIT = 1,
	DHCP6_ADVERTISE,
	DHCP6_REQUEST,
	DHCP6_CONFIRM,
	DHCP6_RENEW,
	DHCP6_REBIND,
	DHCP6_REPLY,
	DHCP6_RELEASE,
	DHCP6_DECLINE,
	DHCP6_RECONFIGURE,
	DHCP6_INFORMATION,
	DHCP6_NTYPES
};

enum dhcp6_status {
	DHCP6_SUCCESS = 0,
	DHCP6_NO_ADDRS = 2,
	DHCP6_NO_BINDING = 3,
	DHCP6_NOT_ON_LINK = 4,
	DHCP6_USE_MULTICAST = 5,
	DHCP6_NO_PREFIX = 6,
};

enum dhcp6_kind { DHCP6_NA, DHCP6_PD, DHCP6_NKINDS };

struct dhcp6_duid {
	uint8_t len; /* 0: none */
	uint8_t b[DHCP6_DUID_MAX];
};

/* An address (length 128) or a prefix. */
struct dhcp6_lent {
	struct addr net;
	uint8_t len;
};

struct dhcp6_ia {
	enum dhcp6_kind kind;
	uint32_t id;
	uint8_t n;
	struct dhcp6_lent lent[DHCP6_LENT_MAX]; /* that the client speaks of */
};

struct dhcp6_msg {
	uint8_t type; /* as it came */
	uint32_t xid;
	struct dhcp6_duid client, server;
	bool rapid; /* Rapid Commit */
	bool wants_dns;
	uint8_t n_ia;
	struct dhcp6_ia ia[DHCP6_IA_MAX];
};

/* The payload of UDP; false: malformed. */
bool dhcp6_parse(struct dhcp6_msg *m, const void *b, size_t len);

/* The reply, piece by piece. */
void dhcp6_put_header(struct wr *w, enum dhcp6_type type,
		      const struct dhcp6_msg *request,
		      const struct dhcp6_duid *server);
void dhcp6_put_rapid(struct wr *w);
void dhcp6_put_preference(struct wr *w, uint8_t preference);
void dhcp6_put_dns(struct wr *w, const struct addr dns[DHCP6_DNS_MAX]);
void dhcp6_put_status(struct wr *w, enum dhcp6_status s);
/* Between these two what is lent, or a status; `at` is the beginning's. */
size_t dhcp6_ia_begin(struct wr *w, const struct dhcp6_ia *ia, uint32_t t1,
		      uint32_t t2);
void dhcp6_put_lent(struct wr *w, enum dhcp6_kind kind,
		    const struct dhcp6_lent *lent, uint32_t preferred,
		    uint32_t valid);
void dhcp6_ia_end(struct wr *w, size_t at);

#endif /* PPP_DHCP6_H */
