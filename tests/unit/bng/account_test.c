// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What LAC and LNS tell of a subscriber, in the chain of both: each event, once, with
 * what belongs to it, over kill -9 too. The accounting server is the test.
 */
#include "bng/chain_acct.h"

#include "bng/cause.h"
#include "bng/terminate.h"

/* With its profile under that name. */
#define LNS_CONF(profile)                                                     \
	"system { hostname = \"lns\" }\n"                                     \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"                  \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"                      \
	"ppp-profile \"" profile "\" { pool = \"home\" auth = { \"chap\" }\n" \
	"  accounting-group = \"aaa\" interim-interval = 300\n"               \
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"              \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"         \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"                      \
	"    max-sessions = 1\n"                                              \
	"    ppp-profile = \"" profile "\" accounting-group = \"aaa\" } }\n"  \
	"user \"user@isp.example\" { password = \"secret\" }\n"               \
	"user \"ann@isp.example\" { password = \"pear\" }\n" SERVER

static const char lns_acct_conf[] = LNS_CONF("home");

static int setup_acct(void **state)
{
	setup(state);
	accounted(&net.lns, load(lns_acct_conf));
	return 0;
}

static struct subscriber *up(void)
{
	statuses = 0;
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(1));
	assert_true(client.up);
	return LIST_FIRST(&net.lns.box.subscribers);
}

static void life(void **state)
{
	struct kern_stats stats = { .rx_packets = 10,
				    .rx_bytes = 1020,
				    .tx_packets = 20,
				    .tx_bytes = 5040 };
	struct subscriber *s = up();
	struct restore_result r;
	struct kern_link access = s->access;
	uint64_t id = s->id;
	char session[20];

	(void)state;
	assert_int_equal(statuses, 1 << ACCT_START | 1 << ACCT_TUNNEL_START |
					   1 << ACCT_LINK_START);
	look_at(ACCT_START);
	snprintf(session, sizeof(session), "\x2c\x12%016llx",
		 (unsigned long long)id);
	assert_true(has(session, 18));
	assert_true(HAS("\x01\x12user@isp.example"));
	assert_true(HAS("\x08\x06\x64\x40"));
	assert_true(HAS("\x42\x0b"
			"192.0.2.1"));
	assert_true(HAS("\x43\x0e"
			"198.51.100.2"));
	assert_true(HAS("\x5a\x06lac1"));
	assert_true(HAS("\x40\x06\0\0\0\3"));
	assert_null(attribute(82)); /* that is the LAC's */
	assert_int_equal(number(45), ACCT_LOCAL);
	/* Its use, told over a restart. */
	bng_kern_events.link_stats(&net.lns.kern, net.now, &access, &stats);
	statuses = 0;
	run_and_confirm(SECONDS(340));
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	assert_int_equal(number(42), 1000);
	assert_int_equal(number(43), 5000);
	assert_int_equal(number(47), 10);
	assert_in_range(number(46), 265, 335);
	statuses = 0;
	restart(&net.lns, &r);
	assert_int_equal(r.closed, 0);
	run_and_confirm(SECONDS(5));
	assert_int_equal(statuses, 0); /* nobody notices */
	run_and_confirm(SECONDS(335));
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	assert_true(has(session, 18));
	assert_int_equal(number(42), 1000);
	assert_in_range(number(46), 540, 690);
	/* Its end; the kernel's last word comes after it. */
	hang_up();
	run(500);
	stats.rx_bytes += 100;
	stats.rx_packets++;
	bng_kern_events.link_gone(&net.lns.kern, net.now, &access, id, &stats);
	run_and_confirm(SECONDS(15));
	assert_true(statuses & 1 << ACCT_STOP);
	assert_true(statuses & 1 << ACCT_LINK_STOP);
	look_at(ACCT_STOP);
	assert_int_equal(number(42), 1098);
	assert_int_equal(number(43), 5000);
	assert_in_range(number(49), 1, 2);
	assert_int_equal(net.lns.box.radius.spool.n, 0);
	assert_empty();
}

