/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connected UDP sockets; see udp.h. Errors of ICMP only count as silence: whose
 * server restarts wants its requests to be sent again.
 */
#include "kern/udp.h"

#include "base/timer.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 64 /* datagrams a wake-up */
#define DATAGRAM_MAX 4097 /* longer ones are cut, and refused for that */
#define BUFFER (1 << 20) /* bytes to receive: all ids of a socket at once */

struct udp_socket {
	ev_io io;
	struct kern *kern;
	uint32_t id;
};

struct udp_sockets {
	struct udp_socket **at;
	size_t n;
};

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	struct udp_socket *u = w->data;
	uint8_t b[DATAGRAM_MAX];
	msec_t now = clock_now();

	(void)loop;
	(void)events;
	for (int i = 0; i < READS; i++) {
		ssize_t n = recv(w->fd, b, sizeof(b), 0);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n > 0)
			u->kern->events->udp(u->kern, now, u->id, b, (size_t)n);
	}
}

static int connected(const struct addr *source, const struct addr_port *remote)
{
	struct addr_port local = { .addr = *source };
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(remote, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	int size = BUFFER, err;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!source->family) {
		err = connect(fd, (struct sockaddr *)&ss, len);
	} else {
		len = addr_to_sockaddr(&local, &ss);
		err = bind(fd, (struct sockaddr *)&ss, len);
		len = addr_to_sockaddr(remote, &ss);
		if (!err)
			err = connect(fd, (struct sockaddr *)&ss, len);
	}
	if (!err)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static struct udp_socket *find(const struct kern *k, uint32_t id)
{
	return k->udp && id < k->udp->n ? k->udp->at[id] : NULL;
}

/* Room for that id. */
static int make_room(struct kern *k, uint32_t id)
{
	struct udp_socket **at;

	if (!k->udp)
		k->udp = calloc(1, sizeof(*k->udp));
	if (!k->udp)
		return -ENOMEM;
	if (id < k->udp->n)
		return 0;
	at = realloc(k->udp->at, (id + 1) * sizeof(*at));
	if (!at)
		return -ENOMEM;
	k->udp->at = at;
	while (k->udp->n <= id)
		at[k->udp->n++] = NULL;
	return 0;
}

int udp_open(struct kern *k, const struct addr *source,
	     const struct addr_port *remote, uint32_t id)
{
	struct udp_socket *u;
	int fd;

	if (find(k, id))
		return -EEXIST;
	fd = connected(source, remote);
	if (fd < 0)
		return fd;
	u = make_room(k, id) ? NULL : calloc(1, sizeof(*u));
	if (!u) {
		close(fd);
		return -ENOMEM;
	}
	u->kern = k;
	u->id = id;
	k->udp->at[id] = u;
	ev_io_init(&u->io, on_readable, fd, EV_READ);
	u->io.data = u;
	ev_io_start(k->loop, &u->io);
	return 0;
}

int udp_send(struct kern *k, uint32_t id, const void *data, size_t len)
{
	const struct udp_socket *u = find(k, id);

	if (!u)
		return -ENOTCONN;
	/* An error may be that of a datagram before it: once more. */
	for (int i = 0; i < 2; i++)
		if (send(u->io.fd, data, len, 0) == (ssize_t)len)
			return 0;
	return -errno;
}

void udp_close(struct kern *k)
{
	for (size_t i = 0; k->udp && i < k->udp->n; i++) {
		struct udp_socket *u = k->udp->at[i];

		if (!u)
			continue;
		ev_io_stop(k->loop, &u->io);
		close(u->io.fd);
		free(u);
	}
	if (k->udp)
		free(k->udp->at);
	free(k->udp);
	k->udp = NULL;
}
