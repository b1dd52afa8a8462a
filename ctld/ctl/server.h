/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket's server: accepts, frames, answers without ever waiting for
 * a client (one that does not read is cut off at a bound). What a verb does is
 * the verbs' table (ctl/show, ctl/act).
 */
#ifndef CTL_SERVER_H
#define CTL_SERVER_H

#include "ctl/socket.h"

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

struct ev_loop;
struct ctl_server;
struct ctl_client;

struct ctl_verb_row {
	uint16_t verb;
	/* Parsed attributes, by number, checked for type. Answers with ctl_record
	 * ... ctl_send, returns 0 or -errno with text in *text: the end follows.
	 */
	int (*fn)(struct ctl_client *c, const struct nlattr *const *attrs,
		  void *user, const char **text);
};

struct ctl_server *ctl_server_open(struct ev_loop *loop, const char *path,
				   const struct ctl_verb_row *verbs,
				   size_t n_verbs, void *user,
				   char err[CTL_ERROR_MAX]);
void ctl_server_close(struct ctl_server *s);
/* How long a client may neither ask nor read; 5 minutes, if nobody says otherwise. */
void ctl_server_set_idle(struct ctl_server *s, double seconds);

/* A verb that answers later: it returns 0, and its records go on until ctl_finish.
 * gone: the client hung up before.
 */
void ctl_later(struct ctl_client *c, void (*gone)(void *user), void *user);
/* 0, or -errno with a text. */
void ctl_finish(struct ctl_client *c, int code, const char *text);

/* Begins a record; add attributes with mnl_attr_put_*_check(msg, CTL_MESSAGE_MAX,
 * ...), then send it.
 */
struct nlmsghdr *ctl_record(struct ctl_client *c, uint32_t kind);
void ctl_send(struct ctl_client *c, struct nlmsghdr *msg);
/* To each monitoring client. NULL from ctl_event: nobody listens. */
struct nlmsghdr *ctl_event(struct ctl_server *s, const char *event);
void ctl_publish(struct ctl_server *s, struct nlmsghdr *msg);

#endif /* CTL_SERVER_H */
