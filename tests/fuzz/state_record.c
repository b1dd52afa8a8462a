// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records of the state file as a daemon may find them: orders, counters, what has
 * ended, subscribers, tunnels, definitions of tunnels, lockouts, RADIUS servers. The first byte says
 * which. What is taken must be in bounds, and be the same when it has been written and read once more.
 */
#include "aaa/radius_client.h"
#include "aaa/radius_health.h"
#include "aaa/radius_save.h"
#include "l2tp/admin.h"
#include "l2tp/destination.h"
#include "l2tp/save.h"
#include "state/part.h"
#include "state/store.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW SECONDS(1000)
#define TERMINATED(text) check(memchr(text, 0, sizeof(text)))

#define check(cond)              \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

static unsigned int sent;

/* ------------------------------------------------------------------- a host */

static const char *op_vrf(const struct l2tp_host *h, uint32_t endpoint)
{
	(void)h;
	return endpoint == 1 ? "" : "red";
}

static void op_send(struct l2tp_host *h, const struct l2tp_path *path,
		    const void *msg, size_t len)
{
	(void)h, (void)path, (void)msg;
	check(len >= 12);
	sent++;
}

static void op_host(struct l2tp_host *h)
{
	(void)h;
}

static void op_event(struct l2tp_host *h, const struct l2tp_event *e)
{
	(void)h, (void)e;
}

static void op_tunnel(struct l2tp_tunnel *t)
{
	(void)t;
}

static void op_down(struct l2tp_tunnel *t, msec_t now)
{
	(void)t, (void)now;
}

static const struct l2tp_host_ops ops = { .vrf = op_vrf,
					  .tunnel_changed = op_tunnel,
					  .tunnel_down = op_down,
					  .tunnel_free = op_tunnel,
					  .send = op_send,
					  .orders_changed = op_host,
					  .counted = op_host,
					  .event = op_event };

/* Made once: its tables of ids are large. Each record finds it empty. */
static struct l2tp_host *new_host(void)
{
	static struct timers timers;
	static struct l2tp_host h;
	static bool made;

	if (!made)
		l2tp_host_init(&h, &ops, &timers, NULL);
	made = true;
	check(LIST_EMPTY(&h.all));
	l2tp_destination_free_all(&h);
	l2tp_admin_free(&h);
	h.level = (struct l2tp_level){ 0 };
	return &h;
}

/* --------------------------------------------------------------- the records */

static uint8_t written[3][STATE_RECORD_MAX];

/* Reads one into a new host and writes that down; 0: it makes no sense. */
static size_t rewrite_orders(const uint8_t *data, size_t size, uint8_t *to)
{
	struct wr w = wr_make(to, L2TP_ADMIN_RECORD_MAX);
	struct rd r = rd_make(data, size);
	const struct l2tp_destination *d;
	unsigned int n = 0;
	struct l2tp_host *h = new_host();
	bool good;

	good = l2tp_admin_load(h, NOW, &r);
	if (good)
		l2tp_admin_save(h, &w);
	check(!w.err);
	LIST_FOREACH(d, &h->destinations, all)
	n++;
	check(n <= L2TP_ORDERS_MAX);
	return good ? wr_len(&w) : 0;
}

/* Each reading turns the lists round. */
static void orders(const uint8_t *data, size_t size)
{
	size_t len = rewrite_orders(data, size, written[0]);

	if (!len)
		return;
	check(rewrite_orders(written[0], len, written[1]) == len);
	check(rewrite_orders(written[1], len, written[2]) == len);
	check(!memcmp(written[0], written[2], len));
}

static void counted(const uint8_t *data, size_t size)
{
	struct l2tp_level l = { 0 }, again = { 0 };
	struct rd r = rd_make(data, size);
	struct wr w = wr_make(written[0], L2TP_LEVEL_RECORD_MAX);

	if (!l2tp_level_load(&l, &r))
		return;
	l2tp_level_save(&l, &w);
	check(!w.err);
	r = rd_make(written[0], wr_len(&w));
	check(l2tp_level_load(&again, &r) && !rd_left(&r));
	check(!memcmp(&l, &again, sizeof(l)));
}

static struct state_file *file;

static void close_file(void)
{
	state_close(file);
}

