/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who sends what in the chain of client, LAC and LNS, and that nothing is left in
 * the end.
 */
#include "bng/chain.h"

static void tunnelled(void **state)
{
	struct subscriber *s;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644000); /* the LNS's pool */
	assert_int_equal(client.lcp_requests, 1);
	assert_int_equal(net.lcp_in_tunnel, 0);
	assert_int_equal(net.sccrq, 1);
	assert_int_equal(net.icrq, 1);
	s = LIST_FIRST(&net.lac.box.subscribers);
	assert_int_equal(s->state, SUBSCRIBER_TUNNELLED);
	assert_true(kern_link_eq(&row(&net.lac, &s->access)->to, &s->to));
	s = LIST_FIRST(&net.lns.box.subscribers);
	assert_int_equal(s->state, SUBSCRIBER_UP);
	assert_true(row(&net.lns, &s->access)->ip);
	hang_up();
	run(500);
	assert_empty();
	assert_non_null(
		LIST_FIRST(&net.lac.box.l2tp.all)); /* the tunnel stays */
}

/* A daemon that starts anew does not use the serial numbers of the one before again:
 * accounting tells calls apart by them.
 */
static void serials_go_on(void **state)
{
	uint32_t before = net.lac.box.l2tp.serial;

	(void)state;
	assert_true(clock_wall() * 16 - before < 16 * 60);
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(LIST_FIRST(&net.lac.box.subscribers)->session->serial,
			 before + 1);
}

/* IPv6CP opens beside IPCP; the LNS knows both identifiers, also after kill -9. */
static void dual_stack(void **state)
{
	struct restore_result r;
	struct subscriber *s;
	uint64_t far = 0;

	(void)state;
	conf_profile(net.lns.box.conf, "home")->ppp.network = PPP_IPV4 |
							      PPP_IPV6;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up && client.v6_up);
	assert_int_equal(net.lcp_in_tunnel, 0);
	for (int i = 0; i < 8; i++)
		far = far << 8 | client.v6_far[i];
	for (int i = 0; i < 2; i++) {
		s = LIST_FIRST(&net.lns.box.subscribers);
		assert_int_equal(s->state, SUBSCRIBER_UP);
		assert_true(ppp_link_has(&s->ppp, PPP_IPV4));
		assert_true(ppp_link_has(&s->ppp, PPP_IPV6));
		assert_true(s->ppp.ip.peer_id == 0x020000fffe000009);
		assert_true(far && s->ppp.ip.local_id == far);
		if (!i)
			restart(&net.lns, &r);
	}
	hang_up();
	run(500);
	assert_empty();
}

static void terminated_here(void **state)
{
	(void)state;
	dial("bob", "builder");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644100);
	assert_int_equal(net.sccrq, 0);
	hang_up();
	run(500);
	assert_empty();
}

/* An address of its own: in a pool or not, and nobody else's meanwhile. */
static void fixed_address(void **state)
{
	static const char *const name[] = { "eve", "joe" };
	static const char *const password[] = { "apple", "plum" };
	static const uint32_t addr[] = { 0x64410009, 0xcb007109 };
	const struct box *b = &net.lac.box;

	(void)state;
	for (int i = 0; i < 2; i++) {
		uint16_t sid;

		dial(name[i], password[i]);
		run(500);
		assert_true(client.up);
		assert_int_equal(client.addr, addr[i]);
		sid = client.sid;
		dial(name[i], password[i]); /* a second time */
		run(8000);
		assert_true(client.failed && client.padt && !client.up);
		assert_int_equal(b->count.no_address, i + 1);
		client.sid = sid;
		hang_up();
		run(500);
		dial(name[i], password[i]);
		run(500);
		assert_true(client.up);
		assert_int_equal(client.addr, addr[i]);
		hang_up();
		run(500);
		assert_empty();
	}
}

/* A user for each turn: what it has is given back where it came from. One who is let
 * in stays who it is: what is accounted, limited and lent is that user's.
 */
