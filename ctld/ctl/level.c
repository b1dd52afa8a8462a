/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The four levels as records, and orders to them; see level.h. */
#include "ctl/level.h"

#include "base/clock.h"
#include "bng/outage.h"
#include "bng/subscriber.h"
#include "ctl/put.h"
#include "l2tp/msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void put_tally(struct nlmsghdr *m, uint16_t type,
		      const struct l2tp_tally *t)
{
	uint64_t v[CTL_TALLY_MAX] = {
		[CTL_TALLY_TOTAL] = t->total,
		[CTL_TALLY_ACTIVE] = t->active,
		[CTL_TALLY_FAILED] = t->failed,
		[CTL_TALLY_AUTH_ERRORS] = t->auth_errors,
	};

	mnl_attr_put_check(m, CTL_MESSAGE_MAX, type, sizeof(v), v);
}

static void put_admin(struct nlmsghdr *m, const struct l2tp_level *l)
{
	put_str(m, CTL_A_ADMIN, l2tp_admin_name(l->admin));
	put_str(m, CTL_A_EFFECTIVE, l2tp_admin_name(l2tp_level_effective(l)));
}

void level_put(struct nlmsghdr *m, const struct l2tp_level *l)
{
	put_admin(m, l);
	put_tally(m, CTL_A_OF_DESTINATIONS, &l->below[L2TP_DESTINATIONS]);
	put_tally(m, CTL_A_OF_TUNNELS, &l->below[L2TP_TUNNELS]);
	put_tally(m, CTL_A_OF_SESSIONS, &l->below[L2TP_SESSIONS]);
}

static uint64_t seconds_since(msec_t at)
{
	return (uint64_t)(clock_now() - at) / 1000;
}

static void put_reason(struct nlmsghdr *m, const struct l2tp_result *why)
{
	char text[L2TP_TEXT_MAX + 32], safe[L2TP_TEXT_MAX];

	snprintf(text, sizeof(text), "%u/%u %s", why->result, why->error,
		 log_safe(why->text, strlen(why->text), safe, sizeof(safe)));
	put_str(m, CTL_A_REASON, text);
}

static bool id_is(const struct nlattr *wanted, uint16_t id)
{
	return !wanted || mnl_attr_get_u32(wanted) == id;
}

/* ------------------------------------------------------------ destinations */

static const char *state_of(const struct l2tp_destination *d)
{
	if (d->level.below[L2TP_TUNNELS].active)
		return "up";
	if (d->level.below[L2TP_TUNNELS].pending)
		return "set-up";
	if (!LIST_EMPTY(&d->tunnels))
		return "closing";
	return d->known ? "ended" : "unused";
}

static void put_name(struct nlmsghdr *m, const struct l2tp_destination *d)
{
	char name[L2TP_DESTINATION_STRLEN], at[ADDR_STRLEN];

	put_str(m, CTL_A_DESTINATION, l2tp_destination_str(d, name));
	put_str(m, CTL_A_VRF, d->vrf);
	put_str(m, CTL_A_REMOTE, addr_str(&d->remote, at));
	put_str(m, CTL_A_STATE, state_of(d));
}

static void put_lockout(struct nlmsghdr *m, const struct lockout *l)
{
	msec_t left;

	if (!l)
		return;
	put_str(m, CTL_A_LOCKOUT, lockout_state_name(l->state));
	left = l->until - clock_now();
	if (l->state == LOCKOUT_LOCKED)
		put_u64(m, CTL_A_LOCKOUT_LEFT,
			left > 0 ? (uint64_t)left / 1000 : 0);
}

static void put_destination(struct nlmsghdr *m, const struct box *b,
			    const struct l2tp_destination *d)
{
	put_name(m, d);
	put_lockout(m, lockout_find(&b->lockouts, d->vrf, &d->remote));
	level_put(m, &d->level);
	put_u64(m, d->resting ? CTL_A_ENDED : CTL_A_UPTIME,
		seconds_since(d->since));
}

/* One that an endpoint is in, or that a destination was made in. */
static bool known_vrf(const struct box *b, const char *vrf)
{
	const struct l2tp_destination *d;
	const struct conf_endpoint *e;

	if (!vrf[0])
		return true;
	STAILQ_FOREACH(e, &b->conf->endpoints, next)
	if (e->vrf && !strcmp(e->vrf, vrf))
		return true;
	LIST_FOREACH(d, &b->l2tp.destinations, all)
	if (!strcmp(d->vrf, vrf))
		return true;
	return false;
}

