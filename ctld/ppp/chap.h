/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CHAP with MD5 and MS-CHAPv2, the authenticator's side (RFC 1994, RFC 2759). */
#ifndef PPP_CHAP_H
#define PPP_CHAP_H

#include "ppp/auth.h"

extern const struct authen_method chap_method;
extern const struct authen_method mschapv2_method;

#endif /* PPP_CHAP_H */
