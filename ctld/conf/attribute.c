/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setters of what names RADIUS attributes: dictionaries, those of groups. See value.h. */
#include "conf/memory.h"
#include "conf/secret.h"
#include "conf/value.h"

#include <limits.h>

/* It has said itself what is wrong, with file and line. */
CONF_SETTER(set_dictionaries)
{
	char path[PATH_MAX], err[DICTIONARY_ERROR_MAX];

	(void)object;
	for (size_t i = 0; i < n; i++) {
		conf_path(l->path, text[i], path);
		if (dictionary_read(l->conf->dictionary, path, err))
			conf_error(l->errors, l->line, "%s: %s", o->name, err);
	}
	return NULL;
}

static struct radius_extra *extra_of(struct conf_loading *l,
				     const struct conf_option *o, void *object)
{
	struct radius_extra **e =
		(struct radius_extra **)((char *)object + o->offset);

	if (!*e)
		*e = conf_alloc(l->conf, sizeof(**e));
	return *e;
}

CONF_SETTER(set_attributes)
{
	struct radius_extra *e = extra_of(l, o, object);
	const char *wrong = NULL;

	for (size_t i = 0; i < n && !wrong; i++)
		wrong = radius_extra_add(e, l->conf->dictionary, text[i],
					 l->expected, sizeof(l->expected));
	return wrong;
}

CONF_SETTER(set_left_out)
{
	struct radius_extra *e = extra_of(l, o, object);
	const char *wrong = NULL;

	for (size_t i = 0; i < n && !wrong; i++)
		wrong = radius_extra_leave_out(e, l->conf->dictionary, text[i],
					       l->expected,
					       sizeof(l->expected));
	return wrong;
}
