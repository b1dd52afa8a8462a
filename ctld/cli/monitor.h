/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit monitor: see adit(8). */
#ifndef CLI_MONITOR_H
#define CLI_MONITOR_H

#include "cli/cli.h"

extern const struct object monitor_object;
/* One event of the module's, as a line; for tests, too. `user` is a struct
 * monitor.
 */
struct monitor {
	struct cli *c;
	unsigned int wanted; /* 1 << enum monitor_what */
};
enum monitor_what {
	MONITOR_TUNNEL,
	MONITOR_SESSION,
	MONITOR_PPPOE,
	MONITOR_ENDPOINT,
	MONITOR_PORT,
	MONITOR_SUBSCRIBER,
	MONITOR_DESTINATION,
	MONITOR_SYSTEM,
};
void monitor_event(const struct nlattr *const *tb, uint8_t cmd, void *user);
/* One of the daemon's. */
void monitor_daemon_event(const struct nlattr *const *tb, void *user);

#endif /* CLI_MONITOR_H */
