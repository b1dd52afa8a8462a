/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting; see account.h. Called by bng/terminate, bng/lac and bng/bng, and by
 * state/restore.
 */
#include "bng/account.h"

#include "base/clock.h"
#include "base/crypt.h"
#include "base/log.h"
#include "bng/cause.h"
#include "bng/ipv6.h"
#include "bng/port.h"

#include <stdio.h>
#include <string.h>

#define INTERIM_MIN 60 /* seconds; RFC 2869 2.1 */
#define JITTER 10 /* per cent, either way */
#define PROTOCOL_LEN 2 /* of a frame, as the kernel counts it */
#define SESSION_STRLEN 20
#define DISCONNECT_MAX 247 /* of a vendor's attribute */
#define REFUSED_TIME SECONDS(60)

/* ------------------------------------------------------------------------ events */

static void session_str(uint64_t id, char out[SESSION_STRLEN])
{
	snprintf(out, SESSION_STRLEN, "%016llx", (unsigned long long)id);
}

/* What is about `what`, at the servers of that group. */
static void tell(struct box *b, msec_t now, const struct conf_radius_group *g,
		 struct acct_event *e, const struct acct_subject *what)
{
	bool ends = e->status == ACCT_STOP || e->status == ACCT_LINK_STOP ||
		    e->status == ACCT_TUNNEL_STOP;

	e->at = clock_wall();
	snprintf(e->group, sizeof(e->group), "%s", g->name);
	if (radius_acct_describe(e, what)) {
		log_err("accounting group %s: event %u of session %016llx is lost: its attributes are too long",
			g->name, e->status, (unsigned long long)e->session);
		b->radius.spool.count.lost_unreadable++;
		return;
	}
	spool_add(&b->radius.spool, now, e, ends);
}

struct acct_counts account_counts(const struct kern_stats *s)
{
	return (struct acct_counts){
		.in_octets = s->rx_bytes - s->rx_packets * PROTOCOL_LEN,
		.in_packets = s->rx_packets,
		.out_octets = s->tx_bytes - s->tx_packets * PROTOCOL_LEN,
		.out_packets = s->tx_packets,
	};
}

static struct acct_counts counts_of(const struct subscriber *s)
{
	struct acct_counts all = account_counts(&s->account.base);
	struct acct_counts now = account_counts(&s->stats);

	all.in_octets += now.in_octets;
	all.in_packets += now.in_packets;
	all.out_octets += now.out_octets;
	all.out_packets += now.out_packets;
	return all;
}

static void describe_tunnel(struct acct_tunnel *to,
			    const struct l2tp_path *path,
			    const struct l2tp_peer *peer, const char *peers,
			    bool lac)
{
	const struct conf_tunnel *of = peer->accept_calls ? NULL : peer->user;
	const char *ours = peer->local_name;

	*to = (struct acct_tunnel){
		.client = lac ? path->local.addr : path->remote.addr,
		.server = lac ? path->remote.addr : path->local.addr,
		.client_name = lac ? ours : peers,
		.server_name = lac ? peers : ours,
		.assignment = of ? of->assignment : NULL,
	};
}

static enum acct_authentic authentic(const struct subscriber *s)
{
	if (s->profile->radius)
		return ACCT_RADIUS;
	return s->state == SUBSCRIBER_TUNNELLED ? ACCT_REMOTE : ACCT_LOCAL;
}

static struct aaa_prefix has(const struct subscriber *s, enum ipv6_kind kind)
{
	const struct kern_prefix *p = &s->ipv6->have[kind];

	return (struct aaa_prefix){ p->net, p->len };
}

static void put_addresses(struct acct_subject *what, const struct subscriber *s,
			  const struct aaa_grant *g)
{
	if (s->state != SUBSCRIBER_UP)
		return;
	what->address = s->address;
	what->interface_id = g->interface_id;
	if (!s->ipv6)
		return;
	what->address6 = has(s, IPV6_ADDRESS).net;
	what->prefix6 = has(s, IPV6_PREFIX);
	what->delegated = has(s, IPV6_DELEGATED);
}

