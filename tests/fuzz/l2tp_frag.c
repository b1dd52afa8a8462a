// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reassembly as the module does it (its hooks, queues and datagrams, compiled here
 * over tests/fuzz/kernel), beside a model: for each datagram a map of what has come,
 * eight bytes a mark. After each packet both have the same fragments, the same
 * memory and the same counters; what is whole is the original, sums and headers
 * too; at the end nothing is left. The table of pairs is replaced: there is one.
 *
 * The input is a list of records, eight bytes each: a fragment and when it comes.
 * Memory runs out for what is allocated or cloned, not for what is pulled up.
 */
#include "kernel/kernel.h"

/* The kernel's warnings are the kernel's. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wsign-compare"
#pragma clang diagnostic ignored "-Wunused-parameter"
#pragma clang diagnostic ignored "-Wunused-function"
#pragma clang diagnostic ignored "-Wmissing-prototypes"
#include "../../kmod/datagram.c"
#define drop queue_drop
#define find queue_find
#include "../../kmod/queue.c"
#undef drop
#undef find
#define find hook_find
#include "../../kmod/reassembly.c"
#undef find
#pragma clang diagnostic pop

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MS ((u64)NSEC_PER_MSEC)
#define TIMEOUT 50
#define KEYS 32 /* family, address, id (four), IPsec */
#define PACKET_MAX 70000
#define RECORDS 32 /* of one input that count */

static struct adit_frag_stats stats;
static struct adit_net an;
static struct adit_pair pair;
static struct net_device dev;
static const u8 peer4[4] = { 192, 0, 2, 2 };
static const u8 peer6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };

static struct adit_net *adit_net(struct net *net)
{
	(void)net;
	return &an;
}

struct adit_pair *adit_pair_find(struct adit_net *n, const struct adit_frag *f,
				 const struct net_device *d)
{
	(void)n;
	must(d == &dev);
	if (f->family == AF_INET)
		return memcmp(&f->from.a.s6_addr[12], peer4, 4) ? NULL : &pair;
	return memcmp(&f->from.a, peer6, 16) ? NULL : &pair;
}

/* --- the model */

struct part {
	u32 offset, len;
	u8 *bytes;
};

struct model {
	bool alive;
	int refused; /* reason + 1 */
	u64 born, serial;
	u32 memory, total, n, ends;
	u8 codepoints;
	struct part parts[ADIT_FRAG_MAX];
	u8 marks[8192];
};

static struct model models[KEYS];
static u64 want[ADIT_N_DROPS], taken, joined, datagrams, serial;
static u32 memory, held;

struct packet {
	bool v6, secure, more, fails, stranger, odd;
	unsigned int key;
	u8 ecn;
	u32 id, offset, len, udp_len;
	u32 said; /* the payload's length in the header */
	u8 bytes[PACKET_MAX]; /* from the IP header on */
	u32 size;
};

static void forget(struct model *m, enum adit_drop why)
{
	u32 i;

	want[why] += m->n;
	held -= m->n;
	for (i = 0; i < m->n; i++)
		free(m->parts[i].bytes);
	m->n = 0;
}

static void end(struct model *m, enum adit_drop why)
{
	forget(m, why);
	memory -= m->memory;
	m->alive = false;
}

static struct model *eldest(void)
{
	struct model *m = NULL;
	int i;

	for (i = 0; i < KEYS; i++)
		if (models[i].alive && (!m || models[i].serial < m->serial))
			m = &models[i];
	return m;
}

static void age(void)
{
	struct model *m;

	while ((m = eldest()) && clock_ns - m->born >= TIMEOUT * MS)
		end(m, ADIT_DROP_frag_timeout);
}

/* Why a fragment cannot be of this datagram, by what has come; 0: it can. */
static int contradiction(const struct model *m, const struct packet *p)
{
	u32 to = p->offset + p->said, at, i;

	if (!p->said || to > (p->v6 ? 65535 : 65535 - 20))
		return 1 + ADIT_DROP_frag_length;
	if (m->total && (p->more ? to >= m->total : to != m->total))
		return 1 + ADIT_DROP_frag_length;
	if (p->more ? p->said % 8 != 0 : !m->total && m->ends >= to)
		return 1 + ADIT_DROP_frag_length;
	if (p->more && !p->offset && p->said < 256)
		return 1 + ADIT_DROP_frag_tiny;
	if (m->n >= 16)
		return 1 + ADIT_DROP_frag_too_many;
	for (i = 0; i < m->n; i++)
		if (m->parts[i].offset == p->offset &&
		    m->parts[i].len == p->said)
			return 1 + ADIT_DROP_frag_duplicate;
	for (at = p->offset / 8; at < (to + 7) / 8; at++)
		if (m->marks[at])
			return 1 + ADIT_DROP_frag_overlap;
	return 0;
}

