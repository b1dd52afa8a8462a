/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit: options, then a command, or a batch file of them, through the command
 * table. The table's rows lie with the objects; this is where they are put
 * together.
 */
#include "cli/batch.h"
#include "cli/cli.h"
#include "cli/destination.h"
#include "cli/device.h"
#include "cli/endpoint.h"
#include "cli/help.h"
#include "cli/monitor.h"
#include "cli/pool.h"
#include "cli/port.h"
#include "cli/pppoe.h"
#include "cli/punt.h"
#include "cli/radius.h"
#include "cli/session.h"
#include "cli/subscriber.h"
#include "cli/system.h"
#include "cli/tunnel.h"
#include "cli/underlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#ifndef ADIT_VERSION
#define ADIT_VERSION "0.1"
#endif

static const struct object *const objects[] = {
	&system_object,	    &destination_object, &endpoint_object,
	&tunnel_object,	    &session_object,	 &port_object,
	&pppoe_object,	    &underlay_object,	 &device_object,
	&subscriber_object, &monitor_object,	 &punt_object,
	&ration_object,	    &peer_object,	 &pool_object,
	&radius_object,
};

static const struct cmd_option options[] = {
	{ 'j', "-j", "-json", NULL, "JSON: an array of objects" },
	{ 'p', "-p", "-pretty", NULL, "JSON over several lines" },
	{ 's', "-s", "-statistics", NULL, "counters" },
	{ 'd', "-d", "-details", NULL, "more fields" },
	{ 'r', "-br", "-brief", NULL, "the fewest fields, one line" },
	{ 'o', "-o", "-oneline", NULL, "one line an object, \\ for new lines" },
	{ 't', "-t", "-timestamp", NULL, "monitor: time of each event" },
	{ 'c', "-c", "-color", "[=WHEN]", "colour: always, auto, never" },
	{ 'n', "-n", "-netns", "NAME", "in this network namespace" },
	{ 'S', "-S", "-socket", "PATH", "the daemon's socket" },
	{ 'b', "-b", "-batch", "FILE", "commands of a file, - for stdin" },
	{ 'f', "-force", "-force", NULL, "batch: go on after an error" },
	{ 'V', "-V", "-Version", NULL, "version" },
	{ 'h', "-h", "-help", NULL, "this text" },
};

static const struct cmd_table table = { ROWS(objects), ROWS(options) };

struct run {
	struct cli c;
	const char *batch;
	bool force;
	bool done; /* nothing is left to do */
};

/* ----------------------------------------------------------------- options */

