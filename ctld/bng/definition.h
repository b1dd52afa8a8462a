/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Definitions of tunnels that RADIUS makes at run time, beside those of the
 * configuration: the same kind of object. Who asks for equal ones gets one; it lives
 * while a tunnel or a call uses it, over a restart too, and its secret with it.
 */
#ifndef BNG_DEFINITION_H
#define BNG_DEFINITION_H

#include "aaa/aaa.h"
#include "base/buf.h"
#include "base/hash.h"
#include "conf/conf.h"

#include <stdbool.h>
#include <sys/queue.h>

#define DEFINITION_TEXT_MAX 255
/* Most that definition_save writes. */
#define DEFINITION_RECORD_MAX (6 * (DEFINITION_TEXT_MAX + 1) + 48)

struct definition {
	struct conf_tunnel tunnel; /* tunnel.made is this object */
	const struct conf_tunnel *defaults;
	char name[28]; /* "radius:7" */
	uint64_t id;
	char *remote_name, *local_name, *secret;
	unsigned int users;
	struct hash_node by_value;
	struct hash_node by_id;
	TAILQ_ENTRY(definition) next;
};

struct definitions {
	const struct conf *conf;
	struct hash by_value;
	struct hash by_id;
	TAILQ_HEAD(definition_head, definition) all; /* the unused ones first */
	unsigned int n, max;
	uint64_t next_id;
	/* For the restart memory: there is a new one; one is given up. */
	void (*kept)(struct definitions *ds, const struct definition *d);
	void (*gone)(struct definitions *ds, const struct definition *d);
};

void definitions_init(struct definitions *ds, const struct conf *conf,
		      unsigned int max);
void definitions_free(struct definitions *ds);
/* That which an answer describes, perhaps a new one, unused as yet. NULL: *why says
 * why there is none.
 */
const struct conf_tunnel *definition_get(struct definitions *ds,
					 const struct aaa_tunnel *t,
					 const char **why);
/* Of any definition; those of the configuration need none. */
void definition_hold(struct definitions *ds, const struct conf_tunnel *ct);
void definition_put(struct definitions *ds, const struct conf_tunnel *ct);
/* Forgets those that nobody uses; when nobody can be looking at one. */
void definitions_reap(struct definitions *ds);
/* By its name; NULL: there is none. */
const struct conf_tunnel *definition_find(const struct definitions *ds,
					  const char *name);

/* Restart. Load: false, it makes no sense, or its defaults are gone. */
void definition_save(const struct definition *d, struct wr *w);
bool definition_load(struct definitions *ds, struct rd *r);

#endif /* BNG_DEFINITION_H */
