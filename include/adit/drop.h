/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Why the module drops a packet: one counter each, in this order, in
 * ADIT_A_DROPS and as files of that name in sysfs. Append-only.
 */
#ifndef ADIT_DROP_H
#define ADIT_DROP_H

#define ADIT_DROPS(X)                                                        \
	X(rx_short) /* fewer bytes than the header needs */                  \
	X(rx_version) /* neither L2TPv2 nor anything we know */              \
	X(rx_length) /* Length field says more than came */                  \
	X(rx_offset_too_big) /* offset pad over 16 bytes */                  \
	X(rx_zero_id) /* tunnel or session id 0 in a data message */         \
	X(rx_no_tunnel) /* no such tunnel */                                 \
	X(rx_no_session) /* no such session, L2TP or PPPoE */                \
	X(rx_peer_mismatch) /* not from the tunnel's peer, or client's MAC */ \
	X(rx_sequence) /* old or duplicate sequence number */                \
	X(rx_ppp) /* PPP frame too short for its protocol */                 \
	X(rx_spoof) /* source address is not the subscriber's */             \
	X(rx_multicast) /* IPv6 of a link that the device does not take */   \
	X(rx_malformed_ip) /* IP header is not one */                        \
	X(rx_pppoe_length) /* PPPoE length says more than came */            \
	X(rx_pppoe_header) /* PPPoE version, type or code */                 \
	X(rx_gso) /* a super-packet that cannot be taken apart */            \
	X(rx_early) /* session without the peer's id */                      \
	X(tx_no_link) /* no subscriber has the destination */                \
	X(tx_unbound) /* link without peer session id */                     \
	X(tx_route) /* no route to the peer */                               \
	X(tx_loop) /* route to the peer leads through our own device */      \
	X(tx_mtu) /* too big for the subscriber, ICMP was sent */            \
	X(tx_headroom) /* no memory for the header */                        \
	X(tx_gso) /* a super-packet that could not be segmented */           \
	X(tx_multicast) /* multicast or link-local into the device */        \
	X(tx_recursion) /* links bound in a circle */                        \
	X(punt_no_listener) /* no daemon */                                  \
	X(punt_rate_class) /* too many of this class */                      \
	X(punt_rate_source) /* too many set-up messages of this source */    \
	X(punt_rate_link) /* too many control frames of this link */         \
	X(punt_too_long) /* longer than ADIT_FRAME_MAX */                    \
	X(punt_no_memory)                                                    \
	X(punt_queue_full) /* the daemon does not read */

enum adit_drop {
#define X(name) ADIT_DROP_##name,
	ADIT_DROPS(X)
#undef X
	ADIT_N_DROPS
};

#endif /* ADIT_DROP_H */
