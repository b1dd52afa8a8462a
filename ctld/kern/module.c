/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel port on the module adit.
 *
 * Each kind of traffic has its socket: a flood of one does not push out another.
 * Punts: one socket a class, control before PPP. Events: the multicast group.
 * Commands: the queue, and what is refused of it. Poll: the dump of counters,
 * one piece a wake-up. Ask: requests of start-up, which wait.
 */
#include "base/log.h"
#include "kern/ask.h"
#include "kern/command.h"
#include "kern/event.h"
#include "kern/kern.h"
#include "kern/nl.h"
#include "kern/request.h"
#include "kern/route_tx.h"
#include "kern/resolve.h"
#include "kern/udp.h"

#include <errno.h>
#include <ev.h>
#include <linux/adit.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	S_L2TP,
	S_PPPOE,
	S_PPP,
	S_IP6,
	S_EVENT,
	S_COMMAND,
	S_POLL,
	S_ASK,
	S_MAX
};

struct module;

struct sock {
	struct module *m;
	int which;
	int fd;
	ev_io io;
};

struct module {
	struct kern kern;
	struct knl_family family;
	struct sock socks[S_MAX];
	struct request_queue requests;
	struct route_tx routes;
	bool missed; /* events, or refusals */
	uint8_t poll_cmd; /* of the dump under way, or 0 */
	uint32_t poll_seq;
	uint8_t data[KNL_READ_MAX] __attribute__((aligned(8)));
};

/* How many datagrams a wake-up, and in which order the loop takes them. */
static const struct {
	int reads, priority;
	bool no_enobufs;
} traits[S_MAX] = {
	[S_L2TP] = { 64, 2, true },   [S_PPPOE] = { 64, 1, true },
	[S_PPP] = { 64, 0, true },    [S_IP6] = { 16, -1, true },
	[S_EVENT] = { 64, 1, false }, [S_COMMAND] = { 64, 2, false },
	[S_POLL] = { 4, -2, false },  [S_ASK] = { 0, 0, false },
};

static struct module *of(struct kern *k)
{
	return (struct module *)k; /* its first member */
}

/* --------------------------------------------------------------------- poll */

static void poll_start(struct module *m, uint8_t cmd)
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg =
		knl_request(request, m->family.id, cmd, NLM_F_DUMP);
	int rc;

	m->poll_cmd = cmd;
	msg->nlmsg_seq = ++m->poll_seq;
	rc = knl_send(m->socks[S_POLL].fd, msg, msg->nlmsg_len);
	if (!rc)
		return;
	m->poll_cmd = 0;
	log_warn("netlink: counters: %s", strerror(-rc));
}

static void poll_next(struct module *m)
{
	if (m->poll_cmd == ADIT_CMD_TUNNEL_GET)
		poll_start(m, ADIT_CMD_SESSION_GET);
	else if (m->poll_cmd == ADIT_CMD_SESSION_GET)
		poll_start(m, ADIT_CMD_PPPOE_GET);
	else
		m->poll_cmd = 0;
}

static void poll_answer(struct module *m, msec_t now,
			const struct nlmsghdr *msg)
{
	char text[KNL_ERROR_MAX];
	int rc;

	if (!m->poll_cmd || msg->nlmsg_seq != m->poll_seq)
		return;
	if (msg->nlmsg_type == m->family.id) {
		event_stats(&m->kern, now, m->poll_cmd, msg);
		return;
	}
	if (msg->nlmsg_type != NLMSG_ERROR && msg->nlmsg_type != NLMSG_DONE)
		return;
	rc = knl_errno(msg);
	if (rc) {
		knl_refusal(msg, rc, text);
		log_warn("netlink: counters: %s", text);
	}
	poll_next(m);
}

static void mod_poll(struct kern *k)
{
	struct module *m = of(k);

	if (!m->poll_cmd && !m->requests.dead)
		poll_start(m, ADIT_CMD_TUNNEL_GET);
}

/* ------------------------------------------------------------------ reading */

static bool is_unload(const struct module *m, const struct nlmsghdr *msg)
{
	const struct genlmsghdr *h = mnl_nlmsg_get_payload(msg);
	const struct nlattr *a;

	if (msg->nlmsg_type != GENL_ID_CTRL ||
	    mnl_nlmsg_get_payload_len(msg) < sizeof(*h) ||
	    h->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_for_each(a, msg, sizeof(*h)) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(a, MNL_TYPE_U16) >= 0)
			return mnl_attr_get_u16(a) == m->family.id;
	}
	return false;
}

