// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels and sessions in sysfs, see sysfs_tunnel.h. A file finds its object by ids,
 * so an object waits for nobody who reads. A session has no room for a pointer to its
 * directory, which is found by name, under its tunnel's.
 */
#include "sysfs_tunnel.h"

#include <linux/kernfs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <net/ip.h>

#include "session.h"
#include "tunnel.h"

static bool sysfs_sessions;
module_param(sysfs_sessions, bool, 0644);
MODULE_PARM_DESC(sysfs_sessions,
		 "show each session that is made from now on in sysfs");

/* Below a tunnel's are its sessions'. */
struct adit_sysfs_node {
	struct kobject kobj;
	struct adit_net *an;
	u16 tunnel_id;
	u16 session_id; /* 0: the tunnel itself */
	u32 n_sessions; /* shown below it, under lock */
};

/* What a node is of; session is NULL for a tunnel's. */
struct shown {
	struct adit_tunnel *tunnel;
	struct adit_session *session;
};

struct value {
	struct attribute attr;
	size_t counter; /* in struct adit_stats_sum, if there is no show */
	ssize_t (*show)(const struct shown *o, char *buf);
};

static ssize_t show_sessions(const struct shown *o, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(o->tunnel->n_sessions));
}

static ssize_t show_peer_id(const struct shown *o, char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  o->session ? READ_ONCE(o->session->peer_id) :
				       READ_ONCE(o->tunnel->peer_id));
}

static ssize_t show_peer(const struct shown *o, char *buf)
{
	const struct adit_tunnel *t = o->tunnel;
	u16 port = ntohs(READ_ONCE(t->remote_port));

	if (t->family == AF_INET6)
		return sysfs_emit(buf, "[%pI6c]:%u\n", &t->remote.a, port);
	return sysfs_emit(buf, "%pI4:%u\n", &t->remote.a.s6_addr32[3], port);
}

#define COUNTER(_name)                                             \
	{                                                          \
		.attr = { .name = #_name, .mode = 0444 },          \
		.counter = offsetof(struct adit_stats_sum, _name), \
	}
#define VALUE(_name, _show)                                                \
	{                                                                  \
		.attr = { .name = #_name, .mode = 0444 }, .show = (_show), \
	}

static struct value counters[] = {
	COUNTER(rx_packets), COUNTER(rx_bytes),	  COUNTER(rx_drops),
	COUNTER(tx_packets), COUNTER(tx_bytes),	  COUNTER(tx_drops),
	COUNTER(rx_control), COUNTER(tx_control),
};

static struct value of_tunnel[] = {
	VALUE(sessions, show_sessions),
	VALUE(peer_tunnel_id, show_peer_id),
	VALUE(peer, show_peer),
};

static struct value of_session = VALUE(peer_session_id, show_peer_id);

static struct attribute *tunnel_attrs[] = {
	&counters[0].attr,  &counters[1].attr,	&counters[2].attr,
	&counters[3].attr,  &counters[4].attr,	&counters[5].attr,
	&counters[6].attr,  &counters[7].attr,	&of_tunnel[0].attr,
	&of_tunnel[1].attr, &of_tunnel[2].attr, NULL,
};
ATTRIBUTE_GROUPS(tunnel);

static struct attribute *session_attrs[] = {
	&counters[0].attr, &counters[1].attr,
	&counters[2].attr, &counters[3].attr,
	&counters[4].attr, &counters[5].attr,
	&counters[6].attr, &counters[7].attr,
	&of_session.attr,  NULL,
};
ATTRIBUTE_GROUPS(session);

static ssize_t show_counter(const struct shown *o, size_t counter, char *buf)
{
	struct adit_stats_sum sum;

	adit_stats_sum(o->session ? o->session->link.stats : o->tunnel->stats,
		       &sum);
	return sysfs_emit(buf, "%llu\n", *(u64 *)((char *)&sum + counter));
}

/* Context: RCU. */
static bool find(const struct adit_sysfs_node *node, struct shown *o)
{
	if (!node->session_id) {
		o->session = NULL;
		o->tunnel = adit_tunnel_find(node->an, node->tunnel_id);
		return o->tunnel;
	}
	o->session =
		adit_session_find(node->an, node->tunnel_id, node->session_id);
	o->tunnel = o->session ? o->session->tunnel : NULL;
	return o->session;
}

static ssize_t show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	const struct adit_sysfs_node *node =
		container_of(kobj, struct adit_sysfs_node, kobj);
	const struct value *v = container_of(attr, struct value, attr);
	ssize_t n = -ENODEV;
	struct shown o;

	rcu_read_lock();
	if (find(node, &o))
		n = v->show ? v->show(&o, buf) :
			      show_counter(&o, v->counter, buf);
	rcu_read_unlock();
	return n;
}

static const struct sysfs_ops ops = { .show = show };

static void release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct adit_sysfs_node, kobj));
}

static struct kobj_type tunnel_type = {
	.sysfs_ops = &ops,
	.release = release,
	.default_groups = tunnel_groups,
};

static struct kobj_type session_type = {
	.sysfs_ops = &ops,
	.release = release,
	.default_groups = session_groups,
};

static void del(struct kobject *kobj)
{
	kobject_del(kobj);
	kobject_put(kobj);
}

void adit_sysfs_add_tunnel(struct adit_tunnel *t)
{
	struct adit_sysfs_node *node =
		kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);

	lockdep_assert_held(&t->an->lock);
	if (!node)
		return;
	node->an = t->an;
	node->tunnel_id = t->id;
	node->kobj.kset = t->an->sysfs_tunnels;
	if (kobject_init_and_add(&node->kobj, &tunnel_type, NULL, "%u",
				 t->id)) {
		kobject_put(&node->kobj);
		return;
	}
	t->sysfs = node;
}

void adit_sysfs_del_tunnel(struct adit_tunnel *t)
{
	lockdep_assert_held(&t->an->lock);
	if (t->sysfs)
		del(&t->sysfs->kobj);
	t->sysfs = NULL;
}

void adit_sysfs_add_session(struct adit_session *s)
{
	struct adit_sysfs_node *above = s->tunnel->sysfs;
	struct adit_sysfs_node *node;

	lockdep_assert_held(&s->tunnel->an->lock);
	if (!READ_ONCE(sysfs_sessions) || !above)
		return;
	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return;
	node->an = above->an;
	node->tunnel_id = above->tunnel_id;
	node->session_id = (u16)s->key;
	if (kobject_init_and_add(&node->kobj, &session_type, &above->kobj, "%u",
				 node->session_id)) {
		kobject_put(&node->kobj);
		return;
	}
	above->n_sessions++;
}

void adit_sysfs_del_session(struct adit_session *s)
{
	struct adit_sysfs_node *above = s->tunnel->sysfs;
	struct kernfs_node *dir;
	char name[8];

	lockdep_assert_held(&s->tunnel->an->lock);
	if (!above || !above->n_sessions)
		return;
	snprintf(name, sizeof(name), "%u", (u16)s->key);
	dir = kernfs_find_and_get(above->kobj.sd, name);
	if (!dir)
		return;
	/* The directory of a kobject has it for its private data. */
	del(dir->priv);
	kernfs_put(dir);
	above->n_sessions--;
}
