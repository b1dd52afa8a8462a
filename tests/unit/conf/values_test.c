// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration: every option read back, and what it is where none is said. */
#include "conf/good.h"

#include <adit/wire.h>
#include <linux/adit.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct addr addr(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static void assert_addr(const struct addr *a, const char *text)
{
	char s[ADDR_STRLEN];

	assert_string_equal(addr_str(a, s), text);
}

static void system_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");

	(void)state;
	assert_string_equal(c->hostname, "bng1");
	assert_string_equal(c->state_file, "/tmp/adit/state");
	assert_string_equal(c->control_socket, "/tmp/adit/ctl");
	assert_int_equal(c->max_tunnels, 10);
	assert_int_equal(c->max_sessions, 100);
	assert_int_equal(c->max_setups, 50);
	assert_int_equal(c->orphan_timeout, 90);
	assert_int_equal(c->destruct_timeout, 30);
	assert_int_equal(c->log_level, LOG_DEBUG_L);
	assert_false(c->refuse_strangers);
	conf_free(c);
}

static void defaults(void **state)
{
	struct conf *c = load("tests/conf/empty.conf");
	char name[L2TP_NAME_MAX + 1] = "";

	(void)state;
	gethostname(name, sizeof(name) - 1);
	assert_string_equal(c->hostname, name);
	assert_string_equal(c->state_file, "/run/adit/state");
	assert_string_equal(c->control_socket, "/run/adit/ctl");
	assert_int_equal(c->max_tunnels, 8000);
	assert_int_equal(c->max_sessions, 60000);
	assert_int_equal(c->max_setups, 4000);
	assert_int_equal(c->orphan_timeout, 0);
	assert_int_equal(c->destruct_timeout, 600);
	assert_int_equal(c->log_level, LOG_INFO_L);
	assert_true(c->refuse_strangers);
	assert_null(rule_of(c, "a@b"));
	assert_null(rule_of(c, "a"));
	conf_free(c);
}

static void profile_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	struct conf_profile *f = conf_profile(c, "access");

	(void)state;
	assert_int_equal(f->ppp.mru, 1492);
	assert_int_equal(f->ppp.auth[0], PPP_PROTO_PAP);
	assert_int_equal(f->ppp.auth[1], 0);
	assert_int_equal(f->ppp.auth_timeout, 20);
	assert_int_equal(f->ppp.echo_interval, 0);
	assert_int_equal(f->ppp.echo_failures, 5);
	assert_string_equal(f->ppp.name, "bng1");
	assert_int_equal(f->proxy_lcp, CONF_PROXY_IGNORE);
	assert_false(f->proxy_auth);
	assert_true(f->ppp.lenient_mru);
	assert_int_equal(f->ppp.network, PPP_IPV4 | PPP_IPV6);
	assert_int_equal(f->session_timeout, 86400);
	assert_int_equal(f->idle_timeout, 900);
	assert_int_equal(f->ppp.reauth_interval, 3600);
	assert_null(f->pool);
	f = conf_profile(c, "home");
	assert_int_equal(f->ppp.mru, 1442);
	assert_int_equal(f->ppp.auth[0], PPP_PROTO_PAP);
	assert_int_equal(f->ppp.auth[1], PPP_AUTH_MSCHAPV2);
	assert_int_equal(f->ppp.auth[2], PPP_PROTO_CHAP);
	assert_int_equal(f->ppp.auth_timeout, 30);
	assert_int_equal(f->ppp.echo_interval, 30);
	assert_int_equal(f->ppp.echo_failures, 3);
	assert_int_equal(f->proxy_lcp, CONF_PROXY_ACCEPT);
	assert_true(f->proxy_auth);
	assert_false(f->ppp.lenient_mru);
	assert_addr(&f->local_address, "100.64.0.1");
	assert_addr(&f->dns[0], "192.0.2.53");
	assert_addr(&f->dns[1], "192.0.2.54");
	assert_addr(&f->nbns[0], "192.0.2.55");
	assert_int_equal(f->nbns[1].family, 0);
	assert_int_equal(f->ppp.network, PPP_IPV4);
	assert_string_equal(f->device, "adit1");
	assert_int_equal(f->pool->ranges[0].range.first, 0x64400002);
	assert_int_equal(f->pool->ranges[0].range.last, 0x6440fffe);
	assert_addr(&f->pool->ranges[0].net, "100.64.0.0");
	assert_int_equal(f->pool->ranges[0].prefix_len, 16);
	assert_false(f->pool->whole);
	f = conf_profile(c, "office");
	assert_int_equal(f->proxy_lcp, CONF_PROXY_REQUIRE);
	assert_int_equal(f->ppp.auth[0], 0);
	assert_string_equal(f->device, "adit-ppp");
	assert_int_equal(f->dns[0].family, 0);
	assert_int_equal(f->pool->ranges[0].range.first, 0xc6336401);
	assert_int_equal(f->pool->ranges[0].range.last, 0xc63364fe);
	assert_int_equal(f->pool->ranges[0].prefix_len, 24);
	assert_true(f->pool->whole);
	assert_null(conf_profile(c, "none"));
	conf_free(c);
}

