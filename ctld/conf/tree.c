/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libconfuse, kept at arm's length: its callbacks have no context, so that of the
 * parse that is going on is in `now`. Every option is a list of texts to it; its
 * types, defaults and messages are not used. See tree.h.
 */
#include "conf/tree.h"

#include "conf/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	struct conf_errors *e;
	struct scan scan;
	size_t closed; /* sections, so far */
	unsigned int replaced; /* line of a value that a second one replaces */
} now;

static void free_text(void *value)
{
	struct tree_text *t = value;

	now.replaced = t->line;
	explicit_bzero(t->text, strlen(t->text));
	free(t);
}

static int take_text(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		     void *result)
{
	size_t size = strlen(value) + 1;
	struct tree_text *t;

	if (now.replaced) {
		conf_error(now.e, (unsigned int)cfg->line,
			   "'%s' is given a second time, first in line %u",
			   opt->name, now.replaced);
		return -1;
	}
	t = malloc(sizeof(*t) + size);
	if (!t)
		abort();
	t->line = (unsigned int)cfg->line;
	memcpy(t->text, value, size);
	*(void **)result = t;
	return 0;
}

/* A section has ended; nobody needs its current line any more. */
static int end_section(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

	(void)cfg;
	if (now.closed < now.scan.n_sections)
		section->line = (int)now.scan.section[now.closed++];
	return 0;
}

/* "no such option 'x'" is the one to help with. At the top there are sections only. */
static void unknown_option(cfg_t *cfg, char *name)
{
	struct conf_near near = { .wanted = name };
	bool option = false, section = false;
	char hint[96];
	char *quote = strrchr(name, '\'');

	if (quote)
		*quote = 0;
	for (unsigned int i = 0; i < 64; i++) {
		cfg_opt_t *opt = cfg_getnopt(cfg, i);

		if (!opt || !opt->name)
			break;
		conf_near(&near, opt->name);
		*(opt->type == CFGT_SEC ? &section : &option) = true;
	}
	if (!strcmp(name, "include"))
		conf_error(now.e, (unsigned int)cfg->line,
			   "there is no include: expected all in one file");
	else
		conf_error(now.e, (unsigned int)cfg->line,
			   "there is no %s '%s' here%s",
			   !section ? "option" :
			   option   ? "option or section" :
				      "section",
			   name, conf_near_text(&near, hint, sizeof(hint)));
}

__attribute__((format(printf, 2, 0))) static void
report(cfg_t *cfg, const char *fmt, va_list ap)
{
	static const char unknown[] = "no such option '";
	static const char twice[] = "found duplicate title ";
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (now.replaced)
		return; /* said already */
	if (!strncmp(text, unknown, sizeof(unknown) - 1))
		unknown_option(cfg, text + sizeof(unknown) - 1);
	else if (!strncmp(text, twice, sizeof(twice) - 1))
		conf_error(now.e, (unsigned int)cfg->line,
			   "%s is defined a second time",
			   text + sizeof(twice) - 1);
	else
		conf_error(now.e, (unsigned int)cfg->line, "%s", text);
}

static size_t count_options(const struct conf_kind *k)
{
	size_t n = 0;

	while (k->options[n].name)
		n++;
	return n;
}

static cfg_opt_t *make_opts(const struct conf_kind *const *kinds, size_t extra)
{
	size_t n = 0;
	cfg_opt_t *opts;

	while (kinds[n])
		n++;
	opts = calloc(extra + n + 1, sizeof(*opts));
	if (!opts)
		abort();
	for (size_t i = 0; i < n; i++) {
		const struct conf_kind *k = kinds[i];
		size_t own = count_options(k);
		cfg_opt_t *sub = make_opts(k->inner, own);
		int flags = CFGF_MULTI;

		if (k->title)
			flags |= CFGF_TITLE | CFGF_NO_TITLE_DUPES;
		for (size_t j = 0; j < own; j++)
			sub[j] = (cfg_opt_t)CFG_PTR_LIST_CB(k->options[j].name,
							    0, CFGF_NODEFAULT,
							    take_text,
							    free_text);
		opts[extra + i] = (cfg_opt_t)CFG_SEC(k->name, sub, flags);
		opts[extra + i].validcb = end_section;
	}
	opts[extra + n] = (cfg_opt_t)CFG_END();
	return opts;
}

static void free_opts(cfg_opt_t *opts)
{
	for (cfg_opt_t *o = opts; o->name; o++)
		if (o->subopts)
			free_opts(o->subopts);
	free(opts);
}

int tree_parse(struct tree *t, const char *text, size_t len,
	       const struct conf_kind *const *kinds, struct conf_errors *e)
{
	int err;

	*t = (struct tree){ 0 };
	memset(&now, 0, sizeof(now));
	now.e = e;
	err = scan_text(&now.scan, text, len, e);
	if (!err) {
		t->opts = make_opts(kinds, 0);
		t->root = cfg_init(t->opts, CFGF_NONE);
		if (!t->root)
			abort();
		cfg_set_error_function(t->root, report);
		if (cfg_parse_buf(t->root, text) || e->n)
			err = -EINVAL;
		if (err && !e->n)
			conf_error(e, 0, "it cannot be understood");
	}
	scan_free(&now.scan);
	return err;
}

void tree_free(struct tree *t)
{
	if (t->root)
		cfg_free(t->root);
	if (t->opts)
		free_opts(t->opts);
	*t = (struct tree){ 0 };
}

size_t tree_size(cfg_t *section, const char *name)
{
	return section ? cfg_size(section, name) : 0;
}

const struct tree_text *tree_text(cfg_t *section, const char *name, size_t i)
{
	return cfg_getnptr(section, name, (unsigned int)i);
}

cfg_t *tree_section(cfg_t *section, const char *name, size_t i)
{
	return cfg_getnsec(section, name, (unsigned int)i);
}
