// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel says about itself: leaks, lockdep, taint, what hangs. See init.h. */
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KMEMLEAK "/sys/kernel/debug/kmemleak"

unsigned long jiffies(void)
{
	char *at = strstr(file_read("/proc/timer_list", NULL), "jiffies: ");

	return at ? strtoul(at + strlen("jiffies: "), NULL, 10) : 0;
}

/* An object counts as lost if two scans some time apart find it unchanged. */
void leaks_report(unsigned long since)
{
	static const char start[] = "unreferenced object";
	char *leak, *next, *date;
	int i;

	if (access(KMEMLEAK, F_OK))
		return;
	for (i = 0; i < 2; i++) {
		sleep_ms(300);
		file_write(KMEMLEAK, "scan");
	}
	for (leak = file_read(KMEMLEAK, NULL); leak && *leak; leak = next) {
		next = strstr(leak + 1, start);
		if (next)
			next[-1] = '\0';
		date = strstr(leak, "jiffies ");
		if (!date ||
		    strtoul(date + strlen("jiffies "), NULL, 10) >= since)
			puts(leak);
	}
	fflush(stdout);
}

static int lockdep_works(void)
{
	char *at =
		strstr(file_read("/proc/lockdep_stats", NULL), "debug_locks:");

	return at ? atoi(at + strlen("debug_locks:")) : -1;
}

void state_report(const char *when, int status)
{
	report("%s taint=%d locks=%d status=%d", when,
	       atoi(file_read("/proc/sys/kernel/tainted", NULL)),
	       lockdep_works(), status);
}

void hang_report(void)
{
	char path[PATH_MAX], *args;
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	size_t size, i;

	report("the time is nearly up; processes:");
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		if (atoi(entry->d_name) < 2)
			continue;
		args = file_read(path, &size);
		for (i = 0; i + 1 < size; i++)
			if (!args[i])
				args[i] = ' ';
		if (size)
			report("%s %s", entry->d_name, args);
		free(args);
	}
	closedir(dir);
	file_write("/proc/sysrq-trigger", "w");
}
