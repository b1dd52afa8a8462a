// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests when the kernel takes none for a while: what is refused, what is not. */
#include "kern/command.h"

#include <errno.h>
#include <linux/adit.h>
#include <linux/genetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MANY 60000

static struct kern kern;
static struct request_queue q;
static unsigned int busy; /* times that the kernel has no memory */
static unsigned int made, removed; /* what it was asked for */
static unsigned int refused; /* to make one */
static unsigned int censuses, waiting; /* when one came */
static uint8_t removed_id[UINT16_MAX + 1];

int __wrap_knl_send(int fd, const void *msgs, size_t len);
int __wrap_knl_send(int fd, const void *msgs, size_t len)
{
	const struct nlmsghdr *msg = msgs;
	int left = (int)len;

	(void)fd;
	if (busy) {
		busy--;
		return -ENOBUFS;
	}
	for (; mnl_nlmsg_ok(msg, left); msg = mnl_nlmsg_next(msg, &left)) {
		const struct genlmsghdr *g = mnl_nlmsg_get_payload(msg);
		const struct nlattr *a;

		made += g->cmd == ADIT_CMD_SESSION_NEW;
		if (g->cmd != ADIT_CMD_SESSION_DEL)
			continue;
		removed++;
		mnl_attr_for_each(a, msg, sizeof(*g)) {
			if (mnl_attr_get_type(a) == ADIT_A_SESSION_ID)
				removed_id[mnl_attr_get_u16(a)]++;
		}
	}
	return 0;
}

static void on_refused(struct kern *k, msec_t now, const struct kern_refusal *r)
{
	(void)k;
	(void)now;
	assert_int_equal(r->err, -ENOBUFS);
	assert_false(r->made);
	refused++;
}

static void on_missed(struct kern *k, msec_t now)
{
	(void)k;
	(void)now;
	censuses++;
	waiting = (unsigned int)(q.out_end - q.out_at);
}

/* All sessions end while the kernel takes nothing: none of them stays there. */
static void removals_are_not_lost(void **state)
{
	static const struct kern_events events = { .refused = on_refused,
						   .missed = on_missed };
	struct kern_session s = { .tunnel_id = 7, .cookie = 1 };
	struct kern_link l = { .kind = KERN_SESSION, .tunnel_id = 7 };

	(void)state;
	kern.loop = ev_loop_new(0);
	kern.events = &events;
	request_init(&q, &kern, -1, 20);
	busy = 1000;
	for (uint32_t id = 1; id <= MANY; id++) {
		s.id = (uint16_t)id;
		command_session_new(&q, &s);
		command_session_new(&q, &s);
	}
	for (uint32_t id = 1; id <= MANY; id++) {
		l.session_id = (uint16_t)id;
		command_link_del(&q, &l);
	}
	busy = 2;
	ev_run(kern.loop, 0);
	assert_true(made < 2 * MANY); /* there is a bound */
	/* More were refused than can be told one by one. */
	assert_int_equal(refused, 0);
	assert_int_equal(censuses, 1);
	assert_int_equal(waiting, 0);
	assert_int_equal(removed, MANY);
	for (uint32_t id = 1; id <= MANY; id++)
		assert_int_equal(removed_id[id], 1);
	request_fini(&q);
	ev_loop_destroy(kern.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(removals_are_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
