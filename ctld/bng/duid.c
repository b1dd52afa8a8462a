// SPDX-License-Identifier: GPL-2.0-or-later
/* See duid.h. */
#include "bng/duid.h"

#include "base/crypt.h"

#include <stdio.h>
#include <string.h>

#define MACHINE_ID "/etc/machine-id"
#define DUID_UUID 4 /* RFC 6355 */

/* Of the machine and the name: two boxes of one machine are two servers. */
void duid_make(struct dhcp6_duid *d, const char *hostname)
{
	static const char what[] = "aditd DHCPv6";
	char machine[64] = "";
	FILE *f = fopen(MACHINE_ID, "re");
	struct crypt_part part[] = { { what, sizeof(what) },
				     { machine, sizeof(machine) },
				     { hostname, strlen(hostname) } };

	if (f && !fgets(machine, sizeof(machine), f))
		machine[0] = 0;
	if (f)
		fclose(f);
	*d = (struct dhcp6_duid){ .len = 2 + MD5_LEN, .b = { 0, DUID_UUID } };
	crypt_md5(d->b + 2, part, 3);
}
