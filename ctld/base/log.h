/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line a message, to standard error (the service manager adds time and name). It
 * never blocks: if whoever reads has stalled, lines are lost, and counted.
 * Objects are spelled as the tool takes them: "tunnel 17", "session 17/4242".
 * Never a secret, never a password.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_ERR_L, LOG_WARN_L, LOG_INFO_L, LOG_DEBUG_L };

void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Lines that nobody took, since the start. */
uint64_t log_lost(void);

#define log_err(...) log_line(LOG_ERR_L, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN_L, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO_L, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG_L, __VA_ARGS__)

/*
 * Text of a peer's or subscriber's, made fit for a log line or a terminal: what
 * is not printable ASCII becomes '?', and it is cut to the size of out.
 */
const char *log_safe(const void *text, size_t len, char *out, size_t size);

#endif /* BASE_LOG_H */
