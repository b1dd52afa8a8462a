/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of start-up to the module: they wait for the answer. */
#include "kern/ask.h"

#include "base/log.h"
#include "kern/event.h"
#include "kern/nl.h"

#include <errno.h>
#include <stdio.h>

static struct nlmsghdr *make(struct ask a, void *to, uint8_t cmd, bool dump)
{
	return knl_request(to, a.family, cmd, dump ? NLM_F_DUMP : NLM_F_ACK);
}

static int talk(struct ask a, struct nlmsghdr *msg, knl_fn *fn, void *ctx,
		char err[KERN_ERROR_MAX])
{
	return knl_talk(a.fd, msg, fn, ctx, err);
}

int ask_listen(struct ask a, uint32_t class, char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = make(a, request, ADIT_CMD_LISTEN, false);

	mnl_attr_put_u32(msg, ADIT_A_CLASSES, 1u << class);
	return talk(a, msg, NULL, NULL, err);
}

static void take_instance(const struct nlmsghdr *msg, void *ctx)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	uint64_t *instance = ctx;

	if (event_parse(msg, tb) && tb[ADIT_A_INSTANCE])
		*instance = mnl_attr_get_u64(tb[ADIT_A_INSTANCE]);
}

int ask_instance(struct ask a, uint64_t *instance, char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	char text[KNL_ERROR_MAX];
	int rc;

	*instance = 0;
	rc = talk(a, make(a, request, ADIT_CMD_SYSTEM_GET, false),
		  take_instance, instance, text);
	if (rc == -EPERM) /* the first command that wants it */
		snprintf(err, KERN_ERROR_MAX,
			 "module adit: needs CAP_NET_ADMIN");
	else if (rc)
		snprintf(err, KERN_ERROR_MAX, "module adit: instance: %.80s",
			 text);
	return rc;
}

struct endpoint_find {
	struct addr_port local;
	uint32_t vrf, id;
};

static void take_endpoint_id(const struct nlmsghdr *msg, void *ctx)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	struct endpoint_find *f = ctx;

	if (event_parse(msg, tb) && tb[ADIT_A_ENDPOINT_ID])
		f->id = mnl_attr_get_u32(tb[ADIT_A_ENDPOINT_ID]);
}

static void match_endpoint(const struct nlmsghdr *msg, void *ctx)
{
	struct endpoint_find *f = ctx;
	struct addr_port local;
	uint32_t ifindex, id;

	if (event_endpoint(msg, &local, &ifindex, &id) &&
	    addr_eq(&local.addr, &f->local.addr) &&
	    local.port == f->local.port && ifindex == f->vrf)
		f->id = id;
}

int ask_endpoint(struct ask a, const struct addr_port *local, uint32_t vrf,
		 uint32_t *id, char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct endpoint_find f = { .local = *local, .vrf = vrf };
	char text[KNL_ERROR_MAX], at[ADDR_STRLEN];
	struct nlmsghdr *msg;
	int rc;

	if (!f.local.port)
		f.local.port = ADIT_L2TP_PORT;
	msg = make(a, request, ADIT_CMD_ENDPOINT_NEW, false);
	mnl_attr_put(msg, ADIT_A_LOCAL, addr_len(&local->addr), local->addr.b);
	mnl_attr_put_u16(msg, ADIT_A_LOCAL_PORT, f.local.port);
	if (vrf)
		mnl_attr_put_u32(msg, ADIT_A_IFINDEX, vrf);
	rc = talk(a, msg, take_endpoint_id, &f, text);
	if (rc == -EEXIST)
		rc = talk(a, make(a, request, ADIT_CMD_ENDPOINT_GET, true),
			  match_endpoint, &f, text);
	if (rc == -EINTR && f.id)
		rc = 0;
	if (!rc && !f.id) {
		rc = -EEXIST;
		snprintf(text, sizeof(text), "it is there, in another VRF");
	}
	if (rc)
		snprintf(err, KERN_ERROR_MAX, "endpoint %s: %.80s",
			 addr_port_str(&f.local, at), text);
	else
		*id = f.id;
	return rc;
}

int ask_port(struct ask a, uint32_t ifindex, char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = make(a, request, ADIT_CMD_PORT_NEW, false);
	int rc;

	mnl_attr_put_u32(msg, ADIT_A_IFINDEX, ifindex);
	rc = talk(a, msg, NULL, NULL, err);
	return rc == -EEXIST ? 0 : rc;
}