/* What its LNS said of its end, or we as such say. NULL: nothing. */
static const char *disconnect_text(const struct subscriber *s,
				   char text[DISCONNECT_MAX + 1])
{
	const struct l2tp_causes *c = s->causes;
	char one[L2TP_CAUSE_STRLEN];
	size_t len = 0;

	if (!c && s->session)
		c = s->session->causes;
	for (unsigned int i = 0; c && i < c->n; i++) {
		if (c->cause[i].code == L2TP_CAUSE_NONE)
			continue;
		l2tp_cause_str(&c->cause[i], one);
		if (len + strlen(one) + 2 > DISCONNECT_MAX)
			break;
		len += (size_t)snprintf(text + len, DISCONNECT_MAX + 1 - len,
					"%s%s", len ? "; " : "", one);
	}
	return len ? text : NULL;
}

/* An event of a subscriber, or of its call. */
static void tell_of(struct subscriber *s, msec_t now, enum acct_status status,
		    const struct conf_radius_group *g, unsigned int cause)
{
	char connection[16], name[AAA_TEXT_MAX + 1], why[DISCONNECT_MAX + 1];
	struct port_text text;
	struct aaa_port port;
	struct acct_tunnel tunnel;
	struct aaa_grant grant;
	struct acct_event e = {
		.status = status,
		.session = s->id,
		.counter = s->access.kind,
		.seconds = (uint32_t)((now - s->account.up_at) / 1000),
		.counts = counts_of(s),
	};
	struct acct_subject what = { .authentic = authentic(s),
				     .grant = &grant,
				     .port = &port,
				     .terminate = cause };

	subscriber_grant(s, &grant);
	port_describe(s, &text, &port);
	subscriber_told_name(s, name);
	what.user = name;
	if (cause)
		what.disconnect = disconnect_text(s, why);
	put_addresses(&what, s, &grant);
	if (s->session) {
		const struct l2tp_tunnel *t = s->session->tunnel;

		describe_tunnel(&tunnel, &t->path, t->peer, t->peer_name,
				s->session->lac);
		snprintf(connection, sizeof(connection), "%u",
			 s->session->serial);
		tunnel.connection = connection;
		what.tunnel = &tunnel;
	}
	tell(s->box, now, g, &e, &what);
}

/* ------------------------------------------------------------------- subscribers */

const struct conf_radius_group *account_group_of(const struct l2tp_peer *peer)
{
	const struct conf_remote_host *host = peer->user;
	const struct conf_tunnel *tunnel = peer->user;

	return peer->accept_calls ? host->accounting : tunnel->accounting;
}

static const struct conf_radius_group *group_of_call(const struct subscriber *s)
{
	return s->session ? account_group_of(s->session->tunnel->peer) : NULL;
}

/* Seconds; 0: none. What it is granted counts more than its profile. */
static unsigned int interval(const struct subscriber *s)
{
	unsigned int seconds;
	struct aaa_grant g;

	subscriber_grant(s, &g);
	seconds = aaa_limit(g.interim_interval, s->profile->interim_interval);
	return seconds && seconds < INTERIM_MIN ? INTERIM_MIN : seconds;
}

static msec_t next_interim(const struct subscriber *s, msec_t now)
{
	uint32_t percent = 100 - JITTER + crypt_random_u32() % (2 * JITTER + 1);
	unsigned int seconds = interval(s);

	return seconds ? now + (msec_t)seconds * 10 * percent : MSEC_NEVER;
}

static void set_interim(struct subscriber *s, msec_t now)
{
	timer_set(&s->box->timers, &s->account.interim, next_interim(s, now));
}

static void interim_due(struct timer *t, msec_t now)
{
	struct subscriber *s =
		container_of(t, struct subscriber, account.interim);

	tell_of(s, now, ACCT_INTERIM, s->account.group, 0);
	set_interim(s, now);
	subscriber_store(s);
}

void account_start(struct subscriber *s, msec_t now)
{
	const struct conf_radius_group *call = group_of_call(s);

	if (s->account.started)
		return;
	s->account.started = true;
	s->account.group = s->profile->accounting;
	s->account.up_at = now;
	s->account.interim.fn = interim_due;
	if (s->account.group)
		set_interim(s, now);
	/* A Stop without a Start is better than a Start without a Stop. */
	subscriber_store(s);
	if (call)
		tell_of(s, now, ACCT_LINK_START, call, 0);
	if (s->account.group)
		tell_of(s, now, ACCT_START, s->account.group, 0);
}

