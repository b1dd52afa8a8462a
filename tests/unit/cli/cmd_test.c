// SPDX-License-Identifier: GPL-2.0-or-later
/* Words to rows of the command table: prefixes, slips, values, completion. */
#include "cli/endpoint.h"
#include "cli/batch.h"
#include "cli/help.h"
#include "cli/monitor.h"
#include "cli/pppoe.h"
#include "cli/session.h"
#include "cli/subscriber.h"
#include "cli/system.h"
#include "cli/tunnel.h"

#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct object *const objects[] = {
	&system_object, &endpoint_object,   &tunnel_object,  &session_object,
	&pppoe_object,	&subscriber_object, &monitor_object,
};

static const struct cmd_option options[] = {
	{ 'j', "-j", "-json", NULL, "" },
	{ 'b', "-b", "-batch", "FILE", "" },
	{ 'r', "-br", "-brief", NULL, "" },
	{ 'c', "-c", "-color", "[=WHEN]", "" },
};

static const struct cmd_table table = { ROWS(objects), ROWS(options) };
static struct cmd_line line;
static char err[ARG_ERROR_MAX];

static int parse(const char *text, bool exact)
{
	static char copy[256];
	static char *words[BATCH_WORDS_MAX];
	int n;

	snprintf(copy, sizeof(copy), "%s", text);
	n = batch_split(copy, words);
	err[0] = 0;
	return cmd_parse(&table, n, words, exact, &line, err);
}

static void is(const char *text, const char *object, const char *verb)
{
	assert_int_equal(parse(text, false), 0);
	assert_string_equal(line.object->name, object);
	assert_string_equal(line.command->verb, verb);
}

static void refused(const char *text, bool exact, const char *why)
{
	assert_int_equal(parse(text, exact), -1);
	if (strcmp(err, why))
		print_message("%s\n", err);
	assert_string_equal(err, why);
}

static void prefixes(void **state)
{
	(void)state;
	is("tunnel", "tunnel", "show");
	is("t sh", "tunnel", "show");
	is("se sh", "session", "show");
	is("session list", "session", "show");
	is("tunnel delete 17", "tunnel", "del");
	is("sub", "subscriber", "show");
	is("tun add id 1 peer-id 2 en 1 r 192.0.2.9", "tunnel", "add");
	refused("s", false, "\"s\" is ambiguous: system, session, subscriber");
	refused("session s", false, "\"s\" is ambiguous: show, set, shutdown");
	is("system sh", "system", "show");
	assert_int_equal(parse("tunnel sh", true), 0);
}

static void whole_words(void **state)
{
	(void)state;
	assert_int_equal(parse("session show tunnel 17", true), 0);
	refused("se show", true,
		"unknown object \"se\", did you mean \"session\"?");
	refused("session sho", true,
		"unknown command \"sho\", did you mean \"show\"?");
	refused("session show tun 17", true,
		"unknown argument \"tun\", did you mean \"tunnel\"?");
}

static void slips(void **state)
{
	(void)state;
	refused("tunel show", false,
		"unknown object \"tunel\", did you mean \"tunnel\"?");
	refused("sesison show", false,
		"unknown object \"sesison\", did you mean \"session\"?");
	refused("quux", false, "unknown object \"quux\"");
	refused("tunnel shwo", false,
		"unknown command \"shwo\", did you mean \"show\"?");
	refused("tunnel hlp", false,
		"unknown command \"hlp\", did you mean \"help\"?");
	refused("tunnel hel", true,
		"unknown command \"hel\", did you mean \"help\"?");
	refused("session show usre alice", false,
		"unknown argument \"usre\", did you mean \"user\"?");
	refused("\"\033[2J\"", false, "unknown object \"?[2J\"");
}

