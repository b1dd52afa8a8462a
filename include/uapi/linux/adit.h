/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * adit: the kernel's side of an L2TPv2 LAC and LNS, as seen through netlink.
 *
 * One generic netlink family, "adit". Everything is per network namespace; each
 * command wants CAP_NET_ADMIN in the user namespace that owns the network
 * namespace. Every refusal carries an extack text; an attribute that a command has
 * no use for is refused as well, -EINVAL. Values are in host byte order but for
 * addresses (network order, as on the wire). The list of commands and attributes
 * only grows.
 *
 * Words. An endpoint is a UDP socket of ours; a tunnel is one control connection
 * with one peer; a session is one PPP connection in a tunnel; a port is an
 * Ethernet device where PPPoE is served; a pppoe is one PPPoE session on a port.
 * Sessions and pppoes are links. A link is bound to another link (its frames are
 * switched unopened), to a device of rtnl kind "adit" (its IP is terminated) or
 * to nothing (each frame is punted to user space).
 *
 * A batch is several messages in one send: they are carried out in their order,
 * each for itself. One that is refused is answered with its error and its own
 * sequence number, and does not end the batch; without NLM_F_ACK only such a one is
 * answered at all.
 *
 * A dump gives each object that exists from its beginning to its end once, whatever
 * comes and goes meanwhile; what comes or goes may be in it or not.
 *
 * A link is named by the nest ADIT_A_LINK, wherever one is meant:
 *
 *	ADIT_A_LINK: NLA_NESTED
 *		for a session:
 *			ADIT_A_TUNNEL_ID: u16, ours
 *			ADIT_A_SESSION_ID: u16, ours
 *		for a pppoe:
 *			ADIT_A_IFINDEX: u32, the port
 *			ADIT_A_VLAN_OUTER: u16, VLAN id, absent or 0: untagged
 *			ADIT_A_VLAN_INNER: u16, VLAN id, absent or 0: single tag
 *			ADIT_A_SESSION_ID: u16, PPPoE SESSION_ID
 *
 * ADIT_CMD_SYSTEM_GET
 * -------------------
 * No attribute. The reply:
 *
 *	ADIT_A_INSTANCE: u64, random, made with the namespace's first object; 0
 *		while there is none. Restart code compares it.
 *	ADIT_A_ANCHOR: u32, ifindex of the anchor device
 *	ADIT_A_TUNNELS: u32, ADIT_A_SESSIONS: u32, ADIT_A_PPPOES: u32: how many
 *	ADIT_A_MAX_TUNNELS: u32, ADIT_A_MAX_SESSIONS: u32
 *	ADIT_A_ORPHAN_TIMEOUT: u32, seconds
 *	ADIT_A_DROPS: NLA_NESTED, a u64 for each reason of include/adit/drop.h,
 *		in its order, as attribute 1, 2, ...; packets, of a super-packet each
 *		(a frame that was to go up is one)
 *
 *	ADIT_A_FRAG_TIMEOUT: u32, ADIT_A_FRAG_BUDGET: u32,
 *	ADIT_A_FRAG_PEER_BUDGET: u32
 *	ADIT_A_FRAG_STATS: NLA_NESTED, u64 of enum adit_frag_stat
 *	ADIT_A_MSS_CLAMPED: u64, TCP SYNs that passed with a smaller MSS
 *	ADIT_A_BATCHES: u64, ADIT_A_BATCHED: u64, how often two packets or more
 *		were looked up together, and how many these were; with more than
 *		1,024 sessions and pppoes
 *
 * ADIT_CMD_SYSTEM_SET:
 *	ADIT_A_MAX_TUNNELS: u32, 1 to 65535, default 8000
 *	ADIT_A_MAX_SESSIONS: u32, 1 to 1 << 20, default 60000
 *	and, of the reassembly of fragmented L2TP,
 *	ADIT_A_FRAG_TIMEOUT: u32, milliseconds until a datagram that is not whole
 *		is dropped, 5 to 2000, default 50
 *	ADIT_A_FRAG_BUDGET: u32, bytes of memory for fragments of the namespace,
 *		65536 to 1 GiB, default 16 MiB
 *	ADIT_A_FRAG_PEER_BUDGET: u32, the same of one pair of addresses, peer's
 *		and ours, default 256 KiB. Beyond a budget the oldest is dropped.
 *		These three are files of sysfs as well, reassembly_timeout and so on.
 *	ADIT_A_ORPHAN_TIMEOUT: u32, seconds up to a week, default 0: once nobody has
 *		listened to any class for so long, every object of the namespace but
 *		its devices is removed, and told as removed. 0: forwarding goes on
 *		for as long as the module is there.
 *	More tunnels or sessions, or a larger ADIT_A_FRAG_BUDGET, than by default
 *	want CAP_NET_ADMIN in the initial user namespace, -EPERM. All objects are
 *	charged to the memory cgroup of who makes them.
 *
 * ADIT_CMD_LISTEN
 * ---------------
 *	ADIT_A_CLASSES: u32, mask of 1 << enum adit_punt
 * From now on punts of these classes go, unicast, to the sending socket; the
 * class leaves its former listener. It ends with the socket. The listener sets
 * NETLINK_NO_ENOBUFS.
 *
 * ADIT_CMD_CLASS_GET: dump. Each class of punts with
 *	ADIT_A_CLASS: u8, enum adit_punt
 *	ADIT_A_LISTENER: u32, netlink port of who listens; 0: nobody
 *	ADIT_A_PUNT_STATS: NLA_NESTED, u64 of enum adit_punt_stat
 *
 * ADIT_CMD_RATION_SET: how much may go up. A frame pays from the buckets of all
 * rations that apply to it, or, when one of them is empty, from none.
 *	ADIT_A_RATION: u8, enum adit_ration
 *	ADIT_A_RATION_RATE: u32, frames a second, 1 to 1000000
 *	ADIT_A_RATION_BURST: u32, frames at once, 1 to 1000000
 * ADIT_CMD_RATION_GET: dump, the same attributes.
 *
 * ADIT_CMD_PEERS_SET: whose L2TP set-up messages are not rationed with those of
 * strangers: the configured peers. Replaces the list as a whole.
 *	ADIT_A_ADDRS: NLA_NESTED, up to ADIT_PEERS_MAX of ADIT_A_ADDR, as in BIND;
 *		absent: none. A prefix has addresses of its own family only: ::/0
 *		takes in all of IPv6, nothing of IPv4. -E2BIG
 * ADIT_CMD_PEERS_GET: dump, an answer for each ADIT_A_PREFIX, ADIT_A_PREFIX_LEN;
 *	what lies in a wider prefix of the list is not shown.
 *
 * ADIT_CMD_ENDPOINT_NEW
 * ---------------------
 *	ADIT_A_LOCAL: 4 or 16 bytes
 *	ADIT_A_LOCAL_PORT: u16, default 1701
 *	ADIT_A_IFINDEX: u32, optional, bind to this device (VRF); -ENODEV
 * The reply is the endpoint with its ADIT_A_ENDPOINT_ID: u32. -EADDRINUSE when
 * somebody else has the address, -EEXIST when we have it. -ENOSPC: ADIT_ENDPOINTS_MAX.
 * ADIT_CMD_ENDPOINT_DEL: ADIT_A_ENDPOINT_ID; -EBUSY while it has tunnels.
 * ADIT_CMD_ENDPOINT_GET: by id, or dump.
 *
 * ADIT_CMD_TUNNEL_NEW
 * -------------------
 *	ADIT_A_ENDPOINT_ID: u32
 *	ADIT_A_TUNNEL_ID: u16, ours, not 0
 *	ADIT_A_PEER_TUNNEL_ID: u16, the peer's, not 0
 *	ADIT_A_REMOTE: 4 or 16 bytes, family of the endpoint, unicast
 *	ADIT_A_REMOTE_PORT: u16
 *	ADIT_A_FROM, ADIT_A_FROM_PORT: as the two above, optional: where the peer's
 *		messages come from, where that is not where ours go to
 *	ADIT_A_UDP_CSUM: u8, optional: 0 sends data without UDP checksum; default 1;
 *		-EOPNOTSUPP: 0 over IPv6
 *	ADIT_A_DSCP: u8, optional: DSCP of the outer header of data, default 0, or
 *		ADIT_DSCP_INHERIT: that of the IP packet inside, CS6 of frames that
 *		are not IP. Control messages, and frames of PPP's own protocols
 *		(8000 and up) in data, have CS6.
 *	ADIT_A_ECN: u8, optional: 1: the peer applies RFC 6040 (see RFC 9601) to
 *		what it takes out: data has the inner packet's ECN outside. Default
 *		0: Not-ECT. What comes in with ECN outside is treated by RFC 6040 in
 *		any case, where IP is terminated; what is switched is not opened.
 *	ADIT_A_DF: u8, optional, enum adit_df: may whoever forwards data cut it?
 *		Where not, a packet for a subscriber that is too big for the path is
 *		answered with "packet too big", a switched frame is dropped; up to
 *		1280 bytes pass in any case. The path's MTU is learned of ICMP.
 *	ADIT_A_IPSEC: u8, optional: 1: what comes of the tunnel in clear, control
 *		as well, and what the kernel's policies would let go in clear, control
 *		by INJECT, is dropped; express receive takes none of it. Default 0.
 *	ADIT_A_LABEL: string, at most ADIT_LABEL_MAX: the peer's name
 *	ADIT_A_COOKIE: u64, opaque, given back
 * -EEXIST, -ENOENT (endpoint), -ENOSPC (limit).
 * ADIT_CMD_TUNNEL_SET: ADIT_A_TUNNEL_ID and what of PEER_TUNNEL_ID, REMOTE_PORT,
 *	UDP_CSUM, DSCP, ECN, DF, IPSEC, LABEL, COOKIE is to change. -EOPNOTSUPP:
 *	another REMOTE, a FROM.
 * ADIT_CMD_TUNNEL_DEL: ADIT_A_TUNNEL_ID; -EBUSY while it has sessions, but for
 *	ADIT_A_FORCE (flag), which removes these as well.
 * ADIT_CMD_TUNNEL_GET: by id, or dump. The reply has the above, ADIT_A_LOCAL,
 *	ADIT_A_LOCAL_PORT, ADIT_A_SESSIONS: u32, ADIT_A_STATS and ADIT_A_PATH_MTU:
 *	u32, the last that ICMP told us and that we believed.
 *
 * ADIT_CMD_SESSION_NEW
 * --------------------
 *	ADIT_A_TUNNEL_ID: u16
 *	ADIT_A_SESSION_ID: u16, ours, not 0
 *	ADIT_A_PEER_SESSION_ID: u16, the peer's; 0 or absent: not known yet,
 *		nothing can be sent
 *	ADIT_A_SEQ: u8, optional: 1: send and check sequence numbers
 *	ADIT_A_REORDER_TIMEOUT: u32, milliseconds, at most 1000, that packets with
 *		sequence numbers wait for one before them; 0 or absent: they do not
 *	ADIT_A_REORDER_PACKETS: u32, how many may wait, 1 to 256, default 32; of
 *		the namespace 16,384, and 16 MiB of memory: no more waits then
 *	ADIT_A_LABEL: string: the user's name
 *	ADIT_A_COOKIE: u64
 *	and what is under "Marks and rates"
 * The session is unbound.
 * ADIT_CMD_SESSION_SET: TUNNEL_ID, SESSION_ID and what is to change.
 * ADIT_CMD_SESSION_DEL: TUNNEL_ID, SESSION_ID.
 * ADIT_CMD_SESSION_GET: by ids, or dump, which what it has of ADIT_A_TUNNEL_ID,
 *	ADIT_A_LABEL, ADIT_A_COOKIE, ADIT_A_TO_IFINDEX narrows. The reply has the
 *	above, ADIT_A_STATS and the binding: ADIT_A_TO_LINK or ADIT_A_TO_IFINDEX
 *	with ADIT_A_ADDRS, or neither. While packets may wait, also
 *	ADIT_A_REORDERED: u64, packets put before one that had come earlier
 *	ADIT_A_REORDER_LOST: u64, numbers that were waited for in vain
 *
 * ADIT_CMD_PORT_NEW, _DEL: ADIT_A_IFINDEX: u32, an Ethernet device. A port with
 *	pppoes is removed with them. PORT_GET: dump.
 *
 * ADIT_CMD_PPPOE_NEW
 * ------------------
 *	ADIT_A_IFINDEX, ADIT_A_VLAN_OUTER, ADIT_A_VLAN_INNER, ADIT_A_SESSION_ID
 *	ADIT_A_VLAN_PROTO: u16, optional, ethertype of the outer tag, 0x8100 or
 *		0x88a8; default: 0x8100 of one tag, 0x88a8 of two. It does not
 *		name the pppoe. Given back where there is an outer tag.
 *	ADIT_A_MAC: 6 bytes, the client's
 *	ADIT_A_LABEL, ADIT_A_COOKIE, and what is under "Marks and rates"
 * ADIT_CMD_PPPOE_SET (LABEL, COOKIE, marks and rates), _DEL, _GET as with sessions; a
 *	dump is narrowed by ADIT_A_IFINDEX, the port, instead of the tunnel.
 *
 * Marks and rates
 * ---------------
 * Of a link, with SESSION_NEW, SESSION_SET, PPPOE_NEW, PPPOE_SET; a reply has
 * those that are set:
 *
 *	ADIT_A_MARK: u32, each packet's mark (fwmark), of what comes from the
 *		subscriber or peer and of what goes there; 0: left as it is. The
 *		route to the peer is the tunnel's, whatever the mark.
 *	ADIT_A_PRIORITY: u32, the same of its priority (skb->priority, a class of
 *		tc's). Forwarded IPv4 loses what it had when it came: the stack
 *		takes it from the TOS.
 *	ADIT_A_POLICE_RX: NLA_NESTED, a policer of what comes from the subscriber or
 *		peer; ADIT_A_POLICE_TX: of what goes there:
 *		ADIT_POLICE_RATE: u64, bit/s, ADIT_RATE_MIN to ADIT_RATE_MAX
 *		ADIT_POLICE_BURST: u32, bytes, 1 to ADIT_BURST_MAX
 *		and for two rates (RFC 2698, colour-blind)
 *		ADIT_POLICE_PEAK_RATE: u64, not below RATE; ADIT_POLICE_PEAK_BURST
 *			With one rate, what is within it is green and the rest red.
 *			With two: green within both, yellow within the peak rate.
 *			Red is dropped.
 *		ADIT_POLICE_GREEN_DSCP, ADIT_POLICE_YELLOW_DSCP: u8, 0 to 63, what
 *			an IP packet's DSCP becomes; absent: stays
 *		ADIT_POLICE_GREEN_MARK, ADIT_POLICE_YELLOW_MARK: u32, packet's mark,
 *			instead of ADIT_A_MARK; absent: that stays
 *		A reply has the counters, u64: ADIT_POLICE_GREEN_PACKETS,
 *		_GREEN_BYTES, _YELLOW_PACKETS, _YELLOW_BYTES, _RED_PACKETS,
 *		_RED_BYTES.
 *	ADIT_A_PACE: NLA_NESTED, pacing of what goes to the subscriber or peer: each
 *		packet is given its time, which the qdisc fq of the device keeps
 *		ADIT_PACE_RATE: u64, bit/s
 *		ADIT_PACE_HORIZON: u32, ms, 1 to 10000, default 100: what would
 *			have to wait longer is dropped
 *		A reply has the counters, u64: ADIT_PACE_PACKETS, _BYTES: given a
 *		time and taken by the device's queue, _DROP_PACKETS, _DROP_BYTES:
 *		beyond the horizon.
 * A nest replaces what was set, as a whole; policers begin with full buckets,
 * counters go on. An empty nest takes it away. Counted are octets of PPP frames,
 * from the protocol field on, of each packet of a super-packet. Control frames
 * (protocols 8000 and up) are charged as data is, but may go one burst, or one
 * horizon, further: data does not crowd out a link's own LCP.
 *
 * ADIT_CMD_UNDERLAY_NEW, _DEL: ADIT_A_IFINDEX: u32, an Ethernet device: express
 *	receive on and off. Data of established tunnels that comes in there for an
 *	endpoint with an address of its own is taken before the IP stack: it passes
 *	by reverse-path filter, netfilter's PRE_ROUTING and INPUT, conntrack, IPsec
 *	policies. Whatever is not such data goes its normal way. -EEXIST, -ENOENT.
 *	UNDERLAY_GET: by device, or dump; ADIT_A_STATS: RX_PACKETS and RX_BYTES are
 *	the datagrams that were taken, from the IP header on.
 *
 * ADIT_CMD_BIND
 * -------------
 *	ADIT_A_LINK: the link to bind
 * and one of
 *	ADIT_A_TO_LINK: NLA_NESTED, as ADIT_A_LINK: both are bound to each other
 *	ADIT_A_TO_IFINDEX: u32, a device of kind "adit", with
 *		ADIT_A_ADDRS: NLA_NESTED, up to ADIT_ADDRS_MAX of ADIT_A_ADDR:
 *			NLA_NESTED; -E2BIG
 *			ADIT_A_PREFIX: 4 or 16 bytes
 *			ADIT_A_PREFIX_LEN: u8, 32 or 128 for a host
 *		ADIT_A_MTU: u16, largest IP packet that we send to the subscriber
 *		ADIT_A_MRU: u16, optional: IP packets from the subscriber that are
 *			bigger are dropped; 0 or absent: none is
 *		ADIT_A_MAGIC: u32, our LCP magic number: echo requests are answered
 *			with it in the module; absent: they are punted
 *	neither: unbound again
 * With a link or a device, also
 *	ADIT_A_MSS: u16, TCP SYNs that come in or go out on this link get at most
 *		this MSS, over IPv6 20 less; 0: they pass unchanged; default: of a
 *		device what fits into ADIT_A_MTU, of a link 0. Given back if not 0.
 *	ADIT_A_HOLD: flag, with TO_LINK: in order, see below; both BINDs say MSS
 * A new binding replaces the old one in one step; what was bound to the link's
 * old partner is then unbound. -EEXIST: an address belongs to another link.
 * -EBUSY: the device is point-to-point and has its link.
 *
 * Frames of a link that is not bound are on their way up until they are read. So
 * that none of those is overtaken by what is switched, BIND with ADIT_A_HOLD first
 * lets frames of both links wait, and then tells ADIT_PUNT_PPP's listener: a PUNT
 * without frame, with ADIT_A_HOLD, ADIT_A_LINK, ADIT_A_TO_LINK. All frames of both
 * that went up were told before it. The listener INJECTs what is to go on of them,
 * and then BINDs without ADIT_A_HOLD: what waits goes first. Without that the
 * module makes the binding itself: after a second, when many frames wait, or at
 * once when nobody listens or one of the two is bound to something until now.
 *
 * ADIT_CMD_INJECT
 * ---------------
 *	ADIT_A_FRAME: binary, to be sent, and to where:
 *	ADIT_A_ENDPOINT_ID, ADIT_A_REMOTE, ADIT_A_REMOTE_PORT: an L2TP control
 *		message: the UDP payload; with
 *		ADIT_A_TUNNEL_ID: u16, optional, ours: whose message it is: where
 *			there is that tunnel and it wants IPsec, not in clear
 *		ADIT_A_IPSEC: u8, optional: 1: not in clear in any case
 *	ADIT_A_IFINDEX, ADIT_A_VLAN_OUTER, ADIT_A_VLAN_INNER, ADIT_A_VLAN_PROTO,
 *		ADIT_A_MAC: a PPPoE discovery frame: from the PPPoE header on; the
 *		module adds the Ethernet header with the port's address and
 *		ethertype 8863
 *	ADIT_A_LINK: a PPP frame out of this link, from the protocol field (2
 *		bytes) on
 * No reply unless asked for by NLM_F_ACK.
 *
 * ADIT_CMD_PUNT (to the listener)
 * -------------------------------
 *	ADIT_A_CLASS: u8, enum adit_punt
 *	ADIT_A_FRAME: what INJECT takes; not in the report of an error
 *	ADIT_PUNT_L2TP: ADIT_A_ENDPOINT_ID, ADIT_A_LOCAL, ADIT_A_LOCAL_PORT,
 *		ADIT_A_REMOTE, ADIT_A_REMOTE_PORT
 *		ADIT_A_PROTECTED: flag: it came by IPsec
 *		Instead of the frame ADIT_A_ERROR: u32, errno: a control message to
 *		this remote address and port came back in an ICMP error
 *	ADIT_PUNT_PPPOE: ADIT_A_IFINDEX, ADIT_A_VLAN_OUTER, ADIT_A_VLAN_INNER,
 *		ADIT_A_VLAN_PROTO (of the outer tag, where there is one),
 *		ADIT_A_MAC (the source), ADIT_A_LOCAL_MAC (the destination)
 *	ADIT_PUNT_PPP, ADIT_PUNT_IP6: ADIT_A_LINK, ADIT_A_COOKIE of the link
 *	ADIT_A_MISSED: u32, absent: 0; how many of this class were dropped since
 *		the last one that went up
 *
 * Devices
 * -------
 * A device of rtnl kind "adit" is made with
 *	IFLA_ADIT_MODE: u8, enum adit_mode, in IFLA_INFO_DATA
 * Of a multipoint device, an address tells the link: what has none of its links'
 * ADIT_A_ADDRS does not pass. IPv6 from or to link-local or multicast addresses is
 * punted. A point-to-point device has one link, and all that is routed into it goes
 * there; addresses are optional, and then those that the subscriber may use as a
 * source. IPv6 passes whatever its addresses.
 *
 * ADIT_CMD_TAP_NEW
 * ----------------
 *	ADIT_A_LINK: whose frames go, both ways, unicast, to the sending socket
 *	ADIT_A_SNAP: u16, bytes of each that are told, 2 to ADIT_FRAME_MAX, which is
 *		the default
 *	ADIT_A_RATION_RATE, ADIT_A_RATION_BURST: as RATION_SET, default 1000 each
 * It ends with the socket, with the link, and by ADIT_CMD_TAP_DEL: ADIT_A_LINK.
 * -EEXIST: the link is tapped already; -ENOSPC: ADIT_TAPS_MAX.
 * ADIT_CMD_TAP_GET: by ADIT_A_LINK, or dump: the above, ADIT_A_LISTENER, and
 *	ADIT_A_PASSED: u64, ADIT_A_DROPPED: u64, frames
 *
 * ADIT_CMD_TAP (to who made it)
 * -----------------------------
 *	ADIT_A_LINK
 *	ADIT_A_DIRECTION: u8, enum adit_dir
 *	ADIT_A_TIME: u64, nanoseconds since 1970
 *	ADIT_A_LENGTH: u32, of the frame
 *	ADIT_A_FRAME: its first bytes, from the protocol field (2 bytes) on. A
 *		super-packet is one frame. Absent, and all but LINK with it: the tap
 *		has ended
 *	ADIT_A_MISSED: u32, frames that were dropped since the last one
 *
 * Notifications
 * -------------
 * Multicast group "event": ADIT_CMD_TUNNEL_NEW, _SET, _DEL, SESSION_NEW, _SET,
 * _DEL, PPPOE_NEW, _DEL, ENDPOINT_NEW, _DEL, PORT_NEW, _DEL, UNDERLAY_NEW, _DEL with the object as
 * GET shows it; the final counters are in a DEL. A change of binding is told as
 * SESSION_SET or PPPOE_SET of each link whose binding it is: by BIND, also of the
 * partners that lose theirs; by the removal of a partner or of a device. To
 * join the group wants CAP_NET_ADMIN as the commands do.
 */
#ifndef _UAPI_LINUX_ADIT_H
#define _UAPI_LINUX_ADIT_H

#include <linux/types.h>

#define ADIT_GENL_NAME "adit"
#define ADIT_GENL_VERSION 1
#define ADIT_GENL_MCGRP_EVENT "event"
#define ADIT_RTNL_KIND "adit"

#define ADIT_L2TP_PORT 1701
#define ADIT_DSCP_INHERIT 64 /* ADIT_A_DSCP */
#define ADIT_LABEL_MAX 127 /* bytes, without the terminating NUL */
#define ADIT_ADDRS_MAX \
	64 /* of one binding: a link's description fits a message */
#define ADIT_ENDPOINTS_MAX 1024 /* of a namespace */
#define ADIT_PEERS_MAX 1024 /* prefixes of PEERS_SET */
#define ADIT_TAPS_MAX 16 /* of a namespace */
#define ADIT_FRAME_MAX 4096 /* bytes, ADIT_A_FRAME either way */

enum adit_cmd {
	ADIT_CMD_UNSPEC,
	ADIT_CMD_SYSTEM_GET,
	ADIT_CMD_SYSTEM_SET,
	ADIT_CMD_LISTEN,
	ADIT_CMD_ENDPOINT_NEW,
	ADIT_CMD_ENDPOINT_DEL,
	ADIT_CMD_ENDPOINT_GET,
	ADIT_CMD_TUNNEL_NEW,
	ADIT_CMD_TUNNEL_SET,
	ADIT_CMD_TUNNEL_DEL,
	ADIT_CMD_TUNNEL_GET,
	ADIT_CMD_SESSION_NEW,
	ADIT_CMD_SESSION_SET,
	ADIT_CMD_SESSION_DEL,
	ADIT_CMD_SESSION_GET,
	ADIT_CMD_PORT_NEW,
	ADIT_CMD_PORT_DEL,
	ADIT_CMD_PORT_GET,
	ADIT_CMD_PPPOE_NEW,
	ADIT_CMD_PPPOE_SET,
	ADIT_CMD_PPPOE_DEL,
	ADIT_CMD_PPPOE_GET,
	ADIT_CMD_BIND,
	ADIT_CMD_INJECT,
	ADIT_CMD_PUNT,
	ADIT_CMD_UNDERLAY_NEW,
	ADIT_CMD_UNDERLAY_DEL,
	ADIT_CMD_UNDERLAY_GET,
	ADIT_CMD_CLASS_GET,
	ADIT_CMD_RATION_SET,
	ADIT_CMD_RATION_GET,
	ADIT_CMD_PEERS_SET,
	ADIT_CMD_PEERS_GET,
	ADIT_CMD_TAP_NEW,
	ADIT_CMD_TAP_DEL,
	ADIT_CMD_TAP_GET,
	ADIT_CMD_TAP,
	__ADIT_CMD_MAX
};

#define ADIT_CMD_MAX (__ADIT_CMD_MAX - 1)

enum adit_attr {
	ADIT_A_UNSPEC,
	ADIT_A_PAD,
	ADIT_A_INSTANCE, /* u64 */
	ADIT_A_ANCHOR, /* u32 */
	ADIT_A_TUNNELS, /* u32 */
	ADIT_A_SESSIONS, /* u32 */
	ADIT_A_PPPOES, /* u32 */
	ADIT_A_MAX_TUNNELS, /* u32 */
	ADIT_A_MAX_SESSIONS, /* u32 */
	ADIT_A_DROPS, /* nest of u64 */
	ADIT_A_CLASSES, /* u32 */
	ADIT_A_ENDPOINT_ID, /* u32 */
	ADIT_A_LOCAL, /* 4 or 16 bytes */
	ADIT_A_LOCAL_PORT, /* u16 */
	ADIT_A_REMOTE, /* 4 or 16 bytes */
	ADIT_A_REMOTE_PORT, /* u16 */
	ADIT_A_IFINDEX, /* u32 */
	ADIT_A_TUNNEL_ID, /* u16 */
	ADIT_A_PEER_TUNNEL_ID, /* u16 */
	ADIT_A_SESSION_ID, /* u16 */
	ADIT_A_PEER_SESSION_ID, /* u16 */
	ADIT_A_VLAN_OUTER, /* u16 */
	ADIT_A_VLAN_INNER, /* u16 */
	ADIT_A_MAC, /* 6 bytes */
	ADIT_A_LOCAL_MAC, /* 6 bytes */
	ADIT_A_UDP_CSUM, /* u8 */
	ADIT_A_SEQ, /* u8 */
	ADIT_A_LABEL, /* string */
	ADIT_A_COOKIE, /* u64 */
	ADIT_A_FORCE, /* flag */
	ADIT_A_STATS, /* nest of enum adit_stat */
	ADIT_A_LINK, /* nest */
	ADIT_A_TO_LINK, /* nest */
	ADIT_A_TO_IFINDEX, /* u32 */
	ADIT_A_ADDRS, /* nest of ADIT_A_ADDR */
	ADIT_A_ADDR, /* nest */
	ADIT_A_PREFIX, /* 4 or 16 bytes */
	ADIT_A_PREFIX_LEN, /* u8 */
	ADIT_A_MTU, /* u16 */
	ADIT_A_MAGIC, /* u32 */
	ADIT_A_CLASS, /* u8, enum adit_punt */
	ADIT_A_FRAME, /* binary */
	ADIT_A_VLAN_PROTO, /* u16 */
	ADIT_A_ERROR, /* u32 */
	ADIT_A_FRAG_TIMEOUT, /* u32 */
	ADIT_A_FRAG_BUDGET, /* u32 */
	ADIT_A_FRAG_PEER_BUDGET, /* u32 */
	ADIT_A_FRAG_STATS, /* nest of enum adit_frag_stat */
	ADIT_A_DSCP, /* u8 */
	ADIT_A_ECN, /* u8 */
	ADIT_A_DF, /* u8, enum adit_df */
	ADIT_A_PATH_MTU, /* u32 */
	ADIT_A_IPSEC, /* u8 */
	ADIT_A_PROTECTED, /* flag */
	ADIT_A_REORDER_TIMEOUT, /* u32 */
	ADIT_A_REORDER_PACKETS, /* u32 */
	ADIT_A_REORDERED, /* u64 */
	ADIT_A_REORDER_LOST, /* u64 */
	ADIT_A_MSS, /* u16 */
	ADIT_A_MSS_CLAMPED, /* u64 */
	ADIT_A_MRU, /* u16 */
	ADIT_A_MARK, /* u32 */
	ADIT_A_PRIORITY, /* u32 */
	ADIT_A_POLICE_RX, /* nest of enum adit_police_attr */
	ADIT_A_POLICE_TX, /* nest of enum adit_police_attr */
	ADIT_A_PACE, /* nest of enum adit_pace_attr */
	ADIT_A_LISTENER, /* u32 */
	ADIT_A_PUNT_STATS, /* nest of enum adit_punt_stat */
	ADIT_A_RATION, /* u8, enum adit_ration */
	ADIT_A_RATION_RATE, /* u32 */
	ADIT_A_RATION_BURST, /* u32 */
	ADIT_A_MISSED, /* u32 */
	ADIT_A_SNAP, /* u16 */
	ADIT_A_DIRECTION, /* u8, enum adit_dir */
	ADIT_A_TIME, /* u64 */
	ADIT_A_LENGTH, /* u32 */
	ADIT_A_PASSED, /* u64 */
	ADIT_A_DROPPED, /* u64 */
	ADIT_A_HOLD, /* flag */
	ADIT_A_BATCHES, /* u64 */
	ADIT_A_BATCHED, /* u64 */
	ADIT_A_FROM, /* 4 or 16 bytes */
	ADIT_A_FROM_PORT, /* u16 */
	ADIT_A_ORPHAN_TIMEOUT, /* u32 */
	__ADIT_A_MAX
};

#define ADIT_A_MAX (__ADIT_A_MAX - 1)

/* Attributes of a device, in IFLA_INFO_DATA. */
enum adit_ifla {
	IFLA_ADIT_UNSPEC,
	IFLA_ADIT_MODE, /* u8, enum adit_mode */
	__IFLA_ADIT_MAX
};

#define IFLA_ADIT_MAX (__IFLA_ADIT_MAX - 1)

enum adit_mode {
	ADIT_MODE_MULTIPOINT, /* the default */
	ADIT_MODE_P2P,
};

/* Attributes of ADIT_A_STATS: u64 each. Packets and octets are those of network
 * layer protocols, as PPP frames from the protocol field on. Frames of PPP's own
 * protocols (LCP, NCPs, authentication: 0x8000 and more) are counted apart, so that
 * LAC and LNS, which send and answer some by themselves, agree on the rest.
 */
enum adit_stat {
	ADIT_STAT_UNSPEC,
	ADIT_STAT_PAD,
	ADIT_STAT_RX_PACKETS, /* from the peer or client */
	ADIT_STAT_RX_BYTES,
	ADIT_STAT_RX_DROPS,
	ADIT_STAT_TX_PACKETS, /* to the peer or client */
	ADIT_STAT_TX_BYTES,
	ADIT_STAT_TX_DROPS,
	ADIT_STAT_RX_CONTROL, /* frames */
	ADIT_STAT_TX_CONTROL,
	__ADIT_STAT_MAX
};

#define ADIT_STAT_MAX (__ADIT_STAT_MAX - 1)

/* Attributes of ADIT_A_FRAG_STATS: u64 each. Fragments that are neither joined nor
 * held were dropped, each under one reason.
 */
enum adit_frag_stat {
	ADIT_FRAG_STAT_UNSPEC,
	ADIT_FRAG_STAT_PAD,
	ADIT_FRAG_STAT_TAKEN, /* fragments of established tunnels' peers */
	ADIT_FRAG_STAT_JOINED, /* of these, in datagrams that became whole */
	ADIT_FRAG_STAT_DATAGRAMS, /* that became whole */
	ADIT_FRAG_STAT_HELD, /* fragments that wait, now */
	ADIT_FRAG_STAT_BYTES, /* memory of what waits, now */
	__ADIT_FRAG_STAT_MAX
};

#define ADIT_FRAG_STAT_MAX (__ADIT_FRAG_STAT_MAX - 1)

/* ADIT_A_DF. Of IPv6 outside, which no router cuts, it is about ourselves. */
enum adit_df {
	ADIT_DF_OFF, /* may be cut */
	ADIT_DF_ON, /* may not */
	ADIT_DF_INHERIT, /* as the packet inside, of IPv6: may not */
};

#define ADIT_RATE_MIN 1000ULL /* bit/s */
#define ADIT_RATE_MAX 1000000000000ULL
#define ADIT_BURST_MAX 536870912 /* bytes */

/* Attributes of ADIT_A_POLICE_RX, ADIT_A_POLICE_TX. */
enum adit_police_attr {
	ADIT_POLICE_UNSPEC,
	ADIT_POLICE_PAD,
	ADIT_POLICE_RATE, /* u64 */
	ADIT_POLICE_BURST, /* u32 */
	ADIT_POLICE_PEAK_RATE, /* u64 */
	ADIT_POLICE_PEAK_BURST, /* u32 */
	ADIT_POLICE_GREEN_DSCP, /* u8 */
	ADIT_POLICE_YELLOW_DSCP, /* u8 */
	ADIT_POLICE_GREEN_MARK, /* u32 */
	ADIT_POLICE_YELLOW_MARK, /* u32 */
	ADIT_POLICE_GREEN_PACKETS, /* u64, as the rest */
	ADIT_POLICE_GREEN_BYTES,
	ADIT_POLICE_YELLOW_PACKETS,
	ADIT_POLICE_YELLOW_BYTES,
	ADIT_POLICE_RED_PACKETS,
	ADIT_POLICE_RED_BYTES,
	__ADIT_POLICE_MAX
};

#define ADIT_POLICE_MAX (__ADIT_POLICE_MAX - 1)

/* Attributes of ADIT_A_PACE. */
enum adit_pace_attr {
	ADIT_PACE_UNSPEC,
	ADIT_PACE_PAD,
	ADIT_PACE_RATE, /* u64 */
	ADIT_PACE_HORIZON, /* u32 */
	ADIT_PACE_PACKETS, /* u64, as the rest */
	ADIT_PACE_BYTES,
	ADIT_PACE_DROP_PACKETS,
	ADIT_PACE_DROP_BYTES,
	__ADIT_PACE_MAX
};

#define ADIT_PACE_MAX (__ADIT_PACE_MAX - 1)

/* Classes of frames that go up to user space. */
enum adit_punt {
	ADIT_PUNT_L2TP, /* L2TP control messages */
	ADIT_PUNT_PPPOE, /* PPPoE discovery */
	ADIT_PUNT_PPP, /* PPP frames of a link */
	ADIT_PUNT_IP6, /* link-local and multicast IPv6 of a terminated link */
	__ADIT_PUNT_MAX
};

/* Attributes of ADIT_A_PUNT_STATS: u64 each; what went up, and the drops of this
 * class by the reasons of drop_list.h.
 */
enum adit_punt_stat {
	ADIT_PUNT_STAT_UNSPEC,
	ADIT_PUNT_STAT_PAD,
	ADIT_PUNT_STAT_PASSED,
	ADIT_PUNT_STAT_NO_LISTENER,
	ADIT_PUNT_STAT_RATE_CLASS,
	ADIT_PUNT_STAT_RATE_SOURCE,
	ADIT_PUNT_STAT_RATE_PORT,
	ADIT_PUNT_STAT_RATE_TUNNEL,
	ADIT_PUNT_STAT_RATE_LINK,
	ADIT_PUNT_STAT_TOO_LONG,
	ADIT_PUNT_STAT_NO_MEMORY,
	ADIT_PUNT_STAT_QUEUE_FULL,
	__ADIT_PUNT_STAT_MAX
};

#define ADIT_PUNT_STAT_MAX (__ADIT_PUNT_STAT_MAX - 1)

/* Which way a frame goes. */
enum adit_dir {
	ADIT_DIR_IN, /* from the peer or client */
	ADIT_DIR_OUT, /* to it */
};

/* Rations of punts. Of all: one bucket. Of each: a bucket each; those of sources
 * and lines, which are not established, are in fixed tables by keyed hash.
 */
enum adit_ration {
	ADIT_RATION_L2TP, /* control of all established tunnels */
	ADIT_RATION_L2TP_PEERS, /* set-up messages of all configured peers */
	ADIT_RATION_L2TP_STRANGERS, /* and of all others */
	ADIT_RATION_PPPOE, /* PADT of all established pppoes */
	ADIT_RATION_PPPOE_SETUP, /* all other discovery */
	ADIT_RATION_PPP, /* PPP frames of all links */
	ADIT_RATION_IP6, /* of all links */
	ADIT_RATION_TUNNEL, /* of each tunnel */
	ADIT_RATION_PEER, /* of each configured peer's address */
	ADIT_RATION_SOURCE, /* of each other address; of each MAC on a line */
	ADIT_RATION_LINE, /* set-up of each VLAN of a port, or of what is untagged */
	ADIT_RATION_PORT, /* set-up of each port */
	ADIT_RATION_LINK_PPPOE, /* PADT of each pppoe */
	ADIT_RATION_LINK_PPP, /* of each link */
	ADIT_RATION_LINK_IP6, /* of each link */
	__ADIT_RATION_MAX
};

#endif /* _UAPI_LINUX_ADIT_H */
