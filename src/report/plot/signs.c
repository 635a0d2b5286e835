// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/signs.h"

const char *pw_sign_meaning(enum pw_language language, enum pw_sign sign)
{
	static const char *const meanings[PW_SIGN_COUNT] = {
		[PW_SIGN_NONE] = "",
		[PW_SIGN_RUN] = N_("running"),
		[PW_SIGN_PART] = N_("partly running"),
		[PW_SIGN_SLIVER] = N_("briefly running"),
		[PW_SIGN_READY] = N_("ready"),
		[PW_SIGN_BLOCKED] = N_("blocked"),
		[PW_SIGN_DISK] = N_("blocked, uninterruptible"),
		[PW_SIGN_STOPPED] = N_("stopped"),
		[PW_SIGN_ZOMBIE] = N_("zombie"),
		[PW_SIGN_ZOMBIE_BOUND] = N_("zombie (upper bound)"),
		[PW_SIGN_UNKNOWN] = N_("unknown"),
		[PW_SIGN_REAPED] = N_("reaped"),
		[PW_SIGN_ADOPTED] = N_("adopted"),
		[PW_SIGN_EXEC] = N_("exec"),
		[PW_SIGN_MARK] = N_("mark"),
	};

	return tr(language, meanings[sign]);
}
