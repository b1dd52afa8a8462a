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
	/* CTL_A_ID, CTL_A_USER, CTL_A_MAC, CTL_A_ADDRESS narrow; CTL_A_ENDED: those
	 * that have ended
	 */
	CTL_SUBSCRIBER_SHOW,
	CTL_SUBSCRIBER_DEL, /* CTL_A_ID or CTL_A_USER */
	CTL_MONITOR,
	/* Levels: CTL_A_VRF and CTL_A_REMOTE, CTL_A_TUNNEL_ID, CTL_A_SESSION_ID,
	 * CTL_A_NAME (of a tunnel's definition) narrow down and name. CTL_A_ENDED:
	 * those that have ended.
	 */
	CTL_DESTINATION_SHOW,
	CTL_TUNNEL_SHOW,
	CTL_SESSION_SHOW,
	CTL_SYSTEM_ORDER, /* these carry CTL_A_ADMIN */
	CTL_DESTINATION_ORDER,
	CTL_TUNNEL_ORDER, /* of TUNNEL_ID, or of NAME: those to come as well */
	CTL_SESSION_ORDER, /* TUNNEL_ID, SESSION_ID; shutdown only */
	CTL_TUNNEL_TEST, /* CTL_A_NAME: a definition, or its remote address */
	CTL_DESTINATION_UNLOCK, /* CTL_A_VRF, CTL_A_REMOTE */
	CTL_DESTINATION_TEST_LOCKOUT,
	CTL_POOL_SHOW, /* CTL_A_NAME narrows */
	CTL_RADIUS_SHOW, /* CTL_A_NAME narrows: servers of that name */
};

enum ctl_kind {
	CTL_KIND_SYSTEM = 1,
	CTL_KIND_COUNTER, /* NAME, VALUE */
	CTL_KIND_SUBSCRIBER,
	CTL_KIND_EVENT, /* EVENT, OBJECT and the attributes of that */
	CTL_KIND_DESTINATION,
	CTL_KIND_TUNNEL,
	CTL_KIND_SESSION,
	CTL_KIND_TEST, /* NAME, ADDRESS (remote), STATE, VALUE (ms), PEER, TEXT */
	/* NAME, VRF, SIZE, USED, RESTING and counters; of a pool6: LENGTH */
	CTL_KIND_POOL,
	/* NAME, USE, HOSTNAME (of its configuration), REMOTE, PORT, VRF, STATE,
	 * UPTIME (in that state), REASON (it has no address), RESPONSE_TIME,
	 * RADIUS; of who may order: NAME, USE, REMOTE (a prefix), VRF, RADIUS
	 */
	CTL_KIND_RADIUS,
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
	CTL_A_PEER, /* string: of the definition of LAC or LNS */
	CTL_A_MAC, /* string: the client's */
	CTL_A_ADDRESS, /* string: the subscriber's IPv4 address */
	CTL_A_MRU, /* u32: largest PPP information field to the subscriber */
	CTL_A_UPTIME, /* u64, seconds */
	CTL_A_EVENT, /* string: "up", "down", "drain", "shutdown", "enabled" */
	CTL_A_VERSION, /* string */
	CTL_A_HOSTNAME, /* string */
	CTL_A_SUBSCRIBERS, /* u32 */
	CTL_A_TUNNELS, /* u32 */
	CTL_A_SESSIONS, /* u32 */
	CTL_A_ADMIN, /* string: enabled, drain, shutdown */
	CTL_A_EFFECTIVE, /* string: the strictest of it and what is above it */
	CTL_A_VRF, /* string; absent: none */
	CTL_A_REMOTE, /* string: the destination's address */
	CTL_A_DESTINATION, /* string: "192.0.2.9", "red/192.0.2.9" */
	CTL_A_TUNNEL_ID, /* u32 */
	CTL_A_PEER_TUNNEL_ID, /* u32 */
	CTL_A_SESSION_ID, /* u32 */
	CTL_A_PEER_SESSION_ID, /* u32 */
	CTL_A_PEER_NAME, /* string: the Host Name that the peer sent */
	CTL_A_ROLE, /* string: "lac", "lns" */
	/* Of those below a level, enum ctl_tally u64s each. */
	CTL_A_OF_DESTINATIONS,
	CTL_A_OF_TUNNELS,
	CTL_A_OF_SESSIONS,
	/* string: why it ended, "3/0 administrative"; a subscriber's, "PPP: echo
	 * timeout"; also with the event "down"
	 */
	CTL_A_REASON,
	CTL_A_ENDED, /* u64: seconds since; in a request: any */
	CTL_A_RX_PACKETS, /* u64: of one that has ended, and the next three */
	CTL_A_RX_BYTES,
	CTL_A_TX_PACKETS,
	CTL_A_TX_BYTES,
	/* Of a tunnel's control channel: */
	CTL_A_SRTT, /* u64, ms: round trip, smoothed; absent: none measured */
	CTL_A_RTO, /* u64, ms: until what is not acknowledged is sent again */
	CTL_A_RETRANSMITS, /* u64: messages that were sent again */
	CTL_A_WINDOW, /* u32: the peer's receive window */
	CTL_A_CWND, /* u32: messages that may be under way now */
	CTL_A_UNACKED, /* u32: messages not acknowledged, sent or not */
	/* string, of an event: whose attributes it has: "system", "destination",
	 * "tunnel", "session"; absent: a subscriber's
	 */
	CTL_A_OBJECT,
	CTL_A_NETWORKS, /* string: what is open, "ipv4", "ipv6", "ipv4 ipv6" */
	CTL_A_INTERFACE_ID, /* string: the subscriber's, by IPv6CP; "::2:0:0:9" */
	CTL_A_PREFIX6, /* string: of its link, advertised */
	CTL_A_ADDRESS6, /* string: for it, by DHCPv6 */
	CTL_A_DELEGATED, /* string: a prefix for it, by DHCPv6 */
	CTL_A_DUID, /* string, hex: of its DHCPv6 client that has taken these */
	/* Of a destination that is locked out: */
	CTL_A_LOCKOUT, /* string: "locked", "awaiting-test", "testing" */
	CTL_A_LOCKOUT_LEFT, /* u64, seconds: of one that is "locked" */
	/* Of a pool: addresses or prefixes, then how often. */
	CTL_A_SIZE, /* u64: that can be lent */
	CTL_A_USED, /* u64 */
	CTL_A_RESTING, /* u64 */
	CTL_A_EXHAUSTED, /* u64: it ran dry */
	CTL_A_REFUSED, /* u64: somebody got none */
	CTL_A_RETURNED, /* u64: a user got its last one again */
	CTL_A_HURRIED, /* u64: one rested for less, as too many do */
	/* Of a RADIUS server, or one of RFC 5176's clients: */
	CTL_A_USE, /* string: "authentication", "accounting", "coa" */
	CTL_A_PORT, /* u32 */
	CTL_A_RESPONSE_TIME, /* u64, ms: smoothed; absent: none measured */
	CTL_A_RADIUS, /* enum ctl_radius u64s */
	CTL_A_LENGTH, /* u32: of the prefixes of a pool6 */
	CTL_A_REACHED, /* string: a subscriber's state before it ended */
	__CTL_A_MAX
};

