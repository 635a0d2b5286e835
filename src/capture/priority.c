/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/priority.h"

#include <sched.h>

bool pw_priority_raise(void)
{
	const struct sched_param first = {.sched_priority = 1};

	return sched_getscheduler(0) == SCHED_OTHER &&
	       !sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &first);
}

void pw_priority_restore(void)
{
	const struct sched_param none = {.sched_priority = 0};

	sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none);
}