/* Nothing is tunnelled from here: what Ethernet carries (RFC 2516 7). */
static void mru_of_a_port_that_terminates(void **state)
{
	char path[] = "/tmp/adit-conf-XXXXXX", err[CONF_ERROR_MAX] = "";
	static const char text[] =
		"pool \"p\" { prefix = \"198.51.100.0/24\" }\n"
		"ppp-profile \"a\" { pool = \"p\"\n"
		"  local-address = \"192.0.2.1\" }\n"
		"ppp-profile \"b\" { mru = 1400 pool = \"p\"\n"
		"  local-address = \"192.0.2.1\" }\n"
		"access-port \"eth1\" { profile = \"a\" }\n"
		"access-port \"eth2\" { profile = \"b\" }\n"
		"access-port \"eth3\" { profile = \"b\" mru = 1300 }\n";
	int fd = mkstemp(path);
	struct conf *c;

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	c = conf_load(path, err);
	unlink(path);
	if (!c)
		fail_msg("%s", err);
	assert_int_equal(conf_port(c, "eth1")->ppp.mru, 1492);
	assert_int_equal(conf_profile(c, "a")->ppp.mru, 1442);
	assert_int_equal(conf_port(c, "eth2")->ppp.mru, 1400);
	assert_int_equal(conf_port(c, "eth3")->ppp.mru, 1300);
	conf_free(c);
}

