/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of kern/plain: its tables of tunnels and links (plain_table.c), its
 * notes (plain_note.c), its sockets (plain_sock.c), its frames (plain.c). For
 * these files only.
 *
 * What a caller is to hear of its own request is noted, and told by the loop.
 */
#ifndef KERN_PLAIN_PORT_H
#define KERN_PLAIN_PORT_H

#include "base/hash.h"
#include "kern/kern.h"

#include <ev.h>
#include <sys/queue.h>

struct plain;
struct plain_link;

struct plain_tunnel {
	struct hash_node node; /* by id */
	uint16_t id, peer_id;
	uint32_t endpoint;
	struct addr_port remote, from;
	uint64_t cookie;
	struct kern_stats stats;
	LIST_HEAD(plain_links, plain_link) links;
	LIST_ENTRY(plain_tunnel) next;
};

struct plain_link {
	struct hash_node node; /* by kern_link_key */
	struct kern_link name;
	struct plain_tunnel *tunnel; /* SESSION */
	LIST_ENTRY(plain_link) next; /* of its tunnel, of all PPPOE */
	uint16_t peer_id; /* SESSION; 0: not known yet */
	uint16_t ns;
	bool seq;
	bool ip; /* bound to a device: no data path here */
	uint8_t mac[6]; /* PPPOE */
	uint64_t cookie;
	struct kern_stats stats;
	struct plain_link *to; /* bound to, and the other way round */
};

struct plain_tables {
	struct hash tunnels, links;
	LIST_HEAD(, plain_tunnel) all_tunnels;
	struct plain_links pppoe;
	uint32_t n_tunnels, n_links[KERN_PPPOE + 1]; /* by kind */
	uint32_t max_tunnels, max_links; /* of a kind; 0: no limit */
};

/* 0 or -errno. */
int plain_tunnel_add(struct plain_tables *t, const struct kern_tunnel *k);
struct plain_tunnel *plain_tunnel_find(struct plain_tables *t, uint16_t id);
/* A tunnel that has no links any more. */
void plain_tunnel_free(struct plain_tables *t, struct plain_tunnel *tun);
int plain_session_add(struct plain_tables *t, const struct kern_session *k);
int plain_pppoe_add(struct plain_tables *t, const struct kern_pppoe *k);
struct plain_link *plain_link_find(struct plain_tables *t,
				   const struct kern_link *name);
void plain_link_free(struct plain_tables *t, struct plain_link *l);
void plain_unbind(struct plain_link *l);
void plain_tables_init(struct plain_tables *t);
void plain_tables_free(struct plain_tables *t);

struct plain_endpoint {
	LIST_ENTRY(plain_endpoint) next;
	struct plain *plain;
	struct addr_port local;
	uint32_t vrf, id;
	ev_io io;
};

struct plain_port {
	LIST_ENTRY(plain_port) next;
	struct plain *plain;
	uint32_t ifindex;
	ev_io discovery, session;
};

struct plain_note;

/* What the sockets read; it is changed in place. */
struct plain_input {
	void (*udp)(struct plain *p, msec_t now, struct plain_endpoint *e,
		    const struct addr_port *remote, uint8_t *data, size_t len);
	/* PPPoE session, from the PPPoE header on. */
	void (*session)(struct plain *p, msec_t now, uint32_t ifindex,
			const uint8_t mac[6], uint8_t *data, size_t len);
};

struct plain {
	struct kern kern;
	const struct plain_input *input;
	struct plain_tables tables;
	LIST_HEAD(, plain_endpoint) endpoints;
	LIST_HEAD(, plain_port) ports;
	uint32_t last_endpoint;
	STAILQ_HEAD(, plain_note) notes;
	ev_timer tell;
	bool polled;
	uint64_t ip_drops; /* data that wants the module */
	uint8_t in[65536];
	uint8_t out[65536];
};

/* Notes. err 0: nothing to refuse. */
enum plain_what {
	PLAIN_REFUSED,
	PLAIN_TUNNEL_GONE,
	PLAIN_LINK_GONE,
	PLAIN_TUNNEL_STATS,
	PLAIN_LINK_STATS,
};

void plain_notes_init(struct plain *p);
void plain_notes_free(struct plain *p);
/* r->err 0: nothing to refuse. */
void plain_refuse(struct plain *p, const struct kern_refusal *r);
void plain_note_link(struct plain *p, enum plain_what what,
		     const struct plain_link *l);
void plain_note_tunnel(struct plain *p, enum plain_what what,
		       const struct plain_tunnel *t);

/* Sockets; 0 or -errno and a line in err. */
int plain_endpoint_open(struct plain *p, const struct addr_port *local,
			uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX]);
int plain_port_open(struct plain *p, uint32_t ifindex,
		    char err[KERN_ERROR_MAX]);
void plain_socks_close(struct plain *p);
/* 0 or -errno. */
int plain_udp_send(struct plain *p, uint32_t endpoint,
		   const struct addr_port *remote, const void *data,
		   size_t len);
int plain_eth_send(struct plain *p, uint32_t ifindex, const uint8_t mac[6],
		   bool discovery, const void *data, size_t len);

#endif /* KERN_PLAIN_PORT_H */
