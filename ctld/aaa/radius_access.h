/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question of ours is as an Access-Request, and what an answer means to us
 * (RFC 2865 5; RFC 2869 5; MS-CHAPv2 in RFC 2548 2.3). The manual, aditd.conf(5), has the table.
 */
#ifndef AAA_RADIUS_ACCESS_H
#define AAA_RADIUS_ACCESS_H

#include "aaa/aaa.h"
#include "aaa/mschap.h"
#include "aaa/radius_codec.h"

/* Who asks. */
struct radius_nas {
	const char *identifier;
	struct addr address; /* family 0: not said */
};

/* Writes the attributes after radius_begin. -EINVAL: RADIUS cannot say it; nobody
 * is to be asked.
 */
int radius_access_put(struct wr *w, const struct radius_nas *nas,
		      const struct aaa_request *r, const char *secret);

/* An answer, with what its texts lie in. */
struct radius_answer {
	struct aaa_reply reply;
	unsigned int ignored; /* attributes with values that they cannot have */
	bool tunnelled; /* by RFC 2868 */
	char tunnel[RADIUS_VALUE_MAX + 1];
	char message[RADIUS_VALUE_MAX + 1];
	char proof[MSCHAP_PROOF_LEN + 1];
};

/* Of a verified reply. -EPROTO: it is none to an Access-Request. */
int radius_access_read(const struct radius_reply *reply,
		       const struct aaa_request *r, struct radius_answer *out);

#endif /* AAA_RADIUS_ACCESS_H */
