/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dictionaries; see dictionary.h. radcli has no limits for words, passes over lines
 * that it does not know, and tells what is wrong to syslog only: so each line is looked at
 * here, then given to it. Called by conf, aaa/radius_extra, aaa/radius_access.
 */
#include "aaa/dictionary.h"

#include "aaa/dictionary_text.h"

#include <errno.h>
#include <fcntl.h>
#include <radcli/radcli.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_LEN 255
#define WORDS_MAX 5
#define VENDOR_MAX 65535 /* radcli keeps vendor and number in 32 bits */
#define DEPTH_MAX 8 /* of files that include others */

_Static_assert(NAME_LENGTH == DICTIONARY_NAME_MAX, "radcli's");
_Static_assert((int)DICTIONARY_STRING == PW_TYPE_STRING &&
		       (int)DICTIONARY_INTEGER == PW_TYPE_INTEGER &&
		       (int)DICTIONARY_IPADDR == PW_TYPE_IPADDR &&
		       (int)DICTIONARY_DATE == PW_TYPE_DATE &&
		       (int)DICTIONARY_IPV6ADDR == PW_TYPE_IPV6ADDR &&
		       (int)DICTIONARY_IPV6PREFIX == PW_TYPE_IPV6PREFIX,
	       "radcli's");

struct dictionary {
	rc_handle *rh;
};

/* What is being read. */
struct reading {
	const struct dictionary *d;
	const char *path;
	unsigned int line, depth;
	char *err;
};

struct line {
	char *word[WORDS_MAX + 1];
	size_t n;
};

/* ------------------------------------------------------------------------- lines */

__attribute__((format(printf, 2, 3))) static int wrong(const struct reading *r,
						       const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (r->line)
		snprintf(r->err, DICTIONARY_ERROR_MAX, "%.120s:%u: %s", r->path,
			 r->line, text);
	else
		snprintf(r->err, DICTIONARY_ERROR_MAX, "%s", text);
	return -EINVAL;
}

static bool number(const char *text, unsigned long max, unsigned long *v)
{
	char *end;

	*v = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && *v <= max;
}

static int check_name(const struct reading *r, const char *name)
{
	return strlen(name) <= DICTIONARY_NAME_MAX ?
		       0 :
		       wrong(r, "%.64s: expected up to %d characters", name,
			     DICTIONARY_NAME_MAX);
}

/* ATTRIBUTE NAME NUMBER TYPE [VENDOR] */
static int check_attribute(const struct reading *r, const struct line *l)
{
	static const char *const types[] = { "string",	 "integer",    "ipaddr",
					     "ipv6addr", "ipv6prefix", "date" };
	const char *vendor = l->n > 4 ? l->word[4] : NULL;
	unsigned long v;
	size_t i = 0;

	if (l->n < 4 || l->n > 5)
		return wrong(r, "expected ATTRIBUTE NAME NUMBER TYPE [VENDOR]");
	if (!number(l->word[2], UINT8_MAX, &v) || !v)
		return wrong(r, "%s: expected a number from 1 to 255",
			     l->word[2]);
	while (i < 6 && strcasecmp(types[i], l->word[3]))
		i++;
	if (i == 6)
		return wrong(r,
			     "%s: expected one of: string integer ipaddr "
			     "ipv6addr ipv6prefix date",
			     l->word[3]);
	if (vendor && !strncasecmp(vendor, "vendor=", 7))
		vendor += 7;
	if (vendor && !rc_dict_findvend(r->d->rh, vendor))
		return wrong(r, "no VENDOR %s so far", vendor);
	return check_name(r, l->word[1]);
}

/* VALUE ATTRIBUTE NAME NUMBER */
static int check_value(const struct reading *r, const struct line *l)
{
	unsigned long v;

	if (l->n != 4)
		return wrong(r, "expected VALUE ATTRIBUTE NAME NUMBER");
	if (!rc_dict_findattr(r->d->rh, l->word[1]))
		return wrong(r, "no ATTRIBUTE %s so far", l->word[1]);
	if (!number(l->word[3], UINT32_MAX, &v))
		return wrong(r, "%s: expected a number from 0 to 4294967295",
			     l->word[3]);
	return check_name(r, l->word[2]);
}

/* VENDOR NAME NUMBER */
static int check_vendor(const struct reading *r, const struct line *l)
{
	unsigned long v;

	if (l->n != 3)
		return wrong(r, "expected VENDOR NAME NUMBER");
	if (!number(l->word[2], VENDOR_MAX, &v) || !v)
		return wrong(r, "%s: expected a number from 1 to %d",
			     l->word[2], VENDOR_MAX);
	return check_name(r, l->word[1]);
}

static const struct {
	const char *word;
	int (*check)(const struct reading *r, const struct line *l);
} keywords[] = {
	{ "ATTRIBUTE", check_attribute },
	{ "VALUE", check_value },
	{ "VENDOR", check_vendor },
};

static int check(const struct reading *r, const struct line *l)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (!strcmp(keywords[i].word, l->word[0]))
			return keywords[i].check(r, l);
	return wrong(r, "%s: expected ATTRIBUTE, VALUE, VENDOR or $INCLUDE",
		     l->word[0]);
}

static int give(const struct reading *r, const struct line *l)
{
	char text[LINE_MAX_LEN + 2];
	size_t used = 0;

	for (size_t i = 0; i < l->n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 i ? "\t%s" : "%s", l->word[i]);
	text[used++] = '\n';
	return rc_read_dictionary_from_buffer(r->d->rh, text, used) ?
		       wrong(r, "radcli does not take it") :
		       0;
}

