/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE clients (RFC 2516) and the decision of where they go. Called by PPPoE
 * discovery and by the subscribers' PPP links.
 */
#include "bng/access.h"

#include "adit/wire.h"
#include "base/log.h"
#include "bng/admit.h"
#include "bng/cause.h"
#include "bng/dial.h"
#include "bng/lns_ask.h"
#include "bng/port.h"
#include "bng/terminate.h"
#include "bng/terminate6.h"
#include "conf/decide.h"
#include "l2tp/msg.h"

#include <stdio.h>
#include <string.h>

#define SETTLE SECONDS(1) /* for the client to speak first */

static struct box *box_of(struct pppoe_disc *d)
{
	return d->user;
}

static struct kern_link link_of(const struct pppoe_client *c, uint16_t sid)
{
	return (struct kern_link){ .kind = KERN_PPPOE,
				   .session_id = sid,
				   .ifindex = c->ifindex,
				   .vlan_outer = c->vlan_outer,
				   .vlan_inner = c->vlan_inner };
}

/* What a frame may carry there, behind the PPPoE and PPP headers. */
static uint16_t max_payload(const struct box_port *p, uint16_t mru)
{
	uint32_t room = p->mtu > PPPOE_HLEN + 2 ? p->mtu - PPPOE_HLEN - 2 : 0;

	return room < mru ? (uint16_t)room : mru;
}

static bool disc_port(struct pppoe_disc *d, const struct pppoe_client *from,
		      struct pppoe_conf *out)
{
	const struct box *b = box_of(d);
	const struct box_port *p = box_port(b, from->ifindex);
	const struct ppp_conf *ppp;

	if (!p ||
	    !conf_port_serves(p->conf, from->vlan_outer, from->vlan_inner))
		return false;
	ppp = conf_port_ppp(p->conf, from->vlan_outer, from->vlan_inner);
	*out = p->conf->pppoe;
	out->max_payload = max_payload(p, ppp->mru);
	out->delay = admit_delay(b, p->conf);
	return true;
}

static void disc_send(struct pppoe_disc *d, const struct pppoe_client *to,
		      const void *frame, size_t len)
{
	struct kern_eth eth = { .ifindex = to->ifindex,
				.vlan_outer = to->vlan_outer,
				.vlan_inner = to->vlan_inner,
				.vlan_proto = to->vlan_proto };

	memcpy(eth.mac, to->mac, 6);
	kern_send_pppoe(box_of(d)->kern, &eth, frame, len);
}

/* A PADR that was sent again, because PADS was slow or lost. */
static struct subscriber *
same_request(struct box *b, const struct pppoe_client *c, uint64_t host_uniq)
{
	struct hash_node *node = hash_find(&b->by_client, admit_key(c));

	for (; node; node = hash_next(node)) {
		struct subscriber *s =
			container_of(node, struct subscriber, by_client);

		if (!s->heard && s->host_uniq == host_uniq &&
		    admit_same(&s->client, c))
			return s;
	}
	return NULL;
}

/* The call goes one of these ways. NULL: out of memory. */
static void tunnel_it(struct subscriber *s, msec_t now, struct route *r)
{
	const char *text = "out of memory";

	if (r && s->session && !route_has(r, s->session->tunnel->peer->user)) {
		/* It negotiates anew under a name that leads elsewhere. */
		route_free(r);
		subscriber_end(s, now, L2TP_CDN_CARRIER, "changed its tunnel");
	} else if (r && (s->address.family || s->state == SUBSCRIBER_UP)) {
		route_free(r);
		subscriber_end(s, now, L2TP_CDN_CARRIER, "changed its domain");
	} else if (!r || dial(s, r, now, &text)) {
		subscriber_end(s, now, 0, text);
	}
}

/* Through what RADIUS has said; what is to be known of it is known. */
static void tunnel_said(struct subscriber *s, msec_t now,
			const struct aaa_reply *reply)
{
	const char *name = reply->tunnel ? reply->tunnel : "";
	const struct conf *c = s->box->conf;
	const struct conf_tunnel_group *group = conf_tunnel_group(c, name);
	const struct conf_tunnel *to = conf_tunnel(c, name);
	struct route *r = route_new(&s->box->definitions);
	char link[KERN_LINK_STRLEN], safe[64];

	kern_link_str(&s->access, link);
	if (r && group)
		route_add_group(r, group);
	else if (r && to)
		route_add(r, to, 0, NULL);
	else if (r)
		route_add_described(r, &s->box->lns_names, reply, link);
	if (!r || r->n) {
		tunnel_it(s, now, r);
		return;
	}
	route_free(r);
	if (reply->tunnel && !reply->n_tunnels)
		log_warn("%s: RADIUS names a tunnel that there is none of: %s",
			 link,
			 log_safe(name, strlen(name), safe, sizeof(safe)));
	subscriber_end(s, now, L2TP_CDN_CARRIER, "no such tunnel");
}

