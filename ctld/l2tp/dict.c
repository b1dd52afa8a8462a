/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables; see dict.h. Constant, used by anybody. */
#include "l2tp/dict.h"

#include "l2tp/avp.h"

#include <stddef.h>

#define M AVP_F_M
#define H AVP_F_HIDE
#define NZ AVP_F_NONZERO
#define ANY AVP_VALUE_MAX

/* clang-format off */
#define ROW(id, vendor, type, name, kind, flags, min, max, field) \
	[AVP_##id] = { name, vendor, type, AVP_##kind, flags, min, max, \
		       offsetof(struct l2tp_msg, field), NULL },
#define LAID(id, vendor, type, name, kind, flags, size, field, layout) \
	[AVP_##id] = { name, vendor, type, AVP_##kind, flags, size, size, \
		       offsetof(struct l2tp_msg, field), layout },
#define LINE(n, type, name, kind, size, field) \
	[AVP_LINE_##n] = { name, L2TP_VENDOR_LINE, type, AVP_##kind, H, size, \
			   size, offsetof(struct l2tp_msg, line.field), NULL },

static const struct avp_info table[AVP_TYPES] = {
/* RFC 2661 4.4.1 to 4.4.6 and 4.3 */
ROW(MESSAGE_TYPE, 0, 0, "Message Type", U16, M, 2, 2, type)
ROW(RESULT_CODE, 0, 1, "Result Code", RESULT, M, 2, ANY, result)
ROW(PROTOCOL_VERSION, 0, 2, "Protocol Version", U16, M, 2, 2, version)
ROW(FRAMING_CAPS, 0, 3, "Framing Capabilities", U32, M | H, 4, 4, framing_caps)
ROW(BEARER_CAPS, 0, 4, "Bearer Capabilities", U32, M | H, 4, 4, bearer_caps)
ROW(TIE_BREAKER, 0, 5, "Tie Breaker", U64, 0, 8, 8, tie_breaker)
ROW(FIRMWARE, 0, 6, "Firmware Revision", U16, H, 2, 2, firmware)
ROW(HOST_NAME, 0, 7, "Host Name", BYTES, M, 1, ANY, host_name)
ROW(VENDOR_NAME, 0, 8, "Vendor Name", BYTES, H, 0, ANY, vendor_name)
ROW(TUNNEL_ID, 0, 9, "Assigned Tunnel ID", U16, M | H | NZ, 2, 2,
    assigned_tunnel)
ROW(WINDOW, 0, 10, "Receive Window Size", U16, M | NZ, 2, 2, window)
ROW(CHALLENGE, 0, 11, "Challenge", BYTES, M | H, 1, ANY, challenge)
ROW(Q931, 0, 12, "Q.931 Cause Code", BYTES, M, 3, ANY, q931)
ROW(RESPONSE, 0, 13, "Challenge Response", BYTES, M | H, 16, 16, response)
ROW(SESSION_ID, 0, 14, "Assigned Session ID", U16, M | H | NZ, 2, 2,
    assigned_session)
ROW(SERIAL, 0, 15, "Call Serial Number", U32, M | H, 4, 4, serial)
ROW(MIN_BPS, 0, 16, "Minimum BPS", U32, M | H, 4, 4, min_bps)
ROW(MAX_BPS, 0, 17, "Maximum BPS", U32, M | H, 4, 4, max_bps)
ROW(BEARER_TYPE, 0, 18, "Bearer Type", U32, M | H, 4, 4, bearer_type)
ROW(FRAMING_TYPE, 0, 19, "Framing Type", U32, M | H, 4, 4, framing_type)
ROW(CALLED, 0, 21, "Called Number", BYTES, M | H, 0, ANY, called)
ROW(CALLING, 0, 22, "Calling Number", BYTES, M | H, 0, ANY, calling)
ROW(SUB_ADDRESS, 0, 23, "Sub-Address", BYTES, M | H, 0, ANY, sub_address)
ROW(TX_SPEED, 0, 24, "Tx Connect Speed", U32, M | H, 4, 4, tx_speed)
ROW(CHANNEL_ID, 0, 25, "Physical Channel ID", U32, H, 4, 4, channel_id)
ROW(FIRST_RX_CONFREQ, 0, 26, "Initial Received LCP CONFREQ", BYTES, H, 0, ANY,
    first_rx_confreq)
ROW(LAST_TX_CONFREQ, 0, 27, "Last Sent LCP CONFREQ", BYTES, H, 0, ANY,
    last_tx_confreq)
ROW(LAST_RX_CONFREQ, 0, 28, "Last Received LCP CONFREQ", BYTES, H, 0, ANY,
    last_rx_confreq)
ROW(AUTHEN_TYPE, 0, 29, "Proxy Authen Type", U16, H, 2, 2, authen_type)
ROW(AUTHEN_NAME, 0, 30, "Proxy Authen Name", BYTES, H, 0, ANY, authen_name)
ROW(AUTHEN_CHALLENGE, 0, 31, "Proxy Authen Challenge", BYTES, H, 0, ANY,
    authen_challenge)
ROW(AUTHEN_ID, 0, 32, "Proxy Authen ID", U16, H, 2, 2, authen_id)
ROW(AUTHEN_RESPONSE, 0, 33, "Proxy Authen Response", BYTES, H, 0, ANY,
    authen_response)
LAID(CALL_ERRORS, 0, 34, "Call Errors", FIELDS, M | H, 26, call_errors,
     "-llllll")
LAID(ACCM, 0, 35, "ACCM", FIELDS, M | H, 10, accm, "-ll")
ROW(RANDOM_VECTOR, 0, 36, "Random Vector", BYTES, M, 1, ANY, body)
ROW(GROUP_ID, 0, 37, "Private Group ID", BYTES, H, 0, ANY, group_id)
ROW(RX_SPEED, 0, 38, "Rx Connect Speed", U32, H, 4, 4, rx_speed)
ROW(SEQUENCING, 0, 39, "Sequencing Required", EMPTY, M, 0, 0, body)
/* RFC 3145 */
ROW(CAUSE, 0, 46, "PPP Disconnect Cause Code", ITEM, H, 5, ANY, item)
/* RFC 3308 */
ROW(CCDS, 0, 47, "Control Connection DS", U16, H, 2, 2, ccds)
ROW(SDS, 0, 48, "Session DS", U16, H, 2, 2, sds)
/* RFC 4951 */
LAID(FAILOVER, 0, 76, "Failover Capability", FIELDS, H, 6, failover, "sl")
LAID(RECOVERY, 0, 77, "Tunnel Recovery", FIELDS, M, 10, recovery, "--s-s")
LAID(SUGGESTED, 0, 78, "Suggested Control Sequence", FIELDS, H, 6, suggested,
     "-ss")
LAID(FAILOVER_STATE, 0, 79, "Failover Session State", ITEM, M | H, 10, item,
     "--s-s")
/* RFC 5515 */
LAID(SPEED_UPDATE, 0, 97, "Connect Speed Update", ITEM, H, 12, item, "-sll")
ROW(SPEED_ENABLE, 0, 98, "Connect Speed Update Enable", EMPTY, H, 0, 0, body)
/* Cisco's; some send it with other lengths than 4, and no call fails of that */
ROW(NAS_PORT, L2TP_VENDOR_CISCO, 100, "Cisco NAS Port", BYTES, H, 0, ANY,
    nas_port)
ROW(LINE_CIRCUIT_ID, L2TP_VENDOR_LINE, 1, "Agent-Circuit-Id", BYTES, H, 1, 63,
    line.circuit_id)
ROW(LINE_REMOTE_ID, L2TP_VENDOR_LINE, 2, "Agent-Remote-Id", BYTES, H, 1, 63,
    line.remote_id)
LINE(RATE, 129, "Actual-Data-Rate-Upstream", U64, 8, rate[0])
LINE(RATE + 1, 130, "Actual-Data-Rate-Downstream", U64, 8, rate[1])
LINE(RATE + 2, 131, "Minimum-Data-Rate-Upstream", U64, 8, rate[2])
LINE(RATE + 3, 132, "Minimum-Data-Rate-Downstream", U64, 8, rate[3])
LINE(RATE + 4, 133, "Attainable-Data-Rate-Upstream", U64, 8, rate[4])
LINE(RATE + 5, 134, "Attainable-Data-Rate-Downstream", U64, 8, rate[5])
LINE(RATE + 6, 135, "Maximum-Data-Rate-Upstream", U64, 8, rate[6])
LINE(RATE + 7, 136, "Maximum-Data-Rate-Downstream", U64, 8, rate[7])
LINE(RATE + 8, 137, "Minimum-Data-Rate-Upstream-Low-Power", U64, 8, rate[8])
LINE(RATE + 9, 138, "Minimum-Data-Rate-Downstream-Low-Power", U64, 8, rate[9])
LINE(DELAY, 139, "Maximum-Interleaving-Delay-Upstream", U32, 4, delay[0])
LINE(DELAY + 1, 140, "Actual-Interleaving-Delay-Upstream", U32, 4, delay[1])
LINE(DELAY + 2, 141, "Maximum-Interleaving-Delay-Downstream", U32, 4, delay[2])
LINE(DELAY + 3, 142, "Actual-Interleaving-Delay-Downstream", U32, 4, delay[3])
LINE(ENCAPSULATION, 144, "Access-Loop-Encapsulation", BYTES, 3, encapsulation)
LINE(TYPE, 145, "ANCP Access Line Type", U32, 4, type)
LINE(IWF, 254, "IWF-Session", U32, 4, iwf)
};
/* clang-format on */