/* A destination by VRF and REMOTE. 0, or -errno and why. */
static int read_name(const struct box *b, const struct nlattr *const *attrs,
		     const char **vrf, struct addr *remote, const char **text)
{
	*vrf = attrs[CTL_A_VRF] ? mnl_attr_get_str(attrs[CTL_A_VRF]) : "";
	if (!attrs[CTL_A_REMOTE] ||
	    addr_parse(mnl_attr_get_str(attrs[CTL_A_REMOTE]), remote)) {
		*text = "which destination? an address is wanted";
		return -EINVAL;
	}
	if (known_vrf(b, *vrf))
		return 0;
	*text = "no endpoint is in such a VRF";
	return -ENOENT;
}

int level_destination_show(struct ctl_client *c,
			   const struct nlattr *const *attrs, void *user,
			   const char **text)
{
	const struct l2tp_destination *d, *one = NULL;
	bool ended = attrs[CTL_A_ENDED];
	struct box *b = user;
	struct addr remote;
	const char *vrf;
	int rc;

	if (attrs[CTL_A_REMOTE]) {
		rc = read_name(b, attrs, &vrf, &remote, text);
		if (rc)
			return rc;
		one = l2tp_destination_find(&b->l2tp, vrf, &remote);
		*text = "no such destination";
		if (!one)
			return -ENOENT;
	}
	LIST_FOREACH(d, &b->l2tp.destinations, all)
	{
		struct nlmsghdr *m;

		if (one ? one != d : d->resting != ended)
			continue;
		m = ctl_record(c, CTL_KIND_DESTINATION);
		put_destination(m, b, d);
		ctl_send(c, m);
	}
	return 0;
}

int level_destination_unlock(struct ctl_client *c,
			     const struct nlattr *const *attrs, void *user,
			     const char **text)
{
	struct addr remote;
	const char *vrf;
	int rc;

	(void)c;
	rc = read_name(user, attrs, &vrf, &remote, text);
	return rc ? rc : outage_unlock(user, vrf, &remote, text);
}

int level_destination_test(struct ctl_client *c,
			   const struct nlattr *const *attrs, void *user,
			   const char **text)
{
	struct addr remote;
	const char *vrf;
	int rc;

	(void)c;
	rc = read_name(user, attrs, &vrf, &remote, text);
	return rc ? rc : outage_test(user, clock_now(), vrf, &remote, text);
}

/* ---------------------------------------------------- those that have ended */

static void put_ended(struct nlmsghdr *m, const struct ended *e)
{
	put_u32(m, CTL_A_TUNNEL_ID, e->tunnel_id);
	put_u32(m, CTL_A_PEER_TUNNEL_ID, e->peer_tunnel_id);
	if (e->session) {
		put_u32(m, CTL_A_SESSION_ID, e->session_id);
		put_u32(m, CTL_A_PEER_SESSION_ID, e->peer_session_id);
	}
	put_str(m, CTL_A_USER, e->user);
	put_str(m, CTL_A_PEER, e->name);
	put_str(m, CTL_A_PEER_NAME, e->peer_name);
	put_str(m, CTL_A_DESTINATION, e->destination);
	put_str(m, CTL_A_ROLE, e->lac ? "lac" : "lns");
	put_str(m, CTL_A_STATE, "ended");
	put_reason(m, &e->why);
	put_u64(m, CTL_A_UPTIME, (uint64_t)(e->at - e->since) / 1000);
	put_u64(m, CTL_A_ENDED, seconds_since(e->at));
	put_u64(m, CTL_A_RX_PACKETS, e->stats.rx_packets);
	put_u64(m, CTL_A_RX_BYTES, e->stats.rx_bytes);
	put_u64(m, CTL_A_TX_PACKETS, e->stats.tx_packets);
	put_u64(m, CTL_A_TX_BYTES, e->stats.tx_bytes);
}

static void show_ended(struct ctl_client *c, const struct nlattr *const *attrs,
		       const struct ended_list *l, uint32_t kind)
{
	const struct ended *e;

	TAILQ_FOREACH(e, &l->head, next)
	{
		struct nlmsghdr *m;

		if (!id_is(attrs[CTL_A_TUNNEL_ID], e->tunnel_id) ||
		    (e->session &&
		     !id_is(attrs[CTL_A_SESSION_ID], e->session_id)))
			continue;
		m = ctl_record(c, kind);
		put_ended(m, e);
		ctl_send(c, m);
	}
}

/* ----------------------------------------------------------------- tunnels */

static void put_of_tunnel(struct nlmsghdr *m, const struct l2tp_tunnel *t)
{
	char name[L2TP_DESTINATION_STRLEN];

	put_u32(m, CTL_A_TUNNEL_ID, t->id);
	put_u32(m, CTL_A_PEER_TUNNEL_ID, t->peer_id);
	put_str(m, CTL_A_PEER, t->peer->name);
	put_str(m, CTL_A_PEER_NAME, t->peer_name);
	put_str(m, CTL_A_DESTINATION,
		l2tp_destination_str(t->destination, name));
}

