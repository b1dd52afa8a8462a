// SPDX-License-Identifier: GPL-2.0-or-later
/* The script, and its output's way to the host. See init.h. */
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct stream {
	int from; /* the reading end of the script's pipe */
	int to; /* a terminal or port that leads to the host */
};

/* The device of a named virtio port; "" if there is none. */
static const char *port_path(const char *name)
{
	static const char class[] = "/sys/class/virtio-ports";
	DIR *dir = opendir(class);
	struct dirent *entry;
	static char path[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s/name", class,
			 entry->d_name);
		if (strncmp(file_read(path, NULL), name, strlen(name)))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		return path;
	}
	return "";
}

/* User-Mode Linux has terminals for it, qemu has named virtio ports. */
static int stream_host(const char *name)
{
	bool uml = !strcmp(job.boot, "uml"), first = !strcmp(name, "out");
	const char *path = first ? "/dev/tty1" : "/dev/tty2";
	struct termios raw;
	int fd;

	fd = open(uml ? path : port_path(name),
		  O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		fail("open the stream", name);
	if (uml && !tcgetattr(fd, &raw)) {
		cfmakeraw(&raw);
		tcsetattr(fd, TCSANOW, &raw);
	}
	return fd;
}

/* Returns the writing end. A pipe, as a terminal changes how programs behave. */
static int stream_open(struct stream *stream, const char *name)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		fail("open the stream", name);
	stream->from = ends[0];
	stream->to = stream_host(name);
	return ends[1];
}

/* Carries what is there; false at the end of the stream. */
static bool stream_carry(struct stream *stream)
{
	char buffer[65536];
	ssize_t n = read(stream->from, buffer, sizeof(buffer)), done = 0, m;

	if (n <= 0)
		return n < 0 && errno == EINTR;
	while (done < n) {
		m = write(stream->to, buffer + done, n - done);
		if (m < 0 && errno != EINTR)
			return false;
		if (m > 0)
			done += m;
	}
	return true;
}

static pid_t script_start(int out, int err)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	dup2(out, 1);
	dup2(err, 2);
	if (chdir(job.cwd) && chdir("/"))
		_exit(127);
	execve(job.argv[0], job.argv, job.env);
	dprintf(2, "cannot run %s: %s\n", job.argv[0], strerror(errno));
	_exit(127);
}

/* Woken by each child that ends, by way of a pipe, so that poll sees it. */
static int child_pipe[2];

static void child_ended(int signal)
{
	int saved = errno;

	(void)signal;
	write(child_pipe[1], "", 1);
	errno = saved;
}

/* Reaps whatever ended; true when the script did. */
static bool script_ended(pid_t script, int *status)
{
	bool ended = false;
	int state;
	pid_t pid;

	while ((pid = waitpid(-1, &state, WNOHANG)) > 0) {
		if (pid != script)
			continue;
		ended = true;
		*status = WIFEXITED(state) ? WEXITSTATUS(state) :
					     128 + WTERMSIG(state);
	}
	return ended;
}

static int alarm_wait(void)
{
	struct timespec now;

	if (!job.alarm)
		return -1;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec < job.alarm ? (job.alarm - now.tv_sec) * 1000 : 0;
}

/*
 * Carries the script's output until the script has ended. Then everything it
 * left running is killed, so the streams end too.
 */
static void script_wait(pid_t script, struct stream *streams, int count,
			int *status)
{
	struct pollfd polls[3];
	char byte;
	int i, open_streams = count;

	for (i = 0; i < count; i++)
		polls[i] = (struct pollfd){ streams[i].from, POLLIN, 0 };
	polls[count] = (struct pollfd){ child_pipe[0], POLLIN, 0 };
	while (script || open_streams) {
		if (!poll(polls, count + 1, alarm_wait())) {
			hang_report();
			job.alarm = 0;
		}
		for (i = 0; i < count; i++) {
			if (polls[i].revents && !stream_carry(&streams[i])) {
				polls[i].fd = -1;
				open_streams--;
			}
		}
		if (polls[count].revents &&
		    read(child_pipe[0], &byte, 1) == 1 &&
		    script_ended(script, status)) {
			script = 0;
			kill(-1, SIGKILL);
		}
	}
}

int script_run(void)
{
	struct sigaction action = { .sa_handler = child_ended,
				    .sa_flags = SA_NOCLDSTOP };
	struct stream streams[2];
	int out, err, status = 127;
	pid_t script;

	if (pipe2(child_pipe, O_CLOEXEC | O_NONBLOCK))
		fail("open", "a pipe");
	sigaction(SIGCHLD, &action, NULL);
	out = stream_open(&streams[0], "out");
	err = job.merged ? out : stream_open(&streams[1], "err");
	script = script_start(out, err);
	close(out);
	if (!job.merged)
		close(err);
	script_wait(script, streams, job.merged ? 1 : 2, &status);
	close(streams[0].to);
	if (!job.merged)
		close(streams[1].to);
	return status;
}
