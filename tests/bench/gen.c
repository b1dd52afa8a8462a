// SPDX-License-Identifier: GPL-2.0
/*
 * Test only: prepared frames through a path, as a NIC would bring them, and what
 * a packet costs. /proc/adit_gen: write() takes a load, see struct load; each
 * read() runs it and gives a struct result.
 *
 * A frame is a new buffer and a copy, sent in bursts with BH off, so that softirq
 * takes a whole burst as NAPI does; at the far device an ingress hook counts and
 * drops. Both devices are in the initial namespace, the path is between them.
 * pktgen cannot burst on a veth and costs more than what is to be measured.
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#define FRAME_MAX 2048
#define LOAD_MAX (64 << 20)
#define PATIENCE (200 * NSEC_PER_MSEC) /* for the last packets */

/* Frame i is template i % n_templates with the words of entry i % n_entries. */
struct load {
	u32 frames; /* to send */
	u32 expect; /* packets at the far end */
	u32 burst;
	u32 n_templates;
	u32 n_words;
	u32 n_entries;
	char tx[IFNAMSIZ];
	char rx[IFNAMSIZ];
	/* u16 length[n_templates], offset[n_words], word[n_entries][n_words];
	 * u8 template[n_templates][FRAME_MAX]
	 */
	u16 data[];
};

struct result {
	u64 ns;
	u32 received;
	u32 len;
	u8 frame[FRAME_MAX]; /* the first one to arrive */
};

struct sink {
	u32 received;
	u32 len;
	u8 *frame;
};

struct frames {
	const u16 *length;
	const u16 *offset;
	const u16 *word;
	const u8 *template;
	u32 t; /* next template */
	u32 e; /* next entry */
};

struct gen {
	struct mutex lock; /* of the load */
	struct load *load;
	struct frames frames; /* of it; the next run goes on here */
	struct result result;
};

static unsigned int sink_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct sink *sink = priv;

	if (skb->protocol != htons(ETH_P_IP) &&
	    skb->protocol != htons(ETH_P_PPP_SES))
		return NF_ACCEPT;
	if (!sink->received++) {
		sink->len = min_t(u32, skb_headlen(skb) + ETH_HLEN, FRAME_MAX);
		memcpy(sink->frame, skb_mac_header(skb), sink->len);
	}
	consume_skb(skb);
	return NF_STOLEN;
}

static void frames_init(struct frames *f, const struct load *l)
{
	f->length = l->data;
	f->offset = f->length + l->n_templates;
	f->word = f->offset + l->n_words;
	f->template = (const u8 *)(f->word + (size_t)l->n_entries * l->n_words);
	f->t = 0;
	f->e = 0;
}

static struct sk_buff *next_frame(struct frames *f, const struct load *l,
				  struct net_device *dev)
{
	const u16 *w = f->word + (size_t)f->e * l->n_words;
	u16 len = f->length[f->t];
	struct sk_buff *skb;
	u32 i;

	skb = netdev_alloc_skb(dev, len);
	if (!skb)
		return NULL;
	memcpy(__skb_put(skb, len), f->template + (size_t)f->t * FRAME_MAX,
	       len);
	for (i = 0; i < l->n_words; i++)
		*(u16 *)(skb->data + f->offset[i]) = w[i];
	if (++f->t == l->n_templates)
		f->t = 0;
	if (++f->e == l->n_entries)
		f->e = 0;
	/* A NIC has looked at the sum. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

static void send_burst(struct frames *f, const struct load *l,
		       struct net_device *dev, u32 n)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	struct sk_buff *skb;

	local_bh_disable();
	while (n--) {
		skb = next_frame(f, l, dev);
		if (skb &&
		    !dev_xmit_complete(netdev_start_xmit(skb, dev, txq, n)))
			kfree_skb(skb);
	}
	local_bh_enable();
}

/* What ksoftirqd got to do is done before the next burst, or queues run over. */
static void let_softirq(void)
{
	while (local_softirq_pending())
		schedule();
}

/* Bursts, until all have arrived or nothing comes any more. */
static u64 run(const struct load *l, struct frames *f, struct net_device *dev,
	       struct sink *sink)
{
	u64 start, late;
	u32 left, n;