static void port_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	struct conf_port *p = conf_port(c, "eth1");

	(void)state;
	assert_ptr_equal(p->profile, conf_profile(c, "access"));
	assert_string_equal(p->pppoe.ac_name, "access one");
	assert_string_equal(p->pppoe.services[0], "internet");
	assert_string_equal(p->pppoe.services[1], "video");
	assert_null(p->pppoe.services[2]);
	assert_int_equal(conf_port_ppp(p, 0, 0)->mru, 1500);
	assert_int_equal(conf_port_ppp(p, 6, 0)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 7, 0)->mru, 1400);
	assert_int_equal(conf_port_ppp(p, 99, 0)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 100, 0)->mru, 1300);
	assert_int_equal(conf_port_ppp(p, 199, 0)->mru, 1300);
	assert_int_equal(conf_port_ppp(p, 200, 0)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 100, 0)->auth[0], PPP_PROTO_PAP);
	assert_string_equal(conf_port_ppp(p, 100, 0)->name, "bng1");
	assert_ptr_equal(conf_port_profile(p, 300, 5), conf_profile(c, "home"));
	assert_ptr_equal(conf_port_profile(p, 300, 4), p->profile);
	assert_int_equal(conf_port_ppp(p, 300, 9)->mru, 1480);
	assert_true(conf_port_serves(p, 0, 0) && conf_port_serves(p, 7, 0) &&
		    conf_port_serves(p, 7, 4094) &&
		    conf_port_serves(p, 300, 9));
	assert_false(conf_port_serves(p, 8, 0) || conf_port_serves(p, 300, 0) ||
		     conf_port_serves(p, 300, 10));
	assert_false(p->pppoe.line);
	assert_int_equal(p->max_sessions, 1000);
	assert_int_equal(p->max_per_vlan, 100);
	assert_int_equal(p->max_per_mac, 2);
	assert_int_equal(p->duplicate, CONF_DUPLICATE_REPLACE);
	assert_int_equal(p->pppoe.setup_rate, 5);
	assert_int_equal(p->pppoe.end_rate, 0);
	assert_int_equal(p->n_pado, 3);
	assert_int_equal(p->pado[0].sessions, 0);
	assert_int_equal(p->pado[0].delay, 50);
	assert_int_equal(p->pado[1].sessions, 500);
	assert_int_equal(p->pado[1].delay, 200);
	assert_int_equal(p->pado[2].sessions, 1000);
	assert_int_equal(p->pado[2].delay, -1);
	assert_string_equal(p->description, "to the west");
	assert_int_equal(p->slot * 10000 + p->adapter * 1000 + p->number,
			 41012);
	assert_int_equal(p->speed, 100000);
	assert_int_equal(p->rx_speed, 40000);
	p = conf_port(c, "eth2.100");
	assert_true(conf_port_serves(p, 8, 0) && p->pppoe.line);
	assert_int_equal(p->pppoe.setup_rate, 50);
	assert_int_equal(p->speed, 1000000);
	assert_int_equal(conf_port_ppp(p, 0, 0)->mru, 1442); /* it may tunnel */
	assert_ptr_equal(p->profile, conf_profile(c, "home"));
	assert_string_equal(p->pppoe.ac_name, "bng1");
	assert_null(p->pppoe.services[0]);
	assert_null(conf_port(c, "eth3"));
	conf_free(c);
}

static void tunnel_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	struct conf_tunnel *t = conf_tunnel(c, "isp");

	(void)state;
	assert_string_equal(t->endpoint->name, "core");
	assert_string_equal(t->endpoint->vrf, "red");
	assert_int_equal(t->endpoint->local.port, 1702);
	assert_addr(&t->endpoint->local.addr, "192.0.2.1");
	assert_addr(&t->remote.addr, "192.0.2.9");
	assert_int_equal(t->remote.port, 1703);
	assert_string_equal(t->peer.name, "isp");
	assert_string_equal(t->peer.local_name, "lac1");
	assert_string_equal(t->peer.remote_name, "lns1");
	assert_string_equal(t->peer.secret, "it's");
	assert_int_equal(t->peer.window, 64);
	assert_int_equal(t->peer.dscp, 46);
	assert_int_equal(t->peer.hello, 0);
	assert_int_equal(t->peer.retries, 7);
	assert_int_equal(t->peer.setup_retries, 3);
	assert_int_equal(t->peer.retransmit_cap, 16);
	assert_true(t->peer.hide_avps && t->peer.sequencing);
	assert_true(t->peer.tie_breaker);
	assert_int_equal(t->peer.idle, 0);
	assert_int_equal(t->peer.short_drain, 31);
	assert_true(t->peer.require_ipsec);
	assert_int_equal(t->peer.address_change, L2TP_MOVE_REJECT);
	assert_int_equal(t->peer.port_change, L2TP_MOVE_IGNORE);
	assert_false(t->peer.accept_calls);
	assert_ptr_equal(t->peer.user, t);
	assert_int_equal(t->told.calling.n, 2);
	assert_int_equal(t->told.calling.part[0], CONF_CALLING_CIRCUIT_ID);
	assert_int_equal(t->told.calling.part[1], CONF_CALLING_REMOTE_ID);
	assert_int_equal(t->told.fallback.n, 0);
	assert_string_equal(t->told.delimiter, "/");
	assert_int_equal(t->told.speed, CONF_SPEED_ACTUAL);
	assert_true(t->told.line && t->told.nas_port && t->told.repeat_auth);
	assert_false(t->told.called);
	assert_ptr_equal(conf_peer(c, "isp"), &t->peer);
	t = conf_tunnel(c, "six");
	assert_int_equal(t->told.calling.n, 1);
	assert_int_equal(t->told.calling.part[0], CONF_CALLING_DESCRIPTIVE);
	assert_string_equal(t->told.delimiter, "#");
	assert_int_equal(t->told.speed, CONF_SPEED_STATIC);
	assert_false(t->told.line || t->told.nas_port || t->told.repeat_auth);
	assert_true(t->told.called);
	assert_null(t->endpoint->vrf);
	assert_int_equal(t->endpoint->local.port, 1701);
	assert_int_equal(t->remote.port, 1701);
	assert_string_equal(t->peer.local_name, "bng1");
	assert_null(t->peer.remote_name);
	assert_string_equal(t->peer.secret, "from a file");
	assert_int_equal(t->peer.window, 16);
	assert_int_equal(t->peer.dscp, 0);
	assert_int_equal(t->peer.hello, 60);
	assert_int_equal(t->peer.retries, 5);
	assert_int_equal(t->peer.setup_retries, 2);
	assert_int_equal(t->peer.retransmit_cap, 8);
	assert_false(t->peer.hide_avps || t->peer.sequencing);
	assert_false(t->peer.tie_breaker);
	assert_int_equal(t->peer.idle, 60);
	assert_int_equal(t->peer.short_drain, 2);
	assert_false(t->peer.require_ipsec);
	assert_int_equal(t->peer.address_change, L2TP_MOVE_ACCEPT);
	assert_int_equal(t->peer.port_change, L2TP_MOVE_ACCEPT);
	assert_null(conf_tunnel(c, "none"));
	conf_free(c);
}

