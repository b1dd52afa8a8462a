// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden output: hand-built messages of the module's and of the daemon's through
 * the printing functions; extack texts; broken messages by seed.
 */
#include "cli/conn.h"
#include "cli/destination.h"
#include "cli/endpoint.h"
#include "cli/level.h"
#include "cli/monitor.h"
#include "cli/pool.h"
#include "cli/pppoe.h"
#include "cli/radius.h"
#include "cli/session.h"
#include "cli/subscriber.h"
#include "cli/tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static uint8_t raw[8192] __attribute__((aligned(8)));
static char *buf;
static size_t size;
static struct cli c;

static struct nlmsghdr *message(void)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);

	m->nlmsg_type = 0x20;
	mnl_nlmsg_put_extra_header(m, sizeof(struct genlmsghdr));
	return m;
}

static void begin(const char *flags)
{
	memset(&c, 0, sizeof(c));
	c.out.f = open_memstream(&buf, &size);
	c.out.json = strchr(flags, 'j');
	c.brief = strchr(flags, 'b');
	c.stats = !!strchr(flags, 's');
	c.details = strchr(flags, 'd');
}

static void expect(const char *text)
{
	out_end(&c.out);
	fclose(c.out.f);
	assert_string_equal(buf, text);
	free(buf);
}

typedef void fields_fn(struct cli *c, const struct nlattr *const *tb);

static void print(fields_fn *fn, const char *flags, const char *want)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];

	begin(flags);
	assert_int_equal(genl_parse((void *)raw, tb), 0);
	out_object(&c.out);
	fn(&c, tb);
	out_object_end(&c.out);
	expect(want);
}

static void put_stats(struct nlmsghdr *m)
{
	struct nlattr *n = mnl_attr_nest_start(m, ADIT_A_STATS);
	uint16_t i;

	for (i = ADIT_STAT_RX_PACKETS; i <= ADIT_STAT_MAX; i++)
		mnl_attr_put_u64(m, i, 10u * i);
	mnl_attr_nest_end(m, n);
}

static void put_v4(struct nlmsghdr *m, uint16_t type, uint32_t a)
{
	mnl_attr_put_u32(m, type, htonl(a));
}

static void tunnel(void **state)
{
	struct nlmsghdr *m = message();

	(void)state;
	mnl_attr_put_u16(m, ADIT_A_TUNNEL_ID, 17);
	mnl_attr_put_u16(m, ADIT_A_PEER_TUNNEL_ID, 4242);
	mnl_attr_put_u32(m, ADIT_A_ENDPOINT_ID, 1);
	put_v4(m, ADIT_A_REMOTE, 0xc0000209);
	mnl_attr_put_u16(m, ADIT_A_REMOTE_PORT, 1701);
	put_v4(m, ADIT_A_LOCAL, 0xc0000201);
	mnl_attr_put_u16(m, ADIT_A_LOCAL_PORT, 1701);
	mnl_attr_put_u8(m, ADIT_A_UDP_CSUM, 1);
	mnl_attr_put_u8(m, ADIT_A_DSCP, 46);
	mnl_attr_put_u8(m, ADIT_A_ECN, 0);
	mnl_attr_put_u8(m, ADIT_A_DF, ADIT_DF_INHERIT);
	mnl_attr_put_u32(m, ADIT_A_PATH_MTU, 1400);
	mnl_attr_put_u8(m, ADIT_A_IPSEC, 1);
	mnl_attr_put_strz(m, ADIT_A_LABEL, "lns-2");
	mnl_attr_put_u64(m, ADIT_A_COOKIE, 0x1f);
	mnl_attr_put_u32(m, ADIT_A_SESSIONS, 3);
	put_stats(m);
	print(tunnel_fields, "",
	      "tunnel 17 peer 4242 lns-2 remote "
	      "192.0.2.9:1701 endpoint 1 sessions 3\n");
	print(tunnel_fields, "b",
	      "tunnel 17 peer 4242 lns-2 remote 192.0.2.9:1701\n");
	print(tunnel_fields, "ds",
	      "tunnel 17 peer 4242 lns-2 remote 192.0.2.9:1701 endpoint 1 "
	      "sessions 3\n    local 192.0.2.1:1701 udp-csum on dscp 46 ecn off "
	      "df inherit ipsec on path-mtu 1400 cookie 0x1f\n"
	      "    rx packets 20 bytes 30 drops 40\n"
	      "    tx packets 50 bytes 60 drops 70\n"
	      "    control rx 80 tx 90\n");
	print(tunnel_fields, "js",
	      "[{\"tunnel_id\":17,\"peer_tunnel_id\":4242,\"peer\":\"lns-2\","
	      "\"remote\":\"192.0.2.9\",\"remote_port\":1701,"
	      "\"endpoint_id\":1,\"sessions\":3,\"stats\":{"
	      "\"rx_packets\":20,\"rx_bytes\":30,\"rx_drops\":40,"
	      "\"tx_packets\":50,\"tx_bytes\":60,\"tx_drops\":70,"
	      "\"rx_control\":80,\"tx_control\":90}}]\n");
}