static void stop(struct module *m)
{
	int i;

	for (i = 0; i < S_MAX; i++)
		if (ev_is_active(&m->socks[i].io))
			ev_io_stop(m->kern.loop, &m->socks[i].io);
	request_stop(&m->requests);
	m->poll_cmd = 0;
}

/* false: the module is gone, and m perhaps as well. */
static bool take(struct sock *s, msec_t now, const struct nlmsghdr *msg)
{
	struct module *m = s->m;
	bool ours = msg->nlmsg_type == m->family.id;
	struct kern_link mark[2];

	switch (s->which) {
	case S_L2TP:
	case S_PPPOE:
	case S_PPP:
	case S_IP6:
		/* All that went up before it has been read. */
		if (ours && event_punt(&m->kern, now, msg, mark)) {
			m->kern.count.rx_marks++;
			command_bind_held(&m->requests, mark);
		}
		break;
	case S_EVENT:
		if (ours)
			event_notify(&m->kern, now, msg);
		if (!is_unload(m, msg))
			break;
		stop(m);
		m->kern.events->lost(&m->kern);
		return false;
	case S_COMMAND:
		request_answer(&m->requests, now, msg);
		break;
	case S_POLL:
		poll_answer(m, now, msg);
		break;
	}
	return true;
}

/* What was not lost goes before what is found missing. */
static void all_read(struct module *m, msec_t now)
{
	if (!m->missed)
		return;
	m->missed = false;
	m->kern.events->missed(&m->kern, now);
}

/* true: go on reading. */
static bool trouble(struct sock *s, msec_t now, int rc)
{
	struct module *m = s->m;

	if (rc == -EAGAIN) {
		all_read(m, now);
		return false;
	}
	log_warn("netlink: messages got lost: %s", strerror(-rc));
	if (s->which == S_POLL)
		m->poll_cmd = 0; /* a new one starts afresh */
	if (s->which == S_EVENT || s->which == S_COMMAND)
		m->missed = true;
	if (rc == -ENOBUFS || rc == -EMSGSIZE)
		return true;
	if (rc != -ENOMEM)
		ev_io_stop(m->kern.loop, &s->io);
	return false;
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	struct sock *s = w->data;
	struct module *m = s->m;
	msec_t now = clock_now();
	int i;

	(void)loop;
	(void)events;
	for (i = 0; i < traits[s->which].reads; i++) {
		const struct nlmsghdr *msg = (const void *)m->data;
		int len = knl_receive(s->fd, m->data);

		if (len < 0) {
			if (!trouble(s, now, len))
				return;
			continue;
		}
		for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len))
			if (!take(s, now, msg))
				return;
	}
}

/* ----------------------------------------------------------------- start-up */

static struct ask asker(struct kern *k)
{
	return (struct ask){ of(k)->socks[S_ASK].fd, of(k)->family.id };
}

static int mod_instance(struct kern *k, uint64_t *instance,
			char err[KERN_ERROR_MAX])
{
	return ask_instance(asker(k), instance, err);
}

static int mod_listen(struct kern *k, char err[KERN_ERROR_MAX])
{
	static const uint32_t class[] = { [S_L2TP] = ADIT_PUNT_L2TP,
					  [S_PPPOE] = ADIT_PUNT_PPPOE,
					  [S_PPP] = ADIT_PUNT_PPP,
					  [S_IP6] = ADIT_PUNT_IP6 };
	int i, rc = 0;

	for (i = S_L2TP; i <= S_IP6 && !rc; i++) {
		struct ask on = { of(k)->socks[i].fd, of(k)->family.id };

		/* Its answer is waited for; after that it never waits. */
		rc = ask_listen(on, class[i], err);
		if (!rc)
			rc = knl_nonblock(on.fd);
		if (!rc)
			ev_io_start(k->loop, &of(k)->socks[i].io);
	}
	return rc;
}

static int mod_endpoint(struct kern *k, const struct addr_port *local,
			uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX])
{
	return ask_endpoint(asker(k), local, vrf, id, err);
}

