/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host; see host.h. Here a message finds its tunnel, and an SCCRQ is judged
 * before there is any state for it. RFC 2661 3.1, 5.1, 7.2.1.
 */
#include "l2tp/host.h"

#include "base/crypt.h"
#include "base/log.h"
#include "l2tp/codec.h"
#include "l2tp/complaint.h"
#include "l2tp/half_open.h"
#include "l2tp/refuse.h"
#include "l2tp/turn.h"

#include <stdlib.h>
#include <string.h>

#define DESTRUCT 600 /* seconds */

void l2tp_host_init(struct l2tp_host *h, const struct l2tp_host_ops *ops,
		    struct timers *timers, void *user)
{
	memset(h, 0, sizeof(*h));
	h->ops = ops;
	h->timers = timers;
	h->user = user;
	h->max_tunnels = UINT16_MAX;
	h->max_sessions = UINT16_MAX;
	h->max_pending = UINT16_MAX;
	h->destruct = DESTRUCT;
	h->rest_timer.fn = l2tp_destination_timer;
	idmap_init(&h->tunnels);
	idmap_init(&h->sessions);
	hash_init(&h->by_peer_id);
	hash_init(&h->half_open);
	hash_init(&h->by_name);
	hash_init(&h->calls_by_peer_id);
	LIST_INIT(&h->all);
	LIST_INIT(&h->opening);
	TAILQ_INIT(&h->half_opens);
	LIST_INIT(&h->destinations);
	TAILQ_INIT(&h->resting);
	STAILQ_INIT(&h->due);
}

void l2tp_host_free(struct l2tp_host *h)
{
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	while ((t = LIST_FIRST(&h->all))) {
		while ((s = LIST_FIRST(&t->sessions))) {
			LIST_REMOVE(s, of_tunnel);
			if (s->call)
				explicit_bzero(s->call, sizeof(*s->call));
			free(s->call);
			free(s);
		}
		l2tp_tunnel_drop(t, 0);
	}
	timer_stop(h->timers, &h->complaint_timer);
	l2tp_destination_free_all(h);
	l2tp_admin_free(h);
	idmap_free(&h->tunnels);
	idmap_free(&h->sessions);
	hash_free(&h->by_peer_id);
	hash_free(&h->half_open);
	hash_free(&h->by_name);
	hash_free(&h->calls_by_peer_id);
	free(h->grave);
	h->grave = NULL;
}

/* ------------------------------------------------------------------- SCCRQ */

/* The tunnel that an SCCRQ asks for, and that there will not be. */
static struct l2tp_stray of_sccrq(const struct l2tp_path *path,
				  const struct l2tp_msg *sccrq)
{
	return (struct l2tp_stray){ .path = *path,
				    .peer_id = sccrq->assigned_tunnel,
				    .nr = (uint16_t)(sccrq->ns + 1) };
}

/* A challenge of ours, that somebody would have us answer (RFC 2661 5.1.1 has one
 * secret for both ways).
 */
static bool reflects(const struct l2tp_host *h, const struct l2tp_msg *m)
{
	const struct l2tp_tunnel *t;

	if (!l2tp_msg_has(m, AVP_CHALLENGE))
		return false;
	LIST_FOREACH(t, &h->opening, of_opening)
	if (t->peer->secret && m->challenge.len == sizeof(t->challenge) &&
	    crypt_equal(t->challenge, m->challenge.p, sizeof(t->challenge)))
		return true;
	return false;
}

/* It cannot prove who it is, and the operator should know. */
static void auth_fails(struct l2tp_host *h, msec_t now,
		       const struct l2tp_path *path,
		       const struct l2tp_peer *peer, const struct l2tp_msg *m,
		       const char *text, struct l2tp_result *why)
{
	char name[L2TP_NAME_MAX + 1];

	h->count.auth_errors++;
	l2tp_level_count(&h->level, L2TP_TUNNELS, L2TP_AUTH_ERROR);
	log_safe(m->host_name.p, m->host_name.len, name, sizeof(name));
	l2tp_complain(h, now, path, peer, name, text);
	l2tp_result_set(why, L2TP_STOP_NOT_AUTHORISED, 0, text);
}

