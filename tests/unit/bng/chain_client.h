/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PPPoE client of the chain, one at a time. Part of bng/chain.h. */
#ifndef TESTS_BNG_CHAIN_CLIENT_H
#define TESTS_BNG_CHAIN_CLIENT_H

#include "bng/chain_kern.h"

static struct {
	const char *password;
	const char *name;
	uint16_t sid;
	uint8_t id;
	uint32_t addr;
	bool up, padt, failed;
	unsigned int lcp_requests; /* that the network side sent */
	unsigned int challenges, echoes;
	unsigned int echo_replies; /* to the client's */
	unsigned int remaining; /* seconds, as it was told */
	uint8_t chap_id; /* of the last */
	bool mschapv2; /* LCP says so */
	char proof[MSCHAP_PROOF_LEN + 1]; /* that the network side owes */
	bool proven;
	uint8_t v6_far[8]; /* the network side's interface identifier */
	bool v6_up;
	unsigned int v6_n; /* packets that came */
	uint8_t v6_last[1500]; /* the last of them, and its length */
	size_t v6_len;
	uint8_t pap_id, pap_answered; /* of the last */
	unsigned int pap_answers;
	bool mute; /* it has said who it is, and says nothing more */
	bool shy; /* it does not say who it is */
} client;

static uint32_t client_ifindex = 1;
static uint8_t client_mac = 9; /* its last byte */
static uint16_t client_vlan, client_inner;
static const char *client_service = "";
static struct {
	const char *b;
	size_t len;
} client_tags; /* more of them, in PADI and PADR */
static bool client_waits; /* for our Configure-Request */
static bool client_plain; /* its Configure-Request has no option at all */
static bool client_mute; /* it does LCP and CHAP once, then nothing */
static const uint8_t client_v6[10] = { 1, 10, 2, 0, 0, 0xff, 0xfe, 0, 0, 9 };
static const uint8_t client_magic[6] = { 5, 6, 1, 2, 3, 4 };

static struct kern_eth client_eth(void)
{
	return (struct kern_eth){ .ifindex = client_ifindex,
				  .vlan_outer = client_vlan,
				  .vlan_inner = client_inner,
				  .mac = { 2, 0, 0, 0, 0, client_mac } };
}

static struct kern_link client_link(void)
{
	return (struct kern_link){ .kind = KERN_PPPOE,
				   .ifindex = client_ifindex,
				   .vlan_outer = client_vlan,
				   .vlan_inner = client_inner,
				   .session_id = client.sid };
}

static void discovery(const void *frame, size_t len)
{
	struct kern_eth from = client_eth();

	bng_kern_events.pppoe(&net.lac.kern, net.now, &from, true, frame, len);
}

/* Into the access link: as the module does, by its binding. */
static void client_frame(const void *frame, size_t len)
{
	struct kern_link name = client_link();
	struct link_row *r = row(&net.lac, &name);

	if (r && r->to.kind)
		k_send_ppp(&net.lac.kern, &r->to, frame, len);
	else if (r)
		bng_kern_events.ppp(&net.lac.kern, net.now, &name, frame, len);
}

static void client_send(uint16_t proto, uint8_t code, uint8_t id,
			const void *data, size_t len)
{
	uint8_t b[300];
	struct wr w = wr_make(b, sizeof(b));

	wr_u16(&w, proto);
	wr_u8(&w, code);
	wr_u8(&w, id);
	wr_u16(&w, (uint16_t)(len + 4));
	wr_bytes(&w, data, len);
	client_frame(b, wr_len(&w));
}

static void client_lcp(void)
{
	client_send(PPP_PROTO_LCP, 1, ++client.id, client_magic,
		    client_plain ? 0 : sizeof(client_magic));
}

static void client_ipcp(void)
{
	uint8_t o[6] = { 3, 6 };

	for (int i = 0; i < 4; i++)
		o[2 + i] = (uint8_t)(client.addr >> (24 - 8 * i));
	client_send(PPP_PROTO_IPCP, 1, ++client.id, o, 6);
}

static void client_mschapv2(uint8_t id, const uint8_t *value)
{
	uint8_t b[128] = { 49, 1, 2, 3, 4 };
	struct mschap m = { client.name, value + 1, b + 1 };

	mschap_nt_response(b + 25, &m, client.password);
	mschap_proof(client.proof, &m, client.password, b + 25);
	memcpy(b + 50, client.name, strlen(client.name));
	client_send(PPP_PROTO_CHAP, 2, id, b, 50 + strlen(client.name));
}

static void client_chap(uint8_t id, const uint8_t *value)
{
	struct crypt_part part[] = { { &id, 1 },
				     { client.password,
				       strlen(client.password) },
				     { value + 1, value[0] } };
	uint8_t b[128] = { 16 };

	crypt_md5(b + 1, part, 3);
	memcpy(b + 17, client.name, strlen(client.name));
	client_send(PPP_PROTO_CHAP, 2, id, b, 17 + strlen(client.name));
}

static void client_pap(uint8_t id)
{
	uint8_t b[128];
	struct wr w = wr_make(b, sizeof(b));

	client.pap_id = id;
	wr_u8(&w, (uint8_t)strlen(client.name));
	wr_bytes(&w, client.name, strlen(client.name));
	wr_u8(&w, (uint8_t)strlen(client.password));
	wr_bytes(&w, client.password, strlen(client.password));
	client_send(PPP_PROTO_PAP, 1, id, b, wr_len(&w));
}

