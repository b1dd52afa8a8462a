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
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/random.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LIST_MAX 256
#define KMEMLEAK "/sys/kernel/debug/kmemleak"

static struct {
	const char *boot; /* uml or qemu */
	const char *modules; /* a directory for /lib/modules, or none */
	const char *cwd;
	const char *out; /* a host directory to be writable, or none */
	bool merged; /* standard output and error are one */
	time_t alarm; /* uptime at which to say what hangs, or 0 */
	char *keep[LIST_MAX]; /* paths that must stay visible */
	char *argv[LIST_MAX];
	char *env[LIST_MAX];
} job;

/* --- reports and small helpers */

__attribute__((format(printf, 1, 2))) static void report(const char *format,
							 ...)
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

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/* The host takes a run without an end line for a failure. */
static void fail(const char *what, const char *name)
{
	report("cannot %s %s: %s", what, name, strerror(errno));
	power_off();
}

/* Without a size: for files of proc and sysfs too. Empty if there is none. */
static char *file_read(const char *path, size_t *size)
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

static void file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		report("cannot write %s: %s", path, strerror(errno));
	close(fd);
}

static void sleep_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static void list_add(char **list, char *item)
{
	while (*list)
		list++;
	*list = item;
}

/* --- the job */

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

/* --- file systems */

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

static void mount_kernel(void)
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

static void console_open(void)
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

static void mount_own(void)
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
static void mount_etc(void)
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
static void mount_out(void)
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

/* --- the rest of the machine */

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

/* --- what the kernel says about itself */

/* The kernel's clock, by which kmemleak dates objects. */
static unsigned long jiffies(void)
{
	char *at = strstr(file_read("/proc/timer_list", NULL), "jiffies: ");

	return at ? strtoul(at + strlen("jiffies: "), NULL, 10) : 0;
}

/*
 * Prints what kmemleak found that is younger than the script. An object counts
 * as lost if two scans some time apart find it unchanged.
 */
static void leaks_report(unsigned long since)
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

static void state_report(const char *when, int status)
{
	report("%s taint=%d locks=%d status=%d", when,
	       atoi(file_read("/proc/sys/kernel/tainted", NULL)),
	       lockdep_works(), status);
}

/* Into the kernel log: which processes there are, and which are stuck in it. */
static void hang_report(void)
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

/* --- the script and its output */

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

static int script_run(void)
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