/* Too much for now, or the operator does not want it; result 0: neither. */
static void judge_room(struct l2tp_host *h, msec_t now,
		       const struct l2tp_path *path,
		       const struct l2tp_peer *peer, struct l2tp_result *why)
{
	enum l2tp_admin admin = l2tp_admin_towards(h, path, peer);

	if (admin == L2TP_SHUTDOWN) {
		h->count.refused_admin++;
		l2tp_result_set(why, L2TP_STOP_SHUTDOWN, 0, "shut down");
	} else if (admin == L2TP_DRAIN) {
		h->count.refused_admin++;
		l2tp_result_set(why, L2TP_STOP_ERROR, L2TP_ERR_TRY_ANOTHER,
				"drained");
	} else if (idmap_count(&h->tunnels) >= h->max_tunnels) {
		h->count.refused_limit++;
		l2tp_result_set(why, L2TP_STOP_ERROR, L2TP_ERR_RESOURCES,
				"tunnel limit reached");
	} else if (!l2tp_half_open_room(h, now, path)) {
		h->count.refused_busy++;
		l2tp_result_set(why, L2TP_STOP_ERROR, L2TP_ERR_RESOURCES,
				"busy: too many set-ups");
	}
}

/* Why not, before there is a tunnel; result 0: nothing against it. */
static void judge(struct l2tp_host *h, msec_t now, const struct l2tp_path *path,
		  const struct l2tp_peer *peer, const struct l2tp_msg *m,
		  struct l2tp_result *why)
{
	if (m->fault.result) {
		*why = m->fault;
	} else if (m->version >> 8 != L2TP_PROTOCOL_VERSION >> 8) {
		l2tp_result_set(why, L2TP_STOP_VERSION, L2TP_PROTOCOL_VERSION,
				"version");
	} else if (peer->require_ipsec && !path->secure) {
		h->count.rx_unprotected++;
		l2tp_level_count(&h->level, L2TP_TUNNELS, L2TP_AUTH_ERROR);
		l2tp_result_set(why, L2TP_STOP_NOT_AUTHORISED, 0,
				"IPsec is required");
	} else if (l2tp_msg_has(m, AVP_CHALLENGE) && !peer->secret) {
		auth_fails(h, now, path, peer, m, "challenge, and no secret",
			   why);
	} else if (reflects(h, m)) {
		auth_fails(h, now, path, peer, m, "our own challenge", why);
	} else {
		judge_room(h, now, path, peer, why);
	}
}

/* A name that cannot be one is none. */
static const char *name_of(const struct l2tp_msg *m,
			   char out[L2TP_NAME_MAX + 1])
{
	struct l2tp_bytes name = l2tp_msg_find(m, AVP_HOST_NAME);

	if (name.len > L2TP_NAME_MAX)
		name.len = 0;
	return log_safe(name.p, name.len, out, L2TP_NAME_MAX + 1);
}

static void turn_away(struct l2tp_host *h, msec_t now,
		      const struct l2tp_path *path, struct l2tp_msg *m,
		      const char *name, enum l2tp_refusal refusal)
{
	struct l2tp_result why;
	struct l2tp_stray to;

	l2tp_level_count(&h->level, L2TP_TUNNELS, L2TP_REFUSED);
	l2tp_level_count(&h->level, L2TP_TUNNELS, L2TP_AUTH_ERROR);
	if (refusal == L2TP_REFUSE_NAME) {
		h->count.refused_names++;
		l2tp_complain(h, now, path, NULL, name, "unknown host name");
	} else {
		h->count.refused_strangers++;
	}
	if (refusal == L2TP_REFUSE_SILENTLY)
		return;
	l2tp_msg_body(m, NULL);
	l2tp_result_set(&why, L2TP_STOP_NOT_AUTHORISED, 0, "not authorised");
	to = of_sccrq(path, m);
	if (refusal == L2TP_REFUSE_NAME)
		l2tp_refuse_peer(h, now, &to, &why);
	else
		l2tp_refuse_stranger(h, now, &to, &why);
}

