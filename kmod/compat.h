/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels. Kbuild looks into the kernel's headers for what
 * has moved or changed; nothing asks for a version.
 */
#ifndef ADIT_COMPAT_H
#define ADIT_COMPAT_H

#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/genetlink.h>

/* skb_gso_segment() moved to a header of its own. */
#ifdef ADIT_HAVE_GSO_H
#include <net/gso.h>
#endif

/* struct netdev_rx_queue moved too. */
#ifdef ADIT_HAVE_RX_QUEUE_H
#include <net/netdev_rx_queue.h>
#endif

#ifdef ADIT_HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* A device without a lock in xmit, and that stays in its namespace: features
 * once, bits of the device since, the second one by two names.
 */
static inline void adit_dev_pin(struct net_device *dev)
{
#ifdef ADIT_HAVE_DEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
#ifdef ADIT_HAVE_DEV_NETNS_IMMUTABLE
	dev->netns_immutable = true;
#elif defined(ADIT_HAVE_DEV_NETNS_LOCAL)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/* Does receive packet steering have CPUs? Kernels of one CPU have none of it. */
static inline bool adit_rps_on(const struct net_device *dev)
{
#ifdef CONFIG_RPS
	return rcu_access_pointer(dev->_rx->rps_map);
#else
	return false;
#endif
}

/* A device that nobody sees, for NAPI instances of our own. */
#ifdef ADIT_HAVE_DUMMY_ALLOC
#define adit_dummy_alloc() alloc_netdev_dummy(0)
#define adit_dummy_free(dev) free_netdev(dev)
#else
static inline struct net_device *adit_dummy_alloc(void)
{
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

#define adit_dummy_free(dev) kfree(dev)
#endif

/* What a family's pre_doit() is told of the command. */
#ifdef ADIT_HAVE_GENL_SPLIT_OPS
#define ADIT_PRE_DOIT_OPS const struct genl_split_ops
#else
#define ADIT_PRE_DOIT_OPS const struct genl_ops
#endif

/* The attributes of a dump's request. */
#ifdef ADIT_HAVE_GENL_INFO_DUMP
#define adit_dump_attrs(cb) (genl_info_dump(cb)->attrs)
#else
#define adit_dump_attrs(cb) (genl_dumpit_info(cb)->attrs)
#endif

/* encap_err_rcv() was told where in the packet the UDP header is, later of the error
 * itself and what is behind that header.
 */
#ifdef ADIT_HAVE_ENCAP_ERR_PAYLOAD
#define ADIT_ENCAP_ERR(name)                                                   \
	void name(struct sock *sk, struct sk_buff *skb, int code, __be16 port, \
		  u32 mtu, u8 *payload)
#define adit_encap_err_udp(skb) ((const struct udphdr *)payload - 1)
#else
#define ADIT_ENCAP_ERR(name) \
	void name(struct sock *sk, struct sk_buff *skb, unsigned int udp_offset)
#define adit_encap_err_udp(skb) \
	((const struct udphdr *)((skb)->data + udp_offset))
#endif

#endif /* ADIT_COMPAT_H */
