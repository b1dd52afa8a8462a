/* SPDX-License-Identifier: GPL-2.0 */
/* What the netlink commands share: arguments, replies, dumps. */
#ifndef ADIT_NL_H
#define ADIT_NL_H

#include <net/sock.h>

#include "genl.h"
#include "object.h"
#include "report.h"

/* "X is missing", -EINVAL. */
int adit_nl_missing(struct genl_info *info, const char *text);
/* An address of 4 or 16 bytes, mapped if of 4; its family. */
u8 adit_nl_ip(const struct nlattr *attr, struct adit_ip *ip);
/* A policy's check: 4 or 16 bytes. */
int adit_nl_check_ip(const struct nlattr *attr, struct netlink_ext_ack *extack);
void adit_nl_label(const struct nlattr *attr, char out[ADIT_LABEL_MAX + 1]);
/* Cookie and label, where they are given. Both or, without memory, neither. */
int adit_nl_cold(struct adit_cold *cold, struct nlattr **a,
		 struct netlink_ext_ack *extack);
/* Tags and MAC (which is there) of another end on a port. */
int adit_nl_eth(struct adit_eth *eth, struct nlattr **a,
		struct netlink_ext_ack *extack);

/* Anything there at all? Takes the lock; -ENOENT with text, unlocked. */
int adit_nl_enter(struct genl_info *info, struct adit_net **an);
void adit_nl_leave(struct adit_net *an);
/* The same for what touches devices: rtnl first. */
int adit_nl_enter_rtnl(struct genl_info *info, struct adit_net **an);
/* And for what may be the first: makes tables and anchor. */
int adit_nl_enter_new(struct genl_info *info, struct adit_net **an);
/* After either. */
void adit_nl_leave_rtnl(struct adit_net *an);

/* The objects that are meant; NULL with text. Context: lock held. */
struct adit_tunnel *adit_nl_tunnel(struct adit_net *an, struct genl_info *info);
struct adit_session *adit_nl_session(struct adit_net *an,
				     struct genl_info *info);
struct adit_pppoe *adit_nl_pppoe(struct adit_net *an, struct genl_info *info);
struct adit_link *adit_nl_link(struct adit_net *an, const struct nlattr *nest,
			       struct netlink_ext_ack *extack);

/* Replies with one object: put is adit_put_tunnel and the like. */
int adit_nl_reply(struct genl_info *info, int cmd, adit_put_fn *put,
		  void *object);
/* Does a dump want this link? By what its request has of LABEL, COOKIE, TO_IFINDEX. */
bool adit_nl_wanted(struct adit_link *link, struct nlattr *const *a);
/* A dump's return value, after the last adit_nl_dump_one() gave err. */
int adit_nl_dump_end(const struct sk_buff *msg, int err);
/* One object of a dump. 0 or -EMSGSIZE: the dump goes on here later. */
int adit_nl_dump_one(struct sk_buff *msg, struct netlink_callback *cb, int cmd,
		     adit_put_fn *put, void *object);

#endif /* ADIT_NL_H */