static void on_sccrq(struct l2tp_host *h, msec_t now,
		     const struct l2tp_path *path, struct l2tp_msg *m,
		     const void *data, size_t len)
{
	enum l2tp_refusal refusal = L2TP_REFUSE_STRANGER;
	struct l2tp_result why = { 0 };
	char name[L2TP_NAME_MAX + 1];
	const struct l2tp_peer *peer;
	struct l2tp_tunnel *t;
	struct l2tp_stray to;
	struct l2tp_msg fresh;

	peer = h->ops->peer(h, path, name_of(m, name), &refusal);
	if (!peer) {
		turn_away(h, now, path, m, name, refusal);
		return;
	}
	fresh = *m;
	l2tp_msg_body(m, peer->secret);
	t = l2tp_tunnel_of_sccrq(h, now, path, m->assigned_tunnel);
	if (t) {
		l2tp_control_input(t, now, &fresh, path, data, len);
		return;
	}
	if (m->ns) {
		h->count.rx_malformed++;
		return;
	}
	judge(h, now, path, peer, m, &why);
	if (why.result) {
		h->count.rx_bad_avp += m->bad_avps;
		l2tp_level_count(&h->level, L2TP_TUNNELS, L2TP_REFUSED);
		to = of_sccrq(path, m);
		l2tp_refuse_peer(h, now, &to, &why);
		if (h->ops->tunnel_refused)
			h->ops->tunnel_refused(h, now, path, peer,
					       m->assigned_tunnel, &why);
		return;
	}
	if (l2tp_control_tie(h, now, path, name, m)) {
		h->count.ties_won++;
		return;
	}
	l2tp_control_accept(h, now, path, peer, m);
}

/* ------------------------------------------------------------------- input */

/* StopCCN of a peer that never learned our id. RFC 2661 5.7. */
static struct l2tp_tunnel *named(struct l2tp_host *h,
				 const struct l2tp_path *path,
				 const struct l2tp_msg *m)
{
	struct l2tp_bytes id = l2tp_msg_find(m, AVP_TUNNEL_ID);

	if (id.len != 2)
		return NULL;
	return l2tp_tunnel_named(h, path, (uint16_t)(id.p[0] << 8 | id.p[1]));
}

static void dispatch(struct l2tp_host *h, msec_t now,
		     const struct l2tp_path *path, struct l2tp_msg *m,
		     const void *data, size_t len)
{
	struct l2tp_tunnel *t = NULL;

	if (m->tunnel_id) {
		t = idmap_get(&h->tunnels, m->tunnel_id);
	} else if (m->type == L2TP_SCCRQ) {
		on_sccrq(h, now, path, m, data, len);
		return;
	} else if (m->type == L2TP_STOPCCN) {
		t = named(h, path, m);
	}
	/* One that is idle has sent nothing yet: nobody knows it. */
	if (!t || t->state == L2TP_TUNNEL_IDLE)
		h->count.rx_no_tunnel++;
	else if (!l2tp_tunnel_path_ok(t, path, m->type))
		h->count.rx_wrong_peer++;
	else if (t->peer->require_ipsec && !path->secure)
		h->count.rx_unprotected++;
	else
		l2tp_control_input(t, now, m, path, data, len);
}

void l2tp_host_input(struct l2tp_host *h, msec_t now,
		     const struct l2tp_path *path, const void *msg, size_t len)
{
	struct l2tp_msg m;

	h->count.rx_messages++;
	if (!l2tp_msg_head(&m, msg, len)) {
		h->count.rx_malformed++;
		return;
	}
	l2tp_enter(h);
	dispatch(h, now, path, &m, msg, len);
	l2tp_leave(h, now);
}
