// SPDX-License-Identifier: GPL-2.0
/*
 * Marks and rates of links, see qos.h. A link that has none pays for a look at
 * has_qos; the rest lies apart from what forwarding needs. Called by the link
 * layer with frames, by netlink, and at the end of links.
 */
#include "qos.h"

#include <linux/slab.h>

#include "count.h"

static struct adit_qos *look(struct adit_link *link)
{
	return rcu_dereference(adit_link_cold(link)->qos);
}

static void mark(const struct adit_qos *q, struct sk_buff *skb)
{
	u32 value = READ_ONCE(q->mark);

	if (value)
		skb->mark = value;
	value = READ_ONCE(q->priority);
	if (value)
		skb->priority = value;
}

bool adit_qos_rx(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_qos *q = look(link);
	int err;

	if (!q)
		return true;
	mark(q, skb);
	err = adit_police(&q->police[ADIT_QOS_RX], skb);
	if (!err)
		return true;
	adit_count_rx_drop(link,
			   err < 0 ? ADIT_DROP_tx_headroom :
				     ADIT_DROP_rx_police,
			   skb);
	return false;
}

bool adit_qos_tx(struct adit_link *link, struct sk_buff *skb,
		 struct adit_turn *turn)
{
	struct adit_qos *q = look(link);
	int err;

	turn->packets = 0;
	if (!q)
		return true;
	mark(q, skb);
	err = adit_police(&q->police[ADIT_QOS_TX], skb);
	if (!err && adit_pace(&q->pace, skb, turn))
		return true;
	adit_count_tx_drop(link,
			   err < 0 ? ADIT_DROP_tx_headroom :
			   err	   ? ADIT_DROP_tx_police :
				     ADIT_DROP_tx_pace,
			   skb);
	return false;
}

void adit_qos_return(struct adit_link *link, const struct adit_turn *turn)
{
	struct adit_qos *q = look(link);

	if (q)
		adit_pace_return(&q->pace, turn);
}

bool adit_qos_splits(struct adit_link *link, const struct sk_buff *skb)
{
	struct adit_qos *q = look(link);

	return q && adit_pace_splits(&q->pace, skb);
}

struct adit_qos *adit_qos_of(struct adit_link *link)
{
	struct mutex *lock = &adit_link_net(link)->lock;

	return rcu_dereference_protected(adit_link_cold(link)->qos,
					 lockdep_is_held(lock));
}

static bool is_idle(const struct adit_qos *q)
{
	return !q->mark && !q->priority && !q->police[ADIT_QOS_RX].conf.rate &&
	       !q->police[ADIT_QOS_TX].conf.rate && !q->pace.conf.rate;
}

static void apply(struct adit_qos *q, const struct adit_qos_conf *conf)
{
	int way;

	if (conf->has_mark)
		WRITE_ONCE(q->mark, conf->mark);
	if (conf->has_priority)
		WRITE_ONCE(q->priority, conf->priority);
	for (way = 0; way < ADIT_QOS_WAYS; way++)
		if (conf->has_police[way])
			adit_police_set(&q->police[way], &conf->police[way]);
	if (conf->has_pace)
		adit_pace_set(&q->pace, &conf->pace);
}

static struct adit_qos *qos_alloc(void)
{
	struct adit_qos *q = kzalloc(sizeof(*q), GFP_KERNEL_ACCOUNT);
	int way;

	if (!q)
		return NULL;
	for (way = 0; way < ADIT_QOS_WAYS; way++)
		adit_police_init(&q->police[way]);
	adit_pace_init(&q->pace);
	return q;
}

static void publish(struct adit_link *link, struct adit_qos *q)
{
	rcu_assign_pointer(adit_link_cold(link)->qos, q);
	WRITE_ONCE(link->has_qos, 1);
}

static void unpublish(struct adit_link *link, struct adit_qos *q)
{
	WRITE_ONCE(link->has_qos, 0);
	RCU_INIT_POINTER(adit_link_cold(link)->qos, NULL);
	kfree_rcu(q, rcu);
}

int adit_qos_set(struct adit_link *link, const struct adit_qos_conf *conf,
		 struct netlink_ext_ack *extack)
{
	struct adit_qos *old = adit_qos_of(link), *q = old;

	if (!q)
		q = qos_alloc();
	if (!q) {
		NL_SET_ERR_MSG(extack, "no memory for marks and rates");
		return -ENOMEM;
	}
	apply(q, conf);
	if (!old && is_idle(q))
		kfree(q);
	else if (!old)
		publish(link, q);
	else if (is_idle(q))
		unpublish(link, q);
	return 0;
}

void adit_qos_free(struct adit_link *link)
{
	kfree(rcu_dereference_protected(adit_link_cold(link)->qos, true));
}
