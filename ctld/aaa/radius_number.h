/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of RADIUS: vendors, and all attributes that the daemon reads, writes or refuses, but
 * for those of access lines, which base/line has. The type is what a dictionary says;
 * what is none of its types is a STRING there.
 */
#ifndef AAA_RADIUS_NUMBER_H
#define AAA_RADIUS_NUMBER_H

/* Private enterprise numbers. */
enum radius_vendor {
	RADIUS_MICROSOFT = 311,
	RADIUS_ERX = 4874, /* Juniper, of its E series */
	RADIUS_WISPR = 14122,
	RADIUS_MIKROTIK = 14988,
};

/* X(vendor, number, type, name) */
#define RADIUS_ATTRIBUTES(X)                                      \
	X(0, 1, STRING, USER_NAME)                                \
	X(0, 2, STRING, USER_PASSWORD)                            \
	X(0, 3, STRING, CHAP_PASSWORD)                            \
	X(0, 4, IPADDR, NAS_IP_ADDRESS)                           \
	X(0, 5, INTEGER, NAS_PORT)                                \
	X(0, 6, INTEGER, SERVICE_TYPE)                            \
	X(0, 7, INTEGER, FRAMED_PROTOCOL)                         \
	X(0, 8, IPADDR, FRAMED_IP_ADDRESS)                        \
	X(0, 9, IPADDR, FRAMED_IP_NETMASK)                        \
	X(0, 11, STRING, FILTER_ID)                               \
	X(0, 12, INTEGER, FRAMED_MTU)                             \
	X(0, 18, STRING, REPLY_MESSAGE)                           \
	X(0, 22, STRING, FRAMED_ROUTE)                            \
	X(0, 24, STRING, STATE)                                   \
	X(0, 25, STRING, CLASS)                                   \
	X(0, 26, STRING, VENDOR_SPECIFIC)                         \
	X(0, 27, INTEGER, SESSION_TIMEOUT)                        \
	X(0, 28, INTEGER, IDLE_TIMEOUT)                           \
	X(0, 30, STRING, CALLED_STATION_ID)                       \
	X(0, 31, STRING, CALLING_STATION_ID)                      \
	X(0, 32, STRING, NAS_IDENTIFIER)                          \
	X(0, 33, STRING, PROXY_STATE)                             \
	X(0, 40, INTEGER, ACCT_STATUS_TYPE)                       \
	X(0, 41, INTEGER, ACCT_DELAY_TIME)                        \
	X(0, 42, INTEGER, ACCT_INPUT_OCTETS)                      \
	X(0, 43, INTEGER, ACCT_OUTPUT_OCTETS)                     \
	X(0, 44, STRING, ACCT_SESSION_ID)                         \
	X(0, 45, INTEGER, ACCT_AUTHENTIC)                         \
	X(0, 46, INTEGER, ACCT_SESSION_TIME)                      \
	X(0, 47, INTEGER, ACCT_INPUT_PACKETS)                     \
	X(0, 48, INTEGER, ACCT_OUTPUT_PACKETS)                    \
	X(0, 49, INTEGER, ACCT_TERMINATE_CAUSE)                   \
	X(0, 50, STRING, ACCT_MULTI_SESSION_ID)                   \
	X(0, 52, INTEGER, ACCT_INPUT_GIGAWORDS)                   \
	X(0, 53, INTEGER, ACCT_OUTPUT_GIGAWORDS)                  \
	X(0, 55, DATE, EVENT_TIMESTAMP)                           \
	X(0, 60, STRING, CHAP_CHALLENGE)                          \
	X(0, 61, INTEGER, NAS_PORT_TYPE)                          \
	X(0, 62, INTEGER, PORT_LIMIT)                             \
	X(0, 64, INTEGER, TUNNEL_TYPE)                            \
	X(0, 65, INTEGER, TUNNEL_MEDIUM_TYPE)                     \
	X(0, 66, STRING, TUNNEL_CLIENT_ENDPOINT)                  \
	X(0, 67, STRING, TUNNEL_SERVER_ENDPOINT)                  \
	X(0, 68, STRING, ACCT_TUNNEL_CONNECTION)                  \
	X(0, 69, STRING, TUNNEL_PASSWORD)                         \
	X(0, 77, STRING, CONNECT_INFO)                            \
	X(0, 79, STRING, EAP_MESSAGE)                             \
	X(0, 80, STRING, MESSAGE_AUTHENTICATOR)                   \
	X(0, 81, STRING, TUNNEL_PRIVATE_GROUP_ID)                 \
	X(0, 82, STRING, TUNNEL_ASSIGNMENT_ID)                    \
	X(0, 83, INTEGER, TUNNEL_PREFERENCE)                      \
	X(0, 85, INTEGER, ACCT_INTERIM_INTERVAL)                  \
	X(0, 87, STRING, NAS_PORT_ID)                             \
	X(0, 88, STRING, FRAMED_POOL)                             \
	X(0, 89, STRING, CHARGEABLE_USER_IDENTITY)                \
	X(0, 90, STRING, TUNNEL_CLIENT_AUTH_ID)                   \
	X(0, 91, STRING, TUNNEL_SERVER_AUTH_ID)                   \
	X(0, 95, IPV6ADDR, NAS_IPV6_ADDRESS)                      \
	X(0, 96, STRING, FRAMED_INTERFACE_ID)                     \
	X(0, 97, IPV6PREFIX, FRAMED_IPV6_PREFIX)                  \
	X(0, 99, STRING, FRAMED_IPV6_ROUTE)                       \
	X(0, 100, STRING, FRAMED_IPV6_POOL)                       \
	X(0, 101, INTEGER, ERROR_CAUSE)                           \
	X(0, 123, IPV6PREFIX, DELEGATED_IPV6_PREFIX)              \
	X(0, 168, IPV6ADDR, FRAMED_IPV6_ADDRESS)                  \
	X(0, 169, IPV6ADDR, DNS_SERVER_IPV6_ADDRESS)              \
	X(0, 170, IPV6PREFIX, ROUTE_IPV6_INFORMATION)             \
	X(0, 171, STRING, DELEGATED_IPV6_PREFIX_POOL)             \
	X(0, 172, STRING, STATEFUL_IPV6_ADDRESS_POOL)             \
	X(RADIUS_MICROSOFT, 11, STRING, MS_CHAP_CHALLENGE)        \
	X(RADIUS_MICROSOFT, 25, STRING, MS_CHAP2_RESPONSE)        \
	X(RADIUS_MICROSOFT, 26, STRING, MS_CHAP2_SUCCESS)         \
	X(RADIUS_MICROSOFT, 28, IPADDR, MS_PRIMARY_DNS_SERVER)    \
	X(RADIUS_MICROSOFT, 29, IPADDR, MS_SECONDARY_DNS_SERVER)  \
	X(RADIUS_MICROSOFT, 30, IPADDR, MS_PRIMARY_NBNS_SERVER)   \
	X(RADIUS_MICROSOFT, 31, IPADDR, MS_SECONDARY_NBNS_SERVER) \
	X(RADIUS_ERX, 1, STRING, ERX_VIRTUAL_ROUTER_NAME)         \
	X(RADIUS_ERX, 2, STRING, ERX_ADDRESS_POOL_NAME)           \
	X(RADIUS_ERX, 4, IPADDR, ERX_PRIMARY_DNS)                 \
	X(RADIUS_ERX, 5, IPADDR, ERX_SECONDARY_DNS)               \
	X(RADIUS_ERX, 6, IPADDR, ERX_PRIMARY_WINS)                \
	X(RADIUS_ERX, 7, IPADDR, ERX_SECONDARY_WINS)              \
	X(RADIUS_ERX, 8, STRING, ERX_TUNNEL_VIRTUAL_ROUTER)       \
	X(RADIUS_ERX, 9, STRING, ERX_TUNNEL_PASSWORD)             \
	X(RADIUS_ERX, 10, STRING, ERX_INGRESS_POLICY_NAME)        \
	X(RADIUS_ERX, 11, STRING, ERX_EGRESS_POLICY_NAME)         \
	X(RADIUS_ERX, 26, STRING, ERX_QOS_PROFILE_NAME)           \
	X(RADIUS_ERX, 30, INTEGER, ERX_TUNNEL_NAS_PORT_METHOD)    \
	X(RADIUS_ERX, 32, INTEGER, ERX_TUNNEL_TOS)                \
	X(RADIUS_ERX, 33, INTEGER, ERX_TUNNEL_MAXIMUM_SESSIONS)   \
	X(RADIUS_ERX, 42, INTEGER, ERX_INPUT_GIGAPKTS)            \
	X(RADIUS_ERX, 43, INTEGER, ERX_OUTPUT_GIGAPKTS)           \
	X(RADIUS_ERX, 47, IPV6ADDR, ERX_IPV6_PRIMARY_DNS)         \
	X(RADIUS_ERX, 48, IPV6ADDR, ERX_IPV6_SECONDARY_DNS)       \
	X(RADIUS_ERX, 51, STRING, ERX_DISCONNECT_CAUSE)           \
	X(RADIUS_ERX, 54, INTEGER, ERX_L2TP_RECV_WINDOW_SIZE)     \
	X(RADIUS_ERX, 64, STRING, ERX_TUNNEL_GROUP)               \
	X(RADIUS_ERX, 94, INTEGER, ERX_TUNNEL_TX_SPEED_METHOD)    \
	X(RADIUS_WISPR, 7, INTEGER, WISPR_BANDWIDTH_MAX_UP)       \
	X(RADIUS_WISPR, 8, INTEGER, WISPR_BANDWIDTH_MAX_DOWN)     \
	X(RADIUS_MIKROTIK, 8, STRING, MIKROTIK_RATE_LIMIT)

enum radius_number {
#define X(vendor, number, type, name) RADIUS_##name = number,
	RADIUS_ATTRIBUTES(X)
#undef X
};

/* Values of Service-Type, Framed-Protocol, Tunnel-Type, Tunnel-Medium-Type. */
#define RADIUS_SERVICE_FRAMED 2
#define RADIUS_SERVICE_OUTBOUND 5
#define RADIUS_FRAMED_PPP 1
#define RADIUS_TUNNEL_L2TP 3
#define RADIUS_MEDIUM_IPV4 1
#define RADIUS_MEDIUM_IPV6 2

#endif /* AAA_RADIUS_NUMBER_H */
