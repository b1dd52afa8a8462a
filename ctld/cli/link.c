/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links by name, bindings, counters: netlink attributes to fields. */
#include "cli/link.h"

#include <net/if.h>
#include <string.h>

#define NAMES 8 /* device names kept */

uint32_t link_u32(const struct nlattr *a)
{
	return a ? mnl_attr_get_u32(a) : 0;
}

uint16_t link_u16(const struct nlattr *a)
{
	return a ? mnl_attr_get_u16(a) : 0;
}

/* ----------------------------------------------------------------- devices */

static struct {
	uint32_t ifindex;
	char name[IFNAMSIZ];
} names[NAMES];

void link_forget_names(void)
{
	memset(names, 0, sizeof(names));
}

/* Of a list of 60,000 sessions, all are on a few devices. */
static const char *dev_name(uint32_t ifindex)
{
	unsigned int at = ifindex % NAMES;

	if (names[at].ifindex != ifindex || !names[at].name[0]) {
		names[at].ifindex = ifindex;
		if (!if_indextoname(ifindex, names[at].name))
			snprintf(names[at].name, IFNAMSIZ, "if%u", ifindex);
	}
	return names[at].name;
}

void link_dev(struct out *o, const char *label, uint32_t ifindex)
{
	out_field(o, "dev", label, out_word(dev_name(ifindex)));
}

/* ------------------------------------------------------------------- links */

bool link_eq(const struct link_name *a, const struct link_name *b)
{
	return a->pppoe == b->pppoe && a->tunnel_id == b->tunnel_id &&
	       a->session_id == b->session_id && a->ifindex == b->ifindex &&
	       a->outer == b->outer && a->inner == b->inner;
}

struct link_name link_of(const struct nlattr *const *tb, bool pppoe)
{
	struct link_name l = { .pppoe = pppoe };

	l.session_id = link_u16(tb[ADIT_A_SESSION_ID]);
	if (pppoe) {
		l.ifindex = link_u32(tb[ADIT_A_IFINDEX]);
		l.outer = link_u16(tb[ADIT_A_VLAN_OUTER]);
		l.inner = link_u16(tb[ADIT_A_VLAN_INNER]);
	} else {
		l.tunnel_id = link_u16(tb[ADIT_A_TUNNEL_ID]);
	}
	return l;
}

void link_print(struct out *o, const char *label, const struct link_name *l)
{
	if (l->pppoe) {
		link_dev(o, label, l->ifindex);
		if (l->outer)
			out_field(o, "vlan_outer", ".", out_u64(l->outer));
		if (l->inner)
			out_field(o, "vlan_inner", ".", out_u64(l->inner));
	} else {
		out_field(o, "tunnel_id", label, out_u64(l->tunnel_id));
	}
	out_field(o, "session_id", "/", out_u64(l->session_id));
}

/* The attributes of a nest that matter for a link. */
static struct link_name link_of_nest(const struct nlattr *nest)
{
	const struct nlattr *tb[ADIT_A_MAX + 1] = { NULL };
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, nest) {
		uint16_t type = mnl_attr_get_type(a);
		size_t len = type == ADIT_A_IFINDEX ? 4 : 2;

		if (type <= ADIT_A_MAX && mnl_attr_get_payload_len(a) >= len)
			tb[type] = a;
	}
	return link_of(tb, tb[ADIT_A_IFINDEX]);
}

static void print_prefix(struct out *o, const struct nlattr *nest)
{
	const struct nlattr *a;
	struct addr addr = { 0 };
	char text[ADDR_STRLEN + 8];
	char host[ADDR_STRLEN];
	unsigned int len = 0;

	mnl_attr_for_each_nested(a, nest) {
		if (mnl_attr_get_type(a) == ADIT_A_PREFIX)
			addr_from_bytes(mnl_attr_get_payload(a),
					mnl_attr_get_payload_len(a), &addr);
		if (mnl_attr_get_type(a) == ADIT_A_PREFIX_LEN &&
		    mnl_attr_get_payload_len(a) >= 1)
			len = mnl_attr_get_u8(a);
	}
	snprintf(text, sizeof(text), "%s/%u", addr_str(&addr, host), len);
	out_field(o, NULL, " addr ", out_word(text));
}

static void print_addrs(struct out *o, const struct nlattr *addrs)
{
	const struct nlattr *a;

	out_list(o, "addresses");
	if (addrs)
		mnl_attr_for_each_nested(a, addrs)
			print_prefix(o, a);
	out_list_end(o);
}

