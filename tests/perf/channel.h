/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reliable delivery of one control connection (RFC 2661 5.8): numbers, window,
 * retransmission with slow start, acknowledgement. It goes back to the first that
 * is not acknowledged, and drops what comes before its turn. No I/O, no clock.
 */
#ifndef PERF_CHANNEL_H
#define PERF_CHANNEL_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct channel_packet {
	STAILQ_ENTRY(channel_packet) next;
	uint16_t ns;
	bool sent; /* once at least */
	uint64_t timed_us; /* 0: nobody asks how long it took */
	size_t len;
	uint8_t data[];
};

enum channel_rx { CHANNEL_NEW, CHANNEL_DUPLICATE, CHANNEL_EARLY };

struct channel {
	STAILQ_HEAD(channel_queue, channel_packet) queue; /* not acknowledged */
	unsigned int n_queued;
	struct channel_packet *unsent; /* the next to leave */
	unsigned int in_flight;
	uint16_t ns, nr; /* our next, the peer's next */
	uint16_t window; /* the peer's */
	unsigned int cwnd, ssthresh, grown;
	unsigned int tries, retries;
	msec_t at; /* of the next retransmission */
	bool ack_due;
	/* One packet, whose Ns and Nr are to be filled in. */
	void (*send)(struct channel *c, struct channel_packet *p, bool again);
	void (*acked)(struct channel *c, const struct channel_packet *p);
};

void channel_init(struct channel *c, unsigned int retries);
void channel_free(struct channel *c);
/* A copy; sent as soon as the window lets it. False: no memory. */
bool channel_queue(struct channel *c, msec_t now, const void *data, size_t len,
		   uint64_t timed_us);
/* What has never left will not; its numbers are free again. */
void channel_drop_unsent(struct channel *c);
void channel_acked(struct channel *c, msec_t now, uint16_t nr);
enum channel_rx channel_receive(struct channel *c, uint16_t ns, bool zlb);
/* When its time has come. False: the peer does not answer any more. */
bool channel_expired(struct channel *c, msec_t now);

#endif /* PERF_CHANNEL_H */
