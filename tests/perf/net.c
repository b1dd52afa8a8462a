/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See net.h. */
#include "perf/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 64 /* datagrams a wake-up */
#define HELD_MAX 200000 /* packets under way; the rest is lost */
#define REORDER 20 /* ms */
#define BUFFER (4 << 20) /* of a socket, each way, if the kernel lets us */

/* A packet that is under way. */
struct held {
	struct timer timer;
	struct net *net;
	struct net_sock *sock;
	struct addr_port peer;
	bool in;
	size_t len;
	uint8_t data[];
};

uint32_t net_random(struct net *n)
{
	n->seed = n->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(n->seed >> 33);
}

bool net_chance(struct net *n, unsigned int percent)
{
	return percent && net_random(n) % 100 < percent;
}

static void transmit(struct net *n, int fd, const struct addr_port *peer,
		     const void *data, size_t len)
{
	struct sockaddr_storage ss;
	socklen_t ss_len = peer ? addr_to_sockaddr(peer, &ss) : 0;

	if (sendto(fd, data, len, MSG_DONTWAIT,
		   peer ? (struct sockaddr *)&ss : NULL, ss_len) < 0)
		n->stats->packets.tx_errors++;
	else
		n->stats->packets.tx++;
}

/* A frame says itself whom it is for. */
static const struct addr_port *peer_of(const struct held *h)
{
	return h->peer.addr.family ? &h->peer : NULL;
}

static void arrive(struct net *n, msec_t now, struct held *h)
{
	if (h->in) {
		n->input(n->user, now, h->sock, &h->peer, h->data, h->len);
		n->batch(n->user, now);
	} else {
		transmit(n, h->sock->io.fd, peer_of(h), h->data, h->len);
	}
}

static void on_held(struct timer *t, msec_t now)
{
	struct held *h = container_of(t, struct held, timer);

	h->net->held--;
	arrive(h->net, now, h);
	free(h);
}

static void hold(struct net *n, struct net_sock *sock,
		 const struct addr_port *peer, bool in, const void *data,
		 size_t len, unsigned int ms)
{
	struct held *h = n->held < HELD_MAX ? malloc(sizeof(*h) + len) : NULL;

	if (!h) {
		n->stats->packets.made_lost++;
		return;
	}
	*h = (struct held){ .timer.fn = on_held,
			    .net = n,
			    .sock = sock,
			    .in = in,
			    .len = len };
	if (peer)
		h->peer = *peer;
	memcpy(h->data, data, len);
	n->held++;
	timer_set(n->timers, &h->timer, clock_now() + ms);
}

/* How late; -1: it is lost. */
static int fate(struct net *n)
{
	unsigned int ms = n->is.delay;

	if (net_chance(n, n->is.loss)) {
		n->stats->packets.made_lost++;
		return -1;
	}
	if (n->is.jitter)
		ms += net_random(n) % (n->is.jitter + 1);
	if (net_chance(n, n->is.reorder)) {
		n->stats->packets.made_late++;
		ms += REORDER;
	}
	return (int)ms;
}

void net_send(struct net *n, struct net_sock *from,
	      const struct addr_port *peer, const void *data, size_t len,
	      unsigned int later)
{
	int copies = 1, ms;

	if (net_chance(n, n->is.duplicate)) {
		n->stats->packets.made_duplicate++;
		copies++;
	}
	while (copies--) {
		ms = fate(n);
		if (ms < 0)
			continue;
		ms += (int)later;
		if (ms)
			hold(n, from, peer, false, data, len, (unsigned int)ms);
		else
			transmit(n, from->io.fd, peer, data, len);
	}
}

