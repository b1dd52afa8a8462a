// SPDX-License-Identifier: GPL-2.0-or-later
/* See router.h. */
#include "ppp/router.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <string.h>

#define FRAME_MAX 1502 /* with the protocol field */
#define ALL_NODES 1
#define ALL_ROUTERS 2
#define IP6_MTU_MIN 1280

/* RFC 4861 10 */
#define EARLY 3
#define EARLY_INTERVAL SECONDS(16)
#define GROUP_INTERVAL SECONDS(3)
#define FIRST \
	200 /* ms: our last Configure-Ack goes before it, and takes effect */

/* -------------------------------------------------------------------- output */

static struct wr begin(struct router *r, uint8_t *frame, uint8_t next,
		       const struct addr *dst)
{
	struct wr w = wr_make(frame, FRAME_MAX);

	wr_u16(&w, PPP_PROTO_IPV6);
	ip6_begin(&w, next, &r->self, dst);
	return w;
}

/* false: it is too long for the link, or for us. */
static bool transmit(struct router *r, struct wr *w)
{
	ip6_end(w, 2);
	if (w->err || (r->v.mtu && wr_len(w) - 2 > r->v.mtu))
		return false;
	r->ops->send(r, w->start, wr_len(w));
	return true;
}

static bool has_anything(const struct router *r)
{
	return r->v.prefix.net.family || r->v.lent[DHCP6_NA].net.family ||
	       r->v.lent[DHCP6_PD].net.family;
}

/* A subscriber that got nothing must not send its packets this way. */
static void advertise(struct router *r, const struct addr *to, bool leave)
{
	bool dns = r->v.dns[0].family;
	struct nd_ra ra = {
		.managed = r->v.lent[DHCP6_NA].net.family,
		.other = dns || r->v.lent[DHCP6_PD].net.family,
		.mtu = r->v.mtu >= IP6_MTU_MIN ? r->v.mtu : 0,
		.prefix = { r->v.prefix, r->old },
		.dns_lifetime = leave ? 0 : 3 * r->conf->interval,
	};
	uint8_t frame[FRAME_MAX];
	struct wr w = begin(r, frame, IP6_ICMP, to);

	if (!leave && has_anything(r))
		ra.lifetime = (uint16_t)r->conf->lifetime;
	if (!leave)
		ra.prefix[0].valid = r->conf->valid;
	if (!leave)
		ra.prefix[0].preferred = r->conf->preferred;
	if (!leave && has_anything(r))
		ra.route_lifetime = 3 * r->conf->interval;
	memcpy(ra.route, r->v.route, sizeof(ra.route));
	memcpy(ra.dns, r->v.dns, sizeof(ra.dns));
	nd_put_ra(&w, &ra);
	r->count->tx_router_advert += transmit(r, &w);
}

static void advertise_to_all(struct router *r, msec_t now)
{
	struct addr all = ip6_group(ALL_NODES);

	r->group_at = now;
	advertise(r, &all, false);
}

/* RFC 4861 6.2.4: anything from a third of the interval on. */
static msec_t next_interval(const struct router *r)
{
	msec_t most = SECONDS(r->conf->interval);
	msec_t least = most / 3;
	msec_t t = least + crypt_random_u32() % (uint32_t)(most - least + 1);

	return r->early && t > EARLY_INTERVAL ? EARLY_INTERVAL : t;
}

static void on_timer(struct timer *t, msec_t now)
{
	struct router *r = container_of(t, struct router, timer);

	if (r->early)
		r->early--;
	advertise_to_all(r, now);
	timer_set(r->timers, &r->timer, now + next_interval(r));
}

/* --------------------------------------------------------------------- input */

/* One that has no address yet is answered with what all hear. */
static void router_solicit(struct router *r, msec_t now,
			   const struct ip6_packet *p)
{
	r->count->rx_router_solicit++;
	if (!addr_is_any(&p->src))
		advertise(r, &p->src, false);
	else if (now - r->group_at >= GROUP_INTERVAL)
		advertise_to_all(r, now);
}

/* That it looks for its own address, to find that nobody has it, is not for us. */
static void neighbour_solicit(struct router *r, const struct ip6_packet *p,
			      const struct addr *target)
{
	bool nobody = addr_is_any(&p->src);
	struct addr all = ip6_group(ALL_NODES);
	uint8_t frame[FRAME_MAX];
	struct wr w = begin(r, frame, IP6_ICMP, nobody ? &all : &p->src);

	r->count->rx_neighbour_solicit++;
	if (!addr_eq(target, &r->self))
		return;
	nd_put_na(&w, target, !nobody);
	r->count->tx_neighbour_advert += transmit(r, &w);
}

static bool is_for_us(const struct router *r, const struct ip6_packet *p)
{
	struct addr nodes = ip6_group(ALL_NODES);
	struct addr routers = ip6_group(ALL_ROUTERS);

	return addr_eq(&p->dst, &r->self) || addr_eq(&p->dst, &nodes) ||
	       addr_eq(&p->dst, &routers);
}

static void echo(struct router *r, const struct ip6_packet *p)
{
	uint8_t frame[FRAME_MAX];
	struct wr w = begin(r, frame, IP6_ICMP, &p->src);

	r->count->rx_echo++;
	if (!is_for_us(r, p) || addr_is_any(&p->src)) {
		r->count->rx_ignored++;
		return;
	}
	nd_put_echo_reply(&w, p);
	r->count->tx_echo += transmit(r, &w);
}

static void input_icmp(struct router *r, msec_t now, const struct ip6_packet *p)
{
	struct addr target;

	switch (nd_parse(p, &target)) {
	case ND_INVALID:
		r->count->rx_invalid++;
		break;
	case ND_OTHER:
		r->count->rx_ignored++;
		break;
	case ND_ROUTER_SOLICIT:
		router_solicit(r, now, p);
		break;
	case ND_NEIGHBOUR_SOLICIT:
		neighbour_solicit(r, p, &target);
		break;
	case ND_ECHO_REQUEST:
		echo(r, p);
		break;
	}
}

