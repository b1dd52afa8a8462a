/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Family look-up, requests, answers, extack texts, events; on libmnl. */
#include "cli/genl.h"

#include "base/extack.h"
#include "base/log.h"
#include "base/module_types.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define REQUEST_MAX 8192
#define ANSWER_MAX 65536 /* the kernel fills what a reader offers */
#define EVENT_BUFFER (8 << 20)

struct genl {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t group; /* "event", 0: none */
	uint32_t seq;
	uint8_t request[REQUEST_MAX] __attribute__((aligned(8)));
	uint8_t answer[ANSWER_MAX] __attribute__((aligned(8)));
};

static int take_attr(const struct nlattr *a, void *data)
{
	const struct nlattr **tb = data;
	uint16_t type = mnl_attr_get_type(a);

	/* A newer module's attributes are passed over. */
	if (type > ADIT_A_MAX)
		return MNL_CB_OK;
	if (!module_attr_fits(a))
		return MNL_CB_ERROR;
	tb[type] = a;
	return MNL_CB_OK;
}

int genl_parse(const struct nlmsghdr *msg, const struct nlattr **tb)
{
	memset(tb, 0, sizeof(*tb) * (ADIT_A_MAX + 1));
	if (mnl_nlmsg_get_payload_len(msg) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	return mnl_attr_parse(msg, sizeof(struct genlmsghdr), take_attr, tb) <
			       0 ?
		       -EBADMSG :
		       0;
}

/* ---------------------------------------------------------------- refusals */

void genl_refusal(const struct nlmsghdr *msg, int code,
		  char err[GENL_ERROR_MAX])
{
	const char *said = extack_text(msg);
	char text[256];
	size_t len;

	if (said) {
		log_safe(said, strlen(said), text, sizeof(text));
		len = strlen(text);
		snprintf(err, GENL_ERROR_MAX, "Error: %s%s", text,
			 len && text[len - 1] == '.' ? "" : ".");
	} else if (code == -EPERM) {
		snprintf(err, GENL_ERROR_MAX,
			 "adit: not permitted: this wants CAP_NET_ADMIN");
	} else {
		snprintf(err, GENL_ERROR_MAX, "adit: the kernel refused: %s",
			 strerror(-code));
	}
}

/* ----------------------------------------------------------------- talking */

struct nlmsghdr *genl_request(struct genl *g, uint8_t cmd, bool dump)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(g->request);
	struct genlmsghdr *h;

	msg->nlmsg_type = g->family;
	msg->nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	msg->nlmsg_seq = ++g->seq;
	h = mnl_nlmsg_put_extra_header(msg, sizeof(*h));
	h->cmd = cmd;
	h->version = ADIT_GENL_VERSION;
	return msg;
}

/* One message; 1: go on, 0: the end, or -errno. */
static int take(const struct nlmsghdr *msg, genl_fn *fn, void *user, char *err)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	const struct genlmsghdr *h = mnl_nlmsg_get_payload(msg);
	const int *code = mnl_nlmsg_get_payload(msg);
	int rc;

	if (msg->nlmsg_type == NLMSG_ERROR || msg->nlmsg_type == NLMSG_DONE) {
		if (mnl_nlmsg_get_payload_len(msg) < sizeof(*code))
			return 0;
		if (*code < 0)
			genl_refusal(msg, *code, err);
		return *code < 0 ? *code : 0;
	}
	if (msg->nlmsg_type < NLMSG_MIN_TYPE)
		return 1;
	rc = genl_parse(msg, tb);
	if (rc)
		snprintf(err, GENL_ERROR_MAX,
			 "adit: the module's answer is malformed");
	else if (fn)
		fn(tb, h->cmd, user);
	return rc ? rc : 1;
}

static int take_all(struct genl *g, int len, genl_fn *fn, void *user,
		    bool *torn, char *err)
{
	const struct nlmsghdr *msg = (const void *)g->answer;
	int rc = 1;

	for (; rc > 0 && mnl_nlmsg_ok(msg, len);
	     msg = mnl_nlmsg_next(msg, &len)) {
		if (msg->nlmsg_seq != g->seq)
			continue;
		*torn |= !!(msg->nlmsg_flags & NLM_F_DUMP_INTR);
		rc = take(msg, fn, user, err);
	}
	return rc;
}

