/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of subscribers in RADIUS; see radius_named.h. Called by bng/coa. */
#include "aaa/radius_named.h"

#include "aaa/radius_number.h"

#include <string.h>

#define PREFIX_BITS 128

static const struct {
	uint8_t type;
	uint8_t name;
	uint8_t len; /* 0: any */
} names[] = {
	{ RADIUS_USER_NAME, RADIUS_NAME_USER, 0 },
	{ RADIUS_NAS_PORT, RADIUS_NAME_PORT, 4 },
	{ RADIUS_FRAMED_IP_ADDRESS, RADIUS_NAME_ADDRESS, 4 },
	{ RADIUS_CALLING_STATION_ID, RADIUS_NAME_CALLING, 0 },
	{ RADIUS_ACCT_SESSION_ID, RADIUS_NAME_SESSION, 0 },
	{ RADIUS_NAS_PORT_ID, RADIUS_NAME_PORT_ID, 0 },
	{ RADIUS_CHARGEABLE_USER_IDENTITY, RADIUS_NAME_CUI, 0 },
	{ RADIUS_FRAMED_IPV6_PREFIX, RADIUS_NAME_PREFIX, 0 },
	{ RADIUS_DELEGATED_IPV6_PREFIX, RADIUS_NAME_DELEGATED, 0 },
	{ RADIUS_FRAMED_IPV6_ADDRESS, RADIUS_NAME_ADDRESS6, 16 },
	{ RADIUS_ACCT_MULTI_SESSION_ID, RADIUS_NAME_MULTI_SESSION, 0 },
	{ RADIUS_CALLED_STATION_ID, RADIUS_NAME_CALLED, 0 },
	{ RADIUS_FRAMED_INTERFACE_ID, RADIUS_NAME_INTERFACE, 8 },
};

void radius_prefix_name(uint8_t out[RADIUS_PREFIX_LEN], const struct addr *net,
			uint8_t len)
{
	struct addr masked = *net;

	addr_mask(&masked, len);
	out[0] = len;
	memcpy(out + 1, masked.b, 16);
}

/* RFC 3162 2.3: reserved, length in bits, as much of it as is needed. */
static bool read_prefix(uint8_t out[RADIUS_PREFIX_LEN],
			const struct radius_attribute *a)
{
	struct addr net = { .family = AF_INET6 };

	if (a->len < 2 || a->len > 18 || a->value[1] > PREFIX_BITS ||
	    (a->len - 2) * 8 < a->value[1])
		return false;
	memcpy(net.b, a->value + 2, a->len - 2);
	radius_prefix_name(out, &net, a->value[1]);
	return true;
}

static enum radius_naming read_name(struct radius_named *n,
				    enum radius_name name, size_t len,
				    const struct radius_attribute *a)
{
	struct radius_bytes *to = &n->name[name];
	uint8_t *prefix = name == RADIUS_NAME_PREFIX	? n->prefix[0] :
			  name == RADIUS_NAME_DELEGATED ? n->prefix[1] :
							  NULL;

	if (to->b)
		return RADIUS_NAMED_TWICE;
	if (!a->len || (len && a->len != len) ||
	    (prefix && !read_prefix(prefix, a)))
		return RADIUS_NAMED_WRONG;
	*to = prefix ? (struct radius_bytes){ prefix, RADIUS_PREFIX_LEN } :
		       (struct radius_bytes){ a->value, a->len };
	return RADIUS_NAMED;
}

static enum radius_naming read_address(struct addr *to,
				       const struct radius_attribute *a)
{
	if (to->family)
		return RADIUS_NAMED_TWICE;
	if (a->len != (a->type == RADIUS_NAS_IP_ADDRESS ? 4 : 16) ||
	    addr_from_bytes(a->value, a->len, to))
		return RADIUS_NAMED_WRONG;
	return RADIUS_NAMED;
}

enum radius_naming radius_named_read(struct radius_named *n,
				     const struct radius_attribute *a)
{
	if (a->vendor)
		return RADIUS_NAMES_NOT;
	if (a->type == RADIUS_NAS_IP_ADDRESS)
		return read_address(&n->nas_address, a);
	if (a->type == RADIUS_NAS_IPV6_ADDRESS)
		return read_address(&n->nas_address6, a);
	if (a->type == RADIUS_NAS_IDENTIFIER) {
		if (n->nas_identifier.b)
			return RADIUS_NAMED_TWICE;
		n->nas_identifier = (struct radius_bytes){ a->value, a->len };
		return RADIUS_NAMED;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == a->type)
			return read_name(n, names[i].name, names[i].len, a);
	return RADIUS_NAMES_NOT;
}
