/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last complaints of a host, by address and definition, in a table that a new
 * one takes the oldest's place of. Called by l2tp/host and l2tp/control.
 */
#include "l2tp/complaint.h"

#include "base/log.h"

#include <string.h>

#define MOST 10 /* lines in a period */
#define PERIOD SECONDS(10)

/* Names that fit no definition share one place: they are the peer's to choose. */
static uint64_t key_of(const struct l2tp_path *path,
		       const struct l2tp_peer *peer)
{
	const char *name = peer ? peer->name : "";
	uint8_t b[32];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, path->endpoint);
	wr_bytes(&w, path->remote.addr.b, addr_len(&path->remote.addr));
	wr_u64(&w, hash_bytes(name, strlen(name)));
	return hash_bytes(b, wr_len(&w));
}

static struct l2tp_complaint *find(struct l2tp_host *h, uint64_t key)
{
	for (size_t i = 0; i < L2TP_COMPLAINTS; i++)
		if (h->complaint[i].reason && h->complaint[i].key == key)
			return &h->complaint[i];
	return NULL;
}

/* False: the log has had enough for now, and will be told the number. */
static bool may_say(struct l2tp_host *h, msec_t now)
{
	if (now - h->complaints.window >= PERIOD) {
		h->complaints.window = now;
		h->complaints.n = 0;
	}
	if (h->complaints.n < MOST) {
		h->complaints.n++;
		return true;
	}
	h->unsaid++;
	h->count.complaints_unsaid++;
	h->complaint_timer.fn = l2tp_complaint_timer;
	timer_set(h->timers, &h->complaint_timer,
		  h->complaints.window + PERIOD);
	return false;
}

void l2tp_complaint_timer(struct timer *timer, msec_t now)
{
	struct l2tp_host *h =
		container_of(timer, struct l2tp_host, complaint_timer);

	(void)now;
	log_warn("%u more warnings that a peer gets no tunnel", h->unsaid);
	h->unsaid = 0;
}

void l2tp_complain(struct l2tp_host *h, msec_t now,
		   const struct l2tp_path *path, const struct l2tp_peer *peer,
		   const char *host_name, const char *reason)
{
	uint64_t key = key_of(path, peer);
	struct l2tp_complaint *c = find(h, key);
	char at[ADDR_STRLEN];

	if (c && !strcmp(c->reason, reason))
		return;
	if (!may_say(h, now))
		return;
	if (!c)
		c = &h->complaint[h->next_complaint++ % L2TP_COMPLAINTS];
	c->key = key;
	c->reason = reason;
	h->count.complaints++;
	log_warn("peer %s%sat %s, host name \"%s\": %s", peer ? peer->name : "",
		 peer ? " " : "", addr_str(&path->remote.addr, at), host_name,
		 reason);
}

void l2tp_complaint_end(struct l2tp_host *h, const struct l2tp_path *path,
			const struct l2tp_peer *peer)
{
	struct l2tp_complaint *c[] = { find(h, key_of(path, peer)),
				       find(h, key_of(path, NULL)) };

	for (size_t i = 0; i < sizeof(c) / sizeof(*c); i++)
		if (c[i])
			c[i]->reason = NULL;
}
