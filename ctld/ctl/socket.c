/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See socket.h. Called by ctl/server. */
#include "ctl/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory, if only that is missing. */
static void make_parent(const char *path)
{
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash && slash != dir) {
		*slash = 0;
		mkdir(dir, 0755);
	}
}

/* Removes a socket that nobody listens at; 0, or -errno with text in err. */
static int clear_stale(const struct sockaddr_un *at, char *err)
{
	struct stat st;
	int fd, rc;

	if (lstat(at->sun_path, &st))
		return 0;
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(err, CTL_ERROR_MAX, "%.100s is there: not a socket",
			 at->sun_path);
		return -EEXIST;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return 0;
	rc = connect(fd, (const struct sockaddr *)at, sizeof(*at)) ? -errno : 0;
	close(fd);
	if (rc == -ECONNREFUSED)
		return unlink(at->sun_path) ? -errno : 0;
	if (rc == 0 || rc == -EAGAIN) {
		snprintf(err, CTL_ERROR_MAX, "%.100s: another daemon is there",
			 at->sun_path);
		rc = -EADDRINUSE;
	}
	return rc;
}

static int listen_at(struct ctl_socket *s, char *err)
{
	struct stat st;
	mode_t mask;
	int fd, rc;

	make_parent(s->at.sun_path);
	rc = clear_stale(&s->at, err);
	if (rc)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	mask = umask(0117); /* 0660 from the first moment on */
	rc = bind(fd, (struct sockaddr *)&s->at, sizeof(s->at)) ? -errno : 0;
	umask(mask);
	if (!rc && (listen(fd, 16) || stat(s->at.sun_path, &st)))
		rc = -errno;
	if (rc) {
		close(fd);
		return rc;
	}
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return fd;
}

int ctl_socket_listen(struct ctl_socket *s, const char *path,
		      char err[CTL_ERROR_MAX])
{
	int rc = -ENAMETOOLONG;

	err[0] = 0;
	if (strlen(path) < sizeof(s->at.sun_path)) {
		s->at.sun_family = AF_UNIX;
		strcpy(s->at.sun_path, path);
		rc = listen_at(s, err);
	}
	if (rc < 0 && !err[0])
		snprintf(err, CTL_ERROR_MAX, "%.100s: %s", path, strerror(-rc));
	return rc;
}

void ctl_socket_close(struct ctl_socket *s, int fd)
{
	struct stat st;

	close(fd);
	if (!stat(s->at.sun_path, &st) && st.st_dev == s->dev &&
	    st.st_ino == s->ino)
		unlink(s->at.sun_path);
}
