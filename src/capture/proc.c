/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"

#define STATE_FIELD 3
#define START_FIELD 22

/* One read: a process that ends between two would be seen half. */
static bool read_stat(uint32_t number, char *text, size_t size)
{
	char path[32];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/stat", number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

bool pw_proc_read(uint32_t number, struct pw_proc *proc)
{
	char text[1024], *field;

	if (!read_stat(number, text, sizeof(text)))
		return false;
	field = strrchr(text, ')'); /* a name may hold any character */
	for (int i = STATE_FIELD - 1; field && i < START_FIELD; i++) {
		field = strchr(field + 1, ' ');
		if (field && i == STATE_FIELD - 1)
			proc->state = field[1];
	}
	if (!field)
		return false;
	proc->start_ticks = strtoull(field, NULL, 10);
	return true;
}

/* /proc counts from boot and through sleep; CLOCK_BOOTTIME is that clock, but for ticks that are rounded down. */
bool pw_proc_began(const struct pw_proc *proc, uint64_t start)
{
	const uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	struct timespec boot;
	uint64_t expected;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	expected = ((uint64_t)boot.tv_sec * 1000000000u + (uint64_t)boot.tv_nsec - pw_clock_ns() + start) /
		   tick_ns;
	return proc->start_ticks + 1 >= expected && proc->start_ticks <= expected + 1;
}