static void endpoint(void **state)
{
	struct nlmsghdr *m = message();
	uint8_t a[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

	(void)state;
	mnl_attr_put_u32(m, ADIT_A_ENDPOINT_ID, 2);
	mnl_attr_put(m, ADIT_A_LOCAL, 16, a);
	mnl_attr_put_u16(m, ADIT_A_LOCAL_PORT, 1701);
	mnl_attr_put_u32(m, ADIT_A_IFINDEX, if_nametoindex("lo"));
	print(endpoint_fields, "",
	      "endpoint 2 local [2001:db8::1]:1701 dev lo\n");
	print(endpoint_fields, "j",
	      "[{\"endpoint_id\":2,\"local\":\"2001:db8::1\","
	      "\"local_port\":1701,\"dev\":\"lo\"}]\n");
}

static struct nlmsghdr *session_begin(void)
{
	struct nlmsghdr *m = message();

	mnl_attr_put_u16(m, ADIT_A_TUNNEL_ID, 17);
	mnl_attr_put_u16(m, ADIT_A_SESSION_ID, 4242);
	mnl_attr_put_u16(m, ADIT_A_PEER_SESSION_ID, 9);
	mnl_attr_put_strz(m, ADIT_A_LABEL, "al\033ice@isp.example");
	return m;
}

static void session_of_link(void **state)
{
	struct nlmsghdr *m = session_begin();
	struct nlattr *n = mnl_attr_nest_start(m, ADIT_A_TO_LINK);

	(void)state;
	mnl_attr_put_u32(m, ADIT_A_IFINDEX, if_nametoindex("lo"));
	mnl_attr_put_u16(m, ADIT_A_VLAN_OUTER, 100);
	mnl_attr_put_u16(m, ADIT_A_SESSION_ID, 7);
	mnl_attr_nest_end(m, n);
	print(session_fields, "",
	      "session 17/4242 peer 9 user al?ice@isp.example bound pppoe "
	      "lo.100/7\n");
	print(session_fields, "b",
	      "session 17/4242 user al?ice@isp.example bound pppoe lo.100/7\n");
	print(session_fields, "j",
	      "[{\"tunnel_id\":17,\"session_id\":4242,\"peer_session_id\":9,"
	      "\"user\":\"al\\u001bice@isp.example\",\"bound\":{\"kind\":"
	      "\"pppoe\",\"dev\":\"lo\",\"vlan_outer\":100,"
	      "\"session_id\":7}}]\n");
}

static void session_of_device(void **state)
{
	struct nlmsghdr *m = session_begin();
	struct nlattr *n, *one;

	(void)state;
	print(session_fields, "",
	      "session 17/4242 peer 9 user al?ice@isp.example unbound\n");
	mnl_attr_put_u32(m, ADIT_A_TO_IFINDEX, if_nametoindex("lo"));
	n = mnl_attr_nest_start(m, ADIT_A_ADDRS);
	one = mnl_attr_nest_start(m, ADIT_A_ADDR);
	put_v4(m, ADIT_A_PREFIX, 0x64400001);
	mnl_attr_put_u8(m, ADIT_A_PREFIX_LEN, 32);
	mnl_attr_nest_end(m, one);
	mnl_attr_nest_end(m, n);
	print(session_fields, "",
	      "session 17/4242 peer 9 user al?ice@isp.example bound device lo "
	      "addr 100.64.0.1/32\n");
	print(session_fields, "j",
	      "[{\"tunnel_id\":17,\"session_id\":4242,\"peer_session_id\":9,"
	      "\"user\":\"al\\u001bice@isp.example\",\"bound\":{\"kind\":"
	      "\"device\",\"dev\":\"lo\",\"addresses\":"
	      "[\"100.64.0.1/32\"]}}]\n");
}

static void put_police(struct nlmsghdr *m, uint16_t type)
{
	struct nlattr *n = mnl_attr_nest_start(m, type);
	uint16_t i;

	mnl_attr_put_u32(m, ADIT_POLICE_BURST, 65536);
	mnl_attr_put_u64(m, ADIT_POLICE_PEAK_RATE, 20000500);
	mnl_attr_put_u32(m, ADIT_POLICE_PEAK_BURST, 1500);
	mnl_attr_put_u8(m, ADIT_POLICE_GREEN_DSCP, 0);
	mnl_attr_put_u32(m, ADIT_POLICE_YELLOW_MARK, 16);
	mnl_attr_put_u64(m, ADIT_POLICE_RATE, 10000000);
	for (i = ADIT_POLICE_GREEN_PACKETS; i <= ADIT_POLICE_MAX; i++)
		mnl_attr_put_u64(m, i, i);
	mnl_attr_nest_end(m, n);
}

static void rates(void **state)
{
	struct nlmsghdr *m = session_begin();
	struct nlattr *n;
	uint16_t i;

	(void)state;
	mnl_attr_put_u32(m, ADIT_A_MARK, 42);
	mnl_attr_put_u32(m, ADIT_A_PRIORITY, 0x10014);
	put_police(m, ADIT_A_POLICE_RX);
	n = mnl_attr_nest_start(m, ADIT_A_PACE);
	mnl_attr_put_u64(m, ADIT_PACE_RATE, 64000);
	mnl_attr_put_u32(m, ADIT_PACE_HORIZON, 2000);
	for (i = ADIT_PACE_PACKETS; i <= ADIT_PACE_MAX; i++)
		mnl_attr_put_u64(m, i, i);
	mnl_attr_nest_end(m, n);
	print(session_fields, "",
	      "session 17/4242 peer 9 user al?ice@isp.example unbound\n");
	print(session_fields, "s",
	      "session 17/4242 peer 9 user al?ice@isp.example unbound\n"
	      "    mark 0x2a priority 0x10014\n"
	      "    police rx rate 10mbit burst 64k peakrate 20000500bit "
	      "peakburst 1500b green-dscp 0 yellow-mark 0x10\n"
	      "      green packets 10 bytes 11 yellow packets 12 bytes 13 "
	      "red packets 14 bytes 15\n"
	      "    pace rate 64kbit horizon 2s\n"
	      "      packets 4 bytes 5 dropped packets 6 bytes 7\n");
	print(session_fields, "jd",
	      "[{\"tunnel_id\":17,\"session_id\":4242,\"peer_session_id\":9,"
	      "\"user\":\"al\\u001bice@isp.example\",\"bound\":{\"kind\":"
	      "\"none\"},\"seq\":false,\"mark\":42,\"priority\":65556,"
	      "\"police_rx\":{\"rate\":10000000,\"burst\":65536,"
	      "\"peak_rate\":20000500,\"peak_burst\":1500,\"green_dscp\":0,"
	      "\"yellow_mark\":16},\"pace\":{\"rate\":64000,"
	      "\"horizon\":2000}}]\n");
}

static void pppoe(void **state)
{
	struct nlmsghdr *m = message();
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct nlattr *n;

	(void)state;
	mnl_attr_put_u32(m, ADIT_A_IFINDEX, if_nametoindex("lo"));
	mnl_attr_put_u16(m, ADIT_A_SESSION_ID, 7);
	mnl_attr_put(m, ADIT_A_MAC, 6, mac);
	n = mnl_attr_nest_start(m, ADIT_A_TO_LINK);
	mnl_attr_put_u16(m, ADIT_A_TUNNEL_ID, 17);
	mnl_attr_put_u16(m, ADIT_A_SESSION_ID, 4242);
	mnl_attr_nest_end(m, n);
	print(pppoe_fields, "",
	      "pppoe lo/7 mac 02:00:00:00:00:01 bound session 17/4242\n");
	print(pppoe_fields, "j",
	      "[{\"dev\":\"lo\",\"session_id\":7,\"mac\":"
	      "\"02:00:00:00:00:01\",\"bound\":{\"kind\":\"session\","
	      "\"tunnel_id\":17,\"session_id\":4242}}]\n");
}

static void events(void **state)
{
	const struct nlattr *tb[ADIT_A_MAX + 1];
	struct monitor m = { &c, 1u << MONITOR_SESSION };

	(void)state;
	session_begin();
	assert_int_equal(genl_parse((void *)raw, tb), 0);
	begin("");
	monitor_event(tb, ADIT_CMD_TUNNEL_DEL, &m);
	monitor_event(tb, ADIT_CMD_SESSION_DEL, &m);
	expect("del session 17/4242 peer 9 user al?ice@isp.example unbound\n");
	begin("j");
	c.out.lines = true;
	monitor_event(tb, ADIT_CMD_SESSION_NEW, &m);
	expect("{\"event\":\"new\",\"object\":\"session\",\"tunnel_id\":17,"
	       "\"session_id\":4242,\"peer_session_id\":9,"
	       "\"user\":\"al\\u001bice@isp.example\","
	       "\"bound\":{\"kind\":\"none\"}}\n");
}

static void extack(void **state)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(m, sizeof(*e));
	char err[GENL_ERROR_MAX];

	(void)state;
	m->nlmsg_type = NLMSG_ERROR;
	e->error = -EBUSY;
	e->msg.nlmsg_len = 60; /* not there: capped */
	genl_refusal(m, e->error, err);
	assert_string_equal(err,
			    "adit: the kernel refused: Device or resource busy");
	m->nlmsg_flags = NLM_F_CAPPED | NLM_F_ACK_TLVS;
	mnl_attr_put_strz(m, NLMSGERR_ATTR_MSG, "tunnel 17 has \033sessions");
	genl_refusal(m, e->error, err);
	assert_string_equal(err, "Error: tunnel 17 has ?sessions.");
	m->nlmsg_flags = 0;
	genl_refusal(m, -EPERM, err);
	assert_string_equal(err,
			    "adit: not permitted: this wants CAP_NET_ADMIN");
}