static void dae_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_dae *d = STAILQ_FIRST(&c->daes);
	const struct dae_client_conf *o = &STAILQ_FIRST(&d->clients)->client;

	(void)state;
	assert_int_equal(c->n_daes, 2);
	assert_int_equal(c->n_dae_clients, 3);
	assert_string_equal(d->name, "core");
	assert_int_equal(d->local.port, 3800);
	assert_string_equal(d->vrf, "red");
	assert_int_equal(d->several, CONF_SEVERAL_ALL);
	assert_string_equal(o->name, "one");
	assert_string_equal(o->secret, "d1");
	assert_int_equal(o->prefix_len, 26);
	assert_int_equal(addr_to_v4(&o->net), 0xc0000240);
	assert_int_equal(o->rate, 7);
	assert_int_equal(o->window, 20);
	assert_true(o->need_message_authenticator && o->need_timestamp);
	assert_true(o->disconnect && !o->coa);
	o = &STAILQ_NEXT(STAILQ_FIRST(&d->clients), next)->client;
	assert_string_equal(o->secret, "from a file");
	assert_int_equal(o->rate, 5000);
	assert_int_equal(o->window, 300);
	assert_false(o->need_message_authenticator || o->need_timestamp);
	assert_true(o->disconnect && o->coa);
	d = STAILQ_NEXT(d, next);
	assert_int_equal(d->local.port, 3799);
	assert_int_equal(d->index, 1);
	assert_null(d->vrf);
	assert_int_equal(d->several, CONF_SEVERAL_DISCONNECT);
	o = &STAILQ_FIRST(&d->clients)->client;
	assert_true(!o->disconnect && o->coa);
	conf_free(c);
}

