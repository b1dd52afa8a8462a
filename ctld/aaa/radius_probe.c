/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Status-Server; see radius_probe.h. Called by aaa/radius_client. */
#include "aaa/radius_probe.h"

#include "aaa/radius_health.h"
#include "base/crypt.h"

#include <string.h>

#define FIRST 900 /* ms from its death to the first, a tenth more or less */
#define PROBE_MAX 320 /* bytes: header, Message-Authenticator, who asks */

/* Who answers soon is not missed for long: each wait is twice the last one, up to the
 * interval, and that until a request is answered. A server that answers probes alone
 * would have everybody wait for it again and again.
 */
static void wait_for_next(struct radius_server *s, msec_t now)
{
	struct radius_probe *p = &s->probe;
	msec_t most = SECONDS(s->conf->probe_interval);

	if (!p->wait)
		p->wait = FIRST;
	timer_set(s->client->timers, &p->timer,
		  now + radius_health_jitter(p->wait));
	p->wait = msec_min(2 * p->wait, most);
}

static void due(struct timer *t, msec_t now)
{
	struct radius_server *s =
		container_of(t, struct radius_server, probe.timer);
	struct radius_nas nas = { s->client->identifier, s->conf->source,
				  NULL };
	struct radius_probe *p = &s->probe;
	uint8_t packet[PROBE_MAX];
	struct wr w = wr_make(packet, sizeof(packet));
	size_t len;

	p->id++;
	p->under_way = true;
	crypt_random(p->authenticator, sizeof(p->authenticator));
	radius_begin(&w, RADIUS_STATUS_SERVER, p->id, p->authenticator);
	radius_access_put_nas(&w, &nas);
	len = radius_finish(&w, s->conf->secret);
	radius_count(s, tx_probes);
	s->client->send(s->client, s, RADIUS_PROBE_SOCKET, packet, len);
	wait_for_next(s, now);
}

void radius_probe_start(struct radius_server *s, msec_t now)
{
	s->probe.timer.fn = due;
	s->probe.under_way = false;
	wait_for_next(s, now);
}

void radius_probe_stop(struct radius_server *s)
{
	timer_stop(s->client->timers, &s->probe.timer);
	s->probe.under_way = false;
}

/* RFC 5997 3: as the port's requests are accepted. */
static bool is_answer(const struct radius_server *s, enum radius_code code)
{
	return code == (s->client->accounting ? RADIUS_ACCOUNTING_RESPONSE :
						RADIUS_ACCESS_ACCEPT);
}

/* That the server is there is all it says: who forges an answer, Message-Authenticator
 * or not, gains that it is asked.
 */
bool radius_probe_input(struct radius_server *s, const void *data, size_t len)
{
	const uint8_t *b = data;
	enum radius_fault fault;
	struct radius_reply reply;

	if (len < RADIUS_HLEN) {
		radius_count(s, rx_malformed);
		return false;
	}
	if (!s->probe.under_way || b[1] != s->probe.id) {
		radius_count(s, rx_unexpected);
		return false;
	}
	fault = radius_verify(data, len, s->probe.authenticator,
			      s->conf->secret, RADIUS_IF_THERE, &reply);
	if (fault != RADIUS_GOOD) {
		radius_health_fault(s, fault);
		return false;
	}
	if (!is_answer(s, reply.code)) {
		radius_count(s, rx_bad_code);
		return false;
	}
	radius_count(s, rx_probes);
	radius_probe_stop(s);
	return true;
}
