/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line asks of a capture, for run and attach alike. */
#ifndef PW_SETTINGS_H
#define PW_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "output/outputs.h"

struct pw_settings {
	struct pw_outputs outputs;
	/* 0: no limit */
	uint64_t duration_ns;
	/* of the ring buffer; 0: the default */
	size_t ring_bytes;
	/* the name of the hooks to use; NULL: the best that work here */
	const char *hooks;
	/* the limits of --keep; all 0: not given */
	struct pw_keep keep;
	/* --keep all: no limit at all */
	bool keep_all;
	/* 1: print the hooks that are used; 2: libbpf's messages too */
	int verbose;
	/* no remarks on standard error */
	bool quiet;
};

/*
 * How much of the past the model of a capture keeps. Without --keep that is 1 GiB or a quarter
 * of the machine's memory, so that recording a whole system for a day does not fill it.
 */
struct pw_keep pw_settings_keep(const struct pw_settings *settings);

/*
 * The capabilities (capture/caps.h) that root needs to finish the files, which may be in
 * folders of other users.
 */
uint64_t pw_settings_caps(const struct pw_settings *settings);

#endif
