/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Where a TCP connection's MSS stands (RFC 9293 3.1, 3.2), for kernel and user
 * space. Reads nothing beyond what it is given.
 */
#ifndef ADIT_MSS_PARSE_H
#define ADIT_MSS_PARSE_H

#define MSS_TCP_HLEN 20 /* without options */
#define MSS_TCP_HLEN_MAX 60
#define MSS_TCP_FLAGS 13 /* the byte with SYN */
#define MSS_TCP_SYN 0x02

/*
 * The TCP header of an IPv4 or IPv6 packet of which len bytes are there; 0: none.
 * IPv6 extension headers are not walked: no SYN has one.
 */
static inline unsigned int mss_tcp_at(const unsigned char *p, unsigned int len)
{
	unsigned int at;

	if (len >= 20 && p[0] >> 4 == 4) {
		at = (p[0] & 15) * 4;
		/* A fragment behind the first has no header. */
		if (at < 20 || p[9] != 6 || (p[6] & 0x1f) || p[7])
			return 0;
		return at;
	}
	return len >= 40 && p[0] >> 4 == 6 && p[6] == 6 ? 40 : 0;
}

/*
 * The value of the MSS option of a TCP header of which len bytes are there; 0: it
 * is no SYN, has none, or an option before it is malformed.
 */
static inline unsigned int mss_value_at(const unsigned char *tcp,
					unsigned int len)
{
	unsigned int at = MSS_TCP_HLEN, end, size;

	if (len < MSS_TCP_HLEN || !(tcp[MSS_TCP_FLAGS] & MSS_TCP_SYN))
		return 0;
	end = (tcp[12] >> 4) * 4;
	if (end > len)
		end = len;
	while (at < end && tcp[at]) { /* 0: the end */
		if (tcp[at] == 1) { /* no operation */
			at++;
			continue;
		}
		if (end - at < 2)
			return 0;
		size = tcp[at + 1];
		if (size < 2 || size > end - at)
			return 0;
		if (tcp[at] == 2)
			return size == 4 ? at + 2 : 0;
		at += size;
	}
	return 0;
}

#endif /* ADIT_MSS_PARSE_H */
