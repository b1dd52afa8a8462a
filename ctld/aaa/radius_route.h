/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of Framed-Route and Framed-IPv6-Route (RFC 2865 5.22, RFC 3162 2.5). */
#ifndef AAA_RADIUS_ROUTE_H
#define AAA_RADIUS_ROUTE_H

#include "aaa/grant.h"

#include <stdbool.h>

/* The ones of a mask, which come first. False: it is no mask. */
bool radius_mask_len(uint32_t mask, uint32_t *len);
/*
 * "PREFIX[/LENGTH] [GATEWAY [METRIC...]]" or "NETWORK MASK [GATEWAY [METRIC...]]": the
 * gateway is the subscriber, whatever it says, but it has to be one. text is cut into
 * its words; route is zeros before.
 */
bool radius_route_parse(char *text, uint8_t family, struct aaa_route *route);

#endif /* AAA_RADIUS_ROUTE_H */
