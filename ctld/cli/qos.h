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

/* The words of "police" and "pace" after the link's own: attributes of the nest. */
#define QOS_POLICE_ARGS                                 \
	{ .word = "rx", .type = ARG_FLAG },             \
		{ .word = "tx", .type = ARG_FLAG },     \
		{ .word = "off", .type = ARG_FLAG },    \
		{ .word = "rate",                       \
		  .type = ARG_RATE,                     \
		  .attr = ADIT_POLICE_RATE },           \
		{ .word = "burst",                      \
		  .type = ARG_SIZE,                     \
		  .attr = ADIT_POLICE_BURST },          \
		{ .word = "peakrate",                   \
		  .type = ARG_RATE,                     \
		  .attr = ADIT_POLICE_PEAK_RATE },      \
		{ .word = "peakburst",                  \
		  .type = ARG_SIZE,                     \
		  .attr = ADIT_POLICE_PEAK_BURST },     \
		{ .word = "green-dscp",                 \
		  .type = ARG_CODEPOINT,                \
		  .attr = ADIT_POLICE_GREEN_DSCP },     \
		{ .word = "yellow-dscp",                \
		  .type = ARG_CODEPOINT,                \
		  .attr = ADIT_POLICE_YELLOW_DSCP },    \
		{ .word = "green-mark",                 \
		  .type = ARG_U32,                      \
		  .attr = ADIT_POLICE_GREEN_MARK },     \
	{                                               \
		.word = "yellow-mark", .type = ARG_U32, \
		.attr = ADIT_POLICE_YELLOW_MARK         \
	}
#define QOS_PACE_ARGS                                                          \
	{ .word = "off", .type = ARG_FLAG },                                   \
		{ .word = "rate", .type = ARG_RATE, .attr = ADIT_PACE_RATE },  \
	{                                                                      \
		.word = "horizon", .type = ARG_TIME, .attr = ADIT_PACE_HORIZON \
	}

/* cmd: ADIT_CMD_SESSION_SET or ADIT_CMD_PPPOE_SET. Return the exit status. */
int qos_police(struct cli *c, const struct args *args, uint8_t cmd,
	       const struct link_name *l);
int qos_pace(struct cli *c, const struct args *args, uint8_t cmd,
	     const struct link_name *l);

/* What is set, each on a line of its own; with -d, and with -s, which has the
 * counters.
 */
void qos_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_QOS_H */