/* Killed with a Stop that no server has confirmed. */
static void queued_stop(void **state)
{
	struct restore_result r;

	(void)state;
	up();
	hang_up();
	run(SECONDS(10)); /* nobody answers */
	confirmed = net.radius.n;
	assert_empty();
	assert_true(net.lns.box.radius.spool.n >= 2);
	restart(&net.lns, &r);
	statuses = 0;
	run_and_confirm(SECONDS(20));
	assert_true(statuses & 1 << ACCT_STOP);
	assert_true(statuses & 1 << ACCT_LINK_STOP);
	assert_int_equal(net.lns.box.radius.spool.n, 0);
}

/* Killed, and its link is gone when the daemon is back: that is told. */
static void lost_meanwhile(void **state)
{
	struct subscriber *s = up();
	struct restore_result r;

	(void)state;
	k_link_del(&net.lns.kern, &s->access);
	statuses = 0;
	restart(&net.lns, &r);
	assert_true(r.closed > 0);
	run_and_confirm(SECONDS(20));
	assert_true(statuses & 1 << ACCT_STOP);
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_NAS_ERROR);
}

static unsigned int told(void)
{
	return net.lns.box.radius.spool.count.events;
}

/* Killed, and its profile is called otherwise when the daemon is back: it cannot be
 * kept, and those who heard of its Start hear of its end.
 */
static void profile_is_gone(void **state)
{
	struct subscriber *s = up();
	struct restore_result r;
	char session[19];

	(void)state;
	snprintf(session, sizeof(session), "\x2c\x12%016llx",
		 (unsigned long long)s->id);
	assert_int_equal(try_restart(&net.lns, load(LNS_CONF("house")), &r), 0);
	assert_int_equal(r.subscribers, 0);
	run_and_confirm(SECONDS(20));
	assert_int_equal(came[ACCT_STOP], 1);
	assert_int_equal(came[ACCT_LINK_STOP], 1);
	look_at(ACCT_STOP);
	assert_true(has(session, 18));
	assert_true(HAS("\x01\x12user@isp.example"));
	assert_int_equal(number(49), ACCT_NAS_ERROR);
}

/* What came in and is refused before it is anything: told, once. */
static void refused(void **state)
{
	struct box *b = &net.lns.box;
	unsigned int before;

	(void)state;
	up();
	statuses = 0;
	client_mac++;
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(3));
	client_mac--;
	assert_false(client.up);
	assert_int_equal(statuses, 1 << ACCT_LINK_REJECT);
	look_at(ACCT_LINK_REJECT);
	assert_true(HAS("\x5a\x06lac1"));
	assert_int_equal(number(49), ACCT_SERVICE_UNAVAILABLE);

	l2tp_order_system(&b->l2tp, net.now, L2TP_SHUTDOWN);
	run_and_confirm(SECONDS(200));
	statuses = 0;
	before = told();
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(3));
	assert_int_equal(statuses, 1 << ACCT_TUNNEL_REJECT);
	assert_int_equal(told() - before, 1);
	look_at(ACCT_TUNNEL_REJECT);
	assert_true(HAS("\x5a\x06lac1"));
	assert_true(HAS("\x42\x0b"
			"192.0.2.1"));
}

/* One call that is refused, as soon as it is told. */
static void one_refused(void)
{
	unsigned int before = told();

	statuses = 0;
	client_mac++;
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(1));
	assert_false(client.up);
	assert_int_equal(statuses, 1 << ACCT_LINK_REJECT);
	assert_int_equal(told() - before, 1);
	look_at(ACCT_LINK_REJECT);
	assert_true(HAS("\x5a\x06lac1"));
	assert_true(attribute(68)); /* its serial number */
}

/* What refuses is not the profile's or host's limit, but L2TP itself. */
static void refused_by_l2tp(void **state)
{
	struct l2tp_host *h = &net.lns.box.l2tp;
	unsigned int max = h->max_sessions;

	(void)state;
	up();
	l2tp_order_system(h, net.now, L2TP_DRAIN);
	one_refused();
	assert_int_equal(number(49), ACCT_SERVICE_UNAVAILABLE);
	l2tp_order_system(h, net.now, L2TP_ENABLED);
	h->max_sessions = 1;
	one_refused();
	h->max_sessions = max;
	h->max_pending = 0;
	one_refused();
}

