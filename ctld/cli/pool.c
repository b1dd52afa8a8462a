/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit pool: pools of addresses and prefixes, as the daemon knows them. */
#include "cli/pool.h"

#include "cli/level.h"
#include "cli/link.h"

void pool_fields(struct cli *c, const struct nlattr *const *tb)
{
	struct out *o = &c->out;

	link_text(o, "pool", tb[CTL_A_LENGTH] ? "pool6 " : "pool ",
		  tb[CTL_A_NAME]);
	level_number(o, "length", " length ", tb[CTL_A_LENGTH]);
	link_text(o, "vrf", " vrf ", tb[CTL_A_VRF]);
	level_number(o, "size", " size ", tb[CTL_A_SIZE]);
	level_number(o, "used", " used ", tb[CTL_A_USED]);
	level_number(o, "resting", " resting ", tb[CTL_A_RESTING]);
	if (!c->brief) {
		level_number(o, "exhausted", " exhausted ",
			     tb[CTL_A_EXHAUSTED]);
		level_number(o, "refused", " refused ", tb[CTL_A_REFUSED]);
	}
	if (c->stats || o->json) {
		level_number(o, "returned", " returned ", tb[CTL_A_RETURNED]);
		level_number(o, "hurried", " hurried ", tb[CTL_A_HURRIED]);
	}
}

static void show_one(const struct nlattr *const *tb, void *user)
{
	struct cli *c = user;

	out_object(&c->out);
	pool_fields(c, tb);
	out_object_end(&c->out);
}

static int pool_show(struct cli *c, const struct command *cmd,
		     const struct args *args)
{
	return cli_hear_of(c, (uint16_t)cmd->value, arg_get(args, "name"),
			   show_one);
}

static const struct arg show_args[] = {
	{ .word = "name", .type = ARG_TEXT, .flags = ARG_BARE },
};

static const struct command commands[] = {
	{ "show", "list sh", "lists pools", ROWS(show_args), pool_show, true,
	  CTL_POOL_SHOW },
};

const struct object pool_object = {
	"pool",
	"pools of addresses and prefixes, in each VRF (daemon)",
	ROWS(commands),
};
