/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server's states; see radius_health.h. Called by the other files of the client. */
#include "aaa/radius_health.h"

#include "base/crypt.h"
#include "base/log.h"

#define JITTER 10 /* per cent, either way */

static void changed(struct radius_server *s)
{
	if (s->client->changed)
		s->client->changed(s->client);
}

static void enter(struct radius_server *s, enum radius_state state, msec_t now)
{
	s->state = state;
	s->since = now;
}

bool radius_health_usable(const struct radius_server *s, msec_t now)
{
	switch (s->state) {
	case RADIUS_ALIVE:
		return true;
	case RADIUS_DEAD:
		return now >= s->dead_until;
	case RADIUS_TRIAL:
		return !s->n_flying;
	case RADIUS_PROBING:
	case RADIUS_UNRESOLVED:
		break;
	}
	return false;
}

bool radius_health_askable(const struct radius_server *s)
{
	return s->state != RADIUS_PROBING && s->state != RADIUS_UNRESOLVED;
}

void radius_health_asked(struct radius_server *s, msec_t now)
{
	if (s->state == RADIUS_DEAD && now >= s->dead_until)
		s->state = RADIUS_TRIAL; /* since then, it is still dead */
}

void radius_health_died(struct radius_server *s, msec_t now)
{
	bool probed = s->conf->status_server;

	if (s->state == RADIUS_ALIVE) {
		if (probed)
			log_warn("radius-server %s: no answer, it is probed, in the end every %u seconds",
				 s->conf->name, s->conf->probe_interval);
		else
			log_warn("radius-server %s: no answer, for %u seconds it is not asked",
				 s->conf->name, s->conf->dead_time);
		s->since = now;
	}
	radius_count(s, servers_dead);
	s->state = probed ? RADIUS_PROBING : RADIUS_DEAD;
	s->dead_until = now + SECONDS(s->conf->dead_time);
	changed(s);
}

bool radius_health_dead(const struct radius_server *s)
{
	return s->was_dead || s->state == RADIUS_DEAD ||
	       s->state == RADIUS_TRIAL || s->state == RADIUS_PROBING;
}

/* Dead times may be others by now. */
void radius_health_was_dead(struct radius_server *s, msec_t since, msec_t until,
			    msec_t now)
{
	s->dead_until = msec_min(until, now + SECONDS(s->conf->dead_time));
	if (s->state == RADIUS_UNRESOLVED) {
		s->was_dead = true;
		return;
	}
	s->was_dead = false;
	s->since = msec_min(since, now);
	s->state = s->conf->status_server ? RADIUS_PROBING : RADIUS_DEAD;
}

void radius_health_heard(struct radius_server *s,
			 const struct radius_reply *reply, bool bare,
			 msec_t now)
{
	if (s->state != RADIUS_ALIVE) {
		log_warn("radius-server %s: it answers again", s->conf->name);
		enter(s, RADIUS_ALIVE, now);
		changed(s);
	}
	if (s->heard_at < 0 && !reply->has_message_authenticator && !bare)
		log_warn("radius-server %s: its replies have no Message-Authenticator: whoever can change packets on the way may forge them",
			 s->conf->name);
	s->heard_at = now;
	s->probe.wait = 0;
	if (s->has_message_authenticator || !reply->has_message_authenticator)
		return;
	s->has_message_authenticator = true;
	changed(s);
}

/* As TCP smooths its round trips, RFC 6298 2. */
void radius_health_took(struct radius_server *s, msec_t time)
{
	if (s->response_time < 0)
		s->response_time = 8 * time;
	else
		s->response_time += time - s->response_time / 8;
}

void radius_health_revive(struct radius_server *s, msec_t now)
{
	if (s->state == RADIUS_PROBING)
		log_warn("radius-server %s: it answers again", s->conf->name);
	if (s->state == RADIUS_ALIVE)
		return;
	enter(s, RADIUS_ALIVE, now);
	changed(s);
}

void radius_health_found(struct radius_server *s, msec_t now)
{
	bool was_dead = s->was_dead;

	s->was_dead = false;
	radius_health_revive(s, now);
	if (was_dead)
		radius_health_was_dead(s, now, s->dead_until, now);
	if (was_dead)
		changed(s);
}

void radius_health_unresolved(struct radius_server *s)
{
	enter(s, RADIUS_UNRESOLVED, -1);
}

const char *radius_health_name(enum radius_state state)
{
	static const char *const names[] = {
		[RADIUS_ALIVE] = "up",
		[RADIUS_DEAD] = "dead",
		[RADIUS_TRIAL] = "trial",
		[RADIUS_PROBING] = "probing",
		[RADIUS_UNRESOLVED] = "unresolved",
	};

	return names[state];
}

void radius_health_fault(struct radius_server *s, enum radius_fault fault)
{
	switch (fault) {
	case RADIUS_GOOD:
		break;
	case RADIUS_MALFORMED:
		radius_count(s, rx_malformed);
		break;
	case RADIUS_BAD_AUTHENTICATOR:
		radius_count(s, rx_bad_authenticator);
		break;
	case RADIUS_BAD_MESSAGE_AUTHENTICATOR:
		radius_count(s, rx_bad_message_authenticator);
		break;
	case RADIUS_NO_MESSAGE_AUTHENTICATOR:
		radius_count(s, rx_no_message_authenticator);
		break;
	}
}

msec_t radius_health_jitter(msec_t wait)
{
	uint32_t percent = 100 - JITTER + crypt_random_u32() % (2 * JITTER + 1);

	return wait * percent / 100;
}
