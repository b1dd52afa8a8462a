/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: how the tool speaks to the daemon.
 *
 * A UNIX stream socket, by default /run/adit/ctl. Messages have netlink's form
 * (struct nlmsghdr with nlattr attributes, host byte order, built and read with
 * libmnl), nlmsg_type says what is meant:
 *
 *	request		enum ctl_verb, attributes narrow it down
 *	answer		any number of CTL_RECORD, then one CTL_END
 *	CTL_MONITOR	CTL_RECORD as things happen, until the client hangs up
 *
 * A record carries CTL_A_KIND and the attributes of its kind; an end carries
 * CTL_A_CODE (0, or a negative errno) and CTL_A_TEXT when it is not 0.
 * Append-only from the first release on.
 */
#ifndef ADIT_CTL_H
#define ADIT_CTL_H

#define CTL_SOCKET "/run/adit/ctl"
#define CTL_MESSAGE_MAX 8192

enum ctl_verb {
	CTL_RECORD = 0x10,
	CTL_END,
	CTL_SYSTEM_SHOW = 0x20,
	CTL_SUBSCRIBER_SHOW, /* CTL_A_USER narrows */
	CTL_SUBSCRIBER_DEL, /* CTL_A_ID or CTL_A_USER */
	CTL_MONITOR,
};

enum ctl_kind {
	CTL_KIND_SYSTEM = 1,
	CTL_KIND_COUNTER, /* NAME, VALUE */
	CTL_KIND_SUBSCRIBER,
	CTL_KIND_EVENT, /* EVENT and the subscriber's or tunnel's attributes */
};

enum ctl_attr {
	CTL_A_UNSPEC,
	CTL_A_KIND, /* u32 */
	CTL_A_CODE, /* u32, a negative errno as two's complement */
	CTL_A_TEXT, /* string */
	CTL_A_NAME, /* string */
	CTL_A_VALUE, /* u64 */
	CTL_A_ID, /* u64, the subscriber's */
	CTL_A_USER, /* string */
	CTL_A_STATE, /* string */
	CTL_A_ACCESS, /* string: "pppoe eth1/7" or "session 17/4242" */
	CTL_A_TO, /* string: "session 17/4242", "device adit-ppp" */
	CTL_A_PEER, /* string: LAC's or LNS's name */
	CTL_A_MAC, /* string: the client's */
	CTL_A_ADDRESS, /* string: the subscriber's IPv4 address */
	CTL_A_MRU, /* u32: largest PPP information field to the subscriber */
	CTL_A_UPTIME, /* u64, seconds */
	CTL_A_EVENT, /* string: "up", "down", ... */
	CTL_A_VERSION, /* string */
	CTL_A_HOSTNAME, /* string */
	CTL_A_SUBSCRIBERS, /* u32 */
	CTL_A_TUNNELS, /* u32 */
	CTL_A_SESSIONS, /* u32 */
	__CTL_A_MAX
};

#define CTL_A_MAX (__CTL_A_MAX - 1)

#endif /* ADIT_CTL_H */
