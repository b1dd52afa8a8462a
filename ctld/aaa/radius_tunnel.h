/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tunnels that an answer describes (RFC 2868; Juniper's of the same purpose):
 * attributes of one tag are one tunnel, those without a tag are one as well.
 */
#ifndef AAA_RADIUS_TUNNEL_H
#define AAA_RADIUS_TUNNEL_H

#include "aaa/aaa.h"
#include "aaa/radius_codec.h"

#include <stdbool.h>

/* Filled by radius_tunnel_read; zeros at first. */
struct radius_tunnels {
	bool described; /* there is a Tunnel-Type, of whatever kind */
	size_t n;
	struct aaa_tunnel tunnel[AAA_TUNNELS_MAX];
	/* Of all of them: */
	uint32_t max_sessions, window, tos;
	size_t used;
	char text[RADIUS_PACKET_MAX]; /* their texts, each with its end */
};

enum radius_tunnel_verdict {
	RADIUS_TUNNEL_NONE, /* it is no attribute of tunnels */
	RADIUS_TUNNEL_TAKEN,
	RADIUS_TUNNEL_BAD, /* it cannot be so */
};

enum radius_tunnel_verdict radius_tunnel_read(struct radius_tunnels *ts,
					      const struct radius_reply *reply,
					      const struct radius_attribute *a);
/* All have been read: those that are not L2TP, or lead nowhere, go. */
void radius_tunnel_finish(struct radius_tunnels *ts);

#endif /* AAA_RADIUS_TUNNEL_H */
