/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An accounting event: what has happened to whom, as it is written down, kept, and
 * sent as an Accounting-Request (RFC 2866, 2867, 2869). All but what each
 * transmission has its own of (server, id, delay) is fixed when it happens.
 */
#ifndef AAA_RADIUS_ACCT_H
#define AAA_RADIUS_ACCT_H

#include "aaa/aaa.h"
#include "aaa/radius_access.h"
#include "aaa/radius_codec.h"

/* Acct-Status-Type: RFC 2866 5.1, RFC 2867 3. */
enum acct_status {
	ACCT_START = 1,
	ACCT_STOP = 2,
	ACCT_INTERIM = 3,
	ACCT_ON = 7,
	ACCT_OFF = 8,
	ACCT_TUNNEL_START = 9,
	ACCT_TUNNEL_STOP = 10,
	ACCT_TUNNEL_REJECT = 11,
	ACCT_LINK_START = 12,
	ACCT_LINK_STOP = 13,
	ACCT_LINK_REJECT = 14,
};

/* Acct-Authentic, RFC 2866 5.6. */
enum acct_authentic { ACCT_RADIUS = 1, ACCT_LOCAL = 2, ACCT_REMOTE = 3 };

/* From the subscriber; to it. */
struct acct_counts {
	uint64_t in_octets, in_packets, out_octets, out_packets;
};

#define ACCT_ATTRIBUTES_MAX 3600 /* bytes */
#define ACCT_GROUP_MAX 64 /* bytes of a group's name */

struct acct_event {
	enum acct_status status;
	uint64_t session; /* whose: its cookie; 0: all of us */
	unsigned int counter; /* the owner's: what counts it; not kept */
	uint32_t at; /* seconds since 1970 */
	uint32_t seconds; /* Acct-Session-Time, of what goes on or has ended */
	struct acct_counts counts; /* likewise */
	char group[ACCT_GROUP_MAX + 1]; /* of servers */
	size_t len;
	uint8_t attributes[ACCT_ATTRIBUTES_MAX]; /* all others */
};

/* The tunnel of a call, RFC 2868 3. */
struct acct_tunnel {
	struct addr client, server; /* LAC, LNS */
	const char *client_name, *server_name;
	const char *connection; /* Acct-Tunnel-Connection */
	const char *assignment; /* NULL: none */
};

/* Who it is about; NULL and 0: not said. */
struct acct_subject {
	const char *user;
	const struct aaa_port *port; /* NULL: a tunnel */
	const char *session; /* Acct-Session-Id, without a port */
	enum acct_authentic authentic;
	const struct aaa_grant *grant; /* Class, CUI; NULL: none */
	struct addr address, address6;
	struct aaa_prefix prefix6, delegated;
	uint64_t interface_id;
	const struct acct_tunnel *tunnel;
	unsigned int terminate; /* Acct-Terminate-Cause */
	const char *disconnect; /* why PPP ended, in RFC 3145's words */
};

/* e->attributes from that. 0, or -E2BIG: they do not fit. */
int radius_acct_describe(struct acct_event *e, const struct acct_subject *s);
/* Does it tell how long and how much? */
bool radius_acct_has_counts(enum acct_status s);

#define ACCT_RECORD_MAX (ACCT_ATTRIBUTES_MAX + ACCT_GROUP_MAX + 64)

void radius_acct_save(const struct acct_event *e, struct wr *w);
/* 0 or -EINVAL. */
int radius_acct_load(struct acct_event *e, struct rd *r);
/* The packet, in RADIUS_PACKET_MAX bytes; its length, 0: it does not fit. */
size_t radius_acct_write(const struct acct_event *e,
			 const struct radius_nas *nas, const char *secret,
			 uint8_t id, uint32_t delay, void *packet);

#endif /* AAA_RADIUS_ACCT_H */
