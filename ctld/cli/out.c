/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text and JSON from one call. No memory is allocated: a list may be long. */
#include "cli/out.h"

#include "base/log.h"

#include <inttypes.h>
#include <string.h>

#define COLOR_OFF "\033[0m"

struct out_value out_word(const char *text)
{
	return (struct out_value){ .type = OUT_WORD,
				   .text = text,
				   .len = strlen(text) };
}

struct out_value out_text(const char *text, size_t len)
{
	return (struct out_value){ .type = OUT_TEXT, .text = text, .len = len };
}

struct out_value out_addr(const struct addr *a)
{
	return (struct out_value){ .type = OUT_ADDR, .addr = *a };
}

struct out_value out_mac(const uint8_t mac[6])
{
	struct out_value v = { .type = OUT_MAC };

	memcpy(v.addr.b, mac, 6);
	return v;
}

/* -------------------------------------------------------------------- JSON */

/* Length of the UTF-8 sequence at t, 0: it is none (RFC 3629). */
static size_t utf8_len(const uint8_t *t, size_t left, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (t[0] < 0x80)
		n = 1;
	else if (t[0] >= 0xc2 && t[0] < 0xe0)
		n = 2;
	else if (t[0] >= 0xe0 && t[0] < 0xf0)
		n = 3;
	else if (t[0] >= 0xf0 && t[0] < 0xf5)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	*code = n == 1 ? t[0] : t[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (t[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return n;
}

static void json_string(FILE *f, const char *text, size_t len)
{
	const uint8_t *t = (const uint8_t *)text;
	uint32_t code = 0;
	size_t n;

	putc('"', f);
	for (; len; t += n, len -= n) {
		n = utf8_len(t, len, &code);
		if (!n) {
			fputs("\\ufffd", f);
			n = 1;
		} else if (code == '"' || code == '\\') {
			putc('\\', f);
			putc((int)code, f);
		} else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
			/* Controls, C1 too: they move a terminal. */
			fprintf(f, "\\u%04x", (unsigned int)code);
		} else {
			fwrite(t, 1, n, f);
		}
	}
	putc('"', f);
}

static void json_break(struct out *o)
{
	int i;

	if (!o->pretty || o->lines)
		return;
	putc('\n', o->f);
	for (i = 0; i < o->depth; i++)
		fputs("    ", o->f);
}

/* What stands before a member: comma, line break, key. */
static void json_key(struct out *o, const char *key)
{
	if (o->n[o->depth]++)
		putc(',', o->f);
	if (o->depth)
		json_break(o);
	if (key) {
		json_string(o->f, key, strlen(key));
		fputs(o->pretty ? ": " : ":", o->f);
	}
}

static void json_open(struct out *o, const char *key, char bracket)
{
	json_key(o, key);
	putc(bracket, o->f);
	if (o->depth + 1 < OUT_DEPTH_MAX)
		o->depth++;
	o->n[o->depth] = 0;
	o->list[o->depth] = bracket == '[';
}

static void json_close(struct out *o, char bracket)
{
	bool some = o->n[o->depth];

	o->depth--;
	if (some)
		json_break(o);
	putc(bracket, o->f);
}

static void json_value(struct out *o, const struct out_value *v)
{
	char text[ADDR_STRLEN];

	switch (v->type) {
	case OUT_U64:
		fprintf(o->f, "%" PRIu64, v->u);
		break;
	case OUT_HEX:
		fprintf(o->f, "\"0x%" PRIx64 "\"", v->u);
		break;
	case OUT_BOOL:
		fputs(v->u ? "true" : "false", o->f);
		break;
	case OUT_WORD:
	case OUT_TEXT:
		json_string(o->f, v->text, v->len);
		break;
	case OUT_ADDR:
		fprintf(o->f, "\"%s\"", addr_str(&v->addr, text));
		break;
	case OUT_MAC:
		fprintf(o->f, "\"%s\"", mac_str(v->addr.b, text));
		break;
	}
}

/* -------------------------------------------------------------------- text */

static void text_safe(FILE *f, const char *text, size_t len)
{
	char part[128];
	size_t n;

	for (; len; text += n, len -= n) {
		n = len < sizeof(part) - 1 ? len : sizeof(part) - 1;
		fputs(log_safe(text, n, part, sizeof(part)), f);
	}
}

static void text_value(struct out *o, const struct out_value *v)
{
	static const char *const color[] = {
		[OUT_TEXT] = "\033[36m",
		[OUT_ADDR] = "\033[35m",
		[OUT_MAC] = "\033[33m",
	};
	const char *on = NULL;
	char text[ADDR_STRLEN];

	if (o->color && v->type < sizeof(color) / sizeof(color[0]))
		on = color[v->type];
	if (on)
		fputs(on, o->f);
	switch (v->type) {
	case OUT_U64:
		fprintf(o->f, "%" PRIu64, v->u);
		break;
	case OUT_HEX:
		fprintf(o->f, "0x%" PRIx64, v->u);
		break;
	case OUT_BOOL:
		fputs(v->u ? "on" : "off", o->f);
		break;
	case OUT_WORD:
	case OUT_TEXT:
		text_safe(o->f, v->text, v->len);
		break;
	case OUT_ADDR:
		fputs(addr_str(&v->addr, text), o->f);
		break;
	case OUT_MAC:
		fputs(mac_str(v->addr.b, text), o->f);
		break;
	}
	if (on)
		fputs(COLOR_OFF, o->f);
}

/* -------------------------------------------------------------- the calls */

void out_field(struct out *o, const char *key, const char *label,
	       struct out_value v)
{
	if (o->json) {
		if (o->list[o->depth])
			key = NULL;
		else if (!key)
			return;
		json_key(o, key);
		json_value(o, &v);
	} else if (label) {
		fputs(label, o->f);
		text_value(o, &v);
	}
}

void out_puts(struct out *o, const char *text)
{
	if (!o->json)
		fputs(text, o->f);
}

void out_line(struct out *o)
{
	if (!o->json)
		fputs(o->oneline ? "\\    " : "\n    ", o->f);
}

void out_array(struct out *o)
{
	if (!o->json || o->lines || o->array)
		return;
	o->array = true;
	json_open(o, NULL, '[');
}

void out_end(struct out *o)
{
	if (o->array) {
		json_close(o, ']');
		putc('\n', o->f);
	}
	o->array = false;
	fflush(o->f);
}

void out_object(struct out *o)
{
	if (!o->json)
		return;
	out_array(o);
	if (o->lines)
		o->n[o->depth] = 0;
	json_open(o, NULL, '{');
}

void out_object_end(struct out *o)
{
	if (o->json)
		json_close(o, '}');
	if (!o->json || o->lines)
		putc('\n', o->f);
}

void out_nest(struct out *o, const char *key)
{
	if (o->json)
		json_open(o, key, '{');
}

void out_nest_end(struct out *o)
{
	if (o->json)
		json_close(o, '}');
}

void out_list(struct out *o, const char *key)
{
	if (o->json)
		json_open(o, key, '[');
}

void out_list_end(struct out *o)
{
	if (o->json)
		json_close(o, ']');
}
