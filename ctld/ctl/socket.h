/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket as a file: where it is, whose it is. Its mode (0660) is the
 * guard of all that can be ordered there; its owner and group are the daemon's.
 */
#ifndef CTL_SOCKET_H
#define CTL_SOCKET_H

#include <sys/types.h>
#include <sys/un.h>

#define CTL_ERROR_MAX 160

struct ctl_socket {
	struct sockaddr_un at;
	dev_t dev; /* what we have made there */
	ino_t ino;
};

/* Takes the place of a socket that nobody listens at. A descriptor, or -errno with a
 * line in err.
 */
int ctl_socket_listen(struct ctl_socket *s, const char *path,
		      char err[CTL_ERROR_MAX]);
/* Removes the file, unless somebody else has it by now. */
void ctl_socket_close(struct ctl_socket *s, int fd);

#endif /* CTL_SOCKET_H */
