/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of parts; see part.h. Called by state/store and state/restore. */
#include "state/part.h"

#include "bng/account.h"
#include "bng/port.h"
#include "bng/terminate6.h"

#include <errno.h>
#include <string.h>

#define PART_END 0
#define PART_MAX 4096

static void save_grant(const struct subscriber *s, struct wr *w)
{
	if (s->grant)
		wr_bytes(w, s->grant->b, s->grant->len);
}

static bool load_grant(struct subscriber *s, struct rd *r)
{
	struct aaa_grant g;

	return !aaa_grant_read(&g, r) && !subscriber_set_grant(s, &g);
}

static void save_ipv6(const struct subscriber *s, struct wr *w)
{
	if (s->ipv6)
		ipv6_save(s->ipv6, w);
}

static void save_text(struct wr *w, const char *text)
{
	size_t len = strlen(text);

	wr_u8(w, (uint8_t)len);
	wr_bytes(w, text, len);
}

/* Where it comes in: bng/port. */
static void save_port(const struct subscriber *s, struct wr *w)
{
	static const struct line none;
	const char *const text[] = { s->calling, s->called };

	if (!s->calling && !s->called && !s->line && !s->tx_speed &&
	    !s->max_payload)
		return;
	for (int i = 0; i < 2; i++)
		save_text(w, text[i] ? text[i] : "");
	wr_u32(w, s->tx_speed);
	wr_u32(w, s->rx_speed);
	line_save(s->line ? s->line : &none, w);
	wr_u16(w, s->max_payload);
}

static bool load_port(struct subscriber *s, struct rd *r)
{
	char text[2][UINT8_MAX + 1] = { 0 };
	struct line line;

	for (int i = 0; i < 2; i++)
		rd_copy(r, text[i], rd_u8(r));
	s->tx_speed = rd_u32(r);
	s->rx_speed = rd_u32(r);
	if (!line_load(&line, r))
		return false;
	port_restore(s, text[0], text[1], &line, rd_u16(r));
	return !r->err;
}

static void save_stats(struct wr *w, const struct kern_stats *s)
{
	wr_u64(w, s->rx_packets);
	wr_u64(w, s->rx_bytes);
	wr_u64(w, s->tx_packets);
	wr_u64(w, s->tx_bytes);
}

static void load_stats(struct rd *r, struct kern_stats *s)
{
	s->rx_packets = rd_u64(r);
	s->rx_bytes = rd_u64(r);
	s->tx_packets = rd_u64(r);
	s->tx_bytes = rd_u64(r);
}

static void save_account(const struct subscriber *s, struct wr *w)
{
	if (!s->account.started)
		return;
	wr_u64(w, (uint64_t)s->account.up_at);
	save_stats(w, &s->account.base);
	save_stats(w, &s->stats);
	save_text(w, s->account.group ? s->account.group->name : "");
	wr_u64(w, (uint64_t)s->account.interim.at);
}

static bool load_account(struct subscriber *s, struct rd *r)
{
	char group[UINT8_MAX + 1] = { 0 };

	s->account.started = true;
	s->account.up_at = (msec_t)rd_u64(r);
	load_stats(r, &s->account.base);
	load_stats(r, &s->stats);
	s->account.group = s->profile->accounting;
	if (rd_left(r)) { /* else it was not written yet */
		rd_copy(r, group, rd_u8(r));
		account_recall(s, group);
	}
	if (rd_left(r)) /* likewise */
		s->account.interim.at = (msec_t)rd_u64(r);
	return !r->err;
}

static void save_counts(const struct subscriber *s, struct wr *w)
{
	if (s->counts)
		wr_u8(w, 1);
}

static bool load_counts(struct subscriber *s, struct rd *r)
{
	s->counts = rd_u8(r);
	return !r->err;
}

/* id: what is written. A number is never used again for something else. */
static const struct part {
	uint8_t id;
	/* Writes nothing: there is nothing to remember. */
	void (*save)(const struct subscriber *s, struct wr *w);
	/* False: it makes no sense. */
	bool (*load)(struct subscriber *s, struct rd *r);
} parts[] = {
	/* First: if one of the others cannot be had again, its end is told. */
	{ 2, save_account, load_account }, { 1, save_grant, load_grant },
	{ 6, save_ipv6, terminate6_load }, { 9, save_port, load_port },
	{ 10, save_counts, load_counts }, /* bng/user_limit */
};

#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

void part_save(const struct subscriber *s, struct wr *w)
{
	uint8_t buf[PART_MAX];

	for (const struct part *p = parts; p < parts + N_PARTS; p++) {
		struct wr part = wr_make(buf, sizeof(buf));

		p->save(s, &part);
		if (part.err)
			w->err = true;
		if (!wr_len(&part))
			continue;
		wr_u8(w, p->id);
		wr_u16(w, (uint16_t)wr_len(&part));
		wr_bytes(w, buf, wr_len(&part));
	}
	wr_u8(w, PART_END);
	explicit_bzero(buf, sizeof(buf));
}

struct rd part_skip(struct rd *r)
{
	const uint8_t *start = r->p;

	while (rd_u8(r) != PART_END)
		rd_bytes(r, rd_u16(r));
	return r->err ? (struct rd){ .err = true } :
			rd_make(start, (size_t)(r->p - start));
}

static bool load_one(struct subscriber *s, uint8_t id, struct rd *r)
{
	for (const struct part *p = parts; p < parts + N_PARTS; p++)
		if (p->id == id)
			return p->load(s, r) && !r->err;
	return true;
}

int part_load(struct subscriber *s, struct rd *r)
{
	uint8_t id;

	while ((id = rd_u8(r)) != PART_END) {
		struct rd one = rd_sub(r, rd_u16(r));

		if (r->err || !load_one(s, id, &one))
			return -EINVAL;
	}
	return r->err ? -EINVAL : 0;
}
