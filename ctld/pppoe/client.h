/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PPPoE client: where its frames come from, and go to. */
#ifndef PPPOE_CLIENT_H
#define PPPOE_CLIENT_H

#include <stdint.h>

struct pppoe_client {
	uint32_t ifindex;
	uint16_t vlan_outer; /* 0: untagged */
	uint16_t vlan_inner;
	uint16_t vlan_proto; /* of the outer tag, to be answered with; 0: any */
	uint8_t mac[6];
};

#endif /* PPPOE_CLIENT_H */
