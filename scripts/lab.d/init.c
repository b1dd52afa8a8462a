// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process 1 of every guest of scripts/lab.
 *
 * Makes a usable machine out of a read-only root, runs one script, carries its
 * output to the host, and reports to the kernel log, by which the host judges
 * the run (judge.sh). A program and not a script, because in User-Mode Linux
 * each exec costs a tenth of a second, and this takes some fifty steps.
 *
 * The kernel's command line sets ADIT_RUN, the directory of the run (boot.sh).
 * Its file `job` consists of strings KEY=VALUE, each ended by a zero byte.
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/random.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

struct job job;

static void list_add(char **list, char *item)
{
	while (*list)
		list++;
	*list = item;
}

static void job_line(char *key, char *value)
{
	if (!strcmp(key, "boot"))
		job.boot = value;
	else if (!strcmp(key, "modules"))
		job.modules = value;
	else if (!strcmp(key, "cwd"))
		job.cwd = value;
	else if (!strcmp(key, "out"))
		job.out = value;
	else if (!strcmp(key, "merged"))
		job.merged = true;
	else if (!strcmp(key, "alarm"))
		job.alarm = atol(value);
	else if (!strcmp(key, "keep"))
		list_add(job.keep, value);
	else if (!strcmp(key, "arg"))
		list_add(job.argv, value);
	else if (!strcmp(key, "env"))
		list_add(job.env, value);
}

static void job_read(const char *dir)
{
	char path[PATH_MAX], *text, *line, *equals;
	size_t size;

	snprintf(path, sizeof(path), "%s/job", dir);
	text = file_read(path, &size);
	for (line = text; line < text + size; line += strlen(line) + 1) {
		equals = strchr(line, '=');
		if (!equals)
			continue;
		*equals = '\0';
		job_line(line, equals + 1);
		line = equals + 1;
	}
	if (!job.argv[0])
		fail("read", path);
}

/* An unseeded generator makes choosing an IP id cost a microsecond. */
static void random_seed(const char *dir)
{
	struct {
		struct rand_pool_info info;
		char bytes[256];
	} seed = { 0 };
	char path[PATH_MAX], *text;
	size_t size;
	int fd = open("/dev/random", O_WRONLY | O_CLOEXEC);

	snprintf(path, sizeof(path), "%s/seed", dir);
	text = file_read(path, &size);
	if (size > sizeof(seed.bytes))
		size = sizeof(seed.bytes);
	memcpy(seed.info.buf, text, size);
	seed.info.buf_size = size;
	seed.info.entropy_count = 8 * size;
	if (ioctl(fd, RNDADDENTROPY, &seed))
		fail("seed", "/dev/random");
	close(fd);
}

static void network_start(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &lo))
		fail("start", "lo");
	close(fd);
	sethostname("adit", 4);
	/* A new namespace comes without tunl0, gre0 and the like. */
	file_write("/proc/sys/net/core/fb_tunnels_only_for_init_net", "1");
}

int main(void)
{
	const char *dir = getenv("ADIT_RUN");
	unsigned long since;
	int status;

	mount_kernel();
	console_open();
	job_read(dir);
	random_seed(dir);
	if (job.modules &&
	    mount(job.modules, "/lib/modules", NULL, MS_BIND, NULL))
		fail("mount", "/lib/modules");
	mount_own();
	mount_etc();
	mount_out();
	network_start();
	since = jiffies();
	state_report("start", 0);
	status = script_run();
	leaks_report(since);
	state_report("end", status);
	power_off();
}