static void radius_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_radius_group *g = conf_profile(c, "asked")->radius;
	const struct radius_server_conf *r;

	(void)state;
	assert_null(conf_profile(c, "home")->radius);
	assert_string_equal(g->name, "aaa");
	assert_null(g->servers[2]);
	r = &g->servers[0]->server;
	assert_string_equal(r->name, "two");
	assert_addr(&r->remote.addr, "2001:db8::70");
	assert_int_equal(r->remote.port, 1812);
	assert_int_equal(r->source.family, 0);
	assert_string_equal(r->secret, "from a file");
	assert_int_equal(r->timeout, 2);
	assert_int_equal(r->tries, 3);
	assert_int_equal(r->dead_time, 60);
	assert_int_equal(r->limit, 1024);
	assert_int_equal(r->message_authenticator, RADIUS_MA_AUTO);
	assert_false(r->status_server);
	assert_int_equal(r->probe_interval, 10);
	assert_int_equal(r->weight, 1);
	assert_null(r->vrf);
	assert_null(r->host);
	assert_false(g->by_weight);
	assert_int_equal(g->extra->len, 6);
	assert_memory_equal(g->extra->bytes, "\x3d\x06\0\0\0\x05", 6);
	assert_int_equal(g->extra->out[61 / 32], 1u << 61 % 32);
	assert_int_equal(g->extra->out[77 / 32], 1u << 77 % 32);
	r = &g->servers[1]->server;
	assert_addr(&r->remote.addr, "192.0.2.70");
	assert_int_equal(r->remote.port, 1645);
	assert_addr(&r->source, "192.0.2.1");
	assert_string_equal(r->secret, "r1");
	assert_int_equal(r->timeout, 5);
	assert_int_equal(r->tries, 2);
	assert_int_equal(r->dead_time, 30);
	assert_int_equal(r->limit, 200);
	assert_int_equal(r->message_authenticator, RADIUS_MA_REQUIRE);
	assert_true(r->status_server);
	assert_int_equal(r->probe_interval, 7);
	assert_int_equal(r->weight, 3);
	assert_string_equal(r->vrf, "red");
	g = STAILQ_NEXT(g, next);
	assert_string_equal(g->name, "named");
	assert_true(g->by_weight);
	assert_null(g->extra);
	r = &g->servers[0]->server;
	assert_string_equal(r->host, "radius-3.isp.example");
	assert_int_equal(r->remote.addr.family, 0);
	conf_free(c);
}

static void domain_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_rule *d = rule_of(c, "x@y@ISP.example");

	(void)state;
	assert_ptr_equal(d->tunnel, conf_tunnel(c, "isp"));
	d = rule_of(c, "x@office.example");
	assert_null(d->tunnel);
	assert_ptr_equal(d->profile, conf_profile(c, "office"));
	assert_string_equal(rule_of(c, "x@other")->name, "default");
	assert_string_equal(rule_of(c, "x@none")->name, "default");
	assert_string_equal(rule_of(c, "x@")->name, "default");
	assert_string_equal(rule_of(c, "x")->name, "none");
	/* The longest wildcard; not the domain itself. */
	assert_string_equal(rule_of(c, "x@a.sub.example")->name,
			    "a.sub.example");
	assert_string_equal(rule_of(c, "x@b.SUB.example")->name,
			    "*.sub.example");
	assert_string_equal(rule_of(c, "x@b.deep.sub.example")->name,
			    "*.deep.sub.example");
	assert_string_equal(rule_of(c, "x@sub.example")->name, "default");
	assert_string_equal(rule_of(c, "x@.sub.example")->name, "default");
	conf_free(c);
}

static void group_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_tunnel_group *g = conf_tunnel_group(c, "both");
	const struct conf_tunnel *t = STAILQ_FIRST(&c->tunnel_defaults);

	(void)state;
	assert_ptr_equal(g->tunnels[0], conf_tunnel(c, "isp"));
	assert_ptr_equal(g->tunnels[1], conf_tunnel(c, "six"));
	assert_null(g->tunnels[2]);
	assert_int_equal(g->tunnels[0]->preference, 7);
	assert_int_equal(g->tunnels[0]->max_sessions, 500);
	assert_string_equal(g->tunnels[0]->assignment, "gold");
	assert_int_equal(g->tunnels[1]->preference, 0);
	assert_null(g->tunnels[1]->assignment);
	assert_string_equal(t->peer.local_name, "lac2");
	assert_int_equal(t->max_sessions, 9);
	assert_int_equal(t->peer.setup_retries, 2);
	assert_int_equal(t->remote.port, 1701);
	assert_int_equal(c->load_balancing, 1);
	assert_int_equal(c->lockout_timeout, 60);
	assert_true(c->failover_within && c->lockout_test);
	assert_int_equal(c->max_waiting, 20);
	conf_free(c);
}

