/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operators' UNIX socket: clients, framing, queues.
 *
 * Who may connect may do everything (ctl/socket). What comes is checked all the
 * same. No call waits for a client: an answer is queued, the next request is looked
 * at when the queue is empty, and a monitor that lets its queue grow is cut off. So
 * is who neither asks nor reads for minutes, and sooner if all places are taken.
 *
 * A client is freed by the loop's callbacks only: ctl_send and ctl_publish, which
 * verbs call, just mark it.
 */
#include "ctl/server.h"

#include "adit/ctl.h"
#include "base/ctl_types.h"

#include <errno.h>
#include <ev.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS_MAX 64
#define EVENTS_MAX (4u << 20) /* bytes a monitor may leave unread */
#define ANSWER_MAX (64u << 20) /* bytes of one answer */
#define QUEUE_MIN 4096
#define IDLE_MAX 300.0 /* seconds in which a client neither asks nor reads */
#define IDLE_MIN 1.0 /* the same, and another may have its place */
#define ACCEPT_PAUSE 1.0 /* seconds, when descriptors are short */

struct ctl_client {
	LIST_ENTRY(ctl_client) next;
	struct ctl_server *server;
	ev_io io;
	bool monitor;
	bool dead; /* to be freed */
	bool leaving; /* to be freed when the queue is empty */
	ev_tstamp moved; /* it asked, or took something, last */
	uint32_t seq; /* of the request being answered */
	void (*gone)(void *user); /* answered later; NULL: nothing is */
	void *gone_user;

	uint8_t *out; /* queue: bytes from out_at to out_end wait */
	size_t out_at, out_end, out_size;

	size_t in_len;
	uint8_t in[CTL_MESSAGE_MAX] __attribute__((aligned(8)));
};

struct ctl_server {
	struct ev_loop *loop;
	const struct ctl_verb_row *verbs;
	size_t n_verbs;
	void *user;
	LIST_HEAD(, ctl_client) clients;
	unsigned int n_clients;
	unsigned int n_monitors;
	ev_io listener;
	ev_timer pause;
	ev_timer sweep;
	double idle_max;
	struct ctl_socket socket;
	/* Messages being built. */
	uint8_t record[CTL_MESSAGE_MAX] __attribute__((aligned(8)));
	uint8_t event[CTL_MESSAGE_MAX] __attribute__((aligned(8)));
};

/* ------------------------------------------------------------------ queues */

static size_t queued(const struct ctl_client *c)
{
	return c->out_end - c->out_at;
}

static void watch(struct ctl_client *c)
{
	struct ev_loop *loop = c->server->loop;
	int events = queued(c) ? EV_WRITE : EV_READ;

	/* A monitor is read as well: that is how its end is seen. */
	if (c->monitor)
		events |= EV_READ;
	if (c->dead)
		events = EV_READ | EV_WRITE;
	ev_io_stop(loop, &c->io);
	ev_io_set(&c->io, c->io.fd, events);
	ev_io_start(loop, &c->io);
}

/* Marks it; the loop's next round frees it, as a shut socket is ready. */
static void cut(struct ctl_client *c)
{
	if (c->dead)
		return;
	c->dead = true;
	c->out_at = 0;
	c->out_end = 0;
	shutdown(c->io.fd, SHUT_RDWR);
	watch(c);
}

static bool grow(struct ctl_client *c, size_t len)
{
	size_t size = c->out_size ? c->out_size : QUEUE_MIN;
	uint8_t *p;

	if (c->out_at) {
		memmove(c->out, c->out + c->out_at, queued(c));
		c->out_end -= c->out_at;
		c->out_at = 0;
	}
	while (size < c->out_end + len)
		size *= 2;
	if (size == c->out_size)
		return true;
	p = realloc(c->out, size);
	if (!p)
		return false;
	c->out = p;
	c->out_size = size;
	return true;
}

