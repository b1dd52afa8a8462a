/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounded reading and writing of big-endian data. Both have a sticky error: read
 * or write all fields, then ask once. A reader that has failed yields zeros and
 * NULL; a writer that has failed writes nothing more.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rd {
	const uint8_t *p;
	const uint8_t *end;
	bool err;
};

struct wr {
	uint8_t *start;
	uint8_t *p;
	uint8_t *end;
	bool err;
};

static inline struct rd rd_make(const void *data, size_t len)
{
	const uint8_t *p = data;

	/* Of nothing, p may be NULL, to which C adds not even 0. */
	return (struct rd){ .p = p, .end = len ? p + len : p };
}

static inline size_t rd_left(const struct rd *r)
{
	return r->err ? 0 : (size_t)(r->end - r->p);
}

uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
/* The next n bytes, or NULL. */
const uint8_t *rd_bytes(struct rd *r, size_t n);
/* Copies the next n bytes. */
void rd_copy(struct rd *r, void *to, size_t n);
/* A reader of the next n bytes; failed when there are fewer. */
struct rd rd_sub(struct rd *r, size_t n);

static inline struct wr wr_make(void *data, size_t size)
{
	uint8_t *p = data;

	return (struct wr){ .start = p, .p = p, .end = p + size };
}

static inline size_t wr_len(const struct wr *w)
{
	return (size_t)(w->p - w->start);
}

void wr_u8(struct wr *w, uint8_t v);
void wr_u16(struct wr *w, uint16_t v);
void wr_u32(struct wr *w, uint32_t v);
void wr_u64(struct wr *w, uint64_t v);
void wr_bytes(struct wr *w, const void *data, size_t n);
/* Overwrites two bytes at offset `at`, which were written before. */
void wr_patch_u16(struct wr *w, size_t at, uint16_t v);

#endif /* BASE_BUF_H */
