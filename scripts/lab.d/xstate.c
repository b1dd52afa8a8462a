// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A ptrace(2) for User-Mode Linux, which boot.sh preloads. It knows extended states of
 * up to 2696 bytes (AVX-512, PKRU); a host with AMX has more, and refuses a write of
 * less than all (EFAULT). So what it writes is filled up: whatever lies beyond is in its
 * initial state, as it is for programs that have never asked for AMX.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/elf.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define STATE_MAX 65536
#define XSTATE_BV 512 /* where the header says which components are there */
#define KNOWN 0x2ffULL /* those within 2696 bytes */

static uint8_t state[STATE_MAX] __attribute__((aligned(64)));
static size_t state_len;

static long transfer(long request, pid_t pid, size_t *len)
{
	struct iovec all = { state, *len };
	long rc = syscall(SYS_ptrace, request, pid, NT_X86_XSTATE, &all);

	*len = all.iov_len;
	return rc;
}

static long write_state(pid_t pid, const struct iovec *known)
{
	uint64_t components;

	memset(state, 0, state_len);
	memcpy(state, known->iov_base, known->iov_len);
	memcpy(&components, state + XSTATE_BV, sizeof(components));
	components &= KNOWN;
	memcpy(state + XSTATE_BV, &components, sizeof(components));
	return transfer(PTRACE_SETREGSET, pid, &state_len);
}

/* How long it is here; once. */
static size_t length(pid_t pid)
{
	size_t len = STATE_MAX;

	if (!state_len && !transfer(PTRACE_GETREGSET, pid, &len))
		state_len = len;
	return state_len;
}

long ptrace(enum __ptrace_request request, ...)
{
	static long (*libc)(enum __ptrace_request, ...);
	va_list args;
	pid_t pid;
	void *addr, *data;

	va_start(args, request);
	pid = va_arg(args, pid_t);
	addr = va_arg(args, void *);
	data = va_arg(args, void *);
	va_end(args);
	if (request == PTRACE_SETREGSET && (uintptr_t)addr == NT_X86_XSTATE &&
	    ((const struct iovec *)data)->iov_len < length(pid))
		return write_state(pid, data);
	if (!libc)
		libc = dlsym(RTLD_NEXT, "ptrace");
	return libc(request, pid, addr, data);
}
