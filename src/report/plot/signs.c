// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/signs.h"

const char *pw_sign_meaning(enum pw_sign sign)
{
	static const char *const meanings[PW_SIGN_COUNT] = {
		[PW_SIGN_NONE] = "",
		[PW_SIGN_RUN] = "running",
		[PW_SIGN_PART] = "running part of the cell",
		[PW_SIGN_SLIVER] = "running a moment",
		[PW_SIGN_READY] = "ready",
		[PW_SIGN_BLOCKED] = "blocked",
		[PW_SIGN_DISK] = "blocked, uninterruptible",
		[PW_SIGN_STOPPED] = "stopped",
		[PW_SIGN_ZOMBIE] = "zombie",
		[PW_SIGN_ZOMBIE_BOUND] = "zombie at most",
		[PW_SIGN_UNKNOWN] = "unknown",
		[PW_SIGN_REAPED] = "reaped",
		[PW_SIGN_ADOPTED] = "adopted",
		[PW_SIGN_EXEC] = "exec",
		[PW_SIGN_MARK] = "mark",
	};

	return meanings[sign];
}
