/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that wait to leave, and what becomes of them.
 *
 * Messages are written one behind the other into one buffer, which goes to the
 * kernel in pieces of many messages. No NLM_F_ACK: the kernel answers what it
 * refuses anyway. A ring remembers what each sequence number was about.
 *
 * A netlink socket is always writable, so there is nothing to wait for when the
 * kernel had no memory: a short timer tries anew.
 */
#include "kern/request.h"

#include "base/log.h"
#include "kern/nl.h"

#include <errno.h>
#include <linux/adit.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 32768u /* bytes of one sendto */
#define QUEUE_MAX (4u << 20)
/* Removals: there are no more of them than of what there is, and one that is
 * forgotten leaves it there for ever.
 */
#define QUEUE_DEL_MAX (32u << 20)
#define AGAIN 0.02 /* seconds */

static bool is_del(uint8_t cmd)
{
	return cmd == ADIT_CMD_TUNNEL_DEL || cmd == ADIT_CMD_SESSION_DEL ||
	       cmd == ADIT_CMD_PPPOE_DEL;
}

static bool is_new(uint8_t cmd)
{
	return cmd == ADIT_CMD_TUNNEL_NEW || cmd == ADIT_CMD_SESSION_NEW ||
	       cmd == ADIT_CMD_PPPOE_NEW;
}

/* Whoever has the id of what was to be removed is a new owner: cookie 0. */
static void refused(struct request_queue *q, msec_t now,
		    const struct request *s, int err, const char *text)
{
	struct kern_refusal r = { .tunnel_id = s->tunnel_id,
				  .link = s->link,
				  .cookie = s->cookie,
				  .made = !is_new(s->cmd),
				  .err = err,
				  .text = text };

	q->kern->events->refused(q->kern, now, &r);
}

static void report_unsent(struct request_queue *q)
{
	msec_t now = clock_now();
	size_t i;

	for (i = 0; i < REQUEST_RING; i++) {
		struct request s = q->ring[i];

		if (!s.unsent)
			continue;
		q->ring[i].unsent = false;
		refused(q, now, &s, -ENOBUFS, "too many requests wait");
	}
}

static void arm(struct request_queue *q)
{
	if (ev_is_active(&q->again))
		return;
	ev_timer_set(&q->again, AGAIN, 0.);
	ev_timer_start(q->kern->loop, &q->again);
}

static void on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	struct request_queue *q = w->data;

	(void)loop;
	(void)events;
	report_unsent(q);
	request_flush(q);
	if (!q->overrun || q->out_at < q->out_end)
		return;
	q->overrun = false;
	q->kern->events->missed(q->kern, clock_now());
}

void request_init(struct request_queue *q, struct kern *k, int fd,
		  uint16_t family)
{
	memset(q, 0, sizeof(*q));
	q->kern = k;
	q->fd = fd;
	q->family = family;
	ev_init(&q->again, on_again);
	q->again.data = q;
}

void request_stop(struct request_queue *q)
{
	q->dead = true;
	q->out_at = 0;
	q->out_end = 0;
	ev_timer_stop(q->kern->loop, &q->again);
}

void request_fini(struct request_queue *q)
{
	if (!q->kern)
		return;
	request_stop(q);
	free(q->out);
	q->out = NULL;
	q->out_size = 0;
}

/* How many bytes of whole messages go out at once. */
static size_t batch(const struct request_queue *q)
{
	size_t len = 0, next;

	while (q->out_at + len < q->out_end) {
		const struct nlmsghdr *msg =
			(const void *)(q->out + q->out_at + len);

		next = MNL_ALIGN(msg->nlmsg_len);
		if (len && len + next > BATCH_MAX)
			break;
		len += next;
	}
	return len;
}

void request_flush(struct request_queue *q)
{
	while (q->out_at < q->out_end) {
		size_t len = batch(q);
		int rc = knl_send(q->fd, q->out + q->out_at, len);

		if (rc == -EAGAIN || rc == -ENOBUFS || rc == -ENOMEM) {
			arm(q);
			return;
		}
		if (rc)
			log_err("netlink: requests got lost: %s",
				strerror(-rc));
		q->out_at += len;
	}
	q->out_at = 0;
	q->out_end = 0;
}

