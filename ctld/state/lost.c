/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lost.h. Called by state/restore. */
#include "state/lost.h"

#include "bng/account.h"

#include <stdlib.h>
#include <string.h>

/* As much of a tunnel, and of its definition, as accounting looks at. */
struct one_tunnel {
	struct hash_node node;
	struct l2tp_tunnel t;
	struct l2tp_peer peer;
	struct conf_remote_host host; /* a LAC's that called us */
	struct conf_tunnel called; /* or one of ours */
	char local_name[L2TP_NAME_MAX + 1];
};

struct one_call {
	struct hash_node node;
	struct l2tp_session s;
};

void lost_init(struct lost *l, struct box *b)
{
	*l = (struct lost){ .box = b };
	hash_init(&l->tunnels);
	hash_init(&l->calls);
}

static struct one_tunnel *find_tunnel(const struct lost *l, uint16_t id)
{
	struct hash_node *node = hash_find(&l->tunnels, id);

	return node ? container_of(node, struct one_tunnel, node) : NULL;
}

void lost_tunnel(struct lost *l, uint64_t cookie, const struct l2tp_lost *t,
		 const struct store_account *account)
{
	struct conf_radius_group *group = account_group(l->box, account->group);
	struct one_tunnel *one = calloc(1, sizeof(*one));

	if (!one)
		abort();
	memcpy(one->local_name, account->local_name, sizeof(one->local_name));
	one->host.accounting = one->called.accounting = group;
	one->peer.local_name = one->local_name;
	one->peer.accept_calls = !t->initiator;
	one->peer.user = t->initiator ? (void *)&one->called : &one->host;
	one->t.host = &l->box->l2tp;
	one->t.peer = &one->peer;
	one->t.path = t->path;
	one->t.id = t->id;
	one->t.cookie = cookie;
	one->t.opened_at = t->opened_at;
	one->t.was_up = true;
	one->t.why.result = L2TP_STOP_ERROR;
	memcpy(one->t.peer_name, t->peer_name, sizeof(one->t.peer_name));
	hash_add(&l->tunnels, &one->node, t->id);
}

bool lost_call(struct lost *l, struct rd r)
{
	struct l2tp_lost_session was;
	struct one_tunnel *of;
	struct one_call *one;

	if (!l2tp_session_read(&r, &was))
		return false;
	of = find_tunnel(l, was.tunnel_id);
	if (!of)
		return false;
	one = calloc(1, sizeof(*one));
	if (!one)
		abort();
	one->s.tunnel = &of->t;
	one->s.id = was.id;
	one->s.lac = was.lac;
	one->s.serial = was.serial;
	hash_add(&l->calls, &one->node, was.id);
	return true;
}

struct l2tp_session *lost_find(const struct lost *l, uint16_t id)
{
	struct hash_node *node = hash_find(&l->calls, id);

	return node ? &container_of(node, struct one_call, node)->s : NULL;
}

static void end_calls(struct lost *l, struct state_file *sf)
{
	for (size_t i = 0; i < l->calls.size; i++) {
		struct hash_node *node = l->calls.slot[i];

		while (node) {
			struct one_call *one =
				container_of(node, struct one_call, node);

			node = node->next;
			state_del(sf, STATE_SESSION, one->s.id);
			free(one);
		}
	}
	hash_free(&l->calls);
}

void lost_end(struct lost *l, struct state_file *sf, msec_t now)
{
	end_calls(l, sf);
	for (size_t i = 0; i < l->tunnels.size; i++) {
		struct hash_node *node = l->tunnels.slot[i];

		while (node) {
			struct one_tunnel *one =
				container_of(node, struct one_tunnel, node);

			node = node->next;
			if (!account_ended(l->box, one->t.cookie))
				account_tunnel_down(&one->t, now,
						    one->t.cookie);
			state_del(sf, STATE_TUNNEL, one->t.id);
			free(one);
		}
	}
	hash_free(&l->tunnels);
}
