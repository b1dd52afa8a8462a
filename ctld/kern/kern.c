/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of links: equality, hash key, spelling. */
#include "kern/kern.h"

#include "base/clock.h"
#include "base/hash.h"

#include <net/if.h>
#include <stdio.h>

#define NAMES 16 /* that are known at once */
#define NAME_AGE 1000 /* milliseconds */

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

/* It is asked for of each subscriber, of thousands at a time; the system would open a
 * socket for each. It may be as old as NAME_AGE.
 */
static const char *device_name(uint32_t ifindex)
{
	static struct {
		uint32_t ifindex;
		msec_t at;
		char name[IF_NAMESIZE];
	} names[NAMES], *n;
	msec_t now = clock_now();

	n = &names[ifindex % NAMES];
	if (n->ifindex == ifindex && now - n->at < NAME_AGE)
		return n->name;
	/* That of one that is gone is what it was. */
	if (!if_indextoname(ifindex, n->name) && n->ifindex != ifindex)
		snprintf(n->name, sizeof(n->name), "%u", ifindex);
	n->ifindex = ifindex;
	n->at = now;
	return n->name;
}

const char *kern_place_str(const struct kern_link *l,
			   char out[KERN_LINK_STRLEN])
{
	if (l->kind != KERN_PPPOE)
		return kern_link_str(l, out);
	const char *name = device_name(l->ifindex);

	if (l->vlan_inner)
		snprintf(out, KERN_LINK_STRLEN, "%s.%u.%u", name, l->vlan_outer,
			 l->vlan_inner);
	else if (l->vlan_outer)
		snprintf(out, KERN_LINK_STRLEN, "%s.%u", name, l->vlan_outer);
	else
		snprintf(out, KERN_LINK_STRLEN, "%s", name);
	return out;
}

static const char *pppoe_str(const struct kern_link *l,
			     char out[KERN_LINK_STRLEN])
{
	char place[KERN_LINK_STRLEN];

	kern_place_str(l, place);
	snprintf(out, KERN_LINK_STRLEN, "pppoe %.34s/%u", place, l->session_id);
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
