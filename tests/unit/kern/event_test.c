// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects of the module, as an older one shows them too. */
#include "kern/event.h"

#include <linux/genetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char buf[1024];

/* A tunnel with a counter of each: up to the last that this module has. */
static const struct nlmsghdr *tunnel_with(uint16_t last)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(buf);
	struct nlattr *nest;

	mnl_nlmsg_put_extra_header(msg, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(msg, ADIT_A_TUNNEL_ID, 7);
	nest = mnl_attr_nest_start(msg, ADIT_A_STATS);
	for (uint16_t a = ADIT_STAT_RX_PACKETS; a <= last; a++)
		mnl_attr_put_u64(msg, a, a);
	mnl_attr_nest_end(msg, nest);
	return msg;
}

/* Lines of the log that speak of the module's age. */
static unsigned int lines_for(uint16_t last, unsigned int objects)
{
	FILE *log = tmpfile();
	unsigned int n = 0;
	struct kern_tunnel t;
	int old = dup(2);
	char line[512];

	assert_non_null(log);
	dup2(fileno(log), 2);
	while (objects--)
		assert_true(event_tunnel(tunnel_with(last), &t));
	fflush(stderr);
	dup2(old, 2);
	close(old);
	rewind(log);
	while (fgets(line, sizeof(line), log))
		n += !!strstr(line, "older than this aditd");
	fclose(log);
	assert_int_equal(t.stats.tx_drops, ADIT_STAT_TX_DROPS);
	assert_int_equal(t.stats.rx_control, last >= ADIT_STAT_RX_CONTROL ?
						     ADIT_STAT_RX_CONTROL :
						     0);
	return n;
}

/* A module without counters of PPP's own frames: said once. */
static void older_module(void **state)
{
	(void)state;
	assert_int_equal(lines_for(ADIT_STAT_TX_CONTROL, 3), 0);
	assert_int_equal(lines_for(ADIT_STAT_TX_DROPS, 3), 1);
	assert_int_equal(lines_for(ADIT_STAT_TX_DROPS, 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(older_module) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
