/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an access node says of the client's line in the Vendor-Specific tag of PADI
 * and PADR (TR-101 3.9.1, 3.9.4; RFC 2516 appendix A).
 */
#ifndef PPPOE_VENDOR_H
#define PPPOE_VENDOR_H

#include "base/line.h"
#include "pppoe/tag.h"

/* What a tag (pppoe_tag_is_line) says goes into l. How many of its items made no sense: they are
 * left out, and unknown ones are skipped.
 */
unsigned int pppoe_vendor_read(struct line *l, const struct pppoe_tag *t);

#endif /* PPPOE_VENDOR_H */
