/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connecting, sending whole requests, putting answers together again. */
#include "cli/conn.h"

#include "base/ctl_types.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define IN_MAX (8 * CTL_MESSAGE_MAX)

struct conn {
	int fd;
	uint32_t seq;
	size_t in_len;
	uint8_t request[CTL_MESSAGE_MAX] __attribute__((aligned(8)));
	uint8_t in[IN_MAX] __attribute__((aligned(8)));
};

struct conn *conn_make(int fd)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c)
		c->fd = fd;
	return c;
}

static void say_why(const char *path, int code, char *err)
{
	if (code == ENOENT || code == ECONNREFUSED)
		snprintf(err, CONN_ERROR_MAX,
			 "adit: no daemon at %s (is aditd running?)", path);
	else if (code == EACCES || code == EPERM)
		snprintf(err, CONN_ERROR_MAX,
			 "adit: %s: not permitted (root or its group)", path);
	else
		snprintf(err, CONN_ERROR_MAX, "adit: %s: %s", path,
			 strerror(code));
}

struct conn *conn_open(const char *path, char err[CONN_ERROR_MAX])
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct conn *c;
	int fd;

	if (strlen(path) >= sizeof(at.sun_path)) {
		say_why(path, ENAMETOOLONG, err);
		return NULL;
	}
	strcpy(at.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at))) {
		say_why(path, errno, err);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	c = conn_make(fd);
	if (!c) {
		say_why(path, ENOMEM, err);
		close(fd);
	}
	return c;
}

void conn_close(struct conn *c)
{
	if (!c)
		return;
	close(c->fd);
	free(c);
}

int conn_fd(const struct conn *c)
{
	return c->fd;
}

bool conn_is_over(const struct conn *c)
{
	char byte;

	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

struct nlmsghdr *conn_request(struct conn *c, uint16_t verb)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(c->request);

	msg->nlmsg_type = verb;
	msg->nlmsg_seq = ++c->seq;
	return msg;
}

static int broken(int code, char *err)
{
	snprintf(err, CONN_ERROR_MAX, "adit: the daemon's socket: %s",
		 code == EPIPE ? "the daemon hung up" : strerror(code));
	return -code;
}

int conn_send(struct conn *c, const struct nlmsghdr *msg,
	      char err[CONN_ERROR_MAX])
{
	const uint8_t *p = (const uint8_t *)msg;
	size_t left = msg->nlmsg_len;

	while (left) {
		ssize_t n = send(c->fd, p, left, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return broken(errno, err);
		p += n;
		left -= (size_t)n;
	}
	return 0;
}

static int take_attr(const struct nlattr *a, void *data)
{
	const struct nlattr **tb = data;
	uint16_t type = mnl_attr_get_type(a);

	if (type > CTL_A_MAX)
		return MNL_CB_OK;
	if (mnl_attr_validate(a, ctl_types[type]) < 0)
		return MNL_CB_ERROR;
	tb[type] = a;
	return MNL_CB_OK;
}

static int take_end(const struct nlattr *const *tb, char *err)
{
	int code = tb[CTL_A_CODE] ? (int)mnl_attr_get_u32(tb[CTL_A_CODE]) : 0;
	const char *text = "the daemon refused";
	char safe[256];

	if (!code)
		return 0;
	if (tb[CTL_A_TEXT])
		text = mnl_attr_get_str(tb[CTL_A_TEXT]);
	snprintf(err, CONN_ERROR_MAX, "Error: %s.",
		 log_safe(text, strlen(text), safe, sizeof(safe)));
	return code < 0 ? code : -EINVAL;
}

static int take(const struct nlmsghdr *msg, conn_fn *fn, void *user, char *err)
{
	const struct nlattr *tb[CTL_A_MAX + 1] = { NULL };

	if (mnl_attr_parse(msg, 0, take_attr, tb) < 0)
		return broken(EBADMSG, err);
	if (msg->nlmsg_type == CTL_END)
		return take_end(tb, err);
	if (msg->nlmsg_type == CTL_RECORD && fn)
		fn(tb, user);
	return 1;
}

int conn_read(struct conn *c, conn_fn *fn, void *user, char err[CONN_ERROR_MAX])
{
	ssize_t n =
		recv(c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len, 0);
	size_t at = 0;
	int rc = 1;

	if (n < 0 && errno == EINTR)
		return 1;
	if (n <= 0)
		return broken(n ? errno : EPIPE, err);
	c->in_len += (size_t)n;
	while (rc > 0 && c->in_len - at >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *msg = (const void *)(c->in + at);

		if (msg->nlmsg_len < sizeof(*msg) ||
		    msg->nlmsg_len > CTL_MESSAGE_MAX ||
		    msg->nlmsg_len != MNL_ALIGN(msg->nlmsg_len))
			return broken(EBADMSG, err);
		if (c->in_len - at < msg->nlmsg_len)
			break;
		at += msg->nlmsg_len;
		rc = take(msg, fn, user, err);
	}
	memmove(c->in, c->in + at, c->in_len - at);
	c->in_len -= at;
	return rc;
}

int conn_talk(struct conn *c, const struct nlmsghdr *msg, conn_fn *fn,
	      void *user, char err[CONN_ERROR_MAX])
{
	int rc = conn_send(c, msg, err);

	if (rc)
		return rc;
	do
		rc = conn_read(c, fn, user, err);
	while (rc > 0);
	return rc;
}
