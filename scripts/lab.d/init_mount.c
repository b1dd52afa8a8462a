// SPDX-License-Identifier: GPL-2.0-or-later
/* File systems: what a guest sees, and what of the host stays visible. See init.h. */
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void mount_new(const char *type, const char *path, const char *options)
{
	if (mount(type, path, type, 0, options))
		fail("mount", path);
}

static void mkdir_all(const char *path)
{
	char part[PATH_MAX];
	size_t i;

	for (i = 1; path[i - 1] && i < sizeof(part); i++) {
		if (path[i] && path[i] != '/')
			continue;
		snprintf(part, i + 1, "%s", path);
		mkdir(part, 0755);
	}
}

void mount_kernel(void)
{
	mount_new("proc", "/proc", NULL);
	mount_new("sysfs", "/sys", NULL);
	mount_new("devtmpfs", "/dev", NULL);
	mkdir("/dev/pts", 0755);
	mkdir("/dev/shm", 0755);
	mkdir("/dev/net", 0755);
	mount_new("devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666");
	mount_new("tmpfs", "/dev/shm", "mode=1777");
	mount_new("debugfs", "/sys/kernel/debug", NULL);
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	symlink("/proc/self/fd", "/dev/fd");
	symlink("fd/0", "/dev/stdin");
	symlink("fd/1", "/dev/stdout");
	symlink("fd/2", "/dev/stderr");
	/* A driver that is a module is loaded when its node is opened. */
	mknod("/dev/ppp", S_IFCHR | 0600, makedev(108, 0));
	mknod("/dev/net/tun", S_IFCHR | 0666, makedev(10, 200));
}

void console_open(void)
{
	int in = open("/dev/null", O_RDONLY),
	    out = open("/dev/console", O_WRONLY);

	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	if (in > 2)
		close(in);
	if (out > 2)
		close(out);
}

/* A tmpfs hides what these directories have on the host. */
static const char *const hidden[] = { "/run", "/tmp", "/var", NULL };

static bool path_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && path[len] == '/';
}

static bool path_hidden(const char *path)
{
	int i;

	for (i = 0; hidden[i]; i++)
		if (path_below(path, hidden[i]))
			return true;
	return false;
}

/*
 * Paths in hidden directories are opened before and bound back afterwards. Of
 * a script its directory is kept, so that it finds its neighbours; a script
 * right in /tmp is kept alone.
 */
static void hidden_open(int *fds)
{
	char *path, *slash;
	struct stat st;
	int i, k;

	for (i = 0; (path = job.keep[i]); i++) {
		fds[i] = -1;
		slash = strrchr(path, '/');
		if (!stat(path, &st) && S_ISREG(st.st_mode)) {
			*slash = '\0';
			if (!path_hidden(path))
				*slash = '/';
		}
		for (k = 0; k < i; k++)
			if (!strcmp(path, job.keep[k]))
				break;
		if (k == i && path_hidden(path))
			fds[i] = open(path, O_PATH | O_CLOEXEC);
	}
}

static void hidden_close(const int *fds)
{
	char source[64], *slash;
	struct stat st;
	int i;

	for (i = 0; job.keep[i]; i++) {
		if (fds[i] < 0)
			continue;
		fstat(fds[i], &st);
		if (S_ISDIR(st.st_mode)) {
			mkdir_all(job.keep[i]);
		} else {
			slash = strrchr(job.keep[i], '/');
			*slash = '\0';
			mkdir_all(job.keep[i]);
			*slash = '/';
			close(open(job.keep[i], O_CREAT | O_WRONLY, 0644));
		}
		snprintf(source, sizeof(source), "/proc/self/fd/%d", fds[i]);
		if (mount(source, job.keep[i], NULL, MS_BIND, NULL))
			fail("keep", job.keep[i]);
		close(fds[i]);
	}
}

/* Daemons expect their directories, with their owners, but empty. */
static void var_fill(int old, const char *name)
{
	int from = openat(old, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = from < 0 ? NULL : fdopendir(from);
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat st;

	snprintf(path, sizeof(path), "/var/%s", name);
	mkdir(path, 0755);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    fstatat(from, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		snprintf(path, sizeof(path), "/var/%s/%s", name, entry->d_name);
		mkdir(path, 0755);
		chown(path, st.st_uid, st.st_gid);
		chmod(path, st.st_mode & 07777);
	}
	if (dir)
		closedir(dir);
}

void mount_own(void)
{
	int fds[LIST_MAX], var = open("/var", O_RDONLY | O_CLOEXEC);

	hidden_open(fds);
	mount_new("tmpfs", "/run", "mode=755");
	mount_new("tmpfs", "/tmp", "mode=1777");
	mount_new("tmpfs", "/var", "mode=755");
	mkdir("/run/lock", 0755);
	mkdir("/run/netns", 0755);
	mkdir("/tmp/home", 0755);
	var_fill(var, "log");
	var_fill(var, "lib");
	var_fill(var, "cache");
	var_fill(var, "spool");
	mkdir("/var/tmp", 0755);
	chmod("/var/tmp", 01777);
	symlink("/run", "/var/run");
	symlink("/run/lock", "/var/lock");
	hidden_close(fds);
	close(var);
}

/* A writable /etc: an overlay, or a copy where there can be none. */
void mount_etc(void)
{
	mkdir("/run/etc", 0755);
	mount_new("tmpfs", "/run/etc", "mode=755");
	mkdir("/run/etc/upper", 0755);
	mkdir("/run/etc/work", 0755);
	if (!mount("etc", "/etc", "overlay", 0,
		   "lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work"))
		return;
	if (system("cp -a /etc/. /run/etc/upper") ||
	    mount("/run/etc/upper", "/etc", NULL, MS_BIND, NULL))
		fail("mount", "/etc");
}

/* The one directory of the host that the guest can change. */
void mount_out(void)
{
	int error;

	if (!job.out)
		return;
	mkdir_all(job.out);
	if (!strcmp(job.boot, "uml"))
		error = mount("out", job.out, "hostfs", 0, job.out);
	else
		error = mount("out", job.out, "9p", 0,
			      "trans=virtio,version=9p2000.L,msize=512000");
	if (error)
		fail("mount", job.out);
}
