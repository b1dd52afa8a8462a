/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tags of PPPoE discovery (RFC 2516 appendix A). */
#ifndef PPPOE_TAG_H
#define PPPOE_TAG_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum pppoe_tag_type {
	PPPOE_TAG_END = 0x0000,
	PPPOE_TAG_SERVICE_NAME = 0x0101,
	PPPOE_TAG_AC_NAME = 0x0102,
	PPPOE_TAG_HOST_UNIQ = 0x0103,
	PPPOE_TAG_AC_COOKIE = 0x0104,
	PPPOE_TAG_VENDOR = 0x0105,
	PPPOE_TAG_RELAY_SESSION_ID = 0x0110,
	PPPOE_TAG_MAX_PAYLOAD = 0x0120, /* RFC 4638 */
	PPPOE_TAG_SERVICE_NAME_ERROR = 0x0201,
	PPPOE_TAG_AC_SYSTEM_ERROR = 0x0202,
	PPPOE_TAG_GENERIC_ERROR = 0x0203,
};

struct pppoe_tag {
	const uint8_t *b; /* in the frame; NULL: absent */
	uint16_t len;
};

/* Those that a concentrator looks at; of one that comes twice, the first;
 * of the line the last: the access node adds its own behind what the client says.
 */
struct pppoe_tags {
	struct pppoe_tag service;
	struct pppoe_tag ac_name;
	struct pppoe_tag host_uniq;
	struct pppoe_tag cookie;
	struct pppoe_tag relay;
	struct pppoe_tag max_payload;
	struct pppoe_tag line; /* the Broadband Forum's, of all vendors' */
};

/* 0, or -EINVAL: a tag is longer than the frame. Unknown tags are skipped. */
int pppoe_tags_parse(struct pppoe_tags *t, struct rd *r);
void pppoe_tag_put(struct wr *w, uint16_t type, const void *b, size_t len);
/* Gives a tag back as it came, if it came. */
void pppoe_tag_echo(struct wr *w, uint16_t type, const struct pppoe_tag *t);
/* A vendor's, and the vendor is the Broadband Forum: pppoe/vendor reads it. */
bool pppoe_tag_is_line(const struct pppoe_tag *t);
bool pppoe_tag_is(const struct pppoe_tag *t, const char *text);

#endif /* PPPOE_TAG_H */
