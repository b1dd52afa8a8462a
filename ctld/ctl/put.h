/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of a record (ctl_record); what does not fit is left out. */
#ifndef CTL_PUT_H
#define CTL_PUT_H

#include "adit/ctl.h"

#include <libmnl/libmnl.h>

static inline void put_str(struct nlmsghdr *m, uint16_t type, const char *text)
{
	if (text && text[0])
		mnl_attr_put_strz_check(m, CTL_MESSAGE_MAX, type, text);
}

static inline void put_u32(struct nlmsghdr *m, uint16_t type, uint32_t v)
{
	mnl_attr_put_u32_check(m, CTL_MESSAGE_MAX, type, v);
}

static inline void put_u64(struct nlmsghdr *m, uint16_t type, uint64_t v)
{
	mnl_attr_put_u64_check(m, CTL_MESSAGE_MAX, type, v);
}

#endif /* CTL_PUT_H */
