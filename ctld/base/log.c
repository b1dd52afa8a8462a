/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines on standard error, with syslog's "<n>" prefix under a service manager.
 * Whoever reads them may stall, and must not hold up the daemon: what does not fit is
 * lost, and counted. The descriptor's description is others' too, so that it cannot
 * be made non-blocking: each line asks first.
 */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT_MAX 1024
#define LINE_MAX_LEN (TEXT_MAX + 16) /* and what is before and behind */

/* A pipe that can be written to has room for that many bytes. */
_Static_assert(LINE_MAX_LEN <= PIPE_BUF, "a line goes whole or not at all");

static enum log_level log_max = LOG_INFO_L;
static uint64_t lost; /* lines */
static uint64_t told; /* of these */

void log_set_level(enum log_level level)
{
	log_max = level;
}

bool log_enabled(enum log_level level)
{
	return level <= log_max;
}

uint64_t log_lost(void)
{
	return lost;
}

static bool put(const char *b, size_t len)
{
	static bool is_socket = true; /* until it says that it is none */
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (is_socket) {
		ssize_t n = send(STDERR_FILENO, b, len,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n >= 0 || errno != ENOTSOCK)
			return n == (ssize_t)len;
		is_socket = false;
	}
	return poll(&p, 1, 0) == 1 && p.revents & POLLOUT &&
	       write(STDERR_FILENO, b, len) == (ssize_t)len;
}

static bool put_text(enum log_level level, const char *text)
{
	static const int syslog_level[] = { 3, 4, 6, 7 };
	char line[LINE_MAX_LEN];
	int n;

	if (getenv("JOURNAL_STREAM"))
		n = snprintf(line, sizeof(line), "<%d>%s\n",
			     syslog_level[level], text);
	else
		n = snprintf(line, sizeof(line), "aditd: %s\n", text);
	return put(line, (size_t)n);
}

/* Before the first line that gets through again. */
static bool tell_lost(void)
{
	char text[64];

	if (lost == told)
		return true;
	snprintf(text, sizeof(text), "%llu lines of this log were lost",
		 (unsigned long long)(lost - told));
	if (!put_text(LOG_WARN_L, text))
		return false;
	told = lost;
	return true;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	int was = errno;
	char text[TEXT_MAX];
	va_list ap;

	if (level > log_max)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!tell_lost() || !put_text(level, text))
		lost++;
	errno = was;
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
