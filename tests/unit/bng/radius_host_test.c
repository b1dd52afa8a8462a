// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RADIUS servers by name, and their sockets, under a test's clock: DNS and the kernel
 * are the test. What answers, fails and changes, and when it is asked again; devices
 * that are not there.
 */
#include "aaa/radius_auth.h"
#include "aaa/radius_save.h"
#include "bng/radius_host.h"

#include "adit/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after what it needs */
#include <cmocka.h>

static const char text[] =
	"radius-server \"named\" { address = \"radius.example\"\n"
	"  secret = \"s\" tries = 1 vrf = \"red\" }\n"
	"radius-server \"fixed\" { address = \"192.0.2.2\" secret = \"s\"\n"
	"  source = \"192.0.2.1\" tries = 1 }\n"
	"radius-server \"six\" { address = \"six.example\" secret = \"s\"\n"
	"  source = \"2001:db8::1\" }\n"
	"radius-group \"named\" { servers = { \"named\" } }\n"
	"radius-group \"both\" { servers = { \"named\", \"fixed\" } }\n";

#define NAMED 0
#define SIX 2
#define SOCKETS (RADIUS_SOCKETS_MAX + 1)

static struct conf *conf;
static struct radius radius;
static struct timers timers;
static msec_t now;

/* The kernel. */
static struct {
	unsigned int asked[3]; /* of names, by server */
	int resolve, udp, send; /* what it says */
	struct addr_port to[6 * SOCKETS]; /* sockets; family 0: none */
	char vrf[16];
	struct addr source;
	unsigned int opened, n; /* the second: datagrams */
	uint32_t last;
} k;

static int k_udp(struct kern *kern, const struct addr *source, const char *vrf,
		 const struct addr_port *remote, uint32_t id)
{
	(void)kern;
	k.opened++;
	if (k.udp)
		return k.udp;
	assert_in_range(id, 0, 6 * SOCKETS - 1);
	assert_int_equal(k.to[id].addr.family, 0);
	k.to[id] = *remote;
	k.source = *source;
	snprintf(k.vrf, sizeof(k.vrf), "%s", vrf ? vrf : "");
	return 0;
}

static void k_close_udp(struct kern *kern, uint32_t id)
{
	(void)kern;
	assert_int_not_equal(k.to[id].addr.family, 0);
	k.to[id].addr.family = 0;
}

static int k_send_udp(struct kern *kern, uint32_t id, const void *data,
		      size_t len)
{
	(void)kern, (void)data, (void)len;
	assert_int_not_equal(k.to[id].addr.family, 0);
	k.n++;
	k.last = id;
	return k.send;
}

static int k_resolve(struct kern *kern, const char *host, int family,
		     uint32_t id)
{
	(void)kern;
	assert_string_equal(host,
			    id == NAMED ? "radius.example" : "six.example");
	assert_int_equal(family, id == NAMED ? AF_UNSPEC : AF_INET6);
	k.asked[id]++;
	return k.resolve;
}

static const struct kern_impl impl = { .udp = k_udp,
				       .close_udp = k_close_udp,
				       .send_udp = k_send_udp,
				       .resolve = k_resolve };
static struct kern kern = { .impl = &impl };

static void run(msec_t ms)
{
	for (msec_t end = now + ms; now < end; now += 10)
		timers_run(&timers, now);
}

static void found(unsigned int server, uint32_t a, uint32_t b, unsigned int ttl)
{
	struct kern_resolved r = { .addr = { addr_v4(a), addr_v4(b) },
				   .n = b ? 2 : 1,
				   .ttl = ttl };

	radius_host_resolved(&radius, now, server, &r);
}

static void fails(const char *why)
{
	struct kern_resolved r = { .error = why };

	radius_host_resolved(&radius, now, NAMED, &r);
}

static struct asker {
	struct aaa_request r;
	unsigned int answers;
} asker;

static void done(struct aaa_request *r, msec_t at,
		 const struct aaa_reply *reply)
{
	(void)at;
	assert_int_equal(reply->verdict, AAA_UNAVAILABLE);
	((struct asker *)r->user)->answers++;
}

static void submit(unsigned int group)
{
	asker = (struct asker){ .r = { .name = "user",
				       .proto = PPP_PROTO_PAP,
				       .done = done,
				       .user = &asker } };
	radius_auth_submit(&radius.client, &radius.client.groups[group],
			   &asker.r, now);
}

