// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records of the state file as a daemon may find them: orders, counters, what has
 * ended, subscribers, tunnels. The first byte says which. What is taken must be in
 * bounds, and be the same when it has been written and read once more.
 */
#include "l2tp/admin.h"
#include "l2tp/destination.h"
#include "l2tp/save.h"
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

static void subscriber(const uint8_t *data, size_t size)
{
	struct rd r = rd_make(data, size);
	struct store_subscriber s;

	if (store_read_subscriber(&r, &s))
		return;
	TERMINATED(s.profile);
	TERMINATED(s.user);
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
	struct l2tp_tunnel *t;
	struct l2tp_host *h = new_host();
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
	told = l2tp_tunnel_disown(h, &again, &why);
	check(sent == told && (!t || told));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kind[])(const uint8_t *data,
				    size_t size) = { orders, counted, ended,
						     subscriber, tunnel };

	log_set_level(LOG_ERR_L);
	if (size && size <= STATE_RECORD_MAX)
		kind[data[0] % 5](data + 1, size - 1);
	return 0;
}
