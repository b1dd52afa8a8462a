// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket's server over a real UNIX socket: requests cut anywhere,
 * hostile bytes, readers that do not read, stale sockets.
 */
#include "ctl/server.h"

#include "adit/ctl.h"
#include "base/ctl_types.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define IN_MAX (1 << 20)

static char dir[64], path[96];
static struct ev_loop *loop;
static struct ctl_server *server;
static unsigned int records; /* of the next show */
static uint8_t in[IN_MAX];

static int show(struct ctl_client *c, const struct nlattr *const *attrs,
		void *user, const char **text)
{
	unsigned int i;

	assert_ptr_equal(user, &records);
	(void)text;
	for (i = 0; i < records; i++) {
		struct nlmsghdr *m = ctl_record(c, CTL_KIND_SUBSCRIBER);

		mnl_attr_put_u64(m, CTL_A_ID, i);
		if (attrs[CTL_A_USER])
			mnl_attr_put_strz(m, CTL_A_USER,
					  mnl_attr_get_str(attrs[CTL_A_USER]));
		ctl_send(c, m);
	}
	return 0;
}

static int refuse(struct ctl_client *c, const struct nlattr *const *attrs,
		  void *user, const char **text)
{
	(void)c;
	(void)attrs;
	(void)user;
	*text = "no such subscriber";
	return -ENOENT;
}

static struct ctl_client *waiting;
static int gone;

static void on_gone(void *user)
{
	assert_ptr_equal(user, &waiting);
	gone++;
}

/* Answers when the test lets it. */
static int later(struct ctl_client *c, const struct nlattr *const *attrs,
		 void *user, const char **text)
{
	show(c, attrs, user, text);
	ctl_later(c, on_gone, &waiting);
	waiting = c;
	return 0;
}

static const struct ctl_verb_row verbs[] = {
	{ CTL_TUNNEL_TEST, later },
	{ CTL_SUBSCRIBER_SHOW, show },
	{ CTL_SUBSCRIBER_DEL, refuse },
};

static struct ctl_server *open_server(char err[CTL_ERROR_MAX])
{
	return ctl_server_open(loop, path, verbs, 3, &records, err);
}

static int setup(void **state)
{
	char err[CTL_ERROR_MAX];

	(void)state;
	strcpy(dir, "/tmp/adit-ctl.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/run/ctl", dir);
	loop = ev_loop_new(0);
	server = open_server(err);
	records = 1;
	return server ? 0 : -1;
}

static int teardown(void **state)
{
	char parent[80];

	(void)state;
	ctl_server_close(server);
	ev_loop_destroy(loop);
	snprintf(parent, sizeof(parent), "%s/run", dir);
	return rmdir(parent) || rmdir(dir);
}

static void turn(int n)
{
	while (n--)
		ev_run(loop, EVRUN_NOWAIT);
}

static int dial(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(at.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	turn(1);
	return fd;
}

static struct nlmsghdr *request(uint16_t verb, const char *user)
{
	static uint8_t buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *m;

	memset(buf, 0, sizeof(buf));
	m = mnl_nlmsg_put_header(buf);
	m->nlmsg_type = verb;
	m->nlmsg_seq = 7;
	if (user)
		mnl_attr_put_strz(m, CTL_A_USER, user);
	return m;
}

/* How many records come before the end, whose code is stored; -1: no end. */
static int answer(int fd, int *code)
{
	size_t have = 0;
	int n = 0, idle = 0;

	while (idle < 3) {
		struct nlmsghdr *m = (void *)in;
		ssize_t got;

		turn(1);
		got = recv(fd, in + have, sizeof(in) - have, 0);
		idle = got > 0 ? 0 : idle + 1;
		have += got > 0 ? (size_t)got : 0;
		while (have >= sizeof(*m) && have >= m->nlmsg_len) {
			struct nlattr *a = mnl_nlmsg_get_payload(m);

			assert_true(m->nlmsg_len >= sizeof(*m));
			if (m->nlmsg_type == CTL_END) {
				*code = (int)mnl_attr_get_u32(a);
				return n;
			}
			assert_int_equal(m->nlmsg_type, CTL_RECORD);
			n++;
			have -= m->nlmsg_len;
			memmove(in, in + m->nlmsg_len, have);
		}
	}
	return -1;
}

static bool hung_up(int fd)
{
	ssize_t n;

	turn(3);
	do
		n = recv(fd, in, sizeof(in), 0);
	while (n > 0);
	return n == 0 || errno == ECONNRESET;
}

static void test_answer(void **state)
{
	int fd = dial(), code = 1;
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "alice");
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	records = 3;
	send(fd, m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd, &code), 3);
	assert_int_equal(code, 0);
	m = request(CTL_SUBSCRIBER_DEL, NULL);
	send(fd, m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd, &code), 0);
	assert_int_equal(code, -ENOENT);
	m = request(0x7fff, NULL);
	send(fd, m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd, &code), 0);
	assert_int_equal(code, -EOPNOTSUPP);
	close(fd);
}