static void address_goes_with_the_user(void **state)
{
	static const struct {
		const char *name, *password;
		uint32_t net;
	} turn[] = { { "eve", "apple", 0x644100 },
		     { "ann@far.example", "pear", 0x644200 },
		     { "joe", "plum", 0xcb0071 },
		     { "bob", "builder", 0x644100 } };
	uint32_t addr;

	(void)state;
	dial("bob", "builder");
	run(500);
	addr = client.addr;
	renegotiate("bob", "builder");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr, addr); /* it keeps it */
	for (int i = 0; i < 4; i++) {
		/* Another user is another session. */
		renegotiate(turn[i].name, turn[i].password);
		run(500);
		assert_true(client.failed && client.padt && !client.up);
		assert_empty();
		dial(turn[i].name, turn[i].password);
		run(500);
		assert_true(client.up);
		assert_int_equal(client.addr >> 8, turn[i].net);
		if (!i)
			assert_int_equal(client.addr, 0x64410009);
		for (size_t p = 0; p < net.lac.box.network.n_pools; p++)
			assert_int_equal(pool_used(net.lac.box.network.pools[p]
							   .pool),
					 (i == 3 && !p) || (i == 1 && p));
	}
	hang_up();
	run(500);
	assert_empty();
}

/* The LAC requires sequence numbers of data. */
static void sequencing(void **state)
{
	(void)state;
	net.sequencing = true;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	assert_true(row(&net.lns, &LIST_FIRST(&net.lns.box.subscribers)->access)
			    ->seq);
	hang_up();
	run(500);
	assert_empty();
}

/* A tunnel that leads elsewhere than its definition is not used any more. */
static void tunnel_leads_elsewhere(void **state)
{
	struct l2tp_tunnel *t;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	hang_up();
	run(500);
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	t->path.endpoint++;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	assert_int_equal(net.sccrq, 2);
	t->path.endpoint--;
	hang_up();
	run(500);
	assert_empty();
}

static void wrong_password(void **state)
{
	(void)state;
	dial("user@isp.example", "guess");
	run(8000);
	assert_true(client.failed && client.padt && !client.up);
	assert_int_equal(net.lns.box.count.auth_failed, 1);
	/* The LAC knows why: RFC 3145. */
	assert_int_equal(net.lac.box.l2tp.rx_causes.auth_failed, 1);
	assert_non_null(
		strstr(TAILQ_FIRST(&net.lac.box.ended.sessions.head)->why.text,
		       "disconnect cause 16 authentication failed"));
	assert_empty();
	dial("bob", "guess");
	run(8000);
	assert_true(client.failed && client.padt && !client.up);
	assert_int_equal(net.lac.box.count.auth_failed, 1);
	assert_empty();
}

/* What we send before the client is ready would be lost. */
static void client_speaks_first(void **state)
{
	(void)state;
	client_waits = true;
	dial("bob", "builder");
	run(900);
	assert_int_equal(client.lcp_requests, 0);
	run(200);
	assert_int_equal(client.lcp_requests, 1);
	assert_true(client.up);
	hang_up();
	run(100);

	dial("bob", "builder");
	run(500);
	hang_up(); /* nobody is left to begin */
	run(SECONDS(2));
	assert_int_equal(client.lcp_requests, 0);
	client_waits = false;

	dial("bob", "builder");
	run(100);
	assert_int_equal(client.lcp_requests, 1);
	assert_true(client.up);
	hang_up();
	run(100);
	assert_empty();
}

static void lns_is_silent(void **state)
{
	(void)state;
	net.cut = true;
	dial("user@isp.example", "secret");
	run(SECONDS(80));
	assert_true(client.padt && !client.up);
	assert_int_equal(net.lac.box.count.tunnel_failed, 1);
	assert_empty();
}

/* A client that says nothing but PADR, again and again. */
static void one_client_many_sessions(void **state)
{
	const struct box *b = &net.lac.box;

	(void)state;
	net.cut = true;
	for (int i = 0; i < 10; i++) {
		dial("user@isp.example", "secret"); /* its call is pending */
		run(100);
	}
	assert_int_equal(b->n_subscribers, 4);
	assert_int_equal(b->count.refused_client, 6);
	assert_int_equal(client.sid, 0);
	net.cut = false;
	run(SECONDS(120));
	assert_non_null(idmap_get(&b->pppoe_ids, 0xffff));
}

/* A call is pending, and its user becomes another's, of here or of elsewhere. */
static void changes_domain_while_calling(void **state)
{
	static const char *const name[] = { "bob", "user@other.example" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		net.cut = true;
		dial("user@isp.example", "secret");
		run(500);
		assert_int_equal(LIST_FIRST(&net.lac.box.subscribers)->state,
				 SUBSCRIBER_TUNNELLING);
		renegotiate(name[i], "builder");
		run(500);
		assert_true(client.padt && !client.up);
		net.cut = false;
		run(SECONDS(5));
		assert_empty();
	}
}

