/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process 1 of every guest: what its parts know of the job and of each other. Whatever
 * fails ends the guest without an end line, which the host takes for a failure.
 */
#ifndef LAB_INIT_H
#define LAB_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define LIST_MAX 256

struct job {
	const char *boot; /* uml or qemu */
	const char *modules; /* a directory for /lib/modules, or none */
	const char *cwd;
	const char *out; /* a host directory to be writable, or none */
	bool merged; /* standard output and error are one */
	time_t alarm; /* uptime at which to say what hangs, or 0 */
	char *keep[LIST_MAX]; /* paths that must stay visible */
	char *argv[LIST_MAX];
	char *env[LIST_MAX];
};

extern struct job job;

/* init_report.c: a line for the host, files, the end. */
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);
void power_off(void);
void fail(const char *what, const char *name);
/* Without a size: for files of proc and sysfs too. Empty if there is none. */
char *file_read(const char *path, size_t *size);
void file_write(const char *path, const char *text);
void sleep_ms(long ms);

/* init_mount.c: a usable tree out of a read-only root. */
void mount_kernel(void);
void console_open(void);
void mount_own(void);
void mount_etc(void);
void mount_out(void);

/* init_state.c: what the kernel says about itself. */
/* The kernel's clock, by which kmemleak dates objects. */
unsigned long jiffies(void);
/* Prints what kmemleak found that is younger than that. */
void leaks_report(unsigned long since);
void state_report(const char *when, int status);
/* Into the kernel log: which processes there are, and which are stuck in it. */
void hang_report(void);

/* init_script.c: runs the script, carries its output to the host; its exit status. */
int script_run(void);

#endif /* LAB_INIT_H */
