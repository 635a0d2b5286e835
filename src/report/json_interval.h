/* SPDX-License-Identifier: GPL-2.0-only */
/* One interval as one JSON object. */
#ifndef PW_JSON_INTERVAL_H
#define PW_JSON_INTERVAL_H

#include "model/process.h"
#include "util/json.h"

/* Writes the interval; times are relative to start_ns. */
void pw_json_interval(struct pw_json *j, const struct pw_span *span, uint64_t start_ns);

#endif