static bool goes_to(uint32_t a)
{
	struct addr to = addr_v4(a);

	return addr_eq(&k.to[k.last].addr, &to);
}

static int setup(void **state)
{
	char path[] = "/tmp/radius-host.XXXXXX";
	char err[CONF_ERROR_MAX] = "";
	int fd = mkstemp(path);

	(void)state;
	memset(&k, 0, sizeof(k));
	memset(&radius, 0, sizeof(radius));
	memset(&timers, 0, sizeof(timers));
	now = SECONDS(1000);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	conf = conf_load(path, err);
	unlink(path);
	assert_string_equal(err, "");
	assert_int_equal(radius_open(&radius, conf, &kern, &timers), 0);
	assert_int_equal(radius_host_open(&radius, conf), 0);
	run(10);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	radius_host_close(&radius);
	radius_close(&radius);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
	timers_free(&timers);
	conf_free(conf);
	return 0;
}

/* Asked at the start; until there is an answer, the server is none. */
static void at_the_start(void **state)
{
	(void)state;
	assert_int_equal(k.asked[NAMED], 1);
	assert_int_equal(k.asked[1], 0);
	assert_int_equal(k.asked[SIX], 1);
	submit(0);
	assert_int_equal(asker.answers, 1);
	assert_int_equal(k.n, 0);
	submit(1);
	assert_true(goes_to(0xc0000202));
	radius_auth_cancel(&radius.client, &asker.r, now);
	found(NAMED, 0xc0000264, 0, 60);
	assert_int_equal(radius.acct.servers[NAMED].state, RADIUS_ALIVE);
	submit(1);
	assert_int_equal(k.n, 2);
	assert_true(goes_to(0xc0000264));
	assert_int_equal(k.to[k.last].port, 1812);
	assert_int_equal(radius.acct.servers[NAMED].remote.port, 1813);
	assert_string_equal(k.vrf, "red");
	radius_auth_cancel(&radius.client, &asker.r, now);
}

/* After the TTL, within bounds. */
static void again(void **state)
{
	static const struct {
		unsigned int ttl;
		msec_t wait;
	} rows[] = { { 60, SECONDS(60) },
		     { 0, SECONDS(5) },
		     { 1, SECONDS(5) },
		     { 86400, SECONDS(3600) } };

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		found(NAMED, 0xc0000264, 0, rows[i].ttl);
		run(rows[i].wait);
		assert_int_equal(k.asked[NAMED], 1 + i);
		run(10);
		assert_int_equal(k.asked[NAMED], 2 + i);
		/* Nothing more until it is answered. */
		run(SECONDS(20));
		assert_int_equal(k.asked[NAMED], 2 + i);
	}
}

static void no_name(void **state)
{
	(void)state;
	fails("Domain name not found");
	assert_string_equal(radius_host_error(&radius, NAMED),
			    "Domain name not found");
	assert_null(radius_host_error(&radius, 1));
	for (unsigned int i = 2; i < 10; i++) {
		run(5010);
		assert_int_equal(k.asked[NAMED], i);
		fails("Timeout while contacting DNS servers");
	}
	assert_string_equal(radius_host_error(&radius, NAMED),
			    "Timeout while contacting DNS servers");
	submit(0);
	assert_int_equal(asker.answers, 1);
	assert_int_equal(radius.client.servers[NAMED].state, RADIUS_UNRESOLVED);
	/* The question itself may fail. */
	k.resolve = -ENOMEM;
	run(5010);
	assert_int_equal(k.asked[NAMED], 10);
	run(5010);
	assert_int_equal(k.asked[NAMED], 11);
	found(NAMED, 0xc0000264, 0, 60);
	assert_null(radius_host_error(&radius, NAMED));
	assert_int_equal(radius.client.servers[NAMED].state, RADIUS_ALIVE);
}

/* DNS is dead: nothing changes but the reason that is shown. */
static void stays(void **state)
{
	(void)state;
	found(NAMED, 0xc0000264, 0, 5);
	run(5010);
	fails("Could not contact DNS servers");
	submit(0);
	assert_int_equal(asker.answers, 0);
	assert_true(goes_to(0xc0000264));
	assert_string_equal(radius_host_error(&radius, NAMED),
			    "Could not contact DNS servers");
	radius_auth_cancel(&radius.client, &asker.r, now);
}