/* Byte by byte; and several requests in one write. */
static void test_pieces(void **state)
{
	int fd = dial(), code = 1, i;
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "bob");
	uint8_t three[300];
	size_t at;

	(void)state;
	for (at = 0; at < m->nlmsg_len; at++) {
		send(fd, (uint8_t *)m + at, 1, 0);
		turn(1);
	}
	assert_int_equal(answer(fd, &code), 1);
	for (at = 0, i = 0; i < 3; i++, at += m->nlmsg_len)
		memcpy(three + at, m, m->nlmsg_len);
	send(fd, three, at, 0);
	turn(4);
	at = (size_t)recv(fd, in, sizeof(in), 0);
	for (m = (void *)in, i = 0; at;
	     m = (void *)((char *)m + m->nlmsg_len)) {
		i += m->nlmsg_type == CTL_END;
		at -= m->nlmsg_len;
	}
	assert_int_equal(i, 3);
	close(fd);
}

static void test_big_answer(void **state)
{
	int fd = dial(), code = 1;
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "carol@isp.example");

	(void)state;
	records = 60000;
	send(fd, m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd, &code), 60000);
	assert_int_equal(code, 0);
	close(fd);
}

static void malformed(const void *data, size_t len)
{
	int fd = dial(), code = 0;

	send(fd, data, len, 0);
	assert_int_equal(answer(fd, &code), 0);
	assert_int_equal(code, -EBADMSG);
	assert_true(hung_up(fd));
	close(fd);
}

static void test_malformed(void **state)
{
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "x");
	struct nlattr *a = mnl_nlmsg_get_payload(m);

	(void)state;
	m->nlmsg_len = 3;
	malformed(m, 64);
	m = request(CTL_SUBSCRIBER_SHOW, "x");
	m->nlmsg_len = CTL_MESSAGE_MAX + 4;
	malformed(m, 64);
	m = request(CTL_SUBSCRIBER_SHOW, "x");
	m->nlmsg_len++;
	malformed(m, 64);
	m = request(CTL_SUBSCRIBER_SHOW, "x");
	a->nla_len = 200; /* beyond the message */
	malformed(m, m->nlmsg_len);
	m = request(CTL_SUBSCRIBER_SHOW, "x");
	a->nla_len = 5; /* no NUL at its end */
	malformed(m, m->nlmsg_len);
	m = request(CTL_SUBSCRIBER_SHOW, "x");
	a->nla_type = CTL_A_ID; /* of a wrong size */
	malformed(m, m->nlmsg_len);
}

static void test_hostile(void **state)
{
	unsigned int round, i;

	(void)state;
	srandom(4242);
	records = 2;
	for (round = 0; round < 400; round++) {
		struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "mallory");
		uint8_t *b = (uint8_t *)m;
		size_t len = m->nlmsg_len;
		int fd = dial();

		for (i = 0; i < 1 + round % 4; i++)
			b[(size_t)random() % len] = (uint8_t)random();
		send(fd, b, len, 0);
		send(fd, b, (size_t)random() % len, MSG_NOSIGNAL);
		turn(2);
		close(fd);
		turn(1);
	}
	test_answer(state);
}

