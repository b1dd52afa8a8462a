/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A link's frames, both ways, as a capture file (pcapng, which has a direction for
 * each), to a file or down a pipe, until interrupted, until so many were written, or
 * until the link is gone.
 */
#include "cli/tap.h"

#include "cli/link.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINKTYPE_PPP 9
#define BUFFER_SIZE (8 << 20)

/* Blocks of pcapng, each with its length before and behind. */
enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, PACKET = 6 };
enum { OPTION_FLAGS = 2, OPTION_RESOLUTION = 9 };

struct tap {
	struct cli *c;
	FILE *f;
	uint64_t left; /* to be written */
	uint64_t missed;
	bool ended;
};

static const struct {
	uint32_t type, length, magic;
	uint16_t major, minor;
	uint32_t size[2]; /* not known */
	uint32_t end;
} section = { SECTION, 28, 0x1a2b3c4d, 1, 0, { ~0u, ~0u }, 28 };

static const struct {
	uint32_t type, length;
	uint16_t linktype, zero;
	uint32_t snap;
	uint16_t resolution, one;
	uint8_t nanoseconds[4];
	uint32_t no_more, end;
} interface = { INTERFACE,	   32, LINKTYPE_PPP,   0, ADIT_FRAME_MAX,
		OPTION_RESOLUTION, 1,  { 9, 0, 0, 0 }, 0, 32 };

struct packet {
	uint32_t type, length, interface, high, low, captured, original;
};

struct packet_end {
	uint16_t flags, four;
	uint32_t direction; /* 1: inbound, 2: outbound */
	uint32_t no_more, end;
};

static void put_packet(struct tap *t, const struct nlattr *const *tb)
{
	static const uint8_t zeros[4];
	uint32_t len = mnl_attr_get_payload_len(tb[ADIT_A_FRAME]);
	uint64_t at = tb[ADIT_A_TIME] ? mnl_attr_get_u64(tb[ADIT_A_TIME]) : 0;
	uint32_t pad = -len & 3;
	struct packet_end end = {
		.flags = OPTION_FLAGS,
		.four = 4,
		.direction = 1u + mnl_attr_get_u8(tb[ADIT_A_DIRECTION]),
		.end = (uint32_t)(sizeof(struct packet) + len + pad +
				  sizeof(end)),
	};
	struct packet p = {
		.type = PACKET,
		.length = end.end,
		.high = (uint32_t)(at >> 32),
		.low = (uint32_t)at,
		.captured = len,
		.original = link_u32(tb[ADIT_A_LENGTH]),
	};

	fwrite(&p, sizeof(p), 1, t->f);
	fwrite(mnl_attr_get_payload(tb[ADIT_A_FRAME]), 1, len, t->f);
	fwrite(zeros, 1, pad, t->f);
	fwrite(&end, sizeof(end), 1, t->f);
}

static void take(const struct nlattr *const *tb, uint8_t cmd, void *user)
{
	struct tap *t = user;

	if (cmd != ADIT_CMD_TAP || !t->left || t->ended)
		return;
	if (!tb[ADIT_A_FRAME]) {
		t->ended = true;
		return;
	}
	if (!tb[ADIT_A_DIRECTION])
		return;
	t->missed += link_u32(tb[ADIT_A_MISSED]);
	put_packet(t, tb);
	t->left--;
}

/* Frames come in bursts; what finds no room is counted by the module. */
static void make_room(int fd)
{
	int size = BUFFER_SIZE, one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one));
}

static int begin(struct cli *c, const struct args *args,
		 const struct link_name *link)
{
	struct nlmsghdr *msg = cli_request(c, ADIT_CMD_TAP_NEW, false);
	struct nlattr *nest;

	if (!msg)
		return CLI_LOCAL;
	make_room(genl_fd(c->genl));
	nest = mnl_attr_nest_start(msg, ADIT_A_LINK);
	genl_put_link(msg, link);
	mnl_attr_nest_end(msg, nest);
	genl_put_args(msg, args);
	return cli_talk(c, msg, NULL, NULL);
}

static int follow(struct tap *t)
{
	struct pollfd fd = { genl_fd(t->c->genl), POLLIN, 0 };
	int rc;

	while (t->left && !t->ended && !ferror(t->f)) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return cli_error(t->c, "poll: %s", strerror(errno));
		rc = genl_events(t->c->genl, take, t);
		if (rc)
			return cli_error(t->c, "tap: netlink: %s",
					 strerror(-rc));
		fflush(t->f);
	}
	if (ferror(t->f))
		return cli_error(t->c, "tap: cannot write: %s",
				 strerror(errno));
	if (t->missed)
		cli_error(t->c, "tap: %llu frames were missed",
			  (unsigned long long)t->missed);
	return CLI_OK;
}

int tap_run(struct cli *c, const struct args *args,
	    const struct link_name *link)
{
	const struct arg_value *file = arg_get(args, "write");
	const struct arg_value *count = arg_get(args, "count");
	struct tap t = { .c = c,
			 .f = stdout,
			 .left = count ? count->u : UINT64_MAX };
	int rc;

	if (!file && isatty(STDOUT_FILENO))
		return cli_error(c, "a capture is not for a terminal: "
				    "\"write FILE\", or a pipe");
	rc = begin(c, args, link);
	if (rc)
		return rc;
	if (file)
		t.f = fopen(file->text, "w");
	if (!t.f)
		return cli_error(c, "%s: %s", file->text, strerror(errno));
	fwrite(&section, sizeof(section), 1, t.f);
	fwrite(&interface, sizeof(interface), 1, t.f);
	fflush(t.f);
	rc = follow(&t);
	if (file)
		fclose(t.f);
	return rc;
}
