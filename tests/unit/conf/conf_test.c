// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration: every option read back, every error with its message
 * (tests/conf: NAME.conf with NAME.err is refused with that text, one without is
 * taken), files cut off at every byte, mutated files.
 */
#include "conf/conf.h"

#include <adit/wire.h>

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE_MAX_TEXT 16384

static size_t slurp(const char *path, char text[SIZE_MAX_TEXT])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, SIZE_MAX_TEXT - 1, f) : 0;

	text[n] = 0;
	if (f)
		fclose(f);
	return n;
}

static struct conf *load(const char *path)
{
	char err[CONF_ERROR_MAX];
	struct conf *c = conf_load(path, err);

	if (!c)
		fail_msg("%s", err);
	assert_string_equal(err, "");
	return c;
}

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

/* ----------------------------------------------------------------- golden */

static unsigned int check_golden(const char *name)
{
	char conf[512], path[512], err[CONF_ERROR_MAX];
	char want[SIZE_MAX_TEXT], got[CONF_ERROR_MAX + 1];
	struct conf *c;

	snprintf(conf, sizeof(conf), "tests/conf/%s", name);
	snprintf(path, sizeof(path), "%.*s.err", (int)strlen(conf) - 5, conf);
	if (!slurp(path, want)) {
		conf_free(load(conf));
		return 0;
	}
	c = conf_load(conf, err);
	snprintf(got, sizeof(got), "%s\n", err);
	if (c || strcmp(got, want))
		print_error("%s: got\n%s", conf, got);
	assert_null(c);
	assert_string_equal(got, want);
	return 1;
}

static void golden(void **state)
{
	DIR *dir = opendir("tests/conf");
	unsigned int refused = 0;
	struct dirent *d;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir)))
		if (strlen(d->d_name) > 5 &&
		    !strcmp(d->d_name + strlen(d->d_name) - 5, ".conf"))
			refused += check_golden(d->d_name);
	closedir(dir);
	assert_true(refused > 50);
}

static void samples(void **state)
{
	(void)state;
	conf_free(load("ctld/etc/aditd.conf"));
	conf_free(load("ctld/etc/lac.conf"));
	conf_free(load("ctld/etc/lns.conf"));
}

static void no_file(void **state)
{
	char err[CONF_ERROR_MAX];

	(void)state;
	assert_null(conf_load("tests/conf/none.conf", err));
	assert_string_equal(err, "tests/conf/none.conf: it cannot be opened: "
				 "No such file or directory");
	assert_null(conf_load("tests", err));
	assert_null(conf_load("/dev/zero", err));
}

/* ------------------------------------------------------------------ values */

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
	assert_int_equal(c->destruct_timeout, 600);
	assert_int_equal(c->log_level, LOG_INFO_L);
	assert_true(c->refuse_strangers);
	assert_null(conf_domain_of(c, "a@b"));
	assert_null(conf_domain_of(c, "a"));
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
	assert_int_equal(f->pool->first, 0x64400002);
	assert_int_equal(f->pool->last, 0x6440fffe);
	assert_addr(&f->pool->net, "100.64.0.0");
	assert_int_equal(f->pool->prefix_len, 16);
	assert_false(f->pool->whole);
	f = conf_profile(c, "office");
	assert_int_equal(f->proxy_lcp, CONF_PROXY_REQUIRE);
	assert_int_equal(f->ppp.auth[0], 0);
	assert_string_equal(f->device, "adit-ppp");
	assert_int_equal(f->dns[0].family, 0);
	assert_int_equal(f->pool->first, 0xc6336401);
	assert_int_equal(f->pool->last, 0xc63364fe);
	assert_int_equal(f->pool->prefix_len, 24);
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
	assert_int_equal(conf_port_ppp(p, 0)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 6)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 7)->mru, 1400);
	assert_int_equal(conf_port_ppp(p, 99)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 100)->mru, 1300);
	assert_int_equal(conf_port_ppp(p, 199)->mru, 1300);
	assert_int_equal(conf_port_ppp(p, 200)->mru, 1480);
	assert_int_equal(conf_port_ppp(p, 100)->auth[0], PPP_PROTO_PAP);
	assert_string_equal(conf_port_ppp(p, 100)->name, "bng1");
	p = conf_port(c, "eth2.100");
	assert_int_equal(conf_port_ppp(p, 0)->mru, 1442); /* it may tunnel */
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
	assert_ptr_equal(conf_peer(c, "isp"), &t->peer);
	t = conf_tunnel(c, "six");
	assert_null(t->endpoint->vrf);
	assert_int_equal(t->endpoint->local.port, 1701);
	assert_int_equal(t->remote.port, 1701);
	assert_string_equal(t->peer.local_name, "bng1");
	assert_null(t->peer.remote_name);
	assert_string_equal(t->peer.secret, "from a file");
	assert_int_equal(t->peer.window, 16);
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
	conf_free(c);
}

