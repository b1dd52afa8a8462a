/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of one configuration: it grows while a file is loaded and goes as
 * a whole, wiped, for there are secrets in it. Who asks for memory gets it,
 * zeroed: without any the process ends.
 */
#ifndef CONF_MEMORY_H
#define CONF_MEMORY_H

#include "conf/conf.h"

struct conf *conf_new(void);
void *conf_alloc(struct conf *c, size_t size);
char *conf_strdup(struct conf *c, const char *text);

#endif /* CONF_MEMORY_H */
