/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments of commands: what may be given, and what was. A row of a command's
 * table names the word, the type and, where there is one, the netlink attribute;
 * parsing, help, completion and requests all come from it.
 */
#ifndef CLI_ARG_H
#define CLI_ARG_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARG_ERROR_MAX 256
#define ARGS_MAX 32

enum arg_type {
	ARG_FLAG, /* the word alone */
	ARG_ID, /* 1..65535 */
	ARG_U16,
	ARG_U32,
	ARG_U64,
	ARG_ON_OFF,
	ARG_WORDS, /* one of those in `what`, by its place: "no|yes" */
	ARG_DSCP, /* 0..63, or inherit */
	ARG_ADDR,
	ARG_PREFIX, /* address, or address/length */
	ARG_MAC,
	ARG_TEXT, /* up to ADIT_LABEL_MAX bytes */
	ARG_DEV,
	ARG_SESSION, /* TUNNEL/SESSION; SESSION where the tunnel is named */
	ARG_PPPOE, /* DEV/ID, DEV.OUTER/ID, DEV.OUTER.INNER/ID */
	ARG_CODEPOINT, /* 0..63 */
	ARG_RATE, /* bit/s; 10mbit, as tc has it */
	ARG_SIZE, /* bytes; 64k, as tc has it */
	ARG_TIME, /* ms; 100ms, 2s */
};

#define ARG_NEEDED 1
#define ARG_BARE 2 /* the word may be left out: "tunnel del 17" */
#define ARG_MANY 4 /* may be repeated */

struct arg {
	const char *word;
	enum arg_type type;
	uint16_t attr; /* of the request; 0: none of its own */
	uint16_t flags;
	const char *what; /* in help, for the value; NULL: by type */
};

/* How a link is spelled: "17/4242", "eth1/7", "eth1.100.7/3". */
struct link_name {
	bool pppoe;
	uint16_t tunnel_id; /* 0: not said */
	uint16_t session_id;
	uint32_t ifindex;
	uint16_t outer, inner; /* VLANs */
};

struct arg_value {
	const struct arg *arg;
	uint64_t u; /* numbers, flags, devices (ifindex), prefix length */
	const char *text;
	struct addr addr;
	uint8_t mac[6];
	struct link_name link;
};

struct args {
	size_t n;
	struct arg_value v[ARGS_MAX];
};

/* 0, or -1 with a line in err. */
int arg_parse(const struct arg *a, const char *text, struct arg_value *v,
	      char err[ARG_ERROR_MAX]);
/* The value's name in help texts, "" for a flag. */
const char *arg_what(const struct arg *a);
/* What was given for this word, or NULL. */
const struct arg_value *arg_get(const struct args *args, const char *word);

#endif /* CLI_ARG_H */
