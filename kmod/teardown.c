// SPDX-License-Identifier: GPL-2.0
/* See teardown.h. Called by netlink, when devices go away, and at the end. */
#include "teardown.h"

#include <linux/rtnetlink.h>

#include <linux/adit.h>

#include "endpoint.h"
#include "link.h"
#include "pppoe.h"
#include "report.h"
#include "session.h"
#include "sysfs.h"
#include "sysfs_tunnel.h"
#include "tap.h"
#include "tunnel.h"
#include "underlay.h"

void adit_remove_session(struct adit_session *s)
{
	struct adit_link *to = adit_link_to(&s->link);

	adit_tap_remove(&s->link);
	adit_notify_session(ADIT_CMD_SESSION_DEL, s);
	adit_sysfs_del_session(s);
	adit_session_destroy(s);
	if (to)
		adit_notify_bound(to);
}

void adit_remove_tunnel(struct adit_tunnel *t)
{
	struct adit_session *s, *next;

	list_for_each_entry_safe(s, next, &t->sessions, of_tunnel) {
		adit_remove_session(s);
		cond_resched();
	}
	adit_notify_tunnel(ADIT_CMD_TUNNEL_DEL, t);
	adit_sysfs_del_tunnel(t);
	adit_tunnel_destroy(t);
}

void adit_remove_pppoe(struct adit_pppoe *p)
{
	struct adit_link *to = adit_link_to(&p->link);

	adit_tap_remove(&p->link);
	adit_notify_pppoe(ADIT_CMD_PPPOE_DEL, p);
	adit_pppoe_destroy(p);
	if (to)
		adit_notify_bound(to);
}

void adit_remove_port(struct adit_port *port)
{
	struct adit_pppoe *p, *next;

	list_for_each_entry_safe(p, next, &port->pppoes, of_port) {
		adit_remove_pppoe(p);
		cond_resched();
	}
	adit_notify_port(ADIT_CMD_PORT_DEL, port);
	adit_sysfs_del_port(port);
	adit_port_destroy(port);
}

void adit_remove_underlay(struct adit_underlay *u)
{
	adit_notify_underlay(ADIT_CMD_UNDERLAY_DEL, u);
	adit_underlay_destroy(u);
}

void adit_remove_all(struct adit_net *an)
{
	struct adit_endpoint *ep, *next_ep;
	struct adit_underlay *u, *next_u;
	struct adit_port *port, *next_port;
	u32 id;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	list_for_each_entry_safe(u, next_u, &an->underlays, list)
		adit_remove_underlay(u);
	list_for_each_entry_safe(port, next_port, &an->ports, list)
		adit_remove_port(port);
	for (id = 1; an->n_tunnels && id < 65536; id++) {
		struct adit_tunnel *t = adit_tunnel_find(an, id);

		if (t)
			adit_remove_tunnel(t);
	}
	list_for_each_entry_safe(ep, next_ep, &an->endpoints, list) {
		adit_notify_endpoint(ADIT_CMD_ENDPOINT_DEL, ep);
		adit_endpoint_destroy(ep);
	}
}
