/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the LAC tells the LNS of a call, what the LNS keeps of it over kill -9, and
 * that only the LNS answers the client.
 */
#include "bng/chain.h"

#include "l2tp/turn.h"

#define LINE_TAG                                     \
	"\x01\x05\0\x27\0\0\x0d\xe9\1\5eth/7\2\3far" \
	"\x81\4\0\0\x03\xe8\x82\4\0\0\x27\x10\x90\3\1\2\0\x8b\4\0\0\0\x10"

static struct conf_told *told(void)
{
	return &conf_tunnel(net.lac.box.conf, "isp")->told;
}

static struct conf_port *port(void)
{
	return conf_port(net.lac.box.conf, "lo");
}

static struct subscriber *lns_subscriber(void)
{
	return LIST_FIRST(&net.lns.box.subscribers);
}

static int setup_told(void **state)
{
	client_tags.b = NULL;
	client_tags.len = 0;
	client_vlan = 0;
	return setup(state);
}

static void dial_in(void)
{
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
}

static void say_line(void)
{
	client_tags.b = LINE_TAG;
	client_tags.len = sizeof(LINE_TAG) - 1;
}

/* The Calling Number that the LNS got, by these parts. */
static const char *calling(unsigned int n, enum conf_calling_part first,
			   enum conf_calling_part second)
{
	static char got[L2TP_NUMBER_MAX + 1];
	const struct subscriber *s;

	told()->calling =
		(struct conf_calling){ n, { (uint8_t)first, (uint8_t)second } };
	dial_in();
	s = lns_subscriber();
	snprintf(got, sizeof(got), "%s", s->calling ? s->calling : "(none)");
	hang_up();
	run(500);
	return got;
}

static void calling_numbers(void **state)
{
	char want[128];

	(void)state;
	strcpy(net.lac.box.conf->hostname, "we");
	port()->slot = 4;
	port()->adapter = 2;
	port()->number = 3;
	port()->description = (char[]){ "to the west" };
	assert_string_equal(calling(0, 0, 0), "(none)");
	client_vlan = 12;
	assert_string_equal(calling(1, CONF_CALLING_FIXED, 0),
			    "we--04300000012");
	assert_string_equal(calling(1, CONF_CALLING_STACKED, 0),
			    "we--04300000012");
	client_inner = 34;
	assert_string_equal(calling(1, CONF_CALLING_FIXED, 0),
			    "we--04300000034");
	assert_string_equal(calling(1, CONF_CALLING_STACKED, 0),
			    "we--04300120034");
	assert_string_equal(calling(1, CONF_CALLING_NEW_FIELD, 0),
			    "we--0420300000034");
	port()->slot = 11;
	assert_string_equal(calling(1, CONF_CALLING_EMBEDDED, 0),
			    "we--B2300000034");
	assert_string_equal(calling(2, CONF_CALLING_INTERFACE,
				    CONF_CALLING_MAC),
			    "lo.12.34#02:00:00:00:00:09");
	assert_string_equal(calling(1, CONF_CALLING_USER, 0),
			    "user@isp.example");
	client_inner = client_vlan = 0;
	/* Ids that are not there: the other row of parts. */
	told()->fallback = (struct conf_calling){ 1, { CONF_CALLING_MAC } };
	assert_string_equal(calling(2, CONF_CALLING_CIRCUIT_ID,
				    CONF_CALLING_REMOTE_ID),
			    "02:00:00:00:00:09");
	say_line();
	assert_string_equal(calling(2, CONF_CALLING_CIRCUIT_ID,
				    CONF_CALLING_REMOTE_ID),
			    "eth/7#far");
	port()->rx_speed = 5000;
	snprintf(want, sizeof(want),
		 "lo#%016llx#to the west#1000000000/5000000#pppoe 02:00:00:00:00:09#eth/7",
		 (unsigned long long)net.lac.box.next_id);
	assert_string_equal(calling(2, CONF_CALLING_DESCRIPTIVE,
				    CONF_CALLING_CIRCUIT_ID) +
				    19,
			    strchr(want + 3, '#'));
}

static void speeds(void **state)
{
	static const struct {
		enum conf_speed method;
		uint32_t tx, rx;
	} t[] = { { CONF_SPEED_STATIC, 20000000, 20000000 },
		  { CONF_SPEED_LINE, 10000000, 1000000 },
		  { CONF_SPEED_GRANTED, 20000000, 20000000 },
		  { CONF_SPEED_ACTUAL, 10000000, 1000000 } };

	(void)state;
	port()->speed = 20000;
	say_line();
	for (int i = 0; i < 4; i++) {
		told()->speed = t[i].method;
		dial_in();
		assert_int_equal(lns_subscriber()->tx_speed, t[i].tx);
		assert_int_equal(lns_subscriber()->rx_speed, t[i].rx);
		/* Rx Connect Speed is there where it differs. */
		assert_int_equal(net.iccn_has >> 38 & 1, t[i].tx != t[i].rx);
		hang_up();
		run(500);
	}
	client_tags.len = 0; /* no line is known: the port's */
	told()->speed = CONF_SPEED_LINE;
	dial_in();
	assert_int_equal(lns_subscriber()->tx_speed, 20000000);
	hang_up();
	run(500);
	assert_empty();
}