static void enqueue(struct ctl_client *c, const struct nlmsghdr *msg,
		    size_t max)
{
	bool idle = !queued(c);

	if (c->dead)
		return;
	if (queued(c) + msg->nlmsg_len > max ||
	    (c->out_end + msg->nlmsg_len > c->out_size &&
	     !grow(c, msg->nlmsg_len))) {
		cut(c);
		return;
	}
	memcpy(c->out + c->out_end, msg, msg->nlmsg_len);
	c->out_end += msg->nlmsg_len;
	if (idle)
		watch(c);
}

static void flush(struct ctl_client *c)
{
	while (queued(c)) {
		ssize_t n = send(c->io.fd, c->out + c->out_at, queued(c),
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EAGAIN)
				cut(c);
			return;
		}
		c->out_at += (size_t)n;
		c->moved = ev_now(c->server->loop);
	}
	/* A big answer's memory is not kept for the next small one. */
	c->out_at = 0;
	c->out_end = 0;
	if (c->out_size > 16 * QUEUE_MIN) {
		free(c->out);
		c->out = NULL;
		c->out_size = 0;
	}
	if (c->leaving)
		cut(c);
}

/* ---------------------------------------------------------------- messages */

struct nlmsghdr *ctl_record(struct ctl_client *c, uint32_t kind)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(c->server->record);

	msg->nlmsg_type = CTL_RECORD;
	msg->nlmsg_seq = c->seq;
	mnl_attr_put_u32(msg, CTL_A_KIND, kind);
	return msg;
}

void ctl_send(struct ctl_client *c, struct nlmsghdr *msg)
{
	enqueue(c, msg, ANSWER_MAX);
}

struct nlmsghdr *ctl_event(struct ctl_server *s, const char *event)
{
	struct nlmsghdr *msg;

	if (!s || !s->n_monitors)
		return NULL;
	msg = mnl_nlmsg_put_header(s->event);
	msg->nlmsg_type = CTL_RECORD;
	mnl_attr_put_u32(msg, CTL_A_KIND, CTL_KIND_EVENT);
	mnl_attr_put_strz(msg, CTL_A_EVENT, event);
	return msg;
}

void ctl_publish(struct ctl_server *s, struct nlmsghdr *msg)
{
	struct ctl_client *c;

	LIST_FOREACH(c, &s->clients, next)
	if (c->monitor)
		enqueue(c, msg, EVENTS_MAX);
}

static void send_end(struct ctl_client *c, int code, const char *text)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(c->server->record);

	msg->nlmsg_type = CTL_END;
	msg->nlmsg_seq = c->seq;
	mnl_attr_put_u32(msg, CTL_A_CODE, (uint32_t)code);
	if (code)
		mnl_attr_put_strz_check(msg, CTL_MESSAGE_MAX, CTL_A_TEXT,
					text ? text : strerror(-code));
	ctl_send(c, msg);
}

void ctl_later(struct ctl_client *c, void (*gone)(void *user), void *user)
{
	c->gone = gone;
	c->gone_user = user;
}

void ctl_finish(struct ctl_client *c, int code, const char *text)
{
	c->gone = NULL;
	send_end(c, code, text);
}

/* All of the payload has to be attributes, each of its type; false: it is not.
 * Attributes of a newer tool are passed over.
 */
static bool parse(const struct nlmsghdr *msg, const struct nlattr **attrs)
{
	const struct nlattr *a = mnl_nlmsg_get_payload(msg);
	int left = (int)mnl_nlmsg_get_payload_len(msg);

	while (left > 0 && mnl_attr_ok(a, left)) {
		uint16_t type = mnl_attr_get_type(a);

		if (type && type <= CTL_A_MAX) {
			if (mnl_attr_validate(a, ctl_types[type]) < 0)
				return false;
			attrs[type] = a;
		}
		left -= (int)MNL_ALIGN(a->nla_len);
		a = mnl_attr_next(a);
	}
	return left == 0;
}