/* The same name again is the same call. */
static void negotiates_anew_while_calling(void **state)
{
	(void)state;
	net.cut = true;
	dial("user@isp.example", "secret");
	run(500);
	renegotiate("user@isp.example", "secret");
	run(500);
	net.cut = false;
	run(SECONDS(5));
	assert_true(client.up && !client.padt);
	assert_int_equal(net.icrq, 1);
	hang_up();
	run(500);
	assert_empty();
}

/* It has an address of ours, and is another's from now on. */
static void changes_domain_when_up(void **state)
{
	(void)state;
	dial("bob", "builder");
	run(500);
	assert_true(client.up);
	renegotiate("user@isp.example", "secret");
	run(500);
	assert_true(client.padt && !client.up);
	assert_empty();
}

/* What the kernel refuses late must not hit the next owner of an id, and what it
 * did not make for us is not removed.
 */
static void refusals(void **state)
{
	struct kern_refusal r = { .err = -EEXIST, .text = "there is one" };
	struct subscriber *s;
	struct l2tp_tunnel *t;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	s = LIST_FIRST(&net.lac.box.subscribers);
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	r.link = s->access;
	r.cookie = s->id - 1;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	r.cookie = 0;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	r.link = s->to;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	r.link = (struct kern_link){ 0 };
	r.tunnel_id = t->id;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	r.cookie = t->cookie - 1;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	run(500);
	assert_int_equal(net.lac.box.count.kernel_refused, 5);
	assert_int_equal(s->state, SUBSCRIBER_TUNNELLED);
	assert_int_equal(t->state, L2TP_TUNNEL_ESTABLISHED);
	/* The right one. */
	r.cookie = t->cookie;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	assert_non_null(tunnel(&net.lac, t->id));
	run(500);
	assert_true(client.padt);
	assert_empty();
	dial("bob", "builder");
	run(500);
	s = LIST_FIRST(&net.lac.box.subscribers);
	r.link = s->access;
	r.cookie = s->id;
	bng_kern_events.refused(&net.lac.kern, net.now, &r);
	run(500);
	assert_true(client.padt);
	assert_int_equal(links(&net.lac), 1);
}

/* The LNS is where PPP ends: it answers the client's echoes, and once it has lost the
 * session nobody does.
 */
static void echoes_end_at_the_lns(void **state)
{
	unsigned int rx, tx;
	struct kern_link l;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	rx = net.lns_rx;
	tx = net.lns_tx;
	for (int i = 0; i < 3; i++) {
		client_send(PPP_PROTO_LCP, 9, ++client.id, client_magic + 2, 4);
		run(100);
	}
	assert_int_equal(client.echo_replies, 3);
	assert_int_equal(net.lns_rx - rx, 3);
	assert_int_equal(net.lns_tx - tx, 3);
	l = LIST_FIRST(&net.lns.box.subscribers)->access;
	k_link_del(&net.lns.kern, &l);
	client_send(PPP_PROTO_LCP, 9, ++client.id, client_magic + 2, 4);
	run(500);
	assert_int_equal(client.echo_replies, 3);
	assert_true(client.up && !client.padt);
}

/* Subscribers and calls of either side, and their links. */
static void all_have(unsigned int n)
{
	assert_int_equal(net.lac.box.n_subscribers, n);
	assert_int_equal(net.lns.box.n_subscribers, n);
	assert_int_equal(idmap_count(&net.lac.box.l2tp.sessions), n);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.sessions), n);
	assert_int_equal(links(&net.lac), 2 * n);
	assert_int_equal(links(&net.lns), n);
}

/* A call and a PPP connection are one: whoever ends either ends both, on each side. */
static void one_to_one(void **state)
{
	(void)state;
	for (int who = 0; who < 3; who++) {
		struct box *b = who < 2 ? &net.lns.box : &net.lac.box;
		struct subscriber *s;

		for (uint8_t mac = 1; mac < 4; mac++) {
			client_mac = mac;
			dial("user@isp.example", "secret");
			run(500);
			all_have(mac);
		}
		client.mute = true; /* no Terminate-Ack of another's */
		for (unsigned int left = 3; left; left--) {
			all_have(left);
			s = LIST_FIRST(&b->subscribers);
			if (who == 0)
				ppp_link_close(&s->ppp, net.now);
			else
				subscriber_end(s, net.now, 3, "");
			run(SECONDS(12)); /* two Terminate-Requests */
		}
		assert_empty();
	}
}

