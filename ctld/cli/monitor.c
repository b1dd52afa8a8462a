/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit monitor: what happens, a line (-j: an object) each, from the module's
 * multicast group and from the daemon's socket, until interrupted.
 */
#include "cli/monitor.h"

#include "cli/destination.h"
#include "cli/endpoint.h"
#include "cli/level.h"
#include "cli/link.h"
#include "cli/port.h"
#include "cli/pppoe.h"
#include "cli/session.h"
#include "cli/subscriber.h"
#include "cli/tunnel.h"
#include "cli/underlay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define BIT(what) (1u << MONITOR_##what)
/* Whose events the daemon has alone, and whose it has among others. */
#define DAEMON_ALONE (BIT(SUBSCRIBER) | BIT(DESTINATION) | BIT(SYSTEM))
#define DAEMON_WANTED (DAEMON_ALONE | BIT(TUNNEL) | BIT(SESSION))
#define MODULE_WANTED (~DAEMON_ALONE)

static const struct event {
	uint8_t cmd;
	enum monitor_what what;
	const char *event, *object;
	void (*fields)(struct cli *c, const struct nlattr *const *tb);
} events[] = {
	{ ADIT_CMD_TUNNEL_NEW, MONITOR_TUNNEL, "new", "tunnel", tunnel_fields },
	{ ADIT_CMD_TUNNEL_SET, MONITOR_TUNNEL, "set", "tunnel", tunnel_fields },
	{ ADIT_CMD_TUNNEL_DEL, MONITOR_TUNNEL, "del", "tunnel", tunnel_fields },
	{ ADIT_CMD_SESSION_NEW, MONITOR_SESSION, "new", "session",
	  session_fields },
	{ ADIT_CMD_SESSION_SET, MONITOR_SESSION, "set", "session",
	  session_fields },
	{ ADIT_CMD_SESSION_DEL, MONITOR_SESSION, "del", "session",
	  session_fields },
	{ ADIT_CMD_PPPOE_NEW, MONITOR_PPPOE, "new", "pppoe", pppoe_fields },
	{ ADIT_CMD_PPPOE_SET, MONITOR_PPPOE, "set", "pppoe", pppoe_fields },
	{ ADIT_CMD_PPPOE_DEL, MONITOR_PPPOE, "del", "pppoe", pppoe_fields },
	{ ADIT_CMD_ENDPOINT_NEW, MONITOR_ENDPOINT, "new", "endpoint",
	  endpoint_fields },
	{ ADIT_CMD_ENDPOINT_DEL, MONITOR_ENDPOINT, "del", "endpoint",
	  endpoint_fields },
	{ ADIT_CMD_PORT_NEW, MONITOR_PORT, "new", "port", port_fields },
	{ ADIT_CMD_PORT_DEL, MONITOR_PORT, "del", "port", port_fields },
	{ ADIT_CMD_UNDERLAY_NEW, MONITOR_PORT, "new", "underlay",
	  underlay_fields },
	{ ADIT_CMD_UNDERLAY_DEL, MONITOR_PORT, "del", "underlay",
	  underlay_fields },
};

/* What stands before an event: its time (-t), what happened to what. */
static void begin(struct cli *c, const char *event, const char *object)
{
	struct timeval now;
	char text[64];
	size_t n;

	out_object(&c->out);
	if (c->timestamp) {
		gettimeofday(&now, NULL);
		n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S",
			     localtime(&now.tv_sec));
		snprintf(text + n, sizeof(text) - n, ".%06ld",
			 (long)now.tv_usec);
		out_field(&c->out, "timestamp", "[", out_word(text));
		out_puts(&c->out, "] ");
	}
	out_field(&c->out, "event", "", out_text(event, strlen(event)));
	out_field(&c->out, "object", NULL, out_word(object));
	out_puts(&c->out, " ");
}

static void end(struct cli *c)
{
	out_object_end(&c->out);
	fflush(c->out.f);
}

void monitor_event(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct monitor *m = user;
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		const struct event *e = &events[i];

		if (e->cmd != cmd || !(m->wanted & 1u << e->what))
			continue;
		link_forget_names();
		begin(m->c, e->event, e->object);
		e->fields(m->c, tb);
		end(m->c);
	}
}

/* An order may be to all tunnels of a definition. */
static void of_tunnel(struct cli *c, const struct nlattr *const *tb)
{
	if (tb[CTL_A_TUNNEL_ID])
		level_tunnel_fields(c, tb);
	else
		link_text(&c->out, "definition", "tunnel definition ",
			  tb[CTL_A_PEER]);
}

static void of_system(struct cli *c, const struct nlattr *const *tb)
{
	(void)tb;
	out_puts(&c->out, "system");
}

static const struct daemon_event {
	const char *object;
	enum monitor_what what;
	void (*fields)(struct cli *c, const struct nlattr *const *tb);
} daemon_events[] = {
	{ "subscriber", MONITOR_SUBSCRIBER, subscriber_fields },
	{ "tunnel", MONITOR_TUNNEL, of_tunnel },
	{ "session", MONITOR_SESSION, level_session_fields },
	{ "destination", MONITOR_DESTINATION, destination_fields },
	{ "system", MONITOR_SYSTEM, of_system },
};

