/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages with all that they may have, each value its own. */
#ifndef TESTS_L2TP_FULL_H
#define TESTS_L2TP_FULL_H

#include "l2tp/dict.h"

static const uint16_t full_types[] = {
	L2TP_SCCRQ, L2TP_SCCRP, L2TP_SCCCN, L2TP_STOPCCN, L2TP_HELLO, L2TP_OCRQ,
	L2TP_OCRP,  L2TP_OCCN,	L2TP_ICRQ,  L2TP_ICRP,	  L2TP_ICCN,  L2TP_CDN,
	L2TP_WEN,   L2TP_SLI,	L2TP_FSQ,   L2TP_FSR,	  L2TP_CSUN,  L2TP_CSURQ
};

#define BYTES(s)                                    \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

/* Two of the AVP that the message may have several of. */
static inline void full_items(struct l2tp_msg *m)
{
	static const struct l2tp_bytes value[][2] = {
		{ BYTES("\0\x10\xc0\x21\1"),
		  BYTES("\0\x12\x80\x21\0no address") },
		{ BYTES("\0\0\0\0\1\2\0\0\3\4"),
		  BYTES("\0\0\0\0\5\6\0\0\7\x08") },
		{ BYTES("\0\0\1\2\0\1\0\0\0\0\x80\0"),
		  BYTES("\0\0\3\4\0\2\0\0\0\1\0\0") },
	};
	static const uint8_t avps[] = { AVP_CAUSE, AVP_FAILOVER_STATE,
					AVP_SPEED_UPDATE };

	for (size_t i = 0; i < sizeof(avps); i++) {
		if (!l2tp_msg_takes(m->type, avps[i]))
			continue;
		for (int n = 0; n < 2; n++)
			m->item[m->n_items++] =
				(struct l2tp_item){ avps[i], value[i][n] };
	}
}

static inline void full_line(struct l2tp_msg *m)
{
	struct l2tp_line line = {
		.circuit_id = BYTES("dslam-7 atm 1/1/5:8.35"),
		.remote_id = BYTES("remote-4711"),
		.encapsulation = BYTES("\1\2\0"),
		.type = 0x03000000,
		.iwf = 1,
	};

	for (unsigned int i = 0; i < 10; i++)
		line.rate[i] = 1000000 + i;
	for (unsigned int i = 0; i < 4; i++)
		line.delay[i] = 16 + i;
	m->line = line;
	for (unsigned int avp = AVP_LINE; avp < AVP_TYPES; avp++)
		if (l2tp_msg_takes(m->type, avp))
			l2tp_msg_set(m, avp);
}

static inline void full_msg(struct l2tp_msg *m, uint16_t type)
{
	*m = (struct l2tp_msg){
		.tunnel_id = 0x1234,
		.session_id = 0x5678,
		.ns = 0xfffe,
		.nr = 3,
		.type = type,
		.has = l2tp_msg_must(type) | l2tp_msg_may(type),
		.result = { 2, 6, "a text" },
		.version = 0x100,
		.framing_caps = 3,
		.bearer_caps = 2,
		.tie_breaker = UINT64_C(0x0102030405060708),
		.firmware = 0x690,
		.host_name = BYTES("lac.example"),
		.vendor_name = BYTES("vendor"),
		.assigned_tunnel = 4711,
		.window = 8,
		.challenge = BYTES("0123456789abcdef0"),
		.q931 = BYTES("\0\x10\0text"),
		.response = BYTES("fedcba9876543210"),
		.assigned_session = 815,
		.serial = 99,
		.min_bps = 1000,
		.max_bps = 2000,
		.bearer_type = 1,
		.framing_type = 1,
		.called = BYTES("100"),
		.calling = BYTES("200"),
		.sub_address = BYTES("sub"),
		.tx_speed = 100000000,
		.channel_id = 7,
		.first_rx_confreq = BYTES("\1\4\5\xd4"),
		.last_tx_confreq = BYTES("\1\4\5\xa2\3\4\xc0\x23"),
		.last_rx_confreq = BYTES("\5\6\1\2\3\4"),
		.authen_type = 3,
		.authen_name = BYTES("user@realm"),
		.authen_challenge = BYTES("challenge"),
		.authen_id = 200,
		.authen_response = BYTES("password"),
		.call_errors = { 11, 12, 13, 14, 15, 16 },
		.accm = { 0xffffffff, 0xa0000 },
		.group_id = BYTES("group"),
		.rx_speed = 20000000,
		.ccds = 0xb800,
		.sds = 0x2800,
		.failover = { 3, 900000 },
		.recovery = { 1001, 2002 },
		.suggested = { 3, 100 },
		.nas_port = BYTES("\1\2\3\4"),
	};
	full_line(m);
	full_items(m);
}

#endif /* TESTS_L2TP_FULL_H */
