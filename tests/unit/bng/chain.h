/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC and an LNS in one process, a kernel port of a few lines between them, and
 * a PPPoE client of a few more: the whole chain of bng, without a kernel. Tests
 * include it once each.
 */
#ifndef TESTS_BNG_CHAIN_H
#define TESTS_BNG_CHAIN_H

#include "bng/chain_client.h"
#include "bng/chain_kern.h"

/* ------------------------------------------------------------------ the world */

static void data_in(const struct packet *p)
{
	struct link_row *r = row(p->to, &p->link);

	if (r)
		tunnel(p->to, p->link.tunnel_id)->rx_packets++;
	if (r && r->to.kind)
		k_send_ppp(&p->to->kern, &r->to, p->b, p->len);
	else if (r)
		bng_kern_events.ppp(&p->to->kern, net.now, &p->link, p->b,
				    p->len);
}

static void add_sequencing(struct packet *p)
{
	static const uint8_t avp[] = { 0x80, 6, 0, 0, 0, 39 };

	memcpy(p->b + p->len, avp, sizeof(avp));
	p->len += sizeof(avp);
	p->b[2] = (uint8_t)(p->len >> 8);
	p->b[3] = (uint8_t)p->len;
}

static void strip_avps(struct packet *p)
{
	size_t i = 12;

	net.iccn_has = 0;
	while (i + 6 <= p->len) {
		size_t n = (p->b[i] & 3) << 8 | p->b[i + 1];

		if (!p->b[i + 3])
			net.iccn_has |= (uint64_t)1 << p->b[i + 5];
		if (!p->b[i + 4] && net.strip >> p->b[i + 5] & 1) {
			p->len -= n;
			memmove(p->b + i, p->b + i + n, p->len - i);
		} else {
			i += n;
		}
	}
	p->b[2] = (uint8_t)(p->len >> 8);
	p->b[3] = (uint8_t)p->len;
}

static void control_in(struct packet *p)
{
	if (p->len > 20 && p->b[19] == 12)
		strip_avps(p);
	if (net.sequencing && p->len > 20 && p->b[19] == 12)
		add_sequencing(p);
	/* the value of the first AVP: message type */
	p->to->hellos += p->len == 20 && p->b[19] == 6;
	net.sccrq += p->len > 20 && p->b[19] == 1;
	net.stopccn += p->len > 20 && p->b[19] == 4;
	net.icrq += p->len > 20 && p->b[19] == 10;
	net.nas_port |= !!memmem(p->b, p->len, "\0\x0a\0\x09\0\x64", 6);
	bng_kern_events.l2tp(&p->to->kern, net.now, 1, &p->to->local,
			     &other(p->to)->local, net.secure, p->b, p->len);
}

/* One packet, if there is one. */
static void step(void)
{
	static struct packet p;

	if (!net.n)
		return;
	p = net.wire[0];
	memmove(net.wire, net.wire + 1, --net.n * sizeof(p));
	if (p.kind == CONTROL)
		control_in(&p);
	else if (p.kind == DATA)
		data_in(&p);
	else if (p.kind == TO_CLIENT)
		client_ppp(p.b, p.len);
	else
		client_discovery(p.b, p.len);
}

static void pump(void)
{
	while (net.n)
		step();
	subscriber_reap(&net.lac.box, net.now);
	subscriber_reap(&net.lns.box, net.now);
}

static void run(msec_t ms)
{
	msec_t end = net.now + ms;

	for (; net.now <= end; net.now += 100) {
		timers_run(&net.lac.box.timers, net.now);
		timers_run(&net.lns.box.timers, net.now);
		pump();
	}
}

static const char lac_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"isp.example\" { tunnel = \"isp\" }\n"
	"tunnel \"other\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"other.example\" { tunnel = \"other\" }\n"
	"user \"bob\" { password = \"builder\" }\n"
	"user \"eve\" { password = \"apple\" address = \"100.65.0.9\" }\n"
	"user \"joe\" { password = \"plum\" address = \"203.0.113.9\" }\n"
	"pool \"far\" { prefix = \"100.66.0.0/24\" }\n"
	"ppp-profile \"far\" { pool = \"far\" auth = { \"chap\" }\n"
	"  local-address = \"100.66.0.1\" echo-interval = 0 }\n"
	"domain \"far.example\" { terminate = true ppp-profile = \"far\" }\n"
	"user \"ann@far.example\" { password = \"pear\" }\n";

static const char lns_conf[] =
	"system { hostname = \"lns\" }\n"
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"
	"    disconnect-cause = true ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n";

