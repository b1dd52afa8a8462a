/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks and rates of links, sessions and pppoes alike: words and fields. */
#ifndef CLI_QOS_H
#define CLI_QOS_H

#include "cli/cli.h"

/* The words of "add" and "set". */
#define QOS_MARK_ARGS                                                        \
	{ .word = "mark", .type = ARG_U32, .attr = ADIT_A_MARK },            \
	{                                                                    \
		.word = "priority", .type = ARG_U32, .attr = ADIT_A_PRIORITY \
	}

/* What is set, on a line of its own. */
void qos_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_QOS_H */
