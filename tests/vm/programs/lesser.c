/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs a command as nobody with these capabilities (numbers) and no others, as
 * setpriv --reuid --ambient-caps would; a busybox's cannot.
 *
 *	lesser CAP[,CAP...]|none COMMAND [ARG...]
 */
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tell.h"

#define NOBODY 65534

static void keep(uint64_t caps)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{(uint32_t)caps, (uint32_t)caps, (uint32_t)caps},
		{(uint32_t)(caps >> 32), (uint32_t)(caps >> 32), (uint32_t)(caps >> 32)},
	};

	if (prctl(PR_SET_KEEPCAPS, 1) || setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
		die("setuid");
	if (syscall(SYS_capset, &head, data))
		die("capset");
	for (int cap = 0; cap < 64; cap++)
		if (caps >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0))
			die("ambient");
}

int main(int argc, char **argv)
{
	uint64_t caps = 0;

	if (argc < 3)
		return 2;
	for (char *word = strtok(argv[1], ","); word && strcmp(word, "none") != 0; word = strtok(NULL, ","))
		caps |= UINT64_C(1) << atoi(word);
	keep(caps);
	execvp(argv[2], argv + 2);
	die(argv[2]);
}
