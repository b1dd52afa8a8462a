// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CoA look-ups a second with many subscribers up: signed requests, each of another
 * subscriber, by its user name and address; they are checked, it is found, and the answer
 * is signed. No sockets. Prints one number.
 *
 * usage: coa-rate [SUBSCRIBERS [REQUESTS]]	default: 60000 200000
 */
#include "bng/identity.h"

#include "base/crypt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct box box;
static unsigned int n_found, n_sent;

static char name[] = "bench", secret[] = "secret";
static const struct dae_client_conf conf = { .name = name,
					     .secret = secret,
					     .net = { .family = AF_INET },
					     .rate = 100000000,
					     .window = 300,
					     .disconnect = true,
					     .coa = true };

static int send_answer(struct radius_dae *d, unsigned int listener,
		       const struct addr_port *to, const void *data, size_t len)
{
	(void)d, (void)listener, (void)to, (void)data, (void)len;
	n_sent++;
	return 0;
}

static enum dae_cause act(struct radius_dae *d, msec_t now,
			  const struct dae_request *r)
{
	struct radius_walk w = radius_walk(&r->packet);
	struct radius_named named = { 0 };
	struct radius_attribute a;
	struct subscriber *s;

	(void)d, (void)now;
	while (radius_next(&w, &a))
		radius_named_read(&named, &a);
	if (identity_find(&box, &named, &s, 1) != 1)
		return DAE_NO_SESSION;
	n_found++;
	return DAE_DONE;
}

static void make(unsigned int i)
{
	struct subscriber *s = calloc(1, sizeof(*s));
	char user[64];

	if (!s)
		abort();
	s->box = &box;
	s->id = i;
	s->state = SUBSCRIBER_UP;
	s->access = (struct kern_link){ .kind = KERN_SESSION,
					.tunnel_id = (uint16_t)(1 + i / 50000),
					.session_id = (uint16_t)(i % 50000) };
	s->address = addr_v4(0x64400000 + i);
	snprintf(user, sizeof(user), "user%u@isp.example", i);
	if (!subscriber_set_user(s, user))
		abort();
	identity_update(s);
}

static size_t request(uint8_t *b, unsigned int id, unsigned int i)
{
	struct wr w = wr_make(b, RADIUS_PACKET_MAX);
	struct addr a = addr_v4(0x64400000 + i);
	static const uint8_t zero[RADIUS_AUTHENTICATOR_LEN];
	char user[64];

	snprintf(user, sizeof(user), "user%u@isp.example", i);
	radius_begin(&w, RADIUS_COA_REQUEST, (uint8_t)id, zero);
	radius_put_text(&w, 1, user);
	radius_put(&w, 8, a.b, 4);
	radius_put_u32(&w, 27, id);
	return radius_finish_answer(&w, secret);
}

static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned int n = argc > 1 ? (unsigned int)atoi(argv[1]) : 60000;
	unsigned int requests = argc > 2 ? (unsigned int)atoi(argv[2]) : 200000;
	struct addr_port from = { .addr = addr_v4(0xc0000207), .port = 9 };
	struct dae_time t = { .now = 1000, .wall = 1800000000 };
	struct radius_dae d;
	uint8_t b[RADIUS_PACKET_MAX];
	double spent = 0;

	if (!n || !requests || radius_dae_init(&d, 1))
		return 1;
	d.send = send_answer;
	d.act = act;
	radius_dae_add(&d, 0, &conf, 0);
	names_init(&box.names);
	for (unsigned int i = 0; i < n; i++)
		make(i);
	for (unsigned int i = 0; i < requests; i++) {
		size_t len = request(b, i, i * 7919U % n);
		double before = cpu_seconds();

		radius_dae_input(&d, &t, 0, &from, b, len);
		spent += cpu_seconds() - before;
	}
	if (n_found != requests || n_sent != requests) {
		fprintf(stderr, "coa-rate: %u found, %u answered of %u\n",
			n_found, n_sent, requests);
		return 1;
	}
	printf("%.0f\n", requests / spent);
	return 0;
}