static void values(void **state)
{
	const struct arg_value *v;

	(void)state;
	is("tunnel del 17", "tunnel", "del");
	assert_int_equal(arg_get(&line.args, "id")->u, 17);
	is("tunnel del id 0x11 force", "tunnel", "del");
	assert_int_equal(arg_get(&line.args, "id")->u, 17);
	assert_non_null(arg_get(&line.args, "force"));
	is("subscriber del 7693427713262649601", "subscriber", "del");
	assert_true(arg_get(&line.args, "id")->u == 7693427713262649601u);
	is("session del 17/4242", "session", "del");
	v = arg_get(&line.args, "id");
	assert_int_equal(v->link.tunnel_id, 17);
	assert_int_equal(v->link.session_id, 4242);
	is("session show user 'alice smith'", "session", "show");
	assert_string_equal(arg_get(&line.args, "user")->text, "alice smith");
	is("session bind 1/2 dev lo addr 10.0.0.1 addr 2001:db8::/56 mtu 1442",
	   "session", "bind");
	assert_int_equal(line.args.n, 5);
	assert_int_equal(line.args.v[2].u, 32);
	assert_int_equal(line.args.v[3].u, 56);
	is("pppoe add lo.100.7/3 mac 02:00:00:00:00:01", "pppoe", "add");
	v = arg_get(&line.args, "id");
	assert_true(v->link.pppoe);
	assert_int_equal(v->link.ifindex, if_nametoindex("lo"));
	assert_int_equal(v->link.outer, 100);
	assert_int_equal(v->link.inner, 7);
	assert_int_equal(v->link.session_id, 3);
}

static void wrong_values(void **state)
{
	static const char *const lines[] = {
		"tunnel del 0",
		"tunnel del 65536",
		"tunnel del -1",
		"tunnel del 1x",
		"tunnel del 0x",
		"tunnel del ''",
		"tunnel del 1 2",
		"tunnel del id",
		"tunnel del id 1 id 2",
		"tunnel add 1 peer-id 2 endpoint 1",
		"tunnel add 1 peer-id 2 endpoint 1 remote example.net",
		"tunnel set 1 udp-csum maybe",
		"tunnel set 1 dscp 64",
		"tunnel set 1 dscp in",
		"tunnel set 1 df o",
		"tunnel set 1 df on|off",
		"subscriber show 18446744073709551616",
		"subscriber show -1",
		"session del 17/",
		"session del /17",
		"session del 17/4242/1",
		"session del 17/0",
		"session bind 1/2 dev lo addr 10.0.0.1/33",
		"pppoe del lo.5000/3",
		"pppoe del lo.1.2.3/3",
		"pppoe del /3",
		"pppoe del lo/",
		"pppoe add lo/3 mac 02:00:00:00:00",
		"pppoe add lo/3 mac 02:00:00:00:00:01:02",
		"session police 1/2 rx rate 10",
		"session police 1/2 rx rate 10mbits",
		"session police 1/2 rx rate -1mbit",
		"session police 1/2 rx rate 1001gbit",
		"session police 1/2 rx rate 18446744073709551615tbit",
		"session police 1/2 rx burst 0",
		"session police 1/2 rx burst 513m",
		"session police 1/2 rx green-dscp 64",
		"session pace 1/2 horizon 100",
		"session pace 1/2 horizon 11s",
	};
	char longest[200] = "session show user ";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(parse(lines[i], false), -1);
		assert_true(err[0]);
	}
	memset(longest + 18, 'x', 128);
	assert_int_equal(parse(longest, false), -1);
	longest[18 + 127] = 0;
	assert_int_equal(parse(longest, false), 0);
	refused("tunnel del", false, "tunnel del: \"id ID\" is needed");
}

