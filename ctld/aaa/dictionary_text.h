/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dictionaries of ctld/share/radius, which the daemon has in itself. */
#ifndef AAA_DICTIONARY_TEXT_H
#define AAA_DICTIONARY_TEXT_H

#include <stddef.h>

struct dictionary_text {
	const char *name, *start, *end;
};

extern const struct dictionary_text dictionary_texts[];
extern const size_t dictionary_n_texts;

#endif /* AAA_DICTIONARY_TEXT_H */
