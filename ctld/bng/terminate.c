/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination (see terminate.h). The link is bound to its device before the
 * message that lets the subscriber use it leaves: the answer to its
 * authentication. The address belongs to the subscriber until it ends.
 */
#include "bng/terminate.h"

#include "aaa/aaa.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CDN_NO_FACILITIES 4
#define NO_POOL "its profile has no pool"
#define IDLE_MIN 60 /* seconds: counters are read a few times in it */

/* It negotiates anew, and what it has is still what it is to have. */
static bool keeps_address(const struct subscriber *s, const struct addr *fixed)
{
	if (!s->address.family)
		return false;
	if (fixed->family)
		return addr_eq(&s->address, fixed);
	return s->pool && s->pool == box_pool(s->box, s->profile);
}

static bool in_use(const struct subscriber *s, const struct addr *fixed)
{
	const struct subscriber *has = subscriber_of_address(s->box, fixed);
	char user[64], link[2][KERN_LINK_STRLEN], address[ADDR_STRLEN];

	if (!has)
		return false;
	log_warn("%s user %s: refused: its address %s is in use by %s",
		 kern_link_str(&s->access, link[0]),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 addr_str(fixed, address),
		 kern_link_str(&has->access, link[1]));
	return true;
}

/* RADIUS may name any address: ours is no subscriber's. That of a user of the
 * configuration has been looked at when it was read.
 */
static bool is_ours(const struct subscriber *s, const struct addr *a)
{
	const struct box *b = s->box;
	const struct conf_profile *f;

	if (!s->profile->radius)
		return false;
	STAILQ_FOREACH(f, &b->conf->profiles, next)
	if (addr_eq(&f->local_address, a))
		return true;
	return box_is_ours(b, a);
}

/* The pool that a fixed address lies in does not lend it meanwhile. One that is
 * reserved for a user of the configuration stays so.
 */
static void take_fixed(struct subscriber *s, const struct addr *fixed)
{
	struct pool *pool = box_pool_of(s->box, fixed);

	if (pool && pool_take(pool, addr_to_v4(fixed)))
		pool = NULL;
	subscriber_set_address(s, fixed, pool);
}

/* An address for s, fixed or from the profile's pool. NULL, or why not. */
static const char *take_address(struct subscriber *s, const struct addr *fixed)
{
	struct pool *pool = box_pool(s->box, s->profile);
	struct addr lent;
	uint32_t v4;

	if (keeps_address(s, fixed))
		return NULL;
	subscriber_release_address(s);
	if (fixed->family) {
		if (is_ours(s, fixed) || in_use(s, fixed))
			return "address in use";
		take_fixed(s, fixed);
		return NULL;
	}
	v4 = pool ? pool_alloc(pool) : 0;
	if (!v4) {
		log_warn("user of profile %s: no address is left",
			 s->profile->name);
		return "no address";
	}
	lent = addr_v4(v4);
	subscriber_set_address(s, &lent, pool);
	return NULL;
}

static void bind_device(struct subscriber *s)
{
	struct kern_ip ip = { .ifindex = box_device(s->box, s->profile),
			      .peer = s->address,
			      .mtu = s->ppp.peer_mru,
			      .magic = s->ppp.magic };

	/* Then we answer its echoes, and know what of its packets they are. */
	if (s->ppp.ip.idle_timeout)
		ip.magic = 0;

	kern_bind_ip(s->box->kern, &s->access, s->id, &ip);
}

static unsigned int idle_timeout(unsigned int said)
{
	return said < IDLE_MIN ? IDLE_MIN : said;
}

/* What it is to have; NULL, or why not. */
static const char *provide(struct subscriber *s, const struct aaa_reply *reply,
			   struct ppp_ip *ip)
{
	const struct conf_profile *f = s->profile;
	const char *why = take_address(s, &reply->address);

	*ip = (struct ppp_ip){
		.local = f->local_address,
		.peer = s->address,
		.session_timeout = reply->session_timeout ?
					   reply->session_timeout :
					   f->session_timeout,
		.idle_timeout = reply->idle_timeout ?
					idle_timeout(reply->idle_timeout) :
					f->idle_timeout,
	};
	memcpy(ip->dns, f->dns, sizeof(ip->dns));
	memcpy(ip->nbns, f->nbns, sizeof(ip->nbns));
	return why;
}

