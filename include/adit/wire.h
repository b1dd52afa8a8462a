/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Numbers on the wire that module and daemon share: L2TPv2 (RFC 2661 3.1), PPP
 * (RFC 1661, IANA), PPPoE (RFC 2516). Multi-byte fields are big endian there.
 */
#ifndef ADIT_WIRE_H
#define ADIT_WIRE_H

/* L2TP: the first 16 bits (RFC 2661 3.1). */
#define L2TP_F_T 0x8000 /* control message */
#define L2TP_F_L 0x4000 /* Length present */
#define L2TP_F_S 0x0800 /* Ns and Nr present */
#define L2TP_F_O 0x0200 /* Offset Size present */
#define L2TP_F_P 0x0100 /* priority */
#define L2TP_VERSION_MASK 0x000f
#define L2TP_VERSION 2
#define L2TP_CONTROL 0xc802 /* what a control message starts with */
#define L2TP_CONTROL_HLEN 12
#define L2TP_MIN_HLEN 6
#define L2TP_MAX_OFFSET 16 /* bytes of pad that are taken */

/* PPP: HDLC address and control, protocols. */
#define PPP_ADDRESS_CONTROL 0xff03
#define PPP_PROTO_IPV4 0x0021
#define PPP_PROTO_IPV6 0x0057
#define PPP_PROTO_IPCP 0x8021
#define PPP_PROTO_IPV6CP 0x8057
#define PPP_PROTO_CCP 0x80fd
#define PPP_PROTO_CONTROL 0x8000 /* from here on: NCPs, LCP, authentication */
#define PPP_PROTO_LCP 0xc021
#define PPP_PROTO_PAP 0xc023
#define PPP_PROTO_CHAP 0xc223
/* CHAP's algorithms (RFC 1994 5, RFC 2759 3). What authentication is called where
 * the protocol does not tell: CHAP is that with MD5.
 */
#define PPP_CHAP_MD5 5
#define PPP_CHAP_MSCHAPV2 0x81
#define PPP_AUTH_MSCHAPV2 (PPP_PROTO_CHAP | PPP_CHAP_MSCHAPV2 << 16)

/* PPPoE (RFC 2516 4): the six bytes before tags or PPP frame. */
#define PPPOE_VERTYPE 0x11
#define PPPOE_HLEN 6
#define PPPOE_CODE_SESSION 0x00
#define PPPOE_CODE_PADI 0x09
#define PPPOE_CODE_PADO 0x07
#define PPPOE_CODE_PADR 0x19
#define PPPOE_CODE_PADS 0x65
#define PPPOE_CODE_PADT 0xa7
#define PPPOE_MRU_MAX 1492

#endif /* ADIT_WIRE_H */
