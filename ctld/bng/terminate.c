/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination (see terminate.h). The link is bound to its device before the
 * message that lets the subscriber use it leaves: the answer to its
 * authentication. The address belongs to the subscriber until it ends.
 */
#include "bng/terminate.h"

#include "aaa/aaa.h"
#include "adit/wire.h"
#include "base/log.h"
#include "bng/account.h"
#include "bng/identity.h"
#include "bng/port.h"
#include "bng/lease.h"
#include "bng/qos.h"
#include "bng/reach.h"
#include "bng/terminate6.h"
#include "bng/user_limit.h"
#include "conf/decide.h"
#include "l2tp/msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NO_POOL "its profile has no pool"
#define IDLE_MIN 60 /* seconds: counters are read a few times in it */

static unsigned int idle_timeout(unsigned int granted)
{
	return granted && granted < IDLE_MIN ? IDLE_MIN : granted;
}

static void set_timeouts(const struct conf_profile *f,
			 const struct aaa_grant *g, struct ppp_ip *ip)
{
	ip->session_timeout = aaa_limit(g->session_timeout, f->session_timeout);
	ip->idle_timeout =
		aaa_limit(idle_timeout(g->idle_timeout), f->idle_timeout);
}

/* One that is granted takes the place of all of the profile's. */
static void set_servers(uint32_t *to, const struct addr *granted,
			const struct addr *conf, size_t n)
{
	const struct addr *from = granted[0].family ? granted : conf;

	for (size_t i = 0; i < n; i++)
		to[i] = addr_to_v4(&from[i]);
}

_Static_assert(PPP_DNS_MAX == AAA_SERVERS_MAX, "servers");
_Static_assert(PPP_NBNS_MAX == AAA_SERVERS_MAX, "servers");

/* Its IPv4 pool is empty: IPv6 alone will do, if it gets a prefix. */
static const char *provide_ipv6(struct subscriber *s, msec_t now,
				const struct aaa_grant *g, struct ppp_ip *ip)
{
	struct kern_prefix p[IPV6_NKINDS];

	if (!(s->profile->ppp.network & PPP_IPV6) ||
	    terminate6_provide(s, now, g, ip) || !(ip->network & PPP_IPV6) ||
	    !ipv6_prefixes(s->ipv6, p))
		return lease_none_left;
	s->box->count.no_address++;
	ip->network = PPP_IPV6;
	return NULL;
}

/* What it is to have; NULL, or why not. */
static const char *provide(struct subscriber *s, msec_t now,
			   const struct aaa_reply *reply, struct ppp_ip *ip)
{
	const struct aaa_grant *g = &reply->grant;
	const struct conf_profile *f = s->profile;
	const char *why = lease_take(s, now, g);

	*ip = (struct ppp_ip){ .v4.local = addr_to_v4(&f->local_address) };
	if (!why)
		why = terminate6_provide(s, now, g, ip);
	else if (why == lease_none_left)
		why = provide_ipv6(s, now, g, ip);
	ip->v4.peer = addr_to_v4(&s->address);
	set_timeouts(f, g, ip);
	set_servers(ip->v4.dns, g->dns, f->dns, PPP_DNS_MAX);
	set_servers(ip->v4.nbns, g->nbns, f->nbns, PPP_NBNS_MAX);
	return why;
}

static void accept_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	/* Asked once more on a link that is up, it keeps what it has. */
	bool again = s->ppp.phase != PPP_AUTHENTICATE;
	struct ppp_ip ip = s->ppp.ip;
	const char *why = again ? NULL : provide(s, now, reply, &ip);

	if (why) {
		s->box->count.no_address++;
		ppp_link_reject(&s->ppp, now, why);
		return;
	}
	s->box->count.auth_ok++;
	if (!again) {
		reach_bind(s, &reply->grant);
		qos_apply(s, &reply->grant);
	}
	snprintf(s->ppp.record->auth.proof, sizeof(s->ppp.record->auth.proof),
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

/* Asked once more on a link that is up, and nobody knows: it keeps what it has, until
 * it is asked again. MS-CHAPv2's answer needs a server's proof: none is sent.
 */
static void let_stay(struct subscriber *s, msec_t now)
{
	char user[64], link[KERN_LINK_STRLEN];

	s->box->count.auth_unavailable++;
	log_info("%s user %s: stays: nobody answers whether it may",
		 kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)));
	ppp_link_accept(&s->ppp, now, &s->ppp.ip, NULL);
}

/* A call that came in is not passed on. */
static void tunnel_it(struct subscriber *s, msec_t now,
		      const struct aaa_reply *reply)
{
	static const struct aaa_reply reject = { .verdict = AAA_REJECT };

	if (s->tunnel)
		s->tunnel(s, now, reply);
	else
		reject_it(s, now, &reject);
}

