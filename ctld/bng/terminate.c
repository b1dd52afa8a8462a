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
		if (in_use(s, fixed))
			return "address in use";
		subscriber_set_address(s, fixed, NULL);
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

static void accept_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	struct ppp_ip ip = { .local = s->profile->local_address,
			     .session_timeout = s->profile->session_timeout,
			     .idle_timeout = s->profile->idle_timeout };
	const char *why;

	why = take_address(s, &reply->address);
	if (why) {
		s->box->count.no_address++;
		ppp_link_reject(&s->ppp, now, why);
		return;
	}
	s->box->count.auth_ok++;
	ip.peer = s->address;
	memcpy(ip.dns, s->profile->dns, sizeof(ip.dns));
	memcpy(ip.nbns, s->profile->nbns, sizeof(ip.nbns));
	bind_device(s);
	snprintf(s->ppp.record.auth.proof, sizeof(s->ppp.record.auth.proof),
		 "%s", reply->proof ? reply->proof : "");
	ppp_link_accept(&s->ppp, now, &ip, reply->message);
}

static void reject_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	char user[64], link[KERN_LINK_STRLEN];

	s->box->count.auth_failed++;
	log_info("%s user %s: authentication failed",
		 kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)));
	ppp_link_reject(&s->ppp, now, reply->message);
}

/* One question to AAA; the subscriber may end before the answer. */
struct question {
	struct aaa_request request;
	struct subscriber *subscriber;
};

static void answered(struct aaa_request *r, msec_t now,
		     const struct aaa_reply *reply)
{
	struct question *q = r->user;

	if (reply->verdict == AAA_ACCEPT)
		accept_it(q->subscriber, now, reply);
	else
		reject_it(q->subscriber, now, reply);
}

void terminate_auth(struct subscriber *s, msec_t now)
{
	const struct ppp_auth *a = &s->ppp.record.auth;
	struct question q = { .subscriber = s };

	if (!s->profile->pool) {
		subscriber_end(s, now, CDN_NO_FACILITIES,
			       "its profile has no pool");
		return;
	}
	q.request = (struct aaa_request){
		.name = a->name,
		.proto = a->proto,
		.id = a->id,
		.challenge = a->challenge,
		.challenge_len = a->challenge_len,
		.response = a->response,
		.response_len = a->response_len,
		.done = answered,
		.user = &q,
	};
	aaa_local_submit(s->box->users, &q.request, now);
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
