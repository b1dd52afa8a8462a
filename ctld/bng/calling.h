/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Calling Number of a call of ours (AVP 22), in the form that its LNS wants. */
#ifndef BNG_CALLING_H
#define BNG_CALLING_H

#include "bng/subscriber.h"

/* "": none is to be sent. */
void calling_number(const struct subscriber *s, const struct conf_told *told,
		    char out[L2TP_NUMBER_MAX + 1]);

#endif /* BNG_CALLING_H */
