/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cannot be read may be somebody else's to read: a lasting file of another
 * version, or damaged, gets another name. It keeps what is written in it, and not the
 * memory that was allocated beyond that. Used by state/map.
 */
#ifndef STATE_ASIDE_H
#define STATE_ASIDE_H

#include <limits.h>
#include <stddef.h>

/* fd is the file at path, of that size; old becomes its name. 0, or -errno: it is
 * still there, or there are too many of them.
 */
int state_aside(int fd, const char *path, size_t size, char old[PATH_MAX]);

#endif /* STATE_ASIDE_H */
