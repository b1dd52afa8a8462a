/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a subscriber has of IPv6: its prefixes, the pools that lend them, and the
 * router that it sees. bng/terminate makes it and binds the link; it is the
 * subscriber's until that ends.
 */
#ifndef BNG_IPV6_H
#define BNG_IPV6_H

#include "aaa/grant.h"
#include "bng/box.h"

enum ipv6_kind {
	IPV6_PREFIX, /* of its link, advertised */
	IPV6_ADDRESS, /* by DHCPv6, IA_NA */
	IPV6_DELEGATED, /* by DHCPv6, IA_PD */
	IPV6_NKINDS
};

struct ipv6 {
	struct box *box;
	const struct vrf *vrf; /* where it has what it has; NULL: none */
	uint32_t user; /* pool_tag */
	struct router router;
	struct kern_prefix have[IPV6_NKINDS]; /* family 0: none */
	struct prefix_pool *pool[IPV6_NKINDS]; /* NULL: a fixed one */
	struct pool6_fixed *fixed[IPV6_NKINDS]; /* or NULL */
	struct pool6_own own; /* all of these */
};

/* NULL: no memory. */
struct ipv6 *ipv6_new(struct box *b, const struct conf_profile *f,
		      const struct router_ops *ops, void *user);
/* Gives back what it has; NULL is none. */
void ipv6_free(struct ipv6 *v, msec_t now);

/* What it is to have in that VRF, as granted, or of its profile's pools; what it has
 * and is still to have it keeps. NULL, or why it gets nothing.
 */
const char *ipv6_provide(struct ipv6 *v, msec_t now,
			 const struct conf_profile *f,
			 const struct aaa_grant *g, const struct vrf *vrf,
			 const char *user);
/* The router learns what the subscriber has; mtu: of its link, both ways. */
void ipv6_inform(struct ipv6 *v, const struct conf_profile *f,
		 const struct aaa_grant *g, uint32_t mtu);
/* Copies what it has; returns how many there are. */
size_t ipv6_prefixes(const struct ipv6 *v, struct kern_prefix to[IPV6_NKINDS]);

void ipv6_save(const struct ipv6 *v, struct wr *w);
/* Into a new one; false: it makes no sense, or what it had is not to be had. */
bool ipv6_load(struct ipv6 *v, const struct conf_profile *f,
	       const struct aaa_grant *g, const struct vrf *vrf,
	       const char *user, struct rd *r);

#endif /* BNG_IPV6_H */
