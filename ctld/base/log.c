/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Log lines on standard error, with syslog's "<n>" prefix under a service manager. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static enum log_level log_max = LOG_INFO_L;

void log_set_level(enum log_level level)
{
	log_max = level;
}

bool log_enabled(enum log_level level)
{
	return level <= log_max;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static const int syslog_level[] = { 3, 4, 6, 7 };
	char line[1024];
	va_list ap;

	if (level > log_max)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", syslog_level[level], line);
	else
		fprintf(stderr, "aditd: %s\n", line);
}

const char *log_safe(const void *text, size_t len, char *out, size_t size)
{
	const unsigned char *t = text;
	size_t i;

	for (i = 0; i < len && i + 1 < size; i++)
		out[i] = t[i] >= 0x20 && t[i] < 0x7f ? (char)t[i] : '?';
	out[i] = 0;
	return out;
}
