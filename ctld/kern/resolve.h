/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of host names, by c-ares on the loop: nothing waits. The part of the
 * port to the kernel that both of its implementations share. See kern_resolve.
 */
#ifndef KERN_RESOLVE_H
#define KERN_RESOLVE_H

#include "kern/kern.h"

int resolve_start(struct kern *k, const char *host, int family, uint32_t id);
/* All of them; nobody is told any more. */
void resolve_close(struct kern *k);

#endif /* KERN_RESOLVE_H */
