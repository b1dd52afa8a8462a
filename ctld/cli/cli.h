/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one run of the tool has: its options, its output, the module's socket and
 * the daemon's, both opened when first wanted. Errors go to standard error, one
 * line each, and become the exit status.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/cmd.h"
#include "cli/conn.h"
#include "cli/genl.h"
#include "cli/out.h"

enum cli_status {
	CLI_OK,
	CLI_LOCAL, /* usage, or not found here */
	CLI_REFUSED, /* by the kernel or the daemon */
};

struct cli {
	struct out out;
	int stats; /* -s: how often */
	bool details, brief, timestamp;
	bool socket_given; /* -S */
	const char *socket;
	struct genl *genl;
	struct conn *conn;
	/* Of a batch file: where errors are. */
	const char *file;
	unsigned int line;
};

void cli_free(struct cli *c);
/* One line: "adit: ...". Returns CLI_LOCAL. */
int cli_error(const struct cli *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* One line as it is. */
void cli_complain(const struct cli *c, const char *line);

/* A request to the module; NULL: it was complained of. */
struct nlmsghdr *cli_request(struct cli *c, uint8_t cmd, bool dump);
int cli_talk(struct cli *c, struct nlmsghdr *msg, genl_fn *fn, void *user);
/* A command's run: cmd->value is the netlink command, args its attributes. */
int cli_simple(struct cli *c, const struct command *cmd,
	       const struct args *args);

/* The same with the daemon. */
struct nlmsghdr *cli_ask(struct cli *c, uint16_t verb);
int cli_hear(struct cli *c, struct nlmsghdr *msg, conn_fn *fn, void *user);
/* All of them, or the one of that name; fn gets the cli. */
int cli_hear_of(struct cli *c, uint16_t verb, const struct arg_value *name,
		conn_fn *fn);

#endif /* CLI_CLI_H */