static int mod_port(struct kern *k, uint32_t ifindex, char err[KERN_ERROR_MAX])
{
	return ask_port(asker(k), ifindex, err);
}

static int mod_endpoint_del(struct kern *k, uint32_t id,
			    char err[KERN_ERROR_MAX])
{
	return ask_endpoint_del(asker(k), id, err);
}

static int mod_port_del(struct kern *k, uint32_t ifindex,
			char err[KERN_ERROR_MAX])
{
	return ask_port_del(asker(k), ifindex, err);
}

static int mod_limits(struct kern *k, const struct kern_limits *limits,
		      char err[KERN_ERROR_MAX])
{
	return ask_limits(asker(k), limits, err);
}

static int mod_peers(struct kern *k, const struct kern_prefix *p, size_t n,
		     char err[KERN_ERROR_MAX])
{
	return ask_peers(asker(k), p, n, err);
}

static int mod_dump(struct kern *k, const struct kern_found *f,
		    char err[KERN_ERROR_MAX])
{
	return ask_dump(asker(k), f, err);
}

/* ----------------------------------------------------------- open and close */

static int open_sockets(struct module *m)
{
	int i;

	for (i = 0; i < S_MAX; i++) {
		struct sock *s = &m->socks[i];
		int fd = knl_open(NETLINK_GENERIC, traits[i].no_enobufs);

		if (fd < 0)
			return fd;
		s->fd = fd;
	}
	return 0;
}

/* Both groups: the module's, and the one that tells of its unloading. */
static int join_groups(struct module *m, char err[KERN_ERROR_MAX])
{
	struct knl_family ctrl;
	int fd = m->socks[S_EVENT].fd;
	int rc = knl_family(m->socks[S_ASK].fd, "nlctrl", "notify", &ctrl, err);

	if (!rc)
		rc = knl_join(fd, ctrl.group);
	if (!rc)
		rc = knl_join(fd, m->family.group);
	return rc;
}

static int start(struct module *m, char err[KERN_ERROR_MAX])
{
	int i, rc = open_sockets(m);

	if (!rc)
		rc = route_tx_open(&m->routes, &m->kern);

	if (!rc)
		rc = knl_family(m->socks[S_ASK].fd, ADIT_GENL_NAME,
				ADIT_GENL_MCGRP_EVENT, &m->family, err);
	if (rc == -ENOENT) {
		snprintf(err, KERN_ERROR_MAX,
			 "module adit is not loaded: modprobe adit");
		return rc;
	}
	if (!rc)
		rc = join_groups(m, err);
	for (i = 0; i < S_ASK && !rc; i++) {
		ev_io_set(&m->socks[i].io, m->socks[i].fd, EV_READ);
		if (i <= S_IP6)
			continue; /* until kern_listen */
		rc = knl_nonblock(m->socks[i].fd);
		ev_io_start(m->kern.loop, &m->socks[i].io);
	}
	if (rc)
		return rc;
	request_init(&m->requests, &m->kern, m->socks[S_COMMAND].fd,
		     m->family.id);
	return 0;
}

static void mod_flush(struct kern *k)
{
	route_tx_flush(&of(k)->routes);
	request_flush(&of(k)->requests);
}

static void mod_close(struct kern *k)
{
	struct module *m = of(k);
	int i;

	if (m->requests.kern) {
		request_flush(&m->requests);
		request_fini(&m->requests);
	}
	for (i = 0; i < S_MAX; i++) {
		if (ev_is_active(&m->socks[i].io))
			ev_io_stop(k->loop, &m->socks[i].io);
		knl_close(m->socks[i].fd);
	}
	route_tx_close(&m->routes);
	udp_close(k);
	resolve_close(k);
	free(m);
}

/* -------------------------------------------------------------- the port */

static void mod_tunnel_new(struct kern *k, const struct kern_tunnel *t)
{
	command_tunnel_new(&of(k)->requests, t);
}

static void mod_tunnel_del(struct kern *k, uint16_t id)
{
	command_tunnel_del(&of(k)->requests, id);
}

static void mod_session_new(struct kern *k, const struct kern_session *s)
{
	command_session_new(&of(k)->requests, s);
}

static void mod_session_set(struct kern *k, const struct kern_session *s)
{
	command_session_set(&of(k)->requests, s);
}

