/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS servers, once for each use, and who may order changes, as records; see
 * radius.h. Called by ctl/server by way of ctl/show's table.
 */
#include "ctl/radius.h"

#include "aaa/radius_health.h"
#include "base/clock.h"
#include "bng/box.h"
#include "bng/radius_host.h"
#include "ctl/put.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What waits for this server, or another one of its group. */
static uint64_t queue_of(const struct radius_server *s)
{
	const struct radius_client *c = s->client;
	uint64_t n = 0;

	for (unsigned int i = 0; i < c->n_groups; i++)
		for (unsigned int k = 0; k < c->groups[i].n; k++)
			if (c->groups[i].server[k] == s)
				n += c->groups[i].n_waiting;
	return n;
}

/* Where each lies, from 1: of a server, of who orders changes; 0: it has none. */
#define SERVER(name) (1 + offsetof(struct radius_counters, name))
#define CLIENT(name) (1 + offsetof(struct dae_counters, name))

static const struct {
	enum ctl_radius number;
	size_t server, client;
} counts[] = {
	{ CTL_RADIUS_SENT, SERVER(tx_requests), 0 },
	{ CTL_RADIUS_RETRANSMITS, SERVER(tx_retransmits), 0 },
	{ CTL_RADIUS_SEND_FAILED, SERVER(tx_failed), CLIENT(tx_failed) },
	{ CTL_RADIUS_ACCEPTS, SERVER(rx_accepts), 0 },
	{ CTL_RADIUS_REJECTS, SERVER(rx_rejects), 0 },
	{ CTL_RADIUS_CHALLENGES, SERVER(rx_challenges), 0 },
	{ CTL_RADIUS_RESPONSES, SERVER(rx_responses), 0 },
	{ CTL_RADIUS_TIMEOUTS, SERVER(timeouts), 0 },
	{ CTL_RADIUS_DEATHS, SERVER(servers_dead), 0 },
	{ CTL_RADIUS_PROBES, SERVER(tx_probes), 0 },
	{ CTL_RADIUS_PROBES_ANSWERED, SERVER(rx_probes), 0 },
	{ CTL_RADIUS_MALFORMED, SERVER(rx_malformed), CLIENT(rx_malformed) },
	{ CTL_RADIUS_UNEXPECTED, SERVER(rx_unexpected), 0 },
	{ CTL_RADIUS_BAD_CODE, SERVER(rx_bad_code), CLIENT(rx_bad_code) },
	{ CTL_RADIUS_BAD_AUTHENTICATOR, SERVER(rx_bad_authenticator),
	  CLIENT(rx_bad_authenticator) },
	{ CTL_RADIUS_BAD_MESSAGE_AUTHENTICATOR,
	  SERVER(rx_bad_message_authenticator),
	  CLIENT(rx_bad_message_authenticator) },
	{ CTL_RADIUS_NO_MESSAGE_AUTHENTICATOR,
	  SERVER(rx_no_message_authenticator),
	  CLIENT(rx_no_message_authenticator) },
	{ CTL_RADIUS_DISCONNECTS, 0, CLIENT(rx_disconnects) },
	{ CTL_RADIUS_COAS, 0, CLIENT(rx_coas) },
	{ CTL_RADIUS_AGAIN, 0, CLIENT(rx_again) },
	{ CTL_RADIUS_ACKS, 0, CLIENT(tx_acks) },
	{ CTL_RADIUS_NAKS, 0, CLIENT(tx_naks) },
	{ CTL_RADIUS_OVER_RATE, 0, CLIENT(rx_over_rate) },
	{ CTL_RADIUS_NO_TIMESTAMP, 0, CLIENT(rx_no_timestamp) },
	{ CTL_RADIUS_STALE, 0, CLIENT(rx_stale) },
	{ CTL_RADIUS_REPLAYED, 0, CLIENT(rx_replayed) },
};

#define EACH_COUNT(i) \
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)

static uint64_t count_at(const void *counters, size_t place)
{
	return *(const uint64_t *)((const char *)counters + place - 1);
}

static void put_counts(struct nlmsghdr *m, const uint64_t v[CTL_RADIUS_MAX])
{
	mnl_attr_put_check(m, CTL_MESSAGE_MAX, CTL_A_RADIUS,
			   CTL_RADIUS_MAX * sizeof(v[0]), v);
}