static void client_ppp(const uint8_t *f, size_t len)
{
	unsigned int proto = f[0] << 8 | f[1];
	uint8_t code = f[2], id = f[3];

	if (client.mute)
		return;
	if (proto == PPP_PROTO_IPV6) {
		client.v6_n++;
		client.v6_len = len - 2;
		memcpy(client.v6_last, f + 2, len - 2);
		return;
	}
	if (proto == PPP_PROTO_LCP && code == 1) {
		client.lcp_requests++;
		client.mschapv2 =
			memmem(f + 6, len - 6, "\x03\x05\xc2\x23\x81", 5);
		client_lcp();
		client_send(PPP_PROTO_LCP, 2, id, f + 6, len - 6);
		if (!client.shy &&
		    memmem(f + 6, len - 6, "\x03\x04\xc0\x23", 4))
			client_pap(++client.id);
	} else if (proto == PPP_PROTO_PAP) {
		client.pap_answers++;
		client.pap_answered = id;
		if (code == 2)
			client_ipcp();
		else
			client.failed = true;
	} else if (proto == PPP_PROTO_LCP && code == 9) {
		client.echoes++;
		client_send(PPP_PROTO_LCP, 10, id, client_magic + 2, 4);
	} else if (proto == PPP_PROTO_LCP && code == 10) {
		client.echo_replies++;
	} else if (proto == PPP_PROTO_LCP && code == 13) {
		client.remaining = f[13];
	} else if (proto == PPP_PROTO_LCP && code == 5) {
		client_send(PPP_PROTO_LCP, 6, id, NULL, 0);
	} else if (proto == PPP_PROTO_CHAP && code == 1) {
		client.challenges++;
		client.chap_id = id;
		client.mute = client_mute;
		if (client.shy)
			return;
		if (client.mschapv2)
			client_mschapv2(id, f + 6);
		else
			client_chap(id, f + 6);
	} else if (proto == PPP_PROTO_CHAP && code == 3) {
		client.proven = len > 48 &&
				!memcmp(f + 6, client.proof, MSCHAP_PROOF_LEN);
		client_ipcp();
	} else if (proto == PPP_PROTO_CHAP && code == 4) {
		client.failed = true;
	} else if (proto == PPP_PROTO_IPCP && code == 1) {
		client_send(PPP_PROTO_IPCP, 2, id, f + 6, len - 6);
	} else if (proto == PPP_PROTO_IPCP && code == 3) {
		client.addr = (uint32_t)f[8] << 24 | f[9] << 16 | f[10] << 8 |
			      f[11];
		client_ipcp();
	} else if (proto == PPP_PROTO_IPCP && code == 2) {
		client.up = true;
	} else if (proto == PPP_PROTO_IPV6CP && code == 1) {
		memcpy(client.v6_far, f + 8, 8);
		client_send(PPP_PROTO_IPV6CP, 2, id, f + 6, len - 6);
		if (!client.v6_up)
			client_send(PPP_PROTO_IPV6CP, 1, ++client.id, client_v6,
				    sizeof(client_v6));
	} else if (proto == PPP_PROTO_IPV6CP && code == 2) {
		client.v6_up = true;
	}
}

/* A frame, and client_tags behind it. */
static void discovery_with_tags(uint8_t code, const uint8_t *f, size_t len)
{
	uint8_t b[900];

	memcpy(b, f, len);
	if (client_tags.len)
		memcpy(b + len, client_tags.b, client_tags.len);
	len += client_tags.len;
	b[1] = code;
	b[4] = (uint8_t)((len - 6) >> 8);
	b[5] = (uint8_t)(len - 6);
	discovery(b, len);
}

static void client_discovery(const uint8_t *f, size_t len)
{
	if (f[1] == PPPOE_CODE_PADO) {
		discovery_with_tags(PPPOE_CODE_PADR, f, len);
	} else if (f[1] == PPPOE_CODE_PADS) {
		client.sid = (uint16_t)(f[2] << 8 | f[3]);
		if (!client_waits)
			client_lcp();
	} else if (f[1] == PPPOE_CODE_PADT) {
		client.padt = true;
	}
}

static void dial(const char *name, const char *password)
{
	uint8_t padi[100] = { 0x11, PPPOE_CODE_PADI, 0, 0, 0, 4, 1, 1, 0 };
	size_t len = strlen(client_service);

	memset(&client, 0, sizeof(client));
	client.name = name;
	client.password = password;
	padi[9] = (uint8_t)len;
	memcpy(padi + 10, client_service, len);
	discovery_with_tags(PPPOE_CODE_PADI, padi, 10 + len);
}

/* The client's LCP begins again, under a name. */
static void renegotiate(const char *name, const char *password)
{
	client.name = name;
	client.password = password;
	client.up = false;
	client_lcp();
}

static void hang_up(void)
{
	uint8_t padt[] = { 0x11,
			   PPPOE_CODE_PADT,
			   (uint8_t)(client.sid >> 8),
			   (uint8_t)client.sid,
			   0,
			   0 };

	discovery(padt, sizeof(padt));
}

#endif /* TESTS_BNG_CHAIN_CLIENT_H */
