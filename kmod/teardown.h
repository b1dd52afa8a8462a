/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Removal of objects with all that hangs on them, told to listeners. The lower
 * objects refuse to die while populated; this empties them first. A link that was
 * bound to one of them is told as unbound.
 */
#ifndef ADIT_TEARDOWN_H
#define ADIT_TEARDOWN_H

#include "object.h"

/* Context: process, lock held. */
void adit_remove_session(struct adit_session *s);
void adit_remove_tunnel(struct adit_tunnel *t);
void adit_remove_pppoe(struct adit_pppoe *p);
/* And rtnl. */
void adit_remove_underlay(struct adit_underlay *u);
void adit_remove_port(struct adit_port *port);
/* Everything of the namespace but its devices and tables. */
void adit_remove_all(struct adit_net *an);

#endif /* ADIT_TEARDOWN_H */
