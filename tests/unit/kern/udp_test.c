// SPDX-License-Identifier: GPL-2.0-or-later
/* Connected sockets on loopback: both ways, a stranger, nobody there, the source. */
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

static const struct kern_events events = { .udp = on_udp };
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
	assert_int_equal(udp_open(&kern, &source, &at, ID), 0);
	assert_int_equal(udp_open(&kern, &source, &at, ID), -EEXIST);
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
	assert_int_equal(udp_open(&kern, &any, &at, 0), 0);
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
	assert_int_equal(udp_open(&kern, &source, &at, 3), -EADDRNOTAVAIL);
	assert_int_equal(udp_send(&kern, 3, "a", 1), -ENOTCONN);
	udp_close(&kern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(not_ours),
	};

	kern.loop = ev_default_loop(0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