/* Gone when it is closed. */
static void open_file(void)
{
	char path[] = "/tmp/adit-fuzz-XXXXXX", err[STATE_ERROR_MAX] = "";
	int fd = mkstemp(path), fresh;

	check(fd >= 0);
	close(fd);
	file = state_open(path, 1, 4, 4, &fresh, err);
	check(file);
	unlink(path);
	atexit(close_file);
}

static void read_again(void *ctx, uint64_t key, const void *data, size_t len)
{
	const struct ended *e = ctx;
	struct rd r = rd_make(data, len);
	struct ended again;

	check(key == e->cookie);
	check(!store_read_ended(&r, &again) && !rd_left(&r));
	check(!memcmp(e, &again, sizeof(*e)));
}

static void past_again(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct rd r = rd_make(data, len);
	const struct past *p = ctx;
	struct past again;

	(void)key;
	check(!store_read_past(&r, &again));
	check(!memcmp(p, &again, sizeof(again)));
}

static void ended(const uint8_t *data, size_t size)
{
	static struct box box; /* that counts what could not be stored */
	struct rd r = rd_make(data, size);
	struct ended e;

	if (store_read_ended(&r, &e))
		return;
	TERMINATED(e.why.text);
	TERMINATED(e.destination);
	TERMINATED(e.name);
	TERMINATED(e.peer_name);
	TERMINATED(e.user);
	if (!file)
		open_file();
	store_ended(file, &box, &e);
	check(!box.count.not_stored);
	state_each(file, STATE_ENDED, read_again, &e);
	store_ended_gone(file, &e);
}

static void past(const uint8_t *data, size_t size)
{
	static struct box box; /* that counts what could not be stored */
	struct rd r = rd_make(data, size);
	struct past p;

	if (store_read_past(&r, &p))
		return;
	TERMINATED(p.access);
	TERMINATED(p.user);
	TERMINATED(p.why);
	if (!file)
		open_file();
	store_past(file, &box, &p);
	check(!box.count.not_stored);
	state_each(file, STATE_PAST, past_again, &p);
	store_past_gone(file, &p);
}

/* What features remember of it, in a box that has no pool and no VRF to name. */
static void parts(struct rd r)
{
	static const struct conf_profile profile;
	static const struct conf conf;
	static struct box none = { .conf = &conf,
				   .network.conf = &conf,
				   .pools6.network = &none.network };
	struct subscriber *s = calloc(1, sizeof(*s));
	uint8_t first[STATE_RECORD_MAX], second[STATE_RECORD_MAX];
	struct wr w = wr_make(first, sizeof(first));
	struct wr again = wr_make(second, sizeof(second));

	check(s);
	s->box = &none;
	s->profile = &profile;
	s->user = "";
	ppp_link_init(&s->ppp, NULL, &profile.ppp, NULL, NULL, s);
	if (!part_load(s, &r)) {
		part_save(s, &w);
		check(!w.err);
		ipv6_free(s->ipv6, 0); /* what is fixed is one subscriber's */
		s->ipv6 = NULL;
		r = rd_make(first, wr_len(&w));
		check(!part_load(s, &r));
		part_save(s, &again);
		check(wr_len(&w) == wr_len(&again) &&
		      !memcmp(first, second, wr_len(&w)));
	}
	ipv6_free(s->ipv6, 0);
	free(s->grant);
	free(s->calling);
	free(s->called);
	free(s->line);
	free(s);
}

static void subscriber(const uint8_t *data, size_t size)
{
	struct rd r = rd_make(data, size);
	struct store_subscriber s;

	if (store_read_subscriber(&r, &s))
		return;
	TERMINATED(s.profile);
	TERMINATED(s.user);
	parts(s.parts);
}

/* A definition that RADIUS made, of either of two defaults. */
static void definition(const uint8_t *data, size_t size)
{
	static struct conf_endpoint endpoint = { .local.addr.family = AF_INET };
	static struct conf_tunnel defaults = { .peer = { .name = "radius",
							 .local_name = "lac" },
					       .endpoint = &endpoint };
	static struct conf conf;
	struct wr w = wr_make(written[0], DEFINITION_RECORD_MAX);
	struct wr again = wr_make(written[1], DEFINITION_RECORD_MAX);
	struct rd r = rd_make(data, size);
	struct definitions ds;

	STAILQ_INIT(&conf.tunnel_defaults);
	STAILQ_INSERT_TAIL(&conf.tunnel_defaults, &defaults, next);
	definitions_init(&ds, &conf, 2);
	if (definition_load(&ds, &r)) {
		const struct definition *d = TAILQ_FIRST(&ds.all);

		check(definition_find(&ds, d->name) == &d->tunnel);
		definition_save(d, &w);
		check(!w.err);
		r = rd_make(written[0], wr_len(&w));
		check(definition_load(&ds, &r) && !rd_left(&r));
		definition_save(TAILQ_FIRST(&ds.all), &again);
		check(wr_len(&w) == wr_len(&again) &&
		      !memcmp(written[0], written[1], wr_len(&w)));
	}
	definitions_reap(&ds);
	check(!ds.n);
	definitions_free(&ds);
}