void link_bound(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;
	struct link_name l;

	out_nest(o, "bound");
	if (tb[ADIT_A_TO_LINK]) {
		l = link_of_nest(tb[ADIT_A_TO_LINK]);
		out_field(o, "kind", " bound ",
			  out_word(l.pppoe ? "pppoe" : "session"));
		link_print(o, " ", &l);
	} else if (tb[ADIT_A_TO_IFINDEX]) {
		out_field(o, "kind", " bound ", out_word("device"));
		link_dev(o, " ", link_u32(tb[ADIT_A_TO_IFINDEX]));
		print_addrs(o, tb[ADIT_A_ADDRS]);
		if (tb[ADIT_A_MTU])
			out_field(o, "mtu", c->details ? " mtu " : NULL,
				  out_u64(link_u16(tb[ADIT_A_MTU])));
		if (tb[ADIT_A_MRU])
			out_field(o, "mru", c->details ? " mru " : NULL,
				  out_u64(link_u16(tb[ADIT_A_MRU])));
	} else {
		out_field(o, "kind", NULL, out_word("none"));
		out_puts(o, " unbound");
	}
	if (tb[ADIT_A_MSS])
		out_field(o, "mss", c->details ? " mss " : NULL,
			  out_u64(link_u16(tb[ADIT_A_MSS])));
	out_nest_end(o);
}

/* ------------------------------------------------------------------ fields */

void link_addr_port(struct out *o, const char *key, const char *key_port,
		    const char *label, const struct nlattr *addr,
		    const struct nlattr *port)
{
	struct addr_port ap = { 0 };

	if (!addr)
		return;
	addr_from_bytes(mnl_attr_get_payload(addr),
			mnl_attr_get_payload_len(addr), &ap.addr);
	ap.port = link_u16(port);
	if (o->json) {
		out_field(o, key, NULL, out_addr(&ap.addr));
		out_field(o, key_port, NULL, out_u64(ap.port));
		return;
	}
	out_puts(o, label);
	out_field(o, key, ap.addr.family == AF_INET6 ? "[" : "",
		  out_addr(&ap.addr));
	out_field(o, key_port, ap.addr.family == AF_INET6 ? "]:" : ":",
		  out_u64(ap.port));
}

void link_text(struct out *o, const char *key, const char *label,
	       const struct nlattr *a)
{
	const char *t = a ? mnl_attr_get_str(a) : "";

	if (*t)
		out_field(o, key, label, out_text(t, strlen(t)));
}

static size_t label_len(const struct nlattr *a)
{
	return strnlen(mnl_attr_get_payload(a), mnl_attr_get_payload_len(a));
}

void link_label(struct out *o, const char *key, const char *label,
		const struct nlattr *a)
{
	if (a && label_len(a))
		out_field(o, key, label,
			  out_text(mnl_attr_get_payload(a), label_len(a)));
}

bool link_label_is(const struct nlattr *a, const char *text)
{
	return a && label_len(a) == strlen(text) &&
	       !memcmp(mnl_attr_get_payload(a), text, label_len(a));
}

void link_cookie(struct out *o, const struct nlattr *a)
{
	if (a)
		out_field(o, "cookie", " cookie ",
			  out_hex(mnl_attr_get_u64(a)));
}

void link_stats(struct cli *c, const struct nlattr *nest)
{
	static const struct {
		uint16_t type;
		const char *key, *label;
	} rows[] = {
		{ ADIT_STAT_RX_PACKETS, "rx_packets", "rx packets " },
		{ ADIT_STAT_RX_BYTES, "rx_bytes", " bytes " },
		{ ADIT_STAT_RX_DROPS, "rx_drops", " drops " },
		{ ADIT_STAT_TX_PACKETS, "tx_packets", "tx packets " },
		{ ADIT_STAT_TX_BYTES, "tx_bytes", " bytes " },
		{ ADIT_STAT_TX_DROPS, "tx_drops", " drops " },
		{ ADIT_STAT_RX_CONTROL, "rx_control", "control rx " },
		{ ADIT_STAT_TX_CONTROL, "tx_control", " tx " },
	};
	uint64_t value[ADIT_STAT_MAX + 1] = { 0 };
	const struct nlattr *a;
	size_t i;

	if (!nest || !c->stats)
		return;
	mnl_attr_for_each_nested(a, nest) {
		uint16_t type = mnl_attr_get_type(a);

		if (type <= ADIT_STAT_MAX && mnl_attr_get_payload_len(a) >= 8)
			value[type] = mnl_attr_get_u64(a);
	}
	out_nest(&c->out, "stats");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (i % 3 == 0)
			out_line(&c->out);
		out_field(&c->out, rows[i].key, rows[i].label,
			  out_u64(value[rows[i].type]));
	}
	out_nest_end(&c->out);
}

