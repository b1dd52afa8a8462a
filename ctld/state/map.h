/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state file as memory: opened, locked, allocated, mapped; emptied when it is
 * of another boot, instance or format. Used by state/file only.
 */
#ifndef STATE_MAP_H
#define STATE_MAP_H

#include "state/block.h"

#define STATE_MAP_ERROR_MAX 160

struct state_map {
	int fd;
	size_t size;
	struct state_header *header;
	struct state_block *block;
	size_t n_blocks;
};

/* 0, or -errno with a line in err. A file that is larger stays so. */
int state_map_open(struct state_map *m, const char *path, uint64_t instance,
		   size_t n_blocks, int *fresh, char err[STATE_MAP_ERROR_MAX]);
void state_map_close(struct state_map *m);

#endif /* STATE_MAP_H */
