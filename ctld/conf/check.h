/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left to do when every option has its value: names become pointers, what
 * depends on other settings gets its default, and the settings must agree with
 * each other. Called by conf/load, once.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/value.h"

/* Messages go to l->errors. */
void conf_check(struct conf_loading *l);

#endif /* CONF_CHECK_H */
