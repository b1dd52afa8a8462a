/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See dictionary_text.h; ctld/Makefile says which files these depend on. */
#include "aaa/dictionary_text.h"

#define TEXTS(X)                  \
	X(rfc, "rfc")             \
	X(erx, "erx")             \
	X(cisco, "cisco")         \
	X(microsoft, "microsoft") \
	X(mikrotik, "mikrotik")   \
	X(wispr, "wispr")         \
	X(line, "broadband-forum")

#define X(id, file)                                                           \
	extern const char dictionary_##id##_start[], dictionary_##id##_end[]; \
	__asm__(".section .rodata\n"                                          \
		"dictionary_" #id "_start:\n"                                 \
		".incbin \"ctld/share/radius/dictionary." file "\"\n"         \
		"dictionary_" #id "_end:\n"                                   \
		".byte 0\n"                                                   \
		".previous\n");
TEXTS(X)
#undef X

#define X(id, file) \
	{ "dictionary." file, dictionary_##id##_start, dictionary_##id##_end },
const struct dictionary_text dictionary_texts[] = { TEXTS(X) };
#undef X
const size_t dictionary_n_texts =
	sizeof(dictionary_texts) / sizeof(dictionary_texts[0]);
