/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Why the module drops a packet, one line each: the counter's name (in sysfs, in
 * ADIT_A_DROPS by its place) and what it means. Append-only.
 *
 * Whoever includes this has defined ADIT_DROP(name, text); it is undefined again.
 */
#ifndef ADIT_DROP
#define ADIT_DROP(name, text)
#endif

ADIT_DROP(rx_short, "fewer bytes than the header needs")
ADIT_DROP(rx_version, "neither L2TPv2 nor anything we know")
ADIT_DROP(rx_length, "Length says more than came")
ADIT_DROP(rx_offset_too_big, "offset pad over 16 bytes")
ADIT_DROP(rx_zero_id, "tunnel or session id 0 in a data message")
ADIT_DROP(rx_no_tunnel, "no such tunnel")
ADIT_DROP(rx_no_session, "no such session, L2TP or PPPoE")
ADIT_DROP(rx_peer_mismatch, "not from the tunnel's peer, or the client's MAC")
ADIT_DROP(rx_sequence, "old or duplicate sequence number")
ADIT_DROP(rx_ppp, "PPP frame too short for its protocol")
ADIT_DROP(rx_spoof, "source address is not the subscriber's")
ADIT_DROP(rx_malformed_ip, "IP header is not one")
ADIT_DROP(rx_pppoe_length, "PPPoE length says more than came")
ADIT_DROP(rx_pppoe_header, "PPPoE version, type or code")
ADIT_DROP(rx_gso, "super-packet that cannot be taken apart")
ADIT_DROP(tx_no_link, "no subscriber has the destination")
ADIT_DROP(tx_unbound, "link without the peer's session id")
ADIT_DROP(tx_route, "no route to the peer")
ADIT_DROP(tx_loop, "route to the peer leads back here")
ADIT_DROP(tx_mtu, "too big for the subscriber, the port or a datagram")
ADIT_DROP(tx_headroom, "no memory for the header")
ADIT_DROP(tx_gso, "super-packet that could not be segmented")
ADIT_DROP(tx_multicast, "multicast or link-local into the device")
ADIT_DROP(tx_recursion, "links bound in a circle")
ADIT_DROP(punt_no_listener, "no daemon")
ADIT_DROP(punt_rate_class, "too many of this class")
ADIT_DROP(punt_rate_source, "too many set-up messages of this source")
ADIT_DROP(punt_rate_link, "too many control frames of this link")
ADIT_DROP(punt_too_long, "longer than ADIT_FRAME_MAX")
ADIT_DROP(punt_no_memory, "no memory for the message")
ADIT_DROP(punt_queue_full, "the daemon does not read")
ADIT_DROP(punt_rate_tunnel, "too many control messages of this tunnel")
ADIT_DROP(rx_no_memory, "no memory to copy a shared packet")
ADIT_DROP(tx_protocol, "neither IPv4 nor IPv6 into the device")
ADIT_DROP(tx_output, "refused by firewall, IPsec or queue on its way out")
ADIT_DROP(frag_timeout, "fragment: the others did not come in time")
ADIT_DROP(frag_distance, "fragment: too many datagrams have come since")
ADIT_DROP(frag_budget, "fragment: the oldest, when memory was used up")
ADIT_DROP(frag_overlap, "fragment of a datagram whose fragments overlap")
ADIT_DROP(frag_duplicate, "fragment that had come already")
ADIT_DROP(frag_too_many, "fragment of a datagram in too many pieces")
ADIT_DROP(frag_tiny, "fragment of a datagram in tiny pieces")
ADIT_DROP(frag_length, "fragment: lengths and offsets contradict each other")
ADIT_DROP(frag_udp_length, "fragment: not of one datagram, by UDP's length")
ADIT_DROP(frag_ecn, "fragment: ECN of one datagram's pieces cannot be")
ADIT_DROP(frag_no_memory, "fragment: no memory to keep or to join it")
ADIT_DROP(frag_flushed, "fragment of a tunnel that was removed")
ADIT_DROP(rx_ecn, "congestion marked outside, no ECN inside")
ADIT_DROP(queue_full, "batch of packets to look up is full")
ADIT_DROP(rx_path_mtu, "ICMP of a path's MTU that is not believed")

#undef ADIT_DROP