static void handle(struct ctl_client *c, const struct nlmsghdr *msg)
{
	const struct nlattr *attrs[CTL_A_MAX + 1] = { NULL };
	struct ctl_server *s = c->server;
	const char *text = NULL;
	size_t i;
	int rc;

	c->seq = msg->nlmsg_seq;
	if (!parse(msg, attrs)) {
		send_end(c, -EBADMSG, "malformed request");
		c->leaving = true;
		return;
	}
	if (msg->nlmsg_type == CTL_MONITOR) {
		s->n_monitors += !c->monitor;
		c->monitor = true;
		return;
	}
	for (i = 0; i < s->n_verbs; i++) {
		if (s->verbs[i].verb != msg->nlmsg_type)
			continue;
		rc = s->verbs[i].fn(c, attrs, s->user, &text);
		if (!c->gone)
			send_end(c, rc, text);
		return;
	}
	send_end(c, -EOPNOTSUPP, "unknown request");
}

/* Takes whole requests out of the buffer, until one is being answered. */
static void handle_all(struct ctl_client *c)
{
	size_t at = 0;

	while (!queued(c) && !c->dead && !c->leaving && !c->gone) {
		const struct nlmsghdr *msg = (const void *)(c->in + at);
		size_t left = c->in_len - at;

		if (left < sizeof(*msg))
			break;
		if (msg->nlmsg_len < sizeof(*msg) ||
		    msg->nlmsg_len > CTL_MESSAGE_MAX ||
		    msg->nlmsg_len != MNL_ALIGN(msg->nlmsg_len)) {
			c->seq = 0;
			send_end(c, -EBADMSG, "malformed request");
			c->leaving = true;
			break;
		}
		if (left < msg->nlmsg_len)
			break;
		at += msg->nlmsg_len;
		handle(c, msg);
		flush(c);
	}
	memmove(c->in, c->in + at, c->in_len - at);
	c->in_len -= at;
}

/* ----------------------------------------------------------------- clients */

static void client_free(struct ctl_client *c)
{
	struct ctl_server *s = c->server;

	ev_io_stop(s->loop, &c->io);
	close(c->io.fd);
	if (c->gone)
		c->gone(c->gone_user);
	LIST_REMOVE(c, next);
	s->n_clients--;
	s->n_monitors -= c->monitor;
	free(c->out);
	free(c);
}

static void client_read(struct ctl_client *c)
{
	ssize_t n;

	if (c->in_len == sizeof(c->in))
		return;
	n = recv(c->io.fd, c->in + c->in_len, sizeof(c->in) - c->in_len,
		 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		cut(c);
		return;
	}
	c->in_len += (size_t)n;
	c->moved = ev_now(c->server->loop);
}

static void on_client(struct ev_loop *loop, ev_io *w, int revents)
{
	struct ctl_client *c = w->data;

	(void)loop;
	if (!c->dead && (revents & EV_WRITE))
		flush(c);
	if (!c->dead && (revents & EV_READ))
		client_read(c);
	if (!c->dead) {
		flush(c);
		handle_all(c);
		flush(c);
	}
	/* It goes on sending: a monitor that does not read, or one that waits. */
	if (!c->dead && c->in_len == sizeof(c->in) &&
	    (c->gone || (queued(c) && c->monitor)))
		cut(c);
	if (c->dead)
		client_free(c);
	else
		watch(c);
}