/* Broken in any place: refused or printed, never read beyond. */
static void broken(void **state)
{
	static fields_fn *const fns[] = { tunnel_fields, session_fields,
					  pppoe_fields, endpoint_fields };
	const struct nlattr *tb[ADIT_A_MAX + 1];
	uint8_t whole[1024];
	int round, i;

	(void)state;
	session_of_device(NULL);
	put_stats((void *)raw);
	memcpy(whole, raw, sizeof(whole));
	srandom(1701);
	for (round = 0; round < 20000; round++) {
		struct nlmsghdr *m = (void *)raw;
		uint32_t len = ((struct nlmsghdr *)whole)->nlmsg_len;
		struct nlmsghdr *exact;

		memcpy(raw, whole, sizeof(whole));
		for (i = 0; i < 1 + round % 3; i++)
			raw[20 + (uint32_t)random() % (len - 20)] =
				(uint8_t)random();
		m->nlmsg_len = len;
		/* On the heap, so that a sanitizer sees its end. */
		exact = malloc(len);
		memcpy(exact, raw, len);
		begin(round & 1 ? "js" : "ds");
		if (!genl_parse(exact, tb))
			fns[round % 4](&c, tb);
		fclose(c.out.f);
		free(buf);
		free(exact);
	}
}

static void take_record(const struct nlattr *const *tb, void *user)
{
	out_object(&c.out);
	subscriber_fields(user, tb);
	out_object_end(&c.out);
}

