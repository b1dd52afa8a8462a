/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The L2TP host: all tunnels and sessions of this box, and the way in for
 * control messages. It does no I/O and reads no clock: whoever owns it gives it
 * messages (l2tp_host_input) and runs its timers, and gets messages to send and
 * events through the ops (l2tp/ops).
 */
#ifndef L2TP_HOST_H
#define L2TP_HOST_H

#include "base/timer.h"
#include "l2tp/admin.h"
#include "l2tp/call_machine.h"
#include "l2tp/control.h"
#include "l2tp/destination.h"
#include "l2tp/ops.h"
#include "l2tp/save.h"
#include "l2tp/session_end.h"
#include "l2tp/tunnel.h"
#include "l2tp/tunnel_end.h"

void l2tp_host_init(struct l2tp_host *h, const struct l2tp_host_ops *ops,
		    struct timers *timers, void *user);
/* Forgets everything, sends nothing. */
void l2tp_host_free(struct l2tp_host *h);
/* A control message (T bit set) came. Any bytes may come. */
void l2tp_host_input(struct l2tp_host *h, msec_t now,
		     const struct l2tp_path *path, const void *msg, size_t len);

#endif /* L2TP_HOST_H */
