// SPDX-License-Identifier: GPL-2.0-or-later
/* Our own addresses: the first list, events, one address on two devices. */
#include "kern/local.h"

#include <ev.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static uint8_t raw[1024] __attribute__((aligned(8)));
static struct local *l;

/* An event; far: the other end of a point-to-point device. */
static void event(uint16_t type, const char *text, const char *far,
		  uint32_t ifindex)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(m, sizeof(*ifa));
	struct addr a;

	m->nlmsg_type = type;
	assert_int_equal(addr_parse(text, &a), 0);
	ifa->ifa_family = a.family;
	ifa->ifa_index = ifindex;
	if (!far) {
		mnl_attr_put(m, IFA_ADDRESS, addr_len(&a), a.b);
	} else {
		mnl_attr_put(m, IFA_LOCAL, addr_len(&a), a.b);
		assert_int_equal(addr_parse(far, &a), 0);
		mnl_attr_put(m, IFA_ADDRESS, addr_len(&a), a.b);
	}
	local_input(l, raw, m->nlmsg_len);
}

static bool has(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return local_has(l, &a);
}

static void events(void **state)
{
	char err[LOCAL_ERROR_MAX] = "";

	(void)state;
	l = local_open(ev_default_loop(0), err);
	if (!l)
		fail_msg("%s", err);
	assert_true(has("127.0.0.1") && has("127.9.9.9"));
	assert_false(has("192.0.2.77"));
	event(RTM_NEWADDR, "192.0.2.77", NULL, 1000005);
	event(RTM_NEWADDR, "192.0.2.77", NULL, 1000005); /* its flags changed */
	event(RTM_NEWADDR, "192.0.2.77", NULL, 1000006);
	event(RTM_NEWADDR, "2001:db8::77", NULL, 1000006);
	event(RTM_NEWADDR, "192.0.2.78", "192.0.2.79", 1000007);
	assert_true(has("192.0.2.77") && has("2001:db8::77"));
	assert_true(has("192.0.2.78"));
	assert_false(has("192.0.2.79"));
	event(RTM_DELADDR, "192.0.2.77", NULL, 1000005);
	assert_true(has("192.0.2.77"));
	event(RTM_DELADDR, "192.0.2.77", NULL, 1000006);
	event(RTM_DELADDR, "192.0.2.77", NULL, 1000006);
	assert_false(has("192.0.2.77"));
	/* Cut off: nothing is read beyond it. */
	event(RTM_NEWADDR, "192.0.2.90", NULL, 1000008);
	for (size_t len = 0; len < 28; len++) {
		((struct nlmsghdr *)raw)->nlmsg_len = (uint32_t)len;
		local_input(l, raw, len);
	}
	local_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(events) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