static bool make_room(struct request_queue *q, size_t most)
{
	size_t size = q->out_size ? q->out_size : 2 * BATCH_MAX;
	uint8_t *p;

	if (q->out_end + KNL_REQUEST_MAX <= q->out_size)
		return true;
	if (q->out_at) {
		memmove(q->out, q->out + q->out_at, q->out_end - q->out_at);
		q->out_end -= q->out_at;
		q->out_at = 0;
	}
	if (q->out_end + KNL_REQUEST_MAX > most)
		return false;
	while (size < q->out_end + KNL_REQUEST_MAX)
		size *= 2;
	if (size == q->out_size)
		return true;
	p = realloc(q->out, size);
	if (!p)
		return false;
	q->out = p;
	q->out_size = size;
	return true;
}

static struct nlmsghdr *start(struct request_queue *q, uint8_t cmd)
{
	return knl_request(q->out + q->out_end, q->family, cmd, 0);
}

struct nlmsghdr *request_begin(struct request_queue *q, uint8_t cmd,
			       uint16_t tunnel_id, const struct kern_link *link,
			       uint64_t cookie)
{
	struct request *s;
	struct nlmsghdr *msg;

	if (q->dead)
		return NULL;
	if (!++q->seq)
		q->seq = 1;
	s = &q->ring[q->seq % REQUEST_RING];
	q->overrun |= s->unsent;
	*s = (struct request){ .seq = q->seq,
			       .cmd = cmd,
			       .tunnel_id = tunnel_id,
			       .cookie = cookie };
	if (link) {
		s->link = *link;
		if (link->kind == KERN_SESSION)
			s->tunnel_id = link->tunnel_id;
	}
	if (!make_room(q, is_del(cmd) ? QUEUE_DEL_MAX : QUEUE_MAX)) {
		/* Told by the loop: not to a caller that is in the midst. */
		s->unsent = true;
		arm(q);
		return NULL;
	}
	msg = start(q, cmd);
	msg->nlmsg_seq = q->seq;
	return msg;
}

struct nlmsghdr *request_unanswered(struct request_queue *q, uint8_t cmd)
{
	if (q->dead || !make_room(q, QUEUE_MAX))
		return NULL;
	return start(q, cmd);
}

struct nlmsghdr *request_frame(struct request_queue *q, const void *frame,
			       size_t len)
{
	struct nlmsghdr *msg;

	if (q->dead)
		return NULL;
	if (!len || len > ADIT_FRAME_MAX || !make_room(q, QUEUE_MAX)) {
		if (!q->kern->count.tx_dropped++)
			log_warn("netlink: a frame of %zu bytes was not sent",
				 len);
		return NULL;
	}
	msg = start(q, ADIT_CMD_INJECT);
	mnl_attr_put(msg, ADIT_A_FRAME, len, frame);
	return msg;
}

void request_end(struct request_queue *q, const struct nlmsghdr *msg)
{
	q->out_end += MNL_ALIGN(msg->nlmsg_len);
	if (q->out_end - q->out_at >= BATCH_MAX && !ev_is_active(&q->again))
		request_flush(q);
}

void request_answer(struct request_queue *q, msec_t now,
		    const struct nlmsghdr *msg)
{
	const struct request *slot = &q->ring[msg->nlmsg_seq % REQUEST_RING];
	char text[KNL_ERROR_MAX];
	struct request s;
	int rc;

	if (msg->nlmsg_type != NLMSG_ERROR || q->dead)
		return;
	rc = knl_errno(msg);
	if (!rc || !msg->nlmsg_seq) /* frames have 0 */
		return;
	knl_refusal(msg, rc, text);
	if (slot->seq != msg->nlmsg_seq) {
		log_warn("netlink: an old request was refused: %s", text);
		return;
	}
	s = *slot; /* the ring goes on beneath the callback */
	if (is_del(s.cmd) && rc == -ENOENT)
		return;
	refused(q, now, &s, rc, text);
}
