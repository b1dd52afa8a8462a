/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks and rates of links: netlink attributes to fields. */
#include "cli/qos.h"

#include "cli/link.h"

/* As tc and ip show them; a number in JSON. */
static void mark_field(struct out *o, const char *key, const char *label,
		       uint32_t value)
{
	out_field(o, key, label, o->json ? out_u64(value) : out_hex(value));
}

void qos_fields(struct cli *c, const struct nlattr *const *tb)
{
	uint32_t mark = link_u32(tb[ADIT_A_MARK]);
	uint32_t priority = link_u32(tb[ADIT_A_PRIORITY]);
	struct out *o = &c->out;

	if (mark || priority)
		out_line(o);
	if (mark)
		mark_field(o, "mark", "mark ", mark);
	if (priority)
		mark_field(o, "priority", mark ? " priority " : "priority ",
			   priority);
}