void monitor_daemon_event(const struct nlattr *const *tb, void *user)
{
	const char *object = tb[CTL_A_OBJECT] ?
				     mnl_attr_get_str(tb[CTL_A_OBJECT]) :
				     "subscriber";
	struct monitor *m = user;
	size_t i;

	if (!tb[CTL_A_EVENT])
		return;
	for (i = 0; i < sizeof(daemon_events) / sizeof(*daemon_events); i++) {
		const struct daemon_event *e = &daemon_events[i];

		if (strcmp(e->object, object) || !(m->wanted & 1u << e->what))
			continue;
		begin(m->c, mnl_attr_get_str(tb[CTL_A_EVENT]), e->object);
		e->fields(m->c, tb);
		end(m->c);
	}
}

/* Both sources, as wanted; a daemon that was not named may be missing. */
static int join(struct cli *c, unsigned int wanted)
{
	char err[CONN_ERROR_MAX] = "";
	bool must = c->socket_given || !(wanted & MODULE_WANTED);

	if ((wanted & MODULE_WANTED) &&
	    (!cli_request(c, 0, false) || genl_join(c->genl, err))) {
		if (err[0])
			cli_complain(c, err);
		return CLI_LOCAL;
	}
	if (!(wanted & DAEMON_WANTED))
		return CLI_OK;
	err[0] = 0;
	if (!c->conn)
		c->conn = conn_open(c->socket, err);
	if (c->conn &&
	    conn_send(c->conn, conn_request(c->conn, CTL_MONITOR), err)) {
		conn_close(c->conn);
		c->conn = NULL;
	}
	if (c->conn || !must)
		return CLI_OK;
	cli_complain(c, err);
	return CLI_LOCAL;
}

static int read_module(struct monitor *m)
{
	int rc = genl_events(m->c->genl, monitor_event, m);

	if (!rc)
		return CLI_OK;
	if (rc == -ENOBUFS)
		cli_error(m->c, "monitor: events were lost");
	else
		cli_error(m->c, "monitor: netlink: %s", strerror(-rc));
	return rc == -ENOBUFS ? CLI_OK : CLI_REFUSED;
}

/* The daemon may leave; the module's events go on. */
static int read_daemon(struct monitor *m, bool alone)
{
	char err[CONN_ERROR_MAX] = "adit: the daemon refused to be watched";

	if (conn_read(m->c->conn, monitor_daemon_event, m, err) > 0)
		return CLI_OK;
	cli_complain(m->c, err);
	conn_close(m->c->conn);
	m->c->conn = NULL;
	return alone ? CLI_REFUSED : CLI_OK;
}

static int monitor_run(struct cli *c, const struct command *cmd,
		       const struct args *args)
{
	struct monitor m = { .c = c, .wanted = cmd->value };
	bool module = m.wanted & MODULE_WANTED;
	int rc = join(c, m.wanted);

	(void)args;
	c->out.lines = true;
	while (!rc && !ferror(c->out.f)) {
		struct pollfd fd[2] = {
			{ module ? genl_fd(c->genl) : -1, POLLIN, 0 },
			{ c->conn ? conn_fd(c->conn) : -1, POLLIN, 0 },
		};

		if (poll(fd, 2, -1) < 0) {
			if (errno != EINTR)
				rc = cli_error(c, "poll: %s", strerror(errno));
			continue;
		}
		if (fd[0].revents)
			rc = read_module(&m);
		if (!rc && fd[1].revents)
			rc = read_daemon(&m, !module);
	}
	return rc;
}

static const struct command commands[] = {
	{ "all", NULL, "all of what follows, endpoints and ports", NULL, 0,
	  monitor_run, false, ~0u },
	{ "system", NULL, "orders to the system (daemon)", NULL, 0, monitor_run,
	  false, 1u << MONITOR_SYSTEM },
	{ "destination", NULL, "destinations up, down, ordered (daemon)", NULL,
	  0, monitor_run, false, 1u << MONITOR_DESTINATION },
	{ "tunnel", NULL, "tunnels made, changed, removed; up, down, ordered",
	  NULL, 0, monitor_run, false, 1u << MONITOR_TUNNEL },
	{ "session", NULL, "sessions made, changed or bound, removed; ordered",
	  NULL, 0, monitor_run, false, 1u << MONITOR_SESSION },
	{ "pppoe", NULL, "PPPoE sessions made, bound, removed", NULL, 0,
	  monitor_run, false, 1u << MONITOR_PPPOE },
	{ "subscriber", NULL, "subscribers up and down (daemon)", NULL, 0,
	  monitor_run, false, 1u << MONITOR_SUBSCRIBER },
};

const struct object monitor_object = {
	"monitor",
	"what happens, as it happens (module and daemon)",
	ROWS(commands),
};
