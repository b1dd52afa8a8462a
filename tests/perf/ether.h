/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE frames on the wire, from the Ethernet header on: RFC 2516 4, 5, its tags.
 * Written apart from ctld/pppoe. Pure: no state, no I/O.
 */
#ifndef PERF_ETHER_H
#define PERF_ETHER_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETHER_MAX 1514
#define ETHER_ADDR 6

enum ether_code {
	ETHER_SESSION = 0,
	ETHER_PADI = 0x09,
	ETHER_PADO = 0x07,
	ETHER_PADR = 0x19,
	ETHER_PADS = 0x65,
	ETHER_PADT = 0xa7,
};

enum ether_tag {
	ETHER_SERVICE = 0x0101,
	ETHER_AC_NAME = 0x0102,
	ETHER_HOST_UNIQ = 0x0103,
	ETHER_COOKIE = 0x0104,
	ETHER_VENDOR = 0x0105,
	ETHER_RELAY_ID = 0x0110,
	ETHER_SERVICE_ERROR = 0x0201,
	ETHER_AC_ERROR = 0x0202,
	ETHER_GENERIC_ERROR = 0x0203,
};

struct ether_frame {
	const uint8_t *to, *from;
	uint8_t code; /* ETHER_SESSION: a frame of PPP */
	uint16_t session;
	const uint8_t *payload;
	size_t len;
};

/* 0, or -1: malformed, or not of PPPoE. */
int ether_parse(struct ether_frame *f, const void *data, size_t len);
/* What is in a tag of a discovery frame; NULL: it has none, or they are malformed. */
const uint8_t *ether_find(const struct ether_frame *f, enum ether_tag type,
			  size_t *len);

void ether_begin(struct wr *w, const uint8_t to[ETHER_ADDR],
		 const uint8_t from[ETHER_ADDR], enum ether_code code,
		 uint16_t session);
void ether_put(struct wr *w, enum ether_tag type, const void *p, size_t len);
/* Its length; 0: it did not fit. */
size_t ether_end(struct wr *w);

#endif /* PERF_ETHER_H */
