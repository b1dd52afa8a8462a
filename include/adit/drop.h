/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Reasons to drop a packet, as numbers; drop_list.h names and explains them. */
#ifndef ADIT_DROP_H
#define ADIT_DROP_H

enum adit_drop {
#define ADIT_DROP(name, text) ADIT_DROP_##name,
#include "adit/drop_list.h"
	ADIT_N_DROPS
};

#endif /* ADIT_DROP_H */
