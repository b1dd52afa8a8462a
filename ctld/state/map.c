/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and mapping of the state file; see map.h. */
#include "state/map.h"

#include "base/log.h"
#include "state/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define LOCK_TRIES 100 /* one every 20 ms */

static int fail(const struct state_map *m, char err[STATE_MAP_ERROR_MAX],
		const char *path, int errnum, const char *what)
{
	snprintf(err, STATE_MAP_ERROR_MAX, "%s %.80s: %s%s%s", m->what, path,
		 what, errnum ? ": " : "", errnum ? strerror(errnum) : "");
	return errnum ? -errnum : -EINVAL;
}

static int read_boot_id(char id[STATE_BOOT_ID_LEN])
{
	int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	memset(id, 0, STATE_BOOT_ID_LEN);
	if (fd < 0)
		return -errno;
	n = read(fd, id, STATE_BOOT_ID_LEN - 1);
	close(fd);
	return n > 0 ? 0 : -EIO;
}

/* One that was killed holds its lock until the kernel is through with it, which
 * may be after its successor starts. -1: somebody has it for good.
 */
static int lock(int fd)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK)
			return -1;
		nanosleep(&pause, NULL);
	}
	errno = EWOULDBLOCK;
	return -1;
}

/* The directory is made if the one above it exists. */
static int open_locked(struct state_map *m, const char *path, char *err)
{
	char dir[PATH_MAX];
	struct stat st;

	snprintf(dir, sizeof(dir), "%s", path);
	mkdir(dirname(dir), 0700);
	m->fd = open(path,
		     O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		     0600);
	if (m->fd < 0)
		return fail(m, err, path, errno, "it cannot be opened");
	if (fstat(m->fd, &st))
		return fail(m, err, path, errno, "it cannot be examined");
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return fail(m, err, path, 0,
			    "expected a regular file of our own");
	if (lock(m->fd))
		return errno == EWOULDBLOCK ?
			       fail(m, err, path, 0, "another aditd uses it") :
			       fail(m, err, path, errno, "it cannot be locked");
	if (st.st_mode & 077 && fchmod(m->fd, 0600))
		return fail(m, err, path, errno,
			    "its mode cannot be set to 0600");
	m->size = (size_t)st.st_size;
	return 0;
}

/* Why it is not read; NULL: it is. "": it has nothing to say. */
static const char *is_other(const struct state_header *h, size_t size,
			    const char *boot_id, uint64_t instance)
{
	if (!size)
		return "";
	if (size < STATE_HEADER_SIZE)
		return "it is cut short";
	if (h->magic != STATE_MAGIC || h->format != STATE_FORMAT ||
	    h->block_size != STATE_BLOCK_SIZE)
		return "it is of another version";
	if (h->ready != 1 || !h->instance)
		return ""; /* one that was made, and not more */
	if (memcmp(h->boot_id, boot_id, STATE_BOOT_ID_LEN))
		return "it is from before the last boot";
	if (!instance)
		return "the module has nothing here";
	return h->instance == instance ? NULL :
					 "the module was loaded anew since";
}

static int no_room(struct state_map *m, const char *path, int errnum, char *err)
{
	unsigned long long left = 0;
	struct statvfs fs;

	if (errnum != ENOSPC)
		return fail(m, err, path, errnum, "it cannot be allocated");
	if (!fstatvfs(m->fd, &fs))
		left = (unsigned long long)fs.f_bavail * fs.f_frsize >> 10;
	snprintf(err, STATE_MAP_ERROR_MAX,
		 "%s %.40s: needs %zu KiB, only %llu are free (see %s)",
		 m->what, path, m->size >> 10, left,
		 m->lasting ? "accounting-spool-size" : "max-sessions");
	return -ENOSPC;
}

/* And an empty one takes its place. */
static int put_aside(struct state_map *m, const char *path, char *err)
{
	char old[PATH_MAX];
	int ret = state_aside(m->fd, path, m->size, old);

	if (ret)
		return fail(
			m, err, path, -ret,
			"it is of another version, or damaged, and cannot be put aside");
	log_err("%s %s: of another version, or damaged: it is %s now, and not read",
		m->what, path, old);
	close(m->fd);
	return open_locked(m, path, err);
}

/* No room to grow: it goes on as it was. */
static bool may_stay(const struct state_map *m, size_t had, bool fresh)
{
	return m->lasting && !fresh &&
	       had >= STATE_HEADER_SIZE + STATE_BLOCK_SIZE;
}