static void daemon_record(void **state)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);
	char err[CONN_ERROR_MAX] = "";
	struct conn *conn;
	int fd[2], rc = 1;
	uint32_t at;

	(void)state;
	m->nlmsg_type = CTL_RECORD;
	mnl_attr_put_u32(m, CTL_A_KIND, CTL_KIND_SUBSCRIBER);
	mnl_attr_put_u64(m, CTL_A_ID, 7693427713262649601u);
	mnl_attr_put_strz(m, CTL_A_USER, "alice\n");
	mnl_attr_put_strz(m, CTL_A_STATE, "up");
	mnl_attr_put_strz(m, CTL_A_ADDRESS, "100.64.0.1");
	mnl_attr_put_strz(m, CTL_A_ACCESS, "session 17/4242");
	mnl_attr_put_strz(m, CTL_A_TO, "device adit-ppp");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	conn = conn_make(fd[0]);
	begin("");
	/* As a stream may cut it. */
	for (at = 0; at < m->nlmsg_len; at += 4) {
		assert_int_equal(write(fd[1], raw + at, 4), 4);
		assert_int_equal(conn_read(conn, take_record, &c, err), 1);
	}
	expect("subscriber 7693427713262649601 user alice? up address 100.64.0.1 "
	       "from session 17/4242 to device adit-ppp\n");
	m = mnl_nlmsg_put_header(raw);
	m->nlmsg_type = CTL_END;
	mnl_attr_put_u32(m, CTL_A_CODE, (uint32_t)-ENOENT);
	mnl_attr_put_strz(m, CTL_A_TEXT, "no such subscriber");
	assert_int_equal(write(fd[1], raw, m->nlmsg_len), m->nlmsg_len);
	rc = conn_read(conn, NULL, NULL, err);
	assert_int_equal(rc, -ENOENT);
	assert_string_equal(err, "Error: no such subscriber.");
	close(fd[1]);
	assert_int_equal(conn_read(conn, NULL, NULL, err), -EPIPE);
	conn_close(conn);
}

