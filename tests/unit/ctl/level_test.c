// SPDX-License-Identifier: GPL-2.0-or-later
/* Orders to destinations: which can be named, and what is said if one cannot. */
#include "ctl/level.h"

#include "bng/chain.h"
#include "l2tp/admin.h"

#include "adit/ctl.h"

/* 0 or -errno of an order to a destination; *said: why. */
static int order(const char *vrf, const char *remote, const char *admin,
		 const char **said)
{
	static uint8_t b[512] __attribute__((aligned(8)));
	const struct nlattr *attrs[CTL_A_MAX + 1] = { NULL };
	struct nlmsghdr *m = mnl_nlmsg_put_header(b);
	const struct nlattr *a;

	if (vrf)
		mnl_attr_put_strz(m, CTL_A_VRF, vrf);
	if (remote)
		mnl_attr_put_strz(m, CTL_A_REMOTE, remote);
	mnl_attr_put_strz(m, CTL_A_ADMIN, admin);
	mnl_attr_for_each(a, m, 0)
		attrs[mnl_attr_get_type(a)] = a;
	*said = NULL;
	return level_destination_order(NULL, attrs, &net.lac.box, said);
}

static void which_vrf(void **state)
{
	static char red[] = "red";
	struct conf_endpoint *e = STAILQ_FIRST(&net.lac.box.conf->endpoints);
	const char *said;

	(void)state;
	assert_int_equal(order(NULL, "192.0.2.77", "drain", &said), 0);
	assert_int_equal(order("red", "192.0.2.77", "drain", &said), -ENOENT);
	assert_string_equal(said, "no endpoint is in such a VRF");
	assert_int_equal(order("a-name-that-no-device-has", "192.0.2.77",
			       "drain", &said),
			 -ENOENT);
	assert_string_equal(said, "no endpoint is in such a VRF");
	assert_int_equal(order("red", NULL, "drain", &said), -EINVAL);
	assert_string_equal(said, "which destination? an address is wanted");
	e->vrf = red;
	assert_int_equal(order("red", "192.0.2.77", "drain", &said), 0);
	assert_int_equal(order("red", "192.0.2.78", "enabled", &said), -ENOENT);
	assert_string_equal(said, "no such destination");
	/* An order outlives the endpoint, and can be undone. */
	e->vrf = NULL;
	assert_int_equal(order("red", "192.0.2.77", "enabled", &said), 0);
	assert_int_equal(order("red", "192.0.2.77", "drain", &said), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(which_vrf, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
