/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink sockets as bare descriptors: opening, families and groups, requests
 * that wait for their answer (start-up), the text of a refusal. It knows nothing
 * of tunnels.
 */
#ifndef KERN_NL_H
#define KERN_NL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KNL_ERROR_MAX 160
#define KNL_REQUEST_MAX 8192 /* one request: a frame and its address fit */
#define KNL_READ_MAX 65536 /* the kernel fills what a reader offers */

/* A family of generic netlink, with the groups that we want of it. */
struct knl_family {
	uint16_t id;
	uint32_t group; /* 0: it has none of this name */
};

/* protocol: NETLINK_GENERIC, NETLINK_ROUTE. A descriptor or -errno. */
int knl_open(int protocol, bool no_enobufs);
void knl_close(int fd);
int knl_nonblock(int fd);
int knl_join(int fd, uint32_t group);

/* A request in `to` (KNL_REQUEST_MAX bytes, aligned), with a generic header. */
struct nlmsghdr *knl_request(void *to, uint16_t family, uint8_t cmd,
			     uint16_t flags);

/* What an NLMSG_ERROR or NLMSG_DONE says; 0 or -errno. */
int knl_errno(const struct nlmsghdr *msg);
/* The kernel's own words, or those of errno. Fit for a log line. */
void knl_refusal(const struct nlmsghdr *msg, int code, char err[KNL_ERROR_MAX]);

/* A datagram of the kernel's, into KNL_READ_MAX bytes; its length or -errno. */
int knl_receive(int fd, void *data);
/* Sends messages that stand one behind the other; 0 or -errno. */
int knl_send(int fd, const void *msgs, size_t len);

typedef void knl_fn(const struct nlmsghdr *msg, void *ctx);

/* Sends msg, hands each answer to fn (may be NULL) and waits for the end. The
 * request has NLM_F_ACK or NLM_F_DUMP. 0, or -errno and a line in err. -EINTR: a
 * dump was disturbed and may have missed something.
 */
int knl_talk(int fd, struct nlmsghdr *msg, knl_fn *fn, void *ctx,
	     char err[KNL_ERROR_MAX]);

/* -ENOENT: no such family. */
int knl_family(int fd, const char *name, const char *group,
	       struct knl_family *out, char err[KNL_ERROR_MAX]);

#endif /* KERN_NL_H */
