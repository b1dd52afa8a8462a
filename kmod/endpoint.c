// SPDX-License-Identifier: GPL-2.0
/*
 * Endpoints (design: one unconnected socket for each VRF, address and port). The
 * kernel owns the socket, so packets flow when no daemon runs. Nobody reads its
 * queue: encap_rcv takes every packet. Called by netlink.
 */
#include "endpoint.h"

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include <net/udp_tunnel.h>

#include "rx_route.h"

struct adit_endpoint *adit_endpoint_find(struct adit_net *an, u32 id)
{
	struct adit_endpoint *ep;

	list_for_each_entry_rcu(ep, &an->endpoints, list,
				lockdep_is_held(&an->lock))
		if (ep->id == id)
			return ep;
	return NULL;
}

struct adit_endpoint *adit_endpoint_at(struct adit_net *an,
				       const struct adit_ip *local, __be16 port,
				       int vif)
{
	struct adit_endpoint *ep;

	list_for_each_entry_rcu(ep, &an->endpoints, list)
		if (ep->port == port && ep->ifindex == vif &&
		    ipv6_addr_equal(&ep->local.a, &local->a))
			return ep;
	return NULL;
}

static bool exists(struct adit_net *an, const struct adit_ip *local,
		   __be16 port, int ifindex)
{
	struct adit_endpoint *ep;

	list_for_each_entry(ep, &an->endpoints, list)
		if (ipv6_addr_equal(&ep->local.a, &local->a) &&
		    ep->port == port && ep->ifindex == ifindex)
			return true;
	return false;
}

static int open_socket(struct adit_endpoint *ep,
		       const struct adit_endpoint_ops *ops)
{
	struct udp_port_cfg cfg = {
		.family = ep->family,
		.local_udp_port = ep->port,
		.bind_ifindex = ep->ifindex,
		.use_udp_checksums = 1,
		.use_udp6_tx_checksums = 1,
		.use_udp6_rx_checksums = 1,
	};
	struct udp_tunnel_sock_cfg tunnel = {
		.sk_user_data = ep,
		.encap_type = 1,
		.encap_rcv = ops->rcv,
		.encap_err_rcv = ops->error,
		.encap_err_lookup = ops->check_error,
	};
	int err;

	if (ep->family == AF_INET6) {
		cfg.local_ip6 = ep->local.a;
		cfg.ipv6_v6only = 1;
	} else {
		cfg.local_ip.s_addr = ep->local.a.s6_addr32[3];
	}
	err = udp_sock_create(ep->an->net, &cfg, &ep->sock);
	if (!err)
		setup_udp_tunnel_sock(ep->an->net, ep->sock, &tunnel);
	return err;
}

struct adit_endpoint *adit_endpoint_create(struct adit_net *an, u8 family,
					   const struct adit_ip *local,
					   __be16 port, int ifindex,
					   const struct adit_endpoint_ops *ops,
					   struct netlink_ext_ack *extack)
{
	struct adit_endpoint *ep;
	int err;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	if (ifindex && !__dev_get_by_index(an->net, ifindex)) {
		NL_SET_ERR_MSG(extack, "no such interface");
		return ERR_PTR(-ENODEV);
	}
	if (exists(an, local, port, ifindex)) {
		NL_SET_ERR_MSG(extack, "endpoint exists");
		return ERR_PTR(-EEXIST);
	}
	if (an->n_endpoints >= ADIT_ENDPOINTS_MAX) {
		NL_SET_ERR_MSG(extack, "no more endpoints");
		return ERR_PTR(-ENOSPC);
	}
	ep = kzalloc(sizeof(*ep), GFP_KERNEL_ACCOUNT);
	if (!ep) {
		NL_SET_ERR_MSG(extack, "no memory for the endpoint");
		return ERR_PTR(-ENOMEM);
	}
	ep->an = an;
	ep->family = family;
	ep->local = *local;
	ep->port = port;
	ep->ifindex = ifindex;
	ep->id = ++an->next_endpoint;
	err = open_socket(ep, ops);
	if (err) {
		if (err == -EADDRINUSE)
			NL_SET_ERR_MSG(extack, "address and port are in use");
		else if (err == -EADDRNOTAVAIL)
			NL_SET_ERR_MSG(extack, "not an address of this host");
		else
			NL_SET_ERR_MSG(extack, "socket was refused");
		kfree(ep);
		return ERR_PTR(err);
	}
	list_add_tail_rcu(&ep->list, &an->endpoints);
	an->n_endpoints++;
	return ep;
}

static void endpoint_free(struct rcu_head *head)
{
	struct adit_endpoint *ep =
		container_of(head, struct adit_endpoint, rcu);

	adit_rx_routes_free(ep);
	kfree(ep);
}

void adit_endpoint_destroy(struct adit_endpoint *ep)
{
	lockdep_assert_held(&ep->an->lock);
	WARN_ON_ONCE(ep->n_tunnels);
	list_del_rcu(&ep->list);
	ep->an->n_endpoints--;
	udp_tunnel_sock_release(ep->sock);
	call_rcu(&ep->rcu, endpoint_free);
}
