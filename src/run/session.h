/* SPDX-License-Identifier: GPL-2.0-only */
/* From a finished capture to its reports: what is known of machine and target, and what follows from the processes. */
#ifndef PW_CMD_SESSION_H
#define PW_CMD_SESSION_H

#include "capture/capture.h"
#include "model/model.h"
#include "output/outputs.h"

/* What was recorded; see the fields of the same names in struct pw_session. */
struct pw_target {
	enum pw_target_kind kind;
	char **command;
	const char *demo;
	const uint32_t *pids;
	size_t n_pids;
	const char *filter;
	uint64_t start_ns; /* 0: with the first process */
};

/* Before the first event: begins the recording, if one was asked for. */
void pw_session_begin(struct pw_outputs *outputs, const struct pw_target *target,
		      const struct pw_capture *capture);
/*
 * After the last event: completes the recording, finishes the model at end_ns and
 * writes every report. Prints its own errors; returns the first, a negative errno.
 */
int pw_session_end(struct pw_outputs *outputs, const struct pw_target *target,
		   const struct pw_capture *capture, struct pw_model *model, uint64_t end_ns);
/* Says, in a line each, that the ring is smaller than asked for, and that marks could not be listened to. */
void pw_session_remark(const struct pw_capture *capture);
/* The reports of a session that is over already: finishes the model and writes every one. */
int pw_session_report(struct pw_outputs *outputs, const struct pw_session *session, struct pw_model *model);

#endif
