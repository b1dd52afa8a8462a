/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where subscribers are: VRFs, the devices that profiles have in them, and pools,
 * each VRF's by itself, so that two VRFs may lend one address, and no two pools of one
 * VRF. What the configuration names is made at start-up, and what only a grant names
 * when it is needed.
 */
#ifndef BNG_NETWORK_H
#define BNG_NETWORK_H

#include "bng/fib.h"
#include "bng/returned.h"
#include "conf/conf.h"
#include "kern/kern.h"
#include "pool/pool.h"

#include <net/if.h>
#include <stdbool.h>
#include <sys/queue.h>

struct vrf {
	SLIST_ENTRY(vrf) next;
	char name[IFNAMSIZ];
	uint32_t ifindex, table;
	bool gone; /* there is none, until there is one of that name again */
};

/* A pool of the configuration, as it is in a VRF (NULL: in none). */
struct network_pool {
	const struct conf_pool *conf;
	const struct vrf *vrf;
	struct pool *pool;
	uint32_t tag; /* returned_pool */
	uint32_t ifindex; /* of the device that its prefixes lead to */
	bool routed; /* they do */
	struct fib_list *routes;
};

/* What profiles terminate on: a device of theirs in a VRF. */
struct network_device {
	const char *of; /* the name that they say */
	const struct vrf *vrf;
	char name[IFNAMSIZ];
	uint32_t ifindex;
};

struct network {
	const struct conf *conf;
	struct kern *kern;
	bool has_data_path; /* plain sockets have none: no devices, no routes */
	SLIST_HEAD(, vrf) vrfs;
	msec_t vrfs_at; /* when they were looked for last, at run time */
	struct network_pool *pools;
	size_t n_pools;
	struct network_device *devices;
	size_t n_devices;
	struct pool *own; /* numbers of devices that one subscriber has */
	struct fib fib;
};

void network_init(struct network *n, const struct conf *conf, struct kern *k);
/* 0, or -1 with a line in err. */
int network_open(struct network *n, char err[CONF_ERROR_MAX]);
/* Frees; the kernel's objects stay. */
void network_close(struct network *n);

/* NULL: there is none of that name. */
const struct vrf *network_vrf(const struct network *n, const char *name);
/* The same of RADIUS's: JUNOSe's "default" is none, unless there is one of that name.
 * False: there is none of that name, or not any more.
 */
bool network_named_vrf(const struct network *n, const char *name,
		       const struct vrf **vrf);
/* At run time: the kernel is asked for one that is not known, though not all the time. */
void network_look_for_vrf(struct network *n, const char *name, msec_t now);
/* One that has gone since, each once; NULL: none. */
const struct vrf *network_vrf_gone(struct network *n);
/* Nobody is in it any more: its devices go, its pools stay for when it comes again. */
void network_leave(struct network *n, const struct vrf *vrf);
static inline uint32_t network_table(const struct vrf *vrf)
{
	return vrf ? vrf->table : 0;
}

/* The device of the profile there, which is made if there is none. NULL: no
 * memory.
 */
const struct network_device *network_device(struct network *n,
					    const struct conf_profile *f,
					    const struct vrf *vrf);
/* A pool there, with what leads to it by way of the profile's device. NULL: no
 * memory, or it overlaps another one there.
 */
struct pool *network_pool(struct network *n, const struct conf_pool *p,
			  const struct conf_profile *f, const struct vrf *vrf);
/* The pool there that has the address in it, whosever it is; NULL: none. */
struct network_pool *network_pool_of(const struct network *n,
				     const struct vrf *vrf,
				     const struct addr *a);

/* A pool there, with nothing that leads to it; in a VRF that only grants name it is
 * made. NULL: as above.
 */
struct pool *network_pool_there(struct network *n, const struct conf_pool *p,
				const struct vrf *vrf);

/* A device for one subscriber: its index, by number. 0: no number is left. */
uint32_t network_own(struct network *n);
uint32_t network_own_index(uint32_t number);
/* Restart: this index has been one's. The number, or 0: it is none, or taken. */
uint32_t network_own_take(struct network *n, uint32_t ifindex);
void network_own_drop(struct network *n, uint32_t number, msec_t now);
/* Start-up, after all are taken: devices and routes of before that are nobody's. */
void network_sweep(struct network *n);

#endif /* BNG_NETWORK_H */
