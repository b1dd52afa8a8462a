/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_load: file -> libconfuse's tree -> objects -> checks. A configuration is
 * complete or there is none. Called by main, at start and to check a file.
 */
#include "conf/conf.h"

#include "conf/check.h"
#include "conf/memory.h"
#include "conf/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64L << 20)
#define VALUES_MAX 64

/* "tunnel 'isp'" */
static const char *describe(const struct conf_kind *k, cfg_t *section,
			    char out[128])
{
	const char *title = section ? cfg_title(section) : NULL;

	if (title)
		snprintf(out, 128, "%s '%.80s'", k->name, title);
	else
		snprintf(out, 128, "%s", k->name);
	return out;
}

static void set(struct conf_loading *l, const struct conf_option *o,
		void *object, const char *const *text, size_t n)
{
	const char *wrong = n == 1 || o->list ? o->set(l, o, object, text, n) :
						"one value";
	char safe[64];

	if (!wrong)
		return;
	if (o->hidden || n > 1)
		conf_error(l->errors, l->line, "%s: expected %s", o->name,
			   wrong);
	else
		conf_error(l->errors, l->line, "%s = \"%s\": expected %s",
			   o->name,
			   log_safe(text[0], strlen(text[0]), safe,
				    sizeof(safe)),
			   wrong);
}

/* A default is written as in the file; blanks part the values of a list. */
static void set_default(struct conf_loading *l, const struct conf_option *o,
			void *object)
{
	const char *text[VALUES_MAX];
	size_t n = 0;
	char copy[64];
	char *save;

	snprintf(copy, sizeof(copy), "%s", o->def);
	for (char *p = strtok_r(copy, " ", &save); p && n < VALUES_MAX;
	     p = strtok_r(NULL, " ", &save))
		text[n++] = p;
	set(l, o, object, text, n);
}

static void fill_option(struct conf_loading *l, const struct conf_option *o,
			cfg_t *section, void *object)
{
	const char *text[VALUES_MAX];
	size_t n = tree_size(section, o->name);

	if (!n) {
		if (o->def)
			set_default(l, o, object);
		return;
	}
	l->line = tree_text(section, o->name, 0)->line;
	if (n > VALUES_MAX) {
		conf_error(l->errors, l->line, "%s: too many values", o->name);
		return;
	}
	for (size_t i = 0; i < n; i++)
		text[i] = tree_text(section, o->name, i)->text;
	set(l, o, object, text, n);
}

/* section is NULL for a "system" that is not in the file. */
static void fill(struct conf_loading *l, const struct conf_kind *k,
		 cfg_t *section, void *parent)
{
	unsigned int line = section ? (unsigned int)section->line : 0;
	void *object = k->make(l->conf, parent, line);
	char name[128];

	if (k->title) {
		const char *title = cfg_title(section);

		l->line = line;
		set(l, k->title, object, &title, 1);
	}
	for (const struct conf_option *o = k->options; o->name; o++) {
		if (o->required && !tree_size(section, o->name))
			conf_error(l->errors, line, "%s: expected '%s'",
				   describe(k, section, name), o->name);
		fill_option(l, o, section, object);
	}
	for (const struct conf_kind *const *in = k->inner; *in; in++)
		for (size_t i = 0; i < tree_size(section, (*in)->name); i++)
			fill(l, *in, tree_section(section, (*in)->name, i),
			     object);
}

static void fill_all(struct conf_loading *l, cfg_t *root)
{
	const struct conf_kind *system = conf_kinds[0];
	size_t n = tree_size(root, system->name);

	if (n > 1)
		conf_error(l->errors,
			   (unsigned int)tree_section(root, system->name, 1)
				   ->line,
			   "a second 'system', first in line %d",
			   tree_section(root, system->name, 0)->line);
	fill(l, system, n ? tree_section(root, system->name, 0) : NULL, NULL);
	for (const struct conf_kind *const *k = conf_kinds + 1; *k; k++)
		for (size_t i = 0; i < tree_size(root, (*k)->name); i++)
			fill(l, *k, tree_section(root, (*k)->name, i), l->conf);
}

/* The whole file, and a NUL. NULL with a message. */
static char *read_file(int fd, const struct stat *st, size_t *len,
		       struct conf_errors *e)
{
	char *text;
	ssize_t n = 1;

	if (!S_ISREG(st->st_mode) || st->st_size > FILE_MAX) {
		conf_error(e, 0, "expected a file of up to %ld MiB",
			   FILE_MAX >> 20);
		return NULL;
	}
	text = malloc((size_t)st->st_size + 1);
	if (!text)
		abort();
	for (*len = 0; n > 0 && *len < (size_t)st->st_size;
	     *len += (size_t)(n > 0 ? n : 0))
		n = read(fd, text + *len, (size_t)st->st_size - *len);
	text[*len] = 0;
	if (n >= 0)
		return text;
	conf_error(e, 0, "it cannot be read: %s", strerror(errno));
	free(text);
	return NULL;
}

static struct conf *build(struct conf_loading *l, const char *text, size_t len)
{
	struct tree tree;

	l->conf = conf_new();
	if (!tree_parse(&tree, text, len, conf_kinds, l->errors)) {
		l->conf->dictionary = dictionary_new();
		if (!l->conf->dictionary)
			abort();
		fill_all(l, tree.root);
		conf_check(l);
	}
	tree_free(&tree);
	if (!l->errors->n)
		return l->conf;
	conf_free(l->conf);
	return NULL;
}

struct conf *conf_load(const char *path, char err[CONF_ERROR_MAX])
{
	struct conf_errors errors = { .file = path, .text = err };
	struct conf_loading l = { .errors = &errors, .path = path };
	struct conf *c = NULL;
	struct stat st;
	char *text;
	size_t len;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	err[0] = 0;
	STAILQ_INIT(&l.refs);
	if (fd < 0 || fstat(fd, &st)) {
		conf_error(&errors, 0, "it cannot be opened: %s",
			   strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	text = read_file(fd, &st, &len, &errors);
	close(fd);
	if (!text)
		return NULL;
	c = build(&l, text, len);
	explicit_bzero(text, len);
	free(text);
	if (c && l.secrets && st.st_mode & S_IROTH)
		log_warn("%s: everybody may read the secrets in it; expected mode 0640",
			 path);
	return c;
}
