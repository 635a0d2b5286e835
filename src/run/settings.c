/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/settings.h"

#include <unistd.h>

#include "capture/caps.h"

static size_t quarter_of_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages / 4 * (size_t)size : SIZE_MAX;
}

struct pw_keep pw_settings_keep(const struct pw_settings *settings)
{
	const size_t most = 1u << 30, quarter = quarter_of_memory();
	struct pw_keep keep = settings->keep;

	if (settings->keep_all)
		return (struct pw_keep){0};
	if (!keep.bytes)
		keep.bytes = quarter < most ? quarter : most;
	return keep;
}

uint64_t pw_settings_caps(const struct pw_settings *settings)
{
	const struct pw_outputs *outputs = &settings->outputs;
	/* A report for standard output becomes a file, too, if it cannot be written there. */
	uint64_t caps = outputs->owner.change ? PW_CAP(CAP_CHOWN) : 0;

	if (pw_outputs_have_files(outputs))
		caps |= PW_CAP(CAP_DAC_OVERRIDE) | PW_CAP(CAP_FOWNER);
	return caps;
}
