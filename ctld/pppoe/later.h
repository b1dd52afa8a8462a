/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PADOs that wait: another concentrator may be quicker then. A bounded number; what
 * is beyond gets none.
 */
#ifndef PPPOE_LATER_H
#define PPPOE_LATER_H

#include "base/timer.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define PPPOE_LATER_MAX 1024

struct pppoe_client;
struct pppoe_waiting;

struct pppoe_later {
	struct timers *timers;
	void (*send)(struct pppoe_later *q, const struct pppoe_client *to,
		     const void *frame, size_t len);
	LIST_HEAD(, pppoe_waiting) waiting;
	unsigned int n;
};

void pppoe_later_init(struct pppoe_later *q, struct timers *timers,
		      void (*send)(struct pppoe_later *q,
				   const struct pppoe_client *to,
				   const void *frame, size_t len));
/* Sends the frame at that time; a copy is kept. False: there is no room. */
bool pppoe_later_put(struct pppoe_later *q, msec_t at,
		     const struct pppoe_client *to, const void *frame,
		     size_t len);
void pppoe_later_free(struct pppoe_later *q);

#endif /* PPPOE_LATER_H */
