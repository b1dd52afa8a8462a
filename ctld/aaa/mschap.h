/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of MS-CHAPv2 (RFC 2759 8): what a password makes of two
 * challenges and a name, and how we prove that we know it too.
 */
#ifndef AAA_MSCHAP_H
#define AAA_MSCHAP_H

#include <stddef.h>
#include <stdint.h>

#define MSCHAP_CHALLENGE_LEN 16
#define MSCHAP_RESPONSE_LEN 49 /* peer's challenge, zeros, NT-Response, flags */
#define MSCHAP_NT_LEN 24
#define MSCHAP_PROOF_LEN 42 /* "S=" and 40 hexadecimal digits */

/* What went over the link. */
struct mschap {
	const char *name; /* as the peer said it, with a domain or without */
	const uint8_t *challenge; /* the authenticator's, MSCHAP_CHALLENGE_LEN */
	const uint8_t *peer_challenge; /* likewise */
};

/* RFC 2759 8.1: what the peer must have answered. */
void mschap_nt_response(uint8_t out[MSCHAP_NT_LEN], const struct mschap *m,
			const char *password);
/* 8.7: our proof, as text. */
void mschap_proof(char out[MSCHAP_PROOF_LEN + 1], const struct mschap *m,
		  const char *password, const uint8_t nt[MSCHAP_NT_LEN]);

#endif /* AAA_MSCHAP_H */
