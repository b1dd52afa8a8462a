/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting files aside; see aside.h. */
#include "state/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ASIDE_MAX 9 /* files */
#define PIECE 4096 /* what a file system gives back at a time */

/* Where that many bytes can be missing they are not there any more: a file system
 * that cannot do that keeps them.
 */
static void give_back(int fd, off_t from, off_t to)
{
	if (to > from)
		(void)fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				from, to - from);
}

/* What was never written is not looked at, of the rest each piece. */
static void trim(int fd, off_t size)
{
	static const char zeros[PIECE];
	off_t zeros_from = 0, at = 0;
	char b[PIECE];

	while (at < size && (at = lseek(fd, at, SEEK_DATA)) >= 0) {
		at -= at % PIECE;
		memset(b, 0, sizeof(b));
		if (pread(fd, b, sizeof(b), at) < 0)
			return;
		if (memcmp(b, zeros, sizeof(b))) {
			give_back(fd, zeros_from, at);
			zeros_from = at + PIECE;
		}
		at += PIECE;
	}
	if (at >= size || errno == ENXIO)
		give_back(fd, zeros_from, size);
}

int state_aside(int fd, const char *path, size_t size, char old[PATH_MAX])
{
	int n = 1;

	snprintf(old, PATH_MAX, "%s.old", path);
	while (link(path, old)) {
		if (errno != EEXIST || n == ASIDE_MAX)
			return -errno;
		snprintf(old, PATH_MAX, "%s.old%d", path, ++n);
	}
	if (unlink(path))
		return -errno;
	trim(fd, (off_t)size);
	return 0;
}