static const uint64_t tally[CTL_TALLY_MAX] = { 9, 3, 2, 1 };

static struct nlmsghdr *level_record(uint32_t kind)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(raw);

	m->nlmsg_type = CTL_RECORD;
	mnl_attr_put_u32(m, CTL_A_KIND, kind);
	return m;
}

/* One of the daemon's records through a socket and a printing function. */
static void level(fields_fn *fn, const char *flags, const char *want)
{
	const struct nlmsghdr *m = (void *)raw;
	const struct nlattr *tb[CTL_A_MAX + 1] = { NULL };
	const struct nlattr *a;

	mnl_attr_for_each(a, m, 0) {
		tb[mnl_attr_get_type(a)] = a;
	}
	begin(flags);
	out_object(&c.out);
	fn(&c, tb);
	out_object_end(&c.out);
	expect(want);
}

/* A number of 64 bits is no number in JSON. */
static void subscriber_as_json(void **state)
{
	struct nlmsghdr *m = level_record(CTL_KIND_SUBSCRIBER);

	(void)state;
	mnl_attr_put_u64(m, CTL_A_ID, 7693427713262649601u);
	mnl_attr_put_strz(m, CTL_A_USER, "alice");
	level(subscriber_fields, "j",
	      "[{\"id\":\"7693427713262649601\",\"user\":\"alice\"}]\n");
}

