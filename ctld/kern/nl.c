/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink sockets, requests that wait, refusals; on libmnl's messages. */
#include "kern/nl.h"

#include "base/extack.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (8 << 20)

/* ------------------------------------------------------------------ sockets */

static void set_buffer(int fd)
{
	int size = BUFFER_SIZE;

	/* Without CAP_NET_ADMIN in the first namespace it is what sysctl allows. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

int knl_open(int protocol, bool no_enobufs)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int one = 1, rc = 0;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    (no_enobufs && setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one,
				      sizeof(one))))
		rc = -errno;
	if (rc) {
		close(fd);
		return rc;
	}
	set_buffer(fd);
	return fd;
}

void knl_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int knl_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

int knl_join(int fd, uint32_t group)
{
	if (!group)
		return -ENOENT;
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		return -errno;
	return 0;
}

/* ----------------------------------------------------------------- refusals */

int knl_errno(const struct nlmsghdr *msg)
{
	int code;

	if (msg->nlmsg_type != NLMSG_ERROR && msg->nlmsg_type != NLMSG_DONE)
		return 0;
	if (mnl_nlmsg_get_payload_len(msg) < sizeof(code))
		return 0;
	memcpy(&code, mnl_nlmsg_get_payload(msg), sizeof(code));
	return code < 0 ? code : 0;
}

void knl_refusal(const struct nlmsghdr *msg, int code, char err[KNL_ERROR_MAX])
{
	const char *text = extack_text(msg);

	if (text)
		log_safe(text, strlen(text), err, KNL_ERROR_MAX);
	else if (code == -EPERM)
		snprintf(err, KNL_ERROR_MAX, "needs CAP_NET_ADMIN");
	else
		snprintf(err, KNL_ERROR_MAX, "%s", strerror(-code));
}

/* ----------------------------------------------------------------- requests */

struct nlmsghdr *knl_request(void *to, uint16_t family, uint8_t cmd,
			     uint16_t flags)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(to);
	struct genlmsghdr *h;

	msg->nlmsg_type = family;
	msg->nlmsg_flags = NLM_F_REQUEST | flags;
	h = mnl_nlmsg_put_extra_header(msg, sizeof(*h));
	h->cmd = cmd;
	h->version = 1;
	return msg;
}

int knl_send(int fd, const void *msgs, size_t len)
{
	static const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n;

	do
		n = sendto(fd, msgs, len, 0, (const struct sockaddr *)&kernel,
			   sizeof(kernel));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int knl_receive(int fd, void *data)
{
	struct sockaddr_nl from;
	socklen_t from_len;
	ssize_t n;

	do {
		from_len = sizeof(from);
		n = recvfrom(fd, data, KNL_READ_MAX, MSG_TRUNC,
			     (struct sockaddr *)&from, &from_len);
	} while ((n < 0 && errno == EINTR) ||
		 (n >= 0 && (from_len != sizeof(from) || from.nl_pid)));
	if (n < 0)
		return -errno;
	return n > KNL_READ_MAX ? -EMSGSIZE : (int)n;
}

struct talk {
	uint32_t seq;
	knl_fn *fn;
	void *ctx;
	bool torn;
	char *err;
};

/* One datagram; 1: go on, 0: the end, or -errno. */
static int take(struct talk *t, const void *data, int len)
{
	const struct nlmsghdr *msg = data;
	int rc;

	for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len)) {
		if (msg->nlmsg_seq != t->seq)
			continue;
		t->torn |= !!(msg->nlmsg_flags & NLM_F_DUMP_INTR);
		if (msg->nlmsg_type == NLMSG_ERROR ||
		    msg->nlmsg_type == NLMSG_DONE) {
			rc = knl_errno(msg);
			if (rc)
				knl_refusal(msg, rc, t->err);
			return rc;
		}
		if (msg->nlmsg_type >= NLMSG_MIN_TYPE && t->fn)
			t->fn(msg, t->ctx);
	}
	return 1;
}

int knl_talk(int fd, struct nlmsghdr *msg, knl_fn *fn, void *ctx,
	     char err[KNL_ERROR_MAX])
{
	static uint32_t seq;
	struct talk t = { .seq = ++seq, .fn = fn, .ctx = ctx, .err = err };
	void *data = malloc(KNL_READ_MAX);
	int n, rc;

	err[0] = 0;
	msg->nlmsg_seq = t.seq;
	rc = data ? knl_send(fd, msg, msg->nlmsg_len) : -ENOMEM;
	if (!rc)
		rc = 1;
	while (rc > 0) {
		n = knl_receive(fd, data);
		rc = n < 0 ? n : take(&t, data, n);
	}
	if (!rc && t.torn)
		rc = -EINTR;
	if (rc && !err[0])
		snprintf(err, KNL_ERROR_MAX, "netlink: %s", strerror(-rc));
	free(data);
	return rc;
}

/* ----------------------------------------------------------------- families */

struct find {
	const char *group;
	struct knl_family *out;
};

static void find_group(struct find *f, const struct nlattr *groups)
{
	const struct nlattr *one, *a;

	mnl_attr_for_each_nested(one, groups) {
		const char *name = "";
		uint32_t id = 0;

		mnl_attr_for_each_nested(a, one) {
			uint16_t type = mnl_attr_get_type(a);

			if (type == CTRL_ATTR_MCAST_GRP_NAME &&
			    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
				name = mnl_attr_get_str(a);
			if (type == CTRL_ATTR_MCAST_GRP_ID &&
			    mnl_attr_validate(a, MNL_TYPE_U32) >= 0)
				id = mnl_attr_get_u32(a);
		}
		if (!strcmp(name, f->group))
			f->out->group = id;
	}
}

static void take_family(const struct nlmsghdr *msg, void *ctx)
{
	struct find *f = ctx;
	const struct nlattr *a;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(struct genlmsghdr))
		return;
	mnl_attr_for_each(a, msg, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(a, MNL_TYPE_U16) >= 0)
			f->out->id = mnl_attr_get_u16(a);
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GROUPS &&
		    mnl_attr_validate(a, MNL_TYPE_NESTED) >= 0)
			find_group(f, a);
	}
}

int knl_family(int fd, const char *name, const char *group,
	       struct knl_family *out, char err[KNL_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct find f = { .group = group, .out = out };
	struct nlmsghdr *msg = knl_request(request, GENL_ID_CTRL,
					   CTRL_CMD_GETFAMILY, NLM_F_ACK);
	int rc;

	*out = (struct knl_family){ 0 };
	mnl_attr_put_strz(msg, CTRL_ATTR_FAMILY_NAME, name);
	rc = knl_talk(fd, msg, take_family, &f, err);
	if (!rc && !out->id)
		rc = -ENOENT;
	if (rc && !err[0])
		snprintf(err, KNL_ERROR_MAX, "%s: no such family", name);
	return rc;
}
