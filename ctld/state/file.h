/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The restart memory: a memory-mapped file on tmpfs that survives the daemon. It
 * holds records, each named by a kind and a key, of any length up to
 * STATE_RECORD_MAX. A record is replaced in such a way that, wherever the daemon
 * is killed, either the old version or the new one is found, never a mixture;
 * each version carries a checksum. All memory is allocated when the file is
 * made, so that a full file system is met then and not later. Nothing here waits
 * for a disk.
 *
 * The file is bound to the boot and to the module's instance of the network
 * namespace: with another of either it is stale, and starts empty.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <stddef.h>
#include <stdint.h>

#define STATE_RECORD_MAX 16384
#define STATE_ERROR_MAX 160

enum state_kind {
	STATE_BOX = 1, /* one: cookie secret and the like */
	STATE_TUNNEL,
	STATE_SESSION,
	STATE_SUBSCRIBER,
	STATE_ENDED, /* tunnels and sessions, for a while */
	STATE_ORDERS, /* one: what the operator drained and shut down */
	STATE_COUNTED, /* one: what the system has counted */
	STATE_DEFINITION, /* of tunnels, by RADIUS, with their secrets */
	STATE_LOCKOUT, /* of destinations */
	STATE_ACCOUNTING, /* of the spool: an event; aaa/spool */
	STATE_RETURNED, /* to pools; bng/returned */
	STATE_SERVERS, /* that are dead, of RADIUS: 0, of accounting: 1 */
	STATE_OPENED, /* an endpoint or port; state/opened */
	STATE_PAST, /* subscribers of before; bng/past */
};

struct state_file;

/* Opens or makes it. *fresh: it starts empty. Only one process at a time: locked.
 * NULL, with a line in err.
 */
struct state_file *state_open(const char *path, uint64_t instance,
			      unsigned int max_tunnels,
			      unsigned int max_sessions, int *fresh,
			      char err[STATE_ERROR_MAX]);
/* One on a disk, of about `size` bytes, that outlives boots and instances: the
 * accounting spool. There is one at most. A disk that fails is told by state_put. NULL:
 * errno says why as well.
 */
struct state_file *state_open_spool(const char *path, size_t size, int *fresh,
				    char err[STATE_ERROR_MAX]);
/* The file stays. */
void state_close(struct state_file *sf);
/* 0, -E2BIG, or -ENOSPC: the old version stays. -EIO: nothing is kept any more. */
int state_put(struct state_file *sf, enum state_kind kind, uint64_t key,
	      const void *data, size_t len);
void state_del(struct state_file *sf, enum state_kind kind, uint64_t key);
/* Each record of a kind; fn may put and delete any. What it makes anew may be
 * told or not.
 */
void state_each(struct state_file *sf, enum state_kind kind,
		void (*fn)(void *ctx, uint64_t key, const void *data,
			   size_t len),
		void *ctx);
/* The instance was not known when the file was opened. */
void state_set_instance(struct state_file *sf, uint64_t instance);

#endif /* STATE_FILE_H */