static const char lac_acct_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"
	"  accounting-group = \"aaa\"\n"
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\"\n"
	"  accounting-group = \"aaa\" assignment-id = \"carrier\" }\n"
	"domain \"isp.example\" { tunnel = \"isp\" }\n" SERVER;

/* A LAC whose tunnel an LNS does not take, or never answers. */
static void no_tunnel(void **state)
{
	struct spool *spool = &net.lac.box.radius.spool;
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lac, load(lac_acct_conf), &r), 0);
	for (int i = 0; i < 2; i++) {
		uint64_t before = spool->count.events;

		if (i)
			net.cut = true;
		else
			l2tp_order_system(&net.lns.box.l2tp, net.now,
					  L2TP_SHUTDOWN);
		dial("user@isp.example", "secret");
		run(SECONDS(60));
		net.cut = false;
		assert_int_equal(spool->count.events - before,
				 2); /* and the call */
		run(SECONDS(300)); /* the destination's lockout */
	}
}

#define ASSIGNMENT \
	"\x52\x09" \
	"carrier"

/* RFC 2868 3.6: of the call, and of its tunnel. */
static void assignment(void **state)
{
	static const enum acct_status each[] = {
		ACCT_TUNNEL_START, ACCT_LINK_START, ACCT_START,
		ACCT_LINK_STOP,	   ACCT_STOP,	    ACCT_TUNNEL_STOP
	};
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(lns_conf), &r), 0);
	assert_int_equal(try_restart(&net.lac, load(lac_acct_conf), &r), 0);
	teller = &net.lac;
	up();
	hang_up();
	run_and_confirm(SECONDS(100));
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		look_at(each[i]);
		assert_true(HAS(ASSIGNMENT));
	}
}

/* The subscriber's counters are of the link that it comes in by, whichever of its two
 * the kernel tells of first; the call's look the other way.
 */
static void counters_of_the_access(void **state)
{
	static const struct kern_stats stats[2] = {
		{ .rx_packets = 10,
		  .rx_bytes = 1020,
		  .tx_packets = 20,
		  .tx_bytes = 5040 },
		{ .rx_packets = 20,
		  .rx_bytes = 5040,
		  .tx_packets = 10,
		  .tx_bytes = 1020 },
	};
	struct restore_result r;
	struct kern_link link[2];
	struct subscriber *s;
	uint64_t id;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(lns_conf), &r), 0);
	assert_int_equal(try_restart(&net.lac, load(lac_acct_conf), &r), 0);
	teller = &net.lac;
	for (int first = 0; first < 2; first++) {
		up();
		s = LIST_FIRST(&net.lac.box.subscribers);
		id = s->id;
		link[0] = s->access;
		link[1] = s->to;
		hang_up();
		run(500);
		for (int i = 0; i < 2; i++)
			bng_kern_events.link_gone(&net.lac.kern, net.now,
						  &link[i ^ first], id,
						  &stats[i ^ first]);
		run_and_confirm(SECONDS(5));
		for (int i = 0; i < 2; i++) {
			look_at(i ? ACCT_LINK_STOP : ACCT_STOP);
			assert_int_equal(number(42), 1000);
			assert_int_equal(number(43), 5000);
			assert_int_equal(number(47), 10);
			assert_int_equal(number(48), 20);
		}
	}
}

/* One who is up negotiates anew, as itself or as another, who may know the password or
 * not; the daemon is killed after so many messages of that, or not (0). It keeps its
 * session, or that ends: either way its accounting is its own, and told once.
 */
