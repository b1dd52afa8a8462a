// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Routes at run time, in a namespace of the test's own: they are added and removed
 * without waiting, none over another's; what the kernel refuses is counted; a sweep
 * finds those of our protocol and leaves others'.
 */
#include "kern/nl.h"
#include "kern/route_found.h"
#include "kern/route_msg.h"
#include "kern/route_tx.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
/* after what it needs */
#include <cmocka.h>

static struct kern kern;
static struct route_tx tx;

static bool own_namespace(void)
{
	if (!geteuid())
		return !unshare(CLONE_NEWNET);
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static int open_all(void **state)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	(void)state;
	if (!own_namespace())
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (ioctl(fd, SIOCSIFFLAGS, &r))
		return -1;
	close(fd);
	kern.loop = ev_default_loop(0);
	return route_tx_open(&tx, &kern);
}

static int close_all(void **state)
{
	(void)state;
	route_tx_close(&tx);
	return 0;
}

static struct kern_route route(uint32_t v4, uint8_t len, uint32_t table)
{
	return (struct kern_route){ .to = { .net = addr_v4(v4), .len = len },
				    .ifindex = if_nametoindex("lo"),
				    .table = table };
}

/* What is found, and what of it the sweep is to take away. */
static struct kern_route found[64];
static unsigned int n_found;
static bool take_all;

static bool keep(void *ctx, const struct kern_route *r)
{
	(void)ctx;
	assert_true(n_found < 64);
	found[n_found++] = *r;
	return !take_all;
}

static int sweep(bool all)
{
	char err[ROUTE_ERROR_MAX] = "";
	int n;

	n_found = 0;
	take_all = all;
	n = route_sweep(keep, NULL, err);
	if (n < 0)
		fail_msg("%s", err);
	return n;
}

static const struct kern_route *find(const struct kern_route *r)
{
	for (unsigned int i = 0; i < n_found; i++)
		if (found[i].table == r->table &&
		    found[i].to.len == r->to.len &&
		    addr_eq(&found[i].to.net, &r->to.net))
			return &found[i];
	return NULL;
}

static void comes_and_goes(void **state)
{
	struct kern_route a = route(0xcb007100, 24, 0);
	struct kern_route b = route(0xcb007109, 32, 1000);

	(void)state;
	b.metric = 7;
	route_tx_route(&tx, &a, true);
	route_tx_route(&tx, &b, true);
	assert_int_equal(sweep(false), 0);
	assert_int_equal(n_found, 0); /* not yet sent */
	route_tx_flush(&tx);
	sweep(false);
	assert_int_equal(n_found, 2);
	assert_non_null(find(&a));
	assert_int_equal(find(&b)->metric, 7);
	assert_int_equal(find(&b)->ifindex, a.ifindex);
	route_tx_route(&tx, &b, false);
	route_tx_flush(&tx);
	sweep(false);
	assert_int_equal(n_found, 1);
	assert_non_null(find(&a));
	route_tx_route(&tx, &a, false);
	route_tx_route(&tx, &a, false); /* it is gone already */
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	sweep(false);
	assert_int_equal(n_found, 0);
	assert_int_equal(kern.count.route_refused, 0);
}

static struct kern_route told; /* that it was refused */
static unsigned int n_told;

static void on_refused(struct kern *k, const struct kern_route *r)
{
	assert_ptr_equal(k, &kern);
	told = *r;
	n_told++;
}

static const struct kern_events events = { .route_refused = on_refused };