static void put_tunnel(struct nlmsghdr *m, const struct l2tp_tunnel *t)
{
	put_of_tunnel(m, t);
	put_str(m, CTL_A_ROLE, t->initiator ? "lac" : "lns");
	put_str(m, CTL_A_STATE, l2tp_tunnel_state_name(t->state));
	put_admin(m, &t->level);
	put_u64(m, CTL_A_UPTIME, seconds_since(t->opened_at));
	if (t->state == L2TP_TUNNEL_CLOSING)
		put_reason(m, &t->why);
}

/* How reliable delivery fares. */
static void put_channel(struct nlmsghdr *m, const struct l2tp_tunnel *t)
{
	const struct xport *x = &t->xport;

	if (x->srtt8)
		put_u64(m, CTL_A_SRTT, (uint64_t)x->srtt8 / 8);
	put_u64(m, CTL_A_RTO, (uint64_t)x->rto);
	put_u64(m, CTL_A_RETRANSMITS, t->retransmits);
	put_u32(m, CTL_A_WINDOW, x->window);
	put_u32(m, CTL_A_CWND, x->cwnd);
	put_u32(m, CTL_A_UNACKED, x->queued);
}

int level_tunnel_show(struct ctl_client *c, const struct nlattr *const *attrs,
		      void *user, const char **text)
{
	const struct box *b = user;
	const struct l2tp_tunnel *t;

	(void)text;
	if (attrs[CTL_A_ENDED]) {
		show_ended(c, attrs, &b->ended.tunnels, CTL_KIND_TUNNEL);
		return 0;
	}
	LIST_FOREACH(t, &b->l2tp.all, all)
	{
		struct nlmsghdr *m;

		if (!id_is(attrs[CTL_A_TUNNEL_ID], t->id) ||
		    t->state == L2TP_TUNNEL_CLOSING)
			continue;
		m = ctl_record(c, CTL_KIND_TUNNEL);
		put_tunnel(m, t);
		put_tally(m, CTL_A_OF_SESSIONS, &t->level.below[L2TP_SESSIONS]);
		put_channel(m, t);
		ctl_send(c, m);
	}
	return 0;
}

/* ---------------------------------------------------------------- sessions */

static void put_session(struct nlmsghdr *m, const struct l2tp_session *s)
{
	const struct subscriber *sub = s->user;

	put_of_tunnel(m, s->tunnel);
	put_u32(m, CTL_A_SESSION_ID, s->id);
	put_u32(m, CTL_A_PEER_SESSION_ID, s->peer_id);
	put_str(m, CTL_A_ROLE, s->lac ? "lac" : "lns");
	put_str(m, CTL_A_STATE, l2tp_session_state_name(s->state));
	/* A session has no state of its own: it is there, or shut down. */
	put_str(m, CTL_A_EFFECTIVE,
		l2tp_admin_name(l2tp_level_effective(&s->tunnel->level)));
	if (sub) {
		put_str(m, CTL_A_USER, sub->user);
		put_u64(m, CTL_A_UPTIME, seconds_since(sub->since));
	}
}

