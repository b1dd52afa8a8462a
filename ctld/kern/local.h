/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of this machine's own, of all devices and routing domains of the
 * namespace, kept up to date by rtnetlink's events. Opening waits for the first
 * list; nothing waits later.
 */
#ifndef KERN_LOCAL_H
#define KERN_LOCAL_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>

struct ev_loop;
struct local;

#define LOCAL_ERROR_MAX 160

/* NULL, with a line in err. */
struct local *local_open(struct ev_loop *loop, char err[LOCAL_ERROR_MAX]);
void local_close(struct local *l);
/* All of 127.0.0.0/8 is ours as well. */
bool local_has(const struct local *l, const struct addr *a);

/* What came from the kernel: messages of `len` bytes. */
void local_input(struct local *l, const void *data, size_t len);

#endif /* KERN_LOCAL_H */
