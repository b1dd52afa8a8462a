// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connected sockets on loopback: both ways, a stranger, nobody there, the source.
 * Listening ones: anybody, and who it was.
 */
#include "kern/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ev.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
/* after what it needs */
#include <cmocka.h>

#define ID 17

static unsigned int n_got;
static uint32_t got_id;
static char got[8192];
static size_t got_len;

static void on_udp(struct kern *k, msec_t now, uint32_t id, const void *data,
		   size_t len)
{
	(void)k, (void)now;
	n_got++;
	got_id = id;
	got_len = len;
	memcpy(got, data, len);
}

static struct addr_port got_from;

static void on_udp_from(struct kern *k, msec_t now, uint32_t id,
			const struct addr_port *from, const void *data,
			size_t len)
{
	got_from = *from;
	on_udp(k, now, id, data, len);
}

static const struct kern_events events = { .udp = on_udp,
					   .udp_from = on_udp_from };
static struct kern kern = { .events = &events };
static const struct addr any;

static void turn(void)
{
	ev_run(kern.loop, EVRUN_NOWAIT);
}

/* A socket of the test's on 127.0.0.1; *at is where. */
static int server(struct addr_port *at)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sin, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	assert_int_equal(addr_from_sockaddr((struct sockaddr *)&sin, at), 0);
	return fd;
}

static void both_ways(void **state)
{
	struct addr source = addr_v4(0x7f000005);
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	struct addr_port at, other;
	int fd = server(&at), stranger = server(&other);
	char b[64], big[6000] = "";

	(void)state;
	assert_int_equal(udp_send(&kern, ID, "a", 1), -ENOTCONN);
	assert_int_equal(udp_open(&kern, &source, NULL, &at, ID), 0);
	assert_int_equal(udp_open(&kern, &source, NULL, &at, ID), -EEXIST);
	assert_int_equal(udp_send(&kern, ID, "hello", 5), 0);
	assert_int_equal(recvfrom(fd, b, sizeof(b), 0, (struct sockaddr *)&from,
				  &len),
			 5);
	assert_int_equal(ntohl(from.sin_addr.s_addr), 0x7f000005);
	/* The same words from elsewhere do not get in. */
	assert_int_equal(sendto(stranger, "spoof", 5, 0,
				(struct sockaddr *)&from, len),
			 5);
	turn();
	assert_int_equal(n_got, 0);
	assert_int_equal(sendto(fd, "answer", 6, 0, (struct sockaddr *)&from,
				len),
			 6);
	turn();
	assert_int_equal(n_got, 1);
	assert_int_equal(got_id, ID);
	assert_memory_equal(got, "answer", 6);
	/* Too long for RADIUS: cut, and still too long. */
	assert_int_equal(sendto(fd, big, sizeof(big), 0,
				(struct sockaddr *)&from, len),
			 sizeof(big));
	turn();
	assert_int_equal(n_got, 2);
	assert_int_equal(got_len, 4097);
	close(fd);
	close(stranger);
	udp_close(&kern);
}

/* ICMP says that nobody is there: whoever comes back hears the next datagram. */
static void nobody_there(void **state)
{
	struct addr_port at;
	int fd = server(&at);
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&at, &ss);
	char b[16];

	(void)state;
	close(fd);
	assert_int_equal(udp_open(&kern, &any, NULL, &at, 0), 0);
	for (int i = 0; i < 4; i++) {
		udp_send(&kern, 0, "lost", 4);
		turn();
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, len), 0);
	assert_int_equal(udp_send(&kern, 0, "heard", 5), 0);
	assert_int_equal(recv(fd, b, sizeof(b), 0), 5);
	close(fd);
	udp_close(&kern);
}

static void not_ours(void **state)
{
	struct addr source = addr_v4(0xc0000207);
	struct addr_port at = { .addr = addr_v4(0x7f000001), .port = 9 };

	(void)state;
	assert_int_equal(udp_open(&kern, &source, NULL, &at, 3),
			 -EADDRNOTAVAIL);
	assert_int_equal(udp_send(&kern, 3, "a", 1), -ENOTCONN);
	udp_close(&kern);
}

/* By a device: only what it carries; none of that name. Closed: its id is free, and
 * whoever hears something may close it.
 */
static void by_device(void **state)
{
	struct addr_port at;
	int fd = server(&at);
	char b[8];

	(void)state;
	assert_int_equal(udp_open(&kern, &any, "adit-none", &at, ID), -ENODEV);
	assert_int_equal(udp_open(&kern, &any, "lo", &at, ID), 0);
	assert_int_equal(udp_send(&kern, ID, "hello", 5), 0);
	assert_int_equal(recv(fd, b, sizeof(b), MSG_DONTWAIT), 5);
	udp_shut(&kern, ID);
	udp_shut(&kern, ID);
	assert_int_equal(udp_send(&kern, ID, "hello", 5), -ENOTCONN);
	assert_int_equal(udp_open(&kern, &any, "lo", &at, ID), 0);
	close(fd);
	udp_close(&kern);
}

static void on_udp_shut(struct kern *k, msec_t now, uint32_t id,
			const void *data, size_t len)
{
	on_udp(k, now, id, data, len);
	udp_shut(k, id);
}

