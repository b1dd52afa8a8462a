// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * State files on their disk, which may be too small, cut them short or fail; and the
 * accounting spool, of which nothing is thrown away.
 */
#include "content.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct state_file *spool_at(int *fresh)
{
	char err[STATE_ERROR_MAX] = "";
	struct state_file *sf = state_open_spool(path, 1 << 18, fresh, err);

	if (!sf)
		fail_msg("%s", err);
	return sf;
}

/* Of another version: nothing is read, and nothing is lost. */
static void spool_of_another_version(void **state)
{
	static const uint32_t format = STATE_FORMAT + 1;
	struct state_file *sf;
	struct stat st;
	char old[128];
	off_t size;
	int fresh;

	(void)state;
	for (int i = 1; i <= 2; i++) {
		sf = spool_at(&fresh);
		assert_true(fresh);
		put(sf, 1, 5);
		state_close(sf);
		assert_int_equal(stat(path, &st), 0);
		size = st.st_size;
		poke(offsetof(struct state_header, format), &format,
		     sizeof(format));
		sf = spool_at(&fresh);
		assert_true(fresh);
		assert_int_equal(look(sf).n, 0);
		state_close(sf);
		snprintf(old, sizeof(old), i > 1 ? "%s.old%d" : "%s.old", path,
			 i);
		assert_int_equal(stat(old, &st), 0);
		assert_int_equal(st.st_size, size);
		/* What was never written takes no room. */
		assert_true(st.st_blocks * 512 <= 4 * 4096);
		unlink(path);
	}
	snprintf(old, sizeof(old), "%s.old", path);
	assert_int_equal(rename(old, path), 0);
	poke(offsetof(struct state_header, format), &(uint32_t){ STATE_FORMAT },
	     sizeof(format));
	sf = spool_at(&fresh);
	assert_false(fresh);
	assert_int_equal(look(sf).version[1], 5);
	state_close(sf);
	snprintf(old, sizeof(old), "%s.old2", path);
	unlink(old);
}

/* Cut short while the daemon was away: what is left is read, and it grows again. */
static void spool_cut_short(void **state)
{
	struct state_file *sf;
	struct stat st;
	off_t size;
	int fresh;

	(void)state;
	sf = spool_at(&fresh);
	put(sf, 1, 5);
	state_close(sf);
	assert_int_equal(stat(path, &st), 0);
	size = st.st_size;
	assert_int_equal(truncate(path, size / 2 + 100), 0);
	sf = spool_at(&fresh);
	assert_false(fresh);
	assert_int_equal(look(sf).version[1], 5);
	state_close(sf);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size);
}

/* And under its feet: a page that the disk does not have kills nobody. */
static void spool_disk_fails(void **state)
{
	uint8_t data[1000] = { 1 };
	struct state_file *sf;
	int fresh, err = 0;

	(void)state;
	sf = spool_at(&fresh);
	assert_int_equal(truncate(path, STATE_HEADER_SIZE), 0);
	for (uint64_t key = 0; key < 10 && !err; key++)
		err = state_put(sf, STATE_ACCOUNTING, key, data, sizeof(data));
	assert_int_equal(err, -EIO);
	state_del(sf, STATE_ACCOUNTING, 0);
	assert_int_equal(state_put(sf, STATE_ACCOUNTING, 1, data, 1), -EIO);
	state_close(sf);
	state_close(spool_at(&fresh));
}

/* No room to grow: it goes on at the size that it had. */
static void spool_cannot_grow(void **state)
{
	char err[STATE_ERROR_MAX];
	struct state_file *sf;
	struct stat st;
	int fresh;

	(void)state;
	sf = spool_at(&fresh);
	put(sf, 1, 5);
	state_close(sf);
	if (!fork()) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
		sf = state_open_spool(path, 1 << 22, &fresh, err);
		_exit(!sf || fresh || look(sf).version[1] != 5);
	}
	wait(&fresh);
	assert_int_equal(fresh, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 1 << 20);
}

/* A file system that is too small is noticed now, and left as it was. */
static void no_room(void **state)
{
	char err[STATE_ERROR_MAX];
	struct state_file *sf;
	struct stat st;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	put(sf, 1, 5);
	state_close(sf);
	if (!fork()) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 2 << 20, 2 << 20 });
		_exit(state_open(path, 7, 100, 10000, &fresh, err) ? 1 : 0);
	}
	wait(&fresh);
	assert_int_equal(fresh, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 2 << 20);
	sf = open_at(path, 7, &fresh);
	assert_int_equal(look(sf).version[1], 5);
	state_close(sf);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(no_room),		 TEST(spool_of_another_version),
		TEST(spool_cut_short),	 TEST(spool_disk_fails),
		TEST(spool_cannot_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