static void again_as(const char *name, const char *password, int killed_after)
{
	bool itself = !strcmp(name, "user@isp.example") &&
		      !strcmp(password, "secret");
	struct subscriber *s = up();
	struct restore_result r;
	char session[19];

	snprintf(session, sizeof(session), "\x2c\x12%016llx",
		 (unsigned long long)s->id);
	memset(came, 0, sizeof(came));
	renegotiate(name, password);
	for (int i = 0; i < killed_after; i++)
		step();
	if (killed_after) {
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 1);
	}
	run_and_confirm(SECONDS(10));
	assert_int_equal(client.up, itself);
	if (itself) {
		assert_int_equal(came[ACCT_STOP] + came[ACCT_START], 0);
		hang_up();
		run_and_confirm(SECONDS(10));
	}
	assert_int_equal(came[ACCT_START], 0);
	assert_int_equal(came[ACCT_STOP], 1);
	assert_int_equal(came[ACCT_LINK_STOP], 1);
	for (int i = 0; i < 2; i++) {
		look_at(i ? ACCT_LINK_STOP : ACCT_STOP);
		assert_true(has(session, 18));
		assert_true(HAS("\x01\x12user@isp.example"));
	}
	assert_empty();
}

static void negotiates_anew(void **state)
{
	(void)state;
	for (int n = 0; n < 14; n++) {
		again_as("user@isp.example", "secret", n);
		again_as("user@isp.example", "wrong", n);
		again_as("ann@isp.example", "wrong", n);
		again_as("ann@isp.example", "pear", n);
	}
}

#define DOMAIN_CONF(profile)                                                 \
	"system { hostname = \"lac\" }\n"                                    \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                    \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                    \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"    \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"             \
	"ppp-profile \"told\" { pool = \"local\" auth = { \"chap\" }\n"      \
	"  accounting-group = \"aaa\"\n"                                     \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"             \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"                  \
	"domain \"isp.example\" { terminate = true ppp-profile = \"" profile \
	"\" }\n"                                                             \
	"user \"user@isp.example\" { password = \"secret\" }\n" SERVER

/* Its domain has another profile by now: it ends where it began. */
static void domain_of_another_profile(void **state)
{
	struct restore_result r;

	(void)state;
	teller = &net.lac;
	assert_int_equal(try_restart(&net.lac, load(DOMAIN_CONF("told")), &r),
			 0);
	dial("user@isp.example", "secret");
	run_and_confirm(500);
	assert_true(client.up);
	assert_int_equal(came[ACCT_START], 1);
	assert_int_equal(try_restart(&net.lac, load(DOMAIN_CONF("access")), &r),
			 0);
	assert_int_equal(r.subscribers, 1);
	renegotiate("user@isp.example", "secret");
	run_and_confirm(500);
	assert_true(client.up);
	hang_up();
	run_and_confirm(SECONDS(5));
	assert_int_equal(came[ACCT_STOP], 1);
}

/* So many a minute, whoever floods us; each once. */
static void refused_flood(void **state)
{
	struct l2tp_path path = { .remote = { addr_v4(0xc0000201), 1701 } };
	struct l2tp_peer peer = *LIST_FIRST(&net.lns.box.l2tp.all)->peer;
	struct account_refused r = { .peer = &peer,
				     .path = &path,
				     .status = ACCT_TUNNEL_REJECT };
	struct box *b = &net.lns.box;
	unsigned int before;

	(void)state;
	run(SECONDS(61));
	before = told();
	for (int i = 0; i < 5; i++)
		account_refused(b, net.now, &r);
	assert_int_equal(told() - before, 1);
	for (r.peer_id = 1; r.peer_id < 1000; r.peer_id++)
		account_refused(b, net.now, &r);
	assert_int_equal(told() - before, BOX_REFUSED);
	assert_int_equal(b->count.refused_untold, 1000 - BOX_REFUSED);
	account_refused(b, net.now + SECONDS(59), &r);
	assert_int_equal(told() - before, BOX_REFUSED);
	account_refused(b, net.now + SECONDS(60), &r);
	assert_int_equal(told() - before, BOX_REFUSED + 1);
}

static void refused_many(void **state)
{
	up();
	refused_flood(state);
}

static void granted_interim(struct subscriber *s, uint32_t seconds)
{
	struct aaa_grant g;

	subscriber_grant(s, &g);
	g.interim_interval = seconds;
	assert_int_equal(subscriber_set_grant(s, &g), 0);
	terminate_apply(s, net.now);
}

/* Killed after a Stop is written down, and before the subscriber is forgotten: it is
 * not kept, and there is one Stop. first: the one before the Link-Stop is not even
 * written.
 */