static void domain_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_domain *d = conf_domain_of(c, "x@y@ISP.example");

	(void)state;
	assert_ptr_equal(d->tunnel, conf_tunnel(c, "isp"));
	d = conf_domain_of(c, "x@office.example");
	assert_null(d->tunnel);
	assert_ptr_equal(d->profile, conf_profile(c, "office"));
	assert_string_equal(conf_domain_of(c, "x@other")->name, "default");
	assert_string_equal(conf_domain_of(c, "x@none")->name, "default");
	assert_string_equal(conf_domain_of(c, "x@")->name, "default");
	assert_string_equal(conf_domain_of(c, "x")->name, "none");
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

/* ---------------------------------------------------------- broken files */

static char dir[64];
static char path[96];

static int make_dir(void **state)
{
	char secret[96];
	FILE *f;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/adit-conf-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/conf", dir);
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	umask(077);
	f = fopen(secret, "w");
	fputs("s\n", f);
	return fclose(f);
}

static int remove_dir(void **state)
{
	char secret[96];

	(void)state;
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	unlink(path);
	unlink(secret);
	return rmdir(dir);
}

static bool loads(const char *text, size_t len)
{
	char err[CONF_ERROR_MAX];
	FILE *f = fopen(path, "w");
	struct conf *c;

	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	c = conf_load(path, err);
	assert_true(!c == !!err[0]);
	assert_true(c || !strncmp(err, path, strlen(path)));
	conf_free(c);
	return c;
}

/* No brace in its strings and comments, so that counting is right. */
static void cut_off(void **state)
{
	char text[SIZE_MAX_TEXT];
	size_t n = slurp("tests/conf/all.conf", text);
	unsigned int depth = 0, taken = 0;

	(void)state;
	for (size_t i = 0; i <= n; i++) {
		if (i && text[i - 1] == '{')
			depth++;
		if (i && text[i - 1] == '}')
			depth--;
		if (!loads(text, i))
			continue;
		taken++;
		assert_int_equal(depth, 0);
	}
	assert_true(taken > 10 && taken < n / 4);
}

static void mutated(void **state)
{
	static const char alphabet[] = "{}=\"'\\,#/*+()$\n\t ax01.-@\0\x80";
	char text[SIZE_MAX_TEXT], copy[SIZE_MAX_TEXT];
	size_t n = slurp("tests/conf/all.conf", text);
	unsigned int refused = 0;

	(void)state;
	srandom(7);
	for (int round = 0; round < 4000; round++) {
		size_t len = n;

		memcpy(copy, text, n);
		for (int i = 0; i < 1 + round % 4; i++) {
			size_t at = (size_t)random() % len;
			size_t run = 1 + (size_t)random() % 8;
			char c = alphabet[(size_t)random() %
					  (sizeof(alphabet) - 1)];

			if (run > len - at)
				run = len - at;
			if (random() & 1) {
				copy[at] = c;
			} else {
				memmove(copy + at, copy + at + run,
					len - at - run);
				len -= run;
			}
		}
		refused += !loads(copy, len);
	}
	assert_true(refused > 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(samples),
		cmocka_unit_test(no_file),
		cmocka_unit_test(system_values),
		cmocka_unit_test(defaults),
		cmocka_unit_test(profile_values),
		cmocka_unit_test(mru_of_a_port_that_terminates),
		cmocka_unit_test(port_values),
		cmocka_unit_test(tunnel_values),
		cmocka_unit_test(radius_values),
		cmocka_unit_test(domain_values),
		cmocka_unit_test(user_values),
		cmocka_unit_test(remote_host_values),
		cmocka_unit_test_setup_teardown(cut_off, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(mutated, make_dir, remove_dir),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
