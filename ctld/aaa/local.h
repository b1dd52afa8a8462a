/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users of the configuration, by name; answers at once. */
#ifndef AAA_LOCAL_H
#define AAA_LOCAL_H

#include "aaa/aaa.h"
#include "aaa/mschap.h"

struct aaa_user {
	const char *name;
	const char *password;
	struct addr address; /* a fixed one, or family 0 */
};

struct aaa_local;

struct aaa_local *aaa_local_new(void);
void aaa_local_free(struct aaa_local *a);
/* Copies all; address NULL or of family 0: from the pool. -EEXIST, -ENOMEM. */
int aaa_local_add(struct aaa_local *a, const char *name, const char *password,
		  const struct addr *address);
/* NULL: nobody of that name. */
const struct aaa_user *aaa_local_find(const struct aaa_local *a,
				      const char *name);
/* Calls r->done before it returns. */
void aaa_local_submit(struct aaa_local *a, struct aaa_request *r, msec_t now);

/* Both in a time that does not tell how much of it was right. */
enum aaa_verdict aaa_check_pap(const char *password, const void *given,
			       size_t len);
enum aaa_verdict aaa_check_chap(const char *password, uint8_t id,
				const void *challenge, size_t challenge_len,
				const void *response, size_t response_len);
/* Accepted, *proof is what the peer must hear. */
enum aaa_verdict aaa_check_mschapv2(const char *password,
				    const struct aaa_request *r,
				    char proof[MSCHAP_PROOF_LEN + 1]);

#endif /* AAA_LOCAL_H */