static void lns_found(void *user, msec_t now, const struct aaa_reply *tunnels,
		      msec_t since)
{
	struct subscriber *s = user;

	if (!ppp_link_asked(&s->ppp))
		return; /* it negotiates anew, and RADIUS will be asked again */
	if (!lns_ask(&s->lns_ask, &s->box->lns_names, since, tunnels, lns_found,
		     s))
		tunnel_said(s, now, tunnels);
}

/* A group or tunnel of the configuration counts more than what is described. */
static void tunnel_answered(struct subscriber *s, msec_t now,
			    const struct aaa_reply *reply)
{
	const struct conf *c = s->box->conf;
	bool named = reply->tunnel && (conf_tunnel_group(c, reply->tunnel) ||
				       conf_tunnel(c, reply->tunnel));

	if (named ||
	    !lns_ask(&s->lns_ask, &s->box->lns_names, now, reply, lns_found, s))
		tunnel_said(s, now, reply);
}

void access_adopt(struct subscriber *s, const struct pppoe_client *c)
{
	s->client = *c;
	s->tunnel = tunnel_answered;
	hash_add(&s->box->by_client, &s->by_client, admit_key(c));
	tally_take(&s->box->tally, c);
}

static struct subscriber *new_session(struct box *b,
				      const struct pppoe_client *c,
				      const struct box_port *port, msec_t now)
{
	uint16_t sid = idmap_new(&b->pppoe_ids, b);
	struct kern_pppoe k = { .vlan_proto = c->vlan_proto, .label = "" };
	struct subscriber *s;

	if (!sid)
		return NULL;
	k.link = link_of(c, sid);
	s = subscriber_new(b, &k.link,
			   conf_port_profile(port->conf, c->vlan_outer,
					     c->vlan_inner),
			   &access_ppp_ops, now);
	if (!s) {
		idmap_del(&b->pppoe_ids, sid);
		return NULL;
	}
	access_adopt(s, c);
	memcpy(k.mac, c->mac, 6);
	k.cookie = s->id;
	kern_pppoe_new(b->kern, &k);
	return s;
}

static uint16_t disc_session(struct pppoe_disc *d, const struct pppoe_client *c,
			     struct pppoe_request *r, msec_t now)
{
	struct box *b = box_of(d);
	const struct box_port *port = box_port(b, c->ifindex);
	struct subscriber *s = same_request(b, c, r->host_uniq);

	if (s)
		return s->access.session_id;
	r->refused = admit(b, port, c, now);
	if (r->refused)
		return 0;
	s = new_session(b, c, port, now);
	if (!s) {
		r->refused = "out of memory or session ids";
		return 0;
	}
	s->host_uniq = r->host_uniq;
	port_of_client(s, r);
	return s->access.session_id;
}

static void begin(struct subscriber *s, msec_t now)
{
	timer_stop(&s->box->timers, &s->settle);
	ppp_link_start(&s->ppp, now);
}

static void settled(struct timer *t, msec_t now)
{
	begin(container_of(t, struct subscriber, settle), now);
}

/* The client's end of the session is made after PADS, and what comes before is
 * lost: it would cost LCP's retry timer. So the client speaks first; one that
 * does not hears us after SETTLE.
 */
static void disc_started(struct pppoe_disc *d, const struct pppoe_client *c,
			 uint16_t sid, msec_t now)
{
	struct box *b = box_of(d);
	struct kern_link link = link_of(c, sid);
	struct subscriber *s = subscriber_find(b, &link);

	if (!s || s->ppp.phase != PPP_DEAD)
		return;
	s->settle.fn = settled;
	timer_set(&b->timers, &s->settle, now + SETTLE);
}

void access_heard(struct subscriber *s, msec_t now)
{
	if (s->settle.slot)
		begin(s, now);
}

static bool disc_ended(struct pppoe_disc *d, const struct pppoe_client *c,
		       uint16_t sid, msec_t now)
{
	struct kern_link link = link_of(c, sid);
	struct subscriber *s = subscriber_find(box_of(d), &link);

	if (!s || !admit_same(&s->client, c))
		return false;
	s->account.cause = ACCT_USER_REQUEST;
	subscriber_end(s, now, L2TP_CDN_CARRIER, "client sent PADT");
	return true;
}

const struct pppoe_disc_ops access_disc_ops = {
	.port = disc_port,
	.send = disc_send,
	.session = disc_session,
	.started = disc_started,
	.ended = disc_ended,
};

void access_input(struct box *b, msec_t now, const struct kern_eth *from,
		  bool to_us, const void *frame, size_t len)
{
	struct pppoe_client c = { .ifindex = from->ifindex,
				  .vlan_outer = from->vlan_outer,
				  .vlan_inner = from->vlan_inner,
				  .vlan_proto = from->vlan_proto };

	memcpy(c.mac, from->mac, 6);
	pppoe_disc_input(&b->disc, now, &c, to_us, frame, len);
}

static void ppp_send(struct ppp_link *l, const void *frame, size_t len)
{
	subscriber_send(l->user, frame, len);
}

