// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPv6CP's option table (RFC 5072 4). The peer's identifier is its own wish, if it
 * is not zero and not ours, unless it has been given one. A peer that will not
 * have the option cannot have IPv6. cp.c does the rest; link_ncp.c calls it.
 */
#include "ppp/ipv6cp.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "base/timer.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define UNIVERSAL ((uint64_t)1 << 57) /* the u bit: not set in what is random */

enum ipv6cp_number {
	IPV6CP_INTERFACE_ID = 1,
	IPV6CP_COMPRESSION = 2,
};

static struct ipv6cp *ipv6cp_of(struct cp *c)
{
	return container_of(c, struct ipv6cp, cp);
}

/* Random, and none that is in use (RFC 5072 4.1). */
static uint64_t new_id(const struct ipv6cp *i)
{
	uint64_t id;

	do
		id = crypt_random_u64() & ~UNIVERSAL;
	while (!id || id == i->ours || id == i->peer || id == i->wish);
	return id;
}

static bool id_ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	(void)o;
	wr_u64(w, ipv6cp_of(c)->ours);
	return true;
}

static void suggest(const struct ipv6cp *i, struct wr *better)
{
	wr_u64(better, i->conf.peer ? i->conf.peer : new_id(i));
}

static enum cp_verdict id_check(struct cp *c, const struct cp_option *o,
				struct rd *value, struct wr *better)
{
	struct ipv6cp *i = ipv6cp_of(c);
	uint64_t id = rd_u64(value);

	(void)o;
	if (!id || id == i->ours || (i->conf.peer && id != i->conf.peer)) {
		suggest(i, better);
		return CP_NAK;
	}
	i->wish = id;
	return CP_ACK;
}

static bool id_absent(struct cp *c, const struct cp_option *o,
		      struct wr *better)
{
	(void)o;
	suggest(ipv6cp_of(c), better);
	return true;
}

/* What the peer proposes will do, unless it is the peer's own. */
static bool id_refused(struct cp *c, const struct cp_option *o,
		       struct rd *value)
{
	struct ipv6cp *i = ipv6cp_of(c);
	uint64_t id;

	(void)o;
	if (!value)
		return false;
	id = rd_u64(value);
	i->ours = id && id != i->peer && id != i->wish ? id : new_id(i);
	return true;
}

static const struct cp_option options[] = {
	{ .number = IPV6CP_INTERFACE_ID, /* RFC 5072 4.1 */
	  .name = "interface-id",
	  .wrong_ends = true,
	  .absent_ends = true,
	  .len_min = 8,
	  .len_max = 8,
	  .ask = id_ask,
	  .check = id_check,
	  .absent = id_absent,
	  .refused = id_refused },
	{ .number = IPV6CP_COMPRESSION, .name = "compression" }, /* RFC 5172 */
};

static void ipv6cp_reset(struct cp *c)
{
	struct ipv6cp *i = ipv6cp_of(c);

	i->ours = i->conf.local ? i->conf.local : new_id(i);
}

static void ipv6cp_begin(struct cp *c)
{
	ipv6cp_of(c)->wish = 0;
}

static void ipv6cp_take(struct cp *c)
{
	ipv6cp_of(c)->peer = ipv6cp_of(c)->wish;
}

static const struct cp_proto ipv6cp_proto = {
	.number = PPP_PROTO_IPV6CP,
	.up_first = true,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.reset = ipv6cp_reset,
	.begin = ipv6cp_begin,
	.take = ipv6cp_take,
};

void ipv6cp_init(struct ipv6cp *i, const struct ipv6cp_conf *conf,
		 const struct cp_owner *owner)
{
	*i = (struct ipv6cp){ .conf = *conf };
	cp_init(&i->cp, &ipv6cp_proto, owner);
	i->cp.id = (uint8_t)crypt_random_u16();
}