static void levels(void **state)
{
	struct nlmsghdr *m = level_record(CTL_KIND_DESTINATION);

	(void)state;
	mnl_attr_put_strz(m, CTL_A_DESTINATION, "red/192.0.2.9");
	mnl_attr_put_strz(m, CTL_A_VRF, "red");
	mnl_attr_put_strz(m, CTL_A_REMOTE, "192.0.2.9");
	mnl_attr_put_strz(m, CTL_A_STATE, "up");
	mnl_attr_put_strz(m, CTL_A_ADMIN, "enabled");
	mnl_attr_put_strz(m, CTL_A_EFFECTIVE, "drain");
	mnl_attr_put(m, CTL_A_OF_TUNNELS, sizeof(tally), tally);
	mnl_attr_put(m, CTL_A_OF_SESSIONS, sizeof(tally), tally);
	mnl_attr_put_u64(m, CTL_A_UPTIME, 77);
	level(destination_fields, "b",
	      "destination red/192.0.2.9 up admin enabled effective drain\n");
	level(destination_fields, "",
	      "destination red/192.0.2.9 up admin enabled effective drain\n"
	      "    tunnels  total 9 active 3 failed 2 auth-errors 1\n"
	      "    sessions total 9 active 3 failed 2\n");
	level(destination_fields, "j",
	      "[{\"destination\":\"red/192.0.2.9\",\"vrf\":\"red\","
	      "\"remote\":\"192.0.2.9\",\"state\":\"up\","
	      "\"admin\":\"enabled\",\"effective\":\"drain\","
	      "\"uptime\":77,"
	      "\"tunnels\":{\"total\":9,\"active\":3,\"failed\":2,"
	      "\"auth_errors\":1},"
	      "\"sessions\":{\"total\":9,\"active\":3,\"failed\":2}}]\n");
	m = level_record(CTL_KIND_TUNNEL);
	mnl_attr_put_u32(m, CTL_A_TUNNEL_ID, 17);
	mnl_attr_put_u64(m, CTL_A_RTO, 1000);
	mnl_attr_put_u64(m, CTL_A_RETRANSMITS, 2);
	mnl_attr_put_u32(m, CTL_A_WINDOW, 4);
	mnl_attr_put_u32(m, CTL_A_CWND, 1);
	mnl_attr_put_u32(m, CTL_A_UNACKED, 3);
	level(level_tunnel_fields, "", "tunnel 17\n");
	level(level_tunnel_fields, "s",
	      "tunnel 17\n"
	      "    control rto 1000 retransmits 2 window 4 cwnd 1 unacked 3\n");
	mnl_attr_put_u64(m, CTL_A_SRTT, 7);
	level(level_tunnel_fields, "js",
	      "[{\"tunnel_id\":17,\"control\":{\"srtt\":7,\"rto\":1000,"
	      "\"retransmits\":2,\"window\":4,\"cwnd\":1,"
	      "\"unacked\":3}}]\n");
	m = level_record(CTL_KIND_SESSION);
	mnl_attr_put_u32(m, CTL_A_TUNNEL_ID, 17);
	mnl_attr_put_u32(m, CTL_A_SESSION_ID, 4242);
	mnl_attr_put_u32(m, CTL_A_PEER_SESSION_ID, 9);
	mnl_attr_put_strz(m, CTL_A_USER, "alice\033[2J");
	mnl_attr_put_strz(m, CTL_A_STATE, "ended");
	mnl_attr_put_strz(m, CTL_A_DESTINATION, "192.0.2.9");
	mnl_attr_put_strz(m, CTL_A_PEER, "isp");
	mnl_attr_put_strz(m, CTL_A_ROLE, "lac");
	mnl_attr_put_strz(m, CTL_A_REASON, "3/0 closed");
	mnl_attr_put_u64(m, CTL_A_UPTIME, 60);
	mnl_attr_put_u64(m, CTL_A_ENDED, 5);
	mnl_attr_put_u64(m, CTL_A_RX_PACKETS, 1);
	mnl_attr_put_u64(m, CTL_A_RX_BYTES, 2);
	mnl_attr_put_u64(m, CTL_A_TX_PACKETS, 3);
	mnl_attr_put_u64(m, CTL_A_TX_BYTES, 4);
	level(level_session_fields, "s",
	      "session 17/4242 peer 9 user alice?[2J ended "
	      "destination 192.0.2.9 reason 3/0 closed ended 5\n"
	      "    rx packets 1 bytes 2 tx packets 3 bytes 4\n");
	level(level_session_fields, "d",
	      "session 17/4242 peer 9 user alice?[2J ended "
	      "destination 192.0.2.9 reason 3/0 closed ended 5\n"
	      "    definition isp role lac uptime 60\n");
	level(level_tunnel_fields, "b", "tunnel 17 ended\n");
}