/* What is under way follows, from a new socket; what is among several stays. */
static void another(void **state)
{
	(void)state;
	found(NAMED, 0xc0000264, 0, 5);
	submit(0);
	assert_int_equal(k.opened, 1);
	found(NAMED, 0xc0000263, 0xc0000264, 5);
	assert_int_equal(k.opened, 1);
	assert_int_equal(k.n, 1);
	found(NAMED, 0xc0000265, 0xc0000266, 5);
	assert_int_equal(k.opened, 2);
	assert_int_equal(k.n, 2);
	assert_true(goes_to(0xc0000265));
	assert_int_equal(asker.answers, 0);
	radius_auth_cancel(&radius.client, &asker.r, now);
}

/* Tried again with each request, counted; a device that goes takes its socket along. */
static void no_device(void **state)
{
	const struct radius_server *s = &radius.client.servers[NAMED];

	(void)state;
	found(NAMED, 0xc0000264, 0, 60);
	k.udp = -ENODEV;
	submit(0);
	assert_int_equal(s->count.tx_failed, 1);
	radius_auth_cancel(&radius.client, &asker.r, now);
	submit(0);
	assert_int_equal(s->count.tx_failed, 2);
	assert_int_equal(k.opened, 2);
	radius_auth_cancel(&radius.client, &asker.r, now);
	k.udp = 0;
	submit(0);
	assert_int_equal(s->count.tx_failed, 2);
	assert_int_equal(k.n, 1);
	radius_auth_cancel(&radius.client, &asker.r, now);
	k.send = -ENODEV;
	submit(0);
	assert_int_equal(s->count.tx_failed, 3);
	assert_int_equal(k.to[k.last].addr.family, 0);
	radius_auth_cancel(&radius.client, &asker.r, now);
	k.send = 0;
	submit(0);
	assert_int_equal(k.opened, 4);
	assert_int_equal(s->count.tx_failed, 3);
	/* A server's silence is no reason to close anything. */
	radius_auth_cancel(&radius.client, &asker.r, now);
	k.send = -ECONNREFUSED;
	submit(0);
	assert_int_not_equal(k.to[k.last].addr.family, 0);
	radius_auth_cancel(&radius.client, &asker.r, now);
}

static void source(void **state)
{
	struct addr want = addr_v4(0xc0000201);

	(void)state;
	submit(1); /* the named one is not there */
	assert_true(addr_eq(&k.source, &want));
	assert_string_equal(k.vrf, "");
	radius_auth_cancel(&radius.client, &asker.r, now);
}

/* It was dead before a restart: so it is when it has an address. */
static void dead_before(void **state)
{
	struct radius_server *s = &radius.client.servers[NAMED];
	static const char name[] = "named";
	struct rd r;
	uint8_t b[2][128];
	struct wr w = wr_make(b[0], sizeof(b[0]));

	(void)state;
	wr_u8(&w, 1);
	wr_u8(&w, sizeof(name) - 1);
	wr_bytes(&w, name, sizeof(name) - 1);
	wr_u8(&w, 16);
	wr_u64(&w, (uint64_t)now);
	wr_u64(&w, (uint64_t)now + SECONDS(50));
	r = rd_make(b[0], wr_len(&w));
	assert_true(radius_load(&radius.client, now, &r));
	assert_int_equal(s->state, RADIUS_UNRESOLVED);
	/* Killed once more before it has one. */
	w = wr_make(b[1], sizeof(b[1]));
	radius_save(&radius.client, &w);
	/* Behind that, what it is, and where. */
	assert_int_equal(wr_len(&w),
			 1 + 1 + 5 + 1 + 16 + 1 + 17 + strlen(s->conf->host));
	assert_int_equal(b[1][1 + 1 + 5 + 1 + 16], 1);
	found(NAMED, 0xc0000207, 0, 300);
	assert_int_equal(s->state, RADIUS_DEAD);
	assert_int_equal(s->dead_until, now + SECONDS(50));
	/* With another address it counts as alive, as ever. */
	found(NAMED, 0xc0000208, 0, 300);
	assert_int_equal(s->state, RADIUS_ALIVE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(at_the_start), TEST(again),       TEST(no_name),
		TEST(stays),	    TEST(another),     TEST(no_device),
		TEST(source),	    TEST(dead_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