int genl_talk(struct genl *g, struct nlmsghdr *msg, genl_fn *fn, void *user,
	      char err[GENL_ERROR_MAX])
{
	bool torn = false;
	int rc = 1;

	if (mnl_socket_sendto(g->nl, msg, msg->nlmsg_len) < 0)
		rc = -errno;
	while (rc > 0) {
		ssize_t n = mnl_socket_recvfrom(g->nl, g->answer,
						sizeof(g->answer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = -errno;
			break;
		}
		rc = take_all(g, (int)n, fn, user, &torn, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		snprintf(err, GENL_ERROR_MAX, "adit: netlink: %s",
			 strerror(-rc));
	else if (torn)
		fputs("adit: objects changed meanwhile: some may be missing\n",
		      stderr);
	return rc;
}

/* -------------------------------------------------------------- attributes */

static void put_addr(struct nlmsghdr *msg, uint16_t type, const struct addr *a)
{
	mnl_attr_put(msg, type, addr_len(a), a->b);
}

void genl_put_link(struct nlmsghdr *msg, const struct link_name *l)
{
	if (l->pppoe) {
		mnl_attr_put_u32(msg, ADIT_A_IFINDEX, l->ifindex);
		if (l->outer)
			mnl_attr_put_u16(msg, ADIT_A_VLAN_OUTER, l->outer);
		if (l->inner)
			mnl_attr_put_u16(msg, ADIT_A_VLAN_INNER, l->inner);
	} else if (l->tunnel_id) {
		mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, l->tunnel_id);
	}
	mnl_attr_put_u16(msg, ADIT_A_SESSION_ID, l->session_id);
}

static void put_arg(struct nlmsghdr *msg, const struct arg_value *v)
{
	uint16_t type = v->arg->attr;

	switch (v->arg->type) {
	case ARG_FLAG:
		mnl_attr_put(msg, type, 0, NULL);
		break;
	case ARG_ID:
	case ARG_U16:
		mnl_attr_put_u16(msg, type, (uint16_t)v->u);
		break;
	case ARG_U32:
	case ARG_DEV:
	case ARG_SIZE:
	case ARG_TIME:
		mnl_attr_put_u32(msg, type, (uint32_t)v->u);
		break;
	case ARG_U64:
	case ARG_RATE:
		mnl_attr_put_u64(msg, type, v->u);
		break;
	case ARG_ON_OFF:
	case ARG_WORDS:
	case ARG_CODEPOINT:
	case ARG_DSCP:
		mnl_attr_put_u8(msg, type, (uint8_t)v->u);
		break;
	case ARG_ADDR:
	case ARG_PREFIX:
		put_addr(msg, type, &v->addr);
		break;
	case ARG_MAC:
		mnl_attr_put(msg, type, sizeof(v->mac), v->mac);
		break;
	case ARG_TEXT:
		mnl_attr_put_strz(msg, type, v->text);
		break;
	case ARG_SESSION:
	case ARG_PPPOE:
		genl_put_link(msg, &v->link);
		break;
	}
}

void genl_put_args(struct nlmsghdr *msg, const struct args *args)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		if (args->v[i].arg->attr)
			put_arg(msg, &args->v[i]);
}

/* ------------------------------------------------------- the family, events */

static void find_group(struct genl *g, const struct nlattr *groups)
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
		if (!strcmp(name, ADIT_GENL_MCGRP_EVENT))
			g->group = id;
	}
}

/* The controller's answer; 0, or -errno. */
static int take_family(struct genl *g, int len)
{
	const struct nlmsghdr *msg = (const void *)g->answer;
	const struct nlattr *a;

	if (!mnl_nlmsg_ok(msg, len))
		return -EBADMSG;
	if (msg->nlmsg_type == NLMSG_ERROR)
		return *(const int *)mnl_nlmsg_get_payload(msg);
	mnl_attr_for_each(a, msg, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(a, MNL_TYPE_U16) >= 0)
			g->family = mnl_attr_get_u16(a);
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GROUPS)
			find_group(g, a);
	}
	return g->family ? 0 : -ENOENT;
}

static int find_family(struct genl *g)
{
	struct nlmsghdr *msg = genl_request(g, CTRL_CMD_GETFAMILY, false);
	ssize_t n;

	msg->nlmsg_type = GENL_ID_CTRL;
	msg->nlmsg_flags = NLM_F_REQUEST;
	mnl_attr_put_strz(msg, CTRL_ATTR_FAMILY_NAME, ADIT_GENL_NAME);
	if (mnl_socket_sendto(g->nl, msg, msg->nlmsg_len) < 0)
		return -errno;
	n = mnl_socket_recvfrom(g->nl, g->answer, sizeof(g->answer));
	return n < 0 ? -errno : take_family(g, (int)n);
}

struct genl *genl_open(char err[GENL_ERROR_MAX])
{
	static const int wanted[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK,
				      NETLINK_GET_STRICT_CHK };
	struct genl *g = calloc(1, sizeof(*g));
	int rc = g ? 0 : -ENOMEM, one = 1;
	size_t i;

	if (g) {
		g->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
		if (!g->nl || mnl_socket_bind(g->nl, 0, MNL_SOCKET_AUTOPID) < 0)
			rc = -errno;
	}
	if (!rc) {
		for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			mnl_socket_setsockopt(g->nl, wanted[i], &one,
					      sizeof(one));
		rc = find_family(g);
	}
	if (!rc)
		return g;
	if (rc == -ENOENT)
		snprintf(err, GENL_ERROR_MAX,
			 "adit: module adit is not loaded (modprobe adit)");
	else
		snprintf(err, GENL_ERROR_MAX, "adit: netlink: %s",
			 strerror(-rc));
	genl_close(g);
	return NULL;
}

void genl_close(struct genl *g)
{
	if (g && g->nl)
		mnl_socket_close(g->nl);
	free(g);
}

int genl_join(struct genl *g, char err[GENL_ERROR_MAX])
{
	int fd = mnl_socket_get_fd(g->nl), size = EVENT_BUFFER;
	uint32_t group = g->group;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (group && !mnl_socket_setsockopt(g->nl, NETLINK_ADD_MEMBERSHIP,
					    &group, sizeof(group)))
		return 0;
	snprintf(err, GENL_ERROR_MAX, "adit: the module's events: %s",
		 strerror(group ? errno : ENOENT));
	return -1;
}

int genl_fd(const struct genl *g)
{
	return mnl_socket_get_fd(g->nl);
}

int genl_events(struct genl *g, genl_fn *fn, void *user)
{
	const struct nlmsghdr *msg = (const void *)g->answer;
	const struct nlattr *tb[ADIT_A_MAX + 1];
	ssize_t n = mnl_socket_recvfrom(g->nl, g->answer, sizeof(g->answer));
	int len = (int)n;

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len)) {
		const struct genlmsghdr *h = mnl_nlmsg_get_payload(msg);

		if (msg->nlmsg_type == g->family && !genl_parse(msg, tb))
			fn(tb, h->cmd, user);
	}
	return 0;
}
