/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names, types and values of RADIUS attributes, from dictionaries as radcli reads them.
 * They are for what people write and read: no packet is taken apart by them.
 */
#ifndef AAA_DICTIONARY_H
#define AAA_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DICTIONARY_ERROR_MAX 320
#define DICTIONARY_NAME_MAX 32

/* By radcli's numbers. */
enum dictionary_type {
	DICTIONARY_STRING,
	DICTIONARY_INTEGER,
	DICTIONARY_IPADDR,
	DICTIONARY_DATE,
	DICTIONARY_IPV6ADDR,
	DICTIONARY_IPV6PREFIX,
};

struct dictionary_attribute {
	const char *name;
	uint32_t vendor; /* 0: none */
	uint8_t number;
	enum dictionary_type type;
};

struct dictionary;

/* With what the daemon itself has, ctld/share/radius. NULL: no memory. */
struct dictionary *dictionary_new(void);
void dictionary_free(struct dictionary *d);
/* A file more; what it names anew is as it says. 0, or -EINVAL with FILE:LINE: and
 * what is wrong.
 */
int dictionary_read(struct dictionary *d, const char *path,
		    char err[DICTIONARY_ERROR_MAX]);

/* False: no dictionary has it. Case does not matter. */
bool dictionary_find(const struct dictionary *d, const char *name,
		     struct dictionary_attribute *out);
/* The number of a value's name. */
bool dictionary_value(const struct dictionary *d, const char *attribute,
		      const char *name, uint32_t *out);
/* "User-Name", or numbers: "26.4874.250". d may be NULL. */
const char *dictionary_name(const struct dictionary *d, uint32_t vendor,
			    uint8_t number, char out[DICTIONARY_NAME_MAX + 1]);

#endif /* AAA_DICTIONARY_H */