int level_session_show(struct ctl_client *c, const struct nlattr *const *attrs,
		       void *user, const char **text)
{
	const struct box *b = user;
	const struct l2tp_session *s;
	const struct l2tp_tunnel *t;

	(void)text;
	if (attrs[CTL_A_ENDED]) {
		show_ended(c, attrs, &b->ended.sessions, CTL_KIND_SESSION);
		return 0;
	}
	LIST_FOREACH(t, &b->l2tp.all, all)
	{
		if (!id_is(attrs[CTL_A_TUNNEL_ID], t->id))
			continue;
		LIST_FOREACH(s, &t->sessions, of_tunnel)
		{
			struct nlmsghdr *m;

			if (!id_is(attrs[CTL_A_SESSION_ID], s->id))
				continue;
			m = ctl_record(c, CTL_KIND_SESSION);
			put_session(m, s);
			ctl_send(c, m);
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ events */

void level_event(struct ctl_server *server, const struct l2tp_event *e)
{
	struct nlmsghdr *m = ctl_event(server, e->what);

	if (!m)
		return;
	put_str(m, CTL_A_OBJECT,
		e->destination	     ? "destination" :
		e->tunnel || e->name ? "tunnel" :
		e->session	     ? "session" :
				       "system");
	put_str(m, CTL_A_PEER, e->name);
	if (e->destination) {
		put_name(m, e->destination);
		put_admin(m, &e->destination->level);
	}
	if (e->tunnel)
		put_tunnel(m, e->tunnel);
	if (e->session)
		put_session(m, e->session);
	ctl_publish(server, m);
}

/* ------------------------------------------------------------------ orders */

/* L2TP_ADMINS: it is none. */
static enum l2tp_admin read_admin(const struct nlattr *const *attrs,
				  const char **text)
{
	enum l2tp_admin a = L2TP_ADMINS;

	if (attrs[CTL_A_ADMIN])
		for (a = L2TP_ENABLED; a < L2TP_ADMINS; a++)
			if (!strcmp(l2tp_admin_name(a),
				    mnl_attr_get_str(attrs[CTL_A_ADMIN])))
				break;
	if (a == L2TP_ADMINS)
		*text = "enabled, drain or shutdown is wanted";
	return a;
}

int level_system_order(struct ctl_client *c, const struct nlattr *const *attrs,
		       void *user, const char **text)
{
	enum l2tp_admin admin = read_admin(attrs, text);
	struct box *b = user;

	(void)c;
	if (admin == L2TP_ADMINS)
		return -EINVAL;
	l2tp_order_system(&b->l2tp, clock_now(), admin);
	return 0;
}

static const char *why_not(int err)
{
	return err == -ENOSPC ? "too many orders: enable something" :
	       err == -ENOENT ? "no such destination" :
				NULL;
}

int level_destination_order(struct ctl_client *c,
			    const struct nlattr *const *attrs, void *user,
			    const char **text)
{
	enum l2tp_admin admin = read_admin(attrs, text);
	struct box *b = user;
	struct addr remote;
	const char *vrf;
	int err;

	(void)c;
	if (admin == L2TP_ADMINS)
		return -EINVAL;
	err = read_name(b, attrs, &vrf, &remote, text);
	if (err)
		return err;
	err = l2tp_order_destination(&b->l2tp, clock_now(), vrf, &remote,
				     admin);
	*text = why_not(err);
	return err;
}

static int order_name(struct box *b, const char *name, enum l2tp_admin admin,
		      const char **text)
{
	int err;

	if (!conf_peer(b->conf, name) &&
	    l2tp_admin_of_name(&b->l2tp, name) == L2TP_ENABLED) {
		*text = "no tunnel or remote host of this name is configured";
		return -ENOENT;
	}
	err = l2tp_order_name(&b->l2tp, clock_now(), name, admin);
	*text = why_not(err);
	return err;
}

int level_tunnel_order(struct ctl_client *c, const struct nlattr *const *attrs,
		       void *user, const char **text)
{
	enum l2tp_admin admin = read_admin(attrs, text);
	struct box *b = user;
	struct l2tp_tunnel *t;
	uint32_t id;

	(void)c;
	if (admin == L2TP_ADMINS)
		return -EINVAL;
	if (attrs[CTL_A_NAME])
		return order_name(b, mnl_attr_get_str(attrs[CTL_A_NAME]), admin,
				  text);
	id = attrs[CTL_A_TUNNEL_ID] ? mnl_attr_get_u32(attrs[CTL_A_TUNNEL_ID]) :
				      0;
	t = id && id <= UINT16_MAX ? idmap_get(&b->l2tp.tunnels, (uint16_t)id) :
				     NULL;
	if (!t || t->state == L2TP_TUNNEL_CLOSING) {
		*text = "no such tunnel of the daemon's";
		return -ENOENT;
	}
	l2tp_order_tunnel(t, clock_now(), admin);
	return 0;
}

int level_session_order(struct ctl_client *c, const struct nlattr *const *attrs,
			void *user, const char **text)
{
	enum l2tp_admin admin = read_admin(attrs, text);
	uint32_t id = attrs[CTL_A_SESSION_ID] ?
			      mnl_attr_get_u32(attrs[CTL_A_SESSION_ID]) :
			      0;
	struct box *b = user;
	struct l2tp_session *s;

	(void)c;
	if (admin != L2TP_SHUTDOWN) {
		*text = "a session can only be shut down";
		return -EINVAL;
	}
	s = id && id <= UINT16_MAX ?
		    idmap_get(&b->l2tp.sessions, (uint16_t)id) :
		    NULL;
	if (!s || !id_is(attrs[CTL_A_TUNNEL_ID], s->tunnel->id)) {
		*text = "no such session of the daemon's";
		return -ENOENT;
	}
	if (b->hooks)
		b->hooks->l2tp_event(b, &(struct l2tp_event){
						.what = l2tp_admin_name(admin),
						.session = s });
	if (s->user)
		subscriber_end(s->user, clock_now(), L2TP_CDN_ADMIN,
			       "shut down by the operator");
	else
		l2tp_session_close(s, clock_now(), L2TP_CDN_ADMIN, 0,
				   "shut down by the operator");
	return 0;
}