/* Once: the daemon may have been killed when it had told it. */
static void tell_end(struct subscriber *s, msec_t now, enum acct_status status,
		     const struct conf_radius_group *g, unsigned int cause)
{
	if (!spool_has(&s->box->radius.spool, s->id, status))
		tell_of(s, now, status, g, cause);
}

void account_stop(struct subscriber *s, msec_t now, uint16_t cdn_result)
{
	const struct conf_radius_group *call = group_of_call(s);
	unsigned int cause = s->account.cause;

	timer_stop(&s->box->timers, &s->account.interim);
	if (!cause)
		cause = cause_terminate_result(cdn_result);
	if (!s->account.started) {
		if (call)
			tell_of(s, now, ACCT_LINK_REJECT, call, cause);
		return;
	}
	s->account.started = false;
	if (s->account.group)
		tell_end(s, now, ACCT_STOP, s->account.group, cause);
	if (call)
		tell_end(s, now, ACCT_LINK_STOP, call, cause);
}

void account_changed(struct subscriber *s, msec_t now)
{
	struct timer *t = &s->account.interim;
	msec_t next = next_interim(s, now);

	if (!s->account.started || !s->account.group)
		return;
	if (!t->slot || next < t->at || next == MSEC_NEVER)
		timer_set(&s->box->timers, t, next);
}

void account_last(struct box *b, msec_t now, uint64_t cookie,
		  enum kern_link_kind kind, const struct kern_stats *last)
{
	struct acct_counts counts = account_counts(last);

	if (cookie)
		spool_last(&b->radius.spool, now, cookie, kind, &counts);
}

/* ----------------------------------------------------------------------- tunnels */

static void tell_of_tunnel(struct l2tp_tunnel *t, msec_t now, uint64_t id,
			   enum acct_status status, unsigned int cause)
{
	const struct conf_radius_group *g = account_group_of(t->peer);
	struct acct_event e = {
		.status = status,
		.session = id,
		.counter = KERN_NO_LINK,
		.seconds = (uint32_t)((now - t->opened_at) / 1000),
	};
	char session[SESSION_STRLEN], connection[16];
	struct acct_tunnel tunnel;
	struct acct_subject what = { .session = session,
				     .tunnel = &tunnel,
				     .terminate = cause };

	if (!g)
		return;
	session_str(id, session);
	describe_tunnel(&tunnel, &t->path, t->peer, t->peer_name,
			!t->peer->accept_calls);
	snprintf(connection, sizeof(connection), "%u", t->id);
	tunnel.connection = connection;
	what.user = t->peer_name;
	tell(t->host->user, now, g, &e, &what);
}

void account_tunnel_up(struct l2tp_tunnel *t, msec_t now)
{
	tell_of_tunnel(t, now, t->cookie, ACCT_TUNNEL_START, 0);
}

/* One that has given way to the peer's own (4.4.3) is not refused. */
void account_tunnel_down(struct l2tp_tunnel *t, msec_t now, uint64_t id)
{
	if (t->was_up || t->why.result != L2TP_STOP_EXISTS)
		tell_of_tunnel(t, now, id,
			       t->was_up ? ACCT_TUNNEL_STOP :
					   ACCT_TUNNEL_REJECT,
			       cause_terminate_tunnel(t));
}

/* May it be told? The table is full of what was told within REFUSED_TIME. */
static bool is_news(struct box *b, msec_t now, uint64_t what)
{
	struct box_refused *free = NULL;

	for (int i = 0; i < BOX_REFUSED; i++) {
		struct box_refused *r = &b->refused[i];

		if (r->until <= now)
			free = r;
		else if (r->what == what)
			return false;
	}
	if (free)
		*free = (struct box_refused){ what, now + REFUSED_TIME };
	else
		b->count.refused_untold++;
	return free;
}

static uint64_t refused_key(const struct account_refused *r)
{
	uint8_t b[sizeof(r->path->remote.addr.b) + 6];
	struct wr w = wr_make(b, sizeof(b));

	wr_bytes(&w, r->path->remote.addr.b, sizeof(r->path->remote.addr.b));
	wr_u16(&w, r->path->remote.port);
	wr_u16(&w, r->peer_id);
	wr_u16(&w, r->call_id);
	return hash_bytes(b, wr_len(&w));
}