static bool complete(const struct model *m)
{
	u32 at;

	for (at = 0; at < (m->total + 7) / 8; at++)
		if (!m->marks[at])
			return false;
	return m->total;
}

/* CE beside Not-ECT cannot be; else CE if one says so, else 0 of difference. */
static bool ecn_is_bad(u8 codepoints)
{
	return (codepoints & 8) && (codepoints & 1);
}

static void put(struct model *m, const struct packet *p)
{
	struct part *part = &m->parts[m->n++];
	u32 hlen = p->v6 ? 48 : 20, at;

	part->offset = p->offset;
	part->len = p->said;
	part->bytes = malloc(p->said);
	must(part->bytes);
	memcpy(part->bytes, p->bytes + hlen, p->said);
	for (at = p->offset / 8; at < (p->offset + p->said + 7) / 8; at++)
		m->marks[at] = 1;
	if (p->more)
		m->ends = max(m->ends, p->offset + p->said);
	else
		m->total = p->offset + p->said;
	m->codepoints |= (u8)(1 << p->ecn);
	m->memory += 512 + p->size;
	memory += 512 + p->size;
	held++;
}

static u32 budget(void)
{
	return min(an.frags.peer_budget, an.frags.budget);
}

/* The whole datagram, if that is what the packet makes: its length in to. */
static u32 join(struct model *m, const struct packet *p, u8 *to, u8 *codepoints)
{
	u32 udp_len = 0, i;
	bool first = !p->offset;

	for (i = 0; i < m->n; i++)
		if (!m->parts[i].offset)
			udp_len = (u32)m->parts[i].bytes[4] << 8 |
				  m->parts[i].bytes[5];
	*codepoints = m->codepoints;
	if (udp_len != m->total) {
		end(m, ADIT_DROP_frag_udp_length);
	} else if (ecn_is_bad(m->codepoints)) {
		end(m, ADIT_DROP_frag_ecn);
	} else if (p->fails && !first) {
		end(m, ADIT_DROP_frag_no_memory);
	} else {
		for (i = 0; i < m->n; i++)
			memcpy(to + m->parts[i].offset, m->parts[i].bytes,
			       m->parts[i].len);
		joined += m->n;
		datagrams++;
		want[ADIT_DROP_frag_timeout] -= m->n; /* end() counts them */
		end(m, ADIT_DROP_frag_timeout);
		return udp_len;
	}
	return 0;
}

static struct model *begin(const struct packet *p)
{
	struct model *m = &models[p->key];

	if (m->alive)
		return m;
	if (p->fails)
		return NULL;
	memset(m, 0, sizeof(*m));
	m->alive = true;
	m->born = clock_ns;
	m->serial = ++serial;
	m->memory = sizeof(struct adit_datagram);
	memory += m->memory;
	return m;
}

static u32 not_cut(const struct packet *p, u8 *to, u8 *codepoints)
{
	if (p->udp_len != p->said) {
		want[ADIT_DROP_frag_udp_length]++;
		return 0;
	}
	memcpy(to, p->bytes + (p->v6 ? 48 : 20), p->said);
	*codepoints = (u8)(1 << p->ecn);
	joined++;
	datagrams++;
	return p->said;
}

/* What is to become of a fragment that is ours. */
static u32 take_model(const struct packet *p, u8 *to, u8 *codepoints)
{
	u32 hlen = p->v6 ? 48 : 20, whole = 0;
	struct model *m;
	int bad;

	taken++;
	if (p->size < hlen + p->said || (!p->offset && p->said < 8)) {
		want[ADIT_DROP_frag_length]++;
		return 0;
	}
	if (!p->offset && !p->more)
		return not_cut(p, to, codepoints);
	age();
	m = begin(p);
	if (!m) {
		want[ADIT_DROP_frag_no_memory]++;
	} else if (m->refused) {
		want[m->refused - 1]++;
	} else if ((bad = contradiction(m, p))) {
		want[bad - 1]++;
		if (bad != 1 + ADIT_DROP_frag_duplicate) {
			m->refused = bad;
			forget(m, bad - 1);
			memory -= m->memory;
			m->memory = sizeof(struct adit_datagram);
			memory += m->memory;
		}
	} else {
		put(m, p);
		if (complete(m))
			whole = join(m, p, to, codepoints);
	}
	while (memory > budget())
		end(eldest(), ADIT_DROP_frag_budget);
	return whole;
}

