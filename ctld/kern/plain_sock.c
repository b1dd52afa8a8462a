/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kern/plain: sockets. One UDP socket an endpoint; two packet sockets a port, for
 * the two ethertypes of PPPoE, without the Ethernet header.
 */
#include "base/log.h"
#include "kern/plain_port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 64 /* datagrams a wake-up */
#define L2TP_PORT 1701
#define BUFFER \
	(4 << 20) /* bytes to receive: thousands of peers may speak at once */

/* ---------------------------------------------------------------- endpoints */

static void on_udp(struct ev_loop *loop, ev_io *w, int events)
{
	struct plain_endpoint *e = w->data;
	struct plain *p = e->plain;
	msec_t now = clock_now();
	int i;

	(void)loop;
	(void)events;
	for (i = 0; i < READS; i++) {
		struct sockaddr_storage ss;
		socklen_t ss_len = sizeof(ss);
		struct addr_port remote;
		ssize_t n = recvfrom(w->fd, p->in, sizeof(p->in), 0,
				     (struct sockaddr *)&ss, &ss_len);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0 ||
		    addr_from_sockaddr((struct sockaddr *)&ss, &remote))
			continue;
		p->input->udp(p, now, e, &remote, p->in, (size_t)n);
	}
}

static int open_udp(const struct addr_port *local, uint32_t vrf)
{
	struct sockaddr_storage ss;
	socklen_t ss_len = addr_to_sockaddr(local, &ss);
	char name[IF_NAMESIZE];
	int one = 1, rc = 0, size = BUFFER;
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return -errno;
	if (ss.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)))
		rc = -errno;
	if (!rc && vrf && !if_indextoname(vrf, name))
		rc = -ENODEV;
	if (!rc && vrf &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
		       (socklen_t)strlen(name) + 1))
		rc = -errno;
	if (!rc && bind(fd, (struct sockaddr *)&ss, ss_len))
		rc = -errno;
	if (!rc) {
		/* As much of it as the system grants. */
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
		return fd;
	}
	close(fd);
	return rc;
}

static struct plain_endpoint *
find_endpoint(struct plain *p, const struct addr_port *local, uint32_t vrf)
{
	struct plain_endpoint *e;

	LIST_FOREACH(e, &p->endpoints, next)
	if (addr_eq(&e->local.addr, &local->addr) &&
	    e->local.port == local->port && e->vrf == vrf)
		break;
	return e;
}

int plain_endpoint_open(struct plain *p, const struct addr_port *local,
			uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX])
{
	struct addr_port at = *local;
	struct plain_endpoint *e;
	char text[ADDR_STRLEN];
	int fd;

	if (!at.port)
		at.port = L2TP_PORT;
	e = find_endpoint(p, &at, vrf);
	if (e) {
		*id = e->id;
		return 0;
	}
	fd = open_udp(&at, vrf);
	e = fd < 0 ? NULL : calloc(1, sizeof(*e));
	if (!e) {
		if (fd >= 0) {
			close(fd);
			fd = -ENOMEM;
		}
		snprintf(err, KERN_ERROR_MAX, "endpoint %s: %s",
			 addr_port_str(&at, text), strerror(-fd));
		return fd;
	}
	e->plain = p;
	e->local = at;
	e->vrf = vrf;
	e->id = ++p->last_endpoint;
	ev_io_init(&e->io, on_udp, fd, EV_READ);
	e->io.data = e;
	ev_io_start(p->kern.loop, &e->io);
	LIST_INSERT_HEAD(&p->endpoints, e, next);
	*id = e->id;
	return 0;
}

int plain_udp_send(struct plain *p, uint32_t endpoint,
		   const struct addr_port *remote, const void *data, size_t len)
{
	struct sockaddr_storage ss;
	struct plain_endpoint *e;
	socklen_t ss_len;

	LIST_FOREACH(e, &p->endpoints, next)
	if (e->id == endpoint)
		break;
	if (!e)
		return -ENOENT;
	ss_len = addr_to_sockaddr(remote, &ss);
	if (sendto(e->io.fd, data, len, 0, (struct sockaddr *)&ss, ss_len) < 0)
		return -errno;
	return 0;
}

/* -------------------------------------------------------------------- ports */

