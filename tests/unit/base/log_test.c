// SPDX-License-Identifier: GPL-2.0-or-later
/* The log's reader stalls: nobody waits for it, and it learns what it has missed. */
#include "base/log.h"

#include "l2tp/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINES 2000

static int saved;

/* fd is standard error from now on. */
static void take(int fd)
{
	saved = dup(STDERR_FILENO);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
}

static void give_back(void)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/* What is there now; each line is whole. */
static char *drain(int fd)
{
	static char all[1 << 22];
	ssize_t n, len = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((n = read(fd, all + len, sizeof(all) - 1 - (size_t)len)) > 0)
		len += n;
	all[len] = 0;
	return all;
}

static unsigned int lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void stalls(int from, int to)
{
	uint64_t before = log_lost(), lost;
	char filler[900], expect[128];
	unsigned int got;

	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = 0;
	take(to);
	alarm(20); /* it must not wait */
	for (unsigned int i = 0; i < LINES; i++)
		log_warn("%s", filler);
	alarm(0);
	lost = log_lost() - before;
	got = lines(drain(from));
	log_warn("and on");
	log_warn("and on");
	snprintf(expect, sizeof(expect),
		 "aditd: %u lines of this log were lost\n"
		 "aditd: and on\naditd: and on\n",
		 (unsigned int)lost);
	give_back();
	assert_true(lost && got);
	assert_int_equal(got + lost, LINES);
	assert_int_equal(log_lost() - before, lost);
	assert_string_equal(drain(from), expect);
	close(from);
}

static void a_socket(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	stalls(fd[0], fd[1]);
}

static void a_pipe(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	stalls(fd[0], fd[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket), /* first: then it is none */
		cmocka_unit_test(a_pipe),
	};

	unsetenv("JOURNAL_STREAM");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
