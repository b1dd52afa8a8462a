// SPDX-License-Identifier: GPL-2.0-or-later
/* The limits of a link that is up; see link_limit.h. */
#include "ppp/link_limit.h"

#include "base/crypt.h"
#include "ppp/link_auth.h"
#include "ppp/phase.h"

void link_limit_init(struct ppp_link *l)
{
	l->session_at = l->warn_at = l->reauth_at = MSEC_NEVER;
}

static void set_warning(struct ppp_link *l, msec_t now)
{
	msec_t at = l->session_at - PPP_TIME_REMAINING;

	if (l->session_at != MSEC_NEVER)
		l->warn_at = at > now ? at : now;
}

static void set_reauth(struct ppp_link *l, msec_t at)
{
	l->reauth_at = l->conf->reauth_interval ? at : MSEC_NEVER;
}

/* The session goes on over a renegotiation; the peer is told again of its end. */
void link_limit_begin(struct ppp_link *l, msec_t now)
{
	if (l->session_at == MSEC_NEVER && l->ip.session_timeout)
		l->session_at = now + SECONDS(l->ip.session_timeout);
	set_warning(l, now);
	l->active_at = now;
	set_reauth(l, now + SECONDS(l->conf->reauth_interval));
}

void link_limit_change(struct ppp_link *l, msec_t now, msec_t since)
{
	l->warn_at = MSEC_NEVER;
	l->session_at = l->ip.session_timeout ?
				since + SECONDS(l->ip.session_timeout) :
				MSEC_NEVER;
	set_warning(l, now);
}

void link_limit_resume(struct ppp_link *l, msec_t now)
{
	msec_t interval = SECONDS(l->conf->reauth_interval);

	set_warning(l, now);
	l->active_at = now;
	if (interval)
		set_reauth(l, now + 1 + crypt_random_u32() % interval);
}

/* What is left of a second is one: the timer may be a little late. */
static void warn(struct ppp_link *l, msec_t now)
{
	msec_t left = l->session_at - now + 999;

	if (l->lcp.cp.state == CP_OPENED)
		lcp_time_remaining(&l->lcp, (uint32_t)(left / 1000));
}

void link_limit_tick(struct ppp_link *l, msec_t now)
{
	if (l->phase == PPP_TERMINATE)
		return;
	if (now >= l->session_at) {
		phase_terminate(l, now, PPP_END_SESSION_TIMEOUT);
		return;
	}
	if (now >= l->warn_at) {
		l->warn_at = MSEC_NEVER;
		warn(l, now);
	}
	if (now >= l->reauth_at && l->phase == PPP_UP) {
		set_reauth(l, now + SECONDS(l->conf->reauth_interval));
		link_auth_again(l, now);
	}
}

void link_limit_traffic(struct ppp_link *l, msec_t now, bool passed)
{
	if (passed)
		l->active_at = now;
	else if (l->phase == PPP_UP && l->ip.idle_timeout &&
		 now - l->active_at >= SECONDS(l->ip.idle_timeout))
		phase_terminate(l, now, PPP_END_IDLE);
}