static void put_pool(struct nlmsghdr *m)
{
	mnl_attr_put_strz(m, CTL_A_NAME, "home");
	for (uint16_t a = CTL_A_SIZE; a <= CTL_A_HURRIED; a++)
		mnl_attr_put_u64(m, a, 100 + a - CTL_A_SIZE);
}

/* Of addresses, and of prefixes. */
static void pool(void **state)
{
	struct nlmsghdr *m = level_record(CTL_KIND_POOL);

	(void)state;
	put_pool(m);
	level(pool_fields, "b", "pool home size 100 used 101 resting 102\n");
	m = level_record(CTL_KIND_POOL);
	put_pool(m);
	mnl_attr_put_u32(m, CTL_A_LENGTH, 56);
	mnl_attr_put_strz(m, CTL_A_VRF, "red");
	level(pool_fields, "s",
	      "pool6 home length 56 vrf red size 100 used 101 resting 102 "
	      "exhausted 103 refused 104 returned 105 hurried 106\n");
	level(pool_fields, "j",
	      "[{\"pool\":\"home\",\"length\":56,\"vrf\":\"red\","
	      "\"size\":100,\"used\":101,\"resting\":102,"
	      "\"exhausted\":103,\"refused\":104,\"returned\":105,"
	      "\"hurried\":106}]\n");
}

static void put_radius(struct nlmsghdr *m, const char *use, size_t n)
{
	uint64_t v[CTL_RADIUS_MAX];

	for (unsigned int i = 0; i < CTL_RADIUS_MAX; i++)
		v[i] = 100 + i;
	mnl_attr_put_strz(m, CTL_A_NAME, "one");
	mnl_attr_put_strz(m, CTL_A_USE, use);
	mnl_attr_put_strz(m, CTL_A_REMOTE, "192.0.2.7");
	mnl_attr_put_u32(m, CTL_A_PORT, 1812);
	mnl_attr_put(m, CTL_A_RADIUS, n * sizeof(v[0]), v);
}

static void radius(void **state)
{
	struct nlmsghdr *m = level_record(CTL_KIND_RADIUS);

	(void)state;
	put_radius(m, "authentication", CTL_RADIUS_MAX);
	mnl_attr_put_strz(m, CTL_A_STATE, "up");
	mnl_attr_put_u64(m, CTL_A_RESPONSE_TIME, 3);
	level(radius_fields, "b",
	      "radius one authentication address 192.0.2.7 port 1812 up\n");
	level(radius_fields, "",
	      "radius one authentication address 192.0.2.7 port 1812 up "
	      "response-time 3 in-flight 100 queue 101\n");
	level(radius_fields, "s",
	      "radius one authentication address 192.0.2.7 port 1812 up "
	      "response-time 3 in-flight 100 queue 101\n"
	      "    traffic sent 102 retransmits 103 send-failed 104 "
	      "accepts 105 rejects 106 challenges 107 timeouts 109 deaths 110 "
	      "probes 111 probes-answered 112\n"
	      "    bad malformed 113 unexpected 114 code 115 "
	      "authenticator 116 message-authenticator 117 "
	      "no-message-authenticator 118\n");
	m = level_record(CTL_KIND_RADIUS);
	put_radius(m, "accounting", 3); /* of an older daemon */
	mnl_attr_put_strz(m, CTL_A_HOSTNAME, "radius.example");
	mnl_attr_put_strz(m, CTL_A_VRF, "red");
	mnl_attr_put_strz(m, CTL_A_STATE, "unresolved");
	mnl_attr_put_u64(m, CTL_A_UPTIME, 60);
	mnl_attr_put_strz(m, CTL_A_REASON, "Domain name not found");
	level(radius_fields, "s",
	      "radius one accounting host radius.example address 192.0.2.7 "
	      "port 1812 vrf red unresolved since 60 "
	      "reason Domain name not found in-flight 100 queue 101\n"
	      "    traffic sent 102 retransmits 0 send-failed 0 responses 0 "
	      "timeouts 0 deaths 0 probes 0 probes-answered 0\n"
	      "    bad malformed 0 unexpected 0 code 0 authenticator 0 "
	      "message-authenticator 0 no-message-authenticator 0\n");
	m = level_record(CTL_KIND_RADIUS);
	put_radius(m, "coa", CTL_RADIUS_MAX);
	level(radius_fields, "j",
	      "[{\"radius\":\"one\",\"use\":\"coa\","
	      "\"address\":\"192.0.2.7\",\"port\":1812,\"traffic\":{"
	      "\"send_failed\":104,\"disconnects\":119,\"coas\":120,"
	      "\"again\":121,\"acks\":122,\"naks\":123},\"bad\":{"
	      "\"malformed\":113,\"code\":115,\"authenticator\":116,"
	      "\"message_authenticator\":117,"
	      "\"no_message_authenticator\":118,\"over_rate\":124,"
	      "\"no_timestamp\":125,\"stale\":126,\"replayed\":127}}]\n");
}

