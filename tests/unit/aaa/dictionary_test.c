/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dictionaries: those that the daemon has in itself against the numbers of its code, and
 * files that are wrong.
 */
#include "aaa/dictionary.h"
#include "aaa/radius_number.h"
#include "base/line.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILES "ctld/share/radius/dictionary"

static const struct {
	uint32_t vendor;
	uint8_t number;
	enum dictionary_type type;
	const char *name; /* of the code */
} numbers[] = {
#define X(vendor, number, type, name) \
	{ vendor, number, DICTIONARY_##type, #name },
	RADIUS_ATTRIBUTES(X)
#undef X
};

/* USER_NAME is User-Name. */
static bool same_name(const char *code, const char *dictionary)
{
	for (; *code && *dictionary; code++, dictionary++)
		if (tolower(*code == '_' ? '-' : *code) != tolower(*dictionary))
			return false;
	return !*code && !*dictionary;
}

static void expect_numbers(const struct dictionary *d)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct dictionary_attribute a;
		char name[DICTIONARY_NAME_MAX + 1];

		dictionary_name(d, numbers[i].vendor, numbers[i].number, name);
		if (!same_name(numbers[i].name, name))
			fail_msg("%s is %s", numbers[i].name, name);
		assert_true(dictionary_find(d, name, &a));
		assert_int_equal(a.vendor, numbers[i].vendor);
		assert_int_equal(a.number, numbers[i].number);
		if (a.type != numbers[i].type)
			fail_msg("%s: type %d, not %d", name, a.type,
				 numbers[i].type);
	}
}

static void test_numbers(void **state)
{
	struct dictionary *d = dictionary_new();

	(void)state;
	expect_numbers(d);
	dictionary_free(d);
}

/* The fields of an access line, whose numbers are elsewhere. */
static void test_line(void **state)
{
	static const enum dictionary_type types[] = {
		[LINE_IS_ID] = DICTIONARY_STRING,
		[LINE_IS_RATE] = DICTIONARY_INTEGER,
		[LINE_IS_NUMBER] = DICTIONARY_INTEGER,
		[LINE_IS_OCTETS] = DICTIONARY_STRING,
	};
	struct dictionary *d = dictionary_new();

	(void)state;
	for (enum line_field f = 0; f < LINE_FIELDS; f++) {
		const struct line_info *info = line_info(f);
		char name[DICTIONARY_NAME_MAX + 1];
		struct dictionary_attribute a;

		if (f == LINE_TYPE) /* of ANCP, not of RADIUS */
			continue;
		dictionary_name(d, LINE_VENDOR, info->number, name);
		if (!dictionary_find(d, name, &a))
			fail_msg("no name for %d", info->number);
		if (f != LINE_IWF) /* no value */
			assert_int_equal(a.type, types[info->kind]);
	}
	dictionary_free(d);
}

/* The file for other programs includes what the daemon has, all of it. */
static void test_file(void **state)
{
	struct dictionary *d = dictionary_new();
	char err[DICTIONARY_ERROR_MAX] = "";

	(void)state;
	if (dictionary_read(d, FILES, err))
		fail_msg("%s", err);
	expect_numbers(d);
	dictionary_free(d);
}

/* A row of the manual's table begins with name, number, where. */
static bool read_row(char *row, char *name, uint32_t *vendor, unsigned int *n)
{
	char *number = strchr(row, '\t'), *to = name;

	if (!number || strchr("\t.'", *row))
		return false;
	*number++ = 0;
	for (char *p = row; *p; p++)
		if (*p != '\\')
			*to++ = *p;
	*to = 0;
	*vendor = 0;
	return sscanf(number, "%u/%u\t", vendor, n) == 2 ||
	       (*vendor = 0, sscanf(number, "%u\t", n) == 1);
}

/* All that the code knows is in the manual, and nothing else. */
static void test_manual(void **state)
{
	static const size_t n_numbers = sizeof(numbers) / sizeof(numbers[0]);
	bool seen[sizeof(numbers) / sizeof(numbers[0])] = { false };
	FILE *f = fopen("ctld/man/aditd-radius.5", "r");
	char row[400], name[400];
	uint32_t vendor;
	unsigned int n;

	(void)state;
	assert_non_null(f);
	while (fgets(row, sizeof(row), f)) {
		size_t i = 0;

		if (!read_row(row, name, &vendor, &n) || vendor == LINE_VENDOR)
			continue;
		while (i < n_numbers &&
		       (numbers[i].vendor != vendor || numbers[i].number != n))
			i++;
		if (i == n_numbers)
			fail_msg("%s is not in the code", name);
		if (!same_name(numbers[i].name, name))
			fail_msg("%s: the code says %s", name, numbers[i].name);
		seen[i] = true;
	}
	fclose(f);
	for (size_t i = 0; i < n_numbers; i++)
		if (!seen[i])
			fail_msg("%s is not in the manual", numbers[i].name);
}

static void test_values(void **state)
{
	struct dictionary *d = dictionary_new();
	struct dictionary_attribute a;
	char name[DICTIONARY_NAME_MAX + 1];
	uint32_t v;

	(void)state;
	assert_true(dictionary_find(d, "erx-tunnel-group", &a));
	assert_string_equal(a.name, "ERX-Tunnel-Group");
	assert_false(dictionary_find(d, "ERX-Tunnel-Grou", &a));
	assert_true(dictionary_value(d, "NAS-Port-Type", "pppoeovlan", &v));
	assert_int_equal(v, 33);
	/* A name of two attributes. */
	assert_true(
		dictionary_value(d, "Acct-Terminate-Cause", "Callback", &v));
	assert_int_equal(v, 16);
	assert_false(dictionary_value(d, "NAS-Port-Type", "Callback", &v));
	assert_true(dictionary_value(d, "Acct-Authentic", "Local", &v));
	assert_string_equal(dictionary_name(d, 4874, 250, name), "26.4874.250");
	assert_string_equal(dictionary_name(d, 70000, 1, name), "26.70000.1");
	assert_string_equal(dictionary_name(d, 0, 255, name), "255");
	assert_string_equal(dictionary_name(NULL, 0, 1, name), "1");
	dictionary_free(d);
}