const struct avp_info *avp_info(unsigned int avp)
{
	return avp < AVP_TYPES && table[avp].name ? &table[avp] : NULL;
}

int avp_find(uint16_t vendor, uint16_t type)
{
	if (!vendor && type <= AVP_SDS)
		return table[type].name ? type : -1;
	/* What RFC 3145 was before it was one. */
	if (vendor == L2TP_VENDOR_3COM && type == AVP_CAUSE)
		return AVP_CAUSE;
	for (int i = AVP_SDS + 1; i < AVP_TYPES; i++)
		if (table[i].name && table[i].vendor == vendor &&
		    table[i].type == type)
			return i;
	return -1;
}

/* One row a message. Message Type and Random Vector go without saying. */
struct row {
	const char *name;
	unsigned int flags;
	uint64_t must;
	uint64_t may;
};

#define SESSION 1 /* it concerns one */
#define OPTIONAL 2 /* Message Type is sent without M */
#define WITH_LINE 4 /* may have all that is known of the line */

#define A(avp) L2TP_BIT(AVP_##avp)
#define START \
	(A(PROTOCOL_VERSION) | A(HOST_NAME) | A(FRAMING_CAPS) | A(TUNNEL_ID))
#define MAY_START                                                  \
	(A(BEARER_CAPS) | A(WINDOW) | A(CHALLENGE) | A(FIRMWARE) | \
	 A(VENDOR_NAME) | A(CCDS) | A(FAILOVER))

