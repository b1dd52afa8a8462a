/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom a request of RFC 5176 names, and whether it is for this NAS, as values: the
 * names that subscribers have in RADIUS, each with bytes to be compared.
 */
#ifndef AAA_RADIUS_NAMED_H
#define AAA_RADIUS_NAMED_H

#include "aaa/radius_codec.h"
#include "base/addr.h"

#include <stdbool.h>

/* The first ones are fewest's. From RADIUS_NAMES on they have no index. */
enum radius_name {
	RADIUS_NAME_SESSION, /* Acct-Session-Id */
	RADIUS_NAME_ADDRESS, /* Framed-IP-Address */
	RADIUS_NAME_ADDRESS6, /* Framed-IPv6-Address */
	RADIUS_NAME_PREFIX, /* Framed-IPv6-Prefix */
	RADIUS_NAME_DELEGATED, /* Delegated-IPv6-Prefix */
	RADIUS_NAME_CUI, /* Chargeable-User-Identity */
	RADIUS_NAME_CALLING, /* Calling-Station-Id */
	RADIUS_NAME_PORT, /* NAS-Port */
	RADIUS_NAME_PORT_ID, /* NAS-Port-Id */
	RADIUS_NAME_USER, /* User-Name */
	RADIUS_NAMES,
	RADIUS_NAME_MULTI_SESSION = RADIUS_NAMES, /* Acct-Multi-Session-Id */
	RADIUS_NAME_CALLED, /* Called-Station-Id */
	RADIUS_NAME_INTERFACE, /* Framed-Interface-Id */
	RADIUS_NAMES_ALL
};

#define RADIUS_PREFIX_LEN \
	17 /* as a name: its length, 16 bytes without host bits */

struct radius_bytes {
	const uint8_t *b; /* NULL: not given */
	size_t len;
};

struct radius_named {
	struct radius_bytes name[RADIUS_NAMES_ALL];
	struct radius_bytes nas_identifier;
	struct addr nas_address, nas_address6; /* family 0: not given */
	uint8_t prefix[2][RADIUS_PREFIX_LEN]; /* what names point to */
};

enum radius_naming {
	RADIUS_NAMED, /* taken */
	RADIUS_NAMES_NOT, /* it is about something else */
	RADIUS_NAMED_TWICE,
	RADIUS_NAMED_WRONG, /* it cannot be so */
};

/* One attribute of it. */
enum radius_naming radius_named_read(struct radius_named *n,
				     const struct radius_attribute *a);
/* A prefix as a name. */
void radius_prefix_name(uint8_t out[RADIUS_PREFIX_LEN], const struct addr *net,
			uint8_t len);

#endif /* AAA_RADIUS_NAMED_H */