static void mod_pppoe_new(struct kern *k, const struct kern_pppoe *p)
{
	command_pppoe_new(&of(k)->requests, p);
}

static void mod_pppoe_set(struct kern *k, const struct kern_pppoe *p)
{
	command_pppoe_set(&of(k)->requests, p);
}

static void mod_link_del(struct kern *k, const struct kern_link *l)
{
	command_link_del(&of(k)->requests, l);
}

static void mod_bind(struct kern *k, const struct kern_link *l, uint64_t cookie,
		     const struct kern_link *to, const struct kern_ip *ip)
{
	command_bind(&of(k)->requests, l, cookie, to, ip);
}

static void mod_qos(struct kern *k, const struct kern_link *l, uint64_t cookie,
		    const struct kern_qos *q)
{
	command_qos(&of(k)->requests, l, cookie, q);
}

static void mod_route(struct kern *k, const struct kern_route *r, bool add)
{
	route_tx_route(&of(k)->routes, r, add);
}

static void mod_device_new(struct kern *k, const struct kern_device *d)
{
	route_tx_device_new(&of(k)->routes, d);
}

static void mod_device_del(struct kern *k, uint32_t ifindex)
{
	route_tx_device_del(&of(k)->routes, ifindex);
}

static void mod_send_l2tp(struct kern *k, const struct kern_l2tp *to,
			  const void *data, size_t len)
{
	command_send_l2tp(&of(k)->requests, to, data, len);
}

static void mod_send_pppoe(struct kern *k, const struct kern_eth *to,
			   const void *frame, size_t len)
{
	command_send_pppoe(&of(k)->requests, to, frame, len);
}

static void mod_send_ppp(struct kern *k, const struct kern_link *l,
			 const void *frame, size_t len)
{
	command_send_ppp(&of(k)->requests, l, frame, len);
}

static const struct kern_impl module_impl = {
	.name = "module",
	.close = mod_close,
	.instance = mod_instance,
	.listen = mod_listen,
	.endpoint = mod_endpoint,
	.port = mod_port,
	.endpoint_del = mod_endpoint_del,
	.port_del = mod_port_del,
	.limits = mod_limits,
	.peers = mod_peers,
	.dump = mod_dump,
	.tunnel_new = mod_tunnel_new,
	.tunnel_del = mod_tunnel_del,
	.session_new = mod_session_new,
	.session_set = mod_session_set,
	.pppoe_new = mod_pppoe_new,
	.pppoe_set = mod_pppoe_set,
	.link_del = mod_link_del,
	.bind = mod_bind,
	.qos = mod_qos,
	.route = mod_route,
	.device_new = mod_device_new,
	.device_del = mod_device_del,
	.send_l2tp = mod_send_l2tp,
	.send_pppoe = mod_send_pppoe,
	.send_ppp = mod_send_ppp,
	.udp = udp_open,
	.close_udp = udp_shut,
	.send_udp = udp_send,
	.listen_udp = udp_listen,
	.answer_udp = udp_answer,
	.resolve = resolve_start,
	.poll = mod_poll,
	.flush = mod_flush,
};

struct kern *kern_module_open(struct ev_loop *loop,
			      const struct kern_events *events, void *user,
			      char err[KERN_ERROR_MAX])
{
	struct module *m = calloc(1, sizeof(*m));
	int i, rc;

	err[0] = 0;
	if (!m) {
		snprintf(err, KERN_ERROR_MAX, "%s", strerror(ENOMEM));
		return NULL;
	}
	m->kern = (struct kern){ .impl = &module_impl,
				 .events = events,
				 .loop = loop,
				 .user = user };
	for (i = 0; i < S_MAX; i++) {
		struct sock *s = &m->socks[i];

		s->m = m;
		s->which = i;
		s->fd = -1;
		ev_init(&s->io, on_readable);
		ev_set_priority(&s->io, traits[i].priority);
		s->io.data = s;
	}
	rc = start(m, err);
	if (!rc)
		return &m->kern;
	if (rc == -EPERM)
		snprintf(err, KERN_ERROR_MAX,
			 "module adit: needs CAP_NET_ADMIN");
	else if (!err[0])
		snprintf(err, KERN_ERROR_MAX, "netlink: %s", strerror(-rc));
	mod_close(&m->kern);
	return NULL;
}
