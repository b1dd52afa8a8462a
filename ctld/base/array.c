/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See array.h. */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void *array_grow(void *array, size_t *n, size_t size)
{
	char *p = realloc(array, (*n + 1) * size);

	if (!p)
		abort();
	memset(p + *n * size, 0, size);
	++*n;
	return p;
}
