/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Destinations; see destination.h. Called by l2tp/tunnel as tunnels come and go,
 * by l2tp/admin, and by l2tp/host. One thread.
 */
#include "l2tp/destination.h"

#include "l2tp/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t key_of(const char *vrf, const struct addr *remote)
{
	uint8_t b[L2TP_VRF_MAX + sizeof(remote->b)] = { 0 };

	snprintf((char *)b, L2TP_VRF_MAX, "%s", vrf);
	memcpy(b + L2TP_VRF_MAX, remote->b, addr_len(remote));
	return hash_bytes(b, sizeof(b));
}

struct l2tp_destination *l2tp_destination_find(const struct l2tp_host *h,
					       const char *vrf,
					       const struct addr *remote)
{
	struct hash_node *n = hash_find(&h->by_name, key_of(vrf, remote));

	for (; n; n = hash_next(n)) {
		struct l2tp_destination *d =
			container_of(n, struct l2tp_destination, by_name);

		if (addr_eq(&d->remote, remote) && !strcmp(d->vrf, vrf))
			return d;
	}
	return NULL;
}

static void set_alarm(struct l2tp_host *h)
{
	const struct l2tp_destination *d = TAILQ_FIRST(&h->resting);

	timer_set(h->timers, &h->rest_timer,
		  d ? d->since + SECONDS(h->destruct) : MSEC_NEVER);
}

static void wake(struct l2tp_destination *d)
{
	if (!d->resting)
		return;
	d->resting = false;
	TAILQ_REMOVE(&d->host->resting, d, of_resting);
	d->host->n_resting--;
	set_alarm(d->host);
}

static void drop(struct l2tp_destination *d)
{
	struct l2tp_host *h = d->host;

	wake(d);
	hash_del(&h->by_name, &d->by_name);
	LIST_REMOVE(d, all);
	free(d);
}

struct l2tp_destination *l2tp_destination_get(struct l2tp_host *h, msec_t now,
					      const char *vrf,
					      const struct addr *remote)
{
	struct l2tp_destination *d = l2tp_destination_find(h, vrf, remote);

	if (d)
		return d;
	d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->level.up = &h->level;
	d->host = h;
	d->remote = *remote;
	d->since = now;
	snprintf(d->vrf, sizeof(d->vrf), "%s", vrf);
	LIST_INIT(&d->tunnels);
	LIST_INSERT_HEAD(&h->destinations, d, all);
	hash_add(&h->by_name, &d->by_name, key_of(d->vrf, remote));
	return d;
}

void l2tp_destination_put(struct l2tp_destination *d, msec_t now)
{
	struct l2tp_host *h = d->host;

	if (!LIST_EMPTY(&d->tunnels))
		return;
	wake(d);
	if (d->level.admin != L2TP_ENABLED)
		return;
	if (!d->known) {
		drop(d);
		return;
	}
	d->since = now;
	d->resting = true;
	TAILQ_INSERT_TAIL(&h->resting, d, of_resting);
	if (++h->n_resting > L2TP_RESTING_MAX)
		drop(TAILQ_FIRST(&h->resting));
	set_alarm(h);
}

void l2tp_destination_join(struct l2tp_destination *d, msec_t now)
{
	if (!LIST_EMPTY(&d->tunnels))
		return;
	wake(d);
	d->since = now;
	d->up = false;
	l2tp_level_count(d->level.up, L2TP_DESTINATIONS, L2TP_BEGUN);
}

void l2tp_destination_left(struct l2tp_destination *d, bool known, msec_t now)
{
	d->known |= known || d->up;
	if (!LIST_EMPTY(&d->tunnels))
		return;
	l2tp_level_count(d->level.up, L2TP_DESTINATIONS,
			 d->up ? L2TP_ENDED : L2TP_FAILED);
	l2tp_destination_put(d, now);
}

void l2tp_destination_up(struct l2tp_destination *d)
{
	if (d->up)
		return;
	d->up = true;
	l2tp_level_count(d->level.up, L2TP_DESTINATIONS, L2TP_UP);
}

void l2tp_destination_recall(struct l2tp_host *h, const char *vrf,
			     const struct addr *remote, msec_t ended,
			     const struct l2tp_level *was)
{
	struct l2tp_destination *d =
		l2tp_destination_get(h, ended, vrf, remote);

	if (!d)
		return;
	l2tp_level_recall(&d->level, was);
	if (!LIST_EMPTY(&d->tunnels))
		return;
	d->known = true;
	l2tp_destination_put(d, ended);
}

void l2tp_destination_timer(struct timer *timer, msec_t now)
{
	struct l2tp_host *h = container_of(timer, struct l2tp_host, rest_timer);
	struct l2tp_destination *d;

	while ((d = TAILQ_FIRST(&h->resting)) &&
	       now >= d->since + SECONDS(h->destruct))
		drop(d);
	set_alarm(h);
}

void l2tp_destination_free_all(struct l2tp_host *h)
{
	struct l2tp_destination *d;

	while ((d = LIST_FIRST(&h->destinations)))
		drop(d);
	timer_stop(h->timers, &h->rest_timer);
}

const char *l2tp_destination_str(const struct l2tp_destination *d,
				 char out[L2TP_DESTINATION_STRLEN])
{
	char at[ADDR_STRLEN];

	snprintf(out, L2TP_DESTINATION_STRLEN, "%s%s%s", d->vrf,
		 d->vrf[0] ? "/" : "", addr_str(&d->remote, at));
	return out;
}