static void units(void **state)
{
	(void)state;
	is("session police 17/1 rx rate 10mbit burst 64k peakrate 1tbit "
	   "peakburst 512m green-dscp 63",
	   "session", "police");
	assert_true(arg_get(&line.args, "rate")->u == 10000000);
	assert_true(arg_get(&line.args, "burst")->u == 65536);
	assert_true(arg_get(&line.args, "peakrate")->u == 1000000000000);
	assert_true(arg_get(&line.args, "peakburst")->u == 1 << 29);
	assert_true(arg_get(&line.args, "green-dscp")->u == 63);
	is("pppoe police lo/1 tx rate 64000 burst 1500", "pppoe", "police");
	assert_true(arg_get(&line.args, "rate")->u == 64000);
	assert_true(arg_get(&line.args, "burst")->u == 1500);
	is("session pace 17/1 rate 1Kbit horizon 2s", "session", "pace");
	assert_true(arg_get(&line.args, "rate")->u == 1000);
	assert_true(arg_get(&line.args, "horizon")->u == 2000);
}

static void help(void **state)
{
	(void)state;
	assert_int_equal(parse("help", true), 0);
	assert_null(line.object);
	assert_int_equal(parse("session help", true), 0);
	assert_null(line.command);
	assert_int_equal(parse("session show help", true), 0);
	assert_null(line.command);
}

static void options_test(void **state)
{
	const char *value;

	(void)state;
	assert_int_equal(cmd_option(&table, "-j", &value, err)->id, 'j');
	assert_int_equal(cmd_option(&table, "--json", &value, err)->id, 'j');
	assert_int_equal(cmd_option(&table, "-b", &value, err)->id, 'b');
	assert_int_equal(cmd_option(&table, "-bri", &value, err)->id, 'r');
	assert_int_equal(cmd_option(&table, "-c=auto", &value, err)->id, 'c');
	assert_string_equal(value, "auto");
	assert_null(cmd_option(&table, "-jsn", &value, err));
	assert_string_equal(err, "unknown option \"-jsn\", did you mean "
				 "\"-json\"? (try \"adit -h\")");
}

static void completes(const char *text, const char *want)
{
	char copy[128];
	char *words[BATCH_WORDS_MAX], *buf;
	size_t size;
	FILE *f = open_memstream(&buf, &size);
	int n;

	snprintf(copy, sizeof(copy), "%s", text);
	n = batch_split(copy, words);
	help_complete(&table, n, words, f);
	fclose(f);
	assert_string_equal(buf, want);
	free(buf);
}

static void completion(void **state)
{
	(void)state;
	completes("t", "tunnel\n");
	completes("-j s", "system\nsession\nsubscriber\n");
	completes("-b file tun", "tunnel\n");
	completes("tunnel ''",
		  "show\nadd\nset\ndel\ndrain\nshutdown\nenable\ntest\n"
		  "help\n");
	completes("tunnel add p", "peer-id\nport\n");
	completes("tunnel add port 1 p", "peer-id\n");
	completes("tunnel add udp-csum o", "on\noff\n");
	completes("tunnel add dscp i", "inherit\n");
	completes("tunnel add df o", "off\non\n");
	completes("session bind 1/2 dev l", "lo\n");
	completes("pppoe del l", "lo/\n");
	completes("quux ''", "");
	completes("session bind 1/2 addr 10.0.0.1 ad", "addr\n");
}

static void batch_words(void **state)
{
	char line1[] = "  tunnel  show\t17 # comment\n";
	char line2[] = "session show user 'a \"b' \"c'\"d\n";
	char line3[] = "open 'quote\n";
	char *w[BATCH_WORDS_MAX];

	(void)state;
	assert_int_equal(batch_split(line1, w), 3);
	assert_string_equal(w[2], "17");
	assert_int_equal(batch_split(line2, w), 5);
	assert_string_equal(w[3], "a \"b");
	assert_string_equal(w[4], "c'd");
	assert_int_equal(batch_split(line3, w), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes),	cmocka_unit_test(whole_words),
		cmocka_unit_test(slips),	cmocka_unit_test(values),
		cmocka_unit_test(wrong_values), cmocka_unit_test(help),
		cmocka_unit_test(options_test), cmocka_unit_test(completion),
		cmocka_unit_test(batch_words),	cmocka_unit_test(units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
