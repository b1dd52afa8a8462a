/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP sockets; see udp.h. Errors of ICMP only count as silence: whose
 * server restarts wants its requests to be sent again.
 */
#include "kern/udp.h"

#include "base/timer.h"

#include <errno.h>
#include <ev.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 64 /* datagrams a wake-up */
#define DATAGRAM_MAX 4097 /* longer ones are cut, and refused for that */
#define BUFFER (1 << 20) /* bytes to receive: all ids of a socket at once */

struct udp_socket {
	ev_io io;
	struct kern *kern;
	uint32_t id;
	struct addr
		at; /* listening at any: where the last datagram was sent to */
};

/* IP_PKTINFO's and IPV6_PKTINFO's, one of them. */
union control {
	struct cmsghdr align;
	uint8_t b[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct udp_set {
	struct udp_socket **at;
	size_t n;
};

struct udp_sockets {
	struct udp_set connected, listening;
};

static struct udp_socket *find(const struct udp_set *set, uint32_t id)
{
	return id < set->n ? set->at[id] : NULL;
}

/* Whoever is told may close the socket. */
static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	struct udp_socket *u = w->data;
	struct kern *k = u->kern;
	uint32_t id = u->id;
	uint8_t b[DATAGRAM_MAX];
	msec_t now = clock_now();

	(void)loop;
	(void)events;
	for (int i = 0; i < READS && find(&k->udp->connected, id) == u; i++) {
		ssize_t n = recv(u->io.fd, b, sizeof(b), 0);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n > 0)
			k->events->udp(k, now, id, b, (size_t)n);
	}
}

static int bind_source(int fd, const struct addr *source)
{
	struct addr_port local = { .addr = *source };
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&local, &ss);

	return bind(fd, (struct sockaddr *)&ss, len);
}

static int bind_vrf(int fd, const char *vrf)
{
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, vrf,
			  (socklen_t)strlen(vrf) + 1);
}

static int connected(const struct addr *source, const char *vrf,
		     const struct addr_port *remote)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(remote, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	int size = BUFFER, err = 0;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (vrf)
		err = bind_vrf(fd, vrf);
	if (!err && source->family)
		err = bind_source(fd, source);
	if (!err)
		err = connect(fd, (struct sockaddr *)&ss, len);
	if (!err)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Which of our addresses a datagram was for, if the socket asks to be told. */
static struct addr sent_to(struct msghdr *m)
{
	struct addr at = { 0 };
	struct in6_pktinfo v6;
	struct in_pktinfo v4;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&v4, CMSG_DATA(c), sizeof(v4));
			addr_from_bytes(&v4.ipi_spec_dst, 4, &at);
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&v6, CMSG_DATA(c), sizeof(v6));
			addr_from_bytes(&v6.ipi6_addr, 16, &at);
		}
	return at;
}

static ssize_t receive_from(struct udp_socket *u, void *b, size_t size,
			    struct sockaddr_storage *ss)
{
	struct iovec io = { b, size };
	union control control;
	struct msghdr m = { .msg_name = ss,
			    .msg_namelen = sizeof(*ss),
			    .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(u->io.fd, &m, 0);

	if (n >= 0)
		u->at = sent_to(&m);
	return n;
}

static void on_request(struct ev_loop *loop, ev_io *w, int events)
{
	struct udp_socket *u = w->data;
	uint8_t b[DATAGRAM_MAX];
	msec_t now = clock_now();

	(void)loop;
	(void)events;
	for (int i = 0; i < READS; i++) {
		struct sockaddr_storage ss;
		struct addr_port from;
		ssize_t n = receive_from(u, b, sizeof(b), &ss);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n > 0 && !addr_from_sockaddr((struct sockaddr *)&ss, &from))
			u->kern->events->udp_from(u->kern, now, u->id, &from, b,
						  (size_t)n);
	}
}

/* What is at any address has to know which one it was asked at. */
static int tell_address(int fd, const struct addr *local)
{
	int one = 1;

	if (!addr_is_any(local))
		return 0;
	return local->family == AF_INET ?
		       setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one,
				  sizeof(one)) :
		       setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one,
				  sizeof(one));
}

static int bound(const struct addr_port *local, const char *vrf)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(local, &ss);
	int one = 1, size = BUFFER, err = 0;
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (ss.ss_family == AF_INET6)
		err = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one,
				 sizeof(one));
	if (!err)
		err = tell_address(fd, &local->addr);
	if (!err && vrf)
		err = bind_vrf(fd, vrf);
	if (!err)
		err = bind(fd, (struct sockaddr *)&ss, len);
	if (!err)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Room for that id. */
