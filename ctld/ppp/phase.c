// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The phase of a link (RFC 1661 3.2), its deadline and its end; see phase.h. Every
 * call from outside goes through enter and leave: only the outermost leave arms
 * the timer and tells the owner of the end, as its last act, so that an owner may
 * call back from within any callback, and free the link in ops->down.
 */
#include "ppp/phase.h"

#include "ppp/record.h"

#include <stdlib.h>

/* In the order of their enums. */
static const char *const phase_name[PPP_NPHASES] = {
	"dead", "establish", "auth", "network", "up", "released", "terminate",
};

static const char *const end_name[PPP_NENDS] = {
	"peer terminated",
	"closed",
	"LCP did not converge in time",
	"peer is silent",
	"authentication failed",
	"no agreement",
	"line is looped",
	"peer speaks no LCP",
	"peer does not authenticate itself",
	"peer refuses each authentication protocol",
	"nobody has decided on its authentication",
	"network protocol did not converge in time",
	"no network protocol opens",
	"peer insists on another address",
	"no proxy LCP that is acceptable",
	"session timeout",
	"idle timeout",
	"out of memory",
};

const char *ppp_phase_name(enum ppp_phase p)
{
	return p < PPP_NPHASES ? phase_name[p] : "?";
}

const char *ppp_end_name(enum ppp_end e)
{
	return e < PPP_NENDS ? end_name[e] : "?";
}

void phase_enter(struct ppp_link *l)
{
	l->depth++;
}

msec_t phase_deadline(const struct ppp_link *l)
{
	msec_t at = MSEC_NEVER;

	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD)
		return at;
	at = msec_min(at, l->lcp.cp.restart_at);
	for (int i = 0; i < PPP_NCPS; i++) {
		if (l->ncp[i])
			at = msec_min(at, l->ncp[i]->cp.restart_at);
	}
	at = msec_min(at, l->authen.at);
	at = msec_min(at, l->give_up_at);
	if (l->phase == PPP_TERMINATE)
		return at;
	at = msec_min(at, msec_min(l->session_at, l->warn_at));
	if (l->phase == PPP_UP)
		at = msec_min(at, msec_min(l->lcp.echo_at, l->reauth_at));
	return at;
}

void phase_clear(struct ppp_link *l)
{
	record_free(l);
	for (int i = 0; i < PPP_NCPS; i++) {
		free(l->ncp[i]);
		l->ncp[i] = NULL;
	}
}

void phase_leave(struct ppp_link *l, msec_t now)
{
	msec_t at;

	if (--l->depth)
		return;
	if (l->ended) {
		l->phase = PPP_DEAD;
		l->ended = false;
		timer_stop(l->timers, &l->timer);
		l->ops->down(l, now, l->why);
		return;
	}
	if (l->phase == PPP_DEAD)
		phase_clear(l);
	else if (l->phase == PPP_UP && !record_is_wanted(l))
		record_drop(l);
	at = phase_deadline(l);
	if (!l->timer.slot || l->timer.at != at)
		timer_set(l->timers, &l->timer, at);
}

bool ppp_phase_lasts(enum ppp_phase p)
{
	return p == PPP_UP || p == PPP_RELEASED;
}

void phase_set(struct ppp_link *l, enum ppp_phase p)
{
	bool tell = ppp_phase_lasts(l->phase) || ppp_phase_lasts(p);

	if (l->phase == p)
		return;
	l->phase = p;
	if (tell)
		phase_changed(l);
}

void phase_changed(struct ppp_link *l)
{
	if (l->ops->changed)
		l->ops->changed(l);
}

void phase_limit(struct ppp_link *l, msec_t now)
{
	l->give_up_at = l->conf->auth_timeout ?
				now + SECONDS(l->conf->auth_timeout) :
				MSEC_NEVER;
}

void phase_end(struct ppp_link *l, enum ppp_end why)
{
	if (l->ended)
		return;
	l->ended = true;
	l->why = why;
}

/* Terminate-Request, and wait for its Ack. */
void phase_terminate(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	if (l->ended || l->phase == PPP_TERMINATE)
		return;
	if (l->phase == PPP_UP && l->ops->leaving)
		l->ops->leaving(l, now);
	l->why = why;
	l->give_up_at = MSEC_NEVER;
	l->authen.at = MSEC_NEVER;
	phase_set(l, PPP_TERMINATE);
	cp_event(&l->lcp.cp, now, CP_CLOSE);
	if (l->lcp.cp.state <= CP_STOPPED)
		phase_end(l, why);
}

/* Terminate-Request to a peer from which no Ack is expected. */
void phase_abandon(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	phase_terminate(l, now, why);
	phase_end(l, why);
}

void phase_send(struct ppp_link *l, const void *frame, size_t len)
{
	if (l->phase != PPP_RELEASED)
		l->ops->send(l, frame, len);
}
