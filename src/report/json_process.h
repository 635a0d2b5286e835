/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One process as one JSON object, the same in every format of JSON.
 */
#ifndef PW_JSON_PROCESS_H
#define PW_JSON_PROCESS_H

#include "model/process.h"
#include "report/view_filter.h"
#include "util/json.h"

/*
 * Writes the process on one line; times are relative to start_ns. If threads is not NULL, its threads
 * follow on lines of their own, with what that filter leaves of their intervals.
 */
void pw_json_process(struct pw_json *j, const struct pw_process *process, uint64_t start_ns,
		     const struct pw_view_filter *threads);
/* Writes the totals of the earlier processes of one name. */
void pw_json_earlier(struct pw_json *j, const struct pw_earlier *earlier);

#endif