static void refuse(int fd)
{
	uint8_t buf[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(buf);

	msg->nlmsg_type = CTL_END;
	mnl_attr_put_u32(msg, CTL_A_CODE, (uint32_t)-EBUSY);
	mnl_attr_put_strz(msg, CTL_A_TEXT, "too many clients");
	send(fd, msg, msg->nlmsg_len, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

/* A monitor only listens, and whose answer comes later waits for us. */
static bool may_idle(const struct ctl_client *c)
{
	return c->monitor || c->gone;
}

static struct ctl_client *most_idle(struct ctl_server *s)
{
	struct ctl_client *c, *most = NULL;

	LIST_FOREACH(c, &s->clients, next)
	if (!may_idle(c) && (!most || c->moved < most->moved))
		most = c;
	return most;
}

/* Frees: no verb runs. */
static void make_room(struct ctl_server *s)
{
	struct ctl_client *c;

	if (s->n_clients < CLIENTS_MAX)
		return;
	c = most_idle(s);
	if (c && ev_now(s->loop) - c->moved >= IDLE_MIN)
		client_free(c);
}

static void on_sweep(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct ctl_server *s = w->data;
	struct ctl_client *c;

	(void)revents;
	while ((c = most_idle(s)) && ev_now(loop) - c->moved >= s->idle_max)
		client_free(c);
	if (LIST_EMPTY(&s->clients))
		ev_timer_stop(loop, w);
}

void ctl_server_set_idle(struct ctl_server *s, double seconds)
{
	s->idle_max = seconds;
	s->sweep.repeat = seconds / 10;
}

static void client_new(struct ctl_server *s, int fd)
{
	struct ctl_client *c;

	make_room(s);
	c = s->n_clients < CLIENTS_MAX ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		refuse(fd);
		return;
	}
	c->server = s;
	ev_io_init(&c->io, on_client, fd, EV_READ);
	c->io.data = c;
	ev_io_start(s->loop, &c->io);
	LIST_INSERT_HEAD(&s->clients, c, next);
	s->n_clients++;
	c->moved = ev_now(s->loop);
	if (!ev_is_active(&s->sweep))
		ev_timer_again(s->loop, &s->sweep);
}

/* ---------------------------------------------------------------- listener */

static void on_pause(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct ctl_server *s = w->data;

	(void)revents;
	ev_io_start(loop, &s->listener);
}

static void on_accept(struct ev_loop *loop, ev_io *w, int revents)
{
	struct ctl_server *s = w->data;
	int fd = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)revents;
	if (fd >= 0) {
		client_new(s, fd);
		return;
	}
	if (errno != EMFILE && errno != ENFILE && errno != ENOMEM)
		return;
	/* It stays ready: look again later instead of in circles. */
	ev_io_stop(loop, w);
	ev_timer_set(&s->pause, ACCEPT_PAUSE, 0);
	ev_timer_start(loop, &s->pause);
}

struct ctl_server *ctl_server_open(struct ev_loop *loop, const char *path,
				   const struct ctl_verb_row *verbs,
				   size_t n_verbs, void *user,
				   char err[CTL_ERROR_MAX])
{
	struct ctl_server *s = calloc(1, sizeof(*s));
	int fd;

	if (!s) {
		snprintf(err, CTL_ERROR_MAX, "%.100s: %s", path,
			 strerror(ENOMEM));
		return NULL;
	}
	fd = ctl_socket_listen(&s->socket, path, err);
	if (fd < 0) {
		free(s);
		return NULL;
	}
	s->loop = loop;
	s->verbs = verbs;
	s->n_verbs = n_verbs;
	s->user = user;
	ev_init(&s->pause, on_pause);
	s->pause.data = s;
	ev_init(&s->sweep, on_sweep);
	s->sweep.data = s;
	ctl_server_set_idle(s, IDLE_MAX);
	ev_io_init(&s->listener, on_accept, fd, EV_READ);
	s->listener.data = s;
	ev_io_start(loop, &s->listener);
	return s;
}

void ctl_server_close(struct ctl_server *s)
{
	if (!s)
		return;
	while (!LIST_EMPTY(&s->clients))
		client_free(LIST_FIRST(&s->clients));
	ev_timer_stop(s->loop, &s->pause);
	ev_timer_stop(s->loop, &s->sweep);
	ev_io_stop(s->loop, &s->listener);
	ctl_socket_close(&s->socket, s->listener.fd);
	free(s);
}
