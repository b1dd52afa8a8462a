/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question of ours is as an Access-Request, and what an answer means to us
 * (RFC 2865 5; RFC 2869 5; MS-CHAPv2 in RFC 2548 2.3). The manual, aditd-radius(5), has the table.
 */
#ifndef AAA_RADIUS_ACCESS_H
#define AAA_RADIUS_ACCESS_H

#include "aaa/aaa.h"
#include "aaa/mschap.h"
#include "aaa/radius_codec.h"
#include "aaa/radius_extra.h"
#include "aaa/radius_tunnel.h"

/* Who asks. */
struct radius_nas {
	const char *identifier;
	struct addr address; /* family 0: not said */
	const struct radius_extra *extra; /* NULL: none */
};

/* Where a subscriber comes in, in requests of any kind. */
void radius_port_put(struct wr *w, const struct aaa_port *p);

/* Writes the attributes after radius_begin. -EINVAL: RADIUS cannot say it; nobody
 * is to be asked.
 */
int radius_access_put(struct wr *w, const struct radius_nas *nas,
		      const struct aaa_request *r, const char *secret);

void radius_access_put_nas(struct wr *w, const struct radius_nas *nas);

/* An answer, with what its texts lie in. */
struct radius_answer {
	struct aaa_reply reply;
	unsigned int ignored; /* attributes with values that they cannot have */
	char tunnel[RADIUS_VALUE_MAX + 1];
	char message[RADIUS_VALUE_MAX + 1];
	struct radius_tunnels tunnels;
	char proof[MSCHAP_PROOF_LEN + 1];
};

/* Of a verified reply. -EPROTO: it is none to an Access-Request. names: for debug
 * messages; NULL: numbers.
 */
int radius_access_read(const struct radius_reply *reply,
		       const struct aaa_request *r,
		       const struct dictionary *names,
		       struct radius_answer *out);

#endif /* AAA_RADIUS_ACCESS_H */