/* What the daemon tells of the levels; what is not wanted is not shown. */
static void level_events(void **state)
{
	static const struct {
		const char *object, *flags, *text;
		unsigned int what;
	} rows[] = {
		{ "system", "", "shutdown system\n", MONITOR_SYSTEM },
		{ "system", "j",
		  "{\"event\":\"shutdown\",\"object\":\"system\"}\n",
		  MONITOR_SYSTEM },
		{ "destination", "",
		  "shutdown destination red/192.0.2.9 up admin shutdown "
		  "effective shutdown\n",
		  MONITOR_DESTINATION },
		{ "tunnel", "", "shutdown tunnel definition isp\n",
		  MONITOR_TUNNEL },
		{ "tunnel", "j",
		  "{\"event\":\"shutdown\",\"object\":\"tunnel\","
		  "\"definition\":\"isp\"}\n",
		  MONITOR_TUNNEL },
		{ "gateway", "", "", MONITOR_TUNNEL },
	};
	const struct nlattr *tb[CTL_A_MAX + 1];
	const struct nlattr *a;
	struct nlmsghdr *m;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct monitor watch = { &c, ~(1u << rows[i].what) };

		m = level_record(CTL_KIND_EVENT);
		mnl_attr_put_strz(m, CTL_A_EVENT, "shutdown");
		mnl_attr_put_strz(m, CTL_A_OBJECT, rows[i].object);
		if (rows[i].what == MONITOR_TUNNEL) {
			mnl_attr_put_strz(m, CTL_A_PEER, "isp");
		} else if (rows[i].what == MONITOR_DESTINATION) {
			mnl_attr_put_strz(m, CTL_A_DESTINATION,
					  "red/192.0.2.9");
			mnl_attr_put_strz(m, CTL_A_STATE, "up");
			mnl_attr_put_strz(m, CTL_A_ADMIN, "shutdown");
			mnl_attr_put_strz(m, CTL_A_EFFECTIVE, "shutdown");
		}
		memset(tb, 0, sizeof(tb));
		mnl_attr_for_each(a, m, 0) {
			tb[mnl_attr_get_type(a)] = a;
		}
		begin(rows[i].flags);
		c.out.lines = true;
		monitor_daemon_event(tb, &watch);
		watch.wanted = 1u << rows[i].what;
		monitor_daemon_event(tb, &watch);
		expect(rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tunnel),
		cmocka_unit_test(endpoint),
		cmocka_unit_test(session_of_link),
		cmocka_unit_test(session_of_device),
		cmocka_unit_test(rates),
		cmocka_unit_test(pppoe),
		cmocka_unit_test(events),
		cmocka_unit_test(extack),
		cmocka_unit_test(broken),
		cmocka_unit_test(daemon_record),
		cmocka_unit_test(subscriber_as_json),
		cmocka_unit_test(levels),
		cmocka_unit_test(pool),
		cmocka_unit_test(radius),
		cmocka_unit_test(level_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
