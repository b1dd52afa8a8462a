// SPDX-License-Identifier: GPL-2.0
/*
 * Marks and rates as attributes of SESSION_NEW, SESSION_SET, PPPOE_NEW, PPPOE_SET.
 * Called by nl_link and nl_pppoe. Context: process.
 */
#include "nl_qos.h"

#include "qos.h"

int adit_nl_qos(struct adit_link *link, struct genl_info *info)
{
	struct adit_qos_conf conf = { 0 };
	struct nlattr **a = info->attrs;

	conf.has_mark = a[ADIT_A_MARK];
	if (conf.has_mark)
		conf.mark = nla_get_u32(a[ADIT_A_MARK]);
	conf.has_priority = a[ADIT_A_PRIORITY];
	if (conf.has_priority)
		conf.priority = nla_get_u32(a[ADIT_A_PRIORITY]);
	if (!conf.has_mark && !conf.has_priority)
		return 0;
	return adit_qos_set(link, &conf, info->extack);
}
