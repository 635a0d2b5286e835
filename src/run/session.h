/* SPDX-License-Identifier: GPL-2.0-only */
/* The begin and the end of a capture: describes the machine and the target, and writes the reports. */
#ifndef PW_RUN_SESSION_H
#define PW_RUN_SESSION_H

#include "capture/capture.h"
#include "model/model.h"
#include "output/outputs.h"

/* What is recorded; the members mean what those of struct pw_session mean. */
struct pw_target {
	enum pw_target_kind kind;
	char **command;
	const char *demo;
	const uint32_t *pids;
	size_t n_pids;
	const char *filter;
	/* 0: when the first process starts */
	uint64_t start_ns;
};

/* Begins the recording, if one is wanted. Call it before the first event. */
void pw_session_begin(struct pw_outputs *outputs, const struct pw_target *target,
		      const struct pw_capture *capture);
/*
 * Completes the recording, finishes the model at end_ns and writes every report. Call it after
 * the last event. Prints its own errors; returns the first one, a negative errno, or 0.
 */
int pw_session_end(struct pw_outputs *outputs, const struct pw_target *target,
		   const struct pw_capture *capture, struct pw_model *model, uint64_t end_ns);
/* Prints what limited the capture: a smaller ring, marks that could not be attached to. */
void pw_session_remark(const struct pw_capture *capture);
/* Finishes the model at the end of the session and writes every report, as pw_session_end does. */
int pw_session_report(struct pw_outputs *outputs, const struct pw_session *session, struct pw_model *model);

#endif