static enum conf_radius_tunnel tunnels_of(const struct subscriber *s)
{
	return s->rule ? s->rule->radius_tunnel : CONF_RADIUS_TUNNEL_ACCEPT;
}

static bool may_be_tunnelled(const struct subscriber *s)
{
	return s->ppp.phase == PPP_AUTHENTICATE &&
	       tunnels_of(s) != CONF_RADIUS_TUNNEL_IGNORE;
}

static bool is_tunnelled(const struct subscriber *s,
			 const struct aaa_reply *reply)
{
	return may_be_tunnelled(s) && (reply->tunnel || reply->n_tunnels);
}

/* A tunnel, or nothing. */
static bool lacks_tunnel(const struct subscriber *s,
			 const struct aaa_reply *reply)
{
	return s->ppp.phase == PPP_AUTHENTICATE && !reply->tunnel &&
	       !reply->n_tunnels && tunnels_of(s) == CONF_RADIUS_TUNNEL_REQUIRE;
}

/* The name that it is told by from now on. One whose Start has been told keeps its,
 * whatever it is called now.
 */
static void name_it(const struct subscriber *s, struct aaa_grant *g,
		    const char *asked)
{
	struct aaa_grant old;

	if (s->account.started) {
		subscriber_grant(s, &old);
		memcpy(g->user, old.user, sizeof(g->user));
	} else if (!asked) {
		g->user[0] = '\0';
	} else if (!g->user[0] && strcmp(asked, s->user)) {
		snprintf(g->user, sizeof(g->user), "%s", asked);
	}
}

bool terminate_grant(struct subscriber *s, msec_t now,
		     const struct aaa_reply *reply, const char *asked)
{
	struct aaa_grant g = reply->grant;

	if (s->ppp.phase != PPP_AUTHENTICATE)
		return true;
	name_it(s, &g, asked);
	if (!subscriber_set_grant(s, &g))
		return true;
	subscriber_end(s, now, L2TP_CDN_BUSY_NOW, "out of memory");
	return false;
}

/* It has its grant. */
static void let_in(struct subscriber *s, msec_t now,
		   const struct aaa_reply *reply)
{
	if (is_tunnelled(s, reply)) {
		tunnel_it(s, now, reply);
	} else if (lacks_tunnel(s, reply)) {
		s->box->count.refused_by_rule++;
		ppp_link_reject(&s->ppp, now, NULL);
	} else if (!conf_terminates(s->profile)) {
		subscriber_end(s, now, L2TP_CDN_BUSY_NOW, NO_POOL);
	} else {
		accept_it(s, now, reply);
	}
}

/* One that is up counts already. */
static const char *count_it(struct subscriber *s, msec_t now)
{
	return s->ppp.phase == PPP_AUTHENTICATE ? user_limit_take(s, now) :
						  NULL;
}

/* Without its domain, if the rule says so. MS-CHAPv2's answer is one under the name
 * as it was said.
 */
static void asked_name(const struct subscriber *s, char out[PPP_NAME_MAX + 1])
{
	const struct ppp_auth *said = &s->ppp.record->auth;
	struct conf_user_name name;

	memcpy(out, said->name, sizeof(said->name));
	if (!s->rule || !s->rule->strip_domain ||
	    said->proto == PPP_AUTH_MSCHAPV2)
		return;
	conf_parse_name(s->box->conf, said->name, &name);
	memcpy(out, name.user, sizeof(said->name));
}

static void answered(void *user, msec_t now, const struct aaa_reply *reply)
{
	struct subscriber *s = user;
	char name[PPP_NAME_MAX + 1];
	const char *why;

	if (!ppp_link_asked(&s->ppp))
		return; /* it negotiates anew, and will be asked again */
	if (reply->verdict == AAA_UNAVAILABLE &&
	    s->ppp.phase != PPP_AUTHENTICATE) {
		let_stay(s, now);
		return;
	}
	if (reply->verdict != AAA_ACCEPT) {
		reject_it(s, now, reply);
		return;
	}
	asked_name(s, name);
	if (!terminate_grant(s, now, reply, name))
		return;
	why = count_it(s, now);
	if (why)
		ppp_link_reject(&s->ppp, now, why);
	else
		let_in(s, now, reply);
}

void terminate_ask(struct subscriber *s, msec_t now, enum aaa_service service,
		   const struct ppp_auth *auth, question_fn *done)
{
	struct aaa_port port;
	struct port_text text;

	port_describe(s, &text, &port);
	question_ask(&s->question, s->box, now, s->profile->radius, service,
		     auth, &port, done, s);
}

