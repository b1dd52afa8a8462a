// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state file: records come back as they were stored, after a restart, from a
 * corrupted file; other boots, instances and formats start empty.
 */
#include "content.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

static void put_replace_delete(void **state)
{
	struct state_file *sf;
	struct found f;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	assert_true(fresh);
	for (uint64_t key = 0; key < 8; key++)
		put(sf, key, key + 1);
	put(sf, 3, 100);
	state_del(sf, STATE_SESSION, 5);
	state_del(sf, STATE_SESSION, 5);
	state_del(sf, STATE_TUNNEL, 4); /* another kind */
	state_close(sf);
	sf = open_at(path, 7, &fresh);
	assert_false(fresh);
	f = look(sf);
	assert_int_equal(f.n, 7);
	assert_int_equal(f.version[3], 100);
	assert_int_equal(f.version[4], 5);
	assert_int_equal(f.version[5], 0);
	state_close(sf);
}

static void count(void *ctx, uint64_t key, const void *data, size_t len)
{
	(void)key;
	(void)data;
	*(size_t *)ctx += len + 1;
}

static void kinds_and_sizes(void **state)
{
	static uint8_t big[STATE_RECORD_MAX + 1];
	static const size_t size[] = {
		0, 1, 223, 224, 225, 448, STATE_RECORD_MAX
	};
	struct state_file *sf;
	size_t total;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		assert_int_equal(state_put(sf, STATE_BOX, 0, big, size[i]), 0);
		assert_int_equal(state_put(sf, STATE_TUNNEL, 0, big, 9), 0);
		state_close(sf);
		sf = open_at(path, 7, &fresh);
		total = 0;
		state_each(sf, STATE_BOX, count, &total);
		assert_int_equal(total, size[i] + 1);
		total = 0;
		state_each(sf, STATE_TUNNEL, count, &total);
		assert_int_equal(total, 10);
	}
	assert_int_equal(state_put(sf, STATE_BOX, 0, big, sizeof(big)), -E2BIG);
	total = 0;
	state_each(sf, STATE_BOX, count, &total);
	assert_int_equal(total, STATE_RECORD_MAX + 1);
	state_close(sf);
}

static void delete_one(void *ctx, uint64_t key, const void *data, size_t len)
{
	(void)data;
	(void)len;
	state_del(ctx, STATE_SESSION, key);
}

static void delete_while_iterating(void **state)
{
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	for (uint64_t key = 0; key < 16; key++)
		put(sf, key, 1);
	state_each(sf, STATE_SESSION, delete_one, sf);
	assert_int_equal(look(sf).n, 0);
	state_close(sf);
}

/* The one record that is told deletes or replaces all others. */
static void delete_others(void *ctx, uint64_t key, const void *data, size_t len)
{
	(void)data;
	(void)len;
	for (uint64_t k = 0; k < 16; k++)
		if (k != key)
			state_del(ctx, STATE_SESSION, k);
}

static void replace_all(void *ctx, uint64_t key, const void *data, size_t len)
{
	(void)key;
	(void)data;
	(void)len;
	for (uint64_t k = 0; k < 16; k++)
		put(ctx, k, 2);
}

static void change_others_while_iterating(void **state)
{
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	for (uint64_t key = 0; key < 16; key++)
		put(sf, key, 1);
	state_each(sf, STATE_SESSION, replace_all, sf);
	assert_int_equal(look(sf).n, 16);
	state_each(sf, STATE_SESSION, delete_others, sf);
	assert_int_equal(look(sf).n, 1);
	state_close(sf);
}

static bool in_the_file(const char *text)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	void *p;
	bool found;

	assert_int_equal(fstat(fd, &st), 0);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	found = memmem(p, (size_t)st.st_size, text, strlen(text));
	munmap(p, (size_t)st.st_size);
	close(fd);
	return found;
}

/* Messages in a tunnel's record may hold passwords. */
static void what_is_gone_is_wiped(void **state)
{
	static const char old[] = "old-password", new[] = "new-password";
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	assert_int_equal(state_put(sf, STATE_TUNNEL, 1, old, sizeof(old)), 0);
	assert_true(in_the_file(old));
	assert_int_equal(state_put(sf, STATE_TUNNEL, 1, new, sizeof(new)), 0);
	assert_false(in_the_file(old));
	state_del(sf, STATE_TUNNEL, 1);
	assert_false(in_the_file(new));
	state_close(sf);
}

/* Full: the new one is refused, the old ones stay; room comes with a delete. */
static void full(void **state)
{
	uint8_t big[4000] = { 0 };
	struct state_file *sf;
	uint64_t key = 0;
	size_t total = 0;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	while (!state_put(sf, STATE_TUNNEL, key, big, sizeof(big)))
		assert_true(++key < 1000);
	assert_true(key > 10);
	assert_int_equal(state_put(sf, STATE_TUNNEL, 0, big, sizeof(big)),
			 -ENOSPC);
	state_close(sf);
	sf = open_at(path, 7, &fresh);
	state_each(sf, STATE_TUNNEL, count, &total);
	assert_int_equal(total, key * (sizeof(big) + 1));
	state_del(sf, STATE_TUNNEL, 1);
	assert_int_equal(state_put(sf, STATE_TUNNEL, 0, big, sizeof(big)), 0);
	state_close(sf);
}

