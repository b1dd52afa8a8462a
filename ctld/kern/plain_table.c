/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kern/plain: tables of tunnels and links, and who is bound to whom. */
#include "base/timer.h"
#include "kern/plain_port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void plain_tables_init(struct plain_tables *t)
{
	memset(t, 0, sizeof(*t));
	hash_init(&t->tunnels);
	hash_init(&t->links);
	LIST_INIT(&t->all_tunnels);
	LIST_INIT(&t->pppoe);
}

static void free_links(struct plain_tables *t, struct plain_links *links)
{
	while (!LIST_EMPTY(links))
		plain_link_free(t, LIST_FIRST(links));
}

void plain_tables_free(struct plain_tables *t)
{
	struct plain_tunnel *tun;

	free_links(t, &t->pppoe);
	while ((tun = LIST_FIRST(&t->all_tunnels))) {
		free_links(t, &tun->links);
		plain_tunnel_free(t, tun);
	}
	hash_free(&t->tunnels);
	hash_free(&t->links);
}

/* ------------------------------------------------------------------ tunnels */

struct plain_tunnel *plain_tunnel_find(struct plain_tables *t, uint16_t id)
{
	struct hash_node *n = hash_find(&t->tunnels, id);

	return n ? container_of(n, struct plain_tunnel, node) : NULL;
}

int plain_tunnel_add(struct plain_tables *t, const struct kern_tunnel *k)
{
	struct plain_tunnel *tun;

	if (!k->id || !k->peer_id || !k->remote.addr.family)
		return -EINVAL;
	if (plain_tunnel_find(t, k->id))
		return -EEXIST;
	if (t->max_tunnels && t->n_tunnels >= t->max_tunnels)
		return -ENOSPC;
	tun = calloc(1, sizeof(*tun));
	if (!tun)
		return -ENOMEM;
	tun->id = k->id;
	tun->peer_id = k->peer_id;
	tun->endpoint = k->endpoint;
	tun->remote = k->remote;
	tun->from = k->from.addr.family ? k->from : k->remote;
	tun->cookie = k->cookie;
	LIST_INIT(&tun->links);
	hash_add(&t->tunnels, &tun->node, tun->id);
	LIST_INSERT_HEAD(&t->all_tunnels, tun, next);
	t->n_tunnels++;
	return 0;
}

void plain_tunnel_free(struct plain_tables *t, struct plain_tunnel *tun)
{
	hash_del(&t->tunnels, &tun->node);
	LIST_REMOVE(tun, next);
	t->n_tunnels--;
	free(tun);
}

/* -------------------------------------------------------------------- links */

struct plain_link *plain_link_find(struct plain_tables *t,
				   const struct kern_link *name)
{
	struct hash_node *n = hash_find(&t->links, kern_link_key(name));

	for (; n; n = hash_next(n)) {
		struct plain_link *l = container_of(n, struct plain_link, node);

		if (kern_link_eq(&l->name, name))
			return l;
	}
	return NULL;
}

static int add_link(struct plain_tables *t, const struct kern_link *name,
		    uint64_t cookie, struct plain_link **out)
{
	struct plain_link *l;

	if (!name->session_id)
		return -EINVAL;
	if (plain_link_find(t, name))
		return -EEXIST;
	if (t->max_links && t->n_links[name->kind] >= t->max_links)
		return -ENOSPC;
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->name = *name;
	l->cookie = cookie;
	hash_add(&t->links, &l->node, kern_link_key(name));
	t->n_links[name->kind]++;
	*out = l;
	return 0;
}

int plain_session_add(struct plain_tables *t, const struct kern_session *k)
{
	struct kern_link name = { .kind = KERN_SESSION,
				  .tunnel_id = k->tunnel_id,
				  .session_id = k->id };
	struct plain_tunnel *tun = plain_tunnel_find(t, k->tunnel_id);
	struct plain_link *l;
	int rc = tun ? add_link(t, &name, k->cookie, &l) : -ENOENT;

	if (rc)
		return rc;
	l->peer_id = k->peer_id;
	l->seq = k->seq;
	l->tunnel = tun;
	LIST_INSERT_HEAD(&tun->links, l, next);
	return 0;
}

int plain_pppoe_add(struct plain_tables *t, const struct kern_pppoe *k)
{
	struct plain_link *l;
	int rc;

	if (k->link.kind != KERN_PPPOE || !k->link.ifindex)
		return -EINVAL;
	if (k->link.vlan_outer || k->link.vlan_inner)
		return -EOPNOTSUPP;
	rc = add_link(t, &k->link, k->cookie, &l);
	if (rc)
		return rc;
	memcpy(l->mac, k->mac, sizeof(l->mac));
	LIST_INSERT_HEAD(&t->pppoe, l, next);
	return 0;
}

void plain_unbind(struct plain_link *l)
{
	if (l->to)
		l->to->to = NULL;
	l->to = NULL;
	l->ip = false;
}

void plain_link_free(struct plain_tables *t, struct plain_link *l)
{
	plain_unbind(l);
	hash_del(&t->links, &l->node);
	LIST_REMOVE(l, next);
	t->n_links[l->name.kind]--;
	free(l);
}
