/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A secret in a file of its own: one line. Its text appears in no message; that
 * everybody may read the file is logged.
 */
#ifndef CONF_SECRET_H
#define CONF_SECRET_H

#include <stddef.h>

#define CONF_SECRET_MAX 255

/* path is relative to the directory of the configuration file. The secret has up
 * to CONF_SECRET_MAX bytes. 0, or -errno with what was expected.
 */
int secret_read(const char *conf_path, const char *path, char *secret,
		char *expected, size_t size);

#endif /* CONF_SECRET_H */
