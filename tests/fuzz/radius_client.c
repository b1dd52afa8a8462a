// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RADIUS client under orders and datagrams: a probed server and one that is not,
 * by order or by weight; requests come and are taken back, replies are right, wrong,
 * late or any bytes, to requests and probes; time passes, addresses change. Each request
 * is answered once at most, what is under way is counted right, nothing is left.
 */
#include "aaa/radius_auth.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N 2
#define ASKERS 16
#define SENT 8 /* the last ones that can be answered */

#define check(cond)              \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

static char name[] = "one", secret[] = "secret";
static struct radius_server_conf conf[N] = {
	{ .name = name,
	  .secret = secret,
	  .timeout = 2,
	  .tries = 2,
	  .dead_time = 10,
	  .probe_interval = 3,
	  .weight = 2,
	  .limit = 5,
	  .status_server = true },
	{ .name = name,
	  .secret = secret,
	  .timeout = 1,
	  .tries = 3,
	  .dead_time = 5,
	  .weight = 1,
	  .limit = 300,
	  .message_authenticator = RADIUS_MA_REQUIRE },
};
static struct radius_client client;
static struct timers timers;
static msec_t now;

static struct {
	unsigned int server, socket;
	uint8_t head[RADIUS_HLEN];
} sent[SENT];
static unsigned int n_sent;

static struct {
	struct aaa_request r;
	bool waits;
} askers[ASKERS];

static void on_send(struct radius_client *c, struct radius_server *s,
		    unsigned int socket, const void *packet, size_t len)
{
	unsigned int i = n_sent++ % SENT;

	check(c == &client && len >= RADIUS_HLEN);
	check(socket <= RADIUS_PROBE_SOCKET);
	sent[i].server = s->index;
	sent[i].socket = socket;
	memcpy(sent[i].head, packet, RADIUS_HLEN);
}

static void done(struct aaa_request *r, msec_t at,
		 const struct aaa_reply *reply)
{
	bool *waits = r->user;

	(void)at, (void)reply;
	check(*waits && !r->radius.exchange);
	*waits = false;
}

static void submit(unsigned int i)
{
	struct aaa_request *r = &askers[i].r;

	if (askers[i].waits) {
		radius_auth_cancel(&client, r, now);
		askers[i].waits = false;
		return;
	}
	*r = (struct aaa_request){ .name = "user",
				   .proto = PPP_PROTO_PAP,
				   .done = done,
				   .user = &askers[i].waits };
	askers[i].waits = true;
	radius_auth_submit(&client, &client.groups[0], r, now);
}

/* To one of the last, signed: with that code and these attributes. */
static void reply(uint8_t which, uint8_t code, const uint8_t *b, size_t len)
{
	uint8_t packet[RADIUS_HLEN + 255];
	struct crypt_part parts[] = { { packet, RADIUS_HLEN + len },
				      { secret, strlen(secret) } };
	unsigned int i = which % SENT;

	memcpy(packet, sent[i].head, RADIUS_HLEN);
	packet[0] = code;
	packet[2] = (uint8_t)((RADIUS_HLEN + len) >> 8);
	packet[3] = (uint8_t)(RADIUS_HLEN + len);
	memcpy(packet + RADIUS_HLEN, b, len);
	crypt_md5(packet + 4, parts, 2);
	radius_client_input(&client, &client.servers[sent[i].server],
			    sent[i].socket, now, packet, RADIUS_HLEN + len);
}

static void look(void)
{
	unsigned int waiting = 0, flying = 0;

	for (unsigned int i = 0; i < ASKERS; i++)
		waiting += askers[i].waits;
	for (unsigned int i = 0; i < N; i++) {
		const struct radius_server *s = &client.servers[i];
		unsigned int taken = 0;

		for (unsigned int k = 0; k < s->n_slots; k++)
			taken += s->slot[k] != NULL;
		check(s->n_taken == taken && taken == s->n_flying);
		check(s->probe.timer.slot ? s->state == RADIUS_PROBING :
					    s->state != RADIUS_PROBING);
		flying += s->n_flying;
	}
	check(waiting == flying + client.groups[0].n_waiting);
	check(TAILQ_EMPTY(&client.moving));
}

static void open_client(bool by_weight)
{
	check(!radius_client_init(&client, &timers, N, 1));
	client.send = on_send;
	client.identifier = "nas";
	for (unsigned int i = 0; i < N; i++) {
		radius_client_server(&client, i, &conf[i]);
		client.groups[0].server[i] = &client.servers[i];
	}
	client.groups[0].n = N;
	client.groups[0].by_weight = by_weight;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_make(data, size);

	log_set_level(LOG_ERR_L);
	memset(sent, 0, sizeof(sent));
	memset(askers, 0, sizeof(askers));
	n_sent = 0;
	now = SECONDS(1000);
	open_client(rd_u8(&r) & 1);
	while (rd_left(&r)) {
		uint8_t what = rd_u8(&r), arg = rd_u8(&r);
		uint8_t len = what & 2 ? rd_u8(&r) : 0;
		const uint8_t *b = rd_bytes(&r, len);
		struct addr to = addr_v4(arg);

		if (r.err)
			break;
		switch (what >> 4 & 7) {
		case 0:
			submit(arg % ASKERS);
			break;
		case 1:
			now += arg * 20;
			timers_run(&timers, now);
			break;
		case 2:
			reply(arg, what & 1 ? 2 : 3, b, len);
			break;
		case 3:
			reply(arg, what & 15, b, len);
			break;
		case 4:
			radius_client_input(&client, &client.servers[arg % N],
					    arg >> 1, now, b, len);
			break;
		case 5:
			radius_client_moved(&client, &client.servers[arg % N],
					    &to, now);
			break;
		}
		look();
	}
	radius_client_free(&client);
	check(timers_next(&timers) == MSEC_NEVER);
	timers_free(&timers);
	return 0;
}
