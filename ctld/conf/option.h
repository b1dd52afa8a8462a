/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration's grammar as tables: kinds of sections, their options, each
 * with its type, default, limits and where it goes. Used by conf/tree (what may
 * be written) and conf/load (what becomes of it).
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include "conf/kind.h"

/* The first is "system", of which there is one. NULL-ended. */
extern const struct conf_kind *const conf_kinds[];

#endif /* CONF_OPTION_H */