/* Every byte has its memory from now on. */
static int allocate(struct state_map *m, const char *path, size_t want,
		    bool fresh, char *err)
{
	size_t had = m->size;
	int errnum;

	if (fresh && ftruncate(m->fd, 0))
		return fail(m, err, path, errno, "it cannot be emptied");
	if (fresh || m->size < want)
		m->size = want;
	do {
		errnum = posix_fallocate(m->fd, 0, (off_t)m->size);
	} while (errnum == EINTR);
	if (!errnum)
		return 0;
	errnum = -no_room(m, path, errnum, err);
	/* Give back what there was room for. */
	if (ftruncate(m->fd, fresh ? 0 : (off_t)had))
		return -errnum;
	if (!may_stay(m, had, fresh))
		return -errnum;
	log_warn("%s: it stays at %zu KiB", err, had >> 10);
	m->size = had;
	return 0;
}

static int map(struct state_map *m, const char *path, char *err)
{
	void *p = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd,
		       0);

	if (p == MAP_FAILED)
		return fail(m, err, path, errno, "it cannot be mapped");
	m->header = p;
	m->block = (struct state_block *)((char *)p + STATE_HEADER_SIZE);
	m->n_blocks = (m->size - STATE_HEADER_SIZE) / STATE_BLOCK_SIZE;
	return 0;
}

static void make_header(struct state_header *h, const char *boot_id,
			uint64_t instance)
{
	h->magic = STATE_MAGIC;
	h->format = STATE_FORMAT;
	h->block_size = STATE_BLOCK_SIZE;
	h->instance = instance;
	memcpy(h->boot_id, boot_id, STATE_BOOT_ID_LEN);
	atomic_signal_fence(memory_order_seq_cst);
	*(volatile uint32_t *)&h->ready = 1;
}

/* ------------------------------------------------------------- a disk that fails */

static struct state_map *fragile;

/* A page could not be had, or not be made dirty. Zeros take the place of all:
 * whoever writes there finds the flag afterwards.
 */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	const char *at = info->si_addr, *start;

	(void)context;
	start = fragile ? (const char *)fragile->header : NULL;
	if (!start || at < start || at >= start + fragile->size) {
		signal(sig, SIG_DFL); /* and once more */
		return;
	}
	fragile->broken = 1;
	if (mmap(fragile->header, fragile->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		abort();
}

static void be_fragile(struct state_map *m)
{
	struct sigaction sa = { .sa_sigaction = on_sigbus,
				.sa_flags = SA_SIGINFO };

	fragile = m;
	sigaction(SIGBUS, &sa, NULL);
}

int state_map_open(struct state_map *m, const struct state_map_kind *kind,
		   const char *path, size_t n_blocks, int *fresh,
		   char err[STATE_MAP_ERROR_MAX])
{
	size_t want = STATE_HEADER_SIZE + n_blocks * STATE_BLOCK_SIZE;
	char boot_id[STATE_BOOT_ID_LEN] = "any";
	struct state_header h = { 0 };
	const char *why;
	int ret = 0;

	*m = (struct state_map){ .fd = -1,
				 .what = kind->what,
				 .lasting = kind->lasting };
	if (!kind->lasting)
		ret = read_boot_id(boot_id);
	if (ret)
		return fail(m, err, path, -ret, "no boot id from " BOOT_ID);
	ret = open_locked(m, path, err);
	if (ret)
		goto out;
	if (pread(m->fd, &h, sizeof(h), 0) != sizeof(h) &&
	    m->size >= STATE_HEADER_SIZE)
		why = "it cannot be read";
	else
		why = is_other(&h, m->size, boot_id, kind->instance);
	*fresh = why != NULL;
	if (!kind->lasting && *fresh && *why)
		log_warn("%s %s: %s: it is emptied, and tunnels and sessions in it end",
			 m->what, path, why);
	if (kind->lasting && *fresh && m->size)
		ret = put_aside(m, path, err);
	if (ret)
		goto out;
	if (kind->lasting && !*fresh && m->size < want)
		log_warn("%s %s: it has %zu KiB instead of %zu: cut short, or accounting-spool-size is another: what is left of it is read",
			 m->what, path, m->size >> 10, want >> 10);
	ret = allocate(m, path, want, *fresh, err);
	if (!ret)
		ret = map(m, path, err);
	if (!ret && m->lasting)
		be_fragile(m);
	if (!ret && *fresh)
		make_header(m->header, boot_id, kind->instance);
out:
	if (ret) {
		state_map_close(m);
		errno = -ret;
	}
	return ret;
}

void state_map_close(struct state_map *m)
{
	if (fragile == m)
		fragile = NULL;
	if (m->header)
		munmap(m->header, m->size);
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct state_map){ .fd = -1 };
}