/* False: no memory for the name. */
static bool name_it(struct subscriber *s)
{
	struct kern_pppoe k = { .link = s->access, .cookie = s->id };

	if (!subscriber_set_user(s, s->ppp.record->auth.name))
		return false;
	k.label = s->user;
	kern_pppoe_set(s->box->kern, &k);
	return true;
}

/* Of termination: the rule's, or the port's. What is up keeps its own: it is accounted
 * by that.
 */
static void set_profile(struct subscriber *s)
{
	const struct box_port *port = box_port(s->box, s->access.ifindex);

	if (s->state == SUBSCRIBER_UP)
		return;
	if (s->rule && s->rule->profile)
		s->profile = s->rule->profile;
	else if (port)
		s->profile = conf_port_profile(port->conf, s->access.vlan_outer,
					       s->access.vlan_inner);
}

/* Of the domain; without a tunnel of its own the user is asked for. */
static void domain_answered(void *user, msec_t now,
			    const struct aaa_reply *reply)
{
	struct subscriber *s = user;

	if (!ppp_link_asked(&s->ppp))
		return; /* it negotiates anew, and will be asked again */
	if (reply->verdict != AAA_ACCEPT ||
	    !(reply->tunnel || reply->n_tunnels))
		terminate_auth(s, now);
	else if (terminate_grant(s, now, reply, NULL))
		tunnel_answered(s, now, reply);
}

/* As if the domain were a user (what Cisco's LACs do): who goes through a tunnel is
 * the LNS's to know.
 */
static void ask_domain(struct subscriber *s, msec_t now, const char *domain)
{
	const char *password = s->rule->domain_password;
	struct ppp_auth auth = { .proto = PPP_PROTO_PAP };

	snprintf(auth.name, sizeof(auth.name), "%s", domain);
	auth.response_len = (uint8_t)strnlen(password, sizeof(auth.response));
	memcpy(auth.response, password, auth.response_len);
	terminate_ask(s, now, AAA_OUTBOUND, &auth, domain_answered);
	explicit_bzero(&auth, sizeof(auth));
}

/* All that it could be for is a tunnel. */
static bool asks_domain(const struct subscriber *s,
			const struct conf_user_name *name)
{
	return s->rule && s->rule->domain_password && name->domain[0] &&
	       s->profile->radius &&
	       s->rule->radius_tunnel != CONF_RADIUS_TUNNEL_IGNORE;
}

/* same: it has only begun anew. */
static void follow(struct subscriber *s, msec_t now,
		   const struct conf_user_name *name, bool same)
{
	const struct conf_rule *rule = s->rule;
	struct route *r;

	if (rule && (rule->tunnel || rule->group)) {
		r = route_new(&s->box->definitions);
		if (r && rule->group)
			route_add_group(r, rule->group);
		else if (r)
			route_add(r, rule->tunnel, 0, NULL);
		tunnel_it(s, now, r);
		return;
	}
	/* A call that RADIUS has asked for is none of the rule's. It is still for this
	 * user, and takes what was negotiated last, as dial has it; or it ends.
	 */
	if (s->session) {
		if (!same)
			subscriber_end(s, now, L2TP_CDN_CARRIER,
				       "changed its domain");
		return;
	}
	set_profile(s);
	if (rule && rule->refuse) {
		s->box->count.refused_by_rule++;
		ppp_link_reject(&s->ppp, now, NULL);
	} else if (asks_domain(s, name)) {
		ask_domain(s, now, name->domain);
	} else {
		terminate_auth(s, now);
	}
}

/* The subscriber has said who it is: a rule decides. */
static void ppp_auth(struct ppp_link *l, msec_t now)
{
	struct subscriber *s = l->user;
	const struct box_port *port = box_port(s->box, s->access.ifindex);
	struct conf_who who = { .name = l->record->auth.name,
				.port = port ? port->conf->ifname : "",
				.service = s->called ? s->called : "" };
	bool same = !strcmp(who.name, s->user);
	struct conf_user_name name;

	if (s->state == SUBSCRIBER_DEAD)
		return;
	/* The answer to what it said before is not for what it says now. */
	question_drop(&s->question, now);
	lns_ask_drop(&s->lns_ask);
	if (terminate_renamed(s, now))
		return;
	if (!name_it(s)) {
		subscriber_end(s, now, 0, "out of memory");
		return;
	}
	s->rule = conf_decide(s->box->conf, &who, &name);
	follow(s, now, &name, same);
}

static void ppp_up(struct ppp_link *l, msec_t now)
{
	terminate_up(l->user, now);
}

static void ppp_changed(struct ppp_link *l)
{
	subscriber_store(l->user);
}

static void ppp_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	struct subscriber *s = l->user;

	s->account.cause = cause_terminate_ppp(why);
	subscriber_end(s, now, L2TP_CDN_CARRIER, ppp_end_name(why));
}

const struct ppp_link_ops access_ppp_ops = {
	.send = ppp_send,
	.auth = ppp_auth,
	.up = ppp_up,
	.ipv6 = terminate6_input,
	.leaving = terminate6_leaving,
	.changed = ppp_changed,
	.down = ppp_down,
};
