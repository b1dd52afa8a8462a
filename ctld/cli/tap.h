/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "session tap", "pppoe tap": a link's frames as a capture file. */
#ifndef CLI_TAP_H
#define CLI_TAP_H

#include "cli/cli.h"

/* The words after the link's own. */
#define TAP_ARGS                                                          \
	{ .word = "write", .type = ARG_TEXT, .what = "FILE" },            \
		{ .word = "snap", .type = ARG_U16, .attr = ADIT_A_SNAP }, \
		{ .word = "rate",                                         \
		  .type = ARG_U32,                                        \
		  .attr = ADIT_A_RATION_RATE },                           \
	{                                                                 \
		.word = "count", .type = ARG_U32                          \
	}

int tap_run(struct cli *c, const struct args *args,
	    const struct link_name *link);

#endif /* CLI_TAP_H */