enum ctl_radius {
	CTL_RADIUS_IN_FLIGHT, /* requests, now */
	CTL_RADIUS_QUEUE, /* that wait for room, in the groups that it is in */
	CTL_RADIUS_SENT,
	CTL_RADIUS_RETRANSMITS,
	CTL_RADIUS_SEND_FAILED,
	CTL_RADIUS_ACCEPTS,
	CTL_RADIUS_REJECTS,
	CTL_RADIUS_CHALLENGES,
	CTL_RADIUS_RESPONSES, /* of accounting */
	CTL_RADIUS_TIMEOUTS,
	CTL_RADIUS_DEATHS,
	CTL_RADIUS_PROBES,
	CTL_RADIUS_PROBES_ANSWERED,
	/* Bad packets: */
	CTL_RADIUS_MALFORMED,
	CTL_RADIUS_UNEXPECTED,
	CTL_RADIUS_BAD_CODE,
	CTL_RADIUS_BAD_AUTHENTICATOR,
	CTL_RADIUS_BAD_MESSAGE_AUTHENTICATOR,
	CTL_RADIUS_NO_MESSAGE_AUTHENTICATOR,
	/* Of who may order: */
	CTL_RADIUS_DISCONNECTS,
	CTL_RADIUS_COAS,
	CTL_RADIUS_AGAIN,
	CTL_RADIUS_ACKS,
	CTL_RADIUS_NAKS,
	CTL_RADIUS_OVER_RATE,
	CTL_RADIUS_NO_TIMESTAMP,
	CTL_RADIUS_STALE,
	CTL_RADIUS_REPLAYED,
	CTL_RADIUS_MAX
};

enum ctl_tally {
	CTL_TALLY_TOTAL,
	CTL_TALLY_ACTIVE,
	CTL_TALLY_FAILED,
	CTL_TALLY_AUTH_ERRORS,
	CTL_TALLY_MAX
};

#define CTL_A_MAX (__CTL_A_MAX - 1)

#endif /* ADIT_CTL_H */