static void on_packet(struct ev_loop *loop, ev_io *w, int events)
{
	struct plain_port *port = w->data;
	struct plain *p = port->plain;
	msec_t now = clock_now();
	int i;

	(void)loop;
	(void)events;
	for (i = 0; i < READS; i++) {
		struct kern_eth from = { .ifindex = port->ifindex };
		struct sockaddr_ll ll = { 0 };
		socklen_t ll_len = sizeof(ll);
		ssize_t n = recvfrom(w->fd, p->in, sizeof(p->in), 0,
				     (struct sockaddr *)&ll, &ll_len);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		/* Frames with a VLAN tag are another host's to the kernel. */
		if (n <= 0 || ll.sll_halen != sizeof(from.mac) ||
		    ll.sll_pkttype == PACKET_OTHERHOST ||
		    ll.sll_pkttype == PACKET_OUTGOING)
			continue;
		memcpy(from.mac, ll.sll_addr, sizeof(from.mac));
		if (w == &port->discovery)
			p->kern.events->pppoe(&p->kern, now, &from,
					      ll.sll_pkttype == PACKET_HOST,
					      p->in, (size_t)n);
		else if (ll.sll_pkttype == PACKET_HOST)
			p->input->session(p, now, port->ifindex, from.mac,
					  p->in, (size_t)n);
	}
}

static int open_packet(uint32_t ifindex, uint16_t ethertype)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ethertype),
				  .sll_ifindex = (int)ifindex };
	/* No protocol before the bind: no frames of other devices. */
	int fd =
		socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

static struct plain_port *find_port(struct plain *p, uint32_t ifindex)
{
	struct plain_port *port;

	LIST_FOREACH(port, &p->ports, next)
	if (port->ifindex == ifindex)
		break;
	return port;
}

static void start_io(struct plain_port *port, ev_io *io, int fd)
{
	ev_io_init(io, on_packet, fd, EV_READ);
	io->data = port;
	ev_io_start(port->plain->kern.loop, io);
}

int plain_port_open(struct plain *p, uint32_t ifindex, char err[KERN_ERROR_MAX])
{
	struct plain_port *port;
	int discovery, session, rc;

	if (find_port(p, ifindex))
		return 0;
	discovery = open_packet(ifindex, ETH_P_PPP_DISC);
	session = open_packet(ifindex, ETH_P_PPP_SES);
	rc = discovery < 0 ? discovery : session < 0 ? session : 0;
	port = rc ? NULL : calloc(1, sizeof(*port));
	if (port) {
		port->plain = p;
		port->ifindex = ifindex;
		start_io(port, &port->discovery, discovery);
		start_io(port, &port->session, session);
		LIST_INSERT_HEAD(&p->ports, port, next);
		return 0;
	}
	if (discovery >= 0)
		close(discovery);
	if (session >= 0)
		close(session);
	if (!rc)
		rc = -ENOMEM;
	snprintf(err, KERN_ERROR_MAX, "%s",
		 rc == -EPERM ? "needs CAP_NET_RAW" : strerror(-rc));
	return rc;
}

int plain_eth_send(struct plain *p, uint32_t ifindex, const uint8_t mac[6],
		   bool discovery, const void *data, size_t len)
{
	uint16_t type = discovery ? ETH_P_PPP_DISC : ETH_P_PPP_SES;
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(type),
				  .sll_ifindex = (int)ifindex,
				  .sll_halen = 6 };
	struct plain_port *port = find_port(p, ifindex);
	int fd;

	if (!port)
		return -ENOENT;
	fd = discovery ? port->discovery.fd : port->session.fd;
	memcpy(ll.sll_addr, mac, 6);
	if (sendto(fd, data, len, 0, (struct sockaddr *)&ll, sizeof(ll)) < 0)
		return -errno;
	return 0;
}

static void close_io(struct plain *p, ev_io *io)
{
	ev_io_stop(p->kern.loop, io);
	close(io->fd);
}

void plain_socks_close(struct plain *p)
{
	while (!LIST_EMPTY(&p->endpoints)) {
		struct plain_endpoint *e = LIST_FIRST(&p->endpoints);

		LIST_REMOVE(e, next);
		close_io(p, &e->io);
		free(e);
	}
	while (!LIST_EMPTY(&p->ports)) {
		struct plain_port *port = LIST_FIRST(&p->ports);

		LIST_REMOVE(port, next);
		close_io(p, &port->discovery);
		close_io(p, &port->session);
		free(port);
	}
}