static void ask(struct subscriber *s, msec_t now)
{
	struct ppp_auth auth = s->ppp.record->auth;

	asked_name(s, auth.name);
	terminate_ask(s, now,
		      may_be_tunnelled(s) ? AAA_FRAMED : AAA_FRAMED_HERE, &auth,
		      answered);
	explicit_bzero(&auth, sizeof(auth));
}

/* Its profile wants nobody's name; RADIUS, if there is one, is asked all the same. */
static bool takes_anybody(const struct subscriber *s)
{
	return !s->ppp.auth_proto && !s->profile->ppp.auth[0] &&
	       !s->profile->radius;
}

void terminate_auth(struct subscriber *s, msec_t now)
{
	static const struct aaa_reply welcome = { .verdict = AAA_ACCEPT };

	/* With RADIUS it may be tunnelled. */
	if (!conf_terminates(s->profile) && !s->profile->radius)
		subscriber_end(s, now, L2TP_CDN_BUSY_NOW, NO_POOL);
	else if (!takes_anybody(s))
		ask(s, now);
	else if (terminate_grant(s, now, &welcome, NULL))
		let_in(s, now, &welcome);
}

static bool is_let_in(const struct subscriber *s)
{
	return s->state == SUBSCRIBER_UP || s->address.family || s->ipv6;
}

bool terminate_renamed(struct subscriber *s, msec_t now)
{
	const char *name = s->ppp.record->auth.name;
	char user[64], other[64], link[KERN_LINK_STRLEN];

	if (!is_let_in(s) || !strcmp(s->user, name))
		return false;
	s->box->count.auth_failed++;
	log_info("%s user %s: refused: it negotiates anew as %s",
		 kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 log_safe(name, strlen(name), other, sizeof(other)));
	ppp_link_reject(&s->ppp, now, NULL);
	return true;
}

/* ", address 100.64.0.9, prefix 2001:db8:100:5::/64" */
static const char *what_it_has(const struct subscriber *s, char *out,
			       size_t size)
{
	struct kern_prefix p[IPV6_NKINDS];
	size_t n = ipv6_prefixes(s->ipv6, p);
	char a[ADDR_STRLEN];
	size_t len = 0;

	out[0] = 0;
	if (s->address.family)
		len = (size_t)snprintf(out, size, ", address %s",
				       addr_str(&s->address, a));
	for (size_t i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, ", %s %s/%u",
					p[i].len == 128 ? "address" : "prefix",
					addr_str(&p[i].net, a), p[i].len);
	return out;
}

void terminate_up(struct subscriber *s, msec_t now)
{
	char user[64], link[KERN_LINK_STRLEN], has[3 * ADDR_STRLEN];
	struct aaa_grant g;

	if (s->state == SUBSCRIBER_DEAD)
		return;
	subscriber_grant(s, &g);
	reach_apply(s, &g); /* LCP may have been negotiated again: MRU, magic */
	terminate6_up(s, now, &g);
	if (s->state == SUBSCRIBER_UP) {
		identity_update(s);
		subscriber_store(s);
		return;
	}
	s->state = SUBSCRIBER_UP;
	identity_update(s);
	account_start(s, now);
	s->box->count.subscribers_up++;
	log_info("%s user %s: up%s", kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 what_it_has(s, has, sizeof(has)));
	if (s->box->hooks)
		s->box->hooks->event(s->box, "up", s);
}

int terminate_restore(struct subscriber *s, msec_t now,
		      const struct addr *address, bool from_pool)
{
	struct aaa_grant g;
	int err;

	if (!address->family && !s->ipv6)
		return -ENOENT;
	subscriber_grant(s, &g);
	err = lease_restore(s, address, from_pool, &g);
	if (err)
		return err;
	s->has_qos = true; /* by now the configuration may say other ones */
	reach_apply(s, &g);
	qos_apply(s, &g);
	terminate6_resume(s, now, &g);
	return 0;
}

void terminate_apply(struct subscriber *s, msec_t now)
{
	struct ppp_ip limits = { 0 };
	struct aaa_grant g;

	if (s->state != SUBSCRIBER_UP)
		return;
	subscriber_grant(s, &g);
	set_timeouts(s->profile, &g, &limits);
	ppp_link_limits(&s->ppp, now, s->since, limits.session_timeout,
			limits.idle_timeout);
	if (s->state != SUBSCRIBER_UP)
		return; /* its time is over */
	reach_apply(s, &g);
	qos_apply(s, &g);
	account_changed(s, now);
	subscriber_store(s);
}