static void accept_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	/* Asked once more on a link that is up, it keeps what it has. */
	bool again = s->ppp.phase != PPP_AUTHENTICATE;
	struct ppp_ip ip = s->ppp.ip;
	const char *why = again ? NULL : provide(s, reply, &ip);

	if (why) {
		s->box->count.no_address++;
		ppp_link_reject(&s->ppp, now, why);
		return;
	}
	s->box->count.auth_ok++;
	if (!again)
		bind_device(s);
	snprintf(s->ppp.record.auth.proof, sizeof(s->ppp.record.auth.proof),
		 "%s", reply->proof ? reply->proof : "");
	ppp_link_accept(&s->ppp, now, &ip, reply->message);
}

static void reject_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	bool unavailable = reply->verdict == AAA_UNAVAILABLE;
	char user[64], link[KERN_LINK_STRLEN];

	if (unavailable)
		s->box->count.auth_unavailable++;
	else
		s->box->count.auth_failed++;
	log_info("%s user %s: %s", kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 unavailable ? "nobody answers whether it may come in" :
			       "authentication failed");
	ppp_link_reject(&s->ppp, now, reply->message);
}

/* A call that came in is not passed on. */
static void tunnel_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	static const struct aaa_reply reject = { .verdict = AAA_REJECT };

	if (s->tunnel)
		s->tunnel(s, now, reply->tunnel);
	else
		reject_it(s, now, &reject);
}

static void answered(void *user, msec_t now, const struct aaa_reply *reply)
{
	struct subscriber *s = user;

	if (!ppp_link_asked(&s->ppp))
		return; /* it negotiates anew, and will be asked again */
	if (reply->verdict != AAA_ACCEPT)
		reject_it(s, now, reply);
	else if (reply->tunnel && s->ppp.phase == PPP_AUTHENTICATE)
		tunnel_it(s, now, reply);
	else if (!s->profile->pool)
		subscriber_end(s, now, CDN_NO_FACILITIES, NO_POOL);
	else
		accept_it(s, now, reply);
}

/* NAS-Port-Type: RFC 2865 5.41, RFC 4603. */
static uint32_t port_type(const struct subscriber *s)
{
	enum { VIRTUAL = 5, PPPOE = 32, PPPOE_VLAN = 33, PPPOE_QINQ = 34 };

	if (s->access.kind != KERN_PPPOE)
		return VIRTUAL;
	if (s->access.vlan_inner)
		return PPPOE_QINQ;
	return s->access.vlan_outer ? PPPOE_VLAN : PPPOE;
}

static void ask(struct subscriber *s, msec_t now)
{
	char link[KERN_LINK_STRLEN], mac[MAC_STRLEN] = "", session[20];
	struct aaa_port port = { .type = port_type(s),
				 .id = kern_link_str(&s->access, link),
				 .calling = mac,
				 .session = session };

	snprintf(session, sizeof(session), "%016llx",
		 (unsigned long long)s->id);
	if (s->access.kind == KERN_PPPOE)
		mac_str(s->client.mac, mac);
	else if (s->session && s->session->call)
		port.calling = s->session->call->calling;
	question_ask(&s->question, s->box, now, s->profile->radius,
		     &s->ppp.record.auth, &port, answered, s);
}

void terminate_auth(struct subscriber *s, msec_t now)
{
	/* With RADIUS it may be tunnelled. */
	if (!s->profile->pool && !s->profile->radius)
		subscriber_end(s, now, CDN_NO_FACILITIES, NO_POOL);
	else
		ask(s, now);
}

void terminate_up(struct subscriber *s, msec_t now)
{
	char user[64], link[KERN_LINK_STRLEN], address[ADDR_STRLEN];

	(void)now;
	if (s->state == SUBSCRIBER_DEAD)
		return;
	bind_device(s); /* LCP may have been negotiated again: MRU, magic */
	if (s->state == SUBSCRIBER_UP) {
		subscriber_store(s);
		return;
	}
	s->state = SUBSCRIBER_UP;
	subscriber_store(s);
	s->box->count.subscribers_up++;
	log_info("%s user %s: up, address %s", kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 addr_str(&s->address, address));
	if (s->box->hooks)
		s->box->hooks->event(s->box, "up", s);
}

int terminate_restore(struct subscriber *s, const struct addr *address,
		      bool from_pool)
{
	struct pool *pool = box_pool_of(s->box, address);

	if (!address->family || subscriber_of_address(s->box, address))
		return -EEXIST;
	/* A fixed one that is its user's no longer is the pool's now. */
	if (!pool || pool_take(pool, addr_to_v4(address))) {
		if (from_pool)
			return -ENOENT;
		pool = NULL;
	}
	subscriber_set_address(s, address, pool);
	bind_device(s);
	return 0;
}