/* clang-format off */
static const struct row rows[L2TP_MSG_TYPES] = {
	/* RFC 2661 6.1 to 6.14 */
	[L2TP_SCCRQ] = { "SCCRQ", 0, START,
			 MAY_START | A(TIE_BREAKER) | A(RECOVERY) },
	[L2TP_SCCRP] = { "SCCRP", 0, START,
			 MAY_START | A(RESPONSE) | A(SUGGESTED) },
	[L2TP_SCCCN] = { "SCCCN", 0, 0, A(RESPONSE) },
	[L2TP_STOPCCN] = { "StopCCN", 0, A(TUNNEL_ID) | A(RESULT_CODE), 0 },
	[L2TP_HELLO] = { "HELLO", 0, 0, 0 },
	[L2TP_ICRQ] = { "ICRQ", SESSION | WITH_LINE, A(SESSION_ID) | A(SERIAL),
			A(BEARER_TYPE) | A(CHANNEL_ID) | A(CALLING) |
			A(CALLED) | A(SUB_ADDRESS) | A(SDS) | A(SPEED_ENABLE) |
			A(NAS_PORT) },
	[L2TP_ICRP] = { "ICRP", SESSION, A(SESSION_ID), A(SDS) },
	[L2TP_ICCN] = { "ICCN", SESSION, A(TX_SPEED) | A(FRAMING_TYPE),
			A(FIRST_RX_CONFREQ) | A(LAST_TX_CONFREQ) |
			A(LAST_RX_CONFREQ) | A(AUTHEN_TYPE) | A(AUTHEN_NAME) |
			A(AUTHEN_CHALLENGE) | A(AUTHEN_ID) |
			A(AUTHEN_RESPONSE) | A(GROUP_ID) | A(RX_SPEED) |
			A(SEQUENCING) },
	[L2TP_OCRQ] = { "OCRQ", SESSION,
			A(SESSION_ID) | A(SERIAL) | A(MIN_BPS) | A(MAX_BPS) |
			A(BEARER_TYPE) | A(FRAMING_TYPE) | A(CALLED),
			A(SUB_ADDRESS) | A(SDS) },
	[L2TP_OCRP] = { "OCRP", SESSION, A(SESSION_ID), A(CHANNEL_ID) | A(SDS) },
	[L2TP_OCCN] = { "OCCN", SESSION, A(TX_SPEED) | A(FRAMING_TYPE),
			A(RX_SPEED) | A(SEQUENCING) },
	[L2TP_CDN] = { "CDN", SESSION, A(RESULT_CODE) | A(SESSION_ID),
		       A(Q931) | A(CAUSE) },
	[L2TP_WEN] = { "WEN", SESSION, A(CALL_ERRORS), 0 },
	[L2TP_SLI] = { "SLI", SESSION, A(ACCM), 0 },
	/* RFC 4951 4, RFC 5515 5 */
	[L2TP_FSQ] = { "FSQ", OPTIONAL, A(FAILOVER_STATE), 0 },
	[L2TP_FSR] = { "FSR", OPTIONAL, A(FAILOVER_STATE), 0 },
	[L2TP_CSUN] = { "CSUN", OPTIONAL, A(SPEED_UPDATE), 0 },
	[L2TP_CSURQ] = { "CSURQ", OPTIONAL, A(SPEED_UPDATE), 0 },
};
/* clang-format on */

static const struct row *row_of(uint16_t type)
{
	return type < L2TP_MSG_TYPES && rows[type].name ? &rows[type] : NULL;
}

const char *l2tp_msg_name(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->name : type == L2TP_ZLB ? "ZLB" : "message";
}

uint64_t l2tp_msg_must(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->must | L2TP_BIT(AVP_MESSAGE_TYPE) : 0;
}

uint64_t l2tp_msg_may(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->may : 0;
}

bool l2tp_msg_takes(uint16_t type, unsigned int avp)
{
	const struct row *row = row_of(type);

	if (!row || avp >= AVP_LINE)
		return row && row->flags & WITH_LINE;
	return (row->must | row->may) & L2TP_BIT(avp);
}

bool l2tp_msg_of_session(uint16_t type)
{
	const struct row *row = row_of(type);

	return row && row->flags & SESSION;
}

bool l2tp_msg_optional(uint16_t type)
{
	const struct row *row = row_of(type);

	return row && row->flags & OPTIONAL;
}
