/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See probe.h. RFC 2661 5.1, 5.7. */
#include "bng/probe.h"

#include "base/log.h"
#include "l2tp/admin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOPCCN_GENERAL 1
/* ms between looks whether SCCCN is acknowledged */
#define LOOK 10
/* ms for a peer that acknowledges first, and then says no */
#define OBJECTION 100

struct probe {
	LIST_ENTRY(probe) next;
	struct box *box;
	struct l2tp_peer peer; /* the definition's, but nobody else's tunnel */
	struct l2tp_tunnel *tunnel;
	const struct conf_tunnel *definition;
	const struct probe_ops *ops; /* NULL: nobody waits */
	void *user;
	struct timer timer;
	bool answered; /* SCCRP came, and was all right */
	bool acked; /* SCCCN */
	bool established;
	msec_t down_at; /* it had ended */
	char why[L2TP_TEXT_MAX + 64]; /* it failed */
};

static struct probe *find(const struct l2tp_tunnel *t)
{
	const struct box *b = t->host->user;
	struct probe *p;

	LIST_FOREACH(p, &b->probes, next)
	if (&p->peer == t->peer)
		return p;
	return NULL;
}

static void tell(struct probe *p, enum probe_step step, const char *text)
{
	if (p->ops)
		p->ops->step(p->user, step, text);
}

static void finish(struct probe *p)
{
	const struct probe_ops *ops = p->ops;

	p->ops = NULL;
	if (ops)
		ops->end(p->user, p->down_at,
			 p->established ? 0 : -ECONNREFUSED, p->why);
}

/* What a subscriber's tunnel would not be granted either. */
static const char *forbidden(const struct box *b, const struct l2tp_path *path,
			     const struct l2tp_peer *peer)
{
	const struct probe *p;
	unsigned int n = 0;

	LIST_FOREACH(p, &b->probes, next)
	n++;
	if (n >= PROBES_MAX)
		return "too many tests are under way";
	if (box_is_ours(b, &path->remote.addr))
		return "the LNS would be ourselves";
	if (l2tp_admin_towards(&b->l2tp, path, peer) != L2TP_ENABLED)
		return "drained or shut down by the operator";
	return NULL;
}

struct probe *probe_start(struct box *b, msec_t now,
			  const struct conf_tunnel *ct,
			  const struct probe_ops *ops, void *user,
			  const char **why)
{
	const struct box_endpoint *e = box_endpoint(b, ct->endpoint);
	struct l2tp_path path = { .endpoint = e->id,
				  .local = e->conf->local,
				  .remote = ct->remote };
	struct probe *p;

	*why = e->id ? forbidden(b, &path, &ct->peer) :
		       "the VRF of its endpoint is missing";
	if (*why)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p) {
		*why = "out of memory";
		return NULL;
	}
	p->box = b;
	p->peer = ct->peer;
	p->peer.accept_calls = false;
	p->peer.short_drain = 0; /* nobody has to wait because of a test */
	LIST_INSERT_HEAD(&b->probes, p, next);
	p->tunnel = l2tp_tunnel_open(&b->l2tp, now, &path, &p->peer, NULL);
	if (!p->tunnel) {
		LIST_REMOVE(p, next);
		free(p);
		*why = "no tunnel: the limit is reached";
		return NULL;
	}
	p->definition = ct;
	definition_hold(&b->definitions, ct);
	p->ops = ops;
	p->user = user;
	tell(p, PROBE_SENT, "");
	return p;
}

void probe_abandon(struct probe *p, msec_t now)
{
	p->ops = NULL;
	l2tp_tunnel_close(p->tunnel, now, STOPCCN_GENERAL, 0, "test abandoned");
}

bool probe_tunnel_new(const struct l2tp_tunnel *t)
{
	struct probe *p = find(t);

	if (!p)
		return false;
	p->answered = true;
	tell(p, PROBE_ANSWERED, t->peer_name);
	if (t->peer->secret)
		tell(p, PROBE_AUTHENTICATED, "");
	return true;
}

/* Our answer to the peer's challenge is in SCCCN: until the peer has that, it has
 * not said yes.
 */
static void look(struct timer *timer, msec_t now)
{
	struct probe *p = container_of(timer, struct probe, timer);

	if (p->acked) {
		p->established = true;
		l2tp_tunnel_close(p->tunnel, now, STOPCCN_GENERAL, 0, "test");
		return;
	}
	p->acked = !p->tunnel->xport.queued;
	if (p->acked)
		tell(p, PROBE_ESTABLISHED, "");
	timer_set(&p->box->timers, timer, now + (p->acked ? OBJECTION : LOOK));
}

bool probe_tunnel_up(const struct l2tp_tunnel *t, msec_t now)
{
	struct probe *p = find(t);

	if (!p)
		return false;
	p->timer.fn = look;
	timer_set(&p->box->timers, &p->timer, now + LOOK);
	return true;
}

/* Who ended it, and why: a tunnel that the peer ended lingers for its
 * retransmissions.
 */
static void explain(struct probe *p, const struct l2tp_tunnel *t, msec_t now)
{
	const struct l2tp_result *r = &t->why;
	char text[L2TP_TEXT_MAX];

	log_safe(r->text, strlen(r->text), text, sizeof(text));
	if (t->stopping)
		snprintf(p->why, sizeof(p->why), "ended by us: %s", text);
	else if (t->dead_at > now)
		snprintf(p->why, sizeof(p->why),
			 "StopCCN of the peer: %u/%u%s%s", r->result, r->error,
			 text[0] ? " " : "", text);
	else if (!t->peer_id && !strcmp(text, L2TP_SILENT))
		snprintf(p->why, sizeof(p->why), "no answer after %u tries",
			 t->peer->setup_retries + 1);
	else
		snprintf(p->why, sizeof(p->why), "%s", text);
}

/* Of the peer's end there is nothing to wait for; ours is acknowledged, or not,
 * when the tunnel is freed.
 */
bool probe_tunnel_down(const struct l2tp_tunnel *t, msec_t now)
{
	struct probe *p = find(t);

	if (!p)
		return false;
	timer_stop(&p->box->timers, &p->timer);
	p->down_at = now;
	if (p->established)
		return true;
	explain(p, t, now);
	if (t->stopping && t->peer_id && !p->answered)
		tell(p, PROBE_ANSWERED, t->peer_name);
	tell(p, PROBE_FAILED, p->why);
	if (!t->stopping)
		finish(p);
	return true;
}

bool probe_tunnel_free(const struct l2tp_tunnel *t)
{
	struct probe *p = find(t);

	if (!p)
		return false;
	if (t->stopping && !t->xport.queued)
		tell(p, PROBE_STOPPED, "");
	finish(p);
	definition_put(&p->box->definitions, p->definition);
	LIST_REMOVE(p, next);
	free(p);
	return true;
}
