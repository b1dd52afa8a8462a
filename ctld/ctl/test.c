/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See test.h. */
#include "ctl/test.h"

#include "adit/ctl.h"
#include "base/clock.h"
#include "bng/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One client that waits for one probe. */
struct test {
	struct ctl_client *client;
	const struct conf_tunnel *tunnel;
	struct probe *probe;
	msec_t began;
};

static void put_str(struct nlmsghdr *m, uint16_t type, const char *text)
{
	if (text[0])
		mnl_attr_put_strz_check(m, CTL_MESSAGE_MAX, type, text);
}

static void on_step(void *user, enum probe_step step, const char *text)
{
	static const char *const words[] = {
		[PROBE_SENT] = "sccrq-sent",
		[PROBE_ANSWERED] = "sccrp-received",
		[PROBE_AUTHENTICATED] = "authenticated",
		[PROBE_ESTABLISHED] = "established",
		[PROBE_FAILED] = "failed",
		[PROBE_STOPPED] = "stopccn-acknowledged",
	};
	struct test *t = user;
	struct nlmsghdr *m = ctl_record(t->client, CTL_KIND_TEST);
	char remote[ADDR_STRLEN];

	put_str(m, CTL_A_NAME, t->tunnel->peer.name);
	put_str(m, CTL_A_ADDRESS, addr_port_str(&t->tunnel->remote, remote));
	put_str(m, CTL_A_STATE, words[step]);
	put_str(m, step == PROBE_ANSWERED ? CTL_A_PEER : CTL_A_TEXT, text);
	mnl_attr_put_u64_check(m, CTL_MESSAGE_MAX, CTL_A_VALUE,
			       (uint64_t)(clock_now() - t->began));
	ctl_send(t->client, m);
}

static void on_end(void *user, msec_t at, int err, const char *text)
{
	struct test *t = user;

	(void)at;
	ctl_finish(t->client, err, text);
	free(t);
}

static const struct probe_ops probe_ops = { .step = on_step, .end = on_end };

/* The client hung up. */
static void on_gone(void *user)
{
	struct test *t = user;

	probe_abandon(t->probe, clock_now());
	free(t);
}

static const struct conf_tunnel *find(const struct conf *c, const char *name)
{
	const struct conf_tunnel *t = conf_tunnel(c, name);
	struct addr addr;

	if (t || addr_parse(name, &addr))
		return t;
	STAILQ_FOREACH(t, &c->tunnels, next)
	if (addr_eq(&t->remote.addr, &addr))
		break;
	return t;
}

int test_tunnel(struct ctl_client *c, const struct nlattr *const *attrs,
		void *user, const char **text)
{
	const struct conf_tunnel *tunnel;
	struct box *b = user;
	struct test *t;

	if (!attrs[CTL_A_NAME]) {
		*text = "which tunnel? a name or an address is needed";
		return -EINVAL;
	}
	tunnel = find(b->conf, mnl_attr_get_str(attrs[CTL_A_NAME]));
	if (!tunnel) {
		*text = "no tunnel of that name or address is configured";
		return -ENOENT;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->client = c;
	t->tunnel = tunnel;
	t->began = clock_now();
	t->probe = probe_start(b, t->began, tunnel, &probe_ops, t, text);
	if (!t->probe) {
		free(t);
		return -EBUSY;
	}
	ctl_later(c, on_gone, t);
	return 0;
}
