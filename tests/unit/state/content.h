/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory with a state file for each test, and records that say which they are. */
#ifndef TESTS_STATE_CONTENT_H
#define TESTS_STATE_CONTENT_H

#include "state/file.h"

#include "state/block.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];
static char path[96];
static char other[96];

static inline int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/adit-state-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/run/state", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	return 0;
}

static inline int remove_dir(void **state)
{
	char run[96];

	(void)state;
	snprintf(run, sizeof(run), "%s/run", dir);
	unlink(path);
	unlink(other);
	rmdir(run);
	return rmdir(dir);
}

static inline struct state_file *open_at(const char *p, uint64_t instance,
					 int *fresh)
{
	char err[STATE_ERROR_MAX] = "";
	struct state_file *sf = state_open(p, instance, 1, 1, fresh, err);

	if (!sf)
		fail_msg("%s", err);
	return sf;
}

/* --------------------------------------------------------------- contents */

/* A record says of itself which it is: key, version, then bytes that follow from
 * both, as many as do.
 */
struct content {
	uint64_t key;
	uint64_t version;
	uint8_t more[500];
};

static inline uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static inline size_t make_content(struct content *c, uint64_t key,
				  uint64_t version)
{
	uint64_t seed = (key + 1) * 0x9e3779b97f4a7c15ULL + version;
	size_t n = next_random(&seed) % sizeof(c->more);

	c->key = key;
	c->version = version;
	for (size_t i = 0; i < n; i++)
		c->more[i] = (uint8_t)next_random(&seed);
	return offsetof(struct content, more) + n;
}

struct found {
	uint64_t version[16]; /* by key; 0: none */
	unsigned int n;
};

static inline void check_content(void *ctx, uint64_t key, const void *data,
				 size_t len)
{
	struct found *f = ctx;
	struct content want, got;

	assert_true(key < 16);
	assert_true(len >= 16 && len <= sizeof(got));
	memcpy(&got, data, len);
	assert_int_equal(got.key, key);
	assert_int_equal(make_content(&want, key, got.version), len);
	assert_memory_equal(&want, data, len);
	assert_int_equal(f->version[key], 0);
	f->version[key] = got.version;
	f->n++;
}

static inline struct found look(struct state_file *sf)
{
	struct found f = { 0 };

	state_each(sf, STATE_SESSION, check_content, &f);
	return f;
}

static inline void put(struct state_file *sf, uint64_t key, uint64_t version)
{
	struct content c;
	size_t len = make_content(&c, key, version);

	assert_int_equal(state_put(sf, STATE_SESSION, key, &c, len), 0);
}

static inline void poke(size_t offset, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, data, len, (off_t)offset), len);
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

#endif /* TESTS_STATE_CONTENT_H */