/* --- both beside each other */

static void compare(void)
{
	must(!memcmp(an.drops, want, sizeof(want)));
	must(stats.taken == taken && stats.joined == joined);
	must(stats.datagrams == datagrams);
	must(an.frags.held.n == held && an.frags.bytes.n == memory);
	must(memory <= budget() && skbs == (int)held);
}

/* The clock goes on, and what was put off until then is done. */
static void pass(u64 ns)
{
	struct delayed_work *d = &an.frags.expire;
	u64 until = clock_ns + ns;
	int i;

	while (d->armed && d->at <= until) {
		clock_ns = d->at;
		d->armed = false;
		d->fn(&d->work);
		age();
		compare();
	}
	clock_ns = until;
	for (i = 0; i < KEYS; i++)
		must(!models[i].alive ||
		     clock_ns - models[i].born < (TIMEOUT + 16) * MS);
}

static void check_whole(const struct packet *p, const struct sk_buff *skb,
			const u8 *payload, u32 len, u8 codepoints)
{
	u32 hlen = p->v6 ? 40 : 20;
	static u8 got[PACKET_MAX];
	const struct iphdr *ip = (const void *)got;
	u8 ecn;

	must(skb->dev == &dev && skb->len == hlen + len);
	must(skb->data == skb_network_header(skb));
	skb_bytes(skb, got, sizeof(got));
	must(!memcmp(got + hlen, payload, len));
	if (p->v6) {
		must(got[6] == IPPROTO_UDP &&
		     (got[4] << 8 | got[5]) == (int)len);
		must(!memcmp(got + 8, p->bytes + 8, 32) && got[0] >> 4 == 6);
		ecn = got[1] >> 4 & 3;
	} else {
		must(ntohs(ip->tot_len) == hlen + len && !ip->frag_off);
		must(!csum_folded(csum_of(got, hlen)));
		must(!memcmp(got + 12, p->bytes + 12, 8));
		ecn = ip->tos & 3;
	}
	must(codepoints & 8 ? ecn == 3 : codepoints & (1 << ecn));
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		must(csum_folded(skb->csum) ==
		     csum_folded(csum_of(got, hlen + len)));
}

static void arrive(const struct packet *p, u32 linear, bool sum)
{
	struct sk_buff *skb = skb_of(p->bytes, p->size, linear, 48);
	static u8 payload[PACKET_MAX];
	bool ours = !p->odd && !p->stranger;
	u32 len = 0;
	unsigned int verdict;
	u8 codepoints = 0;

	skb->dev = &dev;
	skb->secure = p->secure;
	skb->had_mac = true;
	skb->mac_header = 48 - 14;
	skb->ip_summed = sum ? CHECKSUM_COMPLETE : CHECKSUM_NONE;
	skb->csum = csum_of(p->bytes, p->size);
	/* Of IPv4, that is no fragment. */
	if (!p->v6 && !p->offset && !p->more)
		ours = false;
	if (ours)
		len = take_model(p, payload, &codepoints);
	no_memory = p->fails;
	verdict = hooks_there[p->v6].hook(NULL, skb, NULL);
	no_memory = false;
	must(verdict == (ours && !len ? NF_STOLEN : NF_ACCEPT));
	if (verdict == NF_ACCEPT) {
		if (ours)
			check_whole(p, skb, payload, len, codepoints);
		else
			must(skb->len == p->size);
		kfree_skb(skb);
	}
	compare();
}

static void put16(u8 *to, u32 v)
{
	to[0] = (u8)(v >> 8);
	to[1] = (u8)v;
}

static void header4(struct packet *p, bool to_other)
{
	u8 *h = p->bytes;

	memset(h, 0, 20);
	h[0] = 0x45;
	h[1] = p->ecn;
	put16(h + 2, 20 + p->said);
	put16(h + 4, p->id);
	put16(h + 6, p->offset / 8 | (p->more ? IP_MF : 0));
	h[8] = 64;
	h[9] = p->odd ? IPPROTO_TCP : IPPROTO_UDP;
	memcpy(h + 12, peer4, 4);
	h[12] ^= p->stranger;
	h[19] = to_other;
	put16(h + 10, (u16)~csum_of(h, 20));
}

