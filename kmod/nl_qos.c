// SPDX-License-Identifier: GPL-2.0
/*
 * Marks and rates as attributes of SESSION_NEW, SESSION_SET, PPPOE_NEW, PPPOE_SET.
 * Called by nl_link and nl_pppoe. Context: process.
 */
#include "nl_qos.h"

#include "qos.h"

#define DEFAULT_HORIZON 100 /* ms */

static_assert(ADIT_RATE_MIN == METER_RATE_MIN);
static_assert(ADIT_RATE_MAX == METER_RATE_MAX);
static_assert(ADIT_BURST_MAX == METER_BURST_MAX);

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		  const char *text)
{
	extack->_msg = text;
	extack->bad_attr = attr;
	return -EINVAL;
}

static void get_mark(struct adit_police_mark *m, const struct nlattr *dscp,
		     const struct nlattr *mark)
{
	m->dscp = dscp ? nla_get_u8(dscp) : ADIT_DSCP_KEEP;
	m->has_mark = mark;
	m->mark = mark ? nla_get_u32(mark) : 0;
}

static int get_peak(struct adit_police_conf *p, struct nlattr **a)
{
	if (!a[ADIT_POLICE_PEAK_RATE] != !a[ADIT_POLICE_PEAK_BURST])
		return -EINVAL;
	if (!a[ADIT_POLICE_PEAK_RATE])
		return a[ADIT_POLICE_YELLOW_DSCP] ||
				       a[ADIT_POLICE_YELLOW_MARK] ?
			       -EINVAL :
			       0;
	p->peak = nla_get_u64(a[ADIT_POLICE_PEAK_RATE]);
	p->peak_burst = nla_get_u32(a[ADIT_POLICE_PEAK_BURST]);
	return 0;
}

/* An empty nest: rate 0. */
static int get_police(struct adit_police_conf *p, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_POLICE_MAX + 1];
	int err;

	if (!nla_len(nest))
		return 0;
	err = nla_parse_nested(a, ADIT_POLICE_MAX, nest, NULL, extack);
	if (err)
		return err;
	if (!a[ADIT_POLICE_RATE] || !a[ADIT_POLICE_BURST])
		return refuse(extack, nest,
			      "policer's rate or burst is missing");
	p->rate = nla_get_u64(a[ADIT_POLICE_RATE]);
	p->burst = nla_get_u32(a[ADIT_POLICE_BURST]);
	if (get_peak(p, a))
		return refuse(extack, nest,
			      "peak rate and burst go together, yellow with them");
	if (p->peak && p->peak < p->rate)
		return refuse(extack, nest, "peak rate is below the rate");
	get_mark(&p->marks[METER_GREEN], a[ADIT_POLICE_GREEN_DSCP],
		 a[ADIT_POLICE_GREEN_MARK]);
	get_mark(&p->marks[METER_YELLOW], a[ADIT_POLICE_YELLOW_DSCP],
		 a[ADIT_POLICE_YELLOW_MARK]);
	return 0;
}

static int get_pace(struct adit_pace_conf *p, const struct nlattr *nest,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_PACE_MAX + 1];
	int err;

	if (!nla_len(nest))
		return 0;
	err = nla_parse_nested(a, ADIT_PACE_MAX, nest, NULL, extack);
	if (err)
		return err;
	if (!a[ADIT_PACE_RATE])
		return refuse(extack, nest, "pace without a rate");
	p->rate = nla_get_u64(a[ADIT_PACE_RATE]);
	p->horizon = a[ADIT_PACE_HORIZON] ? nla_get_u32(a[ADIT_PACE_HORIZON]) :
					    DEFAULT_HORIZON;
	return 0;
}

/* True: something is asked for. */
static bool get_all(struct adit_qos_conf *conf, struct nlattr **a)
{
	conf->has_mark = a[ADIT_A_MARK];
	if (conf->has_mark)
		conf->mark = nla_get_u32(a[ADIT_A_MARK]);
	conf->has_priority = a[ADIT_A_PRIORITY];
	if (conf->has_priority)
		conf->priority = nla_get_u32(a[ADIT_A_PRIORITY]);
	conf->has_police[ADIT_QOS_RX] = a[ADIT_A_POLICE_RX];
	conf->has_police[ADIT_QOS_TX] = a[ADIT_A_POLICE_TX];
	conf->has_pace = a[ADIT_A_PACE];
	return conf->has_mark || conf->has_priority || conf->has_pace ||
	       conf->has_police[ADIT_QOS_RX] || conf->has_police[ADIT_QOS_TX];
}

int adit_nl_qos(struct adit_link *link, struct genl_info *info)
{
	static const int police[] = {
		[ADIT_QOS_RX] = ADIT_A_POLICE_RX, [ADIT_QOS_TX] = ADIT_A_POLICE_TX
	};
	struct adit_qos_conf conf = { 0 };
	struct nlattr **a = info->attrs;
	int err = 0, way;

	if (!get_all(&conf, a))
		return 0;
	for (way = 0; !err && way < ADIT_QOS_WAYS; way++)
		if (conf.has_police[way])
			err = get_police(&conf.police[way], a[police[way]],
					 info->extack);
	if (!err && conf.has_pace)
		err = get_pace(&conf.pace, a[ADIT_A_PACE], info->extack);
	return err ?: adit_qos_set(link, &conf, info->extack);
}
