/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last complaints of a host, by address and definition, in a table that a new
 * one takes the oldest's place of. Called by l2tp/host and l2tp/control.
 */
#include "l2tp/complaint.h"

#include "base/log.h"

#include <string.h>

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

void l2tp_complain(struct l2tp_host *h, const struct l2tp_path *path,
		   const struct l2tp_peer *peer, const char *host_name,
		   const char *reason)
{
	uint64_t key = key_of(path, peer);
	struct l2tp_complaint *c = find(h, key);
	char at[ADDR_STRLEN];

	if (c && !strcmp(c->reason, reason))
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
