// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines for the host in the kernel log, and small helpers. See init.h. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

void report(const char *format, ...)
{
	char line[512] = "adit-lab: ";
	size_t len = strlen(line);
	va_list args;
	int fd;

	va_start(args, format);
	len += vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, line, len) < 0)
		puts(line);
	close(fd);
}

void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void fail(const char *what, const char *name)
{
	report("cannot %s %s: %s", what, name, strerror(errno));
	power_off();
}

char *file_read(const char *path, size_t *size)
{
	size_t len = 0, room = 4096;
	char *text = malloc(room + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (text && fd >= 0 && (n = read(fd, text + len, room - len)) > 0) {
		len += n;
		if (len == room)
			text = realloc(text, (room *= 2) + 1);
	}
	if (!text)
		fail("read", path);
	close(fd);
	text[len] = '\0';
	if (size)
		*size = len;
	return text;
}

void file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		report("cannot write %s: %s", path, strerror(errno));
	close(fd);
}

void sleep_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}
