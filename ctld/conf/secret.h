/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A secret in a file of its own: one line. Its text appears in no message; that
 * everybody may read the file is logged.
 */
#ifndef CONF_SECRET_H
#define CONF_SECRET_H

#include <limits.h>
#include <stddef.h>

#define CONF_SECRET_MAX 255

/* What a path in the configuration file `from` says: relative to its directory. */
void conf_path(const char *from, const char *path, char out[PATH_MAX]);
/* path is as above. The secret has up
 * to CONF_SECRET_MAX bytes. 0, or -errno with what was expected.
 */
int secret_read(const char *from, const char *path, char *secret,
		char *expected, size_t size);

#endif /* CONF_SECRET_H */
