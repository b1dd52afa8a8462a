/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of secret files; see secret.h. */
#include "conf/secret.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void conf_path(const char *from, const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(from, '/');

	if (path[0] == '/' || !slash)
		snprintf(out, PATH_MAX, "%s", path);
	else
		snprintf(out, PATH_MAX, "%.*s/%s", (int)(slash - from), from,
			 path);
}

/* One line of up to CONF_SECRET_MAX bytes; its length, or -EINVAL. */
static int one_line(char *text, ssize_t n)
{
	char *end = memchr(text, '\n', (size_t)n);
	ssize_t len = end ? end - text : n;

	if (len < 1 || len > CONF_SECRET_MAX || (end && end + 1 != text + n) ||
	    memchr(text, 0, (size_t)len))
		return -EINVAL;
	return (int)len;
}

int secret_read(const char *from, const char *path, char *secret,
		char *expected, size_t size)
{
	char text[CONF_SECRET_MAX + 3];
	char full[PATH_MAX];
	struct stat st;
	ssize_t n;
	int len, fd;

	conf_path(from, path, full);
	/* A FIFO must not stop us. */
	fd = open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		len = -errno;
		snprintf(expected, size, "a file that can be read: %s",
			 strerror(errno));
		return len;
	}
	n = -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		n = read(fd, text, sizeof(text));
	close(fd);
	len = n < 0 ? -EINVAL : one_line(text, n);
	if (len < 0) {
		snprintf(expected, size, "a file of one line of 1 to %d bytes",
			 CONF_SECRET_MAX);
	} else {
		memcpy(secret, text, (size_t)len);
		secret[len] = 0;
		len = 0;
		if (st.st_mode & S_IROTH)
			log_warn("%s: everybody may read this secret; expected mode 0640",
				 full);
	}
	explicit_bzero(text, sizeof(text));
	return len;
}
