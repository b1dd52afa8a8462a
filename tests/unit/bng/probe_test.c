// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tunnels that are tried without a subscriber: what is told, in which order, and
 * that nobody else is touched.
 */
#include "bng/chain.h"

#include "bng/probe.h"
#include "l2tp/admin.h"

static struct {
	enum probe_step step[8];
	int n, ends, err;
	char peer[64], why[160];
} heard;

static void on_step(void *user, enum probe_step step, const char *text)
{
	assert_ptr_equal(user, &heard);
	assert_false(heard.ends);
	assert_true(heard.n < 8);
	heard.step[heard.n++] = step;
	if (step == PROBE_ANSWERED)
		snprintf(heard.peer, sizeof(heard.peer), "%s", text);
}

static void on_end(void *user, msec_t at, int err, const char *text)
{
	assert_ptr_equal(user, &heard);
	assert_true(at > 0 && at <= net.now);
	heard.ends++;
	heard.err = err;
	snprintf(heard.why, sizeof(heard.why), "%s", text);
}

static const struct probe_ops ops = { .step = on_step, .end = on_end };

static struct conf_tunnel *isp(void)
{
	return conf_tunnel(net.lac.box.conf, "isp");
}

static struct probe *begin(void)
{
	const char *why = NULL;
	struct probe *p;

	memset(&heard, 0, sizeof(heard));
	p = probe_start(&net.lac.box, net.now, isp(), &ops, &heard, &why);
	assert_non_null(p);
	return p;
}

static void steps_were(const enum probe_step *want, int n)
{
	assert_int_equal(heard.n, n);
	for (int i = 0; i < n; i++)
		assert_int_equal(heard.step[i], want[i]);
}

static unsigned int kernel_tunnels(void)
{
	unsigned int n = 0;

	for (int i = 0; i < MAX; i++)
		n += net.lac.tunnels[i].id != 0;
	return n;
}

static void works_beside_a_subscriber(void **state)
{
	static const enum probe_step want[] = { PROBE_SENT, PROBE_ANSWERED,
						PROBE_AUTHENTICATED,
						PROBE_ESTABLISHED,
						PROBE_STOPPED };

	(void)state;
	begin();
	/* One that comes meanwhile has a tunnel of its own. */
	dial("user@isp.example", "secret");
	run(1000);
	assert_int_equal(net.sccrq, 2);
	assert_int_equal(net.stopccn, 1);
	steps_were(want, 5);
	assert_int_equal(heard.ends, 1);
	assert_int_equal(heard.err, 0);
	assert_string_equal(heard.peer, "lns");
	assert_true(LIST_EMPTY(&net.lac.box.probes));
	assert_true(client.up);
	/* With the subscriber's tunnel there already; the kernel hears of no
	 * other.
	 */
	begin();
	run(1000);
	steps_were(want, 5);
	assert_int_equal(net.sccrq, 3);
	assert_int_equal(net.stopccn, 2);
	assert_int_equal(kernel_tunnels(), 1);
	assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 1);
	hang_up();
	run(500);
	assert_empty();
}

/* Killed when the peer may believe in a tunnel: it is told, nothing comes back. */
static void killed(void **state)
{
	struct restore_result r;

	(void)state;
	for (int n = 2; n < 6; n++) {
		struct probe *p = begin();

		net.stopccn = 0;
		for (int i = 0; i < n; i++)
			step();
		restart(&net.lac, &r);
		free(p);
		assert_int_equal(r.tunnels, 0);
		assert_int_equal(r.closed, 1);
		run(1000);
		assert_int_equal(net.stopccn, 1);
		assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 0);
		assert_int_equal(net.lns.box.l2tp.level.below[L2TP_TUNNELS]
					 .active,
				 0);
		run(SECONDS(40));
		restart(&net.lac, &r);
		assert_int_equal(r.closed, 0);
	}
}

static void nobody_answers(void **state)
{
	static const enum probe_step want[] = { PROBE_SENT, PROBE_FAILED };

	(void)state;
	net.cut = true;
	begin();
	run(SECONDS(60));
	steps_were(want, 2);
	assert_int_equal(heard.ends, 1);
	assert_int_equal(heard.err, -ECONNREFUSED);
	assert_string_equal(heard.why, "no answer after 3 tries");
	assert_true(LIST_EMPTY(&net.lac.box.probes));
}