static char *write_file(const char *text, size_t len)
{
	static char path[] = "/tmp/dictionary-test.XXXXXX";
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	return path;
}

/* What is said of it, without the name of the file; "": nothing is wrong. */
static const char *read_text(struct dictionary *d, const char *text)
{
	static char err[DICTIONARY_ERROR_MAX];
	char *path = write_file(text, strlen(text));
	int rc = dictionary_read(d, path, err);
	const char *p = err;

	unlink(path);
	if (!rc)
		return "";
	assert_memory_equal(err, path, strlen(path));
	for (p += strlen(path); *p == ':'; p++)
		;
	return p;
}

static const char long_name[] =
	"ATTRIBUTE\tA-name-that-has-thirty-three-char\t200 string";
static const struct {
	const char *text, *says;
} broken[] = {
	{ "ATTRIBUTE\n", "1: expected ATTRIBUTE NAME NUMBER TYPE [VENDOR]" },
	{ "\n# one\nATTRIBUTE A 3 string Cisco x\n",
	  "3: expected ATTRIBUTE NAME NUMBER TYPE [VENDOR]" },
	{ "ATTRIBUTE A 0 string", "1: 0: expected a number from 1 to 255" },
	{ "ATTRIBUTE A 256 string", "1: 256: expected a number from 1 to 255" },
	{ "ATTRIBUTE A 4x string", "1: 4x: expected a number from 1 to 255" },
	{ "ATTRIBUTE A 4 octets",
	  "1: octets: expected one of: string integer ipaddr ipv6addr ipv6prefix date" },
	{ "ATTRIBUTE A 4 string Nobody", "1: no VENDOR Nobody so far" },
	{ long_name,
	  "1: A-name-that-has-thirty-three-char: expected up to 32 characters" },
	{ "VALUE A b 1", "1: no ATTRIBUTE A so far" },
	{ "VALUE Prompt b", "1: expected VALUE ATTRIBUTE NAME NUMBER" },
	{ "VALUE Prompt b 4294967296",
	  "1: 4294967296: expected a number from 0 to 4294967295" },
	{ "VALUE Prompt b -1",
	  "1: -1: expected a number from 0 to 4294967295" },
	{ "VENDOR A", "1: expected VENDOR NAME NUMBER" },
	{ "VENDOR A 65536", "1: 65536: expected a number from 1 to 65535" },
	{ "BEGIN-VENDOR Cisco",
	  "1: BEGIN-VENDOR: expected ATTRIBUTE, VALUE, VENDOR or $INCLUDE" },
	{ "$INCLUDE", "1: expected $INCLUDE FILE" },
	{ "\n$INCLUDE nowhere", "2: /tmp/nowhere: No such file or directory" },
};

static void test_broken(void **state)
{
	char wide[400];

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct dictionary *d = dictionary_new();

		assert_string_equal(read_text(d, broken[i].text),
				    broken[i].says);
		dictionary_free(d);
	}
	for (size_t len = 250; len < sizeof(wide) - 1; len += 5) {
		struct dictionary *d = dictionary_new();

		memset(wide, 'x', len);
		wide[len] = 0;
		assert_true(*read_text(d, wide) == '1');
		dictionary_free(d);
	}
}

/* One that includes itself ends. */
static void test_loop(void **state)
{
	struct dictionary *d = dictionary_new();
	static const char text[] = "$INCLUDE loop-of-dictionary-test\n";
	char err[DICTIONARY_ERROR_MAX];
	char *path = write_file(text, strlen(text));

	(void)state;
	assert_int_equal(rename(path, "/tmp/loop-of-dictionary-test"), 0);
	assert_true(dictionary_read(d, "/tmp/loop-of-dictionary-test", err) <
		    0);
	assert_non_null(strstr(err, "more than 8 files"));
	unlink("/tmp/loop-of-dictionary-test");
	assert_true(dictionary_read(d, "/nowhere/dictionary", err) < 0);
	assert_string_equal(err,
			    "/nowhere/dictionary: No such file or directory");
	dictionary_free(d);
}

static void test_more(void **state)
{
	struct dictionary *d = dictionary_new();
	struct dictionary_attribute a;
	uint32_t v;

	(void)state;
	assert_string_equal(read_text(d,
				      "VENDOR\tExample\t65535 # ours\r\n"
				      "ATTRIBUTE Example-Shape 255 integer "
				      "vendor=Example\n"
				      "VALUE Example-Shape Round 4294967295"),
			    "");
	assert_true(dictionary_find(d, "Example-Shape", &a));
	assert_int_equal(a.vendor, 65535);
	assert_int_equal(a.number, 255);
	assert_int_equal(a.type, DICTIONARY_INTEGER);
	assert_true(dictionary_value(d, "Example-Shape", "Round", &v));
	assert_int_equal(v, UINT32_MAX);
	dictionary_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_line),
		cmocka_unit_test(test_file),	cmocka_unit_test(test_manual),
		cmocka_unit_test(test_values),	cmocka_unit_test(test_broken),
		cmocka_unit_test(test_loop),	cmocka_unit_test(test_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
