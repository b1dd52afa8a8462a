// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPCP's option table (RFC 1332 3, RFC 1877 1). The peer's address is not
 * negotiable: it gets a Nak until it asks for the one it has been given, and too
 * many are the end. A peer that never asks for an address is asked to, and then
 * left alone. cp.c does the
 * rest; link.c calls it.
 */
#include "ppp/ipcp.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "base/timer.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define IPCP_ADDR_NAKS 3 /* of our address, until we leave it out */

enum ipcp_number {
	IPCP_ADDRESSES = 1, /* deprecated */
	IPCP_COMPRESSION = 2,
	IPCP_ADDRESS = 3,
	IPCP_DNS1 = 129,
	IPCP_NBNS1 = 130,
	IPCP_DNS2 = 131,
	IPCP_NBNS2 = 132,
};

static struct ipcp *ipcp_of(struct cp *c)
{
	return container_of(c, struct ipcp, cp);
}

static enum cp_verdict must_be(uint32_t want, struct rd *value,
			       struct wr *better)
{
	if (rd_u32(value) == want && !value->err)
		return CP_ACK;
	wr_u32(better, want);
	return CP_NAK;
}

static bool address_ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	struct ipcp *i = ipcp_of(c);

	(void)o;
	wr_u32(w, i->conf->local);
	return i->conf->local && !i->no_addr;
}

static enum cp_verdict address_check(struct cp *c, const struct cp_option *o,
				     struct rd *value, struct wr *better)
{
	struct ipcp *i = ipcp_of(c);
	enum cp_verdict v = must_be(i->conf->peer, value, better);

	(void)o;
	i->other_addr = v != CP_ACK;
	return v;
}

static bool address_absent(struct cp *c, const struct cp_option *o,
			   struct wr *better)
{
	(void)o;
	wr_u32(better, ipcp_of(c)->conf->peer);
	return true;
}

static bool address_refused(struct cp *c, const struct cp_option *o,
			    struct rd *value)
{
	struct ipcp *i = ipcp_of(c);

	(void)o;
	if (!value || ++i->addr_naks >= IPCP_ADDR_NAKS)
		i->no_addr = true;
	return true;
}

/* Name servers, of DNS and of NetBIOS. */
static enum cp_verdict server_check(struct cp *c, const struct cp_option *o,
				    struct rd *value, struct wr *better)
{
	const struct ipcp_conf *conf = ipcp_of(c)->conf;
	bool nbns = o->number == IPCP_NBNS1 || o->number == IPCP_NBNS2;
	bool second = o->number == IPCP_DNS2 || o->number == IPCP_NBNS2;
	uint32_t want = nbns ? conf->nbns[second] : conf->dns[second];

	return want ? must_be(want, value, better) : CP_REJECT;
}

static const struct cp_option options[] = {
	{ .number = IPCP_ADDRESSES, .name = "addresses" }, /* RFC 1332 3.1 */
	{ .number = IPCP_COMPRESSION, .name = "compression" }, /* 3.2 */
	{ .number = IPCP_ADDRESS, /* 3.3 */
	  .name = "address",
	  .wrong_ends = true,
	  .len_min = 4,
	  .len_max = 4,
	  .ask = address_ask,
	  .check = address_check,
	  .absent = address_absent,
	  .refused = address_refused },
	{ .number = IPCP_DNS1, /* RFC 1877 1.1 */
	  .name = "dns1",
	  .len_min = 4,
	  .len_max = 4,
	  .check = server_check },
	{ .number = IPCP_NBNS1, /* 1.2 */
	  .name = "nbns1",
	  .len_min = 4,
	  .len_max = 4,
	  .check = server_check },
	{ .number = IPCP_DNS2, /* 1.3 */
	  .name = "dns2",
	  .len_min = 4,
	  .len_max = 4,
	  .check = server_check },
	{ .number = IPCP_NBNS2, /* 1.4 */
	  .name = "nbns2",
	  .len_min = 4,
	  .len_max = 4,
	  .check = server_check },
};

static void ipcp_reset(struct cp *c)
{
	ipcp_of(c)->addr_naks = 0;
	ipcp_of(c)->no_addr = false;
}

/* All of a good request is what we have told the peer. */
static void ipcp_nothing(struct cp *c)
{
	(void)c;
}

static const struct cp_proto ipcp_proto = {
	.number = PPP_PROTO_IPCP,
	.up_first = true,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.reset = ipcp_reset,
	.begin = ipcp_nothing,
	.take = ipcp_nothing,
};

void ipcp_init(struct ipcp *i, const struct ipcp_conf *conf,
	       const struct cp_owner *owner)
{
	*i = (struct ipcp){ .conf = conf };
	cp_init(&i->cp, &ipcp_proto, owner);
	i->cp.id = (uint8_t)crypt_random_u16();
}
