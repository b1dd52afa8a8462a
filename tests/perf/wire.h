/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * L2TP messages on the wire: headers, AVPs, hidden ones too, the answer to a
 * challenge. RFC 2661 3.1, 4.1-4.4, 5.1.1. Written apart from ctld/l2tp, so that
 * one is a judge of the other. Pure: no state, no I/O.
 */
#ifndef PERF_WIRE_H
#define PERF_WIRE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_MAX 2048 /* bytes of a datagram of ours */
#define WIRE_AVPS 64 /* types of vendor 0 that are looked at */

enum wire_type {
	WIRE_ZLB,
	WIRE_SCCRQ,
	WIRE_SCCRP,
	WIRE_SCCCN,
	WIRE_STOPCCN,
	WIRE_HELLO = 6,
	WIRE_ICRQ = 10,
	WIRE_ICRP,
	WIRE_ICCN,
	WIRE_CDN = 14,
	WIRE_WEN,
	WIRE_SLI,
};

enum wire_avp {
	WIRE_A_MESSAGE = 0,
	WIRE_A_RESULT = 1,
	WIRE_A_VERSION = 2,
	WIRE_A_FRAMING_CAPS = 3,
	WIRE_A_BEARER_CAPS = 4,
	WIRE_A_HOST_NAME = 7,
	WIRE_A_VENDOR_NAME = 8,
	WIRE_A_TUNNEL = 9,
	WIRE_A_WINDOW = 10,
	WIRE_A_CHALLENGE = 11,
	WIRE_A_RESPONSE = 13,
	WIRE_A_SESSION = 14,
	WIRE_A_SERIAL = 15,
	WIRE_A_BEARER = 18,
	WIRE_A_FRAMING = 19,
	WIRE_A_CALLED = 21,
	WIRE_A_CALLING = 22,
	WIRE_A_TX_SPEED = 24,
	WIRE_A_FIRST_RX = 26,
	WIRE_A_LAST_TX = 27,
	WIRE_A_LAST_RX = 28,
	WIRE_A_AUTH_TYPE = 29,
	WIRE_A_AUTH_NAME = 30,
	WIRE_A_AUTH_CHALLENGE = 31,
	WIRE_A_AUTH_ID = 32,
	WIRE_A_AUTH_RESPONSE = 33,
	WIRE_A_CALL_ERRORS = 34,
	WIRE_A_ACCM = 35,
	WIRE_A_RANDOM_VECTOR = 36,
};

struct wire_value {
	const uint8_t *p; /* NULL: it is not there */
	size_t len;
};

struct wire_msg {
	bool control;
	uint16_t type; /* of a control message */
	uint16_t tunnel, session;
	uint16_t ns, nr;
	struct wire_value avp[WIRE_AVPS];
	struct wire_value payload; /* of a data message */
	/* Mandatory, and not ours to know: RFC 2661 4.2 wants an end. */
	bool unknown_mandatory;
	uint8_t plain[WIRE_MAX]; /* values that were hidden */
	size_t plain_len;
};

/* 0, or -1: malformed. Hidden AVPs that cannot be read are not there. */
int wire_parse(struct wire_msg *m, const void *data, size_t len,
	       const char *secret);
/* False: not there, or not of that length. */
bool wire_get16(const struct wire_msg *m, enum wire_avp type, uint16_t *v);
bool wire_get32(const struct wire_msg *m, enum wire_avp type, uint32_t *v);
/* "4/0 text", made fit for a line of text, of the Result Code AVP. */
const char *wire_result(const struct wire_msg *m, char *out, size_t size);
const char *wire_name(uint16_t type);

/* A message in w, AVP by AVP; wire_end puts ids and length into its header, Ns
 * and Nr follow when it is sent (wire_number).
 */
void wire_begin(struct wr *w, enum wire_type type);
void wire_put16(struct wr *w, enum wire_avp type, uint16_t v);
void wire_put32(struct wr *w, enum wire_avp type, uint32_t v);
void wire_put(struct wr *w, enum wire_avp type, const void *p, size_t len);
void wire_put_text(struct wr *w, enum wire_avp type, const char *text);
/* Of any vendor, mandatory or not. */
void wire_put_vendor(struct wr *w, uint16_t vendor, uint16_t type,
		     const void *p, size_t len);
/* With a Random Vector before it. */
void wire_put_hidden(struct wr *w, enum wire_avp type, const char *secret,
		     const void *p, size_t len);
/* The result's code AVP; text may be NULL. */
void wire_put_result(struct wr *w, uint16_t result, uint16_t error,
		     const char *text);
/* Its length; 0: it did not fit. */
size_t wire_end(struct wr *w, uint16_t tunnel, uint16_t session);
void wire_number(uint8_t *msg, uint16_t ns, uint16_t nr);

/* A data message; its length, 0: it did not fit. */
size_t wire_data(void *out, size_t size, uint16_t tunnel, uint16_t session,
		 const void *frame, size_t len);

/* To a challenge, in a message of that type. */
void wire_answer(uint8_t out[16], enum wire_type in, const char *secret,
		 const void *challenge, size_t len);

#endif /* PERF_WIRE_H */