void link_count(struct out *o, const char *key, unsigned int n)
{
	out_object(o);
	out_field(o, key, "", out_u64(n));
	out_object_end(o);
}

/* ----------------------------------------------------------------- binding */

static void put_prefixes(struct nlmsghdr *msg, const struct args *args)
{
	struct nlattr *all = mnl_attr_nest_start(msg, ADIT_A_ADDRS);
	size_t i;

	for (i = 0; i < args->n; i++) {
		const struct arg_value *v = &args->v[i];
		struct nlattr *one;

		if (strcmp(v->arg->word, "addr"))
			continue;
		one = mnl_attr_nest_start(msg, ADIT_A_ADDR);
		mnl_attr_put(msg, ADIT_A_PREFIX, addr_len(&v->addr), v->addr.b);
		mnl_attr_put_u8(msg, ADIT_A_PREFIX_LEN, (uint8_t)v->u);
		mnl_attr_nest_end(msg, one);
	}
	mnl_attr_nest_end(msg, all);
}

static void put_nest(struct nlmsghdr *msg, uint16_t type,
		     const struct link_name *l)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, type);

	genl_put_link(msg, l);
	mnl_attr_nest_end(msg, nest);
}

static void put_target(struct nlmsghdr *msg, const struct args *args)
{
	const struct arg_value *session = arg_get(args, "session");
	const struct arg_value *pppoe = arg_get(args, "pppoe");
	const struct arg_value *dev = arg_get(args, "dev");
	const struct arg_value *mtu = arg_get(args, "mtu");
	const struct arg_value *mru = arg_get(args, "mru");
	const struct arg_value *mss = arg_get(args, "mss");
	const struct arg_value *magic = arg_get(args, "magic");

	if (session)
		put_nest(msg, ADIT_A_TO_LINK, &session->link);
	if (pppoe)
		put_nest(msg, ADIT_A_TO_LINK, &pppoe->link);
	if (mss)
		mnl_attr_put_u16(msg, ADIT_A_MSS, (uint16_t)mss->u);
	if (!dev)
		return;
	mnl_attr_put_u32(msg, ADIT_A_TO_IFINDEX, (uint32_t)dev->u);
	if (arg_get(args, "addr"))
		put_prefixes(msg, args);
	if (mtu)
		mnl_attr_put_u16(msg, ADIT_A_MTU, (uint16_t)mtu->u);
	if (mru)
		mnl_attr_put_u16(msg, ADIT_A_MRU, (uint16_t)mru->u);
	if (magic)
		mnl_attr_put_u32(msg, ADIT_A_MAGIC, (uint32_t)magic->u);
}

int link_bind(struct cli *c, const struct args *args,
	      const struct link_name *from)
{
	bool dev = arg_get(args, "dev");
	const struct arg_value *session = arg_get(args, "session");
	struct nlmsghdr *msg;
	int n = !!session + !!arg_get(args, "pppoe") + dev +
		!!arg_get(args, "none");

	if (n != 1)
		return cli_error(
			c, "bind: one of session, pppoe, dev, none is needed");
	if (session && !session->link.tunnel_id)
		return cli_error(c, "bind: session: TUNNEL/SESSION is wanted");
	if (!dev && (arg_get(args, "addr") || arg_get(args, "mtu") ||
		     arg_get(args, "mru") || arg_get(args, "magic")))
		return cli_error(c,
				 "bind: addr, mtu, mru and magic go with dev");
	if (arg_get(args, "none") && arg_get(args, "mss"))
		return cli_error(c, "bind: mss goes with a link or dev");
	msg = cli_request(c, ADIT_CMD_BIND, false);
	if (!msg)
		return CLI_LOCAL;
	put_nest(msg, ADIT_A_LINK, from);
	put_target(msg, args);
	return cli_talk(c, msg, NULL, NULL);
}
