/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that configuration lets grow. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/* One element of that size more, zeroed, and the count of them; the array may have
 * moved. Without memory the daemon ends.
 */
void *array_grow(void *array, size_t *n, size_t size);

#endif /* BASE_ARRAY_H */
