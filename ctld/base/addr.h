/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IPv4 or IPv6 address, and one with a port. Bytes are in network order, the
 * port in host order. `family` is AF_INET, AF_INET6 or 0: none.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct addr {
	uint8_t family;
	uint8_t b[16];
};

struct addr_port {
	struct addr addr;
	uint16_t port;
};

#define ADDR_STRLEN 64

static inline size_t addr_len(const struct addr *a)
{
	return a->family == AF_INET ? 4 : a->family == AF_INET6 ? 16 : 0;
}

bool addr_eq(const struct addr *a, const struct addr *b);
/* 0.0.0.0 or ::, which is no host's; or none. */
bool addr_is_any(const struct addr *a);
/* Is a in net/len? */
bool addr_in(const struct addr *a, const struct addr *net, unsigned int len);
/* Clears what lies behind the first len bits. */
void addr_mask(struct addr *a, unsigned int len);
/* 0 or -EINVAL. No host names. */
int addr_parse(const char *text, struct addr *a);
/* From 4 or 16 bytes; 0 or -EINVAL. */
int addr_from_bytes(const void *b, size_t len, struct addr *a);
struct addr addr_v4(uint32_t host_order);
uint32_t addr_to_v4(const struct addr *a);
const char *addr_str(const struct addr *a, char out[ADDR_STRLEN]);
/* "192.0.2.1:1701", "[2001:db8::1]:1701" */
const char *addr_port_str(const struct addr_port *a, char out[ADDR_STRLEN]);
/* Fills ss; returns its length. */
socklen_t addr_to_sockaddr(const struct addr_port *a,
			   struct sockaddr_storage *ss);
int addr_from_sockaddr(const struct sockaddr *sa, struct addr_port *a);

#define MAC_STRLEN 18
const char *mac_str(const uint8_t mac[6], char out[MAC_STRLEN]);

#endif /* BASE_ADDR_H */
