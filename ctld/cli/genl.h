/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module's netlink, for a tool: one socket, one request at a time, answers
 * handed on as they come, refusals as the line to print.
 */
#ifndef CLI_GENL_H
#define CLI_GENL_H

#include "cli/arg.h"
#include "linux/adit.h"

#include <libmnl/libmnl.h>

#define GENL_ERROR_MAX 320

struct genl;

/* An answer's or event's attributes by number, each checked for its type. */
typedef void genl_fn(const struct nlattr *const *tb, uint8_t cmd, void *user);

/* NULL: a line is in err. */
struct genl *genl_open(char err[GENL_ERROR_MAX]);
void genl_close(struct genl *g);

/* A request in g's own buffer. dump: of all objects. */
struct nlmsghdr *genl_request(struct genl *g, uint8_t cmd, bool dump);
/* Adds what has an attribute of its own. */
void genl_put_args(struct nlmsghdr *msg, const struct args *args);
/* The attributes that name a link. */
void genl_put_link(struct nlmsghdr *msg, const struct link_name *l);
/* Sends, hands on the answers, waits for the end. 0, or -errno with a line in
 * err.
 */
int genl_talk(struct genl *g, struct nlmsghdr *msg, genl_fn *fn, void *user,
	      char err[GENL_ERROR_MAX]);

/* Events: joins the group; then, when genl_fd is readable, genl_events. */
int genl_join(struct genl *g, char err[GENL_ERROR_MAX]);
int genl_fd(const struct genl *g);
/* 0, -ENOBUFS: events were lost, or another -errno. */
int genl_events(struct genl *g, genl_fn *fn, void *user);

/* For tests: one message of the family. */
int genl_parse(const struct nlmsghdr *msg, const struct nlattr **tb);
/* The line for a refusal, from an error message's attributes. */
void genl_refusal(const struct nlmsghdr *msg, int code,
		  char err[GENL_ERROR_MAX]);

#endif /* CLI_GENL_H */
