/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One print call: out_field() gives text or JSON, so that keys and labels cannot
 * drift apart. In text, a label is what stands before the value, blanks and all:
 * out_field(o, "session_id", "/", out_u64(4242)). No label: JSON only. No key:
 * text only, but for the elements of a list, which have none.
 *
 * Text of peers' and subscribers' making is never trusted: on a terminal, what
 * is not printable ASCII becomes '?'; in JSON it is escaped, and what is not
 * UTF-8 becomes U+FFFD.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/addr.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define OUT_DEPTH_MAX 8

struct out {
	FILE *f;
	bool json;
	bool pretty; /* JSON over several lines */
	bool lines; /* JSON: an object a line instead of one array */
	bool oneline; /* text: "\" instead of a new line */
	bool color;
	bool array; /* the array of all objects has begun */
	int depth; /* of JSON */
	unsigned int n[OUT_DEPTH_MAX]; /* members so far, by depth */
	bool list[OUT_DEPTH_MAX]; /* members have no keys */
};

enum out_type {
	OUT_U64,
	OUT_HEX,
	OUT_BOOL,
	OUT_WORD, /* ours: printed as it is */
	OUT_TEXT, /* a stranger's */
	OUT_ADDR,
	OUT_MAC,
};

struct out_value {
	enum out_type type;
	uint64_t u;
	const char *text;
	size_t len;
	struct addr addr;
};

static inline struct out_value out_u64(uint64_t u)
{
	return (struct out_value){ .type = OUT_U64, .u = u };
}

static inline struct out_value out_hex(uint64_t u)
{
	return (struct out_value){ .type = OUT_HEX, .u = u };
}

static inline struct out_value out_bool(bool b)
{
	return (struct out_value){ .type = OUT_BOOL, .u = b };
}

struct out_value out_word(const char *text);
struct out_value out_text(const char *text, size_t len);
struct out_value out_addr(const struct addr *a);
struct out_value out_mac(const uint8_t mac[6]);

void out_field(struct out *o, const char *key, const char *label,
	       struct out_value v);
/* Text only, of ours. */
void out_puts(struct out *o, const char *text);
/* Text: the next fields stand on an indented line. */
void out_line(struct out *o);

/* An object; the array around them all begins with the first, or with
 * out_array, and ends with out_end.
 */
void out_object(struct out *o);
void out_object_end(struct out *o);
void out_array(struct out *o);
void out_end(struct out *o);
/* Inside an object. */
void out_nest(struct out *o, const char *key);
void out_nest_end(struct out *o);
void out_list(struct out *o, const char *key);
void out_list_end(struct out *o);

#endif /* CLI_OUT_H */
