// SPDX-License-Identifier: GPL-2.0-only
/* The words for states and details, as the reports say them. */
#include "model/life.h"

const char *pw_state_name(enum pw_state state)
{
	static const char *const names[PW_STATE_COUNT] = {
		[PW_RUNNING] = "running", [PW_READY] = "ready",	  [PW_BLOCKED] = "blocked",
		[PW_STOPPED] = "stopped", [PW_ZOMBIE] = "zombie", [PW_UNKNOWN] = "unknown",
	};

	return (unsigned int)state < PW_STATE_COUNT ? names[state] : names[PW_UNKNOWN];
}

const char *pw_detail_name(enum pw_detail detail)
{
	static const char *const names[] = {
		[PW_DETAIL_NONE] = "",
		[PW_NEW] = "new",
		[PW_WOKEN] = "woken",
		[PW_TAKEN_OFF] = "preempted",
		[PW_INTERRUPTIBLE] = "interruptible",
		[PW_UNINTERRUPTIBLE] = "uninterruptible",
		[PW_IDLE] = "idle",
		[PW_PARKED] = "parked",
		[PW_SIGNALLED] = "signalled",
		[PW_TRACED] = "traced",
		[PW_LEADER_ENDED] = "leader-ended",
		[PW_LOST] = "lost",
		[PW_REPAIRED] = "repaired",
	};

	return (size_t)detail < sizeof(names) / sizeof(names[0]) ? names[detail] : "";
}
