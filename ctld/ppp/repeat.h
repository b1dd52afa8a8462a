/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subscriber said of itself, as the frame that said it. */
#ifndef PPP_REPEAT_H
#define PPP_REPEAT_H

#include "ppp/auth.h"

#define PPP_REPEAT_MAX (2 + CP_HLEN + 2 * (1 + UINT8_MAX))

/* The Authenticate-Request of PAP or the Response of CHAP, from the protocol field
 * on. Its length; 0: there is none that somebody else could make use of.
 */
size_t ppp_auth_repeat(const struct ppp_auth *a, uint8_t out[PPP_REPEAT_MAX]);

#endif /* PPP_REPEAT_H */