static void ending(bool first)
{
	struct subscriber *s = up();
	struct restore_result r;
	unsigned int before;
	jmp_buf killed;

	if (first) {
		struct acct_event e = { .status = ACCT_STOP,
					.session = s->id,
					.group = "aaa" };

		spool_add(&net.lns.box.radius.spool, net.now, &e, false);
	} else {
		net.killed = &killed;
		if (!setjmp(killed))
			subscriber_end(s, net.now, 3, "test");
		net.killed = NULL;
	}
	confirmed = before = net.radius.n;
	statuses = 0;
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	run_and_confirm(SECONDS(100));
	assert_true(statuses & 1 << ACCT_STOP);
	assert_true(statuses & 1 << ACCT_LINK_STOP);
	/* And one Tunnel-Stop, when it has idled. */
	assert_int_equal(net.radius.n - before,
			 2 + !!(statuses & 1 << ACCT_TUNNEL_STOP));
	assert_true(client.padt);
}

static void killed_while_it_ends(void **state)
{
	(void)state;
	ending(false);
	ending(true);
	assert_int_equal(net.lns.box.radius.spool.n, 0);
}

/* Another interval, by CoA: a shorter one counts at once, and what comes again and
 * again puts none off.
 */
static void changed_interval(void **state)
{
	struct subscriber *s = up();

	(void)state;
	statuses = 0;
	granted_interim(s, 60);
	run_and_confirm(SECONDS(67));
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	statuses = 0;
	for (int i = 0; i < 4; i++) {
		run_and_confirm(SECONDS(20));
		granted_interim(s, 60);
	}
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	statuses = 0;
	granted_interim(s, AAA_NO_LIMIT);
	run_and_confirm(SECONDS(1000));
	assert_int_equal(statuses, 0);
}

/* Restarts put no interim off: who is not heard of for two intervals may be taken for
 * gone. What is late comes soon, not all at once.
 */
static void interim_over_restarts(void **state)
{
	struct restore_result r;

	(void)state;
	up();
	for (int i = 0; i < 3; i++) {
		statuses = 0;
		run_and_confirm(SECONDS(100));
		restart(&net.lns, &r);
		assert_int_equal(r.closed, 0);
	}
	run_and_confirm(SECONDS(31)); /* 300 and a tenth more have passed */
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	assert_int_equal(came[ACCT_INTERIM], 1);
	/* Nobody is there when it is due. */
	net.now += SECONDS(1000);
	restart(&net.lns, &r);
	assert_int_equal(r.closed, 0);
	statuses = 0;
	run_and_confirm(100);
	run_and_confirm(SECONDS(30));
	assert_int_equal(statuses, 1 << ACCT_INTERIM);
	assert_int_equal(came[ACCT_INTERIM], 2);
	run_and_confirm(SECONDS(239));
	assert_int_equal(came[ACCT_INTERIM], 2);
	run_and_confirm(SECONDS(92));
	assert_int_equal(came[ACCT_INTERIM], 3);
}

/* Accounting-On and -Off are of each group in use, once. */
static void all_of_us(void **state)
{
	(void)state;
	statuses = 0;
	account_on(&net.lns.box, net.now);
	run_and_confirm(100);
	account_off(&net.lns.box, net.now);
	run_and_confirm(100);
	assert_int_equal(statuses, 1 << ACCT_ON | 1 << ACCT_OFF);
	/* The LAC has no group. */
	account_on(&net.lac.box, net.now);
	assert_int_equal(net.lac.box.radius.spool.n, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_acct, teardown)
	const struct CMUnitTest tests[] = {
		TEST(life),
		TEST(queued_stop),
		TEST(lost_meanwhile),
		TEST(profile_is_gone),
		TEST(changed_interval),
		TEST(interim_over_restarts),
		TEST(all_of_us),
		TEST(killed_while_it_ends),
		TEST(refused),
		TEST(refused_many),
		TEST(refused_by_l2tp),
		TEST(no_tunnel),
		TEST(assignment),
		TEST(counters_of_the_access),
		TEST(negotiates_anew),
		TEST(domain_of_another_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
