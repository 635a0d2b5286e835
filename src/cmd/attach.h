/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_ATTACH_H
#define PW_ATTACH_H

#include "capture/capture.h"
#include "cmd/options.h"

struct pw_attach_options {
	struct pw_common_options common;
	struct pw_selection select;
	uint32_t *asked; /* owned; what select.pids points to */
	size_t n_asked, max_asked;
	const char *cgroup; /* as it was given; NULL: any */
	bool wait; /* for a first match */
};

/* Fills options from the command line; prints --help itself. Returns -1 to go on, else an exit status. */
int pw_attach_options_parse(struct pw_attach_options *options, int argc, char **argv);

#endif
