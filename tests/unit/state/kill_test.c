// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A daemon killed at random, and at every instruction that writes: what it had stored
 * is in the state file, what it was storing is there or not.
 */
#include "content.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(killed_at_random),
		TEST(killed_at_every_instruction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