static void is_refused(void **state)
{
	struct kern_route r = route(0xcb007100, 24, 1000);

	(void)state;
	kern.events = &events;
	r.ifindex = 12345;
	r.metric = 7;
	route_tx_route(&tx, &r, true);
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	assert_int_equal(kern.count.route_refused, 1);
	assert_int_equal(n_told, 1);
	assert_true(addr_eq(&told.to.net, &r.to.net) && told.to.len == 24);
	assert_int_equal(told.table, 1000);
	assert_int_equal(told.metric, 7);
	assert_int_equal(told.ifindex, 12345);
	r.again = true;
	route_tx_route(&tx, &r, true);
	route_tx_route(&tx, &r, false); /* that it is not there is fine */
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	assert_int_equal(n_told, 2);
	assert_int_equal(kern.count.route_refused, 1);
	kern.events = NULL;
	route_tx_device_del(&tx, 12345);
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	assert_int_equal(kern.count.route_refused, 1);
}

static void send_all(void)
{
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	sweep(false);
}

static void operators(const struct kern_route *r, uint16_t type)
{
	uint8_t request[512] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(request);
	int fd = knl_open(NETLINK_ROUTE, false);
	char text[KNL_ERROR_MAX];

	msg->nlmsg_type = type;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (type == RTM_NEWROUTE)
		msg->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	route_msg_route(msg, r);
	((struct rtmsg *)mnl_nlmsg_get_payload(msg))->rtm_protocol =
		RTPROT_STATIC;
	assert_int_equal(knl_talk(fd, msg, NULL, NULL, text), 0);
	knl_close(fd);
}

/* One of the operator's stays, and is not removed when ours of that prefix goes. */
static void not_over_anothers(void **state)
{
	struct kern_route r[] = { route(0xcb007109, 32, 0),
				  { .to = { .len = 64 },
				    .ifindex = if_nametoindex("lo") } };

	(void)state;
	assert_int_equal(addr_parse("2001:db8:7::", &r[1].to.net), 0);
	for (int i = 0; i < 2; i++) {
		uint64_t refused = kern.count.route_refused;

		operators(&r[i], RTM_NEWROUTE);
		route_tx_route(&tx, &r[i], true);
		send_all();
		assert_int_equal(n_found, 0);
		assert_int_equal(kern.count.route_refused, refused + 1);
		route_tx_route(&tx, &r[i], false);
		send_all();
		assert_int_equal(kern.count.route_refused, refused + 1);
		operators(&r[i], RTM_DELROUTE); /* it is there */
	}
}

/* The kernel's own metric of IPv6 is one, not any. */
static void metrics_of_ipv6(void **state)
{
	struct kern_route r = { .to = { .len = 64 },
				.ifindex = if_nametoindex("lo") };
	uint64_t refused = kern.count.route_refused;

	(void)state;
	assert_int_equal(addr_parse("2001:db8:7::", &r.to.net), 0);
	route_tx_route(&tx, &r, true);
	r.metric = 7;
	route_tx_route(&tx, &r, true);
	send_all();
	assert_int_equal(n_found, 2);
	r.metric = 0;
	route_tx_route(&tx, &r, false);
	send_all();
	assert_int_equal(n_found, 1);
	assert_int_equal(found[0].metric, 7);
	assert_int_equal(kern.count.route_refused, refused);
	sweep(true);
}

/* More than go in one datagram. */
static void many(void **state)
{
	enum { N = 2000 };
	struct kern_route r = route(0x0a000000, 32, 0);

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		r.to.net = addr_v4(0x0a000000 + i);
		route_tx_route(&tx, &r, true);
	}
	route_tx_flush(&tx);
	ev_run(kern.loop, EVRUN_NOWAIT);
	assert_int_equal(kern.count.route_refused, 1); /* that of before */
	assert_int_equal(kern.count.route_lost, 0);
	for (uint32_t i = 10; i < N; i++) {
		r.to.net = addr_v4(0x0a000000 + i);
		route_tx_route(&tx, &r, false);
	}
	route_tx_flush(&tx);
	assert_int_equal(sweep(true), 10);
	sweep(false);
	assert_int_equal(n_found, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_and_goes),
		cmocka_unit_test(is_refused),
		cmocka_unit_test(many),
		cmocka_unit_test(not_over_anothers),
		cmocka_unit_test(metrics_of_ipv6),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
