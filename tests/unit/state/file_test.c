// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state file: records come back as they were stored, after a restart, after
 * a kill at any instruction, from a corrupted file; other boots, instances and
 * formats start empty.
 */
#include "state/file.h"

#include "state/block.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];
static char path[96];
static char other[96];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/adit-state-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/run/state", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	return 0;
}

static int remove_dir(void **state)
{
	char run[96];

	(void)state;
	snprintf(run, sizeof(run), "%s/run", dir);
	unlink(path);
	unlink(other);
	rmdir(run);
	return rmdir(dir);
}

static struct state_file *open_at(const char *p, uint64_t instance, int *fresh)
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

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static size_t make_content(struct content *c, uint64_t key, uint64_t version)
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

static void check_content(void *ctx, uint64_t key, const void *data, size_t len)
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

static struct found look(struct state_file *sf)
{
	struct found f = { 0 };

	state_each(sf, STATE_SESSION, check_content, &f);
	return f;
}

static void put(struct state_file *sf, uint64_t key, uint64_t version)
{
	struct content c;
	size_t len = make_content(&c, key, version);

	assert_int_equal(state_put(sf, STATE_SESSION, key, &c, len), 0);
}

/* ------------------------------------------------------------------ tests */

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

static void poke(size_t offset, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, data, len, (off_t)offset), len);
	close(fd);
}

static void other_owner(uint64_t instance)
{
	struct state_file *sf;
	int fresh;

	sf = open_at(path, instance, &fresh);
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

	(void)state;
	other_owner(0); /* is made */
	other_owner(8); /* of another instance */
	other_owner(0); /* there is none yet */
	poke(offsetof(struct state_header, boot_id), "x", 1);
	other_owner(7);
	poke(offsetof(struct state_header, format), &format, sizeof(format));
	other_owner(7);
	assert_int_equal(truncate(path, 100), 0);
	other_owner(7);
	assert_int_equal(truncate(path, 0), 0);
	other_owner(7);
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
	char err[STATE_ERROR_MAX];
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	assert_null(state_open(path, 7, 1, 1, &fresh, err));
	assert_non_null(strstr(err, "another aditd uses it"));
	state_close(sf);
	assert_int_equal(symlink(path, other), 0);
	assert_null(state_open(other, 7, 1, 1, &fresh, err));
	unlink(other);
	assert_null(state_open(dir, 7, 1, 1, &fresh, err));
	assert_null(state_open("/nonexistent/a/b", 7, 1, 1, &fresh, err));
	assert_non_null(strstr(err, "/nonexistent/a/b"));
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
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
		_exit(state_open(path, 7, 100, 10000, &fresh, err) ? 1 : 0);
	}
	wait(&fresh);
	assert_int_equal(fresh, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 1 << 20);
	sf = open_at(path, 7, &fresh);
	assert_int_equal(look(sf).version[1], 5);
	state_close(sf);
}

/* ------------------------------------------------------------------- kill */

#define KEYS 8

/* What the child is about to do and what it has done, by key. */
struct ack {
	volatile uint64_t seed;
	volatile uint64_t next;
	volatile uint64_t want[KEYS];
	volatile uint64_t done[KEYS];
};

/* Every fourth version of a key is its absence. */
static bool is_delete(uint64_t version)
{
	return version % 4 == 0;
}

static void work(struct state_file *sf, struct ack *a)
{
	for (;;) {
		uint64_t seed = a->seed;
		uint64_t key = next_random(&seed) % KEYS;
		uint64_t version = ++a->next;

		a->seed = seed;
		a->want[key] = version;
		if (is_delete(version))
			state_del(sf, STATE_SESSION, key);
		else
			put(sf, key, version);
		a->done[key] = version;
	}
}

static bool is_version(uint64_t found, uint64_t version)
{
	return found == (is_delete(version) ? 0 : version);
}

