/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state file as memory: opened, locked, allocated, mapped; emptied when it is
 * of another boot, instance or format. Used by state/file only.
 *
 * So is a lasting one, of no boot, on a disk. Nobody waits for that: the kernel
 * writes its pages when it likes. Should the disk refuse a page, memory takes its
 * place. One that cannot be read is put aside, and one that cannot grow stays as large
 * as it was.
 */
#ifndef STATE_MAP_H
#define STATE_MAP_H

#include "state/block.h"

#include <signal.h>

#define STATE_MAP_ERROR_MAX 160

/* Which file, and what it is bound to. */
struct state_map_kind {
	const char *what; /* "state file" */
	uint64_t instance;
	bool lasting; /* of any boot, on a disk that may fail */
};

struct state_map {
	int fd;
	const char *what; /* for messages */
	bool lasting;
	size_t size;
	struct state_header *header;
	struct state_block *block;
	size_t n_blocks;
	/* Its disk has failed: what is written goes nowhere. */
	volatile sig_atomic_t broken;
};

/* 0, or -errno with a line in err. A file that is larger stays so. One that is
 * lasting stays where it is in memory, and is the only one.
 */
int state_map_open(struct state_map *m, const struct state_map_kind *kind,
		   const char *path, size_t n_blocks, int *fresh,
		   char err[STATE_MAP_ERROR_MAX]);
void state_map_close(struct state_map *m);

#endif /* STATE_MAP_H */