static int set_netns(struct cli *c, const char *name)
{
	static const char *const dirs[] = { "/run/netns", "/var/run/netns" };
	char path[256];
	int fd = -1, rc;
	size_t i;

	if (!*name || strchr(name, '/'))
		return cli_error(c, "-n: the name of a network namespace is "
				    "wanted");
	for (i = 0; fd < 0 && i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[i], name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return cli_error(c, "network namespace \"%s\": %s", name,
				 errno == ENOENT ?
					 "there is none of this name" :
					 strerror(errno));
	rc = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	return rc ? cli_error(c, "network namespace \"%s\": %s", name,
			      strerror(rc)) :
		    CLI_OK;
}

static int set_color(struct cli *c, const char *when)
{
	if (!when || !strcmp(when, "always"))
		c->out.color = true;
	else if (!strcmp(when, "auto"))
		c->out.color = isatty(STDOUT_FILENO);
	else if (!strcmp(when, "never"))
		c->out.color = false;
	else
		return cli_error(c, "-color: always, auto or never");
	return CLI_OK;
}

static int set_option(struct run *r, char id, const char *value)
{
	struct cli *c = &r->c;

	switch (id) {
	case 'j':
		c->out.json = true;
		break;
	case 'p':
		c->out.pretty = true;
		break;
	case 's':
		c->stats++;
		break;
	case 'd':
		c->details = true;
		break;
	case 'r':
		c->brief = true;
		break;
	case 'o':
		c->out.oneline = true;
		break;
	case 't':
		c->timestamp = true;
		break;
	case 'c':
		return set_color(c, value);
	case 'n':
		return set_netns(c, value);
	case 'S':
		c->socket = value;
		c->socket_given = true;
		break;
	case 'b':
		r->batch = value;
		break;
	case 'f':
		r->force = true;
		break;
	case 'V':
		printf("adit %s\n", ADIT_VERSION);
		r->done = true;
		break;
	case 'h':
		help_print(&table, NULL, stdout);
		r->done = true;
		break;
	}
	return CLI_OK;
}

/* The index of the first word after them, or -1: it was complained of. */
static int parse_options(struct run *r, int argc, char **argv)
{
	char err[ARG_ERROR_MAX];
	int i;

	for (i = 1; i < argc && argv[i][0] == '-' && !r->done; i++) {
		const struct cmd_option *o;
		const char *value;
		bool wants;

		if (!strcmp(argv[i], "--"))
			return i + 1;
		o = cmd_option(&table, argv[i], &value, err);
		if (!o) {
			cli_error(&r->c, "%s", err);
			return -1;
		}
		wants = o->arg && o->arg[0] != '[';
		if (wants && !value)
			value = ++i < argc ? argv[i] : NULL;
		if ((wants && !value) || (!o->arg && value)) {
			cli_error(&r->c, "option %s %s", o->full,
				  wants ? "wants a value" : "takes no value");
			return -1;
		}
		if (set_option(r, o->id, value))
			return -1;
	}
	return i;
}

/* ---------------------------------------------------------------- commands */

static int run_words(void *user, int argc, char **argv)
{
	struct run *r = user;
	char err[ARG_ERROR_MAX];
	struct cmd_line line;

	if (argc < 0)
		return cli_error(&r->c, "an open quote, or too many words");
	if (argc > 0 && argv[0][0] == '-')
		return cli_error(&r->c, "options stand before the command, or "
					"before -batch");
	if (cmd_parse(&table, argc, argv, r->batch, &line, err))
		return cli_error(&r->c, "%s%s%s%s", err, " (try \"adit ",
				 line.object ? line.object->name : "",
				 line.object ? " help\")" : "help\")");
	if (!line.command) {
		help_print(&table, line.object, stdout);
		return CLI_OK;
	}
	if (line.command->shows)
		out_array(&r->c.out);
	return line.command->run(&r->c, line.command, &line.args);
}

static int run_batch(struct run *r)
{
	bool in = !strcmp(r->batch, "-");
	FILE *f = in ? stdin : fopen(r->batch, "re");
	int rc;

	if (!f)
		return cli_error(&r->c, "%s: %s", r->batch, strerror(errno));
	r->c.file = in ? "stdin" : r->batch;
	rc = batch_run(f, r->force, &r->c.line, run_words, r);
	if (!in)
		fclose(f);
	return rc;
}

int main(int argc, char **argv)
{
	static struct run r = { .c.socket = CTL_SOCKET };
	int at, rc;

	r.c.out.f = stdout;
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		help_complete(&table, argc - 2, argv + 2, stdout);
		return CLI_OK;
	}
	at = parse_options(&r, argc, argv);
	if (at < 0)
		return CLI_LOCAL;
	if (r.done)
		return CLI_OK;
	if (r.batch && at < argc)
		return cli_error(&r.c,
				 "a command and -batch exclude each other");
	if (r.batch) {
		rc = run_batch(&r);
	} else if (at == argc) {
		help_print(&table, NULL, stderr);
		rc = CLI_LOCAL;
	} else {
		rc = run_words(&r, argc - at, argv + at);
	}
	out_end(&r.c.out);
	cli_free(&r.c);
	if (ferror(stdout) || fflush(stdout))
		return cli_error(&r.c, "standard output: %s", strerror(errno));
	return rc;
}
