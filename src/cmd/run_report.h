/* SPDX-License-Identifier: GPL-2.0-only */
/* From a finished recording to its reports. */
#ifndef PW_RUN_REPORT_H
#define PW_RUN_REPORT_H

#include <stdint.h>

#include "capture/capture.h"
#include "cmd/run.h"
#include "model/model.h"

/*
 * Closes the model at end_ns, draws the conclusions and writes every report.
 * Negative errno; each destination that cannot be written has then been told of.
 */
int pw_run_report(struct pw_run_options *options, const struct pw_capture *capture, struct pw_model *model,
		  uint64_t end_ns);

#endif
