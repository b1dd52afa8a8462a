/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the text of a value to its type. A setter stores into an object and
 * returns NULL, or says what it expected.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include "conf/conf.h"
#include "conf/error.h"

#include <stddef.h>
#include <sys/queue.h>

#define CONF_EXPECTED_MAX 240
#define CONF_SERVICES_MAX 16

/* A name of another object, looked up when all are known. */
struct conf_ref {
	STAILQ_ENTRY(conf_ref) next;
	const char *to; /* kind of what is named */
	const char *name;
	const char *option;
	unsigned int line;
	void **where;
};

struct conf_loading {
	struct conf *conf;
	struct conf_errors *errors;
	const char *path; /* of the file; secret files are relative to it */
	unsigned int line; /* of the value */
	bool secrets; /* there are some in the file itself */
	STAILQ_HEAD(, conf_ref) refs;
	char expected[CONF_EXPECTED_MAX];
};

struct conf_option {
	const char *name;
	const char *(*set)(struct conf_loading *l, const struct conf_option *o,
			   void *object, const char *const *text, size_t n);
	size_t offset; /* in the object */
	long min, max; /* of a number, or of the length of a text */
	const char *def; /* as it would be written; NULL: none */
	const char *to; /* reference: kind; choice: words, one blank between */
	bool list;
	bool required;
	bool hidden; /* never shown */
};

#define CONF_SETTER(name)                                                     \
	const char *name(struct conf_loading *l, const struct conf_option *o, \
			 void *object, const char *const *text, size_t n)

CONF_SETTER(set_uint); /* unsigned int */
CONF_SETTER(set_u16);
CONF_SETTER(set_u32); /* any; 0x... too */
CONF_SETTER(set_mss); /* uint16_t, as in struct kern_ip */
CONF_SETTER(set_bool);
CONF_SETTER(set_proxy); /* enum conf_proxy; a bool too */
CONF_SETTER(set_host_proxy); /* the same, up to o->max, or "profile" */
CONF_SETTER(set_dscp); /* uint8_t: a number, or ADIT_DSCP_INHERIT */
CONF_SETTER(set_full_result); /* uint16_t: of a CDN for want of room */
CONF_SETTER(set_choice); /* int: the index in o->to */
CONF_SETTER(set_name); /* letters, digits, '.', '_', '-' */
CONF_SETTER(set_domain);
CONF_SETTER(set_text); /* printable ASCII */
CONF_SETTER(set_host); /* the same, no blanks */
CONF_SETTER(set_path); /* absolute */
CONF_SETTER(set_device);
CONF_SETTER(set_secret);
CONF_SETTER(set_secret_file);
CONF_SETTER(set_addr); /* of one host */
CONF_SETTER(set_addr_or_any); /* or 0.0.0.0, :: */
CONF_SETTER(set_radius_address); /* of a struct conf_radius_server */
CONF_SETTER(set_addr4);
CONF_SETTER(set_addr6);
CONF_SETTER(set_ref);
CONF_SETTER(set_refs); /* up to o->max of them */
CONF_SETTER(set_pool_ranges); /* of a struct conf_pool */
CONF_SETTER(set_pool_prefix);
CONF_SETTER(set_pool6_prefix); /* of a struct conf_pool6 */
CONF_SETTER(set_net); /* of a struct conf_destination */
CONF_SETTER(set_client_net); /* of a struct conf_dae_client */
CONF_SETTER(set_servers); /* two struct addr */
CONF_SETTER(set_servers6);
CONF_SETTER(set_network); /* uint8_t: PPP_IPV4, PPP_IPV6 */
CONF_SETTER(set_auth); /* of a struct conf_profile */
CONF_SETTER(set_vlans); /* of a struct conf_vlans */
CONF_SETTER(set_services); /* of a struct conf_port */
CONF_SETTER(set_pado); /* the same */
CONF_SETTER(set_calling); /* struct conf_calling */
CONF_SETTER(set_dictionaries); /* of the configuration; files */
CONF_SETTER(set_attributes); /* struct radius_extra *: NAME=VALUE */
CONF_SETTER(set_left_out); /* the same: names */
CONF_SETTER(set_texts); /* const char *const *, NULL-ended */
CONF_SETTER(set_domains); /* the same, each as of set_domain */

#endif /* CONF_VALUE_H */
