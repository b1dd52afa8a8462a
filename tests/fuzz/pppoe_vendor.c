// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Broadband Forum's tag under any bytes: what is read of it can be kept over a
 * restart, and comes back as it was.
 */
#include "pppoe/vendor.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line line = { 0 }, again;
	uint8_t record[LINE_RECORD_MAX];
	struct wr w = wr_make(record, sizeof(record));
	struct pppoe_tag tag = { .len = (uint16_t)size };
	uint8_t *copy;
	struct rd r;

	if (!size || size > UINT16_MAX)
		return 0;
	copy = malloc(size); /* so that a byte too many is seen */
	if (!copy)
		abort();
	memcpy(copy, data, size);
	tag.b = copy;
	if (pppoe_tag_is_line(&tag))
		(void)pppoe_vendor_read(&line, &tag);
	free(copy);
	line_save(&line, &w);
	r = rd_make(record, wr_len(&w));
	if (w.err || !line_load(&again, &r) || rd_left(&r) ||
	    memcmp(&line, &again, sizeof(line)))
		abort();
	/* And a record of any bytes is no harm. */
	r = rd_make(data, size);
	(void)line_load(&again, &r);
	return 0;
}