/* RFC 5515's AVPs, only if they are wanted; and they outlive both daemons. */
static void line(void **state)
{
	struct restore_result r;
	const struct line *l;

	(void)state;
	say_line();
	dial_in();
	assert_null(lns_subscriber()->line);
	hang_up();
	run(500);
	told()->line = true;
	dial_in();
	for (int i = 0; i < 2; i++) {
		l = lns_subscriber()->line;
		assert_non_null(l);
		assert_memory_equal(l,
				    LIST_FIRST(&net.lac.box.subscribers)->line,
				    sizeof(*l));
		assert_int_equal(l->circuit.len, 5);
		assert_memory_equal(l->remote.b, "far", 3);
		assert_int_equal(l->rate[0], 1000000);
		assert_int_equal(l->delay[0], 16);
		assert_memory_equal(l->encapsulation, "\1\2\0", 3);
		assert_non_null(lns_subscriber()->calling);
		assert_int_equal(lns_subscriber()->tx_speed, 1000000000);
		restart(&net.lns, &r);
		restart(&net.lac, &r);
	}
	hang_up();
	run(500);
	assert_empty();
}

static void service_is_called_number(void **state)
{
	(void)state;
	client_service = "internet";
	for (int i = 0; i < 2; i++) {
		told()->called = i;
		dial_in();
		if (i)
			assert_string_equal(lns_subscriber()->called,
					    "internet");
		else
			assert_null(lns_subscriber()->called);
		hang_up();
		run(500);
	}
	client_service = "";
}

/* An LNS that takes no proxy authentication waits for the client's PAP; one that
 * says it once only is not heard, unless the LAC repeats it.
 */
static void repeated(void **state)
{
	(void)state;
	conf_profile(net.lns.box.conf, "home")->ppp.auth[0] = PPP_PROTO_PAP;
	conf_profile(net.lns.box.conf, "home")->proxy_auth = false;
	port()->ppp.auth[0] = PPP_PROTO_PAP;
	dial("user@isp.example", "secret");
	run(1500);
	assert_false(client.up);
	hang_up();
	run(500);
	told()->repeat_auth = true;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	hang_up();
	run(500);
	/* With CHAP, and with proxy authentication, it does no harm. */
	conf_profile(net.lns.box.conf, "home")->proxy_auth = true;
	dial_in();
	hang_up();
	run(500);
	conf_profile(net.lns.box.conf, "home")->ppp.auth[0] = PPP_PROTO_CHAP;
	port()->ppp.auth[0] = PPP_PROTO_CHAP;
	dial_in();
	hang_up();
	run(500);
	assert_empty();
}

/* While the call is on its way the client says it again and again: the LAC is
 * silent, and the LNS has the last of it.
 */
static void the_lac_never_answers(void **state)
{
	(void)state;
	conf_profile(net.lns.box.conf, "home")->ppp.auth[0] = PPP_PROTO_PAP;
	port()->ppp.auth[0] = PPP_PROTO_PAP;
	net.cut = true;
	dial("user@isp.example", "secret");
	run(500);
	for (int i = 0; i < 3; i++) {
		client_pap(++client.id);
		run(300);
		assert_int_equal(client.pap_answers, 0);
	}
	net.cut = false;
	run(SECONDS(5));
	assert_true(client.up);
	assert_int_equal(client.pap_answers, 1);
	assert_int_equal(client.pap_id, client.pap_answered);
	hang_up();
	run(500);
	assert_empty();
}

/* The first L2TP packet leaves when the client has said who it is. */
static void lcp_comes_first(void **state)
{
	(void)state;
	dial("user@isp.example", "secret");
	while (net.n && !net.sccrq) {
		assert_int_equal(net.icrq, 0);
		step();
	}
	assert_int_equal(net.sccrq, 1);
	assert_int_equal(client.lcp_requests, 1);
	assert_int_equal(client.challenges, 1);
	run(500);
	assert_true(client.up);
}

/* CSUN: a session, one that there is none of, and what RFC 5515 leaves to others. */
static void new_speeds(void **state)
{
	struct subscriber *s;
	struct l2tp_tunnel *t;
	struct restore_result r;
	uint8_t gone[] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 };
	uint8_t one[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x80, 0 };
	struct l2tp_msg m = {
		.type = L2TP_CSUN,
		.has = l2tp_msg_must(L2TP_CSUN),
		.n_items = 2,
		.item = { { AVP_SPEED_UPDATE, { gone, sizeof(gone) } },
			  { AVP_SPEED_UPDATE, { one, sizeof(one) } } }
	};

	(void)state;
	dial_in();
	s = lns_subscriber();
	one[2] = (uint8_t)(s->access.session_id >> 8);
	one[3] = (uint8_t)s->access.session_id;
	gone[2] = one[2] ^ 1;
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	l2tp_enter(&net.lac.box.l2tp);
	l2tp_tunnel_send(t, &m);
	l2tp_leave(&net.lac.box.l2tp, net.now);
	run(500);
	assert_int_equal(net.lns.box.l2tp.count.rx_csun, 1);
	assert_int_equal(net.lns.box.l2tp.count.rx_no_session, 1);
	assert_int_equal(s->tx_speed, 65536);
	assert_int_equal(s->rx_speed, 32768);
	restart(&net.lns, &r);
	s = lns_subscriber();
	assert_int_equal(s->tx_speed, 65536);
	assert_int_equal(s->rx_speed, 32768);
	/* An LNS says none: it is acknowledged, and passed over. */
	t = LIST_FIRST(&net.lns.box.l2tp.all);
	l2tp_enter(&net.lns.box.l2tp);
	l2tp_tunnel_send(t, &m);
	l2tp_leave(&net.lns.box.l2tp, net.now);
	run(SECONDS(30));
	assert_int_equal(net.lac.box.l2tp.count.rx_no_session, 2);
	assert_int_equal(net.lns.box.n_subscribers, 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup_told, teardown)
	const struct CMUnitTest tests[] = {
		T(calling_numbers),
		T(speeds),
		T(line),
		T(service_is_called_number),
		T(repeated),
		T(the_lac_never_answers),
		T(lcp_comes_first),
		T(new_speeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
