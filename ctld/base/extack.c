/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink's extended acknowledgement; see extack.h. */
#include "base/extack.h"

#include <linux/netlink.h>

/* Where the attributes of an error or of a dump's end begin; NULL: there are none. */
static const struct nlattr *attributes(const struct nlmsghdr *msg, int *left)
{
	size_t at = sizeof(int);
	size_t len = mnl_nlmsg_get_payload_len(msg);

	if (msg->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);

		at = sizeof(*e);
		if (len < at)
			return NULL;
		if (!(msg->nlmsg_flags & NLM_F_CAPPED) &&
		    e->msg.nlmsg_len >= sizeof(e->msg))
			at += MNL_ALIGN(e->msg.nlmsg_len - sizeof(e->msg));
	}
	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS) || len <= at)
		return NULL;
	*left = (int)(len - at);
	return (const void *)((const char *)mnl_nlmsg_get_payload(msg) + at);
}

const char *extack_text(const struct nlmsghdr *msg)
{
	int left = 0;
	const struct nlattr *a = attributes(msg, &left);

	for (; a && left > 0 && mnl_attr_ok(a, left); a = mnl_attr_next(a)) {
		left -= (int)MNL_ALIGN(a->nla_len);
		if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(a);
	}
	return NULL;
}