static void put_server_counts(struct nlmsghdr *m, const struct radius_server *s)
{
	uint64_t v[CTL_RADIUS_MAX] = {
		[CTL_RADIUS_IN_FLIGHT] = s->n_flying,
		[CTL_RADIUS_QUEUE] = queue_of(s),
	};

	EACH_COUNT(i)
	if (counts[i].server)
		v[counts[i].number] = count_at(&s->count, counts[i].server);
	put_counts(m, v);
}

static void put_client_counts(struct nlmsghdr *m, const struct dae_client *d)
{
	uint64_t v[CTL_RADIUS_MAX] = { 0 };

	EACH_COUNT(i)
	if (counts[i].client)
		v[counts[i].number] = count_at(&d->count, counts[i].client);
	put_counts(m, v);
}

static void put_server(struct nlmsghdr *m, const struct radius *r,
		       const struct radius_server *s)
{
	char text[ADDR_STRLEN];

	put_str(m, CTL_A_NAME, s->conf->name);
	put_str(m, CTL_A_USE,
		s->client->accounting ? "accounting" : "authentication");
	put_str(m, CTL_A_HOSTNAME, s->conf->host);
	if (s->remote.addr.family)
		put_str(m, CTL_A_REMOTE, addr_str(&s->remote.addr, text));
	put_u32(m, CTL_A_PORT, s->remote.port);
	put_str(m, CTL_A_VRF, s->conf->vrf);
	put_str(m, CTL_A_STATE, radius_health_name(s->state));
	if (s->since >= 0)
		put_u64(m, CTL_A_UPTIME,
			(uint64_t)(clock_now() - s->since) / 1000);
	put_str(m, CTL_A_REASON, radius_host_error(r, s->index));
	if (s->response_time >= 0)
		put_u64(m, CTL_A_RESPONSE_TIME, (uint64_t)s->response_time / 8);
	put_server_counts(m, s);
}

/* How many. */
static unsigned int show_servers(struct ctl_client *c, const struct box *b,
				 const struct nlattr *name)
{
	unsigned int n = 0;
	const struct radius_client *use[] = { &b->radius.client,
					      &b->radius.acct };
	unsigned int n_uses = conf_accounts(b->conf) ? 2 : 1;

	for (unsigned int i = 0; i < b->radius.client.n_servers; i++) {
		for (unsigned int k = 0; k < n_uses; k++) {
			const struct radius_server *s = &use[k]->servers[i];
			struct nlmsghdr *m;

			if (name &&
			    strcmp(mnl_attr_get_str(name), s->conf->name))
				continue;
			m = ctl_record(c, CTL_KIND_RADIUS);
			put_server(m, &b->radius, s);
			ctl_send(c, m);
			n++;
		}
	}
	return n;
}

static void put_client(struct nlmsghdr *m, const struct conf_dae *at,
		       const struct dae_client *d)
{
	char a[ADDR_STRLEN], text[ADDR_STRLEN + 8];

	put_str(m, CTL_A_NAME, d->conf->name);
	put_str(m, CTL_A_USE, "coa");
	snprintf(text, sizeof(text), "%s/%u", addr_str(&d->conf->net, a),
		 d->conf->prefix_len);
	put_str(m, CTL_A_REMOTE, text);
	put_u32(m, CTL_A_PORT, at->local.port);
	put_str(m, CTL_A_VRF, at->vrf);
	put_client_counts(m, d);
}

static void show_clients(struct ctl_client *c, const struct box *b)
{
	const struct radius_dae *d = &b->dae.server;
	const struct conf_dae *at;

	STAILQ_FOREACH(at, &b->conf->daes, next)
	{
		for (unsigned int i = 0; i < d->n_clients; i++) {
			struct nlmsghdr *m;

			if (d->clients[i].listener != at->index)
				continue;
			m = ctl_record(c, CTL_KIND_RADIUS);
			put_client(m, at, &d->clients[i]);
			ctl_send(c, m);
		}
	}
}

int ctl_radius_show(struct ctl_client *c, const struct nlattr *const *attrs,
		    void *user, const char **text)
{
	const struct box *b = user;

	*text = "no such RADIUS server";
	if (!show_servers(c, b, attrs[CTL_A_NAME]) && attrs[CTL_A_NAME])
		return -ENOENT;
	if (!attrs[CTL_A_NAME])
		show_clients(c, b);
	return 0;
}
