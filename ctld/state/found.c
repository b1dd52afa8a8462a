/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See found.h. Called by state/restore. */
#include "state/found.h"

#include <stdlib.h>
#include <string.h>

static uint64_t tunnel_key(uint16_t id)
{
	return (uint64_t)1 << 63 | id;
}

static void remember(struct found_all *all, struct found f, uint64_t key)
{
	struct found *copy = malloc(sizeof(*copy));

	if (!copy)
		abort();
	*copy = f;
	hash_add(&all->objects, &copy->node, key);
}

/* What has no cookie is not a daemon's: the operator made it, it is left alone. */
static void take_tunnel(void *ctx, const struct kern_tunnel *t)
{
	struct found f = { .tunnel_id = t->id,
			   .peer_id = t->peer_id,
			   .cookie = t->cookie,
			   .path = { .endpoint = t->endpoint,
				     .remote = t->remote } };

	if (t->cookie)
		remember(ctx, f, tunnel_key(t->id));
}

static void take_session(void *ctx, const struct kern_session *s)
{
	struct found f = { .link = { .kind = KERN_SESSION,
				     .tunnel_id = s->tunnel_id,
				     .session_id = s->id },
			   .tunnel_id = s->tunnel_id,
			   .peer_id = s->peer_id,
			   .to_ifindex = s->to_ifindex,
			   .cookie = s->cookie };

	if (s->cookie)
		remember(ctx, f, kern_link_key(&f.link));
}

static void take_pppoe(void *ctx, const struct kern_pppoe *p)
{
	struct found f = { .link = p->link,
			   .to = p->to,
			   .to_ifindex = p->to_ifindex,
			   .cookie = p->cookie,
			   .vlan_proto = p->vlan_proto };
	struct found_all *all = ctx;

	memcpy(f.mac, p->mac, 6);
	if (p->cookie)
		remember(all, f, kern_link_key(&f.link));
	else
		idmap_take(all->pppoe_ids, p->link.session_id, all->pppoe_ids);
}

struct found *found_tunnel(const struct found_all *all, uint16_t id)
{
	struct hash_node *node = hash_find(&all->objects, tunnel_key(id));

	return node ? container_of(node, struct found, node) : NULL;
}

struct found *found_link(const struct found_all *all, const struct kern_link *l)
{
	struct hash_node *node = hash_find(&all->objects, kern_link_key(l));

	for (; node; node = hash_next(node)) {
		struct found *f = container_of(node, struct found, node);

		if (kern_link_eq(&f->link, l))
			return f;
	}
	return NULL;
}

int found_read(struct found_all *all, struct kern *k, struct idmap *pppoe_ids,
	       char err[KERN_ERROR_MAX])
{
	struct kern_found found = { .tunnel = take_tunnel,
				    .session = take_session,
				    .pppoe = take_pppoe,
				    .ctx = all };

	hash_init(&all->objects);
	all->pppoe_ids = pppoe_ids;
	return kern_dump(k, &found, err);
}

void found_end(struct found_all *all, void (*left)(void *ctx, struct found *f),
	       void *ctx)
{
	for (size_t i = 0; i < all->objects.size; i++) {
		struct hash_node *node = all->objects.slot[i];

		while (node) {
			struct found *f =
				container_of(node, struct found, node);

			node = node->next;
			if (left && !f->claimed)
				left(ctx, f);
			free(f);
		}
	}
	hash_free(&all->objects);
}