/* ------------------------------------------------------------------------- files */

static int read_file(const struct reading *from, const char *path);

/* Its place is relative to the file that names it. */
static int include(const struct reading *r, const struct line *l)
{
	const char *slash = strrchr(r->path, '/');
	char path[4096];

	if (l->n != 2)
		return wrong(r, "expected $INCLUDE FILE");
	if (r->depth == DEPTH_MAX)
		return wrong(r, "more than %d files in each other", DEPTH_MAX);
	snprintf(path, sizeof(path), "%.*s%s",
		 l->word[1][0] == '/' || !slash ? 0 :
						  (int)(slash + 1 - r->path),
		 r->path, l->word[1]);
	return read_file(r, path);
}

/* text is taken apart. */
static int read_line(const struct reading *r, char *text)
{
	struct line l = { .n = 0 };
	char *save, *p;

	text[strcspn(text, "#\r\n")] = 0;
	for (p = strtok_r(text, " \t", &save); p && l.n <= WORDS_MAX;
	     p = strtok_r(NULL, " \t", &save)) {
		if (strlen(p) >= 64)
			return wrong(r, "%.16s...: expected a shorter word", p);
		l.word[l.n++] = p;
	}
	if (!l.n)
		return 0;
	if (!strcmp(l.word[0], "$INCLUDE"))
		return include(r, &l);
	return check(r, &l) ? -EINVAL : give(r, &l);
}

static int read_all(struct reading *r, FILE *f)
{
	char text[LINE_MAX_LEN + 1];
	int rc = 0;

	while (!rc && fgets(text, sizeof(text), f)) {
		r->line++;
		if (strlen(text) == LINE_MAX_LEN &&
		    text[LINE_MAX_LEN - 1] != '\n')
			return wrong(r, "expected a line of less than %d bytes",
				     LINE_MAX_LEN);
		rc = read_line(r, text);
	}
	return rc || !ferror(f) ? rc : wrong(r, "%s", strerror(errno));
}

/* A FIFO must not stop us. */
static FILE *open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	FILE *f = NULL;

	if (fd >= 0 && !fstat(fd, &st)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		if (S_ISREG(st.st_mode))
			f = fdopen(fd, "r");
	}
	if (!f && fd >= 0)
		close(fd);
	return f;
}

static int read_file(const struct reading *from, const char *path)
{
	struct reading r = { from->d, path, 0, from->depth + 1, from->err };
	FILE *f = open_file(path);
	int rc;

	if (!f)
		return wrong(from->line ? from : &r, "%.100s: %s", path,
			     strerror(errno));
	rc = read_all(&r, f);
	fclose(f);
	return rc;
}

int dictionary_read(struct dictionary *d, const char *path,
		    char err[DICTIONARY_ERROR_MAX])
{
	struct reading r = { .d = d, .path = path, .err = err };

	return read_file(&r, path);
}

static int read_text(struct dictionary *d, const struct dictionary_text *t)
{
	char err[DICTIONARY_ERROR_MAX];
	struct reading r = { .d = d, .path = t->name, .err = err };
	FILE *f = fmemopen((void *)(uintptr_t)t->start,
			   (size_t)(t->end - t->start), "r");
	int rc;

	if (!f)
		return -ENOMEM;
	rc = read_all(&r, f);
	fclose(f);
	return rc;
}

struct dictionary *dictionary_new(void)
{
	struct dictionary *d = calloc(1, sizeof(*d));

	if (d)
		d->rh = rc_new();
	if (!d || !d->rh) {
		free(d);
		return NULL;
	}
	for (size_t i = 0; i < dictionary_n_texts; i++) {
		if (!read_text(d, &dictionary_texts[i]))
			continue;
		dictionary_free(d);
		return NULL;
	}
	return d;
}

void dictionary_free(struct dictionary *d)
{
	if (!d)
		return;
	rc_dict_free(d->rh);
	rc_destroy(d->rh);
	free(d);
}

/* ---------------------------------------------------------------------- look-ups */

bool dictionary_find(const struct dictionary *d, const char *name,
		     struct dictionary_attribute *out)
{
	const DICT_ATTR *a = rc_dict_findattr(d->rh, name);
	uint32_t v = a ? (uint32_t)a->value : 0;

	if (!a)
		return false;
	*out = (struct dictionary_attribute){
		.name = a->name,
		.vendor = v >> 16,
		.number = (uint8_t)v,
		.type = (enum dictionary_type)a->type,
	};
	return true;
}

/* radcli finds a name of whatever attribute's; the list goes on from there. */
bool dictionary_value(const struct dictionary *d, const char *attribute,
		      const char *name, uint32_t *out)
{
	const DICT_VALUE *v = rc_dict_findval(d->rh, name);

	for (; v; v = v->next)
		if (!strcasecmp(v->attrname, attribute) &&
		    !strcasecmp(v->name, name)) {
			*out = (uint32_t)v->value;
			return true;
		}
	return false;
}

const char *dictionary_name(const struct dictionary *d, uint32_t vendor,
			    uint8_t number, char out[DICTIONARY_NAME_MAX + 1])
{
	const DICT_ATTR *a = NULL;

	if (d && vendor <= VENDOR_MAX)
		a = rc_dict_getattr(d->rh, (int)(vendor << 16 | number));
	if (a)
		snprintf(out, DICTIONARY_NAME_MAX + 1, "%s", a->name);
	else if (vendor)
		snprintf(out, DICTIONARY_NAME_MAX + 1, "26.%u.%u", vendor,
			 number);
	else
		snprintf(out, DICTIONARY_NAME_MAX + 1, "%u", number);
	return out;
}