static void operator_removes(void **state)
{
	static const struct kern_stats none;
	struct subscriber *s;
	struct kern_link l;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	s = LIST_FIRST(&net.lns.box.subscribers);
	l = s->access;
	bng_kern_events.link_gone(&net.lns.kern, net.now, &l, s->id + 1, &none);
	assert_int_equal(s->state, SUBSCRIBER_UP); /* an older one of that id */
	bng_kern_events.link_gone(&net.lns.kern, net.now, &l, s->id, &none);
	run(500);
	assert_true(client.padt);
	assert_empty();
}

static void tunnel_removed(void **state)
{
	struct l2tp_tunnel *t;
	static const struct kern_stats none;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	bng_kern_events.tunnel_gone(&net.lac.kern, net.now, t->id, t->cookie,
				    &none);
	run(500);
	assert_true(client.padt);
	assert_empty();
	run(SECONDS(60));
	assert_null(LIST_FIRST(&net.lac.box.l2tp.all));
	assert_null(LIST_FIRST(&net.lns.box.l2tp.all));
}

/* So many seconds with a packet in each, of the client and to it. */
static void talk(int seconds, bool up, bool down)
{
	static const uint8_t packet[40] = { 0x00, 0x21, 0x45 };
	const struct subscriber *s = LIST_FIRST(&net.lns.box.subscribers);

	for (int i = 0; i < seconds; i++) {
		if (up)
			client_send(PPP_PROTO_IPV4, 0x45, 0, packet, 20);
		if (down)
			k_send_ppp(&net.lns.kern, &s->access, packet, 40);
		run(900);
	}
}

static void never_hello(struct fake *f)
{
	const struct l2tp_peer *p = LIST_FIRST(&f->box.l2tp.all)->peer;

	((struct l2tp_peer *)(uintptr_t)p)->hello = 0;
}

/* HELLO 60 s after the last thing heard, be it data: the module's counters tell. */
static void hello_into_silence(void **state)
{
	msec_t since;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	bng_start(&net.lac.box, net.now);
	bng_start(&net.lns.box, net.now);
	talk(900, true, true);
	assert_int_equal(net.lac.hellos + net.lns.hellos, 0);
	/* The LNS is heard no more, and hears: only the LAC asks. */
	talk(600, true, false);
	assert_int_equal(net.lac.hellos, 0);
	assert_in_range(net.lns.hellos, 600 / 80, 600 / 60);
	/* Nobody is: in 60 s, and 20 until the counters are looked at. */
	net.lns.hellos = 0;
	since = net.now;
	while (!net.lac.hellos && !net.lns.hellos)
		run(100);
	assert_in_range(net.now - since, 1, SECONDS(81));
	net.lac.hellos = net.lns.hellos = 0;
	run(SECONDS(59));
	assert_int_equal(net.lac.hellos + net.lns.hellos, 0);
	run(SECONDS(3));
	assert_in_range(net.lac.hellos + net.lns.hellos, 1, 2);
	/* 0 is never, once those are over that were set already. */
	never_hello(&net.lac);
	never_hello(&net.lns);
	run(SECONDS(62));
	net.lac.hellos = net.lns.hellos = 0;
	run(SECONDS(1800));
	assert_int_equal(net.lac.hellos + net.lns.hellos, 0);
	hang_up();
	run(500);
	assert_empty();
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(tunnelled),
		T(serials_go_on),
		T(dual_stack),
		T(terminated_here),
		T(fixed_address),
		T(address_goes_with_the_user),
		T(sequencing),
		T(tunnel_leads_elsewhere),
		T(wrong_password),
		T(lns_is_silent),
		T(client_speaks_first),
		T(one_client_many_sessions),
		T(changes_domain_while_calling),
		T(negotiates_anew_while_calling),
		T(changes_domain_when_up),
		T(refusals),
		T(echoes_end_at_the_lns),
		T(one_to_one),
		T(operator_removes),
		T(tunnel_removed),
		T(hello_into_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
