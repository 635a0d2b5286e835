/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/deferred_close.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Detaching a classic tracepoint waits for every CPU to have passed a quiet point,
 * under a lock, so that each costs some 70 ms, and an exit waits for it all the
 * same. An io_uring that knows the files holds them, too, and when it is closed the
 * kernel lets go of them from a worker (io_ring_exit_work, 5.10 to 7.3). A process
 * for that would outlive us, for an init to find that may not reap.
 */
int pw_close_deferred(const int *fds, unsigned int count)
{
	struct io_uring_params params = {0};
	int ring = count ? (int)syscall(SYS_io_uring_setup, 1, &params) : -1;

	if (ring >= 0 && syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, fds, count)) {
		close(ring);
		ring = -1;
	}
	return ring;
}
