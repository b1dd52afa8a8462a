/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a subscriber is granted: all that whoever let it in may say of it beyond
 * "yes". Values that are not said are zero: family 0, no text, length 0; a list ends
 * with the first such entry. What each does is told in aditd.conf(5).
 *
 * A grant is some kilobytes as a struct and mostly some ten bytes as written by
 * aaa_grant_write, which is how it is kept, in memory as over a restart.
 */
#ifndef AAA_GRANT_H
#define AAA_GRANT_H

#include "base/addr.h"
#include "base/buf.h"

#include <stdint.h>

#define AAA_TEXT_MAX 253 /* of a RADIUS attribute */
#define AAA_NAME_MAX 64 /* of an object of the configuration */
#define AAA_ROUTES_MAX 16
#define AAA_SERVERS_MAX 2
#define AAA_CLASSES_MAX 4
#define AAA_TOLD_ROUTES_MAX 4
#define AAA_NO_LIMIT UINT32_MAX /* 0 of RADIUS: not the profile's either */

struct aaa_prefix {
	struct addr net;
	uint8_t len;
};

struct aaa_route {
	struct aaa_prefix to; /* by way of the subscriber */
	uint32_t metric;
};

/* Bytes of somebody else's, which we only give back. */
struct aaa_octets {
	uint8_t len;
	uint8_t b[AAA_TEXT_MAX];
};

struct aaa_grant {
	struct addr address; /* IPv4, fixed; family 0: from the pool */
	uint32_t netmask_len; /* of a network of its own around address; 0: none */
	struct addr address6; /* by DHCPv6, IA_NA */
	struct aaa_prefix prefix6; /* of its link, by router advertisement */
	struct aaa_prefix delegated; /* by DHCPv6, IA_PD */
	uint64_t interface_id; /* by IPv6CP */
	/* Pools to take the above from. */
	char pool[AAA_NAME_MAX + 1];
	char pool6[AAA_NAME_MAX + 1]; /* of prefixes of links */
	char pool_address6[AAA_NAME_MAX + 1];
	char pool_delegated[AAA_NAME_MAX + 1];
	struct aaa_route routes[AAA_ROUTES_MAX]; /* of both families */
	struct addr dns[AAA_SERVERS_MAX];
	struct addr nbns[AAA_SERVERS_MAX];
	struct addr dns6[AAA_SERVERS_MAX];
	/* By router advertisement: what is behind us, too. */
	struct aaa_prefix told_routes[AAA_TOLD_ROUTES_MAX];
	char vrf[AAA_TEXT_MAX + 1]; /* longer than any device's: there is none */
	uint32_t mtu; /* largest packet to the subscriber */
	/* Limits: 0, a value or AAA_NO_LIMIT. Seconds; sessions of this user; kbit/s,
	 * up: from the subscriber.
	 */
	uint32_t session_timeout, idle_timeout, interim_interval;
	uint32_t port_limit;
	uint32_t rate_up, rate_down;
	uint32_t speed_method; /* Tunnel-Tx-Speed-Method, 1 to 4 */
	uint32_t nas_port_method; /* Tunnel-Nas-Port-Method and 1: 1 or 2 */
	char filter[AAA_TEXT_MAX + 1];
	/* Policies of one way, before that of filter. */
	char policy_up[AAA_NAME_MAX + 1], policy_down[AAA_NAME_MAX + 1];
	char user[AAA_TEXT_MAX + 1]; /* its name in accounting and orders */
	struct aaa_octets class[AAA_CLASSES_MAX];
	struct aaa_octets cui; /* Chargeable-User-Identity */
};

/* Most that is written: all fields at their longest. */
#define AAA_GRANT_RECORD_MAX 3122

/* Fields that are said; fields that a reader does not know it passes over. */
void aaa_grant_write(const struct aaa_grant *g, struct wr *w);
/* All that is left of r. 0 or -EINVAL. */
int aaa_grant_read(struct aaa_grant *g, struct rd *r);
/* A limit that holds, 0: none, where the configuration says conf. */
static inline uint32_t aaa_limit(uint32_t granted, uint32_t conf)
{
	if (!granted)
		return conf;
	return granted == AAA_NO_LIMIT ? 0 : granted;
}

/* What `from` says replaces what `to` has said; a list as a whole. */
void aaa_grant_merge(struct aaa_grant *to, const struct aaa_grant *from);

#endif /* AAA_GRANT_H */
