/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's control socket, from the client's side: include/adit/ctl.h. */
#ifndef CLI_CONN_H
#define CLI_CONN_H

#include "adit/ctl.h"

#include <libmnl/libmnl.h>
#include <stdint.h>

#define CONN_ERROR_MAX 320

struct conn;

/* A record's attributes by number, each checked for its type. */
typedef void conn_fn(const struct nlattr *const *tb, void *user);

/* NULL: a line is in err. */
struct conn *conn_open(const char *path, char err[CONN_ERROR_MAX]);
/* On a connected socket, which becomes the conn's. */
struct conn *conn_make(int fd);
void conn_close(struct conn *c);

/* A request in c's own buffer. */
struct nlmsghdr *conn_request(struct conn *c, uint16_t verb);
int conn_send(struct conn *c, const struct nlmsghdr *msg,
	      char err[CONN_ERROR_MAX]);
/* Sends, hands on the records, waits for the end. 0, or -errno with a line in
 * err.
 */
int conn_talk(struct conn *c, const struct nlmsghdr *msg, conn_fn *fn,
	      void *user, char err[CONN_ERROR_MAX]);
int conn_fd(const struct conn *c);
/* Has the other end hung up, since the last answer was read? */
bool conn_is_over(const struct conn *c);
/* Reads once and hands on what has come. 1: go on; 0: the end of an answer;
 * -errno with a line in err.
 */
int conn_read(struct conn *c, conn_fn *fn, void *user,
	      char err[CONN_ERROR_MAX]);

#endif /* CLI_CONN_H */
