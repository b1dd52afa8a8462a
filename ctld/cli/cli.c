/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets on demand, errors as lines and exit statuses. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>

void cli_free(struct cli *c)
{
	genl_close(c->genl);
	conn_close(c->conn);
	c->genl = NULL;
	c->conn = NULL;
}

void cli_complain(const struct cli *c, const char *line)
{
	/* In order with what was printed before. */
	fflush(c->out.f);
	if (c->file)
		fprintf(stderr, "%s:%u: ", c->file, c->line);
	fprintf(stderr, "%s\n", line);
}

int cli_error(const struct cli *c, const char *fmt, ...)
{
	char line[512] = "adit: ";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + 6, sizeof(line) - 6, fmt, ap);
	va_end(ap);
	cli_complain(c, line);
	return CLI_LOCAL;
}

struct nlmsghdr *cli_request(struct cli *c, uint8_t cmd, bool dump)
{
	char err[GENL_ERROR_MAX];

	if (!c->genl)
		c->genl = genl_open(err);
	if (c->genl)
		return genl_request(c->genl, cmd, dump);
	cli_complain(c, err);
	return NULL;
}

int cli_talk(struct cli *c, struct nlmsghdr *msg, genl_fn *fn, void *user)
{
	char err[GENL_ERROR_MAX];

	if (!genl_talk(c->genl, msg, fn, user, err))
		return CLI_OK;
	cli_complain(c, err);
	return CLI_REFUSED;
}

int cli_simple(struct cli *c, const struct command *cmd,
	       const struct args *args)
{
	struct nlmsghdr *msg = cli_request(c, (uint8_t)cmd->value, false);

	if (!msg)
		return CLI_LOCAL;
	genl_put_args(msg, args);
	return cli_talk(c, msg, NULL, NULL);
}

struct nlmsghdr *cli_ask(struct cli *c, uint16_t verb)
{
	char err[CONN_ERROR_MAX];

	/* The daemon lets go of who is silent for long, and may be another one. */
	if (c->conn && conn_is_over(c->conn)) {
		conn_close(c->conn);
		c->conn = NULL;
	}
	if (!c->conn)
		c->conn = conn_open(c->socket, err);
	if (c->conn)
		return conn_request(c->conn, verb);
	cli_complain(c, err);
	return NULL;
}

int cli_hear(struct cli *c, struct nlmsghdr *msg, conn_fn *fn, void *user)
{
	char err[CONN_ERROR_MAX];

	if (!conn_talk(c->conn, msg, fn, user, err))
		return CLI_OK;
	cli_complain(c, err);
	/* It may be gone: the next command of a batch tries anew. */
	conn_close(c->conn);
	c->conn = NULL;
	return CLI_REFUSED;
}

int cli_hear_of(struct cli *c, uint16_t verb, const struct arg_value *name,
		conn_fn *fn)
{
	struct nlmsghdr *msg = cli_ask(c, verb);

	if (!msg)
		return CLI_LOCAL;
	if (name)
		mnl_attr_put_strz(msg, CTL_A_NAME, name->text);
	return cli_hear(c, msg, fn, c);
}
