/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination (see terminate.h). The link is bound to its device before the
 * message that lets the subscriber use it leaves: the answer to its
 * authentication. The address belongs to the subscriber until it ends.
 */
#include "bng/terminate.h"

#include "aaa/aaa.h"
#include "base/log.h"

#include <string.h>

#define CDN_NO_FACILITIES 4

/* An address for s, fixed or from the profile's pool. 0, or -1. */
static int take_address(struct subscriber *s, const struct addr *fixed)
{
	struct pool *pool = box_pool(s->box, s->profile);
	uint32_t v4;

	if (s->address.family)
		return 0; /* it negotiates anew, and keeps what it has */
	if (fixed->family) {
		s->address = *fixed;
		s->from_pool = pool && !pool_take(pool, addr_to_v4(fixed));
		return 0;
	}
	v4 = pool ? pool_alloc(pool) : 0;
	if (!v4)
		return -1;
	s->address = addr_v4(v4);
	s->from_pool = true;
	return 0;
}

static void bind_device(struct subscriber *s)
{
	struct kern_ip ip = { .ifindex = box_device(s->box, s->profile),
			      .peer = s->address,
			      .mtu = s->ppp.peer_mru,
			      .magic = s->ppp.magic };

	kern_bind_ip(s->box->kern, &s->access, &ip);
}

static void accept_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	struct ppp_ip ip = { .local = s->profile->local_address };

	if (take_address(s, &reply->address)) {
		s->box->count.no_address++;
		log_warn("user of profile %s: no address is left",
			 s->profile->name);
		ppp_link_reject(&s->ppp, now, "no address");
		return;
	}
	s->box->count.auth_ok++;
	ip.peer = s->address;
	memcpy(ip.dns, s->profile->dns, sizeof(ip.dns));
	bind_device(s);
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
	msec_t now;
};

static void answered(struct aaa_request *r, const struct aaa_reply *reply)
{
	struct question *q = r->user;

	if (reply->verdict == AAA_ACCEPT)
		accept_it(q->subscriber, q->now, reply);
	else
		reject_it(q->subscriber, q->now, reply);
}

void terminate_auth(struct subscriber *s, msec_t now)
{
	const struct ppp_auth *a = &s->ppp.record.auth;
	struct question q = { .subscriber = s, .now = now };

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
	aaa_local_submit(s->box->users, &q.request);
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

int terminate_restore(struct subscriber *s)
{
	struct pool *pool = box_pool(s->box, s->profile);
	int err = 0;

	if (s->from_pool) {
		s->from_pool = false;
		err = pool ? pool_take(pool, addr_to_v4(&s->address)) : -1;
		s->from_pool = !err;
	}
	if (!err)
		bind_device(s);
	return err;
}
