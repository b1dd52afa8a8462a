/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the events of a spool leave for their group of servers; see spool.h. */
#ifndef AAA_SPOOL_LINE_H
#define AAA_SPOOL_LINE_H

#include "aaa/spool_record.h"

#define SPOOL_AGE SECONDS(86400) /* of what is not confirmed while others are */

void spool_line_init(struct spool_line *l, struct spool *s, const char *name,
		     struct radius_group *group);
/* A new record is one that this line can send. */
void spool_line_take(struct spool_record *r);
/* As many as may go. */
void spool_line_pump(struct spool_line *l, msec_t now);
/* With its records. */
void spool_line_free(struct spool_line *l, msec_t now);

#endif /* AAA_SPOOL_LINE_H */