static int watcher(void)
{
	struct nlmsghdr *m = request(CTL_MONITOR, NULL);
	int fd = dial();

	send(fd, m, m->nlmsg_len, 0);
	turn(1);
	return fd;
}

static void publish(unsigned int n)
{
	char pad[1000];

	memset(pad, 'x', sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = 0;
	while (n--) {
		struct nlmsghdr *m = ctl_event(server, "up");

		if (!m)
			return;
		mnl_attr_put_strz(m, CTL_A_USER, pad);
		ctl_publish(server, m);
	}
}

static void test_monitor(void **state)
{
	int fd, slow, code;

	(void)state;
	assert_null(ctl_event(server, "up"));
	fd = watcher();
	slow = watcher();
	publish(1);
	assert_int_equal(answer(fd, &code), -1); /* a record, and no end */
	publish(2000);
	turn(2);
	assert_true(recv(fd, in, sizeof(in), 0) > 0);
	/* One reads, one does not: 4 MB and what the socket holds. */
	for (code = 0; code < 20; code++) {
		publish(500);
		turn(20);
		while (recv(fd, in, sizeof(in), 0) > 0)
			turn(1);
	}
	assert_true(hung_up(slow));
	assert_non_null(ctl_event(server, "up"));
	close(fd);
	turn(2);
	assert_null(ctl_event(server, "up"));
	close(slow);
}

static void test_many_clients(void **state)
{
	int fd[70], code = 0, i;

	(void)state;
	for (i = 0; i < 64; i++)
		fd[i] = dial();
	fd[64] = dial();
	assert_int_equal(answer(fd[64], &code), 0);
	assert_int_equal(code, -EBUSY);
	for (i = 0; i <= 64; i++)
		close(fd[i]);
	turn(3);
	test_answer(state);
}

static void wait_for(double seconds)
{
	usleep((useconds_t)(seconds * 1e6));
	turn(2);
}

/* All places taken: who has been idle longest loses his. */
static void test_idle_gives_way(void **state)
{
	int fd[64], code = 1, i, watch = watcher();
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "frank");

	(void)state;
	for (i = 0; i < 63; i++)
		fd[i] = dial();
	wait_for(1.1);
	send(fd[0], m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd[0], &code), 1);
	fd[63] = dial();
	send(fd[63], m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd[63], &code), 1);
	assert_true(hung_up(fd[1]));
	for (i = 0; i < 64; i++)
		if (i != 1)
			assert_false(hung_up(fd[i]));
	assert_false(hung_up(watch));
	for (i = 0; i < 64; i++)
		close(fd[i]);
	close(watch);
	turn(3);
	test_answer(state);
}

/* Nobody keeps a place, or an answer of megabytes, for ever; a monitor may. */
static void test_idle(void **state)
{
	struct nlmsghdr *m;
	int watch, quiet, stalled, slow, busy, later_fd, code;

	(void)state;
	ctl_server_set_idle(server, 0.5);
	watch = watcher();
	quiet = dial();
	busy = dial();
	stalled = dial();
	later_fd = dial();
	records = 60000;
	m = request(CTL_SUBSCRIBER_SHOW, "grace");
	send(stalled, m, m->nlmsg_len, 0);
	slow = dial();
	send(slow, m, m->nlmsg_len, 0);
	turn(3);
	records = 1;
	m = request(CTL_TUNNEL_TEST, NULL);
	send(later_fd, m, m->nlmsg_len, 0);
	gone = 0;
	for (int i = 0; i < 8; i++) {
		m = request(CTL_SUBSCRIBER_SHOW, "heidi");
		send(busy, m, m->nlmsg_len, 0);
		assert_int_equal(answer(busy, &code), 1);
		assert_true(recv(slow, in, 1 << 17, 0) > 0);
		wait_for(0.1);
	}
	assert_false(hung_up(slow));
	assert_true(hung_up(quiet));
	assert_true(hung_up(stalled));
	assert_false(hung_up(busy));
	assert_false(hung_up(watch));
	assert_int_equal(gone, 0);
	close(quiet);
	close(stalled);
	close(slow);
	close(busy);
	close(watch);
	close(later_fd);
	turn(3);
	assert_int_equal(gone, 1);
}

