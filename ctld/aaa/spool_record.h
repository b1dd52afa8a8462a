/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a spool (see spool.h): a record each, which has one place at a time,
 * and gives way to what says all that it says.
 */
#ifndef AAA_SPOOL_RECORD_H
#define AAA_SPOOL_RECORD_H

#include "aaa/radius_acct.h"
#include "aaa/radius_client.h"
#include "base/hash.h"
#include "base/timer.h"

#define SPOOL_COUNTERS(X)                                             \
	X(events)                                                     \
	X(confirmed)                                                  \
	X(superseded) /* interims that gave way */                    \
	X(again) /* events that a round of tries has not delivered */ \
	X(not_kept) /* on the disk: full, or failing */               \
	X(lost_full)                                                  \
	X(lost_age)                                                   \
	X(lost_unreadable)

struct spool_counters {
#define X(name) uint64_t name;
	SPOOL_COUNTERS(X)
#undef X
};

TAILQ_HEAD(spool_queue, spool_record);
LIST_HEAD(spool_list, spool_record);

enum spool_place {
	SPOOL_WAITING,
	SPOOL_APART,
	SPOOL_BEHIND, /* an older one of its session */
	SPOOL_UNDER_WAY
};

/* An event, as it is kept. */
struct spool_record {
	TAILQ_ENTRY(spool_record) next; /* WAITING */
	LIST_ENTRY(spool_record) apart; /* else */
	TAILQ_ENTRY(spool_record) interim; /* an interim's, of all lines */
	struct hash_node by_session;
	struct spool_line *line;
	struct radius_request request;
	struct timer timer; /* APART: until then */
	enum spool_place place;
	enum acct_status status;
	bool hold; /* its last counters may come */
	unsigned int counter; /* on hold: what they are of */
	uint64_t key, session;
	msec_t at; /* it happened */
	msec_t sent_at; /* in this round */
	msec_t failed_at; /* first, while others were confirmed */
	bool tried; /* a round, in vain */
	bool heard; /* a Stop: confirmed, but an older one of its session is not */
	bool in_turn; /* in this round: that which was tried last is before it */
	unsigned int failed; /* rounds, while others were confirmed */
	size_t len;
	uint8_t b[];
};

/* What goes to one group of servers. */
struct spool_line {
	struct spool *spool;
	const char *name;
	struct radius_group *group;
	struct spool_queue waiting;
	struct spool_list apart; /* until a time, behind another, or under way */
	size_t used; /* bytes, of the spool's */
	unsigned int under_way;
	bool alone; /* that which is under way is to be confirmed first */
	bool down; /* nobody answers: one at a time is tried */
	unsigned int rounds; /* in vain, since */
	uint64_t tried_key; /* that which was tried last, of all in turn */
	bool pumping;
	msec_t heard_at; /* the last confirmation */
	msec_t filled_at; /* when there were so many: */
	msec_t tokens; /* thousandths of what may leave at once */
	struct timer timer; /* until one may */
};

struct spool {
	struct radius_client *client;
	struct timers *timers;
	struct spool_line *lines; /* of the client's groups, in that order */
	unsigned int n_lines;
	unsigned int rate; /* a second, of a line */
	size_t max, used; /* bytes, as they are kept */
	uint64_t last_key;
	unsigned int n; /* events that are not confirmed */
	struct spool_queue interims;
	struct hash by_session;
	bool told_keep,
		told_full; /* logged; since then it has not got better */
	struct spool_counters count;
	/* Under that key, in place of what was there. 0, or -errno. */
	int (*keep)(struct spool *s, uint64_t key, const void *data,
		    size_t len);
	void (*forget)(struct spool *s, uint64_t key);
	void *user;
};

/* NULL: there is none of that name. */
struct spool_line *spool_line_of(struct spool *s, const char *name);

/* At the end of its line; NULL without memory. */
struct spool_record *spool_record_new(struct spool_line *l, uint64_t key,
				      const struct acct_event *e,
				      const void *data, size_t len);
/* What is kept of it stays. */
void spool_record_free(struct spool_record *r);
/* Its place; it needs another. */
void spool_record_leave(struct spool_record *r);
void spool_record_wait_last(struct spool_record *r);
/* Where it was, among those that happened before and after it. */
void spool_record_wait_again(struct spool_record *r);
/* Until then, when its timer is due. */
void spool_record_apart(struct spool_record *r, msec_t until);
/* One of its session is to be heard before it, in its first round at least; if it has
 * been heard itself, in any.
 */
bool spool_record_is_early(const struct spool_record *r);
/* Until that one has got so far. */
void spool_record_behind(struct spool_record *r);
/* One of that session has: those that are behind it. */
void spool_release(struct spool *s, uint64_t session);
/* It is not needed any more. */
void spool_record_settle(struct spool_record *r);
void spool_record_keep(struct spool_record *r);
void spool_record_lost(const struct spool_record *r, const char *why);

/* Those whose session has the same hash, one after the other. */
struct spool_record *spool_first_of(const struct spool *s, uint64_t session);
struct spool_record *spool_next_of(const struct spool_record *r);
/* Another one, later, says all that it says. */
bool spool_superseded(const struct spool_record *r);
void spool_give_way(struct spool_record *r);
/* All of a session that are. */
void spool_supersede(struct spool *s, uint64_t session);
/* For so many bytes of its; interims go. False: there is none. */
bool spool_make_room(struct spool_line *l, size_t len);

#endif /* AAA_SPOOL_RECORD_H */
