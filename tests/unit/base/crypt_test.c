// SPDX-License-Identifier: GPL-2.0-or-later
/* Random bytes: each is given once, however many are asked for, and no child gives
 * those of its parent.
 */
#include "base/crypt.h"

#include "l2tp/unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N 4096

static void none_comes_twice(void **state)
{
	static uint64_t seen[N];

	(void)state;
	for (int i = 0; i < N; i++) {
		seen[i] = crypt_random_u64();
		for (int k = 0; k < i; k++)
			assert_true(seen[i] != seen[k]);
	}
}

/* A value of each length that crosses every edge of what is held ready. */
static void all_bytes_are_written(void **state)
{
	uint8_t b[700], any[700];

	(void)state;
	for (size_t len = 1; len < sizeof(b); len += 13) {
		memset(any, 0, sizeof(any));
		for (int i = 0; i < 8; i++) {
			memset(b, 0, sizeof(b));
			crypt_random(b, len);
			for (size_t k = 0; k < sizeof(b); k++)
				any[k] |= b[k];
		}
		for (size_t k = 0; k < sizeof(b); k++)
			assert_int_equal(any[k] != 0, k < len);
	}
}

static void a_child_has_its_own(void **state)
{
	uint64_t ours, its = 0;
	int fds[2], status;
	pid_t pid;

	(void)state;
	crypt_random_u16();
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		its = crypt_random_u64();
		_exit(write(fds[1], &its, sizeof(its)) != sizeof(its));
	}
	ours = crypt_random_u64();
	assert_int_equal(read(fds[0], &its, sizeof(its)), sizeof(its));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(ours != its);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_comes_twice),
		cmocka_unit_test(all_bytes_are_written),
		cmocka_unit_test(a_child_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