/* Opened, it is found to be another's; why: the line of the log, NULL: none. */
static void other_owner(uint64_t instance, const char *why)
{
	struct state_file *sf;
	FILE *log = tmpfile();
	char line[512] = "";
	int fresh, err = dup(2);

	assert_non_null(log);
	dup2(fileno(log), 2);
	sf = open_at(path, instance, &fresh);
	fflush(stderr);
	dup2(err, 2);
	close(err);
	rewind(log);
	if (fgets(line, sizeof(line), log) || why)
		assert_non_null(strstr(line, why ? why : "no line"));
	assert_null(fgets(line, sizeof(line), log));
	fclose(log);
	assert_true(fresh);
	assert_int_equal(look(sf).n, 0);
	state_set_instance(sf, 7);
	put(sf, 1, 1);
	state_close(sf);
	sf = open_at(path, 7, &fresh);
	assert_false(fresh);
	assert_int_equal(look(sf).n, 1);
	state_close(sf);
}

static void boot_instance_format(void **state)
{
	static const uint32_t format = STATE_FORMAT + 1;
	static const uint64_t none;

	(void)state;
	other_owner(0, NULL); /* is made */
	other_owner(8, "the module was loaded anew");
	other_owner(0, "the module has nothing here");
	poke(offsetof(struct state_header, boot_id), "x", 1);
	other_owner(7, "before the last boot");
	poke(offsetof(struct state_header, format), &format, sizeof(format));
	other_owner(7, "another version");
	assert_int_equal(truncate(path, 100), 0);
	other_owner(7, "cut short");
	assert_int_equal(truncate(path, 0), 0);
	other_owner(7, NULL);
	/* One that a daemon made that did not get further. */
	poke(offsetof(struct state_header, instance), &none, sizeof(none));
	other_owner(7, NULL);
}

static void limits_change(void **state)
{
	char err[STATE_ERROR_MAX];
	struct state_file *sf;
	struct stat st;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	put(sf, 1, 5);
	state_close(sf);
	sf = state_open(path, 7, 100, 1000, &fresh, err);
	assert_non_null(sf);
	assert_false(fresh);
	assert_int_equal(look(sf).version[1], 5);
	put(sf, 1, 6);
	state_close(sf);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(st.st_size > 1000 * 1024);
	assert_true(st.st_blocks * 512 >= st.st_size); /* allocated */
	sf = open_at(path, 7, &fresh);
	assert_int_equal(look(sf).version[1], 6);
	state_close(sf);
}

static void refused(void **state)
{
	char expected[STATE_ERROR_MAX];
	char err[STATE_ERROR_MAX];
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	assert_null(state_open(path, 7, 1, 1, &fresh, err));
	snprintf(expected, sizeof(expected),
		 "state file %s: another aditd uses it", path);
	assert_string_equal(err, expected);
	state_close(sf);
	assert_int_equal(symlink(path, other), 0);
	assert_null(state_open(other, 7, 1, 1, &fresh, err));
	unlink(other);
	assert_null(state_open(dir, 7, 1, 1, &fresh, err));
	assert_null(state_open("/nonexistent/a/b", 7, 1, 1, &fresh, err));
	assert_non_null(strstr(err, "/nonexistent/a/b"));
}

static void corrupted(void **state)
{
	struct state_file *sf;
	uint64_t seed = 99;
	struct stat st;
	int fresh;

	(void)state;
	for (int round = 0; round < 500; round++) {
		sf = open_at(path, 7, &fresh);
		look(sf); /* what is there is right, whatever is lost */
		for (uint64_t key = 0; key < 8; key++)
			put(sf, key, (uint64_t)round + 1);
		state_close(sf);
		assert_int_equal(stat(path, &st), 0);
		for (int i = 0; i < 40; i++) {
			uint64_t r = next_random(&seed);
			size_t range = i & 1 ? 16384 : (size_t)st.st_size;

			poke((i & 3 ? STATE_HEADER_SIZE : 0) +
				     r % (range - STATE_HEADER_SIZE),
			     &seed, 1 + (r >> 32) % 8);
		}
		if (round % 50 == 49)
			assert_int_equal(truncate(path,
						  (off_t)(next_random(&seed) %
							  (uint64_t)st.st_size)),
					 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(put_replace_delete),
		TEST(kinds_and_sizes),
		TEST(delete_while_iterating),
		TEST(change_others_while_iterating),
		TEST(what_is_gone_is_wiped),
		TEST(full),
		TEST(boot_instance_format),
		TEST(limits_change),
		TEST(refused),
		TEST(corrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
