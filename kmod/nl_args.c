// SPDX-License-Identifier: GPL-2.0
/*
 * The family's policy says what an attribute may be; this says whose it is. What a
 * command would not look at is refused: whoever sent it believes that it does
 * something. A command with several forms has a row for each, told by an attribute
 * of that form's own. Called by the family, before each command.
 */
#include "nl_args.h"

#include <linux/adit.h>

#define ARGS_MAX 16

struct args {
	u8 cmd;
	u8 form; /* of the row, if this is there, or DUMP; 0: of what is left */
	u8 may[ARGS_MAX];
};

#define A(name) ADIT_A_##name
#define DUMP 0xff /* a form: what narrows the dump */

/* Commands and dumps that are not here take none. */
static const struct args args[] = {
	{ ADIT_CMD_SYSTEM_SET,
	  0,
	  { A(MAX_TUNNELS), A(MAX_SESSIONS), A(FRAG_TIMEOUT), A(FRAG_BUDGET),
	    A(FRAG_PEER_BUDGET), A(ORPHAN_TIMEOUT) } },
	{ ADIT_CMD_LISTEN, 0, { A(CLASSES) } },
	{ ADIT_CMD_ENDPOINT_NEW, 0, { A(LOCAL), A(LOCAL_PORT), A(IFINDEX) } },
	{ ADIT_CMD_ENDPOINT_DEL, 0, { A(ENDPOINT_ID) } },
	{ ADIT_CMD_ENDPOINT_GET, 0, { A(ENDPOINT_ID) } },
	{ ADIT_CMD_TUNNEL_NEW,
	  0,
	  { A(ENDPOINT_ID), A(TUNNEL_ID), A(PEER_TUNNEL_ID), A(REMOTE),
	    A(REMOTE_PORT), A(FROM), A(FROM_PORT), A(UDP_CSUM), A(DSCP), A(ECN),
	    A(DF), A(IPSEC), A(LABEL), A(COOKIE) } },
	{ ADIT_CMD_TUNNEL_SET,
	  0,
	  { A(TUNNEL_ID), A(PEER_TUNNEL_ID), A(REMOTE), A(REMOTE_PORT), A(FROM),
	    A(FROM_PORT), A(UDP_CSUM), A(DSCP), A(ECN), A(DF), A(IPSEC),
	    A(LABEL), A(COOKIE) } },
	{ ADIT_CMD_TUNNEL_DEL, 0, { A(TUNNEL_ID), A(FORCE) } },
	{ ADIT_CMD_TUNNEL_GET, 0, { A(TUNNEL_ID) } },
	{ ADIT_CMD_SESSION_NEW,
	  0,
	  { A(TUNNEL_ID), A(SESSION_ID), A(PEER_SESSION_ID), A(SEQ),
	    A(REORDER_TIMEOUT), A(REORDER_PACKETS), A(LABEL), A(COOKIE),
	    A(MARK), A(PRIORITY), A(POLICE_RX), A(POLICE_TX), A(PACE) } },
	{ ADIT_CMD_SESSION_SET,
	  0,
	  { A(TUNNEL_ID), A(SESSION_ID), A(PEER_SESSION_ID), A(SEQ),
	    A(REORDER_TIMEOUT), A(REORDER_PACKETS), A(LABEL), A(COOKIE),
	    A(MARK), A(PRIORITY), A(POLICE_RX), A(POLICE_TX), A(PACE) } },
	{ ADIT_CMD_SESSION_DEL, 0, { A(TUNNEL_ID), A(SESSION_ID) } },
	{ ADIT_CMD_SESSION_GET, 0, { A(TUNNEL_ID), A(SESSION_ID) } },
	{ ADIT_CMD_SESSION_GET,
	  DUMP,
	  { A(TUNNEL_ID), A(LABEL), A(COOKIE), A(TO_IFINDEX) } },
	{ ADIT_CMD_PORT_NEW, 0, { A(IFINDEX) } },
	{ ADIT_CMD_PORT_DEL, 0, { A(IFINDEX) } },
	{ ADIT_CMD_PORT_GET, 0, { A(IFINDEX) } },
	{ ADIT_CMD_PPPOE_NEW,
	  0,
	  { A(IFINDEX), A(VLAN_OUTER), A(VLAN_INNER), A(SESSION_ID),
	    A(VLAN_PROTO), A(MAC), A(LABEL), A(COOKIE), A(MARK), A(PRIORITY),
	    A(POLICE_RX), A(POLICE_TX), A(PACE) } },
	{ ADIT_CMD_PPPOE_SET,
	  0,
	  { A(IFINDEX), A(VLAN_OUTER), A(VLAN_INNER), A(SESSION_ID), A(LABEL),
	    A(COOKIE), A(MARK), A(PRIORITY), A(POLICE_RX), A(POLICE_TX),
	    A(PACE) } },
	{ ADIT_CMD_PPPOE_DEL,
	  0,
	  { A(IFINDEX), A(VLAN_OUTER), A(VLAN_INNER), A(SESSION_ID) } },
	{ ADIT_CMD_PPPOE_GET,
	  0,
	  { A(IFINDEX), A(VLAN_OUTER), A(VLAN_INNER), A(SESSION_ID) } },
	{ ADIT_CMD_PPPOE_GET,
	  DUMP,
	  { A(IFINDEX), A(LABEL), A(COOKIE), A(TO_IFINDEX) } },
	{ ADIT_CMD_UNDERLAY_NEW, 0, { A(IFINDEX) } },
	{ ADIT_CMD_UNDERLAY_DEL, 0, { A(IFINDEX) } },
	{ ADIT_CMD_UNDERLAY_GET, 0, { A(IFINDEX) } },
	{ ADIT_CMD_BIND, A(TO_LINK), { A(LINK), A(TO_LINK), A(MSS), A(HOLD) } },
	{ ADIT_CMD_BIND,
	  A(TO_IFINDEX),
	  { A(LINK), A(TO_IFINDEX), A(ADDRS), A(MTU), A(MRU), A(MAGIC),
	    A(MSS) } },
	{ ADIT_CMD_BIND, 0, { A(LINK) } },
	{ ADIT_CMD_INJECT, A(LINK), { A(LINK), A(FRAME) } },
	{ ADIT_CMD_INJECT,
	  A(ENDPOINT_ID),
	  { A(ENDPOINT_ID), A(REMOTE), A(REMOTE_PORT), A(TUNNEL_ID), A(IPSEC),
	    A(FRAME) } },
	{ ADIT_CMD_INJECT,
	  0,
	  { A(IFINDEX), A(VLAN_OUTER), A(VLAN_INNER), A(VLAN_PROTO), A(MAC),
	    A(FRAME) } },
	{ ADIT_CMD_CLASS_GET, 0, { A(CLASS) } },
	{ ADIT_CMD_RATION_SET,
	  0,
	  { A(RATION), A(RATION_RATE), A(RATION_BURST) } },
	{ ADIT_CMD_RATION_GET, 0, { A(RATION) } },
	{ ADIT_CMD_PEERS_SET, 0, { A(ADDRS) } },
	{ ADIT_CMD_TAP_NEW,
	  0,
	  { A(LINK), A(SNAP), A(RATION_RATE), A(RATION_BURST) } },
	{ ADIT_CMD_TAP_DEL, 0, { A(LINK) } },
	{ ADIT_CMD_TAP_GET, 0, { A(LINK) } },
};

static bool is_of(const struct args *row, u8 cmd, bool dump,
		  struct nlattr *const *a)
{
	if (row->cmd != cmd)
		return false;
	if (dump || row->form == DUMP)
		return dump && row->form == DUMP;
	return !row->form || a[row->form];
}

static const struct args *args_of(u8 cmd, bool dump, struct nlattr *const *a)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(args); i++)
		if (is_of(&args[i], cmd, dump, a))
			return &args[i];
	return NULL;
}

int adit_nl_args_check(u8 cmd, bool dump, struct nlattr *const *a,
		       struct netlink_ext_ack *extack)
{
	const struct args *mine = args_of(cmd, dump, a);
	int i;

	for (i = 1; i <= ADIT_A_MAX; i++) {
		if (!a[i] || (mine && memchr(mine->may, i, ARGS_MAX)))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, a[i],
				    "attribute is none of this command's");
		return -EINVAL;
	}
	return 0;
}