void account_refused(struct box *b, msec_t now, const struct account_refused *r)
{
	const struct conf_radius_group *g = account_group_of(r->peer);
	struct acct_event e = { .status = r->status };
	const char *name = r->peer->remote_name ? r->peer->remote_name :
						  r->peer->name;
	char session[SESSION_STRLEN], connection[16];
	struct acct_tunnel tunnel;
	struct acct_subject what = { .user = name,
				     .session = session,
				     .tunnel = &tunnel,
				     .terminate = r->cause };

	if (!g || !is_news(b, now, refused_key(r)))
		return;
	describe_tunnel(&tunnel, r->path, r->peer, name,
			!r->peer->accept_calls);
	tunnel.connection = connection;
	snprintf(connection, sizeof(connection), "%u",
		 r->call_id ? r->serial : r->peer_id);
	e.session = box_new_id(b);
	session_str(e.session, session);
	tell(b, now, g, &e, &what);
}

/* ------------------------------------------------------------------------ we all */

static bool accounts(const struct conf *c, const struct conf_radius_group *g)
{
	const struct conf_profile *f;

	STAILQ_FOREACH(f, &c->profiles, next)
	if (f->accounting == g)
		return true;
	return false;
}

static void tell_all(struct box *b, msec_t now, enum acct_status status)
{
	char session[SESSION_STRLEN];
	const struct acct_subject what = { .session = session };
	const struct conf_radius_group *g;

	session_str(box_new_id(b), session);
	STAILQ_FOREACH(g, &b->conf->radius_groups, next)
	{
		struct acct_event e = { .status = status };

		if (accounts(b->conf, g))
			tell(b, now, g, &e, &what);
	}
}

void account_on(struct box *b, msec_t now)
{
	tell_all(b, now, ACCT_ON);
}

void account_off(struct box *b, msec_t now)
{
	tell_all(b, now, ACCT_OFF);
}

/* ----------------------------------------------------------------------- restart */

bool account_ended(const struct box *b, uint64_t cookie)
{
	const struct spool *s = &b->radius.spool;

	return spool_has(s, cookie, ACCT_STOP) ||
	       spool_has(s, cookie, ACCT_LINK_STOP) ||
	       spool_has(s, cookie, ACCT_TUNNEL_STOP);
}

struct conf_radius_group *account_group(const struct box *b, const char *name)
{
	struct conf_radius_group *g;

	STAILQ_FOREACH(g, &b->conf->radius_groups, next)
	if (!strcmp(g->name, name))
		break;
	return g;
}

void account_recall(struct subscriber *s, const char *name)
{
	const struct conf_radius_group *g = account_group(s->box, name);

	s->account.group = g || !name[0] ? g : s->profile->accounting;
}

/* Restarts put none off: who is not heard of for two intervals may be taken for gone.
 * What has been due meanwhile comes within a tenth of an interval: there may be many.
 */
static msec_t resumed_interim(const struct subscriber *s, msec_t now,
			      msec_t due)
{
	msec_t next = next_interim(s, now);

	if (!due || next == MSEC_NEVER)
		return next;
	if (due <= now)
		due = now + crypt_random_u32() % (interval(s) * 10 * JITTER);
	return msec_min(due, next);
}

void account_resume(struct subscriber *s, msec_t now)
{
	struct timer *t = &s->account.interim;

	t->fn = interim_due;
	if (s->account.started && s->account.group)
		timer_set(&s->box->timers, t, resumed_interim(s, now, t->at));
}

bool account_load(struct box *b, msec_t now, uint64_t key, const void *data,
		  size_t len)
{
	return spool_load(&b->radius.spool, now, clock_wall(), key, data, len);
}

void account_loaded(struct box *b, msec_t now)
{
	spool_loaded(&b->radius.spool, now);
}

static int keep(struct spool *s, uint64_t key, const void *data, size_t len)
{
	struct box *b = s->user;

	return b->hooks ? b->hooks->keep(b, key, data, len) : 0;
}

static void forget(struct spool *s, uint64_t key)
{
	struct box *b = s->user;

	if (b->hooks)
		b->hooks->forget(b, key);
}

void account_open(struct box *b)
{
	b->radius.spool.user = b;
	b->radius.spool.keep = keep;
	b->radius.spool.forget = forget;
	b->ends = account_stop;
}
