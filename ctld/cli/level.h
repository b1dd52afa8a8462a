/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The levels as the daemon sees them: its view of tunnels and sessions, which is
 * shown beside the module's where the daemon runs, and orders to a level.
 */
#ifndef CLI_LEVEL_H
#define CLI_LEVEL_H

#include "cli/cli.h"

struct level_view;

/* Whether to ask the daemon as well: it was named, or its socket is there. */
bool level_daemon(const struct cli *c);
/* What the daemon says to this verb, by id (`attr` of the records); tunnel_id and
 * session_id narrow it, if not 0. NULL: it was complained of.
 */
struct level_view *level_view(struct cli *c, uint16_t verb, uint16_t attr,
			      uint16_t tunnel_id, uint16_t session_id);
void level_view_free(struct level_view *v);
/* The record of that id, marked as printed; false: there is none, or v is NULL. */
bool level_view_take(struct level_view *v, uint16_t id,
		     const struct nlattr *tb[CTL_A_MAX + 1]);
bool level_view_has(const struct level_view *v, uint16_t id);
/* Each of those that are not printed yet, by id. */
void level_view_rest(struct level_view *v, conn_fn *fn, void *user);

/* The daemon's fields of a tunnel or session that the module has. */
void level_fields(struct cli *c, const struct nlattr *const *tb);
/* All of one: of the daemon's only, or that has ended. */
void level_tunnel_fields(struct cli *c, const struct nlattr *const *tb);
void level_session_fields(struct cli *c, const struct nlattr *const *tb);
/* State, if it is not enabled; -d: in any case. */
void level_admin_fields(struct cli *c, const struct nlattr *const *tb);
/* "total 5 active 3 failed 1 auth-errors 0" under a key. */
void level_tally(struct cli *c, const char *key, const char *label,
		 const struct nlattr *a, bool auth_errors);
void level_number(struct out *o, const char *key, const char *label,
		  const struct nlattr *a);

/* "show ended": what the daemon remembers. */
int level_show_ended(struct cli *c, uint16_t verb, uint16_t tunnel_id,
		     uint16_t session_id, conn_fn *fn, void *user);

/* An order to a level: the command's verb says which; fill names the level. */
int level_order(struct cli *c, const struct command *cmd,
		void (*fill)(struct nlmsghdr *msg, const struct args *args),
		const struct args *args);

#define LEVEL_ORDERS(args, fn, verb)                                          \
	{ "drain", NULL, "nothing new there, what is there stays", args, fn,  \
	  false,   verb },                                                    \
		{ "shutdown", NULL, "closes what is there, nothing new",      \
		  args,	      fn,   false,                                    \
		  verb },                                                     \
	{                                                                     \
		"enable", NULL, "undoes drain and shutdown", args, fn, false, \
			verb                                                  \
	}

#endif /* CLI_LEVEL_H */
