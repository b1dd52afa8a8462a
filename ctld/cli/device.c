/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit device: where IP is terminated. By rtnetlink, on a socket of its own, for
 * ip(8) has no word for the mode.
 */
#include "cli/device.h"

#include "cli/link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#define SEQ 1

static const char *mode_name(uint8_t mode)
{
	return mode == ADIT_MODE_P2P ? "p2p" : "multipoint";
}

/* What IFLA_LINKINFO says; -1: another kind. */
static int mode_of(const struct nlattr *info)
{
	const struct nlattr *a, *m;
	bool ours = false;
	int mode = ADIT_MODE_MULTIPOINT;

	mnl_attr_for_each_nested(a, info) {
		if (mnl_attr_get_type(a) == IFLA_INFO_KIND &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			ours = !strcmp(mnl_attr_get_str(a), ADIT_RTNL_KIND);
		if (mnl_attr_get_type(a) != IFLA_INFO_DATA)
			continue;
		mnl_attr_for_each_nested(m, a)
			if (mnl_attr_get_type(m) == IFLA_ADIT_MODE &&
			    mnl_attr_get_payload_len(m) >= 1)
				mode = mnl_attr_get_u8(m);
	}
	return ours ? mode : -1;
}

static void show_one(struct cli *c, const struct nlmsghdr *msg)
{
	const struct ifinfomsg *i = mnl_nlmsg_get_payload(msg);
	const struct nlattr *a;
	struct out *o = &c->out;
	uint32_t mtu = 0;
	int mode = -1;

	mnl_attr_for_each(a, msg, sizeof(*i)) {
		if (mnl_attr_get_type(a) == IFLA_LINKINFO)
			mode = mode_of(a);
		if (mnl_attr_get_type(a) == IFLA_MTU)
			mtu = link_u32(a);
	}
	if (mode < 0)
		return;
	out_object(o);
	link_dev(o, "device ", (uint32_t)i->ifi_index);
	out_field(o, "ifindex", c->details ? " ifindex " : NULL,
		  out_u64((uint64_t)i->ifi_index));
	out_field(o, "mode", " mode ", out_word(mode_name((uint8_t)mode)));
	out_field(o, "mtu", " mtu ", out_u64(mtu));
	out_object_end(o);
}

/* One answer; 1: go on. */
static int take(struct cli *c, const struct nlmsghdr *msg)
{
	const int *code = mnl_nlmsg_get_payload(msg);
	char err[GENL_ERROR_MAX];

	if (msg->nlmsg_type == RTM_NEWLINK)
		show_one(c, msg);
	if (msg->nlmsg_type != NLMSG_ERROR && msg->nlmsg_type != NLMSG_DONE)
		return 1;
	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*code) || *code >= 0)
		return CLI_OK;
	genl_refusal(msg, *code, err);
	cli_complain(c, err);
	return CLI_REFUSED;
}

static int talk(struct cli *c, struct mnl_socket *nl, struct nlmsghdr *msg)
{
	static uint8_t answer[65536] __attribute__((aligned(8)));
	const struct nlmsghdr *m;
	ssize_t n;
	int len;

	n = mnl_socket_sendto(nl, msg, msg->nlmsg_len);
	while (n >= 0) {
		n = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		m = (const void *)answer;
		for (len = (int)n; n >= 0 && mnl_nlmsg_ok(m, len);
		     m = mnl_nlmsg_next(m, &len)) {
			int rc = m->nlmsg_seq == SEQ ? take(c, m) : 1;

			if (rc != 1)
				return rc;
		}
	}
	return cli_error(c, "rtnetlink: %s", strerror(errno));
}

static int ask(struct cli *c, struct nlmsghdr *msg)
{
	static const int wanted[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK };
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int rc, one = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		rc = cli_error(c, "rtnetlink: %s", strerror(errno));
	} else {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			mnl_socket_setsockopt(nl, wanted[i], &one, sizeof(one));
		rc = talk(c, nl, msg);
	}
	if (nl)
		mnl_socket_close(nl);
	return rc;
}

static struct nlmsghdr *request(uint16_t type, uint16_t flags)
{
	static uint8_t room[1024] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(room);

	msg->nlmsg_type = type;
	msg->nlmsg_flags = NLM_F_REQUEST | flags;
	msg->nlmsg_seq = SEQ;
	mnl_nlmsg_put_extra_header(msg, sizeof(struct ifinfomsg));
	return msg;
}

static int device_show(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	(void)cmd, (void)args;
	return ask(c, request(RTM_GETLINK, NLM_F_DUMP));
}

static int device_add(struct cli *c, const struct command *cmd,
		      const struct args *args)
{
	const char *name = arg_get(args, "name")->text;
	struct nlmsghdr *msg =
		request(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data;

	(void)cmd;
	if (strlen(name) >= IF_NAMESIZE)
		return cli_error(c, "device: %s: name is too long", name);
	mnl_attr_put_strz(msg, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(msg, IFLA_LINKINFO);
	mnl_attr_put_strz(msg, IFLA_INFO_KIND, ADIT_RTNL_KIND);
	data = mnl_attr_nest_start(msg, IFLA_INFO_DATA);
	mnl_attr_put_u8(msg, IFLA_ADIT_MODE,
			arg_get(args, "p2p") ? ADIT_MODE_P2P :
					       ADIT_MODE_MULTIPOINT);
	mnl_attr_nest_end(msg, data);
	mnl_attr_nest_end(msg, info);
	return ask(c, msg);
}

static const struct arg add_args[] = {
	{ .word = "name", .type = ARG_TEXT, .flags = ARG_NEEDED | ARG_BARE },
	{ .word = "p2p", .type = ARG_FLAG },
};

static const struct command commands[] = {
	{ "show", "list", "lists devices of kind adit", NULL, 0, device_show,
	  true, 0 },
	{ "add", NULL, "makes one, for many links or point-to-point",
	  ROWS(add_args), device_add, false, 0 },
};

const struct object device_object = {
	"device",
	"where IP of subscribers is terminated (module)",
	ROWS(commands),
};