static int make_room(struct udp_set *set, uint32_t id)
{
	struct udp_socket **at;

	if (id < set->n)
		return 0;
	at = realloc(set->at, (id + 1) * sizeof(*at));
	if (!at)
		return -ENOMEM;
	set->at = at;
	while (set->n <= id)
		at[set->n++] = NULL;
	return 0;
}

static struct udp_sockets *sockets(struct kern *k)
{
	if (!k->udp)
		k->udp = calloc(1, sizeof(*k->udp));
	return k->udp;
}

/* Takes the socket, or closes it. */
static int watch(struct kern *k, struct udp_set *set, uint32_t id, int fd,
		 void (*on)(struct ev_loop *, ev_io *, int))
{
	struct udp_socket *u = make_room(set, id) ? NULL :
						    calloc(1, sizeof(*u));

	if (!u) {
		close(fd);
		return -ENOMEM;
	}
	u->kern = k;
	u->id = id;
	set->at[id] = u;
	ev_io_init(&u->io, on, fd, EV_READ);
	u->io.data = u;
	ev_io_start(k->loop, &u->io);
	return 0;
}

int udp_open(struct kern *k, const struct addr *source, const char *vrf,
	     const struct addr_port *remote, uint32_t id)
{
	int fd;

	if (!sockets(k))
		return -ENOMEM;
	if (find(&k->udp->connected, id))
		return -EEXIST;
	fd = connected(source, vrf, remote);
	return fd < 0 ? fd : watch(k, &k->udp->connected, id, fd, on_readable);
}

int udp_send(struct kern *k, uint32_t id, const void *data, size_t len)
{
	const struct udp_socket *u = k->udp ? find(&k->udp->connected, id) :
					      NULL;

	if (!u)
		return -ENOTCONN;
	/* An error may be that of a datagram before it: once more. */
	for (int i = 0; i < 2; i++)
		if (send(u->io.fd, data, len, 0) == (ssize_t)len)
			return 0;
	return -errno;
}

int udp_listen(struct kern *k, const struct addr_port *local, const char *vrf,
	       uint32_t id)
{
	int fd;

	if (!sockets(k))
		return -ENOMEM;
	if (find(&k->udp->listening, id))
		return -EEXIST;
	fd = bound(local, vrf);
	return fd < 0 ? fd : watch(k, &k->udp->listening, id, fd, on_request);
}

static void put_control(struct msghdr *m, int level, int type, const void *info,
			size_t len)
{
	struct cmsghdr *c;

	m->msg_controllen = CMSG_SPACE(len);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), info, len);
}

/* Who asks one address takes no answer from another. */
static void send_from(struct msghdr *m, const struct addr *at)
{
	struct in6_pktinfo v6 = { 0 };
	struct in_pktinfo v4 = { 0 };

	if (at->family == AF_INET) {
		memcpy(&v4.ipi_spec_dst, at->b, 4);
		put_control(m, IPPROTO_IP, IP_PKTINFO, &v4, sizeof(v4));
	} else if (at->family == AF_INET6) {
		memcpy(&v6.ipi6_addr, at->b, 16);
		put_control(m, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof(v6));
	} else {
		m->msg_control = NULL;
	}
}

int udp_answer(struct kern *k, uint32_t id, const struct addr_port *to,
	       const void *data, size_t len)
{
	const struct udp_socket *u = k->udp ? find(&k->udp->listening, id) :
					      NULL;
	struct iovec io = { (void *)(uintptr_t)data, len };
	struct sockaddr_storage ss;
	union control control = { 0 };
	struct msghdr m = { .msg_name = &ss,
			    .msg_namelen = addr_to_sockaddr(to, &ss),
			    .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &control };

	if (!u)
		return -ENOTCONN;
	send_from(&m, &u->at);
	return sendmsg(u->io.fd, &m, 0) == (ssize_t)len ? 0 : -errno;
}

static void shut(struct kern *k, struct udp_set *set, uint32_t id)
{
	struct udp_socket *u = find(set, id);

	if (!u)
		return;
	set->at[id] = NULL;
	ev_io_stop(k->loop, &u->io);
	close(u->io.fd);
	free(u);
}

void udp_shut(struct kern *k, uint32_t id)
{
	if (k->udp)
		shut(k, &k->udp->connected, id);
}

static void close_set(struct kern *k, struct udp_set *set)
{
	for (uint32_t id = 0; id < set->n; id++)
		shut(k, set, id);
	free(set->at);
}

void udp_close(struct kern *k)
{
	if (!k->udp)
		return;
	close_set(k, &k->udp->connected);
	close_set(k, &k->udp->listening);
	free(k->udp);
	k->udp = NULL;
}