static void user_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	struct conf_user *u = conf_user(c, "alice@isp.example");

	(void)state;
	assert_string_equal(u->password, "pass \"word\"\\");
	assert_int_equal(u->address.family, 0);
	u = conf_user(c, "bob");
	assert_string_equal(u->password, "from a file");
	assert_addr(&u->address, "100.64.1.1");
	assert_null(conf_user(c, "Bob"));
	conf_free(c);
}

/* The name of the definition that a caller meets; "stranger"; "unknown name". */
static const char *meets(const struct conf *c, const char *local,
			 const char *remote, const char *name)
{
	struct addr l = addr(local), r = addr(remote);
	const struct conf_endpoint *e;
	struct conf_remote_host *h;
	bool known;

	STAILQ_FOREACH(e, &c->endpoints, next)
	if (addr_eq(&e->local.addr, &l))
		break;
	h = conf_remote_host(c, e, &r, name, &known);
	if (h)
		assert_true(known);
	return h ? h->peer.name : known ? "unknown name" : "stranger";
}

static void remote_host_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct l2tp_peer *p = conf_peer(c, "carrier/lac1");
	const struct conf_remote_host *h = p->user;

	(void)state;
	assert_true(p->accept_calls);
	assert_string_equal(p->remote_name, "lac1");
	assert_string_equal(p->local_name, "lns1");
	assert_string_equal(p->secret, "s1");
	assert_int_equal(p->window, 4);
	assert_int_equal(p->dscp, ADIT_DSCP_INHERIT);
	assert_int_equal(p->hello, 30);
	assert_int_equal(p->retries, 2);
	assert_int_equal(p->idle, 86400);
	assert_true(p->require_ipsec && p->single_shot);
	assert_int_equal(p->full_result, 2);
	assert_int_equal(h->limit.max, 8);
	assert_int_equal(h->group->limit.max, 9);
	assert_int_equal(h->destination->limit.max, 12);
	assert_int_equal(h->proxy_lcp, CONF_PROXY_IGNORE);
	assert_int_equal(h->proxy_auth, CONF_PROXY_ACCEPT);
	assert_true(p->disconnect_cause);
	assert_ptr_equal(h->profile, conf_profile(c, "home"));
	p = conf_peer(c, "carrier/default");
	assert_false(p->disconnect_cause);
	assert_null(p->remote_name);
	assert_null(p->secret);
	assert_int_equal(p->full_result, 4);
	assert_false(p->require_ipsec || p->single_shot);
	h = p->user;
	assert_int_equal(h->proxy_lcp, CONF_PROXY_PROFILE);
	assert_int_equal(h->limit.max, 0);
	assert_null(h->group);
	assert_string_equal(p->local_name, "bng1");
	assert_null(conf_peer(c, "carrier/none"));
	assert_string_equal(meets(c, "192.0.2.1", "203.0.113.9", "lac1"),
			    "carrier/lac1");
	assert_string_equal(meets(c, "192.0.2.1", "203.0.113.9", "LAC1"),
			    "carrier/default");
	assert_string_equal(meets(c, "192.0.2.1", "203.0.113.7", "lac7"),
			    "one/lac7");
	assert_string_equal(meets(c, "192.0.2.1", "203.0.113.7", "lac1"),
			    "unknown name");
	assert_string_equal(meets(c, "192.0.2.2", "203.0.113.9", "lac1"),
			    "stranger");
	assert_string_equal(meets(c, "192.0.2.1", "203.0.114.1", "lac1"),
			    "stranger");
	assert_string_equal(meets(c, "2001:db8::1", "2001:db8::9", "x"),
			    "any6/default");
	conf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_values),
		cmocka_unit_test(defaults),
		cmocka_unit_test(profile_values),
		cmocka_unit_test(mru_of_a_port_that_terminates),
		cmocka_unit_test(port_values),
		cmocka_unit_test(tunnel_values),
		cmocka_unit_test(radius_values),
		cmocka_unit_test(dae_values),
		cmocka_unit_test(domain_values),
		cmocka_unit_test(group_values),
		cmocka_unit_test(user_values),
		cmocka_unit_test(remote_host_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