static void test_stale(void **state)
{
	char err[CTL_ERROR_MAX];
	char aside[128];
	int fd;

	(void)state;
	assert_null(open_server(err));
	assert_non_null(strstr(err, "another daemon"));
	/* A daemon that was killed leaves its socket behind. */
	snprintf(aside, sizeof(aside), "%s/aside", dir);
	assert_int_equal(rename(path, aside), 0);
	ctl_server_close(server);
	assert_int_equal(rename(aside, path), 0);
	server = open_server(err);
	assert_non_null(server);
	test_answer(state);
	/* What is no socket is left alone. */
	ctl_server_close(server);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	server = open_server(err);
	assert_null(server);
	assert_non_null(strstr(err, "not a socket"));
	assert_int_equal(unlink(path), 0);
	server = open_server(err);
	assert_non_null(server);
}

/* A client that goes away in the middle of its answer. */
static void test_leaves(void **state)
{
	struct nlmsghdr *m = request(CTL_SUBSCRIBER_SHOW, "dave");
	int fd = dial();

	(void)state;
	records = 50000;
	send(fd, m, m->nlmsg_len, 0);
	turn(1);
	close(fd);
	turn(3);
	test_answer(state);
}

/* An answer that takes its time: what is asked after it waits, and who hangs up
 * or does not stop asking is told of.
 */
static void test_later(void **state)
{
	struct nlmsghdr *m = request(CTL_TUNNEL_TEST, NULL);
	static const uint16_t want[5] = { CTL_RECORD, CTL_RECORD, CTL_END,
					  CTL_RECORD, CTL_END };
	static uint8_t junk[2 * CTL_MESSAGE_MAX];
	int fd = dial(), code = 1, n = 0, left;
	uint16_t types[5];

	(void)state;
	gone = 0;
	send(fd, m, m->nlmsg_len, 0);
	m = request(CTL_SUBSCRIBER_SHOW, "erin");
	send(fd, m, m->nlmsg_len, 0);
	assert_int_equal(answer(fd, &code), -1);
	ctl_send(waiting, ctl_record(waiting, CTL_KIND_TEST));
	ctl_send(waiting, ctl_record(waiting, CTL_KIND_TEST));
	ctl_finish(waiting, -EBUSY, "not now");
	turn(3);
	left = (int)recv(fd, in, sizeof(in), 0);
	for (m = (void *)in; mnl_nlmsg_ok(m, left);
	     m = mnl_nlmsg_next(m, &left)) {
		assert_true(n < 5);
		types[n++] = m->nlmsg_type;
	}
	assert_int_equal(n, 5);
	assert_memory_equal(types, want, sizeof(want));
	assert_int_equal(gone, 0);
	m = request(CTL_TUNNEL_TEST, NULL);
	send(fd, m, m->nlmsg_len, 0);
	turn(2);
	close(fd);
	turn(3);
	assert_int_equal(gone, 1);
	fd = dial();
	send(fd, m, m->nlmsg_len, 0);
	turn(2);
	for (int i = 0; i < 2; i++) {
		send(fd, junk, sizeof(junk), MSG_NOSIGNAL);
		turn(3);
	}
	assert_true(hung_up(fd));
	assert_int_equal(gone, 2);
	close(fd);
}

/* One without a type would pass with any length and no end. */
static void every_attribute_has_its_type(void **state)
{
	(void)state;
	for (int i = 1; i <= CTL_A_MAX; i++)
		assert_int_not_equal(ctl_types[i], MNL_TYPE_UNSPEC);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_attribute_has_its_type),
		TEST(test_answer),
		TEST(test_pieces),
		TEST(test_big_answer),
		TEST(test_malformed),
		TEST(test_hostile),
		TEST(test_monitor),
		TEST(test_many_clients),
		TEST(test_idle_gives_way),
		TEST(test_idle),
		TEST(test_stale),
		TEST(test_leaves),
		TEST(test_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
