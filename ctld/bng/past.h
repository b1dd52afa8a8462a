/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers of before: who they were, how far they came and why they ended, for
 * whoever is asked about it in the morning. The last PAST_MAX of them, whatever their
 * age; over a restart too. Called by bng/subscriber, state/restore and ctl/show.
 */
#ifndef BNG_PAST_H
#define BNG_PAST_H

#include "base/addr.h"
#include "base/timer.h"
#include "kern/kern.h"

#include <stdint.h>
#include <sys/queue.h>

#define PAST_MAX 1024
#define PAST_USER_MAX 64
#define PAST_WHY_MAX 80

struct past {
	TAILQ_ENTRY(past) next;
	uint64_t id; /* the subscriber's */
	msec_t since, at; /* begin, end */
	uint8_t state; /* enum subscriber_state, before it ended */
	uint8_t mac[6]; /* its client's, of PPPoE; else 0 */
	struct addr address; /* family 0: it had none */
	char access[KERN_LINK_STRLEN];
	char user[PAST_USER_MAX]; /* safe to print; "": it had not said */
	char why[PAST_WHY_MAX];
};

struct past_list {
	TAILQ_HEAD(past_head, past) head; /* the oldest first */
	unsigned int n;
	/* For the restart memory: it is new; it is given up. */
	void (*kept)(struct past_list *l, const struct past *p);
	void (*gone)(struct past_list *l, const struct past *p);
};

void past_init(struct past_list *l);
void past_free(struct past_list *l);
/* A copy of it, told to `kept`; without memory it is not remembered. */
void past_add(struct past_list *l, const struct past *p);
/* Restart: the same, which is kept already. */
void past_restore(struct past_list *l, const struct past *p);

#endif /* BNG_PAST_H */