static const struct conf *load(const char *text)
{
	char path[] = "/tmp/adit-chain-XXXXXX", err[CONF_ERROR_MAX] = "";
	int fd = mkstemp(path);
	const struct conf *c;

	assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	c = conf_load(path, err);
	if (!c)
		fail_msg("%s", err);
	unlink(path);
	return c;
}

static void open_box(struct fake *f, const struct conf *conf)
{
	char err[CONF_ERROR_MAX] = "";

	f->kern.impl = &impl;
	f->kern.user = &f->box;
	if (box_open(&f->box, conf, &f->kern, &bng_l2tp_ops, &access_disc_ops,
		     err))
		fail_msg("%s", err);
	account_open(&f->box);
}

/* The state files of the two, and the hooks that write them. */
static struct fake *fake_of_box(struct box *b)
{
	return b == &net.lac.box ? &net.lac : &net.lns;
}

static void h_orders(struct box *b)
{
	store_orders(fake_of_box(b)->state, b);
}

static void h_counted(struct box *b)
{
	store_counted(fake_of_box(b)->state, b);
}

static void h_ended(struct box *b, const struct ended *e)
{
	store_ended(fake_of_box(b)->state, b, e);
}

static void h_ended_gone(struct box *b, const struct ended *e)
{
	store_ended_gone(fake_of_box(b)->state, e);
}

static void h_definition(struct box *b, const struct definition *d)
{
	store_definition(fake_of_box(b)->state, b, d);
}

static void h_definition_gone(struct box *b, const struct definition *d)
{
	store_definition_gone(fake_of_box(b)->state, d);
}

static void h_lockout(struct box *b, const struct lockout *l)
{
	store_lockout(fake_of_box(b)->state, b, l);
}

static void h_lockout_gone(struct box *b, const struct lockout *l)
{
	store_lockout_gone(fake_of_box(b)->state, l);
}

static void h_returned(struct box *b, uint64_t key, const void *data,
		       size_t len)
{
	store_returned(fake_of_box(b)->state, b, key, data, len);
}

static void h_past(struct box *b, const struct past *p)
{
	store_past(fake_of_box(b)->state, b, p);
}

static void h_past_gone(struct box *b, const struct past *p)
{
	store_past_gone(fake_of_box(b)->state, p);
}

static void h_servers(struct box *b, const struct radius_client *c)
{
	store_servers(fake_of_box(b)->state, b, c);
}

static void h_opened(struct box *b, bool port, uint32_t id, bool open)
{
	opened_changed(fake_of_box(b)->state, port, id, open);
}

static void h_tunnel(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel(fake_of_box(b)->state, t);
}

static void h_tunnel_gone(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel_gone(fake_of_box(b)->state, t);
}

static void h_session(struct box *b, struct l2tp_session *s)
{
	store_session(fake_of_box(b)->state, s);
}

static void h_session_gone(struct box *b, struct l2tp_session *s)
{
	store_session_gone(fake_of_box(b)->state, s);
}

static void h_subscriber(struct box *b, struct subscriber *s)
{
	store_subscriber(fake_of_box(b)->state, s);
}

static void h_subscriber_gone(struct box *b, struct subscriber *s)
{
	if (net.forgetting && b == &net.lns.box)
		longjmp(*net.forgetting, 1);
	store_subscriber_gone(fake_of_box(b)->state, s);
}

static int h_keep(struct box *b, uint64_t key, const void *data, size_t len)
{
	return state_put(fake_of_box(b)->spool, STATE_ACCOUNTING, key, data,
			 len);
}

static void h_forget(struct box *b, uint64_t key)
{
	state_del(fake_of_box(b)->spool, STATE_ACCOUNTING, key);
}

static void h_event(struct box *b, const char *what, struct subscriber *s)
{
	(void)s;
	if (net.killed && b == &net.lns.box && !strcmp(what, "down"))
		longjmp(*net.killed, 1);
}

/* The last events of L2TP, "up tunnel" and the like. */
static char events[1024];

static void h_l2tp_event(struct box *b, const struct l2tp_event *e)
{
	size_t len = strlen(events);

	if (b == &net.lac.box)
		snprintf(events + len, sizeof(events) - len, "%s %s\n", e->what,
			 e->destination ? "destination" :
			 e->tunnel	? "tunnel" :
			 e->session	? "session" :
			 e->name	? e->name :
					  "system");
}

static const struct box_hooks hooks = {
	.orders = h_orders,
	.counted = h_counted,
	.ended = h_ended,
	.ended_gone = h_ended_gone,
	.past = h_past,
	.past_gone = h_past_gone,
	.definition = h_definition,
	.definition_gone = h_definition_gone,
	.lockout = h_lockout,
	.lockout_gone = h_lockout_gone,
	.returned = h_returned,
	.servers = h_servers,
	.opened = h_opened,
	.tunnel = h_tunnel,
	.tunnel_gone = h_tunnel_gone,
	.session = h_session,
	.session_gone = h_session_gone,
	.subscriber = h_subscriber,
	.subscriber_gone = h_subscriber_gone,
	.keep = h_keep,
	.forget = h_forget,
	.event = h_event,
	.l2tp_event = h_l2tp_event,
};

