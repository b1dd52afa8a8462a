/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PAP, the authenticator's side (RFC 1334 2). */
#ifndef PPP_PAP_H
#define PPP_PAP_H

#include "ppp/auth.h"

extern const struct authen_method pap_method;

#endif /* PPP_PAP_H */
