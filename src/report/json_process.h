/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One process as one JSON object, the shape every JSON view shares.
 */
#ifndef PW_JSON_PROCESS_H
#define PW_JSON_PROCESS_H

#include "model/process.h"
#include "report/view_filter.h"
#include "util/json.h"

/*
 * Writes the process; times relative to start_ns. With threads: its threads too, and
 * of their intervals what is chosen, many lines.
 */
void pw_json_process(struct pw_json *j, const struct pw_process *process, uint64_t start_ns,
		     const struct pw_view_filter *threads);
/* Writes the sums of the processes of one name. */
void pw_json_earlier(struct pw_json *j, const struct pw_earlier *earlier);

#endif
