// SPDX-License-Identifier: GPL-2.0-or-later
/* Our own addresses: the first list, events, one address on two devices, lost events. */
#include "kern/local.h"

#include <ev.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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

/* The end of a list that was asked for in that round. */
static void list_ends(uint32_t round, uint16_t flags)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);

	m->nlmsg_type = NLMSG_DONE;
	m->nlmsg_flags = NLM_F_MULTI | flags;
	m->nlmsg_seq = round;
	local_input(l, raw, m->nlmsg_len);
}

/* Whatever the kernel has to say now. */
static void hear(void)
{
	for (int i = 0; i < 20; i++) {
		ev_run(ev_default_loop(0), EVRUN_NOWAIT);
		usleep(5000);
	}
}

/* A list that was disturbed is asked for anew, of the kernel; what that does not name
 * goes, and what it names stays. The end of another list means nothing.
 */
static void disturbed(void **state)
{
	char err[LOCAL_ERROR_MAX] = "";

	(void)state;
	l = local_open(ev_default_loop(0), err);
	if (!l)
		fail_msg("%s", err);
	event(RTM_NEWADDR, "192.0.2.77", NULL, 1000005);
	list_ends(1, 0);
	hear();
	assert_true(has("192.0.2.77"));
	list_ends(7, NLM_F_DUMP_INTR);
	hear();
	assert_true(has("192.0.2.77"));
	list_ends(1, NLM_F_DUMP_INTR);
	assert_true(has("192.0.2.77")); /* until the list is whole */
	hear();
	assert_false(has("192.0.2.77"));
	local_close(l);
}

/* Where we may change addresses, and are alone. */
static bool own_namespace(void)
{
	unsigned int uid = geteuid();
	FILE *map;

	if (!uid)
		return !unshare(CLONE_NEWNET);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	map = fopen("/proc/self/uid_map", "w");
	return map && fprintf(map, "0 %u 1\n", uid) > 0 && !fclose(map);
}

/* More events than the socket's buffer holds: the last are lost, of which the loop
 * hears, and in the end all is as the kernel has it.
 */
static void events_lost(void **state)
{
	char err[LOCAL_ERROR_MAX] = "";
	FILE *ip;

	(void)state;
	if (!own_namespace())
		skip();
	l = local_open(ev_default_loop(0), err);
	if (!l)
		fail_msg("%s", err);
	ip = popen("ip -batch -", "w");
	assert_non_null(ip);
	fprintf(ip, "address add 10.0.0.1/32 dev lo\n");
	for (int i = 0; i < 25000; i++)
		fprintf(ip, "address add 10.0.0.9/32 dev lo\n"
			    "address del 10.0.0.9/32 dev lo\n");
	fprintf(ip, "address del 10.0.0.1/32 dev lo\n"
		    "address add 10.0.0.2/32 dev lo\n");
	assert_int_equal(pclose(ip), 0);
	/* An event a turn. */
	for (int i = 0; i < 200000 && !has("10.0.0.2"); i++)
		ev_run(ev_default_loop(0), EVRUN_NOWAIT);
	hear();
	assert_true(has("10.0.0.2"));
	assert_false(has("10.0.0.1") || has("10.0.0.9"));
	local_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(events),
					    cmocka_unit_test(disturbed),
					    cmocka_unit_test(events_lost) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
