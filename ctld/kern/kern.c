/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of links: equality, hash key, spelling. */
#include "kern/kern.h"

#include "base/hash.h"

#include <net/if.h>
#include <stdio.h>

bool kern_link_eq(const struct kern_link *a, const struct kern_link *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case KERN_SESSION:
		return a->tunnel_id == b->tunnel_id &&
		       a->session_id == b->session_id;
	case KERN_PPPOE:
		return a->ifindex == b->ifindex &&
		       a->vlan_outer == b->vlan_outer &&
		       a->vlan_inner == b->vlan_inner &&
		       a->session_id == b->session_id;
	case KERN_NO_LINK:
		break;
	}
	return true;
}

uint64_t kern_link_key(const struct kern_link *l)
{
	/* Without holes: all of it is hashed. */
	uint32_t words[4] = { (uint32_t)l->kind };

	if (l->kind == KERN_SESSION) {
		words[1] = l->tunnel_id;
		words[2] = l->session_id;
	} else if (l->kind == KERN_PPPOE) {
		words[1] = l->ifindex;
		words[2] = (uint32_t)l->vlan_outer << 16 | l->vlan_inner;
		words[3] = l->session_id;
	}
	return hash_bytes(words, sizeof(words));
}

static const char *pppoe_str(const struct kern_link *l,
			     char out[KERN_LINK_STRLEN])
{
	char name[IF_NAMESIZE], vlans[16] = "";

	if (!if_indextoname(l->ifindex, name))
		snprintf(name, sizeof(name), "%u", l->ifindex);
	if (l->vlan_inner)
		snprintf(vlans, sizeof(vlans), ".%u.%u", l->vlan_outer,
			 l->vlan_inner);
	else if (l->vlan_outer)
		snprintf(vlans, sizeof(vlans), ".%u", l->vlan_outer);
	snprintf(out, KERN_LINK_STRLEN, "pppoe %s%s/%u", name, vlans,
		 l->session_id);
	return out;
}

const char *kern_link_str(const struct kern_link *l, char out[KERN_LINK_STRLEN])
{
	switch (l->kind) {
	case KERN_PPPOE:
		return pppoe_str(l, out);
	case KERN_SESSION:
		snprintf(out, KERN_LINK_STRLEN, "session %u/%u", l->tunnel_id,
			 l->session_id);
		break;
	case KERN_NO_LINK:
		snprintf(out, KERN_LINK_STRLEN, "no link");
		break;
	}
	return out;
}
