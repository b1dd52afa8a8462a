// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Users of the configuration, and the checks of a password: PAP (RFC 1334), CHAP
 * with MD5 (RFC 1994 4.1), MS-CHAPv2 (RFC 2759). A user who does not exist takes as long as one who
 * does. bng calls it. Passwords are wiped before their memory is freed.
 */
#include "aaa/local.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "base/hash.h"
#include "base/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct hash_node node;
	struct aaa_user user;
	struct entry *next;
	char *name;
	char *password;
};

struct aaa_local {
	struct hash by_name;
	struct entry *all;
};

struct aaa_local *aaa_local_new(void)
{
	struct aaa_local *a = calloc(1, sizeof(*a));

	if (a)
		hash_init(&a->by_name);
	return a;
}

static void free_entry(struct entry *e)
{
	if (e->password)
		explicit_bzero(e->password, strlen(e->password));
	free(e->password);
	free(e->name);
	free(e);
}

void aaa_local_free(struct aaa_local *a)
{
	struct entry *e;

	if (!a)
		return;
	while ((e = a->all)) {
		a->all = e->next;
		free_entry(e);
	}
	hash_free(&a->by_name);
	free(a);
}

const struct aaa_user *aaa_local_find(const struct aaa_local *a,
				      const char *name)
{
	uint64_t key = hash_bytes(name, strlen(name));
	struct hash_node *n = hash_find(&a->by_name, key);

	for (; n; n = hash_next(n)) {
		struct entry *e = container_of(n, struct entry, node);

		if (!strcmp(e->name, name))
			return &e->user;
	}
	return NULL;
}

int aaa_local_add(struct aaa_local *a, const char *name, const char *password,
		  const struct addr *address)
{
	struct entry *e;

	if (aaa_local_find(a, name))
		return -EEXIST;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->name = strdup(name);
	e->password = strdup(password);
	if (!e->name || !e->password) {
		free_entry(e);
		return -ENOMEM;
	}
	e->user = (struct aaa_user){ .name = e->name, .password = e->password };
	if (address)
		e->user.address = *address;
	e->next = a->all;
	a->all = e;
	hash_add(&a->by_name, &e->node, hash_bytes(name, strlen(name)));
	return 0;
}

static enum aaa_verdict verdict(bool good)
{
	return good ? AAA_ACCEPT : AAA_REJECT;
}

/* Digests are compared: of one length, whatever the password's is. */
enum aaa_verdict aaa_check_pap(const char *password, const void *given,
			       size_t len)
{
	struct crypt_part want = { password, strlen(password) };
	struct crypt_part have = { given, len };
	uint8_t key[MD5_LEN], a[MD5_LEN], b[MD5_LEN];

	crypt_random(key, sizeof(key));
	crypt_hmac_md5(a, key, sizeof(key), &want, 1);
	crypt_hmac_md5(b, key, sizeof(key), &have, 1);
	return verdict(crypt_equal(a, b, MD5_LEN) && want.len == have.len);
}

enum aaa_verdict aaa_check_chap(const char *password, uint8_t id,
				const void *challenge, size_t challenge_len,
				const void *response, size_t response_len)
{
	struct crypt_part parts[] = {
		{ &id, 1 },
		{ password, strlen(password) },
		{ challenge, challenge_len },
	};
	uint8_t want[MD5_LEN];

	if (!challenge_len || response_len != MD5_LEN)
		return AAA_REJECT;
	crypt_md5(want, parts, 3);
	return verdict(crypt_equal(want, response, MD5_LEN));
}

enum aaa_verdict aaa_check_mschapv2(const char *password,
				    const struct aaa_request *r,
				    char proof[MSCHAP_PROOF_LEN + 1])
{
	const uint8_t *given =
		r->response + MSCHAP_RESPONSE_LEN - MSCHAP_NT_LEN - 1;
	struct mschap m = { .name = r->name,
			    .challenge = r->challenge,
			    .peer_challenge = r->response };
	uint8_t want[MSCHAP_NT_LEN];

	if (r->challenge_len != MSCHAP_CHALLENGE_LEN ||
	    r->response_len != MSCHAP_RESPONSE_LEN)
		return AAA_REJECT;
	mschap_nt_response(want, &m, password);
	if (!crypt_equal(want, given, MSCHAP_NT_LEN))
		return AAA_REJECT;
	mschap_proof(proof, &m, password, want);
	return AAA_ACCEPT;
}

void aaa_local_submit(struct aaa_local *a, struct aaa_request *r, msec_t now)
{
	const struct aaa_user *u = aaa_local_find(a, r->name);
	const char *password = u ? u->password : "";
	struct aaa_reply reply = { .verdict = AAA_REJECT };
	char proof[MSCHAP_PROOF_LEN + 1] = "";

	if (r->proto == PPP_PROTO_PAP)
		reply.verdict =
			aaa_check_pap(password, r->response, r->response_len);
	else if (r->proto == PPP_PROTO_CHAP)
		reply.verdict = aaa_check_chap(password, r->id, r->challenge,
					       r->challenge_len, r->response,
					       r->response_len);
	else if (r->proto == PPP_AUTH_MSCHAPV2)
		reply.verdict = aaa_check_mschapv2(password, r, proof);
	reply.proof = proof;
	if (u)
		reply.grant.address = u->address;
	else
		reply.verdict = AAA_REJECT;
	r->done(r, now, &reply);
}