/* SCCCN and all after it is lost: SCCRP alone is not a tunnel. */
static void answer_without_an_end(void **state)
{
	static const enum probe_step want[] = { PROBE_SENT, PROBE_ANSWERED,
						PROBE_AUTHENTICATED,
						PROBE_FAILED };

	(void)state;
	begin();
	step(); /* SCCRQ */
	net.cut = true;
	step(); /* SCCRP */
	run(SECONDS(120));
	steps_were(want, 4);
	assert_string_equal(heard.why, "peer does not answer");
	assert_int_equal(heard.ends, 1);
}

static void wrong_secret(void **state)
{
	static const enum probe_step want[] = { PROBE_SENT, PROBE_ANSWERED,
						PROBE_FAILED, PROBE_STOPPED };
	const char *secret = isp()->peer.secret;

	(void)state;
	isp()->peer.secret = "another";
	begin();
	isp()->peer.secret = secret;
	run(1000);
	steps_were(want, 4);
	assert_int_equal(heard.ends, 1);
	assert_string_equal(heard.why, "ended by us: wrong challenge response");
	assert_true(LIST_EMPTY(&net.lac.box.probes));
}

static void refused_by_the_peer(void **state)
{
	static const enum probe_step want[] = { PROBE_SENT, PROBE_FAILED };
	const char *name = isp()->peer.local_name;

	(void)state;
	isp()->peer.local_name = "stranger";
	begin();
	isp()->peer.local_name = name;
	run(1000);
	steps_were(want, 2);
	/* Known at once, though the tunnel lingers. */
	assert_int_equal(heard.ends, 1);
	assert_string_equal(heard.why,
			    "StopCCN of the peer: 4/0 not authorised");
	run(SECONDS(60));
	assert_int_equal(heard.ends, 1);
	assert_true(LIST_EMPTY(&net.lac.box.probes));
}

static void nobody_waits_any_more(void **state)
{
	struct probe *p = begin();

	(void)state;
	probe_abandon(p, net.now);
	run(SECONDS(60));
	assert_int_equal(heard.ends, 0);
	assert_int_equal(heard.n, 1);
	assert_true(LIST_EMPTY(&net.lac.box.probes));
	assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 0);
	p = begin();
	step();
	step(); /* SCCRP: SCCCN is on its way */
	probe_abandon(p, net.now);
	run(SECONDS(60));
	assert_int_equal(heard.ends, 0);
	assert_true(LIST_EMPTY(&net.lac.box.probes));
}

static void no_step(void *user, enum probe_step step, const char *text)
{
	(void)user, (void)step, (void)text;
}

static void so_many_at_once(void **state)
{
	static const struct probe_ops deaf = { .step = no_step, .end = on_end };
	struct box *b = &net.lac.box;
	const char *why = NULL;

	(void)state;
	memset(&heard, 0, sizeof(heard));
	net.cut = true;
	for (int i = 0; i < PROBES_MAX; i++)
		assert_non_null(
			probe_start(b, net.now, isp(), &deaf, &heard, &why));
	assert_null(probe_start(b, net.now, isp(), &deaf, &heard, &why));
	assert_string_equal(why, "too many tests are under way");
	run(SECONDS(60));
	assert_int_equal(heard.ends, PROBES_MAX);
	assert_true(LIST_EMPTY(&b->probes));
	b->l2tp.max_tunnels = 0;
	assert_null(probe_start(b, net.now, isp(), &deaf, &heard, &why));
	assert_string_equal(why, "no tunnel: the limit is reached");
}

/* What a subscriber would not get, a test does not either. */
static void not_against_the_operator(void **state)
{
	struct box *b = &net.lac.box;
	struct addr lns = isp()->remote.addr;
	const char *why = NULL;

	(void)state;
	assert_int_equal(l2tp_order_name(&b->l2tp, net.now, "isp", L2TP_DRAIN),
			 0);
	assert_null(probe_start(b, net.now, isp(), &ops, &heard, &why));
	assert_string_equal(why, "drained or shut down by the operator");
	assert_int_equal(l2tp_order_name(&b->l2tp, net.now, "isp",
					 L2TP_ENABLED),
			 0);
	isp()->remote.addr = net.lac.local.addr;
	assert_null(probe_start(b, net.now, isp(), &ops, &heard, &why));
	assert_string_equal(why, "the LNS would be ourselves");
	isp()->remote.addr = lns;
	assert_int_equal(net.sccrq, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(works_beside_a_subscriber),
		T(nobody_answers),
		T(answer_without_an_end),
		T(wrong_secret),
		T(refused_by_the_peer),
		T(nobody_waits_any_more),
		T(killed),
		T(so_many_at_once),
		T(not_against_the_operator),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
