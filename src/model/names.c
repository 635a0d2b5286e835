/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of states and details. Reports for people translate them, so they are marked for the catalogue. */
#include "model/process.h"
#include "util/lang.h"

const char *pw_state_name(enum pw_state state)
{
	static const char *const names[PW_STATE_COUNT] = {
		[PW_RUNNING] = N_("running"), [PW_READY] = N_("ready"),	  [PW_BLOCKED] = N_("blocked"),
		[PW_STOPPED] = N_("stopped"), [PW_ZOMBIE] = N_("zombie"), [PW_UNKNOWN] = N_("unknown"),
	};

	return (unsigned int)state < PW_STATE_COUNT ? names[state] : names[PW_UNKNOWN];
}

const char *pw_detail_name(enum pw_detail detail)
{
	static const char *const names[] = {
		[PW_DETAIL_NONE] = "",
		[PW_NEW] = N_("new"),
		[PW_WOKEN] = N_("woken"),
		[PW_TAKEN_OFF] = N_("preempted"),
		[PW_INTERRUPTIBLE] = N_("interruptible"),
		[PW_UNINTERRUPTIBLE] = N_("uninterruptible"),
		[PW_IDLE] = N_("idle"),
		[PW_PARKED] = N_("parked"),
		[PW_SIGNALLED] = N_("signalled"),
		[PW_TRACED] = N_("traced"),
		[PW_LEADER_ENDED] = N_("leader-ended"),
		[PW_LOST] = N_("lost"),
		[PW_REPAIRED] = N_("repaired"),
	};

	return (size_t)detail < sizeof(names) / sizeof(names[0]) ? names[detail] : "";
}
