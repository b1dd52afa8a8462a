// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of plain sockets: their limits are those of the module, where sessions
 * and PPPoE clients are counted apart: a LAC has as many of one as of the other.
 */
#include "kern/plain_port.h"

#include "l2tp/unit.h"

#include <errno.h>

static struct plain_tables t;

static int session(uint16_t id)
{
	struct kern_session s = { .tunnel_id = 1, .id = id };

	return plain_session_add(&t, &s);
}

static int client(uint16_t id)
{
	struct kern_pppoe p = {
		.link = { .kind = KERN_PPPOE, .ifindex = 1, .session_id = id }
	};

	return plain_pppoe_add(&t, &p);
}

static void each_kind_has_its_limit(void **state)
{
	struct kern_tunnel tunnel = { .id = 1,
				      .peer_id = 1,
				      .remote.addr = addr_v4(1) };
	struct kern_link first = { .kind = KERN_SESSION,
				   .tunnel_id = 1,
				   .session_id = 1 };

	(void)state;
	plain_tables_init(&t);
	t.max_links = 2;
	assert_int_equal(plain_tunnel_add(&t, &tunnel), 0);
	for (uint16_t id = 1; id <= 2; id++) {
		assert_int_equal(client(id), 0);
		assert_int_equal(session(id), 0);
	}
	assert_int_equal(client(3), -ENOSPC);
	assert_int_equal(session(3), -ENOSPC);
	plain_link_free(&t, plain_link_find(&t, &first));
	assert_int_equal(client(3), -ENOSPC);
	assert_int_equal(session(3), 0);
	plain_tables_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
