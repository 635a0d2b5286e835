/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/syscalls.h"

#include <stddef.h>
#include <sys/syscall.h>

static const char *const syscall_names[] = {
#include "syscall_names.h"
};

const char *pw_syscall_name(int nr)
{
	if (nr < 0 || (size_t)nr >= sizeof(syscall_names) / sizeof(syscall_names[0]))
		return NULL;
	return syscall_names[nr];
}