static struct dhcp6_offer offer(const struct router *r)
{
	struct dhcp6_offer o = { .server = r->duid,
				 .on_link = { r->v.prefix.net,
					      r->v.prefix.len },
				 .preferred = r->conf->preferred,
				 .valid = r->conf->valid };

	memcpy(o.lent, r->v.lent, sizeof(o.lent));
	memcpy(o.dns, r->v.dns, sizeof(o.dns));
	return o;
}

static void serve(struct router *r, const struct ip6_packet *p, bool unicast,
		  const struct dhcp6_msg *m)
{
	struct dhcp6_lease before = r->lease;
	struct dhcp6_offer o = offer(r);
	uint8_t frame[FRAME_MAX];
	struct wr w = begin(r, frame, IP6_UDP, &p->src);

	wr_u16(&w, DHCP6_SERVER_PORT);
	wr_u16(&w, DHCP6_CLIENT_PORT);
	wr_u32(&w, 0); /* length and checksum: ip6_end */
	if (!dhcp6_serve(&o, &r->lease, m, unicast, &w)) {
		r->count->rx_dhcp6_refused++;
		return;
	}
	if (memcmp(&before, &r->lease, sizeof(before)) && r->ops->changed)
		r->ops->changed(r);
	r->count->tx_dhcp6 += transmit(r, &w);
}

static void input_udp(struct router *r, const struct ip6_packet *p)
{
	/* RFC 8415 7.1: All_DHCP_Relay_Agents_and_Servers */
	struct addr servers = ip6_group(0x10002);
	struct rd in = rd_make(p->body, p->len);
	struct dhcp6_msg m;
	bool unicast = addr_eq(&p->dst, &r->self);
	uint16_t port;

	rd_u16(&in);
	port = rd_u16(&in);
	rd_u32(&in);
	if (port != DHCP6_SERVER_PORT || !ip6_is_link_local(&p->src) ||
	    (!unicast && !addr_eq(&p->dst, &servers))) {
		r->count->rx_ignored++;
		return;
	}
	r->count->rx_dhcp6++;
	if (!dhcp6_parse(&m, in.p, rd_left(&in)))
		r->count->rx_dhcp6_malformed++;
	else
		serve(r, p, unicast, &m);
}

void router_input(struct router *r, msec_t now, const void *packet, size_t len)
{
	struct ip6_packet p;

	if (!r->self.family) {
		r->count->rx_ignored++;
		return;
	}
	switch (ip6_parse(&p, packet, len)) {
	case IP6_RX_MALFORMED:
		r->count->rx_malformed++;
		return;
	case IP6_RX_CHECKSUM:
		r->count->rx_checksum++;
		return;
	case IP6_RX_OK:
		break;
	}
	if (p.next == IP6_ICMP)
		input_icmp(r, now, &p);
	else if (p.next == IP6_UDP)
		input_udp(r, &p);
	else
		r->count->rx_ignored++; /* reports of groups, RFC 3810 */
}

/* ------------------------------------------------------------- owner's calls */

void router_init(struct router *r, const struct router_ops *ops,
		 const struct router_conf *conf, const struct dhcp6_duid *duid,
		 struct timers *timers, struct router_counters *count,
		 void *user)
{
	*r = (struct router){ .ops = ops,
			      .conf = conf,
			      .duid = duid,
			      .timers = timers,
			      .timer.fn = on_timer,
			      .count = count,
			      .user = user };
}

void router_fini(struct router *r)
{
	timer_stop(r->timers, &r->timer);
	r->self.family = 0;
}

/* Nobody has what is lent from now on, or has declined it. After a restart there was
 * nothing to compare with.
 */
static void change_lent(struct router *r, const struct router_values *v)
{
	for (int i = 0; i < DHCP6_NKINDS; i++) {
		const struct dhcp6_lent *old = &r->v.lent[i];

		if (!old->net.family || (old->len == v->lent[i].len &&
					 addr_eq(&old->net, &v->lent[i].net)))
			continue;
		r->lease.bound[i] = false;
		if (i == DHCP6_NA)
			r->lease.declined = false;
	}
}

void router_set(struct router *r, const struct router_values *v)
{
	bool other = r->v.prefix.net.family &&
		     (r->v.prefix.len != v->prefix.len ||
		      !addr_eq(&r->v.prefix.net, &v->prefix.net));

	if (other) {
		r->old = r->v.prefix;
		r->old.valid = r->old.preferred = 0;
	}
	change_lent(r, v);
	r->v = *v;
	if (r->old.len == v->prefix.len && addr_eq(&r->old.net, &v->prefix.net))
		r->old = (struct nd_prefix){ 0 };
}

void router_up(struct router *r, msec_t now, uint64_t id)
{
	r->self = ip6_link_local(id);
	r->early = EARLY;
	r->group_at = now - GROUP_INTERVAL;
	timer_set(r->timers, &r->timer, now + FIRST);
}

void router_resume(struct router *r, msec_t now, uint64_t id)
{
	uint32_t most = (uint32_t)(SECONDS(r->conf->interval) / 3);

	r->self = ip6_link_local(id);
	r->group_at = now - GROUP_INTERVAL;
	timer_set(r->timers, &r->timer, now + crypt_random_u32() % (most + 1));
}

void router_down(struct router *r)
{
	router_fini(r);
}

void router_leave(struct router *r)
{
	struct addr all = ip6_group(ALL_NODES);

	if (!r->self.family)
		return;
	advertise(r, &all, true);
	router_fini(r);
}