static void lockout(const uint8_t *data, size_t size)
{
	struct rd r = rd_make(data, size);
	struct lockouts ls;
	struct lockout l;

	if (store_read_lockout(&r, &l))
		return;
	TERMINATED(l.vrf);
	lockouts_init(&ls, 300, true);
	lockout_restore(&ls, &l);
	check(lockout_find(&ls, l.vrf, &l.remote));
	lockouts_run(&ls, NOW);
	lockouts_free(&ls);
}

/* Two servers: one is probed, and one has no address yet. */
static void servers(const uint8_t *data, size_t size)
{
	static struct radius_server_conf conf[] = {
		{ .name = "one",
		  .dead_time = 60,
		  .status_server = true,
		  .probe_interval = 10 },
		{ .name = "two", .dead_time = 60, .host = "two.example" },
	};
	static struct timers timers;
	struct rd r = rd_make(data, size);
	size_t len = 0;

	for (int i = 0; i < 2; i++) {
		struct wr w = wr_make(written[i], sizeof(written[i]));
		struct radius_client c;

		check(!radius_client_init(&c, &timers, 2, 0));
		radius_client_server(&c, 0, &conf[0]);
		radius_client_server(&c, 1, &conf[1]);
		if (!radius_load(&c, NOW, &r)) {
			check(!i);
			i = 2;
		}
		for (int k = 0; k < 2; k++)
			check(!radius_health_dead(&c.servers[k]) ||
			      c.servers[k].dead_until <= NOW + SECONDS(60));
		radius_save(&c, &w);
		check(!w.err);
		check(i != 1 || (wr_len(&w) == len &&
				 !memcmp(written[0], written[1], len)));
		len = wr_len(&w);
		r = rd_make(written[0], len);
		radius_client_free(&c);
	}
}

static const struct l2tp_peer *peer_of(void *ctx, const char *name)
{
	static const struct l2tp_peer peer = { .name = "isp",
					       .local_name = "lac",
					       .window = 4,
					       .retries = 5,
					       .setup_retries = 2,
					       .retransmit_cap = 8,
					       .hello = 60,
					       .idle = 60 };

	(void)ctx;
	return name[0] == 'x' ? NULL : &peer;
}

/* Taken up, it lives for a while; not taken up, its peer is told once. */
static void tunnel(const uint8_t *data, size_t size)
{
	static const struct l2tp_result why = { .result = 1 };
	struct rd r = rd_make(data, size), again;
	struct store_account account;
	struct l2tp_tunnel *t;
	struct l2tp_host *h = new_host();
	struct l2tp_lost lost;
	bool told;

	store_read_tunnel(&r);
	again = r;
	t = l2tp_tunnel_load(h, NOW, &r, peer_of, NULL);
	check(!t ||
	      (t->id && t->peer_id && idmap_get(&h->tunnels, t->id) == t));
	if (t)
		TERMINATED(t->peer_name);
	for (msec_t now = NOW; t && now < NOW + SECONDS(200); now += 500)
		timers_run(h->timers, now);
	check(LIST_EMPTY(&h->all)); /* nobody answers */
	sent = 0;
	told = l2tp_tunnel_read(&again, &lost);
	check(!t || told);
	if (!told)
		return;
	TERMINATED(lost.peer_name);
	l2tp_tunnel_disown(h, &lost, &why);
	check(sent == 1);
	if (store_read_account(&again, &account))
		return;
	TERMINATED(account.group);
	TERMINATED(account.local_name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kind[])(const uint8_t *data, size_t size) = {
		orders,	    counted, ended,   subscriber, tunnel,
		definition, lockout, servers, past
	};

	log_set_level(LOG_ERR_L);
	if (size && size <= STATE_RECORD_MAX)
		kind[data[0] % 9](data + 1, size - 1);
	return 0;
}
