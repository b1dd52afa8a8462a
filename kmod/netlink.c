// SPDX-License-Identifier: GPL-2.0
/*
 * The family: its policies and the table of commands. The commands themselves are
 * in nl_system, nl_tunnel (endpoints, tunnels), nl_link (sessions, bindings), nl_pppoe
 * (ports, pppoes), nl_underlay, nl_punt, nl_tap and nl_inject.
 */
#include "netlink.h"

#include <linux/module.h>

#include "genl.h"
#include "compat.h"
#include "nl_args.h"
#include "nl_inject.h"
#include "nl_link.h"
#include "nl_pppoe.h"
#include "nl_punt.h"
#include "nl_system.h"
#include "nl_tap.h"
#include "nl_tunnel.h"
#include "nl_underlay.h"
#include "orphan.h"

static const struct nla_policy link_policy[ADIT_A_MAX + 1] = {
	[ADIT_A_TUNNEL_ID] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_SESSION_ID] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[ADIT_A_VLAN_OUTER] = NLA_POLICY_MAX(NLA_U16, 4094),
	[ADIT_A_VLAN_INNER] = NLA_POLICY_MAX(NLA_U16, 4094),
};

static const struct nla_policy addr_policy[ADIT_A_MAX + 1] = {
	[ADIT_A_PREFIX] =
		NLA_POLICY_VALIDATE_FN(NLA_BINARY, adit_nl_check_ip, 16),
	[ADIT_A_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

static const struct nla_policy addrs_policy[ADIT_A_MAX + 1] = {
	[ADIT_A_ADDR] = NLA_POLICY_NESTED(addr_policy),
};

/* A policy's own bounds are signed and of 16 bits. */
static struct netlink_range_validation tunnel_range = {
	.min = 1,
	.max = 65535,
};

static struct netlink_range_validation session_range = {
	.min = 1,
	.max = 1 << 20,
};

static struct netlink_range_validation frag_timeout_range = {
	.min = ADIT_FRAG_TIMEOUT_MIN,
	.max = ADIT_FRAG_TIMEOUT_MAX,
};

static struct netlink_range_validation frag_budget_range = {
	.min = ADIT_FRAG_BUDGET_MIN,
	.max = ADIT_FRAG_BUDGET_MAX,
};

static struct netlink_range_validation orphan_range = {
	.max = ADIT_ORPHAN_TIMEOUT_MAX,
};

static struct netlink_range_validation reorder_packets_range = {
	.min = 1,
	.max = 256,
};

static struct netlink_range_validation rate_range = {
	.min = ADIT_RATE_MIN,
	.max = ADIT_RATE_MAX,
};

static struct netlink_range_validation burst_range = {
	.min = 1,
	.max = ADIT_BURST_MAX,
};

static const struct nla_policy police_policy[ADIT_POLICE_MAX + 1] = {
	[ADIT_POLICE_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &rate_range),
	[ADIT_POLICE_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &burst_range),
	[ADIT_POLICE_PEAK_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &rate_range),
	[ADIT_POLICE_PEAK_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &burst_range),
	[ADIT_POLICE_GREEN_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[ADIT_POLICE_YELLOW_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[ADIT_POLICE_GREEN_MARK] = { .type = NLA_U32 },
	[ADIT_POLICE_YELLOW_MARK] = { .type = NLA_U32 },
};

static const struct nla_policy pace_policy[ADIT_PACE_MAX + 1] = {
	[ADIT_PACE_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &rate_range),
	[ADIT_PACE_HORIZON] = NLA_POLICY_RANGE(NLA_U32, 1, 10000),
};

static struct netlink_range_validation ration_range = {
	.min = 1,
	.max = 1000000,
};

static const struct nla_policy policy[ADIT_A_MAX + 1] = {
	[ADIT_A_MAX_TUNNELS] = NLA_POLICY_FULL_RANGE(NLA_U32, &tunnel_range),
	[ADIT_A_MAX_SESSIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &session_range),
	[ADIT_A_CLASSES] = NLA_POLICY_MASK(NLA_U32, (1 << __ADIT_PUNT_MAX) - 1),
	[ADIT_A_ENDPOINT_ID] = { .type = NLA_U32 },
	[ADIT_A_LOCAL] =
		NLA_POLICY_VALIDATE_FN(NLA_BINARY, adit_nl_check_ip, 16),
	[ADIT_A_LOCAL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_REMOTE] =
		NLA_POLICY_VALIDATE_FN(NLA_BINARY, adit_nl_check_ip, 16),
	[ADIT_A_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_FROM] =
		NLA_POLICY_VALIDATE_FN(NLA_BINARY, adit_nl_check_ip, 16),
	[ADIT_A_FROM_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[ADIT_A_TUNNEL_ID] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_PEER_TUNNEL_ID] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_SESSION_ID] = NLA_POLICY_MIN(NLA_U16, 1),
	[ADIT_A_PEER_SESSION_ID] = { .type = NLA_U16 },
	[ADIT_A_VLAN_OUTER] = NLA_POLICY_MAX(NLA_U16, 4094),
	[ADIT_A_VLAN_INNER] = NLA_POLICY_MAX(NLA_U16, 4094),
	[ADIT_A_VLAN_PROTO] = { .type = NLA_U16 },
	[ADIT_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[ADIT_A_UDP_CSUM] = NLA_POLICY_MAX(NLA_U8, 1),
	[ADIT_A_SEQ] = NLA_POLICY_MAX(NLA_U8, 1),
	[ADIT_A_LABEL] = { .type = NLA_NUL_STRING, .len = ADIT_LABEL_MAX },
	[ADIT_A_COOKIE] = { .type = NLA_U64 },
	[ADIT_A_FORCE] = { .type = NLA_FLAG },
	[ADIT_A_LINK] = NLA_POLICY_NESTED(link_policy),
	[ADIT_A_TO_LINK] = NLA_POLICY_NESTED(link_policy),
	[ADIT_A_TO_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[ADIT_A_ADDRS] = NLA_POLICY_NESTED(addrs_policy),
	[ADIT_A_MTU] = NLA_POLICY_MIN(NLA_U16, 68),
	[ADIT_A_MAGIC] = { .type = NLA_U32 },
	[ADIT_A_FRAG_TIMEOUT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &frag_timeout_range),
	[ADIT_A_FRAG_BUDGET] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &frag_budget_range),
	[ADIT_A_FRAG_PEER_BUDGET] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &frag_budget_range),
	[ADIT_A_DSCP] = NLA_POLICY_MAX(NLA_U8, ADIT_DSCP_INHERIT),
	[ADIT_A_DF] = NLA_POLICY_MAX(NLA_U8, ADIT_DF_INHERIT),
	[ADIT_A_IPSEC] = NLA_POLICY_MAX(NLA_U8, 1),
	[ADIT_A_ECN] = NLA_POLICY_MAX(NLA_U8, 1),
	[ADIT_A_REORDER_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, 1000),
	[ADIT_A_REORDER_PACKETS] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &reorder_packets_range),
	[ADIT_A_MSS] = { .type = NLA_U16 },
	[ADIT_A_MRU] = { .type = NLA_U16 },
	[ADIT_A_MARK] = { .type = NLA_U32 },
	[ADIT_A_PRIORITY] = { .type = NLA_U32 },
	[ADIT_A_POLICE_RX] = NLA_POLICY_NESTED(police_policy),
	[ADIT_A_POLICE_TX] = NLA_POLICY_NESTED(police_policy),
	[ADIT_A_PACE] = NLA_POLICY_NESTED(pace_policy),
	[ADIT_A_CLASS] = NLA_POLICY_MAX(NLA_U8, __ADIT_PUNT_MAX - 1),
	[ADIT_A_RATION] = NLA_POLICY_MAX(NLA_U8, __ADIT_RATION_MAX - 1),
	[ADIT_A_RATION_RATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &ration_range),
	[ADIT_A_RATION_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &ration_range),
	[ADIT_A_HOLD] = { .type = NLA_FLAG },
	[ADIT_A_SNAP] = NLA_POLICY_RANGE(NLA_U16, 2, ADIT_FRAME_MAX),
	[ADIT_A_ORPHAN_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &orphan_range),
	[ADIT_A_FRAME] = { .type = NLA_BINARY, .len = ADIT_FRAME_MAX },
};

static int check_do(ADIT_PRE_DOIT_OPS *op, struct sk_buff *skb,
		    struct genl_info *info)
{
	return adit_nl_args_check(info->genlhdr->cmd, false, info->attrs,
				  info->extack);
}

/* With each part of the dump: only there 6.1 has a place for the text. */
static int check_dump(struct netlink_callback *cb)
{
	const struct genlmsghdr *head = nlmsg_data(cb->nlh);

	return adit_nl_args_check(head->cmd, true, adit_dump_attrs(cb),
				  cb->extack);
}

#define CHECKED(fn)                                          \
	static int fn##_checked(struct sk_buff *skb,         \
				struct netlink_callback *cb) \
	{                                                    \
		return check_dump(cb) ?: fn(skb, cb);        \
	}

CHECKED(adit_nl_endpoint_dump)
CHECKED(adit_nl_tunnel_dump)
CHECKED(adit_nl_session_dump)
CHECKED(adit_nl_port_dump)
CHECKED(adit_nl_pppoe_dump)
CHECKED(adit_nl_underlay_dump)
CHECKED(adit_nl_class_dump)
CHECKED(adit_nl_ration_dump)
CHECKED(adit_nl_peers_dump)
CHECKED(adit_nl_tap_dump)

#define DO(name, fn)                                \
	{                                           \
		.cmd = ADIT_CMD_##name, .doit = fn, \
		.flags = GENL_UNS_ADMIN_PERM        \
	}
#define DO_DUMP(name, fn, dump)                                               \
	{                                                                     \
		.cmd = ADIT_CMD_##name, .doit = fn, .dumpit = dump##_checked, \
		.flags = GENL_UNS_ADMIN_PERM                                  \
	}

static const struct genl_ops ops[] = {
	DO(SYSTEM_GET, adit_nl_system_get),
	DO(SYSTEM_SET, adit_nl_system_set),
	DO(LISTEN, adit_nl_listen),
	DO(ENDPOINT_NEW, adit_nl_endpoint_new),
	DO(ENDPOINT_DEL, adit_nl_endpoint_del),
	DO_DUMP(ENDPOINT_GET, adit_nl_endpoint_get, adit_nl_endpoint_dump),
	DO(TUNNEL_NEW, adit_nl_tunnel_new),
	DO(TUNNEL_SET, adit_nl_tunnel_set),
	DO(TUNNEL_DEL, adit_nl_tunnel_del),
	DO_DUMP(TUNNEL_GET, adit_nl_tunnel_get, adit_nl_tunnel_dump),
	DO(SESSION_NEW, adit_nl_session_new),
	DO(SESSION_SET, adit_nl_session_set),
	DO(SESSION_DEL, adit_nl_session_del),
	DO_DUMP(SESSION_GET, adit_nl_session_get, adit_nl_session_dump),
	DO(PORT_NEW, adit_nl_port_new),
	DO(PORT_DEL, adit_nl_port_del),
	DO_DUMP(PORT_GET, adit_nl_port_get, adit_nl_port_dump),
	DO(PPPOE_NEW, adit_nl_pppoe_new),
	DO(PPPOE_SET, adit_nl_pppoe_set),
	DO(PPPOE_DEL, adit_nl_pppoe_del),
	DO_DUMP(PPPOE_GET, adit_nl_pppoe_get, adit_nl_pppoe_dump),
	DO(UNDERLAY_NEW, adit_nl_underlay_new),
	DO(UNDERLAY_DEL, adit_nl_underlay_del),
	DO_DUMP(UNDERLAY_GET, adit_nl_underlay_get, adit_nl_underlay_dump),
	DO(BIND, adit_nl_bind),
	DO(INJECT, adit_nl_inject),
	DO_DUMP(CLASS_GET, adit_nl_class_get, adit_nl_class_dump),
	DO(RATION_SET, adit_nl_ration_set),
	DO_DUMP(RATION_GET, adit_nl_ration_get, adit_nl_ration_dump),
	DO(PEERS_SET, adit_nl_peers_set),
	DO_DUMP(PEERS_GET, adit_nl_peers_get, adit_nl_peers_dump),
	DO(TAP_NEW, adit_nl_tap_new),
	DO(TAP_DEL, adit_nl_tap_del),
	DO_DUMP(TAP_GET, adit_nl_tap_get, adit_nl_tap_dump),
};

static const struct genl_multicast_group groups[] = {
	{
		.name = ADIT_GENL_MCGRP_EVENT,
#ifdef GENL_MCAST_CAP_NET_ADMIN
		.flags = GENL_MCAST_CAP_NET_ADMIN,
#endif
	},
};

struct genl_family adit_genl __ro_after_init = {
	.name = ADIT_GENL_NAME,
	.version = ADIT_GENL_VERSION,
	.maxattr = ADIT_A_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.pre_doit = check_do,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int __init adit_netlink_init(void)
{
	return genl_register_family(&adit_genl);
}

void adit_netlink_exit(void)
{
	genl_unregister_family(&adit_genl);
}
