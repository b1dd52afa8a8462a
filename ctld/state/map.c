/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and mapping of the state file; see map.h. */
#include "state/map.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define LOCK_TRIES 100 /* one every 20 ms */

static int fail(char err[STATE_MAP_ERROR_MAX], const char *path, int errnum,
		const char *what)
{
	snprintf(err, STATE_MAP_ERROR_MAX, "state file %.80s: %s%s%s", path,
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
		return fail(err, path, errno, "it cannot be opened");
	if (fstat(m->fd, &st))
		return fail(err, path, errno, "it cannot be examined");
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return fail(err, path, 0, "expected a regular file of our own");
	if (lock(m->fd))
		return fail(err, path, errno,
			    errno == EWOULDBLOCK ? "another aditd uses it" :
						   "it cannot be locked");
	if (st.st_mode & 077 && fchmod(m->fd, 0600))
		return fail(err, path, errno, "its mode cannot be set to 0600");
	m->size = (size_t)st.st_size;
	return 0;
}

static bool same(const struct state_header *h, const char *boot_id,
		 uint64_t instance)
{
	return h->magic == STATE_MAGIC && h->format == STATE_FORMAT &&
	       h->block_size == STATE_BLOCK_SIZE && h->ready == 1 && instance &&
	       h->instance == instance &&
	       !memcmp(h->boot_id, boot_id, STATE_BOOT_ID_LEN);
}

static int no_room(struct state_map *m, const char *path, int errnum, char *err)
{
	unsigned long long left = 0;
	struct statvfs fs;

	if (errnum != ENOSPC)
		return fail(err, path, errnum, "it cannot be allocated");
	if (!fstatvfs(m->fd, &fs))
		left = (unsigned long long)fs.f_bavail * fs.f_frsize >> 10;
	snprintf(err, STATE_MAP_ERROR_MAX,
		 "state file %.40s: needs %zu KiB, only %llu are free (see max-sessions)",
		 path, m->size >> 10, left);
	return -ENOSPC;
}

/* Every byte has its memory from now on. */
static int allocate(struct state_map *m, const char *path, size_t want,
		    bool fresh, char *err)
{
	size_t had = m->size;
	int errnum;

	if (fresh && ftruncate(m->fd, 0))
		return fail(err, path, errno, "it cannot be emptied");
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
	return -errnum;
}

static int map(struct state_map *m, const char *path, char *err)
{
	void *p = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd,
		       0);

	if (p == MAP_FAILED)
		return fail(err, path, errno, "it cannot be mapped");
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

int state_map_open(struct state_map *m, const char *path, uint64_t instance,
		   size_t n_blocks, int *fresh, char err[STATE_MAP_ERROR_MAX])
{
	size_t want = STATE_HEADER_SIZE + n_blocks * STATE_BLOCK_SIZE;
	char boot_id[STATE_BOOT_ID_LEN];
	struct state_header h = { 0 };
	int ret;

	*m = (struct state_map){ .fd = -1 };
	ret = read_boot_id(boot_id);
	if (ret)
		return fail(err, path, -ret, "no boot id from " BOOT_ID);
	ret = open_locked(m, path, err);
	if (ret)
		goto out;
	*fresh = m->size < STATE_HEADER_SIZE ||
		 pread(m->fd, &h, sizeof(h), 0) != sizeof(h) ||
		 !same(&h, boot_id, instance);
	ret = allocate(m, path, want, *fresh, err);
	if (!ret)
		ret = map(m, path, err);
	if (!ret && *fresh)
		make_header(m->header, boot_id, instance);
out:
	if (ret)
		state_map_close(m);
	return ret;
}

void state_map_close(struct state_map *m)
{
	if (m->header)
		munmap(m->header, m->size);
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct state_map){ .fd = -1 };
}
