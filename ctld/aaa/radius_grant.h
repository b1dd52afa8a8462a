/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS attributes that grant something, one table for answers and for changes of
 * authorization (RFC 2865, 2869, 3162, 4372, 4818, 6911; Juniper's, Microsoft's,
 * WISPr's and Mikrotik's own). The manual, aditd-radius(5), tells what each does.
 */
#ifndef AAA_RADIUS_GRANT_H
#define AAA_RADIUS_GRANT_H

#include "aaa/grant.h"
#include "aaa/radius_codec.h"

enum radius_grants {
	RADIUS_GRANTS, /* g has it now */
	RADIUS_GRANTS_NOT, /* none of this table */
	RADIUS_GRANTS_BADLY, /* it cannot be so, or is one too many */
};

enum radius_grants radius_grant_read(struct aaa_grant *g,
				     const struct radius_attribute *a);

#endif /* AAA_RADIUS_GRANT_H */