	start = ktime_get_ns();
	for (left = l->frames; left; left -= n) {
		n = min(left, l->burst);
		send_burst(f, l, dev, n);
		let_softirq();
	}
	late = ktime_get_ns() + PATIENCE;
	while (READ_ONCE(sink->received) < l->expect && ktime_get_ns() < late)
		schedule();
	return ktime_get_ns() - start;
}

static int run_load(struct gen *g, struct result *r)
{
	const struct load *l = g->load;
	struct sink sink = { .frame = r->frame };
	struct net_device *tx, *rx;
	struct nf_hook_ops hook = {
		.hook = sink_hook,
		.priv = &sink,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
	};
	int err = -ENODEV;

	tx = dev_get_by_name(&init_net, l->tx);
	rx = dev_get_by_name(&init_net, l->rx);
	if (!tx || !rx)
		goto out;
	hook.dev = rx;
	err = nf_register_net_hook(&init_net, &hook);
	if (err)
		goto out;
	r->ns = run(l, &g->frames, tx, &sink);
	nf_unregister_net_hook(&init_net, &hook);
	/* No packet is in the hook any more. */
	synchronize_net();
	r->received = sink.received;
	r->len = sink.len;
out:
	dev_put(rx);
	dev_put(tx);
	return err;
}

static bool load_is_valid(const struct load *l, size_t size)
{
	const u16 *length = l->data, *offset = length + l->n_templates;
	u32 i, least = FRAME_MAX;

	if (!l->burst || !l->n_templates || !l->n_entries ||
	    l->n_templates > 16 || l->n_words > 64 || l->n_entries > 1 << 20)
		return false;
	if (size != sizeof(*l) +
			    2 * (l->n_templates + l->n_words +
				 (size_t)l->n_words * l->n_entries) +
			    (size_t)l->n_templates * FRAME_MAX)
		return false;
	for (i = 0; i < l->n_templates; i++) {
		if (length[i] < ETH_HLEN || length[i] > FRAME_MAX)
			return false;
		least = min_t(u32, least, length[i]);
	}
	for (i = 0; i < l->n_words; i++)
		if (offset[i] + 2 > least)
			return false;
	return l->tx[IFNAMSIZ - 1] == 0 && l->rx[IFNAMSIZ - 1] == 0;
}

static ssize_t gen_write(struct file *file, const char __user *data,
			 size_t size, loff_t *pos)
{
	struct gen *g = file->private_data;
	struct load *l;

	if (size < sizeof(*l) || size > LOAD_MAX)
		return -EINVAL;
	l = vmemdup_user(data, size);
	if (IS_ERR(l))
		return PTR_ERR(l);
	if (!load_is_valid(l, size)) {
		kvfree(l);
		return -EINVAL;
	}
	mutex_lock(&g->lock);
	swap(g->load, l);
	frames_init(&g->frames, g->load);
	mutex_unlock(&g->lock);
	kvfree(l);
	return size;
}

static ssize_t gen_read(struct file *file, char __user *data, size_t size,
			loff_t *pos)
{
	struct gen *g = file->private_data;
	int err = -ENODATA;

	if (size < sizeof(g->result))
		return -EINVAL;
	mutex_lock(&g->lock);
	memset(&g->result, 0, sizeof(g->result));
	if (g->load)
		err = run_load(g, &g->result);
	if (!err && copy_to_user(data, &g->result, sizeof(g->result)))
		err = -EFAULT;
	mutex_unlock(&g->lock);
	return err ?: sizeof(g->result);
}

static int gen_open(struct inode *inode, struct file *file)
{
	struct gen *g = kzalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
	mutex_init(&g->lock);
	file->private_data = g;
	return 0;
}

static int gen_release(struct inode *inode, struct file *file)
{
	struct gen *g = file->private_data;

	kvfree(g->load);
	kfree(g);
	return 0;
}

static const struct proc_ops gen_ops = {
	.proc_open = gen_open,
	.proc_read = gen_read,
	.proc_write = gen_write,
	.proc_release = gen_release,
};

static int __init gen_init(void)
{
	if (!proc_create("adit_gen", 0600, NULL, &gen_ops))
		return -ENOMEM;
	return 0;
}

static void __exit gen_exit(void)
{
	remove_proc_entry("adit_gen", NULL);
}

module_init(gen_init);
module_exit(gen_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Traffic generator of adit's benchmark");
