/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of marks and rates. */
#ifndef ADIT_NL_QOS_H
#define ADIT_NL_QOS_H

#include "nl.h"

/* Sets what the attributes ask for. 0, or -errno with text: nothing is changed.
 * Context: process, lock held.
 */
int adit_nl_qos(struct adit_link *link, struct genl_info *info);

#endif /* ADIT_NL_QOS_H */