static int ask_del(struct ask a, uint8_t cmd, uint16_t attr, uint32_t id,
		   char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = make(a, request, cmd, false);

	mnl_attr_put_u32(msg, attr, id);
	return talk(a, msg, NULL, NULL, err);
}

int ask_endpoint_del(struct ask a, uint32_t id, char err[KERN_ERROR_MAX])
{
	return ask_del(a, ADIT_CMD_ENDPOINT_DEL, ADIT_A_ENDPOINT_ID, id, err);
}

int ask_port_del(struct ask a, uint32_t ifindex, char err[KERN_ERROR_MAX])
{
	return ask_del(a, ADIT_CMD_PORT_DEL, ADIT_A_IFINDEX, ifindex, err);
}

int ask_limits(struct ask a, const struct kern_limits *limits,
	       char err[KERN_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = make(a, request, ADIT_CMD_SYSTEM_SET, false);

	mnl_attr_put_u32(msg, ADIT_A_MAX_TUNNELS, limits->tunnels);
	mnl_attr_put_u32(msg, ADIT_A_MAX_SESSIONS, limits->sessions);
	mnl_attr_put_u32(msg, ADIT_A_ORPHAN_TIMEOUT, limits->orphan_timeout);
	return talk(a, msg, NULL, NULL, err);
}

static void put_prefix(struct nlmsghdr *msg, const struct kern_prefix *p)
{
	struct nlattr *one = mnl_attr_nest_start(msg, ADIT_A_ADDR);

	mnl_attr_put(msg, ADIT_A_PREFIX, addr_len(&p->net), p->net.b);
	mnl_attr_put_u8(msg, ADIT_A_PREFIX_LEN, p->len);
	mnl_attr_nest_end(msg, one);
}

int ask_peers(struct ask a, const struct kern_prefix *p, size_t n,
	      char err[KERN_ERROR_MAX])
{
	static uint8_t request[64 + ADIT_PEERS_MAX * 32]
		__attribute__((aligned(8)));
	struct nlmsghdr *msg = make(a, request, ADIT_CMD_PEERS_SET, false);
	struct nlattr *list;
	size_t i;
	int rc;

	list = mnl_attr_nest_start(msg, ADIT_A_ADDRS);
	for (i = 0; i < n && i < ADIT_PEERS_MAX; i++)
		put_prefix(msg, &p[i]);
	mnl_attr_nest_end(msg, list);
	rc = talk(a, msg, NULL, NULL, err);
	if (rc || n <= ADIT_PEERS_MAX)
		return rc;
	snprintf(err, KERN_ERROR_MAX, "more than %d prefixes of peers",
		 ADIT_PEERS_MAX);
	return -E2BIG;
}

static void found_tunnel(const struct nlmsghdr *msg, void *ctx)
{
	const struct kern_found *f = ctx;
	struct kern_tunnel t;

	if (event_tunnel(msg, &t))
		f->tunnel(f->ctx, &t);
}

static void found_session(const struct nlmsghdr *msg, void *ctx)
{
	const struct kern_found *f = ctx;
	struct kern_session s;

	if (event_session(msg, &s))
		f->session(f->ctx, &s);
}

static void found_pppoe(const struct nlmsghdr *msg, void *ctx)
{
	const struct kern_found *f = ctx;
	struct kern_pppoe p;

	if (event_pppoe(msg, &p))
		f->pppoe(f->ctx, &p);
}

int ask_dump(struct ask a, const struct kern_found *f, char err[KERN_ERROR_MAX])
{
	static const struct {
		uint8_t cmd;
		knl_fn *fn;
	} dumps[] = { { ADIT_CMD_TUNNEL_GET, found_tunnel },
		      { ADIT_CMD_SESSION_GET, found_session },
		      { ADIT_CMD_PPPOE_GET, found_pppoe } };
	uint8_t request[256] __attribute__((aligned(8)));
	struct kern_found copy = *f;
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(dumps) / sizeof(dumps[0]) && !rc; i++) {
		rc = talk(a, make(a, request, dumps[i].cmd, true), dumps[i].fn,
			  &copy, err);
		/* What is missed here is removed by hand or was just made so. */
		if (rc == -EINTR) {
			log_warn("module adit: objects changed meanwhile");
			rc = 0;
		}
	}
	return rc;
}