static void header6(struct packet *p, bool to_other)
{
	u8 *h = p->bytes;

	memset(h, 0, 48);
	h[0] = 0x60;
	h[1] = (u8)(p->ecn << 4);
	put16(h + 4, 8 + p->said);
	h[6] = NEXTHDR_FRAGMENT;
	memcpy(h + 8, peer6, 16);
	h[8] ^= p->stranger;
	h[39] = to_other;
	h[40] = p->odd ? IPPROTO_TCP : IPPROTO_UDP;
	put16(h + 42, p->offset | p->more);
	put16(h + 46, p->id);
}

/* b: what comes. The pieces of one datagram fit each other unless told not to. */
static void make(struct packet *p, const u8 *b)
{
	bool to_other = b[1] & 4, many = (b[1] & 3) == 3;
	u32 piece = many ? 256 : 512, i;
	u32 total = 1800 + (b[1] & 3) * 500U;

	p->v6 = b[0] & 1;
	p->secure = b[0] & 8;
	p->fails = (b[0] & 0x20) && (b[7] & 1);
	p->odd = b[7] == 255;
	p->stranger = b[7] == 254;
	p->id = 1 + (b[1] & 3);
	p->ecn = b[1] & 0x40 ? b[1] >> 4 & 3 : 2;
	p->key = (b[1] & 7U) | (b[0] & 1U) << 3 | (b[0] & 8U) << 1;
	/* As many as there may be, or more. */
	if (many)
		total = piece * (to_other ? 20 : ADIT_FRAG_MAX);
	p->offset = b[2] % ((total + piece - 1) / piece) * piece;
	p->len = min(piece, total - p->offset);
	p->more = (p->offset + p->len < total) != !!(b[6] & 0x40);
	p->udp_len = total;
	if (b[0] & 4) {
		p->offset = (b[2] & 0x80 ? b[2] * 32U : b[2]) * 8;
		p->len = b[3] * 8U + (b[6] & 7);
		p->more = b[0] & 2;
		p->udp_len = b[6] & 0x10 ? p->offset + p->len : total;
	}
	if (b[6] & 0x80)
		p->udp_len += b[6] & 3;
	p->said = p->len;
	for (i = 0; i < p->len; i++)
		p->bytes[(p->v6 ? 48 : 20) + i] =
			(u8)((p->offset + i) * 31 + (p->offset + i) / 256 +
			     b[5]);
	if (!p->offset && p->len >= 6)
		put16(p->bytes + (p->v6 ? 48 : 20) + 4, p->udp_len);
	p->udp_len &= 0xffff;
	p->size = (p->v6 ? 48 : 20) + p->len;
	if (p->v6)
		header6(p, to_other);
	else
		header4(p, to_other);
	/* Ethernet's pad, or an end that did not come. */
	if (b[4] & 0x40) {
		memset(p->bytes + p->size, 0x99, 9);
		p->size += 9;
	} else if ((b[4] & 0x80) && p->len) {
		p->size--;
	}
}

static void start(unsigned int how)
{
	static struct net net;

	memset(&an, 0, sizeof(an));
	memset(&stats, 0, sizeof(stats));
	memset(want, 0, sizeof(want));
	taken = joined = datagrams = serial = 0;
	an.frags.stats = &stats;
	an.frags.timeout = TIMEOUT;
	an.frags.budget = how & 1 ? 20000 : 1 << 20;
	an.frags.peer_budget = how & 2 ? 6000 : 1 << 20;
	an.net = &net;
	dev.net = &net;
	memset(&pair, 0, sizeof(pair));
	adit_queue_init(&pair.queue);
	must(!adit_reassembly_start(&an));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const u64 pause[4] = { 0, 0, 7, 60 };
	static struct packet p;
	unsigned int how;
	struct model *m;

	if (!size)
		return 0;
	how = *data++;
	start(how);
	size = min(size - 1, 8 * RECORDS);
	for (; size >= 8; size -= 8, data += 8) {
		u32 hlen = data[0] & 1 ? 40 : 20,
		    n = data[4] >> 4 == 3 ? 20 : 1;
		u8 record[8];

		memcpy(record, data, 8);
		pass(pause[data[0] >> 6] * MS);
		/* One, or as many that follow each other. */
		for (; n--; record[2]++) {
			make(&p, record);
			arrive(&p, min(p.size, hlen + (data[4] & 0x3f) * 16U),
			       how & 4 || (how & 8 && data[0] & 0x10));
		}
	}
	adit_queue_flush(&an, &pair.queue);
	while ((m = eldest()))
		end(m, ADIT_DROP_frag_flushed);
	compare();
	adit_reassembly_stop(&an);
	adit_reassembly_end(&an);
	must(!skbs && !an.frags.bytes.n && !an.frags.held.n);
	return 0;
}
