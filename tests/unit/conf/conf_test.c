// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations: every error with its message (tests/conf: NAME.conf with NAME.err
 * is refused with that text, one without is taken), files cut off at every byte,
 * mutated files.
 */
#include "conf/good.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE_MAX_TEXT 16384

static size_t slurp(const char *path, char text[SIZE_MAX_TEXT])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, SIZE_MAX_TEXT - 1, f) : 0;

	text[n] = 0;
	if (f)
		fclose(f);
	return n;
}

/* ----------------------------------------------------------------- golden */

static unsigned int check_golden(const char *name)
{
	char conf[512], path[512], err[CONF_ERROR_MAX];
	char want[SIZE_MAX_TEXT], got[CONF_ERROR_MAX + 1];
	struct conf *c;

	snprintf(conf, sizeof(conf), "tests/conf/%s", name);
	snprintf(path, sizeof(path), "%.*s.err", (int)strlen(conf) - 5, conf);
	if (!slurp(path, want)) {
		conf_free(load(conf));
		return 0;
	}
	c = conf_load(conf, err);
	snprintf(got, sizeof(got), "%s\n", err);
	if (c || strcmp(got, want))
		print_error("%s: got\n%s", conf, got);
	assert_null(c);
	assert_string_equal(got, want);
	return 1;
}

static void golden(void **state)
{
	DIR *dir = opendir("tests/conf");
	unsigned int refused = 0;
	struct dirent *d;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir)))
		if (strlen(d->d_name) > 5 &&
		    !strcmp(d->d_name + strlen(d->d_name) - 5, ".conf"))
			refused += check_golden(d->d_name);
	closedir(dir);
	assert_true(refused > 50);
}

static void samples(void **state)
{
	(void)state;
	conf_free(load("ctld/etc/aditd.conf"));
	conf_free(load("ctld/etc/lac.conf"));
	conf_free(load("ctld/etc/lns.conf"));
}

static void no_file(void **state)
{
	char err[CONF_ERROR_MAX];

	(void)state;
	assert_null(conf_load("tests/conf/none.conf", err));
	assert_string_equal(err, "tests/conf/none.conf: it cannot be opened: "
				 "No such file or directory");
	assert_null(conf_load("tests", err));
	assert_null(conf_load("/dev/zero", err));
}

/* ---------------------------------------------------------- broken files */

static char dir[64];
static char path[96];

static int make_dir(void **state)
{
	char secret[96];
	FILE *f;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/adit-conf-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/conf", dir);
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	umask(077);
	f = fopen(secret, "w");
	fputs("s\n", f);
	return fclose(f);
}

static int remove_dir(void **state)
{
	char secret[96];

	(void)state;
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	unlink(path);
	unlink(secret);
	return rmdir(dir);
}

static bool loads(const char *text, size_t len)
{
	char err[CONF_ERROR_MAX];
	FILE *f = fopen(path, "w");
	struct conf *c;

	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	c = conf_load(path, err);
	assert_true(!c == !!err[0]);
	assert_true(c || !strncmp(err, path, strlen(path)));
	conf_free(c);
	return c;
}

/* No brace in its strings and comments, so that counting is right. */
static void cut_off(void **state)
{
	char text[SIZE_MAX_TEXT];
	size_t n = slurp("tests/conf/all.conf", text);
	unsigned int depth = 0, taken = 0;

	(void)state;
	for (size_t i = 0; i <= n; i++) {
		if (i && text[i - 1] == '{')
			depth++;
		if (i && text[i - 1] == '}')
			depth--;
		if (!loads(text, i))
			continue;
		taken++;
		assert_int_equal(depth, 0);
	}
	assert_true(taken > 10 && taken < n / 4);
}

static void mutated(void **state)
{
	static const char alphabet[] = "{}=\"'\\,#/*+()$\n\t ax01.-@\0\x80";
	char text[SIZE_MAX_TEXT], copy[SIZE_MAX_TEXT];
	size_t n = slurp("tests/conf/all.conf", text);
	unsigned int refused = 0;

	(void)state;
	srandom(7);
	for (int round = 0; round < 4000; round++) {
		size_t len = n;

		memcpy(copy, text, n);
		for (int i = 0; i < 1 + round % 4; i++) {
			size_t at = (size_t)random() % len;
			size_t run = 1 + (size_t)random() % 8;
			char c = alphabet[(size_t)random() %
					  (sizeof(alphabet) - 1)];

			if (run > len - at)
				run = len - at;
			if (random() & 1) {
				copy[at] = c;
			} else {
				memmove(copy + at, copy + at + run,
					len - at - run);
				len -= run;
			}
		}
		refused += !loads(copy, len);
	}
	assert_true(refused > 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(samples),
		cmocka_unit_test(no_file),
		cmocka_unit_test_setup_teardown(cut_off, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(mutated, make_dir, remove_dir),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
