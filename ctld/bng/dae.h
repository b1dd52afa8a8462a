/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listeners for requests of RFC 5176 as they are configured, on sockets of the kernel's
 * port.
 */
#ifndef BNG_DAE_H
#define BNG_DAE_H

#include "aaa/radius_dae.h"
#include "conf/conf.h"
#include "kern/kern.h"

struct dae {
	struct radius_dae server;
	struct kern *kern;
};

/* 0, or -1 with a line in err. */
int dae_open(struct dae *d, const struct conf *conf, struct kern *kern,
	     char err[CONF_ERROR_MAX]);
void dae_close(struct dae *d);
/* What kern_listen_udp's socket of that id got; act: who does it. */
void dae_input(struct dae *d, msec_t now, uint32_t id,
	       const struct addr_port *from, const void *data, size_t len,
	       dae_act_fn *act);

#endif /* BNG_DAE_H */