static void received(struct net_sock *s, msec_t now,
		     const struct addr_port *peer, const void *data, size_t len)
{
	struct net *n = s->net;
	int copies = 1, ms;

	n->stats->packets.rx++;
	if (net_chance(n, n->is.duplicate)) {
		n->stats->packets.made_duplicate++;
		copies++;
	}
	while (copies--) {
		ms = fate(n);
		if (ms > 0)
			hold(n, s, peer, true, data, len, (unsigned int)ms);
		else if (!ms)
			n->input(n->user, now, s, peer, data, len);
	}
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	static uint8_t data[65536];
	struct net_sock *s = w->data;
	msec_t now = clock_now();
	int i;

	(void)loop;
	(void)events;
	for (i = 0; i < READS; i++) {
		struct sockaddr_storage ss;
		socklen_t ss_len = sizeof(ss);
		struct addr_port peer = { 0 };
		ssize_t len = recvfrom(w->fd, data, sizeof(data), MSG_DONTWAIT,
				       (struct sockaddr *)&ss, &ss_len);

		if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		/* An ICMP error is no more than a packet lost. */
		if (len > 0 &&
		    (!s->local.addr.family ||
		     !addr_from_sockaddr((struct sockaddr *)&ss, &peer)))
			received(s, now, &peer, data, (size_t)len);
	}
	s->net->batch(s->net->user, now);
}

static int bound(int family, int type, const void *at, socklen_t len)
{
	int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc = fd < 0 ? -errno : 0, size = BUFFER;

	if (!rc && bind(fd, at, len)) {
		rc = -errno;
		close(fd);
	}
	if (rc)
		return rc;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

static int bound_udp(const struct addr_port *at)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(at, &ss);

	return bound(ss.ss_family, SOCK_DGRAM, &ss, len);
}

/* fd may be an error. */
static int add_socket(struct net *n, int fd, const struct addr_port *local,
		      const char *what, char err[NET_ERROR_MAX])
{
	struct net_sock *s = fd < 0 ? NULL : calloc(1, sizeof(*s));
	struct net_sock **more =
		realloc(n->socks, (n->n_socks + 1) * sizeof(*more));

	if (more)
		n->socks = more;
	if (!s || !more) {
		snprintf(err, NET_ERROR_MAX, "%s: %s", what,
			 strerror(fd < 0 ? -fd : ENOMEM));
		if (fd >= 0)
			close(fd);
		free(s);
		return -1;
	}
	s->net = n;
	s->local = *local;
	ev_io_init(&s->io, on_readable, fd, EV_READ);
	s->io.data = s;
	ev_io_start(n->loop, &s->io);
	n->socks[n->n_socks++] = s;
	return 0;
}

int net_open(struct net *n, const struct addr_port *first, size_t count,
	     char err[NET_ERROR_MAX])
{
	for (size_t i = 0; i < count; i++) {
		struct addr_port at = *first;
		char text[ADDR_STRLEN];

		if (count > 1)
			at.addr =
				addr_v4(addr_to_v4(&first->addr) + (uint32_t)i);
		if (add_socket(n, bound_udp(&at), &at, addr_port_str(&at, text),
			       err))
			return -1;
	}
	return 0;
}

int net_open_device(struct net *n, const char *device, char err[NET_ERROR_MAX])
{
	static const uint16_t types[] = { ETH_P_PPP_DISC, ETH_P_PPP_SES };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(device) };
	struct packet_mreq all = { .mr_ifindex = ll.sll_ifindex,
				   .mr_type = PACKET_MR_PROMISC };
	const struct addr_port none = { 0 };

	if (!ll.sll_ifindex) {
		snprintf(err, NET_ERROR_MAX, "%s: no such device", device);
		return -1;
	}
	for (size_t i = 0; i < 2; i++) {
		int fd;

		ll.sll_protocol = htons(types[i]);
		fd = bound(AF_PACKET, SOCK_RAW, &ll, sizeof(ll));
		if (add_socket(n, fd, &none, device, err))
			return -1;
		/* Each client has an address of its own. */
		setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
			   sizeof(all));
	}
	return 0;
}

void net_close(struct net *n)
{
	while (n->n_socks) {
		struct net_sock *s = n->socks[--n->n_socks];

		ev_io_stop(n->loop, &s->io);
		close(s->io.fd);
		free(s);
	}
	free(n->socks);
}

void net_send_once(struct net *n, const struct addr *from,
		   const struct addr_port *peer, const void *data, size_t len)
{
	struct addr_port at = { .addr = *from };
	int fd = bound_udp(&at);

	if (fd < 0) {
		n->stats->packets.tx_errors++;
		return;
	}
	transmit(n, fd, peer, data, len);
	close(fd);
}