static void killed_at_random(void **state)
{
	struct ack *a = mmap(NULL, sizeof(*a), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct state_file *sf;
	uint64_t seed = 42;
	int fresh, status;

	(void)state;
	a->seed = 1;
	for (int round = 0; round < 250; round++) {
		struct timespec t = { .tv_nsec = (long)(next_random(&seed) %
							4000000) };
		pid_t pid = fork();
		struct found f;

		if (!pid) {
			sf = open_at(path, 7, &fresh);
			work(sf, a);
		}
		nanosleep(&t, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		sf = open_at(path, 7, &fresh);
		f = look(sf);
		for (int k = 0; k < KEYS; k++) {
			assert_true(is_version(f.version[k], a->done[k]) ||
				    is_version(f.version[k], a->want[k]));
			/* From here on this is what counts. */
			if (is_version(f.version[k], a->want[k]))
				a->done[k] = a->want[k];
			else
				a->want[k] = a->done[k];
		}
		state_close(sf);
	}
	assert_true(a->next > 1000);
	munmap(a, sizeof(*a));
}

/* ------------------------------------------------------------ single steps */

static void copy_image(const void *image, size_t size)
{
	int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, image, size), size);
	close(fd);
}

/* The child between two raises of SIGSTOP: a replacement, or a delete. */
static void step_child(uint64_t version)
{
	struct state_file *sf;
	struct content c;
	size_t len = make_content(&c, 2, version);
	int fresh;

	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	sf = open_at(path, 7, &fresh);
	raise(SIGSTOP);
	if (is_delete(version))
		state_del(sf, STATE_SESSION, 2);
	else
		state_put(sf, STATE_SESSION, 2, &c, len);
	raise(SIGSTOP);
	_exit(0);
}

/* Restarts from the file as it is now: key 1 untouched, key 2 old or new, and
 * never old again once it was new.
 */
static void check_image(const void *image, size_t size, uint64_t old,
			uint64_t new, bool *changed)
{
	struct state_file *sf;
	struct found f;
	int fresh;

	copy_image(image, size);
	sf = open_at(other, 7, &fresh);
	assert_false(fresh);
	f = look(sf);
	state_close(sf);
	assert_int_equal(f.version[1], 1);
	assert_true(is_version(f.version[2], new) ||
		    (!*changed && is_version(f.version[2], old)));
	*changed = is_version(f.version[2], new);
}

static void step(uint64_t old, uint64_t new)
{
	unsigned int steps = 0, images = 0;
	bool changed = false;
	struct stat st;
	void *now, *last;
	int status, fd;
	pid_t pid = fork();

	if (!pid)
		step_child(new);
	waitpid(pid, &status, 0);
	assert_true(WIFSTOPPED(status));
	fd = open(path, O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	now = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	last = calloc(1, (size_t)st.st_size);
	for (;;) {
		if (memcmp(now, last, (size_t)st.st_size)) {
			memcpy(last, now, (size_t)st.st_size);
			check_image(last, (size_t)st.st_size, old, new,
				    &changed);
			images++;
		}
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		waitpid(pid, &status, 0);
		assert_true(WIFSTOPPED(status));
		if (WSTOPSIG(status) != SIGTRAP)
			break;
		steps++;
	}
	assert_int_equal(WSTOPSIG(status), SIGSTOP);
	assert_true(changed);
	assert_true(steps > 20 && images > 2);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	munmap(now, (size_t)st.st_size);
	free(last);
	close(fd);
}

static void killed_at_every_instruction(void **state)
{
	static const uint64_t history[] = { 1, 2, 3, 4, 5 };
	struct state_file *sf;
	int fresh;

	(void)state;
	sf = open_at(path, 7, &fresh);
	put(sf, 1, 1);
	put(sf, 2, 1);
	state_close(sf);
	for (size_t i = 1; i < sizeof(history) / sizeof(history[0]); i++)
		step(history[i - 1], history[i]);
}

/* ------------------------------------------------------------- corruption */

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

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
		TEST(no_room),
		TEST(killed_at_random),
		TEST(killed_at_every_instruction),
		TEST(corrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
