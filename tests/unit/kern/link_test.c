// SPDX-License-Identifier: GPL-2.0-or-later
/* What links are called; the names of their devices are asked for once a second. */
#include "base/clock.h"
#include "kern/kern.h"

#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* after what it needs */
#include <cmocka.h>

static msec_t now = 5000;
static unsigned int asked;
static const char *prefix = "eth";

msec_t clock_now(void)
{
	return now;
}

/* The system's: devices 1 to 40 are there. */
char *if_indextoname(unsigned int ifindex, char name[IF_NAMESIZE])
{
	asked++;
	if (!ifindex || ifindex > 40)
		return NULL;
	snprintf(name, IF_NAMESIZE, "%s%u", prefix, ifindex);
	return name;
}

static void assert_name(struct kern_link l, const char *want)
{
	char text[KERN_LINK_STRLEN];

	assert_string_equal(kern_link_str(&l, text), want);
}

static struct kern_link pppoe(uint32_t ifindex, uint16_t outer, uint16_t inner,
			      uint16_t id)
{
	return (struct kern_link){ .kind = KERN_PPPOE,
				   .ifindex = ifindex,
				   .vlan_outer = outer,
				   .vlan_inner = inner,
				   .session_id = id };
}

static void spelling(void **state)
{
	struct kern_link session = { .kind = KERN_SESSION,
				     .tunnel_id = 17,
				     .session_id = 4242 };

	(void)state;
	assert_name(session, "session 17/4242");
	assert_name(pppoe(1, 0, 0, 7), "pppoe eth1/7");
	assert_name(pppoe(1, 100, 0, 3), "pppoe eth1.100/3");
	assert_name(pppoe(1, 100, 7, 3), "pppoe eth1.100.7/3");
	assert_name(pppoe(99, 0, 0, 7), "pppoe 99/7");
}

/* 60,000 subscribers on 8 ports, by chance. */
static void many(void **state)
{
	char want[KERN_LINK_STRLEN];

	(void)state;
	now += 1000;
	asked = 0;
	for (unsigned int i = 1; i <= 60000; i++) {
		snprintf(want, sizeof(want), "pppoe eth%u/%u", i % 8 + 1, i);
		assert_name(pppoe(i % 8 + 1, 0, 0, (uint16_t)i), want);
	}
	assert_int_equal(asked, 8);
}

/* Two that have one place. */
static void same_place(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_name(pppoe(3, 0, 0, 1), "pppoe eth3/1");
		assert_name(pppoe(19, 0, 0, 1), "pppoe eth19/1");
		assert_name(pppoe(35, 0, 0, 1), "pppoe eth35/1");
	}
}

static void renamed(void **state)
{
	(void)state;
	now += 1000;
	assert_name(pppoe(5, 0, 0, 1), "pppoe eth5/1");
	prefix = "acc";
	now += 999;
	assert_name(pppoe(5, 0, 0, 1), "pppoe eth5/1");
	now++;
	assert_name(pppoe(5, 0, 0, 1), "pppoe acc5/1");
	prefix = "eth";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling),
		cmocka_unit_test(many),
		cmocka_unit_test(same_place),
		cmocka_unit_test(renamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
