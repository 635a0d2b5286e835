/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/sys.h"

#include <linux/io_uring.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

bool pw_priority_raise(void)
{
	const struct sched_param lowest = {.sched_priority = 1};

	return sched_getscheduler(0) == SCHED_OTHER &&
	       !sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest);
}

void pw_priority_restore(void)
{
	const struct sched_param none = {.sched_priority = 0};

	sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none);
}

/*
 * Detaching a classic tracepoint waits, under a lock, until every CPU has passed a quiescent
 * state, which takes some 70 ms each; at an exit the kernel waits in the same way. But an
 * io_uring in which the files are registered holds them too, and when it is closed a kernel
 * worker releases them (io_ring_exit_work, 5.10 to 7.3). A child process could do the same,
 * but it would outlive procwatch and be left to an init that may not reap.
 */
int pw_close_deferred(const int *fds, unsigned int count)
{
	struct io_uring_params params = {0};
	int ring;

	if (!count)
		return -1;
	ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	if (ring < 0)
		return -1;
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, fds, count)) {
		close(ring);
		return -1;
	}
	return ring;
}