static void shut_by_whom_it_tells(void **state)
{
	static const struct kern_events shutting = { .udp = on_udp_shut };
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	struct addr_port at;
	int fd = server(&at);
	char b[8];

	(void)state;
	n_got = 0;
	kern.events = &shutting;
	assert_int_equal(udp_open(&kern, &any, NULL, &at, ID), 0);
	assert_int_equal(udp_send(&kern, ID, "ask", 3), 0);
	assert_int_equal(recvfrom(fd, b, sizeof(b), 0, (struct sockaddr *)&from,
				  &len),
			 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sendto(fd, "told", 4, 0,
					(struct sockaddr *)&from, len),
				 4);
	turn();
	assert_int_equal(n_got, 1);
	kern.events = &events;
	close(fd);
	udp_close(&kern);
}

/* A port that is free now. */
static struct addr_port free_port(void)
{
	struct addr_port at;

	close(server(&at));
	return at;
}

/* Two senders, each gets the answer to its own; ids are no others' of kern_udp. */
static void listening(void **state)
{
	struct addr_port local = free_port(), at[2];
	int fd[2] = { server(&at[0]), server(&at[1]) };
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&local, &ss);
	char b[8];

	(void)state;
	n_got = 0;
	assert_int_equal(udp_answer(&kern, 0, &at[0], "a", 1), -ENOTCONN);
	assert_int_equal(udp_listen(&kern, &local, NULL, 0), 0);
	assert_int_equal(udp_listen(&kern, &local, NULL, 0), -EEXIST);
	assert_int_equal(udp_listen(&kern, &local, NULL, 1), -EADDRINUSE);
	assert_int_equal(udp_send(&kern, 0, "a", 1), -ENOTCONN);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sendto(fd[i], "ask", 3, 0,
					(struct sockaddr *)&ss, len),
				 3);
		turn();
		assert_int_equal(n_got, i + 1);
		assert_int_equal(got_id, 0);
		assert_int_equal(got_len, 3);
		assert_int_equal(got_from.port, at[i].port);
		assert_true(addr_eq(&got_from.addr, &at[i].addr));
		assert_int_equal(udp_answer(&kern, 0, &got_from, "told", 4), 0);
		assert_int_equal(recv(fd[i], b, sizeof(b), MSG_DONTWAIT), 4);
		close(fd[i]);
	}
	/* Nobody is there any more: the next one is heard all the same. */
	udp_answer(&kern, 0, &at[0], "told", 4);
	turn();
	fd[0] = server(&at[0]);
	assert_int_equal(sendto(fd[0], "ask", 3, 0, (struct sockaddr *)&ss,
				len),
			 3);
	turn();
	assert_int_equal(n_got, 3);
	close(fd[0]);
	udp_close(&kern);
}

/* At any address: who has asked at one of ours hears from that one, not from that which
 * is on the way to it.
 */
static void listening_at_any(void **state)
{
	static const char *const asked[] = { "127.0.0.1", "127.0.0.9",
					     "127.3.2.1" };
	struct addr_port local = free_port(), at, said;
	int fd = server(&at);

	(void)state;
	local.addr = addr_v4(0);
	assert_int_equal(udp_listen(&kern, &local, NULL, 0), 0);
	for (size_t i = 0; i < 3; i++) {
		struct addr_port to = { .port = local.port };
		struct sockaddr_storage ss;
		socklen_t len;
		char b[8];

		assert_int_equal(addr_parse(asked[i], &to.addr), 0);
		len = addr_to_sockaddr(&to, &ss);
		assert_int_equal(sendto(fd, "ask", 3, 0, (struct sockaddr *)&ss,
					len),
				 3);
		turn();
		assert_int_equal(udp_answer(&kern, 0, &got_from, "told", 4), 0);
		len = sizeof(ss);
		assert_int_equal(recvfrom(fd, b, sizeof(b), MSG_DONTWAIT,
					  (struct sockaddr *)&ss, &len),
				 4);
		assert_int_equal(addr_from_sockaddr((struct sockaddr *)&ss,
						    &said),
				 0);
		assert_true(addr_eq(&said.addr, &to.addr));
		assert_int_equal(said.port, to.port);
	}
	close(fd);
	udp_close(&kern);
}

static void listening_at_any6(void **state)
{
	struct addr_port local = free_port(), to = { .port = local.port };
	struct sockaddr_storage ss;
	socklen_t len;
	char b[8];
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	(void)state;
	local.addr = (struct addr){ .family = AF_INET6 };
	assert_int_equal(addr_parse("::1", &to.addr), 0);
	len = addr_to_sockaddr(&to, &ss);
	assert_int_equal(udp_listen(&kern, &local, NULL, 0), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&ss, len), 0);
	assert_int_equal(send(fd, "ask", 3, 0), 3);
	turn();
	assert_int_equal(udp_answer(&kern, 0, &got_from, "told", 4), 0);
	assert_int_equal(recv(fd, b, sizeof(b), MSG_DONTWAIT), 4);
	close(fd);
	udp_close(&kern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(by_device),
		cmocka_unit_test(shut_by_whom_it_tells),
		cmocka_unit_test(listening),
		cmocka_unit_test(listening_at_any),
		cmocka_unit_test(listening_at_any6),
	};

	kern.loop = ev_default_loop(0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