static char state_path[2][64], spool_path[2][80];

static void load_event(void *ctx, uint64_t key, const void *data, size_t len)
{
	assert_true(account_load(ctx, net.now, key, data, len));
}

static void open_state(struct fake *f, const char *path)
{
	char err[STATE_ERROR_MAX] = "";
	int fresh;

	f->state = state_open(path, 7, 16, 64, &fresh, err);
	if (!f->state)
		fail_msg("%s", err);
	f->spool = state_open_spool(spool_path[f == &net.lns], 1 << 20, &fresh,
				    err);
	if (!f->spool)
		fail_msg("%s", err);
	f->box.hooks = &hooks;
	restore_servers(&f->box, f->state, net.now);
	state_each(f->spool, STATE_ACCOUNTING, load_event, &f->box);
	account_loaded(&f->box, net.now);
}

static int setup(void **state)
{
	(void)state;
	memset(&net, 0, sizeof(net));
	memset(&fib, 0, sizeof(fib));
	net.now = SECONDS(1000);
	open_box(&net.lac, load(lac_conf));
	open_box(&net.lns, load(lns_conf));
	for (int i = 0; i < 2; i++) {
		snprintf(state_path[i], sizeof(state_path[i]),
			 "/tmp/adit-chain-%d-%d", getpid(), i);
		snprintf(spool_path[i], sizeof(spool_path[i]), "%s-spool",
			 state_path[i]);
		open_state(i ? &net.lns : &net.lac, state_path[i]);
	}
	opened_begin(net.lac.state, &net.lac.box);
	opened_begin(net.lns.state, &net.lns.box);
	return 0;
}

static void drop_box(struct fake *f)
{
	struct subscriber *s;

	f->box.hooks = NULL; /* it writes nothing more */
	while ((s = LIST_FIRST(&f->box.subscribers))) {
		question_drop(&s->question, net.now);
		lns_ask_drop(&s->lns_ask);
		fib_drop(&f->box.network.fib, &s->routes, false);
		LIST_REMOVE(s, all);
		LIST_INSERT_HEAD(&f->box.dead, s, all);
	}
	subscriber_reap(&f->box, net.now);
	box_close(&f->box);
	state_close(f->state);
	state_close(f->spool);
}

static int teardown(void **state)
{
	const struct conf *conf[2] = { net.lac.box.conf, net.lns.box.conf };

	(void)state;
	drop_box(&net.lac);
	drop_box(&net.lns);
	for (int i = 0; i < 2; i++) {
		conf_free((struct conf *)(uintptr_t)conf[i]);
		unlink(state_path[i]);
		unlink(spool_path[i]);
	}
	return 0;
}

/* kill -9 and start again: nothing of the old process is used but the file. */
static int try_restart(struct fake *f, const struct conf *conf,
		       struct restore_result *r)
{
	const struct conf *old = f->box.conf;
	char err[STATE_ERROR_MAX] = "";

	drop_box(f);
	if (old != conf)
		conf_free((struct conf *)(uintptr_t)old);
	open_box(f, conf);
	open_state(f, state_path[f == &net.lns]);
	if (restore(&f->box, f->state, net.now, r, err))
		return -1;
	opened_begin(f->state, &f->box);
	return 0;
}

static void restart(struct fake *f, struct restore_result *r)
{
	assert_int_equal(try_restart(f, f->box.conf, r), 0);
}

static unsigned int links(const struct fake *f)
{
	unsigned int n = 0;

	for (int i = 0; i < MAX; i++)
		n += f->links[i].name.kind != KERN_NO_LINK;
	return n;
}

static void assert_empty(void)
{
	assert_int_equal(links(&net.lac), 0);
	assert_int_equal(links(&net.lns), 0);
	assert_int_equal(net.lac.box.n_subscribers, 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	assert_int_equal(idmap_count(&net.lac.box.l2tp.sessions), 0);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.sessions), 0);
	assert_int_equal(idmap_count(&net.lac.box.pppoe_ids), 1); /* 0xffff */
	for (size_t i = 0; i < net.lns.box.network.n_pools; i++)
		assert_int_equal(pool_used(net.lns.box.network.pools[i].pool),
				 0);
	for (size_t i = 0; i < net.lac.box.network.n_pools; i++)
		assert_int_equal(pool_used(net.lac.box.network.pools[i].pool),
				 0);
}

#endif /* TESTS_BNG_CHAIN_H */
